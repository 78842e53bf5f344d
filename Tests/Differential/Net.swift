import AdjointGraphs
import AdjointModels

/// A whole network as users write one, and its training.
struct Net: Codable, Hashable {
    enum Block: Codable, Hashable {
        case convolution(filters: Int, kernel: Int, stride: Int, groups: Int, dilation: Int)
        case transposed(filters: Int, kernel: Int, stride: Int)
        case normalization
        case groupNormalization(groups: Int)
        case activation(String)
        case maxPool(Int)
        case averagePool(Int)
        case residual(kernel: Int)
        /// A depthwise convolution, then one of 1 × 1.
        case separable(filters: Int, kernel: Int, stride: Int)
        /// A layer with a gate for each channel.
        case gated
        case dense(filters: Int)
        case dropout(Double)
    }

    var seed: UInt64
    var batch: Int
    var input: [Int]
    var classes: Int
    var blocks: [Block]
    var endsGlobally: Bool
    /// The optimizer: sgd, momentum, nesterov, adam, adamW, rmsprop, adagrad, lion or lamb.
    var optimizer: String
    var clip: Double?
    /// Whether the clip is one of values, and parameters have groups.
    var clipsValues: Bool
    var hasGroups: Bool
    /// The number of parts into which a batch is cut, where that is possible.
    var parts: Int
    var average: Double?

    func network() throws(ArgumentError) -> Network {
        try Network("net", input: Shape(input), classes: classes) {
            blocks.flatMap { layers($0) }
            endsGlobally ? [ErasedLayer(GlobalAveragePool())] : [ErasedLayer(Flatten())]
            Linear(classes)
        }
    }

    private func layers(_ block: Block) -> [ErasedLayer] {
        switch block {
        case .convolution(let filters, let kernel, let stride, let groups, let dilation):
            return [
                ErasedLayer(
                    Convolution(
                        filters, kernel: PerAxis(kernel), stride: PerAxis(stride),
                        padding: .uniform(dilation * (kernel - 1) / 2),
                        dilation: PerAxis(dilation), groups: groups, bias: seed % 2 == 0))
            ]
        case .transposed(let filters, let kernel, let stride):
            return [ErasedLayer(TransposedConvolution(filters, kernel: PerAxis(kernel), stride: PerAxis(stride)))]
        case .normalization: return [ErasedLayer(BatchNorm())]
        case .groupNormalization(let groups): return [ErasedLayer(GroupNorm(groups))]
        case .activation(let name): return [activation(name)]
        case .maxPool(let kernel):
            return [ErasedLayer(MaxPool(PerAxis(kernel), stride: 2, padding: .uniform(kernel / 2)))]
        case .averagePool(let kernel): return [ErasedLayer(AveragePool(PerAxis(kernel)))]
        case .residual(let kernel): return [ErasedLayer(Repeated(kernel: kernel))]
        case .separable(let filters, let kernel, let stride):
            return [
                ErasedLayer(
                    DepthwiseConvolution(kernel: PerAxis(kernel), stride: PerAxis(stride), padding: .same, bias: false)),
                ErasedLayer(BatchNorm()), ErasedLayer(ReLU6()),
                ErasedLayer(Convolution(filters, kernel: 1, bias: false)),
            ]
        case .gated:
            return [ErasedLayer(Gate())]
        case .dense(let filters):
            return [
                ErasedLayer(
                    Concatenated {
                        Identity()
                        Sequential {
                            Convolution(filters, kernel: 3, padding: .same)
                            ReLU()
                        }
                    })
            ]
        case .dropout(let rate): return [ErasedLayer(Dropout(rate))]
        }
    }

    private func activation(_ name: String) -> ErasedLayer {
        switch name {
        case "relu": ErasedLayer(ReLU())
        case "relu6": ErasedLayer(ReLU6())
        case "silu": ErasedLayer(SiLU())
        case "gelu": ErasedLayer(GELU())
        case "tanh": ErasedLayer(Tanh())
        case "hardSwish": ErasedLayer(HardSwish())
        default: ErasedLayer(Softplus())
        }
    }

    static let activations = ["relu", "relu6", "hardSwish", "silu", "silu", "gelu", "tanh", "softplus"]

    private var method: Optimizer {
        switch optimizer {
        case "sgd": .sgd(weightDecay: 1e-4)
        case "momentum": .sgd(momentum: 0.9)
        case "nesterov": .sgd(momentum: 0.9, nesterov: true, weightDecay: 1e-4)
        case "adam": .adam()
        case "rmsprop": .rmsProp(epsilon: 1e-3, momentum: 0.9, isCentered: true)
        case "adagrad": .adagrad(initialAccumulator: 0.1)
        case "lion": .lion(weightDecay: 0.01)
        case "lamb": .lamb(weightDecay: 0.01)
        default: .adamW()
        }
    }

    private func settings(of network: Network) -> StepSettings {
        let canBeCut = batch % parts == 0 && network.parameters.allSatisfy { $0.isTrained }
        return StepSettings(
            clip: clip.map { clipsValues ? .value($0 / 100) : .norm($0) },
            groups: hasGroups ? [ParameterGroup("*.bias", rateFactor: 2, decays: false)] : [],
            parts: canBeCut ? parts : 1, average: average)
    }

    func problem() throws -> Problem {
        let network = try network()
        let graph = try network.trainingGraph(batch: batch, optimizer: method, settings: settings(of: network))
        var parameters: [String: Tensor] = [:]
        for (name, tensor) in network.initialParameters(seed: seed) { parameters[name] = tensor }
        func numbers(_ salt: UInt64) -> [String: Tensor] {
            var dice = Dice(seed: seed &+ salt)
            var numbers: [String: Tensor] = [:]
            for input in graph.inputs {
                switch input.name {
                case InputName.labels:
                    numbers[input.name] = Tensor(
                        known: input.shape,
                        .int32((0..<input.shape.count).map { _ in Int32(dice.int(0...classes - 1)) }))
                case InputName.key, InputName.counter:
                    numbers[input.name] = Tensor(known: input.shape, .int32([Int32(dice.int(0...1000))]))
                case InputName.learningRate: numbers[input.name] = Tensor(scalar: 0.01)
                case "first correction": numbers[input.name] = Tensor(scalar: 0.1)
                case "second correction": numbers[input.name] = Tensor(scalar: 0.001)
                case "rate's divisor": numbers[input.name] = Tensor(scalar: 1)
                case InputName.images:
                    numbers[input.name] = Tensor(
                        known: input.shape,
                        .float32((0..<input.shape.count).map { _ in Float(dice.bits() >> 40) * 0x1p-23 - 1 }))
                default:
                    numbers[input.name] =
                        parameters[input.name]
                        ?? Tensor(known: input.shape, .float32([Float](repeating: 0, count: input.shape.count)))
                }
            }
            return numbers
        }
        let states = graph.inputs.map { $0.name }.filter { name in graph.output(named: name) != nil }
        var problem = Problem(
            graph: graph, inputs: numbers(1), others: numbers(2), states: states,
            updates: Dictionary(uniqueKeysWithValues: states.map { ($0, $0) }), isIntegral: false, share: 1e-2)
        problem.hasKinks = blocks.contains { block in
            switch block {
            case .activation("relu"), .activation("relu6"), .activation("hardSwish"): true
            case .maxPool, .residual, .separable, .gated, .dense: true
            default: false
            }
        }
        if !["sgd", "momentum", "nesterov"].contains(optimizer) || clip != nil { problem.unstable = Set(states) }
        return problem
    }

    /// Smaller networks of the same kind.
    var smaller: [Net] {
        var found: [Net] = []
        func add(_ change: (inout Net) -> Void) {
            var net = self
            change(&net)
            if net != self { found.append(net) }
        }
        for place in blocks.indices.reversed() { add { $0.blocks.remove(at: place) } }
        if clip != nil { add { $0.clip = nil } }
        if parts > 1 { add { $0.parts = 1 } }
        if hasGroups { add { $0.hasGroups = false } }
        if average != nil { add { $0.average = nil } }
        add { $0.optimizer = "sgd" }
        add { $0.endsGlobally = true }
        for size in [1, batch / 2, batch - 1] where size >= 1 && size < batch { add { $0.batch = size } }
        for axis in input.indices {
            for size in [1, input[axis] / 2, input[axis] - 1] where size >= 1 && size < input[axis] {
                add { $0.input[axis] = size }
            }
        }
        for (place, block) in blocks.enumerated() {
            guard case .convolution(let filters, let kernel, let stride, let groups, let dilation) = block else {
                continue
            }
            add {
                $0.blocks[place] = .convolution(
                    filters: filters, kernel: kernel, stride: 1, groups: groups, dilation: dilation)
            }
            add {
                $0.blocks[place] = .convolution(
                    filters: filters, kernel: kernel, stride: stride, groups: 1, dilation: 1)
            }
            add {
                $0.blocks[place] = .convolution(
                    filters: max(groups, filters / 2 / groups * groups), kernel: kernel, stride: stride, groups: groups,
                    dilation: dilation)
            }
        }
        return found
    }
}

/// x + two layers of x that keep its shape.
private struct Repeated: AdjointModels.Layer {
    let kernel: Int

    func append(to network: NetworkBuilder, after input: String) -> String {
        let channels = network.shape(of: input)?.sizes.first ?? 1
        return Residual {
            Convolution(channels, kernel: PerAxis(kernel), padding: .same, bias: false)
            BatchNorm()
            ReLU()
            Convolution(channels, kernel: PerAxis(kernel), padding: .same, bias: false)
            BatchNorm()
        }.append(to: network, after: input)
    }
}

/// Squeeze and excitation.
private struct Gate: AdjointModels.Layer {
    func append(to network: NetworkBuilder, after input: String) -> String {
        let channels = network.shape(of: input)?.sizes.first ?? 1
        return Gated {
            GlobalAveragePool()
            Linear(max(1, channels / 4))
            ReLU()
            Linear(channels)
            Sigmoid()
        }.append(to: network, after: input)
    }
}

extension Dice {
    mutating func net() -> Net {
        while true {
            var net = Net(
                seed: bits() >> 32, batch: one(of: Ranges.batches.filter { $0 >= 2 && $0 <= 33 }),
                input: [int(1...3)] + (0..<(chance(0.9) ? 2 : 1)).map { _ in int(6...40) }, classes: int(2...20),
                blocks: [],
                endsGlobally: chance(0.6),
                optimizer: one(of: [
                    "sgd", "momentum", "momentum", "nesterov", "adam", "adamW", "rmsprop", "adagrad", "lion", "lamb",
                ]),
                clip: chance(0.2) ? 1 : nil, clipsValues: chance(0.4), hasGroups: chance(0.2),
                parts: chance(0.3) ? one(of: [2, 3, 4]) : 1, average: chance(0.2) ? 0.9 : nil)
            var channels = net.input[0]
            for _ in 0..<int(2...9) {
                let filters = one(of: Ranges.channels.filter { $0 <= 128 })
                switch int(0...15) {
                case 0...3:
                    let groups =
                        chance(0.2) && filters % channels == 0 ? channels : chance(0.2) && channels % 2 == 0 ? 2 : 1
                    let count = max(groups, filters / groups * groups)
                    net.blocks.append(
                        .convolution(
                            filters: count, kernel: one(of: [1, 3, 3, 5, 7]), stride: one(of: [1, 1, 1, 2]),
                            groups: groups,
                            dilation: one(of: [1, 1, 1, 2])))
                    channels = count
                    if chance(0.6) { net.blocks.append(.normalization) }
                    if chance(0.8) { net.blocks.append(.activation(one(of: Net.activations))) }
                case 4: net.blocks.append(.residual(kernel: one(of: [1, 3, 3])))
                case 5:
                    net.blocks.append(.separable(filters: filters, kernel: one(of: [3, 5]), stride: int(1...2)))
                    channels = filters
                case 6: net.blocks.append(.maxPool(int(2...3)))
                case 7: net.blocks.append(.averagePool(2))
                case 8: net.blocks.append(.gated)
                case 9:
                    net.blocks.append(.dense(filters: min(filters, 32)))
                    channels += min(filters, 32)
                case 10: net.blocks.append(.dropout(0.3))
                case 11:
                    if channels % 2 == 0 { net.blocks.append(.groupNormalization(groups: 2)) }
                case 12:
                    net.blocks.append(.transposed(filters: min(filters, 32), kernel: one(of: [2, 3, 5, 6]), stride: 2))
                    channels = min(filters, 32)
                case 13, 14: net.blocks.append(.normalization)
                default: net.blocks.append(.activation(one(of: Net.activations)))
                }
            }
            if let network = try? net.network(), work(network) * Double(net.batch) <= Ranges.networkWork { return net }
        }
    }

    /// The approximate multiply-adds of the largest layer for one sample: parameters times positions.
    private func work(_ network: Network) -> Double {
        zip(network.steps, network.shapes).reduce(0) { most, step in
            let weights = network.parameters.filter { step.0.operation.parameterPrefix.map($0.name.hasPrefix) ?? false }
            let count = weights.reduce(0) { $0 + $1.shape.count }
            return max(most, Double(count) * Double(step.1.sizes.dropFirst().reduce(1, *)))
        }
    }
}
