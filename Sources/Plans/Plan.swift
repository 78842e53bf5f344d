import AdjointGraphs
import AdjointKernelTables

/// The options with which a graph is compiled.
public struct PlanOptions: Sendable {
    /// The threads that do the work; several plans may share them.
    public var workers: Workers
    /// The name of a kernel table (`baseline`, `avx2`, `avx512`, `neon`); by default the widest that the CPU has.
    public var cpu: String?
    /// Whether sums keep to their definition, so that small integers give exact results. Without it a plan may choose
    /// Winograd's tiles of up to 4 × 4 outputs for Σ a·b, which add and subtract neighbours before they multiply:
    ///
    /// - A result is off by less than 1e-5 · max|a| · Σ|b|, with the sum over a result's own terms: where terms cancel that
    ///   may be more than the result itself, and a maximum may choose another of two that are nearly equal.
    /// - Nothing overflows while that product is below 1e34, nor does a below 1e36.
    /// - A value that is not finite makes every result that depends on it, and may make others of the same tile, not finite:
    ///   at most three further on each axis. All others stay as they are.
    public var isExact: Bool
    /// Whether activations are computed again for the gradient instead of being kept for it: less memory, a little more
    /// time, the same bits.
    public var recomputesActivations: Bool

    public init(
        workers: Workers = .standard, cpu: String? = nil, isExact: Bool = false, recomputesActivations: Bool = false
    ) {
        self.workers = workers
        self.cpu = cpu
        self.isExact = isExact
        self.recomputesActivations = recomputesActivations
    }
}

/// A graph as kernels in a fixed order over one arena. It allocates nothing while it runs, and gives the same bits for any
/// number of threads.
public final class Plan {
    /// The jobs, which run one after the other; the first ones only when the state has changed.
    private let jobs: [Job]
    /// All steps one by one, in the order of the report.
    private let steps: [Step]
    private let preparedJobs: Int
    private let isUpdating: Bool
    /// The number of the state's changes at the time of the preparation.
    private var prepared: Int?
    let arena: Arena
    let scratch: Arena
    let scratchStride: Int
    let workers: Workers
    private let tables: Tables
    let state: State?
    let inputs: [(name: String, place: Place)]
    let outputs: [(name: String, place: Place)]
    /// The graph that it computes: the one from which it was compiled, simplified.
    public let graph: Graph
    /// Every step with its kernel, shapes, operations and bytes.
    public let report: Report

    /// A bundle of steps, or some tasks of one.
    struct Job {
        let step: Step
        let tasks: Range<Int>
        /// The steps that it runs, by their numbers in the report.
        let steps: Range<Int>
        /// The memory that it may touch; builds with the address sanitizer forbid all other memory of the plan.
        let reach: [UnsafeRawBufferPointer]
    }

    /// - Parameters:
    ///   - updates: the state tensors that outputs replace, by the outputs' names.
    init(
        _ graph: Graph, updates: [String: String], state: State?, options: PlanOptions
    ) throws(ArgumentError) {
        let table = try Machine.table(named: options.cpu)
        var graph = graph.simplified().writingOuterProducts().hoistingBroadcasts().distributingSums()
        if options.recomputesActivations { graph = graph.recomputingActivations() }
        let compiled = try Compilation(graph, table: table, isExact: options.isExact, updates: updates, state: state)
        let preparation = Preparation(compiled.steps, buffers: compiled.buffers, isUpdating: !updates.isEmpty)
        var buffers = preparation.buffers
        let first = Bundles(preparation.fixed, buffers: buffers).all
        let others = Bundles(preparation.varying, buffers: buffers).all
        let turns = Turns(others, buffers: buffers, threads: options.workers.threads)
        for (buffer, count) in turns.excerpts { buffers[buffer].count = count }
        let placement = Placement(buffers, bundles: first + turns.runs.map { Array(others[$0].joined()) })
        guard let arena = Arena(count: placement.size) else {
            throw ArgumentError(
                "compiled", "the memory for its values", expected: "at most what the process may use",
                given: "\(placement.size / 250_000) MB")
        }
        let addresses = Addresses(buffers, placement, in: arena.base)
        let made = (first + others).map { bundle in bundle.map { $0.make(addresses) } }
        steps = Array(made.joined())
        jobs = Job.all(first: first, others: others, made, turns, buffers, addresses)
        preparedJobs = first.count
        let widest = (jobs.map { $0.step.work.scratch }.max() ?? 0) + 63
        scratchStride = widest / 64 * 64
        guard let scratch = Arena(count: scratchStride / 4 * options.workers.threads) else {
            throw ArgumentError("compiled", "scratch", expected: "\(scratchStride) bytes a thread", given: "less")
        }
        func place(_ view: View, _ node: Graph.Node) -> Place {
            Place(shape: node.shape, type: node.type, memory: addresses.floats(view))
        }
        inputs = graph.inputs.compactMap { input in
            if state?.storage(input.name) != nil { return nil }
            return compiled.views[input.node].map { (input.name, place($0, graph.nodes[input.node])) }
        }
        outputs = zip(graph.outputs, compiled.outputs).compactMap { output, view in
            view.map { (output.name, place($0, graph.nodes[output.node])) }
        }
        report = Report(
            table: table.name, threads: options.workers.threads, arenaBytes: placement.size * 4, jobs: jobs.count,
            steps: (first + others).joined().enumerated().map { number, step in
                Report.Line(step, isPrepared: number < preparation.fixed.count)
            })
        self.arena = arena
        self.scratch = scratch
        (self.graph, tables) = (graph, addresses.tables)
        (self.state, workers, isUpdating) = (state, options.workers, !updates.isEmpty)
    }
}

extension Plan.Job {
    /// The bundles of the preparation, then the others in their turns.
    ///
    /// - Parameter made: the steps of all bundles.
    fileprivate static func all(
        first: [[PendingStep]], others: [[PendingStep]], _ made: [[Step]], _ turns: Turns, _ buffers: [Buffer],
        _ addresses: Addresses
    ) -> [Plan.Job] {
        var end = 0
        let whole = zip(first + others, made).map { pending, bundle in
            end += bundle.count
            let step = Step(bundle, addresses.tables)
            let reach = Set(pending.flatMap { $0.touched }).map {
                UnsafeRawBufferPointer(start: addresses.pointers[$0], count: buffers[$0].count * 4)
            }
            return Plan.Job(step: step, tasks: 0..<step.work.tasks, steps: end - bundle.count..<end, reach: reach)
        }
        return whole.prefix(first.count)
            + turns.jobs.map { job in
                let bundle = whole[first.count + job.bundle]
                let step =
                    job.skipped.isEmpty
                    ? bundle.step : others[job.bundle][0].make(addresses.moved(back: job.skipped))
                return Plan.Job(
                    step: step, tasks: job.tasks ?? bundle.tasks, steps: bundle.steps, reach: bundle.reach)
            }
    }
}

extension Plan {
    /// Runs all steps on the contents of the slots and the state.
    ///
    /// - Complexity: the steps' own work; no allocation, no lock, no dictionary.
    public func execute() {
        let mode = FloatingPointMode.flushingToZero()
        for number in prepare()..<jobs.count {
            run(jobs[number], jobs[number].step, jobs[number].tasks)
        }
        if isUpdating { state?.markChanged() }
        mode.restore()
    }

    /// Notes that the preparation is going to fit the state, and returns the number of the first job that has to run: if it
    /// fits already, the first one after the preparation.
    private func prepare() -> Int {
        let changes = state?.changes ?? 0
        defer { prepared = changes }
        return prepared == changes ? preparedJobs : 0
    }

    /// Runs all steps one by one, and reports each after its work: first nil, then each by its number in the report, several
    /// times for steps that take turns, and not at all for those that are prepared already. For profiles.
    public func execute(observing observe: (_ step: Int?) -> Void) {
        let mode = FloatingPointMode.flushingToZero()
        observe(nil)
        for job in jobs[prepare()...] {
            for number in job.steps {
                let step = job.steps.count > 1 ? steps[number] : job.step
                run(job, step, job.steps.count > 1 ? 0..<step.work.tasks : job.tasks)
                observe(number)
            }
        }
        if isUpdating { state?.markChanged() }
        mode.restore()
    }

    /// Runs a job's step, or one of the steps in its bundle.
    private func run(_ job: Job, _ step: Step, _ tasks: Range<Int>) {
        fenced(job) {
            workers.run(
                step.run, step.arguments, tasks: tasks, nanoseconds: step.nanoseconds,
                scratch: UnsafeMutableRawPointer(scratch.base), scratchStride: scratchStride)
        }
    }

    /// Runs the plan on tensors, and returns its only output.
    ///
    /// - Throws: an error that names an input that is missing, unknown or of another shape, or the outputs where there are
    ///   several.
    public func run(_ tensors: [String: Tensor]) throws(ArgumentError) -> Tensor {
        guard outputs.count == 1 else {
            throw ArgumentError(
                "run", "outputs", expected: "one (use `results`)", given: joined(outputs.map { $0.name }))
        }
        try load(tensors)
        execute()
        return outputs[0].place.tensor
    }

    /// Runs the plan on tensors, and returns all outputs by name.
    public func results(_ tensors: [String: Tensor]) throws(ArgumentError) -> [String: Tensor] {
        try load(tensors)
        execute()
        var results: [String: Tensor] = [:]
        for output in outputs { results[output.name] = output.place.tensor }
        return results
    }

    private func load(_ tensors: [String: Tensor]) throws(ArgumentError) {
        for (name, place) in inputs {
            guard let tensor = tensors[name] else {
                throw error("input \"\(name)\"", place, given: "missing")
            }
            guard tensor.shape == place.shape, tensor.elementType.isFloatingPoint == place.type.isFloatingPoint else {
                throw error("input \"\(name)\"", place, given: "\(tensor.elementType.rawValue)\(tensor.shape)")
            }
        }
        for name in tensors.keys.sorted() where !inputs.contains(where: { $0.name == name }) {
            throw ArgumentError(
                "run", "inputs", expected: joined(inputs.map { $0.name }), given: "an unknown \"\(name)\"")
        }
        try graph.checkLabels(tensors, operation: "run")
        for (name, place) in inputs {
            if let tensor = tensors[name] { place.load(tensor) }
        }
    }

    private func error(_ argument: String, _ place: Place, given: String) -> ArgumentError {
        ArgumentError("run", argument, expected: "\(place.type.rawValue)\(place.shape)", given: given)
    }
}

extension Graph {
    /// Chooses kernels, layouts and memory for the graph.
    ///
    /// - Parameters:
    ///   - updates: the tensors of `state` that outputs replace after each run, by the outputs' names.
    ///   - state: tensors that outlive a run; inputs with their names read them.
    /// - Throws: an error that names what cannot be compiled: float64 (Evaluate computes in it), a state of another shape,
    ///   or more memory than there is.
    public func compiled(
        updating updates: [String: String] = [:], state: State? = nil, options: PlanOptions = PlanOptions()
    ) throws(ArgumentError) -> Plan {
        try Plan(self, updates: updates, state: state, options: options)
    }
}
