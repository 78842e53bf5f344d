import AdjointGraphs
import AdjointJSON
import AdjointModels
import AdjointPlans
import Testing

/// Settings that would silently ruin a training are refused when they are given.
@Suite struct SettingsTests {
    private let network = try! Network("n", input: [2], classes: 2) { Linear(2) }

    private func refuses(
        _ argument: String, _ optimizer: Optimizer = .sgd(), _ schedule: Schedule = Schedule(0.1),
        clip: StepSettings.Clip? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ArgumentError.self, sourceLocation: sourceLocation) {
            try Training(network, optimizer: optimizer, schedule: schedule, settings: StepSettings(clip: clip))
        }
        #expect(error?.argument == argument, sourceLocation: sourceLocation)
        if schedule.learningRate == 0.1 && schedule.shape == .constant {
            #expect(throws: ArgumentError.self, sourceLocation: sourceLocation) {
                try network.trainingGraph(batch: 1, optimizer: optimizer, settings: StepSettings(clip: clip))
            }
        }
    }

    @Test(arguments: [Double.nan, -1, -1e-300, .infinity]) func ofOptimizersAndSchedules(bad: Double) throws {
        refuses("momentum", .sgd(momentum: bad))
        refuses("weight decay", .sgd(weightDecay: bad))
        refuses("beta1", .adam(beta1: bad))
        refuses("beta2", .adamW(beta2: bad))
        refuses("epsilon", .adam(epsilon: bad))
        refuses("weight decay", .adamW(weightDecay: bad))
        refuses("clip", clip: .norm(bad))
        refuses("clip", clip: .value(bad))
        refuses("learning rate", .sgd(), Schedule(bad))
        refuses("factor", .sgd(), Schedule(0.1, .step(every: 3, factor: bad)))
    }

    @Test func atTheEdge() throws {
        refuses("beta2", .adam(beta2: 1))
        refuses("beta1", .adamW(beta1: 1))
        refuses("momentum", .sgd(momentum: 1))
        refuses("clip", clip: .norm(1e-50))
        refuses("clip", clip: .value(0))
        refuses("epsilon", .adam(epsilon: 0))
        refuses("epsilon", .adam(epsilon: 1e-50))
        refuses("learning rate", .sgd(), Schedule(1e300))
        _ = try Training(
            network, optimizer: .adam(beta1: 0, beta2: 0.9999, epsilon: 1e-30, weightDecay: 3), schedule: Schedule(0),
            settings: StepSettings(clip: .norm(1e-30)))
        _ = try Training(network, optimizer: .sgd(momentum: 0.999), schedule: Schedule(1e30))
    }

    /// Layers in braces and in JSON alike.
    @Test(arguments: [Double.nan, -1, 7, .infinity]) func ofLayers(bad: Double) throws {
        let layers: [(String, ErasedLayer, isFine: Bool)] = [
            ("eps", ErasedLayer(BatchNorm(epsilon: bad)), bad == 7),
            ("momentum", ErasedLayer(BatchNorm(momentum: bad)), false),
            ("eps", ErasedLayer(GroupNorm(1, epsilon: bad)), bad == 7),
            ("eps", ErasedLayer(LayerNorm(epsilon: bad)), bad == 7),
            ("eps", ErasedLayer(InstanceNorm(epsilon: bad)), bad == 7), ("rate", ErasedLayer(Dropout(bad)), false),
            ("slope", ErasedLayer(LeakyReLU(slope: bad)), bad.isFinite),
            ("alpha", ErasedLayer(ELU(alpha: bad)), bad.isFinite),
        ]
        for (argument, layer, isFine) in layers {
            do throws(ArgumentError) {
                let network = try Network("n", input: [3, 4, 4], classes: 48) {
                    [layer]
                    Flatten()
                }
                #expect(isFine, "\(network.steps[0])")
            } catch {
                #expect(!isFine && error.argument == argument, "\(error)")
            }
        }
        if bad.isFinite, bad != 7 {
            let error = #expect(throws: ArgumentError.self) {
                try Network(
                    parsing: Array(
                        """
                        {"shape": [1, 3], "classes": 3, "operations": [
                        {"op": "batch_norm", "inputs": ["x"], "output": "y", "name": "bn", "eps": \(bad)}]}
                        """.utf8))
            }
            #expect(
                error?.description == "operation 1, bn: batch_norm: eps is -1.0, expected \(Bounds.fromZero.expected)")
        }
    }

    /// One element is its own mean: PyTorch refuses instance and batch normalization of it in training.
    @Test func normalizationOfOneElement() throws {
        func makes(_ layer: ErasedLayer, _ input: Shape, batch: Int) throws {
            let network = try Network("n", input: input, classes: 2) {
                [layer]
                Flatten()
                Linear(2)
            }
            _ = try network.inferenceGraph(batch: batch)
            _ = try network.trainingGraph(batch: batch, optimizer: .sgd())
        }
        for (layer, input, batch) in [
            (ErasedLayer(InstanceNorm()), [3, 1, 1], 4), (ErasedLayer(GroupNorm(3)), [3, 1, 1], 4),
            (ErasedLayer(LayerNorm()), [1, 1, 1], 4), (ErasedLayer(BatchNorm()), [3, 1, 1], 1),
        ] as [(ErasedLayer, Shape, Int)] {
            let error = #expect(throws: ArgumentError.self) { try makes(layer, input, batch: batch) }
            #expect(error?.description.contains("in training") == true, "\(String(describing: error))")
        }
        try makes(ErasedLayer(InstanceNorm()), [3, 1, 2], batch: 1)
        try makes(ErasedLayer(GroupNorm(3)), [6, 1, 1], batch: 1)
        try makes(ErasedLayer(LayerNorm()), [2, 1, 1], batch: 1)
        try makes(ErasedLayer(BatchNorm()), [3, 1, 1], batch: 2)
    }

    @Test func graphsRefuseThemToo() {
        #expect(throws: ArgumentError.self) {
            try Graph { $0.input("x", [2, 3]).standardized(over: [1], epsilon: -1) }
        }
        #expect(throws: ArgumentError.self) { try Graph { clipped([$0.input("x", [2])], toNorm: 1e-50)[0] } }
    }

    @Test func aMistakenMemberIsNamed() throws {
        func error(_ member: String, root: String = "") -> String? {
            let text = """
                {"shape": [1, 3, 4, 4], "classes": 3 \(root), "operations": [{"op": "conv2d", "inputs": ["x"], "output": "y",
                "weight": "w", "filters": 3, "kernel": [4, 4] \(member)}, {"op": "flatten", "inputs": ["y"], "output": "z"}]}
                """
            do throws(ArgumentError) { _ = try Network(parsing: Array(text.utf8)) } catch { return "\(error)" }
            return nil
        }
        #expect(error("") == nil)
        #expect(error("", root: #", "notes": "", "sha256": "", "optimizers": {}"#) == nil)
        #expect(
            error(#", "strides": [2, 2]"#) == "conv2d: operations[0].strides is unknown, expected the name stride")
        #expect(error(#", "grops": 1"#)?.contains("expected the name groups") == true)
        #expect(error(#", "units": 1"#)?.contains("expected one of op, ") == true)
        #expect(error("", root: #", "clases": 4"#) == "network: clases is \"clases\", expected the name classes")
    }

    @Test func mulIsMultiply() throws {
        func network(_ name: String) throws -> Network {
            try Network(
                parsing: Array(
                    """
                    {"shape": [1, 3], "classes": 3, "operations": [{"op": "\(name)", "inputs": ["x", "x"], "output": "y"}]}
                    """.utf8))
        }
        #expect(try network("mul") == network("multiply"))
        let error = #expect(throws: ArgumentError.self) { try network("multiplly") }
        #expect(error?.expected == "multiply")
    }

    /// Networks that are known not to fit the machine's memory are refused before anything is made.
    @Test func moreThanTheMemory() throws {
        let wide = try Network("wide", input: [1 << 20], classes: 2) {
            Linear(1 << 10, name: "a")
            Linear(2)
        }
        for batch in [1 << 24, Int(Int32.max)] {
            let error = #expect(throws: ArgumentError.self) { try wide.inferenceGraph(batch: batch) }
            #expect(error?.argument.hasPrefix("the memory for") == true)
        }
        // What is noted for every tap of a window would not fit either.
        for padding in [1 << 30, 1 << 31 - 10] {
            let line = try Network("line", input: [1, 5], classes: 2) {
                Convolution(2, kernel: 3, padding: .sides(before: [padding], after: [0]))
                GlobalMaxPool()
                Flatten()
            }
            #expect(throws: ArgumentError.self) { try line.inferenceGraph(batch: 1) }
        }
    }
}
