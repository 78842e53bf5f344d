import AdjointGraphs

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
    ///
    /// What a process that was killed has left of the temporary file is taken over.
    static func writeSafely(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        if path == standard {
            fflush(nil)
            return try write(bytes, to: STDOUT_FILENO, "the standard output")
        }
        let target = try Target(path)
        let folder = transferred { Int(open(target.folder.systemPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
        guard folder >= 0 else { throw systemFailure(path, "open its folder") }
        defer { close(Int32(folder)) }
        let file = try lockedTemporary(of: target)
        do throws(CommandFailure) {
            try fill(file, with: bytes, path)
            guard rename(target.temporary.systemPath, target.path.systemPath) == 0 else {
                throw systemFailure(path, "put it in its place")
            }
        } catch {
            unlink(target.temporary.systemPath)
            close(file)
            throw error
        }
        // With it goes the lock; the bytes are on the disk.
        close(file)
        // Some file systems have no folders to bring onto the disk.
        if transferred({ Int(fsync(Int32(folder))) }) != 0, errno != EINVAL, errno != ENOTSUP {
            throw systemFailure(path, "bring the name of the new file onto the disk")
        }
    }

    /// Whether a file could be written there now: to say so before long work rather than after it. What a process that was
    /// killed has left there of a temporary file is gone then.
    static func checkWritable(_ path: String) throws(CommandFailure) {
        if path == standard { return }
        let target = try Target(path)
        let file = try lockedTemporary(of: target)
        unlink(target.temporary.systemPath)
        close(file)
    }

    /// The temporary file of a target, of which there is one: whoever writes it holds its lock.
    private static func lockedTemporary(of target: Target) throws(CommandFailure) -> Int32 {
        let path = target.temporary.systemPath
        while true {
            let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            let file = Int32(transferred { Int(open(path, flags, target.mode ?? 0o666)) })
            guard file >= 0 else { throw systemFailure(target.path, "create a temporary file beside it") }
            if transferred({ Int(flock(file, LOCK_EX | LOCK_NB)) }) != 0 {
                let code = errno
                // Some file systems have no locks.
                if code == ENOLCK || code == ENOTSUP || code == ENOSYS { return file }
                defer { close(file) }
                if code == EWOULDBLOCK {
                    throw .failed(
                        "\(printable(target.path)): expected no one else to write it, given a process that does")
                }
                unlink(path)
                throw systemFailure(target.path, "lock the temporary file beside it", code)
            }
            // Whoever held the lock before may have put the file in its place: then another has the name now, or none.
            var (own, named) = (stat(), stat())
            if fstat(file, &own) == 0, lstat(path, &named) == 0, own.st_dev == named.st_dev, own.st_ino == named.st_ino
            {
                if let mode = target.mode { fchmod(file, mode) }
                return file
            }
            let isGone = errno == ENOENT || named.st_ino != 0
            close(file)
            guard isGone else {
                unlink(path)
                throw systemFailure(target.path, "find the temporary file beside it")
            }
        }
    }

    /// Writes from the beginning, and brings onto the disk.
    private static func fill(_ file: Int32, with bytes: [UInt8], _ path: String) throws(CommandFailure) {
        guard transferred({ Int(ftruncate(file, 0)) }) == 0 else {
            throw systemFailure(path, "empty the file beside it")
        }
        try write(bytes, to: file, path)
        guard transferred({ Int(fsync(file)) }) == 0 else { throw systemFailure(path, "bring it onto the disk") }
    }

    private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(CommandFailure) {
        var count = 0
        while count < bytes.count {
            let wrote = transferred { writeSome(file, bytes, from: count) }
            guard wrote > 0 else { throw systemFailure(path, "write it", wrote == 0 ? ENOSPC : errno) }
            count += wrote
        }
    }

    /// Where a file is going to be.
    private struct Target {
        let path: String
        let folder: String
        let temporary: String
        /// The permissions of the file that is there.
        var mode: mode_t?

        init(_ given: String) throws(CommandFailure) {
            var path = given
            var status = stat()
            if stat(given.systemPath, &status) == 0 {
                // Renaming would put a file in the place of a device or a folder.
                guard isRegular(status) else {
                    throw .failed("\(printable(given)): expected a file to write, given a folder, a device or a pipe")
                }
                mode = status.st_mode & 0o777
                // Of a link, the file that it leads to is the one to replace.
                if let resolved = realpath(given.systemPath, nil) {
                    path = String(systemPath: resolved)
                    free(resolved)
                }
            }
            guard let name = path.split(separator: "/", omittingEmptySubsequences: false).last, name != "" else {
                throw .failed("\(printable(given)): expected the name of a file to write, given a folder's")
            }
            self.path = path
            let parent = path.dropLast(name.count)
            folder = parent == "" ? "." : parent == "/" ? "/" : String(parent.dropLast())
            temporary = "\(folder)/.\(name).adjoint-new"
        }
    }
}

private func writeSome(_ file: Int32, _ bytes: [UInt8], from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { write(file, $0.baseAddress! + start, min($0.count - start, 1 << 30)) }
}
