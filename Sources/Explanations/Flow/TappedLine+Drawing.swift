import AdjointGraphs

extension TappedLine {
    private static let rowHeight = 72.0

    /// All taps of all planes that lead to the channel.
    var allTaps: FlowSketch {
        var sketch = FlowSketch()
        let group = channel / (isTransposed ? extents.channels : extents.filters)
        func all(_ count: Int) -> [Int] { (0..<count).map { group * count + $0 } }
        let channels = isTransposed ? [channel] : all(extents.channels)
        let filters = isTransposed ? all(extents.filters) : [channel]
        let middle = Self.rowHeight * Double(Shape(extents.taps).count - 1) / 2
        let isPlaced = channels.count == 1 && filters.count == 1
        func at(_ x: Double) -> Picture.Point? { isPlaced ? Picture.Point(x, middle) : nil }
        let lines = channels.map { taps(of: $0, isPlaced: isPlaced, &sketch) }
        for filter in filters {
            let sum = sketch.add(.sum, at: at(290))
            for (line, channel) in zip(lines, channels) {
                let start = (filter * extents.channels + channel - group * extents.channels) * line.count
                for (tap, node) in line.enumerated() { sketch.connect(node, to: sum, gain: weight(start + tap)) }
            }
            sketch.connect([sum] + end(filter, &sketch, at: at(390), at(480)))
        }
        return sketch
    }

    /// The nodes at which the taps leave, in row-major order. They are drawn one below the other, those that begin a row
    /// further to the left.
    private func taps(of channel: Int, isPlaced: Bool, _ sketch: inout FlowSketch) -> [Int] {
        let taps = Shape(extents.taps)
        func at(_ x: Double, _ row: Double) -> Picture.Point? {
            isPlaced ? Picture.Point(x, row * Self.rowHeight) : nil
        }
        func lane(_ axis: Int) -> Double { 90 * Double(axis + 1 - taps.rank) }
        let pad = begin(channel, &sketch, at: at(lane(0) - 165, 0), at(lane(0) - 80, 0))
        var picked: [Int] = []
        for place in 0..<taps.count {
            // The previous tap along the last axis that has moved: a row begins one shift below the row above.
            let index = taps.index(of: place)
            guard let axis = index.lastIndex(where: { $0 > 0 }) else {
                picked.append(sketch.add(.point, at: at(lane(0), 0)))
                sketch.connect(pad, to: picked[0])
                continue
            }
            let steps = convolution.window.axes.enumerated().map { $0 == axis ? $1.dilation : 0 }
            let shift = sketch.add(.operation(self.shift(by: steps)), at: at(lane(axis), Double(place) - 0.5))
            let tap = sketch.add(.point, at: at(lane(axis), Double(place)))
            sketch.connect([picked[place - taps.strides[axis]], shift, tap])
            picked.append(tap)
        }
        return picked
    }

    /// One tap from its plane to the sum, and a box for all others that lead there.
    ///
    /// - Parameter weight: the row-major place of the tap's weight in the filter, whose axes are [g·K + k, c, r…] in both
    ///   directions.
    func oneTap(_ weight: Int) -> FlowSketch {
        var sketch = FlowSketch()
        let index = weights.index(of: weight)
        let steps = zip(convolution.window.axes, index.dropFirst(2)).map { $0.dilation * $1 }
        func at(_ x: Double, _ y: Double = 0) -> Picture.Point { Picture.Point(x, y) }
        let pad = begin(index[0] / extents.filters * extents.channels + index[1], &sketch, at: at(0), at(80))
        let branch = sketch.add(.point, at: at(140))
        let shift = sketch.add(.operation(self.shift(by: steps)), at: at(230))
        let sum = sketch.add(.sum, at: at(470))
        let end = self.end(index[0], &sketch, at: at(570), at(660))
        sketch.connect([pad, branch, shift])
        sketch.connect(shift, to: sum, gain: self.weight(weight))
        if count > 1 { addOthers(&sketch, from: branch, to: sum) }
        sketch.connect([sum] + end)
        return sketch
    }

    /// A box for the other taps, and an input or output for the other planes.
    private func addOthers(_ sketch: inout FlowSketch, from branch: Int, to sum: Int) {
        let channels = isTransposed ? extents.filters : extents.channels
        let sizes = (channels > 1 ? [channels] : []) + extents.taps
        let text = filled(words.otherTaps, ["\(count - 1)", joined(sizes, by: "×")])
        let others = sketch.add(.box(text, transposed: text), at: Picture.Point(270, 72))
        let joint = sketch.add(.point, at: Picture.Point(470, 72))
        sketch.connect([branch, others, joint, sum])
        guard channels > 1 else { return }
        // A transposed layer is drawn from its output: then the output's signal is one of several inputs.
        let planes = Name(filled(words.otherPlanes, ["V", "\(channels - 1)"]))
        let more = sketch.add(
            isTransposed ? .output : .input, named: planes, at: Picture.Point(isTransposed ? 470 : 270, 130))
        sketch.connect(isTransposed ? [joint, more] : [more, others])
    }

    /// A plane and its padding with zeros.
    private func begin(
        _ channel: Int, _ sketch: inout FlowSketch, at entrance: Picture.Point?, _ place: Picture.Point?
    ) -> Int {
        let entry = sketch.add(.input, named: first(channel), at: entrance)
        let pad = sketch.add(.operation(self.pad), at: place)
        sketch.connect(entry, to: pad)
        return pad
    }

    /// The strided part of a sum, and the plane that it gives.
    private func end(
        _ filter: Int, _ sketch: inout FlowSketch, at place: Picture.Point?, _ exit: Picture.Point?
    ) -> [Int] {
        [sketch.add(.operation(take), at: place), sketch.add(.output, named: last(filter), at: exit)]
    }
}
