import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Ctrl-C as a question that a long run asks between its steps, so that it can save what it has.
enum Interrupt {
    private static let flag = Atomic<Bool>(false)

    /// Whether the user has pressed Ctrl-C since `watch`.
    static var isRequested: Bool { flag.load(ordering: .relaxed) }

    /// From now on the first Ctrl-C only asks; a second one ends the program as it always does.
    static func watch() {
        flag.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in
            Interrupt.flag.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
    }
}
