import AdjointGraphs

/// The texts of explanations and their pictures; `{0}`, `{1}`, … stand for values. Each language has one object, which is
/// filled before it is shared; all writers refer to that object, and copy nothing.
public final class Words: @unchecked Sendable {
    public static let english = Words()

    package init() {}

    // Layers and pages
    package var language = "en"
    package var sections = "Sections"
    package var filterLayer = "A {0} filter W on a {1} input V"
    package var transposedLayer = "A {0} transposed filter W on a {1} input V"
    package var maxPool = "A {0} max pool on a {1} input V"
    package var averagePool = "A {0} average pool on a {1} input V"

    // Equations
    package var layerEquations = "The layer"
    package var graphEquations = "The graph"
    package var elementRule = "The chain rule for {0}"
    package var movement = "How the output moves with {0}"
    package var noMovement = "It does not: no window meets it."
    package var gradient = "The gradient of {0}"
    package var gradientGraph = "The same as a graph, where ∂{0} stands for ∂E/∂{0}"
    package var oneConvolution = "The gradient of {0} is one convolution with role {1}."
    package var someEquations = "{0} equations, {1} of them shown"
    package var otherEquations = "--select writes another one out, up to {0}"
    package var realPixels = "{0} windows, {1} with a real pixel"
    package var realOutputs = "{0} windows, {1} with a position of G under the tap"
    package var largestOfSum = "{0}; the {1} largest shown, {2} % of Σ|term|"
    package var firstOfSum = "{0}; the first {1} shown, since without numbers none is larger"
    package var tooManyWindows = "each element of {0} adds {1} windows up: too many for an equation"
    package var otherQuestions = "ask for --view windows, a smaller --input, or --of input"
    package var allElementTerms = "--as json lists all of this element's"

    // Windows
    package var windowByWindow = "{0}, window by window"
    package var tapByTap = "{0}, tap by tap"
    package var windowSum = "{0} is a sum of {1}{2}{3}."
    package var overOneWindow = " over 1 window"
    package var overSomeWindows = " over {0} windows"
    package var inOneWindow = ", tap by tap in one window"
    package var overPositionsOf = " over {0} positions of {1}"
    package var andBias = ", the last its bias"
    package var sumOver = "Σ over {0} {1}"
    package var examples = "examples"
    package var channels = "channels"
    package var filters = "filters"
    package var oneTerm = "1 term"
    package var terms = "{0} terms"
    package var exampleColumn = "example"
    package var windowColumns = ["window", "position", "term"]
    package var numberColumns = ["numbers", "product"]
    package var total = "total"
    package var shownTotal = "total of these"
    package var largestTerms = "{0} terms; the ten largest shown"
    package var firstTerms = "{0} terms; the ten first shown"
    package var allTerms = "--as json lists them all"
    package var windowTerm = "term {0}: {1}"
    package var runningTotal = "total {0}"
    package var sumInWords = "{0} as a sum: {1}."
    package var windowsKey =
        "violet: the window's taps; hatched, in the colour of its weight: the element of {0} that counts"
    package var windowsAdd = "What each window adds to {0}"
    package var tapsAdd = "What each tap adds to {0}"
    package var positionsAdd = "What each position adds to {0}"
    package var addsInWords = "A map of {0} numbers of which the largest is {1} in size."
    package var coverage = "How the windows lie on {0}"
    package var coverageMap = "How many windows lie over each position of {0}"
    package var windows = "{0} windows of {1} taps over {2} positions, stride {3}, dilation {4}."
    package var overlap =
        "The windows overlap: up to {0} lie over one position, and neighbours share {1} of their {2} positions, axis by axis. The sum over the windows is the gradient all the same: each adds its own term."
    package var noOverlap = "No two windows share a position of {0}."
    package var uncovered =
        "{0} of {1} positions lie under none: their derivative is 0, and no weight learns from them."
    package var uncoveredByPool = "{0} of {1} positions lie under none: their derivative is 0."
    package var uncoveredOutput =
        "{0} of {1} positions lie under none: G is 0 there, and what ∂E/∂G is there reaches neither V nor W."
    package var uncoveredWithBias =
        "{0} of {1} positions lie under none: G is its bias there, and what ∂E/∂G is there reaches neither V nor W."
    package var remainder = "The stride leaves a remainder of {0} at the end of the axes, padding included."
    package var countKey = "in a cell: how many windows meet it"
    package var uncoveredKey = "; hatched: none"
    package var paddingKey = "; grey: padding, which adds nothing"
    package var barsKey = "; bars: the windows along each axis"
    package var countsRange = "A map of how many windows lie over each position, from {0} to {1}."
    package var countsByRow = "Windows over each position, row by row: {0}."
    package var lensFrom = "{0}: from {1}"
    package var lensTo = "{0}: up to {1}"

    // The positions that share a weight
    package var sharing = "The positions that share a weight"
    package var meetsOne = "{0} meets 1 element of {2}: {3}."
    package var meetsSome = "{0} meets {1} elements of {2}: {3}."
    package var meetings = "Which elements of {0} each weight meets"
    package var meetingsInWords = "{0} meets {1}."
    package var cotangentKey = "second line: the element of ∂E/∂{0} that it is multiplied with"
    package var fieldKey = "each plane: {0}"
    package var meets = "{0} meets"
    package var meetsCount = "{0} meets {1} elements of {2}"
    package var oneWeight = "The {0} elements of {1} that {2} meets"
    package var oneWeightMap = "The elements of {0} that {1} meets"
    package var oneWeightInWords = "{0} meets {1} elements of {2}."
    package var oneWeightKey = "hatched: what {0} meets"

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
    package var kink =
        "E has a kink or a tie there: the slopes of its terms on both sides add up to something from {0} to {1}, ΔE/Δ is the middle, and whatever lies between is a gradient."
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
    package var readingShare = "{0} over {1}: {2}. That is one share of {3}: {4} is all of it."
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
    package var readingKey =
        "⋆: what stands below slides over what stands above, and what lies on each other is multiplied and added; grey: zeros"
    package var leftOutKey = "; hatched: left out"

    // Signal-flow graphs
    package var asSignal = "{0} as signal"
    package var asSignals = "{0} as signals"
    package var asGain = "{0} as gain"
    package var asGains = "{0} as gains"
    package var signalFlow = "Signal flow: {0}"
    package var signalFlowMap = "The signal-flow graph of the layer and its transpose, {0}"
    package var scalarTranspose = "Nᵀ: ∂E/∂G enters, ∂E/∂{0} leaves"
    package var reversed = "Nᵀ: every arrow reversed"
    package var tooManyScalars = "{0} numbers: too many to draw one by one"
    package var fewerScalars = "the same for a smaller layer, or the operators below"
    package var weightRule =
        "The weight rule: the signal that enters an edge with gain {0} in N, times the one that enters it in Nᵀ, summed over its edges."
    package var edgeColumns = ["edge", "enters in N", "enters in Nᵀ", "product"]
    package var arrival = "What arrives at {0} in Nᵀ is its whole gradient:"

    // Flow graphs of operators
    package var allTapsGraph = "operators on planes, all taps"
    package var oneTapGraph = "operators on planes, one tap"
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
    package var someGainsKey = "gain: written on it where there is room"
    package var networkKey = "N: the graph; Nᵀ: its transpose, the way back"
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

    // The sum that a gradient is, and the names of its parts: one term, several terms, the factor that the element
    // is multiplied with (empty if a term is the cotangent alone), and the kind of factor beside the cotangent
    package var overWindows = "the sum over {2} windows: {0} with a pixel under the weight, {1} that add something"
    package var windowParts = ["window", "windows", "pixel", "input"]
    package var covering =
        "the sum over filters and the windows that cover the pixel: {0} terms, {1} that add something"
    package var coveringParts = ["output", "outputs", "weight", "weight"]
    package var covered = "the sum over channels and the positions under it: {0} terms, {1} that add something"
    package var coveredParts = ["output", "outputs", "input", "weight"]
    package var overBatch = "the sum over the batch: {3}, {1} that add something"
    package var batchParts = ["output", "outputs", "input", "input"]
    package var overFeatures = "the sum over the layer's outputs: {3}, {1} that add something"
    package var featureParts = ["output", "outputs", "weight", "weight"]
    package var overPositions = "the sum over {0} positions: {1} that add something"
    package var positionParts = ["position", "positions", "", "partial"]
    package var overChoices = "the sum over the places that took it: {3}, {1} that add something"
    package var choiceParts = ["place", "places", "", "partial"]
    package var single = "one term"
    package var severalTerms = "{0} terms, {1} that add something"
    package var singleParts = ["term", "terms", "", "partial"]
    package var noTerm = "no term"
    package var totals = "plus {0}, minus {1}, net {2}; cancellation |net|/Σ|term| = {3}"
    package var origin = "Where the gradient of {0} came from"
    package var addingTerms = "{0} terms that add something; the {1} largest shown"
    package var termColumns = ["{0}·cotangent = term", "share of Σ|term| so far"]
    package var eachAdds = "What each {0} adds"
    package var eachCell = " (a cell: {0}x{0})"
    package var ramp = "░▒▓█ above zero, -=≡# below, by size: over 1/2, 1/4, 1/8 of the largest, less; · zero"
    package var blankPadding = ", blank padding"
    package var mapStart = "from row {0}, column {1}"
    package var morePlanes = "… and {0} more planes of windows"
    package var strongestOne = "The strongest {0}"
    package var strongestSome = "The {0} strongest {1}"
    package var layerOutput = "∂E/∂ of the output"
    package var layerInput = "the layer's input"
    package var patchText = "Patches of {0} under them, the weight's own pixel marked by <"
    package var patches = "Patches of {0} under the strongest windows"
    package var patchesInWords = "The weight's own pixel is outlined: {0}"
    package var mapTitle = "{0}: what each {1} adds"
    package var mapPlane = "; plane {0} of {1}"
    package var addsPanel = "what each {0} adds"
    package var inputPanel = "input of the layer"
    package var weightPanel = "input under the weight"
    package var partialPanel = "∂ output / ∂ element"
    package var cotangentPanel = "∂E/∂ of the layer's output"
    package var way = "The way of the error: ∂E/∂ of each layer's output, from the loss back"
    package var wayColumns = ["output", "layer", "shape", "norm", "not zero"]
    package var amount = "{0} of {1}"
    package var shares = "{0} is used in {1} places"
    package var sumOfShares = "the sum of what each place adds"
    package var shareColumns = ["output", "layer", "what it adds"]
    package var error = "E"
    package var largestGradients = "The largest gradients of {0}"
    package var largestColumns = ["", "element", "∂E/∂", "cancellation", "strongest {0}", "what it adds"]

    // All gradients of a filter
    package var atlas = "∂E/∂ of all of {0} {1}"
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
