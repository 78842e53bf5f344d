import AdjointGraphs

extension IDXArray {
    /// Reads an IDX file, plain or packed by gzip:
    ///
    ///     0 0 | type | rank | rank sizes of 4 bytes | elements                          all big endian
    ///
    /// - Throws: `FormatError` at the byte that is wrong; also where there are more or fewer elements than the sizes
    ///   say. A packed file is unpacked only as far as its own sizes allow, and never above 2^31 bytes.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard isGzip(bytes) else {
            try self.init(plain: bytes)
            return
        }
        // There are at most 255 axes, so this prefix holds the whole header, if the file does.
        let start = try gunzipPrefix(bytes, count: 4 + 4 * 255)
        let (_, _, length) = try Self.header(of: start)
        try self.init(plain: try gunzip(bytes, limit: min(length, 1 << 31)))
    }

    private init(plain bytes: [UInt8]) throws(FormatError) {
        let (type, shape, length) = try Self.header(of: bytes)
        guard bytes.count == length else {
            throw FormatError(
                .byte(min(bytes.count, length)), expected: "\(length) bytes in all for \(type.name) times \(shape)",
                given: "\(bytes.count)")
        }
        let start = 4 + 4 * shape.rank
        let count = shape.count
        let elements: Elements =
            switch type {
            case .uint8: .uint8(Array(bytes[start...]))
            case .int8: .int8(bytes[start...].map { Int8(bitPattern: $0) })
            case .int16: .int16(bytes.integers(Int16.self, count: count, at: start, .big))
            case .int32: .int32(bytes.integers(Int32.self, count: count, at: start, .big))
            case .float32:
                .float32(bytes.integers(UInt32.self, count: count, at: start, .big).map(Float.init(bitPattern:)))
            case .float64:
                .float64(bytes.integers(UInt64.self, count: count, at: start, .big).map(Double.init(bitPattern:)))
            }
        try self.init(shape, elements)
    }

    /// The type, the shape, and the length that the whole file must have according to its header.
    private static func header(of bytes: [UInt8]) throws(FormatError) -> (IDXType, Shape, length: Int) {
        guard bytes.count >= 4 else {
            throw FormatError(.byte(0), expected: "an IDX header of 4 bytes", given: "\(bytes.count)")
        }
        guard bytes[0] == 0, bytes[1] == 0 else {
            throw FormatError(
                .byte(0), expected: "an IDX file, which begins with two zeros", given: "\(bytes[0]) \(bytes[1])")
        }
        guard let type = IDXType(rawValue: bytes[2]) else {
            throw FormatError(.byte(2), expected: "a type, 8, 9 or 11 to 14", given: "\(bytes[2])")
        }
        let rank = Int(bytes[3])
        let start = 4 + 4 * rank
        guard bytes.count >= start else {
            throw FormatError(
                .byte(4), expected: "\(rank) sizes of 4 bytes", given: "\(bytes.count - 4) bytes")
        }
        let shape = Shape(bytes.integers(UInt32.self, count: rank, at: 4, .big).map { Int($0) })
        // A count that fits an Int leaves room for 8 bytes an element, but not also for the header.
        guard let count = shape.checkedCount, count < 1 << 59 else {
            throw FormatError(.byte(4), expected: "fewer elements than 2^59", given: "shape \(shape)")
        }
        return (type, shape, start + count * type.size)
    }

    /// The bytes of a plain IDX file.
    public func serialized() -> [UInt8] {
        var bytes: [UInt8] = [0, 0, elements.type.rawValue, UInt8(shape.rank)]
        bytes.append(shape.sizes.map { UInt32($0) }, .big)
        switch elements {
        case .uint8(let values): bytes += values
        case .int8(let values): bytes.append(values, .big)
        case .int16(let values): bytes.append(values, .big)
        case .int32(let values): bytes.append(values, .big)
        case .float32(let values): bytes.append(values.map(\.bitPattern), .big)
        case .float64(let values): bytes.append(values.map(\.bitPattern), .big)
        }
        return bytes
    }
}
