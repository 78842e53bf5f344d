/// Threefry-2x32 with 20 rounds: a bijection of 64-bit counters for each 64-bit key, so that random numbers are a
/// function of where they are used (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
package enum Threefry {
    package static func words(key: (UInt32, UInt32), counter: (UInt32, UInt32)) -> (UInt32, UInt32) {
        var schedule = (key.0, key.1, key.0 ^ key.1 ^ 0x1BD1_1BDA)
        var (x, y) = (counter.0 &+ schedule.0, counter.1 &+ schedule.1)
        func round(_ rotation: UInt32) {
            x = x &+ y
            y = (y << rotation | y >> (32 - rotation)) ^ x
        }
        for injection in UInt32(1)...5 {
            let rotations: (UInt32, UInt32, UInt32, UInt32) = injection % 2 == 1 ? (13, 15, 26, 6) : (17, 29, 16, 24)
            round(rotations.0)
            round(rotations.1)
            round(rotations.2)
            round(rotations.3)
            schedule = (schedule.1, schedule.2, schedule.0)
            x = x &+ schedule.0
            y = y &+ schedule.1 &+ injection
        }
        return (x, y)
    }

    /// The upper 24 bits of the first word over 2²⁴: in [0, 1), exact as a float.
    package static func uniform(key: (UInt32, UInt32), counter: (UInt32, UInt32)) -> Double {
        Double(words(key: key, counter: counter).0 >> 8) * 0x1p-24
    }
}
