import AdjointGraphs

/// The nodes whose values are exact in any order of summation: Σ |terms| stays below 2²⁴ units of the last bit.
struct Exactness {
    private(set) var isExact: [Bool] = []
    private let graph: Graph
    private let values: [[Float]]
    private var fractions: [Int] = []

    init(_ graph: Graph, _ values: [[Float]]) {
        self.graph = graph
        self.values = values
        for index in graph.nodes.indices {
            fractions.append(Self.fraction(values[index]))
            isExact.append(judge(index))
        }
    }

    private func judge(_ index: Int) -> Bool {
        let node = graph.nodes[index]
        guard node.operands.allSatisfy({ isExact[$0] }) else { return false }
        let shapes = node.operands.map { graph.nodes[$0].shape }
        let bits = node.operands.reduce(0) { $0 + fractions[$1] }
        func fits(_ magnitude: Double) -> Bool { bits < 24 && magnitude < Double(1 << (24 - bits)) }
        let operands = node.operands.map { values[$0] }
        switch node.primitive {
        case .input, .constant, .stop, .movement, .pooling(.choice), .pooling(.gather): return true
        case .random, .convert: return false
        case .pointwise(let operation):
            let result = values[index]
            switch operation {
            case .add:
                return result.indices.allSatisfy {
                    Double(operands[0][$0]) + Double(operands[1][$0]) == Double(result[$0])
                }
            case .multiply:
                return result.indices.allSatisfy {
                    Double(operands[0][$0]) * Double(operands[1][$0]) == Double(result[$0])
                }
            case .divide:
                return result.indices.allSatisfy {
                    Double(result[$0]) * Double(operands[1][$0]) == Double(operands[0][$0])
                }
            case .exp, .expm1, .log, .log1p, .sqrt, .tanh, .logistic, .erf, .power: return false
            default: return true
            }
        case .reduction(.sum(let axes)):
            return fits(
                largest(operands[0], shapes[0], keeping: shapes[0].sizes.indices.filter { !axes.contains($0) }) {
                    $0.magnitude
                })
        case .contraction(let contraction):
            func norm(_ place: Int, _ letters: [Int]) -> Double {
                largest(
                    operands[place], shapes[place],
                    keeping: letters.indices.filter { contraction.result.contains(letters[$0]) }
                ) {
                    $0 * $0
                }.squareRoot()
            }
            return fits(norm(0, contraction.first) * norm(1, contraction.second))
        case .convolution(let convolution):
            func most(_ place: Int) -> Double { operands[place].reduce(0) { max($0, Double($1).magnitude) } }
            switch convolution.role {
            case .output: return fits(most(0) * largest(operands[1], shapes[1], keeping: [0]) { $0.magnitude })
            case .input:
                return fits(
                    most(1) * Double(convolution.groups)
                        * largest(operands[0], shapes[0], keeping: [1]) { $0.magnitude })
            case .filter:
                let norms = (0..<2).map { place in
                    largest(operands[place], shapes[place], keeping: [1]) { $0 * $0 }.squareRoot()
                }
                return fits(norms[0] * norms[1])
            }
        case .pooling(.windowSum(_, let taps, _, _)):
            return fits(operands[0].reduce(0) { max($0, Double($1).magnitude) } * Double(taps.reduce(1, *)))
        case .pooling(.scatter): return fits(operands[0].reduce(0) { $0 + Double($1).magnitude })
        }
    }

    /// The largest sum of f(element) over the elements that have the same indices along the kept axes.
    private func largest(_ values: [Float], _ shape: Shape, keeping kept: [Int], _ f: (Double) -> Double) -> Double {
        let strides = shape.strides
        var sums = [Double](repeating: 0, count: max(1, kept.reduce(1) { $0 * shape[$1] }))
        for (place, value) in values.enumerated() where value != 0 {
            var target = 0
            for axis in kept { target = target * shape[axis] + place / strides[axis] % shape[axis] }
            sums[target] += f(Double(value))
        }
        return sums.max() ?? 0
    }

    /// The most binary digits after the point that a number needs.
    private static func fraction(_ values: [Float]) -> Int {
        values.reduce(0) { most, value in
            guard value.isNormal else { return value == 0 ? most : 64 }
            let digits = value.significandBitPattern == 0 ? 0 : 23 - value.significandBitPattern.trailingZeroBitCount
            return max(most, digits - Int(value.exponent))
        }
    }
}
