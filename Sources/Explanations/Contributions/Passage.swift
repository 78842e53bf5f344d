import AdjointGraphs

/// What the error is like at a layer's output: ∂E∕∂y, as the gradient graph computes it.
public struct Passage: Hashable, Sendable {
    /// The name of the graph's output that the layer's output is.
    public let layer: String
    public let shape: Shape
    /// √Σ(∂E∕∂y)²
    public let norm: Double
    /// How many elements of ∂E∕∂y are not zero.
    public let nonZeroCount: Int

    init(_ layer: String, _ cotangent: Tensor) {
        self.layer = layer
        shape = cotangent.shape
        // Doubles: squares of what is small in Float are not zero.
        var (squares, count) = (0.0, 0)
        for number in cotangent.doubles {
            squares += number * number
            if number != 0 { count += 1 }
        }
        (norm, nonZeroCount) = (squares.squareRoot(), count)
    }
}
