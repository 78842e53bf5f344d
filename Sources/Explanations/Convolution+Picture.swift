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
        /// How many positions of each axis are kept.
        let kept: [Int]
    }

    /// `∂W`
    let name: String
    let words: Words
    let reading: SlidingReading
    let plane: [Stage]
    let filter: [Stage]
    let result: [Stage]

    init(
        _ role: Primitive.Convolution.Role, of sliding: Sliding, _ selection: Selection, _ values: [String: Tensor]
    ) throws(GraphError) {
        guard let layer = sliding.convolution, let extents = sliding.extents else {
            throw GraphError(operation: "convolution", argument: "layer", expected: "a filter", given: "none")
        }
        let sizes: [Primitive.Convolution.Role: [Int]] = [
            .input: sliding.inputs, .filter: sliding.taps, .output: sliding.outputs,
        ]
        let reading = SlidingReading(
            layer.solved(for: role, size: sizes[role] ?? []), extents, after: role == .filter ? sliding.after : nil)
        let planeRole: Primitive.Convolution.Role = role == .input ? .output : .input
        let filterRole: Primitive.Convolution.Role = role == .filter ? .output : .filter
        func known(_ role: Primitive.Convolution.Role) -> String {
            sliding.name(role) == "G" ? derivativeName("G") : sliding.name(role)
        }
        let (planeName, filterName) = (known(planeRole), known(filterRole))
        let names = ["plane": planeName, "filter": filterName]
        var steps: SlidingReading.Steps?
        let graph = try Graph { g in
            let made = reading.steps(
                g.input("plane", Shape([1, 1] + reading.plane), .float64),
                g.input("filter", Shape([1, 1] + reading.filter), .float64), groups: 1)
            steps = made
            return made.named
        }
        self.reading = reading
        words = sliding.words
        name = derivativeName(sliding.name(role))
        guard let steps else { (plane, filter, result) = ([], [], []); return }

        let channel = try sliding.channel(of: selection)
        let before = graph.keeping(["plane", "spread", "padded", "filter", "reversed", "dilated"])
        var labels: [String: [String]] = [:]
        var colors: [String: [Picture.Color]] = [:]
        if before.outputs.allSatisfy({ before.nodes[$0.node].shape.count <= ReadingSteps.readableCells }) {
            var symbols: [String: [Symbol]] = [:]
            for (input, sizes) in [("plane", reading.plane), ("filter", reading.filter)] {
                let (tensor, prefix) = sliding.letter(names[input] ?? "")
                symbols[input] = Plane(sizes.map { 0...$0 - 1 }, at: Picture.Point(0, 0), side: 1).positions.map {
                    Symbol(.variable(Name(prefix + sliding.label(tensor, $0))))
                }
            }
            for (step, results) in try before.evaluated(symbols: symbols) {
                labels[step] = results.map { $0.expression.text }
                let tint = ReadingSteps.tint(
                    names[["plane", "spread", "padded"].contains(step) ? "plane" : "filter"] ?? "")
                colors[step] = results.map { $0.expression == .number(0) ? .faint : tint(0.3) }
            }
        } else {
            var bindings: [String: Tensor] = [:]
            for (input, sizes) in [("plane", reading.plane), ("filter", reading.filter)] {
                let shape = Shape([1, 1] + sizes)
                bindings[input] =
                    try sliding.slice(names[input] ?? "", channel, values)?.reshaped(to: shape)
                    ?? Tensor(known: shape, repeating: 0.5, as: .float64)
            }
            for (step, tensor) in try before.evaluated(bindings) {
                let numbers = tensor.doubles
                let input = ["plane", "spread", "padded"].contains(step) ? "plane" : "filter"
                let isKnown = values[names[input] ?? ""] != nil
                let largest = isKnown ? limit(bindings[input]?.doubles ?? []).limit : 1
                let tint = ReadingSteps.tint(names[input] ?? "")
                colors[step] = numbers.map { tint(largest == 0 ? 0 : $0 / largest) }
            }
        }
        func stage(_ step: String, _ text: String, _ name: String) -> Stage {
            let sizes = graph.output(named: step).map { Array(graph.nodes[$0.node].shape.sizes.dropFirst(2)) } ?? []
            return Stage(
                step: text, name: name, sizes: sizes, labels: labels[step], colors: colors[step] ?? [], kept: sizes)
        }
        /// A step that changes something.
        func changed(_ a: Value, _ b: Value) -> Bool { a.index != b.index }
        var (planes, filters) = ([stage("plane", "", planeName)], [stage("filter", "", filterName)])
        if changed(steps.plane, steps.spread) {
            planes.append(stage("spread", reading.spreadText(sliding.words) { $0.inputSpacing }, ""))
        }
        if changed(steps.spread, steps.padded) { planes.append(stage("padded", reading.padText(sliding.words), "")) }
        if changed(steps.filter, steps.reversed) { filters.append(stage("reversed", sliding.words.turn, "")) }
        if changed(steps.reversed, steps.dilated) {
            filters.append(stage("dilated", reading.spreadText(sliding.words) { $0.dilation }, ""))
        }
        (plane, filter) = (planes, filters)
        // The results by name: their sums are what the equations show.
        let (tensor, _) = sliding.letter(sliding.name(role))
        let known = sliding.slice(name, channel, values)?.doubles ?? []
        func results(_ sizes: [Int], _ text: String) -> Stage {
            let positions = Plane(sizes.map { 0...$0 - 1 }, at: Picture.Point(0, 0), side: 1).positions
            let isSmall = positions.count <= ReadingSteps.readableCells
            let tint = ReadingSteps.tint("∂")
            let isKept = positions.map { zip($0, reading.result).allSatisfy { $0 < $1 } }
            // In the order of the positions that are kept.
            var numbers = (isSmall ? [] : known)[...]
            let largest = limit(known).limit
            return Stage(
                step: text, name: derivativeName(tensor), sizes: sizes,
                labels: isSmall
                    ? zip(positions, isKept).map { $1 ? sliding.prefix("∂") + sliding.label(tensor, $0) : "" } : nil,
                colors: isKept.map { isKept in
                    if !isKept { return .none }
                    if isSmall { return tint(0.3) }
                    return numbers.popFirst().map { tint(largest == 0 ? 0 : $0 / largest) } ?? .faint
                }, kept: reading.result)
        }
        let windows = reading.axes.indices.map { reading.windows($0) }
        var stages = [results(windows, filled(sliding.words.slide, [reading.strideText]))]
        if windows != reading.result {
            stages.append(
                results(
                    reading.result,
                    filled(sliding.words.keep, [joined(reading.result.map { String($0) }, by: "×")])))
        }
        result = stages
    }

    /// As many as can be read.
    static let readableCells = 170

    /// The scale of what a plane holds.
    private static func tint(_ name: String) -> (Double) -> Picture.Color {
        switch name {
        case "V": { .activation($0) }
        case "W": { .weight($0) }
        default: { .gradient($0) }
        }
    }

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
        func amounts(_ axis: Int) -> String {
            let (low, high) = (axes[axis].padding, after(axis))
            func amount(_ number: Int) -> String {
                number < 0 ? filled(words.crop, ["\(-number)"]) : filled(words.pad, ["\(number)"])
            }
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

extension Sliding {
    /// Batch and channel, or filter and channel, of a selection: what its plane is.
    fileprivate func channel(of selection: Selection) throws(GraphError) -> (filter: Int, channel: Int) {
        let index = try index(of: selection)
        switch selection.name {
        case "W": return (index[0], index[1])
        default: return (0, 0)
        }
    }

    /// The plane of a tensor that the selection's sum is about, where its numbers are known.
    fileprivate func slice(
        _ name: String, _ selected: (filter: Int, channel: Int), _ values: [String: Tensor]
    ) -> Tensor? {
        guard let tensor = values[name], let w = shapes["W"], let convolution else { return nil }
        let group = selected.filter / max(1, w[0] / convolution.groups)
        let letter = letter(name).tensor
        let start: [Int]
        if letter == "W" {
            start = [selected.filter, selected.channel]
        } else if letter == field {
            start = [0, group * w[1] + selected.channel]
        } else {
            start = [0, selected.filter]
        }
        let count = Shape(Array(tensor.shape.sizes.dropFirst(2))).count
        let place = (start[0] * tensor.shape[1] + start[1]) * count
        return Tensor(
            known: Shape([1, 1] + tensor.shape.sizes.dropFirst(2)),
            .float64(Array(tensor.doubles[place..<place + count])))
    }

    /// The tensor that a name is about, and what stands before its elements' names.
    fileprivate func letter(_ name: String) -> (tensor: String, prefix: String) {
        let tensor = ["V", "W", "G"].first { derivativeName($0) == name }
        return tensor.map { ($0, prefix("∂")) } ?? (name, "")
    }

    /// Indices alone need none.
    fileprivate func prefix(_ sign: String) -> String { naming == .numbered ? sign : "" }
}

// MARK: layout

extension ReadingSteps {
    /// Two chains of planes, what slides over what, and what comes of it.
    func picture() throws(GraphError) -> Picture {
        let stages = plane + filter + result
        let isSmall = stages.allSatisfy { $0.labels != nil }
        let common = stages.reduce(30.0) {
            min(
                $0,
                Plane.side(
                    $1.sizes.map { 0...$0 - 1 }, width: $1.sizes.count == 2 ? 250 : 420, height: 250, largest: 32))
        }
        func side(_ stage: Stage) -> Double {
            isSmall
                ? common : Plane.side(stage.sizes.map { 0...$0 - 1 }, width: 150, height: 150, largest: 24)
        }
        func drawn(_ stage: Stage, _ x: Double, _ middle: Double) -> (elements: [Picture.Element], plane: Plane) {
            let ranges = stage.sizes.map { 0...$0 - 1 }
            let model = Plane(ranges, at: Picture.Point(x, 0), side: side(stage))
            let placed = Plane(ranges, at: Picture.Point(x, middle - model.height / 2), side: side(stage))
            let name = (stage.name.isEmpty ? "" : stage.name + "  ") + joined(stage.sizes.map { String($0) }, by: "×")
            var elements: [Picture.Element] = [
                .text(
                    Picture.Point(x, placed.origin.y - 13), name, size: 13, anchor: .start,
                    stage.name.isEmpty ? .faint : .ink, isBold: !stage.name.isEmpty)
            ]
            let shape = Shape(stage.sizes)
            if let labels = stage.labels {
                elements += placed.drawn { position in
                    let place = shape.place(of: position) ?? 0
                    return Plane.Cell(
                        label: labels[place], fill: stage.colors[place], hatch: labels[place].isEmpty ? 6 : nil,
                        isFaint: labels[place] == "0")
                }
            } else {
                elements += placed.image { stage.colors[shape.place(of: $0) ?? 0] }
            }
            return (elements, placed)
        }
        func height(_ stages: [Stage]) -> Double {
            stages.reduce(0) {
                max($0, Plane($1.sizes.map { 0...$0 - 1 }, at: Picture.Point(0, 0), side: side($1)).height)
            }
        }
        let title = caption(filled(words.asConvolution, [name]))
        var elements = [title.element]
        let top = 78 + height(plane) / 2
        let low = 78 + height(plane) + 56 + height(filter) / 2
        var right = 0.0
        var ends: [Double] = []
        for (chain, middle) in [(plane, top), (filter, low)] {
            var x = pictureMargin
            for (number, stage) in chain.enumerated() {
                if number > 0 { x = arrow(from: x, stage.step, middle, &elements) }
                let (drawing, placed) = drawn(stage, x, middle)
                elements.append(.group(stage.step.isEmpty ? stage.name : stage.step, drawing))
                let name =
                    (stage.name.isEmpty ? "" : stage.name + "  ") + joined(stage.sizes.map { String($0) }, by: "×")
                x += max(placed.width, Picture.width(of: name, size: 14))
                right = max(right, x)
                if number == chain.count - 1 { ends.append(placed.origin.x + placed.width) }
            }
        }
        // Both chains meet in the sliding sum.
        let meeting = Picture.Point(right + 44, (top + low) / 2)
        for (end, middle) in zip(ends, [top, low]) {
            let sign = middle < meeting.y ? -1.0 : 1.0
            let corner = Picture.Point(meeting.x, middle)
            let target = Picture.Point(meeting.x, meeting.y + sign * 13)
            elements.append(
                .curve(
                    Picture.Point(end + 8, middle),
                    [
                        Picture.Bend(
                            Picture.Point(corner.x - 14, middle), Picture.Point(corner.x - 14, middle),
                            to: Picture.Point(corner.x - 14, middle)),
                        Picture.Bend(
                            Picture.Point(corner.x - 4, middle), Picture.Point(corner.x, middle - sign * 4),
                            to: Picture.Point(corner.x, middle - sign * 14)),
                        Picture.Bend(
                            Picture.Point(corner.x, middle - sign * 14), Picture.Point(target.x, target.y + sign * 12),
                            to: target),
                    ], .ink, width: 1.2, arrow: true))
        }
        elements.append(.circle(meeting, radius: 12, fill: .paper, stroke: .ink))
        elements.append(.text(meeting, "⋆", size: 22, anchor: .middle, .ink, isBold: false))
        var x = meeting.x + 6
        for stage in result {
            x = arrow(from: x, stage.step, meeting.y, &elements)
            let (drawing, placed) = drawn(stage, x, meeting.y)
            elements.append(.group(stage.step, drawing))
            x += max(placed.width, Picture.width(of: stage.name + "  00×00", size: 14))
        }
        let tall = height(result) / 2
        let bottom = max(low + height(filter) / 2, meeting.y + tall)
        let shift = max(0, 62 - (meeting.y - tall - 13))
        return Picture(
            filled(words.asConvolution, [name]), description: sentence, width: max(x, title.right) + pictureMargin,
            height: bottom + shift + 26,
            elements: shift == 0 ? elements : [title.element] + elements.dropFirst().map { $0.moved(down: shift) })
    }

    /// An arrow with what it does written above, and where the next drawing begins.
    private func arrow(
        from x: Double, _ text: String, _ y: Double, _ elements: inout [Picture.Element]
    ) -> Double {
        let lines = lines(of: text, width: text.utf8.count > 40 ? 150 : 84, size: noteSize)
        let width = lines.reduce(56) { max($0, Picture.width(of: $1, size: noteSize) + 16) }
        for (number, line) in lines.enumerated() {
            elements.append(
                .text(
                    Picture.Point(x + 10 + width / 2, y - 12 - 15 * Double(lines.count - 1 - number)), line,
                    size: noteSize, anchor: .middle, .ink, isBold: false))
        }
        elements.append(
            .line(
                Picture.Point(x + 10, y), Picture.Point(x + 10 + width, y), .ink, width: 1.2, isDashed: false,
                arrow: true))
        return x + width + 20
    }
}
