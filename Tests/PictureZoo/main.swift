import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import AdjointPage

// Every picture of every layer of the zoo, for a browser that measures them. Records end with the byte 30, their fields
// (layer, picture, what it is: svg, html or link) are separated by the byte 31.

/// The number of arrows of a scalar graph that is drawn here; explanations draw about as many before they shorten it.
let drawnProducts = 96

func show(_ layer: String, _ picture: String, _ content: String) {
    print(layer, picture, content, separator: "\u{1F}", terminator: "\u{1E}")
}

/// - Parameter asPageToo: whether a page of all drawings is written, which contains them once more.
func show(_ each: PictureCase, asPageToo: Bool) throws {
    let (layer, values) = (each.layer, try each.tensors())
    let shapes = try layer.shapes()
    func explain(_ views: [Explanation.View], _ selection: Selection) throws -> Explanation {
        try Explanation(of: layer, selecting: selection, views: views, values: values)
    }
    func middle(_ name: String) -> Selection? { shapes[name].map { Selection(name, at: $0.count / 2) } }

    // The drawings of `explain`.
    for name in ["W", "V", "G", "B"] {
        guard let selection = middle(name) else { continue }
        show(each.name, "windows \(name)", try explain([.windows], selection).svg())
    }
    guard let selection = middle("W") ?? middle("V") else { return }
    for view in Explanation.View.allCases where view != .windows {
        let explanation = try explain([view], selection)
        if !explanation.sections.isEmpty { show(each.name, view.rawValue, explanation.svg()) }
    }
    if asPageToo {
        show(each.name, "html", try explain([.windows, .sharing, .convolution, .flow], selection).html())
    }
    try showGraphs(each, selection, shapes, values)
    try showContributions(each, shapes)

    // The drawings that the page shows and saves, for layers that it accepts.
    guard let link = each.link else { return }
    var page = Page(hash: link)
    guard (page.state.layer.input, page.state.layer.kernel) == (each.input, each.kernel) else { return }
    let saved = page.handle("do\u{1F}save svg").text.split(whereSeparator: { $0 == "\u{1F}" || $0 == "\u{1E}" })
    if let svg = saved.first(where: { $0.hasPrefix("<svg") }) { show(each.name, "saved", String(svg)) }
    show(each.name, "link", link)
}

/// The drawings of `graph`.
func showGraphs(
    _ each: PictureCase, _ selection: Selection, _ shapes: [String: Shape], _ values: [String: Tensor]
) throws {
    let graph = try each.layer.graph()
    let name = Naming(for: Array(shapes.values)).name(
        selection.name, at: selection.place, of: shapes[selection.name] ?? [])
    let products = shapes["G"]!.count * each.kernel.reduce(1, *) * (each.isPool ? 1 : each.channels / each.groups)
    for signal in ["V", "W"] where shapes[signal] != nil && products <= drawnProducts {
        let flow = try FlowGraph(of: graph, signals: [signal, "B"], values: values)
        show(each.name, "graph \(signal)", flow.picture(besideTranspose: true, selecting: name).svg())
    }
    if !each.isPool {
        let flow = try FlowGraph(operatorsOf: each.layer, drawing: selection.place, values: values)
        show(each.name, "operators", flow.picture(besideTranspose: true, selecting: name).svg())
    }
    show(each.name, "nodes", FlowGraph(nodesOf: graph).picture().svg())
    show(each.name, "nodes back", FlowGraph(nodesOf: try graph.vjp(of: graph.inputs.map { $0.name })).picture().svg())
}

/// The drawings of `explain MODEL` for a network with this last layer.
func showContributions(_ each: PictureCase, _ shapes: [String: Shape]) throws {
    guard !each.isPool else { return }
    let layer = each.layer
    // Without numbers there are no contributions.
    var numbered = each
    if each.numbers == .symbols { numbered.numbers = .small }
    let graph = try Graph { g in
        let (v, w) = (g.input("V", shapes["V"]!, .float64), g.input("W", shapes["W"]!, .float64))
        let output =
            layer.isTransposed
            ? v.transposedConvolved(
                with: w, stride: layer.stride, padding: layer.padding, outputPadding: layer.outputPadding,
                dilation: layer.dilation, groups: layer.groups)
            : v.convolved(
                with: w, stride: layer.stride, padding: layer.padding, dilation: layer.dilation, groups: layer.groups)
        return output.squared().sum()
    }
    let bindings = try numbered.tensors().filter { ["V", "W"].contains($0.key) }
    for name in ["W", "V"] {
        let gradient = try ParameterGradient(of: name, in: graph, bindings: bindings)
        let element = gradient.shape.index(of: gradient.shape.count / 2)
        let sections = [
            Explanation.Section(try gradient.contributions(to: element)),
            try Explanation.Section(largest: 3, of: gradient),
        ]
        for (title, section) in zip(["contributions", "atlas"], sections) {
            show(each.name, "\(title) \(name)", Explanation(section.title, sections: [section]).svg())
        }
    }
}

for (number, each) in PictureZoo.cases.enumerated() {
    do {
        try show(each, asPageToo: number % 4 == 0)
    } catch {
        // For the reader of the records: no layer of the zoo may lack its pictures.
        show(each.name, "error", "\(error)")
    }
}
