import AdjointGraphs
import AdjointPlans

/// The slots of a plan from which it reads a batch.
struct BatchSlots {
    let images: Plan.Slot<Float>
    private let labels: Plan.Slot<Int32>?
    private let random: (key: Plan.Slot<Int32>, counter: Plan.Slot<Int32>)?

    init(_ plan: Plan, isRandom: Bool, hasLabels: Bool) throws(ArgumentError) {
        images = try plan.floats(input: InputName.images)
        labels = hasLabels ? try plan.integers(input: InputName.labels) : nil
        random =
            isRandom ? (try plan.integers(input: InputName.key), try plan.integers(input: InputName.counter)) : nil
    }

    /// Lets a function write pictures and labels; labels that the plan does not take are dropped.
    func load(count: Int, _ fill: Training.Fill) {
        images.withElements { images in
            if let labels {
                labels.withElements { fill(images, $0) }
            } else {
                var dropped = [Int32](repeating: 0, count: count)
                dropped.withUnsafeMutableBufferPointer { fill(images, $0) }
            }
        }
    }

    func setRandom(_ words: (key: Int32, counter: Int32)) {
        guard let random else { return }
        random.key.withElements { $0[0] = words.key }
        random.counter.withElements { $0[0] = words.counter }
    }
}

/// The compiled step of a training for one size of batch.
struct StepPlan {
    let plan: Plan
    let batch: BatchSlots
    let loss, correct, finite: Plan.Slot<Float>
    private let learningRate: Plan.Slot<Float>
    private let scalars: [(scalar: Optimizer.Scalar, slot: Plan.Slot<Float>)]

    init(
        _ graph: Graph, network: Network, optimizer: Optimizer, state: State, options: PlanOptions
    ) throws(ArgumentError) {
        var updates: [String: String] = [:]
        for name in state.names where graph.output(named: name) != nil { updates[name] = name }
        plan = try graph.compiled(updating: updates, state: state, options: options)
        batch = try BatchSlots(plan, isRandom: network.isRandom, hasLabels: true)
        loss = try plan.floats(output: "loss")
        correct = try plan.floats(output: "correct")
        finite = try plan.floats(output: "finite")
        learningRate = try plan.floats(input: InputName.learningRate)
        var scalars: [(scalar: Optimizer.Scalar, slot: Plan.Slot<Float>)] = []
        for scalar in optimizer.scalars { scalars.append((scalar, try plan.floats(input: scalar.name))) }
        self.scalars = scalars
    }

    /// - Parameter step: counted from 1.
    func setLearningRate(_ rate: Double, step: Int) {
        learningRate.withElements { $0[0] = Float(rate) }
        for (scalar, slot) in scalars { slot.withElements { $0[0] = Float(scalar.value(step)) } }
    }
}

extension Plan.Slot<Float> {
    /// Whether every element is finite.
    var isFinite: Bool { withElements { $0.allSatisfy { $0.isFinite } } }
}
