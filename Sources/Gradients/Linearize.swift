import AdjointGraphs

/// A graph split at a point: the values there, and the linear map that tells how the outputs change with the inputs.
///
///     f(x + ε·t) = f(x) + ε·J·t + O(ε²)
public struct Linearization: Sendable {
    /// The original outputs, and after them the values (`residual 1`, …) that the linear map depends on.
    public let primal: Graph
    /// t ↦ J·t
    public let tangent: LinearGraph
}

/// A graph that is linear in some of its inputs. The others are coefficients.
public struct LinearGraph: Hashable, Sendable {
    public let graph: Graph
    /// The names of the inputs in which the graph is linear; its outputs are the other side of the map.
    public let arguments: [String]

    package init(graph: Graph, arguments: [String]) {
        (self.graph, self.arguments) = (graph, arguments)
    }

    public func simplified() -> LinearGraph {
        LinearGraph(graph: graph.simplified(), arguments: arguments)
    }
}

extension Graph {
    /// Splits the graph into its values and the linear map of its derivative (forward mode).
    ///
    /// - Parameter names: the floating-point inputs with respect to which the derivative is taken.
    /// - Throws: an error that names an input that does not exist or has no derivative.
    /// - Complexity: one pass over the nodes.
    public func linearized(at names: [String]) throws(ArgumentError) -> Linearization {
        for name in names { try checkDifferentiable(name) }
        let residuals = Residuals()
        let primal = residuals.primal
        var values: [Value] = []
        var tangents: [Value?] = []
        for (index, node) in nodes.enumerated() {
            residuals.primal.origin = origins[index]
            residuals.tangent.origin = origins[index]
            if case .input(let name) = node.primitive {
                values.append(primal.input(name, node.shape, node.type))
                let isArgument = names.contains(name)
                tangents.append(isArgument ? residuals.tangent.input(derivativeName(name), node.shape, node.type) : nil)
                continue
            }
            let operands = node.operands.map { values[$0] }
            let result = primal.apply(node.primitive, to: operands)
            values.append(result)
            let moving = node.operands.map { tangents[$0] }
            guard moving.contains(where: { $0 != nil }), node.type.isFloatingPoint else {
                tangents.append(nil)
                continue
            }
            let point = Point(operands: operands, result: result, residuals: residuals)
            tangents.append(node.primitive.linearized(at: point, tangents: moving))
        }
        let movingOutputs = outputs.filter { nodes[$0.node].type.isFloatingPoint }.map { output in
            let node = nodes[output.node]
            let zero = residuals.tangent.constant(0, node.shape, node.type)
            return (derivativeName(output.name), tangents[output.node] ?? zero)
        }
        let original = outputs.map { ($0.name, values[$0.node]) }
        return Linearization(
            primal: try primal.graph(outputs: original + residuals.named).simplified(),
            tangent: LinearGraph(
                graph: try residuals.tangent.graph(outputs: movingOutputs).simplified(),
                arguments: names.map { derivativeName($0) }))
    }

    private func checkDifferentiable(_ name: String) throws(ArgumentError) {
        guard let input = input(named: name), input.type.isFloatingPoint else {
            let candidates = inputs.filter { $0.type.isFloatingPoint }.map { $0.name }
            throw ArgumentError(
                "derivative", "input", expected: "one of the floating-point inputs " + joined(candidates),
                given: "\"\(name)\"")
        }
    }
}

/// The name of a small change of a value, and of the derivative with respect to it.
package func derivativeName(_ name: String) -> String { "∂" + name }

/// The two graphs of a linearization while they are written down, and the values that the second takes from the first.
final class Residuals {
    let primal = GraphBuilder()
    let tangent = GraphBuilder()
    private(set) var named: [(String, Value)] = []
    private var inputs: [Int: Value] = [:]

    /// The input of the linear graph that stands for a value of the primal graph; constants are written into it instead.
    func residual(_ value: Value) -> Value {
        if value.isPoisoned { return tangent.poison(nil) }
        if let known = inputs[value.index] { return known }
        let input: Value
        if let constant = primal.constant(at: value) {
            input =
                constant.count == 1
                ? tangent.constant(constant.doubles[0], value.shape, value.type) : tangent.constant(constant)
        } else {
            let name = "residual \(named.count + 1)"
            named.append((name, value))
            input = tangent.input(name, value.shape, value.type)
        }
        inputs[value.index] = input
        return input
    }
}

/// The point at which a primitive is linearized: its operands and its result in the primal graph.
struct Point {
    let operands: [Value]
    let result: Value
    private let residuals: Residuals

    init(operands: [Value], result: Value, residuals: Residuals) {
        (self.operands, self.result, self.residuals) = (operands, result, residuals)
    }

    /// A primal value as a coefficient of the linear graph.
    func residual(_ value: Value) -> Value { residuals.residual(value) }

    /// A zero tangent for an operand that does not depend on the arguments.
    func zero(like operand: Int) -> Value {
        residuals.tangent.constant(0, operands[operand].shape, operands[operand].type)
    }
}

extension Primitive {
    /// The tangent of the result, for tangents of the operands; nil where it is zero.
    ///
    /// - Parameter tangents: the tangent of each operand; nil for those that are constant, but not for all of them.
    func linearized(at point: Point, tangents: [Value?]) -> Value? {
        switch self {
        case .input, .constant, .random, .stop:
            return nil
        case .convert(let type):
            return tangents[0]?.converted(to: type)
        case .pointwise(let operation):
            return operation.linearized(at: point, tangents: tangents)
        case .reduction, .movement:
            // Linear in all operands: the same primitive on the tangents.
            let moving = tangents.enumerated().map { $1 ?? point.zero(like: $0) }
            return moving[0].builder.apply(self, to: moving)
        case .contraction, .convolution:
            return multilinear(at: point, tangents: tangents)
        case .pooling(let pooling):
            return pooling.linearized(at: point, tangents: tangents)
        }
    }

    /// d f(x, w) = f(dx, w) + f(x, dw): linear in each operand while the other is constant.
    func multilinear(at point: Point, tangents: [Value?]) -> Value? {
        var sum: Value?
        for (position, tangent) in tangents.enumerated() {
            guard let tangent else { continue }
            let operands = point.operands.enumerated().map { $0 == position ? tangent : point.residual($1) }
            let term = tangent.builder.apply(self, to: operands)
            sum = sum.map { $0 + term } ?? term
        }
        return sum
    }
}
