import Foundation
import Testing

@testable import AdjointCommands

@Suite struct InterruptTests {
    /// Exit tests take no values from outside, so that each signal has its own.
    private static func askFirst(_ number: Int32) {
        Interrupt.watch()
        #expect(Interrupt.signal == nil)
        // Sent to the process, as a terminal does: the threads that run tests take no signals.
        kill(getpid(), number)
        for _ in 0..<1000 where Interrupt.signal == nil { usleep(10_000) }
        #expect(Interrupt.signal == number)
        kill(getpid(), number)
        sleep(10)
    }

    @Test func asksFirstAndEndsThen() async {
        await #expect(processExitsWith: .signal(SIGINT)) { Self.askFirst(SIGINT) }
        await #expect(processExitsWith: .signal(SIGTERM)) { Self.askFirst(SIGTERM) }
        await #expect(processExitsWith: .signal(SIGHUP)) { Self.askFirst(SIGHUP) }
    }

    @Test func goesOnUnderNohup() async {
        await #expect(processExitsWith: .success) {
            signal(SIGHUP, SIG_IGN)
            Interrupt.watch()
            kill(getpid(), SIGHUP)
            usleep(50_000)
            #expect(Interrupt.signal == nil)
        }
    }
}
