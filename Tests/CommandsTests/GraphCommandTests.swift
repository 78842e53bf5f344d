import TestSupport
import Testing

@testable import AdjointCommands

/// `adjoint graph`, from the outside.
@Suite(.enabled(if: Program.isPresent, "no built program beside the tests"))
struct GraphCommandTests {
    @Test func writesALayerAndItsTranspose() throws {
        let there = try Program.run(["graph", "--layer", "--input", "2", "--kernel", "2"])
        #expect(there.output == "G1 = W1·V1 + W2·V2\n")
        let back = try Program.run(["graph", "--layer", "--input", "2", "--kernel", "2", "--gradient"])
        #expect(back.output == "∂E/∂V1 = W1·∂E/∂G1\n∂E/∂V2 = W2·∂E/∂G1\n")
        let weights = try Program.run(["graph", "--layer", "--gradient", "--signal", "W"])
        #expect(weights.output.hasPrefix("∂E/∂W1 = V1·∂E/∂G1 + V2·∂E/∂G2 + V4·∂E/∂G3 + V5·∂E/∂G4\n"))
    }

    @Test(arguments: [
        ["lenet5"], ["lenet5", "--gradient"], ["resnet18", "--gradient"], ["lenet5", "--zoom", "nodes"],
        ["--layer"], ["--layer", "--signal", "W", "--select", "W1"], ["--layer", "--zoom", "nodes", "--gradient"],
        ["--layer", "--zoom", "operators", "--stride", "2", "--channels", "3", "--select", "w[0,2,1,1]"],
        ["--layer", "--zoom", "operators", "--transposed", "--select", "b1", "--gradient"],
        ["--layer", "--pool", "max"], ["--layer", "--pool", "average", "--gradient"],
    ])
    func drawsInEveryForm(arguments: [String]) throws {
        for (form, first) in [("dot", "digraph \""), ("mermaid", "flowchart "), ("svg", "<svg ")] {
            let outcome = try Program.run(["graph"] + arguments + ["--as", form])
            #expect(outcome.status == 0 && outcome.errors == "" && outcome.output.hasPrefix(first))
            #expect(try Program.run(["graph"] + arguments + ["--as", form]).output == outcome.output)
        }
    }

    @Test(arguments: [
        (["graph"], 2), (["graph", "--layer", "--select", "Q"], 2), (["graph", "lenet5", "--zoom", "scalars"], 2),
        (["graph", "--layer", "--zoom", "layers"], 2), (["graph", "--layer", "--pool", "max", "--signal", "W"], 2),
        (["graph", "--layer", "--pool", "max", "--zoom", "operators"], 1),
        (["graph", "--layer", "--input", "99x99"], 1),
        (["graph", "--layer", "--out", "/none/graph.svg"], 1),
    ])
    func saysWhatDoesNotFit(arguments: [String], status: Int) throws {
        let outcome = try Program.run(arguments)
        #expect(Int(outcome.status) == status && outcome.output == "")
        #expect(outcome.errors.hasPrefix("adjoint: ") && outcome.errors.split(separator: "\n").count == 1)
    }
}
