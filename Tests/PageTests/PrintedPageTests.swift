import AdjointExplanations
import AdjointGraphs
import Foundation
import TestSupport
import Testing

@testable import AdjointPage

/// The page's equations, and the texts that can be copied, read back as mathematics.
@Suite struct PrintedPageTests {
    static let hashes = [
        "V=-1,-2,3,1,-1,0,2,-1,-3&W=-1,-1,2,-3&E=1,-1,-2,1", "V=-1,-2,-1,1,-1,0,2,-1,-3&W=-1,-2,1,-1&bias=1&then=tanh",
        "kind=transposed&input=2x2&kernel=2x2&V=-1,-1,2,-2&W=-1,2,-1,-3", "input=4x4&padding=1&V=random.4&W=random.5",
        "kind=average&input=4x4&stride=2&V=random.6", "kind=max&input=4x4&stride=2&V=random.7",
        "input=3x3&channels=2&filters=2&V=random.8&then=sigmoid",
    ]

    @Test(arguments: hashes) func equations(hash: String) throws {
        var count = 0
        for notation in PageState.Notation.allCases {
            for selection in ["W1", "W4", "V1", "V5", "B1", "G1", "G4", "A1"] {
                let page = opened(hash + "&show=\(notation.rawValue)&select=\(selection)")
                guard let sum = page.sum, sum.equation != nil, sum.terms.count <= LayerSum.short else { continue }
                let html = try MathMLElement(parsing: "<x><x>\(page.readingHTML)</x></x>")
                let known = try known(page)
                for side in html.all("div") where ["left", "right"].contains(side.attributes["class"]) {
                    let tokens = try side.tokens()
                    guard !tokens.isEmpty else { continue }
                    count += 1
                    #expect(try (Reading(tokens).value(known) - sum.total).magnitude <= 2e-3, "\(hash) \(selection)")
                }
                for form in [Page.Form.text, .latex, .mathml] { try copied(page, form) }
            }
        }
        #expect(count > 20)
    }

    /// Omitted terms are marked on every side.
    @Test func longSums() throws {
        for notation in PageState.Notation.allCases {
            let page = opened("input=12x12&kernel=3x3&select=W1&V=random.1&E=random.2&show=\(notation.rawValue)")
            #expect(try #require(page.sum).equation == nil)
            for form in [Page.Form.text, .latex, .mathml] { try copied(page, form) }
        }
    }

    private func opened(_ hash: String) -> Page {
        var page = Page(hash: hash)
        _ = page.body()
        return page
    }

    private func copied(_ page: Page, _ form: Page.Form) throws {
        let sum = try #require(page.sum)
        var text = page.copied(form)
        // Each line that begins with a name is an equation.
        var equations: [[Reading.Token]] = []
        switch form {
        case .text:
            for line in text.split(separator: "\n") {
                let tokens = try PrintedForm.text.tokens(String(line))
                if line.hasPrefix(" ") { equations[equations.count - 1] += tokens } else { equations.append(tokens) }
            }
        case .latex:
            #expect(text.split(separator: "\n").allSatisfy { $0.count < 700 })
            for (mark, space) in [("\\begin{align*}\n", ""), ("\n\\end{align*}", ""), ("\\\\\n", " ")] {
                text = text.replacingOccurrences(of: mark, with: space)
            }
            equations = [try PrintedForm.latex.tokens(text)]
        default:
            for row in try MathMLElement(parsing: "<x>\(text)</x>").all("mtr") {
                if row.attributes["class"] == "next" { equations.append([]) }
                equations[equations.count - 1] += try row.tokens()
            }
        }
        var known = try known(page)
        for sides in try equations.map({ try Reading.sides($0) }) {
            #expect(sides.count > 1)
            for side in sides {
                // The dots have the same value on each side that has them.
                known["…"] = 0
                let shown = try side.value(known)
                known["…"] = 1
                let hasDots = try side.value(known) != shown
                let expected = hasDots ? sum.strongest(10).reduce(0) { $0 + sum.terms[$1].value } : sum.total
                // LaTeX has the numbers as the page shows them, with four digits.
                let isRounded = form == .latex && page.state.notation != .symbols
                #expect((shown - expected).magnitude <= (isRounded ? 2e-3 : 1e-7), "\(form): \(text)")
            }
            if sum.equation == nil, form != .latex { #expect(sides.count > 3) }
        }
    }

    /// Numbers by the names that the reader finds: the layer's, the selected derivative, the partials in its chain rule.
    private func known(_ page: Page) throws -> [String: Double] {
        let (layer, sum) = (page.layer, try #require(page.sum))
        var known: [String: Double] = [:]
        func set(_ expression: AdjointExplanations.Expression, _ number: Double?) throws {
            if case .name(let key)? = try PrintedForm.text.tokens(expression.text).first { known[key] = number }
        }
        for (tensor, numbers) in layer.numbers {
            for (place, number) in numbers.enumerated() { try set(layer.expression(tensor, place), number) }
        }
        try set(layer.expression(sum.tensor, sum.selection.place), sum.total)
        if sum.chain != nil, let equation = sum.equation {
            var equations = try layer.equations()
            let partials = try equations.partials(by: sum.selection.name, at: sum.selection.place, in: equation)
            for partial in partials { try set(partial.left, partial.right.value { layer.known($0) }) }
        }
        return known
    }
}
