/// A drawing as a value: shapes in the coordinates of its own size, y downwards. Writers turn it into SVG.
public struct Picture: Hashable, Sendable {
    /// The subject, in a few words.
    public let title: String
    /// The content in words, for readers who cannot see the drawing.
    public let description: String
    public let width: Double
    public let height: Double
    public var elements: [Element]

    public init(_ title: String, description: String, width: Double, height: Double, elements: [Element] = []) {
        (self.title, self.description, self.width, self.height) = (title, description, width, height)
        self.elements = elements
    }

    public struct Point: Hashable, Sendable {
        public var x: Double
        public var y: Double

        public init(_ x: Double, _ y: Double) {
            (self.x, self.y) = (x, y)
        }
    }

    /// Colours by meaning; writers choose them, for light and for dark paper.
    public enum Color: Hashable, Sendable {
        case none, paper, ink, faint, accent
        /// One of eight colours for weights and their groups (Okabe and Ito's palette), each with a hatch of its own.
        case group(Int)
        /// The colour of a number from −1 to 1.
        case share(Double, Scale)
    }

    /// The kind of a number, for which there is a diverging scale with zero in the middle: the beginning of its tones' names.
    public enum Scale: String, Hashable, Sendable { case activation = "a", weight = "w", gradient = "d" }

    public enum Anchor: Hashable, Sendable { case start, middle, end }

    public enum Element: Hashable, Sendable {
        /// A rectangle, from its upper left corner. A hatch (0 to 7) tells groups apart in print without colours.
        case rectangle(
            Point, width: Double, height: Double, corner: Double = 0, fill: Color = .none, stroke: Color = .none,
            hatch: Int? = nil)
        case circle(Point, radius: Double, fill: Color, stroke: Color = .none)
        /// A line; an arrow's tip is at the end itself.
        case line(Point, Point, Color, width: Double, isDashed: Bool = false, arrow: Bool = false)
        /// Cubic curves: a start, and then two control points and an end for each.
        case curve(Point, [Point], Color, width: Double, arrow: Bool = false)
        /// A text; the point is in the middle of the line's height, at its start, middle or end.
        case text(Point, String, size: Double, anchor: Anchor = .start, Color = .ink, isBold: Bool = false)
        /// Row-major pixels, drawn as one image, and so as one element, from its upper left corner.
        case image(Point, width: Double, height: Double, columns: Int, [Color])
        /// Elements that belong together, with a title of their own, moved down by a distance.
        case group(String, [Element], down: Double = 0)
    }
}

extension Picture {
    /// The approximate width of a text; the exact one depends on the font.
    public static func width(of text: String, size: Double) -> Double {
        var units = 0.0
        for character in text.unicodeScalars {
            switch character {
            case " ", ".", ",", "·", "i", "j", "l", "[", "]", "(", ")", "|", "'", ":", "/": units += 0.34
            case "A"..."Z", "w", "m", "∂", "=", "+", "−", "×", "Σ": units += 0.7
            default: units += 0.56
            }
        }
        return units * size
    }
}

extension Picture.Point {
    package func moved(by dx: Double, _ dy: Double) -> Picture.Point { .init(x + dx, y + dy) }

    /// The point at a fraction of the way to another.
    func toward(_ other: Picture.Point, _ part: Double) -> Picture.Point {
        .init(x + (other.x - x) * part, y + (other.y - y) * part)
    }

    func distance(to other: Picture.Point) -> Double {
        ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
}
