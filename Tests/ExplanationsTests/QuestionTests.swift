import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import Testing

/// The example with which the project began, in the words of that question.
@Suite struct QuestionTests {
    private var equations: Equations

    init() throws { equations = try Equations(of: LayerGeometry.question.graph()) }

    @Test mutating func forward() throws {
        #expect(
            try equations.forward().map { $0.text } == [
                "G1 = V1·W1 + V2·W2 + V4·W3 + V5·W4",
                "G2 = V2·W1 + V3·W2 + V5·W3 + V6·W4",
                "G3 = V4·W1 + V5·W2 + V7·W3 + V8·W4",
                "G4 = V5·W1 + V6·W2 + V8·W3 + V9·W4",
            ])
    }

    @Test mutating func chainRule() throws {
        #expect(
            try equations.chainRule(over: equations.partials(by: "W", at: 0), of: "W", at: 0).text
                == "∂E/∂W1 = ∂E/∂G1·∂G1/∂W1 + ∂E/∂G2·∂G2/∂W1 + ∂E/∂G3·∂G3/∂W1 + ∂E/∂G4·∂G4/∂W1")
    }

    @Test mutating func partials() throws {
        #expect(
            try equations.partials(by: "W", at: 0).map { $0.text } == [
                "∂G1/∂W1 = V1", "∂G2/∂W1 = V2", "∂G3/∂W1 = V4", "∂G4/∂W1 = V5",
            ])
        #expect(
            try equations.partials(by: "V", at: 4).map { $0.text } == [
                "∂G1/∂V5 = W4", "∂G2/∂V5 = W3", "∂G3/∂V5 = W2", "∂G4/∂V5 = W1",
            ])
    }

    @Test mutating func gradient() throws {
        #expect(
            try equations.gradient(of: "W").map { $0.text } == [
                "∂E/∂W1 = ∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5",
                "∂E/∂W2 = ∂E/∂G1·V2 + ∂E/∂G2·V3 + ∂E/∂G3·V5 + ∂E/∂G4·V6",
                "∂E/∂W3 = ∂E/∂G1·V4 + ∂E/∂G2·V5 + ∂E/∂G3·V7 + ∂E/∂G4·V8",
                "∂E/∂W4 = ∂E/∂G1·V5 + ∂E/∂G2·V6 + ∂E/∂G3·V8 + ∂E/∂G4·V9",
            ])
        #expect(
            try equations.gradient(of: "V").map { $0.text }.prefix(2) == [
                "∂E/∂V1 = ∂E/∂G1·W1", "∂E/∂V2 = ∂E/∂G1·W2 + ∂E/∂G2·W1",
            ])
    }

    @Test func numbers() throws {
        let v = try Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9] as [Double])
        let w = try Tensor([1, 1, 2, 2], [1, 2, 3, 4] as [Double])
        let values = ["V": v, "W": w, "∂G": w]
        var equations = try Equations(of: LayerGeometry.question.graph(), values: values)
        #expect(try equations.forward().map { $0.value } == [37, 47, 67, 77])
        #expect(try equations.gradient(of: "W").map { $0.value } == [37, 47, 67, 77])
        let partials = try equations.partials(by: "W", at: 0)
        #expect(try equations.chainRule(over: partials, of: "W", at: 0).value == 37)
    }
}
