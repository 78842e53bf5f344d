import AdjointGraphs
import AdjointModels
import AdjointPlans

/// Measurements of training: forward, backward, SGD with momentum.
extension Bench {
    /// One step; with a profile, the distribution of its time.
    func train(_ network: Network, batch: Int, isProfiled: Bool) throws {
        let before = try limit()
        let first: Double
        let plan: Plan
        if network.isClassifier {
            let training = try training(network)
            first = try step(training, batch: batch)
            plan = try training.plan(batch: batch)
        } else {
            plan = try self.plan(network, batch: batch)
            plan.execute()
            first = try plan.floats(output: "loss").withElements { Double($0[0]) }
        }
        let timing = Timing(seconds: seconds) { plan.execute() }
        let flops = 3 * Double(network.flops) * Double(batch)
        let limit = max(before, try self.limit())
        write(
            benchmarkLine(
                "train_step",
                figures(network, batch: batch, timing, flops: flops, limit: limit, plan)
                    + [("loss0", .number(first))]))
        if isProfiled { try profile(plan, whole: timing) }
    }

    /// An epoch of as many pictures as MNIST has, 60,000, in a new order and from bytes to normalized numbers.
    func epoch(_ network: Network, batch: Int) throws {
        let count = 60_000
        try network.checkMemory(batch: count)
        let dataset = try Dataset(
            bytes: (0..<count * network.input.count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) },
            shape: network.input, labels: (0..<Int32(count)).map { $0 % Int32(network.classes) },
            classes: network.classes)
        let training = try training(network)
        var batches = try Batches(dataset, of: batch)
        _ = try training.step(&batches)
        try batches.move(toEpoch: 0, position: 0)
        let limit = try limit()
        var times: [Double] = []
        let clock = ContinuousClock()
        while times.isEmpty || times.reduce(0, +) < seconds {
            let epoch = batches.epoch
            let start = clock.now
            while batches.epoch == epoch { _ = try training.step(&batches) }
            times.append(Timing.seconds(clock.now - start))
        }
        let best = times.min() ?? .infinity
        let flops = 3 * Double(network.flops) * Double(count)
        write(
            benchmarkLine(
                "epoch",
                [
                    ("fw", "adjoint"), ("ver", .text(version)), ("kernels", kernels), ("net", .text(network.name)),
                    ("batch", .count(batch)), ("threads", threads), ("epoch_s_first", .number(times[0])),
                    ("epoch_s_best", .number(best)), ("img_s", .number(Double(count) / best)),
                    ("gflops", .number(flops / best / 1e9)), ("fma", .number(limit)),
                    ("rss_mb", .number(Self.peakMemory)),
                ]))
    }

    /// Everything from nothing to the first step, for measurements of the whole process from outside.
    func start(_ network: Network, batch: Int) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let loss = try step(try training(network), batch: batch)
        write(
            benchmarkLine(
                "start",
                [
                    ("fw", "adjoint"), ("ver", .text(version)), ("net", .text(network.name)), ("batch", .count(batch)),
                    ("loss0", .number(loss)), ("in_process_s", .number(Timing.seconds(clock.now - start))),
                    ("rss_mb", .number(Self.peakMemory)),
                ]))
    }

    func training(_ network: Network) throws -> Training {
        try Training(network, optimizer: .sgd(momentum: 0.9), schedule: Schedule(0.01), options: options)
    }

    /// The step of a network that has a loss of its own, on made-up numbers; inputs of whole numbers are 0.
    private func plan(_ network: Network, batch: Int) throws -> Plan {
        let optimizer = Optimizer.sgd(momentum: 0.9)
        let graph = try network.trainingGraph(batch: batch, optimizer: optimizer)
        let state = try State(zeros: network.stateShapes(optimizer))
        for (name, tensor) in network.initialParameters(seed: 0) { try state.set(name, to: tensor) }
        let changed = state.names.filter { graph.output(named: $0) != nil }
        let plan = try graph.compiled(
            updating: Dictionary(uniqueKeysWithValues: changed.map { ($0, $0) }), state: state, options: options)
        for input in network.inputs where input.type.isFloatingPoint {
            try plan.floats(input: input.name).withElements { numbers in
                for place in numbers.indices { numbers[place] = Float(place % 31) / 15 - 1 }
            }
        }
        try plan.floats(input: InputName.learningRate).withElements { $0[0] = 0.01 }
        return plan
    }

    /// The loss of a step on made-up pictures.
    private func step(_ training: Training, batch: Int) throws -> Double {
        let network = training.network
        // What does not fit in memory is refused here.
        _ = try training.plan(batch: batch)
        let labels = (0..<batch).map { Int32($0 % network.classes) }
        return try training.step(images: Self.pictures(network, batch: batch), labels: labels).loss
    }

    /// Made-up pictures: numbers from -1 to 1 that repeat every 31 elements.
    static func pictures(_ network: Network, batch: Int) -> Tensor {
        Tensor(
            known: Shape([batch] + network.input.sizes),
            .float32((0..<batch * network.input.count).map { place in Float(place % 31) / 15 - 1 }))
    }
}
