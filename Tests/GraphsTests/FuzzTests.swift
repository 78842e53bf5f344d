import AdjointGraphs
import TestSupport
import Testing

/// Layers of random geometry, sensible and absurd: each is refused with an error or works, and none traps.
@Suite struct FuzzTests {
    private static let absurd = [
        Int.min, -(1 << 31), -1000, -3, -1, 0, 1, 2, 7, 1000, (1 << 31) - 1, 1 << 31, 1 << 32, 1 << 61, Int.max,
    ]

    private func number(_ usual: ClosedRange<Int>, _ samples: inout Samples) -> Int {
        Int.random(in: 0..<12, using: &samples) == 0
            ? Self.absurd.randomElement(using: &samples)! : Int.random(in: usual, using: &samples)
    }

    private func numbers(_ count: Int, _ usual: ClosedRange<Int>, _ samples: inout Samples) -> [Int] {
        (0..<count).map { _ in number(usual, &samples) }
    }

    private func padding(_ rank: Int, _ samples: inout Samples) -> Padding {
        switch Int.random(in: 0..<4, using: &samples) {
        case 0: .same
        case 1: .uniform(number(-1...3, &samples))
        default: .sides(before: numbers(rank, -1...3, &samples), after: numbers(rank, -1...3, &samples))
        }
    }

    /// Evaluates small graphs, and returns whether there was a graph.
    private func survives(_ build: (GraphBuilder) -> Value) throws -> Bool {
        let graph: Graph
        do throws(ArgumentError) { graph = try Graph(build) } catch {
            #expect(!error.operation.isEmpty && !error.expected.isEmpty && !error.given.isEmpty)
            return false
        }
        #expect(graph.isValid && graph.simplified().isValid)
        let sizes = graph.nodes.flatMap { node -> [Int] in
            switch node.primitive {
            case .pooling(.windowSum(_, let taps, _, let size)), .pooling(.choice(_, let taps, let size)):
                taps + size + [node.shape.count]
            default: node.shape.sizes + [node.shape.count]
            }
        }
        guard sizes.allSatisfy({ $0 < 2000 }) else { return true }
        var inputs: [String: Tensor] = [:]
        for input in graph.inputs { inputs[input.name] = .integers(input.shape, seed: 1, as: input.type) }
        let result = try graph.evaluated(inputs)["output"]!
        #expect(result.shape == graph.nodes[graph.outputs[0].node].shape)
        return true
    }

    @Test(arguments: 0..<8) func geometries(seed: Int) throws {
        var samples = Samples(seed: seed)
        var survivors = 0
        for _ in 0..<500 {
            let rank = Int.random(in: 1...3, using: &samples)
            let groups = number(1...2, &samples)
            let channels = number(0...2, &samples)
            let spatial = numbers(rank, 0...6, &samples)
            let kernel = numbers(rank, 1...3, &samples)
            let (stride, dilation) = (numbers(rank, 1...3, &samples), numbers(rank, 1...2, &samples))
            let padding = padding(rank, &samples)
            let (batch, filters) = (number(0...2, &samples), number(1...4, &samples))
            let input = Shape([batch, channels.multipliedReportingOverflow(by: groups).partialValue] + spatial)
            let flag = Bool.random(using: &samples)
            let layers: [(GraphBuilder) -> Value] = [
                { g in
                    g.input("x", input).convolved(
                        with: g.input("w", Shape([filters, channels] + kernel)), stride: PerAxis(stride),
                        padding: padding, dilation: PerAxis(dilation), groups: groups)
                },
                { g in
                    g.input("x", Shape([batch, filters] + spatial)).transposedConvolved(
                        with: g.input("w", Shape([filters, channels] + kernel)), stride: PerAxis(stride),
                        padding: padding, outputPadding: PerAxis(kernel.map { $0 % 2 }), dilation: PerAxis(dilation),
                        groups: groups)
                },
                { g in
                    g.input("x", input).maxPooled(
                        PerAxis(kernel), stride: PerAxis(stride), padding: padding, dilation: PerAxis(dilation),
                        roundingUp: flag)
                },
                { g in
                    g.input("x", input).averagePooled(
                        PerAxis(kernel), stride: PerAxis(stride), padding: padding, countsPadding: flag,
                        roundingUp: !flag)
                },
            ]
            for layer in layers where try survives(layer) { survivors += 1 }
        }
        #expect(survivors > 300)
    }

    @Test(arguments: 0..<4) func movements(seed: Int) throws {
        var samples = Samples(seed: seed + 100)
        for _ in 0..<500 {
            let rank = Int.random(in: 0...3, using: &samples)
            let shape = Shape(numbers(rank, 0...5, &samples))
            let (a, b, c) = (
                numbers(rank, -1...3, &samples), numbers(rank, 0...5, &samples), numbers(rank, 0...2, &samples)
            )
            let axis = number(0...2, &samples)
            let builds: [(GraphBuilder) -> Value] = [
                { $0.input("x", shape).padded(before: a, after: b, between: c) },
                { $0.input("x", shape).sliced(from: c, to: b, by: a) },
                { $0.input("x", shape).permuted(c) },
                { $0.input("x", shape).reversed(c) },
                { $0.input("x", shape).reshaped(to: Shape(b)) },
                { $0.input("x", shape).broadcast(to: Shape(b)) },
                { $0.input("x", shape).broadcast(along: axis, of: Shape(b)) },
                { $0.input("x", shape) * $0.input("y", Shape(b)) },
                { $0.input("x", shape).sum(c, keepingAxes: true) },
                { $0.input("x", shape).mean(a) },
                { $0.input("x", shape).softmax(axis: axis) },
                { $0.input("x", shape).flattened(from: axis) },
                { Value.concatenated([$0.input("x", shape), $0.input("y", Shape(b))], axis: axis) },
                { $0.input("x", shape).groupNormalized(groups: axis, epsilon: 1) },
                { $0.input("x", shape).globalMaxPooled() + 0 },
                { $0.input("x", shape).globalAveragePooled() + 0 },
                { $0.constant(2, shape) },
            ]
            for build in builds { _ = try survives(build) }
        }
    }
}
