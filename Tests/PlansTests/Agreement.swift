import AdjointGradients
import AdjointGraphs
import AdjointPlans
import Testing

/// Deterministic numbers for tests.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// Small integers, so that every order of summation gives the same float.
    mutating func integers(_ shape: Shape, within bound: Int = 3) -> Tensor {
        Tensor(
            known: shape, .float32((0..<shape.count).map { _ in Float(Int(next() % UInt64(2 * bound + 1)) - bound) }))
    }

    /// Numbers in (−2, 2) that are away from kinks.
    mutating func reals(_ shape: Shape) -> Tensor {
        Tensor(
            known: shape,
            .float32((0..<shape.count).map { _ in Float(Double(next() >> 11) * 0x1p-53 * 4 - 2) + 0.001 }))
    }
}

/// Runs a graph as a plan on every kernel table and for 1, 2 and 3 threads, and compares with Evaluate; without a tolerance,
/// as an exact plan.
func expectAgreement(
    _ graph: Graph, _ inputs: [String: Tensor], within tolerance: Double = 0,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let expected = try graph.evaluated(inputs)
    for kernels in Machine.kernels {
        var first: [String: Tensor]?
        for workers in [one, two, three] {
            let options = PlanOptions(workers: workers, cpu: kernels, isExact: tolerance == 0)
            let plan = try graph.compiled(options: options)
            let results = try plan.results(inputs)
            for (name, tensor) in expected {
                let got = try #require(results[name], sourceLocation: sourceLocation)
                #expect(got.shape == tensor.shape, sourceLocation: sourceLocation)
                let scale = tensor.doubles.reduce(0) { max($0, $1.magnitude) }
                for (index, (a, b)) in zip(got.doubles, tensor.doubles).enumerated()
                where !(a == b || (a.isNaN && b.isNaN) || (a - b).magnitude <= tolerance * scale) {
                    Issue.record(
                        "\(kernels), \(workers.threads) threads: \(name)[\(index)] is \(a), expected \(b)\n\(plan)",
                        sourceLocation: sourceLocation)
                    return
                }
            }
            if let first {
                let isEqual = first.allSatisfy { name, tensor in
                    zip(tensor.floats, results[name]?.floats ?? []).allSatisfy { $0.bitPattern == $1.bitPattern }
                }
                #expect(isEqual, "the bits depend on the number of threads", sourceLocation: sourceLocation)
            } else {
                first = results
            }
        }
    }
}

let one = Workers(threads: 1, short: 0)
let two = Workers(threads: 2, short: 0)
let three = Workers(threads: 3, short: 0)
