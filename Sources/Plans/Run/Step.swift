import AdjointKernelTables

/// The work of one kernel while a plan is compiled: the buffers that it touches, and how to make it once addresses are known.
struct PendingStep {
    /// The kernel's name.
    let kernel: String
    /// A description for readers.
    let detail: String
    /// The number of multiplications and additions.
    let operations: Int
    /// Whether each element is computed from those at its own place, and written just after they were read.
    let isPointwise: Bool
    /// The number of bytes read and written.
    let bytes: Int
    /// Whether its roundings may differ from those of the defining sum.
    let isInexact: Bool
    /// The nodes from which it was lowered, in order.
    let nodes: [Int]
    var reads: [Int]
    var writes: [Int]
    var touched: [Int] { reads + writes }
    /// The buffers whose memory a result may take over, because each element is read just before it is written.
    var donors: [Int] = []
    /// The progress through a batch; nil where the images are not done one after the other.
    var progress: Progress?
    let make: (Addresses) -> Step
}

/// The work of one kernel, ready to run.
struct Step {
    let run: Kernel
    let arguments: UnsafeRawPointer
    let work: Work
    /// The approximate time of one thread, by operations and bytes alone.
    let nanoseconds: Int
}

extension Addresses {
    /// The addresses of a plan's buffers; constants are written into the arena.
    init(_ buffers: [Buffer], _ placement: Placement, in arena: UnsafeMutablePointer<Float>) {
        var pointers: [UnsafeMutablePointer<Float>] = []
        for (number, buffer) in buffers.enumerated() {
            let start = arena + (placement.offsets[number] ?? 0)
            switch buffer.place {
            case .arena: pointers.append(start)
            case .state(let memory): pointers.append(memory)
            case .constant(let words):
                for (index, word) in words.enumerated() { start[index] = Float(bitPattern: word) }
                pointers.append(start)
            }
        }
        self.init(pointers: pointers, tables: Tables())
    }
}

/// The addresses of buffers.
struct Addresses {
    var pointers: [UnsafeMutablePointer<Float>]
    let tables: Tables

    /// The same addresses, with those of some buffers moved back by a number of floats.
    func moved(back distances: [Int: Int]) -> Addresses {
        var pointers = pointers
        for (buffer, distance) in distances { pointers[buffer] -= distance }
        return Addresses(pointers: pointers, tables: tables)
    }

    func floats(_ view: View) -> UnsafeMutablePointer<Float> { pointers[view.buffer] + view.offset }

    func integers(_ view: View) -> UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(floats(view)).assumingMemoryBound(to: Int32.self)
    }
}
