infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .== : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence

/// Arithmetic of values. Shapes are aligned at their last axes, and axes of size 1 (or absent ones) repeat.
extension Value {
    public static func + (a: Value, b: Value) -> Value { a.combined(with: b, .add) }
    public static func - (a: Value, b: Value) -> Value { a.written("subtract") { () throws(ArgumentError) in a + -b } }
    public static func * (a: Value, b: Value) -> Value { a.combined(with: b, .multiply) }
    public static func / (a: Value, b: Value) -> Value { a.combined(with: b, .divide) }
    public static prefix func - (a: Value) -> Value { a.apply(.pointwise(.negate)) }

    public static func + (a: Value, b: Double) -> Value { a + a.number(b) }
    public static func + (a: Double, b: Value) -> Value { b.number(a) + b }
    public static func - (a: Value, b: Double) -> Value { a + a.number(-b) }
    public static func - (a: Double, b: Value) -> Value { b.number(a) - b }
    public static func * (a: Value, b: Double) -> Value { a * a.number(b) }
    public static func * (a: Double, b: Value) -> Value { b.number(a) * b }
    public static func / (a: Value, b: Double) -> Value { a / a.number(b) }
    public static func / (a: Double, b: Value) -> Value { b.number(a) / b }

    /// Comparisons give truth values; a comparison with NaN is false.
    public static func .< (a: Value, b: Value) -> Value { a.combined(with: b, .less) }
    public static func .<= (a: Value, b: Value) -> Value { a.combined(with: b, .lessOrEqual) }
    public static func .== (a: Value, b: Value) -> Value { a.combined(with: b, .equal) }
    public static func .> (a: Value, b: Value) -> Value { b .< a }
    public static func .>= (a: Value, b: Value) -> Value { b .<= a }
    public static func .!= (a: Value, b: Value) -> Value { (a .== b).not() }
    public static func .> (a: Value, b: Double) -> Value { b .< a }
    public static func .>= (a: Value, b: Double) -> Value { b .<= a }
    public static func .== (a: Value, b: Double) -> Value { a .== a.number(b) }
    public static func .!= (a: Value, b: Double) -> Value { (a .== b).not() }
    public static func .< (a: Value, b: Double) -> Value { a .< a.number(b) }
    public static func .<= (a: Value, b: Double) -> Value { a .<= a.number(b) }
    public static func .< (a: Double, b: Value) -> Value { b.number(a) .< b }
    public static func .<= (a: Double, b: Value) -> Value { b.number(a) .<= b }

    public func and(_ other: Value) -> Value { combined(with: other, .and) }
    public func or(_ other: Value) -> Value { combined(with: other, .or) }
    public func not() -> Value { apply(.pointwise(.not)) }

    public func maximum(_ other: Value) -> Value { combined(with: other, .maximum) }
    public func minimum(_ other: Value) -> Value { combined(with: other, .minimum) }
    public func power(_ exponent: Double) -> Value { combined(with: number(exponent), .power) }
    public func power(_ exponent: Value) -> Value { combined(with: exponent, .power) }
    public func squared() -> Value { self * self }

    /// The value clamped to limits, either of which may be missing.
    public func clamped(from lowest: Double? = nil, to highest: Double? = nil) -> Value {
        let raised = lowest.map { low in (self .< low).choose(number(low), self) } ?? self
        return highest.map { high in (raised .> high).choose(number(high), raised) } ?? raised
    }

    public func converted(to type: ElementType) -> Value { type == self.type ? self : apply(.convert(type)) }

    /// The same value, with derivative zero.
    public func stopped() -> Value { apply(.stop) }

    /// For a mask: the elements of `whereTrue` where it is true, of `whereFalse` elsewhere.
    public func choose(_ whereTrue: Value, _ whereFalse: Value) -> Value {
        combined(with: [whereTrue, whereFalse], .select)
    }

    /// A number as a scalar of this value's type.
    public func number(_ number: Double) -> Value { builder.constant(number, [], type) }

    private func combined(with other: Value, _ operation: Pointwise) -> Value { combined(with: [other], operation) }

    private func combined(with others: [Value], _ operation: Pointwise) -> Value {
        let operands = [self] + others
        if operands.contains(where: { $0.isPoisoned }) { return builder.apply(.pointwise(operation), to: operands) }
        var common = shape
        for other in others {
            guard let shape = common.broadcast(with: other.shape) else {
                return builder.poison(
                    ArgumentError(
                        operation.rawValue, "operands", expected: "shapes that repeat to one, aligned at the last axes",
                        given: "\(common) and \(other.shape)"))
            }
            common = shape
        }
        return builder.apply(.pointwise(operation), to: operands.map { $0.broadcast(to: common) })
    }
}

extension Shape {
    /// The shape to which both can be repeated, where there is one.
    fileprivate func broadcast(with other: Shape) -> Shape? {
        if rank < other.rank { return other.broadcast(with: self) }
        var sizes = self.sizes
        for (axis, size) in zip((rank - other.rank)..<rank, other.sizes) where size != sizes[axis] {
            guard size == 1 || sizes[axis] == 1 else { return nil }
            if sizes[axis] == 1 { sizes[axis] = size }
        }
        return Shape(sizes)
    }
}
