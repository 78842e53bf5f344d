import AdjointGraphs

extension Picture {
    /// The picture as a file, or inline in a page: without scripts and without other files, and with the same bytes each time.
    ///
    /// Light or dark follows the reader's preference; viewers without CSS variables show the light one.
    ///
    /// - Parameter name: the beginning of its ids, so that several pictures can be in one page.
    /// - Complexity: linear in the elements; an image is one element of one byte a pixel.
    public func svg(name: String = "picture") -> String {
        var writer = PictureWriter(name: name)
        for element in elements { writer.write(element) }
        let (w, h) = (writer.shapes.number(width), writer.shapes.number(height))
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"adjoint\" viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" "
            + "height=\"\(h)\" role=\"img\" aria-labelledby=\"\(name)-title \(name)-desc\">\n"
            + "<title id=\"\(name)-title\">\(markup(title))</title>\n"
            + "<desc id=\"\(name)-desc\">\(markup(description))</desc>\n"
            + writer.style + writer.definitions
            + "<rect width=\"\(w)\" height=\"\(h)\" class=\"f-paper\"/>\n" + writer.shapes.text + "</svg>\n"
    }
}

/// Collects the elements, and the tones and hatches that they use.
private struct PictureWriter {
    let name: String
    var shapes = SVGShapes(decimals: 2, end: "\n")
    /// The distance by which elements are moved down.
    var down = 0.0
    /// Classes that give a property a tone: `f-ink` fills with ink, `s-ink` draws lines with ink.
    var classes: Set<String> = ["f-paper", "f-ink"]
    var hasImages = false
    /// The hatches that are used, by number and tone.
    var hatches: Set<Int> = []

    private mutating func use(_ tone: String?, stroke: Bool = false) -> String {
        guard let tone else { return "" }
        let word = (stroke ? "s-" : "f-") + tone
        classes.insert(word)
        return word
    }

    // MARK: elements

    mutating func write(_ element: Picture.Element) {
        switch element {
        case .rectangle(let corner, let width, let height, let radius, let fill, let stroke, let hatch):
            let looks = [paint(fill, stroke)] + (hatch.map { [self.hatch($0, on: fill)] } ?? [])
            for look in looks { shapes.rectangle(placed(corner), width: width, height: height, radius: radius, look) }
        case .circle(let center, let radius, let fill, let stroke):
            shapes.circle(placed(center), radius: radius, paint(fill, stroke))
        case .line(let start, let end, let color, let width, let isDashed, let arrow):
            let (start, end) = (placed(start), placed(end))
            let tip = arrow ? Arrowhead(from: start, to: end, width: width) : nil
            path(
                "M" + shapes.point(start) + "L" + shapes.point(tip?.base ?? end), color, width, isDashed: isDashed, tip)
        case .curve(let start, let points, let color, let width, let arrow):
            curve([placed(start)] + points.map { placed($0) }, color, width, arrow: arrow)
        case .text(let place, let text, let size, let anchor, let color, let isBold):
            // A little over a third of the font size is above the middle of capitals and digits.
            let look =
                (isBold ? " font-weight=\"600\"" : "") + " class=\"\(use(color.writing ?? "ink"))\""
            shapes.text(placed(place).moved(by: 0, 0.355 * size), text, size: size, anchor: anchor, look)
        case .image(let corner, let width, let height, let columns, let colors):
            guard columns > 0, !colors.isEmpty else { return }
            hasImages = true
            for paper in [Tone.Paper.light, .dark] {
                let address = PNG(columns, colors, on: paper).address
                shapes.image(placed(corner), width: width, height: height, address, " class=\"\(paper.rawValue)\"")
            }
        case .group(let title, let elements, let down):
            self.down += down
            shapes.begin("", title: title)
            for element in elements { write(element) }
            shapes.finish()
            self.down -= down
        }
    }

    private func placed(_ point: Picture.Point) -> Picture.Point { point.moved(by: 0, down) }

    private mutating func paint(_ fill: Picture.Color, _ stroke: Picture.Color) -> String {
        var (attributes, classes) = ("", [String]())
        if let (tone, opacity) = fill.fill {
            classes.append(use(tone))
            if opacity < 1 { attributes += " fill-opacity=\"\(shapes.number(opacity))\"" }
        } else {
            attributes += " fill=\"none\""
        }
        if stroke != .none {
            classes.append(use(stroke.stroke, stroke: true))
            if stroke.isHeavy { attributes += " stroke-width=\"2\"" }
        }
        return attributes + (classes.isEmpty ? "" : " class=\"\(joined(classes, by: " "))\"")
    }

    private mutating func hatch(_ hatch: Int, on fill: Picture.Color) -> String {
        let tone = if case .group = fill { fill.stroke ?? "ink" } else { "faint" }
        let number = Picture.Color.remainder(hatch) * Tone.all.count + Tone.number(tone)
        hatches.insert(number)
        return " fill=\"url(#\(name)-h\(number))\""
    }

    /// - Parameter points: a start, and for each bend two control points and an end.
    private mutating func curve(_ points: [Picture.Point], _ color: Picture.Color, _ width: Double, arrow: Bool) {
        var points = points
        var tip: Arrowhead?
        if arrow, let end = points.popLast() {
            // The arrow has the direction in which the curve ends.
            let before = points.last { $0 != end } ?? end
            tip = Arrowhead(from: before, to: end, width: width)
            points.append(tip?.base ?? end)
        }
        var data = "M" + shapes.point(points[0])
        for bend in stride(from: 1, to: points.count - 2, by: 3) {
            data += "C" + joined(points[bend..<bend + 3].map { shapes.point($0) }, by: " ")
        }
        path(data, color, width, isDashed: false, tip)
    }

    private mutating func path(
        _ data: String, _ color: Picture.Color, _ width: Double, isDashed: Bool, _ tip: Arrowhead?
    ) {
        guard let tone = color.writing else { return }
        let dashes = "\(shapes.number(3 * width)) \(shapes.number(2.5 * width))"
        shapes.path(
            data,
            " fill=\"none\" stroke-width=\"\(shapes.number(width))\""
                + (isDashed ? " stroke-dasharray=\"\(dashes)\"" : "") + " class=\"\(use(tone, stroke: true))\"")
        if let tip {
            shapes.path("M" + joined(tip.corners.map { shapes.point($0) }, by: "L") + "Z", " class=\"\(use(tone))\"")
        }
    }

    // MARK: style

    /// Each colour first as a value, for viewers without variables, and then as a variable that changes with the paper.
    var style: String {
        var (light, dark, rules) = ("", "", "")
        for (number, tone) in Tone.all.enumerated() {
            let used = [("f-", "fill"), ("s-", "stroke")].filter { classes.contains($0.0 + tone.name) }
            guard !used.isEmpty || hatches.contains(where: { $0 % Tone.all.count == number }) else { continue }
            light += "--\(tone.name):\(Tone.code(tone.light));"
            dark += "--\(tone.name):\(Tone.code(tone.dark));"
            for (letter, property) in used {
                rules +=
                    ".adjoint .\(letter)\(tone.name){\(property):\(Tone.code(tone.light));\(property):var(--\(tone.name))}\n"
            }
        }
        // There are two versions of each image, of which one is visible.
        if hasImages {
            light += "}\n.adjoint image.dark{display:none"
            dark += "}.adjoint image.light{display:none}.adjoint image.dark{display:inline"
        }
        return "<style>\n.adjoint{\(light)}\n@media screen and (prefers-color-scheme:dark){.adjoint{\(dark)}}\n"
            + ".adjoint text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n"
            + ".adjoint image{image-rendering:pixelated}\n" + rules + "</style>\n"
    }

    var definitions: String {
        let patterns = hatches.sorted().map { number in
            let tone = Tone.all[number % Tone.all.count]
            return "<pattern id=\"\(name)-h\(number)\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
                + "<path d=\"\(PictureWriter.hatchLines[number / Tone.all.count])\" fill=\"none\" "
                + "stroke=\"\(Tone.code(tone.light))\" style=\"stroke:var(--\(tone.name))\" stroke-opacity=\"0.5\"/></pattern>\n"
        }
        return patterns.isEmpty ? "" : "<defs>\n" + joined(patterns, by: "") + "</defs>\n"
    }

    /// The lines of one tile of 8 by 8, which continue in the next tile.
    private static let hatchLines = [
        "M-2 2L2 -2M0 8L8 0M6 10L10 6", "M-2 6L2 10M0 0L8 8M6 -2L10 2", "M0 4H8", "M4 0V8",
        "M3 4H5M4 3V5", "M0 4H8M4 0V8", "M0 0L8 8M8 0L0 8", "M0 2H8M0 6H8",
    ]
}

/// The triangle at the end of a line; the line itself ends in the triangle's middle.
private struct Arrowhead {
    let base: Picture.Point
    /// The corner beside the line, the tip, and the other corner.
    let corners: [Picture.Point]

    init(from start: Picture.Point, to end: Picture.Point, width: Double) {
        let (x, y) = (end.x - start.x, end.y - start.y)
        let length = max(1e-9, (x * x + y * y).squareRoot())
        let (ux, uy) = (x / length, y / length)
        let (long, half) = (5 + 2 * width, 2.2 + 0.9 * width)
        let foot = end.moved(by: -long * ux, -long * uy)
        base = end.moved(by: -0.7 * long * ux, -0.7 * long * uy)
        corners = [foot.moved(by: -half * uy, half * ux), end, foot.moved(by: half * uy, -half * ux)]
    }
}

extension Picture.Color {
    /// Whether an outline is thicker, because it has a meaning.
    fileprivate var isHeavy: Bool {
        switch self {
        case .accent, .group: true
        default: false
        }
    }
}
