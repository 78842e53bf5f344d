/// The offset of the first byte that does not begin a well-formed sequence (The Unicode Standard, table 3-7).
func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
    var position = 0
    while position < bytes.count {
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            continue
        }
        // The second byte's range keeps out overlong forms, surrogates and scalars above 0x10FFFF.
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch first {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0...0)
            }
        guard length > 0, position + length <= bytes.count, second.contains(bytes[position + 1]) else {
            return position
        }
        for offset in 2..<max(2, length) where bytes[position + offset] & 0xC0 != 0x80 { return position }
        position += length
    }
    return nil
}
