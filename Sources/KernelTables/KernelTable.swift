/// The kernels of one instruction set: entry points, and their width. A new CPU is a new value of this type.
public struct KernelTable: Sendable {
    /// The name for `ADJOINT_CPU` and in a printed plan: `baseline`, `avx2`, `avx512` or `neon`.
    public let name: String
    /// The number of floats in one vector register.
    public let lanes: Int

    public let convolution: ConvolutionKernels
    public let pooling: PoolingKernels
    public let evaluate: Routine<PointwiseArguments>
    public let reduce: Routine<ReductionArguments>
    public let combineReduction: Routine<ReductionArguments>
    public let copy: Routine<CopyArguments>
    public let fill: Routine<FillArguments>
    public let random: Routine<RandomArguments>
    public let peak: Routine<PeakArguments>

    public init(
        name: String, lanes: Int, convolution: ConvolutionKernels, pooling: PoolingKernels,
        evaluate: Routine<PointwiseArguments>,
        reduce: Routine<ReductionArguments>, combineReduction: Routine<ReductionArguments>,
        copy: Routine<CopyArguments>, fill: Routine<FillArguments>, random: Routine<RandomArguments>,
        peak: Routine<PeakArguments>
    ) {
        (self.name, self.lanes, self.convolution, self.pooling) = (name, lanes, convolution, pooling)
        (self.evaluate, self.reduce, self.combineReduction) = (evaluate, reduce, combineReduction)
        (self.copy, self.fill, self.random, self.peak) = (copy, fill, random, peak)
    }
}

/// A kernel and the way its work is divided.
public struct Routine<Arguments: SendableMetatype>: Sendable {
    /// Divides the work that filled-in arguments describe: from shape and table alone, never from the number of
    /// threads. It may bring a program into a simpler form. The plan calls it once, before the first `run`.
    public let work: @Sendable (inout Arguments) -> Work

    /// Does piece `task` of the work. The first argument is the result of `store`; the last is memory of the calling
    /// worker alone, of `Work.scratch` bytes, 64-byte aligned, with arbitrary contents.
    ///
    /// Pieces write disjoint memory and may run in any order on any thread: the bits of the result are the same.
    public let run: Kernel

    /// The images of a batch that a piece reads and writes, where pieces go through the batch in order: neither bound falls
    /// from one piece to the next.
    public let images: (@Sendable (Arguments, _ task: Int, _ batch: Int) -> Range<Int>)?

    /// Copies arguments whose work was divided, with data that is derived from them for all pieces, to where `run` reads them:
    /// memory of this many bytes that lives as long as the arguments' own and is 64-byte aligned.
    public let store: @Sendable (Arguments, _ allocate: (Int) -> UnsafeMutableRawPointer) -> UnsafeRawPointer

    public init(
        work: @escaping @Sendable (inout Arguments) -> Work,
        run: @escaping Kernel,
        images: (@Sendable (Arguments, _ task: Int, _ batch: Int) -> Range<Int>)?,
        store: @escaping @Sendable (Arguments, (Int) -> UnsafeMutableRawPointer) -> UnsafeRawPointer
    ) {
        (self.work, self.run, self.images, self.store) = (work, run, images, store)
    }
}

/// The type of every kernel, so that a plan's step is a function and a pointer.
public typealias Kernel =
    @Sendable (_ arguments: UnsafeRawPointer, _ task: Int, _ scratch: UnsafeMutableRawPointer) -> Void

/// The division of a kernel's work.
public struct Work: Hashable, Sendable {
    /// The number of pieces; 0 where there is nothing to do.
    public var tasks: Int
    /// The bytes of scratch memory that each worker needs.
    public var scratch: Int
    /// The floats of memory for partial results between this kernel and the one that combines them: the arguments' `partials`.
    public var partials: Int
    /// Whether one loop in registers computes the whole program.
    public var isForm: Bool

    public init(tasks: Int, scratch: Int = 0, partials: Int = 0, isForm: Bool = false) {
        (self.isForm, self.tasks, self.scratch, self.partials) = (isForm, tasks, scratch, partials)
    }
}

/// Three numbers, one for each spatial axis, outermost first; a layer with fewer axes has leading ones (sizes,
/// strides) or zeros (offsets).
public struct Axes: Hashable, Sendable {
    public var z: Int
    public var y: Int
    public var x: Int

    public init(_ z: Int, _ y: Int, _ x: Int) {
        (self.z, self.y, self.x) = (z, y, x)
    }

    /// The product of the three.
    public var count: Int { z * y * x }
}
