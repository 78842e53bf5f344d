import Testing

@testable import AdjointCommands

@Suite struct ProgressBarTests {
    private let bar = ProgressBar(total: 1000, unit: "images")

    private func line(_ done: Int, _ seconds: Double, _ width: Int) -> String {
        bar.line(done: done, seconds: seconds, label: "epoch 1/2", detail: "loss 0.5", width: width)
    }

    @Test func tellsShareSpeedAndTime() {
        #expect(
            line(500, 2, 80) == "epoch 1/2" + bar(12, of: 25) + "   50 %  250 images/s  0:02 left  loss 0.5")
        #expect(line(0, 0, 60) == "epoch 1/2" + bar(0, of: 30) + "    0 %  loss 0.5")
        #expect(line(1000, 1, 70).contains(" 100 %  1000 images/s  0:00 left"))
        #expect(line(1, 10, 200).contains("0.1 images/s  2:46:30 left"))
    }

    @Test func fitsTheTerminal() {
        for width in 0...120 { #expect(line(333, 3, width).count <= max(0, width - 1)) }
        #expect(!line(333, 3, 55).contains("["))
    }

    @Test func takesAnyNumbers() {
        let empty = ProgressBar(total: 0, unit: "steps")
        #expect(empty.line(done: 0, seconds: 0, label: "", detail: "", width: 80).contains("100 %"))
        #expect(line(2000, 1e-300, 80).contains("100 %"))
        _ = line(1, 1e300, 80)
    }

    private func bar(_ filled: Int, of room: Int) -> String {
        " [" + String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled) + "]"
    }
}
