import AdjointGraphs
import AdjointKernelTables

/// A graph as pending steps, with its outputs where the caller expects them: row-major, or in a state's own memory.
struct Compilation {
    let graph: Graph
    let buffers: [Buffer]
    let steps: [PendingStep]
    let views: [View?]
    /// The place of each output; nil for those that update a state.
    let outputs: [View?]

    init(
        _ graph: Graph, table: KernelTable, isExact: Bool, updates: [String: String], state: State?
    ) throws(ArgumentError) {
        let replacing = graph.outputs.filter { updates[$0.name] != nil }.map { $0.node }
        let lowering = try Lowering(graph, table: table, isExact: isExact, state: state, updates: Set(replacing))
        for name in updates.keys.sorted() where graph.output(named: name) == nil {
            throw ArgumentError(
                "compiled", "updating", expected: joined(graph.outputs.map { $0.name }),
                given: "an unknown output \"\(name)\"")
        }
        let replaced = updates.keys.sorted().map { (output: $0, state: updates[$0] ?? "") }
        for (place, update) in replaced.enumerated() {
            guard let twin = replaced.prefix(place).first(where: { $0.state == update.state }) else { continue }
            throw ArgumentError(
                "compiled", "updating", expected: "one output for each state",
                given: "\"\(twin.output)\" and \"\(update.output)\" for \"\(update.state)\"")
        }
        // Updates come last: every output reads the states as they were.
        outputs = graph.outputs.map { output in
            lowering.nodes = [output.node]
            return updates[output.name] == nil ? lowering.output(output.node) : nil
        }
        let values = graph.outputs.map { output in
            lowering.nodes = [output.node]
            return updates[output.name].map { lowering.kept(output.node, replacing: $0) }
        }
        for (output, value) in zip(graph.outputs, values) {
            guard let name = updates[output.name], let value else { continue }
            lowering.nodes = [output.node]
            guard let storage = state?.storage(name), storage.shape == graph.nodes[output.node].shape else {
                throw ArgumentError(
                    "compiled", "updating \"\(output.name)\"",
                    expected: "a state tensor of shape \(graph.nodes[output.node].shape)", given: "\"\(name)\"")
            }
            lowering.update(name, storage.memory, with: value)
        }
        self.graph = graph
        buffers = lowering.buffers
        steps = lowering.steps
        views = lowering.views
    }
}

extension Lowering {
    /// An output in memory of its own, which does not change until the next run.
    fileprivate func output(_ node: Int) -> View {
        var result = rowMajor(view(node))
        let isInput = if case .input = graph.nodes[node].primitive { true } else { false }
        let isPart = result.offset != 0 || buffers[result.buffer].count != result.count
        let isShared = if case .arena = buffers[result.buffer].place { false } else { true }
        if isInput || isPart || isShared {
            let own = allocate(result.sizes)
            copy(result, to: own)
            result = own
        }
        keep(result.buffer)
        return result
    }

    /// The value of an update in memory that no update overwrites: a value in the memory of a state (as when two are
    /// swapped) is copied before any state is written, unless it is the same state's.
    fileprivate func kept(_ node: Int, replacing name: String) -> View {
        let value = view(node)
        guard case .state = buffers[value.buffer].place, value.buffer != stateBuffer(name) || !isWhole(value) else {
            return value
        }
        let own = allocate(value.sizes)
        copy(value, to: own)
        return own
    }

    private func isWhole(_ value: View) -> Bool {
        value.offset == 0 && value.isRowMajor && buffers[value.buffer].count == value.count
    }

    /// Writes a value over a state: in place where the step that computes it can do that, else by a copy at the end.
    fileprivate func update(_ name: String, _ memory: UnsafeMutablePointer<Float>, with value: View) {
        if value.buffer == stateBuffer(name) { return }
        if let target = stateBuffer(name), mayReplace(target, value) {
            moveToState(value.buffer, memory)
            return
        }
        let target = View.rowMajor(stateBuffer(name) ?? buffer(value.count, .state(memory)), sizes: value.sizes)
        copy(value, to: target)
    }

    /// Whether a computed value may be in a state's memory from the start: no step reads the state after the one that computes
    /// the value, and that step reads each element just before it writes it.
    private func mayReplace(_ state: Int, _ value: View) -> Bool {
        guard case .arena(isKept: false) = buffers[value.buffer].place, isWhole(value) else { return false }
        let writers = steps.indices.filter { steps[$0].writes.contains(value.buffer) }
        guard writers.count == 1, steps[writers[0]].isPointwise else { return false }
        let writer = writers[0]
        guard steps.indices.allSatisfy({ $0 <= writer || !steps[$0].reads.contains(state) }) else { return false }
        return !steps[writer].reads.contains(state) || steps[writer].donors.contains(state)
    }
}
