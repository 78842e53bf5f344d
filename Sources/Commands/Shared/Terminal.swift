#if canImport(Darwin)
    import Darwin
#else
    @preconcurrency import Glibc
#endif

/// The terminal on which the program's user sees its output.
enum Terminal {
    static let showsOutput = isatty(STDOUT_FILENO) == 1
    static let showsErrors = isatty(STDERR_FILENO) == 1

    /// The number of columns of the terminal on the standard error; 80 where it is unknown.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func printError(_ line: String) { fputs(line + "\n", stderr) }

    /// Writes over the last line of the standard error, where it is a terminal.
    static func rewriteLine(_ text: String) {
        // Carriage return, text, and erase what is left of the old line.
        fputs("\r" + text + "\u{1B}[K", stderr)
        fflush(stderr)
    }
}
