import AdjointExplanations
import AdjointGraphs

/// The layer and its gradients as programs for other systems, with the numbers on the page.
extension Page {
    /// The sum over the windows, written out: every product is formed once, for the output and both gradients.
    var numPy: String {
        let layer = layer.settings
        let lines = ["import numpy as np", ""] + tensors { "np.array(\($0)).reshape(\($1))" } + numPyStart + loop
        let names = layer.isPool ? ["dV"] : layer.hasBias ? ["dV", "dW", "dB"] : ["dV", "dW"]
        return joined(lines + (["G"] + names).map { "print(\"\($0) =\", \($0))" }, by: "\n") + "\n"
    }

    /// The same by PyTorch's automatic differentiation.
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

    /// `V = …` for all tensors that are given.
    private func tensors(_ write: (String, String) -> String) -> [String] {
        [Tensors.v, .w, .b, .dg].compactMap { tensor in
            guard let numbers = layer.numbers[tensor], let shape = layer.shapes[tensor] else { return nil }
            let list = "[" + joined(numbers.map { decimals($0) }, by: ", ") + "]"
            return tensor.name + " = " + write(list, joined(shape.sizes.map { "\($0)" }, by: ", "))
        }
    }

    /// A number with a point, so that no list consists of whole numbers.
    private func decimals(_ number: Double) -> String {
        let text = shortest(number)
        return text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) } ? text + "." : text
    }

    // MARK: NumPy

    private var numPyStart: [String] {
        var lines = ["G = np.zeros(dG.shape)", "dV = np.zeros(V.shape)"]
        if layer.shapes[.w] != nil { lines.append("dW = np.zeros(W.shape)") }
        if layer.shapes[.b] != nil {
            lines += [
                "G += B.reshape(1, -1\(each(axes) { _ in ", 1" }))", "dB = dG.sum((0\(each(axes) { ", \($0 + 2)" })))",
            ]
        }
        return lines
    }

    private var axes: Range<Int> { 0..<layer.settings.rank }
    /// The letters of a window, a tap, and the place where they meet, along the axes.
    private var steps: [String] { ["h", "i", "j"].suffix(axes.count) }
    private var taps: [String] { ["e", "a", "b"].suffix(axes.count) }
    private var places: [String] { ["z", "y", "x"].suffix(axes.count) }

    private var loop: [String] {
        let layer = layer.settings
        let isTransposed = layer.kind == .transposed
        // The windows are on the smaller plane: the output, or the input of a transposed convolution.
        let counts = isTransposed ? layer.input : layer.outputSize
        let inside = isTransposed ? layer.outputSize : layer.input
        func place(_ axis: Int, _ step: String, _ tap: String) -> String {
            "\(step) * \(layer.stride[axis]) + \(tap) * \(layer.dilation[axis]) - \(layer.padding[axis])"
        }
        let meeting =
            joined(places, by: ", ") + " = " + joined(axes.map { place($0, steps[$0], taps[$0]) }, by: ", ")
        let isInside = joined(axes.map { "0 <= \(places[$0]) < \(inside[$0])" }, by: " and ")
        if layer.isPool { return poolLoop(meeting, isInside) }
        let groups = layer.groups
        let (channels, filters) = (layer.channels / groups, layer.filters / groups)
        let ranges = [layer.batch, groups, filters, channels] + counts + layer.kernel
        let (small, large, tap) = (joined(steps), joined(places), joined(taps))
        let (v, g) = isTransposed ? ("n, c, \(small)", "n, f, \(large)") : ("n, c, \(large)", "n, f, \(small)")
        let w = isTransposed ? "c, f - g * \(filters), \(tap)" : "f, c - g * \(channels), \(tap)"
        return [
            "for n, g, f, c, \(small), \(tap) in np.ndindex(\(joined(ranges.map { "\($0)" }, by: ", "))):",
            "    f, c = f + g * \(filters), c + g * \(channels)", "    " + meeting, "    if \(isInside):",
            "        G[\(g)] += V[\(v)] * W[\(w)]", "        dV[\(v)] += dG[\(g)] * W[\(w)]",
            "        dW[\(w)] += dG[\(g)] * V[\(v)]",
        ]
    }

    private func poolLoop(_ meeting: String, _ isInside: String) -> [String] {
        let layer = layer.settings
        func numbers(_ numbers: [Int]) -> String { joined(numbers.map { "\($0)" }) }
        // A tuple of one letter needs a comma.
        let comma = axes.count == 1 ? "," : ""
        let start = [
            "for n, c, \(joined(steps)) in np.ndindex(\(numbers([layer.batch, layer.channels] + layer.outputSize))):",
            "    window = []", "    for \(joined(taps))\(comma) in np.ndindex(\(numbers(layer.kernel))):",
            "        " + meeting, "        if \(isInside):", "            window.append((n, c, \(joined(places))))",
        ]
        let (output, count) = ("n, c, " + joined(steps), layer.kernel.reduce(1, *))
        if layer.kind == .max {
            return start + [
                "    largest = max(window, key=lambda place: V[place])", "    G[\(output)] = V[largest]",
                "    dV[largest] += dG[\(output)]",
            ]
        }
        return start + [
            "    for place in window:", "        G[\(output)] += V[place] / \(count)",
            "        dV[place] += dG[\(output)] / \(count)",
        ]
    }

    // MARK: PyTorch

    private var torchCall: String {
        let layer = layer.settings
        let (rank, isPadded) = (layer.rank, layer.padding.contains { $0 != 0 })
        func pair(_ numbers: [Int]) -> String { "(" + joined(numbers.map { "\($0)" }) + (rank == 1 ? ",)" : ")") }
        func padded(_ value: String = "") -> String {
            // The last axis comes first in PyTorch.
            let sides = axes.reversed().map { "\(layer.padding[$0]), \(layer.padding[$0 + rank])" }
            return isPadded ? "F.pad(V, (\(joined(sides)))\(value))" : "V"
        }
        let (stride, dilation) = (pair(layer.stride), pair(layer.dilation))
        let others = "stride=\(stride), dilation=\(dilation), groups=\(layer.groups)"
        let bias = layer.hasBias ? "B" : "None"
        switch layer.kind {
        case .convolution: return "F.conv\(rank)d(\(padded()), W, \(bias), \(others))"
        case .transposed:
            let ranges = axes.map { "\(layer.padding[$0]):\(layer.padding[$0] + layer.outputSize[$0])" }
            let crop = isPadded ? "[:, :, \(joined(ranges))]" : ""
            return "F.conv_transpose\(rank)d(V, W, \(bias), output_padding=\(pair(layer.outputPadding)), \(others))"
                + crop
        case .max:
            let given = "\(padded(", value=-torch.inf")), \(pair(layer.kernel))"
            return "F.max_pool\(rank)d(\(given), stride=\(stride), dilation=\(dilation))"
        case .average: return "F.avg_pool\(rank)d(\(padded()), \(pair(layer.kernel)), stride=\(stride))"
        }
    }
}
