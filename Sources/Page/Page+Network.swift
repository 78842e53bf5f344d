import AdjointExplanations
import AdjointGraphs

/// Whole networks: the fully connected one of the question, and LeNet-5 whose layers open on the drawing above.
extension Page {
    func networkHTML() throws(GraphError) -> String {
        var html =
            "<p class=\"lead\">\(markup(strings.networkLead))</p><div id=\"training\">" + trainingHTML + "</div>"
            + "<div class=\"readings\"><section class=\"view\"><h3>LeNet-5</h3>"
            + "<ol class=\"layers\">"
        for (number, layer) in LeNet.layers.enumerated() {
            let isHere = !layer.hash.isEmpty && PageState(hash: layer.hash, strings).layer == state.layer
            html += "<li\(isHere ? " class=\"here\"" : "")><span class=\"shape\">\(layer.shape)</span> "
            if layer.hash.isEmpty {
                html += "<span>\(markup(strings.layers(layer.kind)))</span>"
            } else {
                html +=
                    "<button class=\"link\" id=\"layer-\(number)\" data-do=\"layer \(number)\">\(markup(strings.layers(layer.kind)))</button>"
            }
            html += "</li>"
        }
        html += "</ol><p class=\"hint\">\(markup(strings.openLayer))</p></section>"
        let net = try Explanation(dense: [2, 2, 1]) { $0.logistic() }
        html += "<section class=\"view\"><h3>\(markup(net.title))</h3>"
        for (number, section) in net.sections.enumerated() {
            html +=
                "<details\(number == 1 ? " open" : "")><summary>\(markup(section.title))</summary>"
                + blocks(section, "n\(number)") + "</details>"
        }
        return html + "</section></div>"
    }
}

/// LeNet-5 (LeCun and others 1998) on 28×28 pixels, with max pools: what each layer gives, and the link that opens it.
enum LeNet {
    struct Layer {
        let kind: String
        let shape: String
        let hash: String
    }

    static let layers = [
        Layer(kind: "input", shape: "1×28×28", hash: ""),
        Layer(kind: "convolution", shape: "6×28×28", hash: Preset.lenet1.hash),
        Layer(kind: "pool", shape: "6×14×14", hash: "kind=max&input=28x28&kernel=2x2&stride=2&channels=6"),
        Layer(kind: "convolution", shape: "16×10×10", hash: Preset.lenet2.hash),
        Layer(kind: "pool", shape: "16×5×5", hash: "kind=max&input=10x10&kernel=2x2&stride=2&channels=16"),
        Layer(kind: "dense", shape: "120", hash: "input=5x5&kernel=5x5&channels=16&filters=120&bias=1&then=tanh"),
        Layer(kind: "dense", shape: "84", hash: "input=1x1&kernel=1x1&channels=120&filters=84&bias=1&then=tanh"),
        Layer(kind: "dense", shape: "10", hash: "input=1x1&kernel=1x1&channels=84&filters=10&bias=1"),
    ]
}
