import AdjointGraphs

extension Graph {
    /// Whether another graph computes the same outputs in the same way, whatever the numbering of the nodes and the order
    /// of addends and factors. A choice and a concatenation are sums of their operands between zeros:
    ///
    ///     select(m, a, b) = select(m, a, 0) + select(m, 0, b),   concatenate(a, b) = pad(a) + pad(b)
    public func isEquivalent(to other: Graph) -> Bool {
        var classes = Classes()
        let (mine, theirs) = (classes.classify(self), classes.classify(other))
        return outputs.map { $0.name } == other.outputs.map { $0.name }
            && zip(outputs, other.outputs).allSatisfy { mine[$0.node] == theirs[$1.node] }
    }

    /// Numbers for values such that equal numbers mean equal computations.
    private struct Classes {
        private struct Key: Hashable {
            let primitive: Primitive
            let operands: [Int]
            let signature: Signature

            static func == (a: Key, b: Key) -> Bool {
                a.primitive.isIdentical(to: b.primitive) && a.operands == b.operands && a.signature == b.signature
            }
        }
        private var numbers: [Key: Int] = [:]
        private var keys: [Key] = []

        mutating func classify(_ graph: Graph) -> [Int] {
            var classes: [Int] = []
            for node in graph.nodes {
                let operands = node.operands.map { classes[$0] }
                switch node.primitive {
                case .pointwise(.add):
                    classes.append(sum(operands, node.signature))
                case .pointwise(.multiply):
                    classes.append(number(node.primitive, list(operands, of: node.primitive), node.signature))
                case .pointwise(.select) where node.type.isFloatingPoint:
                    let zero = zero(node.signature)
                    let (first, second) = ([operands[0], operands[1], zero], [operands[0], zero, operands[2]])
                    let parts = [operands[1] == zero ? nil : first, operands[2] == zero ? nil : second]
                    classes.append(
                        sum(parts.compactMap { $0 }.map { number(node.primitive, $0, node.signature) }, node.signature))
                case .movement(.concatenate(let axis)) where node.type.isFloatingPoint:
                    classes.append(sum(padded(operands, along: axis, to: node.signature), node.signature))
                default:
                    classes.append(number(node.primitive, operands, node.signature))
                }
            }
            return classes
        }

        private mutating func number(_ primitive: Primitive, _ operands: [Int], _ signature: Signature) -> Int {
            let key = Key(primitive: primitive, operands: operands, signature: signature)
            if let known = numbers[key] { return known }
            numbers[key] = keys.count
            keys.append(key)
            return keys.count - 1
        }

        /// a + (b + c) and (c + a) + b are the same list of addends.
        private func list(_ operands: [Int], of primitive: Primitive) -> [Int] {
            operands.flatMap { keys[$0].primitive == primitive ? keys[$0].operands : [$0] }.sorted()
        }

        private mutating func sum(_ addends: [Int], _ signature: Signature) -> Int {
            let addends = list(addends, of: .pointwise(.add))
            return addends.count == 1 ? addends[0] : number(.pointwise(.add), addends, signature)
        }

        /// A zero as builders write it: a scalar, repeated.
        private mutating func zero(_ signature: Signature) -> Int {
            let (shape, type) = (signature.shape, signature.type)
            let zero = number(.constant(Tensor(scalar: 0, as: type)), [], Signature([], type))
            let axes = Array(0..<shape.rank)
            return axes.isEmpty
                ? zero : number(.movement(.broadcast(axes: axes, sizes: shape.sizes)), [zero], signature)
        }

        /// The operands of a concatenation that are not zero, each at its place in the whole.
        private mutating func padded(_ operands: [Int], along axis: Int, to whole: Signature) -> [Int] {
            var start = 0
            var parts: [Int] = []
            for operand in operands {
                let part = keys[operand].signature
                var low = part.shape.sizes.map { _ in 0 }
                var high = low
                low[axis] = start
                high[axis] = whole.shape[axis] - start - part.shape[axis]
                start += part.shape[axis]
                if operand != zero(part) {
                    parts.append(
                        number(.movement(.pad(low: low, high: high, interior: low.map { _ in 0 })), [operand], whole))
                }
            }
            return parts
        }
    }
}
