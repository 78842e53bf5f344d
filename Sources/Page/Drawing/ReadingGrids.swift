import AdjointExplanations
import AdjointGraphs

/// The layer's gradients read as convolutions, in cells: each shows an element of the layer, with the same look as in the
/// drawing of the layer.
struct ReadingGrids {
    let readings: Readings
    /// The steps of the plane, of the filter that slides over it, and of the result, for each reading; empty where
    /// there are too many cells.
    let stages: [[Stage]]
    /// The cells of an element by its key.
    private var cells: [Int: [String]] = [:]
    /// For each reading, the elements of its result in order.
    let results: [[Int]]

    enum Part: String { case plane = "p", filter = "f", result = "r" }

    struct Stage {
        let part: Part
        /// Whether it is the last step of its part, in which the window slides.
        let isLast: Bool
        let step: ReadingSteps.Stage
        let plane: ElementPlane
    }

    init(_ readings: Readings) {
        self.readings = readings
        stages = readings.steps.enumerated().map { number, steps in
            let parts: [(Part, [ReadingSteps.Stage])] = [
                (.plane, steps.plane), (.filter, steps.filter), (.result, steps.result),
            ]
            // Slices of three axes are no rows and columns.
            let isShown = parts.allSatisfy { $0.1.allSatisfy { $0.sizes.count <= 2 && !$0.elements.isEmpty } }
            return !isShown
                ? []
                : parts.flatMap { part, chain in
                    chain.enumerated().map { place, step in
                        Stage(
                            part: part, isLast: place == chain.count - 1, step: step,
                            plane: ElementPlane("r\(number + 1)\(part.rawValue)\(place)", step))
                    }
                }
        }
        results = stages.map { $0.first { $0.part == .result }?.step.elements.compactMap { $0 } ?? [] }
        for plane in stages.flatMap({ $0.map { $0.plane } }) where !plane.isPainted {
            for (place, element) in plane.elements.enumerated() {
                if let element { cells[Marks.key(plane.tensor, element), default: []].append(plane.id(place)) }
            }
        }
    }

    /// Of which reading a plane is, by the name that its cells begin with.
    func reading(_ name: String) -> Int? { stages.firstIndex { $0.contains { $0.plane.name == name } } }

    /// The cells that show an element.
    func cells(_ key: Int) -> [String] { cells[key] ?? [] }

    /// The results of all windows of a reading, place by place, with the elements that are kept.
    func result(_ reading: Int) -> Stage? {
        stages.indices.contains(reading) ? stages[reading].first { $0.part == .result } : nil
    }

    /// The first row and column of the window over an element's place, and the numbers of rows and columns that it covers.
    func window(_ reading: Int, over element: Int) -> (y: Int, x: Int, height: Int, width: Int)? {
        guard let result = result(reading)?.plane, let place = result.place(of: element),
            let filter = stages[reading].last(where: { $0.part == .filter })?.plane
        else { return nil }
        let stride = readings.steps[reading].stride
        let (down, across) = (stride[0], stride[stride.count - 1])
        return (place / result.columns * down, place % result.columns * across, filter.rows, filter.columns)
    }
}

extension ElementPlane {
    fileprivate init(_ name: String, _ step: ReadingSteps.Stage) {
        let known = step.elements.compactMap { $0 }
        let start = known.min() ?? 0
        var places = [Int](repeating: -1, count: (known.max() ?? -1) - start + 1)
        for (place, element) in step.elements.enumerated() { if let element { places[element - start] = place } }
        // One axis is a row.
        self.init(
            name: name, tensor: Tensors.all.first { $0.key == step.tensor } ?? .v,
            rows: step.sizes.count == 2 ? step.sizes[0] : 1, columns: step.sizes[step.sizes.count - 1], start: start,
            elements: step.elements, places: places)
    }
}

// MARK: - what the page does with them

extension Page {
    /// Whether the element that is looked at comes of a reading.
    func isResult(of reading: Int) -> Bool {
        guard let selection, let result = readings?.result(reading)?.plane else { return false }
        return result.tensor.primal.name == selection.name && result.place(of: selection.place) != nil
    }

    /// The reading with the equation below: the one that was pointed at last, or the one whose result has the element.
    var readingLookedAt: Int {
        let all = (readings?.stages ?? []).indices
        return lookedReading.flatMap { all.contains($0) ? $0 : nil } ?? all.first { isResult(of: $0) } ?? 0
    }

    /// The elements that the windows of a reading give, one after the other.
    func slideSteps(_ reading: Int) -> [Selection] {
        guard let tensor = readings?.result(reading)?.plane.tensor.primal else { return [] }
        return (readings?.results[reading] ?? []).map { Selection(tensor.name, at: $0) }
    }
}
