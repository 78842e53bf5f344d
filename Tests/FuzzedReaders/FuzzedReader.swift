import AdjointFormats
import AdjointGraphs
import AdjointJSON
import AdjointModels
import AdjointPlans

/// The readers of bytes from outside: each ends with a value or an error, for any bytes.
public enum FuzzedReader: String, CaseIterable, Sendable {
    case safetensors, idx, gzip, cifar, model, checkpoint

    public func read(_ bytes: [UInt8]) {
        do {
            switch self {
            case .safetensors: _ = try inspect(bytes, name: "a.safetensors")
            case .idx: _ = try inspect(bytes, name: "a.idx")
            case .gzip: _ = try gunzip(bytes, limit: 1 << 20)
            case .cifar: for name in ["a.bin", "train.bin"] { _ = try inspect(bytes, name: name) }
            case .model: try Self.run(try Network(parsing: bytes))
            case .checkpoint: try Self.resume(from: try TensorFile(parsing: bytes))
            }
        } catch {
            // One sentence on one line, whatever names the bytes hold.
            precondition(!"\(error)".contains { $0.isNewline }, "\(error)")
        }
    }

    /// Compiles a network, and runs it once on zeros where that takes no more than a moment.
    private static func run(_ network: Network) throws {
        let again = try Network(network.encoded())
        precondition(again == network)
        let state = try State(zeros: network.parameters.map { ($0.name, $0.shape) })
        let plan = try network.inferenceGraph(batch: 1).keeping(["logits"]).compiled(state: state)
        _ = try network.trainingGraph(batch: 2, optimizer: .sgd(momentum: 0.9))
        guard plan.report.arenaBytes < 1 << 26, network.flops < 1 << 28 else { return }
        _ = try plan.run([InputName.images: Tensor(Shape([1] + network.input.sizes), repeating: 0)])
    }

    /// Continues from a checkpoint of a small training, and does a step.
    private static func resume(from file: TensorFile) throws {
        let (training, batches) = try training()
        var place = batches
        try training.resume(
            from: Checkpoint(
                tensors: file.tensors.map { Checkpoint.Entry($0.name, $0.tensor) }, metadata: file.metadata), &place)
        _ = try training.step(&place)
        _ = training.checkpoint(place)
    }

    private static func training() throws -> (Training, Batches) {
        let network = try Network("small", input: [1], classes: 2) { Linear(2) }
        let data = try Dataset(floats: [1, 2, 3], shape: [1], labels: [0, 1, 0], classes: 2)
        return (
            try Training(network, optimizer: .sgd(momentum: 0.9), schedule: Schedule(0.1)), try Batches(data, of: 2)
        )
    }

    /// Valid bytes to begin with.
    public func seeds() throws -> [[UInt8]] {
        var file = TensorFile(metadata: ["a": "b"])
        file["x"] = try Tensor([2, 2], [1, 2, 3, 4] as [Float])
        file["i"] = try Tensor([1], [7] as [Int32])
        let array = try IDXArray([2, 3], .int16([1, 2, 3, 4, 5, 6])).serialized()
        switch self {
        case .safetensors: return [try file.serialized()]
        case .idx: return [array, try AdjointFormats.gzip(array)]
        case .gzip: return [try AdjointFormats.gzip(array) + AdjointFormats.gzip([])]
        case .cifar: return [[UInt8](repeating: 1, count: 3073), [UInt8](repeating: 1, count: 3074)]
        case .model: return try Self.networks().map { Array($0.encoded().serialized().utf8) }
        case .checkpoint:
            var (training, batches) = try Self.training()
            _ = try training.step(&batches)
            let checkpoint = training.checkpoint(batches)
            var stored = TensorFile(metadata: checkpoint.metadata)
            for entry in checkpoint.tensors { stored[entry.name] = entry.tensor }
            return [try stored.serialized()]
        }
    }

    /// Small networks that together have every operation.
    private static func networks() throws -> [Network] {
        [
            try Network("planes", input: [2, 6, 6], classes: 2) {
                Convolution(2, kernel: 3, padding: .same)
                BatchNorm()
                Residual { LeakyReLU() }
                MaxPool(2)
                GroupNorm(2)
                Flatten()
                Dropout(0.5)
                Linear(2)
            },
            try Network("others", input: [2, 3, 3], classes: 2) {
                TransposedConvolution(2, kernel: 2, stride: 2)
                InstanceNorm()
                Gated { ELU() }
                Concatenated {
                    AveragePool(2, padding: 1, countsPadding: false)
                    AveragePool(2, padding: 1, roundingUp: true)
                }
                LayerNorm()
                GlobalAveragePool()
                Flatten()
                Linear(2)
            },
            try Network("line", input: [2, 5], classes: 2) {
                Convolution(2, kernel: 3, stride: 2)
                GlobalMaxPool()
                Flatten()
                Linear(2)
            },
        ]
    }
}
