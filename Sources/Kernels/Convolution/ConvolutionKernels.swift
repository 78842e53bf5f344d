import AdjointKernelTables

package var convolutionKernels: ConvolutionKernels {
    ConvolutionKernels(
        pack: packRoutine, slide: slideRoutine, filterGradient: filterGradientRoutine,
        combineFilter: combineFilterRoutine,
        pixels: pixelKernels, slideDepthwise: slideDepthwiseRoutine,
        depthwiseFilterGradient: depthwiseFilterGradientRoutine,
        combineDepthwise: combineDepthwiseRoutine, product: productRoutine,
        winograd: [winogradKernels(FourByFour.self), winogradKernels(TwoByTwo.self)])
}

package var batchKernels: BatchKernels {
    BatchKernels(slide: slideBatchRoutine, filterGradient: batchFilterGradientRoutine, combine: combineBatchRoutine)
}
