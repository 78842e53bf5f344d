import AdjointGraphs

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Files {
    /// Writes a file as a whole or not at all: see `Claim.write`.
    static func writeSafely(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        if path == standard {
            fflush(nil)
            return try write(bytes, to: STDOUT_FILENO, "the standard output")
        }
        try Claim(path).write(bytes)
    }

    /// Throws where no file can be written there now: so that this is known before long work rather than after it. A temporary
    /// file that a killed process left there is removed.
    static func checkWritable(_ path: String) throws(CommandFailure) {
        if path != standard { _ = try Claim(path) }
    }

    static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(CommandFailure) {
        var count = 0
        while count < bytes.count {
            let wrote = transferred { writeSome(file, bytes, from: count) }
            guard wrote > 0 else { throw systemFailure(path, "write it", wrote == 0 ? ENOSPC : errno) }
            count += wrote
        }
    }
}

private func writeSome(_ file: Int32, _ bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { write(file, $0.baseAddress! + start, min($0.count - start, 1 << 30)) }
}
