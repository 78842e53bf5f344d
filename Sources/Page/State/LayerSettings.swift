import AdjointExplanations
import AdjointGraphs

/// The layer on the page, as the reader sets it: one to three spatial axes, whole numbers.
package struct LayerSettings: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable { case convolution, transposed, max, average }

    package enum Activation: String, Hashable, Sendable, CaseIterable { case none, relu, tanh, sigmoid }

    package var kind = Kind.convolution
    package var input = [3, 3]
    package var kernel = [2, 2]
    package var batch = 1
    package var channels = 1
    package var filters = 1
    package var stride = [1, 1]
    /// The padding above, left, below, right: before each axis, then after each.
    package var padding = [0, 0, 0, 0]
    package var dilation = [1, 1]
    package var groups = 1
    package var outputPadding = [0, 0]
    package var hasBias = false
    package var activation = Activation.none

    package init() {}

    /// The number of spatial axes.
    package var rank: Int { input.count }

    package var isPool: Bool { kind == .max || kind == .average }

    package var geometry: LayerGeometry {
        var layer = LayerGeometry(input: input, kernel: kernel)
        (layer.batch, layer.channels) = (batch, channels)
        (layer.stride, layer.padding) = (
            PerAxis(stride), .sides(before: Array(padding.prefix(rank)), after: Array(padding.suffix(rank)))
        )
        layer.dilation = dilation.allSatisfy { $0 == 1 } ? 1 : PerAxis(dilation)
        if isPool {
            layer.pool = kind == .max ? .max : .average
        } else {
            (layer.filters, layer.groups, layer.hasBias) = (filters, groups, hasBias)
            if kind == .transposed { (layer.isTransposed, layer.outputPadding) = (true, PerAxis(outputPadding)) }
        }
        return layer
    }
}

extension LayerSettings {
    /// A number or choice of the layer, by its name in links.
    package enum Field: String, Hashable, Sendable, CaseIterable {
        case kind, axes, input, kernel, channels, filters, batch, stride, padding, dilation, groups
        case outputPadding = "output-padding"
        case bias
        case activation = "then"

        var isOneNumber: Bool { self == .channels || self == .filters || self == .batch || self == .groups }
    }

    /// The fields that have a meaning for a layer of this kind.
    package var fields: [Field] {
        Field.allCases.filter { field in
            switch field {
            case .filters, .groups, .bias: !isPool
            case .outputPadding: kind == .transposed
            case .dilation: kind != .average
            default: true
            }
        }
    }

    package func text(of field: Field) -> String {
        switch field {
        case .kind: kind.rawValue
        case .axes: "\(rank)"
        case .input: sizes(input)
        case .kernel: sizes(kernel)
        case .channels: "\(channels)"
        case .filters: "\(filters)"
        case .batch: "\(batch)"
        case .stride: perAxis(stride)
        case .padding:
            Set(padding).count == 1 ? "\(padding[0])" : joined(padding.map { "\($0)" }, by: ",")
        case .dilation: perAxis(dilation)
        case .groups: "\(groups)"
        case .outputPadding: perAxis(outputPadding)
        case .bias: hasBias ? "1" : "0"
        case .activation: activation.rawValue
        }
    }

    /// - Throws: a sentence that says what the field accepts.
    package mutating func set(_ field: Field, to text: String, _ strings: Strings) throws(PageError) {
        switch field {
        case .kind:
            guard let kind = Kind(rawValue: text) else { throw PageError(strings.notAChoice) }
            self.kind = kind
        case .activation:
            guard let activation = Activation(rawValue: text) else { throw PageError(strings.notAChoice) }
            self.activation = activation
        case .axes: setAxes(try read(text, "x", count: 1, 1...3, strings)[0])
        case .bias: hasBias = text == "1" || text == "true"
        case .input:
            // Two or three sizes also give the number of axes.
            let count = text.split { $0 == "x" || $0 == "×" }.count
            input = try read(text, "x", count: (2...3).contains(count) ? count : rank, 1...512, strings)
            setAxes(input.count)
        case .kernel: kernel = try read(text, "x", count: rank, 1...64, strings)
        case .channels: channels = try read(text, "x", count: 1, 1...1024, strings)[0]
        case .filters: filters = try read(text, "x", count: 1, 1...1024, strings)[0]
        case .batch: batch = try read(text, "x", count: 1, 1...64, strings)[0]
        case .stride: stride = try read(text, "x", count: rank, 1...64, strings)
        case .dilation: dilation = try read(text, "x", count: rank, 1...64, strings)
        case .padding: padding = try read(text, ",", count: 2 * rank, 0...64, strings)
        case .groups: groups = try read(text, "x", count: 1, 1...1024, strings)[0]
        case .outputPadding: outputPadding = try read(text, "x", count: rank, 0...63, strings)
        }
    }

    private func sizes(_ numbers: [Int]) -> String { joined(numbers.map { "\($0)" }, by: "x") }

    private func perAxis(_ numbers: [Int]) -> String { Set(numbers).count == 1 ? "\(numbers[0])" : sizes(numbers) }

    /// Reads one number for each axis, `3x3`, or one number for all.
    private func read(
        _ text: String, _ separator: Character, count: Int, _ range: ClosedRange<Int>, _ strings: Strings
    ) throws(PageError) -> [Int] {
        let plain = replaced(text, "×", by: "x")
        let parts = plain.split(separator: separator, omittingEmptySubsequences: false).map { trimmed(String($0)) }
        let numbers = parts.compactMap { Int($0) }
        let example = joined(
            (1...count).map { "\(rank == 2 ? 1 : ($0 + 1) % 3 + 1)" }, by: separator == "," ? "," : "x")
        let form =
            count == 1
            ? strings.oneNumber
            : rank != 2 ? strings.manyNumbers : count == 2 ? strings.twoNumbers : strings.fourNumbers
        guard numbers.count == parts.count, numbers.count == count || numbers.count == 1 else {
            throw PageError(filled(form, [trimmed(text).isEmpty ? strings.nothing : clipped(text), example]))
        }
        guard numbers.allSatisfy({ range.contains($0) }) else {
            throw PageError(filled(strings.outOfRange, ["\(range.lowerBound)", "\(range.upperBound)", clipped(text)]))
        }
        return numbers.count == count ? numbers : [Int](repeating: numbers[0], count: count)
    }
}

extension LayerSettings {
    /// The reason why the layer does not fit, as a sentence.
    package func problem(_ strings: Strings) -> String? {
        if !isPool, channels % groups != 0 || filters % groups != 0 {
            return filled(strings.groupsDoNotDivide, ["\(groups)", "\(channels)", "\(filters)"])
        }
        let size = outputSize
        if let axis = size.firstIndex(where: { $0 < 1 }) {
            if kind == .transposed { return strings.nothingLeft }
            return filled(
                strings.kernelTooLarge,
                [
                    "\(window(axis).reach(taps: kernel[axis]))", "\(input[axis] + around(axis))",
                    strings.axes(rank)[axis],
                ])
        }
        if isPool, padding.indices.contains(where: { padding[$0] > kernel[$0 % rank] / 2 }) {
            return strings.poolPadding
        }
        let elements = [
            input.reduce(Double(batch * channels)) { $0 * Double($1) },
            size.reduce(Double(batch * (isPool ? channels : filters))) { $0 * Double($1) },
            kernel.reduce(Double(filters * channels)) { $0 * Double($1) },
        ]
        guard elements.allSatisfy({ $0 <= 0x1p22 }), products <= 0x1p28 else {
            return filled(strings.tooLarge, [grouped(Int(min(products, 1e9)))])
        }
        return nil
    }

    /// Whether everything that determines the output's size is equal on all axes.
    var hasEqualAxes: Bool {
        [input, kernel, stride, dilation, outputPadding].allSatisfy { Set($0).count == 1 }
            && (1..<max(2, rank)).allSatisfy { $0 == rank || around($0) == around(0) }
    }

    /// The padding of an axis at both ends together.
    func around(_ axis: Int) -> Int { padding[axis] + padding[axis + rank] }

    private func window(_ axis: Int) -> Window.Axis {
        Window.Axis(stride: stride[axis], dilation: dilation[axis], padding: padding[axis])
    }

    /// The size of G along each axis; below 1 where no window fits.
    package var outputSize: [Int] {
        (0..<rank).map { axis in
            guard kind == .transposed else {
                return window(axis).outputs(inputs: input[axis], taps: kernel[axis], after: padding[axis + rank]) ?? 0
            }
            return window(axis).span(outputs: input[axis], taps: kernel[axis]) + outputPadding[axis] - around(axis)
        }
    }

    /// The positions of the input at the end of each axis that the stride leaves without a window; what it leaves of the padding
    /// behind them does not count.
    package var remainder: [Int] {
        (0..<rank).map { axis in
            let covered = window(axis).span(outputs: outputSize[axis], taps: kernel[axis])
            let left = input[axis] + around(axis) - covered
            return kind == .transposed ? 0 : max(0, left - max(0, padding[axis + rank]))
        }
    }

    /// The number of products in the layer's sums.
    package var products: Double {
        let size = kind == .transposed ? input : outputSize
        let each = (kernel + size).reduce(Double(batch)) { $0 * Double($1) }
        return isPool ? each * Double(channels) : each * Double(channels) * Double(filters) / Double(groups)
    }

    /// Whether the numbers are computed in Double, by definition.
    package var isExact: Bool { products <= 0x1p19 }
}

extension LayerSettings {
    /// Sets fields without a meaning for the kind to their defaults.
    mutating func suit() {
        if isPool { (filters, groups, hasBias, stride) = (channels, 1, false, kernel) }
        if kind == .average { dilation = dilation.map { _ in 1 } }
        if kind != .transposed { outputPadding = outputPadding.map { _ in 0 } }
    }

    /// Removes or inserts axes in front of the others.
    package mutating func setAxes(_ count: Int) {
        func set(_ numbers: [Int]) -> [Int] {
            [Int](repeating: numbers[0], count: max(0, count - numbers.count)) + numbers.suffix(count)
        }
        let halves = (Array(padding.prefix(padding.count / 2)), Array(padding.suffix(padding.count / 2)))
        padding = set(halves.0) + set(halves.1)
        (input, kernel) = (set(input), set(kernel))
        (stride, dilation, outputPadding) = (set(stride), set(dilation), set(outputPadding))
    }
}
