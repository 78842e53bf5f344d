import AdjointCommands
import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import TestSupport
import Testing

/// Every case of the shared folder: the equations of its layer, evaluated as mathematics, give the file's y, dx, dw, db.
@Suite(.enabled(if: Shared.isPresent, Comment(rawValue: Shared.absence))) struct CaseEquationsTests {
    /// The number of elements of a tensor above which only some are tested.
    private static let whole = 64

    @Test(arguments: LayerGraphsTests.cases.map { $0.name }) func equationsGiveTheTensors(name: String) throws {
        let layer = try #require(LayerGraphsTests.cases.first { $0.name == name })
        let file = try TensorFile(parsing: Shared.bytes("cases/" + layer.file))
        let graph = try layer.graph(.float64).keeping(["y"])
        var values = ["∂y": try #require(file["dy"])]
        for input in graph.inputs { values[input.name] = file[input.name] }
        var equations = try Equations(of: graph, values: values)
        func check(_ equation: Equation, _ tensor: String, _ place: Int) throws {
            let expected = try #require(file[tensor]).doubles[place]
            // The expression alone, with the file's numbers for its names.
            let value = try #require(equation.right.value { equations.number(of: $0) }, "\(equation.text)")
            let tolerance = layer.integers ? 0 : 1e-12 * Double(layer.terms(of: tensor)) * (1 + expected.magnitude)
            #expect((value - expected).magnitude <= tolerance, "\(tensor) of \(name): \(equation.text)")
            #expect(equation.value == value || (value - expected).magnitude <= tolerance)
        }
        for place in places(file["y"]) { try check(equations.forward(at: place), "y", place) }
        for input in graph.inputs {
            for place in places(file["d" + input.name]) {
                try check(equations.gradient(of: input.name, at: place), "d" + input.name, place)
            }
        }
    }

    private func places(_ tensor: Tensor?) -> [Int] {
        let count = tensor?.count ?? 0
        return Array(stride(from: 0, to: count, by: max(1, count / Self.whole)))
    }
}
