import AdjointGradients
import AdjointGraphs
import TestSupport
import Testing

/// Operations that are composed of primitives: each against plain arithmetic, and its derivatives to second order.
@Suite struct OperationsTests {
    /// The values of a function of float64 inputs `x`, `y`, ….
    private func check(
        _ inputs: [Tensor], expected: (shape: Shape, numbers: [Double]), tolerance: Double = 1e-12,
        derivatives: DerivativeChecks? = DerivativeChecks(), location: SourceLocation = #_sourceLocation,
        _ build: ([Value]) -> Value
    ) throws {
        let names = ["x", "y", "z"]
        var given: [String: Tensor] = [:]
        for (name, tensor) in zip(names, inputs) { given[name] = tensor }
        let graph = try Graph { g in
            build(zip(names, inputs).map { g.input($0, $1.shape, $1.elementType) })
        }
        let result = try #require(graph.evaluated(given)["output"])
        #expect(result.shape == expected.shape, sourceLocation: location)
        for (place, (a, b)) in zip(result.doubles, expected.numbers).enumerated()
        where (a - b).magnitude > tolerance * max(1, b.magnitude) {
            Issue.record("element \(place) is \(a), expected \(b)", sourceLocation: location)
            break
        }
        #expect(result.count == expected.numbers.count, sourceLocation: location)
        if let derivatives { try derivatives(graph, at: given) }
    }

    /// Every element of a shape by its index.
    private func elements(_ sizes: [Int], _ element: ([Int]) -> Double) -> (shape: Shape, numbers: [Double]) {
        let shape = Shape(sizes)
        return (shape, (0..<shape.count).map { element(shape.index(of: $0)) })
    }

    private func at(_ x: Tensor, _ index: [Int]) -> Double { x.shape.place(of: index).map { x.doubles[$0] } ?? 0 }

    /// By the README of the tasks: the source position of an output, and the weights of its neighbours.
    private func neighbours(
        _ i: Int, _ input: Int, _ output: Int, _ mode: Interpolation, _ aligned: Bool
    ) -> [(Int, Double)] {
        if mode == .nearest { return [(i * input / output, 1)] }
        var s =
            aligned
            ? (output == 1 ? 0 : Double(i) * Double(input - 1) / Double(output - 1))
            : (Double(i) + 0.5) * Double(input) / Double(output) - 0.5
        guard mode == .bicubic else {
            s = max(0, s)
            let f = s - s.rounded(.down)
            return [(Int(s), 1 - f), (min(Int(s) + 1, input - 1), f)]
        }
        func weight(_ t: Double) -> Double {
            let a = -0.75
            if t <= 1 { return (a + 2) * t * t * t - (a + 3) * t * t + 1 }
            return t < 2 ? a * t * t * t - 5 * a * t * t + 8 * a * t - 4 * a : 0
        }
        let first = Int(s.rounded(.down))
        return (-1...2).map { (min(max(first + $0, 0), input - 1), weight((s - Double(first + $0)).magnitude)) }
    }

    @Test(arguments: Interpolation.allCases, [false, true]) func upsampling(mode: Interpolation, aligned: Bool) throws {
        let all: [([Int], [Int])] = [
            ([7], [12]), ([7], [3]), ([5], [1]), ([1], [4]), ([6], [12]), ([6], [3]), ([4], [4]), ([4, 5], [7, 3]),
            ([3, 2], [6, 6]), ([2, 3], [5, 1]), ([3, 2, 2], [4, 4, 1]), ([5], [15]), ([9], [3]), ([2, 3], [8, 3]),
            ([6, 9], [2, 9]), ([8, 6], [2, 2]), ([2, 1, 3], [4, 1, 9]), ([1, 1], [3, 4]),
        ]
        let axes = [Interpolation.linear: 1, .bilinear: 2, .bicubic: 2, .trilinear: 3][mode]
        for (input, output) in all where axes == nil || axes == input.count {
            let x = Tensor.uniform(Shape([2, 2] + input), seed: 3)
            let expected = elements([2, 2] + output) { index in
                var sum = 0.0
                func add(_ axis: Int, _ place: [Int], _ weight: Double) {
                    guard axis < input.count else {
                        sum += weight * at(x, Array(index[..<2]) + place)
                        return
                    }
                    for (j, w) in neighbours(index[axis + 2], input[axis], output[axis], mode, aligned) {
                        add(axis + 1, place + [j], weight * w)
                    }
                }
                add(0, [], 1)
                return sum
            }
            try check([x], expected: expected) { $0[0].resampled(to: output, mode, alignsCorners: aligned) }
        }
    }

    /// Axes so long that a matrix would be large.
    @Test(arguments: [false, true]) func longAxes(aligned: Bool) throws {
        let x = Tensor.uniform([1, 1, 1100], seed: 8)
        for output in [1501, 701] {
            let expected = elements([1, 1, output]) { index in
                neighbours(index[2], 1100, output, .linear, aligned).reduce(0) { $0 + $1.1 * at(x, [0, 0, $1.0]) }
            }
            try check([x], expected: expected, derivatives: nil) {
                $0[0].resampled(to: [output], .linear, alignsCorners: aligned)
            }
        }
        let means = elements([1, 1, 1001]) { index in
            let window = index[2] * 1100 / 1001..<((index[2] + 1) * 1100 + 1000) / 1001
            return window.reduce(0) { $0 + at(x, [0, 0, $1]) } / Double(window.count)
        }
        try check([x], expected: means, derivatives: nil) { $0[0].adaptivelyAveragePooled(to: [1001]) }
    }

    @Test func padding() throws {
        let x = Tensor.uniform([2, 3, 4, 5], seed: 5)
        for (before, after) in [([1, 2], [3, 0]), ([0, 3], [2, 1]), ([-1, 1], [2, -2]), ([0, 0], [0, 3])] {
            let sizes = [2, 3] + (0..<2).map { [4, 5][$0] + before[$0] + after[$0] }
            func expected(_ position: @escaping (Int, Int) -> Int?, outside: Double = 0) -> (Shape, [Double]) {
                elements(sizes) { index in
                    let places = (0..<2).map { position(index[$0 + 2] - before[$0], [4, 5][$0]) }
                    guard let i = places[0], let j = places[1] else { return outside }
                    return at(x, [index[0], index[1], i, j])
                }
            }
            try check([x], expected: expected({ $0 >= 0 && $0 < $1 ? $0 : nil }, outside: -1.5)) {
                $0[0].padded(.constant(-1.5), before: before, after: after)
            }
            try check([x], expected: expected { $0 < 0 ? -$0 : $0 >= $1 ? 2 * $1 - 2 - $0 : $0 }) {
                $0[0].padded(.reflect, before: before, after: after)
            }
            try check([x], expected: expected { min(max($0, 0), $1 - 1) }) {
                $0[0].padded(.replicate, before: before, after: after)
            }
            try check([x], expected: expected { ($0 + $1) % $1 }) {
                $0[0].padded(.circular, before: before, after: after)
            }
        }
    }

    @Test func adaptivePools() throws {
        for (input, output) in [
            ([7], [3]), ([8], [4]), ([5, 7], [3, 2]), ([4, 3], [6, 5]), ([5, 4, 3], [2, 3, 1]),
        ] {
            let x = Tensor.distinct(Shape([2, 2] + input), seed: 7)
            func window(_ index: [Int]) -> [Double] {
                var places: [[Int]] = [Array(index[..<2])]
                for axis in input.indices {
                    let (i, n, m) = (index[axis + 2], input[axis], output[axis])
                    let range = i * n / m..<((i + 1) * n + m - 1) / m
                    places = places.flatMap { place in range.map { place + [$0] } }
                }
                return places.map { at(x, $0) }
            }
            let means = elements([2, 2] + output) { window($0).reduce(0, +) / Double(window($0).count) }
            try check([x], expected: means) { $0[0].adaptivelyAveragePooled(to: output) }
            let largest = elements([2, 2] + output) { window($0).max() ?? 0 }
            try check([x], expected: largest, derivatives: DerivativeChecks(step: 1e-3)) {
                $0[0].adaptivelyMaxPooled(to: output)
            }
        }
    }

    @Test func lpPoolsAndLocalResponses() throws {
        let x = Tensor.uniform([2, 5, 6, 5], seed: 9, in: 0.5...2)
        for p in [1.0, 2, 3] {
            let expected = elements([2, 5, 2, 4]) { index in
                var sum = 0.0
                for i in 0..<3 {
                    for j in 0..<2 { sum += power(at(x, [index[0], index[1], 3 * index[2] + i, index[3] + j]), p) }
                }
                return power(sum, 1 / p)
            }
            try check([x], expected: expected) { $0[0].lpPooled([3, 2], stride: [3, 1], exponent: p) }
        }
        for size in [1, 2, 3, 4, 7] {
            let expected = elements([2, 5, 6, 5]) { index in
                let c = index[1]
                var sum = 0.0
                for j in max(0, c - size / 2)...max(0, min(4, c + (size - 1) / 2)) {
                    let value = at(x, [index[0], j, index[2], index[3]])
                    sum += value * value
                }
                return at(x, index) / power(1.5 + 0.3 / Double(size) * sum, 0.75)
            }
            try check([x], expected: expected) { $0[0].locallyNormalized(size: size, alpha: 0.3, beta: 0.75, k: 1.5) }
        }
    }

    private func power(_ x: Double, _ y: Double) -> Double { Pointwise.power(x, y) }

    @Test func reductions() throws {
        let x = Tensor.distinct([3, 2, 4], seed: 11)
        for axes in [[0], [1, 2], [-1], [0, 2], [0, 1, 2]] {
            let known = axes.map { $0 < 0 ? $0 + 3 : $0 }
            let kept = (0..<3).filter { !known.contains($0) }
            func group(_ index: [Int]) -> [Double] {
                (0..<x.count).filter { place in
                    let whole = x.shape.index(of: place)
                    return zip(kept, index).allSatisfy { whole[$0] == $1 }
                }.map { x.doubles[$0] }
            }
            let sizes = kept.map { x.shape[$0] }
            try check([x], expected: elements(sizes) { group($0).max()! }) { $0[0].maximum(axes) }
            try check([x], expected: elements(sizes) { group($0).min()! }) { $0[0].minimum(axes) }
            let variance = elements(sizes) { index in
                let numbers = group(index)
                let mean = numbers.reduce(0, +) / Double(numbers.count)
                return numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (Double(numbers.count) - 1)
            }
            try check([x], expected: variance) { $0[0].variance(axes, correction: 1) }
        }
        // Equal ones share the derivative.
        let graph = try Graph { g in g.input("x", [4], .float64).maximum([0]) }
        let ties = try graph.gradient(of: "x").evaluated(["x": Tensor([4], [2, 5, 5, 1] as [Double])])
        #expect(ties["∂x"]?.doubles == [0, 0.5, 0.5, 0])
    }

    @Test func matrixProductsBroadcastTheirBatch() throws {
        for (a, b, batch) in [
            ([2, 3], [3, 4], []), ([5, 2, 3], [3, 4], [5]), ([5, 2, 3], [5, 3, 4], [5]),
            ([2, 1, 2, 3], [5, 3, 4], [2, 5]),
            ([1, 2, 3], [1, 3, 1], [1]), ([2, 3], [4, 1, 3, 2], [4, 1]),
        ] as [([Int], [Int], [Int])] {
            let (x, y) = (Tensor.integers(Shape(a), seed: 1), Tensor.integers(Shape(b), seed: 2))
            func entry(_ tensor: Tensor, _ index: [Int], _ row: Int, _ column: Int) -> Double {
                let rank = tensor.shape.rank
                let outer = (0..<rank - 2).map { axis in
                    tensor.shape[axis] == 1 ? 0 : index[index.count - 2 - (rank - 2) + axis]
                }
                return at(tensor, outer + [row, column])
            }
            let expected = elements(batch + [a[a.count - 2], b[b.count - 1]]) { index in
                let (row, column) = (index[index.count - 2], index[index.count - 1])
                return (0..<a[a.count - 1]).reduce(0) {
                    $0 + entry(x, index, row, $1) * entry(y, index, $1, column)
                }
            }
            try check([x, y], expected: expected, derivatives: DerivativeChecks(isExact: true)) {
                $0[0].matrixProduct($0[1])
            }
        }
        let (x, w) = (Tensor.integers([2, 3, 4], seed: 3), Tensor.integers([5, 4], seed: 4))
        let expected = elements([2, 3, 5]) { i in
            (0..<4).reduce(0) { $0 + at(x, [i[0], i[1], $1]) * at(w, [i[2], $1]) }
        }
        try check([x, w], expected: expected, derivatives: DerivativeChecks(isExact: true)) {
            $0[0].transformed(by: $0[1])
        }
    }

    @Test func movements() throws {
        let x = Tensor.integers([2, 8, 3, 2], seed: 5)
        let exact = DerivativeChecks(isExact: true)
        let shuffled = elements([2, 2, 6, 4]) { i in
            at(x, [i[0], i[1] * 4 + i[2] % 2 * 2 + i[3] % 2, i[2] / 2, i[3] / 2])
        }
        try check([x], expected: shuffled, derivatives: exact) { $0[0].pixelShuffled(2) }
        try check([x], expected: (x.shape, x.doubles), derivatives: exact) { $0[0].pixelShuffled(2).pixelUnshuffled(2) }
        for (from, to, by) in [(0, nil, 1), (1, 7, 2), (-3, nil, 1), (2, -1, 3), (-100, 100, 5)] as [(Int, Int?, Int)] {
            let positions = Array(
                stride(
                    from: from < 0 ? max(0, 8 + from) : from, to: min(8, to.map { $0 < 0 ? 8 + $0 : $0 } ?? 8), by: by))
            let expected = elements([2, positions.count, 3, 2]) { i in at(x, [i[0], positions[i[1]], i[2], i[3]]) }
            try check([x], expected: expected, derivatives: exact) {
                $0[0].sliced(axis: -3, from: from, to: to, by: by)
            }
        }
        let ids = Tensor(known: [2, 2], .int32([3, 1, 3, 0]))
        let rows = elements([2, 2, 2, 3, 2]) { i in at(x, [i[0], Int(ids.doubles[i[1] * 2 + i[2]]), i[3], i[4]]) }
        try check([x], expected: rows, derivatives: exact) { values in
            values[0].gathered(values[0].graph.constant(ids), axis: 1)
        }
        try check([x], expected: (x.shape, x.doubles), derivatives: exact) {
            .concatenated($0[0].split(into: 4, axis: 1))
        }
        let stacked = elements([2, 3, 3, 8, 2]) { i in at(x, [i[0], i[3], i[1], i[4]]) * (i[2] == 1 ? 2 : 1) }
        try check([x], expected: stacked, derivatives: exact) { values in
            let y = values[0].permuted([0, 2, 1, 3])
            return .stacked([y, y * 2, y], axis: -3)
        }
        let hot = try Graph { g in g.input("i", [2, 2], .int32).oneHot(4, type: .float64) }.evaluated(["i": ids])
        #expect(hot["output"]?.doubles == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0])
    }

    @Test func powersOfNegativeNumbers() throws {
        let x = Tensor.uniform([7], seed: 15, in: -2 ... -0.5)
        for n in [2.0, 3, -1, -2, 1, 0] {
            let expected = x.doubles.map { base in
                n < 0
                    ? 1 / (0..<Int(-n)).reduce(1.0) { product, _ in product * base }
                    : (0..<Int(n)).reduce(1.0) { product, _ in product * base }
            }
            try check([x], expected: ([7], expected)) { $0[0].power(n) }
        }
    }

    @Test func activations() throws {
        let x = Tensor.uniform([2, 4, 3], seed: 13, in: -3...3)
        func each(_ function: @escaping (Double) -> Double) -> (Shape, [Double]) { (x.shape, x.doubles.map(function)) }
        func exp(_ x: Double) -> Double { Pointwise.exp(x) }
        func soft(_ x: Double) -> Double { Pointwise.log(1 + exp(x)) }
        func tanh(_ x: Double) -> Double { Pointwise.tanh(x) }
        try check([x], expected: each { $0 < 0 ? 0.7 * (exp($0 / 0.7) - 1) : $0 }) { $0[0].celu(alpha: 0.7) }
        try check([x], expected: each { $0 * tanh(soft($0)) }) { $0[0].mish() }
        try check([x], expected: each { $0 / (1 + $0.magnitude) }) { $0[0].softsign() }
        try check([x], expected: each { min(max($0, -1.1), 0.9) }) { $0[0].clamped(from: -1.1, to: 0.9) }
        try check([x], expected: each { max($0, -1.1) }) { $0[0].clamped(from: -1.1) }
        try check([x], expected: each { 1.5 * $0 > 2 ? $0 : soft(1.5 * $0) / 1.5 }) {
            $0[0].softplus(beta: 1.5, threshold: 2)
        }
        try check([x], expected: each { $0 / 2 * (1 + tanh(0.7978845608028654 * ($0 + 0.044715 * $0 * $0 * $0))) }) {
            $0[0].approximateGELU()
        }
        let slopes = try Tensor([4], [0.1, -0.5, 2, 0] as [Double])
        let leaky = elements([2, 4, 3]) { at(x, $0) * (at(x, $0) < 0 ? slopes.doubles[$0[1]] : 1) }
        try check([x, slopes], expected: leaky) { $0[0].prelu(slope: $0[1]) }
        let gated = elements([2, 2, 3]) { at(x, $0) / (1 + exp(-at(x, [$0[0], $0[1] + 2, $0[2]]))) }
        try check([x], expected: gated) { $0[0].glu(axis: -2) }
        let squares = elements([2, 4, 3]) { i in
            at(x, i)
                / ((0..<3).reduce(0) { $0 + at(x, [i[0], i[1], $1]) * at(x, [i[0], i[1], $1]) } / 3 + 0.1).squareRoot()
        }
        try check([x], expected: squares) { $0[0].rootMeanSquareNormalized(over: [2], epsilon: 0.1) }
    }

    /// A sum of 0 and infinity, a gather without a source, an upsampling to nothing: errors that name what the user wrote.
    @Test func errorsNameTheOperationThatWasWritten() {
        func error(_ build: (Value) -> Value) -> String {
            do throws(ArgumentError) {
                _ = try Graph { g in build(g.input("x", [2, 3, 4, 4])) }
                return "no error"
            } catch { return error.description }
        }
        #expect(error { $0.softmax(axis: 5) } == "softmax: axis is 5, expected an axis of [2, 3, 4, 4]")
        #expect(
            error { $0 - $0.sum([0]).sum([0]).reshaped(to: [16]) }.hasPrefix(
                "subtract: operands is [2, 3, 4, 4] and [16]"))
        #expect(
            error { $0.resampled(to: [0, 3], .bilinear) }.hasPrefix(
                "upsample: size is [0, 3] from [4, 4], expected 1 or more"))
        #expect(error { $0.resampled(to: [3], .bilinear) }.hasPrefix("upsample: input is"))
        #expect(
            error { $0.resampled(to: [2_000_000_001, 3], .bilinear) }.hasPrefix(
                "upsample: size is 2000000001, expected at most 2^24"))
        #expect(error { $0.resampled(to: [2_000_000_001, 3], .nearest) }.hasPrefix("upsample: size is 2000000001"))
        #expect(error { $0.resampled(to: [2_000_000_000, 2_000_000_000], .nearest) } != "no error")
        #expect(error { $0.resampled(to: [2_000_000_000, 2_000_000_000], .bilinear) } != "no error")
        #expect(
            error { $0.padded(.reflect, before: [4, 0], after: [0, 0]) }
                == "pad: pads is 4, expected at most 3 on axis 2 of [2, 3, 4, 4]")
        #expect(error { $0.glu(axis: 1) } == "glu: input is [2, 3, 4, 4], expected an even size of axis 1")
        #expect(error { $0.matrixProduct($0.sum([3])) }.hasPrefix("matmul: operands is"))
        #expect(error { $0.gathered($0) }.hasPrefix("gather: index is float32[2, 3, 4, 4], expected int32"))
        #expect(error { $0.maximum([1, -3]) } == "max: axes is [1, -3], expected different axes of [2, 3, 4, 4]")
        #expect(error { $0.pixelShuffled(2) }.hasPrefix("pixel_shuffle: factor is 2"))
        #expect(error { $0.split(into: 2)[1] }.hasPrefix("split: parts is 2, expected a divisor"))
    }

    @Test func aGatherOutOfRangeNamesTheElement() throws {
        let graph = try Graph { g in g.input("w", [4, 3]).gathered(g.input("ids", [2, 2], .int32)) }
        let error = #expect(throws: ArgumentError.self) {
            try graph.evaluated([
                "w": Tensor([4, 3], repeating: 1), "ids": Tensor([2, 2], [0, 3, 4, 1] as [Int32]),
            ])
        }
        #expect(error?.description == "evaluation: element 2 of \"ids\" is 4, expected a whole number from 0, below 4")
    }
}
