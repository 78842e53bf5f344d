import AdjointJSON
import AdjointWeb
import Testing

/// The same requests as from adjoint.mjs, natively, where Int has 64 bits.
@Suite struct AnswerTests {
    private static let question = #""layer": {"input": [3, 3], "kernel": [2, 2]}"#
    private static let numbers =
        #""values": {"V": [1, 2, 3, 4, 5, 6, 7, 8, 9], "W": [1, -1, 2, 0], "T": [6, 9, 13, 17]}"#

    private func asked(_ request: String) throws -> JSON { try JSON(parsing: Array(answer(request).utf8)) }

    @Test func computesByDefinition() throws {
        let answer = try asked("{\(Self.question), \(Self.numbers)}")["answer"]
        #expect(answer?["G"] == [7.0, 9.0, 13.0, 15.0])
        #expect(answer?["E"] == 2.5)
        // ∂E/∂G = G − T = 1, 0, 0, −2
        #expect(answer?["dG"] == [1.0, 0.0, 0.0, -2.0])
        #expect(answer?["dW"] == [-9.0, -10.0, -12.0, -13.0])
    }

    @Test func oneStepMovesTheFilter() throws {
        let answer = try asked(#"{"ask": "training", "rate": 0.01, \#(Self.question), \#(Self.numbers)}"#)["answer"]
        let moved = try #require(answer?["W"]?.array).map { try #require($0.number) }
        #expect(zip(moved, [1.09, -0.9, 2.12, 0.13]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(answer?["E"]?.array?.first == 2.5)
    }

    @Test(arguments: ["\"W1\"", "\"G2\"", "\"V\""])
    func equationsAreThoseOfTheLayer(of element: String) throws {
        let answer = try asked("{\"ask\": \"equations\", \"select\": \(element), \(Self.question)}")["answer"]
        let texts = try #require(answer?.array).map { try #require($0["text"]?.string) }
        let expected = [
            "\"W1\"": "∂E/∂W1 = ∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5",
            "\"G2\"": "G2 = V2·W1 + V3·W2 + V5·W3 + V6·W4",
            "\"V\"": "∂E/∂V5 = ∂E/∂G1·W4 + ∂E/∂G2·W3 + ∂E/∂G3·W2 + ∂E/∂G4·W1",
        ]
        #expect(texts.contains(expected[element] ?? ""))
    }

    /// Each number of a layer at the borders of what an integer and a Double hold.
    @Test(arguments: [
        "input", "kernel", "batch", "channels", "filters", "groups", "stride", "dilation", "padding", "outputPadding",
    ])
    func oddSizesAreRefusedInASentence(_ name: String) throws {
        for number in [
            "-9223372036854775808", "-1", "0", "2147483647", "2147483648", "9223372036854775807", "1e300", "0.5",
        ] {
            let value = name == "input" || name == "kernel" ? "[\(number), 2]" : number
            let layer = "\"kind\": \"transposed\", \"input\": [3, 3], \"kernel\": [2, 2]"
            let members = layer.replacing(
                "\"\(name)\": [\(name == "input" ? "3, 3" : "2, 2")]", with: "\"\(name)\": \(value)")
            let whole = members == layer ? "\(layer), \"\(name)\": \(value)" : members
            let answer = try asked("{\"ask\": \"shapes\", \"layer\": {\(whole)}}")
            if ["padding", "outputPadding"].contains(name), number == "0" || name == "padding" && number == "-1" {
                continue
            }
            let sentence = try #require(answer["error"]?.string, "\(name) \(number)")
            #expect(sentence.utf8.count < 300 && !sentence.contains("\n"))
        }
    }

    @Test(arguments: [
        (#"{"layer": {"input": [3, 3], "kernel": [2, 2], "strides": 2}}"#, "strides"), ("{}", "layer"),
        ("[", "line 1"),
        (#"{"ask": "nothing", "layer": {"input": [3], "kernel": [2]}}"#, "ask"),
    ])
    func whatIsNotUnderstoodIsNamed(_ request: String, _ named: String) throws {
        let sentence = try #require(try asked(request)["error"]?.string)
        #expect(sentence.contains(named))
    }
}
