import AdjointGraphs
import TestSupport
import Testing

/// A number that records, in order, the terms that were added to make it.
private struct Recorded: Scalar {
    var number: Double
    var terms: [String]

    init(_ number: Double) {
        self.number = number
        terms = number == 0 ? [] : ["\(number)"]
    }

    init(_ name: String) {
        number = 1
        terms = [name]
    }

    static func + (a: Recorded, b: Recorded) -> Recorded {
        var sum = a
        sum.number += b.number
        sum.terms += b.terms
        return sum
    }

    static func * (a: Recorded, b: Recorded) -> Recorded {
        Recorded(a.terms.joined(separator: "+") + "·" + b.terms.joined(separator: "+"))
    }

    static func evaluate(_ operation: Pointwise, _ a: Recorded, _ b: Recorded, _ c: Recorded) -> Recorded {
        operation == .add ? a + b : a * b
    }
}

/// Equations are printed from the terms as Evaluate adds them: in row-major order of the index that is summed over.
@Suite struct TermOrderTests {
    private func named(_ letter: String, _ shape: Shape) -> Evaluated<Recorded> {
        .numbers((0..<shape.count).map { Recorded("\(letter)\($0)") })
    }

    /// The place of a term's factor in its operand.
    private func place(_ term: String, factor: Int) -> Int {
        Int(term.split(separator: "·")[factor].dropFirst())!
    }

    @Test(arguments: WindowZoo.inhabited) func convolutions(_ geometry: WindowCase) throws {
        let layer = try geometry.layer()
        let node = try #require(layer.nodes.last)
        guard case .convolution(let output) = node.primitive else {
            Issue.record("\(geometry) ends with \(node.primitive), expected a convolution")
            return
        }
        let shapes: [Primitive.Convolution.Role: Shape] = [
            .input: geometry.inputShape, .filter: geometry.filterShape, .output: node.shape,
        ]
        for role in Primitive.Convolution.Role.allCases {
            let solved = output.solved(for: role, size: Array(shapes[role]!.sizes.dropFirst(2)))
            let operands = solved.operandRoles.map { shapes[$0]! }
            // The row-major order of the filter, for a result; of the output, for a gradient.
            let ordered = role == .output ? 1 : solved.operandRoles.firstIndex(of: .output)!
            let values = Primitive.convolution(solved).evaluated(
                [named("a", operands[0]), named("b", operands[1])], operands,
                result: Signature(shapes[role]!, .float64)
            ).numbers
            for value in values {
                let places = value.terms.map { place($0, factor: ordered) }
                #expect(places == places.sorted(), "\(role) of \(geometry): \(value.terms)")
            }
        }
    }

    @Test func sumsAndContractions() {
        let shape: Shape = [2, 3, 2]
        let sums = Primitive.reduction(.sum(axes: [0, 2])).evaluated(
            [named("x", shape)], [shape], result: Signature([3], .float64)
        ).numbers
        #expect(sums[1].terms == ["x2", "x3", "x8", "x9"])
        let products = Primitive.contraction(Contraction("nk", "mk", "nm")).evaluated(
            [named("x", [1, 3]), named("w", [2, 3])], [[1, 3], [2, 3]], result: Signature([1, 2], .float64)
        ).numbers
        #expect(products[1].terms == ["x0·w3", "x1·w4", "x2·w5"])
    }

    @Test func windowSums() {
        let window = Window([Window.Axis(stride: 1), Window.Axis(stride: 2)])
        func terms(_ role: Primitive.Convolution.Role, _ shape: Shape, size: [Int]) -> [[String]] {
            Primitive.pooling(.windowSum(window, taps: [2, 3], role: role, size: size)).evaluated(
                [named("x", shape)], [shape], result: Signature(Shape(shape.sizes.prefix(2) + size), .float64)
            ).numbers.map { $0.terms }
        }
        #expect(terms(.output, [1, 1, 3, 5], size: [2, 2])[1] == ["x2", "x3", "x4", "x7", "x8", "x9"])
        #expect(terms(.input, [1, 1, 2, 2], size: [3, 5])[7] == ["x0", "x1", "x2", "x3"])
    }
}
