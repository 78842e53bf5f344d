import AdjointGraphs
import AdjointModels

/// Operations that are composed of primitives, by name: further links of a chain, beside its layers.
struct Function: Sendable {
    let name: String
    /// Whether small integers stay small integers.
    let isExact: Bool
    /// Whether a derivative, or a derivative of it, jumps at some number, so that a rounding near it can change much.
    let hasKink: Bool
    /// The operation; nil where the value does not fit.
    let apply: @Sendable (Value) -> Value?

    init(
        _ name: String, isExact: Bool = false, hasKink: Bool = false, _ apply: @escaping @Sendable (Value) -> Value?
    ) {
        (self.name, self.isExact, self.hasKink, self.apply) = (name, isExact, hasKink, apply)
    }

    static func named(_ name: String) -> Function? { all.first { $0.name == name } }

    static let all: [Function] =
        [
            padding("constant", .constant(3)), padding("reflect", .reflect), padding("replicate", .replicate),
            padding("circular", .circular),
            Function("twice as large", isExact: true) { $0.resampled(to: $0.plane.map { 2 * $0 }, .nearest) },
            Function("nearest", isExact: true) { $0.resampled(to: $0.plane.map { $0 * 3 / 2 + 1 }, .nearest) },
            Function("smaller", isExact: true) { $0.resampled(to: $0.plane.map { $0 / 2 + 1 }, .nearest) },
            Function("pixel shuffle", isExact: true) {
                $0.shape.rank == 4 && $0.shape[1] % 4 == 0 ? $0.pixelShuffled(2) : nil
            },
            Function("pixel unshuffle", isExact: true) {
                $0.plane.count == 2 && $0.plane.allSatisfy { $0 % 2 == 0 } ? $0.pixelUnshuffled(2) : nil
            },
            Function("every other", isExact: true) { $0.sliced(axis: -1, by: 2) },
            Function("halves exchanged", isExact: true) {
                $0.shape[1] % 2 == 0 ? .concatenated($0.split(into: 2, axis: 1).reversed()) : nil
            },
            Function("stacked", isExact: true) { x in
                Value.stacked([x, 2 * x, x], axis: 2).reshaped(
                    to: Shape([x.shape[0], x.shape[1], 3 * x.shape[2]] + x.plane.dropFirst()))
            },
            Function("axes exchanged", isExact: true) { x in
                let rank = x.shape.rank
                return rank < 4 ? nil : x.permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
            },
            Function("gathered", isExact: true) { x in
                let ids = (0..<x.shape[1] + 1).map { Int32($0 * 7 % x.shape[1]) }
                return x.gathered(x.graph.constant(Tensor(known: [ids.count], .int32(ids))), axis: 1)
            },
            resampling("between", .init(3, 2)), resampling("up", .init(2, 1)), resampling("down", .init(2, 3)),
            Function("bicubic") { $0.plane.count == 2 ? $0.resampled(to: $0.plane.map { $0 * 2 }, .bicubic) : nil },
            Function("adaptive") { $0.adaptivelyAveragePooled(to: $0.plane.map { $0 / 2 + 1 }) },
            Function("lp pool") { x in
                x.plane.allSatisfy { $0 > 1 } ? (x.squared() + 0.1).lpPooled(2, stride: 1) : nil
            },
            Function("softmax") { 8 * $0.softmax(axis: 1) },
            Function("log softmax") { 0.25 * $0.logSoftmax(axis: $0.shape.rank - 1) },
            Function("local response") { $0.locallyNormalized(size: 5, alpha: 0.5, beta: 0.75, k: 1) },
            Function("root mean square") { $0.rootMeanSquareNormalized(over: [$0.shape.rank - 1], epsilon: 0.1) },
            Function("layer norm") { $0.standardized(over: Array(1..<$0.shape.rank), epsilon: 0.1) },
            Function("products") { x in
                let rank = x.shape.rank
                let flipped = x.permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
                return x.matrixProduct(flipped) / Double(max(1, x.shape[rank - 1]))
            },
            Function("flipped", isExact: true) { $0.reversed([1, $0.shape.rank - 1]) },
            Function("rows looked up") { x in
                let ids = Tensor(known: [2, 3], .int32([0, 1, 0, 2, 1, 0].map { $0 % Int32(x.shape[1]) }))
                let rows = x.sum([0] + Array(2..<x.shape.rank)).reshaped(to: [x.shape[1], 1])
                return x * (2 + rows.gathered(x.graph.constant(ids)).mean().tanh())
            },
            Function("gathered rows", isExact: true) { x in
                let axis = x.shape.rank - 1
                let ids = (0..<2 * x.shape[axis]).map { Int32($0 * 5 % x.shape[axis]) }
                return x.gathered(x.graph.constant(Tensor(known: [ids.count], .int32(ids))), axis: axis)
            },
            Function("one-hot", isExact: true) { x in
                let ids = (0..<x.shape[0]).map { Int32($0 % x.shape[1]) }
                let hot = x.graph.constant(Tensor(known: [x.shape[0]], .int32(ids))).oneHot(x.shape[1], type: x.type)
                return x * hot.reshaped(to: Shape([x.shape[0], x.shape[1]] + x.plane.map { _ in 1 }))
            },
            Function("largest of windows", hasKink: true) { $0.adaptivelyMaxPooled(to: $0.plane.map { $0 / 2 + 1 }) },
            Function("bicubic down") {
                $0.plane.count == 2 ? $0.resampled(to: $0.plane.map { $0 * 2 / 3 + 1 }, .bicubic) : nil
            },
            Function("bicubic by corners") {
                $0.plane.count == 2 ? $0.resampled(to: $0.plane.map { $0 + 3 }, .bicubic, alignsCorners: true) : nil
            },
            Function("prelu", hasKink: true) { x in
                let slope = x.abs().sum([0] + Array(2..<x.shape.rank)) / Double(max(1, x.shape.count / x.shape[1]))
                return x.prelu(slope: slope)
            },
            Function("instance norm") { x in
                x.plane.contains { $0 > 1 } ? x.standardized(over: Array(2..<x.shape.rank), epsilon: 0.1) : nil
            },
            Function("clamped", hasKink: true) { $0.clamped(from: -0.4, to: 0.6) },
            Function("power") { ($0.squared() + 0.2).power(0.7) },
            Function("between others", hasKink: true) { x in
                x.maximum(x.reversed([1]) - 0.3).minimum(x.mean([1], keepingAxes: true) + 0.5)
            },
            Function("elu, celu, selu", hasKink: true) { $0.elu(alpha: 0.7).celu(alpha: 1.3).selu() },
            Function("least and most", hasKink: true) { x in
                x - x.minimum([1], keepingAxes: true) * 0.5 + x.maximum([x.shape.rank - 1], keepingAxes: true)
            },
            loss("cross-entropy") { x, target in
                x.crossEntropy(labels: labels(of: x, moved: 0), labelSmoothing: 0.1)
            },
            loss("weighted cross-entropy") { x, target in
                let weights = x.graph.constant(
                    Tensor(
                        known: [x.shape[1]], .float64((0..<x.shape[1]).map { 0.5 + Double($0 % 3) })
                    ).converted(to: x.type))
                return x.crossEntropy(
                    labels: labels(of: x, moved: 1), weights: weights, ignoring: x.shape[1] > 1 ? 0 : nil,
                    labelSmoothing: 0.2)
            },
            loss("cross-entropy of probabilities") { x, target in
                x.crossEntropy(probabilities: target.softmax(axis: 1), labelSmoothing: 0.1, .sum) / 4
            },
            loss("negative log likelihood") { x, target in
                x.logSoftmax(axis: 1).negativeLogLikelihood(labels: labels(of: x, moved: 2))
            },
            loss("binary cross-entropy") { x, target in
                x.binaryCrossEntropy(
                    target.logistic(), weight: target.squared() + 0.1, positiveWeight: target.number(2))
            },
            loss("squared error") { x, target in x.meanSquaredError(target) },
            loss("absolute error", hasKink: true) { x, target in x.absoluteError(target + 0.37) },
            loss("huber", hasKink: true) { x, target in x.huberLoss(target + 0.11, delta: 0.7) },
            loss("smooth absolute error", hasKink: true) { x, target in x.smoothAbsoluteError(target - 0.23, beta: 0.4)
            },
            loss("divergence") { x, target in
                x.logSoftmax(axis: 1).divergence(from: target.softmax(axis: 1), .batchMean)
            },
            loss("divergence of logarithms") { x, target in
                x.logSoftmax(axis: 1).divergence(from: target.logSoftmax(axis: 1), isLogarithm: true)
            },
            Function("glu") { $0.shape[1] % 2 == 0 ? $0.glu() : nil },
            Function("mish") { $0.mish() },
            Function("softsign") { $0.softsign() },
            Function("gelu by tanh") { $0.approximateGELU() },
            Function("softplus") { $0.softplus(beta: 1.5, threshold: 20) },
            Function("scaled by variance") { $0 * $0.variance([1], correction: 0, keepingAxes: true).sqrt() },
        ]

    /// The value times its loss against itself with axes exchanged, which is never 0, so that the chain goes on.
    private static func loss(
        _ name: String, hasKink: Bool = false, _ loss: @escaping @Sendable (Value, Value) -> Value
    ) -> Function {
        Function(name, hasKink: hasKink) { x in x * (2 + loss(x, 0.5 * x.reversed([0, x.shape.rank - 1])).tanh()) }
    }

    /// A label for each position.
    @Sendable private static func labels(of x: Value, moved: Int) -> Value {
        let shape = Shape([x.shape[0]] + x.plane)
        let numbers = (0..<shape.count).map { Int32(($0 * 7 + moved) % x.shape[1]) }
        return x.graph.constant(Tensor(known: shape, .int32(numbers)))
    }

    private static func padding(_ name: String, _ mode: PaddingMode) -> Function {
        Function(name, isExact: true) { x in
            x.plane.allSatisfy { $0 > 2 }
                ? x.padded(mode, before: x.plane.map { _ in 2 }, after: x.plane.map { _ in 1 }) : nil
        }
    }

    private struct Ratio: Sendable {
        let up, down: Int

        init(_ up: Int, _ down: Int) { (self.up, self.down) = (up, down) }
    }

    private static func resampling(_ name: String, _ ratio: Ratio) -> Function {
        Function(name) { x in
            let mode: Interpolation = [.linear, .bilinear, .trilinear][min(2, x.plane.count - 1)]
            let size = x.plane.map { max(1, $0 * ratio.up / ratio.down) }
            return x.resampled(to: size, mode, alignsCorners: ratio.down == 3)
        }
    }
}

extension Value {
    fileprivate var plane: [Int] { Array(shape.sizes.dropFirst(2)) }
}
