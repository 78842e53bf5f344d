/// Files damaged in a reproducible way: flipped bits, overwritten, inserted, removed and repeated bytes.
public struct Mutations {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number of 0 or more, and below a bound above 0.
    public mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// One to four damages, most of them among the first bytes, where the headers are.
    public mutating func damaged(_ bytes: [UInt8], head: Int = 200) -> [UInt8] {
        var bytes = bytes
        for _ in 0...next(below: 4) where !bytes.isEmpty {
            let place = next(below: next(below: 4) == 0 ? bytes.count : min(head, bytes.count))
            switch next(below: 7) {
            case 0: bytes[place] ^= 1 << UInt8(next(below: 8))
            case 1: bytes[place] = UInt8(next(below: 256))
            case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF, 0x30, 0x39, 0x2D, 0x22][next(below: 8)]
            case 3: bytes.insert(UInt8(next(below: 256)), at: place)
            case 4: bytes.remove(at: place)
            case 5: bytes.removeSubrange(place...)
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 8)], at: place)
            }
        }
        return bytes
    }
}
