import AdjointKernelTables

/// Arguments with the division of their work, which is derived once for all tasks.
struct Divided<Arguments, Division> {
    let arguments: Arguments
    let division: Division
}

// Here and not in KernelTables, since each build of the kernels needs functions of its own.
extension Routine {
    /// A kernel whose tasks need only the arguments.
    @inline(__always)
    init(
        work: @escaping @Sendable (inout Arguments) -> Work, run: @escaping Kernel,
        images: (@Sendable (Arguments, _ task: Int, _ batch: Int) -> Range<Int>)? = nil
    ) {
        self.init(
            work: work, run: run, images: images,
            store: { arguments, allocate in
                let memory = allocate(MemoryLayout<Arguments>.stride)
                memory.initializeMemory(as: Arguments.self, repeating: arguments, count: 1)
                return UnsafeRawPointer(memory)
            })
    }

    /// - Parameters:
    ///   - divide: derives what tasks need beside the arguments; it must not refer to anything that lives shorter than these.
    ///   - run: does a task, in a worker's scratch memory.
    @inline(__always)
    init<Division: SendableMetatype>(
        work: @escaping @Sendable (inout Arguments) -> Work,
        divide: @escaping @Sendable (Arguments) -> Division,
        run: @escaping @Sendable (UnsafePointer<Divided<Arguments, Division>>, _ task: Int, Scratch) -> Void,
        images: (@Sendable (Arguments, _ task: Int, _ batch: Int) -> Range<Int>)? = nil
    ) where Arguments: SendableMetatype {
        self.init(
            work: work,
            run: { run($0.assumingMemoryBound(to: Divided<Arguments, Division>.self), $1, Scratch($2)) },
            images: images,
            store: { arguments, allocate in
                let divided = Divided(arguments: arguments, division: divide(arguments))
                let memory = allocate(MemoryLayout<Divided<Arguments, Division>>.stride)
                memory.initializeMemory(as: Divided<Arguments, Division>.self, repeating: divided, count: 1)
                return UnsafeRawPointer(memory)
            })
    }
}
