import AdjointGraphs

/// The content of a safetensors file: named tensors, and texts about them.
public struct TensorFile: Hashable, Sendable {
    public var metadata: [String: String]
    /// The tensors in the order of the header. No two names are equal.
    public private(set) var tensors: [StoredTensor]

    public init(metadata: [String: String] = [:]) {
        self.metadata = metadata
        tensors = []
    }

    /// A file of tensors whose names are known to differ.
    init(metadata: [String: String], distinct tensors: [StoredTensor]) {
        (self.metadata, self.tensors) = (metadata, tensors)
    }

    /// The tensor of a name; setting it replaces the tensor in its place, appends it, or with nil removes it.
    /// Complexity: O(tensors).
    public subscript(name: String) -> Tensor? {
        get { tensors.first { $0.name == name }?.tensor }
        set {
            let position = tensors.firstIndex { $0.name == name }
            switch (position, newValue) {
            case (let position?, let tensor?): tensors[position] = StoredTensor(name, tensor)
            case (let position?, nil): tensors.remove(at: position)
            case (nil, let tensor?): tensors.append(StoredTensor(name, tensor))
            case (nil, nil): break
            }
        }
    }
}

/// A tensor in a file: its name, its elements as they are in memory, and the type that they have in the file.
public struct StoredTensor: Hashable, Sendable {
    public let name: String
    public let dataType: DataType
    public let tensor: Tensor

    /// A tensor that is to be stored in the type that it has.
    public init(_ name: String, _ tensor: Tensor) {
        self.init(name, DataType(of: tensor.elementType), tensor)
    }

    init(_ name: String, _ dataType: DataType, _ tensor: Tensor) {
        (self.name, self.dataType, self.tensor) = (name, dataType, tensor)
    }
}
