import AdjointExplanations
import Testing

@testable import AdjointPage

/// Numbers that run through the flow graph and its transpose.
@Suite struct FlowRunTests {
    /// The texts of the numbers at the edges' ends, by the ids that the drawing gives them.
    private func tokens(_ page: Page) -> [(id: String, text: String, runs: Bool)] {
        page.stripsHTML.matches(of: /<g class="token( run)?[^"]*" id="([^"]*)".*?<text[^>]*>([^<]*)</).map {
            (String($0.2), String($0.3), $0.1 != nil)
        }
    }

    private func opened(_ hash: String) -> Page {
        var page = Page(hash: hash)
        _ = page.body()
        return page
    }

    @Test func nothingRunsUnasked() {
        let page = opened("strip=flow")
        #expect(page.pace == 0 && !tokens(page).isEmpty && !tokens(page).contains { $0.runs })
    }

    @Test func numbersRunThereAndThenBack() {
        var page = opened("strip=flow&select=none")
        #expect(page.handle("do\u{1F}run play").text.contains("clock\u{1F}900"))
        // G1 = 1·1 + 2·0 + 4·(−1) + 5·2: the numbers that enter and leave each edge.
        #expect(page.state.selection == Selection("G", at: 0) && !page.state.isTransposed)
        #expect(tokens(page).map { $0.text } == ["1", "1", "2", "0", "4", "−4", "5", "10"])
        #expect(tokens(page).map { $0.runs } == [false, true, false, true, false, true, false, true])
        for place in 1..<4 {
            _ = page.handle("tick")
            #expect(page.state.selection == Selection("G", at: place))
        }
        for place in 0..<5 {
            _ = page.handle("tick")
            #expect(page.state.selection == Selection("V", at: place) && page.state.isTransposed)
        }
        // ∂E∕∂V5 = 1·2 − 2·(−1) + 3·0 − 1·1: the results are where the edges begin.
        let starts = tokens(page).filter { $0.id.hasSuffix("a") }
        let ends = tokens(page).filter { $0.id.hasSuffix("b") }
        #expect(Set(starts.map { $0.text }) == ["2", "0", "−1"] && starts.allSatisfy { $0.runs })
        #expect(Set(ends.map { $0.text }) == ["1", "−2", "3", "−1"] && !ends.contains { $0.runs })
        for _ in 0..<4 { _ = page.handle("tick") }
        #expect(page.handle("tick").text.contains("clock\u{1F}0"))
        #expect(page.state.selection == Selection("V", at: 8))
        // Numbers under the pointer do not run.
        _ = page.handle("hover\u{1F}V-4")
        #expect(!tokens(page).contains { $0.runs })
    }

    @Test func nodesAnswer() {
        let page = opened("strip=flow&bias=1")
        for node in ["V-0", "V-8", "G-3", "B-0"] { #expect(page.stripsHTML.contains("data-node=\"\(node)\"")) }
        // The filter as the signal: its elements are nodes, pixels are gains.
        let filter = opened("strip=flow&signal=W&select=V5")
        #expect(filter.stripsHTML.contains("data-node=\"W-3\"") && !filter.stripsHTML.contains("data-node=\"V-0\""))
        // A gain meets a signal and a derivative on each of its edges.
        #expect(tokens(filter).count == 8 && !tokens(filter).contains { $0.runs })
    }
}
