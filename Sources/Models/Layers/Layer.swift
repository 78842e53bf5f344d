import AdjointGraphs

/// A part of a network as it is written down. What conforms need not know its input's shape before it is appended.
public protocol Layer: Sendable {
    /// Appends this layer's operations.
    ///
    /// - Parameter input: the name of the value that the layer takes; `network.shape(of:)` tells its shape.
    /// - Returns: the name of the layer's output.
    func append(to network: NetworkBuilder, after input: String) -> String
}

/// A layer of any type.
public struct ErasedLayer: Layer {
    private let appending: @Sendable (NetworkBuilder, String) -> String

    public init<Original: Layer>(_ layer: Original) {
        appending = { layer.append(to: $0, after: $1) }
    }

    public func append(to network: NetworkBuilder, after input: String) -> String { appending(network, input) }
}

/// Collects the layers of a block in braces.
@resultBuilder
public enum LayersBuilder {
    public static func buildExpression<Written: Layer>(_ layer: Written) -> [ErasedLayer] { [ErasedLayer(layer)] }
    public static func buildExpression(_ layers: [ErasedLayer]) -> [ErasedLayer] { layers }
    public static func buildBlock(_ parts: [ErasedLayer]...) -> [ErasedLayer] { parts.flatMap { $0 } }
    public static func buildOptional(_ part: [ErasedLayer]?) -> [ErasedLayer] { part ?? [] }
    public static func buildEither(first part: [ErasedLayer]) -> [ErasedLayer] { part }
    public static func buildEither(second part: [ErasedLayer]) -> [ErasedLayer] { part }
    public static func buildArray(_ parts: [[ErasedLayer]]) -> [ErasedLayer] { parts.flatMap { $0 } }
}

/// Layers one after the other.
public struct Sequential: Layer {
    let layers: [ErasedLayer]

    public init(@LayersBuilder _ layers: () -> [ErasedLayer]) {
        self.layers = layers()
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.append(layers, after: input)
    }
}

/// Layers whose parameters' names begin with a name and a dot.
public struct Named: Layer {
    let name: String
    let layers: [ErasedLayer]

    public init(_ name: String, @LayersBuilder _ layers: () -> [ErasedLayer]) {
        self.name = name
        self.layers = layers()
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.within(name) { network.append(layers, after: input) }
    }
}

/// A function of graph values as a layer: `Custom("swish") { x in x * x.logistic() }`.
public struct Custom: Layer {
    let name: String
    let function: @Sendable (Value) -> Value

    /// - Parameter name: how summaries call it; equal names are taken for equal functions.
    public init(_ name: String, _ function: @escaping @Sendable (Value) -> Value) {
        self.name = name
        self.function = function
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let function = function
        return network.append(.custom(Network.Custom(name) { inputs, _ in function(inputs[0]) }), to: [input])
    }
}
