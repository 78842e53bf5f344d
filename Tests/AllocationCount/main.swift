import AdjointGraphs
import AdjointModels
import AdjointPlans
import CountedAllocation

/// The number of allocations in a hundred training steps of LeNet after the first. Meaningful in a release build; a debug
/// build boxes what the optimizer keeps in registers.
func allocationsAfterTheFirstStep(threads: Int) throws -> Int {
    let network = try Zoo.named("lenet5", input: [1, 28, 28], classes: 10)
    let training = try Training(
        network, optimizer: .sgd(momentum: 0.9), schedule: Schedule(0.01),
        options: PlanOptions(workers: Workers(threads: threads, short: 2000)))
    let plan = try training.plan(batch: 8)
    plan.execute()
    let before = counted_allocations()
    for _ in 0..<100 { plan.execute() }
    return counted_allocations() - before
}

/// The number of allocations in compiling a training step, for each node of its graph: a constant for any number of nodes.
func allocationsOfCompiling(_ model: String, batch: Int) throws -> Int {
    let network = try Zoo.named(model, input: [3, 224, 224], classes: 1000)
    let optimizer = Optimizer.sgd(momentum: 0.9)
    let state = try State(zeros: network.stateShapes(optimizer))
    let graph = try network.trainingGraph(batch: batch, optimizer: optimizer)
    let updates = Dictionary(uniqueKeysWithValues: state.names.map { ($0, $0) })
    let before = counted_allocations()
    let plan = try graph.compiled(updating: updates, state: state)
    let count = counted_allocations() - before
    return count / plan.graph.nodes.count
}

for threads in 1...3 {
    let count = try allocationsAfterTheFirstStep(threads: threads)
    print("\(count) allocations in 100 steps on \(threads) threads")
}
for model in ["resnet18", "mobilenetv2"] {
    let count = try allocationsOfCompiling(model, batch: 256)
    print(count <= 100 ? "\(model) is compiled" : "\(count) allocations for each node of \(model)")
}
// The plans above have gigabytes of memory that is not written.
print(peak_memory() < 256 << 20 ? "untouched" : "\(peak_memory()) bytes touched by compiling")
// Compiling allocates a lot: a counter of nothing would be broken.
print(counted_allocations() > 1000 ? "counted" : "not counted")
