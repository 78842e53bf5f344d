import AdjointGraphs

extension Parameter {
    /// A tensor's elements before training: a function of a seed and the parameter's number alone, equal on every machine.
    public enum Initial: Hashable, Sendable {
        case constant(Double)
        /// Uniform in ±bound.
        case uniform(bound: Double)
        case normal(deviation: Double)
        /// Normal with variance 2∕fan in (He et al., 2015): for weights before a rectifier.
        case he
        /// Uniform with variance 2∕(fan in + fan out) (Glorot & Bengio, 2010).
        case glorot
        /// The rows, or where there are more of them the columns, of a random orthogonal matrix (Saxe et al., 2014).
        case orthogonal
        case own(Own)
    }

    /// An initializer of one's own.
    public struct Own: Hashable, Sendable {
        public let name: String
        let numbers: @Sendable (Shape, UInt64) -> [Double]

        /// - Parameters:
        ///   - name: equal names are taken for equal functions.
        ///   - numbers: a function of a shape and a seed; where it gives too few numbers, the rest is 0.
        public init(_ name: String, numbers: @escaping @Sendable (_ shape: Shape, _ seed: UInt64) -> [Double]) {
            (self.name, self.numbers) = (name, numbers)
        }

        public static func == (a: Own, b: Own) -> Bool { a.name == b.name }
        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }
}

extension Parameter.Initial {
    /// PyTorch's initialization of convolutions and linear layers, for weight and bias alike: U(±1∕√fan), which is Kaiming's
    /// uniform initialization with a = √5. The fan is the number of terms in a sum of the output.
    static func fan(_ fan: Int) -> Parameter.Initial {
        .uniform(bound: fan > 0 ? 1 / Double(fan).squareRoot() : 0)
    }

    /// The initial elements of a parameter, which has this number among those of its network.
    func values(_ shape: Shape, seed: UInt64, number: Int) -> Tensor {
        let key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        /// Uniform in [0, 1)
        func drawn(_ place: Int, _ draw: UInt32 = 0) -> Double {
            Threefry.uniform(
                key: (key.0, key.1 &+ draw &* 0x9E37_79B9),
                counter: (UInt32(truncatingIfNeeded: place), UInt32(truncatingIfNeeded: number)))
        }
        /// Marsaglia's polar method: the first point that falls into the unit circle.
        func normal(_ place: Int) -> Double {
            var draw: UInt32 = 0
            while true {
                let (x, y) = (2 * drawn(place, draw) - 1, 2 * drawn(place, draw + 1) - 1)
                let square = x * x + y * y
                if square > 0, square < 1 { return x * (-2 * Pointwise.log(square) / square).squareRoot() }
                draw += 2
            }
        }
        func tensor(_ number: (Int) -> Double) -> Tensor {
            var floats: [Float] = []
            floats.reserveCapacity(shape.count)
            for place in 0..<shape.count { floats.append(Float(number(place))) }
            return Tensor(known: shape, .float32(floats))
        }
        let taps = Shape(Array(shape.sizes.dropFirst(2))).count
        let (fanIn, fanOut) = (Double(max(1, shape[1] * taps)), Double(max(1, shape[0] * taps)))
        switch self {
        case .constant(let value):
            return Tensor(known: shape, .float32([Float](repeating: Float(value), count: shape.count)))
        case .uniform(let bound): return tensor { (2 * drawn($0) - 1) * bound }
        case .normal(let deviation): return tensor { normal($0) * deviation }
        case .he: return tensor { normal($0) * (2 / fanIn).squareRoot() }
        case .glorot: return tensor { (2 * drawn($0) - 1) * (6 / (fanIn + fanOut)).squareRoot() }
        case .orthogonal:
            let numbers = orthogonal((0..<shape.count).map(normal), rows: shape.rank > 0 ? shape[0] : 1)
            return tensor { numbers[$0] }
        case .own(let own):
            let numbers = own.numbers(shape, seed &+ UInt64(truncatingIfNeeded: number))
            return tensor { $0 < numbers.count ? numbers[$0] : 0 }
        }
    }

    /// Orthonormal rows by Gram and Schmidt's method, done twice for each row, so that rounding leaves no part of earlier rows.
    private func orthogonal(_ numbers: [Double], rows: Int) -> [Double] {
        guard rows > 0, numbers.count >= rows else { return numbers }
        let columns = numbers.count / rows
        let isWide = columns >= rows
        let (count, length) = isWide ? (rows, columns) : (columns, rows)
        func place(_ vector: Int, _ element: Int) -> Int {
            isWide ? vector * columns + element : element * columns + vector
        }
        var result = numbers
        for vector in 0..<count {
            for _ in 0..<2 {
                for other in 0..<vector {
                    let product = (0..<length).reduce(0) { $0 + result[place(vector, $1)] * result[place(other, $1)] }
                    for i in 0..<length { result[place(vector, i)] -= product * result[place(other, i)] }
                }
            }
            let norm = (0..<length).reduce(0) { $0 + result[place(vector, $1)] * result[place(vector, $1)] }
                .squareRoot()
            for i in 0..<length where norm > 0 { result[place(vector, i)] /= norm }
        }
        return result
    }
}
