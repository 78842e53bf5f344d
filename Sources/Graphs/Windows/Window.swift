/// How positions of an input, a filter and an output meet on each spatial axis:
///
///     e·i = s·p + d·r − a
///
/// Input position i, filter position r and output position p belong together exactly where this holds. Positions
/// outside an operand contribute nothing, so padding, cropping, remainders and output padding need no other rule.
public struct Window: Hashable, Sendable {
    /// The numbers of one spatial axis.
    public struct Axis: Hashable, Sendable {
        /// e: the distance between neighbouring input positions (1 except for inputs with zeros inserted).
        public var inputSpacing: Int
        /// s: the distance from one window to the next.
        public var stride: Int
        /// d: the distance between neighbouring taps.
        public var dilation: Int
        /// a: the distance by which the first window begins before the input; negative where it begins inside.
        public var padding: Int

        public init(inputSpacing: Int = 1, stride: Int = 1, dilation: Int = 1, padding: Int = 0) {
            (self.inputSpacing, self.stride, self.dilation) = (inputSpacing, stride, dilation)
            self.padding = padding
        }

        /// The input position under tap r of the window at p, where there is one among the spaced positions.
        public func input(output p: Int, tap r: Int) -> Int? {
            let position = stride &* p &+ dilation &* r &- padding
            return inputSpacing > 0 && position % inputSpacing == 0 ? position / inputSpacing : nil
        }
    }

    public var axes: [Axis]

    public init(_ axes: [Axis]) {
        self.axes = axes
    }

    public var rank: Int { axes.count }
}

extension Window.Axis {
    /// Whether distances are 1 or more, and no number is so large that arithmetic could overflow.
    var isSound: Bool {
        [inputSpacing, stride, dilation].allSatisfy { $0 >= 1 && $0 < Window.limit } && padding.magnitude < Window.limit
    }

    /// Every triple inside the three sizes, ordered by output and then by tap: the row-major order of the sum
    /// whichever of the three is solved for.
    ///
    /// - Complexity: outputs and triples, times the input spacing; not taps.
    package func meetings(inputs: Int, taps: Int, outputs: Int) -> [Window.Meeting] {
        var meetings: [Window.Meeting] = []
        for output in 0..<outputs {
            for tap in tapsWithin(inputs: inputs, taps: taps, output: output) {
                if let input = input(output: output, tap: tap) {
                    meetings.append(Window.Meeting(input: input, tap: tap, output: output))
                }
            }
        }
        return meetings
    }

    /// The taps of the window at p that lie between the first and the last of some input positions:
    ///
    ///     0 ≤ s·p + d·r − a ≤ e·(inputs − 1)
    package func tapsWithin(inputs: Int, taps: Int, output p: Int) -> Range<Int> {
        let before = padding - stride * p
        let end = before + inputSpacing * (inputs - 1)
        let low = min(taps, before > 0 ? (before + dilation - 1) / dilation : 0)
        return low..<max(low, inputs > 0 && end >= 0 ? min(taps, end / dilation + 1) : low)
    }

    /// The taps for which that holds in any window.
    package func tapsWithin(inputs: Int, taps: Int, outputs: Int) -> [Int] {
        var found: [Int] = []
        // Later windows have earlier taps there.
        for output in (0..<outputs).reversed() {
            let within = tapsWithin(inputs: inputs, taps: taps, output: output)
            found += max(within.lowerBound, (found.last ?? -1) + 1)..<within.upperBound
        }
        return found
    }
}

extension Window.Axis {
    /// The first window without any input position, where there is one: all its taps are before the input, or between input
    /// positions that it steps over, or it begins behind. For input spacing 1.
    package func firstEmptyWindow(inputs: Int, taps: Int, outputs: Int) -> Int? {
        guard inputs > 0, taps > 0 else { return outputs > 0 ? 0 : nil }
        // A window that begins before the input meets it with its first tap that is not before, or with none. After
        // `dilation` windows the taps fall on the same places, and fewer of them before the input; where they are no
        // wider apart than the input is long, none steps over it, and the earliest window decides.
        let early = min(outputs, max(0, padding + stride - 1) / stride)
        for p in 0..<min(early, dilation > inputs ? dilation : 1) {
            let before = padding - stride * p
            let tap = (before + dilation - 1) / dilation
            if tap >= taps || dilation * tap - before >= inputs { return p }
        }
        let behind = max(0, inputs + padding + stride - 1) / stride
        return behind < outputs ? behind : nil
    }
}

extension Window {
    /// Throws where a window meets no element of the input. For input spacing 1.
    ///
    /// - Parameter input: the input's shape, as the error tells it.
    func checkMeetings(
        _ operation: String, inputs: [Int], taps: [Int], outputs: [Int], given input: String
    ) throws(ArgumentError) {
        for (axis, along) in axes.enumerated() {
            if let p = along.firstEmptyWindow(inputs: inputs[axis], taps: taps[axis], outputs: outputs[axis]) {
                throw ArgumentError(
                    operation, "padding", expected: "an element of the input in every window",
                    given: "none in window \(p) of spatial axis \(axis) over \(input)")
            }
        }
    }
}

/// One number for every spatial axis, or one for each: `2` or `[2, 1]`.
public struct PerAxis: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    let numbers: [Int]
    let isUniform: Bool

    public init(_ number: Int) {
        self.numbers = [number]
        self.isUniform = true
    }

    public init(_ numbers: [Int]) {
        (self.numbers, self.isUniform) = (numbers, false)
    }

    public init(integerLiteral number: Int) { self.init(number) }
    public init(arrayLiteral numbers: Int...) { self.init(numbers) }

    /// One number for each of `rank` axes.
    package func numbers(
        forAxes rank: Int, operation: String, argument: String, atLeast minimum: Int
    ) throws(ArgumentError) -> [Int] {
        let numbers = isUniform ? [Int](repeating: self.numbers[0], count: rank) : self.numbers
        guard numbers.count == rank else {
            throw ArgumentError(
                operation, argument, expected: "one number for each of \(rank) spatial axes", given: list(numbers))
        }
        guard numbers.allSatisfy({ $0 >= minimum && $0 < Window.limit }) else {
            throw ArgumentError(
                operation, argument, expected: "at least \(minimum) and below 2^31 on every axis", given: list(numbers))
        }
        return numbers
    }
}

extension Window {
    /// The upper bound of every number of a window, so that its arithmetic cannot overflow: the product of two fits an Int.
    package static let limit = 1 << (Int.bitWidth / 2 - 1)
}

/// The padding on both sides of an input before a window slides over it.
public enum Padding: Hashable, Sendable, ExpressibleByIntegerLiteral {
    /// Padding for ⌈input ∕ stride⌉ output positions, or input · stride in a transposed layer; an odd total has its larger half
    /// at the end.
    case same
    /// The same number on both sides of every axis; negative crops.
    case uniform(Int)
    /// For each axis, how much before and after.
    case sides(before: [Int], after: [Int])

    public static let none = Padding.uniform(0)

    public init(integerLiteral number: Int) { self = .uniform(number) }

    /// The amounts before and after each axis for windows of this geometry.
    package func amounts(
        input: [Int], kernel: [Int], stride: [Int], dilation: [Int], operation: String
    ) throws(ArgumentError) -> (before: [Int], after: [Int]) {
        func checked(_ amounts: PerAxis, _ argument: String) throws(ArgumentError) -> [Int] {
            try amounts.numbers(
                forAxes: input.count, operation: operation, argument: argument, atLeast: 1 - Window.limit)
        }
        switch self {
        case .uniform(let amount):
            let amounts = try checked(PerAxis(amount), "padding")
            return (amounts, amounts)
        case .sides(let before, let after):
            return (try checked(PerAxis(before), "padding before"), try checked(PerAxis(after), "padding after"))
        case .same:
            let totals = input.indices.map { axis in
                let along = Window.Axis(stride: stride[axis], dilation: dilation[axis])
                let outputs = (input[axis] + stride[axis] - 1) / stride[axis]
                return max(0, along.span(outputs: outputs, taps: kernel[axis]) - input[axis])
            }
            return (totals.map { $0 / 2 }, totals.map { $0 - $0 / 2 })
        }
    }
}
