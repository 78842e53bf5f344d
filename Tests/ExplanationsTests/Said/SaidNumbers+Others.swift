import AdjointExplanations
import AdjointGraphs
import Testing

/// Sentences about the elements that a weight meets, shortened equations, flow graphs and the check.
extension SaidNumbers {
    func saysSharing(_ text: String, _ sum: SaidSum) -> Bool {
        /// The places of the field that a weight, given by its name, meets.
        func met(_ weight: some StringProtocol) -> [[Int]] {
            guard let shape = shapes["W"], let selection = try? Selection(parsing: String(weight), among: shapes)
            else { return [] }
            return products.filter { $0.w == shape.index(of: selection.place) }.map { layer.isTransposed ? $0.g : $0.v }
        }
        if text.contains(" meets "),
            let match = text.wholeMatch(of: /(\S+) meets (\d+) elements? of (\w)(?:: (.*))?\.?/)
        {
            let right = met(match.1)
            expect(Int(match.2) == right.count && match.3 == layer.fieldName, text, "\(right.count)")
            let names = right.map { name(layer.fieldName, $0) }
            guard let said = match.4 else { return true }
            let first = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
            expect(said == first || said == first + ".", text, first)
            return true
        }
        if text.contains(" that "), let match = text.wholeMatch(of: /The (\d+) elements of (\S+) that (\S+) meets/) {
            expect(Int(match.1) == met(match.3).count { $0[0] == 0 }, text)
            return true
        }
        return text.contains("meets") && !Self.hasNumber(text.replacing(/\[[^\]]*\]/, with: ""))
    }

    private func name(_ tensor: String, _ index: [Int]) -> String {
        let shape = shapes[tensor] ?? []
        return Naming(for: Array(shapes.values)).name(tensor, at: shape.place(of: index) ?? -1, of: shape).text
    }

    /// Sentences with the number of equations and terms, and the share of them that is shown.
    func saysFold(_ text: String, _ sum: SaidSum) -> Bool {
        if text.contains(" equations, "), let match = text.wholeMatch(of: /([\d,]+) equations, (\d+) of them shown/) {
            let count = match.1.replacing(",", with: "")
            expect(shapes.values.contains { "\($0.count)" == count }, text)
            return true
        }
        guard text.contains(" shown"),
            let match = text.wholeMatch(
                of:
                    /(?:([\d,]+) windows, ([\d,]+) with a (?:real pixel|position of G under the tap)|([\d,]+) terms); the (?:(\d+) largest shown, (\S+) % of Σ\|term\||first (\d+) shown, since without numbers none is larger)/
            )
        else { return false }
        func number(_ text: Substring?) -> Int? { text.flatMap { Int($0.replacing(",", with: "")) } }
        // The note on the forward equations is about the first of them.
        let forward = SaidSum(layer, products, "G", [Int](repeating: 0, count: layer.rank + 2), values)
        let sums = [sum] + (sum.name == "G" ? [] : [forward])
        let count = number(match.2) ?? number(match.3)
        guard let own = sums.first(where: { $0.terms.count == count }) else {
            expect(false, text, "\(sums.map { $0.terms.count }) terms")
            return true
        }
        if match.1 != nil { expect(number(match.1) == layer.windows.reduce(layer.batch, *), text) }
        if let share = match.5.flatMap({ Double($0) }) {
            let sizes = own.terms.map { $0.value.magnitude }.sorted(by: >)
            let right = 100 * sizes.prefix(10).reduce(0, +) / sizes.reduce(0, +)
            expect(isKnown && (share - right).magnitude < 0.006 * right, text, "\(right)")
        }
        expect(number(match.4) ?? number(match.6) == 10, text)
        return true
    }

    /// `∂W = convolution(V, ∂G) role: filter, stride [2], padding [1]`: the gradient as a node of a graph.
    func saysNode(_ text: String) -> Bool {
        if text.hasPrefix("∂B = sum(∂G) over axes ") {
            let axes = [0] + (2..<2 + layer.rank)
            expect(text == "∂B = sum(∂G) over axes \(list(axes))", text)
            return true
        }
        guard text.contains(" = convolution(") else { return false }
        var right = ""
        for (name, numbers, usual) in [
            ("stride", layer.stride, 1), ("dilation", layer.dilation, 1), ("padding", layer.before, 0),
        ] where numbers.contains(where: { $0 != usual }) {
            right += ", \(name) \(list(numbers))"
        }
        if layer.groups > 1 { right += ", groups \(layer.groups)" }
        expect(text.replacing(/^.* role: \w+/, with: "") == right, text, right)
        return true
    }

    func saysFlow(_ text: String) -> Bool {
        if text.contains("too many"), let match = text.wholeMatch(of: /([\d,]+) numbers: too many to draw one by one/) {
            let count = ["V", "W", "B"].reduce(0) { $0 + (shapes[$1]?.count ?? 0) }
            expect(match.1.replacing(",", with: "") == "\(count)", text, "\(count)")
            return true
        }
        // Equations that are read off the drawing.
        return text.hasPrefix("Left or above, the graph: ") || text.hasPrefix("The weight rule")
    }

    /// Every product of the layer is a gain on an arrow of the scalar graphs.
    func checkFlow(_ table: Explanation.Table, _ section: Explanation.Section) {
        guard section.title.contains("as gain"), let row = table.rows.first(where: { $0[0] == "gain w on an arrow" })
        else { return }
        expect(Int(row[2]) == products.count, "\(row)", "\(products.count) products")
    }

    /// A sentence about a maximum that chooses among equal numbers: on one side this element, on the other another one.
    func saysKink(_ text: String, _ sum: SaidSum) -> Bool {
        guard text.contains("a kink or a tie"),
            let match = text.firstMatch(of: /add up to something from (\S+) to (\S+), ΔE/)
        else { return false }
        let (v, own) = (values["V"]!, Array(sum.index.dropFirst(2)))
        func number(_ position: [Int]) -> Double {
            v.doubles[v.shape.place(of: Array(sum.index.prefix(2)) + position) ?? 0]
        }
        var (low, high) = (0.0, 0.0)
        for window in LayerApart.indices(layer.windows) {
            let positions = LayerApart.indices(layer.kernel).map { layer.position(window, $0) }.filter {
                layer.isInside($0)
            }
            guard positions.contains(own), let g = shapes["G"]?.place(of: Array(sum.index.prefix(2)) + window) else {
                continue
            }
            let derivative = values["∂G"]!.doubles[g]
            let other = positions.filter { $0 != own }.map(number).max() ?? -.infinity
            if number(own) > other { (low, high) = (low + derivative, high + derivative) }
            if number(own) == other { (low, high) = (low + min(0, derivative), high + max(0, derivative)) }
        }
        let said = [match.1, match.2].map { Double($0) ?? .nan }
        expect(
            layer.pool == .max && zip(said, [low, high]).allSatisfy { abs($0 - $1) < 1e-6 }, text, "\(low), \(high)")
        return true
    }

    /// The check's gradient is that of the sum.
    func checkDifference(_ table: Explanation.Table, _ sum: SaidSum) {
        for row in table.rows where row[0].contains("ΔE/Δ") && isKnown {
            guard layer.pool == nil else { continue }
            let (one, other) = (Double(row[1]) ?? .nan, Double(row[2]) ?? .nan)
            expect(one == sum.total && (other - one).magnitude < 1e-6 * max(1, one.magnitude), "\(row)", "\(sum.total)")
        }
    }
}
