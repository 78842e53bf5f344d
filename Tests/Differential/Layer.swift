import AdjointGraphs

/// One convolution or transposed convolution.
struct Layer: Codable, Hashable {
    var filters: Int
    var groups = 1
    var kernel: [Int]
    var stride: [Int]
    var dilation: [Int]
    var before: [Int]
    var after: [Int]
    /// The amount by which the result of a transposed layer is longer. Nil for a convolution.
    var outputPadding: [Int]?

    func filterShape(channels: Int) -> Shape {
        outputPadding == nil
            ? Shape([filters, channels / groups] + kernel) : Shape([channels, filters / groups] + kernel)
    }

    func callAsFunction(_ x: Value, _ filter: Value) -> Value {
        let padding = Padding.sides(before: before, after: after)
        if let outputPadding {
            return x.transposedConvolved(
                with: filter, stride: PerAxis(stride), padding: padding, outputPadding: PerAxis(outputPadding),
                dilation: PerAxis(dilation), groups: groups)
        }
        return x.convolved(
            with: filter, stride: PerAxis(stride), padding: padding, dilation: PerAxis(dilation), groups: groups)
    }

    /// The spatial sizes of the result; nil where the layer does not fit.
    func outputs(_ inputs: [Int]) -> [Int]? {
        var sizes: [Int] = []
        for axis in inputs.indices {
            let reach = dilation[axis] * (kernel[axis] - 1) + 1
            let around = before[axis] + after[axis]
            let size: Int
            if let outputPadding {
                size = (inputs[axis] - 1) * stride[axis] + reach + outputPadding[axis] - around
            } else {
                guard inputs[axis] + around >= reach else { return nil }
                size = (inputs[axis] + around - reach) / stride[axis] + 1
            }
            guard size >= 1 else { return nil }
            sizes.append(size)
        }
        return sizes
    }

    /// The multiply-adds of one of its three roles.
    func work(_ input: [Int]) -> Double? {
        guard let outputs = outputs(Array(input.dropFirst(2))) else { return nil }
        let positions = outputPadding == nil ? outputs : Array(input.dropFirst(2))
        let (from, to) = (input[1] / groups, filters / groups)
        return (positions + kernel).reduce(Double(input[0] * groups) * Double(from) * Double(to)) { $0 * Double($1) }
    }
}

extension Dice {
    /// A layer for an input [N, C, spatial…], of one of the kinds that plans treat differently.
    ///
    /// - Parameters:
    ///   - isKeepingSize: whether the result should be about as large as the input.
    ///   - isSmooth: whether large batches can take turns through it: no stride, small filters, few groups.
    mutating func layer(_ input: [Int], isKeepingSize: Bool = false, isSmooth: Bool = false) -> Layer {
        let axes = input.count - 2
        let channels = input[1]
        func divisors(_ most: Int) -> [Int] { (1...most).filter { channels % $0 == 0 } }
        var groups = 1
        if channels > 1, chance(0.3) { groups = one(of: divisors(channels)) }
        if channels >= 32, chance(0.15) { groups = 2 }
        var filters = one(of: Ranges.channels)
        if chance(0.3) { filters = channels }
        if groups == channels {
            filters = groups * int(1...(chance(0.8) ? 1 : 3))
        } else {
            filters = max(groups, filters / groups * groups)
        }
        var kernel = (0..<axes).map { _ in one(of: Ranges.kernels) }
        if chance(0.6) { kernel = kernel.map { _ in kernel[axes - 1] } }
        if chance(0.3) { kernel = kernel.map { _ in 3 } }
        var stride = kernel.map { _ in 1 }
        if !isKeepingSize || chance(0.25) {
            if chance(0.45) { stride = kernel.map { _ in 2 } }
            if chance(0.1) { stride = kernel.map { _ in 3 } }
            if chance(0.1) { stride = kernel.map { _ in int(1...3) } }
        }
        if isSmooth {
            groups = one(of: divisors(channels).filter { $0 <= 4 })
            filters = chance(0.6) ? channels : max(groups, filters / groups * groups)
            kernel = kernel.map { _ in 3 }
            if chance(0.3) { kernel = kernel.map { _ in one(of: [1, 5]) } }
            stride = kernel.map { _ in 1 }
        }
        if !isKeepingSize, axes > 1, chance(0.15) {
            // Each phase has about as many taps as a filter of 3 × 3.
            stride = kernel.map { _ in chance(0.7) ? 2 : int(1...3) }
            kernel = stride.map { $0 * 3 - int(0...min(1, $0 - 1)) }
        }
        var dilation = kernel.map { _ in 1 }
        if chance(0.15) { dilation = kernel.map { _ in int(1...3) } }
        let isTransposed = chance(0.25) && (!isKeepingSize || stride.allSatisfy { $0 == 1 })
        var before = kernel.indices.map { dilation[$0] * (kernel[$0] - 1) / 2 }
        var after = kernel.indices.map { dilation[$0] * (kernel[$0] - 1) - before[$0] }
        if !isKeepingSize {
            switch int(0...9) {
            case 0, 1: (before, after) = (kernel.map { _ in 0 }, kernel.map { _ in 0 })
            case 2: (before, after) = (before.map { _ in int(0...4) }, after.map { _ in int(0...4) })
            case 3: (before, after) = (before.map { $0 - int(0...1) }, after.map { $0 - int(0...1) })
            case 4: after = before
            default: break
            }
        }
        let added: [Int]? = isTransposed ? stride.map { chance(0.5) ? 0 : int(0...max(0, $0 - 1)) } : nil
        return Layer(
            filters: filters, groups: groups, kernel: kernel, stride: stride, dilation: dilation, before: before,
            after: after, outputPadding: added)
    }
}
