import AdjointExplanations
import AdjointGraphs
import AdjointJSON

extension Contributions {
    /// The sums and every term as JSON.
    var json: JSON {
        [
            "element": JSON(element), "gradient": .number(gradient), "plus": .number(plus), "minus": .number(minus),
            "net": .number(net), "cancellation": .number(cancellation), "windows": JSON(windows.sizes),
            "nonzero": .integer(nonZeroCount), "terms": .array(terms.map { $0.json }),
        ]
    }
}

extension Contribution {
    fileprivate var json: JSON {
        [
            "window": JSON(window), "meeting": JSON(meeting), "output": JSON(output), "partial": .number(partial),
            "cotangent": .number(cotangent), "product": .number(product),
        ]
    }
}

extension Passage {
    func json(label: String) -> JSON {
        [
            "output": .string(layer), "layer": .string(label), "shape": JSON(shape.sizes), "norm": .number(norm),
            "nonzero": .integer(nonZeroCount),
        ]
    }
}

extension SharedGradient {
    /// An element and its gradient.
    func json(of element: [Int]) -> JSON {
        ["element": JSON(element), "gradient": .number(shape.place(of: element).map { gradient[$0] } ?? .nan)]
    }
}
