import AdjointGraphs

/// The element types that a safetensors file can name and that are read here.
public enum DataType: String, Hashable, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
    case bool = "BOOL"

    /// Names that are valid in a safetensors file, for types that `Tensor` does not have.
    static let foreign: Set<String> = [
        "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2", "F8_E5M2FNUZ", "F8_E8M0", "C64", "C128",
    ]

    /// The number of bytes of an element.
    public var size: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// The type that holds a tensor's elements as they are.
    init(of type: ElementType) {
        self =
            switch type {
            case .float32: .float32
            case .float64: .float64
            case .int32: .int32
            case .bool: .bool
            }
    }

    /// Elements from little endian bytes: halves become floats, integers 32 bits wide, or doubles where one does not fit.
    ///
    /// - Throws: `FormatError` at the byte of a truth value that is neither 0 nor 1.
    func elements(of bytes: [UInt8], at offset: Int, count: Int) throws(FormatError) -> Tensor.Elements {
        switch self {
        case .float64:
            return .float64(
                bytes.integers(UInt64.self, count: count, at: offset, .little).map(Double.init(bitPattern:)))
        case .float32:
            return .float32(bytes.integers(UInt32.self, count: count, at: offset, .little).map(Float.init(bitPattern:)))
        case .float16:
            return .float32(bytes.integers(UInt16.self, count: count, at: offset, .little).map(floatFromHalf))
        case .bfloat16:
            // The upper half of a float.
            return .float32(
                bytes.integers(UInt16.self, count: count, at: offset, .little).map {
                    Float(bitPattern: UInt32($0) << 16)
                })
        case .int64:
            return narrowed(bytes.integers(Int64.self, count: count, at: offset, .little))
        case .int32: return .int32(bytes.integers(Int32.self, count: count, at: offset, .little))
        case .int16: return .int32(bytes.integers(Int16.self, count: count, at: offset, .little).map { Int32($0) })
        case .int8: return .int32(bytes.integers(Int8.self, count: count, at: offset, .little).map { Int32($0) })
        case .uint64:
            return narrowed(bytes.integers(UInt64.self, count: count, at: offset, .little))
        case .uint32:
            return narrowed(bytes.integers(UInt32.self, count: count, at: offset, .little))
        case .uint16: return .int32(bytes.integers(UInt16.self, count: count, at: offset, .little).map { Int32($0) })
        case .uint8: return .int32(bytes[offset..<offset + count].map { Int32($0) })
        case .bool:
            let elements = bytes[offset..<offset + count]
            if let position = elements.firstIndex(where: { $0 > 1 }) {
                throw FormatError(.byte(position), expected: "a truth value, 0 or 1", given: "\(bytes[position])")
            }
            return .bool(elements.map { $0 == 1 })
        }
    }

    /// The numbers as int32 where all of them fit, else as doubles, which above 2⁵³ are the nearest ones.
    private func narrowed<Wide: FixedWidthInteger>(_ numbers: [Wide]) -> Tensor.Elements {
        numbers.allSatisfy { Int32(exactly: $0) != nil }
            ? .int32(numbers.map { Int32(truncatingIfNeeded: $0) }) : .float64(numbers.map { Double($0) })
    }
}

/// The float of the same value as a half: 1 sign, 5 exponent (bias 15) and 10 fraction bits.
///
/// Shifted to a float's places, the exponent lacks 127 − 15, which a product with 2¹¹² supplies; it makes subnormal
/// halves normal on the way. Infinities and NaN have all exponent bits set in both.
func floatFromHalf(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let rest = UInt32(bits & 0x7FFF) << 13
    let isFinite = bits & 0x7C00 != 0x7C00
    let magnitude = isFinite ? (Float(bitPattern: rest) * 0x1p112).bitPattern : rest | 0x7F80_0000
    return Float(bitPattern: sign | magnitude)
}
