import AdjointGraphs
import AdjointModels
import AdjointPlans
import CountedAllocation

/// How many allocations a hundred training steps of LeNet make after the first. Meaningful in a release build; a debug build
/// boxes what the optimizer keeps in registers.
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

for threads in 1...3 {
    let count = try allocationsAfterTheFirstStep(threads: threads)
    print("\(count) allocations in 100 steps on \(threads) threads")
}
// Compiling allocates a lot: a counter that saw nothing would count nothing.
print(counted_allocations() > 1000 ? "counted" : "not counted")
