import AdjointGradients
import AdjointGraphs

/// Layers one after the other, an energy Σ y·u of their result, its gradient, and whatever else a case needs.
struct Chain: Codable, Hashable {
    /// An operation on the chain's value.
    enum Link: Codable, Hashable {
        case layer(Layer)
        case bias
        /// The rectifier of x + offset, which keeps small integers away from the kink.
        case relu(offset: Double)
        case clamp(offset: Double)
        case leaky(offset: Double)
        case tanh, silu
        /// A maximum of x with numbers added that differ within a window.
        case maxPool(kernel: [Int], stride: [Int], padding: Int, spacing: Double)
        /// A mean of windows with a power of two of elements.
        case averagePool(kernel: [Int], stride: [Int])
        /// Adds the input of the last layer.
        case residual
        case standardize
        /// The value twice, side by side along the channels.
        case doubled
        case reverse(axis: Int)
        case cropped
        case surrounded
        case dense(features: Int)
        /// One of `Function.all`.
        case function(String)
    }

    /// The way in which filters and biases are stored.
    enum Holding: String, Codable { case inputs, prepared, updated, exchanged }

    var seed: UInt64
    var input: [Int]
    var links: [Link]
    /// Whether numbers are small integers, so that sums are exact in any order.
    var isIntegral: Bool
    var isSecondOrder = false
    var holding = Holding.inputs

    var isSingleLayer: Bool { links.count == 1 }
}

extension Chain {
    /// The chain's value and its parameters, by name in the order of use.
    private func forward(_ g: GraphBuilder) -> (y: Value, parameters: [(name: String, shape: Shape)]) {
        var x = g.input("x", Shape(input))
        var last = x
        var parameters: [(name: String, shape: Shape)] = []
        func parameter(_ shape: Shape) -> Value {
            parameters.append(("p\(parameters.count)", shape))
            return g.input(parameters[parameters.count - 1].name, shape)
        }
        for link in links {
            let axes = Array(2..<max(2, x.shape.rank))
            switch link {
            case .layer(let layer):
                last = x
                x = layer(x, parameter(layer.filterShape(channels: x.shape.rank > 1 ? x.shape[1] : 0)))
            case .function(let name):
                guard axes.count >= 1, let y = Function.named(name)?.apply(x) else { continue }
                x = y
            case .bias: x = x.adding(bias: parameter([x.shape.rank > 1 ? x.shape[1] : 0]))
            case .relu(let offset): x = (x + offset).relu()
            case .clamp(let offset): x = (x + offset).maximum(g.constant(-2)).minimum(g.constant(2))
            case .leaky(let offset): x = (x + offset).leakyReLU(slope: 0.5)
            case .tanh: x = x.tanh()
            case .silu: x = x.silu()
            case .maxPool(let kernel, let stride, let padding, let spacing):
                guard kernel.count == axes.count else { continue }
                let sizes = Array(x.shape.sizes.dropFirst(2))
                let numbers = Chain.different(sizes, period: 4)
                let added = Tensor(known: Shape(sizes), .float32(numbers.map { Float(Double($0) * spacing) }))
                x = (x + g.constant(added)).maxPooled(
                    PerAxis(kernel), stride: PerAxis(stride), padding: .uniform(padding))
            case .averagePool(let kernel, let stride):
                guard kernel.count == axes.count else { continue }
                x = x.averagePooled(PerAxis(kernel), stride: PerAxis(stride))
            case .residual: if last.shape == x.shape { x = x + last }
            case .standardize:
                let scale = parameter([x.shape.rank > 1 ? x.shape[1] : 0])
                let shift = parameter(scale.shape)
                x = x.standardized(over: [0] + axes, epsilon: 1e-3).scaled(by: scale, shift: shift)
            case .doubled: x = .concatenated([x, x.relu()])
            case .reverse(let axis): if axis < x.shape.rank { x = x.reversed([axis]) }
            case .cropped:
                if axes.allSatisfy({ x.shape[$0] > 2 }) {
                    x = x.sliced(
                        from: x.shape.sizes.indices.map { $0 < 2 ? 0 : 1 },
                        to: x.shape.sizes.indices.map { $0 < 2 ? x.shape[$0] : x.shape[$0] - 1 })
                }
            case .surrounded:
                x = x.padded(
                    before: x.shape.sizes.indices.map { $0 < 2 ? 0 : 1 }, after: x.shape.sizes.indices.map { _ in 0 })
            case .dense(let features):
                x = x.flattened().contracted(
                    parameter([features, x.shape.sizes.dropFirst().reduce(1, *)]), "nc", "fc", "nf")
            }
        }
        return (x, parameters)
    }

    /// The shape of the result; nil where the links do not fit.
    var result: [Int]? {
        let graph = try? Graph { g in forward(g).y }
        return graph.map { $0.nodes[$0.outputs[0].node].shape.sizes }
    }

    /// For each position a number that differs from those of all neighbours within a window of `period`.
    private static func different(_ sizes: [Int], period: Int) -> [Int] {
        (0..<sizes.reduce(1, *)).map { place in
            var (rest, number, factor) = (place, 0, 1)
            for size in sizes.reversed() {
                number += rest % size % period * factor
                factor *= period
                rest /= size
            }
            return number
        }
    }

    /// - Throws: where the links do not fit.
    func problem() throws -> Problem {
        var parameters: [(name: String, shape: Shape)] = []
        let energy = try Graph { g in
            let (y, found) = forward(g)
            parameters = found
            return [("y", y), ("energy", (y * g.input("u", y.shape)).sum())]
        }
        let names = ["x"] + parameters.map { $0.name }
        var graph =
            holding == .prepared ? energy.keeping(["y"]) : try energy.valueAndGradient(of: names, output: "energy")
        if isSecondOrder, holding == .inputs { graph = try secondOrder(graph, names) }
        var updates: [String: String] = [:]
        let states = holding == .inputs ? [] : parameters.map { $0.name }
        if holding == .updated || holding == .exchanged { (graph, updates) = try updating(graph, parameters) }
        var problem = Problem(
            graph: graph, inputs: numbers(for: graph), others: numbers(for: graph, salt: 1),
            states: states
                + updates.values
                .filter { !states.contains($0) }.sorted(), updates: updates, isIntegral: isIntegral,
            share: isSingleLayer ? 1e-4 : 1e-3)
        problem.hasKinks = finest < 0x1p-8
        return problem
    }

    /// The least distance of numbers from a kink.
    private var finest: Double {
        links.reduce(1) { finest, link in
            switch link {
            case .relu(let offset), .clamp(let offset), .leaky(let offset): min(finest, offset)
            case .maxPool(_, _, _, let spacing): min(finest, spacing)
            // It has a rectifier whose numbers may be near 0.
            case .doubled: 0
            case .function(let name): Function.named(name)?.hasKink == true ? 0 : finest
            default: finest
            }
        }
    }

    /// The gradient of Σ ∂·v, where v is an input for each first derivative, beside all other outputs.
    private func secondOrder(_ graph: Graph, _ names: [String]) throws -> Graph {
        let products = try Graph { g in
            let values = g.inline(graph)
            var sum = g.constant(0)
            for name in names {
                guard let output = graph.output(named: derivativeName(name)) else { continue }
                let value = values[output.node]
                sum = sum + (value * g.input("v " + name, value.shape)).sum()
            }
            return graph.outputs.map { ($0.name, values[$0.node]) } + [("products", sum)]
        }
        return try products.valueAndGradient(of: names + ["u"], output: "products")
    }

    /// A step of descent with momentum on all parameters, or two parameters that are exchanged.
    private func updating(
        _ graph: Graph, _ parameters: [(name: String, shape: Shape)]
    ) throws -> (Graph, [String: String]) {
        var updates: [String: String] = [:]
        let stepped = try Graph { g in
            let values = g.inline(graph)
            var outputs = graph.outputs.map { ($0.name, values[$0.node]) }
            for parameter in parameters {
                guard let gradient = graph.output(named: derivativeName(parameter.name)),
                    let old = graph.input(named: parameter.name)
                else { continue }
                let momentum = g.input("m " + parameter.name, parameter.shape)
                let velocity = momentum * 0.5 + values[gradient.node]
                let step = velocity * (isIntegral ? 0x1p-14 : 0.01)
                outputs.append(("new " + parameter.name, values[old.node] - step))
                outputs.append(("new m " + parameter.name, velocity))
                updates["new " + parameter.name] = parameter.name
                updates["new m " + parameter.name] = "m " + parameter.name
                if holding == .exchanged {
                    let (a, b) = (
                        g.input("a " + parameter.name, parameter.shape), g.input("b " + parameter.name, parameter.shape)
                    )
                    outputs += [("new a " + parameter.name, b), ("new b " + parameter.name, a.reversed([0]))]
                    updates["new a " + parameter.name] = "a " + parameter.name
                    updates["new b " + parameter.name] = "b " + parameter.name
                }
            }
            return outputs
        }
        return (stepped, updates)
    }

    /// Numbers for all inputs; in a chain, filters are sparse, so that sums stay small from layer to layer.
    private func numbers(for graph: Graph, salt: UInt64 = 0) -> [String: Tensor] {
        var numbers: [String: Tensor] = [:]
        for (place, input) in graph.inputs.enumerated() {
            var dice = Dice(seed: seed &* 31 &+ salt &* 7919 &+ UInt64(place))
            let fan = max(1, input.shape.sizes.dropFirst().reduce(1, *))
            let isFilter = input.name.hasPrefix("p") && input.shape.rank > 1
            let isSparse = !isSingleLayer && (isFilter || input.name == "u")
            let density = isFilter ? min(1, 8 / Double(fan)) : 0.25
            let threshold = UInt64(density * 0x1p32)
            let scale = Float(isFilter ? (3 / Double(fan)).squareRoot() : 1)
            numbers[input.name] = Tensor(
                known: input.shape,
                .float32(
                    (0..<input.shape.count).map { _ in
                        let bits = dice.bits()
                        if !isIntegral { return (Float(bits >> 40) * 0x1p-23 - 1) * scale }
                        if isSparse { return bits & 0xFFFF_FFFF >= threshold ? 0 : bits >> 63 == 0 ? 1 : -1 }
                        return Float(Int(bits >> 33) % 5 - 2)
                    }))
        }
        return numbers
    }
}
