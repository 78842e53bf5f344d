import AdjointGraphs

/// A picture while it is drawn: a caption, drawings below it, and a note at the foot.
struct Sheet {
    private(set) var elements: [Picture.Element]
    /// The right end of the drawings.
    private(set) var right: Double
    private(set) var bottom = 0.0

    /// The margin around everything.
    static let margin = 20.0
    static let noteSize = 12.0

    /// - Parameter width: the least width of the sheet.
    init(_ caption: String, width: Double = 0) {
        let size = 15.0
        elements = [.text(.init(Sheet.margin, 26), caption, size: size, isBold: true)]
        // Bold letters are wider than others.
        right = max(width, Sheet.margin + Picture.width(of: caption, size: 1.13 * size))
    }

    mutating func add(_ drawing: [Picture.Element], right: Double = 0, bottom: Double = 0) {
        elements += drawing
        (self.right, self.bottom) = (max(self.right, right), max(self.bottom, bottom))
    }

    mutating func add(_ drawing: [Picture.Element], _ plane: Plane) {
        add(drawing, right: plane.origin.x + plane.width, bottom: plane.origin.y + plane.height)
    }

    /// - Parameter space: the space below the drawings.
    func picture(_ title: String, _ description: String, space: Double) -> Picture {
        Picture(
            title, description: description, width: right + Sheet.margin, height: bottom + space, elements: elements)
    }

    /// The picture with a note, at these distances from the drawings and from its end.
    func picture(
        _ title: String, _ description: String, note: String, above: Double, below: Double
    ) -> Picture {
        var sheet = self
        let lines = Sheet.lines(of: note, width: right - Sheet.margin, size: Sheet.noteSize)
        let places = Tiling(at: .init(Sheet.margin, bottom + above), width: 0, height: 17, across: 1)
        sheet.elements += lines.enumerated().map { number, line in
            .text(places.corner(number), line, size: Sheet.noteSize, .faint)
        }
        return sheet.picture(title, description, space: above + 17 * Double(lines.count) + below)
    }

    /// The words of a text in lines that are not wider than this.
    static func lines(of text: String, width: Double, size: Double) -> [String] {
        wrapped(text) { Picture.width(of: $0, size: size) <= width }
    }
}
