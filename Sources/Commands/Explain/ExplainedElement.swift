import AdjointGraphs
import AdjointModels

/// The gradient of a network that is asked for: that of a parameter or an input, in one element or in the largest.
struct ExplainedElement {
    /// The name of an input of the network's graphs.
    let parameter: String
    let shape: Shape
    /// The index of the element; nil for the largest.
    let element: [Int]?

    private static let parameterOption = Option(
        "--parameter", "NAME", "of a MODEL: conv1.weight, or conv1.weight[3,0,1,1]; no classifier: or an input",
        .text("a parameter's name"))
    private static let bias = Option(
        "--bias", "NAME[K]", "of a MODEL: a layer's bias, conv1[3]", .text("a layer's name, as conv1[3]"))
    private static let pixel = Option(
        "--input-pixel", "C,I,J", "of a MODEL: channel, row and column of the picture",
        Reading(expected: "whole numbers from 0 on, as 0,3,4") { indices($0) })
    private static let select = Option(
        "--select", "I,J,…", "an element of the parameter", .text("an index, as 3,0,1,1"))

    static let options: [any Parameter] = [parameterOption, bias, pixel]

    /// - Parameter takesInputs: whether its inputs are given by their names, not as pictures.
    init(_ arguments: Arguments, in network: Network, takesInputs: Bool = false) throws(CommandFailure) {
        if let pixel = arguments[Self.pixel] {
            try arguments.refuse([Self.parameterOption, Self.bias, Self.select], expected: "no --input-pixel")
            guard !takesInputs else {
                throw arguments.failure("--input-pixel: expected --parameter, with the name of an input")
            }
            shape = Shape([1] + network.input.sizes)
            parameter = InputName.images
            guard isInside(pixel, network.input) else {
                throw arguments.failure(
                    "--input-pixel: expected an index inside \(network.input), given \"\(text(pixel))\"")
            }
            element = [0] + pixel
            return
        }
        if arguments[Self.bias] != nil { try arguments.refuse([Self.parameterOption], expected: "no --bias") }
        let option = arguments[Self.bias] == nil ? Self.parameterOption : Self.bias
        let inputs = takesInputs ? network.inputs.filter { $0.type.isFloatingPoint } : []
        let names = network.trained + inputs.map { $0.name }
        guard let given = arguments[option] else {
            throw arguments.failure("--parameter: expected one of \(joined(names)), given nothing")
        }
        // An index may stand behind the name.
        let parts = given.split(separator: "[", maxSplits: 1, omittingEmptySubsequences: false)
        var name = String(parts[0])
        if arguments[Self.bias] != nil, !name.hasSuffix(".bias") { name += ".bias" }
        let known = network.parameters.first { $0.name == name }?.shape ?? inputs.first { $0.name == name }?.shape
        guard names.contains(name), let known else {
            let all = names.filter { arguments[Self.bias] == nil || $0.hasSuffix(".bias") }
            throw arguments.failure("\(option.name): expected one of \(joined(all)), given \"\(given)\"")
        }
        parameter = name
        shape = known
        if parts.count > 1 { try arguments.refuse([Self.select], expected: "no index behind the name") }
        let selected = parts.count > 1 ? "[" + parts[1] : arguments[Self.select]
        guard let selected else {
            element = nil
            return
        }
        guard let index = Self.indices(selected), isInside(index, known) else {
            throw arguments.failure(
                "\(parts.count > 1 ? option.name : Self.select.name): expected an index inside \(name) \(known), "
                    + "given \"\(selected)\"")
        }
        element = index
    }

    /// `3,0,1,1` or `[3,0,1,1]`.
    private static func indices(_ text: String) -> [Int]? {
        var inner = text[...]
        if inner.hasPrefix("["), inner.hasSuffix("]") { inner = inner.dropFirst().dropLast() }
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }.filter { $0 >= 0 }
        return numbers.count == parts.count ? numbers : nil
    }
}

private func isInside(_ index: [Int], _ shape: Shape) -> Bool {
    index.count == shape.rank && zip(index, shape.sizes).allSatisfy { $0 < $1 }
}

private func text(_ index: [Int]) -> String { index.map { "\($0)" }.joined(separator: ",") }
