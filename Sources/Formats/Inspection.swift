import AdjointGraphs
import AdjointJSON

/// The kind and the content of a valid file.
public struct Inspection: Hashable, Sendable {
    /// The kind of the file, on one line.
    public let kind: String
    /// A line for each thing in it: `NAME TYPE [sizes]` and the range of the elements for a tensor.
    public let lines: [String]
}

/// Reads a whole file of any kind, and describes it.
///
/// - Throws: `FormatError` with the file's name, where it is not valid.
public func inspect(_ bytes: [UInt8], name: String) throws(FormatError) -> Inspection {
    let kind = try FileKind(of: bytes, name: name)
    do throws(FormatError) {
        return switch kind {
        case .safetensors: Inspection(try TensorFile(parsing: bytes))
        case .idx: Inspection(try IDXArray(parsing: bytes), isPacked: isGzip(bytes))
        // Nothing in the bytes tells the two versions of CIFAR apart.
        case .cifar:
            Inspection(
                try CIFARBatch(
                    parsing: bytes, as: ["train.bin", "test.bin"].contains(lastPart(of: name)) ? .hundred : .ten))
        case .manifest: try Inspection(manifest: try readingJSON { () throws(JSONError) in try JSON(parsing: bytes) })
        }
    } catch { throw error.naming(name) }
}

extension Inspection {
    init(_ file: TensorFile) {
        kind = "safetensors, " + counted(file.tensors.count, "tensor")
        let texts = file.metadata.sorted { $0.key < $1.key }.map {
            "\(printable($0.key)) = \(printable(abbreviated($0.value)))"
        }
        let tensors = file.tensors.map {
            line($0.name, $0.dataType.rawValue, $0.tensor.shape, range(of: $0.tensor))
        }
        lines = tensors + texts
    }

    init(_ array: IDXArray, isPacked: Bool) {
        kind = isPacked ? "IDX, packed by gzip" : "IDX"
        // Bytes are not converted: the range of 60,000 pictures needs no tensor of floats.
        let range = if case .uint8(let bytes) = array.elements { range(of: bytes) } else { range(of: array.tensor()) }
        lines = [line("elements", array.elements.type.name, array.shape, range)]
    }

    init(_ batch: CIFARBatch) {
        kind = "CIFAR-\(batch.version.classes) binary, " + counted(batch.labels.count, "picture")
        lines = [
            line("labels", "uint8", [batch.labels.count], range(of: batch.labels)),
            line("pixels", "uint8", batch.shape, range(of: batch.pixels)),
        ]
    }

    init(manifest document: JSON) throws(FormatError) {
        if document["cases"] != nil {
            let cases = try CaseManifest(document).cases
            kind = "manifest of cases, " + counted(cases.count, "case")
            lines = cases.map {
                "\(printable($0.name)) \($0.operation.rawValue) \(compact($0.input)) -> \(compact($0.output))"
            }
        } else if document["operations"] != nil {
            let net = try NetOutline(document)
            kind = "net, " + counted(net.operations.count, "operation")
            lines =
                net.inputs.map { "\(printable($0.name)) input \(compact($0.shape))" }
                + net.operations.map { printable(joined([$0.output, $0.name] + $0.inputs + $0.parameters, by: " ")) }
        } else {
            throw FormatError(
                .field("the document"), expected: "a member \"cases\" or \"operations\"", given: "neither")
        }
    }
}

private func lastPart(of path: String) -> String { path.split(separator: "/").last.map { String($0) } ?? "" }

private func line(_ name: String, _ type: String, _ shape: Shape, _ range: String) -> String {
    joined([printable(name), type, compact(shape), range], by: " ")
}

/// A shape as `[1,2,3]`, without spaces, so that a line is easily split into fields.
private func compact(_ shape: Shape) -> String {
    "[" + joined(shape.sizes.map { String($0) }, by: ",") + "]"
}

private func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
}

private func range(of bytes: [UInt8]) -> String {
    guard let least = bytes.min(), let most = bytes.max() else { return "empty" }
    return "from \(least) to \(most)"
}

private func range(of tensor: Tensor) -> String {
    if case .bool(let truths) = tensor.elements {
        return truths.isEmpty ? "empty" : "\(truths.count { $0 }) true of \(truths.count)"
    }
    var least = Double.infinity
    var most = -Double.infinity
    var nans = 0
    for element in tensor.doubles {
        if element.isNaN {
            nans += 1
        } else {
            least = min(least, element)
            most = max(most, element)
        }
    }
    let range = least <= most ? ["from \(shortest(least)) to \(shortest(most))"] : tensor.count == 0 ? ["empty"] : []
    return joined(range + (nans > 0 ? ["\(nans) not a number"] : []))
}
