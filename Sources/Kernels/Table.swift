import AdjointKernelTables
private func stub<A>() -> Routine<A> { Routine(work: { _ in Work(tasks: 0) }, run: { _, _, _ in }) }
let convolutionKernels = ConvolutionKernels(
    pack: stub(), slide: stub(), correlate: stub(), combineFilter: stub(), slideDepthwise: stub(),
    correlateDepthwise: stub(), combineDepthwise: stub())
#if LANES512
    let nm = "avx512"
#elseif LANES256
    let nm = "avx2"
#else
    let nm = "baseline"
#endif
public let kernelTable = KernelTable(
    name: nm, lanes: 4, convolution: convolutionKernels, pooling: poolingKernels, evaluate: evaluateRoutine,
    reduce: reduceRoutine, combineReduction: combineReductionRoutine, copy: copyRoutine, fill: fillRoutine,
    random: randomRoutine, peak: peakRoutine)
