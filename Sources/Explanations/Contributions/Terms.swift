import AdjointGraphs

/// The terms of one element's gradient, kept apart.
///
///     ∂E∕∂θ = Σ ∂E∕∂y[q]·∂y[q]∕∂θ
///
/// over the places q of a layer's output y. The partial derivative is the product of the coefficients by which the gradient
/// graph multiplies the cotangent on the way from y to θ.
struct Terms {
    private(set) var terms: [Contribution] = []
    private(set) var summation = Summation.single
    /// The sizes of the sum.
    private(set) var windows: Shape = []
    /// The node of the sum's other operand, where there is one.
    private(set) var field: Int?
    /// Σ|partial·cotangent|, before terms of the same place are added.
    private(set) var magnitude = 0.0

    private let path: LinearPath
    private var products: Products
    private let values: [[Double]?]
    private let cotangents: (shape: Shape, numbers: [Double])
    /// The index of the term of each place; needed as soon as two paths may lead to the same place.
    private var known: [Int: Int]?

    private struct Step {
        var partial = 1.0
        var window: [Int]?
        var meeting: [Int] = []
    }

    /// - Parameter values: the values of the path's coefficients, by node.
    init(
        of element: Int, on path: LinearPath, values: [[Double]?], cotangents: (shape: Shape, numbers: [Double])
    ) {
        self.path = path
        products = Products(of: path.graph)
        (self.values, self.cotangents) = (values, cotangents)
        follow(Element(path.result, element), Step())
    }

    private mutating func follow(_ element: Element, _ step: Step) {
        if element.node == path.cotangent { return append(element.place, step) }
        let node = path.graph.nodes[element.node]
        if let chosen = chosen(element, node) {
            var step = step
            for (place, source) in chosen where path.carries[source.node] {
                if case .pooling(.scatter) = node.primitive { step.window = place }
                follow(source, step)
            }
            return
        }
        guard let products = products.products(of: element) else {
            // The only linear node that is no sum is a negation.
            var step = step
            step.partial.negate()
            return follow(Element(node.operands[0], element.place), step)
        }
        if case .pointwise(.add) = node.primitive, known == nil, node.operands.allSatisfy({ path.carries[$0] }) {
            known = [:]
        }
        let sum = sum(at: node)
        if let sum, summation == .single {
            (summation, windows) = sum
            field = node.operands.first { !path.carries[$0] }
        }
        for (number, product) in products.enumerated() {
            let isFirst = path.carries[product.first.node]
            let (carrying, other) = isFirst ? (product.first, product.second) : (product.second, product.first)
            guard let carrying, path.carries[carrying.node] else { continue }
            var step = step
            if let other { step.partial *= value(of: other) }
            if let sum {
                let index = index(of: product, number, in: node, sum.sizes, meeting: other)
                step.window = step.window ?? index.window
                if other != nil { step.meeting = index.meeting }
            }
            follow(carrying, step)
        }
    }

    /// The elements chosen by numbers whose sum an element is, each with its place in the plane of the choosing numbers; nil
    /// where the node is no choice.
    private mutating func chosen(_ element: Element, _ node: Graph.Node) -> [(place: [Int], source: Element)]? {
        func plane(_ operand: Int) -> Shape {
            Shape(path.graph.nodes[node.operands[operand]].shape.spatial)
        }
        switch node.primitive {
        case .pointwise(.select):
            let isFirst = value(of: Element(node.operands[0], element.place)) != 0
            return [([], Element(node.operands[isFirst ? 1 : 2], element.place))]
        case .pooling(.gather):
            let (count, source) = (node.shape.planeCount, plane(0).count)
            let index = Int(value(of: Element(node.operands[1], element.place)))
            guard index >= 0, index < source else { return [] }
            return [([], Element(node.operands[0], element.place / count * source + index))]
        case .pooling(.scatter(let size)):
            let (target, source) = (Shape(size).count, plane(0))
            if summation == .single { (summation, windows) = (.choices, source) }
            let (outer, wanted) = element.place.quotientAndRemainder(dividingBy: target)
            var chosen: [(place: [Int], source: Element)] = []
            for place in 0..<source.count {
                let number = outer * source.count + place
                guard value(of: Element(node.operands[1], number)) == Double(wanted) else { continue }
                chosen.append((source.index(of: place), Element(node.operands[0], number)))
            }
            return chosen
        default: return nil
        }
    }

    private mutating func append(_ place: Int, _ step: Step) {
        let cotangent = cotangents.numbers[place]
        magnitude += (step.partial * cotangent).magnitude
        if let term = known?[place] {
            terms[term].partial += step.partial
            return
        }
        if known != nil { known?[place] = terms.count }
        terms.append(
            Contribution(
                window: step.window ?? [], meeting: step.meeting, output: cotangents.shape.index(of: place),
                partial: step.partial, cotangent: cotangent))
    }

    /// An element of a coefficient.
    private mutating func value(of element: Element) -> Double {
        if let values = values[element.node] { return values[element.place] }
        return products.products(of: element)?.first.map { value(of: $0.first) } ?? 0
    }

    // MARK: sums

    /// The kind of a node's sum, and its sizes; nil where it is no sum.
    private func sum(at node: Graph.Node) -> (summation: Summation, sizes: Shape)? {
        let shapes = node.operands.map { path.graph.nodes[$0].shape }
        switch node.primitive {
        case .reduction(.sum(let axes)): return (.positions, Shape(axes.map { shapes[0][$0] }))
        case .contraction(let contraction):
            // A contraction that sums over the batch, the first axis of the cotangent, gives the gradient of a weight.
            let letters = path.carries[node.operands[0]] ? contraction.first : contraction.second
            let keepsBatch = letters.first.map { contraction.result.contains($0) } ?? false
            return (keepsBatch ? .features : .products, contraction.terms(shapes[0], shapes[1]).summed)
        case .convolution(let convolution):
            let extents = convolution.extents(shapes[0], shapes[1])
            switch convolution.role {
            case .filter:
                let isTransposed = path.carries[node.operands[0]]
                return (.windows(convolution, isTransposed: isTransposed), Shape([extents.batch] + extents.output))
            case .input: return (.covering, Shape([extents.filters] + extents.output))
            case .output: return (.covered, Shape([extents.channels] + extents.input))
            }
        case .pooling(.windowSum): return (.choices, Shape(shapes[0].spatial))
        default: return nil
        }
    }

    /// The index of a sum's term, and of the element's factor in it. Beside positions a convolution sums over a group's filters
    /// for a pixel, over the batch for a filter, over a group's channels for an output.
    private func index(
        of product: Graph.Product, _ number: Int, in node: Graph.Node, _ sizes: Shape, meeting other: Element?
    ) -> (window: [Int], meeting: [Int]) {
        func index(_ element: Element) -> [Int] { path.graph.nodes[element.node].shape.index(of: element.place) }
        let meeting = other.map { index($0) } ?? []
        if case .pooling = node.primitive { return (Array(index(product.first).dropFirst(2)), meeting) }
        guard case .convolution(let convolution) = node.primitive, let second = product.second else {
            return (sizes.index(of: number), meeting)
        }
        let (a, b) = (index(product.first), index(second))
        switch convolution.role {
        case .filter: return ([a[0]] + b.dropFirst(2), a)
        case .input: return ([b[1] % sizes[0]] + b.dropFirst(2), meeting)
        case .output: return ([b[1]] + a.dropFirst(2), meeting)
        }
    }
}
