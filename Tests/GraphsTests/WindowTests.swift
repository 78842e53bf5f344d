import AdjointGraphs
import Testing

@Suite struct WindowTests {
    /// Against a look under every tap of every window.
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

    @Test func meetingsOfASpreadInput() {
        let axis = Window.Axis(inputSpacing: 2, stride: 1, dilation: 1, padding: 1)
        let meetings = axis.meetings(inputs: 2, taps: 2, outputs: 4).map { [$0.input, $0.tap, $0.output] }
        // 2·i = p + r − 1
        #expect(meetings == [[0, 1, 0], [0, 0, 1], [1, 1, 2], [1, 0, 3]])
    }
}
