import AdjointExplanations

/// Every text of the page; `{0}`, `{1}`, … stand for what is put in. Another language is another object, filled before
/// anybody else has it.
package final class Strings: @unchecked Sendable {
    package static let english = Strings()

    // The frame
    var language = "en"
    /// What explanations say.
    var words = Words.english
    var title = "Adjoint"
    var question = "How does a filter learn?"
    var lead =
        "A filter slides over an image. Every weight takes part in every window, so its gradient is a sum over all of them. Point at any number to see which."
    var noScript =
        "The figure above is what this page opens with. With JavaScript and WebAssembly it answers to the pointer."
    var skip = "Skip to the figure"
    var stopped = "That was too much: the computation stopped. It was started anew with the first layer."
    var controlsLabel = "The layer"
    var stageLabel = "The layer and its gradients"
    var readingLabel = "The equation"

    // Fields
    var presetLabel = "Layer"
    var ownLayer = "of your own"
    var outputSize = "Output"
    var bothAxes = "on both axes"
    var rows = "rows"
    var columns = "columns"
    var notAChoice = "That is none of the choices."
    var nothing = "nothing"
    var oneNumber = "A whole number is needed here, not “{0}”."
    var twoNumbers = "One whole number, or two as 3x2, are needed here, not “{0}”."
    var fourNumbers = "One whole number, or four as 1,1,0,0 (above, left, below, right), are needed here, not “{0}”."
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
    var and = " and "
    var badLink = "The link’s “{0}={1}” was left out: {2}"
    var unknownInLink = "this page knows nothing of that kind."
    var questionInstead = "The layer of the question stands here instead of the link’s."
    var sourceLabel = "Numbers of {0}"
    var notANumber = "{0} takes a number, not “{1}”."
    var notEditable = "{0} is computed; change V, W, or the target or derivative at the end, instead."

    var fields: Texts<LayerSettings.Field> = [
        .kind: "Kind", .input: "Input", .kernel: "Filter", .channels: "Channels", .filters: "Filters",
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
        .counting: "1, 2, 3, …", .whole: "small whole numbers", .random: "random", .ones: "ones", .scene: "a picture",
        .digit: "a digit",
        .list: "given", .taught: "another filter’s", .image: "given",
    ]

    var drawByHand = "draw by hand"
    var openPicture = "open a picture…"

    // The drawing
    var forward = "Forward"
    var backward = "Backward: how fast the error E grows with each number"
    var inputRole = "input picture"
    var filterRole = "filter"
    var outputRole = "output"
    var activatedRole = "after {0}"
    var targetRole = "target"
    var bias = "bias"
    var planeBefore = "The plane before"
    var planeAfter = "The next plane"
    var planeOf = "plane {0}/{1}"
    var pixelGrid = "grid of pixels"
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
    var steps = "steps"
    var loss = "loss"

    // The equation
    var nothingSelected = "Point at a number, or walk to one with Tab and the arrow keys."
    var notation = "How the equation is written"
    var weightFact = "{0} takes part in all {1} windows, so {1} terms are added."
    var weightFactOne = "{0} takes part in the only window, so its gradient is one term."
    var weightPaddingFact = "{0} takes part in {1} windows; in {2} of them it meets a pixel, elsewhere padding."
    var pixelFact =
        "{0} lies under a weight {1} times, once for each window and filter over it: {1} ways lead from it to the error."
    var pixelFactOne = "{0} lies under one weight, in one window: one way leads from it to the error."
    var pixelFactNone = "{0} lies under no window: no way leads from it to the error, so its gradient is 0."
    var maximumFact =
        "{0} lies in {1} of {3} windows and is the largest in {2}: only from those a derivative comes back."
    var meanFact = "{0} lies in {1} of {3} windows; each hands back 1∕{2} of its derivative."
    var maximumOutputFact = "{0} is the largest of {1} elements. Its derivative goes back to that one alone."
    var meanOutputFact = "{0} is the mean of {1} elements. Its derivative goes back to all of them in equal parts."
    var biasFact = "{0} is added to {1} outputs, so their derivatives are added."
    var outputFact =
        "{0} {1}. Its derivative {2} is given: it is what the rest of the network says."
    var outputTargetFact = "{0} {1}. Its derivative {2} is how far it is above its target."
    var outputInnerFact = "{0} {1}. Its derivative is {2}, that of the activation put in."
    var windowOutput = "is one window with {0} products"
    var coveredOutput = "is the sum of {0} products of the windows over it"
    var andBias = ", and its bias"
    var activationFact = "{0} follows from {1} alone."
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

    // The check
    var checkAgrees = "Checked."
    var checkDiffers = "The check fails."
    var checkProducts = "Input"
    var checkFilter = "Filter"
    var checkDifference = "Moving {0}"
    var checkNote =
        "J is the layer as a linear map, Jᵀ its transpose: both sides are computed apart and must be equal. The last row moves the pinned element a little, in both directions, and watches E."
    var checkSelect =
        "J is the layer as a linear map, Jᵀ its transpose: both sides are computed apart and must be equal. Pin an element of V or W to move it a little as well."
    var checkTooLarge =
        "J is the layer as a linear map, Jᵀ its transpose: both sides are computed apart and must be equal. The layer is too large to move one element by definition."

    // Exercises
    var exerciseStart = "Predict a cell"
    var exerciseTitle = "What is {0}?"
    var exerciseHint = "Its cell shows a question mark. Everything that you need is in the drawing."
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

    // The strips
    var stripsLabel = "More views"
    var noView = "There is no such view of this layer."
    var noNumbers = "The numbers of this layer cannot be computed here."
    var poolHasNoFilter = "A pool has no filter; this view is about filters."
    var convolutionLead =
        "The gradient of a convolution is again a convolution. Each is shown as the steps that turn it into the familiar sliding window."
    var flowLead =
        "Turn every arrow round, let sums and branches change places, keep the gains: the layer becomes its own backward pass."
    var flowTooLarge = "This layer has too many numbers to draw one by one; here are its operators on whole planes."
    var flowSignal = "What flows"
    var flowAs = "{0} as signal"
    var transpose = "Transpose"
    var flowTitle = "Signal-flow graph of the layer with {0} as signal"
    var flowInput = "V flows, the weights are gains."
    var flowFilter = "W flows, the pixels are gains."
    var flowGain =
        "The gradient of {0} is, over its edges, what enters in the network times what enters in the transpose."
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
    var networks: Texts<NetworkTraining.Choice> = [.small: "Eight filters", .lenet5: "LeNet-5"]
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

    var stories = [
        Story(
            title: "Why is ∂E/∂W1 a sum of four terms?",
            steps: [
                "W1 is the same number in every window. Its colour marks the four pixels that it meets: V1, V2, V4, V5.",
                "In the first window it multiplies V1, so it moves G1 by V1. The error moves with G1 by ∂E/∂G1: term 1 is their product.",
                "One window further it meets V2 and moves G2. Nothing else changes: term 2.",
                "After four windows every way from W1 to the error is counted. Some terms cancel others: the bars show it, and the line arrives at the gradient.",
                "Every other weight does the same with its own four pixels. Point at W2, W3 and W4.",
            ]),
        Story(
            title: "What changes with stride 2?",
            steps: [
                "With stride 1 the windows overlap: W1 meets 16 pixels in 16 windows.",
                "With stride 2 they stand side by side. W1 meets only 4 pixels, two apart: its gradient has 4 terms.",
                "3×3 windows overlap again, unevenly: the pixel in the middle lies under 4 windows, its neighbours under 2 or 1.",
                "2×2 windows leave the last row and column out. V25, the last pixel, reaches no output, and its gradient is 0.",
                "∂E/∂W as a convolution: ∂E/∂G slides over V, with a zero between its numbers, so that they meet pixels two apart. Only the first 2×2 results are ∂E/∂W; the others come from the pixels left out.",
                "∂E/∂V as a convolution: the same zeros between, then the turned filter slides over it one step at a time. So stride 2 forward is a zero between backward, in both gradients.",
            ]),
        Story(
            title: "Why is the filter turned in ∂E/∂V, and not in ∂E/∂W?",
            steps: [
                "V5 lies under all four windows, each time under another weight: G1 sees it with W4, G4 with W1.",
                "So the first output goes with the last weight. Read along the outputs, the filter runs backwards: it is turned by half.",
                "As a flow graph with every arrow turned round: V5 is the sum of what its four windows send back, each through the same weight as before.",
                "As a convolution: W turned by half slides over ∂E/∂G with zeros around it. In the middle it meets ∂G1 with W4 and ∂G4 with W1: that is V5’s sum.",
                "W1 meets V1, V2, V4, V5 while the outputs run G1, G2, G3, G4: both forwards. Nothing is turned.",
                "As a convolution: ∂E/∂G itself, not turned, slides over V. In its first place it meets V1 with ∂G1 and V5 with ∂G4: that is W1’s sum.",
            ]),
        Story(
            title: "What does padding do to both?",
            steps: [
                "A ring of zeros around V, not drawn here, makes 16 windows. W1 meets the ring in 7 of them: those terms are 0 and left out.",
                "W4 meets the ring elsewhere. Every weight has 9 pixels again: as many terms, other windows.",
                "∂E/∂W as a convolution: here is the ring. V gets it first, as in the forward pass, then ∂E/∂G slides over it: 4×4 over 5×5 gives 2×2.",
                "The corner pixel V1 lies under 4 windows now, as every pixel does: its gradient is a full sum.",
                "Coverage shows it: with this padding every pixel counts equally often. A tap is one place in the window, where a weight stands.",
                "∂E/∂V as a convolution: without padding ∂E/∂G got a ring of zeros; now it needs none, since the ring around V has made it larger. Padding widens one convolution and narrows the other.",
            ]),
        Story(
            title: "How does the filter learn from that?",
            steps: [
                "T is what the output should be: the target. The error E = ½·Σ(G − T)² adds the square of every miss, so it is 0 only when all outputs are right.",
                "Now ∂E/∂G is no longer given. E moves with G4 by G4 − T4: how far this output is above its target, −9. That is where every gradient begins.",
                "∂E/∂W1 is the sum over windows as before. It says: when W1 grows by a little, E grows by that many times as much.",
                "So every weight goes the other way, by a small part η of its gradient: W ← W − η·∂E/∂W. Press “One step”, and watch W, G and E.",
                "And again: press “Until E is small”. The nearer G comes to T, the smaller the derivatives are, and so the steps. That is how a filter learns.",
                "A larger η is not faster: here each step leads over the valley’s floor and up the other side, and E grows. Press “One step” a few times.",
            ]),
        Story(
            title: "And with channels and filters?",
            steps: [
                "The picture has two channels, so a filter has a 2×2 slice for each; two filters make two outputs. An output adds both channels: 8 products.",
                "A weight belongs to one channel and one filter. Its gradient is the same sum over the windows, from that channel’s pixels and that filter’s outputs: 4 terms, whatever stands beside it.",
                "A pixel goes to both filters. Its gradient adds over the windows and over the filters: 8 ways lead from the middle pixel to the error.",
                "∂E/∂W as a convolution: once for each pair of filter and channel, and nothing is added between the pairs.",
                "∂E/∂V as a convolution: for each channel, added over the filters, as an output is added over the channels.",
                "With two groups each filter sees a channel of its own alone: half of the weights are gone, and a pixel goes to one filter only.",
            ]),
        Story(
            title: "Where does a max pool send it?",
            steps: [
                "A max pool has no weights. It hands on the largest number of each window: G1 = 4 is V5.",
                "When V5 moves by a little, G1 moves by as much. So the whole of ∂E/∂G1 comes back to V5, and nothing of it to the three others.",
                "V1 is not the largest of its window: G1 stays when it moves, and its gradient is 0.",
                "Where windows overlap, one pixel can be the largest of several. V11 is that of all four, and their derivatives are added.",
                "A mean spreads instead: each of the four pixels moves G1 by a quarter, so each gets a quarter of ∂E/∂G1.",
            ]),
        Story(
            title: "What do a bias and an activation do?",
            steps: [
                "A bias B is added to every output, and then ReLU makes of G what is handed on: A = G where G is above 0, and else 0.",
                "G4 is below 0, so A4 is 0 and stays 0 when G4 moves a little: ∂E/∂G4 = 0. The others pass: there ∂E/∂G is ∂E/∂A.",
                "B1 takes part in every output, with the factor 1. Its gradient is the sum of all ∂E/∂G.",
                "A weight’s sum is what it was, from ∂E/∂G: the term of the window that ReLU cut off is 0. That window teaches the filter nothing.",
                "tanh is steep near 0 and flat far from it. Where G is 9, almost nothing of ∂E/∂A comes back.",
            ]),
        Story(
            title: "And with a batch?",
            steps: [
                "Two pictures, one filter: the same weights slide over both. W1 meets 4 pixels in each, so its gradient has 8 terms.",
                "A pixel belongs to one picture. Its gradient knows nothing of the other one.",
                "∂E/∂W is a sum over windows and pictures. Who wants the mean divides E by the number of pictures, and all gradients follow.",
            ]),
        Story(
            title: "What is Wan’s diagrammatic method?",
            steps: [
                "Draw the layer as a network: numbers flow along the arrows, are multiplied by the weight beside each, split at a dot, and are added at a plus.",
                "Eric Wan’s rules (with F. Beaufays, 1996): turn every arrow round, make of each dot a plus and of each plus a dot, and keep the gains. An activation becomes the gain f′ at its stored input.",
                "Let ∂E/∂G in where G came out. What arrives at V5 is ∂E/∂V5: the sum that its dot has become. No chain rule was written down.",
                "The weight’s own rule: what enters its arrows in the first network, times what enters the same arrows in the turned one, added up. For W1 that is V1·∂E/∂G1 + V2·∂E/∂G2 + V4·∂E/∂G3 + V5·∂E/∂G4.",
                "Or let W flow and make the pixels gains: then the turned network hands out ∂E/∂W itself. It is the same layer.",
            ]),
    ]
}

/// A text for each case of an enumeration.
struct Texts<Key: RawRepresentable<String>>: Sendable, ExpressibleByDictionaryLiteral {
    var texts: [String: String] = [:]

    init(dictionaryLiteral elements: (Key, String)...) {
        for (key, text) in elements { texts[key.rawValue] = text }
    }

    subscript(key: Key) -> String { texts[key.rawValue] ?? "" }
}
