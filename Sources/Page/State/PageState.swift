import AdjointExplanations
import AdjointGraphs

/// Everything that a reader can change. The page is a function of this state, and a link holds it.
package struct PageState: Hashable, Sendable {
    package var language = Language.english
    package var layer = LayerSettings()
    /// The sources of the numbers of V, W, B, the target and the error's derivative.
    package var sources: [Tensors: Source] = [:]
    package var loss = Loss.given
    /// The learning rate η of W ← W − η·∂E∕∂W; nil for the one that suits V.
    package var rate: Double?
    /// The element whose sum is shown while nothing is hovered.
    package var selection: Selection?
    package var notation = Notation.symbols
    /// The content of the layer's cells.
    package var look = Look.numbers
    /// The number of steps by which cells are larger than by default, or smaller.
    package var zoom = 0
    /// The current term, where the sum is stepped through.
    package var step: Int?
    /// Whether all terms of a long sum are listed.
    package var isUnfolded = false
    package var strip = Strip.convolution
    /// The network of the Network view.
    package var network = NetworkChoice.small
    package var flow = Flow.input
    /// Whether the flow strip shows the transpose.
    package var isTransposed = false
    /// The planes that are shown of tensors too large to be shown whole.
    package var planes: [Tensors: Int] = [:]
    /// Whether a photograph is shown plane by plane, and not in its colours.
    package var isSplit = false
    package var story: Story?
    /// The number of the exercise.
    package var exercise: Int?
    /// Whether the exercise is about the pixels that a weight meets, and not about a number.
    package var asksPixels = false
    /// The parts that an embedded link leaves out.
    package var hidden: Set<Hideable> = []
    /// Whether only the figure and its equation are shown, large.
    package var isPresented = false

    package init() {}

    /// Whether the layer or a number in it is not the question's.
    var isOwn: Bool { layer != LayerSettings() || !sources.isEmpty }

    /// The source of ∂E∕∂ of the output.
    package enum Loss: String, Hashable, Sendable, CaseIterable {
        /// Given numbers, as if from the rest of a network.
        case given
        /// The derivative of E = ½·Σ (output − T)².
        case squares
    }

    package enum Notation: String, Hashable, Sendable, CaseIterable { case symbols, numbers, values }

    package enum Look: String, Hashable, Sendable, CaseIterable {
        /// Numbers where they fit; elsewhere colours.
        case numbers
        case colours, both
    }

    package static let zooms = -3...6

    package enum Strip: String, Hashable, Sendable, CaseIterable { case convolution, flow, coverage, largest, network }

    package enum NetworkChoice: String, Hashable, Sendable, CaseIterable {
        case small, lenet5
        /// A network from a file of the reader's own.
        case own

        /// The network that the page trains; nil for one from a file.
        var trained: NetworkTraining.Choice? { NetworkTraining.Choice(rawValue: rawValue) }
    }

    package enum Flow: String, Hashable, Sendable, CaseIterable { case input = "V", filter = "W" }

    package enum Hideable: String, Hashable, Sendable, CaseIterable {
        case header, stories, controls, learning, reading, player, check, exercises, strips, export
    }

    /// A step of a guided story.
    package struct Story: Hashable, Sendable {
        package var number: Int
        package var step: Int
    }
}

/// The tensors of the layer, given or computed.
package enum Tensors: Int, Hashable, Sendable, CaseIterable {
    case v, w, b, g, a, dv, dw, db, dg, da
    /// The target, which has no derivative here.
    case t

    /// The name in the ids of cells.
    package var name: String { Tensors.names[rawValue] }

    package init?(named name: String) {
        guard let number = Tensors.names.firstIndex(of: name) else { return nil }
        self = Tensors.all[number]
    }

    /// The tensor of which it is the derivative, or the tensor itself.
    package var primal: Tensors { self == .t ? .t : Tensors.all[rawValue % 5] }

    package var derivative: Tensors { self == .t ? .t : Tensors.all[rawValue % 5 + 5] }

    package var isDerivative: Bool { rawValue >= 5 && self != .t }

    /// The name in explanations: `∂V`.
    var key: String { isDerivative ? "∂" + primal.name : name }

    /// The name in sentences: `V`, `∂E/∂V`.
    var label: String { isDerivative ? "∂E/∂" + primal.name : name }

    static let all = allCases
    private static let names = ["V", "W", "B", "G", "A", "dV", "dW", "dB", "dG", "dA", "T"]
}
