/// The texts of the guided stories, step by step; `Page.stories` has the state of each step.
extension Strings {
    static let englishStories = [
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
                "With a filter of 3×3 the windows overlap again, unevenly: the pixel in the middle lies under 4 windows, its neighbours under 2 or 1.",
                "2×2 windows leave the last row and column out. V25, the last pixel, reaches no output, and its gradient is 0.",
                "∂E/∂W as a convolution: ∂E/∂G slides over V, with a zero between its numbers, so that they meet pixels two apart. Only the first 2×2 results are ∂E/∂W; the others come from the pixels left out.",
                "∂E/∂V as a convolution: the same zeros between, then the turned filter slides over it one step at a time. So stride 2 forward is a zero between backward, in both gradients.",
            ]),
        Story(
            title: "Why is the filter turned in ∂E/∂V, and not in ∂E/∂W?",
            steps: [
                "V5 lies under all four windows, each time under another weight: G1 sees it with W4, G4 with W1.",
                "So the first output goes with the last weight. Read along the outputs, the filter runs backwards: it is turned by half.",
                "As a flow graph with every arrow turned round: ∂E/∂V5 is the sum of what its four windows send back, each through the same weight as before.",
                "As a convolution: W turned by half slides over ∂E/∂G with zeros around it. In the middle it meets ∂G1 with W4 and ∂G4 with W1: that is V5’s sum.",
                "W1 meets V1, V2, V4, V5 while the outputs run G1, G2, G3, G4: both forwards. Nothing is turned.",
                "As a convolution: ∂E/∂G itself, not turned, slides over V. In its first place it meets V1 with ∂G1 and V5 with ∂G4: that is W1’s sum.",
            ]),
        Story(
            title: "What does padding do to both?",
            steps: [
                "A ring of zeros around V, not drawn here, makes 16 windows. W1 meets the ring in 7 of them: those terms are 0 and left out.",
                "W4 meets the ring elsewhere. Every weight meets 9 pixels: as many terms, in other windows.",
                "∂E/∂W as a convolution: here is the ring. V gets it first, as in the forward pass, then ∂E/∂G slides over it: 4×4 over 5×5 gives 2×2.",
                "The corner pixel V1 lies under 4 windows now, as every pixel does: its gradient is a full sum.",
                "Coverage shows it: with this padding every pixel counts equally often. A tap is one place in the window, where a weight stands.",
                "∂E/∂V as a convolution: without padding ∂E/∂G got a ring of zeros; now it needs none, since the ring around V has made it larger. Padding widens one convolution and narrows the other.",
            ]),
        Story(
            title: "How does the filter learn from that?",
            steps: [
                "T is what the output should be: the target. The error E = ½·Σ(G − T)² adds the square of every miss, so it is 0 only when all outputs are right.",
                "Now ∂E/∂G is no longer given. E moves with G4 by G4 − T4 = −9: this output is 9 below its target. That is where every gradient begins.",
                "∂E/∂W1 is the sum over windows as before. It says: when W1 grows by a little, E grows by that many times as much, and falls where the number is negative.",
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
                "∂E/∂W is a sum over windows and pictures. To take the mean instead, divide E by the number of pictures: all gradients follow.",
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
