import AdjointGraphs

extension Plan {
    /// An input to be filled before `execute`, or an output to be read after it. It keeps its plan alive.
    public struct Slot<Element> {
        public let shape: Shape
        private let memory: UnsafeMutablePointer<Element>
        private let plan: Plan

        fileprivate init(_ shape: Shape, _ memory: UnsafeMutablePointer<Element>, of plan: Plan) {
            self.shape = shape
            self.memory = memory
            self.plan = plan
        }

        /// Lends the elements, row-major. The body must not keep the pointer.
        public func withElements<Result>(_ body: (UnsafeMutableBufferPointer<Element>) -> Result) -> Result {
            withExtendedLifetime(plan) { body(UnsafeMutableBufferPointer(start: memory, count: shape.count)) }
        }
    }

    /// The place of an input that is not int32; truth values are the floats 1 and 0.
    ///
    /// - Throws: an error that lists the inputs where none has this name, or tells of the input that it is int32.
    public func floats(input name: String) throws(PlanError) -> Slot<Float> {
        let place = try place(of: "input", name, in: inputs, isInteger: false)
        return Slot(place.shape, place.memory, of: self)
    }

    /// The place of an output that is not int32; truth values are the floats 1 and 0.
    ///
    /// - Throws: as for inputs.
    public func floats(output name: String) throws(PlanError) -> Slot<Float> {
        let place = try place(of: "output", name, in: outputs, isInteger: false)
        return Slot(place.shape, place.memory, of: self)
    }

    /// The place of an int32 input.
    ///
    /// - Throws: an error that lists the inputs where none has this name, or tells the input's other type.
    public func integers(input name: String) throws(PlanError) -> Slot<Int32> {
        let place = try place(of: "input", name, in: inputs, isInteger: true)
        return Slot(place.shape, place.integers, of: self)
    }

    /// The place of an int32 output.
    ///
    /// - Throws: as for inputs.
    public func integers(output name: String) throws(PlanError) -> Slot<Int32> {
        let place = try place(of: "output", name, in: outputs, isInteger: true)
        return Slot(place.shape, place.integers, of: self)
    }

    private func place(
        of kind: String, _ name: String, in places: [(name: String, place: Place)], isInteger: Bool
    ) throws(PlanError) -> Place {
        let operation = isInteger ? "integers" : "floats"
        guard let place = places.first(where: { $0.name == name })?.place else {
            throw PlanError(
                operation: operation, argument: kind, expected: joined(places.map { $0.name }), given: "\"\(name)\"")
        }
        guard (place.type == .int32) == isInteger else {
            throw PlanError(
                operation: operation, argument: "\(kind) \"\(name)\"", expected: isInteger ? "int32" : "not int32",
                given: place.type.rawValue)
        }
        return place
    }
}

/// Where an input or an output lies in its plan's arena, row-major.
struct Place {
    let shape: Shape
    let type: ElementType
    let memory: UnsafeMutablePointer<Float>

    var integers: UnsafeMutablePointer<Int32> { UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int32.self) }

    /// Writes a tensor of the same shape.
    func load(_ tensor: Tensor) {
        switch (type, tensor.elements) {
        case (.int32, .int32(let numbers)):
            for (index, number) in numbers.enumerated() { integers[index] = number }
        case (.int32, _):
            for (index, number) in tensor.doubles.enumerated() { integers[index] = Int32(number) }
        default:
            for (index, number) in tensor.floats.enumerated() { memory[index] = number }
        }
    }

    /// What lies there.
    var tensor: Tensor {
        let floats = UnsafeBufferPointer(start: memory, count: shape.count)
        switch type {
        case .float32, .float64: return Tensor(known: shape, .float32(Array(floats)))
        case .bool: return Tensor(known: shape, .bool(floats.map { $0 != 0 }))
        case .int32:
            return Tensor(known: shape, .int32(Array(UnsafeBufferPointer(start: integers, count: shape.count))))
        }
    }
}
