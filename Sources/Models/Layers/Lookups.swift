import AdjointGraphs
import AdjointJSON

/// Rows of a learned table, chosen by int32 ids of any shape: the result has the shape of the ids + [dimensions].
///
/// Parameter: `embedding1.weight` [count, dimensions], numbered in each scope.
public struct Embedding: Layer {
    let count, dimensions: Int
    let name: String?

    public init(_ count: Int, dimensions: Int, name: String? = nil) {
        (self.count, self.dimensions, self.name) = (count, dimensions, name)
    }

    public func append(to network: NetworkBuilder, after input: String) -> String {
        let weight = network.parameterName(name, kind: "embedding") + ".weight"
        return network.append(
            .init(.embedding, [("weight", .string(weight)), ("shape", JSON([count, dimensions]))]), to: [input])
    }
}

extension Network.Operation.Kind {
    static let lookups: [Self] = [
        embedding,
        Self("parameter") { a in
            let weight = a.text("weight")
            let shape = a.shape("shape", of: weight)
            return .init(arity: 0...0, prefix: weight) { $0.parameter(weight, shape, .constant(0)) }
        },
        Self("scale") { a in
            let (weight, axis) = (a.text("weight"), a.axis())
            return .init(prefix: weight.parameterPrefix) { use in
                use.x.written("scale") { () throws(ArgumentError) in
                    let axis = try use.x.axis(axis, of: "scale")
                    let scale = use.parameter(weight, [use.x.shape[axis]], .constant(1))
                    return use.x * scale.broadcast(along: axis, of: use.x.shape)
                }
            }
        },
        Self("gather") { a in
            let axis = a.axis(0)
            return .init(arity: 2...2) { $0.x.gathered($0.inputs[1], axis: axis) }
        },
        Self("one_hot") { a in
            let classes = a.integer("classes")
            return .init { $0.x.oneHot(classes) }
        },
    ]

    static let embedding = Self("embedding") { a in
        let weight = a.text("weight")
        let shape = a.shape("shape", of: weight)
        return .init(prefix: weight.parameterPrefix) { use in
            guard shape.rank == 2 else {
                return use.poison("weight", expected: "[count, dimensions]", given: "\(shape)")
            }
            let rows = use.parameter(weight, shape, .normal(deviation: 1))
            return rows.written("embedding") { () throws(ArgumentError) in rows.gathered(use.x) }
        }
    }
}
