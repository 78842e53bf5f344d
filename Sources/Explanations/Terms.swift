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
        let letters = [contraction.first, contraction.second]
        let shapes = node.operands.map { path.graph.nodes[$0].shape }
        let summed = contraction.first.filter { !contraction.result.contains($0) }
        let sizes = Shape(summed.map { letter in shapes[0][contraction.first.firstIndex(of: letter) ?? 0] })
        begin(.products, over: sizes, field: node.operands[1 - carrying])
        var digits: [Int: Int] = [:]
        for (letter, digit) in zip(contraction.result, node.shape.index(of: place)) { digits[letter] = digit }
        for term in 0..<sizes.count {
            let window = sizes.index(of: term)
            for (letter, digit) in zip(summed, window) { digits[letter] = digit }
            let indices = letters.map { $0.map { digits[$0] ?? 0 } }
            let places = zip(shapes, indices).map { $0.place(of: $1) ?? 0 }
            var step = step
            step.partial *= value(node.operands[1 - carrying], places[1 - carrying])
            step.meeting = indices[1 - carrying]
            step.window = step.window ?? window
            follow(node.operands[carrying], places[carrying], step)
        }
    }

    /// One operand's index is given; the relation e·i = s·p + d·r − a tells which of the other two meet it.
    private mutating func convolve(
        _ convolution: Primitive.Convolution, _ node: Graph.Node, _ carrying: Int, _ place: Int, _ step: Step
    ) {
        let shapes = node.operands.map { path.graph.nodes[$0].shape }
        let extents = convolution.extents(shapes[0], shapes[1])
        let index = node.shape.index(of: place)
        let meetings = convolution.meetings(of: Array(index.dropFirst(2)), extents)
        let coefficient = node.operands[1 - carrying]
        // What the sum runs over beside positions: the batch for a filter, a group's filters for a pixel, its channels
        // for an output.
        let (summation, count, grid): (Summation, Int, [Int]) =
            switch convolution.role {
            case .filter: (.windows(convolution, isTransposed: carrying == 0), extents.batch, extents.output)
            case .input: (.covering(convolution), extents.filters, extents.output)
            case .output: (.covered(convolution), extents.channels, extents.input)
            }
        begin(summation, over: Shape([count] + grid), field: coefficient)
        for outer in 0..<count {
            for meeting in meetings {
                let x: [Int]
                let w: [Int]
                let y: [Int]
                let window: [Int]
                switch convolution.role {
                case .filter:
                    let group = index[0] / extents.filters
                    x = [outer, group * extents.channels + index[1]] + meeting.input
                    w = []
                    y = [outer, index[0]] + meeting.output
                    window = [outer] + meeting.output
                case .input:
                    let group = index[1] / extents.channels
                    let filter = group * extents.filters + outer
                    x = []
                    w = [filter, index[1] % extents.channels] + meeting.tap
                    y = [index[0], filter] + meeting.output
                    window = [outer] + meeting.output
                case .output:
                    let group = index[1] / extents.filters
                    x = [index[0], group * extents.channels + outer] + meeting.input
                    w = [index[1], outer] + meeting.tap
                    y = []
                    window = [outer] + meeting.input
                }
                let operands = [x, w, y].filter { !$0.isEmpty }
                let places = zip(shapes, operands).map { $0.place(of: $1) ?? 0 }
                var step = step
                step.partial *= value(coefficient, places[1 - carrying])
                step.meeting = convolution.role == .filter ? x : operands[1 - carrying]
                step.window = step.window ?? window
                follow(node.operands[carrying], places[carrying], step)
            }
        }
    }
}

extension Primitive.Convolution {
    fileprivate struct Meeting {
        var input: [Int] = []
        var tap: [Int] = []
        var output: [Int] = []
    }

    /// All (i, r, p) whose index in the operand that the form is solved for is given; row-major in p, then in r.
    fileprivate func meetings(of index: [Int], _ extents: Extents) -> [Meeting] {
        var meetings = [Meeting()]
        for (axis, along) in window.axes.enumerated() {
            let all = along.meetings(
                inputs: extents.input[axis], taps: extents.taps[axis], outputs: extents.output[axis])
            let own = all.filter { meeting in
                switch role {
                case .input: meeting.input == index[axis]
                case .filter: meeting.tap == index[axis]
                case .output: meeting.output == index[axis]
                }
            }
            meetings = meetings.flatMap { meeting in
                own.map {
                    Meeting(
                        input: meeting.input + [$0.input], tap: meeting.tap + [$0.tap],
                        output: meeting.output + [$0.output])
                }
            }
        }
        return meetings
    }
}
