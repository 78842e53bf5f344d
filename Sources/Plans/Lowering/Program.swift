import AdjointGraphs
import AdjointKernelTables

/// A pass's program while it is being written: operands, numbers and instructions over registers.
struct Program {
    private(set) var operands: [(view: View, isInteger: Bool, register: Int)] = []
    private var immediates: [PointwiseImmediate] = []
    private var instructions: [PointwiseInstruction] = []
    private var count = 0
    private var free: [Int] = []
    private var registers: [Int: Int] = [:]

    func hasRegister(_ node: Int) -> Bool { registers[node] != nil }

    /// The register that holds a node's value.
    func register(of node: Int) -> Int {
        guard let register = registers[node] else { preconditionFailure("no register holds node \(node)") }
        return register
    }

    private mutating func take(for node: Int) -> Int {
        let register = free.popLast() ?? count
        count = max(count, register + 1)
        registers[node] = register
        return register
    }

    mutating func release(_ node: Int) { free.append(register(of: node)) }

    mutating func add(number: Float, _ node: Int) {
        immediates.append(PointwiseImmediate(register: take(for: node), value: number))
    }

    mutating func add(operand view: View, isInteger: Bool, _ node: Int) {
        operands.append((view, isInteger, take(for: node)))
    }

    /// One node as one instruction; those that have no operation of their own as a few.
    mutating func append(_ node: Graph.Node, from types: [ElementType], as number: Int) {
        let operands = node.operands.map { register(of: $0) }
        let destination = take(for: number)
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
    func resolved(_ addresses: Addresses, sizes: [Int], order: [Int]) -> PointwiseProgram {
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
            registerCount: count, rank: sizes.count, sizes: axisList(order.map { sizes[$0] }))
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
