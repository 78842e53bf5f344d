extension Window {
    /// Positions of an input, a filter and an output that belong together: along one axis, or as row-major places of their
    /// planes.
    package struct Meeting: Hashable, Sendable {
        package let input: Int
        package let tap: Int
        package let output: Int
    }

    /// The triples of positions on all axes together, found by the position of one of the three.
    ///
    /// They are enumerated only here: code that adds over windows, writes such a sum or draws it uses these.
    package struct Meetings: Sendable {
        package let inputs: Shape
        package let taps: Shape
        package let outputs: Shape
        /// The operand of the position by which triples are found.
        package let role: Primitive.Convolution.Role
        /// For each axis and each position on it.
        private let along: [[[Meeting]]]

        /// - Complexity: outputs times taps of each axis.
        package init(
            _ window: Window, inputs: [Int], taps: [Int], outputs: [Int], of role: Primitive.Convolution.Role
        ) {
            (self.inputs, self.taps, self.outputs, self.role) = (Shape(inputs), Shape(taps), Shape(outputs), role)
            along = window.axes.indices.map { axis in
                var found = [[Meeting]](
                    repeating: [], count: role.pick(inputs[axis], taps[axis], outputs[axis]))
                let all = window.axes[axis].meetings(inputs: inputs[axis], taps: taps[axis], outputs: outputs[axis])
                for meeting in all { found[role.pick(meeting.input, meeting.tap, meeting.output)].append(meeting) }
                return found
            }
        }

        /// The shape of that operand's plane.
        package var plane: Shape { role.pick(inputs, taps, outputs) }

        /// The triples with a position of the plane, ordered by output and then by tap, the first axis slowest.
        package subscript(position: Int) -> [Meeting] {
            var found = [Meeting(input: 0, tap: 0, output: 0)]
            for (axis, index) in plane.index(of: position).enumerated() {
                found = found.flatMap { start in
                    along[axis][index].map {
                        Meeting(
                            input: start.input * inputs[axis] + $0.input, tap: start.tap * taps[axis] + $0.tap,
                            output: start.output * outputs[axis] + $0.output)
                    }
                }
            }
            return found
        }

        /// What is added up at a position of the plane where there is no filter: the outputs over an input, or the inputs
        /// under an output.
        package func partners(of position: Int) -> [Int] {
            self[position].map { role == .input ? $0.output : $0.input }
        }
    }
}

extension Primitive.Convolution.Role {
    /// The one of three values that belongs to this operand.
    package func pick<T>(_ input: T, _ filter: T, _ output: T) -> T {
        switch self {
        case .input: input
        case .filter: filter
        case .output: output
        }
    }
}
