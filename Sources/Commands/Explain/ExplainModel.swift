import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import AdjointPlans

private let data = Option("--data", "DIR", "of a MODEL: the pictures, a folder or digits", .text("a folder"))
private let example = Option("--example", "N", "of a MODEL: which picture of the test set (0)", .whole(from: 0))
private let top = Option("--top", "K", "of a MODEL: the K largest gradients of the parameter (10)", .wholeAboveZero)

/// The operand and the options by which `explain` is asked about a network.
enum ModelOptions {
    static let operand = Operand(
        "MODEL", "a trained network instead: FILE.safetensors, or FILE.json or a name with --weights",
        .text("a model"), isRequired: false)
    static let options: [any Parameter] = [data, example] + ExplainedElement.options + [top, Option.weights]
}

/// Explains the gradient of one parameter of a trained network on one picture.
///
/// - Parameter exactProducts: of a larger network, in multiply-adds a picture, numbers are computed in Float.
func explainModel(
    _ arguments: Arguments, exactProducts: Int = ModelExplanation.exactProducts
) throws -> ModelExplanation {
    guard let name = arguments[ifGiven: ModelOptions.operand] else {
        throw arguments.failure("MODEL: expected a model, given nothing")
    }
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
    return try ModelExplanation(
        of: asked, in: model.network, bindings,
        example: "Picture \(number) of \(printable(folder)), class "
            + (label < source.classNames.count ? source.classNames[label] : "\(label)"),
        top: arguments[top], exactProducts: exactProducts)
}

/// A network's gradient on one picture, taken apart.
struct ModelExplanation {
    let explanation: Explanation
    /// All terms, by `ModelExplanation.json`'s names.
    let json: JSON
    /// For a terminal: maps of characters stand for the pictures.
    let text: String

    /// - Parameter top: how many of the largest gradients; unless given ten, and only where no element is asked for.
    init(
        of asked: ExplainedElement, in network: Network, _ bindings: [String: Tensor], example: String, top: Int?,
        exactProducts: Int
    ) throws {
        let isLarge = network.flops / 2 > exactProducts
        let graph = try network.explainedGraph(batch: 1, type: isLarge ? .float32 : .float64)
        let gradient = try ParameterGradient(
            of: asked.parameter, in: graph, output: "cross-entropy", layers: network.steps.map { $0.output },
            bindings: bindings, evaluate: isLarge ? computed : Graph.byDefinition)
        var labels: [String: String] = [:]
        for step in network.steps {
            let kind = step.operation.name
            labels[step.output] = step.operation.parameterPrefix.map { "\($0) (\(kind))" } ?? kind
        }
        let known = labels
        let way = Explanation.Section(gradient.passages) { known[$0] ?? "" }

        let error = "E = \(rounded(gradient.error, digits: 6)): \(Self.error)"
        let precision = isLarge ? Self.inFloat : Self.inDouble
        var sections = [
            Explanation.Section("The example", view: .windows, [.line(example), .line(error), .line(precision)])
        ]
        var texts = [example + "\n" + error + "\n" + precision]
        // The largest gradient is looked at where nothing else is asked for.
        let element = asked.element ?? (top == nil ? gradient.largest(1).first : nil)
        var members: [(String, JSON)] = [
            ("network", .string(network.name)), ("parameter", .string(asked.parameter)),
            ("error", .number(gradient.error)),
        ]
        if let element {
            let contributions = try gradient.contributions(to: element)
            members.append(("contributions", contributions.json))
            sections.append(Explanation.Section(contributions))
            texts.append(contributions.text())
        }
        if asked.element == nil || top != nil {
            let largest = try Explanation.Section(largest: min(top ?? 10, asked.shape.count), of: gradient)
            sections.append(largest)
            texts.append(Self.text(largest))
        }
        if asked.element == nil || top != nil {
            members.append(
                ("largest", .array(gradient.largest(top ?? 10).map { gradient.json(of: $0) })))
        }
        members.append(("layers", .array(gradient.passages.map { $0.json(label: labels[$0.layer] ?? "") })))
        json = .object(JSON.Object(members))
        sections.append(way)
        texts.append(Self.text(way))
        explanation = Explanation("The gradient of \(asked.parameter) in \(network.name)", sections: sections)
        text = texts.joined(separator: "\n\n")
    }

    private static let error =
        "−log p of its class, by the network in use (running statistics, nothing dropped out)"
    private static let inDouble = "Every number is computed in Double, by definition."
    private static let inFloat =
        "The network is large: its numbers are computed in Float by a plan, exactly as defined but for rounding, and the terms "
        + "are summed in Double."

    /// As many multiply-adds a picture as Evaluate takes about a second for.
    static let exactProducts = 200_000_000

    /// What of a section a terminal shows.
    private static func text(_ section: Explanation.Section) -> String {
        let blocks = section.blocks.filter { if case .picture = $0 { false } else { true } }
        return Explanation("", sections: [Explanation.Section(section.title, view: section.view, blocks)]).text()
    }
}

/// The outputs of a graph, by a compiled plan without algorithms that round what the definition does not.
func computed(_ graph: Graph, _ bindings: [String: Tensor]) throws(ArgumentError) -> [String: Tensor] {
    try graph.compiled(options: PlanOptions(isExact: true)).results(bindings)
}
