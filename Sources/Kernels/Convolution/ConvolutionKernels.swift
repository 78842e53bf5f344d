import AdjointKernelTables

package var convolutionKernels: ConvolutionKernels {
    ConvolutionKernels(
        pack: packRoutine, slide: slideRoutine, correlate: correlateRoutine, combineFilter: combineFilterRoutine,
        pixels: pixelKernels, slideDepthwise: slideDepthwiseRoutine, correlateDepthwise: correlateDepthwiseRoutine,
        combineDepthwise: combineDepthwiseRoutine, product: productRoutine,
        winograd: [winogradKernels(FourByFour.self), winogradKernels(TwoByTwo.self)])
}

package var imageKernels: ImageKernels {
    ImageKernels(slide: slideImagesRoutine, correlate: correlateImagesRoutine, combine: combineImagesRoutine)
}
