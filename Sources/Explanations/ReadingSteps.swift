import AdjointGradients
import AdjointGraphs

/// The steps of one reading on one channel: evaluated with symbols where one can read them, and with numbers elsewhere.
struct ReadingSteps {
    /// A plane between two steps, and the step that led to it.
    struct Stage {
        let step: String
        let name: String
        let sizes: [Int]
        /// Row-major; nil where only the size is drawn.
        let labels: [String]?
        let colors: [Picture.Color]
    }

    /// `∂W`
    let name: String
    let words: Words
    let plane: [Stage]
    let filter: [Stage]
    let result: [Stage]

    init(
        _ role: Primitive.Convolution.Role, of sliding: Sliding, _ selection: Selection, _ values: [String: Tensor]
    ) throws(GraphError) {
        guard let layer = sliding.convolution, let extents = sliding.extents else {
            throw GraphError(operation: "convolution", argument: "layer", expected: "a filter", given: "none")
        }
        let size = role == .input ? sliding.inputs : role == .filter ? sliding.taps : sliding.outputs
        let reading = SlidingReading(
            layer.solved(for: role, size: size), extents, after: role == .filter ? sliding.after : nil)
        let graph = try Graph { g in
            reading.steps(
                g.input("plane", Shape([1, 1] + reading.plane), .float64),
                g.input("filter", Shape([1, 1] + reading.filter), .float64), groups: 1
            ).named
        }
        let operands = ReadingOperand.both(of: reading, role, in: sliding)
        let channel = try sliding.channel(of: selection)
        let looks = try graph.looks(of: operands, in: sliding, channel, values)
        /// The stages of an operand, without steps that change nothing.
        func stages(_ operand: ReadingOperand, _ texts: [String]) -> [Stage] {
            let nodes = operand.steps.map { graph.output(named: $0)?.node ?? 0 }
            return nodes.indices.filter { $0 == 0 || nodes[$0] != nodes[$0 - 1] }.map { number in
                let look = looks[operand.steps[number]]
                return Stage(
                    step: texts[number], name: number == 0 ? operand.name : "",
                    sizes: Array(graph.nodes[nodes[number]].shape.sizes.dropFirst(2)), labels: look?.labels,
                    colors: look?.colors ?? [])
            }
        }
        words = sliding.words
        name = derivativeName(sliding.name(role))
        plane = stages(operands[0], ["", reading.spreadText(words) { $0.inputSpacing }, reading.padText(words)])
        filter = stages(operands[1], ["", words.turn, reading.spreadText(words) { $0.dilation }])

        let windows = reading.axes.indices.map { reading.windows($0) }
        let known = sliding.slice(name, channel, values)?.doubles ?? []
        var results = [
            sliding.results(windows, filled(words.slide, [reading.strideText]), role, of: reading, known)
        ]
        if windows != reading.result {
            let sizes = joined(reading.result.map { String($0) }, by: "×")
            results.append(sliding.results(reading.result, filled(words.keep, [sizes]), role, of: reading, known))
        }
        result = results
    }

    /// As many as can be read.
    fileprivate static let readableCells = 170

    /// All of it as one sentence.
    var sentence: String {
        func chain(_ stages: [Stage]) -> String {
            let steps = joined(stages.dropFirst().map { $0.step })
            return (stages.first?.name ?? "") + (steps.isEmpty ? "" : " (\(steps))")
        }
        return filled(
            words.reading, [chain(filter), chain(plane), joined(result.map { $0.step }, by: words.then), name])
    }
}

// MARK: - how the stages look

/// One of the two tensors that a reading brings together.
private struct ReadingOperand {
    /// As values have it: `V`, `∂G`.
    let name: String
    let sizes: [Int]
    /// The graph's input, and what becomes of it.
    let steps: [String]

    var scale: Picture.Scale { Picture.Scale(of: name) }

    /// What the window slides over, and what it multiplies with: of G its derivative.
    static func both(
        of reading: SlidingReading, _ role: Primitive.Convolution.Role, in sliding: Sliding
    ) -> [ReadingOperand] {
        func name(_ role: Primitive.Convolution.Role) -> String {
            sliding.name(role) == "G" ? derivativeName("G") : sliding.name(role)
        }
        return [
            ReadingOperand(
                name: name(role == .input ? .output : .input), sizes: reading.plane,
                steps: ["plane", "spread", "padded"]),
            ReadingOperand(
                name: name(role == .filter ? .output : .filter), sizes: reading.filter,
                steps: ["filter", "reversed", "dilated"]),
        ]
    }
}

private typealias ReadingLook = (labels: [String]?, colors: [Picture.Color])

extension Graph {
    /// How the numbers of each step look, row by row: with names where all of them can be read.
    fileprivate func looks(
        of operands: [ReadingOperand], in sliding: Sliding, _ channel: (filter: Int, channel: Int),
        _ values: [String: Tensor]
    ) throws(GraphError) -> [String: ReadingLook] {
        let before = keeping(operands.flatMap { $0.steps })
        let isSmall = before.outputs.allSatisfy { before.nodes[$0.node].shape.count <= ReadingSteps.readableCells }
        var (symbols, bindings): ([String: [Symbol]], [String: Tensor]) = ([:], [:])
        var largest: [String: Double] = [:]
        for operand in operands {
            let (tensor, prefix) = sliding.letter(operand.name)
            symbols[operand.steps[0]] = Plane(sizes: operand.sizes).positions.map {
                Symbol(.variable(Name(prefix + sliding.label(tensor, $0))))
            }
            let shape = Shape([1, 1] + operand.sizes)
            let known = isSmall ? nil : try sliding.slice(operand.name, channel, values)?.reshaped(to: shape)
            // Under names, and without numbers, one tone for all that is no zero between or around.
            bindings[operand.steps[0]] = known ?? Tensor(known: shape, repeating: isSmall ? 0.3 : 0.5, as: .float64)
            largest[operand.name] = known.map { Picture.Scale.limit(of: $0.doubles).largest } ?? 1
        }
        let names = isSmall ? try before.evaluated(symbols: symbols) : [:]
        let numbers = try before.evaluated(bindings)
        var looks: [String: ReadingLook] = [:]
        for operand in operands {
            for step in operand.steps {
                let colors = numbers[step]?.doubles.map {
                    isSmall && $0 == 0 ? .faint : operand.scale.color($0, largest: largest[operand.name] ?? 1)
                }
                looks[step] = (names[step]?.map { $0.expression.text }, colors ?? [])
            }
        }
        return looks
    }
}

extension Sliding {
    /// What the windows give, by name: the sums are what the equations show.
    ///
    /// - Parameter known: the numbers of the positions that are kept.
    fileprivate func results(
        _ sizes: [Int], _ step: String, _ role: Primitive.Convolution.Role, of reading: SlidingReading,
        _ known: [Double]
    ) -> ReadingSteps.Stage {
        let positions = Plane(sizes: sizes).positions
        let isSmall = positions.count <= ReadingSteps.readableCells
        let isKept = positions.map { zip($0, reading.result).allSatisfy { $0 < $1 } }
        let largest = Picture.Scale.limit(of: known).largest
        var numbers = (isSmall ? [] : known)[...]
        let colors = isKept.map { isKept -> Picture.Color in
            if !isKept { return .none }
            if isSmall { return Picture.Scale.gradient.color(0.3) }
            return numbers.popFirst().map { Picture.Scale.gradient.color($0, largest: largest) } ?? .faint
        }
        let labels = zip(positions, isKept).map { $1 ? prefix("∂") + label(name(role), $0) : "" }
        return ReadingSteps.Stage(
            step: step, name: derivativeName(name(role)), sizes: sizes, labels: isSmall ? labels : nil, colors: colors)
    }

    /// Filter and channel of a selection: what its plane is.
    fileprivate func channel(of selection: Selection) throws(GraphError) -> (filter: Int, channel: Int) {
        let index = try index(of: selection)
        return selection.name == "W" ? (index[0], index[1]) : (0, 0)
    }

    /// The plane of a tensor that the selection's sum is about, where its numbers are known.
    fileprivate func slice(
        _ name: String, _ selected: (filter: Int, channel: Int), _ values: [String: Tensor]
    ) -> Tensor? {
        guard let tensor = values[name], let w = shapes["W"], let convolution else { return nil }
        let group = selected.filter / max(1, w[0] / convolution.groups)
        let letter = letter(name).tensor
        let start =
            letter == "W"
            ? [selected.filter, selected.channel]
            : [0, letter == field ? group * w[1] + selected.channel : selected.filter]
        let spatial = Array(tensor.shape.sizes.dropFirst(2))
        let count = Shape(spatial).count
        let place = (start[0] * tensor.shape[1] + start[1]) * count
        return Tensor(known: Shape([1, 1] + spatial), .float64(Array(tensor.doubles[place..<place + count])))
    }

    /// The tensor that a name is about, and what stands before its elements' names.
    fileprivate func letter(_ name: String) -> (tensor: String, prefix: String) {
        let tensor = ["V", "W", "G"].first { derivativeName($0) == name }
        return tensor.map { ($0, prefix("∂")) } ?? (name, "")
    }

    /// Indices alone need none.
    private func prefix(_ sign: String) -> String { naming == .numbered ? sign : "" }
}

// MARK: - the steps in words

extension SlidingReading {
    /// One text where all axes agree, otherwise one for each.
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

    /// What is added around the plane, or cut off it.
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
