import AdjointGraphs

/// The content of an IDX file (the format of MNIST): a shape, and elements of one type; bytes are kept as bytes.
public struct IDXArray: Hashable, Sendable {
    public let shape: Shape
    public let elements: Elements

    public enum Elements: Hashable, Sendable {
        case uint8([UInt8])
        case int8([Int8])
        case int16([Int16])
        case int32([Int32])
        case float32([Float])
        case float64([Double])
    }

    /// - Throws: `FormatError` where the number of elements is not the shape's, or the shape not one that a file
    ///   can tell: at most 255 axes, sizes below 2^32.
    public init(_ shape: Shape, _ elements: Elements) throws(FormatError) {
        guard shape.rank <= 255, shape.sizes.allSatisfy({ UInt32(exactly: $0) != nil }) else {
            throw FormatError(.field("shape"), expected: "at most 255 sizes below 2^32", given: "\(shape)")
        }
        guard shape.checkedCount == elements.count else {
            throw FormatError(
                .field("elements"), expected: "as many as shape \(shape) has", given: "\(elements.count)")
        }
        (self.shape, self.elements) = (shape, elements)
    }

    /// The elements as a tensor: integers become 32 bits wide.
    public func tensor() -> Tensor {
        let computing: Tensor.Elements =
            switch elements {
            case .uint8(let values): .int32(values.map { Int32($0) })
            case .int8(let values): .int32(values.map { Int32($0) })
            case .int16(let values): .int32(values.map { Int32($0) })
            case .int32(let values): .int32(values)
            case .float32(let values): .float32(values)
            case .float64(let values): .float64(values)
            }
        return Tensor(known: shape, computing)
    }
}

extension IDXArray.Elements {
    public var count: Int {
        switch self {
        case .uint8(let values): values.count
        case .int8(let values): values.count
        case .int16(let values): values.count
        case .int32(let values): values.count
        case .float32(let values): values.count
        case .float64(let values): values.count
        }
    }

    /// The type's name and its code in a file.
    var type: IDXType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        case .float32: .float32
        case .float64: .float64
        }
    }
}

/// The element type, as the third byte of an IDX file gives it.
enum IDXType: UInt8, CaseIterable {
    case uint8 = 0x08
    case int8 = 0x09
    case int16 = 0x0B
    case int32 = 0x0C
    case float32 = 0x0D
    case float64 = 0x0E

    var size: Int {
        switch self {
        case .uint8, .int8: 1
        case .int16: 2
        case .int32, .float32: 4
        case .float64: 8
        }
    }

    var name: String {
        switch self {
        case .uint8: "uint8"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .float32: "float32"
        case .float64: "float64"
        }
    }
}
