import AdjointGraphs

/// The networks that can be named.
public enum Zoo {
    public static let names = ["lenet5", "cifar", "resnet18", "mobilenetv2"]

    /// A network of the zoo for pictures of a shape.
    ///
    /// - Parameters:
    ///   - input: [channels, height, width]
    /// - Throws: an error that names the networks where there is none of the name, and the layer where the picture is too
    ///   small for it.
    public static func named(_ name: String, input: Shape, classes: Int) throws(ArgumentError) -> Network {
        switch name {
        case "lenet5": return try lenet5(input: input, classes: classes)
        case "cifar": return try cifar(input: input, classes: classes)
        case "resnet18": return try resnet18(input: input, classes: classes)
        case "mobilenetv2": return try mobilenetV2(input: input, classes: classes)
        default: throw ArgumentError("model", "name", expected: joined(names, by: ", "), given: "\"\(name)\"")
        }
    }

    /// The shorter side of pictures.
    static func side(of input: Shape, for name: String) throws(ArgumentError) -> Int {
        guard input.rank == 3, input.sizes.allSatisfy({ $0 >= 1 }) else {
            throw ArgumentError(name, "input", expected: "[channels, height, width]", given: "\(input)")
        }
        return min(input[1], input[2])
    }

    /// Whether pictures are those of ImageNet rather than of CIFAR, so that the first layers stride.
    static func isLarge(_ input: Shape, for name: String) throws(ArgumentError) -> Bool {
        try side(of: input, for: name) >= 96
    }
}
