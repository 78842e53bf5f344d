/// A drawing as a value: shapes in the coordinates of its own size, y downwards. Writers turn it into SVG.
public struct Picture: Hashable, Sendable {
    /// What it shows, in a few words.
    public let title: String
    /// The same for those who cannot see it: everything that the drawing says.
    public let description: String
    public let width: Double
    public let height: Double
    public var elements: [Element]

    public init(_ title: String, description: String, width: Double, height: Double, elements: [Element] = []) {
        self.title = title
        self.description = description
        self.width = width
        self.height = height
        self.elements = elements
    }

    public struct Point: Hashable, Sendable {
        public var x: Double
        public var y: Double

        public init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Colours by meaning; what each is, light or dark, is the writer's business.
    public enum Color: Hashable, Sendable {
        case none, paper, ink, faint, accent
        /// One of eight for weights and their groups (Okabe and Ito's palette), with a hatch of its own beside it.
        case group(Int)
        /// From −1 to 1 on the diverging scale of activations, weights or gradients.
        case activation(Double), weight(Double), gradient(Double)
    }

    /// The rest of a cubic curve: two controls and its end.
    public struct Bend: Hashable, Sendable {
        public var first: Point
        public var second: Point
        public var end: Point

        public init(_ first: Point, _ second: Point, to end: Point) {
            self.first = first
            self.second = second
            self.end = end
        }
    }

    public enum Anchor: Hashable, Sendable { case start, middle, end }

    /// About how wide a text is: exact widths belong to fonts.
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

    public enum Element: Hashable, Sendable {
        /// From its upper left corner. A hatch (0 to 7) prints where colours do not.
        case rectangle(Point, width: Double, height: Double, corner: Double, fill: Color, stroke: Color, hatch: Int?)
        case circle(Point, radius: Double, fill: Color, stroke: Color)
        /// An arrow's tip is the end itself.
        case line(Point, Point, Color, width: Double, isDashed: Bool, arrow: Bool)
        /// Cubic curves: a start, and then two controls and an end for each.
        case curve(Point, [Bend], Color, width: Double, arrow: Bool)
        /// The point is the middle of the line's height, at its start, middle or end.
        case text(Point, String, size: Double, anchor: Anchor, Color, isBold: Bool)
        /// Row-major pixels, drawn as one image.
        /// However many they are, it is one element; its corner is the upper left one.
        case image(Point, width: Double, height: Double, columns: Int, [Color])
        /// Elements that belong together, with a title of their own.
        case group(String, [Element])
    }
}
