import AdjointGraphs
import AdjointKernelTables

/// A graph as pending steps, with its outputs where the caller expects them: row-major, or in a state's own memory.
struct Compilation {
    let graph: Graph
    let buffers: [Buffer]
    let steps: [PendingStep]
    let views: [View?]
    /// Where each output lies; nil for those that update a state.
    let outputs: [View?]

    init(
        _ graph: Graph, table: KernelTable, isExact: Bool, updates: [String: String], state: State?
    ) throws(PlanError) {
        let replacing = graph.outputs.filter { updates[$0.name] != nil }.map { $0.node }
        let lowering = try Lowering(graph, table: table, isExact: isExact, state: state, updates: Set(replacing))
        for name in updates.keys.sorted() where graph.output(named: name) == nil {
            throw PlanError(
                operation: "compiled", argument: "updating", expected: joined(graph.outputs.map { $0.name }),
                given: "an unknown output \"\(name)\"")
        }
        // Updates come last: every other output reads the state as it was.
        var outputs: [View?] = []
        for output in graph.outputs {
            lowering.nodes = [output.node]
            if updates[output.name] != nil {
                outputs.append(nil)
                continue
            }
            outputs.append(lowering.output(output.node))
        }
        for output in graph.outputs {
            guard let name = updates[output.name] else { continue }
            lowering.nodes = [output.node]
            guard let storage = state?.storage(name), storage.shape == graph.nodes[output.node].shape else {
                throw PlanError(
                    operation: "compiled", argument: "updating \"\(output.name)\"",
                    expected: "a state tensor of shape \(graph.nodes[output.node].shape)", given: "\"\(name)\"")
            }
            lowering.update(name, storage.memory, with: output.node)
        }
        self.graph = graph
        self.outputs = outputs
        buffers = lowering.buffers
        steps = lowering.steps
        views = lowering.views
    }
}

extension Lowering {
    /// An output in memory of its own that stays as it is until the next run.
    fileprivate func output(_ node: Int) -> View {
        var result = rowMajor(view(node))
        var isInput = false
        if case .input = graph.nodes[node].primitive { isInput = true }
        let isPart = result.offset != 0 || buffers[result.buffer].count != result.count
        var isShared = false
        if case .arena = buffers[result.buffer].place {} else { isShared = true }
        if isInput || isPart || isShared {
            let own = allocate(result.sizes)
            copy(result, to: own)
            result = own
        }
        keep(result.buffer)
        return result
    }

    /// Writes a value over a state: in place where the step that computes it may, else by a copy at the end.
    fileprivate func update(_ name: String, _ memory: UnsafeMutablePointer<Float>, with node: Int) {
        let value = view(node)
        if let target = stateBuffer(name), mayReplace(target, value) {
            moveToState(value.buffer, memory)
            return
        }
        let target = View.rowMajor(stateBuffer(name) ?? buffer(value.count, .state(memory)), sizes: value.sizes)
        // The value may itself be a view of another state that an earlier update has replaced; a plan's updates are
        // therefore all computed into arena memory first, which `dense` guarantees for everything but inputs.
        copy(value, to: target)
    }

    /// Whether a computed value may lie in a state's memory from the start: nobody reads the state after the step that
    /// computes the value, and that step reads each element just before it writes it.
    private func mayReplace(_ state: Int, _ value: View) -> Bool {
        guard case .arena(isKept: false) = buffers[value.buffer].place, value.offset == 0, value.isRowMajor,
            buffers[value.buffer].count == value.count
        else { return false }
        let writers = steps.indices.filter { steps[$0].writes.contains(value.buffer) }
        guard writers.count == 1, steps[writers[0]].kernel == "pointwise" else { return false }
        let writer = writers[0]
        guard steps.indices.allSatisfy({ $0 <= writer || !steps[$0].reads.contains(state) }) else { return false }
        return !steps[writer].reads.contains(state) || steps[writer].donors.contains(state)
    }
}
