import AdjointGraphs

extension Zoo {
    /// MobileNetV2 (Sandler, Howard, Zhu, Zhmoginov & Chen, 2018), with the parameter names of torchvision. For small
    /// pictures the first convolution and the second stage do not stride, as is usual for CIFAR.
    public static func mobilenetV2(input: Shape = [3, 32, 32], classes: Int = 10) throws(ArgumentError) -> Network {
        let isLarge = try isLarge(input, for: "mobilenetv2")
        /// Expansion, channels, blocks, and the first block's stride.
        let stages = [
            (1, 16, 1, 1), (6, 24, 2, isLarge ? 2 : 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
            (6, 320, 1, 1),
        ]
        var blocks: [InvertedResidual] = []
        var channels = 32
        for (expansion, filters, count, stride) in stages {
            for block in 0..<count {
                blocks.append(
                    InvertedResidual(
                        number: blocks.count + 1, channels: channels, expansion: expansion, filters: filters,
                        stride: block == 0 ? stride : 1))
                channels = filters
            }
        }
        return try Network("mobilenetv2", input: input, classes: classes) {
            Named("features") {
                Named("0") {
                    normalized(Convolution(32, kernel: 3, stride: isLarge ? 2 : 1, padding: 1, bias: false, name: "0"))
                }
                for block in blocks { block }
                Named("18") { normalized(Convolution(1280, kernel: 1, bias: false, name: "0")) }
            }
            GlobalAveragePool()
            Flatten()
            Linear(classes, name: "classifier.1")
        }
    }

    /// A convolution named `0`, batch normalization named `1`, and the rectifier that saturates at 6.
    @LayersBuilder
    fileprivate static func normalized<Filter: Layer>(_ filter: Filter) -> [ErasedLayer] {
        filter
        BatchNorm(name: "1")
        ReLU6()
    }
}

/// Expands the channels, filters each alone, and projects; added to its input where the shape allows.
private struct InvertedResidual: Layer {
    let number, channels, expansion, filters, stride: Int

    func append(to network: NetworkBuilder, after input: String) -> String {
        let wide = channels * expansion
        let first = expansion == 1 ? 0 : 1
        let body = Named("\(number).conv") {
            if expansion != 1 {
                Named("0") { Zoo.normalized(Convolution(wide, kernel: 1, bias: false, name: "0")) }
            }
            Named("\(first)") {
                Zoo.normalized(
                    DepthwiseConvolution(kernel: 3, stride: PerAxis(stride), padding: 1, bias: false, name: "0"))
            }
            Convolution(filters, kernel: 1, bias: false, name: "\(first + 1)")
            BatchNorm(name: "\(first + 2)")
        }
        return stride == 1 && channels == filters
            ? Residual { body }.append(to: network, after: input) : body.append(to: network, after: input)
    }
}
