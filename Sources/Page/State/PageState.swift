import AdjointExplanations
import AdjointGraphs

/// Everything that a reader can change. The page is a function of it, and a link holds it.
package struct PageState: Hashable, Sendable {
    package var layer = LayerSettings()
    /// Where the numbers of V, W, B and of the error's derivative come from.
    package var sources: [Tensors: Source] = [:]
    /// The element whose sum is shown while nothing is hovered.
    package var selection: Selection?
    package var notation = Notation.symbols
    /// The term that is looked at, where the sum is stepped through.
    package var step: Int?
    /// Whether all terms of a long sum are listed.
    package var isUnfolded = false
    package var strip = Strip.convolution
    /// Which network the page trains.
    package var network = NetworkTraining.Choice.small
    package var flow = Flow.input
    /// Whether the flow strip shows the transpose.
    package var isTransposed = false
    /// The planes that are shown of tensors that are too large to be shown whole.
    package var planes: [Tensors: Int] = [:]
    package var story: Story?
    /// The exercise that is asked.
    package var exercise: Int?
    /// What a link that is embedded elsewhere leaves out.
    package var hidden: Set<Hideable> = []

    package init() {}

    package enum Notation: String, Hashable, Sendable, CaseIterable { case symbols, numbers, values }

    package enum Strip: String, Hashable, Sendable, CaseIterable { case convolution, flow, coverage, largest, network }

    package enum Flow: String, Hashable, Sendable, CaseIterable { case input = "V", filter = "W" }

    package enum Hideable: String, Hashable, Sendable, CaseIterable {
        case header, stories, controls, reading, player, check, exercises, strips, export
    }

    /// A point of a guided story.
    package struct Story: Hashable, Sendable {
        package var number: Int
        package var step: Int
    }
}

/// What is given and what is computed, by the names that cells have.
package enum Tensors: String, Hashable, Sendable, CaseIterable {
    case v = "V"
    case w = "W"
    case b = "B"
    case g = "G"
    case a = "A"
    case dv = "dV"
    case dw = "dW"
    case db = "dB"
    case dg = "dG"
    case da = "dA"

    /// Whose derivative it is, or itself.
    package var primal: Tensors { Tensors.all[number % 5] }

    package var derivative: Tensors { Tensors.all[number % 5 + 5] }

    package var isDerivative: Bool { number >= 5 }

    /// The name that explanations have for it: `∂V`.
    var key: String { isDerivative ? "∂" + primal.rawValue : rawValue }

    static let all = allCases

    /// In the order of `allCases`.
    var number: Int {
        switch self {
        case .v: 0
        case .w: 1
        case .b: 2
        case .g: 3
        case .a: 4
        case .dv: 5
        case .dw: 6
        case .db: 7
        case .dg: 8
        case .da: 9
        }
    }

    // Not by its raw value: cells are found by it.
    package static func == (a: Tensors, b: Tensors) -> Bool { a.number == b.number }
    package func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
