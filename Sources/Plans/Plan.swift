import AdjointGraphs
import AdjointKernelTables

/// How a graph is compiled.
public struct PlanOptions: Sendable {
    /// Who does the work; plans may share workers.
    public var workers: Workers
    /// A kernel table by name (`baseline`, `avx2`, `avx512`, `neon`); the widest that the CPU has unless given.
    public var cpu: String?
    /// Whether sums keep to their definition, so that small integers give exact results. Without it a plan may choose
    /// Winograd's tiles of up to 4 × 4 outputs for Σ a·b, which add and subtract neighbours before they multiply:
    ///
    /// - A result is off by less than 1e-5 · max|a| · Σ|b|, with the sum over a result's own terms: where terms cancel that
    ///   may be more than the result itself, and a maximum may choose another of two that are nearly equal.
    /// - Nothing overflows while that product is below 1e34, nor does a below 1e36.
    /// - What is not finite makes every result that meets it, and may make others of the same tile, not finite: at most
    ///   three further on each axis. All others stay as they are.
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
    /// What runs one after the other; the first ones only when the state has changed.
    private let jobs: [Job]
    /// The same step by step, in the order of the report.
    private let steps: [Step]
    private let preparedJobs: Int
    private let isUpdating: Bool
    /// The state's changes when its preparation was done.
    private var prepared: Int?
    let arena: Arena
    let scratch: Arena
    let scratchStride: Int
    let workers: Workers
    private let tables: Tables
    let state: State?
    let inputs: [(name: String, place: Place)]
    let outputs: [(name: String, place: Place)]
    /// What it computes: the graph that it was compiled from, simplified.
    public let graph: Graph
    /// Every step with its kernel, shapes, operations and bytes.
    public let report: Report

    /// A bundle of steps, or some tasks of one.
    struct Job {
        let step: Step
        let tasks: Range<Int>
        /// What the report calls it.
        let steps: Range<Int>
        /// The memory that it may touch, and that alone in builds with the address sanitizer.
        let reach: [UnsafeRawBufferPointer]
    }

    /// - Parameters:
    ///   - updates: for outputs by name, the state tensor that they replace.
    init(
        _ graph: Graph, updates: [String: String], state: State?, options: PlanOptions
    ) throws(ArgumentError) {
        let table = try Machine.table(named: options.cpu)
        var simple = graph.simplified().writingOuterProducts().hoistingBroadcasts().distributingSums()
        if options.recomputesActivations { simple = simple.recomputingActivations() }
        let compiled = try Compilation(
            simple, table: table, isExact: options.isExact, updates: updates, state: state)
        isUpdating = !updates.isEmpty
        let preparation = Preparation(compiled.steps, buffers: compiled.buffers, isUpdating: isUpdating)
        var buffers = preparation.buffers
        func bundled(_ steps: [PendingStep]) -> [[PendingStep]] {
            Bundles(steps, buffers: buffers).all.map { $0.map { steps[$0] } }
        }
        let first = bundled(Array(preparation.steps.prefix(preparation.count)))
        let others = bundled(Array(preparation.steps.dropFirst(preparation.count)))
        let bundles = first + others
        let interleaving = Interleaving(others, buffers: buffers, threads: options.workers.threads)
        for (buffer, count) in interleaving.excerpts { buffers[buffer].count = count }
        let placement = Placement(
            buffers, bundles: first + interleaving.runs.map { Array(others[$0].joined()) })
        guard let arena = Arena(count: placement.size) else {
            throw ArgumentError("compiled", "arena", expected: "\(placement.size) floats of memory", given: "less")
        }
        let tables = Tables()
        var pointers: [UnsafeMutablePointer<Float>] = []
        for (number, buffer) in buffers.enumerated() {
            switch buffer.place {
            case .state(let memory):
                pointers.append(memory)
            case .constant(let words):
                let start = arena.base + (placement.offsets[number] ?? 0)
                for (index, word) in words.enumerated() { start[index] = Float(bitPattern: word) }
                pointers.append(start)
            case .arena:
                pointers.append(arena.base + (placement.offsets[number] ?? 0))
            }
        }
        let addresses = Addresses(pointers: pointers, tables: tables)
        let made = bundles.map { bundle in bundle.map { $0.make(addresses) } }
        var end = 0
        let whole = zip(bundles, made).map { pending, bundle in
            end += bundle.count
            let step = Step(bundle, tables)
            let reach = Set(pending.flatMap { $0.touched }).map {
                UnsafeRawBufferPointer(start: pointers[$0], count: buffers[$0].count * 4)
            }
            return Job(step: step, tasks: 0..<step.work.tasks, steps: end - bundle.count..<end, reach: reach)
        }
        jobs =
            whole.prefix(first.count)
            + interleaving.jobs.map { job in
                let bundle = whole[first.count + job.bundle]
                let step =
                    job.skipped.isEmpty
                    ? bundle.step : others[job.bundle][0].make(addresses.moved(back: job.skipped))
                return Job(step: step, tasks: job.tasks ?? bundle.tasks, steps: bundle.steps, reach: bundle.reach)
            }
        steps = Array(made.joined())
        preparedJobs = first.count
        let widest = (whole.map { $0.step.work.scratch }.max() ?? 0) + 63
        scratchStride = widest / 64 * 64
        guard let scratch = Arena(count: scratchStride / 4 * options.workers.threads) else {
            throw ArgumentError("compiled", "scratch", expected: "\(scratchStride) bytes a thread", given: "less")
        }
        let graph = compiled.graph
        inputs = graph.inputs.compactMap { input in
            if state?.storage(input.name) != nil { return nil }
            return compiled.views[input.node].map {
                (input.name, Place(shape: input.shape, type: input.type, memory: addresses.floats($0)))
            }
        }
        outputs = zip(graph.outputs, compiled.outputs).compactMap { output, view in
            view.map {
                let node = graph.nodes[output.node]
                return (output.name, Place(shape: node.shape, type: node.type, memory: addresses.floats($0)))
            }
        }
        report = Report(
            table: table.name, threads: options.workers.threads, arenaBytes: placement.size * 4,
            jobs: jobs.count,
            steps: bundles.joined().enumerated().map { number, step in
                Report.Line(
                    kernel: step.kernel, detail: step.detail, operations: step.operations, bytes: step.bytes,
                    isInexact: step.isInexact, isPrepared: number < preparation.count, nodes: step.nodes)
            })
        self.graph = graph
        self.arena = arena
        self.scratch = scratch
        self.tables = tables
        self.state = state
        workers = options.workers
    }
}

extension Plan {
    /// Runs all steps on what the slots and the state hold.
    ///
    /// - Complexity: the steps' own work; no allocation, no lock, no dictionary.
    public func execute() {
        let mode = FloatingPointMode.flushingToZero()
        for number in (isPrepared() ? preparedJobs : 0)..<jobs.count {
            run(jobs[number], jobs[number].step, jobs[number].tasks)
        }
        if isUpdating { state?.isChanged() }
        mode.restore()
    }

    /// Whether what is prepared fits the state, as it will after the next run.
    private func isPrepared() -> Bool {
        let changes = state?.changes ?? 0
        defer { prepared = changes }
        return prepared == changes
    }

    /// Runs all steps, one by one, and tells which it has worked on: none at first, then each by its number in the report,
    /// several times where steps take turns, and not at all where it has been prepared. For profiles.
    public func execute(observing observe: (_ step: Int?) -> Void) {
        let mode = FloatingPointMode.flushingToZero()
        observe(nil)
        for job in jobs[(isPrepared() ? preparedJobs : 0)...] {
            for number in job.steps {
                let step = job.steps.count > 1 ? steps[number] : job.step
                run(job, step, job.steps.count > 1 ? 0..<step.work.tasks : job.tasks)
                observe(number)
            }
        }
        if isUpdating { state?.isChanged() }
        mode.restore()
    }

    /// Runs a job's step, or one of those that it bundles.
    private func run(_ job: Job, _ step: Step, _ tasks: Range<Int>) {
        fenced(job) {
            workers.run(
                step.run, step.arguments, tasks: tasks, nanoseconds: step.nanoseconds,
                scratch: UnsafeMutableRawPointer(scratch.base), scratchStride: scratchStride)
        }
    }

    /// Runs the plan on tensors, and gives its only output.
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

    /// Runs the plan on tensors, and gives all outputs by name.
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
    ///   - updates: for outputs by name, the tensor of `state` that they replace after each run.
    ///   - state: tensors that outlive a run; inputs of their names read them.
    /// - Throws: an error that names what cannot be compiled: float64 (Evaluate computes in it), a state of another shape,
    ///   or more memory than there is.
    public func compiled(
        updating updates: [String: String] = [:], state: State? = nil, options: PlanOptions = PlanOptions()
    ) throws(ArgumentError) -> Plan {
        try Plan(self, updates: updates, state: state, options: options)
    }
}
