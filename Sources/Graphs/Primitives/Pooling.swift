/// Operations on the windows of each channel's plane, with the convolution's relation e·i = s·p + d·r − a but no filter.
/// Operands are [N, C, spatial…].
public enum Pooling: Hashable, Sendable {
    /// Solved for the output, y[n, c, p] = Σ x[n, c, i] over all i and r that meet p; solved for the input, the
    /// transpose: x[n, c, i] = Σ y[n, c, p]. `size` is the spatial size of what is solved for.
    case windowSum(Window, taps: [Int], role: Primitive.Convolution.Role, size: [Int])
    /// int32: the row-major place, among the spatial positions of x, of the largest element under the window at p; the
    /// first of equal ones, and a NaN before any number.
    case choice(Window, taps: [Int], size: [Int])
    /// For x and an index: y[n, c, p] = x[n, c, index[n, c, p]]
    case gather
    /// For y and an index: x[n, c, i] = Σ y[n, c, p] over the p with index[n, c, p] = i; the transpose of `gather`.
    case scatter(size: [Int])

    var name: String {
        switch self {
        case .windowSum: "windowSum"
        case .choice: "choice"
        case .gather: "gather"
        case .scatter: "scatter"
        }
    }

    func result(of operands: [Signature]) throws(ArgumentError) -> Signature {
        switch self {
        case .windowSum(let window, let taps, _, let size), .choice(let window, let taps, let size):
            try result(of: operands, window, taps: taps, size: size)
        case .gather, .scatter:
            try result(ofIndexed: operands)
        }
    }

    private func result(
        of operands: [Signature], _ window: Window, taps: [Int], size: [Int]
    ) throws(ArgumentError) -> Signature {
        let primitive = Primitive.pooling(self)
        try primitive.expect(operands, count: 1)
        let x = operands[0]
        let rank = window.rank
        guard rank >= 1, rank <= 3, x.shape.rank == rank + 2, size.count == rank, taps.count == rank else {
            throw primitive.error(
                "operand", expected: "two axes and as many spatial axes as the window has (\(rank))",
                given: "\(x.shape)")
        }
        guard x.type.isFloatingPoint else {
            throw primitive.error("operand", expected: "float32 or float64", given: x.type.rawValue)
        }
        guard (size + taps).allSatisfy({ $0 >= 0 && $0 < Window.limit }),
            window.axes.allSatisfy({ $0.isSound })
        else {
            throw primitive.error(
                "window", expected: "stride and dilation of 1 or more, all below 2^31",
                given: "taps \(list(taps)), size \(list(size))")
        }
        guard case .choice = self else { return Signature(Shape(x.shape.sizes.prefix(2) + size), x.type) }
        try window.checkMeetings(name, inputs: x.shape.spatial, taps: taps, outputs: size, given: "\(x.shape)")
        return Signature(Shape(x.shape.sizes.prefix(2) + size), .int32)
    }

    private func result(ofIndexed operands: [Signature]) throws(ArgumentError) -> Signature {
        let primitive = Primitive.pooling(self)
        try primitive.expect(operands, count: 2)
        let (x, index) = (operands[0], operands[1])
        guard index.type == .int32, x.shape.rank >= 3, index.shape.rank >= 3,
            x.shape.sizes.prefix(2) == index.shape.sizes.prefix(2)
        else {
            throw primitive.error(
                "index", expected: "int32 with the batch and channels of \(x.shape)", given: "\(index)")
        }
        guard case .scatter(let size) = self else { return Signature(index.shape, x.type) }
        guard x.shape == index.shape, size.allSatisfy({ $0 >= 0 && $0 < Window.limit }) else {
            throw primitive.error("index", expected: "the shape \(x.shape)", given: "\(index.shape)")
        }
        return Signature(Shape(x.shape.sizes.prefix(2) + size), x.type)
    }
}

extension Pooling {
    /// The reference implementation of each operation.
    func evaluated<Element: Scalar>(
        _ operands: [Evaluated<Element>], _ shapes: [Shape], result: Shape
    ) -> Evaluated<Element> {
        switch self {
        case .windowSum(let window, let taps, let role, let size):
            let x = operands[0].numbers
            return .numbers(
                Self.overWindows(shapes[0], window, taps: taps, role: role, size: size) { start, places in
                    places.dropFirst().reduce(places.first.map { x[start + $0] } ?? Element(0)) { $0 + x[start + $1] }
                })
        case .choice(let window, let taps, let size):
            let x = operands[0].numbers
            return .integers(
                Self.overWindows(shapes[0], window, taps: taps, role: .output, size: size) { start, places in
                    Self.choice(among: places) { x[start + $0].number }
                })
        case .gather:
            let (source, plane) = (shapes[0].planeCount, result.planeCount)
            let origins = operands[1].integers.enumerated().map { place, index in
                index >= 0 && index < source ? (operand: 0, place: place / plane * source + index) : nil
            }
            return .gathered([operands[0]], origins)
        case .scatter:
            let (plane, target) = (shapes[0].planeCount, result.planeCount)
            var sums = [Element?](repeating: nil, count: result.count)
            let (terms, index) = (operands[0].numbers, operands[1].integers)
            for place in terms.indices where index[place] >= 0 && index[place] < target {
                let to = place / plane * target + index[place]
                sums[to] = sums[to].map { $0 + terms[place] } ?? terms[place]
            }
            return .numbers(sums.map { $0 ?? Element(0) })
        }
    }

    /// What the places that meet each position of the result give, plane by plane.
    ///
    /// - Parameter result: is told where the operand's plane begins, and the places inside it.
    private static func overWindows<Result>(
        _ operand: Shape, _ window: Window, taps: [Int], role: Primitive.Convolution.Role, size: [Int],
        _ result: (_ start: Int, _ places: [Int]) -> Result
    ) -> [Result] {
        let meetings = meetings(operand, window, taps: taps, role: role, size: size)
        let places = (0..<meetings.plane.count).map { meetings.partners(of: $0) }
        let area = operand.planeCount
        return (0..<operand[0] * operand[1]).flatMap { plane in places.map { result(plane * area, $0) } }
    }

    /// The meetings of a window operation on an operand of this shape, by the position of its result.
    package static func meetings(
        _ shape: Shape, _ window: Window, taps: [Int], role: Primitive.Convolution.Role, size: [Int]
    ) -> Window.Meetings {
        let (inputs, outputs) = role == .input ? (size, shape.spatial) : (shape.spatial, size)
        return Window.Meetings(window, inputs: inputs, taps: taps, outputs: outputs, of: role)
    }

    /// The first of the largest numbers, or the first NaN if there is one; -1 for no numbers.
    package static func choice<Failure: Error>(
        among places: [Int], _ number: (Int) throws(Failure) -> Double
    ) throws(Failure) -> Int {
        var best: (place: Int, number: Double)?
        for place in places {
            let candidate = try number(place)
            if let best, !(candidate > best.number || (candidate.isNaN && !best.number.isNaN)) { continue }
            best = (place, candidate)
        }
        return best?.place ?? -1
    }
}
