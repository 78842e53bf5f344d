/// Operations that remove axes.
public enum Reduction: Hashable, Sendable {
    /// y[k] = Σ_r x[k, r] over the given axes (ascending), which the result no longer has.
    case sum(axes: [Int])

    var name: String { "sum" }

    func result(of operand: Signature) throws(ArgumentError) -> Signature {
        guard case .sum(let axes) = self else { return operand }
        let primitive = Primitive.reduction(self)
        guard operand.type.isFloatingPoint else {
            throw primitive.error("operand", expected: "float32 or float64", given: operand.type.rawValue)
        }
        guard isAscending(axes, below: operand.shape.rank) else {
            throw primitive.error(
                "axes", expected: "ascending, below the rank of \(operand.shape)", given: list(axes))
        }
        return Signature(Shape(operand.shape.sizes.removing(axes)), operand.type)
    }
}

/// Whether axes are strictly ascending and from 0 to `rank` − 1.
func isAscending(_ axes: [Int], below rank: Int) -> Bool {
    var lowest = 0
    for axis in axes {
        guard axis >= lowest, axis < rank else { return false }
        lowest = axis + 1
    }
    return true
}

extension Array {
    /// The elements whose positions are not in a list.
    package func removing(_ positions: [Int]) -> [Element] {
        indices.filter { !positions.contains($0) }.map { self[$0] }
    }
}

extension Array where Element: Scalar {
    /// The reference loop: every element is added to the element of the result with the same remaining indices.
    func summed(_ shape: Shape, axes: [Int]) -> [Element] {
        let kept = (0..<shape.rank).filter { !axes.contains($0) }
        let strides = Shape(kept.map { shape[$0] }).strides
        var result = [Element?](repeating: nil, count: Shape(kept.map { shape[$0] }).count)
        var index = Odometer(shape)
        for element in self {
            var place = 0
            for (position, axis) in kept.enumerated() { place += index[axis] * strides[position] }
            result[place] = result[place].map { $0 + element } ?? element
            index.advance()
        }
        return result.map { $0 ?? Element(0) }
    }
}

/// A counter through the indices of a shape in row-major order.
package struct Odometer {
    private let sizes: [Int]
    private var digits: [Int]

    package init(_ shape: Shape) {
        sizes = shape.sizes
        digits = [Int](repeating: 0, count: shape.rank)
    }

    package subscript(axis: Int) -> Int { digits[axis] }

    /// Moves to the index of a row-major place.
    mutating func move(to place: Int) {
        var rest = place
        for axis in sizes.indices.reversed() {
            digits[axis] = rest % sizes[axis]
            rest /= sizes[axis]
        }
    }

    package mutating func advance() {
        var axis = sizes.count - 1
        while axis >= 0 {
            digits[axis] += 1
            if digits[axis] < sizes[axis] { return }
            digits[axis] = 0
            axis -= 1
        }
    }
}
