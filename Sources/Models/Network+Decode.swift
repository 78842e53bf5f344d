import AdjointGraphs
import AdjointJSON

extension Network {
    /// Reads a network from JSON.
    ///
    /// The members are `name`, `shape` (the first number is a batch, and ignored), `classes`, `label_smoothing`, `input`
    /// and `operations`; others are ignored, but for what looks like one of these misspelt. An operation has `op`, `inputs`,
    /// `output` and the members that `encoded()` writes, and no other. Where `filters`, `kernel` or `features` are missing, they follow from the weight's shape.
    ///
    /// - Parameter shapeOf: the shapes of the parameters, where a file with them is at hand.
    /// - Throws: an error that names the operation, the member, what was expected and what was given.
    public init(_ document: JSON, shapeOf: @escaping (String) -> Shape? = { _ in nil }) throws(ArgumentError) {
        let root = JSONField(document)
        let name: String
        let shape: [Int]
        let classes: Int
        var labelSmoothing = 0.0
        var inputName = "x"
        let operations: [JSONField]
        do throws(JSONError) {
            name = try root["name"].present?.string() ?? "network"
            shape = try root["shape"].integers(in: 0...Window.limit - 1)
            classes = try root["classes"].integer(in: 1...Window.limit - 1)
            if let field = root["label_smoothing"].present { labelSmoothing = try field.number() }
            if let field = root["input"].present { inputName = try field.string() }
            operations = try root["operations"].elements()
            let known = ["name", "shape", "classes", "label_smoothing", "input", "operations"]
            for name in document.object?.members.map({ $0.name }) ?? [] where !known.contains(name) {
                if let meant = nearest(name, among: known) {
                    throw root[name].failure("the name \(meant)", given: "\"\(abbreviated(name))\"")
                }
            }
        } catch {
            throw ArgumentError(error, in: "network")
        }
        guard shape.count >= 2 else {
            throw ArgumentError(name, "shape", expected: "a batch and the sizes of one sample", given: list(shape))
        }
        var steps: [Step] = []
        for operation in operations {
            var kind = "operation"
            do throws(JSONError) {
                kind = try operation["op"].string()
                let decoder = OperationDecoder(fields: operation, shapeOf: shapeOf)
                steps.append(
                    Step(
                        try decoder.operation(kind), inputs: try decoder["inputs"].strings(),
                        output: try decoder["output"].string()))
                try decoder.checkNames()
            } catch {
                throw ArgumentError(error, in: kind)
            }
        }
        try self.init(
            name, input: Shape(Array(shape.dropFirst())), classes: classes, labelSmoothing: labelSmoothing,
            inputName: inputName, steps: steps)
    }

    /// Reads a network from the bytes of a JSON text.
    public init(parsing bytes: [UInt8], shapeOf: @escaping (String) -> Shape? = { _ in nil }) throws(ArgumentError) {
        let document: JSON
        do throws(JSONError) { document = try JSON(parsing: bytes) } catch { throw ArgumentError(error, in: "network") }
        try self.init(document, shapeOf: shapeOf)
    }
}

extension ArgumentError {
    fileprivate init(_ error: JSONError, in operation: String) {
        self.init(operation, error.place.description, expected: error.expected, given: error.given)
    }
}

/// Reads one operation, and knows by that which members it may have.
private final class OperationDecoder {
    private let fields: JSONField
    private let shapeOf: (String) -> Shape?
    private var known = ["op"]

    init(fields: JSONField, shapeOf: @escaping (String) -> Shape?) {
        self.fields = fields
        self.shapeOf = shapeOf
    }

    subscript(name: String) -> JSONField {
        known.append(name)
        return fields[name]
    }

    /// - Throws: an error for a member that nobody has asked for, and with it the name that was probably meant.
    func checkNames() throws(JSONError) {
        for name in fields.value?.object?.members.map({ $0.name }) ?? [] where !known.contains(name) {
            let meant = nearest(name, among: known).map { "the name \($0)" } ?? "one of \(joined(known))"
            throw fields[name].failure(meant, given: "\"\(abbreviated(name))\"")
        }
    }

    func operation(_ kind: String) throws(JSONError) -> Network.Operation {
        if let activation = try activation(kind) { return .activation(activation) }
        switch kind {
        case "conv1d": return .convolution(try filtering(axes: 1, isTransposed: false))
        case "conv2d": return .convolution(try filtering(axes: 2, isTransposed: false))
        case "conv3d": return .convolution(try filtering(axes: 3, isTransposed: false))
        case "conv_transpose1d": return try transposed(axes: 1)
        case "conv_transpose2d": return try transposed(axes: 2)
        case "conv_transpose3d": return try transposed(axes: 3)
        case "linear":
            let weight = try self["weight"].string()
            let features = try size("features", shapeOf(weight)?.sizes.first)
            return .linear(weight: weight, bias: try optionalString("bias"), features: features)
        case "batch_norm":
            return .batchNorm(
                name: try self["name"].string(), epsilon: try number("eps", 1e-5),
                momentum: try number("momentum", 0.1))
        case "group_norm":
            return .groupNorm(
                name: try optionalString("name"), groups: try self["groups"].integer(in: sizes),
                epsilon: try number("eps", 1e-5))
        case "layer_norm":
            return .layerNorm(name: try optionalString("name"), epsilon: try number("eps", 1e-5))
        case "instance_norm":
            return .instanceNorm(name: try optionalString("name"), epsilon: try number("eps", 1e-5))
        case "max_pool":
            let pooling = try pooling()
            return .maxPool(pooling, dilation: try numbers("dilation", axes: pooling.kernel.count, usual: 1))
        case "avg_pool":
            return .averagePool(try pooling(), countsPadding: try truth("count_include_pad", true))
        case "global_avg_pool": return .globalAveragePool
        case "global_max_pool": return .globalMaxPool
        case "flatten": return .flatten
        case "add": return .add
        case "multiply", "mul": return .multiply
        case "concat": return .concatenate
        case "dropout": return .dropout(rate: try number("rate", 0.5))
        default:
            throw fields["op"].failure(nearest(kind, among: Network.Operation.names) ?? "a known operation")
        }
    }

    private let sizes = 1...Window.limit - 1

    private func activation(_ kind: String) throws(JSONError) -> Activation? {
        switch kind {
        case "leaky_relu": .leakyReLU(slope: try number("slope", 0.01))
        case "elu": .elu(alpha: try number("alpha", 1))
        default: Activation.plain.first { $0.name == kind }
        }
    }

    /// Weights are [K, C∕groups, kernel…]; of a transposed convolution [C, K∕groups, kernel…].
    private func filtering(axes: Int, isTransposed: Bool) throws(JSONError) -> Network.Filtering {
        let weight = try self["weight"].string()
        let groups = try self["groups"].present?.integer(in: sizes) ?? 1
        let shape = shapeOf(weight).flatMap { $0.rank == axes + 2 ? $0 : nil }
        let kernel: [Int]
        if self["kernel"].present == nil, let shape {
            kernel = Array(shape.sizes.dropFirst(2))
        } else {
            kernel = try self["kernel"].integers(in: sizes, count: axes)
        }
        let filters = try size("filters", shape.map { isTransposed ? $0[1] * groups : $0[0] })
        let (before, after) = try pads(axes: axes)
        return Network.Filtering(
            weight: weight, bias: try optionalString("bias"), filters: filters, kernel: kernel,
            stride: try numbers("stride", axes: axes, usual: 1), before: before, after: after,
            dilation: try numbers("dilation", axes: axes, usual: 1), groups: groups)
    }

    private func transposed(axes: Int) throws(JSONError) -> Network.Operation {
        .transposedConvolution(
            try filtering(axes: axes, isTransposed: true),
            outputPadding: try numbers("output_padding", axes: axes, usual: 0))
    }

    private func pooling() throws(JSONError) -> Network.Pooling {
        let kernel = try self["kernel"].integers(in: sizes)
        let (before, after) = try pads(axes: kernel.count)
        return Network.Pooling(
            kernel: kernel,
            stride: self["stride"].present == nil
                ? kernel : try self["stride"].integers(in: sizes, count: kernel.count),
            before: before, after: after, roundsUp: try truth("ceil_mode", false))
    }

    /// [before…, after…]
    private func pads(axes: Int) throws(JSONError) -> (before: [Int], after: [Int]) {
        guard let field = self["pads"].present else {
            let none = [Int](repeating: 0, count: axes)
            return (none, none)
        }
        let pads = try field.integers(in: 1 - Window.limit...Window.limit - 1, count: 2 * axes)
        return (Array(pads[..<axes]), Array(pads[axes...]))
    }

    private func numbers(_ name: String, axes: Int, usual: Int) throws(JSONError) -> [Int] {
        guard let field = self[name].present else { return [Int](repeating: usual, count: axes) }
        return try field.integers(in: usual...Window.limit - 1, count: axes)
    }

    /// A size that a weight's shape tells where the member is missing.
    private func size(_ name: String, _ known: Int?) throws(JSONError) -> Int {
        if self[name].present == nil, let known { return known }
        return try self[name].integer(in: sizes)
    }

    private func number(_ name: String, _ usual: Double) throws(JSONError) -> Double {
        try self[name].present?.number() ?? usual
    }

    private func truth(_ name: String, _ usual: Bool) throws(JSONError) -> Bool {
        try self[name].present?.bool() ?? usual
    }

    private func optionalString(_ name: String) throws(JSONError) -> String? {
        try self[name].present?.string()
    }
}
