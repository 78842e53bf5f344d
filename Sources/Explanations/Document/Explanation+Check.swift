import AdjointGraphs

extension Explanation {
    /// Checks of a layer's gradients that do not depend on the rules of derivatives: ⟨J·v, u⟩ beside ⟨v, Jᵀ·u⟩ for random v and
    /// u, and a finite difference for the selected element of V, W or B, all in Double.
    ///
    /// Missing values are random. Large layers are not checked, since that takes several evaluations by definition.
    public static func check(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor], words: Words = .english
    ) throws(ArgumentError) -> [Section] {
        let sliding = try Sliding(of: layer, words)
        let (graph, shapes) = (sliding.graph, sliding.shapes)
        let largest = shapes.values.reduce(1) { max($0, $1.count) }
        guard largest * Shape(layer.kernel).count * layer.channels <= 1 << 18 else {
            return [Section(words.check, view: .check, [.fold(words.notChecked, opening: words.smallerInput)])]
        }
        var bindings: [String: Tensor] = [:]
        var drawn: [String] = []
        for name in graph.inputs.map({ $0.name }) + ["∂G"] {
            if values[name] == nil { drawn.append(name == "∂G" ? "∂E/∂G" : name) }
            let tensor = values[name] ?? .drawn(shapes[name] ?? shapes["G"] ?? [], stream: UInt32(bindings.count))
            // E = Σ U·G has the derivatives U by G; the gradient check has an input named `∂G` of its own.
            bindings[name == "∂G" ? "U" : name] = tensor
        }
        var elements: [String: [[Int]]] = [:]
        for input in graph.inputs {
            elements[input.name] = input.name == selection.name ? [input.shape.index(of: selection.place)] : []
        }
        let check = try layer.energy().gradientCheck(of: elements, output: "E", bindings: bindings)
        let rows =
            [row(words.innerProducts, check.identity.forward, check.identity.backward)]
            + check.elements.map { element in
                let names = [sliding.name(of: selection), sliding.name(selection.name, selection.place)]
                return row(filled(words.gradientAndDifference, names), element.gradient, element.difference)
            }
        let kinks = check.elements.compactMap { $0.slopes }.map { slopes in
            Block.line(filled(words.kink, [shown(slopes.lowerBound), shown(slopes.upperBound)]))
        }
        let lead = words.checkLead + (drawn.isEmpty ? "" : filled(words.drawnNumbers, [joined(drawn)]))
        return [
            Section(
                words.check, view: .check,
                [.line(lead), .table(Table(words.checkColumns, rows: rows, alignment: [.left]))] + kinks
                    + [.line(check.agrees ? words.agrees : words.differs)])
        ]
    }

    private static func row(_ title: String, _ one: Double, _ other: Double) -> [String] {
        [title, shown(one), shown(other), rounded((one - other).magnitude, digits: 2)]
    }
}

extension Tensor {
    /// Reproducible numbers with two decimals in −1 … 1.
    package static func drawn(_ shape: Shape, seed: UInt32 = 0, stream: UInt32) -> Tensor {
        let numbers = (0..<shape.count).map { place in
            (Threefry.uniform(key: (seed, stream), counter: (UInt32(truncatingIfNeeded: place), 0)) * 200 - 100)
                .rounded() / 100 + 0
        }
        return Tensor(known: shape, .float64(numbers))
    }
}
