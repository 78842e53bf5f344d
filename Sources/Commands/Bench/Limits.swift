import AdjointGraphs
import AdjointPlans

/// The limits of a machine's speed: its roofline.
struct Limits {
    /// The rate of multiply-adds on numbers in registers, in GFLOP/s.
    let multiplyAdd: Double
    /// The rate of a = b + s·c in GB/s, by the bytes of its three arrays, from few to many: caches first, then memory.
    let memory: [(bytes: Double, rate: Double)]

    /// The limits as measured now, on as many threads as the plans that are compared with them.
    ///
    /// - Parameter seconds: how long each figure is measured.
    init(options: PlanOptions, seconds: Double) throws {
        multiplyAdd = try Limits.multiplyAdd(options: options, seconds: seconds)
        memory = try [0.25, 4, 64].map { mebibytes in
            let count = Int(mebibytes * 1024 * 1024 / 4)
            let graph = try Graph { g in g.input("b", [count]) + 3 * g.input("c", [count]) }
            let plan = try graph.compiled(options: options)
            let timing = Timing(seconds: seconds) { plan.execute() }
            return (12 * Double(count), 12 * Double(count) / timing.best / 1e9)
        }
    }

    init(multiplyAdd: Double, memory: [(bytes: Double, rate: Double)]) {
        (self.multiplyAdd, self.memory) = (multiplyAdd, memory)
    }

    /// The rate of multiply-adds on numbers in registers, in GFLOP/s.
    static func multiplyAdd(options: PlanOptions, seconds: Double = 0.3) throws -> Double {
        var operations = 0
        let timing = Timing(seconds: seconds) {
            operations = (try? Machine.multiplyAdd(rounds: 40_000, options: options)) ?? 0
        }
        return Double(operations) / timing.best / 1e9
    }

    /// The fewest seconds that the multiplications and additions of a step can take.
    func arithmetic(_ operations: Int) -> Double { Double(operations) / multiplyAdd / 1e9 }

    /// The fewest seconds in which this many bytes can be moved, at the rate measured for arrays of this size or more.
    func movement(_ bytes: Int) -> Double {
        guard let largest = memory.last else { return 0 }
        return Double(bytes) / (memory.first { Double(bytes) <= $0.bytes } ?? largest).rate / 1e9
    }
}
