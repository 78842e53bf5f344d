import AdjointGraphs

extension Picture {
    /// The picture as a file of its own, or inline in a page: no scripts, nothing from elsewhere, the same bytes each time.
    ///
    /// Light and dark follow the reader's preference; viewers that know no variables show the light one.
    ///
    /// - Parameter name: what its ids begin with, so that several may stand in one page.
    /// - Complexity: linear in the elements; an image is one element of one byte a pixel.
    public func svg(name: String = "picture") -> String {
        var writer = SVGWriter(name: name)
        for element in elements { writer.write(element) }
        let (w, h) = (decimal(width), decimal(height))
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"adjoint\" viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" "
            + "height=\"\(h)\" role=\"img\" aria-labelledby=\"\(name)-title \(name)-desc\">\n"
            + "<title id=\"\(name)-title\">\(markup(title))</title>\n<desc id=\"\(name)-desc\">\(markup(description))</desc>\n"
            + writer.style + writer.definitions
            + "<rect width=\"\(w)\" height=\"\(h)\" class=\"f-paper\"/>\n" + writer.body + "</svg>\n"
    }
}

/// Collects the elements, and which tones and hatches they use.
private struct SVGWriter {
    let name: String
    var body = ""
    private var rules: [[Bool]] = [[Bool]](repeating: [Bool](repeating: false, count: Tone.all.count), count: 2)
    /// By hatch and tone.
    private var hatches: [Bool] = [Bool](repeating: false, count: 8 * Tone.all.count)

    init(name: String) {
        self.name = name
        _ = use("paper", .fill)
        _ = use("ink", .fill)
    }

    private enum Property: Int, CaseIterable {
        case fill, stroke

        var name: String { self == .fill ? "fill" : "stroke" }
        var letter: String { self == .fill ? "f" : "s" }
    }

    /// The class that gives a property a tone.
    private mutating func use(_ tone: String?, _ property: Property) -> String {
        guard let tone else { return "" }
        let number = Tone.number(tone)
        rules[property.rawValue][number] = true
        return property.letter + "-" + SVGWriter.word(number)
    }

    /// A tone's name as CSS may have it.
    private static func word(_ number: Int) -> String {
        let name = Tone.all[number].name
        let sign = name.utf8.last
        return sign == UInt8(ascii: "-")
            ? String(name.dropLast()) + "m" : sign == UInt8(ascii: "+") ? String(name.dropLast()) + "p" : name
    }

    // MARK: elements

    mutating func write(_ element: Picture.Element) {
        switch element {
        case .rectangle(let corner, let width, let height, let radius, let fill, let stroke, let hatch):
            let place =
                "<rect x=\"\(decimal(corner.x))\" y=\"\(decimal(corner.y))\" width=\"\(decimal(width))\" "
                + "height=\"\(decimal(height))\"" + (radius > 0 ? " rx=\"\(decimal(radius))\"" : "")
            body += place + paint(fill, stroke, width: stroke.lineWidth) + "/>\n"
            if let hatch {
                let tone = fill.isGroup ? fill.stroke ?? "ink" : "faint"
                let number = ((hatch % 8) + 8) % 8 * Tone.all.count + Tone.number(tone)
                hatches[number] = true
                body += place + " fill=\"url(#\(name)-h\(number))\"/>\n"
            }
        case .circle(let center, let radius, let fill, let stroke):
            body +=
                "<circle cx=\"\(decimal(center.x))\" cy=\"\(decimal(center.y))\" r=\"\(decimal(radius))\""
                + paint(fill, stroke, width: stroke.lineWidth) + "/>\n"
        case .line(let start, let end, let color, let width, let isDashed, let arrow):
            let tip = arrow ? Arrowhead(from: start, to: end, width: width) : nil
            path("M" + point(start) + "L" + point(tip?.base ?? end), color, width, isDashed: isDashed, tip)
        case .curve(let start, let bends, let color, let width, let arrow):
            var tip: Arrowhead?
            var data = "M" + point(start)
            for (number, bend) in bends.enumerated() {
                if arrow, number == bends.count - 1 {
                    let before = bend.second == bend.end ? bend.first : bend.second
                    tip = Arrowhead(from: before == bend.end ? start : before, to: bend.end, width: width)
                }
                data += "C" + point(bend.first) + " " + point(bend.second) + " " + point(tip?.base ?? bend.end)
            }
            path(data, color, width, isDashed: false, tip)
        case .text(let place, let text, let size, let anchor, let color, let isBold):
            // A little over a third of the size lies above the middle of capitals and digits.
            let base = Picture.Point(place.x, place.y + 0.355 * size)
            body +=
                "<text x=\"\(decimal(base.x))\" y=\"\(decimal(base.y))\" font-size=\"\(decimal(size))\""
                + (anchor == .start ? "" : " text-anchor=\"\(anchor == .middle ? "middle" : "end")\"")
                + (isBold ? " font-weight=\"600\"" : "")
                + " class=\"\(use(color.writing ?? "ink", .fill))\">\(markup(text))</text>\n"
        case .image(let corner, let width, let height, let columns, let colors):
            guard columns > 0, !colors.isEmpty else { return }
            body +=
                "<image x=\"\(decimal(corner.x))\" y=\"\(decimal(corner.y))\" width=\"\(decimal(width))\" "
                + "height=\"\(decimal(height))\" preserveAspectRatio=\"none\" href=\"\(PNG(columns, colors).address)\"/>\n"
        case .group(let title, let elements):
            body += "<g>" + (title.isEmpty ? "" : "<title>\(markup(title))</title>") + "\n"
            for element in elements { write(element) }
            body += "</g>\n"
        }
    }

    private mutating func paint(_ fill: Picture.Color, _ stroke: Picture.Color, width: Double) -> String {
        var classes: [String] = []
        var attributes = ""
        if let (tone, opacity) = fill.fill {
            classes.append(use(tone, .fill))
            if opacity < 1 { attributes += " fill-opacity=\"\(decimal(opacity))\"" }
        } else {
            attributes += " fill=\"none\""
        }
        if stroke != .none {
            classes.append(use(stroke.stroke, .stroke))
            if width != 1 { attributes += " stroke-width=\"\(decimal(width))\"" }
        }
        return attributes + (classes.isEmpty ? "" : " class=\"\(joined(classes, by: " "))\"")
    }

    private mutating func path(
        _ data: String, _ color: Picture.Color, _ width: Double, isDashed: Bool, _ tip: Arrowhead?
    ) {
        guard let tone = color.writing else { return }
        body +=
            "<path d=\"\(data)\" fill=\"none\" stroke-width=\"\(decimal(width))\""
            + (isDashed ? " stroke-dasharray=\"\(decimal(3 * width)) \(decimal(2.5 * width))\"" : "")
            + " class=\"\(use(tone, .stroke))\"/>\n"
        if let tip {
            body +=
                "<path d=\"M\(point(tip.corners.0))L\(point(tip.tip))L\(point(tip.corners.1))Z\" class=\"\(use(tone, .fill))\"/>\n"
        }
    }

    // MARK: style

    /// Colours first as they are, for viewers without variables, and then as variables that change with the paper.
    var style: String {
        var (light, dark, classes) = ("", "", "")
        for (number, tone) in Tone.all.enumerated() {
            let word = SVGWriter.word(number)
            let isUsed = Property.allCases.contains { rules[$0.rawValue][number] }
            guard isUsed || hatches.indices.contains(where: { hatches[$0] && $0 % Tone.all.count == number }) else {
                continue
            }
            light += "--\(word):\(Tone.code(tone.light));"
            dark += "--\(word):\(Tone.code(tone.dark));"
            for property in Property.allCases where rules[property.rawValue][number] {
                classes +=
                    ".adjoint .\(property.letter)-\(word){\(property.name):\(Tone.code(tone.light));"
                    + "\(property.name):var(--\(word))}\n"
            }
        }
        return "<style>\n.adjoint{\(light)}\n@media screen and (prefers-color-scheme:dark){.adjoint{\(dark)}}\n"
            + ".adjoint text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n"
            + ".adjoint image{image-rendering:pixelated}\n" + classes + "</style>\n"
    }

    var definitions: String {
        var patterns = ""
        for number in hatches.indices where hatches[number] {
            let tone = Tone.all[number % Tone.all.count]
            patterns +=
                "<pattern id=\"\(name)-h\(number)\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
                + "<path d=\"\(SVGWriter.hatches[number / Tone.all.count])\" fill=\"none\" stroke=\"\(Tone.code(tone.light))\" "
                + "style=\"stroke:var(--\(SVGWriter.word(number % Tone.all.count)))\" stroke-opacity=\"0.5\"/></pattern>\n"
        }
        return patterns.isEmpty ? "" : "<defs>\n" + patterns + "</defs>\n"
    }

    /// Lines of one tile of 8 by 8 that go on in the next.
    private static let hatches = [
        "M-2 2L2 -2M0 8L8 0M6 10L10 6", "M-2 6L2 10M0 0L8 8M6 -2L10 2", "M0 4H8", "M4 0V8",
        "M3 4H5M4 3V5", "M0 4H8M4 0V8", "M0 0L8 8M8 0L0 8", "M0 2H8M0 6H8",
    ]
}

/// The triangle at the end of a line, whose own end moves back to the triangle's middle.
private struct Arrowhead {
    let tip: Picture.Point
    let base: Picture.Point
    let corners: (Picture.Point, Picture.Point)

    init(from start: Picture.Point, to end: Picture.Point, width: Double) {
        let (x, y) = (end.x - start.x, end.y - start.y)
        let length = max(1e-9, (x * x + y * y).squareRoot())
        let (ux, uy) = (x / length, y / length)
        let (long, half) = (5 + 2 * width, 2.2 + 0.9 * width)
        let foot = Picture.Point(end.x - long * ux, end.y - long * uy)
        tip = end
        base = Picture.Point(end.x - 0.7 * long * ux, end.y - 0.7 * long * uy)
        corners = (
            Picture.Point(foot.x - half * uy, foot.y + half * ux), Picture.Point(foot.x + half * uy, foot.y - half * ux)
        )
    }
}

extension Picture.Color {
    fileprivate var isGroup: Bool { if case .group = self { true } else { false } }

    /// Outlines that say something are heavier.
    fileprivate var lineWidth: Double {
        switch self {
        case .accent, .group: 2
        default: 1
        }
    }
}

extension PNG {
    /// The colours as pixels, on transparent ground so that they suit any paper; scales as fine as 256 colours allow.
    fileprivate init(_ columns: Int, _ colors: [Picture.Color]) {
        var levels = 255.0
        while true {
            if let image = PNG(columns, colors, levels: levels) {
                self = image
                return
            }
            levels = (levels / 2).rounded()
        }
    }

    private init?(_ columns: Int, _ colors: [Picture.Color], levels: Double) {
        var (palette, places): ([Pixel], [Pixel: UInt8]) = ([], [:])
        var indices: [UInt8] = []
        indices.reserveCapacity(colors.count)
        for color in colors {
            let pixel = Pixel(color, levels: levels)
            if let place = places[pixel] {
                indices.append(place)
                continue
            }
            guard palette.count < 256 else { return nil }
            places[pixel] = UInt8(palette.count)
            indices.append(UInt8(palette.count))
            palette.append(pixel)
        }
        indices += [UInt8](repeating: 0, count: (columns - indices.count % columns) % columns)
        self.init(palette: palette, columns: columns, indices: indices)
    }
}

extension PNG.Pixel {
    fileprivate init(_ color: Picture.Color, levels: Double) {
        var (tone, opacity) = color.fill ?? ("paper", 0)
        // An image does not know its paper: what is near it lets it shine through.
        if tone == "paper" { opacity = 0 }
        if tone == "wash" { (tone, opacity) = ("faint", 0.12) }
        let code = Tone.all[Tone.number(tone)].light
        let share = (opacity * levels).rounded() / levels
        self.init(
            red: share == 0 ? 0 : UInt8(code >> 16), green: share == 0 ? 0 : UInt8(code >> 8 & 0xFF),
            blue: share == 0 ? 0 : UInt8(code & 0xFF), alpha: UInt8((share * 255).rounded()))
    }
}

private func point(_ point: Picture.Point) -> String { decimal(point.x) + " " + decimal(point.y) }
