import AdjointGraphs
import Testing

@Suite struct WindowTests {
    /// Compared with a search through every tap of every window.
    @Test func firstEmptyWindow() {
        for inputs in 0...4 {
            for taps in 0...3 {
                for stride in 1...3 {
                    for dilation in 1...4 {
                        for padding in -3...7 {
                            let axis = Window.Axis(stride: stride, dilation: dilation, padding: padding)
                            for outputs in 0...8 {
                                let expected = (0..<outputs).first { p in
                                    !(0..<taps).contains { (0..<inputs).contains(axis.input(output: p, tap: $0) ?? -1) }
                                }
                                let found = axis.firstEmptyWindow(inputs: inputs, taps: taps, outputs: outputs)
                                #expect(
                                    (found == nil) == (expected == nil),
                                    "\(axis), \(inputs) inputs, \(taps) taps, \(outputs) outputs")
                                guard let found else { continue }
                                #expect(
                                    !(0..<taps).contains {
                                        (0..<inputs).contains(axis.input(output: found, tap: $0) ?? -1)
                                    })
                            }
                        }
                    }
                }
            }
        }
    }

    /// Compared with a search through every tap of every window.
    @Test func tapsWithin() {
        for inputs in 0...4 {
            for taps in 0...4 {
                for (spacing, stride, dilation) in [(1, 1, 1), (1, 2, 1), (1, 1, 3), (2, 1, 1), (3, 2, 2), (1, 5, 2)] {
                    for padding in -3...7 {
                        let axis = Window.Axis(
                            inputSpacing: spacing, stride: stride, dilation: dilation, padding: padding)
                        func isWithin(_ tap: Int, _ p: Int) -> Bool {
                            let position = stride * p + dilation * tap - padding
                            return inputs > 0 && position >= 0 && position <= spacing * (inputs - 1)
                        }
                        for p in 0...5 {
                            let within = (0..<taps).filter { isWithin($0, p) }
                            #expect(Array(axis.tapsWithin(inputs: inputs, taps: taps, output: p)) == within)
                            let all = (0..<taps).filter { tap in (0..<p).contains { isWithin(tap, $0) } }
                            #expect(axis.tapsWithin(inputs: inputs, taps: taps, outputs: p) == all)
                        }
                    }
                }
            }
        }
    }

    /// A window of any size over a few positions.
    @Test func ofWideWindows() {
        let most = Window.limit - 1
        for padding in [0, 1, most / 2, most] {
            let axis = Window.Axis(padding: padding)
            let met = axis.tapsWithin(inputs: 3, taps: most, outputs: 2)
            #expect(met == Array(max(0, padding - 1)..<min(most, padding + 3)))
            #expect(
                axis.meetings(inputs: 3, taps: most, outputs: 2).allSatisfy { $0.input == $0.output + $0.tap - padding }
            )
        }
    }

    @Test func meetingsOfASpreadInput() {
        let axis = Window.Axis(inputSpacing: 2, stride: 1, dilation: 1, padding: 1)
        let meetings = axis.meetings(inputs: 2, taps: 2, outputs: 4).map { [$0.input, $0.tap, $0.output] }
        // 2·i = p + r − 1
        #expect(meetings == [[0, 1, 0], [0, 0, 1], [1, 1, 2], [1, 0, 3]])
    }
}
