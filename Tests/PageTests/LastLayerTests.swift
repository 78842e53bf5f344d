import AdjointGraphs
import AdjointModels
import Testing

@testable import AdjointPage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The last layer of a network learns a few pictures, against gradient descent that is written out here.
@Suite struct LastLayerTests {
    private static func page() throws -> Page {
        let network = try Network("linear", input: [1, 3, 2], classes: 3) {
            Flatten()
            Linear(4, name: "first")
            ReLU()
            Linear(3, name: "last")
        }
        return OwnNetworkTests.opened(
            try OwnNetworkTests.file(network, Normalization(mean: [0.5], deviation: [0.25])))
    }

    private static let pictures: [(greys: [UInt8], label: Int)] = [
        ([200, 20, 10, 30, 5, 250], 0), ([10, 220, 240, 0, 60, 10], 1), ([90, 10, 10, 255, 10, 90], 2),
    ]

    /// −log p over the pictures, and the results of descent on the last layer.
    private static func described(
        _ x: [[Double]], _ weights: [Double], _ bias: [Double], steps: Int
    ) -> (losses: [Double], probabilities: [Double]) {
        var (w, b, losses, count) = (weights, bias, [Double](), x[0].count)
        func p(_ x: [Double]) -> [Double] {
            let powers = (0..<3).map { k in exp(b[k] + (0..<count).reduce(0) { $0 + w[k * count + $1] * x[$1] }) }
            return powers.map { $0 / powers.reduce(0, +) }
        }
        let rate = 1 / (x.map { $0.reduce(0) { $0 + $1 * $1 } }.max()! + 1)
        count = x[0].count
        for _ in 0..<steps {
            let all = x.map { p($0) }
            losses.append(zip(all, pictures).reduce(0) { $0 - log($1.0[$1.1.label]) } / Double(x.count))
            for (features, (chances, picture)) in zip(x, zip(all, pictures)) {
                for k in 0..<3 {
                    let step = rate * (chances[k] - (k == picture.label ? 1 : 0)) / Double(x.count)
                    b[k] -= step
                    for place in 0..<count { w[k * count + place] -= step * features[place] }
                }
            }
        }
        return (losses, zip(x, pictures).map { p($0)[$1.label] })
    }

    @Test func itLearnsByDescentAndIsUndone() throws {
        var page = try Self.page()
        for (greys, label) in Self.pictures {
            _ = page.handle(OwnNetworkTests.event(["set", "sample-label", "\(label)"]))
            page.held = greys.flatMap { [$0, $0, $0, 255] }
            _ = page.handle("sample")
        }
        #expect(page.lastLayer.samples.map { $0.label } == [0, 1, 2])
        let use = try #require(page.own?.use)
        let weights = try #require(use.parameter("last.weight"))
        let bias = try #require(use.parameter("last.bias"))
        let shown = try #require(page.own?.probabilities)
        _ = page.handle("do\u{1F}teach")
        let said = OwnNetworkTests.work(&page)
        #expect(said.contains(Strings.english.own[.teaching]) && page.lastLayer.isDone)

        let x = page.lastLayer.samples.map { $0.features.map { Double($0) } }
        #expect(x.allSatisfy { $0.count == 4 })
        let expected = Self.described(x, weights.doubles, bias.doubles, steps: LastLayer.steps)
        let losses = page.lastLayer.losses.points.map { $0.value }
        #expect(losses.count == 40 && losses[39] < losses[0])
        for (loss, expected) in zip(losses, expected.losses) { #expect(abs(loss - expected) < 1e-4) }
        for (sample, expected) in zip(page.lastLayer.samples, expected.probabilities) {
            #expect(abs(sample.after[sample.label] - expected) < 1e-4)
            #expect(sample.after[sample.label] != sample.before[sample.label])
            // The whole network gives the same, and no layer before the last has changed.
            let whole = try use.probabilities(of: use.image(sample.photo))
            #expect(abs(whole[sample.label] - expected) < 1e-4)
        }
        #expect(page.own?.probabilities != shown)
        let html = page.trainingHTML
        #expect(html.contains("taught-t") && html.contains("sample-2") && html.contains("unteach"))

        _ = page.handle("do\u{1F}unteach")
        OwnNetworkTests.work(&page)
        #expect(use.parameter("last.weight") == weights && use.parameter("last.bias") == bias)
        #expect(page.own?.probabilities == shown && !page.trainingHTML.contains("unteach"))
        _ = page.handle("do\u{1F}unsample 1")
        #expect(page.lastLayer.samples.map { $0.label } == [0, 2])
    }

    @Test func aHandfulIsEnough() throws {
        var page = try Self.page()
        for _ in 0...LastLayer.most {
            page.held = [UInt8](repeating: 9, count: 24)
            _ = page.handle("sample")
        }
        #expect(page.lastLayer.samples.count == LastLayer.most && page.complaint != nil)
        page.held = [1]
        _ = page.handle("sample")
        #expect(page.complaint == Strings.english.noPicture)
        _ = page.handle(OwnNetworkTests.event(["set", "sample-label", "3"]))
        #expect(page.lastLayer.label == 0)
    }
}
