import AdjointFormats

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The one place that opens files. Every error is a sentence with the file's name and the system's reason.
enum Files {
    /// All bytes of a regular file.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        // Not blocking, or a pipe without a writer would wait for ever.
        let file = try opened(path, O_RDONLY | O_NONBLOCK)
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw systemFailure(path, "read its size") }
        guard isRegular(status) else {
            throw .failed("\(printable(path)): expected a file, given a folder, a device or a pipe")
        }

        let size = Int(status.st_size)
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

    /// The names in a folder, sorted, without `.` and `..`.
    static func names(in folder: String) throws(CommandFailure) -> [String] {
        guard let stream = opendir(folder) else { throw systemFailure(folder, "list it") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func opened(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(CommandFailure) -> Int32 {
        let file = transferred { Int(open(path, flags | O_CLOEXEC, mode)) }
        guard file >= 0 else { throw systemFailure(path, "open it") }
        return Int32(file)
    }

    static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

    /// `PATH: cannot ACTION: REASON`, where the reason is the last system call's unless another is given.
    static func systemFailure(_ path: String, _ action: String, _ code: Int32 = errno) -> CommandFailure {
        .failed("\(printable(path)): cannot \(action): \(String(cString: strerror(code)))")
    }

    /// What a system call returns that no signal interrupted.
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
