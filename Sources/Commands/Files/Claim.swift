import AdjointGraphs

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The right to write a file, which one process has at a time: a second one is refused by the file's name.
///
/// It is a lock, which ends with its process, however that ends. If the file exists, the file itself is locked, so that
/// no lock file lies beside it between two writes; if not, the temporary file that will be renamed to it.
final class Claim {
    private let target: Target
    private let folder: Int32
    /// The descriptor of the locked file.
    private var file: Int32
    private var isTemporary = true

    /// - Throws: where no file can be written there, or another process has the right to.
    init(_ path: String) throws(CommandFailure) {
        let target = try Target(path)
        let folder = Files.transferred { Int(open(target.folder.systemPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) }
        guard folder >= 0 else { throw Files.systemFailure(path, "open its folder") }
        do throws(CommandFailure) {
            file = try target.lockedTemporary()
        } catch {
            close(Int32(folder))
            throw error
        }
        (self.target, self.folder) = (target, Int32(folder))
        // A process that has the claim and is about to write waits for the temporary file meanwhile.
        let there = Files.transferred { Int(open(target.path.systemPath, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) }
        guard there >= 0 else { return }
        let isLocked = Files.transferred({ Int(flock(Int32(there), LOCK_EX | LOCK_NB)) }) == 0
        let isWritten = !isLocked && errno == EWOULDBLOCK
        target.remove(file)
        (file, isTemporary) = (Int32(there), false)
        if isWritten { throw target.isWritten }
    }

    deinit {
        if isTemporary { target.remove(file) } else { close(file) }
        close(folder)
    }

    /// Writes the file so that its name refers at every moment to the whole old file or the whole new one, also when
    /// the machine stops: the bytes go to a temporary file in the same folder, onto the disk, and under the name.
    /// After an error the old file is as it was, and the temporary file goes with the claim at the latest; only where the folder
    /// fails to get onto the disk, which comes last, the new file is already there, whole.
    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        let new = isTemporary ? file : try target.lockedTemporary(waits: true)
        do throws(CommandFailure) {
            try fill(new, with: bytes)
            guard rename(target.temporary.systemPath, target.path.systemPath) == 0 else {
                throw Files.systemFailure(target.given, "put it in its place")
            }
        } catch {
            if !isTemporary { target.remove(new) }
            throw error
        }
        if !isTemporary { close(file) }
        (file, isTemporary) = (new, false)
        // Some file systems cannot write a folder itself to the disk.
        if Files.transferred({ Int(fsync(folder)) }) != 0, errno != EINVAL, errno != ENOTSUP {
            throw Files.systemFailure(target.given, "bring the name of the new file onto the disk")
        }
    }

    /// Fills the file from its beginning, and writes it to the disk.
    private func fill(_ file: Int32, with bytes: [UInt8]) throws(CommandFailure) {
        guard Files.transferred({ Int(ftruncate(file, 0)) }) == 0 else {
            throw Files.systemFailure(target.given, "empty the file beside it")
        }
        try Files.write(bytes, to: file, target.given)
        guard Files.transferred({ Int(fsync(file)) }) == 0 else {
            throw Files.systemFailure(target.given, "bring it onto the disk")
        }
    }
}
