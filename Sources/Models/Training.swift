import AdjointGradients
import AdjointGraphs
import AdjointPlans

/// A network in training: its parameters, their moments and the running statistics, and the number of steps done.
///
///     let training = try Training(network, optimizer: .sgd(momentum: 0.9), schedule: Schedule(0.05), seed: 1)
///     var batches = try Batches(dataset, of: 64, seed: 1)
///     while batches.epoch < 10 { print(try training.step(&batches).loss) }
///
/// A step is one plan, compiled at the first use of a size of batch; it computes, differentiates and updates in place, and
/// allocates nothing. Equal seeds give equal bits, whatever the number of threads.
public final class Training {
    public let network: Network
    public let optimizer: Optimizer
    public let schedule: Schedule
    public let seed: UInt64
    public let settings: StepSettings
    /// Parameters and running statistics by name, moments by the names `conv1.weight momentum`, and averages by the names
    /// `conv1.weight running average`.
    public let state: State
    /// The number of steps done.
    public internal(set) var steps = 0
    /// The sums of the epoch to which the last batch belonged; restored by `resume`.
    public internal(set) var epochSums = EpochSums()
    /// A function that is called after each kernel of a step, as `Plan.execute(observing:)` calls it: for profiles.
    public var observer: ((_ plan: Plan, _ step: Int?) -> Void)?
    public let options: PlanOptions
    private var plans: [Int: StepPlan] = [:]
    private lazy var classifier = Classifier(network, state: state, options: options)

    /// The results of a step, from before the parameters were changed.
    public struct Outcome: Hashable, Sendable {
        /// The mean loss over the batch.
        public let loss: Double
        /// The number of predictions that were right.
        public let correct: Int
        public let count: Int
        public let learningRate: Double
    }

    /// The results of an epoch's steps, added up.
    public struct EpochSums: Hashable, Sendable {
        /// The sum of the losses of all samples.
        public internal(set) var loss = 0.0
        public internal(set) var correct = 0
        public internal(set) var count = 0

        public var meanLoss: Double { loss / Double(max(1, count)) }
        /// The share of the samples that were classified right, from 0 to 1.
        public var accuracy: Double { Double(correct) / Double(max(1, count)) }

        mutating func add(_ outcome: Outcome) {
            loss += outcome.loss * Double(outcome.count)
            correct += outcome.correct
            count += outcome.count
        }
    }

    /// - Parameters:
    ///   - seed: the seed of the initial parameters and of dropout.
    ///   - parameters: parameters to begin with, in place of the initial ones.
    /// - Throws: an error that names a parameter that is missing, unknown or of another shape.
    public init(
        _ network: Network, optimizer: Optimizer, schedule: Schedule, seed: UInt64 = 0,
        settings: StepSettings = StepSettings(), parameters: [(name: String, tensor: Tensor)]? = nil,
        options: PlanOptions = PlanOptions()
    ) throws(ArgumentError) {
        try optimizer.checkNumbers()
        try schedule.checkNumbers()
        try settings.check(for: network)
        for group in settings.groups
        where !network.parameters.contains(where: { $0.name.matches(pattern: group.pattern) }) {
            throw ArgumentError(
                "training", "group", expected: "a pattern of one of " + joined(network.trained),
                given: "\"\(group.pattern)\"")
        }
        (self.network, self.optimizer, self.schedule, self.seed) = (network, optimizer, schedule, seed)
        (self.settings, self.options) = (settings, options)
        state = try State(zeros: network.stateShapes(optimizer, settings))
        if let parameters {
            for (name, tensor) in try network.matched(parameters) { try state.set(name, to: tensor) }
        } else {
            // One at a time, so that only the largest parameter is in memory twice, and not all.
            for number in network.parameters.indices {
                let (name, tensor) = network.initialParameter(number, seed: seed)
                try state.set(name, to: tensor)
            }
        }
        for (name, tensor) in network.initialState(optimizer, settings, { state.tensor(named: $0) }) {
            try state.set(name, to: tensor)
        }
    }

    /// Compiles the steps of an epoch, so that everything that does not fit is found before the first of them.
    ///
    /// - Throws: an error for samples that the network cannot take, for a batch of too few to learn from, which only the last
    ///   one may be, and where memory does not suffice.
    public func prepare(for batches: Batches) throws(ArgumentError) {
        try batches.dataset.check(for: network)
        for size in batches.sizes { _ = try stepPlan(batch: size) }
    }

    /// Learns from the next batch.
    ///
    /// - Throws: `TrainingError.notFinite` where the loss is not a number or infinite, `.gradientNotFinite` where a gradient is;
    ///   then everything is as before the step, the batches' place too.
    public func step(_ batches: inout Batches) throws(TrainingError) -> Outcome {
        let outcome = try outcome { () throws(ArgumentError) in
            if steps == 0 || plans[batches.nextCount] == nil { try prepare(for: batches) }
            return try step(count: batches.nextCount) { batches.fill(images: $0, labels: $1) }
        }
        if batches.position == 0 { epochSums = EpochSums() }
        epochSums.add(outcome)
        batches.advance()
        return outcome
    }

    /// Learns from one batch.
    ///
    /// - Parameters:
    ///   - images: [N, channels, spatial…]
    ///   - labels: N of them, from 0, below the number of classes.
    public func step(images: Tensor, labels: [Int32]) throws(TrainingError) -> Outcome {
        try outcome { () throws(ArgumentError) in
            try check(images, labels)
            let floats = images.floats
            return try step(count: labels.count) { images, target in
                for (place, number) in floats.enumerated() { images[place] = number }
                for (place, label) in labels.enumerated() { target[place] = label }
            }
        }
    }

    private func check(_ images: Tensor, _ labels: [Int32]) throws(ArgumentError) {
        guard images.shape.sizes == [labels.count] + network.input.sizes, !labels.isEmpty else {
            throw ArgumentError(
                network.name, "images", expected: "\(max(1, labels.count)) of \(network.input)",
                given: "\(images.shape)")
        }
        for (place, label) in labels.enumerated() where label < 0 || label >= network.classes {
            throw ArgumentError(
                network.name, "label \(place)", expected: "0 or more and below \(network.classes)", given: "\(label)")
        }
    }

    /// The outcome of a step; an argument that does not fit is thrown as a reason why the step was not done.
    private func outcome(
        _ step: () throws(ArgumentError) -> Result<Outcome, TrainingError>
    ) throws(TrainingError) -> Outcome {
        let result: Result<Outcome, TrainingError>
        do throws(ArgumentError) { result = try step() } catch { throw .argument(error) }
        return try result.get()
    }

    typealias Fill = (UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Int32>) -> Void

    private func step(count: Int, _ fill: Fill) throws(ArgumentError) -> Result<Outcome, TrainingError> {
        let step = try stepPlan(batch: count)
        let rate = schedule(steps)
        step.batch.load(count: count, fill)
        step.batch.setRandom(randomWords)
        step.setLearningRate(rate, step: steps + 1)
        if let observer {
            step.plan.execute { observer(step.plan, $0) }
        } else {
            step.plan.execute()
        }
        let loss = step.loss.withElements { Double($0[0]) }
        guard step.finite.withElements({ $0[0] != 0 }) else {
            return .failure(
                loss.isFinite
                    ? .gradientNotFinite(step: steps + 1, parameter: try firstGradientNotFinite(count: count, fill))
                    : .notFinite(step: steps + 1, layer: try firstLayerNotFinite(count: count, fill)))
        }
        steps += 1
        let correct = step.correct.withElements { Int($0[0]) }
        return .success(Outcome(loss: loss, correct: correct, count: count, learningRate: rate))
    }

    /// The quality of the predictions on samples, with the averaged parameters where there are any: `Classifier.evaluate`.
    public func evaluate(_ dataset: Dataset, batch: Int = 256) throws(ArgumentError) -> Evaluation {
        guard settings.average != nil else { return try classifier.evaluate(dataset, batch: batch) }
        return try Classifier(network, parameters: averagedParameters, options: options)
            .evaluate(dataset, batch: batch)
    }

    /// The parameters and running statistics as they are now.
    public var parameters: [(name: String, tensor: Tensor)] {
        network.parameters.compactMap { parameter in state.tensor(named: parameter.name).map { (parameter.name, $0) } }
    }

    /// The running averages of the parameters, and the running statistics; the parameters themselves where none are averaged.
    public var averagedParameters: [(name: String, tensor: Tensor)] {
        parameters.map { ($0.name, state.tensor(named: Network.averageName(of: $0.name)) ?? $0.tensor) }
    }

    /// The compiled step for a size of batch.
    public func plan(batch: Int) throws(ArgumentError) -> Plan { try stepPlan(batch: batch).plan }

    private func stepPlan(batch: Int) throws(ArgumentError) -> StepPlan {
        if let known = plans[batch] { return known }
        let graph = try network.trainingGraph(batch: batch, optimizer: optimizer, settings: settings)
        let made = try StepPlan(graph, network: network, optimizer: optimizer, state: state, options: options)
        let states = network.stateShapes(optimizer, settings).reduce(0) { $0 + $1.shape.count }
        try network.checkMemory(
            states + made.plan.report.arenaBytes / 4, for: "parameters and a step of \(batch) samples")
        plans[batch] = made
        return made
    }

    /// The key and the counter of the next step's random numbers: seed and steps themselves where both have 32 bits, else
    /// two words that depend on every bit of both, different for different steps.
    private var randomWords: (key: Int32, counter: Int32) {
        func words(_ number: UInt64) -> (UInt32, UInt32) { (UInt32(truncatingIfNeeded: number), UInt32(number >> 32)) }
        let (key, counter) = (words(seed), words(UInt64(steps)))
        let drawn = key.1 == 0 && counter.1 == 0 ? (key.0, counter.0) : Threefry.words(key: key, counter: counter)
        return (Int32(bitPattern: drawn.0), Int32(bitPattern: drawn.1))
    }

    /// The first step of the network whose output is not finite for a batch, with the parameters as they are.
    private func firstLayerNotFinite(count: Int, _ fill: Fill) throws(ArgumentError) -> String {
        let graph = try network.layersGraph(batch: count)
        let (plan, images) = try loaded(graph, hasLabels: false, count: count, fill)
        guard images.isFinite else { return "the input" }
        plan.execute()
        for step in network.steps where !(try plan.floats(output: step.output).isFinite) {
            return "\(step.label) (\(step.operation.name))"
        }
        return "the loss itself"
    }

    /// The first parameter whose gradient is not finite for a batch, or the square of which is not.
    private func firstGradientNotFinite(count: Int, _ fill: Fill) throws(ArgumentError) -> String {
        let graph = try network.gradientGraph(batch: count).keeping(network.trained.map { derivativeName($0) })
        let squares = optimizer.squares(clip: settings.clip)
        let (plan, _) = try loaded(graph, hasLabels: true, count: count, fill)
        plan.execute()
        for name in network.trained {
            let isFinite = try plan.floats(output: derivativeName(name)).withElements { gradient in
                gradient.allSatisfy { (squares ? $0 * $0 : $0).isFinite }
            }
            if !isFinite { return name }
        }
        // Each gradient is finite, but the sum that was tested is not.
        return "all parameters together"
    }

    /// A plan that is about to run on a batch as the next step would.
    private func loaded(
        _ graph: Graph, hasLabels: Bool, count: Int, _ fill: Fill
    ) throws(ArgumentError) -> (plan: Plan, images: Plan.Slot<Float>) {
        let plan = try graph.compiled(state: state, options: options)
        let slots = try BatchSlots(plan, isRandom: network.isRandom, hasLabels: hasLabels)
        slots.load(count: count, fill)
        slots.setRandom(randomWords)
        return (plan, slots.images)
    }
}
