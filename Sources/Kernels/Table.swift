import AdjointKernelTables

#if LANES512
    private let name = "avx512"
#elseif LANES256
    private let name = "avx2"
#elseif arch(arm64)
    private let name = "neon"
#else
    private let name = "baseline"
#endif

/// The kernels of this build.
public var kernelTable: KernelTable {
    KernelTable(
        name: name, lanes: lanes, convolution: convolutionKernels, pooling: poolingKernels,
        evaluate: evaluateRoutine, reduce: reduceRoutine, combineReduction: combineReductionRoutine,
        copy: copyRoutine, fill: fillRoutine, random: randomRoutine, peak: peakRoutine)
}
