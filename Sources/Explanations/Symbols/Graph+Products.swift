import AdjointGraphs

/// An element of a node's value, by its row-major place.
struct Element: Hashable {
    let node: Int
    let place: Int

    init(_ node: Int, _ place: Int) { (self.node, self.place) = (node, place) }
}

/// The products of which a graph's elements are sums; what the elements of a node have in common is computed once.
struct Products {
    let graph: Graph
    private var known: [Int: (_ place: Int) -> [Graph.Product]] = [:]
    /// The nodes that were looked up, whether sums or not.
    private var asked: Set<Int> = []

    init(of graph: Graph) { self.graph = graph }

    /// - Returns: nil where the element is no sum of products, or its terms are chosen by numbers.
    mutating func products(of element: Element) -> [Graph.Product]? {
        if asked.insert(element.node).inserted { known[element.node] = graph.products(of: element.node) }
        return known[element.node]?(element.place)
    }
}

extension Graph {
    /// A term of a sum: an element alone, or the product of two.
    struct Product {
        let first: Element
        var second: Element?
    }

    /// A function that gives, for each place of a node's value, the products of its sum, in the order in which they are added;
    /// nil where it is no sum of products, or its terms are chosen by numbers.
    ///
    /// - Complexity: the window's meetings for all places together, then the number of products for each.
    fileprivate func products(of number: Int) -> ((_ place: Int) -> [Product])? {
        let node = nodes[number]
        let operands = node.operands
        let shapes = operands.map { nodes[$0].shape }
        func alone(_ places: [Int]) -> [Product] { places.map { Product(first: Element(operands[0], $0)) } }
        func products(_ places: [(Int, Int)]) -> [Product] {
            places.map { Product(first: Element(operands[0], $0), second: Element(operands[1], $1)) }
        }
        switch node.primitive {
        case .stop: return { alone([$0]) }
        case .convert(let type): return type.isFloatingPoint ? { alone([$0]) } : nil
        case .pointwise(.add): return { place in operands.map { Product(first: Element($0, place)) } }
        case .pointwise(.multiply): return { products([($0, $0)]) }
        case .movement(let movement):
            return { place in
                guard let origin = movement.origin(of: shapes, result: node.shape, at: place) else { return [] }
                return [Product(first: Element(operands[origin.operand], origin.place))]
            }
        case .reduction(.sum(let axes)): return { alone(places(shapes[0], axes, node.shape.index(of: $0))) }
        case .contraction(let contraction):
            let terms = contraction.terms(shapes[0], shapes[1])
            return { products(terms.factors(of: $0)) }
        case .convolution(let convolution):
            let extents = convolution.extents(shapes[0], shapes[1])
            let terms = Primitive.Convolution.Terms(convolution, extents, solvedFor: convolution.role)
            return { products(terms.terms(of: $0).map { convolution.factors($0) }) }
        case .pooling(.windowSum(let window, let taps, let role, let size)):
            let meetings = Pooling.meetings(shapes[0], window, taps: taps, role: role, size: size)
            return { place in
                let (plane, position) = place.quotientAndRemainder(dividingBy: meetings.plane.count)
                let start = plane * (role == .input ? meetings.outputs : meetings.inputs).count
                return alone(meetings.partners(of: position).map { start + $0 })
            }
        default: return nil
        }
    }
}

/// The row-major places of a shape whose indices are given on all axes but these.
private func places(_ shape: Shape, _ axes: [Int], _ kept: [Int]) -> [Int] {
    let summed = Shape(axes.map { shape[$0] })
    let strides = shape.strides
    let start = zip(kept, strides.removing(axes)).reduce(0) { $0 + $1.0 * $1.1 }
    var index = Odometer(summed)
    return (0..<summed.count).map { _ in
        defer { index.advance() }
        return axes.indices.reduce(start) { $0 + index[$1] * strides[axes[$1]] }
    }
}
