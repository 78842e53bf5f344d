import AdjointGraphs

extension Zoo {
    /// A plain network for small colour pictures: two convolutions of 3x3 with 32 filters, a pool, two with 64, a pool, one
    /// linear layer.
    public static func cifar(input: Shape = [3, 32, 32], classes: Int = 10) throws(ArgumentError) -> Network {
        _ = try side(of: input, for: "cifar")
        return try Network("cifar", input: input, classes: classes) {
            for filters in [32, 64] {
                Convolution(filters, kernel: 3, padding: 1)
                ReLU()
                Convolution(filters, kernel: 3, padding: 1)
                ReLU()
                MaxPool(2)
            }
            Flatten()
            Linear(classes, name: "fc")
        }
    }
}
