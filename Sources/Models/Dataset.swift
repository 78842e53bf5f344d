import AdjointGraphs

/// Labelled samples of one shape, in memory: bytes as files hold them, or floats.
public struct Dataset: Sendable {
    /// The shape of one sample: [channels, spatial…].
    public let shape: Shape
    /// The class of each sample: 0 or more and below `classes`.
    public let labels: [Int32]
    public let classes: Int
    let elements: Elements
    /// How bytes become numbers; nil for floats, which are taken as they are.
    public let normalization: Normalization?
    /// The coefficients by which an element v of channel c becomes scale[c]·v + shift[c].
    let scale, shift: [Float]

    enum Elements: Sendable {
        case bytes([UInt8])
        case floats([Float])
    }

    public var count: Int { labels.count }

    /// The most classes that are accepted; larger numbers are taken for a mistake, not for labels.
    package static let classLimit = 1 << 20

    /// - Parameters:
    ///   - bytes: [N, channels, spatial…] in row-major order.
    ///   - shape: the shape of one sample.
    ///   - normalization: that of the training set, also for the sets that are used with it.
    /// - Throws: an error that names the first label out of range, or the number of bytes where it does not fit.
    public init(
        bytes: [UInt8], shape: Shape, labels: [Int32], classes: Int, normalization: Normalization = .centered
    ) throws(ArgumentError) {
        try Self.check(bytes.count, shape, labels, classes)
        let (mean, deviation) = (normalization.mean, normalization.deviation)
        guard mean.count == deviation.count, mean.count == 1 || mean.count == shape[0],
            mean.allSatisfy({ $0.isFinite }), deviation.allSatisfy({ $0.isNormal && $0 > 0 })
        else {
            throw ArgumentError(
                "dataset", "normalization",
                expected: "one finite mean and one finite deviation above 0 for all channels or for each",
                given: "means \(joined(mean.map { "\($0)" })) and deviations \(joined(deviation.map { "\($0)" }))")
        }
        var scale: [Float] = []
        var shift: [Float] = []
        for channel in 0..<(labels.isEmpty ? 0 : shape[0]) {
            let index = mean.count == 1 ? 0 : channel
            scale.append(1 / (255 * deviation[index]))
            shift.append(-mean[index] / deviation[index])
        }
        self.elements = .bytes(bytes)
        (self.normalization, self.shape, self.labels, self.classes) = (normalization, shape, labels, classes)
        (self.scale, self.shift) = (scale, shift)
    }

    /// Samples as floats, which a network takes as they are.
    public init(floats: [Float], shape: Shape, labels: [Int32], classes: Int) throws(ArgumentError) {
        try Self.check(floats.count, shape, labels, classes)
        self.elements = .floats(floats)
        (self.normalization, self.shape, self.labels, self.classes) = (nil, shape, labels, classes)
        self.scale = [Float](repeating: 1, count: labels.isEmpty ? 0 : shape[0])
        self.shift = [Float](repeating: 0, count: labels.isEmpty ? 0 : shape[0])
    }

    private static func check(_ given: Int, _ shape: Shape, _ labels: [Int32], _ classes: Int) throws(ArgumentError) {
        guard shape.rank >= 1, shape.sizes.allSatisfy({ $0 >= 1 }),
            let expected = Shape([labels.count] + shape.sizes).checkedCount
        else {
            throw ArgumentError("dataset", "shape", expected: "channels and sizes of 1 or more", given: "\(shape)")
        }
        guard labels.count <= Int32.max, classes <= classLimit else {
            throw ArgumentError(
                "dataset", "size", expected: "fewer than 2^31 samples and at most \(classLimit) classes",
                given: "\(labels.count) samples and \(classes) classes")
        }
        guard given == expected else {
            throw ArgumentError(
                "dataset", "elements", expected: "\(expected) for \(labels.count) samples of \(shape)",
                given: "\(given)")
        }
        for (place, label) in labels.enumerated() where label < 0 || label >= classes {
            throw ArgumentError(
                "dataset", "label of sample \(place)", expected: "0 or more and below \(classes)", given: "\(label)")
        }
    }

    /// Throws where the network cannot take the samples.
    package func check(for network: Network) throws(ArgumentError) {
        guard shape == network.input else {
            throw ArgumentError(network.name, "sample", expected: "shape \(network.input)", given: "\(shape)")
        }
        guard classes <= network.classes else {
            throw ArgumentError(
                network.name, "number of the data's classes", expected: "at most \(network.classes)",
                given: "\(classes)")
        }
    }

    /// Writes a sample as the numbers that a network takes.
    ///
    /// - Parameter offset: how far the picture moves down and right; zeros come in, before normalization. Only for samples
    ///   of three axes.
    /// - Complexity: O(elements of a sample), without allocation.
    func copy(sample: Int, to target: UnsafeMutablePointer<Float>, offset: (rows: Int, columns: Int), flips: Bool) {
        switch elements {
        case .bytes(let bytes): copy(bytes, sample: sample, to: target, offset: offset, flips: flips) { Float($0) }
        case .floats(let floats): copy(floats, sample: sample, to: target, offset: offset, flips: flips) { $0 }
        }
    }

    @inline(__always)
    private func copy<Element>(
        _ elements: [Element], sample: Int, to target: UnsafeMutablePointer<Float>, offset: (rows: Int, columns: Int),
        flips: Bool, _ float: (Element) -> Float
    ) {
        let size = shape.count
        let channels = shape[0]
        let plane = size / channels
        elements.withUnsafeBufferPointer { elements in
            for channel in 0..<channels {
                let source = sample * size + channel * plane
                let target = target + channel * plane
                let (scale, shift) = (scale[channel], shift[channel])
                if offset == (0, 0) && !flips {
                    for place in 0..<plane { target[place] = float(elements[source + place]) * scale + shift }
                    continue
                }
                let (rows, columns) = (shape[1], shape[2])
                for row in 0..<rows {
                    let from = row - offset.rows
                    for column in 0..<columns {
                        let straight = column - offset.columns
                        let isInside = from >= 0 && from < rows && straight >= 0 && straight < columns
                        let place = from * columns + (flips ? columns - 1 - straight : straight)
                        target[row * columns + column] =
                            isInside ? float(elements[source + place]) * scale + shift : shift
                    }
                }
            }
        }
    }
}

extension Dataset {
    /// Some of the samples as a network takes them: [count, channels, spatial…].
    public func images(_ range: Range<Int>) throws(ArgumentError) -> Tensor {
        guard range.lowerBound >= 0, range.upperBound <= count else {
            throw ArgumentError(
                "dataset", "samples", expected: "inside 0 ..< \(count)",
                given: "\(range.lowerBound) ..< \(range.upperBound)")
        }
        var numbers = [Float](repeating: 0, count: range.count * shape.count)
        numbers.withUnsafeMutableBufferPointer { memory in
            guard let start = memory.baseAddress else { return }
            for (place, sample) in range.enumerated() {
                copy(sample: sample, to: start + place * shape.count, offset: (0, 0), flips: false)
            }
        }
        return Tensor(known: Shape([range.count] + shape.sizes), .float32(numbers))
    }
}
