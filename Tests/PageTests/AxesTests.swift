import AdjointExplanations
import AdjointGraphs
import Testing

@testable import AdjointPage

/// Layers of one and of three axes, against loops that are written out here.
@Suite struct AxesTests {
    private static func page(_ link: String) -> Page {
        var page = Page(hash: link)
        #expect(page.body().contains("stage") && page.drafts.isEmpty, "#\(link)")
        #expect(PageState(hash: page.state.hash, .english) == page.state, "#\(link)")
        return page
    }

    @Test func aRow() {
        let page = Self.page("input=12&kernel=3&stride=2&padding=1,0&V=whole.1&W=whole.2&E=whole.3")
        #expect(page.state.layer.rank == 1 && page.state.layer.outputSize == [6])
        #expect(page.state.hash.hasPrefix("input=12&kernel=3&stride=2&padding=1,0"))
        let numbers = page.layer.numbers
        guard let v = numbers[.v], let w = numbers[.w], let dg = numbers[.dg] else { return #expect(Bool(false)) }
        var (g, dv) = ([Double](repeating: 0, count: 6), [Double](repeating: 0, count: 12))
        var dw = [0.0, 0, 0]
        for p in 0..<6 {
            for r in 0..<3 where (0..<12).contains(2 * p + r - 1) {
                let i = 2 * p + r - 1
                g[p] += v[i] * w[r]
                dw[r] += v[i] * dg[p]
                dv[i] += w[r] * dg[p]
            }
        }
        #expect(numbers[.g] == g && numbers[.dw] == dw && numbers[.dv] == dv)
        let (grid, output) = (page.grids[.v], page.grids[.g])
        #expect(grid?.rows == 1 && grid?.columns == 12 && output?.columns == 6 && grid?.planeCount == 1)
        // A second channel is a row below.
        let two = Self.page("input=5&kernel=2&channels=2").grids[.v]
        #expect(two?.rows == 1 && two?.planeCount == 2 && two?.across == 1)
        #expect(page.sum?.equation?.right.text == "∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V6 + ∂E/∂G5·V8 + ∂E/∂G6·V10")
        #expect(page.controlsHTML.contains("on its axis"))
    }

    @Test func aVolume() {
        let page = Self.page("input=3x4x4&kernel=2x2x2&V=whole.1&W=whole.2&E=whole.3")
        #expect(page.state.layer.rank == 3 && page.state.layer.outputSize == [2, 3, 3])
        let numbers = page.layer.numbers
        guard let v = numbers[.v], let dg = numbers[.dg] else { return #expect(Bool(false)) }
        var dw = [Double](repeating: 0, count: 8)
        for tap in 0..<8 {
            for z in 0..<2 {
                for y in 0..<3 {
                    for x in 0..<3 {
                        let place = ((z + tap / 4) * 4 + y + tap / 2 % 2) * 4 + x + tap % 2
                        dw[tap] += v[place] * dg[(z * 3 + y) * 3 + x]
                    }
                }
            }
        }
        #expect(numbers[.dw] == dw)
        let (grid, filter) = (page.grids[.v], page.grids[.w])
        #expect(grid?.rows == 4 && grid?.planeCount == 3 && grid?.across == 3 && filter?.across == 2)
        let stage = page.stageHTML
        #expect(stage.contains("data-name=\"slice 3\"") && stage.contains("3×4×4") && !stage.contains("slice 4"))
        let named = Self.page("input=2x3x3&kernel=1x2x2&filters=2&lang=de").stageHTML
        #expect(named.contains("data-name=\"Filter 2, Ebene 2\""))
    }

    @Test func oneNumberStandsForBothSidesOfAPlane() {
        #expect(Self.page("input=5x5&kernel=3").state.layer.kernel == [3, 3])
        #expect(Self.page("input=5&kernel=3x2").state.layer.input == [5, 5])
        #expect(Self.page("input=12").state.layer.input == [12, 12])
        #expect(Self.page("axes=1").state.layer.input == [3])
        #expect(Page(hash: "kernel=2x2x2").drafts["link"] != nil)
        #expect(Page(hash: "input=4x4x4&kernel=2x2").drafts["link"] != nil)
    }

    @Test func axesAreChosen() {
        var page = Self.page("")
        for (axes, input) in [("1", [3]), ("3", [3, 3, 3]), ("2", [3, 3])] {
            _ = page.handle("set\u{1F}axes\u{1F}" + axes)
            #expect(page.state.layer.input == input && page.layer.shapes[.v]?.rank == input.count + 2)
        }
        _ = page.handle("set\u{1F}axes\u{1F}4")
        #expect(page.state.layer.rank == 2 && page.drafts["axes"] != nil)
        _ = page.handle("set\u{1F}input\u{1F}2x3x4")
        #expect(page.state.layer.input == [2, 3, 4] && page.state.layer.kernel == [2, 2, 2])
        _ = page.handle("set\u{1F}stride\u{1F}1x2")
        #expect(page.drafts["stride"]?.sentence.contains("as many as in") == true)
    }

    /// Every view of such layers is there, and they stay right.
    @Test(arguments: [
        "input=9&kernel=3&stride=2&padding=1,0", "input=3x4x4&kernel=2x2x2", "kind=max&input=8&kernel=2&stride=2",
        "kind=average&input=2x4x4&kernel=2x2x2&stride=2", "kind=transposed&input=4&kernel=3&stride=2&output-padding=1",
        "input=6&kernel=3&channels=2&filters=2&groups=2&bias=1&then=tanh", "input=64&kernel=5",
        "input=2x40x40&kernel=1x3x3",
        "input=4x4x4&kernel=3x3x3&padding=1&channels=2&filters=2&batch=2&loss=squares",
    ])
    func everyView(link: String) {
        for strip in PageState.Strip.allCases where strip != .network {
            var page = Self.page(link + "&strip=\(strip.rawValue)")
            #expect(!page.checkHTML.contains("differs"))
            for event in [
                "hover\u{1F}V-0", "click\u{1F}dV-1", "do\u{1F}after", "key\u{1F}V-0\u{1F}ArrowRight",
                "do\u{1F}descend",
            ] {
                _ = page.handle(event)
            }
            #expect(page.numPy.contains("np.ndindex") && page.pyTorch.contains("F."))
            #expect(page.picture().svg().contains("<svg"))
        }
    }
}
