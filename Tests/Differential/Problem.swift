import AdjointGraphs

/// A graph with numbers for its inputs.
struct Problem {
    var graph: Graph
    var inputs: [String: Tensor]
    /// Other numbers of the same shapes, for a second run.
    var others: [String: Tensor]
    /// The inputs that a state holds.
    var states: [String]
    /// The states that outputs replace, by the outputs' names.
    var updates: [String: String]
    /// Whether all numbers are small integers or simple fractions.
    var isIntegral: Bool
    /// The tolerance of a result, as a share of the largest of its tensor, where a plan may use Winograd's tiles or
    /// another order of summation.
    var share: Double
    /// Whether it chooses between numbers that may be nearly equal: roundings may change a choice and single elements
    /// by much, so that only the mean square of the differences is compared.
    var hasKinks = false
    /// Outputs that an optimizer computes from the sign of numbers near zero: compared bit by bit between settings only.
    var unstable: Set<String> = []
}
