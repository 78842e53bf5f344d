import AdjointPage
import Testing

/// The code of a frame agrees with the dialog.
@Suite struct ShareTests {
    private func frame(_ page: inout Page) -> String { page.handle("do\u{1F}copy frame").text }

    @Test func whatIsCheckedIsShown() {
        var page = Page(hash: "input=4x4&kernel=3x3&hide=learning")
        #expect(frame(&page).contains("hide=header,stories,learning,exercises,strips,export"))
        _ = page.handle("do\u{1F}share")
        _ = page.handle("set\u{1F}share-learning\u{1F}1")
        _ = page.handle("set\u{1F}share-check\u{1F}0")
        _ = page.handle("set\u{1F}share-width\u{1F}720")
        let code = frame(&page)
        #expect(code.contains("hide=header,stories,check,exercises,strips,export"))
        #expect(code.contains("width=\"720\"") && code.contains("height=\"640\""))
        // The page itself leaves out what it left out before.
        #expect(page.state.hidden == [.learning])
    }

    @Test(arguments: ["", "0", "-1", "199", "4001", "1e3", "9223372036854775808", "NaN"])
    func sizesThatNoFrameHasAreRefused(_ size: String) {
        var page = Page(hash: "")
        _ = page.handle("do\u{1F}share")
        #expect(page.handle("set\u{1F}share-height\u{1F}\(size)").text.contains("200 to 4000"))
        #expect(frame(&page).contains("height=\"640\""))
    }
}
