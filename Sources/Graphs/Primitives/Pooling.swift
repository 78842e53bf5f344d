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
            window.axes.allSatisfy({
                $0.inputSpacing >= 1 && $0.stride >= 1 && $0.dilation >= 1
                    && max($0.inputSpacing, $0.stride, $0.dilation) < Window.limit
                    && $0.padding.magnitude < Window.limit
            })
        else {
            throw primitive.error(
                "window", expected: "stride and dilation of 1 or more, all below 2^31",
                given: "taps \(list(taps)), size \(list(size))")
        }
        guard case .choice = self else { return Signature(Shape(x.shape.sizes.prefix(2) + size), x.type) }
        for (axis, along) in window.axes.enumerated() {
            if let p = along.firstEmptyWindow(inputs: x.shape[axis + 2], taps: taps[axis], outputs: size[axis]) {
                throw primitive.error(
                    "padding", expected: "an element of the input in every window",
                    given: "none in window \(p) of spatial axis \(axis) over \(x.shape)")
            }
        }
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
            return .numbers(
                Self.summed(operands[0].numbers, shapes[0], window, taps: taps, role: role, size: size))
        case .choice(let window, let taps, let size):
            return .integers(Self.chosen(operands[0].numbers, shapes[0], window, taps: taps, size: size))
        case .gather:
            let (source, plane) = (shapes[0].plane, result.plane)
            let origins = operands[1].integers.enumerated().map { place, index in
                index >= 0 && index < source ? (operand: 0, place: place / plane * source + index) : nil
            }
            return .gathered([operands[0]], origins)
        case .scatter:
            let (plane, target) = (shapes[0].plane, result.plane)
            var sums = [Element?](repeating: nil, count: result.count)
            let (terms, index) = (operands[0].numbers, operands[1].integers)
            for place in terms.indices where index[place] >= 0 && index[place] < target {
                let to = place / plane * target + index[place]
                sums[to] = sums[to].map { $0 + terms[place] } ?? terms[place]
            }
            return .numbers(sums.map { $0 ?? Element(0) })
        }
    }

    /// The spatial sizes of input and output of a window operation on an operand of this shape.
    package static func planes(_ operand: Shape, role: Primitive.Convolution.Role, size: [Int]) -> (
        input: [Int], output: [Int]
    ) {
        let given = Array(operand.sizes.dropFirst(2))
        return role == .input ? (size, given) : (given, size)
    }

    /// The reference loop of `windowSum`.
    static func summed<Element: Scalar>(
        _ x: [Element], _ shape: Shape, _ window: Window, taps: [Int], role: Primitive.Convolution.Role, size: [Int]
    ) -> [Element] {
        let meetings = meetings(shape, window, taps: taps, role: role, size: size)
        let (from, to) = (shape.plane, meetings.plane.count)
        var result = [Element](repeating: Element(0), count: shape[0] * shape[1] * to)
        for position in 0..<to {
            let sources = meetings[position].map { role == .input ? $0.output : $0.input }
            guard let first = sources.first else { continue }
            for plane in 0..<shape[0] * shape[1] {
                result[plane * to + position] = sources.dropFirst().reduce(x[plane * from + first]) {
                    $0 + x[plane * from + $1]
                }
            }
        }
        return result
    }

    /// The reference loop of `choice`.
    static func chosen<Element: Scalar>(
        _ x: [Element], _ shape: Shape, _ window: Window, taps: [Int], size: [Int]
    ) -> [Int] {
        let meetings = meetings(shape, window, taps: taps, role: .output, size: size)
        let (from, to) = (meetings.inputs.count, meetings.plane.count)
        var result = [Int](repeating: -1, count: shape[0] * shape[1] * to)
        for position in 0..<to {
            let sources = meetings[position].map { $0.input }
            for plane in 0..<shape[0] * shape[1] {
                result[plane * to + position] = choice(among: sources) { x[plane * from + $0].number }
            }
        }
        return result
    }

    /// The meetings of a window operation on an operand of this shape, by the position of its result.
    package static func meetings(
        _ shape: Shape, _ window: Window, taps: [Int], role: Primitive.Convolution.Role, size: [Int]
    ) -> Window.Meetings {
        let (input, output) = planes(shape, role: role, size: size)
        return Window.Meetings(window, inputs: input, taps: taps, outputs: output, of: role)
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

extension Shape {
    /// The number of elements of one channel of one image of [N, C, spatial…].
    fileprivate var plane: Int { sizes.dropFirst(2).reduce(1, *) }
}
