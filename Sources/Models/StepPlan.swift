import AdjointGraphs
import AdjointPlans

/// Where a plan takes a batch from.
struct BatchSlots {
    let plan: Plan
    let images: Plan.Slot
    private let labels: Plan.Slot?
    private let random: (key: Plan.Slot, counter: Plan.Slot)?

    init(_ plan: Plan, isRandom: Bool, hasLabels: Bool) throws(PlanError) {
        self.plan = plan
        images = try plan.slot(input: InputName.images)
        labels = hasLabels ? try plan.slot(input: InputName.labels) : nil
        random = isRandom ? (try plan.slot(input: InputName.key), try plan.slot(input: InputName.counter)) : nil
    }

    /// Lets a function write pictures and labels; labels that the plan does not take are dropped.
    func load(count: Int, _ fill: Training.Fill) {
        plan.withFloats(images) { images in
            if let labels {
                plan.withIntegers(labels) { fill(images, $0) }
            } else {
                var dropped = [Int32](repeating: 0, count: count)
                dropped.withUnsafeMutableBufferPointer { fill(images, $0) }
            }
        }
    }

    func setRandom(_ words: (key: Int32, counter: Int32)) {
        guard let random else { return }
        plan.withIntegers(random.key) { $0[0] = words.key }
        plan.withIntegers(random.counter) { $0[0] = words.counter }
    }
}

/// The compiled step of a training for one size of batch.
struct StepPlan {
    let plan: Plan
    let batch: BatchSlots
    let loss, correct, finite: Plan.Slot
    private let learningRate: Plan.Slot
    private let corrections: (first: Plan.Slot, second: Plan.Slot)?

    init(
        _ graph: Graph, network: Network, optimizer: Optimizer, state: State, options: PlanOptions
    ) throws(PlanError) {
        var updates: [String: String] = [:]
        for name in state.names { updates[name] = name }
        plan = try graph.compiled(updating: updates, state: state, options: options)
        batch = try BatchSlots(plan, isRandom: network.isRandom, hasLabels: true)
        loss = try plan.slot(output: "loss")
        correct = try plan.slot(output: "correct")
        finite = try plan.slot(output: "finite")
        learningRate = try plan.slot(input: InputName.learningRate)
        corrections =
            optimizer.hasCorrections
            ? (
                try plan.slot(input: InputName.corrections[0]), try plan.slot(input: InputName.corrections[1])
            ) : nil
    }

    func setLearningRate(_ rate: Double, corrections values: (first: Double, second: Double)) {
        plan.withFloats(learningRate) { $0[0] = Float(rate) }
        guard let corrections else { return }
        plan.withFloats(corrections.first) { $0[0] = Float(values.first) }
        plan.withFloats(corrections.second) { $0[0] = Float(values.second) }
    }
}

extension Plan {
    /// Whether no element of a slot is infinite or not a number.
    func isFinite(_ slot: Slot) -> Bool {
        withFloats(slot) { $0.allSatisfy { $0.isFinite } }
    }
}

/// Runs what may throw an error of a plan, as an error of a model.
func compiling<Result>(_ body: () throws(PlanError) -> Result) throws(ModelError) -> Result {
    do throws(PlanError) {
        return try body()
    } catch {
        throw ModelError(error.operation, error.argument, expected: error.expected, given: error.given)
    }
}
