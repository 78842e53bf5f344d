/// Threefry-2x32 with 20 rounds: a bijection of 64-bit counters for each 64-bit key, so that random numbers are a
/// function of where they are used (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
package enum Threefry {
    package static func words(key: (UInt32, UInt32), counter: (UInt32, UInt32)) -> (UInt32, UInt32) {
        let rotations: [UInt32] = [13, 15, 26, 6, 17, 29, 16, 24]
        let schedule = [key.0, key.1, key.0 ^ key.1 ^ 0x1BD1_1BDA]
        var (x, y) = (counter.0 &+ schedule[0], counter.1 &+ schedule[1])
        for round in 0..<20 {
            x = x &+ y
            let rotation = rotations[round % 8]
            y = (y << rotation | y >> (32 - rotation)) ^ x
            if round % 4 == 3 {
                let injection = round / 4 + 1
                x = x &+ schedule[injection % 3]
                y = y &+ schedule[(injection + 1) % 3] &+ UInt32(injection)
            }
        }
        return (x, y)
    }

    /// The upper 24 bits of the first word over 2²⁴: in [0, 1), exact as a float.
    package static func uniform(key: (UInt32, UInt32), counter: (UInt32, UInt32)) -> Double {
        Double(words(key: key, counter: counter).0 >> 8) * 0x1p-24
    }
}
