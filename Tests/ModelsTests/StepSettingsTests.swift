import AdjointGraphs
import AdjointModels
import AdjointPlans
import Testing

/// Clipping, groups of parameters, batches in parts and averages, against steps written in plain numbers.
@Suite struct StepSettingsTests {
    /// Two linear layers of 2, 3 and 2 numbers, without kinks between them.
    private static func network(frozen: [String] = []) throws -> Network {
        try Network(
            "n", inputs: [Network.Input("x", shape: [4, 2]), Network.Input("t", shape: [4, 2])], outputs: ["y"],
            loss: "loss", frozen: frozen
        ) { network in
            let y = network.append(to: "x") {
                Linear(3, name: "a")
                Tanh()
                Linear(2, bias: false, name: "b")
            }
            network.append(Apply("multiply"), to: [y, y], as: "y")
            network.append(Apply("mse"), to: ["y", "t"], as: "loss")
        }
    }

    private static let x = (0..<8).map { Double($0 * 5 % 7) / 3 - 1 }
    private static let t = (0..<8).map { Double($0 * 3 % 5) / 2 }

    /// Parameters by name.
    private typealias Numbers = [String: [Double]]

    private static let start: Numbers = [
        "a.weight": [0.3, -0.5, 0.8, 0.1, -0.7, 0.4], "a.bias": [0.1, -0.2, 0.3],
        "b.weight": [0.9, -0.4, 0.2, -0.6, 0.5, 0.7],
    ]

    /// The mean of (y² − t)² over some samples, by hand.
    private static func loss(_ p: Numbers, _ samples: Range<Int>) -> Double {
        let (a, c, b) = (p["a.weight"]!, p["a.bias"]!, p["b.weight"]!)
        var sum = 0.0
        for n in samples {
            let h = (0..<3).map { tanh(a[2 * $0] * x[2 * n] + a[2 * $0 + 1] * x[2 * n + 1] + c[$0]) }
            for k in 0..<2 {
                let y = (0..<3).reduce(0) { $0 + b[3 * k + $1] * h[$1] }
                sum += (y * y - t[2 * n + k]) * (y * y - t[2 * n + k])
            }
        }
        return sum / Double(2 * samples.count)
    }

    private static func tanh(_ x: Double) -> Double { Pointwise.tanh(x, 0, 0) }

    /// Differences of four points, of order h⁴.
    private static func gradient(_ p: Numbers, _ samples: Range<Int>) -> Numbers {
        var gradient: Numbers = [:]
        for (name, numbers) in p {
            gradient[name] = numbers.indices.map { place in
                func moved(_ step: Double) -> Double {
                    var moved = p
                    moved[name]![place] += step
                    return loss(moved, samples)
                }
                let h = 1e-3
                return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
            }
        }
        return gradient
    }

    /// Three steps of the library in Double.
    private func steps(
        _ optimizer: Optimizer, _ settings: StepSettings, frozen: [String] = []
    ) throws -> [String: Tensor] {
        let network = try Self.network(frozen: frozen)
        let graph = try network.trainingGraph(batch: 4, optimizer: optimizer, settings: settings, type: .float64)
        var state: [String: Tensor] = [:]
        for (name, shape) in network.stateShapes(optimizer, settings) {
            state[name] = try Tensor(shape, Self.start[name] ?? [Double](repeating: 0, count: shape.count))
        }
        for (name, tensor) in network.initialState(optimizer, settings, { state[$0] }) { state[name] = tensor }
        for step in 1...3 {
            var inputs = state
            inputs["x"] = try Tensor([4, 2], Self.x)
            inputs["t"] = try Tensor([4, 2], Self.t)
            inputs[InputName.learningRate] = Tensor(scalar: 0.1, as: .float64)
            for scalar in optimizer.scalars { inputs[scalar.name] = Tensor(scalar: scalar.value(step), as: .float64) }
            let results = try graph.evaluated(inputs)
            #expect(results["finite"]?.doubles == [1])
            for name in state.keys where results[name] != nil { state[name] = results[name] }
        }
        return state
    }

    private func expect(
        _ state: [String: Tensor], _ p: Numbers, _ suffix: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (name, numbers) in p {
            for (place, number) in numbers.enumerated() {
                let got = state[name + suffix]?.doubles[place] ?? .nan
                #expect((got - number).magnitude < 1e-9, "\(name)[\(place)]", sourceLocation: sourceLocation)
            }
        }
    }

    @Test func clippingByNormAndByValue() throws {
        var (p, q) = (Self.start, Self.start)
        for _ in 0..<3 {
            let (g, h) = (Self.gradient(p, 0..<4), Self.gradient(q, 0..<4))
            let norm = g.values.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(norm > 0.2 && h.values.joined().contains { $0.magnitude > 0.05 })
            for name in p.keys {
                for i in p[name]!.indices {
                    p[name]![i] -= 0.1 * g[name]![i] * min(1, 0.2 / (norm + 1e-6))
                    q[name]![i] -= 0.1 * max(-0.05, min(0.05, h[name]![i]))
                }
            }
        }
        expect(try steps(.sgd(), StepSettings(clip: .norm(0.2))), p)
        expect(try steps(.sgd(), StepSettings(clip: .value(0.05))), q)
    }

    @Test func groupsHaveRatesAndDecayOfTheirOwn() throws {
        var (p, v) = (Self.start, Self.start.mapValues { $0.map { _ in 0.0 } })
        for _ in 0..<3 {
            let g = Self.gradient(p, 0..<4)
            for name in p.keys {
                let factor = name == "b.weight" ? 0.5 : name == "a.bias" ? 3.0 : 1
                let decay = name == "a.bias" ? 0 : 0.2
                for i in p[name]!.indices {
                    v[name]![i] = 0.9 * v[name]![i] + g[name]![i] + decay * p[name]![i]
                    p[name]![i] -= 0.1 * factor * v[name]![i]
                }
            }
        }
        let groups = [
            ParameterGroup("*.bias", decays: false), ParameterGroup("b.*", rateFactor: 0.5),
            ParameterGroup("a*bias", rateFactor: 3),
        ]
        expect(try steps(.sgd(momentum: 0.9, weightDecay: 0.2), StepSettings(groups: groups)), p)
    }

    /// Every optimizer with a weight decay of 0 is equal to the one without.
    @Test func noDecayIsNoDecayOfEveryOptimizer() throws {
        let pairs: [(Optimizer, Optimizer)] = [
            (.sgd(momentum: 0.5, nesterov: true, weightDecay: 0.3), .sgd(momentum: 0.5, nesterov: true)),
            (.adam(weightDecay: 0.3), .adam()), (.adamW(weightDecay: 0.3), .adamW(weightDecay: 0)),
            (.rmsProp(weightDecay: 0.3), .rmsProp()), (.adagrad(weightDecay: 0.3), .adagrad()),
            (.lion(weightDecay: 0.3), .lion()), (.lamb(weightDecay: 0.3), .lamb()),
        ]
        for (decaying, plain) in pairs {
            let group = StepSettings(groups: [ParameterGroup("*", decays: false)])
            let (without, with) = try (steps(decaying, group), steps(decaying, StepSettings()))
            let expected = try steps(plain, StepSettings())
            #expect(without["b.weight"] == expected["b.weight"], "\(decaying)")
            #expect(with["b.weight"] != expected["b.weight"], "\(decaying)")
        }
    }

    @Test func partsAddUpToTheWholeAndAveragesFollow() throws {
        var (p, average) = (Self.start, Self.start)
        for _ in 0..<3 {
            let parts = [Self.gradient(p, 0..<2), Self.gradient(p, 2..<4)]
            for name in p.keys {
                for i in p[name]!.indices {
                    if name != "a.bias" { p[name]![i] -= 0.1 * (parts[0][name]![i] + parts[1][name]![i]) / 2 }
                    average[name]![i] = 0.8 * average[name]![i] + 0.2 * p[name]![i]
                }
            }
        }
        let state = try steps(.sgd(), StepSettings(parts: 2, average: 0.8), frozen: ["a.b*"])
        expect(state, p)
        expect(state, average, " running average")
    }

    /// Clipping applies to the mean over the parts, which Adam squares.
    @Test func partsAreTheWholeForAMean() throws {
        let settings = StepSettings(clip: .value(0.03))
        var cut = settings
        cut.parts = 4
        let (whole, parts) = try (steps(.adam(), settings), steps(.adam(), cut))
        for name in Self.start.keys {
            for (a, b) in zip(whole[name]!.doubles, parts[name]!.doubles) { #expect((a - b).magnitude < 1e-12) }
        }
    }

    @Test func whatCannotBeIsRefused() throws {
        let normed = try Network("n", input: [2, 3, 3], classes: 2) {
            Convolution(2, kernel: 3)
            BatchNorm()
            Flatten()
            Linear(2)
        }
        func refusal(_ settings: StepSettings) throws -> String {
            let error = #expect(throws: ArgumentError.self) {
                try Training(normed, optimizer: .sgd(), schedule: Schedule(0.1), settings: settings)
            }
            return error?.description ?? ""
        }
        #expect(try refusal(StepSettings(parts: 2)).contains("bn1.running_mean"))
        #expect(try refusal(StepSettings(parts: 0)).contains("1 or more"))
        #expect(try refusal(StepSettings(average: 1)).contains("below 1"))
        #expect(try refusal(StepSettings(groups: [ParameterGroup("conv2*")])).contains("conv2*"))
        #expect(try refusal(StepSettings(groups: [ParameterGroup("*", rateFactor: -1)])).contains("rate factor"))
        let error = #expect(throws: ArgumentError.self) {
            try Self.network().trainingGraph(batch: 4, optimizer: .sgd(), settings: StepSettings(parts: 3))
        }
        #expect(error?.expected == "a divisor of the batch of 4")
    }

    /// In a plan: each part drops out other units, the averages are evaluated and saved, a checkpoint continues them,
    /// and a step that is not taken does not change them.
    @Test func trainingKeepsAverages() throws {
        let network = try Network("n", input: [6], classes: 2) {
            Linear(8)
            Dropout(0.5)
            ReLU()
            Linear(2)
        }
        let pictures = try Tensor([8, 6], (0..<48).map { Float($0 * 7 % 11) / 5 - 1 })
        let labels: [Int32] = [0, 1, 1, 0, 1, 0, 0, 1]
        func training(_ parts: Int) throws -> Training {
            try Training(
                network, optimizer: .lion(), schedule: Schedule(0.05), seed: 3,
                settings: StepSettings(parts: parts, average: 0.5))
        }
        let (one, four) = try (training(1), training(4))
        let first = one.parameters
        _ = try (one.step(images: pictures, labels: labels), four.step(images: pictures, labels: labels))
        for (number, (name, averaged)) in one.averagedParameters.enumerated() {
            let (old, new) = (first[number].tensor.floats, one.parameters[number].tensor.floats)
            for (place, mean) in averaged.floats.enumerated() {
                #expect((mean - (old[place] + new[place]) / 2).magnitude < 1e-6, "\(name)")
            }
        }
        // Equal masks in all parts would give two of four equal rows the same outputs; here the whole batch is one row, repeated.
        let same = try Tensor([8, 6], (0..<48).map { Float($0 % 6) - 2 })
        let graph = try network.trainingGraph(batch: 8, optimizer: .sgd(), settings: StepSettings(parts: 4))
        let streams = Set(
            graph.nodes.compactMap { node -> UInt32? in
                if case .random(_, let stream) = node.primitive { stream } else { nil }
            })
        #expect(streams.count == 4)
        _ = try four.step(images: same, labels: labels)
        let before = (one.parameters.map { $0.tensor }, one.averagedParameters.map { $0.tensor })
        #expect(throws: TrainingError.self) {
            try one.step(images: Tensor([8, 6], [Float](repeating: .nan, count: 48)), labels: labels)
        }
        #expect(one.parameters.map { $0.tensor } == before.0 && one.averagedParameters.map { $0.tensor } == before.1)
        #expect(one.model().tensors.map { $0.tensor } == before.1)
    }
}
