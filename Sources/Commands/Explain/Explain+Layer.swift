import AdjointExplanations
import AdjointGraphs

/// Whole numbers, from `least` on, with a separator between them; nil for anything else.
func numbers(_ text: String, separator: Character, from least: Int) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter { $0 >= least && $0 < 1 << 31 }
    return numbers.count == parts.count ? numbers : nil
}

extension Reading<[Int]> {
    /// The sizes `3x3`, on one to three axes.
    fileprivate static let sizes = Reading(expected: "sizes on 1 to 3 axes, as 3x3") { text in
        numbers(text, separator: "x", from: 1).flatMap { $0.count <= 3 ? $0 : nil }
    }

    /// One number, `2`, or one for each axis, `2x1`.
    fileprivate static func perAxis(from least: Int) -> Reading {
        Reading(expected: "a whole number from \(least) on, or one for each axis, as 2x1") { text in
            numbers(text, separator: "x", from: least) ?? numbers(text, separator: ",", from: least)
        }
    }
}

private let input = Option("--input", "SIZES", "the input's size: 3x3, one to three axes (3x3)", .sizes)
private let kernel = Option("--kernel", "SIZES", "the filter's or pool's (2x2)", .sizes)
private let channels = Option("--channels", "C", "of the input (1)", .wholeAboveZero)
private let filters = Option("--filters", "K", "channels of the output (1)", .wholeAboveZero)
private let batch = Option("--batch", "N", "examples (1)", .wholeAboveZero)
private let stride = Option("--stride", "S", "2, or 2x1 for each axis (1; of a pool its size)", .perAxis(from: 1))
private let padding = Option(
    "--padding", "P", "on all sides, or T,L,B,R: before each axis, then after; or same (0)",
    Reading(expected: "a whole number, one before and one after each axis (T,L,B,R), or same") { text -> Padding? in
        if text == "same" { return .same }
        guard let amounts = numbers(text, separator: ",", from: -1 << 30) else { return nil }
        if amounts.count == 1 { return .uniform(amounts[0]) }
        let half = amounts.count / 2
        return amounts.count % 2 == 1
            ? nil : .sides(before: Array(amounts.prefix(half)), after: Array(amounts.suffix(half)))
    })
private let dilation = Option(
    "--dilation", "D", "distance between taps, for each axis if need be (1)", .perAxis(from: 1))
private let groups = Option("--groups", "G", "groups of channels (1)", .wholeAboveZero)
private let outputPadding = Option(
    "--output-padding", "O", "how much longer a transposed layer's output is (0)", .perAxis(from: 0))
private let transposed = Flag("--transposed", "a transposed convolution")
private let pool = Option("--pool", "KIND", "a pool instead of a filter: max or average", .oneOf("max", "average"))
private let dims = Option(
    "--dims", "N", "1, 2 or 3 axes, for sizes that are not given (2)",
    Reading(expected: "1, 2 or 3") { Int($0).flatMap { (1...3).contains($0) ? $0 : nil } })

/// The options that give a layer's geometry.
enum LayerOptions {
    static let all: [any Parameter] = [
        input, kernel, channels, filters, batch, stride, padding, dilation, groups, outputPadding, transposed, pool,
        dims,
    ]

    /// The most elements of a tensor of an explained layer: half a gigabyte.
    private static let largest = 1 << 26
    /// The most products in the sum of one element; all are written down before some are left out.
    private static let longest = 1 << 17

    private static func check(_ layer: LayerGeometry, _ arguments: Arguments) throws(CommandFailure) {
        let shapes = ((try? layer.shapes()) ?? [:]).sorted { $0.key < $1.key }
        for (name, shape) in shapes where shape.count > largest {
            throw arguments.failure("expected a layer with at most \(largest) numbers in \(name), given \(shape)")
        }
        let channels = max(layer.channels, layer.filters) / max(1, layer.groups)
        let products = layer.kernel.reduce(Double(layer.pool == nil ? max(1, channels) : 1)) { $0 * Double($1) }
        guard products <= Double(longest) else {
            throw arguments.failure(
                "expected a layer whose elements add at most \(longest) products up, given kernel "
                    + "\(list(layer.kernel)) over \(layer.channels) channels to \(layer.filters)")
        }
    }

    static func geometry(_ arguments: Arguments) throws(CommandFailure) -> LayerGeometry {
        let rank = arguments[input]?.count ?? arguments[kernel]?.count ?? arguments[dims] ?? 2
        var layer = LayerGeometry(
            input: arguments[input] ?? Array(repeating: 3, count: rank),
            kernel: arguments[kernel] ?? Array(repeating: 2, count: rank))
        guard layer.kernel.count == rank, arguments[dims] ?? rank == rank else {
            throw arguments.failure("expected as many axes of --input, --kernel and --dims, given different ones")
        }
        func perAxis(_ option: Option<[Int]>) throws(CommandFailure) -> PerAxis? {
            guard let numbers = arguments[option] else { return nil }
            guard numbers.count == 1 || numbers.count == rank else {
                throw arguments.failure("\(option.name): expected 1 or \(rank) numbers, given \(numbers.count)")
            }
            return numbers.count == 1 ? PerAxis(numbers[0]) : PerAxis(numbers)
        }
        layer.pool = arguments[pool].flatMap { LayerGeometry.Pool(rawValue: $0) }
        layer.isTransposed = arguments[transposed]
        if layer.pool != nil, layer.isTransposed || arguments[filters] != nil || arguments[groups] != nil {
            throw arguments.failure("--pool: expected no --transposed, --filters or --groups beside it")
        }
        if arguments[outputPadding] != nil, !layer.isTransposed {
            throw arguments.failure("--output-padding: expected --transposed beside it")
        }
        layer.batch = arguments[batch] ?? 1
        layer.channels = arguments[channels] ?? 1
        layer.filters = arguments[filters] ?? 1
        layer.groups = arguments[groups] ?? 1
        layer.stride = try perAxis(stride) ?? (layer.pool == nil ? 1 : PerAxis(layer.kernel))
        layer.dilation = try perAxis(dilation) ?? 1
        layer.outputPadding = try perAxis(outputPadding) ?? 0
        if let most = arguments[outputPadding]?.max() {
            let steps = (arguments[stride] ?? [1]) + (arguments[dilation] ?? [1])
            guard most < steps.max() ?? 1 else {
                throw arguments.failure("--output-padding: expected less than stride or dilation, given \(most)")
            }
        }
        if let padding = arguments[padding] {
            if case .sides(let before, _) = padding, before.count != rank {
                throw arguments.failure("--padding: expected 1 or \(2 * rank) numbers, given \(2 * before.count)")
            }
            layer.padding = padding
        }
        try check(layer, arguments)
        do throws(ArgumentError) { _ = try layer.graph() } catch { throw arguments.failure("\(error)") }
        return layer
    }
}
