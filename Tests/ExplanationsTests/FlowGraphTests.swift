import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

@testable import AdjointExplanations

/// Signal-flow graphs against the engine's graphs: forward, and transposed by Wan's rules alone.
@Suite struct FlowGraphTests {
    private static let layers: [LayerGeometry] = {
        var layers = [LayerGeometry.question]
        func add(_ input: [Int], _ kernel: [Int], _ change: (inout LayerGeometry) -> Void) {
            var layer = LayerGeometry(input: input, kernel: kernel)
            change(&layer)
            layers.append(layer)
        }
        add([6, 5], [3, 2]) { $0.stride = 2 }
        add([5, 4], [2, 3]) {
            $0.padding = .sides(before: [1, 0], after: [0, 2])
            $0.hasBias = true
        }
        add([7], [3]) {
            $0.dilation = 2
            $0.channels = 2
            $0.filters = 3
        }
        add([5, 5], [2, 2]) {
            ($0.channels, $0.filters, $0.groups) = (4, 2, 2)
            $0.padding = .uniform(-1)
        }
        add([3, 2, 3], [2, 1, 2]) { $0.stride = [1, 2, 1] }
        add([3, 3], [2, 3]) {
            $0.isTransposed = true
            ($0.stride, $0.padding, $0.outputPadding) = (2, 1, 1)
            ($0.channels, $0.filters, $0.hasBias) = (2, 2, true)
        }
        add([4], [3]) {
            $0.isTransposed = true
            ($0.channels, $0.filters, $0.groups, $0.dilation) = (4, 4, 2, 2)
        }
        return layers
    }()

    /// Integers for all inputs of a layer and for ∂G, and the results that the engine computes from them.
    private func reference(_ layer: LayerGeometry) throws -> (values: [String: Tensor], results: [String: Tensor]) {
        let graph = try layer.graph()
        var values: [String: Tensor] = [:]
        let pullback = try graph.vjp(of: graph.inputs.map { $0.name })
        for (seed, input) in pullback.inputs.enumerated() {
            values[input.name] = .integers(input.shape, seed: seed)
        }
        return (values, try pullback.evaluated(values))
    }

    @Test(arguments: layers.indices, [["V", "B"], ["W", "B"]])
    func scalarsAreTheEngines(_ number: Int, signals: [String]) throws {
        let layer = Self.layers[number]
        let (values, results) = try reference(layer)
        let there = try FlowGraph(of: layer.graph(), signals: signals, values: values)
        let back = there.transposed()
        #expect(back.transposed() == there)

        for graph in [there, back] {
            let given = graph.isTransposed ? ["G"] : signals
            var entries: [Double] = []
            for name in given { entries += values[(graph.isTransposed ? "∂" : "") + name]?.doubles ?? [] }
            var expected: [Double] = []
            for name in graph.isTransposed ? signals : ["G"] {
                expected += results[(graph.isTransposed ? "∂" : "") + name]?.doubles ?? []
            }
            let inputs = graph.nodes.indices.filter { graph.nodes[$0].kind == .input }
            let outputs = graph.nodes.indices.filter { graph.nodes[$0].kind == .output }
            #expect(inputs.count == entries.count)
            let signals = try graph.signals(
                from: { FlowGraph.Signal(shape: [], elements: [entries[inputs.firstIndex(of: $0)!]]) },
                gain: { $0.number })
            #expect(outputs.flatMap { signals[$0].elements } == expected)
        }
    }

    @Test(arguments: layers.indices)
    func operatorsAreTheEngines(_ number: Int) throws {
        let layer = Self.layers[number]
        let (values, results) = try reference(layer)
        let output = results["G"]!.shape
        /// The part of the engine's tensors that is a plane, or B.
        func plane(_ name: Expression, _ tensors: [String: Tensor], _ prefix: String) -> FlowGraph.Signal<Double> {
            guard case .variable(let name) = name, let tensor = tensors[prefix + name.letter] else {
                return FlowGraph.Signal(shape: [], elements: [])
            }
            var channel = 0
            if case .axes(let axes) = name.index { channel = axes[0] }
            if case .number(let place) = name.index { channel = place - 1 }
            let shape = Shape(Array(tensor.shape.sizes.dropFirst(name.letter == "B" ? 1 : 2)))
            return FlowGraph.Signal(
                shape: shape, elements: Array(tensor.doubles[channel * shape.count..<(channel + 1) * shape.count]))
        }
        var sums: [Expression: [Double]] = [:]
        for channel in 0..<output[1] {
            let there = try FlowGraph(operatorsOf: layer, channel: channel, values: values)
            let back = there.transposed()
            #expect(back.transposed() == there)
            for graph in [there, back] {
                let prefixes = graph.isTransposed ? ("∂", "∂") : ("", "")
                let signals = try graph.signals(
                    from: { plane(graph.nodes[$0].signal!, values, prefixes.0) }, gain: { $0.number })
                for node in graph.nodes.indices where graph.nodes[node].kind == .output {
                    let name = graph.nodes[node].signal!
                    if !graph.isTransposed {
                        #expect(signals[node].elements == plane(name, results, "").elements)
                    } else if let sum = sums[name] {
                        sums[name] = zip(sum, signals[node].elements).map { $0 + $1 }
                    } else {
                        sums[name] = signals[node].elements
                    }
                }
            }
        }
        // The contributions of all output channels to an input, together.
        for (name, sum) in sums { #expect(sum == plane(name, results, "∂").elements, "\(name.text)") }
    }

    @Test(arguments: layers.indices)
    func weightRule(_ number: Int) throws {
        let layer = Self.layers[number]
        let graph = try layer.graph()
        var equations = try Equations(of: graph)
        let flow = try FlowGraph(of: graph, signals: ["V", "B"])
        for (place, expected) in try equations.gradient(of: "W").enumerated() {
            let terms = try flow.terms(of: try equations.name(of: "W", at: place))
            let sum = terms.map { $0.product }.reduce(Symbol(0), +)
            #expect(sum.expression.text == expected.right.text)
        }
    }

    /// The example's four-term sum, read at the end of the transpose where the weights are the signals.
    @Test func question() throws {
        let graph = try LayerGeometry.question.graph()
        let there = try FlowGraph(of: graph, signals: ["W"])
        let symbols = try there.transposed().symbols()
        #expect(symbols[0].expression.text == "∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5")
        let other = try FlowGraph(of: graph, signals: ["V"])
        #expect(other.edges.count { $0.gain != nil } == 16)
        #expect(other.nodes.count { $0.kind == .sum } == 4)
        #expect(other.nodes.count { $0.kind == .branch } == 5)
        #expect(other.transposed().nodes.count { $0.kind == .sum } == 5)
    }

    @Test func functions() throws {
        let graph = try Graph { g -> [(String, Value)] in
            let h = g.input("I", [1, 2], .float64)
                .contracted(g.input("W", [2, 2], .float64), "ni", "ih", "nh")
            return [("H", h), ("A", h.logistic()), ("R", h.relu())]
        }
        let values = ["I": Tensor.integers([1, 2], seed: 1), "W": Tensor.integers([2, 2], seed: 2)]
        let there = try FlowGraph(of: graph, signals: ["I"], values: values)
        #expect(there.nodes.contains { if case .function(.logistic, _) = $0.kind { true } else { false } })
        let back = there.transposed()
        #expect(back.transposed() == there)
        let cotangents = ["∂H", "∂A", "∂R"].indices.map { Tensor.integers([1, 2], seed: 3 + $0) }
        let bindings = values.merging(zip(["∂H", "∂A", "∂R"], cotangents)) { $1 }
        let expected = try graph.vjp(of: ["I"]).evaluated(bindings)["∂I"]!.doubles
        let inputs = back.nodes.indices.filter { back.nodes[$0].kind == .input }
        let entries = cotangents.flatMap { $0.doubles }
        let signals = try back.signals(
            from: { FlowGraph.Signal(shape: [], elements: [entries[inputs.firstIndex(of: $0)!]]) },
            gain: { $0.number })
        let got = back.nodes.indices.filter { back.nodes[$0].kind == .output }.flatMap { signals[$0].elements }
        for (a, b) in zip(got, expected) { #expect((a - b).magnitude < 1e-12) }
        #expect(got.count == expected.count)
    }

    @Test func whatIsNoSumOfSignals() throws {
        let graph = try LayerGeometry.question.graph()
        #expect(throws: ArgumentError.self) { try FlowGraph(of: graph, signals: ["V", "W"]) }
        let large = LayerGeometry(input: [64, 64], kernel: [2, 2])
        #expect(throws: ArgumentError.self) { try FlowGraph(of: large.graph(), signals: ["V"]) }
        var pool = LayerGeometry(input: [4, 4], kernel: [2, 2])
        for (kind, channels) in [(LayerGeometry.Pool.max, 1), (.max, 3), (.average, 1), (.average, 3)] {
            (pool.pool, pool.channels) = (kind, channels)
            let error = #expect(throws: ArgumentError.self) { try FlowGraph(operatorsOf: pool, drawing: 0) }
            #expect(error?.expected == "a convolution")
        }
    }
}
