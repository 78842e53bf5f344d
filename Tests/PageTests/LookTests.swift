import AdjointExplanations
import Testing

@testable import AdjointPage

/// The content of the layer's cells: numbers, colours or both, in cells of a chosen size.
@Suite struct LookTests {
    /// - Parameter width: the width of the drawing, in CSS pixels.
    private func stage(_ hash: String, width: Int) -> String {
        var page = Page(hash: hash)
        _ = page.body()
        _ = page.handle("width\u{1F}\(width)")
        return page.stageHTML
    }

    private static let layers = [
        "", "input=4x4&filters=2&then=relu", "input=10x10&kernel=3x3", "input=5x5&kernel=3x3&channels=2&filters=2",
        "input=8x8&kernel=3x3", "input=6x6&kernel=3x3&loss=squares", "input=16x16&kernel=3x3",
    ]

    /// The grids that show numbers in a drawing of this width.
    private func numbered(_ hash: String, _ width: Int) -> Set<String> {
        let grids = stage(hash, width: width).matches(of: /class="cells digits[^>]*data-grid="([A-Za-z]+)"/)
        return Set(grids.map { String($0.1) })
    }

    @Test(arguments: layers) func aBiggerScreenShowsNoFewerNumbers(hash: String) {
        var before: Set<String> = []
        for width in [328, 358, 520, 559, 560, 620, 700, 880, 1100, 1700] {
            let now = numbered(hash, width)
            #expect(before.isSubset(of: now), "\(before.subtracting(now)) lose their numbers at \(width)")
            before = now
        }
    }

    /// The drawing beside the equation is about 720 pixels wide on a screen of 1440.
    @Test func twoFiltersShowTheirNumbers() {
        #expect(numbered("input=4x4&filters=2", 700) == ["V", "W", "G", "dV", "dW", "dG"])
        #expect(numbered("input=4x4&filters=2&then=relu", 700).count == 8)
    }

    @Test func cellsGrowAndShrink() {
        var page = Page(hash: "input=8x8&kernel=3x3")
        _ = page.body()
        _ = page.handle("width\u{1F}700")
        #expect(!page.stageHTML.contains("pan wide"))
        for _ in 0..<9 { _ = page.handle("do\u{1F}zoom 1") }
        #expect(page.state.zoom == 6 && page.state.hash.hasSuffix("zoom=6"))
        #expect(page.stageHTML.contains("pan wide") && page.stageHTML.contains("--zoom:3.815"))
        #expect(PageState(hash: page.state.hash, .english) == page.state)
        for _ in 0..<9 { _ = page.handle("do\u{1F}zoom -1") }
        #expect(page.state.zoom == -3 && page.stageHTML.contains("cells tones"))
        for hash in ["zoom=7", "zoom=x", "cells=none"] { #expect(Page(hash: hash).state == .question) }
    }

    @Test func coloursHaveALegend() {
        let numbers = stage("", width: 700)
        #expect(!numbers.contains("class=\"legend") && !numbers.contains("--t:"))
        let both = stage("cells=both", width: 700)
        // V has numbers up to 9, ∂E∕∂V down to −11, by Evaluate.
        #expect(both.contains("<span>−9</span><i aria-hidden=\"true\"></i><span>9</span>"))
        #expect(both.contains("digits both") && both.contains("--t:100%"))
        let colours = stage("cells=colours", width: 700)
        #expect(colours.contains("cells tones") && !colours.contains("cells digits"))
        // Where a screen has no colours of its own, numbers are shown in their place.
        #expect(colours.contains("<b>9</b>"))
    }

    @Test func aLegendSaysWhatIsClipped() throws {
        var numbers = [Double](repeating: 0.5, count: 40 * 40)
        (numbers[3], numbers[7]) = (80, -90)
        var page = Page(hash: "input=40x40&kernel=3x3")
        try page.change { $0.sources[.v] = Source(numbers) }
        let scale = page.scale(try #require(page.grids[.v]))
        let squares = numbers.reduce(0) { $0 + $1 * $1 } / 1600
        #expect((scale.end - 3 * squares.squareRoot()).magnitude < 1e-9 && scale.largest == 90 && scale.beyond == 2)
        #expect(page.stageHTML.contains("legend clipped") && page.stageHTML.contains("2 beyond, to ±90"))
    }
}
