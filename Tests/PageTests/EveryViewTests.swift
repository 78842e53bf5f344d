import AdjointPage
import Testing

/// Combinations of views and layers that were made separately: every view of layers of one, two and three axes, with a
/// reader's actions in it.
@Suite struct EveryViewTests {
    private static let layers = [
        "", "input=12&kernel=3", "input=9&kernel=3&stride=2&padding=1&channels=2&filters=2&bias=1",
        "input=3x4x4&kernel=2x2x2", "kind=transposed&input=5&kernel=3&stride=2",
        "kind=transposed&input=2x3x3&kernel=2x2x2&stride=2", "kind=max&input=8&kernel=2",
        "kind=max&input=2x4x4&kernel=2x2x2",
        "kind=average&input=4x4x4&kernel=2x2x2", "input=4x4&kernel=2x2&filters=2&batch=2&then=relu&loss=squares",
        "input=8&kernel=3&loss=squares", "input=3x3x3&kernel=2x2x2&then=tanh&channels=2&cells=both&zoom=1",
        "kind=transposed&input=3x3&kernel=3x3&stride=2&padding=1", "input=1x64&kernel=1x3", "input=1x1x1&kernel=1x1x1",
    ]
    private static let strips = ["convolution", "flow", "coverage", "largest", "network"]
    private static let events = [
        "hover W-0", "hover V-1", "hover G-0", "hover term-0", "hover r1p0-0", "hover r2f0-0", "hover k-0", "leave",
        "click V-0",
        "click r1r0-0", "click k-0", "do slide 1 play", "tick", "tick", "do slide 2 after", "do slide 9 before",
        "do run play",
        "tick", "tick", "do run before", "do run after", "do zoom 1", "do cells both", "do cells colours", "do zoom -1",
        "do play",
        "tick", "do pause", "do after", "do transpose", "do signal W", "do descend", "do exercise 1", "do help solve",
        "do copy numpy", "do copy pytorch", "do copy latex", "do share", "do save svg", "do present",
        "key W-0 ArrowRight",
        "key r1p0-0 ArrowDown", "key k-0 ArrowDown", "do plane V 1", "width 328", "width 1700", "nudge stride 1",
    ]

    @Test(arguments: layers)
    func answers(_ hash: String) {
        for strip in Self.strips {
            var page = Page(hash: hash + "&strip=" + strip)
            #expect(page.body().contains("id=\"strips\""))
            for event in Self.events {
                // A button's words are one field.
                let words = event.split(separator: " ", maxSplits: event.hasPrefix("do ") ? 1 : 3)
                _ = page.handle(words.joined(separator: "\u{1F}")).text
            }
            #expect(page.body().contains("id=\"stage\""))
        }
    }
}
