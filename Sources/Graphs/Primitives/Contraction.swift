/// The sum of products over shared axes, as one trilinear form in which every letter stands in two or three of the
/// lists:
///
///     T(x, w, y) = Σ x[first] · w[second] · y[result]
///
/// The node holds the lists of its two operands and of its result. A letter of both operands and the result is a batch
/// axis; of both operands only, a summed axis; of one operand and the result, a free axis. Transposing only permutes
/// the three lists.
public struct Contraction: Hashable, Sendable {
    /// The letter of each axis of the first operand.
    public let first: [Int]
    /// The letter of each axis of the second operand.
    public let second: [Int]
    /// The letter of each axis of the result.
    public let result: [Int]

    public init(first: [Int], second: [Int], result: [Int]) {
        self.first = first
        self.second = second
        self.result = result
    }

    /// From letters as in `nk,mk->nm`.
    package init(_ first: String, _ second: String, _ result: String) {
        func letters(_ text: String) -> [Int] { text.utf8.map { Int($0) - 97 } }
        self.init(first: letters(first), second: letters(second), result: letters(result))
    }

    /// `ab,cb->ac`
    public var notation: String {
        func text(_ letters: [Int]) -> String {
            joined(letters.map { (0..<26).contains($0) ? String(UnicodeScalar(UInt8(97 + $0))) : "(\($0))" }, by: "")
        }
        return "\(text(first)),\(text(second))->\(text(result))"
    }

    func result(of x: Signature, _ w: Signature) throws(GraphError) -> Signature {
        let primitive = Primitive.contraction(self)
        guard x.type == w.type, x.type.isFloatingPoint else {
            throw primitive.error("operands", expected: "one floating-point type", given: "\(x) and \(w)")
        }
        guard x.shape.rank == first.count, w.shape.rank == second.count else {
            throw primitive.error(
                "operands", expected: "\(first.count) and \(second.count) axes for \(notation)",
                given: "\(x.shape) and \(w.shape)")
        }
        let lists = [first, second, result]
        for letters in lists {
            guard Set(letters).count == letters.count else {
                throw primitive.error("notation", expected: "no letter twice in a list", given: notation)
            }
            for letter in letters where lists.filter({ $0.contains(letter) }).count < 2 {
                throw primitive.error("notation", expected: "every letter in two lists or three", given: notation)
            }
        }
        var sizes: [Int: Int] = [:]
        for (letter, size) in zip(first, x.shape.sizes) { sizes[letter] = size }
        for (letter, size) in zip(second, w.shape.sizes) {
            if let other = sizes[letter], other != size {
                throw primitive.error(
                    "operands", expected: "equal sizes where \(notation) has the same letter",
                    given: "\(x.shape) and \(w.shape)")
            }
            sizes[letter] = size
        }
        return Signature(Shape(result.map { sizes[$0] ?? 0 }), x.type)
    }
}

extension Contraction {
    /// The reference loop: over every letter, the result's first and then the summed ones.
    func evaluated<Element: Scalar>(
        _ x: [Element], _ xShape: Shape, _ w: [Element], _ wShape: Shape
    ) -> [Element] {
        var sizes: [Int: Int] = [:]
        for (letter, size) in zip(first + second, xShape.sizes + wShape.sizes) { sizes[letter] = size }
        let summed = first.filter { !result.contains($0) }
        /// How far apart neighbours along each letter of a list are in an operand.
        func strides(_ letters: [Int], in operand: [Int], _ shape: Shape) -> [Int] {
            letters.map { letter in operand.firstIndex(of: letter).map { shape.strides[$0] } ?? 0 }
        }
        let outer = Shape(result.map { sizes[$0] ?? 0 })
        let inner = Shape(summed.map { sizes[$0] ?? 0 })
        let steps = (
            x: strides(result, in: first, xShape), w: strides(result, in: second, wShape),
            innerX: strides(summed, in: first, xShape), innerW: strides(summed, in: second, wShape)
        )
        var output: [Element] = []
        var index = Odometer(outer)
        for _ in 0..<outer.count {
            var start = (x: 0, w: 0)
            for axis in 0..<outer.rank {
                start.x += index[axis] * steps.x[axis]
                start.w += index[axis] * steps.w[axis]
            }
            var sum: Element?
            var term = Odometer(inner)
            for _ in 0..<inner.count {
                var place = start
                for axis in 0..<inner.rank {
                    place.x += term[axis] * steps.innerX[axis]
                    place.w += term[axis] * steps.innerW[axis]
                }
                let product = x[place.x] * w[place.w]
                sum = sum.map { $0 + product } ?? product
                term.advance()
            }
            output.append(sum ?? Element(0))
            index.advance()
        }
        return output
    }
}
