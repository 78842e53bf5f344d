import AdjointExplanations
import AdjointGraphs
import AdjointJSON

extension Contributions {
    /// The sums and every term.
    var json: JSON {
        .object(
            JSON.Object([
                ("element", array(element)), ("gradient", .number(gradient)), ("plus", .number(plus)),
                ("minus", .number(minus)), ("net", .number(net)), ("cancellation", .number(cancellation)),
                ("windows", array(windows.sizes)), ("nonzero", .integer(nonZeroCount)),
                (
                    "terms",
                    .array(
                        terms.map { term in
                            .object(
                                JSON.Object([
                                    ("window", array(term.window)), ("meeting", array(term.meeting)),
                                    ("output", array(term.output)), ("partial", .number(term.partial)),
                                    ("cotangent", .number(term.cotangent)), ("product", .number(term.product)),
                                ]))
                        })
                ),
            ]))
    }
}

extension Passage {
    func json(label: String) -> JSON {
        .object(
            JSON.Object([
                ("output", .string(layer)), ("layer", .string(label)), ("shape", array(shape.sizes)),
                ("norm", .number(norm)), ("nonzero", .integer(nonZeroCount)),
            ]))
    }
}

extension ParameterGradient {
    /// An element and its gradient.
    func json(of element: [Int]) -> JSON {
        let place = zip(element, shape.strides).reduce(0) { $0 + $1.0 * $1.1 }
        return .object(JSON.Object([("element", array(element)), ("gradient", .number(gradient.doubles[place]))]))
    }
}

private func array(_ numbers: [Int]) -> JSON { .array(numbers.map { .integer($0) }) }
