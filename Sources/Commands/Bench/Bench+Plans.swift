import AdjointGraphs
import AdjointModels
import AdjointPlans

/// The measurements that are common to all plans.
extension Bench {
    /// A network in use, one batch after the other: the logits, with the running statistics.
    func infer(_ network: Network, batch: Int, isProfiled: Bool) throws {
        let before = try limit()
        let graph = try network.inferenceGraph(batch: batch).keeping(["logits"])
        let state = try State(network.initialParameters(seed: 0))
        let plan = try graph.compiled(state: state, options: options)
        let pictures = Self.pictures(network, batch: batch).floats
        try plan.floats(input: InputName.images).withElements { memory in
            for (place, number) in pictures.enumerated() { memory[place] = number }
        }
        let timing = Timing(seconds: seconds) { plan.execute() }
        let flops = Double(network.flops) * Double(batch)
        let limit = max(before, try self.limit())
        write(
            benchmarkLine(
                "inference", figures(network, batch: batch, timing, flops: flops, limit: limit, plan)))
        if isProfiled { try profile(plan, whole: timing) }
    }

    /// - Parameters:
    ///   - flops: 2·MACs forward, three times that for a training step.
    ///   - limit: the machine's limit of multiply-adds, in GFLOP/s.
    func figures(
        _ network: Network, batch: Int, _ timing: Timing, flops: Double, limit: Double, _ plan: Plan
    ) -> [(String, Field)] {
        let rate = flops / timing.best / 1e9
        return [
            ("fw", "adjoint"), ("ver", .text(version)), ("kernels", kernels), ("net", .text(network.name)),
            ("input", .text(network.input.sizes.map { "\($0)" }.joined(separator: "x"))), ("batch", .count(batch)),
            ("threads", threads), ("ms_best", .number(timing.best * 1e3)), ("ms_med", .number(timing.median * 1e3)),
            ("img_s", .number(Double(batch) / timing.best)), ("gflops", .number(rate)), ("fma", .number(limit)),
            ("ratio", .number(rate / limit)), ("arena_mb", .number(Double(plan.report.arenaBytes) / 1e6)),
            ("rss_mb", .number(Self.peakMemory)),
        ]
    }

    /// The distribution of a plan's time over its kernels, in the fastest of some runs.
    func profile(_ plan: Plan, whole: Timing) throws {
        var profile = Profile(plan)
        _ = Timing(seconds: seconds, atLeast: 5) { plan.execute { profile.observe(step: $0) } }
        let limits = try Limits(options: options, seconds: 0.3)
        write(profile.text(profile.best, whole: whole.best, limits: limits))
    }
}
