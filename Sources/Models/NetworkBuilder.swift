import AdjointGraphs

/// Where the operations of a network are gathered while its layers are written down.
///
/// Each operation is at once applied in a graph of its own, for a batch of one, so that its shapes are known and the first
/// that does not fit is recorded; `Network.init` throws it.
public final class NetworkBuilder {
    let input: Shape
    let inputName: String
    private(set) var steps: [Network.Step] = []
    private(set) var parameters: [Parameter] = []
    /// Of each step, without the batch.
    private(set) var shapes: [Shape] = []
    private(set) var error: ArgumentError?

    private let graph = GraphBuilder()
    private var values: [String: Value] = [:]
    private var parameterValues: [String: Value] = [:]
    private var scope = ""
    private var counts: [String: Int] = [:]
    private var given: Set<String> = []

    init(input: Shape, name: String) {
        self.input = input
        self.inputName = name
        let value = graph.input("input", Shape([1] + input.sizes))
        values[name] = value
        if value.isPoisoned { record(poisoned: value) }
    }

    /// The shape of a value, without the batch; nil where something before it did not fit.
    public func shape(of value: String) -> Shape? {
        guard error == nil, let shape = values[value]?.shape else { return nil }
        return Shape(Array(shape.sizes.dropFirst()))
    }

    /// Appends an operation.
    ///
    /// - Parameters:
    ///   - inputs: the names of the values that it takes.
    ///   - output: the name of its result; `t1`, `t2`, … unless given.
    /// - Returns: the name of its result.
    @discardableResult
    public func append(_ operation: Network.Operation, to inputs: [String], as output: String? = nil) -> String {
        let output = output ?? "t\(steps.count + 1)"
        guard error == nil else { return output }
        do throws(ArgumentError) {
            try operation.checkNumbers()
            let operands = try operands(of: operation, inputs)
            guard values[output] == nil else {
                throw ArgumentError(operation.name, "output", expected: "a name of its own", given: "\"\(output)\"")
            }
            for parameter in try operation.parameters(for: operands.map { $0.shape }) {
                try declare(parameter, of: operation)
            }
            var setting = Network.Operation.Setting(
                parameters: { self.parameterValues[$0] ?? self.graph.poison(nil) }, mode: .inference, random: nil)
            let value = operation.apply(to: operands, &setting)
            if value.isPoisoned {
                record(poisoned: value)
            } else {
                values[output] = value
                steps.append(Network.Step(operation, inputs: inputs, output: output))
                shapes.append(Shape(Array(value.shape.sizes.dropFirst())))
                return output
            }
        } catch {
            self.error = error
        }
        let label = operation.parameterPrefix.map { "operation \(steps.count + 1), \($0)" }
        error = error?.within(label ?? "operation \(steps.count + 1)")
        return output
    }

    /// Records an error of a layer; the first one counts.
    public func record(_ error: ArgumentError) {
        if self.error == nil { self.error = error }
    }

    private func record(poisoned value: Value) {
        do throws(ArgumentError) { _ = try graph.graph(outputs: [("output", value)]) } catch { record(error) }
    }

    private func operands(of operation: Network.Operation, _ inputs: [String]) throws(ArgumentError) -> [Value] {
        let isEnough = operation.arity.map { $0 == inputs.count } ?? (inputs.count >= 1)
        guard isEnough else {
            throw ArgumentError(
                operation.name, "inputs", expected: operation.arity.map { "\($0)" } ?? "one or more",
                given: "\(inputs.count)")
        }
        var operands: [Value] = []
        for input in inputs {
            guard let value = values[input] else {
                throw ArgumentError(
                    operation.name, "inputs", expected: "the outputs of operations before it",
                    given: "an unknown \"\(input)\"")
            }
            operands.append(value)
        }
        return operands
    }

    /// A parameter may stand in several operations, which then share it; running statistics may not.
    private func declare(_ parameter: Parameter, of operation: Network.Operation) throws(ArgumentError) {
        guard let known = parameters.first(where: { $0.name == parameter.name }) else {
            guard parameter.shape.count <= Tensor.limit else {
                throw ArgumentError(
                    operation.name, "parameter \"\(parameter.name)\"", expected: "at most 2^30 numbers",
                    given: "\(parameter.shape)")
            }
            let value = graph.input("parameter " + parameter.name, parameter.shape)
            guard !value.isPoisoned else {
                record(poisoned: value)
                throw error
                    ?? ArgumentError(operation.name, "parameter", expected: "a shape", given: "\(parameter.shape)")
            }
            parameterValues[parameter.name] = value
            parameters.append(parameter)
            return
        }
        guard known.shape == parameter.shape, known.isTrained else {
            throw ArgumentError(
                operation.name, "parameter \"\(parameter.name)\"",
                expected: known.isTrained ? "the shape \(known.shape) of its first use" : "a name of its own",
                given: "\(parameter.shape)")
        }
    }
}

extension NetworkBuilder {
    /// Layers one after the other.
    func append(_ layers: [ErasedLayer], after input: String) -> String {
        layers.reduce(input) { $1.append(to: self, after: $0) }
    }

    /// The full name of a layer's parameters: what was given, or the kind and a number, behind the names of the scopes
    /// around it: `layer1.0.conv2`.
    public func parameterName(_ given: String?, kind: String) -> String {
        if let given {
            let name = scope + given
            if !self.given.insert(name).inserted {
                record(ArgumentError(kind, "name", expected: "a name of its own", given: "\"\(name)\" again"))
            }
            return name
        }
        let count = (counts[scope + kind] ?? 0) + 1
        counts[scope + kind] = count
        return parameterName("\(kind)\(count)", kind: kind)
    }

    /// Puts a name and a dot before the names of all parameters of the layers inside.
    func within(_ name: String, _ body: () -> String) -> String {
        let outer = scope
        scope += name + "."
        defer { scope = outer }
        return body()
    }
}
