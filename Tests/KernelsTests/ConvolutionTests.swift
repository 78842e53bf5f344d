import AdjointKernelTables
import Testing

@Suite struct ConvolutionTests {
    @Test func `The dense form is exact in every role`() {
        for window in WindowCase.dense {
            let sums = Sums(window)
            for instructions in Instructions.supported {
                let kernels = instructions.convolution
                let grid = window.slide(
                    kernels, lanes: instructions.lanes, source: sums.source, filter: sums.filter, order: .shuffled)
                #expect(grid == sums.grid, "\(window), \(instructions)")
                let gradient = window.filterGradient(
                    kernels.columns.filterGradient, kernels.columns.combineFilter, source: sums.source,
                    cotangent: sums.cotangent,
                    order: .shuffled)
                #expect(gradient == sums.gradient, "\(window), \(instructions)")
            }
        }
    }

    @Test(arguments: Instructions.supported)
    func `The dense form in vectors of pixels is exact in every role`(instructions: Instructions) {
        let pixels = instructions.convolution.pixels
        var count = 0
        for window in WindowCase.dense {
            let sums = Sums(window)
            guard
                let grid = window.slidePixels(
                    instructions.convolution, lanes: instructions.lanes, source: sums.source, filter: sums.filter)
            else { continue }
            count += 1
            #expect(grid == sums.grid, "\(window), \(instructions)")
            let gradient = window.filterGradient(
                pixels.filterGradient, pixels.combineFilter, source: sums.source, cotangent: sums.cotangent,
                order: .shuffled)
            #expect(gradient == sums.gradient, "\(window), \(instructions)")
        }
        #expect(count > 3)
    }

    @Test func `The depthwise form is exact in every role`() {
        for window in WindowCase.depthwise {
            let sums = Sums(window)
            for instructions in Instructions.supported {
                let kernels = instructions.convolution
                let grid = window.slideDepthwise(
                    kernels, source: sums.source, filter: sums.filter, order: .shuffled)
                #expect(grid == sums.grid, "\(window), \(instructions)")
                let gradient = window.filterGradient(
                    kernels.depthwise.filterGradient, kernels.depthwise.combineFilter, source: sums.source,
                    cotangent: sums.cotangent, order: .shuffled)
                #expect(gradient == sums.gradient, "\(window), \(instructions)")
            }
        }
    }

    @Test(arguments: Instructions.supported)
    func `The order of the tasks changes no bit`(instructions: Instructions) {
        let kernels = instructions.convolution
        for window in WindowCase.large + WindowCase.fewColumns.suffix(6) {
            let source = fractions(window.sourceCount, seed: 1)
            let filter = fractions(window.filterCount, seed: 2)
            let cotangent = fractions(window.cotangentCount, seed: 3)
            var results: Set<[UInt32]> = []
            for order in TaskOrder.allCases {
                let grid = window.slide(
                    kernels, lanes: instructions.lanes, source: source, filter: filter, order: order)
                let gradient = window.filterGradient(
                    kernels.columns.filterGradient, kernels.columns.combineFilter, source: source, cotangent: cotangent,
                    order: order)
                results.insert((grid + gradient).map(\.bitPattern))
            }
            #expect(results.count == 1, "\(window)")
        }
    }
}
