import AdjointGraphs
import AdjointJSON
import AdjointModels
import Testing

@Suite struct LayerTests {
    @Test func layersBecomeANetworkWithInferredShapesAndNames() throws {
        let network = try Network("small", input: [3, 9, 8], classes: 10) {
            Convolution(6, kernel: 5, padding: .same)
            ReLU()
            MaxPool(2)
            Convolution(8, kernel: [3, 1], stride: 2, groups: 2, bias: false)
            BatchNorm()
            Flatten()
            Linear(10)
        }
        #expect(
            network.parameters.map { "\($0.name) \($0.shape)" } == [
                "conv1.weight [6, 3, 5, 5]", "conv1.bias [6]", "conv2.weight [8, 3, 3, 1]", "bn1.weight [8]",
                "bn1.bias [8]", "bn1.running_mean [8]", "bn1.running_var [8]", "fc1.weight [10, 16]", "fc1.bias [10]",
            ])
        #expect(
            network.shapes.map { $0.sizes } == [[6, 9, 8], [6, 9, 8], [6, 4, 4], [8, 1, 2], [8, 1, 2], [16], [10]])
    }

    @Test func scopesBranchesAndOwnFunctions() throws {
        let network = try Network("branches", input: [2, 4], classes: 3) {
            Named("stem") { Convolution(4, kernel: 3, padding: 1) }
            Residual {
                Convolution(4, kernel: 1)
            } shortcut: {
                Named("short") { Convolution(4, kernel: 1, name: "0") }
            }
            Concatenated {
                Identity()
                Sequential {
                    GroupNorm(2)
                    SiLU()
                }
            }
            Gated {
                GlobalAveragePool()
                Sigmoid()
            }
            Custom("swish") { x in x * x.logistic() }
            TransposedConvolution(2, kernel: 2, stride: 2)
            LayerNorm()
            GlobalMaxPool()
            Flatten()
            Dropout(0.5)
            Linear(3, name: "head")
        }
        #expect(
            network.parameters.map { $0.name }.filter { $0.hasSuffix("weight") } == [
                "stem.conv1.weight", "conv1.weight", "short.0.weight", "gn1.weight", "deconv1.weight", "ln1.weight",
                "head.weight",
            ])
        #expect(network.isRandom)
        let swish = Network.Custom("swish") { x, _ in x[0] * x[0].logistic() }
        #expect(try Network(network.encoded(), custom: [swish]) == network)
        let error = #expect(throws: ArgumentError.self) { try Network(network.encoded()) }
        #expect(error?.description.contains("\"swish\"") == true)
        // Inputs, loss and every gradient exist.
        let graph = try network.trainingGraph(batch: 2, optimizer: .adam(), settings: StepSettings(clip: .norm(1)))
        #expect(graph.output(named: "loss") != nil)
    }

    @Test func everyActivationSurvivesJSON() throws {
        let network = try Network("activations", input: [4], classes: 4) {
            ReLU()
            ReLU6()
            LeakyReLU(slope: 0.2)
            ELU(alpha: 0.7)
            SELU()
            SiLU()
            GELU()
            HardSwish()
            HardSigmoid()
            Tanh()
            Sigmoid()
            Softplus()
            Softmax()
            LogSoftmax()
        }
        #expect(try Network(network.encoded()) == network)
    }

    @Test func everyOtherOperationSurvivesJSON() throws {
        let network = try Network("operations", input: [4, 7, 6], classes: 2, labelSmoothing: 0.1) {
            Convolution(4, kernel: 3, padding: .sides(before: [0, -1], after: [2, 1]), dilation: [2, 1], groups: 2)
            TransposedConvolution(6, kernel: 2, stride: 2, outputPadding: [1, 0], bias: false)
            InstanceNorm()
            LayerNorm(epsilon: 1e-3)
            MaxPool(3, stride: 2, padding: 1, roundingUp: true)
            AveragePool(2, padding: 1, countsPadding: false)
            Gated { GlobalMaxPool() }
            Dropout(0.25)
            Flatten()
            Linear(2, bias: false)
        }
        let text = network.encoded().serialized()
        #expect(try Network(parsing: Array(text.utf8)) == network)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        func message(_ input: Shape, _ classes: Int = 10, @LayersBuilder _ layers: () -> [ErasedLayer]) -> String {
            do throws(ArgumentError) {
                _ = try Network("net", input: input, classes: classes, layers: layers)
                return "no error"
            } catch {
                // Errors of a layer name the line in which it is written.
                let (text, place) = (error.description, "ModelsTests/LayerTests.swift:")
                guard text.hasPrefix(place) else { return text }
                return String(text.dropFirst(place.count).drop { $0.isNumber }.dropFirst(2))
            }
        }
        let line = #line + 1
        let error = #expect(throws: ArgumentError.self) { try Network("net", input: [1], classes: 1) { Dropout(2) } }
        #expect(error?.operation == "ModelsTests/LayerTests.swift:\(line): operation 1: dropout")
        #expect(
            message([1, 4, 4]) { Convolution(2, kernel: 5) }
                == "operation 1, conv1: convolution: kernel is 5 taps that reach over 5, expected at most the padded "
                + "input's 4 positions on spatial axis 0")
        #expect(
            message([1, 4, 4]) {
                Flatten()
                Linear(3)
            } == "net: output of one sample is [3], expected [10]")
        #expect(
            message([3, 4, 4]) { Convolution(4, kernel: 1, groups: 2) }
                == "operation 1, conv1: conv2d: groups is 2, expected a divisor of the 3 channels")
        #expect(
            message([3, 4, 4]) { Linear(10) }
                == "net: output of one sample is [3, 4, 10], expected [10]")
        #expect(message([4]) { Convolution(1, kernel: 1) }.contains("expected spatial axes behind the channels"))
        #expect(
            message([1, 4, 4]) { MaxPool(0) }
                == "max_pool: kernel is [0, 0], expected at least 1 and below 2^31 on every axis")
        #expect(
            message([1, 4, 4]) { Convolution(1, kernel: 1, stride: 0) }.contains("stride is [0, 0]"))
        #expect(
            message([2]) {
                Linear(2, name: "a")
                Linear(10, name: "a")
            } == "fc: name is \"a\" again, expected a name of its own")
    }

    @Test(arguments: [
        (
            #"{"op":"conv2d","inputs":["x"],"output":"y","weight":"w","filters":2}"#,
            "conv2d: operations[0].kernel is nothing, expected an array"
        ),
        (
            #"{"op":"conv2d","inputs":["x"],"output":"y","weight":"w","filters":2,"kernel":[1,1],"stride":[0,1]}"#,
            "conv2d: operations[0].stride[0] is 0, expected a whole number from 1 to 2147483647"
        ),
        (
            #"{"op":"wavelet","inputs":["x"],"output":"y"}"#,
            "wavelet: operations[0].op is \"wavelet\", expected a known operation"
        ),
        (
            #"{"op":"relu","inputs":["z"],"output":"y"}"#,
            "operation 1: relu: inputs is an unknown \"z\", expected the outputs of operations before it"
        ),
        (#"{"op":"add","inputs":["x"],"output":"y"}"#, "operation 1: add: inputs is 1, expected 2"),
        (
            #"{"op":"relu","inputs":["x"],"output":"x"}"#,
            "operation 1: relu: output is \"x\", expected a name of its own"
        ),
        (#"{"op":"relu","inputs":"x","output":"y"}"#, "relu: operations[0].inputs is \"x\", expected an array"),
    ])
    func decodingErrorsNameOperationAndField(operation: String, message: String) throws {
        let text = #"{"name":"n","shape":[1,1,4,4],"classes":2,"operations":["# + operation + "]}"
        let error = #expect(throws: ArgumentError.self) { try Network(parsing: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(message) == true)
    }
}
