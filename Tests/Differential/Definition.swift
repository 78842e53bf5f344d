import AdjointGraphs

/// One element of a node, summed alone in Double by its definition, from the values of the node's operands.
struct Definition {
    let graph: Graph
    /// The values of each node; truth values are 1 and 0.
    let values: [[Float]]

    struct Element {
        var value: Double
        /// Σ |terms|, of which roundings are a share.
        var magnitude: Double

        mutating func add(_ term: Double) {
            value += term
            magnitude += term.magnitude
        }
    }

    /// The approximate number of terms of an element; nil for nodes that are defined as a whole or not here.
    func terms(_ index: Int) -> Int? {
        let node = graph.nodes[index]
        let shapes = node.operands.map { graph.nodes[$0].shape }
        switch node.primitive {
        case .pointwise, .movement(.broadcast): return 1
        case .reduction: return shapes[0].count / max(1, node.shape.count)
        case .contraction(let contraction):
            return zip(contraction.first, shapes[0].sizes).reduce(1) {
                contraction.result.contains($1.0) ? $0 : $0 * $1.1
            }
        case .convolution(let convolution):
            let extents = convolution.extents(shapes[0], shapes[1])
            switch convolution.role {
            case .output: return extents.channels * extents.taps.reduce(1, *)
            case .input: return extents.filters * extents.taps.reduce(1, *)
            case .filter: return extents.batch * extents.output.reduce(1, *)
            }
        default: return nil
        }
    }

    func element(_ index: Int, at place: Int) -> Element {
        let node = graph.nodes[index]
        let operands = node.operands.map { values[$0] }
        let shapes = node.operands.map { graph.nodes[$0].shape }
        var element = Element(value: 0, magnitude: 0)
        let position = indices(of: place, in: node.shape.sizes)
        switch node.primitive {
        case .pointwise(let operation):
            let numbers = operands.map { Double($0[place]) }
            element.value = operation(
                numbers[0], numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0)
            element.magnitude = max(element.value.magnitude, operation == .add ? numbers[0].magnitude : 0)
        case .movement(.broadcast(let axes, _)):
            element.value = Double(
                operands[0][
                    self.place(position.indices.filter { !axes.contains($0) }.map { position[$0] }, in: shapes[0].sizes)
                ])
            element.magnitude = element.value.magnitude
        case .reduction(.sum(let axes)):
            let kept = shapes[0].sizes.indices.filter { !axes.contains($0) }
            let strides = shapes[0].strides
            let start = zip(kept, position).reduce(0) { $0 + strides[$1.0] * $1.1 }
            forEach(axes.map { (shapes[0][$0], strides[$0], 0) }) { offset, _ in
                element.add(Double(operands[0][start + offset]))
            }
        case .contraction(let contraction):
            let (a, b) = (shapes[0].strides, shapes[1].strides)
            var start = (0, 0)
            for (letter, number) in zip(contraction.result, position) {
                if let axis = contraction.first.firstIndex(of: letter) { start.0 += a[axis] * number }
                if let axis = contraction.second.firstIndex(of: letter) { start.1 += b[axis] * number }
            }
            let summed = contraction.first.indices.filter { !contraction.result.contains(contraction.first[$0]) }
            forEach(
                summed.map { axis in
                    (
                        shapes[0][axis], a[axis],
                        contraction.second.firstIndex(of: contraction.first[axis]).map { b[$0] } ?? 0
                    )
                }
            ) { element.add(Double(operands[0][start.0 + $0]) * Double(operands[1][start.1 + $1])) }
        case .convolution(let convolution):
            convolved(convolution, convolution.extents(shapes[0], shapes[1]), position, operands) { element.add($0) }
        default: preconditionFailure("not defined element by element")
        }
        return element
    }

    /// T(x, w, y) = Σ x[n, g·C+c, i] · w[g·K+k, c, r] · y[n, g·K+k, p]   over all e·i = s·p + d·r − a
    private func convolved(
        _ form: Primitive.Convolution, _ e: Primitive.Convolution.Extents, _ position: [Int], _ operands: [[Float]],
        _ add: (Double) -> Void
    ) {
        let (inputs, taps, outputs) = (e.input.reduce(1, *), e.taps.reduce(1, *), e.output.reduce(1, *))
        let (allChannels, allFilters) = (form.groups * e.channels, form.groups * e.filters)
        // Pairs of places in the spatial parts of the two operands.
        var pairs = [(0, 0)]
        for (axis, window) in form.window.axes.enumerated() {
            let at = position[axis + 2]
            var along: [(Int, Int)] = []
            switch form.role {
            case .output:
                for r in 0..<e.taps[axis] {
                    let distance = window.stride * at + window.dilation * r - window.padding
                    guard distance % window.inputSpacing == 0 else { continue }
                    let i = distance / window.inputSpacing
                    if i >= 0, i < e.input[axis] { along.append((i, r)) }
                }
                pairs = pairs.flatMap { pair in
                    along.map { (pair.0 * e.input[axis] + $0.0, pair.1 * e.taps[axis] + $0.1) }
                }
            case .input:
                for r in 0..<e.taps[axis] {
                    let distance = window.inputSpacing * at + window.padding - window.dilation * r
                    guard distance % window.stride == 0 else { continue }
                    let p = distance / window.stride
                    if p >= 0, p < e.output[axis] { along.append((r, p)) }
                }
                pairs = pairs.flatMap { pair in
                    along.map { (pair.0 * e.taps[axis] + $0.0, pair.1 * e.output[axis] + $0.1) }
                }
            case .filter:
                for p in 0..<e.output[axis] {
                    let distance = window.stride * p + window.dilation * at - window.padding
                    guard distance % window.inputSpacing == 0 else { continue }
                    let i = distance / window.inputSpacing
                    if i >= 0, i < e.input[axis] { along.append((i, p)) }
                }
                pairs = pairs.flatMap { pair in
                    along.map { (pair.0 * e.input[axis] + $0.0, pair.1 * e.output[axis] + $0.1) }
                }
            }
        }
        func sum(_ first: Int, _ second: Int) {
            for pair in pairs { add(Double(operands[0][first + pair.0]) * Double(operands[1][second + pair.1])) }
        }
        switch form.role {
        case .output:
            let (n, filter) = (position[0], position[1])
            for c in 0..<e.channels {
                sum((n * allChannels + filter / e.filters * e.channels + c) * inputs, (filter * e.channels + c) * taps)
            }
        case .input:
            let (n, group, c) = (position[0], position[1] / e.channels, position[1] % e.channels)
            for k in 0..<e.filters {
                let filter = group * e.filters + k
                sum((filter * e.channels + c) * taps, (n * allFilters + filter) * outputs)
            }
        case .filter:
            let (filter, c) = (position[0], position[1])
            for n in 0..<e.batch {
                sum(
                    (n * allChannels + filter / e.filters * e.channels + c) * inputs,
                    (n * allFilters + filter) * outputs)
            }
        }
    }

    /// All offsets in two operands for axes of these sizes and strides.
    private func forEach(_ axes: [(size: Int, first: Int, second: Int)], _ body: (Int, Int) -> Void) {
        func walk(_ axis: Int, _ first: Int, _ second: Int) {
            guard axis < axes.count else { return body(first, second) }
            for index in 0..<axes[axis].size {
                walk(axis + 1, first + index * axes[axis].first, second + index * axes[axis].second)
            }
        }
        walk(0, 0, 0)
    }

    func indices(of place: Int, in sizes: [Int]) -> [Int] {
        var rest = place
        var indices = sizes
        for axis in sizes.indices.reversed() {
            indices[axis] = rest % sizes[axis]
            rest /= sizes[axis]
        }
        return indices
    }

    private func place(_ indices: [Int], in sizes: [Int]) -> Int { zip(indices, sizes).reduce(0) { $0 * $1.1 + $1.0 } }
}

extension Dice {
    /// Places of a tensor: the first, the last, corners, those beside multiples of the sizes in which kernels cut, and others.
    mutating func places(_ count: Int, in shape: Shape) -> [Int] {
        guard shape.count > count else { return Array(0..<shape.count) }
        var places = [0, shape.count - 1]
        while places.count < count {
            var place = 0
            for size in shape.sizes {
                var index = int(0...size - 1)
                if chance(0.5) {
                    let cut = one(of: [2, 4, 8, 16, 32, 64, 128])
                    index = (index / cut * cut) + int(-1...1)
                }
                if chance(0.2) { index = one(of: [0, size - 1]) }
                place = place * size + min(max(index, 0), size - 1)
            }
            places.append(place)
        }
        return places
    }
}
