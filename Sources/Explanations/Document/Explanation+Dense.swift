import AdjointGraphs

extension Explanation {
    /// A fully connected net and its gradients: each layer's chain rule, and for a weight of every layer the sum over
    /// all paths to the error, factored, and with the partials put in.
    ///
    /// - Parameters:
    ///   - sizes: the numbers of inputs and of each layer's units.
    ///   - activation: the function after every layer's sums.
    /// - Throws: an error where the net is too large to be written out, or the activation chooses by numbers.
    public init(dense sizes: [Int], words: Words = .english, activation: (Value) -> Value) throws(ArgumentError) {
        let layers = try DenseNet(sizes, activation: activation).layers
        var (forward, partials, local): ([Equation], [Equation], [Equation]) = ([], [], [])
        var deep: [Section] = []
        // The derivatives that a layer hands back: with partials as names, and with the partials put in.
        var (named, inserted): ([Equation], [Equation]?) = ([], nil)
        var (paths, expanded, factored) = (1, 0, 0)
        for layer in layers.reversed() {
            let (equations, own, rules) = try layer.written()
            let handed = layer.letter == "I" ? [] : rules.inputs
            local = rules.weights + handed + local
            (forward, partials) = (equations + forward, own + partials)
            // ∂E∕∂H is computed once for each unit; then one more product for each weight, and for each input of each unit.
            factored += rules.h.reduce(0) { $0 + $1.right.multiplications }
            factored += rules.weights.count + handed.count * layer.outputs
            if paths <= DenseNet.readablePaths {
                let whole = rules.inserting(named)
                let gradients = try layer.gradients(from: inserted)
                expanded += whole.weights.reduce(0) { $0 + $1.right.expanded.multiplications }
                deep.insert(DenseNet.section(whole.weights[0], gradients.weights[0], paths, words), at: 0)
                (named, inserted) = (whole.inputs, gradients.inputs)
            } else {
                let fold = Block.fold(filled(words.tooManyPaths, [grouped(paths)]), opening: words.smallerNet)
                deep.insert(Section(words.deeper, [fold]), at: 0)
            }
            paths = min(paths * layer.outputs, 1 << 30)
        }
        let net = joined(sizes, by: ", ")
        let cost = Block.line(filled(words.costs, [grouped(expanded), grouped(factored)]))
        self.init(
            filled(words.net, [net]),
            sections: [
                Section(filled(words.units, [net]), [.equations(forward)]),
                Section(words.chainRule, [.equations(local)]),
                Section(words.partials, [.equations(partials)]),
            ] + deep + [Section(words.cost, [cost])])
    }
}

extension DenseNet {
    /// The most paths that are written out for readers.
    fileprivate static let readablePaths = 64

    /// A weight: all its paths, the same with common factors taken out, and with the partials put in.
    fileprivate static func section(
        _ rule: Equation, _ gradient: Equation, _ paths: Int, _ words: Words
    ) -> Explanation.Section {
        let all = Equation(.paths, rule.left, rule.right.expanded, value: nil)
        var equations = [all]
        if all.right != rule.right { equations.append(Equation(.factored, rule.left, rule.right, value: nil)) }
        equations.append(gradient)
        let name = if case .derivative(_, let by) = rule.left { by.text } else { rule.left.text }
        return Explanation.Section(
            filled(paths == 1 ? words.onePath : words.paths, [name, "\(paths)"]),
            [.equations(equations)])
    }
}
