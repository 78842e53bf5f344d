import AdjointGraphs
import AdjointJSON

/// A part of a network as it is written down. A layer need not have its input's shape before it is appended.
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

    /// A layer whose errors name the line in which it is written.
    init<Original: Layer>(_ layer: Original, file: String, line: Int) {
        appending = { network, input in
            network.written(at: "\(file):\(line)") { layer.append(to: network, after: input) }
        }
    }

    public func append(to network: NetworkBuilder, after input: String) -> String { appending(network, input) }
}

/// Collects the layers of a block in braces.
@resultBuilder
public enum LayersBuilder {
    public static func buildExpression<Written: Layer>(
        _ layer: Written, file: String = #fileID, line: Int = #line
    ) -> [ErasedLayer] {
        [ErasedLayer(layer, file: file, line: line)]
    }
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

/// Layers whose parameters' names begin with a given name and a dot.
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

/// Layers that may be used in several places with the same parameters: those whose names begin with this name.
public struct Shared: Layer {
    let name: String
    let layers: [ErasedLayer]

    public init(_ name: String, @LayersBuilder _ layers: () -> [ErasedLayer]) {
        self.name = name
        self.layers = layers()
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.within(name, isShared: true) { network.append(layers, after: input) }
    }
}

/// A layer that is one operation.
public protocol SimpleLayer: Layer {
    var operation: Network.Operation { get }
}

extension SimpleLayer {
    public func append(to network: NetworkBuilder, after input: String) -> String {
        network.append(operation, to: [input])
    }
}

/// An operation by its name and its attributes, as JSON has them; useful for operations that have no layer of their own:
///
///     Apply("pad", ["mode": "reflect", "pads": [1, 1, 1, 1]])
///     network.append(Apply("cross_entropy", ["label_smoothing": 0.1]), to: ["logits", "labels"], as: "loss")
public struct Apply: SimpleLayer {
    public let operation: Network.Operation

    /// An unknown name or attribute is an error of the network.
    public init(_ name: String, _ attributes: [String: JSON] = [:]) {
        let members = attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        operation = .init(name, among: Network.Operation.Kind.all, members)
    }
}

/// A function of graph values as a layer: `Custom("swish") { x in x * x.logistic() }`.
public struct Custom: Layer {
    let name: String
    let parameters: [Parameter]
    let function: @Sendable (Value, [Value]) -> Value

    /// - Parameter name: the name in summaries; functions with equal names are taken for equal.
    public init(_ name: String, _ function: @escaping @Sendable (Value) -> Value) {
        self.init(name, parameters: []) { x, _ in function(x) }
    }

    /// - Parameter parameters: their names come after the layer's: `swish1.slope`, numbered in each scope.
    public init(
        _ name: String, parameters: [Parameter], _ function: @escaping @Sendable (Value, [Value]) -> Value
    ) {
        (self.name, self.parameters, self.function) = (name, parameters, function)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let function = function
        let prefix = parameters.isEmpty ? nil : network.parameterName(nil, kind: name)
        let named = parameters.map { parameter in
            Parameter(
                (prefix ?? "") + "." + parameter.name, parameter.shape, initial: parameter.initial,
                isTrained: parameter.isTrained)
        }
        var custom = Network.Custom(name, parameters: named) { inputs, parameters in function(inputs[0], parameters) }
        custom.prefix = prefix
        return network.append(.init(custom), to: [input])
    }
}
