import AdjointGraphs
import AdjointKernelTables

/// A group's program while it is being written: operands, numbers and instructions over registers.
private struct Program {
    var operands: [(view: View, isInteger: Bool, register: Int)] = []
    var immediates: [PointwiseImmediate] = []
    var instructions: [PointwiseInstruction] = []
    var registers = 0
    private var free: [Int] = []

    mutating func register() -> Int {
        if let register = free.popLast() { return register }
        registers += 1
        return registers - 1
    }

    mutating func release(_ register: Int) { free.append(register) }
}

extension Lowering {
    /// Computes the group of a pointwise root, and stores what others need.
    func evaluateGroup(_ group: Int) {
        let members = fusion.members(of: group, in: graph)
        let stored = members.filter { fusion.isStored[$0] }
        let (program, registers) = program(members, keeping: stored)
        let sizes = graph.nodes[group].shape.sizes
        let order = walkingOrder(program.operands.map { $0.view }, rank: sizes.count)
        let results = stored.map { node in
            let view = allocate(sizes, order: order)
            place(node, at: view)
            return (view: view, isInteger: graph.nodes[node].type == .int32, register: registers[node] ?? 0)
        }
        // An operand that is read once, in the order of writing, may give its memory to a result.
        let donors = program.operands.filter { operand in
            operand.view.isDense(order: order) && operand.view.offset == 0
                && program.operands.count(where: { $0.view.buffer == operand.view.buffer }) == 1
        }
        emit(
            table.evaluate, "pointwise", names(members), operations: members.count * sizes.reduce(1, *),
            reads: program.operands.map { $0.view }, writes: results.map { $0.view },
            donors: donors.map { $0.view.buffer }
        ) { addresses in
            PointwiseArguments(
                program: program.resolved(addresses, sizes: sizes, order: order),
                results: UnsafePointer(
                    addresses.tables.copy(
                        results.map { result in
                            PointwiseResult(
                                base: UnsafeMutableRawPointer(addresses.floats(result.view)),
                                isInteger: result.isInteger, register: result.register)
                        })),
                resultCount: results.count)
        }
    }

    /// Sums over axes, together with the group that computes the summands.
    func sum(_ index: Int, axes: [Int]) -> View {
        let operand = graph.nodes[index].operands[0]
        let sizes = graph.nodes[operand].shape.sizes
        let members = fusion.members(of: index, in: graph)
        let (program, registers) = program(members, keeping: [operand])
        let order = walkingOrder(program.operands.map { $0.view }, rank: sizes.count)
        // The result keeps the order in which its axes are walked.
        let kept = (0..<sizes.count).filter { !axes.contains($0) }
        let resultOrder = order.filter { !axes.contains($0) }.compactMap { kept.firstIndex(of: $0) }
        let result = allocate(kept.map { sizes[$0] }, order: resultOrder)
        let strides = order.map { axis in kept.firstIndex(of: axis).map { result.strides[$0] } ?? 0 }
        var isSummed = InlineArray<8, Bool>(repeating: false)
        for (place, axis) in order.enumerated() { isSummed[place] = axes.contains(axis) }
        let register = registers[operand] ?? 0

        func arguments(_ addresses: Addresses, partials: UnsafeMutablePointer<Float>) -> ReductionArguments {
            ReductionArguments(
                program: program.resolved(addresses, sizes: sizes, order: order), register: register,
                isSummed: isSummed, destinationStrides: axisList(strides),
                destination: addresses.floats(result), partials: partials)
        }
        let needed = work(table.reduce) { arguments($0, partials: $0.floats(result)) }
        let partials = View.rowMajor(buffer(needed.partials), sizes: [needed.partials])
        emit(
            table.reduce, "sum", names(members) + "over " + list(axes),
            operations: (members.count + 1) * sizes.reduce(1, *),
            reads: program.operands.map { $0.view }, writes: [result, partials]
        ) { arguments($0, partials: $0.floats(partials)) }
        if needed.partials > 0 {
            emit(
                table.combineReduction, "combine sums", list(kept.map { sizes[$0] }),
                reads: [partials] + program.operands.map { $0.view }, writes: [result]
            ) { arguments($0, partials: $0.floats(partials)) }
        }
        return result
    }

    /// The instructions of a group, in the order of its members. Registers are used again once nobody needs them; those of
    /// the `kept` nodes stay to the end.
    private func program(_ members: [Int], keeping kept: [Int]) -> (Program, registers: [Int: Int]) {
        var program = Program()
        var registers: [Int: Int] = [:]
        var lastUse: [Int: Int] = [:]
        for member in members {
            for operand in graph.nodes[member].operands { lastUse[operand] = member }
        }
        func register(of node: Int) -> Int {
            if let register = registers[node] { return register }
            let register = program.register()
            if let number = uniformNumber(node) {
                program.immediates.append(PointwiseImmediate(register: register, value: number))
            } else {
                program.operands.append((view(node), graph.nodes[node].type == .int32, register))
            }
            registers[node] = register
            return register
        }
        // Numbers and operands are set before the first instruction, so their registers are never shared.
        for member in members {
            for operand in graph.nodes[member].operands where !members.contains(operand) { _ = register(of: operand) }
        }
        for node in kept where !members.contains(node) { _ = register(of: node) }
        let given = Set(registers.keys)
        for member in members {
            let node = graph.nodes[member]
            let operands = node.operands.map { register(of: $0) }
            let destination = program.register()
            program.append(node, operands, from: node.operands.map { graph.nodes[$0].type }, destination)
            registers[member] = destination
            for operand in Set(node.operands)
            where lastUse[operand] == member && !given.contains(operand) && !kept.contains(operand) {
                program.release(operands[node.operands.firstIndex(of: operand) ?? 0])
            }
        }
        return (program, registers)
    }

    /// The number that a value is everywhere.
    private func uniformNumber(_ index: Int) -> Float? {
        let node = graph.nodes[index]
        switch node.primitive {
        case .constant(let tensor) where tensor.count == 1 && tensor.elementType != .int32: return tensor.floats[0]
        case .movement(.broadcast), .movement(.reshape): return uniformNumber(node.operands[0])
        default: return nil
        }
    }

    /// The order of axes in which most of the operands that vary everywhere lie; channels-last in doubt.
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
        return joined(shown, by: " ") + (members.isEmpty ? "" : " ")
    }
}

extension Program {
    /// One node as one instruction; those that have no operation of their own as a few.
    fileprivate mutating func append(
        _ node: Graph.Node, _ operands: [Int], from types: [ElementType], _ destination: Int
    ) {
        func add(_ operation: PointwiseOperation, _ a: Int, _ b: Int? = nil, _ c: Int? = nil) {
            instructions.append(PointwiseInstruction(operation, destination: destination, a: a, b: b, c: c))
        }
        switch node.primitive {
        case .pointwise(let operation):
            // Both lists have the same names; a test counts that none is missing.
            guard let kernel = PointwiseOperation(rawValue: operation.rawValue) else {
                preconditionFailure("no kernel computes \(operation.rawValue)")
            }
            add(kernel, operands[0], operands.count > 1 ? operands[1] : nil, operands.count > 2 ? operands[2] : nil)
        case .convert(.bool) where types[0] != .bool:
            // not (not x) is 1 for every x but 0.
            add(.not, operands[0])
            add(.not, destination)
        case .convert(.int32) where types[0].isFloatingPoint:
            add(.truncate, operands[0])
        default:
            // A copy: registers hold all types as floats.
            add(.maximum, operands[0], operands[0])
        }
    }

    /// The program with the addresses of its operands, walked in this order of the axes.
    fileprivate func resolved(_ addresses: Addresses, sizes: [Int], order: [Int]) -> PointwiseProgram {
        let operands = addresses.tables.copy(
            self.operands.map { operand in
                PointwiseOperand(
                    base: UnsafeRawPointer(addresses.floats(operand.view)),
                    strides: axisList(order.map { operand.view.strides[$0] }), isInteger: operand.isInteger,
                    register: operand.register)
            })
        return PointwiseProgram(
            operands: UnsafePointer(operands), operandCount: self.operands.count,
            immediates: UnsafePointer(addresses.tables.copy(immediates)), immediateCount: immediates.count,
            instructions: UnsafePointer(addresses.tables.copy(instructions)), instructionCount: instructions.count,
            registerCount: registers, rank: sizes.count, sizes: axisList(order.map { sizes[$0] }))
    }
}
