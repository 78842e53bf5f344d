import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The wish to end by Ctrl-C, `kill` or a terminal that is closed, as a flag that a long run reads between its steps, so that
/// it can save its results.
enum Interrupt {
    private static let flag = Atomic<Int32>(0)

    /// The signal that arrived since `watch`, if any.
    static var signal: Int32? {
        let number = flag.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From now on the first signal of a kind only sets the flag; a second one ends the program as usual.
    ///
    /// Writing to a pipe whose reader has ended, perhaps by the same Ctrl-C, no longer ends the program.
    static func watch() {
        flag.store(0, ordering: .relaxed)
        set(SIGPIPE, SIG_IGN)
        // A process starts with those signals blocked that were blocked in the thread that started it.
        var asking = sigset_t()
        sigemptyset(&asking)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&asking, number)
            let before = set(number) { number in
                Interrupt.flag.store(number, ordering: .relaxed)
                set(number, SIG_DFL)
            }
            // A process that `nohup` has started continues when its terminal is closed.
            if number == SIGHUP, unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                set(number, SIG_IGN)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &asking, nil)
    }

    /// From now on signals end the program at once again.
    static func unwatch() {
        for number in [SIGINT, SIGTERM] { set(number, SIG_DFL) }
    }
}

#if canImport(Darwin)
    private typealias Handler = (@convention(c) (Int32) -> Void)?
#else
    private typealias Handler = __sighandler_t?
#endif

@discardableResult
private func set(_ number: Int32, _ handler: Handler) -> Handler { signal(number, handler) }
