import AdjointGraphs
import AdjointJSON

extension Network {
    /// Reads a network from JSON of either form.
    ///
    /// A classifier has `name`, `shape` (the first number is a batch), `classes`, `label_smoothing` and `input`; any other
    /// network has `inputs` (each with `name`, `shape`, `type`, `batch` and `gradient`), `outputs`, `loss` and `frozen`. Both
    /// have `operations`: each has `op`, `inputs`, `output` and the members that `encoded()` writes. Where `filters`,
    /// `kernel`, `features` or the `shape` of a parameter are missing, they follow from the weight's shape.
    ///
    /// - Parameters:
    ///   - custom: functions of the program that the operations may refer to by name.
    ///   - shapeOf: the shapes of the parameters, where a file with them is at hand.
    /// - Throws: an error that names the operation, the member, what was expected and what was given. Unknown operations and
    ///   members are errors; a classifier may have further members, if they do not look like one of its own misspelt.
    public init(
        _ document: JSON, custom: [Custom] = [], shapeOf: @escaping (String) -> Shape? = { _ in nil }
    ) throws(ArgumentError) {
        let root = JSONField(document)
        let isGeneral = root["inputs"].value != nil
        var name = "network"
        var inputs: [Input] = []
        var (classes, labelSmoothing) = (0, 0.0)
        var outputs: [String] = []
        var loss: String?
        var frozen: [String] = []
        let operations: [JSONField]
        do throws(JSONError) {
            try root.checkMembers(isGeneral ? Self.members : Self.classifierMembers, ignoresOthers: !isGeneral)
            name = try root["name"].present?.string() ?? "network"
            if isGeneral {
                for input in try root["inputs"].elements() { inputs.append(try Input(input)) }
                outputs = try root["outputs"].strings()
                loss = try root["loss"].present?.string()
                frozen = try root["frozen"].present?.strings() ?? []
            } else {
                let shape = try root["shape"].integers(in: 0...Window.limit - 1)
                guard shape.count >= 2 else {
                    throw root["shape"].failure("a batch and the sizes of one sample", given: list(shape))
                }
                inputs = [Input(try root["input"].present?.string() ?? "x", Shape(Array(shape.dropFirst())))]
                classes = try root["classes"].integer(in: 1...Window.limit - 1)
                labelSmoothing = try root["label_smoothing"].present?.number() ?? 0
            }
            operations = try root["operations"].elements()
        } catch {
            throw ArgumentError(error, in: name)
        }
        let builder = NetworkBuilder(inputs)
        for operation in operations { builder.expect(operation["output"].value?.string) }
        for field in operations {
            var kind = "operation"
            do throws(JSONError) {
                kind = try field["op"].string()
                let operation: Operation
                if let custom = custom.first(where: { $0.name == kind }) {
                    operation = Operation(custom)
                } else if let known = Operation.Kind.named(kind) {
                    operation = Operation(known, field, shapeOf: shapeOf)
                } else {
                    let names = Operation.Kind.all.map { $0.name } + custom.map { $0.name }
                    throw field["op"].failure(nearest(kind, among: names) ?? "a known operation")
                }
                if let error = operation.error { throw error }
                builder.append(operation, to: try field["inputs"].strings(), as: try field["output"].string())
            } catch {
                throw ArgumentError(error, in: kind)
            }
        }
        if isGeneral {
            try self.init(name, outputs: outputs, loss: loss, frozen: frozen, builder)
        } else {
            try self.init(name, classes: classes, labelSmoothing: labelSmoothing, builder)
        }
    }

    /// Reads a network from the bytes of a JSON text.
    public init(
        parsing bytes: [UInt8], custom: [Custom] = [], shapeOf: @escaping (String) -> Shape? = { _ in nil }
    ) throws(ArgumentError) {
        let document: JSON
        do throws(JSONError) { document = try JSON(parsing: bytes) } catch { throw ArgumentError(error, in: "network") }
        try self.init(document, custom: custom, shapeOf: shapeOf)
    }

    /// The members of a network, and those of files that also hold expected results.
    private static let members =
        ["name", "inputs", "operations", "outputs", "loss", "frozen"]
        + ["source", "generator", "notes", "optimizers", "steps", "sha256"]
    private static let classifierMembers = ["name", "shape", "classes", "label_smoothing", "input", "operations"]
}

extension Network.Input {
    fileprivate init(_ field: JSONField) throws(JSONError) {
        try field.checkMembers(["name", "shape", "type", "batch", "gradient"])
        let types: [String: ElementType] = [
            "float64": .float32, "float32": .float32, "int64": .int32, "int32": .int32, "bool": .bool,
        ]
        let name = try field["type"].present?.string() ?? "float32"
        guard let type = types[name] else {
            throw field["type"].failure("one of " + joined(types.keys.sorted()))
        }
        self.init(
            try field["name"].string(), shape: Shape(try field["shape"].integers(in: 0...Window.limit - 1)), type: type,
            isBatch: try field["batch"].present?.bool() ?? true,
            isDifferentiated: try field["gradient"].present?.bool() ?? false)
    }
}

extension JSONField {
    /// - Parameter ignoresOthers: whether unknown names are accepted that do not look like a known one misspelt.
    fileprivate func checkMembers(_ known: [String], ignoresOthers: Bool = false) throws(JSONError) {
        for name in (value?.object?.members ?? []).map({ $0.name }) where !known.contains(name) {
            let meant = nearest(name, among: known).map { "the name \($0)" }
            guard let expected = meant ?? (ignoresOthers ? nil : "one of \(joined(known))") else { continue }
            throw self[name].failure(expected, given: "\"\(abbreviated(name))\"")
        }
    }
}

extension ArgumentError {
    init(_ error: JSONError, in operation: String) {
        self.init(operation, error.place.description, expected: error.expected, given: error.given)
    }
}
