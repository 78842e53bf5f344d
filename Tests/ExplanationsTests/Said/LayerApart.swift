import AdjointExplanations
import AdjointGraphs
import TestSupport

/// A layer's numbers computed by counting: every product of the layer, one after the other, from the relation
/// i = s·p + d·r − a on each axis alone, without the engine.
struct LayerApart {
    /// The place of one product: indices of V, W and G on all their axes, and the example, window, position and tap.
    struct Product: Hashable {
        let v, w, g: [Int]
        let example: Int
        let window, position, tap: [Int]
    }

    let input, kernel, stride, dilation, before, after, outputPadding: [Int]
    let batch, channels, filters, groups: Int
    let isTransposed, hasBias: Bool
    let pool: LayerGeometry.Pool?

    var rank: Int { input.count }

    /// The spatial sizes of G; nil where there is none.
    var output: [Int]? {
        let sizes = (0..<rank).map { axis -> Int in
            let reach = dilation[axis] * (kernel[axis] - 1) + 1
            if isTransposed {
                return (input[axis] - 1) * stride[axis] + reach - before[axis] - after[axis] + outputPadding[axis]
            }
            let room = input[axis] + before[axis] + after[axis] - reach
            return room < 0 ? 0 : room / stride[axis] + 1
        }
        return sizes.allSatisfy { $0 > 0 } ? sizes : nil
    }

    /// The sizes of the field under the windows, and the number of windows, on each axis.
    var field: [Int] { isTransposed ? output ?? [] : input }
    var windows: [Int] { isTransposed ? input : output ?? [] }
    var fieldName: String { isTransposed ? "G" : "V" }
    var resultName: String { isTransposed ? "V" : "G" }

    var geometry: LayerGeometry {
        var layer = LayerGeometry(input: input, kernel: kernel)
        (layer.batch, layer.channels, layer.stride) = (batch, channels, PerAxis(stride))
        layer.padding = .sides(before: before, after: after)
        if pool != .average { layer.dilation = PerAxis(dilation) }
        layer.pool = pool
        guard pool == nil else { return layer }
        (layer.filters, layer.groups, layer.hasBias, layer.isTransposed) = (filters, groups, hasBias, isTransposed)
        layer.outputPadding = PerAxis(outputPadding)
        return layer
    }

    /// Every index of a box, the last axis fastest.
    static func indices(_ sizes: [Int]) -> [[Int]] {
        sizes.reduce([[]]) { starts, size in starts.flatMap { start in (0..<size).map { start + [$0] } } }
    }

    /// i under a tap of a window, inside the field or not.
    func position(_ window: [Int], _ tap: [Int]) -> [Int] {
        (0..<rank).map { stride[$0] * window[$0] + dilation[$0] * tap[$0] - before[$0] }
    }

    func isInside(_ position: [Int]) -> Bool { zip(position, field).allSatisfy { $0 >= 0 && $0 < $1 } }

    /// The number of windows with a tap on each position of the field.
    var coverage: [[Int]: Int] {
        var counts: [[Int]: Int] = [:]
        for position in LayerApart.indices(field) { counts[position] = 0 }
        for window in LayerApart.indices(windows) {
            for tap in LayerApart.indices(kernel) where isInside(position(window, tap)) {
                counts[position(window, tap), default: 0] += 1
            }
        }
        return counts
    }

    /// All products of a layer with a filter.
    var products: [Product] {
        var products: [Product] = []
        let perGroup = (of: channels / groups, into: filters / groups)
        for example in 0..<batch {
            for group in 0..<groups {
                for c in 0..<perGroup.of {
                    for k in 0..<perGroup.into {
                        for window in LayerApart.indices(windows) {
                            for tap in LayerApart.indices(kernel) {
                                let position = position(window, tap)
                                guard isInside(position) else { continue }
                                let (from, to) = (group * perGroup.of + c, group * perGroup.into + k)
                                let (v, g) = isTransposed ? (window, position) : (position, window)
                                products.append(
                                    Product(
                                        v: [example, from] + v, w: (isTransposed ? [from, k] : [to, c]) + tap,
                                        g: [example, to] + g, example: example, window: window, position: position,
                                        tap: tap))
                            }
                        }
                    }
                }
            }
        }
        return products
    }
}

extension LayerApart {
    /// A random layer, the same each time; some draws make no layer.
    init(_ samples: inout Samples) {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &samples) }
        func isOne(in count: Int) -> Bool { number(1...count) == 1 }
        let rank = [1, 1, 2, 2, 2, 3][number(0...5)]
        func each(_ range: ClosedRange<Int>) -> [Int] { (0..<rank).map { _ in number(range) } }
        let ones = [Int](repeating: 1, count: rank)
        let zeros = [Int](repeating: 0, count: rank)
        let kind = number(0...9)
        pool = kind == 0 ? .max : kind == 1 ? .average : nil
        isTransposed = pool == nil && kind >= 6
        input = each(1...[14, 7, 4][rank - 1])
        kernel = each(1...(rank == 3 ? 2 : 4))
        stride = isOne(in: 3) ? ones : each(1...4)
        dilation = isOne(in: 2) || pool == .average ? ones : each(1...3)
        let sides = isOne(in: 6) ? -2...2 : 0...2
        before = isOne(in: 3) ? zeros : each(sides)
        after = isOne(in: 3) ? zeros : each(sides)
        outputPadding = isTransposed && isOne(in: 2) ? stride.map { number(0...$0 - 1) } : zeros
        batch = isOne(in: 2) ? 1 : number(1...3)
        groups = pool == nil && isOne(in: 3) ? number(1...2) : 1
        channels = groups * (isOne(in: 2) ? 1 : number(1...3))
        filters = pool == nil ? groups * (isOne(in: 2) ? 1 : number(1...3)) : 1
        hasBias = pool == nil && isOne(in: 2)
    }

    /// Random layers, without draws that make none.
    static func some(_ count: Int, seed: Int) -> [LayerApart] {
        var samples = Samples(seed: seed)
        var layers: [LayerApart] = []
        while layers.count < count {
            let next = LayerApart(&samples)
            if next.output != nil, (try? next.geometry.graph()) != nil { layers.append(next) }
        }
        return layers
    }
}
