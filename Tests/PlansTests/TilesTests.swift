import AdjointGraphs
import AdjointPlans
import Testing

/// The promises of `PlanOptions.isExact` about Winograd's tiles.
@Suite struct TilesTests {
    private static let (source, filter): (Shape, Shape) = ([4, 16, 16, 16], [16, 16, 3, 3])

    private func layer() throws -> Graph {
        try Graph { g in g.input("x", Self.source).convolved(with: g.input("w", Self.filter), padding: 1) }
    }

    private func plan(_ cpu: String) throws -> Plan {
        let plan = try layer().compiled(options: PlanOptions(workers: one, cpu: cpu))
        #expect(plan.report.steps.contains { $0.kernel.hasPrefix("winograd") }, "\(plan)")
        return plan
    }

    /// Terms that cancel, and large ones.
    @Test(arguments: [(0, 1), (1000, 1), (0x1p100, 1), (1e30, 1)] as [(Float, Float)])
    func errorsAreBounded(offset: Float, spread: Float) throws {
        var numbers = Numbers(seed: 71)
        let noise = numbers.reals(Self.source).floats
        let x = Tensor(known: Self.source, .float32(noise.map { offset + spread * $0 }))
        // Filters whose elements add up to nothing, nearly.
        let given = numbers.reals(Self.filter).floats
        let w = given.indices.map { place in
            let row = place / 144 * 144
            return given[place] - given[row..<row + 144].reduce(0, +) / 144
        }
        let inputs = ["x": x, "w": Tensor(known: Self.filter, .float32(w))]
        let graph = try layer()
        let expected = try #require(graph.evaluated(inputs)[graph.outputs[0].name]).doubles
        let largest = x.doubles.reduce(0) { max($0, $1.magnitude) }
        let sums = (0..<16).map { row in w[row * 144..<(row + 1) * 144].reduce(0.0) { $0 + Double($1.magnitude) } }
        for cpu in Machine.kernels {
            let got = try plan(cpu).run(inputs).doubles
            for (place, (a, b)) in zip(got, expected).enumerated() {
                let bound = 1e-5 * largest * sums[place / 256 % 16]
                guard (a - b).magnitude <= bound else {
                    Issue.record("\(cpu): [\(place)] is \(a), expected \(b) within \(bound)")
                    return
                }
            }
        }
    }

    @Test(arguments: [Float.infinity, -.infinity, .nan])
    func whatIsNotFiniteStaysNear(value: Float) throws {
        var numbers = Numbers(seed: 72)
        let (x, w) = (numbers.reals(Self.source), numbers.reals(Self.filter))
        for cpu in Machine.kernels {
            let plan = try plan(cpu)
            let clean = try plan.run(["x": x, "w": w]).floats
            for (y, x0) in [(0, 0), (3, 4), (7, 9), (15, 15), (8, 11)] {
                var floats = x.floats
                floats[(2 * 16 + 5) * 256 + y * 16 + x0] = value
                let got = try plan.run(["x": Tensor(known: Self.source, .float32(floats)), "w": w]).floats
                for place in got.indices {
                    let distance = max(abs(place / 16 % 16 - y), abs(place % 16 - x0))
                    let (isImage, isMet) = (place / 4096 == 2, distance <= 1)
                    if isImage, isMet { #expect(!got[place].isFinite, "\(cpu): \(place)") }
                    if isImage, distance <= 4 { continue }
                    #expect(got[place].bitPattern == clean[place].bitPattern, "\(cpu): \(place)")
                }
            }
        }
    }
}
