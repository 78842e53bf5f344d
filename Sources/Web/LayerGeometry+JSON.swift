import AdjointExplanations
import AdjointGraphs
import AdjointJSON

extension LayerGeometry {
    private static let members = [
        "kind", "input", "kernel", "batch", "channels", "filters", "groups", "stride", "dilation", "padding",
        "paddingBefore", "paddingAfter", "outputPadding", "bias", "output",
    ]

    /// Reads a layer as `explain --as json` writes it. Only `input` and `kernel` are needed; `padding` is a number, `same`, or
    /// one number before and then one after each axis, in place of `paddingBefore` and `paddingAfter`.
    init(_ field: JSONField) throws(JSONError) {
        try field.check(LayerGeometry.members)
        let sizes = 1...LayerGeometry.largestSize
        let input = try field["input"].integers(in: sizes)
        guard (1...3).contains(input.count) else { throw field["input"].failure("sizes on 1 to 3 axes") }
        self.init(input: input, kernel: try field["kernel"].integers(in: sizes, count: input.count))
        func number(_ name: String) throws(JSONError) -> Int {
            try field[name].present?.integer(in: sizes) ?? 1
        }
        (batch, channels) = (try number("batch"), try number("channels"))
        let amounts = 0...LayerGeometry.largestSize
        func perAxis(_ name: String, _ range: ClosedRange<Int>) throws(JSONError) -> PerAxis? {
            guard let given = field[name].present else { return nil }
            if given.value?.array == nil { return PerAxis(try given.integer(in: range)) }
            return PerAxis(try given.integers(in: range, count: input.count))
        }
        switch try field["kind"].present?.string() ?? "convolution" {
        case "convolution": break
        case "transposed": isTransposed = true
        case "max": pool = .max
        case "average": pool = .average
        default: throw field["kind"].failure("convolution, transposed, max or average")
        }
        stride = try perAxis("stride", sizes) ?? (pool == nil ? 1 : PerAxis(kernel))
        dilation = try perAxis("dilation", sizes) ?? 1
        if pool == nil {
            (filters, groups) = (try number("filters"), try number("groups"))
            hasBias = try field["bias"].present?.bool() ?? false
        }
        if isTransposed { outputPadding = try perAxis("outputPadding", amounts) ?? 0 }
        try LayerGeometry.refuseWhatMeansNothing(field, self)
        // Negative padding crops.
        let sides = -LayerGeometry.largestSize...LayerGeometry.largestSize
        padding = try LayerGeometry.padding(field, sides, axes: input.count) ?? .none
    }

    /// Refuses members that have no meaning for the layer, except as `explain` writes them (a pool's `bias: false`).
    private static func refuseWhatMeansNothing(_ field: JSONField, _ layer: LayerGeometry) throws(JSONError) {
        let isPool = layer.pool != nil
        func refuse(_ name: String, unless isUsual: Bool, _ expected: String) throws(JSONError) {
            if field[name].present != nil, !isUsual { throw field[name].failure(expected) }
        }
        if isPool {
            try refuse(
                "filters", unless: field["filters"].value?.integer == layer.channels, "as many as channels of a pool")
            try refuse("groups", unless: field["groups"].value?.integer == 1, "1 of a pool")
            try refuse("bias", unless: field["bias"].value?.bool == false, "none of a pool")
        }
        if !layer.isTransposed {
            let given = field["outputPadding"].value
            let isNone = given?.integer == 0 || given?.array?.allSatisfy { $0.integer == 0 } == true
            try refuse("outputPadding", unless: isNone, "0 unless the layer is transposed")
        }
    }

    /// The upper bound of every number of a layer.
    private static let largestSize = (1 << 15) - 1

    private static func padding(
        _ field: JSONField, _ range: ClosedRange<Int>, axes: Int
    ) throws(JSONError) -> Padding? {
        if let before = field["paddingBefore"].present {
            return .sides(
                before: try before.integers(in: range, count: axes),
                after: try field["paddingAfter"].integers(in: range, count: axes))
        }
        guard let given = field["padding"].present else { return nil }
        if given.value?.string == "same" { return .same }
        if given.value?.array == nil { return .uniform(try given.integer(in: range)) }
        let amounts = try given.integers(in: range, count: 2 * axes)
        return .sides(before: Array(amounts.prefix(axes)), after: Array(amounts.suffix(axes)))
    }
}

extension LayerGeometry {
    /// The most numbers of a tensor, and the most products of a layer: megabytes and seconds in a browser.
    private static let (mostNumbers, mostProducts) = (0x1p22, 0x1p27)

    /// Checks the sizes in Double, which cannot overflow, before any graph is made.
    ///
    /// - Parameter steps: how often all products are formed.
    /// - Throws: where the layer is too large.
    func checkSize(steps: Int) throws(ArgumentError) {
        func product(_ sizes: [Double]) -> Double { sizes.reduce(1, *) }
        func numbers(_ value: PerAxis, _ name: String) throws(ArgumentError) -> [Double] {
            try value.numbers(forAxes: input.count, operation: "layer", argument: name, atLeast: 0).map { Double($0) }
        }
        let (stride, dilation) = (try numbers(stride, "stride"), try numbers(dilation, "dilation"))
        let added = try numbers(outputPadding, "outputPadding")
        let taps = kernel.map { Double($0) }
        var (positions, longest) = (input.map { Double($0) }, input.map { Double($0) })
        for axis in input.indices {
            if case .sides(let before, let after) = padding { longest[axis] += Double(before[axis] + after[axis]) }
            if case .uniform(let amount) = padding { longest[axis] += 2 * Double(amount) }
            longest[axis] = max(1, longest[axis])
            if isTransposed {
                longest[axis] = longest[axis] * stride[axis] + added[axis] + dilation[axis] * (taps[axis] - 1)
            } else {
                let reach = dilation[axis] * (taps[axis] - 1) + 1
                positions[axis] = max(1, ((longest[axis] - reach) / stride[axis]).rounded(.down) + 1)
            }
        }
        let outputs = Double(pool == nil ? filters : channels)
        let filter = pool == nil ? Double(channels) * outputs / Double(groups) : outputs
        let most = max(Double(batch) * max(Double(channels), outputs) * product(longest), filter * product(taps))
        let products = Double(batch) * filter * product(positions) * product(taps)
        guard most <= LayerGeometry.mostNumbers, products * Double(steps) <= LayerGeometry.mostProducts else {
            throw ArgumentError(
                "layer", "size", expected: "at most 2^22 numbers in a tensor, and 2^27 products in all steps",
                given: "more")
        }
    }
}
