/// An explanation of a gradient, as a tree that every writer (text, Markdown, LaTeX, HTML, JSON) turns into a document.
public struct Explanation: Hashable, Sendable {
    /// The subject, in a few words.
    public let title: String
    /// The layer's geometry, where the subject is a layer.
    public let geometry: LayerGeometry?
    /// The element that is explained in detail, where it is one of a layer.
    public let selection: Selection?
    public let sections: [Section]

    public init(
        _ title: String, geometry: LayerGeometry? = nil, selection: Selection? = nil, sections: [Section]
    ) {
        (self.title, self.geometry, self.selection, self.sections) = (title, geometry, selection, sections)
    }

    /// A part with a title of its own.
    public struct Section: Hashable, Sendable {
        public let title: String
        public let view: View
        public let blocks: [Block]

        public init(_ title: String, view: View = .equations, _ blocks: [Block]) {
            (self.title, self.view, self.blocks) = (title, view, blocks)
        }
    }

    public enum Block: Hashable, Sendable {
        /// Equations one below the other.
        case equations([Equation])
        /// A sentence or a paragraph of prose.
        case line(String)
        case table(Table)
        case picture(Picture)
        /// A note about something that is left out for its size: how much is shown and how much not (`12,544 windows;
        /// ten largest shown`), and how to see the rest (`--as json lists them all`).
        case fold(String, opening: String)
    }

    /// Rows of texts under a head.
    public struct Table: Hashable, Sendable {
        public enum Alignment: Hashable, Sendable { case left, right }

        /// The texts of the head, one for every column.
        public let head: [String]
        /// The rows, each as long as the head.
        public let rows: [[String]]
        public let alignment: [Alignment]

        /// - Parameter alignment: the alignment of every column; to the right where it is missing.
        public init(_ head: [String], rows: [[String]], alignment: [Alignment] = []) {
            (self.head, self.rows) = (head, rows)
            self.alignment = alignment + head.dropFirst(alignment.count).map { _ in .right }
        }
    }

    /// The ways to look at a gradient.
    public enum View: String, Hashable, Sendable, CaseIterable {
        case equations, windows, sharing, convolution, flow, check
    }
}
