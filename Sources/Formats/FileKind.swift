import AdjointGraphs
import AdjointJSON

/// The kinds of files that are told apart, by their names or else by their first bytes.
public enum FileKind: Hashable, Sendable, CaseIterable {
    case safetensors, idx, cifar, manifest

    /// The kind that a name's ending stands for, so that a damaged file is reported as such; for other names the kind that
    /// the first bytes belong to.
    public init(of bytes: [UInt8], name: String) throws(FormatError) {
        let file = name.split(separator: "/").last ?? ""
        if let kind = Self.allCases.first(where: { $0.isClaimed(by: String(file)) }) ?? Self(bytes: bytes) {
            self = kind
            return
        }
        let start = joined(bytes.prefix(8).map { hexadecimal($0) }, by: " ")
        throw FormatError(
            file: name, .byte(0), expected: "a safetensors, IDX (plain or .gz), CIFAR (.bin) or JSON file",
            given: bytes.isEmpty ? "an empty file" : "bytes \(start)")
    }

    private func isClaimed(by file: String) -> Bool {
        switch self {
        case .safetensors: file.hasSuffix(".safetensors")
        case .idx: file.hasSuffix(".idx") || file.hasSuffix(".gz") || file.contains("-idx")
        case .cifar: file.hasSuffix(".bin")
        case .manifest: file.hasSuffix(".json")
        }
    }

    /// Bytes that may stand before a JSON text: white space, and a byte order mark.
    private static let ignorable: [UInt8] = [0x20, 0x0A, 0x0D, 0x09, 0xEF, 0xBB, 0xBF]

    private init?(bytes: [UInt8]) {
        if isGzip(bytes) || (bytes.starts(with: [0, 0]) && bytes.count >= 4) {
            self = .idx
        } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
            self = .safetensors
        } else if bytes.first(where: { !Self.ignorable.contains($0) }) == UInt8(ascii: "{") {
            self = .manifest
        } else {
            return nil
        }
    }
}
