// Floats seen as their bits, lane by lane: sign, exponent and significand are moved as integers.

#if LANES512
    typealias IntegerLanes = SIMD16<Int32>
    typealias WordLanes = SIMD16<UInt32>
#elseif LANES256
    typealias IntegerLanes = SIMD8<Int32>
    typealias WordLanes = SIMD8<UInt32>
#else
    typealias IntegerLanes = SIMD4<Int32>
    typealias WordLanes = SIMD4<UInt32>
#endif

typealias Mask = SIMDMask<IntegerLanes>

/// The last `count` lanes.
@inline(__always)
func lastLanes(_ count: Int) -> Mask {
    var places = IntegerLanes()
    for lane in 0..<lanes { places[lane] = Int32(lane) }
    return places .>= Int32(truncatingIfNeeded: lanes - count)
}

extension Lanes {
    @inline(always)
    var bits: IntegerLanes { unsafeBitCast(self, to: IntegerLanes.self) }

    @inline(always)
    init(bits: IntegerLanes) { self = unsafeBitCast(bits, to: Lanes.self) }

    @inline(always)
    var absolute: Lanes { Lanes(bits: bits & Int32.max) }

    /// This magnitude with the sign of another vector.
    @inline(always)
    func signed(like other: Lanes) -> Lanes { Lanes(bits: (bits & Int32.max) | (other.bits & Int32.min)) }

    /// `condition` ? `a` : `b`
    @inline(always)
    static func choose(_ condition: Mask, _ a: Lanes, _ b: Lanes) -> Lanes { b.replacing(with: a, where: condition) }

    @inline(always)
    static func choose(_ condition: Mask, _ a: Float, _ b: Lanes) -> Lanes { b.replacing(with: a, where: condition) }

    /// The nearest number between two bounds; NaN stays NaN.
    @inline(always)
    func clamped(_ low: Float, _ high: Float) -> Lanes {
        replacing(with: low, where: self .< low).replacing(with: high, where: self .> high)
    }

    /// The greatest integers not above. Without an instruction for it: adding 2²³ to a magnitude below it leaves no
    /// bits for a fraction, so the sum is rounded to an integer; where that is above, 1 is subtracted.
    @inline(always)
    var roundedDown: Lanes {
        #if FMA || arch(arm64) || arch(wasm32)
            return rounded(.down)
        #else
            let size = absolute
            let nearest = Lanes.choose(size .< 0x1p23, (size + 0x1p23) - 0x1p23, size).signed(like: self)
            return Lanes.choose(nearest .> self, nearest - 1, nearest)
        #endif
    }

    @inline(always)
    var roundedTowardZero: Lanes { absolute.roundedDown.signed(like: self) }

    /// 2ⁿ for −127 < n < 128; 0 for −127, infinity for 128.
    @inline(always)
    static func powerOfTwo(_ n: IntegerLanes) -> Lanes { Lanes(bits: (n &+ 127) &<< 23) }

    /// Integers below 2²² in magnitude as floats: 1.5 · 2²³ has a significand whose unit is 1.
    @inline(always)
    init(small n: IntegerLanes) {
        let unit = Lanes(repeating: 0x1.8p23)
        self = Lanes(bits: unit.bits &+ n) - unit
    }

    @inline(always)
    init(_ integers: UnsafePointer<Int32>) {
        self.init()
        for lane in 0..<Lanes.scalarCount { self[lane] = Float(integers[lane]) }
    }
}

extension Lanes {
    /// The sum of all lanes, by halves.
    @inline(always)
    var total: Float {
        #if LANES512
            let eight = lowHalf + highHalf
            let four = eight.lowHalf + eight.highHalf
        #elseif LANES256
            let four = lowHalf + highHalf
        #else
            let four = self
        #endif
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}
