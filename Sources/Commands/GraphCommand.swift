import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import AdjointModels

private let form = Option(
    "--as", "FORM", "text, dot (Graphviz), mermaid or svg (text)", .oneOf("text", "dot", "mermaid", "svg"))
private let zoom = Option(
    "--zoom", "ZOOM", "scalars or operators of a --layer, layers of a model, nodes (what is computed)",
    .oneOf("scalars", "operators", "layers", "nodes"))
private let signal = Option(
    "--signal", "LETTER", "V or W: which of the two runs through the scalars of a --layer, the other is gain (V)",
    .oneOf("V", "W"))
private let selected = Option(
    "--select", "ELEMENT", "the one that is drawn bold, of a --layer: W1, V5, w[0,0,1,1]", .text("an element"))
private let out = Option("--out", "FILE", "writes it to a file", .text("a file"))

extension Flag {
    fileprivate static let gradient = Flag(
        "--gradient", "of the loss with respect to every parameter, or the graph's transpose")
    fileprivate static let layer = Flag("--layer", "a single layer, told by the options below, instead of a model")
}

extension Command {
    static let graph: Command = Command(
        name: "graph", summary: "draws the graph of a model or a layer, or that of its gradient",
        operands: [Operand.model],
        options: [Flag.gradient, form, zoom, out, Option.model, Option.weights, Flag.layer, signal, selected]
            + LayerOptions.all + ValueOptions.all
    ) { arguments in
        if let path = arguments[out] { try Files.checkWritable(path) }
        let drawing = arguments[Flag.layer] ? try layerDrawing(arguments) : try modelDrawing(arguments)
        let text = drawing.text(arguments[form] ?? "text")
        guard let path = arguments[out] else { return print(text) }
        try Files.writeSafely(Array((text + "\n").utf8), to: path)
    }

    private static func modelDrawing(_ arguments: Arguments) throws -> GraphDrawing {
        let network = try Model(try arguments.modelName(), weights: arguments[.weights]).network
        let isGradient = arguments[Flag.gradient]
        switch arguments[zoom] ?? (arguments[form] ?? "text" == "text" ? "nodes" : "layers") {
        case "nodes":
            return try .nodes(
                isGradient
                    ? network.lossGradient()
                    : network.isClassifier
                        ? network.inferenceGraph(batch: 1) : network.graph(.inference))
        case "layers":
            return .flow(network.flow(), isGradient: isGradient, selected: nil)
        default:
            throw arguments.failure("--zoom: expected layers or nodes of a model, given \"\(arguments[zoom] ?? "")\"")
        }
    }

    private static func layerDrawing(_ arguments: Arguments) throws -> GraphDrawing {
        var layer = try LayerOptions.geometry(arguments)
        // A bias that is selected needs a layer with a bias.
        layer.hasBias = arguments[selected]?.lowercased().hasPrefix("b") == true && layer.pool == nil
        let values = try ValueOptions.tensors(arguments, for: &layer)
        let graph = try layer.graph()
        let isGradient = arguments[Flag.gradient]
        let signal = arguments[signal] ?? "V"
        var name: Name?
        var weight = 0
        if let text = arguments[selected] {
            do throws(ArgumentError) {
                let selection = try Selection(parsing: text, among: layer.shapes())
                name = try Naming(for: Array(layer.shapes().values)).name(
                    selection.name, at: selection.place, of: layer.shapes()[selection.name] ?? [])
                if selection.name == "W" { weight = selection.place }
            } catch {
                throw arguments.failure("--select: expected \(error.expected), given \(error.given)")
            }
        }
        func flow(_ flow: FlowGraph) -> GraphDrawing {
            .flow(flow, isGradient: isGradient, selected: name)
        }
        switch arguments[zoom] ?? "scalars" {
        case "nodes":
            return .nodes(isGradient ? try graph.vjp(of: graph.inputs.map { $0.name }) : graph)
        case "operators":
            return flow(try FlowGraph(operatorsOf: layer, drawing: weight, values: values))
        case "layers":
            throw arguments.failure("--zoom: expected scalars, operators or nodes of a layer, given \"layers\"")
        default:
            guard graph.input(named: signal) != nil else {
                throw arguments.failure("--signal: expected V for a layer without filter, given \"\(signal)\"")
            }
            return flow(try FlowGraph(of: graph, signals: [signal, "B"], values: values))
        }
    }
}

/// The graph that the command draws.
private enum GraphDrawing {
    /// The graph that the engine computes, node by node.
    case nodes(Graph)
    case flow(FlowGraph, isGradient: Bool, selected: Name?)

    func text(_ form: String) -> String {
        switch self {
        case .nodes(let graph):
            switch form {
            case "text": return graph.description
            case "mermaid": return FlowGraph(nodesOf: graph).mermaid
            case "dot": return FlowGraph(nodesOf: graph).dot
            default: return FlowGraph(nodesOf: graph).picture().svg()
            }
        case .flow(let flow, let isGradient, let selected):
            let shown = isGradient ? flow.transposed() : flow
            switch form {
            case "text": return shown.text
            case "mermaid": return shown.mermaid
            case "dot": return shown.dot
            default: return flow.picture(besideTranspose: isGradient, selecting: selected).svg()
            }
        }
    }
}

extension Network {
    /// The gradient of the loss with respect to every trained parameter.
    fileprivate func lossGradient() throws(ArgumentError) -> Graph {
        if isClassifier { return try lossGraph(batch: 1).gradient(of: trained, output: "loss") }
        guard let loss else {
            throw ArgumentError("graph", "loss", expected: "one of the network's values", given: "none")
        }
        return try graph(.training).gradient(of: trained, output: loss)
    }

    /// The layers as a signal-flow graph: a network's additions are sums, everything else is a box.
    fileprivate func flow() -> FlowGraph {
        var sketch = FlowSketch()
        var places: [String: Int] = [:]
        for input in inputs { places[input.name] = sketch.add(.input, named: Name(input.name)) }
        for (step, count) in zip(steps, counts) {
            let shape = count.shape
            let sizes = shape.sizes.map { String($0) }.joined(separator: "×")
            let kind: FlowGraph.Kind
            if step.operation.name == "add", step.inputs.count == 2 {
                kind = .sum
            } else if step.operation.isActivation, step.operation.parameterPrefix == nil {
                kind = .box(step.operation.name + "(a)", transposed: "× " + step.operation.name + "′(a)")
            } else {
                let name = (step.operation.parameterPrefix.map { $0 + ": " } ?? "") + step.operation.name
                kind = .box("\(name) → \(sizes)", transposed: name + "ᵀ")
            }
            let last = sketch.add(kind)
            for input in step.inputs { if let source = places[input] { sketch.connect(source, to: last) } }
            places[step.output] = last
        }
        for output in outputs + (loss.map { outputs.contains($0) ? [] : [$0] } ?? []) {
            guard let place = places[output] else { continue }
            sketch.connect(place, to: sketch.add(.output, named: Name(isClassifier ? "logits" : output)))
        }
        return sketch.graph(name)
    }
}
