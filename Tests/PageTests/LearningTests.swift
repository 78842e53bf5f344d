import AdjointExplanations
import AdjointGraphs
import Testing

@testable import AdjointPage

/// An error that is computed from a target, and steps down its gradient, against plain arithmetic.
@Suite struct LearningTests {
    private static let links = [
        "loss=squares", "loss=squares&input=4x5&kernel=2x3&V=random.3&W=random.4&T=random.5",
        "loss=squares&input=5x5&kernel=3x3&stride=2&padding=1&channels=2&filters=2&bias=1&batch=2",
        "loss=squares&then=tanh&V=random.1&W=random.2", "loss=squares&kind=transposed&stride=2&V=random.1",
    ]

    private func error(_ state: PageState) throws -> Double {
        let layer = try LayerNumbers(of: state)
        let outputs = layer.numbers[layer.shapes[.a] == nil ? .g : .a] ?? []
        let target = layer.numbers[.t] ?? []
        #expect(outputs.count == target.count && !target.isEmpty)
        return zip(outputs, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 2 }
    }

    @Test(arguments: links) func errorIsHalfTheSquares(_ link: String) throws {
        let state = PageState(hash: link, .english)
        let layer = try LayerNumbers(of: state)
        #expect(try abs(#require(layer.error) - error(state)) < 1e-12 * (1 + error(state)))
        // A target of another filter stays constant while this filter changes.
        for (tensor, gradient) in [(Tensors.w, Tensors.dw), (.b, .db), (.v, .dv)] {
            guard let numbers = layer.numbers[tensor], let slopes = layer.numbers[gradient] else { continue }
            for place in stride(from: 0, to: numbers.count, by: 3) {
                let moved = try [-1e-5, 1e-5].map { step in
                    var moved = (state, numbers)
                    moved.1[place] += step
                    moved.0.sources[tensor] = .list(moved.1)
                    moved.0.sources[.t] = .list(layer.numbers[.t] ?? [])
                    return try error(moved.0)
                }
                let slope = (moved[1] - moved[0]) / 2e-5
                #expect(abs(slope - slopes[place]) <= 1e-6 * (1 + abs(slope)), "\(tensor) \(place)")
            }
        }
    }

    @Test(arguments: links) func aStepFollowsTheGradientDown(_ link: String) throws {
        var page = Page(hash: link)
        let (before, rate) = (page.layer, page.rate)
        _ = page.handle("do\u{1F}descend")
        for (tensor, gradient) in [(Tensors.w, Tensors.dw), (.b, .db)] {
            guard let old = before.numbers[tensor] else { continue }
            let expected = zip(old, before.numbers[gradient] ?? []).map { $0 - rate * $1 }
            #expect(page.layer.numbers[tensor] == expected)
        }
        let (start, once) = try (#require(before.error), #require(page.layer.error))
        #expect(once < start)
        // The link holds all of it.
        let linked = try #require(LayerNumbers(of: PageState(hash: page.state.hash, .english)).error)
        #expect(abs(linked - once) <= 1e-12 * (1 + once))
    }

    @Test func theQuestionLearnsItsTarget() throws {
        var page = Page(hash: "loss=squares")
        #expect(page.layer.error == 55 && page.layer.numbers[.dg] == [3, 4, 6, 7] && page.rate == 0.002)
        _ = page.handle("do\u{1F}descent")
        var ticks = 0
        while page.running == .descent, ticks < 100 {
            _ = page.handle("tick")
            ticks += 1
        }
        #expect(try #require(page.layer.error) <= 0.055 && page.descent?.points.first?.value == 55)
        #expect(page.running == nil && page.descent?.points.count == ticks + 2)
    }

    @Test func stepsThatAreTooLongAreSaid() throws {
        var page = Page(hash: "loss=squares&rate=0.1")
        _ = page.handle("do\u{1F}descend")
        #expect(page.learningHTML.contains(Strings.english.overshot))
        for _ in 0..<40 { _ = page.handle("do\u{1F}descend") }
        #expect(page.layer.numbers.values.allSatisfy { $0.allSatisfy { $0.isFinite } })
        for rate in ["-1", "0", "nan", "x", ""] {
            _ = page.handle("set\u{1F}rate\u{1F}" + rate)
            #expect(page.drafts["rate"] != nil && page.rate == 0.1, "\(rate)")
        }
    }

    @Test func whatAnOutputMissesIsAnEquation() throws {
        var page = Page(hash: "loss=squares&select=G2")
        let text = try page.layer.miss(at: 1).text
        #expect(text == "G2 - T2")
        #expect(page.readingHTML.contains("miss"))
        // A target's cell shows the output that should come near it, and can be edited.
        _ = page.handle("hover\u{1F}T-3")
        #expect(page.selection?.name == "G" && page.selection?.place == 3)
        _ = page.handle("type\u{1F}T-3\u{1F}10")
        #expect(page.layer.numbers[.dg]?[3] == 5)
        // This number is computed.
        _ = page.handle("type\u{1F}dG-3\u{1F}10")
        #expect(page.layer.numbers[.dg]?[3] == 5)
    }
}
