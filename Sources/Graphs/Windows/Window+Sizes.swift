/// The sizes that follow from a window along one axis.
extension Window.Axis {
    /// How many positions a window reaches over from its first tap to its last:
    ///
    ///     d·(taps − 1) + 1
    public func reach(taps: Int) -> Int { dilation * (taps - 1) + 1 }

    /// How many positions `outputs` windows reach over together:
    ///
    ///     s·(outputs − 1) + d·(taps − 1) + 1
    public func span(outputs: Int, taps: Int) -> Int { stride * (outputs - 1) + reach(taps: taps) }

    /// How many windows lie inside the input and its padding:
    ///
    ///     ⌊(inputs + a + after − reach)∕s⌋ + 1
    ///
    /// - Parameters:
    ///   - after: how far the padding goes on behind the input.
    ///   - roundingUp: whether a last window may reach past the end, if it begins inside the input or the padding before it.
    /// - Returns: nil where not even one fits.
    public func outputs(inputs: Int, taps: Int, after: Int, roundingUp: Bool = false) -> Int? {
        let room = inputs + padding + after - reach(taps: taps)
        guard room >= 0 else { return nil }
        let whole = room / stride + 1
        let hasMore = roundingUp && room % stride != 0 && whole * stride < inputs + padding
        return hasMore ? whole + 1 : whole
    }
}
