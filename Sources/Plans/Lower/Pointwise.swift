import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    /// Computes the stored values and the sums of a pass.
    func evaluate(_ pass: Fusion.Pass) {
        let sums = pass.roots.filter { !graph.nodes[$0].primitive.isPointwise }
        let walk = walk(pass, stored: pass.roots.filter { graph.nodes[$0].primitive.isPointwise }, sums)
        if sums.isEmpty { store(walk, pass) } else { sum(sums, walk, pass) }
    }

    private func walk(_ pass: Fusion.Pass, stored: [Int], _ sums: [Int]) -> Walk {
        let summed = sums.map { graph.nodes[$0].operands[0] }
        let program = Program(pass.members, keeping: stored + summed, in: graph) { view($0) }
        let sizes = graph.nodes[stored.first ?? summed[0]].shape.sizes
        let order = walkingOrder(program.operands.map { $0.view }, rank: sizes.count)
        let results = stored.map { node in
            let view = allocate(sizes, order: order)
            place(node, at: view)
            return StoredRegister(
                view: view, isInteger: graph.nodes[node].type == .int32, register: program.register(of: node))
        }
        return Walk(program: program, sizes: sizes, order: order, results: results)
    }

    private func store(_ walk: Walk, _ pass: Fusion.Pass) {
        emit(
            table.evaluate, "pointwise", names(pass.members), operations: pass.members.count * walk.points,
            reads: walk.reads, writes: walk.results.map { $0.view }, donors: walk.donors, isPointwise: true,
            batch: walk.batch
        ) { addresses in
            PointwiseArguments(
                program: walk.resolved(addresses), results: walk.results.resolved(addresses),
                resultCount: walk.results.count)
        }
    }

    private func sum(_ sums: [Int], _ walk: Walk, _ pass: Fusion.Pass) {
        guard case .reduction(.sum(let axes)) = graph.nodes[sums[0]].primitive else { return }
        // The sums keep the order in which their axes are walked.
        let (sizes, order) = (walk.sizes, walk.order)
        let kept = (0..<sizes.count).filter { !axes.contains($0) }
        let sumOrder = order.filter { !axes.contains($0) }.compactMap { kept.firstIndex(of: $0) }
        func total(_ node: Int) -> View {
            let view = allocate(kept.map { sizes[$0] }, order: sumOrder)
            place(node, at: view)
            return view
        }
        let totals = sums.map { node in
            let squares = fusion.squares[node].map { total($0) }
            return (
                view: total(node), squares: squares,
                register: walk.program.register(of: graph.nodes[node].operands[0])
            )
        }
        let strides = order.map { axis in kept.firstIndex(of: axis).map { totals[0].view.strides[$0] } ?? 0 }
        var isSummed = InlineArray<8, Bool>(repeating: false)
        for (place, axis) in order.enumerated() { isSummed[place] = axes.contains(axis) }

        func arguments(_ addresses: Addresses, partials: UnsafeMutablePointer<Float>) -> ReductionArguments {
            let registers = totals.map { total in
                SummedRegister(
                    register: total.register, destination: addresses.floats(total.view),
                    squares: total.squares.map { addresses.floats($0) })
            }
            return ReductionArguments(
                program: walk.resolved(addresses), sums: UnsafePointer(addresses.tables.copy(registers)),
                sumCount: registers.count, results: walk.results.resolved(addresses),
                resultCount: walk.results.count, isSummed: isSummed, destinationStrides: axisList(strides),
                partials: partials)
        }
        let needed = work(table.reduce) { arguments($0, partials: $0.floats(totals[0].view)) }
        let partials = View.rowMajor(buffer(needed.partials), sizes: [needed.partials])
        let sumViews = totals.map { $0.view } + totals.compactMap { $0.squares }
        let what = (pass.members.isEmpty ? "" : names(pass.members) + " ") + "over " + list(axes)
        emit(
            table.reduce, walk.results.isEmpty ? "sum" : "pointwise and sum",
            what + (sums.count > 1 ? " \(sums.count) times" : ""),
            operations: (pass.members.count + totals.reduce(0) { $0 + ($1.squares == nil ? 1 : 4) }) * walk.points,
            reads: walk.reads, writes: walk.results.map { $0.view } + sumViews + [partials], donors: walk.donors,
            batch: walk.batch
        ) { arguments($0, partials: $0.floats(partials)) }
        guard needed.partials > 0 else { return }
        emit(
            table.combineReduction, "combine sums", list(kept.map { sizes[$0] }), reads: [partials], writes: sumViews
        ) { arguments($0, partials: $0.floats(partials)) }
    }

    /// The order of axes in memory that most of the full-size operands have; channels-last in doubt.
    private func walkingOrder(_ operands: [View], rank: Int) -> [Int] {
        let natural = Array(0..<rank)
        var votes: [[Int]: Int] = [:]
        for view in operands where view.isFull { votes[view.isRowMajor ? natural : view.order, default: 0] += 1 }
        let most = votes.values.max() ?? 0
        let orders = votes.filter { $0.value == most }.map { $0.key }
        return orders.filter { $0 != natural }.min { $0.lexicographicallyPrecedes($1) } ?? natural
    }

    private func names(_ members: [Int]) -> String {
        let names = members.map { graph.nodes[$0].primitive.name }
        let shown = names.count <= 6 ? names : Array(names.prefix(5)) + ["… \(names.count) in all"]
        return joined(shown, by: " ")
    }
}

/// The way of a pass through its points.
private struct Walk {
    let program: Program
    let sizes: [Int]
    /// The order of the axes, the outermost first.
    let order: [Int]
    let results: [StoredRegister]

    var points: Int { sizes.reduce(1, *) }
    var reads: [View] { program.operands.map { $0.view } }
    /// The number of images, where they are walked one after the other.
    var batch: Int? { order.first == 0 && sizes[0] > 0 ? sizes[0] : nil }
    /// The buffers that may become the memory of a result: operands that are read once, in the order of writing.
    var donors: [Int] {
        program.operands.filter { operand in
            operand.view.isDense(order: order) && operand.view.offset == 0
                && program.operands.count(where: { $0.view.buffer == operand.view.buffer }) == 1
        }.map { $0.view.buffer }
    }

    func resolved(_ addresses: Addresses) -> PointwiseProgram {
        program.resolved(addresses, sizes: sizes, order: order, batch: batch)
    }
}
