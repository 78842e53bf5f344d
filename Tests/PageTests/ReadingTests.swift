import AdjointExplanations
import AdjointGraphs
import Testing

@testable import AdjointPage

/// The gradients read as convolutions, in cells.
@Suite struct ReadingTests {
    private func opened(_ hash: String) -> Page {
        var page = Page(hash: hash)
        _ = page.body()
        return page
    }

    /// The numbers of a stage, zeros included.
    private func numbers(_ page: Page, _ stage: ReadingGrids.Stage?) -> [Double] {
        (stage?.step.elements ?? []).map { element in element.map { page.layer.value(stage!.plane.tensor, $0) } ?? 0 }
    }

    /// The numbers under the frame, times the sliding ones, add up to the element of the engine's own gradient.
    @Test(arguments: [
        "", "input=5x5&stride=2", "input=5x4&kernel=3x2&padding=1,0,2,1&V=random.3", "input=6x6&kernel=2x2&dilation=2",
        "input=5x5&kernel=2x2&groups=2&channels=2&filters=2&select=V30", "input=6x5&kernel=3x3&stride=2x1&padding=1",
        "kind=transposed&input=3x3&kernel=3x3&stride=2&padding=1&output-padding=1",
    ])
    func theWindowGivesTheGradient(link: String) throws {
        let page = opened(link)
        let grids = try #require(page.readings)
        #expect(grids.stages.count == 2)
        for (reading, stages) in grids.stages.enumerated() {
            let plane = try #require(stages.last { $0.part == .plane })
            let (under, filter) = (numbers(page, plane), numbers(page, stages.last { $0.part == .filter }))
            let result = try #require(grids.result(reading))
            let elements = result.step.elements.compactMap { $0 }
            #expect(!elements.isEmpty && filter.count > 0)
            for element in elements {
                let window = try #require(grids.window(reading, over: element))
                var sum = 0.0
                for row in 0..<window.height {
                    for column in 0..<window.width {
                        let place = (window.y + row) * plane.plane.columns + window.x + column
                        sum += under[place] * filter[row * window.width + column]
                    }
                }
                #expect(
                    (sum - page.layer.value(result.plane.tensor, element)).magnitude < 1e-9,
                    "\(result.plane.tensor) \(element)")
            }
        }
    }

    @Test func cellsAnswerAsThoseOfTheLayer() {
        var page = opened("")
        let updates = page.handle("hover\u{1F}r2f1-0").text
        // Rotated by 180°, W4 is first, and W4 is the current element everywhere.
        #expect(page.selection == Selection("W", at: 3))
        #expect(updates.contains("V-8\u{1F}c p g3\u{1F}4\u{1F}V9 = 9, term 4: ∂E/∂G4·V9 = −9"))
        #expect(updates.contains("r1p0-8\u{1F}c p g3\u{1F}4\u{1F}V9 = 9, term 4: ∂E/∂G4·V9 = −9"))
        #expect(
            updates.contains("r2f1-0\u{1F}c s g3")
                && updates.contains("frame-1\u{1F}style\u{1F}--y:1;--x:1;--h:2;--w:2"))
        // The equation is where the pointer is.
        #expect(page.readingLookedAt == 1 && updates.contains("fill\u{1F}met-2\u{1F}<div"))
        _ = page.handle("key\u{1F}r2f1-0\u{1F}ArrowRight")
        #expect(page.selection == Selection("W", at: 2))
        _ = page.handle("click\u{1F}r1p0-4")
        #expect(page.state.selection == Selection("V", at: 4) && page.readingLookedAt == 0)
        // An inserted zero is no element.
        _ = page.handle("hover\u{1F}r2p1-0")
        #expect(page.selection == Selection("V", at: 4))
    }

    @Test func aWindowSlidesOnceWhenAsked() {
        var page = opened("")
        #expect(page.pace == 0)
        #expect(page.handle("do\u{1F}slide 2 play").text.contains("clock\u{1F}900"))
        #expect(page.state.selection == Selection("V", at: 0))
        for place in 1..<9 {
            _ = page.handle("tick")
            #expect(page.state.selection == Selection("V", at: place) && page.pace > 0)
        }
        #expect(page.handle("tick").text.contains("clock\u{1F}0"))
        #expect(page.state.selection == Selection("V", at: 8))
        _ = page.handle("do\u{1F}slide 2 after")
        #expect(page.state.selection == Selection("V", at: 0) && page.pace == 0)
        _ = page.handle("do\u{1F}slide 1 before")
        #expect(page.state.selection == Selection("W", at: 3))
    }
}
