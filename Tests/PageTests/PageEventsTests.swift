import AdjointExplanations
import AdjointGraphs
import AdjointModels
import Testing

@testable import AdjointPage

@Suite struct PageEventsTests {
    private func opened(_ hash: String = "") -> Page {
        var page = Page(hash: hash)
        _ = page.body()
        return page
    }

    private func classes(_ page: Page, _ tensor: Tensors, _ place: Int) -> [String] {
        page.marks.cells[Marks.key(tensor, place)]?.classes.split(separator: " ").map { String($0) } ?? []
    }

    @Test func hoveringPreviewsAndClickingPins() {
        var page = opened()
        let updates = page.handle("hover\u{1F}W-3").text
        #expect(updates.contains("V-8\u{1F}c p g3\u{1F}4\u{1F}V9 = 9, term 4: ∂E/∂G4·V9 = −9"))
        #expect(page.state.selection == Selection("W", at: 0))
        _ = page.handle("leave")
        #expect(classes(page, .v, 8) == [])
        _ = page.handle("click\u{1F}dV-4")
        #expect(page.state.selection == Selection("V", at: 4))
        #expect(page.state.hash == "select=V5")
        _ = page.handle("key\u{1F}\u{1F}Escape")
        #expect(page.state.selection == nil)
    }

    @Test func whatIsPassedOverIsWrittenInShort() {
        var page = opened("input=8x8&kernel=3x3")
        _ = page.handle("hover\u{1F}W-3")
        #expect(page.sum?.terms.count == 36 && page.sum?.equation == nil && page.readingHTML.contains("class=\"fold\""))
        _ = page.handle("click\u{1F}W-3")
        #expect(page.sum?.equation != nil)
    }

    @Test func longSumsOpenAndFold() {
        var page = opened("input=28x28&kernel=5x5&padding=2&show=values")
        let folded = page.readingHTML
        #expect(folded.contains("… 666 more") && !folded.contains("data-term=\"0\""))
        // A term below zero is subtracted.
        #expect(
            folded.contains("<mo form=\"infix\">−</mo>")
                && !folded.contains("<mo form=\"infix\">+</mo><mo form=\"prefix\">"))
        _ = page.handle("do\u{1F}fold")
        #expect(page.state.hash.contains("terms=all") && PageState(hash: page.state.hash, .english) == page.state)
        for term in 0..<676 { #expect(page.readingHTML.contains("data-term=\"\(term)\"")) }
        // Equations of elements that the pointer only passes stay short.
        _ = page.handle("hover\u{1F}W-3")
        #expect(page.readingHTML.contains("more</button>"))
        _ = page.handle("leave")
        _ = page.handle("do\u{1F}fold")
        #expect(page.readingHTML == folded)
        // Of thousands of terms the largest are listed.
        var stem = opened(Preset.stem.hash + "&terms=all")
        #expect(stem.readingHTML.split(separator: "data-term=").count > LayerSum.listed)
        _ = stem.handle("click\u{1F}W-3")
        #expect(!stem.state.isUnfolded)
    }

    @Test func factsReadWell() {
        func fact(_ hash: String) -> String { opened(hash).readingHTML }
        #expect(fact("input=5x5&stride=2&select=V25").contains("V25 lies under no window"))
        #expect(fact("input=2x2&select=W1").contains("W1 takes part in the only window"))
        #expect(fact("select=V1").contains("V1 lies under one weight"))
        #expect(!fact("select=V1").contains("Indices"))
        #expect(fact("channels=2&filters=3&select=W6").contains("W[0,1,0,1] is filter 1, channel 2, row 1, column 2."))
        #expect(
            fact("kind=transposed&channels=2&filters=3&select=W6").contains(
                "W[0,1,0,1] is channel 1, filter 2, row 1, column 2."))
        #expect(fact("input=4&kernel=2&channels=2&select=V6").contains("V[0,1,1] is example 1, channel 2, position 2."))
        #expect(fact("filters=2&bias=1&select=B2").contains("B[1] is filter 2."))
        #expect(fact("select=V5").contains("V5 lies under a weight 4 times"))
        #expect(fact(Preset.pool.hash).contains("V8 lies in 1 of 4 windows and is taken as the largest in 1:"))
        #expect(fact("kind=average&input=4x4&stride=2&select=V1").contains("V1 lies in 1 of 4 windows"))
    }

    @Test func exportsNameTheirCells() {
        let svg = opened().picture().svg()
        for name in ["V9", "W4", "G4", "∂V9", "∂W4", "∂G4"] { #expect(svg.contains(">\(name)<")) }
    }

    @Test func stepsGoRound() {
        var page = opened()
        for step in [0, 1, 2, 3, nil, 0] {
            _ = page.handle("do\u{1F}after")
            #expect(page.state.step == step)
        }
        #expect(classes(page, .v, 0) == ["c", "p", "n", "g0", "q"])
    }

    @Test func valuesAreTypedAndDragged() {
        var page = opened()
        _ = page.handle("type\u{1F}V-4\u{1F}-2,5")
        #expect(page.layer.value(.v, 4) == -2.5)
        _ = page.handle("drag\u{1F}W-0\u{1F}1\u{1F}-12")
        #expect(page.layer.value(.w, 0) == 2)
        _ = page.handle("type\u{1F}dW-0\u{1F}3")
        #expect(page.layer.value(.dw, 0) != 3)
        let before = page.state
        _ = page.handle("type\u{1F}V-4\u{1F}x")
        #expect(page.state == before && !page.drafts.isEmpty)
    }

    @Test func exercisesKnowUsualMistakes() {
        // ∂E/∂W4 = 1·5 − 2·6 + 3·8 − 1·9 = 8
        var page = opened("exercise=1")
        #expect(page.exercise == Exercise(tensor: .dw, place: 3))
        let strings = Strings.english
        for (text, sentence) in [
            ("-8", strings.exerciseSign), ("50", strings.exerciseMagnitude), ("2", strings.exerciseMean),
            ("x", strings.exerciseNoNumber), ("8", filled(strings.exerciseRight, ["∂E/∂W4", "8"])),
        ] {
            _ = page.handle("set\u{1F}answer\u{1F}\(text)")
            #expect(page.answer?.sentence == sentence)
        }
    }

    @Test(arguments: PageState.Strip.allCases) func exercisesLeakNowhere(_ strip: PageState.Strip) {
        // ∂E/∂W1 = 1·1 − 2·7 + 3·2 − 1·0.25 = −7.25, a number that occurs nowhere else.
        var page = opened("V=1,7,0,2,0.25,0,0,0,0&exercise=4&select=V1&strip=\(strip.rawValue)")
        #expect(page.exercise?.tensor == .dw)
        let place = page.exercise?.place ?? 0
        let right = page.layer.value(.dw, place)
        _ = page.handle("do\u{1F}pin W \(place)")
        let shown = page.body() + page.picture().svg()
        #expect(!shown.contains(">\(written(right))<") && !shown.contains("= \(written(right))<"), "\(right)")
        #expect(!page.checkHTML.contains("Moving"))
        _ = page.handle("do\u{1F}help hint")
        #expect(page.isAsked && page.answer?.sentence.contains("4 terms") == true)
        _ = page.handle("do\u{1F}help solve")
        #expect(!page.isAsked && page.readingHTML.contains("equation"))
        #expect(page.exerciseHTML.contains(written(right)))
    }

    @Test func pixelsArePickedAndJudged() {
        var page = opened("exercise=pixels.1&select=none")
        #expect(page.exercise == Exercise(tensor: .w, place: 1, asksPixels: true) && page.isPicking)
        let strings = Strings.english
        func pick(_ places: [Int]) -> String? {
            for place in page.picked.symmetricDifference(places) { _ = page.handle("click\u{1F}V-\(place)") }
            _ = page.handle("do\u{1F}judge")
            return page.answer?.sentence
        }
        // W2 meets V2, V3, V5, V6; a window is V1, V2, V4, V5, which are also those that W1 meets.
        #expect(pick([1, 4, 8]) == filled(strings.pixelsWrong, ["2", "1", "2"]))
        #expect(pick([0, 1, 3, 4]) == filled(strings.pixelsOneWindow, ["W2"]))
        #expect(page.isPicking && page.state.selection == nil)
        _ = page.handle("do\u{1F}help hint")
        #expect(page.answer?.sentence.contains("Pixels in all: 4.") == true)
        // By keyboard, and the same pixel shown in ∂V.
        for place in page.picked { _ = page.handle("key\u{1F}V-\(place)\u{1F}Enter") }
        #expect(page.picked.isEmpty)
        _ = page.handle("click\u{1F}dV-1")
        #expect(page.picked == [1] && page.cellName(.v, 1) == "V2 = 2, picked")
        #expect(page.handle("key\u{1F}V-1\u{1F}7").text.contains("edit\u{1F}") == false)
        #expect(pick([1, 2, 4, 5]) == filled(strings.pixelsRight, ["W2", "V2, V3, V5, V6"]))
        #expect(!page.isPicking && page.state.selection == Selection("W", at: 1) && page.sum?.terms.count == 4)
        _ = page.handle("do\u{1F}exercise pixels 1")
        #expect(page.isPicking && page.picked.isEmpty && page.state.hash.contains("exercise=pixels.2"))
        _ = page.handle("do\u{1F}help solve")
        #expect(!page.isPicking && page.picked.count == 4)
        _ = page.handle("do\u{1F}exercise end")
        #expect(page.exercise == nil && !page.state.hash.contains("exercise"))
    }

    /// Pages with exercises about different weights differ only in the weight, wherever the pointer is.
    @Test(arguments: PageState.Strip.allCases) func pixelsLeakNowhere(_ strip: PageState.Strip) {
        let layer = "input=4x4&kernel=3x3&stride=2&padding=1&channels=2&filters=2&select=W3&strip=\(strip.rawValue)"
        func shown(_ number: Int) -> [String] {
            var page = opened(layer + "&exercise=pixels.\(number)")
            guard let exercise = page.exercise else { return [] }
            let events = ["hover\u{1F}V-5", "hover\u{1F}W-0", "hover\u{1F}dG-1", "hover\u{1F}term-0", "do\u{1F}after"]
            let said = events.map { page.handle($0).text } + [page.body()]
            #expect(page.sum == nil && !page.picture().svg().contains(" = "))
            let name = page.layer.name(.w, exercise.place)
            return said.map { text in
                text.replacing(name + " meet", with: " meet").replacing("c s gx", with: "c")
                    .replacing(" aria-selected=\"true\"", with: "")
                    .replacing("exercise=pixels.\(number)", with: "").replacing("exercise pixels \(number)", with: "")
            }
        }
        let (one, other) = (shown(1), shown(5))
        #expect(!one.isEmpty && one == other)
        #expect(opened(layer + "&exercise=pixels.1").exercise != opened(layer + "&exercise=pixels.5").exercise)
    }

    @Test(arguments: [
        ("input=7x7&kernel=3x3&stride=2&dilation=2&padding=1", true), ("kernel=1x1&channels=2", true),
        ("kernel=1x1", false), ("input=8x8&kernel=2x2", false), (Preset.stem.hash, false), (Preset.pool.hash, false),
        ("input=6&kernel=3", true), ("input=2x3x3&kernel=2x2x2", true), ("batch=2", true),
    ])
    func pixelsAreAskedForWhereAHandCounts(_ link: String, isOffered: Bool) {
        var page = opened(link)
        #expect(page.body().contains("pixels-start") == isOffered)
        _ = page.handle("do\u{1F}exercise pixels 0")
        #expect((page.exercise != nil) == isOffered)
        _ = page.handle("do\u{1F}help solve")
        #expect(page.picked.isEmpty != isOffered && page.picked.count <= 16)
        let met = page.exercise.map { page.layer.sliding.links(of: Selection("W", at: $0.place)).map { $0.v } } ?? []
        #expect(page.picked == Set(met.filter { $0 >= 0 }))
    }

    @Test func exercisesAskForEveryCellWithFreshNumbers() {
        var page = opened("exercise=1")
        var asked: Set<Exercise> = []
        var filters: Set<[Double]> = []
        for _ in 0..<60 {
            if let exercise = page.exercise { asked.insert(exercise) }
            filters.insert(page.layer.numbers[.w] ?? [])
            _ = page.handle("do\u{1F}exercise \((page.state.exercise ?? 0) + 1)")
        }
        #expect(asked.count == 9 + 4 + 4 && filters.count > 50)
        // The exercise about a weight's pixels is separate.
        #expect(asked.allSatisfy { !$0.asksPixels } && !page.state.asksPixels)
        // 12,544 terms are too many to add on paper.
        #expect(opened(Preset.stem.hash + "&exercise=1").exercise == nil)
    }

    @Test(arguments: Preset.allCases.filter { $0 != .stem }, PageState.Strip.allCases)
    func everyPresetHasEveryView(preset: Preset, strip: PageState.Strip) {
        var page = opened(preset.hash + "&strip=\(strip.rawValue)")
        #expect(page.state.strip == strip)
        #expect(page.checkHTML.contains(Strings.english.checkAgrees))
        // A pool has no filter to slide, to draw or to rank.
        let isWithout = page.layer.settings.isPool && [.convolution, .flow, .largest].contains(strip)
        let isSeen = ["<section class=\"view\"", "id=\"flow\""].contains { page.stripsHTML.contains($0) }
        #expect(isSeen != isWithout)
        #expect(page.stripsHTML.contains(Strings.english.poolHasNoFilter) == isWithout)
        let tensors = [Tensors.w, .v, .g, .b, .a].filter { page.layer.shapes[$0] != nil }
        let readings = tensors.map { tensor in
            _ = page.handle("hover\u{1F}\(tensor.key)-1")
            return page.readingHTML
        }
        #expect(tensors.count >= 2 && Set(readings).count == tensors.count)
        #expect(readings.allSatisfy { $0.contains("<div class=\"now\">") })
    }

    @Test func theStemIsComputedByAPlan() {
        let page = opened(Preset.stem.hash + "&select=W25&strip=largest")
        #expect(!page.layer.settings.isExact)
        #expect(page.sum?.terms.count == 12544)
        #expect(!page.checkHTML.contains("differs"))
    }

    @Test func storiesStayOnThePage() {
        for story in Page.stories.indices {
            #expect(Page.stories[story].count == Strings.english.stories[story].steps.count)
            for step in Page.stories[story].indices {
                var page = opened()
                _ = page.handle("do\u{1F}story \(story) \(step)")
                #expect(page.state.story == PageState.Story(number: story, step: step))
                #expect(PageState(hash: page.state.hash, .english) == page.state)
            }
        }
    }

    /// A story leaves the reader's numbers alone, and changes to its layer stay for its next step with the same layer.
    @Test func storiesTakeNothingAway() {
        var page = opened("V=9,8,7,6,5,4,3,2,1")
        let own = page.state
        for event in ["do\u{1F}story 4 3", "do\u{1F}descend"] { _ = page.handle(event) }
        let filter = page.layer.numbers[.w]
        #expect(filter != nil && filter != opened("W=1,0,-1,2").layer.numbers[.w])
        _ = page.handle("do\u{1F}story 4 4")
        #expect(page.layer.numbers[.w] == filter)
        _ = page.handle("do\u{1F}story 1 0")
        _ = page.handle("do\u{1F}story end")
        #expect(page.state == own)
        // Without numbers of the reader's own a story's layer stays.
        page = opened()
        _ = page.handle("do\u{1F}story 1 3")
        let shown = page.layer.settings
        _ = page.handle("do\u{1F}story end")
        #expect(page.state.story == nil && page.layer.settings == shown)
    }

    @Test func noEventIsTooStrange() {
        var page = opened()
        for event in [
            "", "hover", "hover\u{1F}Q-1", "hover\u{1F}V-99999", "click\u{1F}term-77", "do", "do\u{1F}",
            "do\u{1F}plane V",
            "do\u{1F}plane B 3", "do\u{1F}pin X 1", "do\u{1F}story 9 9", "do\u{1F}layer 99", "set\u{1F}\u{1F}",
            "key\u{1F}V-1\u{1F}F2",
            "type\u{1F}V-99\u{1F}1", "drag\u{1F}V-1\u{1F}a\u{1F}b", "picture", "width\u{1F}x", "width\u{1F}0",
            "hover\u{1F}V@0.5,0.5",
            "hover\u{1F}map@2,2", "set\u{1F}scrub\u{1F}-4", "do\u{1F}exercise -3", "hash\u{1F}%%%", "tick",
        ] { _ = page.handle(event) }
        #expect(page.layer.settings == LayerSettings())
    }

    @Test func aTrainedLayerHasTheNetworksGradient() throws {
        var page = opened("strip=network")
        let training = try NetworkTraining(.small, on: TrainingTests.digits)
        page.training = training
        _ = page.handle("do\u{1F}train")
        #expect(page.running == .training && training.steps == 1)
        for _ in 0..<15 { _ = page.handle("tick") }
        #expect(training.steps == 46)
        _ = page.handle("do\u{1F}digit 1")
        _ = page.handle("do\u{1F}open")
        #expect(page.layer.settings.filters == 8)
        let label = Int(training.digits.test.labels[1])
        let look = try training.look(at: training.digits.pixels(ofTest: 1), label: label)
        let (own, expected) = (page.layer.numbers[.dw] ?? [], look.gradients["conv1.weight"]?.doubles ?? [])
        #expect(own.count == 72 && expected.count == 72)
        // The link holds four digits of each number.
        let largest = expected.reduce(0) { max($0, $1.magnitude) }
        for (a, b) in zip(own, expected) { #expect((a - b).magnitude < 2e-3 * largest) }
        #expect(PageState(hash: page.state.hash, .english) == page.state)
    }
}
