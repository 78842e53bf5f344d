import AdjointExplanations
import AdjointGraphs
import Testing

@testable import AdjointPage

/// The links that a selection marks are the terms that the engine adds, in its order.
@Suite struct RelationTests {
    static let hashes = [
        "", "input=5x4&kernel=3x2&stride=2x1&padding=1,0,2,1", "input=6x6&kernel=3x3&stride=2",
        "input=7x7&kernel=3x3&stride=2&dilation=2&padding=1", "input=4x4&kernel=2x2&channels=4&filters=4&groups=2",
        "input=4x4&kernel=2x2&channels=3&filters=3&groups=3",
        "input=3x3&kernel=2x2&channels=2&filters=3&batch=2&bias=1",
        "kind=transposed&input=3x3&kernel=3x3&stride=2&padding=1&output-padding=1",
        "kind=transposed&input=2x3&kernel=2x2&channels=2&filters=4&groups=2",
    ]

    @Test(arguments: hashes) func termsAreTheEngines(hash: String) throws {
        let layer = try LayerNumbers(of: PageState(hash: hash, .english))
        var equations = try layer.equations()
        for tensor in [Tensors.v, .w, .g] {
            for place in 0..<(layer.shapes[tensor]?.count ?? 0) {
                let selection = Selection(tensor.name, at: place)
                let links = layer.sliding.links(of: selection)
                let equation =
                    tensor == .g
                    ? try equations.forward(at: place) : try equations.gradient(of: tensor.name, at: place)
                let expected = equation.right.terms.prefix(links.count).map { $0.text }
                let own = links.map { layer.sliding.expression(of: $0, in: tensor.name).text }
                if links.isEmpty {
                    #expect(equation.value == 0)
                } else {
                    #expect(own == Array(expected))
                }
            }
        }
    }

    @Test(
        arguments: hashes + ["kind=max&input=4x4&kernel=2x2&stride=2&V=random.3", "kind=average&input=4x4&kernel=2x2"])
    func sumsAreTheEngines(hash: String) throws {
        let layer = try LayerNumbers(of: PageState(hash: hash, .english))
        for tensor in [Tensors.v, .w, .b] {
            for place in 0..<(layer.shapes[tensor]?.count ?? 0) {
                let sum = layer.sum(of: Selection(tensor.name, at: place))
                #expect((sum.plus + sum.minus - sum.total).magnitude < 1e-12 * max(1, sum.plus - sum.minus))
            }
        }
    }
}
