import AdjointGraphs
import AdjointModels

/// The handwritten digits that a network learns: grey pictures of 8x8 pixels from 0 to 16, some of them held out.
package struct TrainingDigits: Sendable {
    package static let side = 8
    package static let pixelCount = side * side

    package let training, test: Dataset
    private let pixels: [UInt8]

    /// - Parameters:
    ///   - pixels: the pixels of all pictures, row-major.
    ///   - labels: the class of each picture, from 0 to 9.
    ///   - held: the number of pictures, the last ones, that are only tested on.
    package init(pixels: [UInt8], labels: [UInt8], holding held: Int) throws(ArgumentError) {
        let area = TrainingDigits.pixelCount
        let learned = labels.count - held
        guard held >= 0, learned > 0, pixels.count == labels.count * area else {
            throw ArgumentError(
                "digits", "pixels", expected: "\(area) for each of \(labels.count) labels, \(held) of them held out",
                given: "\(pixels.count)")
        }
        let shape: Shape = [1, TrainingDigits.side, TrainingDigits.side]
        let first = Array(pixels[..<(learned * area)])
        let normalization = Normalization(measuring: first, shape: shape)
        func set(_ pixels: [UInt8], _ labels: ArraySlice<UInt8>) throws(ArgumentError) -> Dataset {
            try Dataset(
                bytes: pixels, shape: shape, labels: labels.map { Int32($0) }, classes: 10, normalization: normalization
            )
        }
        training = try set(first, labels[..<learned])
        test = try set(Array(pixels[(learned * area)...]), labels[learned...])
        self.pixels = pixels
    }

    /// The pixels of a picture that is held out.
    package func pixels(ofTest number: Int) -> [UInt8] {
        let start = (training.count + number) * TrainingDigits.pixelCount
        return Array(pixels[start..<start + TrainingDigits.pixelCount])
    }
}

#if arch(wasm32)
    /// One of the four parts of the data in the module, and its number of bytes: see digits.c.
    @_extern(c, "adjoint_digits")
    private func carried(_ part: Int32, _ count: UnsafeMutablePointer<Int>) -> UnsafePointer<UInt8>

    extension TrainingDigits {
        /// The digits of Sources/Digits.
        package static func carried() throws(ArgumentError) -> TrainingDigits {
            let parts = (0..<4).map { part in
                var count = 0
                let start = AdjointPage.carried(Int32(part), &count)
                return Array(UnsafeBufferPointer(start: start, count: count))
            }
            return try TrainingDigits(
                pixels: parts[0] + parts[2], labels: parts[1] + parts[3], holding: parts[3].count)
        }
    }
#endif
