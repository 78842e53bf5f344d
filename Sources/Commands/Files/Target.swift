import AdjointGraphs

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The path of a file that is to be written, and the one temporary file beside it that becomes it: a process may write the
/// temporary file only while it holds its lock.
struct Target {
    /// The path as the user wrote it, for errors.
    let given: String
    let path: String
    let folder: String
    let temporary: String

    init(_ given: String) throws(CommandFailure) {
        var path = given
        var status = stat()
        if stat(given.systemPath, &status) == 0 {
            // Renaming would put a file in the place of a device or a folder.
            guard Files.isRegular(status) else {
                throw .failed("\(printable(given)): expected a file to write, given a folder, a device or a pipe")
            }
            // A link stays, and the file to which it leads is replaced.
            if let resolved = realpath(given.systemPath, nil) {
                path = String(systemPath: resolved)
                free(resolved)
            }
        }
        guard let name = path.split(separator: "/", omittingEmptySubsequences: false).last, name != "" else {
            throw .failed("\(printable(given)): expected the name of a file to write, given a folder's")
        }
        (self.given, self.path) = (given, path)
        let parent = path.dropLast(name.count)
        folder = parent == "" ? "." : parent == "/" ? "/" : String(parent.dropLast())
        temporary = "\(folder)/.\(name).adjoint-new"
    }

    /// The permissions of the file that is there.
    private var mode: mode_t? {
        var status = stat()
        return stat(path.systemPath, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    /// The error for a process that finds another one writing the same file.
    var isWritten: CommandFailure {
        .failed("\(printable(given)): expected no one else to write it, given a process that does")
    }

    /// The temporary file with its lock. One that a killed process left behind is taken over.
    ///
    /// - Parameter waits: whether to wait while another process holds the lock, instead of throwing.
    func lockedTemporary(waits: Bool = false) throws(CommandFailure) -> Int32 {
        let name = temporary.systemPath
        while true {
            let mode = mode
            let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            let file = Int32(Files.transferred { Int(open(name, flags, mode ?? 0o666)) })
            guard file >= 0 else { throw Files.systemFailure(given, "create a temporary file beside it") }
            if Files.transferred({ Int(flock(file, waits ? LOCK_EX : LOCK_EX | LOCK_NB)) }) != 0 {
                let code = errno
                // Some file systems have no locks.
                if code == ENOLCK || code == ENOTSUP || code == ENOSYS { return file }
                defer { close(file) }
                if code == EWOULDBLOCK { throw isWritten }
                unlink(name)
                throw Files.systemFailure(given, "lock the temporary file beside it", code)
            }
            // The process that held the lock may have renamed its file: then another file has the name now, or none.
            var (own, named) = (stat(), stat())
            if fstat(file, &own) == 0, lstat(name, &named) == 0, own.st_dev == named.st_dev, own.st_ino == named.st_ino
            {
                if let mode { fchmod(file, mode) }
                return file
            }
            let isGone = errno == ENOENT || named.st_ino != 0
            close(file)
            guard isGone else {
                unlink(name)
                throw Files.systemFailure(given, "find the temporary file beside it")
            }
        }
    }

    /// Removes the temporary file, and with it its lock.
    func remove(_ file: Int32) {
        unlink(temporary.systemPath)
        close(file)
    }
}
