import AdjointGradients
import AdjointGraphs

extension Network {
    /// One step of training as one graph: outputs `loss`, for a classifier `correct`, `finite` (a truth value), and by their
    /// names the running statistics, the parameters, their moments and their running averages after the step.
    ///
    /// Where the loss, a gradient (or its square, if the optimizer takes that) or the sum of all of them is not finite,
    /// `finite` is false, and all tensors stay as they were. Where a batch is cut into parts, the loss is the mean of theirs.
    ///
    /// - Throws: also for a network that is no classifier and has no loss.
    public func trainingGraph(
        batch: Int, optimizer: Optimizer, settings: StepSettings = StepSettings(), type: ElementType = .float32
    ) throws(ArgumentError) -> Graph {
        try optimizer.checkNumbers()
        try settings.check(for: self, batch: batch)
        let (parts, derivative) = (settings.parts, try derivative(batch: batch / settings.parts, type))
        let passing = try Graph { g in parameters.map { ($0.name, g.input($0.name, $0.shape, type)) } }
        return try Graph { g in
            let computed = computed(derivative, in: g, parts)
            g.origin = Origin("optimizer")
            func mean(_ output: String) -> Value {
                let sum = computed.dropFirst().reduce(computed[0][output]) { $0 + $1[output] }
                return parts == 1 ? sum : sum / Double(parts)
            }
            let given = g(passing)
            let value = mean(isClassifier ? "loss" : loss ?? "")
            let gradients = trained.map { mean(derivativeName($0)) }
            var isFinite = value.abs() .< .infinity
            if !gradients.isEmpty { isFinite = isFinite.and(optimizer.canTake(gradients, clip: settings.clip)) }
            var outputs = [("loss", value)]
            if isClassifier { outputs.append(("correct", mean("correct") * Double(parts))) }
            outputs.append(("finite", isFinite))
            for parameter in parameters where !parameter.isTrained {
                outputs.append(
                    (parameter.name, isFinite.choose(computed[0][parameter.name], given[parameter.name])))
            }
            let updated = updated(optimizer, settings, given, gradients, isFinite, in: g, type)
            outputs += updated
            guard let share = settings.average else { return outputs }
            for parameter in parameters where parameter.isTrained {
                let old = g.input(Self.averageName(of: parameter.name), parameter.shape, type)
                let last = updated.first { $0.0 == parameter.name }?.1 ?? given[parameter.name]
                let new = share * old + (1 - share) * last
                outputs.append((Self.averageName(of: parameter.name), isFinite.choose(new, old)))
            }
            return outputs
        }.simplified()
    }

    /// The loss and its gradient on a batch.
    private func derivative(batch: Int, _ type: ElementType) throws(ArgumentError) -> Graph {
        if isClassifier { return try gradientGraph(batch: batch, type: type) }
        guard let loss else {
            throw ArgumentError(name, "loss", expected: "the name of a value", given: "none")
        }
        return try graph(.training, batch: batch, type: type).valueAndGradient(of: trained, output: loss)
    }

    /// The trained parameters and their moments after a step, by name.
    ///
    /// - Parameters:
    ///   - given: the parameters before the step.
    ///   - gradients: the gradients in the order of `trained`.
    private func updated(
        _ optimizer: Optimizer, _ settings: StepSettings, _ given: NamedValues, _ gradients: [Value], _ isFinite: Value,
        in g: GraphBuilder, _ type: ElementType
    ) -> [(String, Value)] {
        let rate = g.input(InputName.learningRate, [], type)
        let scalars = optimizer.scalars.map { g.input($0.name, [], type) }
        var outputs: [(String, Value)] = []
        for (name, gradient) in zip(trained, settings.clipped(gradients)) {
            let old = given[name]
            let (rateFactor, weightDecay) = settings.group(of: name, optimizer)
            let oldMoments = optimizer.moments.map { g.input(Self.momentName($0, of: name), old.shape, type) }
            let (new, moments) = optimizer.updated(
                Optimizer.Update(
                    parameter: old, gradient: gradient, moments: oldMoments,
                    rate: rateFactor == 1 ? rate : rate * rateFactor, scalars: scalars, weightDecay: weightDecay,
                    isValid: isFinite))
            outputs.append((name, new))
            for (kind, moment) in zip(optimizer.moments, moments) {
                outputs.append((Self.momentName(kind, of: name), moment))
            }
        }
        return outputs
    }

    /// The loss and its gradient for each part of a batch, each with random numbers of its own.
    private func computed(_ derivative: Graph, in g: GraphBuilder, _ parts: Int) -> [NamedValues] {
        guard parts > 1 else { return [g(derivative)] }
        let names = isClassifier ? [InputName.images, InputName.labels] : inputs.filter { $0.isBatch }.map { $0.name }
        let cut = derivative.inputs.filter { names.contains($0.name) }
        let whole = cut.map { g.input($0.name, Shape([$0.shape[0] * parts] + $0.shape.sizes.dropFirst()), $0.type) }
        return (0..<parts).map { part in
            var bindings: [String: Value] = [:]
            for (input, value) in zip(cut, whole) {
                let size = input.shape[0]
                bindings[input.name] = value.sliced(axis: 0, from: part * size, to: (part + 1) * size)
            }
            return g(derivative.drawing(part), bindings)
        }
    }

    /// The tensors that a training changes: parameters and running statistics, then moments, then running averages.
    package func stateShapes(
        _ optimizer: Optimizer, _ settings: StepSettings = StepSettings()
    ) -> [(name: String, shape: Shape)] {
        let trained = Set(trained)
        let changed = parameters.filter { trained.contains($0.name) }
        let averaged = settings.average == nil ? [] : parameters.filter { $0.isTrained }
        return parameters.map { ($0.name, $0.shape) }
            + changed.flatMap { parameter in
                optimizer.moments.map { (Self.momentName($0, of: parameter.name), parameter.shape) }
            } + averaged.map { (Self.averageName(of: $0.name), $0.shape) }
    }

    /// The tensors among these, without the parameters, that are not 0 before the first step.
    ///
    /// - Parameter parameters: the initial parameters by name.
    package func initialState(
        _ optimizer: Optimizer, _ settings: StepSettings, type: ElementType = .float32,
        _ parameters: (String) -> Tensor?
    ) -> [(name: String, tensor: Tensor)] {
        stateShapes(optimizer, settings).dropFirst(self.parameters.count).compactMap { name, shape in
            if settings.average != nil,
                let averaged = self.parameters.first(where: { Self.averageName(of: $0.name) == name })
            {
                return parameters(averaged.name).map { (name, $0) }
            }
            return optimizer.initialMoment == 0
                ? nil : (name, Tensor(known: shape, repeating: optimizer.initialMoment, as: type))
        }
    }

    /// The name of a parameter's moment: `conv1.weight momentum`.
    private static func momentName(_ moment: String, of parameter: String) -> String { parameter + " " + moment }

    package static func averageName(of parameter: String) -> String { parameter + " running average" }
}

extension Graph {
    /// The same graph with random numbers that no other part draws.
    fileprivate func drawing(_ part: Int) -> Graph {
        var count = 0
        for node in nodes { if case .random(_, let stream) = node.primitive { count = max(count, Int(stream)) } }
        guard part > 0, count > 0 else { return self }
        let others = nodes.map { node in
            guard case .random(let shape, let stream) = node.primitive else { return node }
            let own = Primitive.random(shape, stream: stream + UInt32(truncatingIfNeeded: part * count))
            return Node(own, node.operands, node.signature)
        }
        return Graph(nodes: others, outputs: outputs, origins: origins)
    }
}
