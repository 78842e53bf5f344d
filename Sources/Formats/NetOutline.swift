import AdjointGraphs
import AdjointJSON

/// The outline of a network in JSON, as far as it can be checked without the meaning of its operations: every operation
/// names its operands, which stand before it, and its results, whose names are new.
struct NetOutline: Sendable {
    struct Operation: Hashable, Sendable {
        let name: String
        let inputs: [String]
        let output: String
        let parameters: [String]
    }

    let inputs: [(name: String, shape: Shape)]
    let operations: [Operation]

    init(_ document: JSON) throws(FormatError) {
        (inputs, operations) = try readingJSON { () throws(JSONError) in
            let root = JSONField(document)
            // The single input of a classifier is described by members of the network itself.
            let fields =
                root["inputs"].value == nil
                ? [(root["input"], root["shape"])]
                : try root["inputs"].elements().map { ($0["name"], $0["shape"]) }
            var inputs: [(name: String, shape: Shape)] = []
            for (name, sizes) in fields {
                let shape = Shape(try sizes.integers(in: 0 ... .max))
                guard shape.checkedCount != nil else { throw sizes.failure("fewer elements than 2^60") }
                inputs.append((try name.string(), shape))
            }
            var known = Set(inputs.map { $0.name })
            var operations: [Operation] = []
            for field in try root["operations"].elements() {
                let operation = try Operation(field)
                for (position, name) in operation.inputs.enumerated() where !known.contains(name) {
                    throw try field["inputs"].elements()[position].failure("a value from before this operation")
                }
                guard known.insert(operation.output).inserted else {
                    throw field["output"].failure("a new name")
                }
                operations.append(operation)
            }
            return (inputs, operations)
        }
    }
}

extension NetOutline.Operation {
    init(_ field: JSONField) throws(JSONError) {
        name = try field["op"].string()
        inputs = try field["inputs"].strings()
        output = try field["output"].string()
        var parameters: [String] = []
        for part in ["name", "weight", "bias"] {
            if let text = try field[part].present?.string() { parameters.append(text) }
        }
        self.parameters = parameters
        // Members that mean the same in every operation that has them.
        for part in ["kernel", "stride", "dilation"] { _ = try field[part].present?.integers(in: 1...1 << 30) }
        _ = try field["pads"].present?.integers(in: -(1 << 30)...1 << 30)
        _ = try field["groups"].present?.integer(in: 1...1 << 30)
    }
}
