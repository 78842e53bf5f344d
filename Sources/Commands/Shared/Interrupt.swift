import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Ctrl-C, `kill` and a terminal that is closed as a question that a long run asks between its steps, so that it can save
/// what it has.
enum Interrupt {
    private static let flag = Atomic<Int32>(0)

    /// The signal that came since `watch`.
    static var signal: Int32? {
        let number = flag.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From now on the first signal of a kind only asks; a second one ends the program as it always does.
    ///
    /// A reader of the output that ends, as the other side of a pipe does at the same Ctrl-C, no longer ends the program.
    static func watch() {
        flag.store(0, ordering: .relaxed)
        set(SIGPIPE, SIG_IGN)
        // A program is born with the signals blocked that the thread that started it had blocked.
        var asking = sigset_t()
        sigemptyset(&asking)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&asking, number)
            let before = set(number) { number in
                Interrupt.flag.store(number, ordering: .relaxed)
                set(number, SIG_DFL)
            }
            // What `nohup` has started goes on when its terminal is closed.
            if number == SIGHUP, unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                set(number, SIG_IGN)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &asking, nil)
    }

    /// From now on signals end the program again.
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
