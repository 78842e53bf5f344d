import TestSupport

/// Random draws for cases.
struct Dice {
    private var samples: Samples

    init(seed: UInt64) {
        // Sequences of neighbouring seeds are the same but shifted: a draw of the first is the seed of another.
        var first = Samples(seed: Int(truncatingIfNeeded: seed))
        samples = Samples(seed: Int(truncatingIfNeeded: first.next() ^ 0xD1FF))
    }

    mutating func bits() -> UInt64 { samples.next() }
    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &samples) }
    mutating func real(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &samples) }
    mutating func chance(_ probability: Double) -> Bool { real(0...1) < probability }
    mutating func one<Element>(of elements: [Element]) -> Element { elements[int(0...elements.count - 1)] }

    /// A number whose logarithm is uniform.
    mutating func scale(_ range: ClosedRange<Double>) -> Double {
        var exponent = real(0...1)
        exponent *= (range.upperBound / range.lowerBound).logarithm
        return range.lowerBound * exponent.exponential
    }
}
