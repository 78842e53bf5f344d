import AdjointGraphs
import AdjointKernelTables

/// A pass's program: operands, numbers and instructions over registers.
struct Program {
    private(set) var operands: [(view: View, isInteger: Bool, register: Int)] = []
    private var immediates: [PointwiseImmediate] = []
    private var instructions: [PointwiseInstruction] = []
    private var count = 0
    private var free: [Int] = []
    private var registers: [Int: Int] = [:]

    /// - Parameters:
    ///   - members: pointwise nodes, in order.
    ///   - kept: nodes whose values are in registers at the end.
    init(_ members: [Int], keeping kept: [Int], in graph: Graph, view: (Int) -> View) {
        let formulas = Formula.all(members, keeping: kept, in: graph)
        var lastUse: [Int: Int] = [:]
        for (number, formula) in formulas.enumerated() {
            for operand in formula.operands { lastUse[operand] = number }
        }
        let computed = Set(formulas.map { $0.result })
        // Numbers and operands are set before the first instruction, so their registers are never reused.
        for node in formulas.flatMap({ $0.operands }) + kept where !computed.contains(node) && registers[node] == nil {
            let register = newRegister(for: node)
            if let number = graph.uniformNumber(node) {
                immediates.append(PointwiseImmediate(register: register, value: number))
            } else {
                operands.append((view(node), graph.nodes[node].type == .int32, register))
            }
        }
        for (number, formula) in formulas.enumerated() {
            let from = formula.operands.map { register(of: $0) }
            for operand in Set(formula.operands)
            where lastUse[operand] == number && computed.contains(operand) && !kept.contains(operand) {
                free.append(register(of: operand))
            }
            // A value that is kept to the end has a register of its own, so that it can be written straight to memory.
            let destination =
                kept.contains(formula.result)
                ? newRegister(for: formula.result) : free.popLast() ?? newRegister(for: formula.result)
            registers[formula.result] = destination
            instructions.append(
                PointwiseInstruction(
                    formula.operation, destination: destination, a: from[0], b: from.count > 1 ? from[1] : nil,
                    c: from.count > 2 ? from[2] : nil, d: from.count > 3 ? from[3] : nil))
            if formula.isNegated {
                instructions.append(PointwiseInstruction(.not, destination: destination, a: destination))
            }
        }
    }

    /// The register that holds a node's value.
    func register(of node: Int) -> Int {
        guard let register = registers[node] else { preconditionFailure("no register holds node \(node)") }
        return register
    }

    private mutating func newRegister(for node: Int) -> Int {
        registers[node] = count
        count += 1
        return count - 1
    }

    /// The program with the addresses of its operands, for walking the axes in this order.
    func resolved(_ addresses: Addresses, sizes: [Int], order: [Int], batch: Int?) -> PointwiseProgram {
        let operands = addresses.tables.copy(
            self.operands.map { operand in
                PointwiseOperand(
                    base: UnsafeRawPointer(addresses.floats(operand.view)),
                    strides: axisList(order.map { operand.view.strides[$0] }), isInteger: operand.isInteger,
                    register: operand.register)
            })
        var program = PointwiseProgram(
            operands: UnsafePointer(operands), operandCount: self.operands.count,
            immediates: UnsafePointer(addresses.tables.copy(immediates)), immediateCount: immediates.count,
            instructions: UnsafePointer(addresses.tables.copy(instructions)), instructionCount: instructions.count,
            registerCount: count, rank: sizes.count, sizes: axisList(order.map { sizes[$0] }))
        program.batch = batch ?? 1
        return program
    }
}

/// The operation of one instruction.
private struct Formula {
    var operation: PointwiseOperation
    var operands: [Int]
    let result: Int
    /// Whether its result is the opposite truth value.
    var isNegated = false

    init(_ node: Graph.Node, from types: [ElementType], as result: Int) {
        self.result = result
        operands = node.operands
        switch node.primitive {
        case .pointwise(let operation):
            // Both lists have the same names; a test checks that none is missing.
            guard let kernel = PointwiseOperation(rawValue: operation.rawValue) else {
                preconditionFailure("no kernel computes \(operation.rawValue)")
            }
            self.operation = kernel
        case .convert(.bool) where types[0] != .bool:
            // not (not x) is 1 for every x but 0.
            (operation, isNegated) = (.not, true)
        case .convert(.int32) where types[0].isFloatingPoint:
            operation = .truncate
        default:
            // A copy: registers hold all types as floats.
            operation = .maximum
        }
    }

    /// The formulas of nodes in order. A product that is only added to something is merged with that addition, and a comparison
    /// that only decides a choice with that choice.
    static func all(_ members: [Int], keeping kept: [Int], in graph: Graph) -> [Formula] {
        var uses: [Int: Int] = [:]
        for member in members {
            for operand in graph.nodes[member].operands { uses[operand, default: 0] += 1 }
        }
        for node in kept { uses[node, default: 0] += 2 }
        var formulas: [Int: Formula] = [:]
        for member in members {
            let node = graph.nodes[member]
            var formula = Formula(node, from: node.operands.map { graph.nodes[$0].type }, as: member)
            func absorb(_ place: Int, _ operations: [PointwiseOperation: PointwiseOperation]) {
                let operand = formula.operands[place]
                guard uses[operand] == 1, let part = formulas[operand], let whole = operations[part.operation] else {
                    return
                }
                formula.operation = whole
                formula.operands.remove(at: place)
                formula.operands = part.operands + formula.operands
                formulas[operand] = nil
            }
            switch formula.operation {
            case .add:
                absorb(0, [.multiply: .multiplyAdd])
                if formula.operation == .add { absorb(1, [.multiply: .multiplyAdd]) }
            case .select:
                absorb(0, [.lessOrEqual: .selectLessOrEqual, .less: .selectLess])
            default: break
            }
            formulas[member] = formula
        }
        return members.compactMap { formulas[$0] }
    }
}

/// A register whose value is written to memory.
struct StoredRegister {
    let view: View
    let isInteger: Bool
    let register: Int
}

extension [StoredRegister] {
    func resolved(_ addresses: Addresses) -> UnsafePointer<PointwiseResult> {
        UnsafePointer(
            addresses.tables.copy(
                map { result in
                    PointwiseResult(
                        base: UnsafeMutableRawPointer(addresses.floats(result.view)), isInteger: result.isInteger,
                        register: result.register)
                }))
    }
}
