import AdjointKernelTables
import Testing

@Suite struct ConvolutionTests {
    @Test(arguments: Instructions.supported, WindowCase.sweep)
    func `The dense form is exact in every role`(instructions: Instructions, window: WindowCase) {
        let kernels = instructions.convolution
        let source = smallIntegers(window.sourceCount, seed: 1)
        let filter = smallIntegers(window.filterCount, seed: 2)
        let cotangent = smallIntegers(window.cotangentCount, seed: 3)
        var grid = [Float](repeating: 0, count: window.cotangentCount)
        var gradient = [Float](repeating: 0, count: window.filterCount)
        window.forEachProduct { s, r, f in
            grid[r] += source[s] * filter[f]
            gradient[f] += source[s] * cotangent[r]
        }
        #expect(window.slide(kernels, lanes: instructions.lanes, source: source, filter: filter) == grid)
        #expect(
            window.correlate(kernels.correlate, kernels.combineFilter, source: source, cotangent: cotangent)
                == gradient)
    }

    @Test(arguments: Instructions.supported, WindowCase.depthwiseSweep)
    func `The depthwise form is exact in every role`(instructions: Instructions, window: WindowCase) {
        let kernels = instructions.convolution
        let source = smallIntegers(window.sourceCount, seed: 1)
        let filter = smallIntegers(window.filterCount, seed: 2)
        let cotangent = smallIntegers(window.cotangentCount, seed: 3)
        var grid = [Float](repeating: 0, count: window.cotangentCount)
        var gradient = [Float](repeating: 0, count: window.filterCount)
        window.forEachProduct { s, r, f in
            grid[r] += source[s] * filter[f]
            gradient[f] += source[s] * cotangent[r]
        }
        #expect(window.slideDepthwise(kernels, source: source, filter: filter) == grid)
        #expect(
            window.correlate(
                kernels.correlateDepthwise, kernels.combineDepthwise, source: source, cotangent: cotangent)
                == gradient)
    }
}
