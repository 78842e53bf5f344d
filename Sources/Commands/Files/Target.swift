import AdjointGraphs

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where a file is going to be, and the temporary file beside it that is going to become it, of which there is one:
/// whoever writes it holds its lock.
struct Target {
    /// As the user wrote it: what errors say.
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
            // Of a link, the file that it leads to is the one to replace.
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

    /// What another process is told that writes the same file.
    var isWritten: CommandFailure {
        .failed("\(printable(given)): expected no one else to write it, given a process that does")
    }

    /// The temporary file with its lock. What a process that was killed has left of it is taken over.
    ///
    /// - Parameter waits: for as long as another process has it, which is refused otherwise.
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
            // Whoever held the lock before may have put the file in its place: then another has the name now, or none.
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
