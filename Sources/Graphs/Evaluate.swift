/// A type of numbers with which Evaluate can compute: Float, Double, or the symbols of an explanation.
public protocol Scalar: Sendable {
    init(_ number: Double)
    /// The number on which choices depend; NaN for a symbol without one.
    var number: Double { get }
    static func + (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func evaluate(_ operation: Pointwise, _ a: Self, _ b: Self, _ c: Self) -> Self
}

extension Double: Scalar {
    public var number: Double { self }

    public static func evaluate(_ operation: Pointwise, _ a: Double, _ b: Double, _ c: Double) -> Double {
        operation(a, b, c)
    }
}

extension Float: Scalar {
    public var number: Double { Double(self) }

    /// The Double result, rounded once.
    public static func evaluate(_ operation: Pointwise, _ a: Float, _ b: Float, _ c: Float) -> Float {
        Float(operation(Double(a), Double(b), Double(c)))
    }
}

/// A value of a node: numbers (truth values are 1 and 0), or integers, which are never symbols.
public enum Evaluated<Element: Scalar>: Sendable {
    case numbers([Element])
    case integers([Int])

    public var numbers: [Element] {
        switch self {
        case .numbers(let numbers): numbers
        case .integers(let integers): integers.map { Element(Double($0)) }
        }
    }

    public var integers: [Int] {
        switch self {
        case .numbers(let numbers): numbers.map { truncated($0.number) }
        case .integers(let integers): integers
        }
    }

    /// The elements from these places, zero where there is none.
    static func gathered(_ operands: [Evaluated], _ origins: [(operand: Int, place: Int)?]) -> Evaluated {
        if operands.contains(where: { if case .integers = $0 { true } else { false } }) {
            let sources = operands.map { $0.integers }
            return .integers(origins.map { origin in origin.map { sources[$0.operand][$0.place] } ?? 0 })
        }
        let sources = operands.map { $0.numbers }
        return .numbers(origins.map { origin in origin.map { sources[$0.operand][$0.place] } ?? Element(0) })
    }
}

extension Primitive {
    /// The meaning of every primitive: slow, simple and exact. All faster code is tested against it.
    ///
    /// - Parameters:
    ///   - operands: values of these shapes, which fit the primitive.
    ///   - result: the signature of the result.
    package func evaluated<Element: Scalar>(
        _ operands: [Evaluated<Element>], _ shapes: [Shape], result: Signature
    ) -> Evaluated<Element> {
        switch self {
        case .input:
            return operands[0]
        case .constant(let tensor):
            if case .int32(let values) = tensor.elements { return .integers(values.map { Int($0) }) }
            return .numbers(tensor.doubles.map { Element($0) })
        case .random(let shape, let stream):
            let (key, counter) = (UInt32(truncatingIfNeeded: operands[0].integers[0]), operands[1].integers[0])
            return .numbers(
                (0..<shape.count).map { place in
                    Element(
                        Threefry.uniform(
                            key: (key, stream),
                            counter: (UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: place))))
                })
        case .convert(let type):
            switch (operands[0], type) {
            case (.integers, .int32): return operands[0]
            case (_, .int32): return .integers(operands[0].integers)
            case (_, .bool): return .numbers(operands[0].numbers.map { Element($0.number != 0 ? 1 : 0) })
            case (_, .float32), (_, .float64): return .numbers(operands[0].numbers)
            }
        case .stop:
            return operands[0]
        case .pointwise(let operation):
            if operation == .select, case .integers(let chosen) = operands[1] {
                let (mask, others) = (operands[0].numbers, operands[2].integers)
                return .integers(chosen.indices.map { mask[$0].number != 0 ? chosen[$0] : others[$0] })
            }
            return .numbers(operands[0].numbers.evaluated(operation, operands.dropFirst().map { $0.numbers }))
        case .reduction(.sum(let axes)):
            return .numbers(operands[0].numbers.summed(shapes[0], axes: axes))
        case .movement(let movement):
            return .gathered(operands, movement.origins(of: shapes, result: result.shape))
        case .contraction(let contraction):
            return .numbers(contraction.evaluated(operands[0].numbers, shapes[0], operands[1].numbers, shapes[1]))
        case .convolution(let convolution):
            return .numbers(convolution.evaluated(operands[0].numbers, shapes[0], operands[1].numbers, shapes[1]))
        case .pooling(let pooling):
            return pooling.evaluated(operands, shapes, result: result.shape)
        }
    }
}

extension Graph {
    /// The values of all nodes.
    ///
    /// - Parameter inputs: the inputs by name, each with as many elements as its declared shape.
    package func evaluatedNodes<Element: Scalar>(_ inputs: [String: Evaluated<Element>]) -> [Evaluated<Element>] {
        var values: [Evaluated<Element>] = []
        for node in nodes {
            if case .input(let name) = node.primitive {
                values.append(inputs[name] ?? .numbers([]))
                continue
            }
            values.append(
                node.primitive.evaluated(
                    node.operands.map { values[$0] }, node.operands.map { nodes[$0].shape }, result: node.signature))
        }
        return values
    }

    /// The outputs by name, computed by definition: exact and slow, for tests, oracles and small layers.
    ///
    /// - Parameters:
    ///   - inputs: a tensor for every declared input, of its shape.
    ///   - precision: the type of the computation, float32 or float64, whatever floating-point type the graph has. Inputs and
    ///     constants are first rounded to their own types.
    /// - Throws: an error that names an input that is missing, unknown, or of another shape.
    /// - Complexity: the sum over all nodes of their terms.
    public func evaluated(
        _ inputs: [String: Tensor], precision: ElementType = .float64
    ) throws(ArgumentError) -> [String: Tensor] {
        try check(inputs)
        guard precision.isFloatingPoint else {
            throw ArgumentError("evaluation", "precision", expected: "float32 or float64", given: precision.rawValue)
        }
        for (index, node) in nodes.enumerated() where node.shape.count > 1 << 28 {
            let error = ArgumentError(
                node.primitive.name, "result", expected: "at most 2^28 elements in Evaluate", given: "\(node.shape)")
            throw origins[index].map { error.within($0.name) } ?? error
        }
        return precision == .float32 ? evaluated(inputs, as: Float.self) : evaluated(inputs, as: Double.self)
    }

    private func evaluated<Element: Scalar>(_ inputs: [String: Tensor], as _: Element.Type) -> [String: Tensor] {
        var bound: [String: Evaluated<Element>] = [:]
        for input in self.inputs {
            guard let tensor = inputs[input.name] else { continue }
            bound[input.name] = Primitive.constant(tensor.converted(to: input.type))
                .evaluated([], [], result: Signature(input.shape, input.type))
        }
        let values = evaluatedNodes(bound)
        var results: [String: Tensor] = [:]
        for output in outputs {
            let node = nodes[output.node]
            // Floating-point results keep the precision they were computed with.
            let type: ElementType =
                node.type.isFloatingPoint ? (Element.self == Float.self ? .float32 : .float64) : node.type
            results[output.name] = Tensor(
                known: node.shape, Tensor.Elements(values[output.node].numbers.map { $0.number }, as: type))
        }
        return results
    }

    /// Throws where the given tensors are not those that the graph declares.
    package func check(_ inputs: [String: Tensor]) throws(ArgumentError) {
        for input in self.inputs {
            guard let tensor = inputs[input.name] else {
                throw ArgumentError(
                    "evaluation", "input \"\(input.name)\"", expected: "\(input.type.rawValue)\(input.shape)",
                    given: "missing")
            }
            guard tensor.shape == input.shape, tensor.elementType.isFloatingPoint == input.type.isFloatingPoint else {
                throw ArgumentError(
                    "evaluation", "input \"\(input.name)\"", expected: "\(input.type.rawValue)\(input.shape)",
                    given: "\(tensor.elementType.rawValue)\(tensor.shape)")
            }
        }
        for name in inputs.keys.sorted() where input(named: name) == nil {
            throw ArgumentError(
                "evaluation", "inputs", expected: joined(self.inputs.map { $0.name }), given: "an unknown \"\(name)\"")
        }
        try checkLabels(inputs, operation: "evaluation")
    }
}
