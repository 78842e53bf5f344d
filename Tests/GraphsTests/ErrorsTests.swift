import AdjointGraphs
import TestSupport
import Testing

/// A graph that must not be built: the operation and argument that the error names.
struct Mistake: Sendable, CustomStringConvertible {
    let description: String
    let operation: String
    let argument: String
    let expected: String
    let given: String
    let build: @Sendable (GraphBuilder) -> Value

    init(
        _ description: String, _ operation: String, _ argument: String, expected: String, given: String,
        build: @escaping @Sendable (GraphBuilder) -> Value
    ) {
        self.description = description
        self.operation = operation
        self.argument = argument
        self.expected = expected
        self.given = given
        self.build = build
    }

    /// x: [1, 2, 5, 6], w: [4, 2, 3, 3]
    private static func layer(
        _ g: GraphBuilder, x: Shape = [1, 2, 5, 6], w: Shape = [4, 2, 3, 3], stride: PerAxis = 1,
        padding: Padding = .none, dilation: PerAxis = 1, groups: Int = 1
    ) -> Value {
        g.input("x", x).convolved(
            with: g.input("w", w), stride: stride, padding: padding, dilation: dilation, groups: groups)
    }

    static let all = [
        Mistake("channels", "convolution", "operands", expected: "channels", given: "[1, 3, 5, 6] and [4, 2, 3, 3]") {
            layer($0, x: [1, 3, 5, 6])
        },
        Mistake("kernel too large", "convolution", "kernel", expected: "5 positions", given: "6 taps") {
            layer($0, w: [4, 2, 6, 3])
        },
        Mistake("dilated kernel too large", "convolution", "kernel", expected: "8 positions", given: "reach over 9") {
            layer($0, padding: 1, dilation: [1, 4])
        },
        Mistake("stride 0", "convolution", "stride", expected: "at least 1", given: "[0, 0]") { layer($0, stride: 0) },
        Mistake("negative stride", "convolution", "stride", expected: "at least 1", given: "[1, -2]") {
            layer($0, stride: [1, -2])
        },
        Mistake("strides of another rank", "convolution", "stride", expected: "2 spatial axes", given: "[1, 1, 1]") {
            layer($0, stride: [1, 1, 1])
        },
        Mistake("dilation 0", "convolution", "dilation", expected: "at least 1", given: "[0, 1]") {
            layer($0, dilation: [0, 1])
        },
        Mistake("dilation 2^31 − 1", "convolution", "kernel", expected: "5 positions", given: "4294967295") {
            layer($0, dilation: PerAxis(Int(Int32.max)))
        },
        Mistake("dilation Int.max", "convolution", "dilation", expected: "below 2^31", given: "\(Int.max)") {
            layer($0, dilation: PerAxis(Int.max))
        },
        Mistake("groups 0", "convolution", "groups", expected: "1 or more", given: "0") { layer($0, groups: 0) },
        Mistake("groups", "convolution", "operands", expected: "3 groups", given: "[4, 2, 3, 3]") {
            layer($0, x: [1, 6, 5, 6], groups: 3)
        },
        Mistake("kernel 0", "convolution", "kernel", expected: "1 or more", given: "[3, 0]") {
            layer($0, w: [4, 2, 3, 0])
        },
        Mistake("spatial size 0", "convolution", "kernel", expected: "0 positions", given: "3 taps") {
            layer($0, x: [1, 2, 0, 6])
        },
        Mistake("negative padding", "convolution", "kernel", expected: "-1 positions", given: "3 taps") {
            layer($0, padding: -3)
        },
        Mistake("padding Int.min", "convolution", "padding", expected: "below 2^31", given: "\(Int.min)") {
            layer($0, padding: .uniform(Int.min))
        },
        Mistake("padding of another rank", "convolution", "padding after", expected: "2 spatial axes", given: "[]") {
            layer($0, padding: .sides(before: [1, 1], after: []))
        },
        Mistake("no spatial axes", "convolution", "input", expected: "1 to 3", given: "[1, 2]") {
            layer($0, x: [1, 2], w: [4, 2])
        },
        Mistake("four spatial axes", "convolution", "input", expected: "1 to 3", given: "[1, 2, 3, 3, 3, 3]") {
            layer($0, x: [1, 2, 3, 3, 3, 3], w: [4, 2, 1, 1, 1, 1])
        },
        Mistake("a scalar as filter", "convolution", "input", expected: "kernel []", given: "[1, 2, 5, 6]") {
            layer($0, w: [])
        },
        Mistake("another type", "convolution", "operands", expected: "one floating-point type", given: "int32") {
            $0.input("x", [1, 1, 3]).convolved(with: $0.input("w", [1, 1, 1], .int32))
        },
        Mistake("result too large", "convolution", "result", expected: "memory", given: "[1073741824, 1073741824") {
            layer($0, x: [1 << 30, 1, 3, 3], w: [1 << 30, 1, 1, 1])
        },
        Mistake("groups that overflow", "convolution", "operands", expected: "groups", given: "[1, 1, 1]") {
            $0.input("x", [1, 1, 1]).convolved(with: $0.input("w", [0, 1 << 59, 1]), groups: 1 << 30)
        },
        Mistake("nothing left", "transposed convolution", "padding", expected: "1 or more", given: "-1") {
            $0.input("x", [1, 1, 2]).transposedConvolved(with: $0.input("w", [1, 1, 2]), padding: 2)
        },
        Mistake(
            "negative output padding", "transposed convolution", "output padding", expected: "at least 0", given: "[-1]"
        ) {
            $0.input("x", [1, 1, 2]).transposedConvolved(with: $0.input("w", [1, 1, 2]), outputPadding: -1)
        },
        Mistake("bias", "broadcast", "value", expected: "axis 1 of [1, 4, 3, 4]", given: "[3]") {
            layer($0).adding(bias: $0.input("b", [3]))
        },
        Mistake("bias of one channel", "broadcast", "value", expected: "axis 1 of [1, 1, 3]", given: "[3]") {
            $0.input("x", [1, 1, 3]).adding(bias: $0.input("b", [3]))
        },
        Mistake("pool of a vector", "maxPool", "input", expected: "spatial axes", given: "[3]") {
            $0.input("x", [3]).maxPooled(2)
        },
        Mistake("pool of a scalar", "averagePool", "input", expected: "spatial axes", given: "[]") {
            $0.input("x", []).averagePooled(2)
        },
        Mistake("global pool of a vector", "maxPool", "input", expected: "spatial axes", given: "[3]") {
            $0.input("x", [3]).globalMaxPooled()
        },
        Mistake("pool larger than its input", "maxPool", "kernel", expected: "3 positions", given: "4 taps") {
            $0.input("x", [1, 1, 3]).maxPooled(4)
        },
        Mistake("window in the padding before", "choice", "padding", expected: "every window", given: "window 0") {
            $0.input("x", [1, 1, 4]).maxPooled(2, stride: 1, padding: 2)
        },
        Mistake("window in the padding behind", "choice", "padding", expected: "every window", given: "window 2") {
            $0.input("x", [1, 1, 4]).maxPooled(1, stride: 2, padding: .sides(before: [0], after: [3]), roundingUp: true)
                .reshaped(to: [4])
        },
        Mistake("window that steps over", "choice", "padding", expected: "every window", given: "window 0") {
            $0.input("x", [1, 1, 1]).maxPooled(2, stride: 1, padding: 1, dilation: 2)
        },
        Mistake("average of nothing", "averagePool", "padding", expected: "every window", given: "window 0") {
            $0.input("x", [1, 1, 4]).averagePooled(2, stride: 1, padding: 2, countsPadding: false)
        },
        Mistake("maximum over nothing", "maximum", "padding", expected: "every window", given: "none") {
            $0.input("x", [3, 0]).maximum(axis: 1)
        },
        Mistake("maximum over no axis", "maximum", "axis", expected: "[3]", given: "1") {
            $0.input("x", [3]).maximum(axis: 1)
        },
        Mistake("shapes", "add", "operands", expected: "repeat", given: "[2, 3] and [2, 4]") {
            $0.input("x", [2, 3]) + $0.input("y", [2, 4])
        },
        Mistake("shapes of a choice", "select", "operands", expected: "repeat", given: "[2, 2] and [3, 1]") {
            ($0.input("x", [1, 2]) .< 0).choose($0.input("y", [2, 1]), $0.input("z", [3, 1]))
        },
        Mistake("broadcast", "broadcast", "shape", expected: "[2, 3]", given: "[4, 3]") {
            $0.input("x", [2, 3]).broadcast(to: [4, 3])
        },
        Mistake("types", "add", "operands", expected: "equal types", given: "float64[2]") {
            $0.input("x", [2]) + $0.input("y", [2], .float64)
        },
        Mistake("arithmetic of integers", "add", "operands", expected: "float32 or float64", given: "int32") {
            $0.input("x", [2], .int32) + $0.input("y", [2], .int32)
        },
        Mistake("logic of numbers", "and", "operands", expected: "bool", given: "float32") {
            $0.input("x", [2]).and($0.input("y", [2]))
        },
        Mistake("mask", "select", "mask", expected: "bool", given: "float32") {
            $0.input("x", [2]).choose($0.input("y", [2]), $0.input("z", [2]))
        },
        Mistake("reshape", "reshape", "shape", expected: "[2, 3]", given: "[4, 2]") {
            $0.input("x", [2, 3]).reshaped(to: [4, 2])
        },
        Mistake("reshape to negative sizes", "reshape", "shape", expected: "[2, 3]", given: "[-2, -3]") {
            $0.input("x", [2, 3]).reshaped(to: [-2, -3])
        },
        Mistake("permute", "permute", "axes", expected: "once", given: "[0, 0]") {
            $0.input("x", [2, 3]).permuted([0, 0])
        },
        Mistake("slice", "slice", "range", expected: "inside [4]", given: "[2] ..< [5]") {
            $0.input("x", [4]).sliced(from: [2], to: [5])
        },
        Mistake("slice of another rank", "slice", "range", expected: "inside [4]", given: "[]") {
            $0.input("x", [4]).sliced(from: [], to: [])
        },
        Mistake("slice with stride 0", "slice", "range", expected: "stride above 0", given: "by [0]") {
            $0.input("x", [4]).sliced(from: [0], to: [4], by: [0])
        },
        Mistake("crop too much", "pad", "amounts", expected: "0 or more", given: "[-3]") {
            $0.input("x", [4]).padded(before: [-3], after: [-2])
        },
        Mistake("pad between 2^60 elements", "pad", "amounts", expected: "memory", given: "[1073741824]") {
            $0.input("x", [1 << 59]).padded(before: [0], after: [0], between: [1 << 30])
        },
        Mistake("concatenate", "concatenate", "operands", expected: "axis 1 only", given: "[3, 2]") {
            Value.concatenated([$0.input("x", [2, 2]), $0.input("y", [3, 2])])
        },
        Mistake("concatenate too much", "concatenate", "result", expected: "memory", given: "\(Int.max)") {
            Value.concatenated([Value](repeating: $0.input("x", [1 << 59]), count: 16), axis: 0)
        },
        Mistake("concatenate along no axis", "concatenate", "axis", expected: "an axis", given: "2 of 1") {
            Value.concatenated([$0.input("x", [2, 2])], axis: 2)
        },
        Mistake("reverse", "reverse", "axes", expected: "ascending", given: "[1, 0]") {
            $0.input("x", [2, 2]).reversed([1, 0])
        },
        Mistake("sum", "sum", "axes", expected: "below the rank", given: "[2]") { $0.input("x", [2, 2]).sum([2]) },
        Mistake("mean over a negative axis", "sum", "axes", expected: "ascending", given: "[-1]") {
            $0.input("x", [2, 2]).mean([-1])
        },
        Mistake("flatten", "flattened", "axis", expected: "[2, 2]", given: "3") {
            $0.input("x", [2, 2]).flattened(from: 3)
        },
        Mistake("contraction", "contraction", "operands", expected: "equal sizes", given: "[2, 3] and [4, 2]") {
            $0.input("x", [2, 3]).contracted($0.input("w", [4, 2]), "nk", "mk", "nm")
        },
        Mistake("contraction of one letter alone", "contraction", "notation", expected: "two lists", given: "ab,cb->c")
        {
            $0.input("x", [2, 3]).contracted($0.input("w", [4, 3]), "ab", "cb", "c")
        },
        Mistake("group norm", "groupNorm", "groups", expected: "divisor", given: "4") {
            $0.input("x", [2, 6, 2]).groupNormalized(groups: 4, epsilon: 0)
        },
        Mistake("dropout", "dropout", "rate", expected: "below 1", given: "1.0") {
            $0.input("x", [2]).droppedOut(rate: 1, key: $0.input("k", [], .int32), counter: $0.input("c", [], .int32))
        },
        Mistake("random key", "random", "key and counter", expected: "int32[]", given: "float32[]") {
            $0.random([2], key: $0.input("k", []), counter: $0.input("c", [], .int32))
        },
        Mistake("random of a negative size", "random", "result", expected: "memory", given: "[-1]") {
            $0.random([-1], key: $0.input("k", [], .int32), counter: $0.input("c", [], .int32))
        },
        Mistake("constant of a negative size", "broadcast", "axes", expected: "0 or more", given: "[-1]") {
            $0.constant(1, [-1])
        },
        Mistake("negative size", "input", "shape of \"x\"", expected: "0 or more", given: "[2, -1]") {
            $0.input("x", [2, -1])
        },
        Mistake("2^64 elements", "input", "shape of \"x\"", expected: "memory", given: "[4294967296, 4294967296]") {
            $0.input("x", [1 << 32, 1 << 32])
        },
        Mistake("2^80 elements but for an empty axis", "input", "shape of \"x\"", expected: "memory", given: "0") {
            $0.input("x", [0, 1 << 40, 1 << 40])
        },
        Mistake("same name twice", "input", "name", expected: "a name of its own", given: "\"x\"") {
            $0.input("x", [2]) + $0.input("x", [3])
        },
        Mistake("no name", "input", "name", expected: "a name of its own", given: "\"\"") { $0.input("", [2]) },
    ]
}

@Suite struct ErrorsTests {
    @Test(arguments: Mistake.all) func mistake(_ mistake: Mistake) {
        #expect {
            try Graph { mistake.build($0) }
        } throws: { error in
            guard let error = error as? ArgumentError else { return false }
            return error.operation == mistake.operation && error.argument == mistake.argument
                && error.expected.contains(mistake.expected) && error.given.contains(mistake.given)
        }
    }

    @Test func theFirstErrorCounts() {
        #expect(
            throws: ArgumentError("sum", "axes", expected: "ascending, below the rank of [2]", given: "[7]")
        ) {
            try Graph { g in
                let spoiled = g.input("x", [2]).sum([7])
                return spoiled.reshaped(to: [99]).convolved(with: spoiled).tanh() + g.input("", [])
            }
        }
    }

    @Test func errorsReadAsSentences() {
        let error = ArgumentError("sum", "axes", expected: "ascending", given: "[1, 0]")
        #expect("\(error)" == "sum: axes is [1, 0], expected ascending")
    }

    @Test func valuesOfAnotherGraph() throws {
        func expectForeign(_ build: @escaping (GraphBuilder, Value) -> Value) throws {
            var stray: [Value] = []
            _ = try Graph { g in
                stray = [g.input("x", [2, 2, 2])]
                return stray[0]
            }
            // A value that is poisoned as well, whose error is that of another graph.
            for value in [stray[0], stray[0].sum([9])] {
                #expect {
                    try Graph { g in build(g, value) }
                } throws: { ($0 as? ArgumentError)?.given == "a value of another graph" }
            }
        }
        try expectForeign { $0.input("a", [2, 2, 2]) + $1 }
        try expectForeign { $0.input("a", [2, 2, 2]).scaled(by: $0.input("b", [2]), shift: $1.sum([0, 2])) }
        try expectForeign { Value.concatenated([$0.input("a", [2, 2, 2]), $1]) }
        try expectForeign { $1 }
    }

    @Test func outputsNeedDifferentNames() {
        #expect(throws: ArgumentError.self) {
            try Graph { g in
                let x = g.input("x", [])
                return [("y", x), ("y", x)]
            }
        }
    }

    @Test func bindings() throws {
        let graph = try Graph { g in g.input("x", [2]) * g.input("y", [2]) }
        let two = Tensor(known: [2], repeating: 1)
        func error(_ inputs: [String: Tensor], precision: ElementType = .float64) -> ArgumentError? {
            do throws(ArgumentError) { _ = try graph.evaluated(inputs, precision: precision) } catch { return error }
            return nil
        }
        #expect(error(["x": two])?.argument == "input \"y\"")
        #expect(error(["x": two])?.given == "missing")
        #expect(error(["x": two, "y": Tensor(known: [3], repeating: 1)])?.given == "float32[3]")
        #expect(error(["x": two, "y": Tensor(known: [2], repeating: 1, as: .int32)])?.given == "int32[2]")
        #expect(error(["x": two, "y": two, "z": two])?.given == "an unknown \"z\"")
        #expect(error(["x": two, "y": two], precision: .int32)?.argument == "precision")
        #expect(error(["x": two, "y": Tensor(known: [2], repeating: 1, as: .float64)]) == nil)
        let large = try Graph { g in g.input("x", []).broadcast(to: [1 << 40]).sum() }
        #expect(throws: ArgumentError.self) { try large.evaluated(["x": Tensor(scalar: 1)]) }
    }

    @Test func tensors() {
        #expect(throws: ArgumentError.self) { try Tensor([2, 3], [1, 2] as [Float]) }
        #expect(throws: ArgumentError.self) { try Tensor([-1, -2], [1, 2] as [Float]) }
        #expect(throws: ArgumentError.self) { try Tensor([2], [1, 2] as [Int32]).reshaped(to: [3]) }
        #expect(
            Tensor(known: [4], .float64([.nan, 1e30, -1e30, -2.7])).converted(to: .int32).elements
                == .int32([0, .max, .min, -2]))
    }

    @Test func numbersThatNoIntegerHolds() throws {
        let graph = try Graph { g in g.input("x", [4], .float64).converted(to: .int32) }
        let result = try graph.evaluated(["x": Tensor(known: [4], .float64([.nan, .infinity, -1e300, 2.9]))])
        #expect(result["output"]?.elements == .int32([0, .max, .min, 2]))
    }
}
