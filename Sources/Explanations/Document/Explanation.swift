/// What there is to say about a gradient, as a tree that every writer (text, Markdown, LaTeX, HTML, JSON) walks.
public struct Explanation: Hashable, Sendable {
    /// What is explained, in a few words.
    public let title: String
    /// The layer, where it is one.
    public let geometry: LayerGeometry?
    /// What was looked at closely, where it is an element of a layer.
    public let selection: Selection?
    public let sections: [Section]

    public init(
        _ title: String, geometry: LayerGeometry? = nil, selection: Selection? = nil, sections: [Section]
    ) {
        (self.title, self.geometry, self.selection, self.sections) = (title, geometry, selection, sections)
    }

    /// A part under a title of its own.
    public struct Section: Hashable, Sendable {
        public let title: String
        public let view: View
        public let blocks: [Block]

        public init(_ title: String, view: View = .equations, _ blocks: [Block]) {
            (self.title, self.view, self.blocks) = (title, view, blocks)
        }
    }

    public enum Block: Hashable, Sendable {
        /// One below the other.
        case equations([Equation])
        /// A sentence or a paragraph of prose.
        case line(String)
        case table(Table)
        case picture(Picture)
        /// Something that is left out for its size: what is shown and what not (`12,544 windows; ten largest shown`), and how
        /// to see the rest (`--as json lists them all`).
        case fold(String, opening: String)
    }

    /// Rows of texts under a head.
    public struct Table: Hashable, Sendable {
        public enum Alignment: Hashable, Sendable { case left, right }

        /// One text for every column.
        public let head: [String]
        /// As long as the head each.
        public let rows: [[String]]
        public let alignment: [Alignment]

        /// - Parameter alignment: for every column; to the right where it is not given.
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
