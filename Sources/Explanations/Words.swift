import AdjointGraphs

/// What the drawings and readings of a layer say; `{0}`, `{1}`, … stand for what is put in. Another language is another value.
public struct Words: Hashable, Sendable {
    public static let english = Words()

    package init() {}

    // Windows
    package var windowByWindow = "{0}, window by window"
    package var windowSum = "{0} is a sum of {1} over {2}{3}."
    package var oneTerm = "1 term"
    package var terms = "{0} terms"
    package var oneWindow = "1 window"
    package var someWindows = "{0} windows"
    package var windowColumns = ["", "window", "position", "term"]
    package var numberColumns = ["numbers", "product", "total"]
    package var largestTerms = "{0} terms; the ten largest shown"
    package var firstTerms = "{0} terms; the ten first shown"
    package var allTerms = "--as json lists them all"
    package var coverage = "How the windows lie on {0}"
    package var coverageMap = "How many windows lie over each position of {0}"
    package var windows = "{0} windows of {1} taps over {2} positions, stride {3}, dilation {4}."
    package var overlap =
        "The windows overlap: up to {0} lie over one position, and neighbours share {1} along the axes. The sum over the windows is the gradient all the same: each adds its own term."
    package var noOverlap = "No two windows share a position."
    package var uncovered =
        "{0} of {1} positions lie under none: their derivative is 0, and no weight learns from them."
    package var remainder = "The stride leaves a remainder of {0} at the end of the axes."
    package var countKey = "in a cell: how many windows meet it"
    package var uncoveredKey = "; hatched: none"
    package var paddingKey = "; grey: padding, which adds nothing"
    package var barsKey = "; bars: the windows along each axis"
    package var countsRange = "A map of how many windows lie over each position, from {0} to {1}."
    package var countsByRow = "Windows over each position, row by row: {0}."
    package var lensFrom = "{0}: from {1}"
    package var lensTo = "{0}: up to {1}"

    // The check
    package var check = "Check"
    package var notChecked = "not checked, since evaluating this layer by definition takes long"
    package var smallerInput = "ask for a smaller --input"
    package var checkLead =
        "J is the layer's linearization and Jᵀ its transpose; v and u are random. ΔE/Δ is a central difference of E = Σ ∂E/∂G·G, in Double."
    package var drawnNumbers = " Without numbers of their own, {0} are random."
    package var checkColumns = ["", "one side", "other side", "apart"]
    package var innerProducts = "⟨J·v, u⟩ and ⟨v, Jᵀ·u⟩"
    package var gradientAndDifference = "{0} and ΔE/Δ{1}"
    package var agrees = "Both agree within rounding."
    package var differs = "They do not agree."

    // Gradients as convolutions
    package var relation = "One relation, three roles"
    package var everyAxis = " on every axis"
    package var oneAxis = " on axis {0}"
    package var together = "{0}[i], W[r] and {1}[p] belong together where {2}{3}."
    package var outputRole =
        "{0}[p]: p is fixed, r is summed, and the plane is read at {1}: stride {2}, dilation {3}."
    package var filterRole =
        "{0}[r]: r is fixed, p is summed, and the plane is read at {1}: stride {2}, dilation {3}. Stride and dilation have changed places; nothing is turned."
    package var inputRole =
        "{0}[i]: i is fixed, p is summed, and {1}: r counts backwards. With {2} it is {3}: the filter is turned"
    package var spreadPlane = ", and the plane spread by {0}."
    package var asConvolution = "{0} as a convolution"
    package var reading = "{0} over {1}: {2}. That is {3}."
    package var then = ", then "
    package var turn = "turn around"
    package var keep = "keep the first {0}"
    package var between = "put {0} between"
    package var oneZero = "1 zero"
    package var zeros = "{0} zeros"
    package var pad = "pad {0}"
    package var crop = "crop {0}"
    package var before = "{0} before"
    package var after = "{0} after"
    package var and = " and "
    package var axes = ["slices", "rows", "columns"]
    package var slide = "slide with stride {0}"

    // Flow graphs of operators
    package var operators = "Signal flow: operators on planes"
    package var operatorsMap = "The layer as operators on planes, and its transpose"
    package var network = "N: planes of V to a plane of G"
    package var transpose = "Nᵀ: ∂E/∂G to ∂E/∂V"
    package var shifts =
        "q moves a plane by one place along x, y or z. In Nᵀ it moves back: that is the filter's half turn."
    package var places = "From N to Nᵀ, in the same places:"
    package var rules = ["in N", "in Nᵀ", "times"]
    package var arrow = ["arrow", "arrow, reversed"]
    package var gain = ["gain w on an arrow", "the same gain, arrow reversed"]
    package var input = ["input", "output: the derivative by it"]
    package var output = ["output", "input: ∂E/∂ of it"]
    package var branch = "branch ●"
    package var sum = "sum ⊕"
    package var function = "function {0}(a)"
    package var slope = "gain {0}′(a)"
    package var graph = "Left or above, the graph: {0}"
    package var graphBack =
        ". Beside it the transpose: the same with every arrow reversed, dots and circled plus signs exchanged."
    package var branchKey = "branch: one signal, several ways"
    package var sumKey = "sum"
    package var gainKey = "gain: what is written on it, else 1"
    package var shiftKey = "q: the plane, moved by one place"
    package var padPlane = "pad"
    package var cropPlane = "crop"
    package var noShift = "no shift"
    package var takeValid = "take valid"
    package var takeEvery = "take every {0}"
    package var widen = "widen"
    package var spread = "spread by {0}"
    package var everywhere = "everywhere"
    package var otherTaps = "{0} other taps ({1} in all)"
    package var otherPlanes = "{0} ({1} others)"

    // Fully connected nets
    package var net = "A fully connected net of {0} units"
    package var units = "The net of {0} units"
    package var chainRule = "The chain rule, layer by layer"
    package var partials = "The partials"
    package var onePath = "{0}: 1 path to the error"
    package var paths = "{0}: {1} paths to the error, and factored"
    package var deeper = "Deeper down"
    package var tooManyPaths = "{0} paths for each weight"
    package var smallerNet = "ask for a smaller --dense net"
    package var cost = "What that costs"
    package var costs =
        "Over all weights shown here, the sums over paths take {0} products. With each ∂E/∂H computed once and handed on, the whole net takes {1}: so the backward pass is cheap."

    // All gradients of a filter
    package var atlasMaps = "{0} rows of {1}, each a map of {2} gradients; the largest magnitude is {3}"
    package var atlasCells = "{0} rows of {1}, each cell the largest of {2} gradients; the largest magnitude is {3}"
}

/// A text with `{0}`, `{1}`, … replaced.
package func filled(_ text: String, _ values: [String]) -> String {
    var result = ""
    var number: Int?
    for scalar in text.unicodeScalars {
        switch scalar {
        case "{": number = 0
        case "}":
            if let place = number, place < values.count { result += values[place] }
            number = nil
        default:
            if let digits = number {
                number = digits * 10 + Int(scalar.value) - 48
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }
    return result
}
