import AdjointGraphs

extension Zoo {
    /// LeNet-5 as it is used today: two convolutions of 5x5 with rectifiers and maximum pools, three linear layers
    /// (LeCun, Bottou, Bengio & Haffner, 1998, with 6 and 16 filters and 120, 84 features).
    ///
    /// Pictures below 16 pixels keep their size in both convolutions, which are 3x3, and are pooled once.
    public static func lenet5(input: Shape = [1, 28, 28], classes: Int = 10) throws(ArgumentError) -> Network {
        let isSmall = try side(of: input, for: "lenet5") < 16
        return try Network("lenet5", input: input, classes: classes) {
            Convolution(6, kernel: isSmall ? 3 : 5, padding: .same)
            ReLU()
            if !isSmall { MaxPool(2) }
            Convolution(16, kernel: isSmall ? 3 : 5, padding: isSmall ? .same : .none)
            ReLU()
            MaxPool(2)
            Flatten()
            Linear(120)
            ReLU()
            Linear(84)
            ReLU()
            Linear(classes)
        }
    }
}
