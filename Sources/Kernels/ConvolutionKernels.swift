import AdjointKernelTables

package let convolutionKernels = ConvolutionKernels(
    pack: packRoutine, slide: slideRoutine, correlate: correlateRoutine, combineFilter: combineFilterRoutine,
    slideDepthwise: slideDepthwiseRoutine, correlateDepthwise: correlateDepthwiseRoutine,
    combineDepthwise: combineDepthwiseRoutine)
