import AdjointGraphs
import AdjointPlans

/// Checks of single operations on elements, random numbers and the processor's mode, in a plan.
var functionChecks: [Check] {
    [
        ("exp", .exp, 1.5), ("expm1", .expm1, 2), ("log", .log, 2), ("log1p", .log1p, 2), ("tanh", .tanh, 3),
        ("logistic", .logistic, 3), ("erf", .erf, 2), ("sqrt", .sqrt, 0.5), ("floor", .floor, 0), ("abs", .abs, 0),
        ("sign", .sign, 0), ("power", .power, 1), ("add", .add, 0.5), ("multiply", .multiply, 0.5),
        ("divide", .divide, 0.5),
        ("maximum", .maximum, 0), ("minimum", .minimum, 0),
    ].map { (name: String, operation: Pointwise, bound: Double) in
        Check(name: name) { _ throws(CommandFailure) in try failures(of: operation, within: bound) }
    } + [
        Check(name: "random numbers") { _ throws(CommandFailure) in try randomFailures() },
        Check(name: "flush to zero") { _ throws(CommandFailure) in try flushFailures() },
    ]
}

/// All exponents, then a dense range of numbers that are neither tiny nor huge.
private let arguments: [Float] = {
    let special: [Float] = [
        0, -0.0, 1, -1, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        .leastNormalMagnitude, 88.72283, 88.72284, -87.3, 0.70710677, 8_388_607.5, -8_388_607.5, 4_194_303.5,
    ]
    let exponents = (0..<20_000 as Range<UInt32>).map { Float(bitPattern: $0 &* 214_748) }
    return special + exponents + (0..<20_000).map { (Float($0) / 20_000 - 0.5) * 40 }
}()

/// The distance from Evaluate in Double, in units in the last place of a float.
private func failures(of operation: Pointwise, within bound: Double) throws(CommandFailure) -> [String] {
    // Numbers that a plan treats as zero are tested below.
    let normal = arguments.filter { $0 == 0 || !($0.magnitude < .leastNormalMagnitude) }
    let shape = Shape([normal.count])
    var inputs = ["x0": Tensor(known: shape, .float32(normal))]
    if operation.arity == 2 {
        let others = normal.indices.map { normal[($0 * 7919 + 13) % normal.count] }
        // Mostly powers within the range of floats.
        let exponents = others.map { operation == .power ? $0.remainder(dividingBy: 8) : $0 }
        inputs["x1"] = Tensor(known: shape, .float32(exponents))
    }
    let graph = try asFailure { () throws(ArgumentError) in
        try Graph { g in
            g.apply(.pointwise(operation), to: (0..<operation.arity).map { g.input("x\($0)", shape) })
        }
    }
    let name = graph.outputs[0].name
    let expected = try Verification.Engine.evaluate.run(graph, inputs)[name]?.doubles ?? []
    let results = try Verification.Engine.plan(kernels: Machine.kernels[0], isExact: true).run(graph, inputs)
    guard let got = results[name]?.floats, got.count == expected.count else { return ["there is no result"] }
    for (place, (got, exact)) in zip(got, expected).enumerated() {
        let rounded = Float(exact)
        let isNear =
            rounded.isNaN
            ? got.isNaN
            : rounded.isInfinite || rounded == 0
                ? got == rounded : (Double(got) - exact).magnitude <= bound * Double(rounded.ulp)
        let isFlushed = rounded.magnitude <= .leastNormalMagnitude && got == 0
        if !isNear && !isFlushed {
            let given = inputs.keys.sorted().map { "\(inputs[$0]?.floats[place] ?? 0)" }
            return ["of \(joined(given)) is \(got), expected \(rounded)"]
        }
    }
    return []
}

/// The first number is a known answer of the Random123 distribution, all are those of Evaluate.
private func randomFailures() throws(CommandFailure) -> [String] {
    let graph = try asFailure { () throws(ArgumentError) in
        try Graph { g in
            g.apply(
                .random([16_401], stream: 0), to: [g.input("key", [], .int32), g.input("counter", [], .int32)])
        }
    }
    var failures: [String] = []
    for (key, counter) in [(0, 0), (7, 123_456_789), (-1, -1)] as [(Int32, Int32)] {
        let inputs = ["key": Tensor(known: [], .int32([key])), "counter": Tensor(known: [], .int32([counter]))]
        let expected = try Verification.Engine.evaluate.run(graph, inputs)[graph.outputs[0].name]?.floats ?? []
        let results = try Verification.Engine.plan(kernels: Machine.kernels[0], isExact: true).run(graph, inputs)
        let got = results[graph.outputs[0].name]?.floats ?? []
        if got.count != 16_401 || got != expected { failures.append("of key \(key) are not those of Evaluate") }
        if key == 0, got.first != 0x6b_2001 * 0x1p-24 { failures.append("do not begin as published") }
    }
    return failures
}

/// A plan treats numbers below the normal range as zero, and its caller does not.
private func flushFailures() throws(CommandFailure) -> [String] {
    let smallest = [Float](repeating: .leastNormalMagnitude, count: 64)
    let graph = try asFailure { () throws(ArgumentError) in try Graph { g in g.input("x", [64]) * 0.5 } }
    let results = try Verification.Engine.plan(kernels: Machine.kernels[0], isExact: true)
        .run(graph, ["x": Tensor(known: [64], .float32(smallest))])
    var failures: [String] = []
    if results[graph.outputs[0].name]?.floats != [Float](repeating: 0, count: 64) {
        failures.append("a plan computes with numbers below the normal range")
    }
    if smallest[0] * 0.5 == 0 { failures.append("the caller's mode has not come back") }
    return failures
}
