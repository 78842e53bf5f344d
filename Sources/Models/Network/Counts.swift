import AdjointGraphs

extension Network {
    /// The output's size and the cost of one step of a network.
    public struct Count: Hashable, Sendable {
        public let label: String
        public let operation: String
        /// The shape of the output: for a classifier that of one sample, for other networks that for the inputs' own shapes.
        public let shape: Shape
        /// The number of elements in the step's parameters, without running statistics and those that an earlier step has.
        public let parameters: Int
        /// The floating-point operations of the forward pass for that output: two for every multiplication of a convolution, a
        /// linear layer or a matrix product, and none for other operations.
        public let flops: Int
    }

    /// The steps with their shapes, parameters and costs.
    public var counts: [Count] {
        var inputs: [String: Shape] = [:]
        for input in self.inputs { inputs[input.name] = input.shape }
        var seen: Set<String> = []
        var counts: [Count] = []
        for (number, step) in steps.enumerated() {
            let shape = results[number].shape
            var count = 0
            for name in parameterNames[number] where seen.insert(name).inserted {
                for parameter in parameters where parameter.name == name && parameter.isTrained {
                    count += parameter.shape.count
                }
            }
            let input = step.inputs.first.flatMap { inputs[$0] } ?? []
            counts.append(
                Count(
                    label: step.label, operation: step.operation.name,
                    shape: isClassifier ? Shape(Array(shape.sizes.dropFirst())) : shape, parameters: count,
                    flops: step.operation.flops(input: input, output: shape)))
            inputs[step.output] = shape
        }
        return counts
    }

    /// The number of elements in all parameters, frozen ones too, without running statistics.
    public var parameterCount: Int {
        parameters.reduce(0) { $0 + ($1.isTrained ? $1.shape.count : 0) }
    }

    /// Floating-point operations of the forward pass for one sample. A training step counts as three times that.
    public var flops: Int { counts.reduce(0) { min($0, .max - $1.flops) + $1.flops } }
}

extension Network.Operation {
    /// Two for each product of the definition, also where padding makes it zero; at most `Int.max`.
    fileprivate func flops(input: Shape, output: Shape) -> Int {
        if name == "matmul" { return Self.doubled([output.count, input.sizes.last ?? 0]) }
        guard let filtering else { return 0 }
        let channels = filtering.kernel.isEmpty ? input.sizes.last ?? 0 : input[1]
        let (outer, inner) =
            filtering.isTransposed ? (input.count, filtering.filters) : (output.count, channels)
        return Self.doubled([outer, inner / filtering.groups] + filtering.kernel)
    }

    private static func doubled(_ factors: [Int]) -> Int {
        factors.reduce(2) { product, factor in
            let (whole, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? .max : whole
        }
    }
}
