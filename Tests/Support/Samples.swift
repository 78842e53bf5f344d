import AdjointGraphs

/// A reproducible sequence (Steele, Lea & Flood's SplitMix64).
public struct Samples: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Tensor {
    /// Small integers, with which sums of products are exact in any order.
    public static func integers(
        _ shape: Shape, seed: Int, in range: ClosedRange<Int> = -3...3, as type: ElementType = .float64
    ) -> Tensor {
        var samples = Samples(seed: seed)
        return Tensor(
            known: shape, .float64((0..<shape.count).map { _ in Double(Int.random(in: range, using: &samples)) })
        )
        .converted(to: type)
    }

    /// Uniform numbers.
    public static func uniform(_ shape: Shape, seed: Int, in range: ClosedRange<Double> = -1...1) -> Tensor {
        var samples = Samples(seed: seed)
        return Tensor(known: shape, .float64((0..<shape.count).map { _ in Double.random(in: range, using: &samples) }))
    }

    /// Different numbers, at least 1∕2 apart, in random order: no ties, and none appear by a small step.
    public static func distinct(_ shape: Shape, seed: Int) -> Tensor {
        var samples = Samples(seed: seed)
        let half = Double(shape.count) / 4
        let numbers = (0..<shape.count).shuffled(using: &samples).map { Double($0) / 2 - half + 0.25 }
        return Tensor(known: shape, .float64(numbers))
    }

    /// Σ a·b
    public func inner(_ other: Tensor) -> Double {
        zip(doubles, other.doubles).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
