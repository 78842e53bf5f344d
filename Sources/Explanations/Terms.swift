import AdjointGraphs

/// The terms of one element's gradient, kept apart.
///
///     ∂E∕∂θ = Σ ∂E∕∂y[q]·∂y[q]∕∂θ
///
/// over the places q of a layer's output y. The partial derivative is the product of the coefficients that the gradient
/// graph multiplies the cotangent with on the way from y to θ.
struct Terms {
    struct Term {
        /// q
        let place: Int
        /// ∂y[q]∕∂θ
        var partial: Double
        /// The index of the sum.
        let window: [Int]
        /// Where the other factor stands in its operand; empty where there is none.
        let meeting: [Int]
    }

    private(set) var terms: [Term] = []
    private(set) var summation = Summation.single
    /// The sizes of the sum.
    private(set) var windows: Shape = []
    /// Of the sum's other operand, where it has one.
    private(set) var field: Int?
    /// Σ|partial·cotangent| before terms of the same place are added.
    private(set) var magnitude = 0.0

    private let path: LinearPath
    private let values: [[Double]?]
    private let cotangents: [Double]
    /// Where the term of a place stands, once two paths may lead there.
    private var known: [Int: Int]?

    private struct Step {
        var partial = 1.0
        var window: [Int]?
        var meeting: [Int] = []
    }

    /// - Parameter values: of the path's coefficients, by node.
    init(of element: Int, on path: LinearPath, values: [[Double]?], cotangents: [Double]) {
        self.path = path
        self.values = values
        self.cotangents = cotangents
        follow(path.result, element, Step())
    }

    private mutating func follow(_ index: Int, _ place: Int, _ step: Step) {
        if index == path.cotangent { return append(place, step) }
        let node = path.graph.nodes[index]
        let carrying = node.operands.firstIndex { path.carries[$0] } ?? 0
        let operand = node.operands[carrying]
        switch node.primitive {
        case .movement(let movement):
            let shapes = node.operands.map { path.graph.nodes[$0].shape }
            guard let origin = movement.origin(of: shapes, result: node.shape, at: place) else { return }
            let source = node.operands[origin.operand]
            if path.carries[source] { follow(source, origin.place, step) }
        case .pointwise(.add):
            if known == nil, node.operands.allSatisfy({ path.carries[$0] }) {
                known = [:]
            }
            for operand in node.operands where path.carries[operand] { follow(operand, place, step) }
        case .pointwise(.negate):
            var step = step
            step.partial.negate()
            follow(operand, place, step)
        case .pointwise(.multiply):
            var step = step
            step.partial *= value(node.operands[1 - carrying], place)
            follow(operand, place, step)
        case .reduction(.sum(let axes)):
            sum(operand, axes: axes, place, node.shape, step)
        case .contraction(let contraction):
            contract(contraction, node, carrying, place, step)
        case .convolution(let convolution):
            convolve(convolution, node, carrying, place, step)
        default:
            follow(operand, place, step)
        }
    }

    private mutating func append(_ place: Int, _ step: Step) {
        magnitude += (step.partial * cotangents[place]).magnitude
        if let term = known?[place] {
            terms[term].partial += step.partial
            return
        }
        if known != nil { known?[place] = terms.count }
        terms.append(Term(place: place, partial: step.partial, window: step.window ?? [], meeting: step.meeting))
    }

    /// An element of a coefficient.
    private func value(_ index: Int, _ place: Int) -> Double {
        if let values = values[index] { return values[place] }
        let node = path.graph.nodes[index]
        guard case .movement(let movement) = node.primitive,
            let origin = movement.origin(
                of: node.operands.map { path.graph.nodes[$0].shape }, result: node.shape, at: place)
        else { return 0 }
        return value(node.operands[origin.operand], origin.place)
    }

    private mutating func begin(_ summation: Summation, over windows: Shape, field: Int?) {
        guard self.summation == .single else { return }
        (self.summation, self.windows, self.field) = (summation, windows, field)
    }

    // MARK: sums

    private mutating func sum(_ operand: Int, axes: [Int], _ place: Int, _ result: Shape, _ step: Step) {
        let shape = path.graph.nodes[operand].shape
        let summed = Shape(axes.map { shape[$0] })
        begin(.positions, over: summed, field: nil)
        let kept = shape.strides.removing(axes)
        let start = zip(result.index(of: place), kept).reduce(0) { $0 + $1.0 * $1.1 }
        for term in 0..<summed.count {
            let window = summed.index(of: term)
            var step = step
            step.window = step.window ?? window
            follow(operand, start + zip(window, axes).reduce(0) { $0 + $1.0 * shape.strides[$1.1] }, step)
        }
    }

    private mutating func contract(
        _ contraction: Contraction, _ node: Graph.Node, _ carrying: Int, _ place: Int, _ step: Step
    ) {
        let shapes = node.operands.map { path.graph.nodes[$0].shape }
        let terms = contraction.terms(shapes[0], shapes[1])
        begin(.products, over: terms.summed, field: node.operands[1 - carrying])
        for (term, factors) in terms.factors(of: place).enumerated() {
            let places = [factors.0, factors.1]
            var step = step
            step.partial *= value(node.operands[1 - carrying], places[1 - carrying])
            step.meeting = shapes[1 - carrying].index(of: places[1 - carrying])
            step.window = step.window ?? terms.summed.index(of: term)
            follow(node.operands[carrying], places[carrying], step)
        }
    }

    private mutating func convolve(
        _ convolution: Primitive.Convolution, _ node: Graph.Node, _ carrying: Int, _ place: Int, _ step: Step
    ) {
        let shapes = node.operands.map { path.graph.nodes[$0].shape }
        let extents = convolution.extents(shapes[0], shapes[1])
        let terms = Primitive.Convolution.Terms(convolution, extents, solvedFor: convolution.role)
        let coefficient = node.operands[1 - carrying]
        let (summation, grid): (Summation, [Int]) =
            switch convolution.role {
            case .filter: (.windows(convolution, isTransposed: carrying == 0), extents.output)
            case .input: (.covering(convolution), extents.output)
            case .output: (.covered(convolution), extents.input)
            }
        begin(summation, over: Shape([terms.outer] + grid), field: coefficient)
        for term in terms.terms(of: place) {
            let (x, w, y) = (
                terms.shapes.input.index(of: term.input), terms.shapes.filter.index(of: term.filter),
                terms.shapes.output.index(of: term.output)
            )
            // What the sum runs over beside positions: a group's filters for a pixel, the batch for a filter, a group's channels
            // for an output.
            let outer = convolution.role.pick(y[1] % extents.filters, x[0], w[1])
            let factors = convolution.factors(term)
            let places = [factors.0, factors.1]
            var step = step
            step.partial *= value(coefficient, places[1 - carrying])
            step.meeting = convolution.role == .filter ? x : shapes[1 - carrying].index(of: places[1 - carrying])
            step.window = step.window ?? [outer] + (convolution.role == .output ? x : y).dropFirst(2)
            follow(node.operands[carrying], places[carrying], step)
        }
    }
}
