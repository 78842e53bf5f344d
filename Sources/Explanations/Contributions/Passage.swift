import AdjointGraphs

/// The size of the error's gradient at a layer's output: ∂E∕∂y, as the gradient graph computes it.
public struct Passage: Hashable, Sendable {
    /// The name of the graph's output with the layer's output.
    public let layer: String
    public let shape: Shape
    /// The norm √Σ(∂E∕∂y)².
    public let norm: Double
    /// The number of elements of ∂E∕∂y that are not zero.
    public let nonZeroCount: Int

    init(_ layer: String, _ cotangent: Tensor) {
        self.layer = layer
        shape = cotangent.shape
        // In Double, since squares of small Floats would be zero.
        var (squares, count) = (0.0, 0)
        for number in cotangent.doubles {
            squares += number * number
            if number != 0 { count += 1 }
        }
        (norm, nonZeroCount) = (squares.squareRoot(), count)
    }
}
