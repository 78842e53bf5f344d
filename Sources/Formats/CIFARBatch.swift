import AdjointGraphs

/// A batch in CIFAR's binary format: records of a label and a picture, three planes (red, green, blue) of 32 x 32.
public struct CIFARBatch: Hashable, Sendable {
    /// CIFAR-10 has one label a picture, CIFAR-100 two, of which the second is the class.
    public enum Version: Hashable, Sendable, CaseIterable {
        case ten, hundred

        public var classes: Int { self == .ten ? 10 : 100 }
        var labelSize: Int { self == .ten ? 1 : 2 }
        var recordSize: Int { labelSize + CIFARBatch.pictureSize }
    }

    public let version: Version
    /// The classes: each is below the version's number of classes.
    public let labels: [UInt8]
    /// The bytes of all pictures, row-major in `shape`.
    public let pixels: [UInt8]

    /// The shape of the pixels: [pictures, 3, 32, 32].
    public var shape: Shape { [labels.count, 3, 32, 32] }

    static let pictureSize = 3 * 32 * 32

    /// - Throws: `FormatError` where the bytes are not whole records, there is none, or a label is no class.
    public init(parsing bytes: [UInt8], as version: Version = .ten) throws(FormatError) {
        let size = version.recordSize
        let count = bytes.count / size
        guard count > 0, bytes.count % size == 0 else {
            throw FormatError(
                .byte(count * size), expected: "whole records of \(size) bytes",
                given: bytes.isEmpty ? "an empty file" : "\(bytes.count % size) bytes more than \(count)")
        }
        var labels: [UInt8] = []
        var pixels: [UInt8] = []
        pixels.reserveCapacity(count * Self.pictureSize)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let place = start + version.labelSize - 1
            guard bytes[place] < version.classes else {
                throw FormatError(.byte(place), expected: "a label below \(version.classes)", given: "\(bytes[place])")
            }
            labels.append(bytes[place])
            pixels += bytes[(place + 1)..<(start + size)]
        }
        (self.version, self.labels, self.pixels) = (version, labels, pixels)
    }
}
