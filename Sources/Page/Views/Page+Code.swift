import AdjointExplanations
import AdjointGraphs

/// The layer and its gradients as programs for other systems, with the numbers on the page.
extension Page {
    /// The sum over the windows, written out: every product is met once, and goes three ways.
    var numPy: String {
        let layer = layer.settings
        let lines = ["import numpy as np", ""] + tensors { "np.array(\($0)).reshape(\($1))" } + numPyStart + loop
        let names = layer.isPool ? ["dV"] : layer.hasBias ? ["dV", "dW", "dB"] : ["dV", "dW"]
        return joined(lines + (["G"] + names).map { "print(\"\($0) =\", \($0))" }, by: "\n") + "\n"
    }

    /// By another system's automatic differentiation.
    var pyTorch: String {
        let layer = layer.settings
        let inputs = layer.isPool ? ["V"] : layer.hasBias ? ["V", "W", "B"] : ["V", "W"]
        let given = tensors { "torch.tensor(\($0)).reshape(\($1))" }.map { line in
            line.hasPrefix("dG") ? line : line + ".requires_grad_()"
        }
        let lines =
            ["import torch", "import torch.nn.functional as F", "", "torch.set_default_dtype(torch.float64)"] + given
            + ["G = " + torchCall, "G.backward(dG)", "print(\"G =\", G.detach())"]
        return joined(lines + inputs.map { "print(\"d\($0) =\", \($0).grad)" }, by: "\n") + "\n"
    }

    /// `V = …` of all that is given.
    private func tensors(_ write: (String, String) -> String) -> [String] {
        [Tensors.v, .w, .b, .dg].compactMap { tensor in
            guard let numbers = layer.numbers[tensor], let shape = layer.shapes[tensor] else { return nil }
            let list = "[" + joined(numbers.map { decimals($0) }, by: ", ") + "]"
            return tensor.name + " = " + write(list, joined(shape.sizes.map { "\($0)" }, by: ", "))
        }
    }

    /// With a point, so that no list is one of whole numbers.
    private func decimals(_ number: Double) -> String {
        let text = shortest(number)
        return text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) } ? text + "." : text
    }

    // MARK: NumPy

    private var numPyStart: [String] {
        var lines = ["G = np.zeros(dG.shape)", "dV = np.zeros(V.shape)"]
        if layer.shapes[.w] != nil { lines.append("dW = np.zeros(W.shape)") }
        if layer.shapes[.b] != nil { lines += ["G += B.reshape(1, -1, 1, 1)", "dB = dG.sum((0, 2, 3))"] }
        return lines
    }

    private var loop: [String] {
        let layer = layer.settings
        let isTransposed = layer.kind == .transposed
        // The windows stand on what is small: the output, or the input of a transposed convolution.
        let steps = isTransposed ? layer.input : layer.outputSize
        let inside = isTransposed ? layer.outputSize : layer.input
        func place(_ axis: Int, _ step: String, _ tap: String) -> String {
            "\(step) * \(layer.stride[axis]) + \(tap) * \(layer.dilation[axis]) - \(layer.padding[axis])"
        }
        let places = "y, x = \(place(0, "i", "a")), \(place(1, "j", "b"))"
        let isInside = "0 <= y < \(inside[0]) and 0 <= x < \(inside[1])"
        if layer.isPool { return poolLoop(places, isInside) }
        let groups = layer.groups
        let (channels, filters) = (layer.channels / groups, layer.filters / groups)
        let ranges = [layer.batch, groups, filters, channels] + steps + layer.kernel
        let (v, g) = isTransposed ? ("n, c, i, j", "n, f, y, x") : ("n, c, y, x", "n, f, i, j")
        let w = isTransposed ? "c, f - g * \(filters), a, b" : "f, c - g * \(channels), a, b"
        return [
            "for n, g, f, c, i, j, a, b in np.ndindex(\(joined(ranges.map { "\($0)" }, by: ", "))):",
            "    f, c = f + g * \(filters), c + g * \(channels)", "    " + places, "    if \(isInside):",
            "        G[\(g)] += V[\(v)] * W[\(w)]", "        dV[\(v)] += dG[\(g)] * W[\(w)]",
            "        dW[\(w)] += dG[\(g)] * V[\(v)]",
        ]
    }

    private func poolLoop(_ places: String, _ isInside: String) -> [String] {
        let layer = layer.settings
        let (rows, columns) = (layer.outputSize[0], layer.outputSize[1])
        let (high, wide) = (layer.kernel[0], layer.kernel[1])
        let start = [
            "for n, c, i, j in np.ndindex(\(layer.batch), \(layer.channels), \(rows), \(columns)):", "    window = []",
            "    for a, b in np.ndindex(\(high), \(wide)):", "        " + places, "        if \(isInside):",
            "            window.append((n, c, y, x))",
        ]
        if layer.kind == .max {
            return start + [
                "    largest = max(window, key=lambda place: V[place])", "    G[n, c, i, j] = V[largest]",
                "    dV[largest] += dG[n, c, i, j]",
            ]
        }
        return start + [
            "    for place in window:", "        G[n, c, i, j] += V[place] / \(high * wide)",
            "        dV[place] += dG[n, c, i, j] / \(high * wide)",
        ]
    }

    // MARK: PyTorch

    private var torchCall: String {
        let layer = layer.settings
        func pair(_ numbers: [Int]) -> String { "(\(numbers[0]), \(numbers[1]))" }
        let (top, left, bottom, right) = (layer.padding[0], layer.padding[1], layer.padding[2], layer.padding[3])
        func padded(_ value: String = "") -> String {
            layer.padding == [0, 0, 0, 0] ? "V" : "F.pad(V, (\(left), \(right), \(top), \(bottom))\(value))"
        }
        let (stride, dilation) = (pair(layer.stride), pair(layer.dilation))
        let others = "stride=\(stride), dilation=\(dilation), groups=\(layer.groups)"
        let bias = layer.hasBias ? "B" : "None"
        switch layer.kind {
        case .convolution: return "F.conv2d(\(padded()), W, \(bias), \(others))"
        case .transposed:
            let (rows, columns) = (layer.outputSize[0], layer.outputSize[1])
            let crop = layer.padding == [0, 0, 0, 0] ? "" : "[:, :, \(top):\(top + rows), \(left):\(left + columns)]"
            return "F.conv_transpose2d(V, W, \(bias), output_padding=\(pair(layer.outputPadding)), \(others))" + crop
        case .max:
            let given = "\(padded(", value=-torch.inf")), \(pair(layer.kernel))"
            return "F.max_pool2d(\(given), stride=\(stride), dilation=\(dilation))"
        case .average: return "F.avg_pool2d(\(padded()), \(pair(layer.kernel)), stride=\(stride))"
        }
    }
}
