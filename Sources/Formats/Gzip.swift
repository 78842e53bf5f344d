import CZlib

/// The bytes that a gzip file (RFC 1952) holds, in one or several members one after the other.
///
/// - Parameters:
///   - limit: the most bytes that are accepted.
/// - Throws: `FormatError` at the byte where the stream ends too early, fails a check, is followed by something that
///   is neither a gzip stream nor zeros, or holds more than the limit.
public func gunzip(_ bytes: [UInt8], limit: Int = 1 << 31) throws(FormatError) -> [UInt8] {
    try inflated(bytes, limit: limit, stopsAtLimit: false)
}

/// The first bytes that a gzip file holds: `count` of them, or all if there are fewer.
func gunzipPrefix(_ bytes: [UInt8], count: Int) throws(FormatError) -> [UInt8] {
    try inflated(bytes, limit: count, stopsAtLimit: true)
}

/// Whether bytes begin as every gzip file does.
func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

private func inflated(_ bytes: [UInt8], limit: Int, stopsAtLimit: Bool) throws(FormatError) -> [UInt8] {
    var stream = z_stream()
    // 16 more than the largest window makes zlib expect a gzip header and trailer, and check them.
    try check(inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)), at: 0)
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(1 << 18, limit + 1))
    var consumed = 0

    while true {
        let offered = min(bytes.count - consumed, 1 << 30)
        var status = Z_OK
        bytes.withUnsafeBufferPointer { input in
            chunk.withUnsafeMutableBufferPointer { room in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + consumed })
                stream.avail_in = uInt(offered)
                stream.next_out = room.baseAddress
                stream.avail_out = uInt(room.count)
                status = inflate(&stream, Z_NO_FLUSH)
            }
        }
        consumed += offered - Int(stream.avail_in)
        output += chunk[..<(chunk.count - Int(stream.avail_out))]

        if stopsAtLimit, output.count >= limit { return Array(output[..<limit]) }
        if output.count > limit {
            throw FormatError(.byte(consumed), expected: "at most \(limit) bytes when unpacked", given: "more")
        }
        switch status {
        case Z_OK: continue
        case Z_STREAM_END:
            // Zeros may follow, which fill the last block of a tape or a disk.
            if bytes[consumed...].allSatisfy({ $0 == 0 }) { return output }
            guard isGzip(Array(bytes[consumed...].prefix(2))) else {
                throw FormatError(
                    .byte(consumed), expected: "the end of the file or another gzip stream",
                    given: "\(bytes.count - consumed) other bytes")
            }
            try check(inflateReset(&stream), at: consumed)
        case Z_BUF_ERROR:
            throw FormatError(.byte(consumed), expected: "the rest of the gzip stream", given: "the end of the file")
        default:
            let message = stream.msg.map { String(cString: $0) } ?? "error \(status)"
            throw FormatError(.byte(consumed), expected: "a sound gzip stream", given: "one with \(message)")
        }
    }
}

/// A gzip file that holds the bytes. Its header has no time, file name or system, so equal bytes give equal files.
public func gzip(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    var stream = z_stream()
    let initialized = deflateInit2_(
        &stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
    try check(initialized, at: 0)
    defer { deflateEnd(&stream) }
    var header = gz_header()
    header.os = 255  // unknown

    return try withUnsafeMutablePointer(to: &header) { header throws(FormatError) in
        try check(deflateSetHeader(&stream, header), at: 0)
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var consumed = 0
        while true {
            let offered = min(bytes.count - consumed, 1 << 30)
            var status = Z_OK
            bytes.withUnsafeBufferPointer { input in
                chunk.withUnsafeMutableBufferPointer { room in
                    stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + consumed })
                    stream.avail_in = uInt(offered)
                    stream.next_out = room.baseAddress
                    stream.avail_out = uInt(room.count)
                    status = deflate(&stream, consumed + offered == bytes.count ? Z_FINISH : Z_NO_FLUSH)
                }
            }
            consumed += offered - Int(stream.avail_in)
            output += chunk[..<(chunk.count - Int(stream.avail_out))]
            if status == Z_STREAM_END { return output }
            try check(status, at: consumed)
        }
    }
}

/// Throws where zlib fails; other than for wrong bytes it fails only for lack of memory.
private func check(_ status: Int32, at offset: Int) throws(FormatError) {
    if status != Z_OK { throw FormatError(.byte(offset), expected: "zlib to work", given: "its error \(status)") }
}
