import AdjointGraphs
import AdjointJSON
import AdjointPlans

/// Everything that is needed to continue a training bit for bit as if it had not been interrupted: tensors and texts by
/// name, as a file of tensors holds them.
public struct Checkpoint: Hashable, Sendable {
    /// A tensor and its name.
    public struct Entry: Hashable, Sendable {
        public let name: String
        public let tensor: Tensor

        public init(_ name: String, _ tensor: Tensor) {
            (self.name, self.tensor) = (name, tensor)
        }
    }

    /// Parameters and running statistics, then moments.
    public let tensors: [Entry]
    public let metadata: [String: String]

    public init(tensors: [Entry], metadata: [String: String]) {
        (self.tensors, self.metadata) = (tensors, metadata)
    }

    /// The name under which files hold the network as JSON.
    public static let model = "adjoint.model"
    /// The name under which files hold how bytes become numbers, as JSON.
    public static let normalization = "adjoint.normalization"
    /// The name under which checkpoints hold the schedule in words.
    package static let schedule = "adjoint.schedule"
    static let step = "adjoint.step"
    static let stepSettings = "adjoint.step_settings"
    static let epoch = "adjoint.epoch"
    static let position = "adjoint.position"
    static let dropLast = "adjoint.drop_last"
    static let epochLoss = "adjoint.epoch_loss"
    static let epochCorrect = "adjoint.epoch_correct"
    static let epochCount = "adjoint.epoch_count"
}

extension Training {
    /// The parameters (averaged, where averages are kept) with the network's JSON: what is saved when training is over.
    ///
    /// - Parameter dataset: the data whose normalization is saved with them.
    public func model(for dataset: Dataset? = nil) -> Checkpoint {
        var texts = [Checkpoint.model: network.encoded().serialized()]
        texts[Checkpoint.normalization] = dataset?.normalization?.encoded().serialized()
        return Checkpoint(tensors: averagedParameters.map { Checkpoint.Entry($0.name, $0.tensor) }, metadata: texts)
    }

    /// All that is needed to continue the training from here.
    public func checkpoint(_ batches: Batches) -> Checkpoint {
        var texts = settings(batches)
        texts[Checkpoint.model] = network.encoded().serialized()
        texts[Checkpoint.step] = "\(steps)"
        texts[Checkpoint.epoch] = "\(batches.epoch)"
        texts[Checkpoint.position] = "\(batches.position)"
        texts[Checkpoint.epochLoss] = "\(epochSums.loss)"
        texts[Checkpoint.epochCorrect] = "\(epochSums.correct)"
        texts[Checkpoint.epochCount] = "\(epochSums.count)"
        return Checkpoint(
            tensors: state.names.compactMap { name in
                state.tensor(named: name).map { Checkpoint.Entry(name, $0) }
            }, metadata: texts)
    }

    /// Continues from a checkpoint of a training with the same network, optimizer, schedule, seed and data.
    ///
    /// - Throws: an error that names what differs; then nothing has changed.
    public func resume(from checkpoint: Checkpoint, _ batches: inout Batches) throws(ArgumentError) {
        try network.checkSame(as: checkpoint.metadata[Checkpoint.model])
        for (name, expected) in settings(batches).sorted(by: { $0.key < $1.key }) {
            // The values of settings that checkpoints of earlier versions do not hold.
            let earlier = [Checkpoint.dropLast: "no", Checkpoint.stepSettings: "\(StepSettings())"]
            let given = checkpoint.metadata[name] ?? earlier[name] ?? "missing"
            if given != expected { throw ArgumentError("checkpoint", name, expected: expected, given: given) }
        }
        let step = try checkpoint.number(Checkpoint.step)
        let epoch = try checkpoint.number(Checkpoint.epoch)
        let position = try checkpoint.number(Checkpoint.position)
        let sums = try checkpoint.epochSums()
        var given: [String: Tensor] = [:]
        for entry in checkpoint.tensors { given[entry.name] = entry.tensor }
        var tensors: [(String, Tensor)] = []
        for name in state.names {
            guard let tensor = given[name], let shape = state.tensor(named: name)?.shape, tensor.shape == shape,
                tensor.elementType == .float32
            else {
                throw ArgumentError(
                    "checkpoint", "tensor \"\(name)\"", expected: "float32\(state.tensor(named: name)?.shape ?? [])",
                    given: given[name].map { "\($0.elementType.rawValue)\($0.shape)" } ?? "missing")
            }
            tensors.append((name, tensor))
        }
        try batches.move(toEpoch: epoch, position: position)
        for (name, tensor) in tensors { try state.set(name, to: tensor) }
        steps = step
        epochSums = sums
    }

    /// The settings that must be equal for the same steps to follow.
    private func settings(_ batches: Batches) -> [String: String] {
        var texts = [
            "adjoint.optimizer": optimizer.description, Checkpoint.schedule: schedule.description,
            "adjoint.clip": settings.clipDescription, Checkpoint.stepSettings: "\(settings)", "adjoint.seed": "\(seed)",
            "adjoint.data_seed": "\(batches.seed)", "adjoint.batch": "\(batches.size)",
            "adjoint.samples": "\(batches.dataset.count)", "adjoint.augment": batches.augments ? "yes" : "no",
            Checkpoint.dropLast: batches.dropsLast ? "yes" : "no",
        ]
        texts[Checkpoint.normalization] = batches.dataset.normalization?.encoded().serialized()
        return texts
    }
}

extension Checkpoint {
    /// The sums of the epoch that is not over; zeros for a checkpoint of an earlier version, which does not hold them.
    fileprivate func epochSums() throws(ArgumentError) -> Training.EpochSums {
        guard let text = metadata[Self.epochLoss] else { return Training.EpochSums() }
        guard let loss = Double(text), loss.isFinite else {
            throw ArgumentError("checkpoint", Self.epochLoss, expected: "a number", given: text)
        }
        return Training.EpochSums(
            loss: loss, correct: try number(Self.epochCorrect), count: try number(Self.epochCount))
    }

    fileprivate func number(_ name: String) throws(ArgumentError) -> Int {
        guard let text = metadata[name], let number = Int(text), number >= 0, number <= .max / 2 else {
            throw ArgumentError(
                "checkpoint", name, expected: "a whole number from 0 to \(Int.max / 2)",
                given: metadata[name] ?? "missing")
        }
        return number
    }
}

extension Schedule: CustomStringConvertible {
    public var description: String {
        let shape =
            switch shape {
            case .constant: "constant"
            case .cosine(let total): "cosine over \(total)"
            case .step(let every, let factor): "times \(factor) every \(every)"
            case .thirds(let total, let factor): "times \(factor) at each third of \(total)"
            }
        return "\(learningRate) \(shape) warmup \(warmup)"
    }
}
