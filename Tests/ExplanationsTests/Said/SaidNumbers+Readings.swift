import AdjointExplanations
import AdjointGraphs
import Testing

/// A layer's relation, and its gradients as convolutions: the relation is tested at every place, and the steps of a
/// reading are done as the sentences say.
extension SaidNumbers {
    func saysRelation(_ text: String) throws -> Bool {
        /// The axes of a sentence: the last that was named, or all.
        func holds(_ equation: Substring, turned: Int? = nil, _ axis: Int) -> Bool {
            let sides = equation.split(separator: " = ").map { Linear($0) }
            guard sides.count == 2 else { return false }
            return (-3..<4).allSatisfy { i in
                (0..<layer.kernel[axis]).allSatisfy { r in
                    (-3..<4).allSatisfy { p in
                        let numbers = ["i": i, "p": p, "r": r, "r'": layer.kernel[axis] - 1 - r]
                        let isSaid = sides[0].value(numbers) == sides[1].value(numbers)
                        return isSaid == (i == layer.position(p, r, axis))
                    }
                }
            }
        }
        func axis(_ holds: (Int) -> Bool) -> Bool { (0..<layer.rank).contains(where: holds) }
        if text.contains("belong together"),
            let match = text.wholeMatch(
                of: /(\w)\[i\], W\[r\] and (\w)\[p\] belong together where (.*?)( on every axis| on axis (\d))?\./)
        {
            expect(match.1 == layer.fieldName && match.2 == layer.resultName, text)
            let axes = match.5.flatMap { Int($0) }.map { [$0] } ?? Array(0..<layer.rank)
            expect(axes.allSatisfy { holds(match.3, $0) }, text)
            return true
        }
        if text.contains("the plane is read"),
            let match = text.firstMatch(
                of:
                    /the plane is read at (.*?): stride (\d+), dilation (\d+)\.( Stride and dilation have changed places)?/
            )
        {
            let steps = [Int(match.2), Int(match.3)]
            expect(
                axis { axis in
                    let own = [layer.stride[axis], layer.dilation[axis]]
                    return holds(match.1, axis) && steps == (match.4 == nil ? own : own.reversed())
                }, text)
            return true
        }
        if text.contains("counts backwards"),
            let match = text.firstMatch(
                of:
                    /i is fixed, p is summed, and (.*?): r counts backwards\. With (.*?) it is (.*?): the filter is turned(?:, and the plane spread by (\d+))?\./
            )
        {
            expect(
                axis { axis in
                    holds(match.1, axis) && holds(match.3, axis)
                        && match.2
                            == "r' = \(layer.kernel[axis] - 1) - r".replacing(
                                "0 - r", with: layer.kernel[axis] == 1 ? "-r" : "0 - r")
                        && match.4.flatMap { Int($0) } ?? 1 == layer.stride[axis]
                }, text)
            return true
        }
        return false
    }

    /// `∂G[0,1,…] (put 1 zero between) over V[0,0,…] (pad 1): slide with stride 1. That is …`
    func saysReading(_ text: String, _ sum: SaidSum) throws -> Bool {
        if text.contains(" as a convolution"), !Self.hasNumber(text) { return true }
        guard text.contains(". That is "),
            let match = text.wholeMatch(
                of:
                    /(\S+?)(?: \((.*?)\))? over (\S+?)(?: \((.*?)\))?: (.*?)\. That is (?:one share of (\S+): Σ over (\d+) (\w+) is all of it|(\S+))\./
            )
        else { return false }
        let result = String(match.6 ?? match.9 ?? "")
        let role = String(result.drop { $0 == "∂" }.prefix(1))
        let outer = outer(role)
        expect(match.7.flatMap { Int($0) } == (outer.count > 1 ? outer.count : nil), text, "\(outer)")
        expect(match.8.map { String($0) } == (outer.count > 1 ? outer.noun : nil), text, "\(outer)")
        expect(belongs(result, to: sum), text, "the plane of \(sum.name)\(sum.index)")
        // Random planes, the steps done as the sentences say, and the share computed product by product.
        let names = [String(match.1), String(match.3)]
        let planes = names.enumerated().map { number, name -> Box in
            let sizes = sizes(name)
            let count = sizes.reduce(1, *)
            return Box(sizes, (0..<count).map { Double(($0 * 7 + 5 * number + 3) % 11 - 5) })
        }
        let filter = planes[0].after(match.2, layer.rank)
        let plane = planes[1].after(match.4, layer.rank)
        let said = filter.slid(over: plane, String(match.5), layer.rank)
        let right = share(of: result, names, planes)
        expect(said == right, text, "\(right)")
        return true
    }

    /// Whether a plane contains the selected element, where that is in its tensor.
    private func belongs(_ plane: String, to sum: SaidSum) -> Bool {
        guard plane.hasPrefix("∂" + sum.name), let match = plane.firstMatch(of: /\[(\d+),(\d+),…\]/) else {
            return true
        }
        return [Int(match.1), Int(match.2)] == Array(sum.index.prefix(2)).map { Optional($0) }
    }

    private func sizes(_ name: String) -> [Int] {
        let letter = String(name.drop { $0 == "∂" }.prefix(1))
        return Array((shapes[letter] ?? []).sizes.dropFirst(2))
    }

    /// The sum over products of one pair of planes: those of the example, filter and channel in the names.
    private func share(of result: String, _ names: [String], _ planes: [Box]) -> Box {
        var kept = Box(sizes(result), [Double](repeating: 0, count: sizes(result).reduce(1, *)))
        func letter(_ name: String) -> String { String(name.drop { $0 == "∂" }.prefix(1)) }
        let known = Dictionary(uniqueKeysWithValues: zip(names.map(letter), planes))
        for window in LayerApart.indices(layer.windows) {
            for tap in LayerApart.indices(layer.kernel) {
                let position = layer.position(window, tap)
                guard layer.isInside(position) else { continue }
                let places = ["W": tap, layer.fieldName: position, layer.resultName: window]
                var product = 1.0
                for (name, box) in known { product *= box[places[name] ?? []] }
                kept[places[letter(result)] ?? []] += product
            }
        }
        return kept
    }
}

extension LayerApart {
    fileprivate func position(_ p: Int, _ r: Int, _ axis: Int) -> Int {
        stride[axis] * p + dilation[axis] * r - before[axis]
    }
}

/// A linear expression: `2·p + r - 1`.
private struct Linear {
    var coefficients: [String: Int] = [:]

    init(_ text: Substring) {
        var sign = 1
        for word in text.split(separator: " ") {
            if word == "+" || word == "-" {
                sign = word == "+" ? 1 : -1
                continue
            }
            let isNegative = word.hasPrefix("-")
            let parts = word.drop { $0 == "-" }.split(separator: "·").map { String($0) }
            let number = Int(parts[0])
            let letter = number == nil ? parts[0] : parts.count > 1 ? parts[1] : ""
            coefficients[letter, default: 0] += sign * (isNegative ? -1 : 1) * (number ?? 1)
        }
    }

    func value(_ numbers: [String: Int]) -> Int {
        coefficients.reduce(0) { $0 + $1.value * (numbers[$1.key] ?? 1) }
    }
}

/// Numbers on a box of one to three axes.
private struct Box: Hashable {
    var sizes: [Int]
    var numbers: [Double]

    init(_ sizes: [Int], _ numbers: [Double]) { (self.sizes, self.numbers) = (sizes, numbers) }

    subscript(index: [Int]) -> Double {
        get { zip(index, sizes).allSatisfy { $0 >= 0 && $0 < $1 } ? numbers[place(index)] : 0 }
        set { numbers[place(index)] = newValue }
    }

    private func place(_ index: [Int]) -> Int { zip(index, sizes).reduce(0) { $0 * $1.1 + $1.0 } }

    /// A box of these sizes; `origin` gives for each index the index in this box, or nil for zero.
    private func moved(_ sizes: [Int], _ origin: ([Int]) -> [Int]?) -> Box {
        Box(sizes, LayerApart.indices(sizes).map { origin($0).map { self[$0] } ?? 0 })
    }

    /// The box after steps such as `turn around, put 1 zero between, pad 2 before and crop 1 after`.
    func after(_ steps: Substring?, _ rank: Int) -> Box {
        guard let steps else { return self }
        return String(steps).split(separator: ", ").reduce(self) { box, step in box.after(step, rank) }
    }

    private func after(_ step: Substring, _ rank: Int) -> Box {
        if step == "turn around" { return moved(sizes) { zip($0, sizes).map { $1 - 1 - $0 } } }
        if let match = step.wholeMatch(of: /put (.*) between/) {
            let zeros = match.1.split(separator: " × ").map { Int($0.split(separator: " ")[0]) ?? -9 }
            let gaps = zeros.count == rank ? zeros : [Int](repeating: zeros[0], count: rank)
            return moved(zip(sizes, gaps).map { ($0 - 1) * ($1 + 1) + 1 }) { index in
                zip(index, gaps).allSatisfy { $0 % ($1 + 1) == 0 } ? zip(index, gaps).map { $0 / ($1 + 1) } : nil
            }
        }
        // The axes by their names, or all alike.
        let parts = step.split(separator: "; ").map { $0.split(separator: ": ") }
        let names = ["slices", "rows", "columns"].suffix(rank).map { String($0) }
        var (low, high) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
        for part in parts {
            let axes = part.count == 2 ? names.indices.filter { names[$0] == part[0] } : Array(0..<rank)
            for words in part[part.count - 1].split(separator: " and ").map({ $0.split(separator: " ") }) {
                let amount = (words[0] == "crop" ? -1 : 1) * (Int(words[1]) ?? 99)
                let side = words.count > 2 ? words[2] : ""
                for axis in axes {
                    if side != "after" { low[axis] = amount }
                    if side != "before" { high[axis] = amount }
                }
            }
        }
        return moved(sizes.indices.map { sizes[$0] + low[$0] + high[$0] }) { zip($0, low).map { $0 - $1 } }
    }

    /// The result of `slide with stride 2, then keep the first 3×3` with this box as the filter.
    func slid(over plane: Box, _ text: String, _ rank: Int) -> Box {
        let steps = text.split(separator: ", then ")
        let strides = steps[0].dropFirst("slide with stride ".count).split(separator: " × ").map { Int($0) ?? 99 }
        let stride = strides.count == rank ? strides : [Int](repeating: strides[0], count: rank)
        let windows = (0..<rank).map { (plane.sizes[$0] - sizes[$0]) / stride[$0] + 1 }
        let taps = LayerApart.indices(sizes)
        let result = Box(
            windows,
            LayerApart.indices(windows).map { window in
                taps.reduce(0) { sum, tap in
                    sum + self[tap] * plane[zip(zip(window, stride), tap).map { $0.0 * $0.1 + $1 }]
                }
            })
        guard steps.count > 1 else { return result }
        let kept = steps[1].dropFirst("keep the first ".count).split(separator: "×").map { Int($0) ?? 0 }
        return result.moved(kept) { $0 }
    }
}
