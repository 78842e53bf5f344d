import AdjointGraphs

extension TappedLine {
    /// One tap from its plane to the sum, and a box for all others that lead there.
    ///
    /// - Parameter weight: the row-major place of the tap's weight in the filter.
    func draw(only weight: Int, into sketch: inout FlowSketch) {
        let index = weights.shape.index(of: weight)
        // The filter's own axes, whichever way the layer runs: [g·K + k, c, r…].
        let group = index[0] / extents.filters
        let (first, last) = isTransposed ? ("G", "V") : ("V", "G")
        let entering = named(first, plane(first, group * extents.channels + index[1]))
        let leaving = named(last, plane(last, index[0]))
        let steps = zip(convolution.window.axes, index.dropFirst(2)).map { $0.dilation * $1 }
        func at(_ x: Double, _ y: Double = 0) -> Picture.Point { Picture.Point(x, y) }

        let entry = sketch.add(.input, entering.signal, delta: entering.delta, at: at(0))
        let pad = sketch.add(.operation(.padding(convolution, inputs: extents.input, to: padded, words)), at: at(80))
        let branch = sketch.add(.point, at: at(140))
        let shift = sketch.add(.operation(.shift(by: steps, words)), at: at(230))
        let sum = sketch.add(.sum, at: at(470))
        let taking = FlowGraph.Operation.taking(convolution, from: padded, outputs: extents.output, words)
        let take = sketch.add(.operation(taking), at: at(570))
        let exit = sketch.add(.output, leaving.signal, delta: leaving.delta, at: at(660))
        for (a, b) in [(entry, pad), (pad, branch), (branch, shift)] { sketch.connect(a, to: b) }
        sketch.connect(shift, to: sum, gain: self.weight(weight))
        if count > 1 {
            let channels = isTransposed ? extents.filters : extents.channels
            let sizes = (channels > 1 ? [channels] : []) + extents.taps
            let text = filled(
                words.otherTaps, ["\(count - 1)", joined(sizes.map { String($0) }, by: "×")])
            let others = sketch.add(.box(text, transposed: text), at: at(270, 72))
            let joint = sketch.add(.point, at: at(470, 72))
            sketch.connect(branch, to: others)
            sketch.connect(others, to: joint)
            sketch.connect(joint, to: sum)
            if channels > 1 {
                // Of a transposed layer this is drawn from its output: what leads on is one of several inputs then.
                let planes = Name(
                    filled(words.otherPlanes, [isTransposed ? last : first, "\(channels - 1)"]))
                let more = sketch.add(
                    isTransposed ? .output : .input, .variable(planes), delta: .derivative(of: "E", by: planes),
                    at: isTransposed ? at(470, 130) : at(270, 130))
                sketch.connect(isTransposed ? joint : more, to: isTransposed ? more : others)
            }
        }
        sketch.connect(sum, to: take)
        sketch.connect(take, to: exit)
    }
}
