import AdjointGraphs

/// Operations that are composed of primitives, by name: what a chain may do with its value beside its layers.
struct Function: Sendable {
    let name: String
    /// Whether small integers stay small integers.
    let isExact: Bool
    /// Nil where the value does not fit.
    let apply: @Sendable (Value) -> Value?

    init(_ name: String, isExact: Bool = false, _ apply: @escaping @Sendable (Value) -> Value?) {
        (self.name, self.isExact, self.apply) = (name, isExact, apply)
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
            Function("glu") { $0.shape[1] % 2 == 0 ? $0.glu() : nil },
            Function("mish") { $0.mish() },
            Function("softsign") { $0.softsign() },
            Function("gelu by tanh") { $0.approximateGELU() },
            Function("softplus") { $0.softplus(beta: 1.5, threshold: 20) },
            Function("scaled by variance") { $0 * $0.variance([1], correction: 0, keepingAxes: true).sqrt() },
        ]

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
