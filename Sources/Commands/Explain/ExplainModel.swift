import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import AdjointPlans

private let data = Option("--data", "DIR", "of a MODEL: the pictures, a folder or digits", .text("a folder"))
private let example = Option("--example", "N", "of a MODEL: which picture of the test set (0)", .whole(from: 0))
private let top = Option("--top", "K", "of a MODEL: the K largest gradients of the parameter (10)", .wholeAboveZero)

/// The operand and the options of `explain` for a network.
enum ModelOptions {
    static let operand = Operand(
        "MODEL", "a trained network instead: FILE.safetensors, or FILE.json or a name with --weights",
        .text("a model"), isRequired: false)
    static let options: [any Parameter] =
        [data, example, ModelInputs.option, ModelInputs.training] + ExplainedElement.options + [top, Option.weights]
}

/// Explains the gradient of one parameter of a network: of a classifier on one picture, of other networks on given inputs.
///
/// - Parameter exactProducts: the most multiply-adds of a network that is computed in Double; larger ones are in Float.
func explainModel(
    _ arguments: Arguments, exactProducts: Int = ModelExplanation.exactProducts
) throws -> ModelExplanation {
    guard let name = arguments[ifGiven: ModelOptions.operand] else {
        throw arguments.failure("MODEL: expected a model, given nothing")
    }
    if !Zoo.names.contains(name) {
        let model = try Model(name, weights: arguments[.weights])
        let isGeneral = !model.network.isClassifier || arguments[ModelInputs.option] != nil
        if isGeneral { return try explain(model, name, arguments, exactProducts) }
    }
    try arguments.refuse(
        [ModelInputs.option, ModelInputs.training, seed], expected: "--inputs, or a MODEL that is no classifier,")
    guard let folder = arguments[data] else { throw arguments.failure("--data: expected a folder, given nothing") }
    let isNamed = Zoo.names.contains(name)
    var model = isNamed ? nil : try Model(name, weights: arguments[.weights])
    let source = try Data(folder, normalization: model?.normalization)
    let test = try source.testSet()
    let number = arguments[example] ?? 0
    guard number < test.count else {
        throw arguments.failure("--example: expected a number below the \(test.count) pictures, given \"\(number)\"")
    }
    if isNamed { model = try Model(name, weights: arguments[.weights], input: test.shape, classes: test.classes) }
    guard let model else { throw arguments.failure("MODEL: expected a model, given \"\(name)\"") }
    let parameters = try model.finiteParameters(arguments)
    let asked = try ExplainedElement(arguments, in: model.network)
    try test.check(for: model.network)
    var bindings: [String: Tensor] = [:]
    for (name, tensor) in try model.network.matched(parameters) { bindings[name] = tensor }
    bindings[InputName.images] = try test.images(number..<number + 1)
    bindings[InputName.labels] = try Tensor([1], [test.labels[number]])
    let label = Int(test.labels[number])
    let network = model.network
    return try ModelExplanation(
        of: asked, in: network, bindings,
        example: [
            "Picture \(number) of \(printable(folder)), class "
                + (label < source.classNames.count ? source.classNames[label] : "\(label)")
        ],
        error: "−log p of its class, by the network in use (running statistics, nothing dropped out)",
        top: arguments[top], exactProducts: exactProducts
    ) { type throws(ArgumentError) in (try network.explainedGraph(batch: 1, type: type), "cross-entropy") }
}

/// The gradient of a network's loss.
private func explain(
    _ model: Model, _ path: String, _ arguments: Arguments, _ exactProducts: Int
) throws -> ModelExplanation {
    try arguments.refuse([data, example], expected: "a MODEL that is a classifier, and no --inputs,")
    let network = model.network
    let asked = try ExplainedElement(arguments, in: network, takesInputs: true)
    let isTraining = arguments[ModelInputs.training]
    let mode: Mode = isTraining ? .training : .inference
    let inputs = try ModelInputs(
        model, path, try named(path) { try network.graph(mode, values: []) }, arguments)
    let error = network.loss ?? "the sum of \(network.outputs.first ?? "the output"), as the network has no loss"
    return try ModelExplanation(
        of: asked, in: network, inputs.bindings, example: inputs.sentences,
        error: error
            + (isTraining
                ? ", by the network in training (statistics of the batch)"
                : ", by the network in use (running statistics, nothing dropped out)"),
        top: arguments[top], exactProducts: exactProducts
    ) { type throws(ArgumentError) in try network.explainedGraph(mode, type: type) }
}

/// An explanation of a network's gradient on one picture.
struct ModelExplanation {
    let explanation: Explanation
    /// All terms, with the names of `ModelExplanation.json`.
    let json: JSON
    /// The text for a terminal, with maps of characters in place of pictures.
    let text: String

    /// - Parameters:
    ///   - example: sentences about the example on which the gradient is computed.
    ///   - error: what E is.
    ///   - top: how many of the largest gradients to list; by default ten, and only where no element is asked for.
    ///   - written: the network as a graph, and the name of its output E.
    init(
        of asked: ExplainedElement, in network: Network, _ bindings: [String: Tensor], example: [String], error: String,
        top: Int?, exactProducts: Int, written: (ElementType) throws(ArgumentError) -> (graph: Graph, error: String)
    ) throws {
        let isLarge = network.flops / 2 > exactProducts
        let (graph, output) = try written(isLarge ? .float32 : .float64)
        let gradient = try SharedGradient(
            of: asked.parameter, in: graph, output: output, layers: network.steps.map { $0.output },
            bindings: bindings, evaluate: isLarge ? computed : Graph.byDefinition)
        let labels = network.labels
        let lines =
            example + [
                "E = \(rounded(gradient.error, digits: 6)): \(error)", isLarge ? Self.inFloat : Self.inDouble,
            ]
        var sections = [Explanation.Section("The example", view: .windows, lines.map { .line($0) })]
        var texts = [lines.joined(separator: "\n")]
        func add(_ section: Explanation.Section) {
            sections.append(section)
            texts.append(Self.text(section))
        }
        // Without a choice, the largest gradient is explained.
        let element = asked.element ?? (top == nil ? gradient.largest(1).first : nil)
        var members: [(String, JSON)] = [
            ("network", .string(network.name)), ("parameter", .string(asked.parameter)),
            ("error", .number(gradient.error)),
        ]
        if let element {
            if gradient.shares.count > 1 { add(Explanation.Section(gradient, at: element) { labels[$0] ?? "" }) }
            let shares = try Shares(of: gradient, at: element, labels)
            sections += shares.sections
            texts += shares.texts
            members.append(shares.member)
        }
        if asked.element == nil || top != nil {
            let count = min(top ?? 10, asked.shape.count)
            add(
                gradient.shares.count == 1
                    ? try Explanation.Section(largest: count, of: gradient.shares[0])
                    : Explanation.Section(largest: count, of: gradient))
            members.append(("largest", .array(gradient.largest(count).map { gradient.json(of: $0) })))
        }
        let passages = gradient.shares.reduce([]) { $0.count < $1.passages.count ? $1.passages : $0 }
        members.append(("layers", .array(passages.map { $0.json(label: labels[$0.layer] ?? "") })))
        json = .object(JSON.Object(members))
        add(Explanation.Section(passages) { labels[$0] ?? "" })
        explanation = Explanation("The gradient of \(asked.parameter) in \(network.name)", sections: sections)
        text = texts.joined(separator: "\n\n")
    }

    private static let inDouble = "Every number is computed in Double, by definition."
    private static let inFloat =
        "The network is large: its numbers are computed in Float by a plan, exactly as defined but for rounding, and the terms "
        + "are summed in Double."

    /// About as many multiply-adds for a picture as Evaluate does in a second.
    static let exactProducts = 200_000_000

    /// The part of a section that a terminal can show: all but the pictures.
    private static func text(_ section: Explanation.Section) -> String {
        let blocks = section.blocks.filter { if case .picture = $0 { false } else { true } }
        return Explanation("", sections: [Explanation.Section(section.title, view: section.view, blocks)]).text()
    }
}

/// The outputs of a graph, by a compiled plan without algorithms that round what the definition does not.
func computed(_ graph: Graph, _ bindings: [String: Tensor]) throws(ArgumentError) -> [String: Tensor] {
    try graph.compiled(options: PlanOptions(isExact: true)).results(bindings)
}

/// The share of each use of a parameter in the gradient of one of its elements, the largest first.
private struct Shares {
    private(set) var sections: [Explanation.Section] = []
    private(set) var texts: [String] = []
    let member: (String, JSON)

    /// The most shares whose terms are shown.
    private static let shown = 3

    init(of gradient: SharedGradient, at element: [Int], _ labels: [String: String]) throws {
        let isShared = gradient.shares.count > 1
        var all: [(layer: String, contributions: JSON)] = []
        for (rank, share) in gradient.ranked(at: element).enumerated() {
            let (layer, contributions) = (share.layer(), try share.contributions(to: element))
            all.append((layer, contributions.json))
            guard rank < Self.shown else { continue }
            sections.append(Explanation.Section(contributions))
            let title = isShared ? "What \(layer)\(labels[layer].map { ", \($0)," } ?? "") adds: " : ""
            texts.append(title + contributions.text())
        }
        let shares = all.map { share -> JSON in
            [
                "output": .string(share.layer), "layer": .string(labels[share.layer] ?? ""),
                "contributions": share.contributions,
            ]
        }
        member = isShared ? ("shares", .array(shares)) : ("contributions", all.first?.contributions ?? .null)
    }
}

extension Network {
    /// The layer of each value with its operation, `conv1 (conv2d)`, by the value's name.
    fileprivate var labels: [String: String] {
        var labels: [String: String] = [:]
        for step in steps {
            let kind = step.operation.name
            labels[step.output] = step.operation.parameterPrefix.map { "\($0) (\(kind))" } ?? kind
        }
        return labels
    }
}
