import AdjointGraphs
import AdjointPlans

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The one place that opens files. Every error is a sentence with the file's name and the system's reason.
enum Files {
    /// The name that stands for the standard input and the standard output.
    static let standard = "-"

    /// All bytes of a file, of a pipe up to its end, or of the standard input.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        if path == standard { return try readToEnd(STDIN_FILENO, "the standard input") }
        let file = try opened(path, O_RDONLY)
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw systemFailure(path, "read its size") }
        if status.st_mode & S_IFMT == S_IFIFO || isatty(file) == 1 { return try readToEnd(file, path) }
        guard isRegular(status) else {
            throw .failed("\(printable(path)): expected a file or a pipe, given a folder or a device")
        }

        let size = Int(status.st_size)
        // The content is going to be in memory beside the bytes.
        guard size <= Machine.memory / 2 else {
            throw .failed("\(printable(path)): expected a file of at most half the memory, given \(size) bytes")
        }
        var count = 0
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            while count < size {
                let got = transferred { readSome(file, buffer.baseAddress! + count, size - count) }
                if got < 0 { code = errno }
                if got <= 0 { break }
                count += got
            }
            initialized = count
        }
        if code != 0 { throw systemFailure(path, "read it", code) }
        guard count == size else {
            throw .failed("\(printable(path)): expected \(size) bytes, given \(count): it was cut while it was read")
        }
        return bytes
    }

    private static func readToEnd(_ file: Int32, _ path: String) throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = transferred { chunk.withUnsafeMutableBufferPointer { readSome(file, $0.baseAddress!, $0.count) } }
            guard got >= 0 else { throw systemFailure(path, "read it") }
            if got == 0 { return bytes }
            bytes += chunk[..<got]
            guard bytes.count <= 1 << 32 else {
                throw .failed("\(printable(path)): expected at most 4 GiB before its end, given more")
            }
        }
    }

    /// The names in a folder, sorted, without `.` and `..`.
    static func names(in folder: String) throws(CommandFailure) -> [String] {
        guard let stream = opendir(folder.systemPath) else { throw systemFailure(folder, "list it") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(systemPath: Array($0.prefix { $0 != 0 }))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path.systemPath, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool { access(path.systemPath, F_OK) == 0 }

    static func opened(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(CommandFailure) -> Int32 {
        let file = transferred { Int(open(path.systemPath, flags | O_CLOEXEC, mode)) }
        guard file >= 0 else { throw systemFailure(path, "open it") }
        return Int32(file)
    }

    static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

    /// `PATH: cannot ACTION: REASON`, where the reason is the last system call's unless another is given.
    static func systemFailure(_ path: String, _ action: String, _ code: Int32 = errno) -> CommandFailure {
        .failed("\(printable(path)): cannot \(action): \(String(cString: strerror(code)))")
    }

    /// The result of a system call, repeated until no signal interrupts it.
    static func transferred(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

// One call moves 2 GB at most.
private func readSome(_ file: Int32, _ place: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(file, place, min(count, 1 << 30))
}
