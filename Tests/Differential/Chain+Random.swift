import AdjointGraphs

extension Dice {
    /// One layer, with all its derivatives to second order.
    mutating func singleLayer() -> Chain {
        while true {
            let axes = one(of: [1, 2, 2, 2, 2, 2, 3])
            let batch = one(of: Ranges.batches)
            // Winograd's small tiles are for strips of many channels.
            let isStrip = axes == 2 && chance(0.1)
            let many = Ranges.channels.filter { 48...192 ~= $0 }
            let channels = one(of: isStrip ? many : chance(0.6) ? Ranges.manyChannels : Ranges.channels)
            var layer = layer([batch, channels] + [Int](repeating: 1, count: axes))
            if isStrip {
                layer = Layer(
                    filters: one(of: many), kernel: [3, 3], stride: [1, 1], dilation: [1, 1], before: [1, 1],
                    after: [1, 1])
            }
            let work = scale(Ranges.layerWork)
            let products = (layer.kernel).reduce(
                Double(batch * channels) * Double(layer.filters / layer.groups)
            ) { $0 * Double($1) }
            var side = 1.0
            while side < Double(Ranges.largestSide), products * power(side + 1, axes) <= work { side += 1 }
            let strip = [2, int(16...64)]
            let sides = (0..<axes).map { axis in
                let outputs = isStrip ? strip[axis] : max(1, Int(side) + int(-2...2))
                return layer.outputPadding == nil && !isStrip
                    ? outputs * layer.stride[axis] + int(0...max(0, layer.stride[axis] - 1)) : outputs
            }
            let input = [batch, channels] + sides
            guard layer.filterShape(channels: channels).count <= Ranges.filterFloats, let needed = layer.work(input),
                needed <= 2 * Ranges.layerWork.upperBound,
                input.reduce(1, *) <= 1 << 22
            else { continue }
            var chain = Chain(
                seed: bits(), input: input, links: [.layer(layer)], isIntegral: true, isSecondOrder: chance(0.7))
            if chance(0.15) { chain.holding = .prepared }
            return chain
        }
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }

    /// Several layers with other links between them.
    mutating func chain() -> Chain {
        while true {
            let axes = one(of: [1, 2, 2, 2, 2, 2, 2, 3])
            let isLarge = chance(0.3)
            let batch = one(of: Ranges.batches.filter { !isLarge || $0 > 4 })
            let channels = one(of: isLarge ? Ranges.manyChannels.filter { $0 % 4 == 0 } : Ranges.channels)
            let floats = scale(isLarge ? Ranges.turnFloats : Ranges.chainFloats)
            var side = 1
            while side < Ranges.largestSide, power(Double(side + 1), axes) * Double(batch * channels) <= floats {
                side += 1
            }
            let input = [batch, channels] + (0..<axes).map { _ in max(1, side + int(-1...2)) }
            var chain = Chain(seed: bits(), input: input, links: [], isIntegral: chance(0.75))
            guard let shape = extend(&chain, isLarge: isLarge) else { continue }
            if shape.dropFirst(2).reduce(1, *) * shape[1] < 1 << 14, chance(0.15) {
                chain.links.append(.dense(features: int(1...40)))
            }
            chain.isSecondOrder = chain.links.count <= 4 && chance(0.25)
            chain.holding = chance(0.5) ? .inputs : one(of: [.prepared, .updated, .updated, .exchanged])
            return chain
        }
    }

    /// Appends links while they fit; returns the shape after the last one.
    private mutating func extend(_ chain: inout Chain, isLarge: Bool) -> [Int]? {
        var shape = chain.input
        var spacing = 1.0
        for _ in 0..<int(isLarge ? 2...3 : 1...5) {
            var found: (Layer, [Int])?
            for _ in 0..<8 where found == nil {
                var layer = self.layer(shape, isKeepingSize: true, isSmooth: isLarge)
                if chance(0.5) { layer.filters = max(layer.groups, shape[1] / layer.groups * layer.groups) }
                if let work = layer.work(shape), work <= Ranges.chainWork,
                    let outputs = layer.outputs(Array(shape.dropFirst(2)))
                {
                    let result = [shape[0], layer.filters] + outputs
                    if result.reduce(1, *) <= 1 << 22 { found = (layer, result) }
                }
            }
            guard let (layer, result) = found else { return nil }
            let before = shape
            shape = result
            chain.links.append(.layer(layer))
            if chance(0.5) { chain.links.append(.bias) }
            if before == shape, chance(0.4) { chain.links.append(.residual) }
            if !chain.isIntegral {
                if chance(0.3) { chain.links.append(.standardize) }
                if chance(0.7) { chain.links.append(one(of: [.tanh, .silu])) }
            } else if chance(0.7) {
                spacing /= 2
                chain.links.append(one(of: [.relu(offset: spacing), .clamp(offset: spacing), .leaky(offset: spacing)]))
                if case .leaky = chain.links[chain.links.count - 1] { spacing /= 2 }
            }
            let sides = shape.dropFirst(2)
            if sides.allSatisfy({ $0 >= 4 }) {
                if chain.isIntegral, chance(0.2), shape.count == 4 {
                    let kernel = sides.map { _ in int(2...3) }
                    let stride = chance(0.6) ? kernel.map { _ in 2 } : kernel.map { _ in int(1...3) }
                    let padding = int(0...1)
                    spacing /= 32
                    chain.links.append(.maxPool(kernel: kernel, stride: stride, padding: padding, spacing: spacing))
                    shape =
                        Array(shape.prefix(2))
                        + zip(sides, zip(kernel, stride)).map { ($0 + 2 * padding - $1.0) / $1.1 + 1 }
                } else if chance(0.15) {
                    let kernel = sides.map { _ in 2 }
                    chain.links.append(.averagePool(kernel: kernel, stride: kernel))
                    spacing /= chain.isIntegral ? Double(kernel.reduce(1, *)) : 1
                    shape = Array(shape.prefix(2)) + sides.map { ($0 - 2) / 2 + 1 }
                }
            }
            if chance(0.3), shape.count > 2 {
                let function = one(of: Function.all.filter { $0.isExact || !chain.isIntegral })
                chain.links.append(.function(function.name))
                guard let found = chain.result, found.reduce(1, *) <= 1 << 20, found.count == shape.count else {
                    return nil
                }
                shape = found
            }
            if chance(0.08) {
                let link = one(of: [
                    Chain.Link.doubled, .reverse(axis: int(0...shape.count - 1)), .cropped, .surrounded,
                ])
                chain.links.append(link)
                switch link {
                case .doubled: shape[1] *= 2
                case .cropped:
                    if shape.dropFirst(2).allSatisfy({ $0 > 2 }) { for axis in 2..<shape.count { shape[axis] -= 2 } }
                case .surrounded: for axis in 2..<shape.count { shape[axis] += 1 }
                default: break
                }
            }
        }
        return shape
    }
}

extension Chain {
    /// Smaller chains of the same kind.
    var smaller: [Chain] {
        var found: [Chain] = []
        func add(_ change: (inout Chain) -> Void) {
            var chain = self
            change(&chain)
            if chain != self { found.append(chain) }
        }
        for place in links.indices.reversed() where links.count > 1 { add { $0.links.remove(at: place) } }
        if isSecondOrder { add { $0.isSecondOrder = false } }
        if holding != .inputs { add { $0.holding = .inputs } }
        for axis in input.indices {
            for size in [1, input[axis] / 2, input[axis] - 1] where size >= 1 && size < input[axis] {
                add { $0.input[axis] = size }
            }
        }
        for (place, link) in links.enumerated() {
            guard case .layer(let layer) = link else { continue }
            for smaller in layer.smaller { add { $0.links[place] = .layer(smaller) } }
        }
        return found
    }
}

extension Layer {
    var smaller: [Layer] {
        var found: [Layer] = []
        func add(_ change: (inout Layer) -> Void) {
            var layer = self
            change(&layer)
            if layer != self { found.append(layer) }
        }
        if groups > 1 { add { $0.groups = 1 } }
        for count in [groups, filters / 2 / groups * groups, filters - groups] where count >= groups && count < filters
        {
            add { $0.filters = count }
        }
        for axis in kernel.indices {
            for size in [1, 3, kernel[axis] - 1] where size >= 1 && size < kernel[axis] {
                add { $0.kernel[axis] = size }
            }
            if stride[axis] > 1 { add { $0.stride[axis] = 1 } }
            if dilation[axis] > 1 { add { $0.dilation[axis] = 1 } }
            if before[axis] != 0 { add { $0.before[axis] = 0 } }
            if after[axis] != 0 { add { $0.after[axis] = 0 } }
            if outputPadding?[axis] ?? 0 > 0 { add { $0.outputPadding?[axis] = 0 } }
        }
        return found
    }
}
