import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels
import AdjointPlans
import TestSupport
import Testing

/// Networks that are no classifiers: several inputs and outputs, losses among their operations, layers of one's own.
@Suite struct AnyNetworkTests {
    private func siamese() throws -> Network {
        try Network(
            "siamese", inputs: [Network.Input("a", [1, 8, 8]), Network.Input("b", [1, 8, 8])],
            outputs: ["distance"], loss: "loss"
        ) { network in
            let codes = ["a", "b"].map { name in
                network.append(to: name) {
                    Shared("encoder") {
                        Convolution(4, kernel: 3)
                        PReLU(4)
                        Upsample(scale: [2, 2], .bilinear)
                        Custom("scaled", parameters: [Parameter("gain", [], initial: .constant(2))]) { x, p in x * p[0]
                        }
                        Flatten()
                        Linear(6)
                    }
                }
            }
            let difference = network.append(Apply("subtract"), to: codes)
            let square = network.append(Apply("multiply"), to: [difference, difference])
            network.append(Apply("sum", ["axes": [1]]), to: [square], as: "distance")
            network.append(Apply("mean", ["axes": [0]]), to: ["distance"], as: "loss")
        }
    }

    @Test func parametersAreSharedAndSurviveJSON() throws {
        let network = try siamese()
        #expect(
            network.parameters.map { $0.name } == [
                "encoder.conv1.weight", "encoder.conv1.bias", "encoder.prelu1.weight", "encoder.scaled1.gain",
                "encoder.fc1.weight", "encoder.fc1.bias",
            ])
        #expect(!network.isClassifier && network.classes == 0)
        let scaled = Network.Custom(
            "scaled", parameters: [Parameter("encoder.scaled1.gain", [], initial: .constant(2))]
        ) { x, p in x[0] * p[0] }
        let text = network.encoded().serialized()
        #expect(try Network(parsing: Array(text.utf8), custom: [scaled]).encoded().serialized() == text)
        #expect(throws: ArgumentError.self) { try network.lossGraph(batch: 2) }
    }

    /// Equal pictures have no distance, and the gradient is that of differences; on a plan at another size of batch too.
    @Test func aFunctionOfTwoInputsLearns() throws {
        let network = try siamese()
        let graph = try network.graph(.training, batch: 3, type: .float64)
        #expect(graph.inputs.prefix(2).map { $0.shape } == [[3, 1, 8, 8], [3, 1, 8, 8]])
        var inputs = ["a": Tensor.uniform([3, 1, 8, 8], seed: 1), "b": Tensor.uniform([3, 1, 8, 8], seed: 2)]
        for (name, tensor) in network.initialParameters(seed: 3) { inputs[name] = tensor.converted(to: .float64) }
        let expected = try graph.gradient(of: "encoder.fc1.weight", output: "loss").evaluated(inputs)
        let weight = try #require(inputs["encoder.fc1.weight"])
        func loss(_ place: Int, _ amount: Double) throws -> Double {
            var (moved, numbers) = (inputs, weight.doubles)
            numbers[place] += amount
            moved["encoder.fc1.weight"] = try Tensor(weight.shape, numbers)
            return try #require(graph.evaluated(moved)["loss"]).doubles[0]
        }
        for place in [0, 100, 500] {
            let difference = (try loss(place, 1e-5) - loss(place, -1e-5)) / 2e-5
            #expect((expected["∂encoder.fc1.weight"]!.doubles[place] - difference).magnitude < 1e-7)
        }
        let single = try network.graph(.training, batch: 3).gradient(of: "encoder.fc1.weight", output: "loss")
        let computed = try single.compiled().results(inputs.mapValues { $0.converted(to: .float32) })
        expectClose(computed["∂encoder.fc1.weight"], expected["∂encoder.fc1.weight"]!, "gradient", tolerance: 1e-4)
        inputs["b"] = inputs["a"]
        #expect(try graph.evaluated(inputs)["loss"]?.doubles == [0])
    }

    /// Spatial sizes stay open until a graph is made.
    @Test func otherSizesOfSpace() throws {
        let network = try Network("open", inputs: [Network.Input("x", [2, 8, 8])], outputs: ["y"]) { network in
            let inner = network.append(to: "x") {
                Convolution(3, kernel: 3, padding: .same)
                Upsample(scale: [2, 2])
                GroupNorm(3)
            }
            network.append(Apply("softmax", ["axis": 1]), to: [inner], as: "y")
        }
        let graph = try network.graph(.inference, shapes: ["x": [5, 2, 7, 11]])
        #expect(graph.nodes[graph.outputs[0].node].shape == [5, 3, 14, 22])
        #expect(throws: ArgumentError.self) { try network.graph(.inference, shapes: ["x": [5, 3, 7, 11]]) }
    }

    /// p ← p − rate·sign(g) with the number of steps as moment, from a start of 2.
    @Test func anOptimizerOfOnesOwnTrains() throws {
        let signs = Optimizer(
            "signs", moments: ["count"], initialMoment: 2, scalars: [Optimizer.Scalar("half") { Double($0) / 2 }]
        ) { u in (u.parameter - u.rate * u.scalars[0] * u.gradient.sign(), [u.moments[0] + 1]) }
        let network = try Network("n", input: [2], classes: 2) { Linear(2, bias: false) }
        let start = try Tensor([2, 2], [1, 1, 1, 1] as [Float])
        let training = try Training(
            network, optimizer: signs, schedule: Schedule(0.25), parameters: [("fc1.weight", start)])
        for _ in 0..<2 { _ = try training.step(images: Tensor([1, 2], [1, -1] as [Float]), labels: [0]) }
        // Steps of 0.125 and 0.25, up for the label's row where the picture is positive.
        #expect(training.parameters[0].tensor.floats == [1.375, 0.625, 0.625, 1.375])
        #expect(training.state.tensor(named: "fc1.weight count")?.floats == [4, 4, 4, 4])
    }

    private func message(_ json: String) -> String {
        do throws(ArgumentError) {
            _ = try Network(parsing: Array(json.utf8))
            return "no error"
        } catch { return error.description }
    }

    @Test(arguments: [
        (
            #"{"op":"relu","inputs":["x"],"output":"x"}"#,
            "operation 1: relu: output is \"x\", expected a name of its own"
        ),
        (
            #"{"op":"relu","inputs":["z"],"output":"y"},{"op":"relu","inputs":["y"],"output":"z"}"#,
            "operation 1: relu: inputs is \"z\", which is made behind it, expected the outputs of operations before it"
        ),
        (
            #"{"op":"upsample","inputs":["x"],"output":"y","mode":"nearest","size":[0,2]}"#,
            "operation 1: upsample: size is [0, 2] from [4, 4], expected 1 or more and below 2^31 on every axis"
        ),
        (
            #"{"op":"scale","inputs":["x"],"output":"y","weight":"w","axis":1},{"op":"scale","inputs":["y"],"output":"z","weight":"w","axis":2}"#,
            "operation 2, w: scale: parameter \"w\" is [4], expected the shape [2] of its first use"
        ),
        (
            #"{"op":"relu","inputs":["x"],"output":"y","wavelength":1}"#,
            "relu: operations[0].wavelength is unknown, expected one of op, inputs, output"
        ),
        (
            #"{"op":"leaky_relu","inputs":["x"],"output":"y","slop":1}"#,
            "leaky_relu: operations[0].slop is unknown, expected the name slope"
        ),
        (
            #"{"op":"wavelet","inputs":["x"],"output":"y"}"#,
            "wavelet: operations[0].op is \"wavelet\""
        ),
        (
            #"{"op":"embedding","inputs":["x"],"output":"y","weight":"w","shape":[5,3]}"#,
            "operation 1, w: embedding: index is float32[2, 2, 4, 4], expected int32"
        ),
        (
            #"{"op":"sum","inputs":["x"],"output":"s","axes":[2],"keepdim":true},{"op":"concat","inputs":["x","s"],"output":"y","axis":1}"#,
            "operation 2: concat: operands is float32[2, 2, 4, 4] and float32[2, 2, 1, 4]"
        ),
        (
            #"{"op":"slice","inputs":["x"],"output":"y","axis":1,"begin":0,"end":null,"step":-1}"#,
            "slice: operations[0].step is -1, expected a whole number from 1"
        ),
        (
            #"{"op":"mean","inputs":["x"],"output":"y","axes":[7]}"#,
            "operation 1: mean: axis is 7, expected an axis of [2, 2, 4, 4]"
        ),
        (
            #"{"op":"batch_norm","inputs":["x"],"output":"y","name":"bn","eps":null}"#,
            "batch_norm: operations[0].eps is null, expected a number"
        ),
        (
            #"{"op":"batch_norm","inputs":["x"],"output":"y","weight":"w","running_mean":"w","running_var":"v"}"#,
            "operation 1, w: batch_norm: parameter \"w\" is [2], expected a name that no parameter has"
        ),
        (
            #"{"op":"upsample","inputs":["x"],"output":"y","size":[8,8],"scale":[2,2]}"#,
            "operation 1: upsample: scale is [2, 2], expected none beside the size [8, 8]"
        ),
        (
            #"{"op":"upsample","inputs":["x"],"output":"y","size":[8,8],"align_corners":true}"#,
            "operation 1: upsample: align_corners is true, expected false where the mode is nearest"
        ),
        (
            #"{"op":"celu","inputs":["x"],"output":"y","alpha":0}"#,
            "operation 1: celu: alpha is 0.0, expected a number above 0"
        ),
        (
            #"{"op":"mse","inputs":["x","x"],"output":"y","reduction":"batchmean"}"#,
            "mse: operations[0].reduction is \"batchmean\", expected one of mean, sum"
        ),
        (
            #"{"op":"max_pool","inputs":["x"],"output":"y","kernel":[2,2],"stride":[2]}"#,
            "max_pool: operations[0].stride is an array of 1, expected an array of 2"
        ),
        (
            #"{"op":"mse","inputs":["x"],"output":"y"}"#, "operation 1: mse: inputs is 1, expected 2"
        ),
        (
            #"{"op":"relu","inputs":["x"],"output":"q"}"#,
            "n: outputs is \"y\", which no operation makes, expected names of values"
        ),
        (
            #"{"op":"relu","inputs":["x"],"output":"y"}"#,
            "n: loss is \"y\", which is float32[2, 2, 4, 4], expected the name of an operation's output that is one number"
        ),
    ])
    func whatDoesNotFitIsOneSentence(operations: String, sentence: String) {
        #expect(
            message(
                #"{"name":"n","inputs":[{"name":"x","shape":[2,2,4,4],"type":"float64"}],"outputs":["y"],"loss":"y","operations":["#
                    + operations + "]}"
            ).hasPrefix(sentence))
    }

    /// Twins with one batch normalization: its inputs are 1 and 3, then 2 and 6, and it keeps a tenth of each.
    ///
    ///     mean      0 → 0.9·0 + 0.1·2 = 0.2  → 0.9·0.2 + 0.1·4 = 0.58
    ///     variance  1 → 0.9·1 + 0.1·2 = 1.1  → 0.9·1.1 + 0.1·8 = 1.79
    @Test func runningStatisticsThatAreSharedGoFromOneToTheNext() throws {
        let norm = #""op":"batch_norm","weight":null,"bias":null,"running_mean":"m","running_var":"v""#
        let json =
            #"{"inputs":[{"name":"x","shape":[2,1]}],"outputs":["b"],"operations":["#
            + #"{"op":"multiply","inputs":["x"],"output":"y","value":2},"#
            + "{\(norm),\"inputs\":[\"x\"],\"output\":\"a\"},{\(norm),\"inputs\":[\"y\"],\"output\":\"b\"}]}"
        let network = try Network(parsing: Array(json.utf8))
        #expect(network.parameters.map { $0.name } == ["m", "v"])
        let inputs = [
            "x": try Tensor([2, 1], [1, 3] as [Double]), "m": try Tensor([1], [0] as [Double]),
            "v": try Tensor([1], [1] as [Double]),
        ]
        let after = try network.graph(.training, type: .float64).evaluated(inputs)
        #expect(try (#require(after["m"]).doubles[0] - 0.58).magnitude < 1e-15)
        #expect(try (#require(after["v"]).doubles[0] - 1.79).magnitude < 1e-15)
        let planned = try network.graph(.training).compiled().results(inputs)
        #expect(try (#require(planned["v"]).doubles[0] - 1.79).magnitude < 1e-6)
        let used = try network.graph(.inference, type: .float64).evaluated(inputs)
        #expect(try (#require(used["b"]).doubles[1] - 6 / 1.00001.squareRoot()).magnitude < 1e-14)
    }

    /// Twins with one batch normalization, trained in place: a step on every table, by 1, 2 and 3 threads, with activations
    /// computed again, gives one set of bits for each table, and the numbers of the definition.
    @Test(arguments: Machine.kernels) func twinsWithSharedStatisticsTrain(cpu: String) throws {
        let network = try Network(
            "twins", inputs: [Network.Input("a", [1, 9, 9]), Network.Input("b", [1, 9, 9])], outputs: ["d"], loss: "l"
        ) { network in
            let codes = ["a", "b"].map { name in
                network.append(to: name) {
                    Shared("encoder") {
                        Convolution(16, kernel: 3)
                        BatchNorm()
                        ReLU()
                        MaxPool(2)
                        Flatten()
                    }
                }
            }
            let difference = network.append(Apply("subtract"), to: codes)
            let square = network.append(Apply("multiply"), to: [difference, difference])
            network.append(Apply("mean", ["axes": [1]]), to: [square], as: "d")
            network.append(Apply("mean", ["axes": [0]]), to: ["d"], as: "l")
        }
        let optimizer = Optimizer.sgd(momentum: 0.9)
        let graph = try network.trainingGraph(batch: 4, optimizer: optimizer)
        var inputs = [
            "a": Tensor.uniform([4, 1, 9, 9], seed: 1), "b": Tensor.uniform([4, 1, 9, 9], seed: 2),
            InputName.learningRate: Tensor(scalar: 0.1),
        ]
        var state: [(name: String, tensor: Tensor)] = []
        for (name, shape) in network.stateShapes(optimizer) {
            let start = network.initialParameters(seed: 3).first { $0.name == name }?.tensor
            state.append((name, start ?? Tensor(known: shape, repeating: 0, as: .float32)))
        }
        for (name, tensor) in state { inputs[name] = tensor }
        let expected = try graph.evaluated(inputs)
        var bits: [String: [Float]] = [:]
        for threads in 1...3 {
            for recomputes in [false, true] {
                let held = try State(state)
                let plan = try graph.compiled(
                    updating: Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.name) }), state: held,
                    options: PlanOptions(
                        workers: Workers(threads: threads), cpu: cpu, isExact: true, recomputesActivations: recomputes))
                _ = try plan.results(inputs.filter { name, _ in !state.contains { $0.name == name } })
                for (name, _) in state {
                    let after = try #require(held.tensor(named: name)).floats
                    let known = bits[name] ?? after
                    #expect(after == known, "\(name), \(threads) threads, recomputing \(recomputes)")
                    bits[name] = known
                    for (value, right) in zip(after, try #require(expected[name]).doubles) {
                        #expect((Double(value) - right).magnitude < 1e-5)
                    }
                }
            }
        }
    }

    /// (x − 2)∕√(2∕3) of 1, 2, 3.
    @Test func layerNormTakesWhatHasNoBatch() throws {
        let json =
            #"{"inputs":[{"name":"x","shape":[3],"batch":false}],"outputs":["y"],"operations":["#
            + #"{"op":"layer_norm","inputs":["x"],"output":"y","weight":null,"bias":null,"shape":[3],"eps":0}]}"#
        let graph = try Network(parsing: Array(json.utf8)).graph(.inference, type: .float64)
        let y = try #require(graph.evaluated(["x": Tensor([3], [1, 2, 3] as [Double])])["y"]).doubles
        for (value, expected) in zip(y, [-1.5.squareRoot(), 0, 1.5.squareRoot()]) {
            #expect((value - expected).magnitude < 1e-15)
        }
    }

    @Test func inputsAreCheckedWhenTheNetworkIsUsed() throws {
        let network = try siamese()
        func error(_ build: (GraphBuilder) -> Value) -> String {
            do throws(ArgumentError) {
                _ = try Graph { g in build(g) }
                return "no error"
            } catch { return error.description }
        }
        #expect(
            error { g in network(["a": g.input("a", [2, 1, 8, 8])], in: g, mode: .inference).output }
                == "siamese: input \"b\" is missing, expected float32[1, 1, 8, 8]")
        #expect(
            error { g in
                let x = g.input("a", [2, 1, 9, 8])
                return network(["a": x, "b": x], in: g, mode: .inference).output
            }.hasPrefix("encoder.fc1: "))
        let twice = #"{"inputs":[{"name":"x","shape":[1]},{"name":"x","shape":[1]}],"outputs":["x"],"operations":[]}"#
        #expect(message(twice) == "network: input is \"x\" again, expected a name of its own")
    }

    @Test func initializers() throws {
        func values(_ initial: Parameter.Initial, _ shape: Shape) throws -> [Double] {
            let custom = Network.Custom("own", parameters: [Parameter("p", shape, initial: initial)]) { x, p in
                x[0] + p[0].sum()
            }
            let network = try Network("n", inputs: [Network.Input("x", [1])], outputs: ["y"]) { network in
                network.append(.init(custom), to: ["x"], as: "y")
            }
            return network.initialParameters(seed: 5)[0].tensor.doubles
        }
        let normal = try values(.normal(deviation: 2), [100, 100])
        #expect((normal.reduce(0, +) / 1e4).magnitude < 0.1)
        #expect((normal.reduce(0) { $0 + $1 * $1 } / 1e4 - 4).magnitude < 0.2)
        let he = try values(.he, [64, 16, 3, 3])
        #expect((he.reduce(0) { $0 + $1 * $1 } / Double(he.count) - 2.0 / 144).magnitude < 1e-3)
        let glorot = try values(.glorot, [30, 50])
        #expect(glorot.allSatisfy { $0.magnitude <= (6.0 / 80).squareRoot() })
        for shape in [[3, 2, 2], [6, 4]] as [Shape] {
            let q = try values(.orthogonal, shape)
            let (rows, columns) = (shape[0], q.count / shape[0])
            let (count, length) = rows <= columns ? (rows, columns) : (columns, rows)
            func entry(_ vector: Int, _ i: Int) -> Double {
                rows <= columns ? q[vector * columns + i] : q[i * columns + vector]
            }
            for a in 0..<count {
                for b in 0..<count {
                    let product = (0..<length).reduce(0) { $0 + entry(a, $1) * entry(b, $1) }
                    #expect((product - (a == b ? 1 : 0)).magnitude < 1e-6)
                }
            }
        }
        let own = Parameter.Initial.own(Parameter.Own("count") { shape, _ in (0..<shape.count).map { Double($0) } })
        #expect(try values(own, [4]) == [0, 1, 2, 3])
    }
}
