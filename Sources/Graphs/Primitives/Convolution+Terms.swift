extension Primitive.Convolution {
    /// One product of the form, x·w·y, as row-major places in the three operands. Where the form is solved for one of them, it
    /// is the product of the other two.
    package struct Term: Hashable, Sendable {
        package let input: Int
        package let filter: Int
        package let output: Int
    }

    /// The products of each element of an operand, when the form is solved for it:
    ///
    ///     y[n, g·K+k, p] = Σ_c Σ x[n, g·C+c, i]·w[g·K+k, c, r]
    ///     w[g·K+k, c, r] = Σ_n Σ x[n, g·C+c, i]·y[n, g·K+k, p]
    ///     x[n, g·C+c, i] = Σ_k Σ w[g·K+k, c, r]·y[n, g·K+k, p]
    ///
    /// The inner sum is over the meetings of the element's position. The order is that of the definition; these sums are
    /// enumerated only here.
    package struct Terms: Sendable {
        package let role: Role
        package let shapes: (input: Shape, filter: Shape, output: Shape)
        /// The number of pairs of leading indices of the operand.
        let rows: Int
        let meetings: Window.Meetings
        private let groups: Int
        private let extents: Extents

        /// - Parameter role: the operand that the form is solved for.
        package init(_ convolution: Primitive.Convolution, _ extents: Extents, solvedFor role: Role) {
            (self.role, self.extents, groups) = (role, extents, convolution.groups)
            meetings = Window.Meetings(
                convolution.window, inputs: extents.input, taps: extents.taps, outputs: extents.output, of: role)
            shapes = (
                Shape([extents.batch, groups * extents.channels] + extents.input),
                Shape([groups * extents.filters, extents.channels] + extents.taps),
                Shape([extents.batch, groups * extents.filters] + extents.output)
            )
            let shape = role.pick(shapes.input, shapes.filter, shapes.output)
            rows = shape[0] * shape[1]
        }

        /// The number of terms of the outer sum: C, N or K.
        package var outer: Int { role.pick(extents.filters, extents.batch, extents.channels) }

        /// The products of the element at a row-major place of the operand.
        ///
        /// - Complexity: their number.
        package func terms(of place: Int) -> [Term] {
            let positions = meetings.plane.count
            var terms: [Term] = []
            visit(row: place / positions, meetings[place % positions]) { terms.append($0) }
            return terms
        }

        /// The products of the element in a row, at a position with these meetings.
        func visit(row: Int, _ meetings: [Window.Meeting], _ body: (Term) -> Void) {
            for outer in 0..<outer {
                let (n, g, c, k) = indices(row, outer)
                let x = ((n * groups + g) * extents.channels + c) * self.meetings.inputs.count
                let w = ((g * extents.filters + k) * extents.channels + c) * self.meetings.taps.count
                let y = ((n * groups + g) * extents.filters + k) * self.meetings.outputs.count
                for meeting in meetings {
                    body(Term(input: x + meeting.input, filter: w + meeting.tap, output: y + meeting.output))
                }
            }
        }

        private func indices(_ row: Int, _ outer: Int) -> (n: Int, g: Int, c: Int, k: Int) {
            let (filters, channels) = (extents.filters, extents.channels)
            switch role {
            case .input:
                let plane = row % (groups * channels)
                return (row / (groups * channels), plane / channels, plane % channels, outer)
            case .filter:
                return (outer, row / channels / filters, row % channels, row / channels % filters)
            case .output:
                let plane = row % (groups * filters)
                return (row / (groups * filters), plane / filters, outer, plane % filters)
            }
        }
    }

    /// The places of a product's factors in the node's two operands.
    package func factors(_ term: Term) -> (Int, Int) {
        switch role {
        case .input: (term.filter, term.output)
        case .filter: (term.input, term.output)
        case .output: (term.input, term.filter)
        }
    }
}
