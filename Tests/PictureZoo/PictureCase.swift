import AdjointExplanations
import AdjointGraphs

/// A layer whose pictures are measured, and the numbers in them.
struct PictureCase: Hashable {
    enum Kind: String { case conv, transposed, max, average }

    enum Numbers: String, CaseIterable {
        /// No numbers, only symbols.
        case symbols
        case counting
        /// Whole numbers from −3 to 3.
        case small
        /// Numbers that are negative, with many digits, or with many zeros.
        case long

        static let longest = [
            -12345.678, 1e-12, 0.1, -2.0 / 3, 123_456_789, -0.00123456, 9876.54321, -1, 1e9, -7e-5,
        ]
    }

    var kind = Kind.conv
    var input: [Int]
    var kernel: [Int]
    var stride: [Int]
    var dilation: [Int]
    var before: [Int]
    var after: [Int]
    var outputPadding: [Int]
    var batch = 1
    var channels = 1
    var filters = 1
    var groups = 1
    var hasBias = false
    var numbers: Numbers

    init(_ input: [Int], _ kernel: [Int], _ numbers: Numbers = .symbols, _ kind: Kind = .conv) {
        (self.kind, self.input, self.kernel, self.numbers) = (kind, input, kernel, numbers)
        let (ones, zeros) = (input.map { _ in 1 }, input.map { _ in 0 })
        stride = kind == .max || kind == .average ? kernel : ones
        (dilation, before, after, outputPadding) = (ones, zeros, zeros, zeros)
    }

    var isPool: Bool { kind == .max || kind == .average }

    var layer: LayerGeometry {
        var layer = LayerGeometry(input: input, kernel: kernel)
        (layer.batch, layer.channels, layer.stride) = (batch, channels, PerAxis(stride))
        // An average pool takes no dilation at all.
        if kind != .average { layer.dilation = PerAxis(dilation) }
        layer.padding = .sides(before: before, after: after)
        guard !isPool else {
            layer.pool = kind == .max ? .max : .average
            return layer
        }
        (layer.filters, layer.groups, layer.hasBias) = (filters, groups, hasBias)
        if kind == .transposed { (layer.isTransposed, layer.outputPadding) = (true, PerAxis(outputPadding)) }
        return layer
    }

    /// The name in the list of known faults: `conv 5x4 by 3x2 s2x1 p1,0,2,1 c2 k3 long`.
    var name: String {
        var words = [kind.rawValue, sizes(input), "by", sizes(kernel)]
        func add(_ letter: String, _ numbers: [Int], usual: [Int], between: String = "x") {
            guard numbers != usual else { return }
            words.append(letter + (Set(numbers).count == 1 ? "\(numbers[0])" : sizes(numbers, between)))
        }
        let (ones, zeros) = (input.map { _ in 1 }, input.map { _ in 0 })
        add("s", stride, usual: isPool ? kernel : ones)
        add("d", dilation, usual: ones)
        add("p", before + after, usual: zeros + zeros, between: ",")
        add("o", outputPadding, usual: zeros)
        add("n", [batch], usual: [1])
        add("c", [channels], usual: [1])
        add("k", [filters], usual: [1])
        add("g", [groups], usual: [1])
        return (words + (hasBias ? ["bias"] : []) + [numbers.rawValue]).joined(separator: " ")
    }

    /// The state of the page that shows this layer; nil where the page has none.
    var link: String? {
        guard input.count == 2, (before + after).allSatisfy({ $0 >= 0 }) else { return nil }
        var parts = ["input=" + sizes(input), "kernel=" + sizes(kernel), "stride=" + sizes(stride)]
        switch kind {
        case .conv: break
        case .transposed: parts = ["kind=transposed"] + parts + ["output-padding=" + sizes(outputPadding)]
        case .max, .average: parts.insert("kind=" + kind.rawValue, at: 0)
        }
        if kind != .average { parts.append("dilation=" + sizes(dilation)) }
        parts += ["padding=" + sizes(before + after, ","), "batch=\(batch)", "channels=\(channels)"]
        if !isPool { parts += ["filters=\(filters)", "groups=\(groups)", "bias=\(hasBias ? 1 : 0)"] }
        switch numbers {
        case .symbols: break
        case .counting: parts += ["V=counting", "W=counting"]
        case .small: parts += ["V=random.3", "E=random.4"]
        case .long: parts += ["V", "W", "E"].map { $0 + "=" + (0..<6).map { _ in long }.joined(separator: ",") }
        }
        return parts.joined(separator: "&")
    }

    private var long: String { Numbers.longest.map { "\($0)" }.joined(separator: ",") }

    private func sizes(_ numbers: [Int], _ between: String = "x") -> String {
        numbers.map { "\($0)" }.joined(separator: between)
    }

    /// Numbers for all tensors of the layer, by their names in explanations.
    func tensors() throws -> [String: Tensor] {
        // A maximum needs numbers to choose by.
        guard numbers != .symbols || kind == .max else { return [:] }
        let shapes = try layer.shapes()
        var tensors: [String: Tensor] = [:]
        for (seed, name) in ["V", "W", "B", "∂G"].enumerated() {
            guard let shape = shapes[name == "∂G" ? "G" : name] else { continue }
            tensors[name] = try Tensor(
                shape,
                (0..<shape.count).map { place -> Double in
                    switch numbers {
                    case .symbols, .counting: Double(place + 1)
                    case .small: Double((place * 5 + seed * 3) % 7 - 3)
                    case .long: Numbers.longest[(place * 3 + seed) % Numbers.longest.count]
                    }
                })
        }
        return tensors
    }
}
