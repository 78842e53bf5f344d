/// The order of a number's bytes: safetensors files are little endian, IDX files big endian.
enum ByteOrder {
    case little, big
}

extension [UInt8] {
    /// Numbers of a fixed width from a byte offset on, which need not be aligned. The bytes must be there.
    func integers<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, count: Int, at offset: Int, _ order: ByteOrder
    ) -> [Number] {
        let raw = span.bytes
        return (0..<count).map { position in
            let number = raw.unsafeLoadUnaligned(
                fromByteOffset: offset + position * MemoryLayout<Number>.size, as: Number.self)
            return order == .little ? Number(littleEndian: number) : Number(bigEndian: number)
        }
    }

    /// One number.
    func integer<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, at offset: Int, _ order: ByteOrder
    ) -> Number {
        integers(type, count: 1, at: offset, order)[0]
    }

    mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(_ numbers: [Number], _ order: ByteOrder) {
        let ordered = numbers.map { order == .little ? $0.littleEndian : $0.bigEndian }
        ordered.withUnsafeBytes { append(contentsOf: $0) }
    }
}
