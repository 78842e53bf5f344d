extension Graph: CustomStringConvertible {
    /// One line for each node: its number, its primitive and operands, and its signature; then the outputs.
    public var description: String {
        var lines: [String] = []
        let width = "\(max(0, nodes.count - 1))".count
        func name(_ index: Int) -> String {
            if case .input(let name) = nodes[index].primitive { return name }
            return "%\(index)"
        }
        for (index, node) in nodes.enumerated() {
            let number = "%\(index)"
            let left = number + String(repeating: " ", count: width + 1 - number.count)
            let operands = joined(node.operands.map { name($0) })
            lines.append("\(left) = \(node.primitive.text(operands))  : \(node.signature)")
        }
        for output in outputs { lines.append("\(output.name) -> \(name(output.node))") }
        return joined(lines, by: "\n")
    }
}

extension Primitive {
    /// The primitive applied to operands that are given as text.
    package func text(_ operands: String) -> String {
        switch self {
        case .input(let name): "input \(name)"
        case .constant(let tensor): tensor.count <= 16 ? "constant \(tensor.elementsText)" : "constant"
        case .random(_, let stream): "random(\(operands)) stream \(stream)"
        case .convert(let type): "convert(\(operands)) to \(type.rawValue)"
        case .stop: "stop(\(operands))"
        case .pointwise(let operation): "\(operation.rawValue)(\(operands))"
        case .reduction(.sum(let axes)): "sum(\(operands)) over axes \(list(axes))"
        case .movement(let movement): "\(movement.name)(\(operands))\(movement.attributes)"
        case .contraction(let contraction): "contraction(\(operands)) \(contraction.notation)"
        case .convolution(let convolution): "convolution(\(operands)) \(convolution.attributes)"
        case .pooling(let pooling): "\(pooling.name)(\(operands))\(pooling.attributes)"
        }
    }
}

extension Tensor {
    fileprivate var elementsText: String {
        let numbers = joined(doubles.map { shortest($0) })
        return shape.rank == 0 ? numbers : "{\(numbers)}"
    }
}

extension Movement {
    fileprivate var attributes: String {
        switch self {
        case .reshape: ""
        case .permute(let axes), .reverse(let axes): " axes \(list(axes))"
        case .broadcast(let axes, _): " along axes \(list(axes))"
        case .pad(let low, let high, let interior):
            " before \(list(low)) after \(list(high))"
                + (interior.allSatisfy { $0 == 0 } ? "" : " between \(list(interior))")
        case .slice(let start, let limit, let stride):
            " from \(list(start)) to \(list(limit))"
                + (stride.allSatisfy { $0 == 1 } ? "" : " by \(list(stride))")
        case .concatenate(let axis): " along axis \(axis)"
        }
    }
}

extension Window: CustomStringConvertible {
    /// Stride, dilation, padding and input spacing, where they are not 1, 1, 0 and 1.
    public var description: String {
        var parts: [String] = []
        func add(_ label: String, _ number: (Axis) -> Int, usual: Int) {
            let numbers = axes.map(number)
            if numbers.contains(where: { $0 != usual }) { parts.append("\(label) \(list(numbers))") }
        }
        add("stride", { $0.stride }, usual: 1)
        add("dilation", { $0.dilation }, usual: 1)
        add("padding", { $0.padding }, usual: 0)
        add("input spacing", { $0.inputSpacing }, usual: 1)
        return joined(parts, by: ", ")
    }
}

extension Primitive.Convolution {
    fileprivate var attributes: String {
        var text = "role: \(role.rawValue)"
        let window = window.description
        if !window.isEmpty { text += ", " + window }
        if groups != 1 { text += ", groups \(groups)" }
        return text
    }
}

extension Pooling {
    fileprivate var attributes: String {
        switch self {
        case .windowSum(let window, let taps, let role, _): windowText(" role: \(role.rawValue), ", taps, window)
        case .choice(let window, let taps, _): windowText(" ", taps, window)
        case .gather, .scatter: ""
        }
    }

    private func windowText(_ start: String, _ taps: [Int], _ window: Window) -> String {
        let text = window.description
        return start + "taps \(list(taps))" + (text.isEmpty ? "" : ", " + text)
    }
}
