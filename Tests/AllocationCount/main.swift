import AdjointModels
import AdjointPlans
import CountedAllocation

/// Prints how many allocations compiling a LeNet's training step makes, and how many a hundred steps after it.
func countAllocations() throws {
    let network = try Zoo.named("lenet5", input: [1, 28, 28], classes: 10)
    let before = counted_allocations()
    let training = try Training(
        network, optimizer: .sgd(momentum: 0.9), schedule: Schedule(0.01),
        options: PlanOptions(workers: Workers(threads: 2)))
    let plan = try training.plan(batch: 8)
    plan.execute()
    let compiled = counted_allocations()
    for _ in 0..<100 { plan.execute() }
    print("\(compiled - before) to compile, \(counted_allocations() - compiled) in 100 steps")
}

try countAllocations()
