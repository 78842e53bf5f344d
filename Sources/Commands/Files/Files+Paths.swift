// A path is bytes to the system, and text here. A byte that is not part of valid UTF-8 becomes one of Unicode's last 128
// scalars, which are used in no name.

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension String {
    /// A path as the system gives it.
    init(systemPath bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self) {
            self = text
            return
        }
        self = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = (1...4).first { length in
                length <= rest.count && String(validating: rest.prefix(length), as: UTF8.self) != nil
            }
            if let length {
                self += String(decoding: rest.prefix(length), as: UTF8.self)
            } else if let scalar = Unicode.Scalar(0x10_FF00 + UInt32(first)) {
                unicodeScalars.append(scalar)
            }
            rest = rest.dropFirst(length ?? 1)
        }
    }

    /// A path as C has it, with the byte 0 at its end.
    init(systemPath start: UnsafePointer<CChar>) {
        self.init(systemPath: UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) })
    }

    /// The same path for the system, with the byte 0 at its end.
    var systemPath: [CChar] {
        var bytes: [CChar] = []
        for scalar in unicodeScalars {
            if scalar.value >= 0x10_FF80 {
                bytes.append(CChar(truncatingIfNeeded: scalar.value))
            } else {
                bytes += UTF8.encode(scalar)!.map { CChar(bitPattern: $0) }
            }
        }
        return bytes + [0]
    }
}
