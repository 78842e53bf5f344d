import AdjointGraphs
import AdjointKernelTables

/// A graph while it is turned into steps: the buffers and steps so far, and the place of each node's value.
///
/// The files beside this one choose, for each family of primitives, the kernel for a node.
final class Lowering {
    let graph: Graph
    let table: KernelTable
    let isExact: Bool
    let fusion: Fusion
    let state: State?
    private(set) var buffers: [Buffer] = []
    private(set) var steps: [PendingStep] = []
    private(set) var views: [View?]
    /// For each node, whether it is the same in every run: it depends only on constants and a state that the plan does not
    /// change.
    let isFixed: [Bool]
    /// Copies that exist already, so that several consumers share them.
    private var copies: [View: View] = [:]
    private var bufferOfState: [String: Int] = [:]
    /// The nodes that the next steps compute.
    var nodes: [Int] = []

    /// - Parameter updates: the nodes that replace states.
    init(
        _ graph: Graph, table: KernelTable, isExact: Bool, state: State?, updates: Set<Int>
    ) throws(ArgumentError) {
        self.graph = graph
        self.table = table
        self.isExact = isExact
        self.state = state
        fusion = Fusion(graph, updates: updates)
        views = [View?](repeating: nil, count: graph.nodes.count)
        var isFixed = [Bool](repeating: false, count: graph.nodes.count)
        if updates.isEmpty {
            for (index, node) in graph.nodes.enumerated() {
                if case .input(let name) = node.primitive {
                    isFixed[index] = state?.storage(name) != nil
                } else {
                    isFixed[index] = node.operands.allSatisfy { isFixed[$0] }
                }
            }
        }
        self.isFixed = isFixed
        for (index, node) in graph.nodes.enumerated() {
            guard node.type != .float64 else {
                throw ArgumentError(
                    "compiled", "node \(index) (\(node.primitive.name))",
                    expected: "float32 (Evaluate computes in Double)", given: "float64")
            }
            guard node.shape.rank <= maximumAxes else {
                throw ArgumentError(
                    "compiled", "node \(index) (\(node.primitive.name))", expected: "at most \(maximumAxes) axes",
                    given: "\(node.shape)")
            }
        }
        for unit in fusion.units {
            switch unit {
            case .node(let index):
                nodes = [index]
                try lower(index)
            case .pass(let pass):
                nodes = Set(pass.members + pass.roots).sorted()
                evaluate(pass)
            }
        }
    }

    private func lower(_ index: Int) throws(ArgumentError) {
        let node = graph.nodes[index]
        switch node.primitive {
        case .input(let name):
            views[index] = try input(name, node)
        case .constant(let tensor):
            views[index] = constant(tensor)
        case .random(let shape, let stream):
            views[index] = random(node, shape, stream: stream)
        case .stop:
            views[index] = view(node.operands[0])
        case .pointwise, .convert, .reduction:
            preconditionFailure("node \(index) belongs to a pass")
        case .movement(let movement):
            views[index] = moved(node, movement)
        case .contraction(let contraction):
            views[index] = contracted(node, contraction)
        case .convolution(let convolution):
            views[index] = convolved(node, convolution)
        case .pooling(let pooling):
            // The choice of a max pool has also placed the elements that are gathered by it.
            if views[index] == nil { pool(index, pooling) }
        }
    }

    /// The place of an operand. Every node that is needed in memory has been lowered by then.
    func view(_ node: Int) -> View {
        guard let view = views[node] else { preconditionFailure("node \(node) was fused away but is read from memory") }
        return view
    }

    func place(_ node: Int, at view: View) { views[node] = view }

    // MARK: Buffers

    func buffer(_ count: Int, _ place: Buffer.Place = .arena(isKept: false)) -> Int {
        buffers.append(Buffer(count: count, place: place))
        provisional.pointers.append(provisionalMemory)
        return buffers.count - 1
    }

    /// A new buffer, with its axes in this order in memory.
    func allocate(_ sizes: [Int], order: [Int]? = nil) -> View {
        let count = sizes.reduce(1, *)
        return .dense(buffer(count), sizes: sizes, order: order ?? Array(sizes.indices))
    }

    /// Makes a buffer stay unchanged until the next run.
    func keep(_ buffer: Int) {
        if case .arena = buffers[buffer].place { buffers[buffer].place = .arena(isKept: true) }
    }

    func moveToState(_ buffer: Int, _ memory: UnsafeMutablePointer<Float>) { buffers[buffer].place = .state(memory) }

    private func input(_ name: String, _ node: Graph.Node) throws(ArgumentError) -> View {
        if let storage = state?.storage(name) {
            guard storage.shape == node.shape, node.type == .float32 else {
                throw ArgumentError(
                    "compiled", "state \"\(name)\"", expected: "float32\(node.shape)", given: "float32\(storage.shape)")
            }
            let number = bufferOfState[name] ?? buffer(node.shape.count, .state(storage.memory))
            bufferOfState[name] = number
            return .rowMajor(number, sizes: node.shape.sizes)
        }
        return .rowMajor(buffer(node.shape.count, .arena(isKept: true)), sizes: node.shape.sizes)
    }

    /// The buffer of a state that the graph reads.
    func stateBuffer(_ name: String) -> Int? { bufferOfState[name] }

    func constant(_ tensor: Tensor) -> View {
        let words: [UInt32] =
            if case .int32(let integers) = tensor.elements {
                integers.map { UInt32(bitPattern: $0) }
            } else {
                tensor.floats.map { $0.bitPattern }
            }
        return .rowMajor(buffer(words.count, .constant(words)), sizes: tensor.shape.sizes)
    }

    // MARK: Steps

    /// Appends a step. The work's size is asked for with addresses that are not the final ones, since it depends on shapes
    /// alone.
    func emit<Arguments>(
        _ routine: Routine<Arguments>, _ kernel: String, _ detail: String, operations: Int = 0,
        reads: [View], writes: [View], donors: [Int] = [], isInexact: Bool = false, isPointwise: Bool = false,
        batch: Int? = nil, _ arguments: @escaping (Addresses) -> Arguments
    ) {
        var draft = arguments(provisional)
        let work = routine.work(&draft)
        // For very many tasks, such as thin rows by the million, listing their images would take longer than the work.
        let progress = (work.tasks <= 1 << 16 ? batch : nil).flatMap { batch in
            routine.images.flatMap { images in
                let views = reads + writes
                let others = Set(views.filter { !isWalked($0, batch) }.map { $0.buffer })
                return Progress(
                    batch: batch, walked: Set(views.map { $0.buffer }).subtracting(others),
                    images: (0..<work.tasks).map { images(draft, $0, batch) })
            }
        }
        let bytes = 4 * (reads + writes).reduce(0) { $0 + buffers[$1.buffer].count }
        steps.append(
            PendingStep(
                kernel: kernel, detail: detail + (work.isForm ? ", in registers" : ""), operations: operations,
                isPointwise: isPointwise, bytes: bytes, isInexact: isInexact, nodes: nodes,
                reads: reads.map { $0.buffer },
                writes: writes.map { $0.buffer }, donors: donors,
                progress: progress
            ) { addresses in
                var final = arguments(addresses)
                let work = routine.work(&final)
                return Step(
                    run: routine.run, arguments: routine.store(final) { addresses.tables.allocate($0) }, work: work,
                    nanoseconds: max(
                        operations / MachineCosts.operationsPerNanosecond, bytes / MachineCosts.bytesPerNanosecond))
            })
    }

    /// Whether a view is its whole buffer, one image after the other.
    private func isWalked(_ view: View, _ batch: Int) -> Bool {
        view.offset == 0 && view.sizes.first == batch && view.strides[0] * batch == buffers[view.buffer].count
    }

    /// The way in which a routine will divide its work.
    func work<Arguments>(_ routine: Routine<Arguments>, _ arguments: (Addresses) -> Arguments) -> Work {
        var draft = arguments(provisional)
        return routine.work(&draft)
    }

    private let provisionalMemory = UnsafeMutablePointer<Float>.allocate(capacity: 16)
    /// Provisional addresses, which are passed on but never read.
    private(set) var provisional = Addresses(pointers: [], tables: Tables())

    deinit { provisionalMemory.deallocate() }

    // MARK: Copies

    /// The same value, dense in this order of the axes: a copy, or the memory itself where it is so already.
    func dense(_ view: View, order: [Int]) -> View {
        if view.isDense(order: order) { return view }
        var key = view
        key.sizes += order
        if let copy = copies[key] { return copy }
        let copy = allocate(view.sizes, order: order)
        self.copy(view, to: copy)
        copies[key] = copy
        return copy
    }

    func rowMajor(_ view: View) -> View { dense(view, order: Array(view.sizes.indices)) }

    /// Appends a step that copies element by element between views of equal sizes.
    func copy(_ source: View, to destination: View) {
        // The axes are walked in the order of the destination's memory.
        let order = destination.order
        let from = source.permuted(order)
        let to = destination.permuted(order)
        emit(table.copy, "copy", "\(list(source.sizes))", reads: [from], writes: [to]) { addresses in
            CopyArguments(
                source: UnsafePointer(addresses.floats(from)), destination: addresses.floats(to), rank: to.sizes.count,
                sizes: axisList(to.sizes), sourceStrides: axisList(from.strides),
                destinationStrides: axisList(to.strides))
        }
    }

    func fill(_ view: View, with value: Float) {
        let count = buffers[view.buffer].count
        let whole = View.rowMajor(view.buffer, sizes: [count])
        emit(table.fill, "fill", "\(list(view.sizes))", reads: [], writes: [whole]) { addresses in
            FillArguments(destination: addresses.floats(whole), count: count, value: value)
        }
    }
}

/// Numbers as a list for kernels.
func axisList(_ numbers: [Int]) -> AxisList {
    var list = AxisList(repeating: 0)
    for (axis, number) in numbers.enumerated() { list[axis] = number }
    return list
}
