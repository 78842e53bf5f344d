import AdjointExplanations
import AdjointGraphs
import Testing

/// Windows, coverage, and the sums over them.
extension SaidNumbers {
    /// Sentences about the places of windows, the number of windows over positions, and the remainder of the stride.
    func saysCoverage(_ text: String) -> Bool {
        let axes = 0..<layer.rank
        let largest = coverage.values.max() ?? 0
        if text.contains(" windows of "),
            let match = text.wholeMatch(
                of: /(\S+) windows of (\S+) taps over (\S+) positions, stride (\S+), dilation (\S+)\./)
        {
            let said = [match.1, match.2, match.3, match.4, match.5].map { String($0) }
            let right = [layer.windows, layer.kernel, layer.field, layer.stride, layer.dilation].map { perAxis($0) }
            expect(said == right, text, "\(right)")
            return true
        }
        if text.contains("windows overlap"),
            let match = text.prefixMatch(
                of:
                    /The windows overlap: up to (\d+) lie over one position, and neighbours share (\S+) of their (\S+) positions, axis by axis/
            )
        {
            let shared = axes.map { axis -> Int in
                if layer.windows[axis] < 2 { return 0 }
                let first = Set((0..<layer.kernel[axis]).map { layer.dilation[axis] * $0 })
                return first.intersection(first.map { $0 + layer.stride[axis] }).count
            }
            expect(String(match.1) == "\(largest)" && largest > 1, text, "\(largest)")
            expect(String(match.2) == perAxis(shared), text, perAxis(shared))
            expect(String(match.3) == perAxis(layer.kernel), text, perAxis(layer.kernel))
            return true
        }
        if text.hasPrefix("No two windows share a position") {
            expect(largest <= 1 && text == "No two windows share a position of \(layer.fieldName).", text)
            return true
        }
        if text.contains("lie under none"), let match = text.prefixMatch(of: /(\d+) of (\d+) positions lie under none:/)
        {
            let none = coverage.values.count { $0 == 0 }
            expect(String(match.1) == "\(none)" && String(match.2) == "\(coverage.count)", text, "\(none)")
            let what =
                layer.isTransposed
                ? layer.hasBias ? "G is its bias there" : "G is 0 there" : "their derivative is 0"
            expect(text.contains(what), text, what)
            expect(text.contains("no weight learns") == (layer.pool == nil && !layer.isTransposed), text)
            return true
        }
        if text.contains("stride leaves"),
            let match = text.wholeMatch(
                of: /The stride leaves a remainder of (\S+) at the end of the axes, padding included\./)
        {
            let left = axes.map { axis -> Int in
                let padded = layer.input[axis] + layer.before[axis] + layer.after[axis]
                return (padded - layer.dilation[axis] * (layer.kernel[axis] - 1) - 1) % layer.stride[axis]
            }
            expect(!layer.isTransposed && String(match.1) == perAxis(left), text, perAxis(left))
            return true
        }
        let counts = LayerApart.indices(layer.field).map { coverage[$0] ?? 0 }
        if text.contains("row by row"),
            let match = text.wholeMatch(of: /Windows over each position, row by row: (.*)\./)
        {
            let said = match.1.split { " ;".contains($0) }.compactMap { Int($0) }
            expect(said == counts, text, "\(counts)")
            return true
        }
        if text.contains("A map of how"),
            let match = text.wholeMatch(of: /A map of how many windows lie over each position, from (\d+) to (\d+)\./)
        {
            expect([Int(match.1), Int(match.2)] == [counts.min(), counts.max()], text)
            return true
        }
        return false
    }

    /// Sentences with the number of a sum's terms, their indices, and their sum.
    func saysSum(_ text: String, _ sum: SaidSum) -> Bool {
        let count = sum.terms.count
        if text.contains(" is a sum of "),
            let match = text.wholeMatch(
                of:
                    /(\S+) is a sum of (\d+) terms?(?:, tap by tap in one window| over (\d+) (windows?|positions of G))(?:, Σ over (\d+) (\w+))?(, the last its bias)?(?:: (\S+))?\./
            )
        {
            expect(Int(match.2) == count, text, "\(count) terms")
            var windows: Int?
            switch sum.name {
            case layer.resultName: break
            case layer.fieldName: windows = Set(sum.terms.compactMap { $0.product?.window }).count
            case "B" where layer.isTransposed: windows = count
            default: windows = layer.windows.reduce(layer.batch, *)
            }
            expect(match.3.flatMap { Int($0) } == windows, text, "\(windows ?? 0) windows")
            expect((match.4 == "positions of G") == (sum.name == "B" && layer.isTransposed), text)
            let outer = outer(sum.name)
            expect(match.5.flatMap { Int($0) } == (outer.count > 1 ? outer.count : nil), text, "\(outer)")
            expect(match.6.map { String($0) } == (outer.count > 1 ? outer.noun : nil), text, "\(outer)")
            expect((match.7 != nil) == (sum.name == "G" && layer.hasBias), text)
            expect(match.8.flatMap { Double($0) } == (isKnown ? sum.total : nil), text, "\(sum.total)")
            return true
        }
        if text.contains(" as a sum: ") {
            expect(text.split(separator: " + ").count == max(1, count), text, "\(count) terms")
            return true
        }
        if text.contains("A map of "),
            let match = text.wholeMatch(of: /A map of (\d+) numbers of which the largest is (\S+) in size\./)
        {
            let cells = sum.cells(layer)
            let largest = cells.values.reduce(0) { max($0, $1.magnitude) }
            expect(Int(match.1) == cells.count && Double(match.2) == largest, text, "\(cells.count), \(largest)")
            return true
        }
        if text.contains("What each"),
            let match = text.wholeMatch(of: /(What each (?:window|tap|position) adds to \S+?)(?:, Σ over (\d+) (\w+))?/)
        {
            let outer = outer(sum.name)
            expect(match.2.flatMap { Int($0) } == (outer.count > 1 ? outer.count : nil), text, "\(outer)")
            let word =
                sum.name == layer.resultName ? "tap" : sum.name == "B" && layer.isTransposed ? "position" : "window"
            expect(match.1.hasPrefix("What each \(word) adds"), text, word)
            return true
        }
        if text.contains("the ten"), let match = text.wholeMatch(of: /(\d+) terms; the ten (largest|first) shown/) {
            expect(Int(match.1) == count && (match.2 == "largest") == isKnown, text, "\(count)")
            return true
        }
        return false
    }

    /// The index over which a sum runs beside windows and taps, within its group.
    func outer(_ name: String) -> (count: Int, noun: String) {
        switch name {
        case "W", "B": (layer.batch, "examples")
        case "V": (layer.filters / layer.groups, "filters")
        default: (layer.channels / layer.groups, "channels")
        }
    }

    /// The rows of a sum: the place of each term, and its number.
    func checkTerms(_ table: Explanation.Table, _ sum: SaidSum) {
        let isFolded = sum.terms.count > 64
        expect(table.rows.count == (isFolded ? 10 : sum.terms.count), "\(table.rows.count) rows", "\(sum.terms.count)")
        func cell(_ row: [String], _ column: String) -> String? { table.head.firstIndex(of: column).map { row[$0] } }
        func index(_ numbers: [Int]) -> String { numbers.isEmpty ? "" : list(numbers) }
        let hasExamples = sum.terms.contains { $0.g[0] != sum.terms[0].g[0] }
        expect(table.head.contains("example") == hasExamples, "\(table.head)")
        var total = 0.0
        var products: [Double] = []
        for row in table.rows {
            guard let place = Int(row[0]), place >= 1, place <= sum.terms.count else {
                Issue.record("row \(row) \(name)")
                continue
            }
            let term = sum.terms[place - 1]
            let own = Array(term.g.dropFirst(2))
            let window = term.product?.window ?? (layer.isTransposed ? [] : own)
            let position = term.product?.position ?? (layer.isTransposed ? own : [])
            if hasExamples { expect(cell(row, "example") == "\(term.g[0])", "\(row)", "example \(term.g[0])") }
            expect(cell(row, "window") == index(window), "\(row)", "window \(window)")
            expect(cell(row, "position") == index(position), "\(row)", "position \(position)")
            guard isKnown else { continue }
            total += term.value
            products.append(term.value)
            expect(cell(row, "product").flatMap { Double($0) } == term.value, "\(row)", "\(term.value)")
            expect(
                cell(row, isFolded ? "total of these" : "total").flatMap { Double($0) } == total, "\(row)", "\(total)")
        }
        if isFolded, isKnown {
            let largest = sum.terms.map { $0.value.magnitude }.sorted(by: >).prefix(10)
            expect(products.map { $0.magnitude } == Array(largest), "\(products)", "\(largest)")
        }
    }
}
