import Testing

@testable import AdjointPage

/// The check at the page's foot accepts right gradients.
@Suite struct CheckTests {
    @Test(arguments: [
        // relu at 0, equal numbers under a maximum, and products that cancel in E.
        "V=0,0,0,0,0,0,0,0,0&then=relu&select=V1", "V=1,1,1,1,1,1,1,1,1&W=1,-1,1,-1&then=relu&select=V5",
        "kind=max&input=4x4&kernel=2x2&stride=1&V=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1&select=V6",
        "kind=max&input=4x4&kernel=3x3&stride=1&V=0,1,0,1,1,0,1,1,0,1,0,1,1,1,1,0&E=1,-1,2,-3&select=V7",
        "V=100000000,-100000000,1,2,3,4,5,6,7&W=1,1,1,1&E=1,-1,1,-1&select=W1",
        "V=0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9&W=0.1,-0.1,0.1,-0.1&E=4.57,-4.57,1,-1&select=V5",
    ])
    func tiesAndKinksAreNoFaults(hash: String) {
        let page = Page(hash: hash)
        #expect(page.checkHTML.contains("✓"), "\(page.checkHTML)")
        #expect(page.checkHTML.contains("kink") == (hash.contains("relu") || hash.contains("max")))
    }
}
