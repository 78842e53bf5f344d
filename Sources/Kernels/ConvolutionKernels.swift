import AdjointKernelTables

package var convolutionKernels: ConvolutionKernels {
    ConvolutionKernels(
        pack: packRoutine, slide: slideRoutine, correlate: correlateRoutine, combineFilter: combineFilterRoutine,
        slideDepthwise: slideDepthwiseRoutine, correlateDepthwise: correlateDepthwiseRoutine,
        combineDepthwise: combineDepthwiseRoutine,
        winograd: [winogradKernels(FourByFour.self), winogradKernels(TwoByTwo.self)])
}
