/// A value with a shape: row-major elements of one type. Copies share their storage until one of them changes.
public struct Tensor: Hashable, Sendable {
    public let shape: Shape
    public let elements: Elements

    /// The elements of a tensor, by type.
    public enum Elements: Hashable, Sendable {
        case float32([Float])
        case float64([Double])
        case int32([Int32])
        case bool([Bool])
    }

    /// - Throws: an error where the number of elements is not the shape's.
    public init(_ shape: Shape, _ elements: Elements) throws(ArgumentError) {
        let given = elements.count
        guard shape.checkedCount == given else {
            throw ArgumentError("Tensor", "elements", expected: "as many as shape \(shape) has", given: "\(given)")
        }
        (self.shape, self.elements) = (shape, elements)
    }

    public init(_ shape: Shape, _ elements: [Float]) throws(ArgumentError) { try self.init(shape, .float32(elements)) }
    public init(_ shape: Shape, _ elements: [Double]) throws(ArgumentError) { try self.init(shape, .float64(elements)) }
    public init(_ shape: Shape, _ elements: [Int32]) throws(ArgumentError) { try self.init(shape, .int32(elements)) }
    public init(_ shape: Shape, _ elements: [Bool]) throws(ArgumentError) { try self.init(shape, .bool(elements)) }

    /// A tensor whose shape and elements were made together, and are known to fit.
    package init(known shape: Shape, _ elements: Elements) {
        precondition(shape.count == elements.count)
        (self.shape, self.elements) = (shape, elements)
    }

    /// A tensor of one number everywhere.
    ///
    /// - Throws: an error for a shape with a negative size or more than 2^30 elements.
    public init(_ shape: Shape, repeating value: Double, as type: ElementType = .float32) throws(ArgumentError) {
        guard let count = shape.checkedCount, count <= Self.limit else {
            throw ArgumentError(
                "Tensor", "shape", expected: "sizes of 0 or more, at most 2^30 elements", given: "\(shape)")
        }
        self.init(known: shape, repeating: value, as: type)
    }

    /// A tensor of one number everywhere, whose shape is known to fit memory.
    package init(known shape: Shape, repeating value: Double, as type: ElementType = .float32) {
        self.init(known: shape, Elements([Double](repeating: value, count: shape.count), as: type))
    }

    public init(scalar: Double, as type: ElementType = .float32) {
        self.init(known: [], repeating: scalar, as: type)
    }

    /// The most elements of a tensor that is made from its shape alone.
    package static let limit = 1 << 30

    public var elementType: ElementType { elements.type }
    public var count: Int { elements.count }

    /// The elements as floats; truth values are 1 and 0.
    public var floats: [Float] {
        switch elements {
        case .float32(let values): values
        case .float64(let values): values.map { Float($0) }
        case .int32(let values): values.map { Float($0) }
        case .bool(let values): values.map { $0 ? 1 : 0 }
        }
    }

    /// The elements as doubles; truth values are 1 and 0.
    public var doubles: [Double] {
        switch elements {
        case .float32(let values): values.map { Double($0) }
        case .float64(let values): values
        case .int32(let values): values.map { Double($0) }
        case .bool(let values): values.map { $0 ? 1 : 0 }
        }
    }

    /// The same numbers as another type: rounded to nearest for floats, truncated (and clamped) for integers.
    public func converted(to type: ElementType) -> Tensor {
        type == elementType ? self : Tensor(known: shape, Elements(doubles, as: type))
    }

    /// Whether shape, type and the bits of every element are equal: NaN is identical to itself, −0 and 0 are not identical.
    package func isIdentical(to other: Tensor) -> Bool {
        guard shape == other.shape else { return false }
        return switch (elements, other.elements) {
        case (.float32(let a), .float32(let b)): zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
        case (.float64(let a), .float64(let b)): zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
        default: elements == other.elements
        }
    }

    /// The same elements in another shape with the same count.
    public func reshaped(to shape: Shape) throws(ArgumentError) -> Tensor {
        try Tensor(shape, elements)
    }
}

extension Tensor.Elements {
    package init(_ numbers: [Double], as type: ElementType) {
        self =
            switch type {
            case .float32: .float32(numbers.map { Float($0) })
            case .float64: .float64(numbers)
            case .int32: .int32(numbers.map { Int32(truncated($0)) })
            case .bool: .bool(numbers.map { $0 != 0 })
            }
    }

    public var type: ElementType {
        switch self {
        case .float32: .float32
        case .float64: .float64
        case .int32: .int32
        case .bool: .bool
        }
    }

    public var count: Int {
        switch self {
        case .float32(let values): values.count
        case .float64(let values): values.count
        case .int32(let values): values.count
        case .bool(let values): values.count
        }
    }
}

/// The int32 nearest to a number towards zero, clamped; 0 for NaN.
package func truncated(_ number: Double) -> Int {
    number.isNaN ? 0 : Int(max(-0x1p31, min(0x1p31 - 1, number)))
}

extension Tensor: CustomStringConvertible {
    /// The type, the shape and the first elements as text.
    public var description: String {
        let shown = doubles.prefix(16).map { shortest($0) }
        return "\(elementType.rawValue)\(shape) {" + joined(shown) + (count > 16 ? ", …}" : "}")
    }
}

/// A number as text, without a needless `.0`.
package func shortest(_ number: Double) -> String {
    if number == number.rounded(.towardZero), number.magnitude < 1e15 { return String(Int64(number)) }
    let float = Float(number)
    return Double(float) == number ? "\(float)" : "\(number)"
}
