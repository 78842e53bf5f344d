import AdjointGraphs
import Testing

/// Every public operation with numbers, shapes and lists that make no sense: each is refused with an error or works, and
/// none ends the process.
@Suite struct OddArgumentsTests {
    private static let numbers = [Int.min, -(1 << 31), -1, 0, 1, 2, 3, 1 << 31, 1 << 40, 1 << 62, Int.max]
    private static let lists: [[Int]] =
        [
            [], [0, 0], [1, 0], [0, 1, 2, 3], [-1, 1], [1 << 40, 1 << 40], [Int.max, Int.max, Int.max], [2, 0], [0, 2],
        ]
        + numbers.map { [$0] } + numbers.map { [2, $0] } + numbers.map { [$0, 3, $0] }
    /// Shapes that a graph takes.
    private static let shapes: [Shape] = [
        [], [3], [0], [2, 3], [2, 0], [2, 3, 4], [2, 2, 4, 5], [0, 2, 4, 5], [1, 2, 3, 4, 5, 6], [1 << 40],
        [1 << 20, 1 << 20],
        [1, 1, 1 << 31], [2, 2, 1 << 40],
    ]
    private static let reals = [0, -0.0, 1, -1, Double.leastNonzeroMagnitude, 1e300, Double.infinity, -.infinity, .nan]

    /// The number of graphs that could be built; the errors of the others have a text.
    @discardableResult
    private func survivors(_ builds: [(GraphBuilder) -> Value]) -> Int {
        builds.count { build in
            do throws(ArgumentError) {
                let graph = try Graph(build)
                _ = graph.simplified().description
                return true
            } catch {
                #expect(!error.operation.isEmpty && !error.argument.isEmpty && !error.expected.isEmpty)
                return false
            }
        }
    }

    @Test(arguments: shapes) func lists(_ shape: Shape) {
        var builds: [(GraphBuilder) -> Value] = []
        for type in [ElementType.float32, .int32, .bool] {
            for list in Self.lists {
                let x = { (g: GraphBuilder) in g.input("x", shape, type) }
                builds += [
                    { x($0).reshaped(to: Shape(list)) }, { x($0).permuted(list) }, { x($0).reversed(list) },
                    { x($0).broadcast(to: Shape(list)) }, { x($0).sum(list) }, { x($0).sum(list, keepingAxes: true) },
                    { x($0).mean(list) }, { x($0).mean(list, keepingAxes: true) },
                    { x($0).standardized(over: list, epsilon: 0) },
                    { x($0).padded(before: list, after: list) }, { x($0).padded(before: list, after: []) },
                    { x($0).padded(before: [0, 0], after: list, between: list) },
                    { x($0).sliced(from: list, to: list) }, { x($0).sliced(from: [0, 0], to: list, by: list) },
                    { x($0).sliced(from: list, to: shape.sizes) }, { x($0) + $0.input("y", Shape(list)) },
                    { x($0).scaled(by: $0.input("y", Shape(list)), shift: x($0)) },
                    { x($0).convolved(with: $0.input("w", Shape(list))) },
                    { x($0).convolved(with: x($0), stride: PerAxis(list), padding: .same, dilation: PerAxis(list)) },
                    { x($0).transposedConvolved(with: x($0), stride: PerAxis(list), outputPadding: PerAxis(list)) },
                    { x($0).maxPooled(PerAxis(list)) }, { x($0).averagePooled(2, stride: PerAxis(list)) },
                    { x($0).maxPooled(1, padding: .sides(before: list, after: list), dilation: PerAxis(list)) },
                    { $0.constant(1, Shape(list), type) }, { $0.input("x", Shape(list), type) },
                    { $0.random(Shape(list), key: x($0), counter: x($0)) },
                ]
            }
        }
        #expect(survivors(builds) > 0)
    }

    @Test(arguments: shapes) func numbers(_ shape: Shape) {
        var builds: [(GraphBuilder) -> Value] = []
        for number in Self.numbers {
            let x = { (g: GraphBuilder) in g.input("x", shape) }
            builds += [
                { x($0).flattened(from: number) }, { x($0).softmax(axis: number) }, { x($0).logSoftmax(axis: number) },
                { x($0).maximum(axis: number) }, { x($0).indexOfMaximum(axis: number) },
                { x($0).broadcast(along: number, of: [3]) }, { x($0).groupNormalized(groups: number, epsilon: 1) },
                { Value.concatenated([x($0), x($0)], axis: number) }, { x($0).maxPooled(PerAxis(number)) },
                { x($0).convolved(with: x($0), padding: .uniform(number)) },
                { x($0).convolved(with: x($0), groups: number) },
                { x($0).transposedConvolved(with: x($0), padding: .uniform(number), groups: number) },
                {
                    x($0).transposedConvolved(
                        with: x($0), stride: PerAxis(number), padding: .same, dilation: PerAxis(number))
                },
                {
                    x($0).averagePooled(
                        PerAxis(number), stride: PerAxis(number), countsPadding: false, roundingUp: true)
                },
                { x($0).maxPooled(2, stride: PerAxis(number), dilation: PerAxis(number), roundingUp: true) },
                // Code after an error may read any size.
                { $0.constant(1, [x($0).shape[number], x($0).sum([7]).shape[number]]) },
            ]
        }
        for number in Self.reals {
            let x = { (g: GraphBuilder) in g.input("x", shape) }
            builds += [
                { x($0).power(number) / number - number * x($0) + number },
                { x($0).leakyReLU(slope: number).elu(alpha: number) },
                { $0.constant(number, shape, .int32) }, { $0.constant(number, shape, .bool) },
                { x($0).standardized(over: [0], epsilon: number) },
                { x($0).droppedOut(rate: number, key: $0.input("k", [], .int32), counter: $0.input("c", [], .int32)) },
            ]
        }
        #expect(survivors(builds) > 0)
    }

    @Test func notation() {
        let texts = ["", "a", "ab", "ba", "aa", "é", "A ", "abcd"]
        var builds: [(GraphBuilder) -> Value] = []
        for first in texts {
            for second in texts {
                for result in texts {
                    builds.append { $0.input("x", [2, 2]).contracted($0.input("y", [2, 2]), first, second, result) }
                }
            }
        }
        #expect(survivors(builds) > 0)
        #expect(Contraction(first: [Int.min, -1], second: [Int.max], result: []).notation.contains("->"))
    }

    @Test func nothingToConcatenate() {
        let expected = ArgumentError("concatenate", "values", expected: "one or more", given: "none")
        #expect(throws: expected) { try Graph { _ in Value.concatenated([]) } }
        #expect(throws: expected) { try Graph { g in (Value.concatenated([]) + g.input("x", [2])).exp() } }
        #expect(throws: expected) { try Graph { g in g.input("x", [2]) * Value.concatenated([], axis: .min).sum([3]) } }
    }

    @Test func tensorsAndShapes() {
        let absurd = Self.lists.map { Shape($0) }
        for shape in absurd {
            _ = (shape.count, shape.checkedCount, shape.strides, shape.description)
            for number in Self.numbers { _ = shape[number] }
            _ = try? Tensor(shape, repeating: 1, as: .bool)
            #expect(throws: ArgumentError.self) { try Tensor(shape, [Float](repeating: 1, count: 5)) }
            #expect(throws: ArgumentError.self) { try Tensor(scalar: 1).reshaped(to: Shape(shape.sizes + [2])) }
        }
        for shape in [[-1], [1 << 40, 1 << 20], [1 << 40], [Int.max, 2], [0, 1 << 62, 4]] as [Shape] {
            #expect(throws: ArgumentError.self) { try Tensor(shape, repeating: 0) }
        }
        for number in Self.reals { _ = Tensor(scalar: number, as: .int32).description }
        let shape: Shape = [4, 5]
        #expect(shape[-1] == 0 && shape[0] == 4 && shape[1] == 5 && shape[2] == 0)
        for e in Self.numbers {
            for s in Self.numbers {
                _ = Window.Axis(inputSpacing: e, stride: s, dilation: s, padding: s).input(output: e, tap: s)
            }
        }
    }
}
