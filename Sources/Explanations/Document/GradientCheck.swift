import AdjointGradients
import AdjointGraphs

/// A graph's gradient beside two things that do not depend on its rules: central finite differences, and the identity
/// ⟨J·v, u⟩ = ⟨v, Jᵀ·u⟩ of a linear map and its transpose.
public struct GradientCheck: Hashable, Sendable {
    public struct Element: Hashable, Sendable {
        public let parameter: String
        public let index: [Int]
        public let gradient: Double
        /// (4·D(h) − D(2h))∕3 with D(h) = (E(x + h) − E(x − h))∕2h, free of the error h². At a kink the mean of the slopes.
        public let difference: Double
        /// The difference of D(h) and D(2h), half the difference of the slopes at a kink, and the rounding of E, all added.
        public let uncertainty: Double
        /// The sums of the slopes of E's terms on both sides of a kink (such as relu's at 0) or of a tie of a maximum, from the
        /// lower slopes to the higher ones; nil where there is neither. Every number in between is a gradient.
        public let slopes: ClosedRange<Double>?

        /// Whether gradient and difference agree within the difference's uncertainty.
        public var agrees: Bool { (gradient - difference).magnitude <= uncertainty }
    }

    public let elements: [Element]
    public let identity: InnerProducts

    public var agrees: Bool { identity.agrees && elements.allSatisfy { $0.agrees } }
}

/// Both sides of ⟨J·v, u⟩ = ⟨v, Jᵀ·u⟩: equal except for rounding, and without a step to choose.
public struct InnerProducts: Hashable, Sendable {
    /// ⟨J·v, u⟩, forward.
    public let forward: Double
    /// ⟨v, Jᵀ·u⟩, backward.
    public let backward: Double
    /// Σ of the magnitudes of both sides' terms, to which rounding is proportional.
    public let magnitude: Double

    /// Whether they are equal within the rounding of Doubles.
    public var agrees: Bool { (forward - backward).magnitude <= 1e-12 * magnitude }
}

/// ⟨a, b⟩, and the sum of its terms' magnitudes.
package struct InnerProduct: Sendable {
    package private(set) var sum = 0.0
    package private(set) var magnitude = 0.0

    package init() {}

    package mutating func add(_ a: [Double], _ b: [Double]) {
        for (x, y) in zip(a, b) {
            sum += x * y
            magnitude += (x * y).magnitude
        }
    }
}

extension Graph {
    /// Checks the gradient of a scalar output, in Double.
    ///
    /// - Parameters:
    ///   - selection: for each input that is checked, the indices of elements.
    ///   - output: the name of the output; needed where there are several.
    ///   - bindings: a tensor for every input.
    ///   - seed: the seed of v and u.
    /// - Throws: an error that names what does not fit.
    /// - Complexity: five evaluations for each element.
    public func gradientCheck(
        of selection: [String: [[Int]]], output: String? = nil, bindings: [String: Tensor], seed: UInt32 = 0
    ) throws(ArgumentError) -> GradientCheck {
        let elements = try differences(of: selection, output: output, bindings: bindings)
        let identity = try innerProducts(of: selection.keys.sorted(), bindings.mapValues { $0.doubles }, seed: seed)
        return GradientCheck(elements: elements, identity: identity)
    }

    /// Finite differences of a scalar output with respect to elements of inputs.
    ///
    /// - Parameters: as in `gradientCheck`.
    package func differences(
        of selection: [String: [[Int]]], output: String? = nil, bindings: [String: Tensor]
    ) throws(ArgumentError) -> [GradientCheck.Element] {
        try check(bindings)
        let names = selection.keys.sorted()
        let energy = try valueAndGradient(of: names, output: output)
        let numbers = bindings.mapValues { $0.doubles }
        let results = energy.results(numbers)
        let scalar = keeping([output ?? outputs[0].name])
        var elements: [GradientCheck.Element] = []
        for name in names {
            let shape = input(named: name)?.shape ?? []
            for index in selection[name] ?? [] {
                guard let place = shape.place(of: index) else {
                    throw ArgumentError(
                        "gradientCheck", "element of \"\(name)\"", expected: "an index inside \(shape)",
                        given: list(index))
                }
                let sides = scalar.sides(name, place, numbers)
                elements.append(
                    GradientCheck.Element(
                        parameter: name, index: index, gradient: results[derivativeName(name)]?[place] ?? .nan,
                        difference: sides.difference, uncertainty: sides.uncertainty, slopes: sides.slopes))
            }
        }
        return elements
    }

    /// The outputs by name, computed from every input in full precision, whatever its type.
    private func results(_ inputs: [String: [Double]]) -> [String: [Double]] {
        let values = evaluatedNodes(inputs.mapValues { .numbers($0) })
        var results: [String: [Double]] = [:]
        for output in outputs { results[output.name] = values[output.node].numbers }
        return results
    }

    /// The graph's one output, a scalar, on both sides of an element of an input.
    private func sides(_ name: String, _ place: Int, _ inputs: [String: [Double]]) -> Sides {
        let start = inputs[name]?[place] ?? .nan
        // The remaining error of Richardson's step is of order h⁴, rounding of order u∕h: h is about the fifth root of u.
        let step = 0x1p-10 * max(1, start.magnitude)
        let points = [-2.0, -1, 0, 1, 2].map { start + $0 * step }
        // The terms of the last sum are checked one by one, since slopes of some may cancel those of others.
        var node = outputs[0].node
        if case .reduction(.sum) = nodes[node].primitive { node = nodes[node].operands[0] }
        let values = points.map { point in
            var inputs = inputs
            inputs[name]?[place] = point
            return evaluatedNodes(inputs.mapValues { .numbers($0.map { Rounded($0) }) })[node].numbers
        }
        var sides = Sides(points: points)
        for term in values[0].indices { sides.add(values.map { $0[term] }) }
        return sides
    }

    /// v for the inputs of these names, u for all floating-point outputs: uniform in [−1, 1).
    private func innerProducts(
        of names: [String], _ inputs: [String: [Double]], seed: UInt32
    ) throws(ArgumentError) -> InnerProducts {
        var drawn: UInt32 = 0
        func random(_ shape: Shape) -> [Double] {
            (0..<shape.count).map { _ in
                drawn &+= 1
                return 2 * Threefry.uniform(key: (seed, 0), counter: (drawn, 0)) - 1
            }
        }
        var (v, u) = (inputs, inputs)
        for name in names { v[derivativeName(name)] = random(input(named: name)?.shape ?? []) }
        let moving = outputs.filter { nodes[$0.node].type.isFloatingPoint }
        for output in moving { u[derivativeName(output.name)] = random(nodes[output.node].shape) }
        let pushed = try jvp(of: names).results(v)
        let pulled = try vjp(of: names).results(u)
        var (forward, backward) = (InnerProduct(), InnerProduct())
        for name in moving.map({ derivativeName($0.name) }) { forward.add(pushed[name] ?? [], u[name] ?? []) }
        for name in names.map({ derivativeName($0) }) { backward.add(v[name] ?? [], pulled[name] ?? []) }
        return InnerProducts(
            forward: forward.sum, backward: backward.sum, magnitude: forward.magnitude + backward.magnitude)
    }
}

/// The sums of terms at x − 2h, x − h, x, x + h and x + 2h, and their slopes.
private struct Sides {
    let points: [Double]
    private var near = 0.0
    private var far = 0.0
    private var rounding = 0.0
    /// For terms with a kink: the lower and the higher of both slopes, and their uncertainty.
    private var low = 0.0
    private var high = 0.0
    private var bend = 0.0
    private var hasKink = false

    init(points: [Double]) { self.points = points }

    mutating func add(_ term: [Rounded]) {
        func slope(_ from: Int, _ to: Int) -> Double {
            (term[to].number - term[from].number) / (points[to] - points[from])
        }
        let noise = term.reduce(0) { $0 + $1.error } / (points[3] - points[2])
        rounding += noise
        let (left, right) = ((near: slope(1, 2), far: slope(0, 2)), (near: slope(2, 3), far: slope(2, 4)))
        // Where a function is smooth, half the step halves the difference of the slopes on both sides; at a kink it stays.
        guard (right.near - left.near).magnitude > 0.55 * (right.far - left.far).magnitude + noise else {
            near += slope(1, 3)
            far += slope(0, 4)
            return
        }
        hasKink = true
        let ends = (2 * left.near - left.far, 2 * right.near - right.far)
        low += min(ends.0, ends.1)
        high += max(ends.0, ends.1)
        bend += (left.near - left.far).magnitude + (right.near - right.far).magnitude
    }

    private var smooth: Double { (4 * near - far) / 3 }

    var difference: Double { smooth + (low + high) / 2 }
    var uncertainty: Double { (near - far).magnitude + rounding + (high - low) / 2 + bend }
    var slopes: ClosedRange<Double>? { hasKink && low <= high ? smooth + low...smooth + high : nil }
}
