import AdjointGraphs
import AdjointModels
import AdjointPlans
import Testing

@testable import AdjointCommands

/// The layer to which the time of each kernel is assigned.
@Suite struct ProfileTests {
    private let limits = Limits(multiplyAdd: 100, memory: [(1e6, 50), (1e9, 10)])

    private func profile(_ network: Network) throws -> Profile {
        let training = try Training(network, optimizer: .sgd(momentum: 0.9), schedule: Schedule(0.1))
        return Profile(try training.plan(batch: 2))
    }

    private func rows(_ profile: Profile) -> [Profile.Row] {
        profile.rows(profile.plan.report.steps.map { _ in 0.5 }, limits: limits)
    }

    @Test("every layer has its parts, and the first needs no dX") func parts() throws {
        let rows = rows(try profile(try Zoo.lenet5()))
        func parts(of layer: String) -> [String] { rows.filter { $0.layer == layer }.map { $0.part.rawValue } }
        #expect(parts(of: "conv1") == ["forward", "dW"])
        for layer in ["conv2", "fc1", "fc2", "fc3"] { #expect(parts(of: layer) == ["forward", "dX", "dW"]) }
        #expect(parts(of: "max_pool t3") == ["forward", "dX"])
        #expect(parts(of: "optimizer") == ["forward"])
        #expect(parts(of: "other") == [])
        #expect(rows.first?.layer == "conv1")
    }

    @Test("nothing is lost or counted twice") func sums() throws {
        let network = try Network("residual", input: [3, 8, 8], classes: 4) {
            Convolution(8, kernel: 3, padding: 1, bias: false)
            BatchNorm()
            ReLU()
            Residual {
                Convolution(8, kernel: 3, padding: 1, bias: false)
                BatchNorm()
                ReLU()
            }
            GlobalAveragePool()
            Flatten()
            Linear(4)
        }
        let profile = try profile(network)
        let (rows, steps) = (rows(profile), profile.plan.report.steps)
        #expect(rows.reduce(0) { $0 + $1.seconds } == 0.5 * Double(steps.count))
        #expect(rows.reduce(0) { $0 + $1.operations } == steps.reduce(0) { $0 + $1.operations })
        #expect(!rows.contains { $0.layer == "other" }, "\(rows.filter { $0.layer == "other" })")
    }

    @Test("the roofline takes what is slower") func roofline() {
        #expect(limits.arithmetic(200_000_000_000) == 2)
        #expect(limits.movement(1_000_000) == 1e6 / 50e9)
        #expect(limits.movement(2_000_000) == 2e6 / 10e9)
        #expect(limits.movement(2_000_000_000) == 2e9 / 10e9)
    }
}
