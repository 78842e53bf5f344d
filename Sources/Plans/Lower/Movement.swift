import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    /// A movement, in most cases only another view of the same memory.
    func moved(_ node: Graph.Node, _ movement: Movement) -> View {
        let operands = node.operands.map { view($0) }
        if let moved = operands[0].moved(by: movement, result: node.shape) { return moved }
        switch movement {
        case .reshape:
            return View.rowMajor(rowMajor(operands[0]).buffer, sizes: node.shape.sizes)
        case .pad(let low, let high, let interior):
            return padded(operands[0], low, high, interior, sizes: node.shape.sizes)
        case .concatenate(let axis):
            let result = allocate(node.shape.sizes, order: operands[0].isFull ? operands[0].order : nil)
            var start = 0
            for operand in operands {
                var part = result
                part.sizes = operand.sizes
                part.offset += start * result.strides[axis]
                copy(operand, to: part)
                start += operand.sizes[axis]
            }
            return result
        case .permute, .broadcast, .slice, .reverse:
            preconditionFailure("\(movement) is always a view")
        }
    }

    /// Zeros, with the part of the operand that is not cropped copied into them.
    func padded(_ operand: View, _ low: [Int], _ high: [Int], _ interior: [Int], sizes: [Int]) -> View {
        let result = allocate(sizes, order: operand.isFull ? operand.order : nil)
        fill(result, with: 0)
        var (from, to) = (operand, result)
        for axis in sizes.indices {
            let spacing = interior[axis] + 1
            // Operand element j is at low + j·spacing; the first and the last that are in the result:
            let first = max(0, (-low[axis] + spacing - 1) / spacing)
            let last = min(
                operand.sizes[axis] - 1, sizes[axis] - 1 - low[axis] >= 0 ? (sizes[axis] - 1 - low[axis]) / spacing : -1
            )
            let count = max(0, last - first + 1)
            from.offset += count > 0 ? first * from.strides[axis] : 0
            to.offset += count > 0 ? (low[axis] + first * spacing) * to.strides[axis] : 0
            to.strides[axis] *= spacing
            from.sizes[axis] = count
            to.sizes[axis] = count
        }
        if from.count > 0 { copy(from, to: to) }
        return result
    }
}
