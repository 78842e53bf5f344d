import AdjointExplanations
import AdjointGraphs

/// The sum for an element of V, W, B or G, from products that were counted separately, and their numbers.
struct SaidSum {
    struct Term {
        /// The product; nil for a bias.
        let product: LayerApart.Product?
        let g: [Int]
        let value: Double
    }

    let name: String
    let index: [Int]
    let terms: [Term]

    init(
        _ layer: LayerApart, _ products: [LayerApart.Product], _ name: String, _ index: [Int],
        _ values: [String: Tensor]
    ) {
        func number(_ tensor: String, _ index: [Int]) -> Double {
            guard let tensor = values[tensor], let place = tensor.shape.place(of: index) else { return .nan }
            return tensor.doubles[place]
        }
        (self.name, self.index) = (name, index)
        switch name {
        case "W":
            terms = products.filter { $0.w == index }.map {
                Term(product: $0, g: $0.g, value: number("∂G", $0.g) * number("V", $0.v))
            }
        case "V":
            terms = products.filter { $0.v == index }.map {
                Term(product: $0, g: $0.g, value: number("∂G", $0.g) * number("W", $0.w))
            }
        case "G":
            let own = products.filter { $0.g == index }.map {
                Term(product: $0, g: $0.g, value: number("V", $0.v) * number("W", $0.w))
            }
            let bias = layer.hasBias ? [Term(product: nil, g: index, value: number("B", [index[1]]))] : []
            terms = own + bias
        default:
            let planes = (0..<layer.batch).flatMap { n in
                LayerApart.indices(layer.output ?? []).map { [n, index[0]] + $0 }
            }
            terms = planes.map { Term(product: nil, g: $0, value: number("∂G", $0)) }
        }
    }

    var total: Double { terms.reduce(0) { $0 + $1.value } }

    /// The sum of each window over examples, filters and channels; for an element with one window that of each tap.
    func cells(_ layer: LayerApart) -> [[Int]: Double] {
        var cells: [[Int]: Double] = [:]
        for term in terms {
            if name == "B" {
                cells[Array(term.g.dropFirst(2)), default: 0] += term.value
            } else if let product = term.product {
                cells[name == layer.resultName ? product.tap : product.window, default: 0] += term.value
            }
        }
        return cells
    }
}
