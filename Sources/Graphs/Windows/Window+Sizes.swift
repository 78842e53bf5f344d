/// The sizes that follow from a window along one axis.
extension Window.Axis {
    /// The number of positions from a window's first tap to its last, both included:
    ///
    ///     d·(taps − 1) + 1
    public func reach(taps: Int) -> Int { dilation * (taps - 1) + 1 }

    /// The number of positions that `outputs` windows cover together, from the first tap to the last:
    ///
    ///     s·(outputs − 1) + d·(taps − 1) + 1
    public func span(outputs: Int, taps: Int) -> Int { stride * (outputs - 1) + reach(taps: taps) }

    /// The number of windows that fit into the input with its padding:
    ///
    ///     ⌊(inputs + a + after − reach)∕s⌋ + 1
    ///
    /// - Parameters:
    ///   - after: the padding behind the input.
    ///   - roundingUp: whether a last window may extend past the end, if it begins inside the input or the padding before it.
    /// - Returns: nil where not even one fits.
    public func outputs(inputs: Int, taps: Int, after: Int, roundingUp: Bool = false) -> Int? {
        let room = inputs + padding + after - reach(taps: taps)
        guard room >= 0 else { return nil }
        let whole = room / stride + 1
        let hasMore = roundingUp && room % stride != 0 && whole * stride < inputs + padding
        return hasMore ? whole + 1 : whole
    }
}
