import AdjointGraphs
import AdjointModels
import AdjointPlans
import Testing

/// Upright or level bars, in three classes of place.
private func bars(_ count: Int, shape: Shape = [1, 8, 8]) throws -> Dataset {
    var bytes: [UInt8] = []
    var labels: [Int32] = []
    for sample in 0..<count {
        let label = sample % 4
        labels.append(Int32(label))
        for _ in 0..<shape[0] {
            for row in 0..<shape[1] {
                for column in 0..<shape[2] {
                    let place = label < 2 ? row : column
                    let isInked = place / 2 == (label % 2) * 2 + 1
                    bytes.append(
                        isInked ? UInt8(200 + (sample * 7 + row + column) % 50) : UInt8((sample * 13 + row) % 40))
                }
            }
        }
    }
    return try Dataset(bytes: bytes, shape: shape, labels: labels, classes: 4, normalization: .centered)
}

private func network(_ shape: Shape = [1, 8, 8], dropout: Double = 0.1) throws -> Network {
    try Network("bars", input: shape, classes: 4) {
        Convolution(4, kernel: 3, padding: .same)
        BatchNorm()
        ReLU()
        MaxPool(2)
        Flatten()
        Dropout(dropout)
        Linear(4)
    }
}

@Suite struct TrainingTests {
    @Test func learnsAndKeepsItsBitsWhateverTheThreads() throws {
        let data = try bars(90)
        var results: [[Tensor]] = []
        for threads in 1...3 {
            let training = try Training(
                network(), optimizer: .adamW(), schedule: Schedule(0.01, .cosine(total: 30), warmup: 3), seed: 5,
                settings: StepSettings(clip: .norm(5)),
                options: PlanOptions(workers: Workers(threads: threads, short: 2000)))
            var batches = try Batches(data, of: 32, seed: 5, augments: true)
            while batches.epoch < 10 { _ = try training.step(&batches) }
            #expect(training.steps == 30)
            let evaluation = try training.evaluate(data, batch: 40)
            #expect(evaluation.accuracy > 0.95)
            #expect(evaluation.confusion.reduce(0) { $0 + $1.values.reduce(0, +) } == 90)
            results.append(training.parameters.map { $0.tensor })
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }

    @Test(arguments: [
        Optimizer.sgd(momentum: 0.9, nesterov: true, weightDecay: 1e-4), .sgd(), .adam(weightDecay: 1e-3), .adamW(),
    ])
    func aResumedTrainingGivesTheSameBits(optimizer: Optimizer) throws {
        let data = try bars(50)
        func start() throws -> (Training, Batches) {
            (
                try Training(network(), optimizer: optimizer, schedule: Schedule(0.02, .step(every: 4)), seed: 3),
                try Batches(data, of: 16, seed: 3, augments: true)
            )
        }
        var (whole, wholeBatches) = try start()
        for _ in 0..<11 { _ = try whole.step(&wholeBatches) }
        let (first, secondTraining) = (try start(), try start())
        var firstBatches = first.1
        for _ in 0..<6 { _ = try first.0.step(&firstBatches) }
        let checkpoint = first.0.checkpoint(firstBatches)
        var (second, secondBatches) = secondTraining
        try second.resume(from: checkpoint, &secondBatches)
        #expect(second.steps == 6)
        for _ in 6..<11 { _ = try second.step(&secondBatches) }
        #expect(second.checkpoint(secondBatches) == whole.checkpoint(wholeBatches))
    }

    @Test func aCheckpointOfAnotherTrainingIsRefused() throws {
        let data = try bars(50)
        let training = try Training(network(), optimizer: .adam(), schedule: Schedule(0.02))
        var batches = try Batches(data, of: 16)
        let other = try Training(network(), optimizer: .sgd(), schedule: Schedule(0.02)).checkpoint(batches)
        let error = #expect(throws: ArgumentError.self) { try training.resume(from: other, &batches) }
        #expect(error?.description.contains("adjoint.optimizer is sgd") == true)
    }

    @Test func aLossThatIsNotFiniteStopsBeforeAnythingChanges() throws {
        var floats = [Float](repeating: 0.5, count: 8 * 64)
        let training = try Training(network(dropout: 0), optimizer: .sgd(momentum: 0.9), schedule: Schedule(0.1))
        let labels = (0..<8).map { Int32($0 % 4) }
        for place in floats.indices { floats[place] = Float(place % 7) - 3 }
        _ = try training.step(images: Tensor([8, 1, 8, 8], floats), labels: labels)
        let before = training.checkpoint(try Batches(bars(8), of: 8)).tensors
        floats[3] = 3e38
        floats[4] = 3e38
        let error = #expect(throws: TrainingError.self) {
            try training.step(images: Tensor([8, 1, 8, 8], floats), labels: labels)
        }
        guard case .notFinite(let step, let layer)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(step == 2)
        #expect(layer.hasPrefix("conv1") || layer.hasPrefix("bn1"))
        #expect(training.checkpoint(try Batches(bars(8), of: 8)).tensors == before)
        #expect(training.steps == 1)
    }

    /// |x| as √x² has no derivative at 0: the loss of a linear layer on a picture of zeros is finite, its gradient is not.
    @Test(
        arguments: [
            Optimizer.sgd(), .sgd(momentum: 0.9), .sgd(momentum: 0.9, nesterov: true, weightDecay: 0.1), .adam(),
            .adamW(),
        ], [nil, 1] as [Double?]) func aGradientThatIsNotFiniteStopsBeforeAnythingChanges(
            optimizer: Optimizer, clip: Double?
        ) throws
    {
        let network = try Network("roots", input: [4], classes: 2) {
            Linear(6, bias: false, name: "first")
            BatchNorm(name: "norm")
            Linear(3, bias: false, name: "second")
            Custom("root of the square") { $0.squared().sqrt() }
            Linear(2, name: "last")
        }
        let training = try Training(
            network, optimizer: optimizer, schedule: Schedule(0.1), seed: 2,
            settings: StepSettings(clip: clip.map { .norm($0) }))
        let numbers: [Float] = [1, 2, -1, 3, 0.5, -2, 1, 1, 4, 0, 1, -1]
        _ = try training.step(images: Tensor([3, 4], numbers), labels: [0, 1, 0])
        // Zeros stay zeros through the normalization, except for its shift.
        try training.state.set("norm.bias", to: Tensor([6], repeating: 0))
        func state() -> [[UInt32]] {
            training.state.names.map { training.state.tensor(named: $0)!.floats.map { ($0 + 0).bitPattern } }
        }
        let before = state()
        let error = #expect(throws: TrainingError.self) {
            try training.step(images: Tensor([3, 4], repeating: 0), labels: [0, 1, 0])
        }
        #expect(error == .gradientNotFinite(step: 2, parameter: "first.weight"))
        #expect(state() == before)
        #expect(training.steps == 1)
        _ = try training.step(images: Tensor([3, 4], numbers), labels: [0, 1, 0])
        #expect(state() != before)
    }

    /// A gradient of 10²²: clipped to norm 1 it changes the parameters by the rate; Adam, which squares it, refuses it.
    @Test func hugeGradients() throws {
        let network = try Network("huge", input: [1], classes: 2) {
            Linear(1, bias: false, name: "w")
            Custom("times a lot") { ($0 - $0.stopped()) * 1e22 }
            Linear(2, name: "last")
        }
        let image = try Tensor([1, 1], [1] as [Float])
        func training(_ optimizer: Optimizer, clip: Double?) throws -> Training {
            try Training(
                network, optimizer: optimizer, schedule: Schedule(0.5), seed: 1,
                settings: StepSettings(clip: clip.map { .norm($0) }))
        }
        let clipped = try training(.sgd(), clip: 1)
        let before = clipped.parameters[0].tensor.floats[0]
        _ = try clipped.step(images: image, labels: [0])
        let moved = clipped.parameters[0].tensor.floats[0] - before
        #expect((moved.magnitude - 0.5).magnitude < 1e-6)
        #expect(throws: TrainingError.gradientNotFinite(step: 1, parameter: "w.weight")) {
            try training(.adam(), clip: nil).step(images: image, labels: [0])
        }
        _ = try training(.adam(), clip: 1).step(images: image, labels: [0])
        _ = try training(.sgd(), clip: nil).step(images: image, labels: [0])
    }

    /// Gradients of about 10³⁷, each finite, whose sum is not: the step is refused, and no single parameter is named.
    @Test func gradientsWhoseSumOverflows() throws {
        let network = try Network("huge", input: [256], classes: 2) {
            Linear(1, bias: false, name: "w")
            Custom("times a lot") { ($0 - $0.stopped()) * 1e38 }
            Linear(2, name: "last")
        }
        let training = try Training(network, optimizer: .sgd(), schedule: Schedule(0.5), seed: 1)
        let before = training.parameters.map { $0.tensor }
        #expect(throws: TrainingError.gradientNotFinite(step: 1, parameter: "all parameters together")) {
            try training.step(images: Tensor([1, 256], repeating: 1), labels: [0])
        }
        #expect(training.parameters.map { $0.tensor } == before)
    }

    /// The elements that dropout keeps depend on every bit of the seed and of the step; small ones give the bits they gave.
    @Test func masksDependOnAllBitsOfSeedAndStep() throws {
        let network = try Network("dropped", input: [64], classes: 64) { Dropout(0.5) }
        let image = try Tensor([1, 64], (0..<64).map { Float($0) })
        /// The loss of the class that is the largest, if it is kept.
        func loss(seed: UInt64, step: Int = 0) throws -> Double {
            let training = try Training(network, optimizer: .sgd(), schedule: Schedule(0.1), seed: seed)
            var batches = try Batches(
                Dataset(floats: image.floats, shape: [64], labels: [63], classes: 64), of: 1, seed: 0)
            var metadata = training.checkpoint(batches).metadata
            metadata["adjoint.step"] = "\(step)"
            try training.resume(
                from: Checkpoint(tensors: training.checkpoint(batches).tensors, metadata: metadata), &batches)
            return try training.step(images: image, labels: [63]).loss
        }
        let seeds: [UInt64] = [5, 5 << 32, 1 << 32 | 4, 4, 1 << 32, 1 << 63, 1 << 63 | 5, .max, 0]
        #expect(Set(try seeds.map { try loss(seed: $0) }).count == seeds.count)
        let steps = [0, 1, 1 << 32, 1 << 32 | 1, 1 << 40, 1 << 61]
        #expect(Set(try steps.map { try loss(seed: 5, step: $0) }).count == steps.count)
        // Seed 5, step 3: key 5 and counter 3.
        let graph = try network.lossGraph(batch: 1)
        let expected = try graph.evaluated([
            "images": image, "labels": Tensor([1], [63] as [Int32]), "random key": Tensor([], [5] as [Int32]),
            "random counter": Tensor([], [3] as [Int32]),
        ])["loss"]!.doubles[0]
        #expect((try loss(seed: 5, step: 3) - expected).magnitude < 1e-4)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let training = try Training(network(), optimizer: .sgd(), schedule: Schedule(0.1))
        var batches = try Batches(bars(8, shape: [3, 8, 8]), of: 8)
        #expect(throws: TrainingError.self) { try training.step(&batches) }
        #expect(throws: TrainingError.self) {
            try training.step(images: Tensor([1, 1, 8, 8], repeating: 0), labels: [4])
        }
        #expect(throws: TrainingError.self) {
            try training.step(images: Tensor([0, 1, 8, 8], repeating: 0), labels: [])
        }
        #expect(throws: TrainingError.self) {
            try training.step(images: Tensor([1, 1, 8, 9], repeating: 0), labels: [0])
        }
        #expect(throws: ArgumentError.self) { try training.evaluate(bars(8, shape: [3, 8, 8])) }
        var parameters = training.parameters
        parameters[0].name = "conv9.weight"
        let error = #expect(throws: ArgumentError.self) {
            try Training(network(), optimizer: .sgd(), schedule: Schedule(0.1), parameters: parameters)
        }
        #expect(error?.description == "bars: parameter \"conv1.weight\" is missing, expected float32[4, 1, 3, 3]")
    }

    @Test func initialParametersDependOnTheSeedAlone() throws {
        let network = try network()
        let (a, b, c) = (
            network.initialParameters(seed: 1), network.initialParameters(seed: 1), network.initialParameters(seed: 2)
        )
        #expect(a.map { $0.tensor } == b.map { $0.tensor })
        #expect(a[0].tensor != c[0].tensor)
        #expect(a[0].tensor.floats.allSatisfy { $0.magnitude <= 1 / 3 })
        #expect(a[0].tensor.floats.map { $0.magnitude }.max()! > 0.25)
        // The first weight of seed 1, the same on every machine.
        #expect(a[2].tensor.floats == [1, 1, 1, 1])
    }
}
