import AdjointGradients
import AdjointGraphs

/// The steps of one reading, on the channel of a selection: with symbols where these can be read, elsewhere with numbers.
package struct ReadingSteps: Sendable {
    /// A plane between two steps, and the step that led to it.
    package struct Stage: Sendable {
        package let step: String
        package let name: String
        package let sizes: [Int]
        /// Row-major labels; nil where only the size is drawn.
        let labels: [String]?
        let colors: [Picture.Color]
        /// Numbers below the labels, where they are known.
        var notes: [String]?
        /// The name of the tensor whose elements the plane shows: `V`, `∂G`.
        package let tensor: String
        /// Row-major places in that tensor, nil for zeros and for what is cut off; empty where there are too many to show.
        package let elements: [Int?]
    }

    /// The name of the result: `∂W`.
    package let name: String
    /// The name of its plane: the same, or with channels `∂W[0,1,…]`.
    let planeName: String
    /// `Σ over 2 examples`, where this many such readings are added up.
    let sum: String?
    let words: Words
    package let plane: [Stage]
    package let filter: [Stage]
    package let result: [Stage]
    /// The stride of the window along each axis.
    package let stride: [Int]

    init(
        _ role: Primitive.Convolution.Role, of sliding: Sliding, _ selection: Selection, _ values: [String: Tensor]
    ) throws(ArgumentError) {
        guard let layer = sliding.convolution, let extents = sliding.extents else {
            throw ArgumentError("convolution", "layer", expected: "a filter", given: "none")
        }
        // Cropping at the end is what leaves windows out, and needs no drawing.
        let reading = SlidingReading(
            layer.solved(for: role, size: role.pick(sliding.inputs, sliding.taps, sliding.outputs)), extents,
            after: role == .filter ? sliding.after.map { max(0, $0) } : nil)
        stride = reading.axes.map { $0.stride }
        let channel = try ReadingChannel(of: selection, sliding, extents)
        let operands = [
            ReadingTensor(sliding, role == .input ? .output : .input, sizes: reading.plane, channel, values),
            ReadingTensor(sliding, role == .filter ? .output : .filter, sizes: reading.filter, channel, values),
        ]
        let evaluation = try ReadingEvaluation(of: reading, operands)
        words = sliding.words
        plane = evaluation.stages(
            operands[0],
            [
                ("plane", ""), ("spread", reading.spreadText(words) { $0.inputSpacing }),
                ("padded", reading.padText(words)),
            ]
        )
        filter = evaluation.stages(
            operands[1],
            [("filter", ""), ("reversed", words.turn), ("dilated", reading.spreadText(words) { $0.dilation })])
        // The sums of the results are in the equations; here results have their names.
        let (windows, kept) = (reading.axes.indices.map { reading.windows($0) }, reading.result)
        let gradient = ReadingTensor(sliding, role, isDerivative: true, sizes: kept, channel, values)
        (name, planeName) = (gradient.name, gradient.planeName)
        let (count, noun) = sliding.outer(of: sliding.name(role))
        sum = count > 1 ? filled(words.sumOver, ["\(count)", noun]) : nil
        let isNamed = evaluation.isSmall
        let slid = gradient.stage(filled(words.slide, [reading.strideText]), windows, isNamed: isNamed)
        let keep = filled(words.keep, [joined(kept, by: "×")])
        result = [slid] + (windows == kept ? [] : [gradient.stage(keep, kept, isNamed: isNamed)])
    }

    /// The most cells whose texts can be read.
    fileprivate static let readableCells = 170

    /// The most cells for which places are given.
    fileprivate static let shownCells = 1 << 19

    /// The whole reading as one sentence.
    package var sentence: String {
        func chain(_ stages: [Stage]) -> String {
            let steps = joined(stages.dropFirst().map { $0.step })
            return (stages.first?.name ?? "") + (steps.isEmpty ? "" : " (\(steps))")
        }
        return filled(
            sum == nil ? words.reading : words.readingShare,
            [chain(filter), chain(plane), joined(result.map { $0.step }, by: words.then), planeName, sum ?? ""])
    }
}

// MARK: - how the stages look

/// The channel of one of the layer's tensors, or of its derivative, as cells.
private struct ReadingTensor {
    let sliding: Sliding
    /// The tensor: V, W or G.
    let letter: String
    /// As values have it: the letter, or that of its derivative.
    let name: String
    let sizes: [Int]
    /// The plane's indices on the first two axes.
    private let plane: [Int]
    /// The row-major place of the plane's first element.
    let start: Int
    /// The plane's numbers, where they are known.
    let numbers: [Double]?

    init(
        _ sliding: Sliding, _ role: Primitive.Convolution.Role, isDerivative: Bool = false, sizes: [Int],
        _ channel: ReadingChannel, _ values: [String: Tensor]
    ) {
        let letter = sliding.name(role)
        let plane =
            letter == "W"
            ? [channel.filter, channel.channel]
            : [channel.example, letter == sliding.field ? channel.fieldChannel : channel.filter]
        let shape = sliding.shapes[letter] ?? [1, 1]
        let start = (plane[0] * shape[1] + plane[1]) * shape.planeCount
        let name = isDerivative || letter == "G" ? derivativeName(letter) : letter
        numbers = values[name].map { Array($0.doubles[start..<start + shape.planeCount]) }
        (self.sliding, self.letter, self.name, self.sizes) = (sliding, letter, name, sizes)
        (self.plane, self.start) = (plane, start)
    }

    var planeName: String { sliding.planeName(name, plane) }

    private var scale: Picture.Scale { Picture.Scale(of: name) }

    /// The label of a cell; an index alone has no sign before it.
    func label(_ position: [Int]) -> String {
        (name != letter && sliding.naming == .numbered ? "∂" : "") + sliding.label(letter, position)
    }

    /// - Parameter isNamed: whether cells have names: then all but zeros have one colour.
    func colors(_ values: [Double], isNamed: Bool) -> [Picture.Color] {
        let scale = scale
        let largest = isNamed ? 1 : numbers.map { Picture.Scale.limit(of: $0).largest } ?? 1
        return values.map { isNamed && $0 == 0 ? .faint : scale.color($0, largest: largest) }
    }

    /// The texts of the numbers, where they are known.
    var notes: [String]? { numbers.map { $0.map { written($0, digits: 2) } } }

    /// The results of all windows, some of which are kept.
    ///
    /// - Parameter isNamed: whether cells of all planes have names; else colours show the numbers.
    func stage(_ step: String, _ windows: [Int], isNamed: Bool) -> ReadingSteps.Stage {
        let plane = Plane(sizes: windows)
        let isKept = plane.map { zip($0, sizes).allSatisfy { $0 < $1 } }
        let isSmall = isKept.count <= ReadingSteps.readableCells
        var places = (start..<start + Shape(sizes).count)[...]
        var known = (isNamed && isSmall ? [] : colors(numbers ?? [], isNamed: false))[...]
        return ReadingSteps.Stage(
            step: step, name: planeName, sizes: windows,
            labels: isSmall ? zip(plane.positions, isKept).map { $1 ? label($0) : "" } : nil,
            colors: isKept.map { isKept in
                if !isKept { return .none }
                return known.popFirst() ?? (isSmall ? scale.color(0.3) : .faint)
            }, notes: windows == sizes && isSmall ? notes : nil, tensor: name,
            elements: isKept.count > ReadingSteps.shownCells ? [] : isKept.map { $0 ? places.popFirst() : nil })
    }
}

/// The values of plane and filter after each step: names where all of them can be read.
private struct ReadingEvaluation {
    let graph: Graph
    let names: [String: [Symbol]]
    let numbers: [String: Tensor]
    /// Tensors that hold one more than each element's place in its plane, and 0 for zeros; empty where there are too many.
    let counts: [String: Tensor]
    let isSmall: Bool

    init(of reading: SlidingReading, _ operands: [ReadingTensor]) throws(ArgumentError) {
        let shapes = operands.map { Shape([1, 1] + $0.sizes) }
        graph = try Graph { g in
            let (plane, filter) = (g.input("plane", shapes[0], .float64), g.input("filter", shapes[1], .float64))
            return reading.steps(plane, filter, groups: 1)
        }
        let before = graph.keeping(["plane", "spread", "padded", "filter", "reversed", "dilated"])
        let largest = before.outputs.reduce(0) { max($0, before.nodes[$1.node].shape.count) }
        let isSmall = largest <= ReadingSteps.readableCells
        self.isSmall = isSmall
        var symbols: [String: [Symbol]] = [:]
        var (bindings, ordinals): ([String: Tensor], [String: Tensor]) = ([:], [:])
        for (input, (operand, shape)) in zip(["plane", "filter"], zip(operands, shapes)) {
            if isSmall {
                symbols[input] = Plane(sizes: operand.sizes).map { Symbol(.variable(Name(operand.label($0)))) }
            }
            let known = isSmall ? nil : operand.numbers
            bindings[input] =
                known.map { Tensor(known: shape, .float64($0)) }
                ?? Tensor(known: shape, repeating: isSmall ? 0.3 : 0.5, as: .float64)
            ordinals[input] = Tensor(known: shape, .float64((0..<shape.count).map { Double($0 + 1) }))
        }
        names = isSmall ? try before.evaluated(symbols: symbols) : [:]
        numbers = try before.evaluated(bindings)
        counts = largest <= ReadingSteps.shownCells ? try before.evaluated(ordinals) : [:]
    }

    /// The stages of an operand, without steps that have no effect.
    func stages(_ operand: ReadingTensor, _ steps: [(name: String, text: String)]) -> [ReadingSteps.Stage] {
        let nodes = steps.map { graph.output(named: $0.name)?.node ?? 0 }
        return steps.indices.filter { $0 == 0 || nodes[$0] != nodes[$0 - 1] }.map { number in
            let step = steps[number]
            return ReadingSteps.Stage(
                step: step.text, name: number == 0 ? operand.planeName : "",
                sizes: graph.nodes[nodes[number]].shape.spatial,
                labels: names[step.name]?.map { $0.expression.text },
                colors: operand.colors(numbers[step.name]?.doubles ?? [], isNamed: isSmall),
                notes: isSmall && number == 0 ? operand.notes : nil, tensor: operand.name,
                elements: (counts[step.name]?.doubles ?? []).map { $0 == 0 ? nil : operand.start + Int($0) - 1 })
        }
    }
}

/// The planes that belong to a selection's sum.
private struct ReadingChannel {
    let example: Int
    let filter: Int
    /// The channel of the filter, and that of the tensor over which it slides.
    let channel, fieldChannel: Int

    init(of selection: Selection, _ sliding: Sliding, _ extents: Primitive.Convolution.Extents) throws(ArgumentError) {
        let index = try sliding.index(of: selection)
        let isBias = selection.name == "B"
        let (filters, channels) = (extents.filters, extents.channels)
        switch isBias ? "G" : selection.name {
        case "W": (example, filter, channel) = (0, index[0], index[1])
        case sliding.field:
            let plane = isBias ? index[0] : index[1]
            (example, filter, channel) = (isBias ? 0 : index[0], plane / channels * filters, plane % channels)
        default: (example, filter, channel) = (isBias ? 0 : index[0], isBias ? index[0] : index[1], 0)
        }
        fieldChannel = filter / filters * channels + channel
    }
}

// MARK: - the steps in words

extension SlidingReading {
    /// The text of all axes where they agree, else one text for each.
    private func perAxis(_ text: (Int) -> String) -> String {
        let texts = axes.indices.map { text($0) }
        return texts.allSatisfy { $0 == texts[0] } ? texts[0] : joined(texts, by: " × ")
    }

    fileprivate func spreadText(_ words: Words, _ spacing: (Window.Axis) -> Int) -> String {
        let zeros = perAxis { axis in
            let count = spacing(axes[axis]) - 1
            return count == 1 ? words.oneZero : filled(words.zeros, ["\(count)"])
        }
        return filled(words.between, [zeros])
    }

    /// The padding around the plane, or the cropping, in words.
    fileprivate func padText(_ words: Words) -> String {
        func amount(_ number: Int) -> String { filled(number < 0 ? words.crop : words.pad, ["\(number.magnitude)"]) }
        func amounts(_ axis: Int) -> String {
            let (low, high) = (axes[axis].padding, after(axis))
            if low == high { return amount(low) }
            return joined(
                [(low, words.before), (high, words.after)].filter { $0.0 != 0 }.map { filled($0.1, [amount($0.0)]) },
                by: words.and)
        }
        let texts = axes.indices.map { amounts($0) }
        if texts.allSatisfy({ $0 == texts[0] }) { return texts[0] }
        let names = words.axes.suffix(axes.count)
        return joined(zip(names, texts).filter { $0.1 != filled(words.pad, ["0"]) }.map { $0 + ": " + $1 }, by: "; ")
    }

    fileprivate var strideText: String { perAxis { String(axes[$0].stride) } }
}
