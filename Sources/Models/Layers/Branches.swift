import AdjointJSON

/// The identity: the branch of a block that does nothing.
public struct Identity: Layer {
    public init() {}

    public func append(to network: NetworkBuilder, after input: String) -> String { input }
}

/// y = body(x) + shortcut(x), where the shortcut is x itself unless given.
public struct Residual: Layer {
    let body: [ErasedLayer]
    let shortcut: [ErasedLayer]

    public init(
        @LayersBuilder _ body: () -> [ErasedLayer], @LayersBuilder shortcut: () -> [ErasedLayer] = { [] }
    ) {
        self.body = body()
        self.shortcut = shortcut()
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let result = network.append(body, after: input)
        return network.append(.init(.add), to: [result, network.append(shortcut, after: input)])
    }
}

/// The results of several branches of the same input, one after the other along the channels or another axis. A dense
/// block is `Concatenated { Identity(); Sequential { … } }`.
public struct Concatenated: Layer {
    let branches: [ErasedLayer]
    let axis: Int

    public init(axis: Int = 1, @LayersBuilder _ branches: () -> [ErasedLayer]) {
        self.branches = branches()
        self.axis = axis
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.append(
            .init(.concatenate, [("axis", .integer(axis))]), to: branches.map { $0.append(to: network, after: input) })
    }
}

/// y = x · gate(x), where the gate may have one number for each channel: squeeze and excitation.
public struct Gated: Layer {
    let gate: [ErasedLayer]

    public init(@LayersBuilder _ gate: () -> [ErasedLayer]) {
        self.gate = gate()
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.append(.init(.multiply), to: [input, network.append(gate, after: input)])
    }
}
