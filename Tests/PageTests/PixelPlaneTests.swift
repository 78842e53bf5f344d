import AdjointExplanations
import AdjointGraphs
import Testing

@testable import AdjointPage

/// Planes of pixels: photographs in their colours, and large planes of the wider views.
@Suite struct PixelPlaneTests {
    private static func opened(_ hash: String) -> Page {
        var page = Page(hash: hash)
        _ = page.body()
        return page
    }

    @Test func threePlanesAreOnePicture() {
        #expect(Page.colours([0, 1, 0.2, 1, 0.4, 0]) == [0, 51, 102, 255, 255, 255, 0, 255])
        // Numbers beyond 0 … 1 are light as well: the smallest is dark.
        #expect(Page.colours([-1, 3, 1]) == [0, 255, 128, 255])
    }

    @Test(arguments: [
        ("input=8x8&kernel=3x3", 8, false), ("input=40x40&kernel=3x3", 40, true), ("input=30x30&kernel=3x3", 30, true),
    ])
    func photographsAreSeenInColours(_ link: String, side: Int, isAlone: Bool) throws {
        var page = Self.opened(link + "&channels=3")
        page.held = (0..<side * side).flatMap { place -> [UInt8] in
            [UInt8(place % 256), UInt8(place * 7 % 256), 9, 255]
        }
        let updates = page.handle("picture")
        #expect(page.drafts.isEmpty)
        let grid = try #require(page.grids[.v])
        #expect(grid.isColoured == isAlone && grid.hasColours != isAlone && grid.isPainted == isAlone)
        let painted = try #require(
            updates.text.split(separator: "\u{1E}").first { $0.hasPrefix("paint\u{1F}cv-V\u{1F}") })
        let bytes = updates.pixels[Int(painted.split(separator: "\u{1F}")[4]) ?? 0]
        #expect(bytes.count == 4 * side * side)
        for place in [0, side + 3, side * side - 1] {
            let expected = [place % 256, place * 7 % 256, 9]
            for channel in 0..<3 { #expect(abs(Int(bytes[4 * place + channel]) - expected[channel]) <= 2) }
        }
        // A pixel of it is one of V, and shows its three numbers.
        let share = 2.5 / Double(side)
        #expect(page.handle("hover\u{1F}V@\(share),\(share)").text.contains("fill\u{1F}rgb\u{1F}red "))
        _ = page.handle("click\u{1F}V@\(share),\(share)")
        #expect(page.state.selection == Selection("V", at: 2 * side + 2) && page.grids[.v]?.isColoured == isAlone)
        guard isAlone else { return #expect(page.grids[.v]?.planes == 0...2) }
        for (button, plane, isSplit) in [
            ("0", 0, true), ("1", 1, true), ("3", 0, false), ("2", 2, true), ("-1", 2, false),
        ] {
            _ = page.handle("do\u{1F}plane V \(button)")
            #expect(page.grids[.v]?.planes.lowerBound == plane && page.state.isSplit == isSplit)
            #expect(page.grids[.v]?.isColoured == !isSplit)
            #expect(PageState(hash: page.state.hash, .english).isSplit == isSplit)
        }
    }

    @Test(arguments: [
        "input=8x8&channels=3&V=random.1", "input=40x40&channels=4", "input=40x40&channels=3&batch=2", "input=40x40",
    ])
    func otherPlanesAreNot(_ link: String) throws {
        let grid = try #require(Self.opened("kernel=3x3&" + link).grids[.v])
        #expect(!grid.isColoured && !grid.hasColours)
    }

    @Test(arguments: [
        "input=40x38&kernel=3x3&padding=1",
        "input=40x40&kernel=3x3&stride=2&dilation=2&channels=2&filters=2&select=W20",
        "kind=transposed&input=20x20&kernel=3x3&stride=2&padding=1", "input=512x16&kernel=3x3", "input=60&kernel=5",
    ])
    func largeStepsAnswerAsTheLayerDoes(_ link: String) throws {
        let stages = try #require(Self.opened(link).readings?.stages)
        let planes = stages.flatMap { $0.map { $0.plane } }.filter { $0.isPainted }
        #expect(stages.allSatisfy { !$0.isEmpty } && planes.count >= 2)
        for plane in planes {
            var page = Self.opened(link)
            let known = (0..<plane.rows * plane.columns).filter { plane.element(at: $0) != nil }
            #expect(!known.isEmpty && known.allSatisfy { plane.element(at: $0).flatMap { plane.place(of: $0) } == $0 })
            #expect(plane.place(of: -1) == nil && plane.place(of: plane.start - 1) == nil)
            let place = (0..<plane.rows * plane.columns).last { plane.element(at: $0) != nil } ?? 0
            let (row, column) = (place / plane.columns, place % plane.columns)
            let (x, y) = ((Double(column) + 0.5) / Double(plane.columns), (Double(row) + 0.5) / Double(plane.rows))
            let updates = page.handle("hover\u{1F}\(plane.name)@\(x),\(y)")
            let selection = Selection(plane.tensor.primal.name, at: try #require(plane.element(at: place)))
            #expect(page.selection == selection)
            #expect(
                updates.text.contains(
                    "attribute\u{1F}px-\(plane.name)\u{1F}aria-valuetext\u{1F}\(page.layer.name(plane.tensor, selection.place))"
                ))
            let painted = try #require(
                updates.text.split(separator: "\u{1E}").first { $0.hasPrefix("paint\u{1F}ov-\(plane.name)\u{1F}") })
            #expect(updates.pixels[Int(painted.split(separator: "\u{1F}")[4]) ?? 0].contains { $0 > 0 })
            _ = page.handle("key\u{1F}\(plane.name)-pixels\u{1F}Enter")
            #expect(page.state.selection == selection)
        }
    }

    @Test func largePlanesShowHowWindowsLie() {
        var page = Self.opened("input=40x38&kernel=3x3&stride=2&strip=coverage")
        #expect(page.body().contains("id=\"px-k\"") && !page.body().contains("id=\"k-0\""))
        let text = page.handle("hover\u{1F}k@0.06,0.06").text
        #expect(page.selection == Selection("V", at: 2 * 38 + 2) && text.contains("windows over it: 4"))
        _ = page.handle("key\u{1F}k-pixels\u{1F}ArrowRight")
        _ = page.handle("key\u{1F}k-pixels\u{1F}Enter")
        #expect(page.state.selection == Selection("V", at: 2 * 38 + 3))
    }
}
