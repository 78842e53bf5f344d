import AdjointExplanations
import TestSupport
import Testing

@testable import AdjointPage

@Suite struct PageStateTests {
    @Test(arguments: Preset.allCases) func presetsSurviveTheirLinks(preset: Preset) {
        let state = PageState(hash: preset.hash, .english)
        #expect(state.layer.problem(.english) == nil)
        #expect(PageState(hash: state.hash, .english) == state)
        #expect(preset.matches(state))
    }

    @Test func everythingSurvivesALink() {
        let hash =
            "input=5x4&kernel=3x2&stride=2x1&padding=1,0,2,1&V=1,2,-0.5&W=random.3&E=ones&select=V3&show=values&cells=both&zoom=-2&term=2"
            + "&terms=all&strip=flow&signal=W&transpose=1&hide=header,stories"
        let state = PageState(hash: hash, .english)
        #expect(state.hash == hash)
        #expect(state.selection == Selection("V", at: 2))
        #expect(state.sources[.v] == .list([1, 2, -0.5]))
        #expect(state.hidden == [.header, .stories])
    }

    @Test(arguments: [
        "input=0x0", "kernel=99999999999999999999", "stride=0", "V=x", "select=Q1", "select=W99999", "=&&%%%=",
        "kernel=5x5",
        "term=-4", "story=a.b", "groups=3", "input=512x512&channels=1024&filters=1024", "E=1e99", "hide=everything",
    ])
    func whatDoesNotFitIsLeft(hash: String) {
        var page = Page(hash: hash)
        #expect(page.body().contains("stage"))
        #expect(page.state.layer.problem(.english) == nil)
    }

    /// Every number in a link, at the limits of numbers.
    @Test(arguments: Borders.texts) func numbersOfLinks(text: String) {
        let names: [String] = Tensors.allCases.map { $0.name }
        let fields: [String] = LayerSettings.Field.allCases.map { $0.rawValue + "=" }
        let planes: [String] = names.map { "plane-" + $0 + "=" }
        let numbers: [String] = names.flatMap { name in ["=", "=1,", "=random.", "=digit."].map { name + $0 } }
        let others: [String] = [
            "term=", "exercise=", "exercise=pixels.", "story=1.", "story=", "select=W", "select=V", "select=B", "E=",
            "E=1,", "terms=",
            "transpose=",
        ]
        for key in fields + planes + numbers + others {
            for rest in ["", "&strip=coverage&show=values"] {
                var page = Page(hash: key + text + (key.hasPrefix("story=") && key.hasSuffix("=") ? ".1" : "") + rest)
                #expect(page.body().contains("stage"))
                for event in ["do\u{1F}after", "set\u{1F}scrub\u{1F}" + text] { _ = page.handle(event) }
                #expect(page.state.layer.problem(.english) == nil)
            }
        }
    }

    @Test(arguments: [
        ("stride", "0"), ("kernel", "5x5"), ("input", ""), ("input", "a"), ("input", "999999x3"), ("groups", "2"),
    ])
    func badValuesKeepTheLastGoodState(field: String, value: String) {
        var page = Page()
        _ = page.body()
        let before = page.state
        let updates = page.handle("set\u{1F}\(field)\u{1F}\(value)")
        #expect(page.state == before)
        #expect(page.drafts[field]?.text == value)
        #expect(updates.text.contains("class=\"bad\""))
        _ = page.handle("set\u{1F}\(field)\u{1F}\(before.layer.text(of: .init(rawValue: field)!))")
        #expect(page.drafts.isEmpty)
    }

    @Test func arrowsChangeNumbersByOne() {
        var page = Page(hash: "input=6x5&padding=1,0,2,1&channels=4&filters=6")
        func nudged(_ field: LayerSettings.Field, _ step: Int) -> String {
            _ = page.handle("nudge\u{1F}\(field.rawValue)\u{1F}\(step)")
            return page.state.layer.text(of: field)
        }
        #expect(nudged(.stride, 1) == "2" && nudged(.stride, -1) == "1" && nudged(.stride, -1) == "1")
        #expect(nudged(.input, 1) == "7x6" && nudged(.padding, 1) == "2,1,3,2")
        // The next number that divides 4 channels and 6 filters; after it there is none.
        #expect(nudged(.groups, 1) == "2" && nudged(.groups, 1) == "2" && nudged(.groups, -1) == "1")
        for _ in 0..<20 { _ = nudged(.kernel, 1) }
        // 6 columns and 3 of padding have space for 9.
        #expect(page.state.layer.kernel == [9, 9] && page.drafts.isEmpty)
        _ = page.handle("nudge\u{1F}kind\u{1F}1")
        #expect(page.state.layer.kind == .convolution)
    }

    @Test(arguments: [
        ("1", 1), ("-2.5", -2.5), (" −0,25 ", -0.25), ("1e3", 1000), (".5", 0.5), ("0.1", 0.1), ("5e-2", 0.05),
    ])
    func numbersAreRead(text: String, number: Double) { #expect(decimal(text) == number) }

    @Test(arguments: ["", "x", "1.2.3", "1e999", "--1", "1 2", "nan", "1e"])
    func otherTextIsNot(text: String) { #expect(decimal(text) == nil) }
}
