import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels

private let part = Option(
    "--of", "PART", "filter, input, bias, output or all (all)", .oneOf("filter", "input", "bias", "output", "all"))
private let selected = Option(
    "--select", "ELEMENT", "the one to look at: W1, or w[k,c,r,s] from 0; V5, G2, B1 (W1)", .text("an element, as W1"))
private let view = Option(
    "--view", "VIEW", "equations, windows, sharing, convolution, flow, check or all (all)",
    .oneOf("equations", "windows", "sharing", "convolution", "flow", "check", "all"))
private let form = Option(
    "--as", "FORM", "text, markdown, latex, html, svg or json (text)",
    .oneOf("text", "markdown", "latex", "html", "svg", "json"))
private let out = Option("--out", "FILE", "writes it to a file; LaTeX as a whole document", .text("a file"))
private let dense = Option(
    "--dense", "SIZES", "a fully connected net instead: 2,2,1 has 2 inputs, 2 hidden units and 1 output",
    Reading(expected: "two or more sizes above 0, as 2,2,1") { text in
        numbers(text, separator: ",", from: 1).flatMap { $0.count > 1 ? $0 : nil }
    })
private let activation = Option(
    "--activation", "NAME", "of a --dense net: sigmoid, relu, identity, … (sigmoid)", .text("an activation"))

extension Command {
    static let explain: Command = Command(
        name: "explain",
        summary:
            "derives the gradients of a layer (of a 2x2 filter on a 3x3 input unless told otherwise), or of any network",
        operands: [ModelOptions.operand],
        options: LayerOptions.all + [part, selected] + ValueOptions.all + [view, form, out, dense, activation]
            + ModelOptions.options
    ) { arguments in
        let views = arguments[view].flatMap { Explanation.View(rawValue: $0) }.map { [$0] } ?? Explanation.View.allCases
        let form = arguments[form] ?? "text"
        if let path = arguments[out] { try Files.checkWritable(path) }
        let explanation: Explanation
        let ofLayers = LayerOptions.all + [part, view] + ValueOptions.ofLayers
        if arguments[ifGiven: ModelOptions.operand] != nil {
            try arguments.refuse(ofLayers + [dense, activation], expected: "no MODEL")
            let explained = try explainModel(arguments)
            if form == "text" { return try write(explained.text, to: arguments[out]) }
            if form == "json" { return try write(explained.json.serialized(), to: arguments[out]) }
            explanation = explained.explanation
        } else if let sizes = arguments[dense] {
            try arguments.refuse(ofLayers + [seed, selected], expected: "no --dense")
            try arguments.refuse(ModelOptions.options, expected: "a MODEL")
            explanation = try denseNet(sizes, arguments)
        } else {
            try arguments.refuse(ModelOptions.options, expected: "a MODEL")
            try arguments.refuse([activation], expected: "--dense")
            explanation = try layer(
                arguments, form == "json" ? [.equations] : views, detail: form == "json" ? .whole : .readable)
        }
        try write(explanation, form, to: arguments[out])
    }

    private static func layer(
        _ arguments: Arguments, _ views: [Explanation.View], detail: Explanation.Detail
    ) throws -> Explanation {
        var geometry = try LayerOptions.geometry(arguments)
        let asked = arguments[part]
        let named = arguments[part].flatMap { LayerGeometry.Part(rawValue: $0) }
        if named == .bias || arguments[selected]?.lowercased().hasPrefix("b") == true {
            geometry.hasBias = geometry.pool == nil
        }
        let values = try ValueOptions.tensors(arguments, for: &geometry)
        var part = named
        var selection: Selection?
        if let text = arguments[selected] {
            do throws(ArgumentError) {
                selection = try Selection(parsing: text, among: geometry.shapes())
            } catch {
                guard error.operation == "selection" else { throw error }
                throw arguments.failure("--select: expected \(error.expected), given \(error.given)")
            }
            let own = geometry.parts.first { $0.letter == selection?.name }
            if let named, named != own {
                throw arguments.failure(
                    "--select: expected an element of the \(named.rawValue), as \(named.letter)1, given \"\(text)\"")
            }
            if asked != "all" { part = own }
        }
        if let part, !geometry.parts.contains(part) {
            throw arguments.failure("--of: expected a part that a pool has, input or output, given \(part.rawValue)")
        }
        return try Explanation(
            of: geometry, parts: part.map { [$0] }, selecting: selection, views: views, values: values, detail: detail)
    }

    private static func denseNet(_ sizes: [Int], _ arguments: Arguments) throws -> Explanation {
        let names = Activation.names + ["identity"]
        let name = arguments[activation] ?? "sigmoid"
        guard names.contains(name) else {
            throw arguments.failure("--activation: expected one of \(names.joined(separator: ", ")), given \"\(name)\"")
        }
        return try Explanation(dense: sizes) { x in name == "identity" ? x : Activation(name)(x) }
    }

    private static func write(_ explanation: Explanation, _ form: String, to path: String?) throws {
        let width = path == nil && Terminal.showsOutput ? Terminal.width : nil
        let text =
            switch form {
            case "markdown": explanation.markdown()
            case "latex": path == nil ? explanation.latex() : explanation.latexDocument()
            case "html": explanation.html()
            case "svg": explanation.svg()
            case "json": explanation.json()
            default: explanation.text(width: width)
            }
        try write(text, to: path)
    }

    private static func write(_ text: String, to path: String?) throws {
        guard let path else { return print(text) }
        try Files.writeSafely(Array((text + "\n").utf8), to: path)
    }
}
