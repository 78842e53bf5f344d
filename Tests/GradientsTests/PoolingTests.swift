import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// A pooling layer on a plane of its own.
struct PoolCase: Sendable, CustomStringConvertible {
    let description: String
    let input: [Int]
    let kernel: [Int]
    let stride: [Int]
    let before: [Int]
    let after: [Int]
    var dilation: [Int] = [1, 1]
    var roundingUp = false
    var countsPadding = true

    static let cases = [
        PoolCase(
            description: "plain", input: [4, 6], kernel: [2, 3], stride: [2, 3], before: [0, 0], after: [0, 0]),
        PoolCase(
            description: "overlapping", input: [5, 6], kernel: [3, 3], stride: [1, 2], before: [0, 0], after: [0, 0]),
        PoolCase(
            description: "gaps", input: [7, 5], kernel: [2, 1], stride: [3, 2], before: [0, 0], after: [0, 0]),
        PoolCase(
            description: "padded", input: [5, 4], kernel: [3, 2], stride: [2, 1], before: [1, 1], after: [1, 0]),
        PoolCase(
            description: "padding not counted", input: [5, 4], kernel: [3, 2], stride: [2, 1], before: [1, 0],
            after: [2, 1], countsPadding: false),
        PoolCase(
            description: "ceil", input: [6, 7], kernel: [3, 2], stride: [2, 2], before: [0, 0], after: [0, 0],
            roundingUp: true),
        PoolCase(
            description: "ceil and padded", input: [6, 8], kernel: [3, 3], stride: [3, 2], before: [1, 1],
            after: [1, 1],
            roundingUp: true),
        PoolCase(
            description: "ceil, padding not counted", input: [6, 8], kernel: [3, 3], stride: [2, 3], before: [1, 1],
            after: [1, 1], roundingUp: true, countsPadding: false),
        PoolCase(
            description: "dilated", input: [7, 8], kernel: [2, 3], stride: [2, 1], before: [1, 1], after: [0, 1],
            dilation: [3, 2]),
        PoolCase(
            description: "cropped", input: [7, 6], kernel: [2, 2], stride: [2, 2], before: [-1, 0], after: [0, -2]),
    ]

    var shape: Shape { Shape([2, 2] + input) }

    func maximum() throws(ArgumentError) -> Graph {
        try Graph { g in
            g.input("x", shape, .float64).maxPooled(
                PerAxis(kernel), stride: PerAxis(stride), padding: .sides(before: before, after: after),
                dilation: PerAxis(dilation), roundingUp: roundingUp)
        }
    }

    func average() throws(ArgumentError) -> Graph {
        try Graph { g in
            g.input("x", shape, .float64).averagePooled(
                PerAxis(kernel), stride: PerAxis(stride), padding: .sides(before: before, after: after),
                countsPadding: countsPadding, roundingUp: roundingUp)
        }
    }

    /// The input positions under each window, in row-major order, and the number of positions in the divisor of its mean.
    func windows() -> [(members: [Int], count: Int)] {
        let sizes = (0..<2).map { axis -> Int in
            let room = input[axis] + before[axis] + after[axis] - dilation[axis] * (kernel[axis] - 1) - 1
            var size = room / stride[axis] + 1
            if roundingUp, room % stride[axis] != 0, size * stride[axis] < input[axis] + before[axis] { size += 1 }
            return size
        }
        return (0..<sizes[0]).flatMap { py in (0..<sizes[1]).map { px in window(py, px) } }
    }

    private func window(_ py: Int, _ px: Int) -> (members: [Int], count: Int) {
        var members: [Int] = []
        var count = 0
        for ry in 0..<kernel[0] {
            for rx in 0..<kernel[1] {
                let y = py * stride[0] + ry * dilation[0] - before[0]
                let x = px * stride[1] + rx * dilation[1] - before[1]
                let isInside = y >= 0 && y < input[0] && x >= 0 && x < input[1]
                let isPadding = !isInside && y < input[0] + after[0] && x < input[1] + after[1]
                if isInside { members.append(y * input[1] + x) }
                if isInside || (countsPadding && isPadding) { count += 1 }
            }
        }
        return (members, count)
    }
}

@Suite struct PoolingTests {
    @Test(arguments: PoolCase.cases) func maximum(_ pool: PoolCase) throws {
        let graph = try pool.maximum()
        // Few values, many ties: the first wins.
        let x = Tensor.integers(pool.shape, seed: 5, in: 0...2)
        let result = try graph.evaluated(["x": x])["output"]!
        let dy = Tensor.integers(result.shape, seed: 6)
        let dx = try graph.vjp(of: ["x"]).evaluated(["x": x, "∂output": dy])["∂x"]!
        let (windows, plane) = (pool.windows(), pool.input[0] * pool.input[1])
        var (values, derivatives): ([Double], [Double]) = ([], x.doubles.map { _ in 0 })
        for channel in 0..<4 {
            for window in windows {
                let numbers = window.members.map { x.doubles[channel * plane + $0] }
                let winner = window.members[numbers.firstIndex(of: numbers.max()!)!]
                derivatives[channel * plane + winner] += dy.doubles[values.count]
                values.append(numbers.max()!)
            }
        }
        #expect(result.doubles == values)
        #expect(dx.doubles == derivatives)
        try DerivativeChecks()(graph, at: ["x": .distinct(pool.shape, seed: 7)])
    }

    @Test(arguments: PoolCase.cases.filter { $0.dilation == [1, 1] && $0.before[0] >= 0 })
    func average(_ pool: PoolCase) throws {
        let graph = try pool.average()
        let x = Tensor.integers(pool.shape, seed: 8)
        let result = try graph.evaluated(["x": x])["output"]!
        let plane = pool.input[0] * pool.input[1]
        let expected = (0..<4).flatMap { channel in
            pool.windows().map { window in
                window.members.reduce(0) { $0 + x.doubles[channel * plane + $1] } / Double(window.count)
            }
        }
        #expect(result.doubles == expected)
        try DerivativeChecks()(graph, at: ["x": x])
        let bent = try Graph { g in
            let y = g.inline(graph, bindings: ["x": g.input("x", pool.shape, .float64).squared()])
            return y[graph.output(named: "output")!.node].squared()
        }
        try DerivativeChecks(tolerance: 1e-5)(bent, at: ["x": x])
    }

    @Test func bentMaximum() throws {
        let pool = PoolCase.cases[1]
        let graph = try pool.maximum()
        let bent = try Graph { g in
            let y = g.inline(graph, bindings: ["x": g.input("x", pool.shape, .float64)])
            return y[graph.output(named: "output")!.node].tanh()
        }
        try DerivativeChecks(tolerance: 1e-5)(bent, at: ["x": .distinct(pool.shape, seed: 7)])
    }

    @Test func globalPools() throws {
        let x = Tensor.integers([2, 3, 2, 3], seed: 9)
        let graph = try Graph { g in
            let x = g.input("x", [2, 3, 2, 3], .float64)
            return [("mean", x.globalAveragePooled()), ("maximum", x.globalMaxPooled())]
        }
        let results = try graph.evaluated(["x": x])
        let planes = (0..<6).map { Array(x.doubles[$0 * 6..<$0 * 6 + 6]) }
        #expect(results["mean"] == (try Tensor([2, 3], planes.map { $0.reduce(0, +) / 6 })))
        #expect(results["maximum"] == (try Tensor([2, 3], planes.map { $0.max()! })))
        try DerivativeChecks()(graph, at: ["x": .distinct([2, 3, 2, 3], seed: 10)])
    }

    @Test func maximumAlongAnAxis() throws {
        for axis in 0..<3 {
            for keeping in [false, true] {
                let graph = try Graph { g in
                    let x = g.input("x", [2, 3, 4], .float64)
                    return x.maximum(axis: axis, keepingAxes: keeping) * x.sum()
                }
                try DerivativeChecks()(graph, at: ["x": .distinct([2, 3, 4], seed: axis)])
            }
        }
        let first = try Graph { g in
            let x = g.input("x", [2, 3], .float64)
            return [("maximum", x.maximum(axis: 1).sum()), ("index", x.indexOfMaximum(axis: 1))]
        }
        let x = try Tensor([2, 3], [1.0, 5, 5, 7, 7, 7])
        let results = try first.valueAndGradient(of: ["x"], output: "maximum").evaluated(["x": x])
        #expect(results["index"] == (try Tensor([2], [1, 0] as [Int32])))
        #expect(results["∂x"]?.doubles == [0, 1, 0, 1, 0, 0])
    }

    @Test func nanWinsAMaximum() throws {
        let graph = try Graph { g in g.input("x", [1, 1, 4], .float64).maxPooled(2, stride: 1) }
        let result = try graph.evaluated(["x": try Tensor([1, 1, 4], [1, .nan, 3, -Double.infinity])])["output"]!
            .doubles
        #expect(result[0].isNaN && result[1].isNaN)
        #expect(result[2] == 3)
    }

    @Test func minusInfinityIsChosenOverPadding() throws {
        let graph = try Graph { g in g.input("x", [1, 1, 2], .float64).maxPooled(2, stride: 1, padding: 1) }
        let result = try graph.evaluated(["x": Tensor([1, 1, 2], repeating: -.infinity, as: .float64)])["output"]!
            .doubles
        #expect(result == [-.infinity, -.infinity, -.infinity])
    }
}
