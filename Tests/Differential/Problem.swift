import AdjointGraphs

/// A graph and what to run it on.
struct Problem {
    var graph: Graph
    var inputs: [String: Tensor]
    /// Other numbers of the same shapes, for a second run.
    var others: [String: Tensor]
    /// The inputs that a state holds.
    var states: [String]
    /// For outputs by name, the state that they replace.
    var updates: [String: String]
    /// Whether all numbers are small integers or simple fractions.
    var isIntegral: Bool
    /// How far a result may be off, as a share of the largest of its tensor, where a plan may use Winograd's tiles or
    /// another order of summation.
    var share: Double
    /// Whether it chooses between numbers that may be nearly equal: where roundings differ, one choice may go another way and
    /// move single elements far, so that only the mean square of what is off tells.
    var hasKinks = false
    /// Outputs that an optimizer makes of the sign of numbers near zero: compared bit by bit between settings only.
    var unstable: Set<String> = []
}
