import AdjointKernelTables

package var convolutionKernels: ConvolutionKernels {
    ConvolutionKernels(
        pack: packRoutine,
        columns: WindowKernels(
            slide: slideRoutine, filterGradient: filterGradientRoutine, combineFilter: combineFilterRoutine),
        pixels: WindowKernels(
            slide: slidePixelsRoutine, filterGradient: pixelFilterGradientRoutine, combineFilter: combinePixelsRoutine),
        pixelCost: { PixelDivision($0)?.cost },
        batch: WindowKernels(
            slide: slideBatchRoutine, filterGradient: batchFilterGradientRoutine, combineFilter: combineBatchRoutine),
        depthwise: WindowKernels(
            slide: slideDepthwiseRoutine, filterGradient: depthwiseFilterGradientRoutine,
            combineFilter: combineDepthwiseRoutine),
        product: productRoutine, winograd: [winogradKernels(FourByFour.self), winogradKernels(TwoByTwo.self)])
}
