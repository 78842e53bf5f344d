import AdjointExplanations

/// Every text of the page; `{0}`, `{1}`, … stand for values. Each language has one object, which is filled before it is
/// shared.
package final class Strings: @unchecked Sendable {
    package static let english = Strings()

    // The frame
    var language = "en"
    /// The texts of explanations.
    var words = Words.english
    var title = "Adjoint"
    var question = "How does a filter learn?"
    var lead =
        "A filter slides over an image. Every weight takes part in every window, so its gradient is a sum over all of them. Point at any number to see which; click on one of V or W and type to change it."
    var noScript =
        "The figure above is what this page opens with. With JavaScript and WebAssembly it answers to the pointer."
    var skip = "Skip to the figure"
    var stopped = "That was too much: the computation stopped. It was started anew with the first layer."
    var languageLabel = "Language"
    var controlsLabel = "The layer"
    var stageLabel = "The layer and its gradients"
    var readingLabel = "The equation"

    // Fields
    var presetLabel = "Layer"
    var ownLayer = "of your own"
    var outputSize = "Output"
    var bothAxes = "on both axes"
    var allAxes = "on all axes"
    var onTheAxis = "on its axis"
    var rows = "rows"
    var columns = "columns"
    var slices = "slices"
    var positions = "positions"
    var notAChoice = "That is none of the choices."
    var nothing = "nothing"
    var oneNumber = "A whole number is needed here, not “{0}”."
    var twoNumbers = "One whole number, or two as 3x2, are needed here, not “{0}”."
    var fourNumbers = "One whole number, or four as 1,1,0,0 (above, left, below, right), are needed here, not “{0}”."
    var manyNumbers = "One whole number, or as many as in {1}, are needed here, not “{0}”."
    var outOfRange = "This can be {0} to {1}, not {2}."
    var groupsDoNotDivide = "{0} groups do not divide {1} channels and {2} filters evenly."
    var nothingLeft = "The padding crops everything away."
    var kernelTooLarge = "The filter reaches over {0}, but input and padding have only {1} ({2})."
    var poolPadding = "A pool is padded by at most half its size."
    var tooLarge = "That is more than this page computes ({0} products)."
    var remainderTitle = "The stride leaves a remainder."
    var remainder = "{0} at the end lie under no window: they reach no output, and their gradient is 0."
    var oneRow = "1 row"
    var manyRows = "{0} rows"
    var oneColumn = "1 column"
    var manyColumns = "{0} columns"
    var oneSlice = "1 slice"
    var manySlices = "{0} slices"
    var onePosition = "1 position"
    var manyPositions = "{0} positions"
    var and = " and "
    var badLink = "The link’s “{0}={1}” was left out: {2}"
    var unknownInLink = "this page knows nothing of that kind."
    var questionInstead = "The layer of the question stands here instead of the link’s."
    var sourceLabel = "Numbers of {0}"
    var notANumber = "{0} takes a number, not “{1}”."
    var notEditable = "{0} is computed; change V, W, or the target or derivative at the end, instead."

    var fields: Texts<LayerSettings.Field> = [
        .kind: "Kind", .axes: "Axes", .input: "Input", .kernel: "Filter", .channels: "Channels", .filters: "Filters",
        .batch: "Batch", .stride: "Stride", .padding: "Padding", .dilation: "Dilation", .groups: "Groups",
        .outputPadding: "Output padding", .bias: "Bias", .activation: "Activation",
    ]

    var kinds: Texts<LayerSettings.Kind> = [
        .convolution: "convolution", .transposed: "transposed convolution", .max: "max pool", .average: "average pool",
    ]
    var activations: Texts<LayerSettings.Activation> = [
        .none: "none", .relu: "ReLU", .tanh: "tanh", .sigmoid: "sigmoid",
    ]

    var presets: Texts<Preset> = [
        .question: "The question: 3×3, 2×2",
        .lenet1: "LeNet-5, first convolution",
        .lenet2: "LeNet-5, second convolution",
        .remainder: "Stride 2 with a remainder",
        .dilation: "Dilation = stride",
        .depthwise: "Depthwise",
        .groups: "Two groups",
        .transposed: "Transposed, twice as large",
        .pool: "Max pool",
        .stem: "ResNet’s stem, 64×3×7×7",
    ]

    var source: Texts<Source.Kind> = [
        .counting: "1, 2, 3, …", .whole: "integers", .random: "random", .ones: "ones", .scene: "a picture",
        .digit: "a digit",
        .list: "given", .taught: "another filter’s", .image: "given",
    ]

    var drawByHand = "draw by hand"
    var openPicture = "open a picture…"

    // The drawing
    var forward = "Forward"
    var backward = "Backward"
    var backwardMeaning = ": how fast the error E grows with each number"
    var inputRole = "input picture"
    var filterRole = "filter"
    var outputRole = "output"
    var activatedRole = "after {0}"
    var targetRole = "target"
    var bias = "bias"
    var exampleName = "example {0}"
    var channelName = "channel {0}"
    var filterName = "filter {0}"
    var sliceName = "slice {0}"
    var rowName = "row {0}"
    var columnName = "column {0}"
    var positionName = "position {0}"
    var planeBefore = "The plane before"
    var planeAfter = "The next plane"
    var planeOf = "plane {0}/{1}"
    var pixelGrid = "grid of pixels"
    var inColours = "in colours"
    var colours = "red {0}, green {1}, blue {2}"
    var coloursHint = "Point at a pixel for its red, green and blue."
    var cellsLabel = "What stands in the cells"
    var looks: Texts<PageState.Look> = [.numbers: "Numbers", .colours: "Colours", .both: "Both"]
    var smaller = "Smaller cells"
    var larger = "Larger cells"
    var legend = "What the colours mean"
    var beyond = "{0} beyond, to ±{1}"
    var termLabel = "term {0}: {1}"

    // The error, and learning
    var learningLabel = "The error, and steps that make it smaller"
    var errorGiven = "∂E/∂{0} is given here: it is what the rest of a network says."
    var errorComputed = "Compute it from a target"
    var errorGivenAgain = "Give ∂E/∂{0} instead"
    var nothingToLearn = "A pool has no weights that could learn."
    var rate = "Learning rate η"
    var notARate = "A learning rate is a number above 0, not “{0}”."
    var oneStep = "One step"
    var manySteps = "Until E is small"
    var descendedOnce = "One step took E from {1} to {2}."
    var descended = "{0} steps took E from {1} to {2}."
    var overshot = "E grew: the step was too long. Try a smaller rate."
    var descentTitle = "E, step by step"
    var step = "step"
    var loss = "loss"

    // The equation
    var nothingSelected = "Point at a number, or walk to one with Tab and the arrow keys."
    var notation = "How the equation is written"
    var weightFact = "{0} takes part in all {1} windows, so {1} terms are added."
    var weightFactOne = "{0} takes part in the only window, so its gradient is one term."
    var weightPaddingFact = "{0} takes part in {1} windows; in {2} of them it meets a pixel, elsewhere padding."
    var pixelFact =
        "{0} lies under a weight {1} times, once for each window over it, in each filter: {1} ways lead from it to the error."
    var pixelFactOne = "{0} lies under one weight, in one window: one way leads from it to the error."
    var pixelFactNone = "{0} lies under no window: no way leads from it to the error, so its gradient is 0."
    var maximumFact =
        "{0} lies in {1} of {3} windows and is taken as the largest in {2}: only from those a derivative comes back. Of equal numbers the first is taken."
    var meanFact = "{0} lies in {1} of {3} windows; each hands back 1∕{2} of its derivative."
    var maximumOutputFact =
        "{0} is the largest of {1} elements, the first one of equal ones. Its derivative goes back to that one alone."
    var meanOutputFact = "{0} is the mean of {1} elements. Its derivative goes back to all of them in equal parts."
    var biasFact = "{0} is added to {1} outputs, so their derivatives are added."
    var outputFact =
        "{0} {1}. Its derivative {2} is given: it is what the rest of the network says."
    var outputTargetFact =
        "{0} {1}. Its derivative {2} is how far it is above its target, or below where that is negative."
    var outputInnerFact = "{0} {1}. Its derivative is {2}, that of the activation put in."
    var windowOutput = "is one window with {0} products"
    var coveredOutput = "is the sum of {0} products of the windows over it"
    var andBias = ", and its bias"
    var activationFact = "{0} follows from {1} alone."
    var indexed = "Indices count from 0, as in programs: {0} is {1}."
    var runningFact = "Term {0} of {1} adds {2}; the sum so far is {3}."
    var folded =
        "{0} terms; the {1} largest are shown and hold {2} % of all magnitude. Plus {3}, minus {4}, net {5}; |net| ∕ Σ|term| = {6}. The others add {7}."
    var unfold = "… {0} more"
    var unfolded = "{0} terms. Plus {3}, minus {4}, net {5}; |net| ∕ Σ|term| = {6}."
    var fold = "Show the largest only"
    var barsTitle = "What each term adds, and the running total"
    var barText = "term {0} adds {1}, total {2}"
    var barsFolded = "The {0} largest terms."
    var barsKey = "each term"
    var barsKeyFolded = "the largest terms"
    var totalKey = "running total"

    var notations: Texts<PageState.Notation> = [.symbols: "Symbols", .numbers: "Numbers", .values: "Values"]

    // Stepping
    var player = "Step through the terms"
    var stepBefore = "The term before"
    var stepAfter = "The next term"
    var play = "Play"
    var pause = "Pause"
    var scrub = "Term"
    var speed = "Speed"
    var stepOf = "{0} of {1}"
    var allSteps = "all {0}"

    // Copies
    var copy = "Copy"
    var save = "Save"
    var copied = "Copied."
    var pictureTitle = "A layer and its gradients"

    var forms: Texts<Page.Form> = [
        .text: "text", .latex: "LaTeX", .mathml: "MathML", .test: "Swift test", .numpy: "NumPy",
        .pytorch: "PyTorch", .link: "link", .frame: "embed code",
    ]

    // Passing on
    var share = "Share…"
    var shareTitle = "Pass this on"
    var shareParts = "What a frame in another page shows"
    var shareWidth = "Width"
    var shareHeight = "Height"
    var shareSize = "A frame has {0} to {1} pixels, not {2}."
    var shareNote = "Put the file adjoint.html beside your page; it needs nothing else."
    var shareClose = "Close"
    var present = "Present"
    var presentEnd = "End of presentation"
    var parts: Texts<PageState.Hideable> = [
        .header: "title", .stories: "stories", .controls: "the layer’s fields", .learning: "target and learning",
        .reading: "equation", .player: "stepping", .check: "check", .exercises: "exercises", .strips: "further views",
        .export: "saving",
    ]

    // The check
    var checkAgrees = "Checked."
    var checkDiffers = "The check fails."
    var checkProducts = "Input"
    var checkFilter = "Filter"
    var checkDifference = "Moving {0}"
    var checkSides =
        "J is the layer as a linear map of v, which is V or W; Jᵀ is its transpose; u is ∂E/∂G. Both sides are computed apart and must be equal. "
    var checkNote = "The last row moves the pinned element a little, in both directions, and watches E."
    var checkSelect = "Pin an element of V or W to move it a little as well."
    var checkTooLarge = "The layer is too large to move one element by definition."

    // Exercises
    var exerciseStart = "Predict a cell"
    var exerciseTitle = "What is {0}?"
    var exerciseHint = "Its cell shows a question mark. Everything that you need is in the drawing."
    var exerciseHelp = "Hint"
    var exerciseSolve = "Show it"
    var exerciseCount = "It is a sum of {0} terms. Look for every window that the element takes part in."
    var exerciseSolved = "{0} = {1}. The equation has its terms, and the drawing what they meet."
    var exerciseHides = "Predict it first."
    var hiddenNumber = "to be predicted"
    var exerciseNext = "Another"
    var exerciseEnd = "End"
    var exerciseNoNumber = "That is not a number."
    var exerciseRight = "Right: {0} = {1}."
    var exerciseWrong = "Not yet. It is a sum of {0} terms: look for every window that the element takes part in."
    var exerciseSign = "The size is right, the sign is not."
    var exerciseMagnitude = "You added the sizes. Terms below zero cancel others."
    var exerciseFirst = "That is one window alone. All {0} are added."
    var exerciseMean = "That is the mean over the windows. Gradients are summed, not averaged."
    var exerciseLeftOut = "Term {0} is missing: {1}."
    var exerciseTermSign = "Term {0} has the wrong sign: {1}."
    var exerciseTurned = "That is the sum with the filter the other way round."
    var pixelsStart = "Find a weight’s pixels"
    var pixelsTitle = "Which pixels does {0} meet?"
    var pixelsHint =
        "Pick every pixel of V that it meets in some window: click it, tap it, or press Enter on it. Once more takes it back."
    var pixelsCount = "Picked: {0}"
    var pixelPicked = "picked"
    var pixelsCheck = "Check"
    var pixelsHide = "Pick the pixels first."
    var pixelsHelp =
        "Slide the window over V: at each of its places {0} meets one pixel, or padding. Pixels in all: {1}."
    var pixelsRight = "Right. {0} meets {1}."
    var pixelsSolved = "{0} meets {1}. Play steps through the windows."
    var pixelsOneWindow = "That is one window. {0} meets one pixel of it, and one of each other window."
    var pixelsOther = "Those are the pixels that {0} meets."
    var pixelsWrong = "Not yet. Right: {0}; not met: {1}; missing: {2}."

    // The strips
    var stripsLabel = "More views"
    var noView = "There is no such view of this layer."
    var noNumbers = "The numbers of this layer cannot be computed here."
    var poolHasNoFilter = "A pool has no filter; this view is about filters."
    var convolutionLead =
        "The gradient of a convolution is again a convolution. Each is shown as the steps that turn it into the familiar sliding window. Point at a number, or let the window slide."
    var slideLabel = "Slide the window"
    var slideBefore = "The place before"
    var slideAfter = "The next place"
    var addedZero = "0, put in"
    var leftOutCell = "left out"
    var coverageCell = "{0}: windows over it: {1}"
    var flowLead =
        "Turn every arrow round, let sums and branches change places, keep the gains: the layer becomes its own backward pass."
    var flowLabel = "Let the numbers run: there, and then back"
    var flowBefore = "The step before"
    var flowAfter = "The next step"
    var flowTooLarge = "This layer has too many numbers to draw one by one; here are its operators on whole planes."
    var flowSignal = "What flows"
    var flowAs = "{0} as signal"
    var transpose = "Transpose"
    var flowTitle = "Signal-flow graph of the layer with {0} as signal"
    var flowInput = "V flows, the weights are gains."
    var flowFilter = "W flows, the pixels are gains."
    var flowGain =
        "The gradient of {0} is, over its edges, what enters in the network times what enters in the transpose."
    var flowCircles = "In circles, at both ends of an arrow: what enters it here, and what enters it turned round."
    var flowBranch = "{0} branches into its windows; transposed, the branch is a sum, and what arrives is its gradient."
    var rankTitle = "The largest gradients of the filter"
    var rankWeight = "weight"
    var rankShare = "share so far"
    var atlasTitle = "All gradients of the filter"
    var mapHint = "Pin a weight to see what each window adds to its gradient."
    var mapTitle = "What each window adds to the gradient of {0}"
    var mapText = "One cell a window; their sum is the gradient of {0}, {1}."
    var mapKey = "Full colour at {0}. Plus {1}, minus {2}, net {3}."
    var lensTitle = "Window {0} adds {1}"
    var lensHint =
        "Stride times the window’s place, plus dilation times the weight’s, minus padding, is the place where they meet; all count from 0."
    var networkLead = "A network is layers one after the other: each hands ∂E/∂V down as the ∂E/∂G of the layer below."
    var strips: Texts<PageState.Strip> = [
        .convolution: "As a convolution", .flow: "Flow", .coverage: "Coverage", .largest: "Large layers",
        .network: "Network",
    ]

    // Training
    var convolutionLayer = "convolution {0}"
    var poolLayer = "max pool {0}"
    var denseLayer = "fully connected"
    var trainedPreset = "A trained network on a digit"
    var trainingTitle = "A network that learns digits, here"
    var networkSwitch = "Which network"
    var networks: Texts<PageState.NetworkChoice> = [
        .small: "Eight filters", .lenet5: "LeNet-5", .own: "One of your own",
    ]
    var own = Strings.ownTexts
    var ownTitle = "A trained network of your own"
    var trainingLead: Texts<NetworkTraining.Choice> = [
        .small: "Eight 3×3 filters, ReLU, a pool and one linear layer learn 1,437 handwritten digits in this page.",
        .lenet5:
            "LeNet-5 for pictures of 8×8 (its filters are 3×3 here, with one pool) learns 1,437 handwritten digits in this page.",
    ]
    var trainStart = "Train"
    var trainOn = "Train on"
    var trainAnew = "Start again"
    var trainingSays = "{0} steps, {1} times through all digits; loss {2}; {3} % of 360 other digits right."
    var untrained = "Not trained yet: all weights are random."
    var trainingFails = "The training has lost its way: its numbers are no longer finite."
    var curveTitle = "The loss, step by step"
    var curveText = "From {0} to {1}."
    var digitTitle = "A digit that the network has not learned from"
    var digitBefore = "The digit before"
    var digitAfter = "The next digit"
    var digitIs = "a {0}"
    var filtersTitle = "{0}: the filters"
    var filterGradientsTitle = "{0}: how this digit would change them, ∂E/∂W"
    var tilesText = "{0}. Full colour at {1}."
    var layersTitle = "Its layers, and what each makes of the digit"
    var openLayer =
        "A layer opens in the drawing above with the network’s own weights, this digit, and the ∂E/∂G that the loss hands down."

    // Stories
    var storiesTitle = "Ask"
    var back = "Back"
    var next = "Next"
    var done = "Done"
    var closeStory = "Close"
    var changeFields = "More settings"
    var noPicture = "That file is not a picture that this browser can open."

    struct Story: Sendable {
        let title: String
        let steps: [String]
    }

    var stories = Strings.englishStories
}

extension Strings {
    /// The names of the things along each axis, for this number of axes.
    func axes(_ rank: Int) -> [String] { rank == 1 ? [positions] : [slices, rows, columns].suffix(rank) }

    /// What a place along each axis is called.
    func axisNames(_ rank: Int) -> [String] {
        rank == 1 ? [positionName] : [sliceName, rowName, columnName].suffix(rank)
    }

    /// The words for their number, one or more.
    func counts(_ rank: Int) -> [(one: String, many: String)] {
        rank == 1
            ? [(onePosition, manyPositions)]
            : [(oneSlice, manySlices), (oneRow, manyRows), (oneColumn, manyColumns)].suffix(rank)
    }
}

/// A text for each case of an enumeration.
struct Texts<Key: RawRepresentable<String>>: Sendable, ExpressibleByDictionaryLiteral {
    var texts: [String: String] = [:]

    init(dictionaryLiteral elements: (Key, String)...) {
        for (key, text) in elements { texts[key.rawValue] = text }
    }

    subscript(key: Key) -> String { texts[key.rawValue] ?? "" }
}
