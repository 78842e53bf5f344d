import AdjointGraphs
import AdjointJSON

extension Network {
    /// The network as JSON: equal networks give equal bytes. Reading it back gives an equal network; functions of the program
    /// are held by their names.
    public func encoded() -> JSON {
        let operations = steps.map { step in
            var members = JSON.Object()
            members["op"] = .string(step.operation.name)
            members["inputs"] = .array(step.inputs.map { .string($0) })
            members["output"] = .string(step.output)
            for member in step.operation.attributes.members { members[member.name] = member.value }
            return JSON.object(members)
        }
        var root = JSON.Object()
        root["name"] = .string(name)
        let isPlain = isClassifier && frozen.isEmpty && inputs[0] == Input(inputName, input)
        if isPlain {
            root["input"] = .string(inputName)
            root["shape"] = JSON([1] + input.sizes)
            root["classes"] = .integer(classes)
            root["label_smoothing"] = .number(labelSmoothing)
        } else {
            root["inputs"] = .array(inputs.map { $0.encoded })
        }
        root["operations"] = .array(operations)
        guard !isPlain else { return .object(root) }
        root["outputs"] = .array(outputs.map { .string($0) })
        if let loss { root["loss"] = .string(loss) }
        root["frozen"] = .array(frozen.map { .string($0) })
        return .object(root)
    }
}

extension Network.Input {
    fileprivate var encoded: JSON {
        let type = type.isFloatingPoint ? "float64" : type == .int32 ? "int64" : "bool"
        return [
            "name": .string(name), "shape": JSON(shape.sizes), "type": .string(type), "batch": .bool(isBatch),
            "gradient": .bool(isDifferentiated),
        ]
    }
}
