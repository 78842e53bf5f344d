import AdjointGraphs

/// One geometry of a convolution.
public struct WindowCase: Sendable, CustomStringConvertible {
    public let name: String
    public let batch: Int
    public let channels: Int
    public let filters: Int
    public let groups: Int
    public let input: [Int]
    public let kernel: [Int]
    public let stride: [Int]
    public let dilation: [Int]
    public let before: [Int]
    public let after: [Int]

    public init(
        _ name: String, batch: Int = 2, channels: Int = 2, filters: Int = 3, groups: Int = 1, input: [Int],
        kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, before: [Int]? = nil, after: [Int]? = nil
    ) {
        let (ones, zeros) = (input.map { _ in 1 }, input.map { _ in 0 })
        self.name = name
        self.batch = batch
        self.channels = channels
        self.filters = filters
        self.groups = groups
        self.input = input
        self.kernel = kernel
        self.stride = stride ?? ones
        self.dilation = dilation ?? ones
        self.before = before ?? zeros
        self.after = after ?? before ?? zeros
    }

    public var description: String { name }
    public var padding: Padding { .sides(before: before, after: after) }
    public var inputShape: Shape { Shape([batch, channels] + input) }
    public var filterShape: Shape { Shape([filters, channels / groups] + kernel) }

    /// y = x ⋆ w in this geometry, of float64 inputs `x` and `w`.
    public func layer() throws(ArgumentError) -> Graph {
        try Graph { g in
            g.input("x", inputShape, .float64).convolved(
                with: g.input("w", filterShape, .float64), stride: PerAxis(stride), padding: padding,
                dilation: PerAxis(dilation), groups: groups)
        }
    }
}

/// Geometries that have led to errors elsewhere: tails that no window covers, gaps, overlaps, crops, uneven sides, planes that
/// are not square, groups. Shared by all tests of convolutions.
public enum WindowZoo {
    public static let cases = [
        WindowCase("plain", input: [5, 4], kernel: [3, 2]),
        WindowCase("one axis", batch: 3, input: [7], kernel: [3], stride: [2], before: [1]),
        WindowCase(
            "three axes", batch: 1, input: [4, 3, 5], kernel: [2, 3, 2], stride: [1, 2, 2], before: [1, 1, 0]),
        WindowCase("kernel is the input", input: [3, 4], kernel: [3, 4]),
        WindowCase("one by one with stride", input: [5, 7], kernel: [1, 1], stride: [2, 3]),
        WindowCase("tail of one", input: [6, 5], kernel: [3, 3], stride: [2, 2]),
        WindowCase("tail of three", input: [15, 4], kernel: [4, 4], stride: [4, 4]),
        WindowCase(
            "different tails", input: [8, 10], kernel: [3, 3], stride: [3, 4], before: [1, 0], after: [0, 1]),
        WindowCase("stride 4", input: [13, 9], kernel: [3, 5], stride: [4, 4], before: [1, 2]),
        WindowCase("gaps", input: [9, 8], kernel: [2, 1], stride: [3, 4]),
        WindowCase("gaps and padding", input: [7, 6], kernel: [1, 1], stride: [2, 2], before: [1, 1]),
        WindowCase("dilated", input: [9, 8], kernel: [3, 2], dilation: [2, 3]),
        WindowCase(
            "dilated with stride", input: [11, 9], kernel: [3, 2], stride: [2, 3], dilation: [3, 2], before: [1, 2]),
        WindowCase("five by five, stride 3", input: [10, 11], kernel: [5, 5], stride: [3, 3], before: [1, 1]),
        WindowCase("uneven padding", input: [5, 6], kernel: [3, 4], stride: [2, 1], before: [0, 3], after: [2, 0]),
        WindowCase(
            "padding wider than the kernel", input: [3, 4], kernel: [2, 3], stride: [2, 1], before: [3, 5],
            after: [4, 3]),
        WindowCase("crop", input: [8, 9], kernel: [3, 2], stride: [1, 2], before: [-1, -2], after: [-2, 1]),
        WindowCase("two groups", channels: 4, filters: 6, groups: 2, input: [5, 6], kernel: [3, 2]),
        WindowCase(
            "groups with stride", channels: 6, filters: 3, groups: 3, input: [7, 5], kernel: [3, 3], stride: [2, 2],
            before: [1, 0], after: [0, 1]),
        WindowCase("depthwise", channels: 3, filters: 3, groups: 3, input: [6, 5], kernel: [3, 3], before: [1, 1]),
        WindowCase(
            "depthwise, two filters a channel", channels: 3, filters: 6, groups: 3, input: [6, 5], kernel: [2, 3],
            stride: [1, 2]),
        WindowCase("empty batch", batch: 0, input: [4, 5], kernel: [2, 3]),
        WindowCase("no channels", channels: 0, input: [4, 5], kernel: [2, 3]),
    ]

    /// The geometries with at least one element in every operand.
    public static let inhabited = cases.filter { $0.batch > 0 && $0.channels > 0 }
}
