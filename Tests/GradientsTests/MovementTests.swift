import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// A linear (or multilinear) graph in few inputs, for exact checks.
struct Wiring: Sendable, CustomStringConvertible {
    let description: String
    let shapes: [Shape]
    let body: @Sendable ([Value]) -> Value

    init(_ description: String, _ shapes: Shape..., body: @escaping @Sendable ([Value]) -> Value) {
        self.description = description
        self.shapes = shapes
        self.body = body
    }

    func check(order: Int = 2) throws {
        let graph = try Graph { g in
            body(shapes.enumerated().map { g.input("x\($0)", $1, .float64) })
        }
        let inputs = Dictionary(
            uniqueKeysWithValues: shapes.enumerated().map { ("x\($0)", Tensor.integers($1, seed: $0 + 3)) })
        try DerivativeChecks(isExact: true)(graph, at: inputs, order: order)
        // Once more with a nonlinear function, so that the second order is not zero, against differences.
        let bent = try Graph { g in
            let y = body(shapes.enumerated().map { g.input("x\($0)", $1, .float64) })
            return y.squared() * y
        }
        try DerivativeChecks(tolerance: 1e-5)(bent, at: inputs)
    }
}

@Suite struct MovementTests {
    static let movements = [
        Wiring("reshape", [2, 6]) { $0[0].reshaped(to: [3, 4]) },
        Wiring("flatten", [2, 3, 2]) { $0[0].flattened() },
        Wiring("permute", [2, 3, 4]) { $0[0].permuted([2, 0, 1]) },
        Wiring("broadcast at the front", [3]) { $0[0].broadcast(to: [2, 3]) },
        Wiring("broadcast inside", [2, 1, 3]) { $0[0].broadcast(to: [2, 2, 2, 3]) },
        Wiring("broadcast a scalar", []) { $0[0].broadcast(to: [2, 2]) },
        Wiring("broadcast a channel", [3]) { $0[0].broadcast(along: 1, of: [2, 3, 2]) },
        Wiring("pad", [2, 3]) { $0[0].padded(before: [1, 0], after: [2, 1]) },
        Wiring("pad between", [2, 3]) { $0[0].padded(before: [0, 1], after: [1, 0], between: [2, 1]) },
        Wiring("crop", [4, 5]) { $0[0].padded(before: [-1, -2], after: [-1, 1]) },
        Wiring("crop and spread", [4, 3]) { $0[0].padded(before: [-1, 2], after: [1, -1], between: [1, 2]) },
        Wiring("crop to nothing", [2, 3]) { $0[0].padded(before: [0, -1], after: [0, -2]) },
        Wiring("slice", [5, 6]) { $0[0].sliced(from: [1, 0], to: [5, 4]) },
        Wiring("slice with stride", [7, 6]) { $0[0].sliced(from: [1, 0], to: [7, 6], by: [3, 4]) },
        Wiring("slice of nothing", [3, 2]) { $0[0].sliced(from: [1, 0], to: [1, 2]) },
        Wiring("reverse", [3, 4]) { $0[0].reversed([0, 1]) },
        Wiring("concatenate", [2, 1, 2], [2, 3, 2], [2, 2, 2]) { Value.concatenated($0) },
        Wiring("concatenate with itself", [2, 2], [2, 1]) { Value.concatenated([$0[0], $0[1], $0[0]]) },
        Wiring("concatenate with constants", [2, 1], [2, 1]) {
            let fixed = $0[0].graph.constant(3, [2, 2], .float64)
            return Value.concatenated([fixed, $0[0], fixed, $0[1]])
        },
        Wiring("concatenate beside another use", [2, 2], [2, 2]) {
            let whole = Value.concatenated([$0[0] * $0[1], $0[1]])
            return whole.sliced(from: [0, 0], to: [2, 2]) + $0[0] + whole.sliced(from: [0, 2], to: [2, 4])
        },
        Wiring("empty", [0, 3]) { $0[0].reshaped(to: [3, 0]).permuted([1, 0]) },
    ]

    static let reductions = [
        Wiring("sum of everything", [2, 3]) { $0[0].sum() },
        Wiring("sum over axes", [2, 3, 4]) { $0[0].sum([2, 0]) },
        Wiring("sum that keeps axes", [2, 3, 4]) { $0[0] * $0[0].sum([1], keepingAxes: true) },
        Wiring("sum over nothing", [3]) { $0[0].sum([]) },
        Wiring("sum over an empty axis", [3, 0]) { $0[0].sum([1]) },
        Wiring("mean", [2, 4]) { $0[0].mean([1]) },
        Wiring("mean of everything", [2, 2]) { $0[0].mean() },
    ]

    static let contractions = [
        Wiring("matrix product", [2, 3], [3, 4]) { $0[0].contracted($0[1], "ab", "bc", "ac") },
        Wiring("linear layer", [2, 3], [4, 3]) { $0[0].contracted($0[1], "nk", "mk", "nm") },
        Wiring("batched", [2, 3, 2], [2, 2, 3]) { $0[0].contracted($0[1], "bij", "bjk", "bik") },
        Wiring("outer product", [2], [3]) { $0[0].contracted($0[1], "a", "b", "ba") },
        Wiring("inner product", [4], [4]) { $0[0].contracted($0[1], "a", "a", "") },
        Wiring("elementwise", [2, 3], [2, 3]) { $0[0].contracted($0[1], "ab", "ab", "ba") },
        Wiring("with itself", [3, 3]) { $0[0].contracted($0[0], "ab", "cb", "ac") },
        Wiring("sum over an empty axis", [2, 0], [3, 0]) { $0[0].contracted($0[1], "nk", "mk", "nm") },
    ]

    @Test(arguments: movements) func movement(_ wiring: Wiring) throws { try wiring.check() }
    @Test(arguments: reductions) func reduction(_ wiring: Wiring) throws { try wiring.check() }
    @Test(arguments: contractions) func contraction(_ wiring: Wiring) throws { try wiring.check(order: 3) }
}
