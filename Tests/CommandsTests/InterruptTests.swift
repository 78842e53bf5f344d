import Foundation
import Testing

@testable import AdjointCommands

@Suite struct InterruptTests {
    @Test func asksFirstAndEndsThen() async {
        await #expect(processExitsWith: .signal(SIGINT)) {
            Interrupt.watch()
            #expect(!Interrupt.isRequested)
            // To the process, as a terminal does: the threads that run tests take no signals.
            kill(getpid(), SIGINT)
            for _ in 0..<1000 where !Interrupt.isRequested { usleep(10_000) }
            #expect(Interrupt.isRequested)
            kill(getpid(), SIGINT)
            sleep(10)
        }
    }
}
