import AdjointGraphs

/// Space around a drawing.
let pictureMargin = 20.0
let noteSize = 12.0

/// What stands above a drawing, and how far it reaches.
func caption(_ text: String) -> (element: Picture.Element, right: Double) {
    let size = 15.0
    return (
        .text(Picture.Point(pictureMargin, 26), text, size: size, anchor: .start, .ink, isBold: true),
        // Bold letters are wider.
        pictureMargin + Picture.width(of: text, size: 1.13 * size)
    )
}

/// Words of a text in lines of a width.
func lines(of text: String, width: Double, size: Double) -> [String] {
    var lines: [String] = []
    for word in text.utf8.split(separator: UInt8(ascii: " ")).map({ String(decoding: $0, as: UTF8.self) }) {
        if let last = lines.last, Picture.width(of: last + " " + word, size: size) <= width {
            lines[lines.count - 1] = last + " " + word
        } else {
            lines.append(word)
        }
    }
    return lines
}

/// A note below a drawing.
func wrapped(_ text: String, at start: Picture.Point, width: Double) -> [Picture.Element] {
    lines(of: text, width: width, size: noteSize).enumerated().map { number, line in
        .text(
            Picture.Point(start.x, start.y + 17 * Double(number)), line, size: noteSize, anchor: .start, .faint,
            isBold: false)
    }
}

func lineCount(_ text: String, width: Double) -> Int { lines(of: text, width: width, size: noteSize).count }

/// The size that gets a scale's full colour: three times the root of the mean square, so that a few large numbers do not
/// make all others pale, or the largest.
func limit(_ numbers: [Double]) -> (limit: Double, isClipped: Bool) {
    let (largest, squares, count) = numbers.reduce((0.0, 0.0, 0.0)) {
        (max($0.0, $1.magnitude), $0.1 + $1 * $1, $0.2 + ($1 == 0 ? 0 : 1))
    }
    let deviation = count == 0 ? 0 : 3 * (squares / count).squareRoot()
    return deviation < largest && numbers.count > Plane.readableCells ? (deviation, true) : (largest, false)
}

/// The colours from −`largest` to `largest`, and where the drawing goes on below.
func scale(
    at start: Picture.Point, _ color: (Double) -> Picture.Color, largest: Double, isClipped: Bool
) -> (bottom: Double, elements: [Picture.Element]) {
    let (length, steps) = (160.0, 32)
    let colors = (0..<steps).map { color(2 * (Double($0) + 0.5) / Double(steps) - 1) }
    let left = Picture.Point(start.x + 64, start.y)
    return (
        start.y + 14,
        [
            .image(left, width: length, height: 12, columns: steps, colors),
            .rectangle(left, width: length, height: 12, corner: 0, fill: .none, stroke: .faint, hatch: nil),
            .text(
                Picture.Point(left.x - 6, start.y + 6), (isClipped ? "≤ " : "") + rounded(-largest, digits: 3),
                size: noteSize, anchor: .end,
                .faint,
                isBold: false),
            .text(
                Picture.Point(left.x + length + 6, start.y + 6), (isClipped ? "≥ " : "") + rounded(largest, digits: 3),
                size: noteSize,
                anchor: .start, .faint, isBold: false),
        ]
    )
}

extension Sliding {
    /// The first and the last corner of a plane that is an image, large enough to read.
    func lenses(
        beside plane: Plane, _ cell: ([Int]) -> Plane.Cell
    ) -> (elements: [Picture.Element], right: Double, bottom: Double) {
        let seen = 7
        var elements: [Picture.Element] = []
        let x = plane.origin.x + plane.width + 40
        var y = plane.origin.y + 18
        var right = x
        for isFirst in [true, false] {
            let ranges = plane.ranges.enumerated().map { axis, range in
                let count = axis == 0 && plane.ranges.count == 3 ? 1 : min(seen, range.count)
                return isFirst
                    ? range.lowerBound...range.lowerBound + count - 1 : range.upperBound - count + 1...range.upperBound
            }
            let lens = Plane(ranges, at: Picture.Point(x, y), side: 36)
            elements += plane.outline(ranges, .accent)
            elements += lens.drawn(cell)
            elements += lens.outline(ranges, .accent)
            let letter = isFirst ? "a" : "b"
            let beside = plane.corner(ranges.map { isFirst ? $0.upperBound : $0.lowerBound })
            elements.append(
                .text(
                    Picture.Point(beside.x + (isFirst ? plane.side + 9 : -9), beside.y + plane.side / 2), letter,
                    size: 14,
                    anchor: .middle, .accent, isBold: true))
            let corner = isFirst ? lens.ranges.map { $0.lowerBound } : lens.ranges.map { $0.upperBound }
            elements.append(
                .text(
                    Picture.Point(x, y - 10),
                    filled(isFirst ? words.lensFrom : words.lensTo, [letter, list(corner)]), size: noteSize,
                    anchor: .start, .faint,
                    isBold: false))
            right = max(right, x + lens.width)
            y = max(y + lens.height + 40, plane.origin.y + plane.height - lens.height)
        }
        return (elements, right, y - 40)
    }
}
