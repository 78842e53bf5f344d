import AdjointGraphs
import AdjointModels
import AdjointPlans
import Testing

/// Layers, networks, data and optimizers with numbers and shapes that make no sense: each is refused with an error or
/// works, and none ends the process.
@Suite struct OddArgumentsTests {
    private static let numbers = [Int.min, -(1 << 31), -1, 0, 1, 2, 1 << 31, 1 << 40, 1 << 62, Int.max]
    private static let reals = [
        0, -0.0, 1, -1, 2, Double.leastNonzeroMagnitude, 1e300, Double.infinity, -.infinity, .nan,
    ]
    private static let shapes: [Shape] =
        [
            [], [28], [28, 28], [1, 28, 28], [3, 4, 4, 4], [1, 2, 3, 4, 5], [0, 28, 28], [1, 0, 28], [-1, 28, 28],
            [1, 1 << 29, 1 << 29], [1 << 40], [1 << 40, 1 << 40], [3, Int.max, 1],
        ] + numbers.map { [1, $0, 3] } + numbers.map { [$0] }

    @Test(arguments: shapes) func zoo(_ shape: Shape) {
        for classes in Self.numbers + [10] {
            let makers: [() throws -> Network] = [
                { try Zoo.lenet5(input: shape, classes: classes) },
                { try Zoo.cifar(input: shape, classes: classes) },
                { try Zoo.resnet18(input: shape, classes: classes, width: 2) },
                { try Zoo.resnet18(input: shape, classes: 10, width: classes) },
                { try Zoo.mobilenetV2(input: shape, classes: classes) },
            ]
            for make in makers { survives(make) }
        }
        for name in Zoo.names + ["", "lenet"] {
            survives { try Zoo.named(name, input: shape, classes: 10) }
        }
        let isPicture = shape.rank == 3 && shape.sizes.allSatisfy { $0 >= 1 }
        if !isPicture {
            #expect(throws: ArgumentError.self) { try Zoo.lenet5(input: shape) }
            #expect(throws: ArgumentError.self) { try Zoo.cifar(input: shape) }
            #expect(throws: ArgumentError.self) { try Zoo.resnet18(input: shape) }
            #expect(throws: ArgumentError.self) { try Zoo.mobilenetV2(input: shape) }
        }
    }

    /// Builds a network, and reads all of its properties.
    private func survives(_ make: () throws -> Network) {
        do {
            let network = try make()
            #expect(network.flops >= 0 && network.parameterCount >= 0)
            _ = network.counts
        } catch {
            #expect((error as? ArgumentError)?.description.contains("expected") == true, "\(error)")
        }
    }

    @Test(arguments: shapes) func layers(_ shape: Shape) {
        for n in Self.numbers {
            let several = [n, 1]
            let layers: [[ErasedLayer]] = [
                [ErasedLayer(Convolution(n, kernel: PerAxis(n)))], [ErasedLayer(Convolution(2, kernel: 1, groups: n))],
                [ErasedLayer(Convolution(n, kernel: 1, stride: PerAxis(n), padding: .uniform(n)))],
                [ErasedLayer(Convolution(2, kernel: PerAxis(several), padding: .same, dilation: PerAxis(several)))],
                [ErasedLayer(Convolution(2, kernel: 3, padding: .sides(before: several, after: [])))],
                [ErasedLayer(DepthwiseConvolution(kernel: PerAxis(n), stride: PerAxis(several)))],
                [ErasedLayer(TransposedConvolution(n, kernel: 2, stride: PerAxis(n), outputPadding: PerAxis(n)))],
                [ErasedLayer(TransposedConvolution(4, kernel: 2, stride: PerAxis(n), padding: .same, groups: n))],
                [ErasedLayer(Linear(n))], [ErasedLayer(Flatten()), ErasedLayer(Linear(n))], [ErasedLayer(GroupNorm(n))],
                [
                    ErasedLayer(
                        MaxPool(PerAxis(n), stride: PerAxis(several), padding: .uniform(n), dilation: PerAxis(n)))
                ],
                [ErasedLayer(AveragePool(PerAxis(n), padding: .uniform(n), countsPadding: false, roundingUp: true))],
                [ErasedLayer(BatchNorm()), ErasedLayer(LayerNorm()), ErasedLayer(InstanceNorm())],
                [ErasedLayer(GlobalMaxPool()), ErasedLayer(GlobalAveragePool()), ErasedLayer(Softmax())],
                [ErasedLayer(Concatenated {}), ErasedLayer(Residual {}), ErasedLayer(Gated {})],
                [ErasedLayer(Custom("odd") { x in x.reshaped(to: [x.shape[0], x.shape[n], x.sum([9]).shape[n]]) })],
            ]
            for layer in layers {
                survives {
                    try Network("odd", input: shape, classes: 2) {
                        layer
                        Flatten()
                        Linear(2)
                    }
                }
            }
        }
    }

    @Test func ratesAreChecked() throws {
        for rate in Self.reals where !(rate >= 0 && rate < 1) {
            let error = #expect(throws: ArgumentError.self) {
                try Network("n", input: [2], classes: 2) { Dropout(rate) }
            }
            #expect(error?.description.contains("dropout: rate is \(rate)") == true)
        }
        for smoothing in Self.reals where !(smoothing >= 0 && smoothing <= 1) {
            #expect(throws: ArgumentError.self) {
                try Network("n", input: [2], classes: 2, labelSmoothing: smoothing) { ReLU() }
            }
            let error = #expect(throws: ArgumentError.self) {
                try Graph {
                    $0.input("x", [2, 3]).crossEntropy(labels: $0.input("l", [2], .int32), labelSmoothing: smoothing)
                }
            }
            #expect(error?.argument == "label smoothing")
        }
        #expect(throws: ArgumentError.self) { try Network("n", input: [1 << 20], classes: 2) { Linear(1 << 20) } }
    }

    @Test func lossesOfOddShapes() {
        let shapes: [Shape] = [[], [2], [2, 3], [2, 0], [0, 3], [2, 3, 4], [2, 1 << 40]]
        for shape in shapes {
            for labels in shapes {
                for type in ElementType.allCases {
                    for build in [
                        { (g: GraphBuilder) in g.input("x", shape).crossEntropy(labels: g.input("l", labels, type)) },
                        { g in g.input("x", shape).correctCount(labels: g.input("l", labels, type)) },
                        { g in g.input("x", shape).meanSquaredError(g.input("l", labels, type)) },
                        { g in g.input("x", shape).binaryCrossEntropy(g.input("l", labels, type)) },
                        { g in clipped([g.input("x", shape), g.input("l", labels, type)], toNorm: .nan)[1] },
                    ] {
                        do throws(ArgumentError) { _ = try Graph(build).simplified() } catch {
                            #expect(!error.expected.isEmpty)
                        }
                    }
                }
            }
        }
        #expect(clipped([], toNorm: 1).isEmpty)
    }

    @Test func dataAndOrders() throws {
        for shape in Self.shapes {
            _ = Normalization(measuring: [1, 2, 3, 4, 5, 6], shape: shape)
            _ = try? Dataset(bytes: [1, 2, 3], shape: shape, labels: [0], classes: 1)
            _ = try? Dataset(floats: [], shape: shape, labels: [], classes: .min)
        }
        for (mean, deviation) in [([], []), ([0], [0]), ([0], [.nan]), ([0, 0], [1, 1]), ([0], [1, 1])]
            as [([Float], [Float])]
        {
            let normalization = Normalization(mean: mean, deviation: deviation)
            #expect(throws: ArgumentError.self) {
                try Dataset(bytes: [1], shape: [1, 1, 1], labels: [0], classes: 1, normalization: normalization)
            }
        }
        let data = try Dataset(floats: [1, 2, 3, 4], shape: [1], labels: [0, 1, 0, 1], classes: 2)
        for n in Self.numbers {
            if n < 1 { #expect(throws: ArgumentError.self) { try Batches(data, of: n) } }
            guard n > 0 else { continue }
            var batches = try Batches(data, of: n, seed: UInt64(n))
            for place in Self.numbers where place != 0 {
                #expect(throws: ArgumentError.self) { try batches.move(toEpoch: -1, position: 0) }
                _ = try? batches.move(toEpoch: 0, position: place)
            }
            if n > 4 { #expect(throws: ArgumentError.self) { try data.images(0..<n) } }
        }
        #expect(throws: ArgumentError.self) { try Batches(data, of: 2, augments: true) }
    }

    @Test func schedulesAndOptimizers() throws {
        for n in Self.numbers {
            for total in Self.numbers {
                for step in Self.numbers {
                    for shape in [
                        Schedule.Shape.constant, .cosine(total: total), .thirds(total: total), .step(every: total),
                        .step(every: total, factor: 1), .step(every: total, factor: -1),
                    ] {
                        let rate = Schedule(1, shape, warmup: n)(step)
                        #expect(rate.magnitude <= 1 || step < 0, "\(shape) warmup \(n) at \(step): \(rate)")
                    }
                }
            }
            for scalar in Optimizer.adam().scalars + Optimizer.adagrad(rateDecay: 1).scalars { _ = scalar.value(n) }
        }
        let network = try Network("n", input: [2], classes: 2) { Linear(2) }
        for real in Self.reals {
            for optimizer in [
                Optimizer.sgd(momentum: real, nesterov: true, weightDecay: real),
                .adam(beta1: real, beta2: real, epsilon: real, weightDecay: real), .adamW(weightDecay: real),
            ] {
                do throws(ArgumentError) {
                    let training = try Training(network, optimizer: optimizer, schedule: Schedule(real))
                    _ = try? training.step(images: try Tensor([1, 2], [1, 2] as [Float]), labels: [1])
                    #expect(training.parameters.allSatisfy { $0.tensor.floats.allSatisfy { $0.isFinite } })
                } catch {
                    #expect(!error.expected.isEmpty)
                }
            }
            if !(real >= 0x1p-126 && real.isFinite) {
                #expect(throws: ArgumentError.self) {
                    try Training(
                        network, optimizer: .sgd(), schedule: Schedule(1), settings: StepSettings(clip: .norm(real)))
                }
                #expect(throws: ArgumentError.self) {
                    try network.trainingGraph(batch: 1, optimizer: .sgd(), settings: StepSettings(clip: .norm(real)))
                }
            }
        }
        for batch in Self.numbers where batch < 0 || batch > 1 << 60 {
            #expect(throws: ArgumentError.self) { try network.trainingGraph(batch: batch, optimizer: .sgd()) }
            #expect(throws: ArgumentError.self) { try network.inferenceGraph(batch: batch) }
            #expect(throws: ArgumentError.self) { try network.evaluationGraph(batch: batch) }
            #expect(throws: ArgumentError.self) { try network.layersGraph(batch: batch) }
            #expect(throws: ArgumentError.self) { try network.explainedGraph(batch: batch) }
        }
    }

    @Test func checkpointsWithImpossiblePlaces() throws {
        let network = try Network("n", input: [1], classes: 2) { Linear(2) }
        let training = try Training(network, optimizer: .sgd(), schedule: Schedule(1))
        var batches = try Batches(Dataset(floats: [1, 2], shape: [1], labels: [0, 1], classes: 2), of: 1)
        let good = training.checkpoint(batches)
        for name in ["adjoint.step", "adjoint.epoch", "adjoint.position"] {
            for text in ["-1", "\(Int.max)", "99999999999999999999", "x", ""] {
                var metadata = good.metadata
                metadata[name] = text
                let bad = Checkpoint(tensors: good.tensors, metadata: metadata)
                #expect(throws: ArgumentError.self) { try training.resume(from: bad, &batches) }
            }
        }
        try training.resume(from: good, &batches)
        _ = try training.step(&batches)
    }
}
