import AdjointGraphs
import AdjointJSON

extension TensorFile {
    /// The longest header that the format's own reader accepts.
    static let headerLimit = 100_000_000

    /// Reads a safetensors file:
    ///
    ///     8 bytes: n, little endian | n bytes: a JSON object | data
    ///     {"__metadata__": {texts}, NAME: {"dtype": T, "shape": [sizes], "data_offsets": [begin, end]}, …}
    ///
    /// The tensors must cover the data from the first byte to the last, without gaps and without sharing.
    ///
    /// - Throws: `FormatError` at the byte or the tensor that is wrong. Nothing of a size that only the header
    ///   claims is allocated.
    /// - Complexity: O(bytes + tensors log tensors).
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count >= 8 else {
            throw FormatError(.byte(0), expected: "8 bytes that tell the header's length", given: "\(bytes.count)")
        }
        let length = bytes.integer(UInt64.self, at: 0, .little)
        guard length <= Self.headerLimit else {
            throw FormatError(
                .byte(0), expected: "a header of at most \(Self.headerLimit) bytes", given: "one of \(length)")
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= bytes.count else {
            throw FormatError(
                .byte(0), expected: "a header that ends within the \(bytes.count) bytes of the file",
                given: "one of \(length) bytes")
        }
        guard length > 0, bytes[8] == UInt8(ascii: "{") else {
            throw FormatError(
                .byte(8), expected: "a header that is a JSON object",
                given: length == 0 ? "an empty one" : "one that does not begin with {")
        }

        let header: JSON
        do throws(JSONError) { header = try JSON(parsing: Array(bytes[8..<dataStart])) } catch {
            throw FormatError(error, at: 8)
        }
        var metadata: [String: String] = [:]
        var entries: [Entry] = []
        for member in header.object?.members ?? [] {
            let field = JSONField(member.value, path: member.name)
            if member.name == "__metadata__" {
                metadata = try readingJSON { () throws(JSONError) in try field.present.map(texts) ?? [:] }
            } else {
                entries.append(try Entry(name: member.name, field, dataCount: bytes.count - dataStart))
            }
        }
        try checkCover(entries, dataCount: bytes.count - dataStart)

        var tensors: [StoredTensor] = []
        for entry in entries {
            let elements = try entry.dataType.elements(
                of: bytes, at: dataStart + entry.begin, count: entry.shape.count)
            tensors.append(StoredTensor(entry.name, entry.dataType, Tensor(known: entry.shape, elements)))
        }
        self.init(metadata: metadata, distinct: tensors)
    }
}

/// The header's entry for a tensor, checked to be consistent in itself.
private struct Entry {
    let name: String
    let dataType: DataType
    let shape: Shape
    let begin: Int
    let end: Int

    init(name: String, _ field: JSONField, dataCount: Int) throws(FormatError) {
        let (type, sizes, offsets) = try readingJSON { () throws(JSONError) in
            (
                try field["dtype"].string(), try field["shape"].integers(in: 0 ... .max),
                try field["data_offsets"].integers(in: 0...dataCount, count: 2)
            )
        }
        guard let dataType = DataType(rawValue: type) else {
            let names = joined(DataType.allCases.map { $0.rawValue })
            let isForeign = DataType.foreign.contains(type)
            throw FormatError(
                .field(name + ".dtype"), expected: "one of \(names)",
                given: "\"\(abbreviated(type))\"" + (isForeign ? ", which is a type but not one that is read here" : "")
            )
        }
        let shape = Shape(sizes)
        guard let count = shape.checkedCount else {
            throw FormatError(
                .field(name + ".shape"), expected: "fewer elements than 2^60", given: "shape \(shape)")
        }
        guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == count * dataType.size else {
            throw FormatError(
                .field(name + ".data_offsets"),
                expected: "\(count * dataType.size) bytes, \(type) times \(shape)", given: list(offsets))
        }
        (self.name, self.dataType, self.shape) = (name, dataType, shape)
        begin = offsets[0]
        end = offsets[1]
    }
}

private func texts(_ field: JSONField) throws(JSONError) -> [String: String] {
    var texts: [String: String] = [:]
    for member in try field.object().members { texts[member.name] = try field[member.name].string() }
    return texts
}

/// Throws unless, in the order of their bytes, each tensor begins where the one before it ends.
private func checkCover(_ entries: [Entry], dataCount: Int) throws(FormatError) {
    var end = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
        guard entry.begin == end else {
            throw FormatError(
                .field(entry.name + ".data_offsets"), expected: "data from \(end) on, where the tensor before it ends",
                given: "from \(entry.begin) on")
        }
        end = entry.end
    }
    guard end == dataCount else {
        throw FormatError(.field("data"), expected: "\(end) bytes, as the header says", given: "\(dataCount)")
    }
}
