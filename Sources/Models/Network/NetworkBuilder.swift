import AdjointGraphs

/// The place where the operations of a network are collected while its layers are written down.
///
/// Each operation is applied at once in a graph of its own, for a batch of one, so that its shapes are known. The first
/// operation that does not fit is recorded; `Network.init` throws its error.
public final class NetworkBuilder {
    let inputs: [Network.Input]
    private(set) var steps: [Network.Step] = []
    private(set) var parameters: [Parameter] = []
    /// The shape and the type of each step's result, with the batch.
    private(set) var results: [Signature] = []
    /// The names of the parameters of each step.
    private(set) var parameterNames: [[String]] = []
    private(set) var error: ArgumentError?

    private let graph = GraphBuilder()
    private var values: [String: Value] = [:]
    private var parameterValues: [String: Value] = [:]
    private var scope = ""
    private var isShared = false
    private var place: String?
    private var later: Set<String> = []
    private var counts: [String: Int] = [:]
    private var given: Set<String> = []

    /// The name of the network.
    private let name: String

    init(_ inputs: [Network.Input], for name: String = "network") {
        (self.inputs, self.name) = (inputs, name)
        for input in inputs {
            if values[input.name] != nil {
                record(
                    ArgumentError(
                        "network", "input", expected: "a name of its own", given: "\"\(input.name)\" again"))
            }
            let value = graph.input("input " + input.name, input.shape, input.type == .float64 ? .float32 : input.type)
            values[input.name] = value
            if value.isPoisoned { record(poisoned: value) }
        }
    }

    /// The shape and the type of a value; nil where something before it did not fit.
    func signature(of value: String) -> Signature? { error == nil ? values[value]?.signature : nil }

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
        let output = output ?? unused("t\(steps.count + 1)")
        guard error == nil else { return output }
        do throws(ArgumentError) {
            if let error = operation.error { throw ArgumentError(error, in: operation.name) }
            if let ruinous = operation.ruinous { throw ruinous }
            let operands = try operands(of: operation, inputs)
            guard values[output] == nil else {
                throw ArgumentError(operation.name, "output", expected: "a name of its own", given: "\"\(output)\"")
            }
            var names: [String] = []
            let use = Use(operation.name, in: graph, operands, mode: .inference, random: nil) { parameter in
                if !names.contains(parameter.name) { names.append(parameter.name) }
                return self.declared(parameter, of: operation)
            }
            let value = operation.rule.apply(use)
            if value.isPoisoned {
                record(poisoned: value)
            } else {
                values[output] = value
                steps.append(Network.Step(operation, inputs: inputs, output: output))
                results.append(value.signature)
                parameterNames.append(names)
                return output
            }
        } catch {
            self.error = error
        }
        let label = operation.parameterPrefix.map { "operation \(steps.count + 1), \($0)" }
        error = error?.within(label ?? "operation \(steps.count + 1)")
        return output
    }

    /// Appends a layer that is one operation.
    @discardableResult
    public func append<Simple: SimpleLayer>(
        _ layer: Simple, to inputs: [String], as output: String? = nil, file: String = #fileID, line: Int = #line
    ) -> String {
        written(at: "\(file):\(line)") { append(layer.operation, to: inputs, as: output) }
    }

    /// Appends layers one after the other.
    ///
    /// - Returns: the name of the last one's result.
    public func append(to input: String, @LayersBuilder _ layers: () -> [ErasedLayer]) -> String {
        append(layers(), after: input)
    }

    /// Announces the name of a value that a later operation makes, so that an error can say so.
    func expect(_ output: String?) {
        if let output { later.insert(output) }
    }

    private func unused(_ name: String) -> String { values[name] == nil ? name : unused(name + "'") }

    /// Records an error of a layer; only the first one is kept.
    public func record(_ error: ArgumentError) {
        if self.error == nil { self.error = error }
    }

    /// Adds to an error of the body where in the program the body is written.
    func written(at place: String, _ body: () -> String) -> String {
        guard error == nil else { return body() }
        let result = body()
        if let error, self.place == nil {
            // A line inside the library does not help its user.
            let place = place.hasPrefix("AdjointModels/") ? name : place
            self.place = place
            self.error = ArgumentError(
                "\(place): \(error.operation)", error.argument, expected: error.expected, given: error.given)
        }
        return result
    }

    private func record(poisoned value: Value) {
        do throws(ArgumentError) { _ = try graph.graph(outputs: [("output", value)]) } catch { record(error) }
    }

    private func operands(of operation: Network.Operation, _ inputs: [String]) throws(ArgumentError) -> [Value] {
        let arity = operation.rule.arity
        guard arity.contains(inputs.count) else {
            let most =
                arity.upperBound == arity.lowerBound
                ? "" : arity.upperBound == .max ? " or more" : " to \(arity.upperBound)"
            throw ArgumentError(
                operation.name, "inputs", expected: "\(arity.lowerBound)" + most, given: "\(inputs.count)")
        }
        var operands: [Value] = []
        for input in inputs {
            guard let value = values[input] else {
                throw ArgumentError(
                    operation.name, "inputs", expected: "the outputs of operations before it",
                    given: later.contains(input) ? "\"\(input)\", which is made behind it" : "an unknown \"\(input)\"")
            }
            operands.append(value)
        }
        return operands
    }

    /// The value of a parameter or of a running statistic, which several operations may share.
    private func declared(_ parameter: Parameter, of operation: Network.Operation) -> Value {
        func poison(_ expected: String) -> Value {
            graph.poison(
                ArgumentError(
                    operation.name, "parameter \"\(parameter.name)\"", expected: expected, given: "\(parameter.shape)"))
        }
        if let known = parameters.first(where: { $0.name == parameter.name }) {
            guard known.shape == parameter.shape else { return poison("the shape \(known.shape) of its first use") }
            guard known.isTrained == parameter.isTrained else {
                return poison("a name that no \(known.isTrained ? "parameter" : "running statistic") has")
            }
            return parameterValues[parameter.name] ?? graph.poison(nil)
        }
        guard !inputs.contains(where: { $0.name == parameter.name }) else { return poison("a name that no input has") }
        guard parameter.shape.count <= Tensor.limit else { return poison("at most 2^30 numbers") }
        let value = graph.input("parameter " + parameter.name, parameter.shape)
        guard !value.isPoisoned else { return value }
        parameterValues[parameter.name] = value
        parameters.append(parameter)
        return value
    }
}

extension NetworkBuilder {
    /// Layers one after the other.
    func append(_ layers: [ErasedLayer], after input: String) -> String {
        layers.reduce(input) { $1.append(to: self, after: $0) }
    }

    /// The full name of a layer's parameters: the given name, or the kind and a number, after the names of the scopes
    /// around it: `layer1.0.conv2`.
    public func parameterName(_ given: String?, kind: String) -> String {
        if let given {
            let name = scope + given
            if !self.given.insert(name).inserted, !isShared {
                record(ArgumentError(kind, "name", expected: "a name of its own", given: "\"\(name)\" again"))
            }
            return name
        }
        let count = (counts[scope + kind] ?? 0) + 1
        counts[scope + kind] = count
        return parameterName("\(kind)\(count)", kind: kind)
    }

    /// Puts a name and a dot in front of the names of all parameters of the layers inside.
    func within(_ name: String, isShared: Bool = false, _ body: () -> String) -> String {
        let outer = (scope, self.isShared)
        scope += name + "."
        if isShared {
            self.isShared = true
            // The layers are numbered from the start each time.
            for key in counts.keys where key.hasPrefix(scope) { counts[key] = nil }
        }
        defer { (scope, self.isShared) = (outer.0, outer.1) }
        return body()
    }
}
