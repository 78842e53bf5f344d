import AdjointGraphs
import AdjointJSON
import AdjointPlans
import TestSupport
import Testing

@testable import AdjointModels

/// Every number of a network's JSON at the limits of numbers.
@Suite struct BordersTests {
    /// One network for every operation in JSON that has numbers or a shape of its own.
    static func networks() throws -> [Network] {
        let layers: [(Shape, ErasedLayer)] = [
            ([2, 6, 6], ErasedLayer(Convolution(2, kernel: 3, stride: 2, padding: .same))),
            ([2, 6], ErasedLayer(Convolution(2, kernel: 3))), ([1, 3, 3, 3], ErasedLayer(Convolution(1, kernel: 2))),
            ([2, 3, 3], ErasedLayer(TransposedConvolution(2, kernel: 2, stride: 2, outputPadding: 1))),
            ([2, 3], ErasedLayer(TransposedConvolution(2, kernel: 2))),
            ([1, 2, 2, 2], ErasedLayer(TransposedConvolution(1, kernel: 2))), ([2, 3, 3], ErasedLayer(BatchNorm())),
            ([2, 3, 3], ErasedLayer(GroupNorm(1))), ([2, 3, 3], ErasedLayer(LayerNorm())),
            ([2, 3, 3], ErasedLayer(InstanceNorm())),
            ([2, 4, 4], ErasedLayer(MaxPool(2))),
            ([2, 4, 4], ErasedLayer(AveragePool(3, padding: 1, countsPadding: false))),
            ([2, 3, 3], ErasedLayer(GlobalMaxPool())), ([2, 3, 3], ErasedLayer(GlobalAveragePool())),
            ([2, 3, 3], ErasedLayer(LeakyReLU())), ([2, 3, 3], ErasedLayer(ELU())),
            ([2, 3, 3], ErasedLayer(Dropout(0.5))),
            ([2, 3, 3], ErasedLayer(Residual { ReLU() })), ([2, 3, 3], ErasedLayer(Gated { Sigmoid() })),
            (
                [2, 3, 3],
                ErasedLayer(
                    Concatenated {
                        ReLU(); Tanh()
                    })
            ),
        ]
        return try layers.map { input, layer in
            try Network("n", input: input, classes: 2, labelSmoothing: 0.1) {
                [layer]
                Flatten()
                Linear(2)
            }
        }
    }

    @Test func theNetworksHaveEveryOperationOfClassifiers() throws {
        let found = Set(try Self.networks().flatMap { $0.steps.map { $0.operation.name } })
        let known: Set = [
            "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "linear",
            "batch_norm",
            "group_norm", "layer_norm", "instance_norm", "max_pool", "avg_pool", "global_avg_pool", "global_max_pool",
            "flatten", "add", "multiply", "concat", "dropout", "leaky_relu", "elu",
        ]
        #expect(known.subtracting(found) == [])
    }

    /// Each is refused in a sentence on one line, or is a network that can be described, compiled and run.
    @Test func ofNetworks() throws {
        var (accepted, refused) = (0, 0)
        for network in try Self.networks() {
            for (path, document) in Borders.documents(of: network.encoded()) {
                do throws(ArgumentError) {
                    let read = try Network(document)
                    if read == network { continue }
                    let network = read
                    #expect(network.flops >= 0 && network.parameterCount >= 0)
                    _ = network.counts
                    _ = try network.trainingGraph(batch: 2, optimizer: .sgd())
                    let state = try State(zeros: network.stateShapes(.sgd()))
                    let plan = try network.inferenceGraph(batch: 1).keeping(["logits"]).compiled(state: state)
                    _ = try plan.run([InputName.images: Tensor(Shape([1] + network.input.sizes), repeating: 0)])
                    accepted += 1
                } catch {
                    refused += 1
                    let sentence = error.description
                    #expect(
                        sentence.contains("expected") && !sentence.contains("\n") && sentence.count < 1000, "\(path)")
                }
            }
        }
        #expect(accepted > 100 && refused > 100, "\(accepted) accepted, \(refused) refused")
    }

    /// Every kind of operation, with each of its attributes, so that new ones are not forgotten.
    @Test func ofKinds() {
        var (accepted, refused) = (0, 0)
        for kind in Network.Operation.Kind.all {
            // A valid value for attributes without a default.
            let wanted: JSON = ["weight": "w", "shape": [4, 6], "kernel": [2, 2], "features": 3, "filters": 4]
            var members = Network.Operation(kind).attributes
            for member in wanted.object?.members ?? [] where members[member.name] != nil {
                members[member.name] = member.value
            }
            members["op"] = .string(kind.name)
            members["output"] = "y"
            for count in 0...3 {
                members["inputs"] = .array(["x", "z", "x"].prefix(count).map { .string($0) })
                let network: JSON = [
                    "inputs": [["name": "x", "shape": [2, 4, 6, 6]], ["name": "z", "shape": [2, 4, 6, 6]]],
                    "operations": [.object(members)], "outputs": ["y"],
                ]
                for (path, document) in Borders.documents(of: network) where path.contains("operations") {
                    do throws(ArgumentError) {
                        let network = try Network(document)
                        _ = network.parameterCount
                        _ = try network.graph(.inference)
                        _ = try network.graph(.training, batch: 1)
                        accepted += 1
                    } catch {
                        refused += 1
                        let sentence = error.description
                        #expect(
                            sentence.contains("expected") && !sentence.contains("\n") && sentence.count < 1000,
                            "\(kind.name) \(path): \(sentence)")
                    }
                }
            }
        }
        #expect(accepted > 100 && refused > 100, "\(accepted) accepted, \(refused) refused")
    }

    @Test func ofCheckpoints() throws {
        let network = try Network("n", input: [1], classes: 2) { Linear(2) }
        let training = try Training(network, optimizer: .sgd(), schedule: Schedule(1))
        var batches = try Batches(Dataset(floats: [1, 2], shape: [1], labels: [0, 1], classes: 2), of: 1)
        let good = training.checkpoint(batches)
        let names = good.metadata.keys.filter { Double(good.metadata[$0] ?? "") != nil }
        #expect(names.count == 10, "\(names)")
        for name in names {
            for text in Borders.texts {
                var metadata = good.metadata
                metadata[name] = text
                do throws(ArgumentError) {
                    try training.resume(from: Checkpoint(tensors: good.tensors, metadata: metadata), &batches)
                    _ = try? training.step(&batches)
                    _ = try? training.step(&batches)
                    _ = training.checkpoint(batches)
                } catch {
                    #expect(error.description.contains(name) || error.argument == "place", "\(error)")
                }
            }
        }
    }

    @Test func ofNormalizations() throws {
        for (_, document) in Borders.documents(of: Normalization(mean: [0.5, 0], deviation: [1, 2]).encoded()) {
            guard let normalization = try? Normalization(document) else { continue }
            let data = try? Dataset(
                bytes: [1, 2], shape: [2, 1, 1], labels: [0], classes: 1, normalization: normalization)
            #expect(try data?.images(0..<1).floats.allSatisfy { $0.isFinite } != false, "\(document)")
        }
    }

    @Test func ofBatches() throws {
        let data = try Dataset(
            floats: [Float](repeating: 1, count: 7), shape: [1], labels: [0, 1, 0, 1, 0, 1, 0], classes: 2)
        var batches = try Batches(data, of: 3, dropsLast: true)
        #expect(batches.count == 2 && batches.sizes == [3])
        for epoch in 0..<3 {
            for place in 0..<2 {
                #expect(batches.epoch == epoch && batches.position == 3 * place && batches.nextCount == 3)
                batches.advance()
            }
        }
        #expect(throws: ArgumentError.self) { try batches.move(toEpoch: 0, position: 6) }
        try batches.move(toEpoch: 5, position: 3)
        batches.advance()
        #expect(batches.epoch == 6 && batches.position == 0)
        #expect(try Batches(data, of: 9, dropsLast: true).count == 1)
        #expect(try Batches(data, of: 3).sizes == [3, 1] && Batches(data, of: 7).sizes == [7])
    }
}
