import AdjointGraphs

/// Shapes as SVG text, for pictures, which have their own style, and for drawings in pages, which have a style sheet.
///
/// The look of a shape is text after its place: attributes, each with a space before it.
package struct SVGShapes {
    package private(set) var text = ""
    /// The most decimals of a coordinate.
    private let decimals: Int
    /// The text after every shape.
    private let end: String

    package init(decimals: Int = 1, end: String = "") { (self.decimals, self.end) = (decimals, end) }

    package mutating func rectangle(
        _ corner: Picture.Point, width: Double, height: Double, radius: Double = 0, _ look: String
    ) {
        let place = [("x", corner.x), ("y", corner.y), ("width", width), ("height", height)]
        add("rect", numbers(place + (radius > 0 ? [("rx", radius)] : [])) + look)
    }

    package mutating func circle(_ center: Picture.Point, radius: Double, _ look: String) {
        add("circle", numbers([("cx", center.x), ("cy", center.y), ("r", radius)]) + look)
    }

    /// - Parameter data: the commands and points of the path.
    package mutating func path(_ data: String, _ look: String) { add("path", " d=\"\(data)\"" + look) }

    /// - Parameters:
    ///   - base: the place of the letters on their base line.
    ///   - size: the size of the letters; nil where the style sheet has it.
    package mutating func text(
        _ base: Picture.Point, _ text: String, size: Double? = nil, anchor: Picture.Anchor, _ look: String
    ) {
        let place = numbers([("x", base.x), ("y", base.y)] + (size.map { [("font-size", $0)] } ?? []))
        let side =
            switch anchor {
            case .start: ""
            case .middle: " text-anchor=\"middle\""
            case .end: " text-anchor=\"end\""
            }
        self.text += "<text" + place + side + look + ">\(markup(text))</text>" + end
    }

    /// - Parameter address: the address of the pixels.
    mutating func image(_ corner: Picture.Point, width: Double, height: Double, _ address: String, _ look: String) {
        let place = numbers([("x", corner.x), ("y", corner.y), ("width", width), ("height", height)])
        add("image", place + " preserveAspectRatio=\"none\" href=\"\(address)\"" + look)
    }

    /// Begins a group of shapes.
    package mutating func begin(_ look: String, title: String = "") {
        text += "<g\(look)>" + (title.isEmpty ? "" : "<title>\(markup(title))</title>") + end
    }

    package mutating func finish() { text += "</g>" + end }

    private mutating func add(_ name: String, _ attributes: String) { text += "<" + name + attributes + "/>" + end }

    private func numbers(_ attributes: [(String, Double)]) -> String {
        joined(attributes.map { " \($0)=\"\(number($1))\"" }, by: "")
    }

    package func point(_ point: Picture.Point) -> String { number(point.x) + " " + number(point.y) }

    package func number(_ number: Double) -> String {
        guard number.isFinite else { return "0" }
        let unit = decimals == 1 ? 10 : 100
        let rounded = Int((number.magnitude * Double(unit)).rounded())
        var rest = String(unit + rounded % unit).dropFirst()
        while rest.utf8.last == UInt8(ascii: "0") { rest = rest.dropLast() }
        return (number < 0 && rounded > 0 ? "-" : "") + String(rounded / unit) + (rest.isEmpty ? "" : ".")
            + String(rest)
    }
}
