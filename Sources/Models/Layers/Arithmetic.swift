import AdjointGraphs
import AdjointJSON

extension Network.Operation.Kind {
    static let arithmetic: [Self] =
        binary + reductions + [
            power,
            Self("matmul") { _ in .init(arity: 2...2) { $0.x.matrixProduct($0.inputs[1]) } },
            Self("where") { _ in .init(arity: 3...3) { $0.x.choose($0.inputs[1], $0.inputs[2]) } },
        ]

    /// Operations on two inputs, or on one and a number; one on a line.
    static let binary: [Self] = [
        add, multiply,
        between("subtract") { $0 - $1 },
        between("divide") { $0 / $1 },
        between("maximum") { $0.maximum($1) },
        between("minimum") { $0.minimum($1) },
        between("less") { $0 .< $1 },
        between("less_equal") { $0 .<= $1 },
        between("greater") { $0 .> $1 },
        between("greater_equal") { $0 .>= $1 },
        between("equal") { $0 .== $1 },
        between("not_equal") { $0 .!= $1 },
    ]

    static let add: Self = between("add") { $0 + $1 }
    static let multiply: Self = between("multiply") { $0 * $1 }

    private static func between(_ name: String, _ function: @escaping @Sendable (Value, Value) -> Value) -> Self {
        Self(name) { a in
            let number = a.has("value") ? a.number("value") : nil
            return .init(arity: number == nil ? 2...2 : 1...1) { use in
                use.x.written(name) { () throws(ArgumentError) in
                    function(use.x, number.map { use.x.number($0) } ?? use.inputs[1])
                }
            }
        }
    }

    static let power = Self("power") { a in
        let exponent = a.number("exponent")
        return .init { exponent == 2 ? $0.x.squared() : $0.x.power(exponent) }
    }

    static let reductions: [Self] = [
        reduction("mean") { $0.mean($1, keepingAxes: $2) },
        reduction("sum") { $0.sum($1, keepingAxes: $2) },
        reduction("max") { $0.maximum($1, keepingAxes: $2) },
        reduction("min") { $0.minimum($1, keepingAxes: $2) },
        Self("variance") { a in
            let (axes, keeps) = (a.integers("axes", in: Attributes.amounts), a.truth("keepdim", false))
            let correction = a.number("correction", 0)
            return .init { $0.x.variance(axes, correction: correction, keepingAxes: keeps) }
        },
    ]

    private static func reduction(
        _ name: String, _ function: @escaping @Sendable (Value, [Int], Bool) -> Value
    ) -> Self {
        Self(name) { a in
            let (axes, keeps) = (a.integers("axes", in: Attributes.amounts), a.truth("keepdim", false))
            return .init { use in
                use.x.written(name) { () throws(ArgumentError) in
                    function(use.x, try use.x.axes(axes, of: name), keeps)
                }
            }
        }
    }
}
