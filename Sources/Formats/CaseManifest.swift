import AdjointGraphs
import AdjointJSON

/// Geometries of single layers, each with a file of inputs, outputs and derivatives: what `verify cases` runs.
package struct CaseManifest: Hashable, Sendable {
    package let cases: [LayerCase]

    /// - Throws: `FormatError` with the path of the member that is wrong, as in `cases[3].stride[0]`.
    package init(parsing bytes: [UInt8]) throws(FormatError) {
        try self.init(try readingJSON { () throws(JSONError) in try JSON(parsing: bytes) })
    }

    init(_ document: JSON) throws(FormatError) {
        cases = try readingJSON { () throws(JSONError) in
            var cases: [LayerCase] = []
            for field in try JSONField(document)["cases"].elements() { cases.append(try LayerCase(field)) }
            return cases
        }
    }
}

/// A layer with the sizes of its input, filter and output, which fit together.
package struct LayerCase: Hashable, Sendable {
    package enum Operation: String, Hashable, Sendable, CaseIterable {
        case convolution = "conv"
        case transposedConvolution = "conv_transpose"
        case maxPool = "max_pool"
        case averagePool = "avg_pool"
    }

    package let name: String
    package let family: String
    /// The path of the file, in the manifest's folder or below it.
    package let file: String
    /// The file's SHA-256, where the manifest has it.
    package let hash: String?
    package let operation: Operation
    /// [N, C, spatial…]
    package let input: Shape
    /// [K, C/groups, kernel…], transposed [C, K/groups, kernel…]; pools have none.
    package let weight: Shape?
    /// [N, K, spatial…]
    package let output: Shape

    // One number for each spatial axis.
    package let kernel: [Int]
    package let stride: [Int]
    package let dilation: [Int]
    package let padsBegin: [Int]
    package let padsEnd: [Int]
    /// Zeros where the operation has no output padding.
    package let outputPadding: [Int]

    package let groups: Int
    package let bias: Bool
    package let ceilMode: Bool
    package let countIncludePad: Bool
    /// Whether every number in the file is a small integer, so that all results are exact.
    package let integers: Bool
    /// Whether the maximum of some window occurs twice in it.
    package let ties: Bool
    /// The number of spatial positions of the input in no window, where the manifest has it.
    package let uncovered: Int?
    /// The tensors in the file.
    package let tensors: [String]

    package var spatialRank: Int { kernel.count }

    init(_ field: JSONField) throws(JSONError) {
        name = try field["name"].string()
        family = try field["family"].present?.string() ?? ""
        file = try fileName(field["file"])
        hash = try field["sha256"].present?.string()
        guard let operation = Operation(rawValue: try field["op"].string()) else {
            let names = joined(Operation.allCases.map { $0.rawValue })
            throw field["op"].failure("one of \(names)")
        }
        self.operation = operation
        let isPool = operation == .maxPool || operation == .averagePool

        let rank = try field["spatial_dims"].integer(in: 1...3)
        input = try shape(field["input"], rank: rank + 2)
        weight = isPool ? nil : try shape(field["weight"], rank: rank + 2)
        output = try shape(field["output"], rank: rank + 2)
        kernel = try field["kernel"].integers(in: 1...largest, count: rank)
        stride = try field["stride"].integers(in: 1...largest, count: rank)
        dilation = try field["dilation"].integers(in: 1...largest, count: rank)
        // Only a convolution's negative padding has a meaning: it crops.
        let leastPad = isPool ? 0 : -largest
        padsBegin = try field["pads_begin"].integers(in: leastPad...largest, count: rank)
        padsEnd = try field["pads_end"].integers(in: leastPad...largest, count: rank)
        outputPadding =
            try field["output_padding"].present?.integers(in: 0...largest, count: rank)
            ?? [Int](repeating: 0, count: rank)
        groups = try field["groups"].present?.integer(in: 1...largest) ?? 1
        bias = try field["bias"].present?.bool() ?? false
        ceilMode = try field["ceil_mode"].present?.bool() ?? false
        countIncludePad = try field["count_include_pad"].present?.bool() ?? true
        integers = try field["integers"].present?.bool() ?? false
        ties = try field["ties"].present?.bool() ?? false
        uncovered = try field["uncovered"].present?.integer(in: 0 ... .max)
        tensors = try field["tensors"].present?.strings() ?? []
        try checkSizes(field)
    }
}

/// The largest size: sizes up to it can be multiplied and added without overflow.
private let largest = 1 << 30

/// A relative path that stays in its folder.
private func fileName(_ field: JSONField) throws(JSONError) -> String {
    let path = try field.string()
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isInside = parts.allSatisfy { $0 != "" && $0 != "." && $0 != ".." } && !path.utf8.contains(0)
    guard isInside else { throw field.failure("a file in the manifest's folder") }
    return path
}

/// Sizes above 0, except for the first: a batch may be empty.
private func shape(_ field: JSONField, rank: Int) throws(JSONError) -> Shape {
    var sizes: [Int] = []
    for (axis, element) in try field.elements(count: rank).enumerated() {
        sizes.append(try element.integer(in: (axis == 0 ? 0 : 1)...largest))
    }
    guard Shape(sizes).checkedCount != nil else { throw field.failure("fewer elements than 2^60") }
    return Shape(sizes)
}

extension LayerCase {
    /// The output's size on a spatial axis:
    ///
    ///     convolution             ⌊(in + pads − dilation·(kernel − 1) − 1) / stride⌋ + 1
    ///     transposed convolution  (in − 1)·stride + dilation·(kernel − 1) + 1 + output padding − pads
    ///     pooling                 as the convolution; in ceil mode rounded up, but no window begins after the input
    func outputSize(_ axis: Int) -> Int {
        let (size, taps) = (input[axis + 2], kernel[axis])
        let along = Window.Axis(stride: stride[axis], dilation: dilation[axis], padding: padsBegin[axis])
        if operation == .transposedConvolution {
            return along.span(outputs: size, taps: taps) + outputPadding[axis] - padsBegin[axis] - padsEnd[axis]
        }
        return along.outputs(inputs: size, taps: taps, after: padsEnd[axis], roundingUp: ceilMode) ?? 0
    }

    private func checkSizes(_ field: JSONField) throws(JSONError) {
        var channels = input[1]
        if let weight {
            let isTransposed = operation == .transposedConvolution
            channels = isTransposed ? weight[1] * groups : weight[0]
            guard input[1] % groups == 0, channels % groups == 0 else {
                throw field["groups"].failure("a divisor of \(input[1]) and \(channels) channels")
            }
            let expected = Shape(
                (isTransposed ? [input[1], channels / groups] : [channels, input[1] / groups]) + kernel)
            guard weight == expected else { throw field["weight"].failure("\(expected)", given: "\(weight)") }
        }
        let expected = Shape([input[0], channels] + (0..<spatialRank).map { outputSize($0) })
        guard output == expected else { throw field["output"].failure("\(expected)", given: "\(output)") }
    }
}
