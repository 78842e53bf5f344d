import AdjointGraphs
import AdjointKernelTables

extension Lowering {
    func random(_ node: Graph.Node, _ shape: Shape, stream: UInt32) -> View {
        let (key, counter) = (view(node.operands[0]), view(node.operands[1]))
        let result = allocate(shape.sizes)
        emit(table.random, "random", "\(shape)", reads: [key, counter], writes: [result]) { addresses in
            RandomArguments(
                key: UnsafePointer(addresses.integers(key)), counter: UnsafePointer(addresses.integers(counter)),
                stream: stream, destination: addresses.floats(result), count: shape.count)
        }
        return result
    }
}
