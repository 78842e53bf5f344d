// One vector register of this build, and how kernels load, store and multiply it. Each build of this folder is a
// module of its own: these names are internal, and everything here is inlined, so that no instruction set leaks.

#if LANES512
    typealias Lanes = SIMD16<Float>
    /// The number of floats in one register.
    @inline(__always) var lanes: Int { 16 }
#elseif LANES256
    typealias Lanes = SIMD8<Float>
    /// The number of floats in one register.
    @inline(__always) var lanes: Int { 8 }
#else
    typealias Lanes = SIMD4<Float>
    /// The number of floats in one register.
    @inline(__always) var lanes: Int { 4 }
#endif

/// c + a·b, rounded once where the processor can. Without such an instruction `addingProduct` would become a call
/// of `fmaf` for each lane.
@inline(__always)
func accumulate(_ c: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    #if FMA || arch(arm64)
        return c.addingProduct(a, b)
    #else
        return c + a * b
    #endif
}

extension SIMD where Scalar == Float {
    @inline(__always)
    static func load(_ pointer: UnsafePointer<Float>) -> Self {
        UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
    }

    @inline(__always)
    static func load(_ pointer: UnsafeMutablePointer<Float>) -> Self {
        load(UnsafePointer(pointer))
    }

    @inline(__always)
    func store(_ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
    }
}

// The first `count` elements, `count` below the width, by halves: no element beyond them is read or written, and the
// other lanes of a vector that is loaded so are zero.

extension SIMD4<Float> {
    @inline(__always)
    static func load(_ pointer: UnsafePointer<Float>, first count: Int) -> Self {
        switch count {
        case 3: Self(pointer[0], pointer[1], pointer[2], 0)
        case 2: Self(pointer[0], pointer[1], 0, 0)
        case 1: Self(pointer[0], 0, 0, 0)
        default: Self(repeating: 0)
        }
    }

    @inline(__always)
    func store(_ pointer: UnsafeMutablePointer<Float>, first count: Int) {
        if count > 0 { pointer[0] = self[0] }
        if count > 1 { pointer[1] = self[1] }
        if count > 2 { pointer[2] = self[2] }
    }
}

extension SIMD8<Float> {
    @inline(__always)
    static func load(_ pointer: UnsafePointer<Float>, first count: Int) -> Self {
        count < 4
            ? Self(lowHalf: .load(pointer, first: count), highHalf: SIMD4(repeating: 0))
            : Self(lowHalf: .load(pointer), highHalf: .load(pointer + 4, first: count - 4))
    }

    @inline(__always)
    func store(_ pointer: UnsafeMutablePointer<Float>, first count: Int) {
        if count < 4 {
            lowHalf.store(pointer, first: count)
        } else {
            lowHalf.store(pointer)
            highHalf.store(pointer + 4, first: count - 4)
        }
    }
}

extension SIMD16<Float> {
    @inline(__always)
    static func load(_ pointer: UnsafePointer<Float>, first count: Int) -> Self {
        count < 8
            ? Self(lowHalf: .load(pointer, first: count), highHalf: SIMD8(repeating: 0))
            : Self(lowHalf: .load(pointer), highHalf: .load(pointer + 8, first: count - 8))
    }

    @inline(__always)
    func store(_ pointer: UnsafeMutablePointer<Float>, first count: Int) {
        if count < 8 {
            lowHalf.store(pointer, first: count)
        } else {
            lowHalf.store(pointer)
            highHalf.store(pointer + 8, first: count - 8)
        }
    }
}
