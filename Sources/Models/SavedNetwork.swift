import AdjointGraphs
import AdjointJSON

/// A trained network as one file holds it: the network, its parameters, and the normalization of its training pictures.
package struct SavedNetwork: Sendable {
    package let network: Network
    /// The parameters in the network's order, as float32.
    package let parameters: [(name: String, tensor: Tensor)]
    package let normalization: Normalization?

    /// - Throws: an error where the file holds no network, or tensors that do not fit it.
    package init(_ file: Checkpoint) throws(ArgumentError) {
        guard let text = file.metadata[Checkpoint.model] else {
            throw ArgumentError(
                "metadata", "\"\(Checkpoint.model)\"", expected: "a network as JSON",
                given: "none beside \(file.tensors.count) tensors")
        }
        network = try Network(parsing: Array(text.utf8))
        parameters = try network.matched(file.tensors.map { ($0.name, $0.tensor) })
        for (name, tensor) in parameters {
            guard let place = tensor.floats.firstIndex(where: { !$0.isFinite }) else { continue }
            throw ArgumentError(
                network.name, "parameter \"\(name)\"", expected: "finite numbers",
                given: "\(tensor.floats[place]) at \(list(tensor.shape.index(of: place)))")
        }
        normalization = try file.metadata[Checkpoint.normalization].map { text throws(ArgumentError) in
            let document: JSON
            do throws(JSONError) { document = try JSON(parsing: Array(text.utf8)) } catch {
                throw ArgumentError(error, in: Checkpoint.normalization)
            }
            return try Normalization(document)
        }
    }
}
