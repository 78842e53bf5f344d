import AdjointGraphs

extension Zoo {
    /// ResNet-18 (He, Zhang, Ren & Sun, 2016), with the parameter names of torchvision. Small pictures have a first
    /// convolution of 3x3 and no pool, as is usual for CIFAR.
    ///
    /// - Parameter width: the filters of the first stage; each further stage has twice as many.
    public static func resnet18(
        input: Shape = [3, 32, 32], classes: Int = 10, width: Int = 64
    ) throws(ArgumentError) -> Network {
        let isLarge = try isLarge(input, for: "resnet18")
        return try Network("resnet18", input: input, classes: classes) {
            Convolution(
                width, kernel: isLarge ? 7 : 3, stride: isLarge ? 2 : 1, padding: isLarge ? 3 : 1, bias: false)
            BatchNorm()
            ReLU()
            if isLarge { MaxPool(3, stride: 2, padding: 1) }
            for stage in 0..<4 {
                for block in 0..<2 {
                    Named("layer\(stage + 1).\(block)") { basicBlock(width << stage, strides: stage > 0 && block == 0) }
                }
            }
            GlobalAveragePool()
            Flatten()
            Linear(classes, name: "fc")
        }
    }

    /// Two convolutions beside a shortcut, which is a convolution of 1x1 where the shape changes.
    @LayersBuilder
    private static func basicBlock(_ filters: Int, strides: Bool) -> [ErasedLayer] {
        let stride: PerAxis = strides ? 2 : 1
        Residual {
            Convolution(filters, kernel: 3, stride: stride, padding: 1, bias: false)
            BatchNorm()
            ReLU()
            Convolution(filters, kernel: 3, padding: 1, bias: false)
            BatchNorm()
        } shortcut: {
            if strides {
                Named("downsample") {
                    Convolution(filters, kernel: 1, stride: stride, bias: false, name: "0")
                    BatchNorm(name: "1")
                }
            }
        }
        ReLU()
    }
}
