/// The sum of products over shared axes, as one trilinear form in which every letter stands in two or three of the
/// lists:
///
///     T(x, w, y) = Σ x[first] · w[second] · y[result]
///
/// The node holds the lists of its two operands and of its result. A letter of both operands and the result is a batch
/// axis; a letter of both operands only, a summed axis; a letter of one operand and the result, a free axis. Transposing only
/// permutes the three lists.
public struct Contraction: Hashable, Sendable {
    /// The letter of each axis of the first operand.
    public let first: [Int]
    /// The letter of each axis of the second operand.
    public let second: [Int]
    /// The letter of each axis of the result.
    public let result: [Int]

    public init(first: [Int], second: [Int], result: [Int]) {
        (self.first, self.second, self.result) = (first, second, result)
    }

    /// A contraction in letters, such as `nk,mk->nm`.
    package init(_ first: String, _ second: String, _ result: String) {
        func letters(_ text: String) -> [Int] { text.utf8.map { Int($0) - 97 } }
        self.init(first: letters(first), second: letters(second), result: letters(result))
    }

    /// The contraction in letters: `ab,cb->ac`.
    public var notation: String {
        func text(_ letters: [Int]) -> String {
            joined(letters.map { (0..<26).contains($0) ? String(UnicodeScalar(UInt8(97 + $0))) : "(\($0))" }, by: "")
        }
        return "\(text(first)),\(text(second))->\(text(result))"
    }

    func result(of x: Signature, _ w: Signature) throws(ArgumentError) -> Signature {
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
    /// The products of each element of the result: those of all indices of the summed letters, the first letter slowest. Their
    /// order is that of the definition; these sums are enumerated only here.
    package struct Terms: Sendable {
        /// The sizes of the letters that are summed.
        package let summed: Shape
        let result: Shape
        /// The strides of each letter in the two operands.
        private let outer: [(first: Int, second: Int)]
        private let inner: [(first: Int, second: Int)]

        fileprivate init(_ contraction: Contraction, _ x: Shape, _ w: Shape) {
            var sizes: [Int: Int] = [:]
            for (letter, size) in zip(contraction.first + contraction.second, x.sizes + w.sizes) {
                sizes[letter] = size
            }
            func strides(_ letters: [Int]) -> [(first: Int, second: Int)] {
                letters.map { letter in
                    (
                        contraction.first.firstIndex(of: letter).map { x.strides[$0] } ?? 0,
                        contraction.second.firstIndex(of: letter).map { w.strides[$0] } ?? 0
                    )
                }
            }
            let letters = contraction.first.filter { !contraction.result.contains($0) }
            result = Shape(contraction.result.map { sizes[$0] ?? 0 })
            summed = Shape(letters.map { sizes[$0] ?? 0 })
            (outer, inner) = (strides(contraction.result), strides(letters))
        }

        /// The row-major places of both factors of every term, for the element at a place of the result.
        package func factors(of place: Int) -> [(Int, Int)] {
            var factors: [(Int, Int)] = []
            factors.reserveCapacity(summed.count)
            visit(result.index(of: place)) { factors.append(($0, $1)) }
            return factors
        }

        fileprivate func visit(_ index: [Int], _ body: (Int, Int) -> Void) {
            var start = (first: 0, second: 0)
            for (digit, step) in zip(index, outer) {
                start.first += digit * step.first
                start.second += digit * step.second
            }
            var term = Odometer(summed)
            for _ in 0..<summed.count {
                var place = start
                for axis in 0..<summed.rank {
                    place.first += term[axis] * inner[axis].first
                    place.second += term[axis] * inner[axis].second
                }
                body(place.first, place.second)
                term.advance()
            }
        }
    }

    /// The terms for operands of these shapes, which fit.
    package func terms(_ x: Shape, _ w: Shape) -> Terms { Terms(self, x, w) }

    /// The reference loop: the definition, term by term.
    func evaluated<Element: Scalar>(
        _ x: [Element], _ xShape: Shape, _ w: [Element], _ wShape: Shape
    ) -> [Element] {
        let terms = terms(xShape, wShape)
        return (0..<terms.result.count).map { place in
            var sum: Element?
            terms.visit(terms.result.index(of: place)) { first, second in
                let product = x[first] * w[second]
                sum = sum.map { $0 + product } ?? product
            }
            return sum ?? Element(0)
        }
    }
}
