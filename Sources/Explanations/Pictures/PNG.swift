/// Small images as bytes of a PNG file (ISO/IEC 15948) with a palette. The bytes are stored, not compressed, so that they
/// are the same everywhere.
struct PNG {
    /// Red, green, blue and opacity.
    struct Pixel: Hashable {
        let red: UInt8
        let green: UInt8
        let blue: UInt8
        let alpha: UInt8
    }

    let bytes: [UInt8]

    /// - Parameters:
    ///   - palette: 1 to 256 colours.
    ///   - indices: row-major places in the palette, a multiple of `columns`, which is 1 or more.
    init(palette: [Pixel], columns: Int, indices: [UInt8]) {
        let rows = indices.count / columns
        var scanlines: [UInt8] = []
        scanlines.reserveCapacity(indices.count + rows)
        for row in 0..<rows {
            // Filter 0: unfiltered bytes.
            scanlines.append(0)
            scanlines += indices[row * columns..<(row + 1) * columns]
        }
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // 8 bits a pixel, colour type 3 (palette), no interlace.
        bytes.append(chunk: "IHDR", bigEndian(UInt32(columns)) + bigEndian(UInt32(rows)) + [8, 3, 0, 0, 0])
        bytes.append(chunk: "PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
        bytes.append(chunk: "tRNS", palette.map { $0.alpha })
        bytes.append(chunk: "IDAT", PNG.stored(scanlines))
        bytes.append(chunk: "IEND", [])
        self.bytes = bytes
    }

    /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let length = min(0xFFFF, data.count - start)
            stream.append(start + length == data.count ? 1 : 0)
            for number in [length, ~length] { stream += [UInt8(number & 0xFF), UInt8(number >> 8 & 0xFF)] }
            stream += data[start..<start + length]
            start += length
        } while start < data.count
        var (a, b) = (1, 0)
        for byte in data {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        return stream + bigEndian(UInt32(b) << 16 | UInt32(a))
    }

    /// The file as an address: `data:image/png;base64,…`.
    var address: String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for place in 0..<3 { bits = bits << 8 | (place < group.count ? Int(group[start + place]) : 0) }
            for place in 0..<4 {
                let isPadding = place > group.count
                text.append(isPadding ? UInt8(ascii: "=") : digits[bits >> (18 - 6 * place) & 63])
            }
        }
        return "data:image/png;base64," + String(decoding: text, as: UTF8.self)
    }
}

private func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(number >> $0 & 0xFF) }
}

extension [UInt8] {
    /// Appends a chunk: length, type, data, and the CRC of the latter two.
    fileprivate mutating func append(chunk type: String, _ data: [UInt8]) {
        let body = Array(type.utf8) + data
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        self += bigEndian(UInt32(data.count)) + body + bigEndian(~crc)
    }
}
