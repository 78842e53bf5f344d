import AdjointExplanations
import AdjointGraphs

/// The wider views below the drawing, one at a time.
extension Page {
    var stripsHTML: String {
        var html = "<div class=\"tabs\" role=\"tablist\" aria-label=\"\(markup(strings.stripsLabel))\">"
        for strip in PageState.Strip.allCases {
            let isOn = strip == state.strip
            html +=
                "<button role=\"tab\" id=\"tab-\(strip.rawValue)\" aria-selected=\"\(isOn)\" aria-controls=\"strip\" "
                + "tabindex=\"\(isOn ? 0 : -1)\" data-do=\"strip \(strip.rawValue)\">\(markup(strings.strips[strip.rawValue] ?? ""))</button>"
        }
        html +=
            "</div><div id=\"strip\" class=\"strip\" role=\"tabpanel\" aria-labelledby=\"tab-\(state.strip.rawValue)\">"
        do throws(GraphError) {
            switch state.strip {
            case .convolution: html += try convolutionHTML()
            case .flow: html += try flowHTML()
            case .coverage: html += sectionHTML(try Explanation.coverage(of: layer.geometry, strings.words), "c0")
            case .largest: html += largestHTML()
            case .network: html += try networkHTML()
            }
        } catch {
            html += "<p class=\"hint\">\(markup(strings.noView))</p>"
        }
        return html + "</div>"
    }

    /// Both gradients read as convolutions, step by step.
    private func convolutionHTML() throws(GraphError) -> String {
        if layer.settings.isPool { return "<p class=\"hint\">\(markup(strings.poolHasNoFilter))</p>" }
        let selection = layer.valid(state.selection) ?? Selection("W", at: 0)
        let isFilters = selection.name == "B" || selection.name == "A"
        var values = given
        for (tensor, name) in [(Tensors.dv, "∂V"), (.dw, "∂W")] {
            values[name] = Tensor(known: layer.shapes[tensor] ?? [], .float64(layer.numbers[tensor] ?? []))
        }
        let sections = try Explanation.convolution(
            of: layer.geometry, selecting: isFilters ? Selection("W", at: 0) : selection, values: values,
            words: strings.words)
        var html = "<p class=\"lead\">\(markup(strings.convolutionLead))</p><div class=\"readings\">"
        for (number, section) in sections.enumerated() where number > 0 { html += sectionHTML(section, "r\(number)") }
        html += "</div>"
        if let relation = sections.first {
            html += "<details><summary>\(markup(relation.title))</summary>" + blocks(relation, "r0") + "</details>"
        }
        return html
    }

    /// The numbers that are given, by the names that explanations have for them.
    var given: [String: Tensor] {
        var values: [String: Tensor] = [:]
        for (tensor, name) in [(Tensors.v, "V"), (.w, "W"), (.b, "B"), (.dg, "∂G")] {
            if let shape = layer.shapes[tensor], let numbers = layer.numbers[tensor] {
                values[name] = Tensor(known: shape, .float64(numbers))
            }
        }
        return values
    }

    func sectionHTML(_ section: Explanation.Section, _ name: String) -> String {
        "<section class=\"view\" id=\"view-\(name)\"><h3>\(markup(section.title))</h3>" + blocks(section, name)
            + "</section>"
    }

    func blocks(_ section: Explanation.Section, _ name: String) -> String {
        joined(section.blocks.enumerated().map { $1.html(name + "-\($0)") }, by: "\n")
    }
}
