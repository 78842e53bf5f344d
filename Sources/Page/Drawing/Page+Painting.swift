import AdjointExplanations
import AdjointGraphs

/// A plane of elements: one of a large tensor, a step of a gradient as a convolution, or how windows lie. They are cells, or
/// pixels: then a canvas shows numbers, and a second one over it what is selected.
struct ElementPlane: Sendable {
    /// `V`, `r1p0`, `k`: ids have it behind `px-`.
    let name: String
    let tensor: Tensors
    let rows, columns: Int
    /// The row-major place in the tensor of the first element.
    var start = 0
    /// Whether a pixel has red, green and blue, from three planes in one.
    var isColoured = false
    /// The element at each place, nil for an inserted zero; empty where elements are consecutive.
    var elements: [Int?] = []
    /// The place of each element from `start` on, −1 for none.
    var places: [Int] = []

    /// Whether it has too many elements on a side for cells.
    var isPainted: Bool { max(rows, columns) > Grid.side }

    func element(at place: Int) -> Int? {
        (0..<rows * columns).contains(place) ? elements.isEmpty ? start + place : elements[place] : nil
    }

    func place(of element: Int) -> Int? {
        if isColoured { return element < 0 ? nil : element % (rows * columns) }
        let place = element - start
        if elements.isEmpty { return (0..<rows * columns).contains(place) ? place : nil }
        return places.indices.contains(place) && places[place] >= 0 ? places[place] : nil
    }

    /// What the id of a cell is.
    func id(_ place: Int) -> String { name + "-\(place)" }

    /// How its cells stand.
    var grid: Grid { Grid(tensor, [rows, columns], plane: 0) }
}

extension Grid {
    /// The places of the elements that are painted.
    var firstPlane: Range<Int> {
        planes.lowerBound * rows * columns..<(planes.lowerBound + 1) * rows * columns
    }

    var pixels: ElementPlane? {
        guard isPainted || hasColours else { return nil }
        return ElementPlane(
            name: tensor.name, tensor: tensor, rows: rows, columns: columns, start: firstPlane.lowerBound,
            isColoured: isColoured || hasColours)
    }
}

extension Page {
    private var stagePlanes: [ElementPlane] { Tensors.all.compactMap { grids[$0]?.pixels } }

    private var stripPlanes: [ElementPlane] {
        if isAsked { return [] }
        return (readings?.stages ?? []).flatMap { $0.map { $0.plane } } + [covered].compactMap { $0 }
    }

    func plane(named name: String) -> ElementPlane? { (stagePlanes + stripPlanes).first { $0.name == name } }

    /// The element at a place.
    func selected(in plane: ElementPlane?, _ place: Int) -> Selection? {
        guard let plane, let element = plane.element(at: place) else { return nil }
        return Selection(layer.looked(plane.tensor).name, at: element)
    }

    /// Paints the drawing of the layer.
    func paint(_ updates: inout Updates, isWhole: Bool) {
        for plane in stagePlanes { paint(plane, &updates, isWhole: isWhole) }
        if grids[.v]?.pixels?.isColoured == true { updates.fill("rgb", markup(colourText)) }
    }

    /// Paints the wider views. Elements that the pointer only passes are not shown there if they have very many terms.
    mutating func paintStrips(_ updates: inout Updates, isWhole: Bool) {
        let isLong = hovered != nil && sum?.terms.count ?? 0 > Page.mostPassed
        let looked = (selection: selection, term: term)
        if document.shown["strips"] == nil || !isWhole && (isLong || document.painted.map { $0 == looked } == true) {
            return
        }
        document.painted = looked
        for plane in stripPlanes where plane.isPainted { paint(plane, &updates, isWhole: isWhole) }
    }

    private static let mostPassed = 1 << 16

    private func paint(_ plane: ElementPlane, _ updates: inout Updates, isWhole: Bool) {
        if isWhole { updates.paint("cv-" + plane.name, plane.columns, plane.rows, pixels(plane)) }
        let over = overlay(plane)
        updates.paint("ov-" + plane.name, plane.columns * over.fine, plane.rows * over.fine, over.bytes)
        if let selection, selection.name == plane.tensor.primal.name {
            updates.attribute("px-" + plane.name, "aria-valuetext", pixelName(plane, selection.place))
        }
    }

    private func pixelName(_ plane: ElementPlane, _ element: Int) -> String {
        cellName(plane.tensor, element) + (plane.isColoured ? ", " + colourText : "")
    }

    /// Red, green and blue of the current pixel, as text.
    var colourText: String {
        guard let selection, selection.name == "V", let grid = grids[.v] else { return strings.coloursHint }
        let area = grid.rows * grid.columns
        return filled(
            strings.colours, (0..<3).map { written(layer.value(.v, selection.place % area + $0 * area), digits: 3) })
    }

    /// On the zero-centred scale: opacity is size, full at three deviations. Of coverage, how many windows; of a photograph, its
    /// colours.
    private func pixels(_ plane: ElementPlane) -> [UInt8] {
        let numbers = layer.numbers[plane.tensor] ?? []
        if plane.isColoured { return Page.colours(numbers) }
        if let shares = coveredShares(plane) { return Page.tones(shares) }
        let values = (0..<plane.rows * plane.columns).map { place in
            plane.element(at: place).map { $0 < numbers.count ? numbers[$0] : 0 } ?? 0
        }
        let end = Page.scale(of: values).end
        return Page.tones(values.map { end == 0 ? 0 : $0 / end })
    }

    /// Blue for numbers above zero, red below, in both themes.
    static func tones(_ shares: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * shares.count)
        for share in shares {
            let size = UInt8(max(0, min(255, (share.magnitude * 255).rounded())))
            bytes += share < 0 ? [202, 74, 52, size] : [43, 123, 186, size]
        }
        return bytes
    }

    /// Three planes as one picture: brightness from 0 to 1, or over the range of the numbers if that is wider.
    static func colours(_ numbers: [Double]) -> [UInt8] {
        let (low, high) = numbers.reduce((0.0, 1.0)) { (min($0.0, $1), max($0.1, $1)) }
        let area = numbers.count / 3
        var bytes = [UInt8](repeating: 255, count: 4 * area)
        for (place, number) in numbers.prefix(3 * area).enumerated() {
            // Divided first: the difference of two numbers may overflow.
            let light = (number / 2 - low / 2) / (high / 2 - low / 2)
            bytes[place % area * 4 + place / area] = light.isFinite ? UInt8((light * 255).rounded()) : 0
        }
        return bytes
    }

    /// What of the plane meets the selected element: each partner in the colour of what it adds; all else is veiled.
    private func overlay(_ plane: ElementPlane) -> Overlay {
        var overlay = Overlay(plane)
        guard let sum else { return overlay }
        let tensor = plane.tensor
        if sum.selection.name == tensor.primal.name {
            if let place = plane.place(of: sum.selection.place) { overlay.outline(place) }
        } else if tensor == .v || tensor == .dg || tensor == .w {
            let largest = sum.terms.reduce(0.0) { max($0, $1.value.magnitude) }
            for term in sum.terms {
                guard let place = plane.place(of: term.link.place(in: tensor)) else { continue }
                let share = largest == 0 ? 0 : min(1, 2.5 * term.value.magnitude / largest)
                let opacity = UInt8(60 + 195 * share)
                overlay.fill(
                    place, term.value < 0 ? SIMD4(213, 94, 0, opacity) : SIMD4(111, 45, 189, opacity))
            }
        }
        if let term, term < sum.terms.count, let place = plane.place(of: sum.terms[term].link.place(in: tensor)) {
            overlay.outline(place)
        }
        return overlay
    }

    /// The element at `V@0.25,0.75`, in shares of the plane's sides.
    func paintedCell(_ id: String) -> Selection? {
        guard let name = id.split(separator: "@").first, let plane = plane(named: String(name)) else { return nil }
        return Page.pixel(id, rows: plane.rows, columns: plane.columns).flatMap { selected(in: plane, $0) }
    }

    /// The row-major place at the shares of the sides that are behind `@`.
    static func pixel(_ id: String, rows: Int, columns: Int) -> Int? {
        let parts = id.split(separator: "@")
        guard parts.count == 2 else { return nil }
        let shares = parts[1].split(separator: ",").compactMap { decimal(String($0)) }
        guard shares.count == 2 else { return nil }
        let (x, y) = (max(0, min(1, shares[0])), max(0, min(1, shares[1])))
        return min(rows - 1, Int(y * Double(rows))) * columns + min(columns - 1, Int(x * Double(columns)))
    }

    /// Moves over pixels by keys, from the selection or from the middle.
    mutating func press(pixelsOf name: String, _ key: String, _ updates: inout Updates) throws(PageError) {
        guard let plane = plane(named: name) else { return }
        let letter = layer.looked(plane.tensor).name
        let here = selection.flatMap { $0.name == letter ? plane.place(of: $0.place) : nil }
        let place = here ?? plane.rows / 2 * plane.columns + plane.columns / 2
        if key == "Enter" || key == " " {
            if let selection = selected(in: plane, place) { try pin(selection) }
        } else if let next = plane.grid.moved(place, key),
            let element = plane.element(at: next)
        {
            hover(.cell(Selection(letter, at: element)))
            updates.say(pixelName(plane, element))
        }
    }
}

/// A canvas with smaller pixels over a plane of pixels.
private struct Overlay {
    let rows, columns: Int
    /// The number of its pixels on a side of a cell.
    let fine: Int
    /// Red, green, blue and opacity.
    private(set) var bytes: [UInt8]

    init(_ plane: ElementPlane) {
        // Frames are about as thin on planes of few pixels; those of very many are fine enough.
        let side = max(plane.rows, plane.columns)
        fine = max(side <= 256 && plane.elements.isEmpty ? 2 : 1, 256 / side)
        (rows, columns) = (plane.rows * fine, plane.columns * fine)
        bytes = [UInt8](repeating: 0, count: 4 * rows * columns)
    }

    mutating func fill(_ place: Int, _ color: SIMD4<UInt8>) { paint(around: place, reach: 0) { _ in color } }

    /// A conspicuous frame around one place.
    mutating func outline(_ place: Int) {
        let line = max(1, fine / 8)
        paint(around: place, reach: 5 * line) { distance in
            let ring = (distance + line - 1) / line
            return ring < 3 ? nil : ring == 4 ? SIMD4(repeating: 255) : SIMD4(111, 45, 189, 255)
        }
    }

    /// - Parameter color: the colour by the distance from the cell; nil where nothing changes.
    private mutating func paint(around place: Int, reach: Int, _ color: (Int) -> SIMD4<UInt8>?) {
        let across = columns / fine
        let (row, column) = (place / across * fine, place % across * fine)
        for y in max(0, row - reach)..<min(rows, row + fine + reach) {
            for x in max(0, column - reach)..<min(columns, column + fine + reach) {
                let distance = max(row - y, y - row - fine + 1, column - x, x - column - fine + 1)
                guard let color = color(distance) else { continue }
                for channel in 0..<4 { bytes[4 * (y * columns + x) + channel] = color[channel] }
            }
        }
    }
}
