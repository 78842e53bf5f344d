import AdjointExplanations
import AdjointGraphs

/// The layer's gradients read as convolutions, in cells: each shows an element of the layer, and looks as that does in the
/// drawing of the layer.
struct ReadingGrids {
    let readings: Readings
    /// By reading: the steps of the plane, of what slides over it, and of what comes of it; none where there are too many
    /// cells.
    let stages: [[Stage]]
    /// The stages by name, and the cells of an element by its key.
    private var places: [String: (reading: Int, stage: Int)] = [:]
    private var cells: [Int: [String]] = [:]
    /// By reading, the elements that its windows give, one after the other.
    let results: [[Int]]

    enum Part: String { case plane = "p", filter = "f", result = "r" }

    struct Stage {
        /// What its cells' ids begin with: `r1p0`.
        let name: String
        let part: Part
        /// Whether it is the last of its part, in which the window slides.
        let isLast: Bool
        let step: ReadingSteps.Stage
        let tensor: Tensors
        /// Where there are too many cells on a side.
        var pixels: PixelPlane?

        /// One axis is a row.
        var columns: Int { step.sizes[step.sizes.count - 1] }
        var rows: Int { step.sizes.count == 2 ? step.sizes[0] : 1 }
        /// Slices of three axes are no rows and columns.
        var isPlane: Bool { step.sizes.count <= 2 }

        func id(_ place: Int) -> String { name + "-\(place)" }

        func place(of element: Int) -> Int? {
            if let pixels { pixels.place(of: element) } else { step.elements.firstIndex(of: element) }
        }
    }

    init(_ readings: Readings) {
        self.readings = readings
        stages = readings.steps.enumerated().map { number, steps in
            let parts: [(Part, [ReadingSteps.Stage])] = [
                (.plane, steps.plane), (.filter, steps.filter), (.result, steps.result),
            ]
            let stages = parts.flatMap { part, chain in
                chain.enumerated().map { place, step in
                    Stage("r\(number + 1)\(part.rawValue)\(place)", part, isLast: place == chain.count - 1, step)
                }
            }
            let isShown = stages.allSatisfy { $0.isPlane && !$0.step.elements.isEmpty }
            return isShown ? stages : []
        }
        results = stages.map { $0.first { $0.part == .result }?.step.elements.compactMap { $0 } ?? [] }
        for (reading, stages) in stages.enumerated() {
            for (number, stage) in stages.enumerated() {
                places[stage.name] = (reading, number)
                if stage.pixels != nil { continue }
                for (place, element) in stage.step.elements.enumerated() {
                    if let element { cells[Marks.key(stage.tensor, element), default: []].append(stage.id(place)) }
                }
            }
        }
    }

    /// Of which reading a stage is, by the name that its cells begin with.
    func reading(_ name: String) -> Int? { places[name]?.reading }

    func stage(_ name: String) -> Stage? { places[name].map { stages[$0.reading][$0.stage] } }

    /// The cells in which an element stands.
    func cells(_ key: Int) -> [String] { cells[key] ?? [] }

    /// What the windows of a reading give, place by place, with the elements that are kept.
    func result(_ reading: Int) -> Stage? {
        stages.indices.contains(reading) ? stages[reading].first { $0.part == .result } : nil
    }

    /// The rows and columns of the plane that the window over an element's place begins with, and how many it covers.
    func window(_ reading: Int, over element: Int) -> (y: Int, x: Int, height: Int, width: Int)? {
        guard let result = result(reading), let place = result.place(of: element),
            let filter = stages[reading].last(where: { $0.part == .filter })
        else { return nil }
        let stride = readings.steps[reading].stride
        let (down, across) = (stride[0], stride[stride.count - 1])
        return (place / result.columns * down, place % result.columns * across, filter.rows, filter.columns)
    }
}

extension ReadingGrids.Stage {
    fileprivate init(_ name: String, _ part: ReadingGrids.Part, isLast: Bool, _ step: ReadingSteps.Stage) {
        (self.name, self.part, self.isLast, self.step) = (name, part, isLast, step)
        tensor = Tensors(key: step.tensor)
        guard isPlane, max(rows, columns) > Grid.side else { return }
        let known = step.elements.compactMap { $0 }
        let start = known.min() ?? 0
        var places = [Int](repeating: -1, count: (known.max() ?? -1) - start + 1)
        for (place, element) in step.elements.enumerated() { if let element { places[element - start] = place } }
        pixels = PixelPlane(
            name: name, tensor: tensor, rows: rows, columns: columns, start: start, elements: step.elements,
            places: places)
    }
}

extension Tensors {
    /// - Parameter key: the name that explanations have for it: `∂V`.
    fileprivate init(key: String) { self = Tensors.all.first { $0.key == key } ?? .v }
}

// MARK: - what the page does with them

extension Page {
    /// The element in a cell of a reading.
    func selected(inReading name: String, _ place: Int) -> Selection? {
        guard let stage = readings?.stage(name), stage.step.elements.indices.contains(place),
            let element = stage.step.elements[place]
        else { return nil }
        return Selection(layer.looked(stage.tensor).name, at: element)
    }

    /// Whether the element that is looked at comes of a reading.
    func isResult(of reading: Int) -> Bool {
        guard let selection, let result = readings?.result(reading) else { return false }
        return result.tensor.primal.name == selection.name && result.place(of: selection.place) != nil
    }

    /// The reading below which the equation stands: the one that was pointed at last, or the one that the element comes of.
    var readingLookedAt: Int {
        let all = (readings?.stages ?? []).indices
        return lookedReading.flatMap { all.contains($0) ? $0 : nil } ?? all.first { isResult(of: $0) } ?? 0
    }

    /// The elements that the windows of a reading give, one after the other.
    func slideSteps(_ reading: Int) -> [Selection] {
        guard let tensor = readings?.result(reading)?.tensor.primal else { return [] }
        return (readings?.results[reading] ?? []).map { Selection(tensor.name, at: $0) }
    }
}
