extension Primitive {
    /// The convolution as one trilinear form, solved for one of its three operands:
    ///
    ///     T(x, w, y) = Σ x[n, g·C+c, i] · w[g·K+k, c, r] · y[n, g·K+k, p]
    ///
    /// over all n, g, c, k and all i, r, p with e·i = s·p + d·r − a on every spatial axis (`Window`). Solved for y it is the
    /// layer, for w the filter's gradient, for x the input's gradient and equally a transposed layer.
    public struct Convolution: Hashable, Sendable {
        /// The operand that the form is solved for; the node's operands are the other two, in the order x, w, y.
        public enum Role: String, Hashable, Sendable, CaseIterable {
            case input, filter, output
        }

        public let window: Window
        public let groups: Int
        public let role: Role
        /// The spatial sizes of the operand that is solved for.
        public let size: [Int]

        public init(window: Window, groups: Int, role: Role, size: [Int]) {
            (self.window, self.groups, self.role, self.size) = (window, groups, role, size)
        }

        /// The same form solved for another operand.
        public func solved(for role: Role, size: [Int]) -> Convolution {
            Convolution(window: window, groups: groups, role: role, size: size)
        }

        /// The roles of the node's two operands.
        public var operandRoles: [Role] { Role.allCases.filter { $0 != role } }

        /// The number of input channels for a filter of this shape; more than any shape can have, where the product overflows.
        private func channels(of filter: Shape) -> Int {
            let (product, overflow) = groups.multipliedReportingOverflow(by: filter[1])
            return overflow ? Int.max : product
        }

        func result(of a: Signature, _ b: Signature) throws(ArgumentError) -> Signature {
            let primitive = Primitive.convolution(self)
            let rank = window.rank
            guard a.type == b.type, a.type.isFloatingPoint else {
                throw primitive.error("operands", expected: "one floating-point type", given: "\(a) and \(b)")
            }
            guard rank >= 1, rank <= 3, size.count == rank, a.shape.rank == rank + 2, b.shape.rank == rank + 2 else {
                throw primitive.error(
                    "operands", expected: "two axes and 1 to 3 spatial axes each, as many as the window has (\(rank))",
                    given: "\(a.shape) and \(b.shape)")
            }
            for axis in window.axes where !axis.isSound {
                throw primitive.error(
                    "window", expected: "spacing, stride and dilation of 1 or more, all below 2^31",
                    given: "\(list([axis.inputSpacing, axis.stride, axis.dilation])) with padding \(axis.padding)")
            }
            guard size.allSatisfy({ $0 >= 0 && $0 < Window.limit }) else {
                throw primitive.error("\(role.rawValue) size", expected: "0 or more and below 2^31", given: list(size))
            }
            guard groups >= 1, groups < Window.limit else {
                throw primitive.error("groups", expected: "1 or more", given: "\(groups)")
            }
            /// Throws where the sizes of both operands do not agree as they must.
            func require(_ isRight: Bool, _ expected: String) throws(ArgumentError) {
                if !isRight {
                    throw primitive.error("operands", expected: expected, given: "\(a.shape) and \(b.shape)")
                }
            }
            switch role {
            case .output:
                try require(a.shape[1] == channels(of: b.shape), "input channels = \(groups) groups · filter channels")
                try require(b.shape[0] % groups == 0, "filters that \(groups) groups divide")
                return Signature(Shape([a.shape[0], b.shape[0]] + size), a.type)
            case .input:
                try require(a.shape[0] == b.shape[1], "as many filters as output channels")
                try require(a.shape[0] % groups == 0, "filters that \(groups) groups divide")
                return Signature(Shape([b.shape[0], channels(of: a.shape)] + size), a.type)
            case .filter:
                try require(a.shape[0] == b.shape[0], "equal batches")
                try require(
                    a.shape[1] % groups == 0 && b.shape[1] % groups == 0, "channels that \(groups) groups divide")
                return Signature(Shape([b.shape[1], a.shape[1] / groups] + size), a.type)
            }
        }
    }
}

extension Primitive.Convolution {
    /// The sizes of all three operands of the form.
    package struct Extents: Hashable, Sendable {
        package let batch: Int
        /// C: input channels a group.
        package let channels: Int
        /// K: filters a group.
        package let filters: Int
        package let input: [Int]
        package let taps: [Int]
        package let output: [Int]
    }

    /// The extents for operands of these shapes, which fit.
    package func extents(_ a: Shape, _ b: Shape) -> Extents {
        switch role {
        case .output:
            return Extents(
                batch: a[0], channels: b[1], filters: b[0] / groups, input: a.spatial, taps: b.spatial, output: size)
        case .input:
            return Extents(
                batch: b[0], channels: a[1], filters: a[0] / groups, input: size, taps: a.spatial, output: b.spatial)
        case .filter:
            return Extents(
                batch: a[0], channels: a[1] / groups, filters: b[1] / groups, input: a.spatial, taps: size,
                output: b.spatial)
        }
    }

    /// The reference loop: the definition, term by term.
    func evaluated<Element: Scalar>(_ a: [Element], _ aShape: Shape, _ b: [Element], _ bShape: Shape) -> [Element] {
        let terms = Terms(self, extents(aShape, bShape), solvedFor: role)
        let positions = terms.meetings.plane.count
        var result = [Element](repeating: Element(0), count: terms.rows * positions)
        for position in 0..<positions {
            let meetings = terms.meetings[position]
            for row in 0..<terms.rows {
                var sum: Element?
                terms.visit(row: row, meetings) { term in
                    let (first, second) = factors(term)
                    let product = a[first] * b[second]
                    sum = sum.map { $0 + product } ?? product
                }
                if let sum { result[row * positions + position] = sum }
            }
        }
        return result
    }
}
