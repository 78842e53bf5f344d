import AdjointGraphs

extension Plan {
    /// An input to be filled before `execute`, or an output to be read after it. A slot keeps its plan alive.
    public struct Slot<Element> {
        public let shape: Shape
        fileprivate let memory: UnsafeMutablePointer<Element>
        fileprivate let plan: Plan

        /// Calls a body with the elements, row-major. The body must not keep the pointer.
        public func withElements<Result>(_ body: (UnsafeMutableBufferPointer<Element>) -> Result) -> Result {
            withExtendedLifetime(plan) { body(UnsafeMutableBufferPointer(start: memory, count: shape.count)) }
        }
    }

    /// The slot of an input that is not int32; truth values are the floats 1 and 0.
    ///
    /// - Throws: an error that lists such inputs where none has this name.
    public func floats(input name: String) throws(ArgumentError) -> Slot<Float> {
        try slot("floats", "input", name, in: inputs, isInteger: false)
    }

    /// The slot of an output that is not int32; truth values are the floats 1 and 0.
    ///
    /// - Throws: as for inputs.
    public func floats(output name: String) throws(ArgumentError) -> Slot<Float> {
        try slot("floats", "output", name, in: outputs, isInteger: false)
    }

    /// The slot of an int32 input.
    ///
    /// - Throws: an error that lists such inputs where none has this name.
    public func integers(input name: String) throws(ArgumentError) -> Slot<Int32> {
        try slot("integers", "input", name, in: inputs, isInteger: true)
    }

    /// The slot of an int32 output.
    ///
    /// - Throws: as for inputs.
    public func integers(output name: String) throws(ArgumentError) -> Slot<Int32> {
        try slot("integers", "output", name, in: outputs, isInteger: true)
    }

    private func slot<Element>(
        _ operation: String, _ kind: String, _ name: String, in places: [(name: String, place: Place)], isInteger: Bool
    ) throws(ArgumentError) -> Slot<Element> {
        let places = places.filter { ($0.place.type == .int32) == isInteger }
        guard let place = places.first(where: { $0.name == name })?.place else {
            throw ArgumentError(operation, kind, expected: joined(places.map { $0.name }), given: "\"\(name)\"")
        }
        let memory = UnsafeMutableRawPointer(place.memory).assumingMemoryBound(to: Element.self)
        return Slot(shape: place.shape, memory: memory, plan: self)
    }
}

/// The place of an input or an output in its plan's arena, row-major.
struct Place {
    let shape: Shape
    let type: ElementType
    let memory: UnsafeMutablePointer<Float>

    private var integers: UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Int32.self)
    }

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

    /// The elements there, as a tensor.
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
