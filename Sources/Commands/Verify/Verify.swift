import AdjointGraphs
import AdjointPlans

private let folder = Operand("DIR", "a folder, or a manifest in one", .text("a folder"))

extension Command {
    static let verify = Command(
        name: "verify", summary: "checks Adjoint against results that other programs computed",
        subcommands: [
            Command(
                name: "cases", summary: "layers and their first and second derivatives", operands: [folder]
            ) { arguments in
                try Verification().run(try LayerVerification.checks(in: arguments[folder]))
            },
            Command(
                name: "nets", summary: "networks: losses, every gradient, and steps of the optimizers",
                operands: [folder]
            ) { arguments in
                try Verification().run(try NetVerification.checks(in: arguments[folder]))
            },
        ])
}

/// One thing to be checked: its name, and what is found wrong with it.
struct Check {
    let name: String
    /// - Returns: one sentence for everything that is not as it should be.
    let failures: (Verification) throws -> [String]
}

/// The ways in which a graph is run: by Evaluate in Double, and as a plan on every kernel table of this CPU.
struct Verification {
    enum Engine: CustomStringConvertible {
        case evaluate
        case plan(kernels: String, isExact: Bool)

        var type: ElementType { if case .evaluate = self { .float64 } else { .float32 } }

        var description: String {
            switch self {
            case .evaluate: "Evaluate in Double"
            case .plan(let kernels, let isExact): "\(isExact ? "exact plan" : "plan") on \(kernels)"
            }
        }

        func run(_ graph: Graph, _ inputs: [String: Tensor]) throws -> [String: Tensor] {
            switch self {
            case .evaluate: try graph.evaluated(inputs)
            case .plan(let kernels, let isExact):
                try graph.compiled(options: PlanOptions(cpu: kernels, isExact: isExact)).results(inputs)
            }
        }
    }

    let engines: [Engine] =
        [.evaluate]
        + Machine.kernels.flatMap { kernels in
            [true, false].map { .plan(kernels: kernels, isExact: $0) }
        }

    /// Runs all checks: a line for every failure, and at the end how many passed and failed.
    ///
    /// - Throws: where one failed, or there is none.
    func run(_ checks: [Check]) throws {
        var (passed, failed) = (0, 0)
        var bar = ProgressBar(total: checks.count, unit: "checks")
        for (number, check) in checks.enumerated() {
            let failures: [String]
            do {
                failures = try check.failures(self)
            } catch {
                failures = ["\(error)"]
            }
            for failure in failures { bar.print("\(check.name): \(failure)") }
            if failures.isEmpty { passed += 1 } else { failed += 1 }
            bar.update(done: number + 1, label: "verifying", detail: check.name)
        }
        bar.clear()
        print("\(passed) passed, \(failed) failed")
        if failed > 0 || passed == 0 {
            throw CommandFailure.failed(
                failed > 0 ? "\(failed) of \(checks.count) checks failed" : "there was nothing to check")
        }
    }
}

/// The element of a tensor that is farthest from what it should be.
struct Deviation {
    let index: [Int]
    let got: Double
    let expected: Double

    /// - Parameter allowed: how far an element may be from the expected one.
    /// - Returns: nil where all are near enough.
    init?(_ got: Tensor, from expected: Tensor, allowed: (Double) -> Double) {
        var worst: (place: Int, excess: Double)?
        let (given, wanted) = (got.doubles, expected.doubles)
        for place in wanted.indices where given[place] != wanted[place] {
            let distance = (given[place] - wanted[place]).magnitude
            let excess = distance.isNaN ? .infinity : distance - allowed(wanted[place])
            if excess > 0, excess > (worst?.excess ?? 0) { worst = (place, excess) }
        }
        guard let worst else { return nil }
        index = expected.shape.strides.enumerated().map { axis, stride in
            worst.place / stride % max(1, expected.shape[axis])
        }
        self.got = given[worst.place]
        self.expected = wanted[worst.place]
    }
}
