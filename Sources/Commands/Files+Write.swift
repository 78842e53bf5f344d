import AdjointFormats

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Files {
    /// Writes a file so that its name stands at every moment for the whole old file or the whole new one, also when
    /// the machine stops: the bytes go to a temporary file in the same folder, onto the disk, and under the name.
    /// After an error the temporary file is gone and the old file as it was; only where the folder fails to get onto
    /// the disk, which comes last, the new file is already there, whole.
    static func writeSafely(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        let target = try Target(path)
        let folder = try opened(target.folder, O_RDONLY | O_DIRECTORY)
        defer { close(folder) }
        let (temporary, file) = try createdTemporary(beside: target)
        do throws(CommandFailure) {
            try fill(file, with: bytes, path)
            guard rename(temporary, target.path) == 0 else { throw systemFailure(path, "put it in its place") }
        } catch {
            unlink(temporary)
            throw error
        }
        // Some file systems have no folders to bring onto the disk.
        if transferred({ Int(fsync(folder)) }) != 0, errno != EINVAL, errno != ENOTSUP {
            throw systemFailure(target.folder, "bring the name of the new file onto the disk")
        }
    }

    /// Whether a file could be written there now: to say so before long work rather than after it.
    static func checkWritable(_ path: String) throws(CommandFailure) {
        let (temporary, file) = try createdTemporary(beside: try Target(path))
        close(file)
        unlink(temporary)
    }

    private static func createdTemporary(beside target: Target) throws(CommandFailure) -> (String, Int32) {
        // A process that was killed may have left the name of one that has its number now.
        for attempt in 0... {
            let temporary = "\(target.folder)/.adjoint-\(getpid())-\(attempt).tmp"
            let file = transferred { Int(open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, target.mode)) }
            if file >= 0 { return (temporary, Int32(file)) }
            if errno != EEXIST || attempt == 1000 { break }
        }
        throw systemFailure(target.path, "create a temporary file beside it")
    }

    /// Writes, brings onto the disk and closes.
    private static func fill(_ file: Int32, with bytes: [UInt8], _ path: String) throws(CommandFailure) {
        var isOpen = true
        defer { if isOpen { close(file) } }
        var count = 0
        while count < bytes.count {
            let wrote = transferred { writeSome(file, bytes, from: count) }
            guard wrote > 0 else { throw systemFailure(path, "write it", wrote == 0 ? ENOSPC : errno) }
            count += wrote
        }
        guard transferred({ Int(fsync(file)) }) == 0 else { throw systemFailure(path, "bring it onto the disk") }
        isOpen = false
        guard close(file) == 0 || errno == EINTR else { throw systemFailure(path, "close it") }
    }

    /// Where a file is going to be.
    private struct Target {
        let path: String
        let folder: String
        /// The permissions of the file that is there, or those that the user's mask leaves.
        var mode: mode_t = 0o666

        init(_ given: String) throws(CommandFailure) {
            var path = given
            var status = stat()
            if stat(given, &status) == 0 {
                // Renaming would put a file in the place of a device or a folder.
                guard isRegular(status) else {
                    throw .failed("\(printable(given)): expected a file to write, given a folder, a device or a pipe")
                }
                mode = status.st_mode & 0o777
                // Of a link, the file that it leads to is the one to replace.
                if let resolved = realpath(given, nil) {
                    path = String(cString: resolved)
                    free(resolved)
                }
            }
            guard let name = path.split(separator: "/", omittingEmptySubsequences: false).last, name != "" else {
                throw .failed("\(printable(given)): expected the name of a file to write, given a folder's")
            }
            self.path = path
            let parent = path.dropLast(name.count)
            folder = parent == "" ? "." : parent == "/" ? "/" : String(parent.dropLast())
        }
    }
}

private func writeSome(_ file: Int32, _ bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { write(file, $0.baseAddress! + start, min($0.count - start, 1 << 30)) }
}
