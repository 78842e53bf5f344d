import AdjointExplanations
import AdjointGraphs
import TestSupport

/// 200 layers, no two alike: those that have led to errors, those at the limits, and the rest drawn at random, the same each
/// time. New ones are added at the end of `chosen`, where they take the place of the last random one.
enum PictureZoo {
    static let cases: [PictureCase] = {
        var cases = windows + chosen
        var known = Set(cases)
        var samples = Samples(seed: 9)
        while cases.count < 200 {
            let next = drawn(&samples)
            if isLayer(next), known.insert(next).inserted { cases.append(next) }
        }
        return cases
    }()

    /// The geometries that all tests of convolutions share.
    private static let windows = WindowZoo.inhabited.enumerated().map { number, window in
        var next = PictureCase(window.input, window.kernel, PictureCase.Numbers.allCases[number % 4])
        (next.stride, next.dilation, next.before, next.after) =
            (window.stride, window.dilation, window.before, window.after)
        // One channel in every second, where names are short and all is drawn.
        if number % 2 == 0 || window.groups > 1 {
            (next.batch, next.channels) = (window.batch, window.channels)
            (next.filters, next.groups) = (window.filters, window.groups)
        }
        return next
    }

    private static let chosen: [PictureCase] = {
        func like(
            _ input: [Int], _ kernel: [Int], _ numbers: PictureCase.Numbers = .symbols,
            _ kind: PictureCase.Kind = .conv, _ change: (inout PictureCase) -> Void = { _ in }
        ) -> PictureCase {
            var next = PictureCase(input, kernel, numbers, kind)
            change(&next)
            return next
        }
        return [
            // The question, in all its numbers.
            like([3, 3], [2, 2]), like([3, 3], [2, 2], .counting), like([3, 3], [2, 2], .small),
            like([3, 3], [2, 2], .long),
            like([3, 3], [2, 2], .long) { $0.hasBias = true },
            // One element, one row, one column.
            like([1, 1], [1, 1]), like([1, 1], [1, 1], .long), like([1], [1], .long),
            like([1, 1, 1], [1, 1, 1], .long),
            like([1, 12], [1, 3], .long), like([12, 1], [3, 1], .long), like([3, 3], [3, 3], .long),
            like([7, 7], [7, 7]), like([7, 7], [7, 7], .long),
            like([1, 1], [3, 3]) { ($0.before, $0.after) = ([1, 1], [1, 1]) },
            // Rows.
            like([12], [7], .long), like([12], [2], .counting) { $0.stride = [5] }, like([5], [3]),
            like([2], [2], .small),
            like([9], [3]) { $0.dilation = [4] },
            // The largest.
            like([12, 12], [7, 7], .long), like([12, 12], [1, 1], .long), like([12, 12], [3, 3]),
            like([12, 12], [2, 2]) { $0.stride = [2, 2] }, like([20, 20], [3, 3], .long),
            like([28, 28], [5, 5], .small),
            like([64, 64], [3, 3], .long), like([12, 12, 12], [3, 3, 3], .small),
            // Channels, filters, groups, examples.
            like([3, 3], [2, 2], .long) { ($0.channels, $0.filters) = (2, 2) },
            like([4, 4], [3, 3]) { ($0.channels, $0.filters, $0.batch) = (12, 16, 3) },
            like([4, 4], [2, 2], .long) { ($0.channels, $0.filters, $0.groups) = (4, 4, 2) },
            like([4, 4], [2, 2]) { ($0.channels, $0.filters, $0.groups) = (4, 4, 4) },
            like([1, 1], [1, 1], .small) { ($0.channels, $0.filters) = (64, 32) },
            like([224, 224], [7, 7]) {
                ($0.channels, $0.filters, $0.stride) = (3, 64, [2, 2])
                ($0.before, $0.after) = ([3, 3], [3, 3])
            },
            // Transposed.
            like([3, 3], [3, 3], .symbols, .transposed) {
                ($0.stride, $0.before, $0.after, $0.outputPadding) = ([2, 2], [1, 1], [1, 1], [1, 1])
            },
            like([3, 3], [2, 2], .long, .transposed), like([4], [3], .long, .transposed) { $0.stride = [3] },
            like([1, 1], [5, 5], .small, .transposed), like([2, 3, 2], [2, 2, 2], .symbols, .transposed),
            // Pools.
            like([4, 4], [2, 2], .symbols, .max), like([5, 5], [3, 3], .long, .max) { $0.stride = [2, 2] },
            like([6, 6], [2, 3], .long, .average), like([7], [3], .symbols, .average) { $0.stride = [2] },
            like([3, 4, 4], [2, 2, 2], .small, .max), like([1, 1], [1, 1], .long, .average),
        ]
    }()

    private static func drawn(_ samples: inout Samples) -> PictureCase {
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &samples) }
        func isOne(in count: Int) -> Bool { number(1...count) == 1 }
        let rank = [1, 2, 2, 2, 2, 2, 3][number(0...6)]
        func each(_ range: ClosedRange<Int>) -> [Int] { (0..<rank).map { _ in number(range) } }
        let kind: PictureCase.Kind = [.conv, .conv, .conv, .transposed, .max, .average][number(0...5)]
        let numbers = PictureCase.Numbers.allCases[number(0...3)]
        var next = PictureCase(each(1...(rank == 3 ? 5 : 12)), each(1...(rank == 3 ? 3 : 7)), numbers, kind)
        if isOne(in: 2) { next.stride = each(1...3) }
        if isOne(in: 3), kind != .average { next.dilation = each(1...3) }
        if isOne(in: 2) { (next.before, next.after) = (each(0...2), each(0...2)) }
        if isOne(in: 12), kind == .conv { next.before = each(-2...0) }
        if isOne(in: 3) { next.batch = number(1...3) }
        if isOne(in: 3) {
            next.groups = next.isPool ? 1 : number(1...3)
            (next.channels, next.filters) = (next.groups * number(1...3), next.isPool ? 1 : next.groups * number(1...3))
        }
        if isOne(in: 4), !next.isPool { next.hasBias = true }
        if kind == .transposed, isOne(in: 3) { next.outputPadding = next.stride.map { number(0...$0 - 1) } }
        return next
    }

    /// Whether sizes fit each other, and there is a result.
    private static func isLayer(_ next: PictureCase) -> Bool {
        guard let shapes = try? next.layer.shapes() else { return false }
        return shapes.values.allSatisfy { $0.count > 0 }
    }
}
