import AdjointExplanations
import AdjointGraphs

/// The wider views below the drawing, one at a time.
extension Page {
    var stripsHTML: String {
        let tabs = each(PageState.Strip.allCases) { strip in
            let (name, isOn) = (strip.rawValue, strip == state.strip)
            return """
                <button role="tab" id="tab-\(name)" aria-selected="\(isOn)" aria-controls="strip" \
                tabindex="\(isOn ? 0 : -1)" data-do="strip \(name)">\(markup(strings.strips[strip]))</button>
                """
        }
        var html = hint(strings.noView)
        if isAsked {
            html = hint(isPicking ? strings.pixelsHide : strings.exerciseHides)
        } else {
            do throws(ArgumentError) { html = try inside(state.strip) } catch {}
        }
        return """
            <div class="tabs" role="tablist" aria-label="\(markup(strings.stripsLabel))">\(tabs)</div>\
            <div id="strip" class="strip" role="tabpanel" aria-labelledby="tab-\(state.strip.rawValue)">\(html)</div>
            """
    }

    private func inside(_ strip: PageState.Strip) throws(ArgumentError) -> String {
        switch strip {
        case .convolution: convolutionHTML()
        case .flow: try flowHTML()
        case .coverage: try coverageHTML()
        case .largest: largestHTML()
        case .network: try networkHTML()
        }
    }

    func sectionHTML(_ section: Explanation.Section, _ name: String) -> String {
        view(section.title, id: "view-" + name, blocks(section, name))
    }

    func blocks(_ section: Explanation.Section, _ name: String) -> String {
        joined(section.blocks.enumerated().map { $1.html(name + "-\($0)") }, by: "\n")
    }
}
