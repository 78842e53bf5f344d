import AdjointGraphs

/// A batch in CIFAR-10's binary format: records of a label and a picture, three planes (red, green, blue) of 32 x 32.
public struct CIFARBatch: Hashable, Sendable {
    /// The classes, below 10.
    public let labels: [UInt8]
    /// Row-major in `shape`.
    public let pixels: [UInt8]

    /// [pictures, 3, 32, 32].
    public var shape: Shape { [labels.count, 3, 32, 32] }

    static let classes = 10
    static let pictureSize = 3 * 32 * 32
    static let recordSize = 1 + pictureSize

    /// - Throws: `FormatError` where the bytes are not whole records, there is none, or a label is no class.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        let count = bytes.count / Self.recordSize
        guard count > 0, bytes.count % Self.recordSize == 0 else {
            throw FormatError(
                .byte(count * Self.recordSize), expected: "whole records of \(Self.recordSize) bytes",
                given: bytes.isEmpty ? "an empty file" : "\(bytes.count % Self.recordSize) bytes more than \(count)")
        }
        var labels: [UInt8] = []
        var pixels: [UInt8] = []
        pixels.reserveCapacity(count * Self.pictureSize)
        for start in stride(from: 0, to: bytes.count, by: Self.recordSize) {
            guard bytes[start] < Self.classes else {
                throw FormatError(.byte(start), expected: "a label below \(Self.classes)", given: "\(bytes[start])")
            }
            labels.append(bytes[start])
            pixels += bytes[(start + 1)..<(start + Self.recordSize)]
        }
        self.labels = labels
        self.pixels = pixels
    }
}
