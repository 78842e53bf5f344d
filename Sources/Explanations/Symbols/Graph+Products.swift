import AdjointGraphs

/// An element of a node's value, by its row-major place.
struct Element: Hashable {
    let node: Int
    let place: Int

    init(_ node: Int, _ place: Int) { (self.node, self.place) = (node, place) }
}

extension Graph {
    /// A term of a sum: an element alone, or the product of two.
    struct Product {
        let first: Element
        var second: Element?
    }

    /// The products whose sum an element is, as Graphs tells them, in the order in which they are added; nil where it is no
    /// sum of products, or one that numbers choose.
    ///
    /// - Complexity: the number of products.
    func products(of element: Element) -> [Product]? {
        let node = nodes[element.node]
        let operands = node.operands
        let shapes = operands.map { nodes[$0].shape }
        func alone(_ places: [Int]) -> [Product] { places.map { Product(first: Element(operands[0], $0)) } }
        func products(_ places: [(Int, Int)]) -> [Product] {
            places.map { Product(first: Element(operands[0], $0), second: Element(operands[1], $1)) }
        }
        switch node.primitive {
        case .stop: return alone([element.place])
        case .convert(let type): return type.isFloatingPoint ? alone([element.place]) : nil
        case .pointwise(.add): return operands.map { Product(first: Element($0, element.place)) }
        case .pointwise(.multiply): return products([(element.place, element.place)])
        case .movement(let movement):
            guard let origin = movement.origin(of: shapes, result: node.shape, at: element.place) else { return [] }
            return [Product(first: Element(operands[origin.operand], origin.place))]
        case .reduction(.sum(let axes)):
            return alone(places(shapes[0], axes, node.shape.index(of: element.place)))
        case .contraction(let contraction):
            return products(contraction.terms(shapes[0], shapes[1]).factors(of: element.place))
        case .convolution(let convolution):
            return products(convolution.factors(shapes[0], shapes[1], of: element.place))
        case .pooling(.windowSum(let window, let taps, let role, let size)):
            let meetings = Pooling.meetings(shapes[0], window, taps: taps, role: role, size: size)
            let (plane, place) = element.place.quotientAndRemainder(dividingBy: meetings.plane.count)
            let start = plane * (role == .input ? meetings.outputs : meetings.inputs).count
            return alone(meetings[place].map { start + (role == .input ? $0.output : $0.input) })
        default: return nil
        }
    }
}

/// The row-major places of a shape whose indices on all axes but these are given.
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
