import AdjointKernelTables

/// One kernel's work while a plan is being compiled: what it touches, and how to make it once addresses are known.
struct PendingStep {
    /// The kernel's name.
    let kernel: String
    /// What it computes, for people.
    let detail: String
    /// Multiplications and additions.
    let operations: Int
    /// Whether each element is computed from those of its own place, and written just after they were read.
    let isPointwise: Bool
    /// Read and written.
    let bytes: Int
    /// Whether it may round where the defining sum would not.
    let isInexact: Bool
    /// What it was lowered from, in order.
    let nodes: [Int]
    var reads: [Int]
    var writes: [Int]
    var touched: [Int] { reads + writes }
    /// Buffers whose memory a result may take over, because each element is read just before it is written.
    var donors: [Int] = []
    /// How it goes through a batch; nil where it does not, one image after the other.
    var progress: Progress?
    let make: (Addresses) -> Step
}

/// One kernel's work, ready to run.
struct Step {
    let run: Kernel
    let arguments: UnsafeRawPointer
    let work: Work
    /// About how long one thread takes, by operations and bytes alone.
    let nanoseconds: Int
}

extension Addresses {
    /// Of a plan's buffers; constants are written.
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

/// Where buffers lie.
struct Addresses {
    var pointers: [UnsafeMutablePointer<Float>]
    let tables: Tables

    /// With some buffers' pointers so many floats earlier.
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
