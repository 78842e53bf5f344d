import AdjointGraphs
import AdjointKernelTables

/// How a graph is compiled.
public struct PlanOptions: Sendable {
    /// Who does the work; plans may share workers.
    public var workers: Workers
    /// A kernel table by name (`baseline`, `avx2`, `avx512`, `neon`); the widest that the CPU has unless given.
    public var cpu: String?
    /// Whether sums keep to their definition, so that small integers give exact results. Without it a plan may choose
    /// Winograd's tiles, whose results are off by less than 1e-4 of the tensor's largest value.
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
    private let arena: Arena
    private let scratch: Arena
    private let scratchStride: Int
    private let workers: Workers
    private let tables: Tables
    private let state: State?
    private let inputs: [(name: String, slot: Slot)]
    private let outputs: [(name: String, slot: Slot)]
    /// What it computes: the graph that it was compiled from, simplified.
    public let graph: Graph
    /// Every step with its kernel, shapes, operations and bytes.
    public let report: Report

    /// A bundle of steps, or some tasks of one.
    private struct Job {
        let step: Step
        let tasks: Range<Int>
        /// What the report calls it.
        let steps: Range<Int>
    }

    /// A place that the caller fills or reads: an input or an output.
    public struct Slot {
        public let shape: Shape
        public let type: ElementType
        let memory: UnsafeMutablePointer<Float>
    }

    /// - Parameters:
    ///   - updates: for outputs by name, the state tensor that they replace.
    init(
        _ graph: Graph, updates: [String: String], state: State?, options: PlanOptions
    ) throws(PlanError) {
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
            throw PlanError(
                operation: "compiled", argument: "arena", expected: "\(placement.size) floats of memory", given: "less")
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
        let whole = made.map { bundle in
            end += bundle.count
            let step = Step(bundle, tables)
            return Job(step: step, tasks: 0..<step.work.tasks, steps: end - bundle.count..<end)
        }
        jobs =
            whole.prefix(first.count)
            + interleaving.jobs.map { job in
                let bundle = whole[first.count + job.bundle]
                let step =
                    job.skipped.isEmpty
                    ? bundle.step : others[job.bundle][0].make(addresses.moved(back: job.skipped))
                return Job(step: step, tasks: job.tasks ?? bundle.tasks, steps: bundle.steps)
            }
        steps = Array(made.joined())
        preparedJobs = first.count
        let widest = (whole.map { $0.step.work.scratch }.max() ?? 0) + 63
        scratchStride = widest / 64 * 64
        guard let scratch = Arena(count: scratchStride / 4 * options.workers.threads) else {
            throw PlanError(
                operation: "compiled", argument: "scratch", expected: "\(scratchStride) bytes a thread", given: "less")
        }
        let graph = compiled.graph
        inputs = graph.inputs.compactMap { input in
            if state?.storage(input.name) != nil { return nil }
            return compiled.views[input.node].map {
                (input.name, Slot(shape: input.shape, type: input.type, memory: addresses.floats($0)))
            }
        }
        outputs = zip(graph.outputs, compiled.outputs).compactMap { output, view in
            view.map {
                let node = graph.nodes[output.node]
                return (output.name, Slot(shape: node.shape, type: node.type, memory: addresses.floats($0)))
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
        for number in (isPrepared() ? preparedJobs : 0)..<jobs.count { run(jobs[number].step, jobs[number].tasks) }
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
                run(step, job.steps.count > 1 ? 0..<step.work.tasks : job.tasks)
                observe(number)
            }
        }
        if isUpdating { state?.isChanged() }
        mode.restore()
    }

    private func run(_ step: Step, _ tasks: Range<Int>) {
        workers.run(
            step.run, step.arguments, tasks: tasks, nanoseconds: step.nanoseconds,
            scratch: UnsafeMutableRawPointer(scratch.base), scratchStride: scratchStride)
    }

    /// Runs the plan on tensors, and gives its only output.
    ///
    /// - Throws: an error that names an input that is missing, unknown or of another shape, or the outputs where there are
    ///   several.
    public func run(_ tensors: [String: Tensor]) throws(PlanError) -> Tensor {
        guard outputs.count == 1 else {
            throw PlanError(
                operation: "run", argument: "outputs", expected: "one (use `results`)",
                given: joined(outputs.map { $0.name }))
        }
        try load(tensors)
        execute()
        return read(outputs[0].slot)
    }

    /// Runs the plan on tensors, and gives all outputs by name.
    public func results(_ tensors: [String: Tensor]) throws(PlanError) -> [String: Tensor] {
        try load(tensors)
        execute()
        var results: [String: Tensor] = [:]
        for output in outputs { results[output.name] = read(output.slot) }
        return results
    }

    private func load(_ tensors: [String: Tensor]) throws(PlanError) {
        for (name, slot) in inputs {
            guard let tensor = tensors[name] else {
                throw error("input \"\(name)\"", slot, given: "missing")
            }
            guard tensor.shape == slot.shape, tensor.elementType.isFloatingPoint == slot.type.isFloatingPoint else {
                throw error("input \"\(name)\"", slot, given: "\(tensor.elementType.rawValue)\(tensor.shape)")
            }
        }
        for name in tensors.keys.sorted() where !inputs.contains(where: { $0.name == name }) {
            throw PlanError(
                operation: "run", argument: "inputs", expected: joined(inputs.map { $0.name }),
                given: "an unknown \"\(name)\"")
        }
        do throws(GraphError) { try graph.checkLabels(tensors, operation: "run") } catch {
            throw PlanError(
                operation: error.operation, argument: error.argument, expected: error.expected, given: error.given)
        }
        for (name, slot) in inputs {
            guard let tensor = tensors[name] else { continue }
            if slot.type == .int32, case .int32(let integers) = tensor.elements {
                withIntegers(slot) { memory in
                    for (index, integer) in integers.enumerated() { memory[index] = integer }
                }
            } else if slot.type == .int32 {
                withIntegers(slot) { memory in
                    for (index, number) in tensor.doubles.enumerated() { memory[index] = Int32(number) }
                }
            } else {
                withFloats(slot) { memory in
                    for (index, number) in tensor.floats.enumerated() { memory[index] = number }
                }
            }
        }
    }

    private func error(_ argument: String, _ slot: Slot, given: String) -> PlanError {
        PlanError(
            operation: "run", argument: argument, expected: "\(slot.type.rawValue)\(slot.shape)", given: given)
    }

    private func read(_ slot: Slot) -> Tensor {
        switch slot.type {
        case .float32, .float64:
            withFloats(slot) { Tensor(known: slot.shape, .float32(Array($0))) }
        case .bool:
            withFloats(slot) { memory in Tensor(known: slot.shape, .bool(memory.map { $0 != 0 })) }
        case .int32:
            withIntegers(slot) { Tensor(known: slot.shape, .int32(Array($0))) }
        }
    }

    /// The place of an input, to be filled before `execute`.
    public func slot(input name: String) throws(PlanError) -> Slot {
        for input in inputs where input.name == name { return input.slot }
        throw PlanError(
            operation: "slot", argument: "input", expected: joined(inputs.map { $0.name }), given: "\"\(name)\"")
    }

    /// The place of an output, to be read after `execute`.
    public func slot(output name: String) throws(PlanError) -> Slot {
        for output in outputs where output.name == name { return output.slot }
        throw PlanError(
            operation: "slot", argument: "output", expected: joined(outputs.map { $0.name }), given: "\"\(name)\"")
    }

    /// Lends the floats of a slot, row-major; truth values are 1 and 0.
    public func withFloats<Result>(_ slot: Slot, _ body: (UnsafeMutableBufferPointer<Float>) -> Result) -> Result {
        body(UnsafeMutableBufferPointer(start: slot.memory, count: slot.shape.count))
    }

    /// Lends the integers of an int32 slot, row-major.
    public func withIntegers<Result>(_ slot: Slot, _ body: (UnsafeMutableBufferPointer<Int32>) -> Result) -> Result {
        let memory = UnsafeMutableRawPointer(slot.memory).assumingMemoryBound(to: Int32.self)
        return body(UnsafeMutableBufferPointer(start: memory, count: slot.shape.count))
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
    ) throws(PlanError) -> Plan {
        try Plan(self, updates: updates, state: state, options: options)
    }
}
