import AdjointExplanations
import AdjointGraphs
import Testing

/// The fully connected net of the question.
@Suite struct DenseNetTests {
    private func lines(_ sizes: [Int], _ activation: (Value) -> Value = { $0.logistic() }) throws -> [String] {
        let blocks = try Explanation(dense: sizes, activation: activation).sections.flatMap { $0.blocks }
        return blocks.flatMap { block -> [String] in
            if case .equations(let equations) = block { equations.map { $0.text } } else { [] }
        }
    }

    @Test func theQuestion() throws {
        let lines = try lines([2, 2, 1])
        for line in [
            "H1 = I1·W1 + I2·W2", "HA1 = logistic(H1)", "H3 = HA1·W5 + HA2·W6",
            "∂E/∂W1 = ∂E/∂HA1·∂HA1/∂H1·∂H1/∂W1", "∂H1/∂W1 = I1", "∂H3/∂HA1 = W5",
            "∂HA1/∂H1 = logistic(H1)·(1 - logistic(H1))",
            "∂E/∂W1 = ∂E/∂HA3·∂HA3/∂H3·∂H3/∂HA1·∂HA1/∂H1·∂H1/∂W1",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func pathsAreAddedAndFactored() throws {
        let lines = try lines([1, 1, 2]) { $0 }
        for line in [
            "∂E/∂HA1 = ∂E/∂HA2·∂HA2/∂H2·∂H2/∂HA1 + ∂E/∂HA3·∂HA3/∂H3·∂H3/∂HA1",
            "∂E/∂W1 = ∂E/∂HA2·∂HA2/∂H2·∂H2/∂HA1·∂HA1/∂H1·∂H1/∂W1 + ∂E/∂HA3·∂HA3/∂H3·∂H3/∂HA1·∂HA1/∂H1·∂H1/∂W1",
            "∂E/∂W1 = (∂E/∂HA2·∂HA2/∂H2·∂H2/∂HA1 + ∂E/∂HA3·∂HA3/∂H3·∂H3/∂HA1)·∂HA1/∂H1·∂H1/∂W1",
            "∂E/∂W1 = (∂E/∂HA2·W2 + ∂E/∂HA3·W3)·I1",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    /// Explanations of wide nets tell the number of paths without listing all of them.
    @Test func manyPathsFold() throws {
        let text = try Explanation(dense: [2, 9, 9, 9]) { $0 }.text()
        #expect(text.contains("81 paths for each weight"))
        #expect(throws: ArgumentError.self) { try Explanation(dense: [100, 100]) { $0 } }
        #expect(throws: ArgumentError.self) { try Explanation(dense: [2]) { $0 } }
        #expect(throws: ArgumentError.self) { try Explanation(dense: [2, 1 << 40, 1 << 40]) { $0 } }
    }
}
