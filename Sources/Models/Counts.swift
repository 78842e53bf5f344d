import AdjointGraphs

extension Network {
    /// What one step of a network makes and costs.
    public struct Count: Hashable, Sendable {
        public let label: String
        public let operation: String
        /// Of one sample's output.
        public let shape: Shape
        /// Numbers in the step's parameters that no step before it holds, without running statistics.
        public let parameters: Int
        /// Floating-point operations of the forward pass for one sample: two for every multiplication of a convolution or
        /// linear layer, and none for other operations.
        public let flops: Int
    }

    /// The steps with their shapes, parameters and costs.
    public var counts: [Count] {
        var inputs = [inputName: input]
        var seen: Set<String> = []
        var counts: [Count] = []
        for (step, shape) in zip(steps, shapes) {
            let operands = step.inputs.compactMap { inputs[$0] }
            var count = 0
            for parameter in parameters(of: step, operands) where seen.insert(parameter.name).inserted {
                count += parameter.isTrained ? parameter.shape.count : 0
            }
            counts.append(
                Count(
                    label: step.label, operation: step.operation.name, shape: shape, parameters: count,
                    flops: step.operation.flops(input: operands[0], output: shape)))
            inputs[step.output] = shape
        }
        return counts
    }

    private func parameters(of step: Step, _ operands: [Shape]) -> [Parameter] {
        let batched = operands.map { Shape([1] + $0.sizes) }
        return (try? step.operation.parameters(for: batched)) ?? []
    }

    /// How many numbers the optimizer changes.
    public var parameterCount: Int {
        parameters.reduce(0) { $0 + ($1.isTrained ? $1.shape.count : 0) }
    }

    /// Floating-point operations of the forward pass for one sample. A training step counts as three times that.
    public var flops: Int { counts.reduce(0) { min($0, .max - $1.flops) + $1.flops } }
}

extension Network.Operation {
    /// Two for each product of the definition, whether or not padding makes it zero; `Int.max` where there are more.
    fileprivate func flops(input: Shape, output: Shape) -> Int {
        let factors: [Int]
        switch self {
        case .convolution(let filtering):
            factors = [output.count, input[0] / filtering.groups] + filtering.kernel
        case .transposedConvolution(let filtering, _):
            factors = [input.count, filtering.filters / filtering.groups] + filtering.kernel
        case .linear(_, _, let features):
            factors = [input.count, features]
        default:
            return 0
        }
        return factors.reduce(2) { product, factor in
            let (whole, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? .max : whole
        }
    }
}
