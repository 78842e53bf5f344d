import AdjointKernelTables

/// How a kernel divides its work, and does a task of it: derived from the arguments once, for all tasks.
protocol Division: SendableMetatype {
    associatedtype Arguments: SendableMetatype
    /// May hold nothing that does not live as long as the arguments.
    init(_ arguments: Arguments)
    var work: Work { get }
    func run(_ arguments: Arguments, _ task: Int, _ memory: Scratch)
}

/// Arguments, and how their work is divided.
struct Divided<Arguments, Division> {
    let arguments: Arguments
    let division: Division
}

// Here and not in KernelTables, since each build of the kernels needs functions of its own.
extension Routine {
    /// A kernel whose tasks need only the arguments.
    @inline(__always)
    init(work: @escaping @Sendable (inout Arguments) -> Work, run: @escaping Kernel) {
        self.init(
            work: work, run: run, images: nil,
            store: { arguments, allocate in
                let memory = allocate(MemoryLayout<Arguments>.stride)
                memory.initializeMemory(as: Arguments.self, repeating: arguments, count: 1)
                return UnsafeRawPointer(memory)
            })
    }

    /// - Parameter images: those of a task.
    @inline(__always)
    init<Parts: Division>(
        _: Parts.Type, images: (@Sendable (Parts, _ task: Int) -> Range<Int>)? = nil
    ) where Parts.Arguments == Arguments {
        self.init(
            work: { Parts($0).work }, divide: { Parts($0) },
            run: { $0.pointee.division.run($0.pointee.arguments, $1, $2) },
            images: images.map { images in { @Sendable arguments, task, _ in images(Parts(arguments), task) } })
    }

    /// - Parameters:
    ///   - divide: derives what tasks need beside the arguments; it must not refer to anything that lives shorter than these.
    ///   - run: does a task, in a worker's scratch memory.
    @inline(__always)
    init<Parts: SendableMetatype>(
        work: @escaping @Sendable (inout Arguments) -> Work,
        divide: @escaping @Sendable (Arguments) -> Parts,
        run: @escaping @Sendable (UnsafePointer<Divided<Arguments, Parts>>, _ task: Int, Scratch) -> Void,
        images: (@Sendable (Arguments, _ task: Int, _ batch: Int) -> Range<Int>)? = nil
    ) where Arguments: SendableMetatype {
        self.init(
            work: work,
            run: { run($0.assumingMemoryBound(to: Divided<Arguments, Parts>.self), $1, Scratch($2)) },
            images: images,
            store: { arguments, allocate in
                let divided = Divided(arguments: arguments, division: divide(arguments))
                let memory = allocate(MemoryLayout<Divided<Arguments, Parts>>.stride)
                memory.initializeMemory(as: Divided<Arguments, Parts>.self, repeating: divided, count: 1)
                return UnsafeRawPointer(memory)
            })
    }
}
