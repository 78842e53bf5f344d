import AdjointGraphs
import AdjointJSON

extension TensorFile {
    /// The bytes of a safetensors file; equal values give equal bytes, whatever the order of their tensors.
    ///
    /// Tensors with the widest elements come first, so that each is aligned, then names in the order of their UTF-8; the header
    /// is padded with spaces to a multiple of 8. Every tensor is stored in the type that it has in memory.
    ///
    /// - Throws: `FormatError` where a tensor has the name that the format keeps for the metadata.
    public func serialized() throws(FormatError) -> [UInt8] {
        if self["__metadata__"] != nil {
            throw FormatError(.field("__metadata__"), expected: "another name for a tensor", given: "this one")
        }
        let ordered = tensors.map { StoredTensor($0.name, $0.tensor) }.sorted {
            $0.dataType.size != $1.dataType.size ? $0.dataType.size > $1.dataType.size : precedes($0.name, $1.name)
        }
        var members: [JSON.Object.Member] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { precedes($0.key, $1.key) }
            members.append(JSON.Object.Member("__metadata__", object(texts.map { ($0.key, .string($0.value)) })))
        }
        var end = 0
        for stored in ordered {
            let begin = end
            end += stored.tensor.count * stored.dataType.size
            let entry = object([
                ("dtype", .string(stored.dataType.rawValue)),
                ("shape", JSON(stored.tensor.shape.sizes)),
                ("data_offsets", [.integer(begin), .integer(end)]),
            ])
            members.append(JSON.Object.Member(stored.name, entry))
        }
        var header = Array(object(members.map { ($0.name, $0.value) }).serialized().utf8)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }

        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + end)
        bytes.append([UInt64(header.count)], .little)
        bytes += header
        for stored in ordered {
            switch stored.tensor.elements {
            case .float32(let values): bytes.append(values.map(\.bitPattern), .little)
            case .float64(let values): bytes.append(values.map(\.bitPattern), .little)
            case .int32(let values): bytes.append(values, .little)
            case .bool(let values): bytes += values.map { $0 ? 1 : 0 }
            }
        }
        return bytes
    }
}

private func object(_ members: [(String, JSON)]) -> JSON {
    .object(JSON.Object(members))
}

private func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
}
