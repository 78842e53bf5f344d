import AdjointGraphs
import AdjointPlans

/// The options with which a plan is compiled.
struct Setting: Hashable, CustomStringConvertible {
    var table: String
    var threads: Int
    var isExact: Bool
    var recomputes = false

    var description: String {
        "\(table), \(threads) thread\(threads == 1 ? "" : "s")" + (isExact ? ", exact" : "")
            + (recomputes ? ", recompute" : "")
    }

    static let workers = [1, 2, 3].map { Workers(threads: $0, short: 0) }

    var options: PlanOptions {
        PlanOptions(workers: Self.workers[threads - 1], cpu: table, isExact: isExact, recomputesActivations: recomputes)
    }
}

/// One case under several settings, against the reference and against each other.
struct Trial {
    let problem: Problem
    private let first: Reference
    private let second: Reference
    /// The number of elements that were summed alone, and of those that were compared.
    private(set) var summed = 0
    private(set) var compared = 0
    /// The kernels that ran, by table, and other optimizations that occurred.
    private(set) var met: Set<String> = []

    init(_ problem: Problem, seed: UInt64) throws {
        self.problem = problem
        first = try Reference(problem.graph, problem.inputs, isIntegral: problem.isIntegral, seed: seed)
        var inputs = problem.others
        for (output, state) in problem.updates {
            guard let shape = problem.inputs[state]?.shape, let floats = first.outputs[output] else { continue }
            inputs[state] = Tensor(known: shape, .float32(floats))
        }
        second = try Reference(problem.graph, inputs, isIntegral: problem.isIntegral, seed: seed &+ 1)
        summed = first.summed + second.summed
    }

    /// - Throws: the first difference.
    mutating func run(_ settings: [Setting]) throws {
        var bits: [Setting: [String: [Float]]] = [:]
        for setting in settings {
            let results = try run(setting)
            let key = Setting(table: setting.table, threads: 1, isExact: setting.isExact)
            guard let others = bits[key] else {
                bits[key] = results
                continue
            }
            for name in results.keys.sorted() {
                guard let a = results[name], let b = others[name] else { continue }
                let places = a.indices.filter { a[$0].bitPattern != b[$0].bitPattern && !(a[$0].isNaN && b[$0].isNaN) }
                guard let place = places.first else { continue }
                throw Difference(
                    "\(setting): \(name)[\(place)] is \(a[place]), with other threads or kept activations \(b[place]); "
                        + "\(places.count) of \(a.count) have other bits")
            }
        }
    }

    private mutating func run(_ setting: Setting) throws -> [String: [Float]] {
        let graph = problem.graph
        let held =
            try problem.states.isEmpty
            ? nil : State(problem.states.map { ($0, problem.inputs[$0] ?? Tensor(scalar: 0)) })
        let plan = try graph.compiled(updating: problem.updates, state: held, options: setting.options)
        note(plan, setting)
        func given(_ inputs: [String: Tensor]) -> [String: Tensor] {
            inputs.filter { !problem.states.contains($0.key) }
        }
        if problem.updates.isEmpty {
            // Values that a run leaves behind must not matter to the next.
            let nothing = given(problem.inputs).mapValues { tensor in
                tensor.elementType == .float32
                    ? Tensor(known: tensor.shape, .float32([Float](repeating: .nan, count: tensor.count))) : tensor
            }
            _ = try plan.results(nothing)
        }
        var results: [String: [Float]] = [:]
        func take(_ outputs: [String: Tensor], _ reference: Reference, _ run: String) throws {
            var found = outputs.mapValues { $0.floats }
            for (output, state) in problem.updates { found[output] = held?.tensor(named: state)?.floats }
            for output in graph.outputs {
                guard let got = found[output.name], let expected = reference.outputs[output.name] else {
                    throw Difference("\(setting): output \(output.name) is missing")
                }
                compared += got.count
                results[output.name + run] = got
                let isExact = setting.isExact && reference.isExact[output.name] == true
                if problem.unstable.contains(output.name), run != "" || !isExact { continue }
                // After a step, numbers are no longer kept away from kinks.
                let isMoved = run != "" && !problem.updates.isEmpty
                let hasKinks =
                    problem.hasKinks || problem.isIntegral && (isMoved || reference.isExact[output.name] != true)
                if let margins = reference.margins[output.name] {
                    // Of nearly equal numbers either may be the largest.
                    let near = isMoved && problem.hasKinks ? 0.1 : 2 * problem.share
                    let undecided = Float(margins.count { $0 <= near })
                    if let (a, b) = zip(got, expected).first(where: { !(($0 - $1).magnitude <= undecided) }) {
                        throw Difference(
                            "\(setting)\(run): \(output.name) is \(a), expected \(b), and of \(margins.count) choices "
                                + "\(Int(undecided)) are between nearly equal numbers")
                    }
                    continue
                }
                try compare(
                    got, expected, isExact: isExact, hasKinks: hasKinks, scale: reference.scales[output.name] ?? 1,
                    "\(setting)\(run): \(output.name)")
            }
        }
        try take(try plan.results(given(problem.inputs)), first, "")
        if !problem.states.isEmpty, problem.updates.isEmpty {
            for state in problem.states { if let tensor = problem.others[state] { try held?.set(state, to: tensor) } }
        }
        if problem.unstable.isEmpty || problem.updates.isEmpty {
            try take(try plan.results(given(problem.others)), second, ", second run")
        }
        return results
    }

    private func compare(
        _ got: [Float], _ expected: [Float], isExact: Bool, hasKinks: Bool, scale: Double, _ what: String
    ) throws {
        let allowed = isExact ? 0 : Float(problem.share * scale) + 0x1p-110
        var (count, squares) = (0, 0.0)
        var worst = (place: 0, distance: Float(-1))
        for place in got.indices {
            let (a, b) = (got[place], expected[place])
            if a == b { continue }
            let distance = (a - b).magnitude
            if distance <= allowed || a.isNaN && b.isNaN { continue }
            count += 1
            squares += Double(distance) * Double(distance)
            if !(distance <= worst.distance) { worst = (place, distance) }
        }
        if count == 0 || !isExact && hasKinks && (squares / Double(got.count)).squareRoot() <= 0.1 * scale { return }
        throw Difference(
            "\(what)[\(worst.place)] is \(got[worst.place]), expected \(expected[worst.place]); \(count) of \(got.count) "
                + (isExact ? "differ" : "are off by more than \(allowed)"))
    }

    private mutating func note(_ plan: Plan, _ setting: Setting) {
        for step in plan.report.steps {
            met.insert(step.kernel)
            if step.isPrepared { met.insert("prepared \(step.kernel)") }
            if step.detail.contains("in registers") { met.insert("in registers") }
        }
        met.insert(setting.table)
        if plan.report.jobs > plan.report.steps.count { met.insert("turns") }
        if setting.recomputes { met.insert("recompute") }
        if !problem.updates.isEmpty { met.insert("updates") }
    }
}

extension Dice {
    /// Settings for a case: on every table or all but one, exactly and not, and on other numbers of threads, at times recomputing.
    /// Those of a table are the same on every machine that has it.
    mutating func settings(_ kind: Case.Kind) -> [Setting] {
        let omitted = chance(0.5) ? int(0...2) : nil
        let names = Machine.kernels
        return (0..<3).flatMap { number -> [Setting] in
            let table = names[min(number, names.count - 1)]
            var settings = [
                Setting(table: table, threads: 1, isExact: true), Setting(table: table, threads: 1, isExact: false),
                Setting(table: table, threads: int(2...3), isExact: false),
            ]
            if chance(0.3) { settings.append(Setting(table: table, threads: int(2...3), isExact: true)) }
            if kind != .layers {
                settings.append(Setting(table: table, threads: int(1...3), isExact: true, recomputes: true))
                if chance(0.5) {
                    settings.append(Setting(table: table, threads: int(1...3), isExact: false, recomputes: true))
                }
            }
            return number < names.count && (number != omitted || names.count == 1) ? settings : []
        }
    }
}
