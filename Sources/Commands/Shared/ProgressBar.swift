/// A line that shows the progress of a long run, rewritten on the standard error while that is a terminal; nothing
/// otherwise. Lines that stay go to the standard output, through `print(_:)`.
struct ProgressBar {
    let total: Int
    /// The unit that is counted: `images`.
    let unit: String
    /// Whether lines that stay go to the standard error too, because the standard output is a file.
    let printsToErrors: Bool
    private let start = ContinuousClock.now
    private var shown: ContinuousClock.Instant?

    /// - Parameter total: how many of the unit the whole run has.
    init(total: Int, unit: String, printsToErrors: Bool = false) {
        (self.total, self.printsToErrors, self.unit) = (total, printsToErrors, unit)
    }

    /// Shows the progress, at most ten times a second.
    ///
    /// - Parameters:
    ///   - label: the text before the bar: `epoch 3/10`.
    ///   - detail: the text at the end: `loss 0.31`.
    mutating func update(done: Int, label: String, detail: String) {
        guard Terminal.showsErrors else { return }
        let now = ContinuousClock.now
        if let shown, now - shown < .milliseconds(100), done < total { return }
        shown = now
        let seconds = (now - start) / .seconds(1)
        Terminal.rewriteLine(line(done: done, seconds: seconds, label: label, detail: detail, width: Terminal.width))
    }

    /// Prints a line that stays, above the bar.
    func print(_ line: String) {
        clear()
        if printsToErrors { Terminal.printError(line) } else { Swift.print(line) }
    }

    /// Removes the bar.
    func clear() {
        if shown != nil { Terminal.rewriteLine("") }
    }

    /// `epoch 3/10 [######--------]  43 %  1234 images/s  0:12 left  loss 0.31`, cut to the terminal's width.
    func line(done: Int, seconds: Double, label: String, detail: String, width: Int) -> String {
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let rate = seconds > 0 ? Double(done) / seconds : 0
        var facts = [padded(String(Int(share * 100)), to: 3) + " %"]
        if rate > 0 {
            facts.append(rate < 10 ? "\((rate * 10).rounded() / 10) \(unit)/s" : "\(Int(min(rate, 1e12))) \(unit)/s")
            facts.append(time(Double(max(0, total - done)) / rate) + " left")
        }
        facts.append(detail)
        let end = "  " + facts.joined(separator: "  ")
        // The last column stays free: some terminals break the line there.
        let room = min(40, width - 1 - label.count - end.count - 3)
        var bar = ""
        if room >= 5 {
            let filled = Int(share * Double(room))
            bar = " [" + String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled) + "]"
        }
        return String((label + bar + end).prefix(max(0, width - 1)))
    }

    /// `1:02` or `3:04:05`.
    private func time(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9).rounded(.up))
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        let rest = zeroPadded(whole % 60)
        return hours > 0 ? "\(hours):\(zeroPadded(minutes)):\(rest)" : "\(minutes):\(rest)"
    }

    private func zeroPadded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
