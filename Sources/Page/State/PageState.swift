import AdjointExplanations
import AdjointGraphs

/// Everything that a reader can change. The page is a function of it, and a link holds it.
package struct PageState: Hashable, Sendable {
    package var language = Language.english
    package var layer = LayerSettings()
    /// Where the numbers of V, W, B, of the target and of the error's derivative come from.
    package var sources: [Tensors: Source] = [:]
    package var loss = Loss.given
    /// The learning rate η of W ← W − η·∂E∕∂W; nil for the one that suits V.
    package var rate: Double?
    /// The element whose sum is shown while nothing is hovered.
    package var selection: Selection?
    package var notation = Notation.symbols
    /// What stands in the cells of the layer.
    package var look = Look.numbers
    /// By how many steps cells are larger than they would be, or smaller.
    package var zoom = 0
    /// The term that is looked at, where the sum is stepped through.
    package var step: Int?
    /// Whether all terms of a long sum are listed.
    package var isUnfolded = false
    package var strip = Strip.convolution
    /// Which network the Network view shows.
    package var network = NetworkChoice.small
    package var flow = Flow.input
    /// Whether the flow strip shows the transpose.
    package var isTransposed = false
    /// The planes that are shown of tensors that are too large to be shown whole.
    package var planes: [Tensors: Int] = [:]
    /// Whether a photograph is seen plane by plane, and not in its colours.
    package var isSplit = false
    package var story: Story?
    /// The exercise that is asked.
    package var exercise: Int?
    /// Whether it asks for the pixels that a weight meets, and not for a number.
    package var asksPixels = false
    /// What a link that is embedded elsewhere leaves out.
    package var hidden: Set<Hideable> = []
    /// Whether only the figure and its equation are shown, large.
    package var isPresented = false

    package init() {}

    /// Whether the layer or a number in it is not the question's.
    var isOwn: Bool { layer != LayerSettings() || !sources.isEmpty }

    /// Where ∂E∕∂ of the output comes from.
    package enum Loss: String, Hashable, Sendable, CaseIterable {
        /// It is what the rest of a network says.
        case given
        /// E = ½·Σ (output − T)²
        case squares
    }

    package enum Notation: String, Hashable, Sendable, CaseIterable { case symbols, numbers, values }

    package enum Look: String, Hashable, Sendable, CaseIterable {
        /// Where they fit; elsewhere colours.
        case numbers
        case colours, both
    }

    package static let zooms = -3...6

    package enum Strip: String, Hashable, Sendable, CaseIterable { case convolution, flow, coverage, largest, network }

    package enum NetworkChoice: String, Hashable, Sendable, CaseIterable {
        case small, lenet5
        /// From a file of the reader's own.
        case own

        /// The network that the page trains; nil for one from a file.
        var trained: NetworkTraining.Choice? { NetworkTraining.Choice(rawValue: rawValue) }
    }

    package enum Flow: String, Hashable, Sendable, CaseIterable { case input = "V", filter = "W" }

    package enum Hideable: String, Hashable, Sendable, CaseIterable {
        case header, stories, controls, learning, reading, player, check, exercises, strips, export
    }

    /// A point of a guided story.
    package struct Story: Hashable, Sendable {
        package var number: Int
        package var step: Int
    }
}

/// What is given and what is computed.
package enum Tensors: Int, Hashable, Sendable, CaseIterable {
    case v, w, b, g, a, dv, dw, db, dg, da
    /// The target, which has no derivative here.
    case t

    /// As cells are called.
    package var name: String { Tensors.names[rawValue] }

    package init?(named name: String) {
        guard let number = Tensors.names.firstIndex(of: name) else { return nil }
        self = Tensors.all[number]
    }

    /// Whose derivative it is, or itself.
    package var primal: Tensors { self == .t ? .t : Tensors.all[rawValue % 5] }

    package var derivative: Tensors { self == .t ? .t : Tensors.all[rawValue % 5 + 5] }

    package var isDerivative: Bool { rawValue >= 5 && self != .t }

    /// The name that explanations have for it: `∂V`.
    var key: String { isDerivative ? "∂" + primal.name : name }

    static let all = allCases
    private static let names = ["V", "W", "B", "G", "A", "dV", "dW", "dB", "dG", "dA", "T"]
}
