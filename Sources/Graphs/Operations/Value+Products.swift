extension Value {
    /// The matrix product over the last two axes; the others are a batch, and repeat as in arithmetic.
    public func matrixProduct(_ other: Value) -> Value {
        written("matmul") { () throws(ArgumentError) in
            let (a, b) = (shape, other.shape)
            let rank = max(a.rank, b.rank)
            guard a.rank >= 2, b.rank >= 2, a[a.rank - 1] == b[b.rank - 2], rank <= 20 else {
                throw ArgumentError(
                    "matmul", "operands", expected: "[…, m, k] and […, k, n]", given: "\(a) and \(b)")
            }
            // An axis that one operand lacks, or has with size 1, is a letter of the other operand alone.
            var first: (letters: [Int], sizes: [Int]) = ([], [])
            var (second, result, sizes) = (first, [Int](), [Int]())
            for letter in 0..<rank - 2 {
                let (m, n) = (a.size(letter + a.rank - rank), b.size(letter + b.rank - rank))
                guard m == n || m == 1 || n == 1 else {
                    throw ArgumentError(
                        "matmul", "operands", expected: "batch axes that repeat to one shape", given: "\(a) and \(b)")
                }
                sizes.append(m == 1 ? n : m)
                if m == 1, n == 1 { continue }
                result.append(letter)
                if m != 1 { first = (first.letters + [letter], first.sizes + [m]) }
                if n != 1 { second = (second.letters + [letter], second.sizes + [n]) }
            }
            let (row, inner, column) = (rank, rank + 1, rank + 2)
            let form = Contraction(
                first: first.letters + [row, inner], second: second.letters + [inner, column],
                result: result + [row, column])
            return reshaped(to: Shape(first.sizes + a.sizes.suffix(2)))
                .apply(.contraction(form), other.reshaped(to: Shape(second.sizes + b.sizes.suffix(2))))
                .reshaped(to: Shape(sizes + [a[a.rank - 2], b[b.rank - 1]]))
        }
    }

    /// y[…, k] = Σ x[…, c]·weight[k, c], for any rank.
    public func transformed(by weight: Value) -> Value {
        written("linear") { () throws(ArgumentError) in
            guard weight.isPoisoned || (shape.rank >= 1 && weight.shape.rank == 2) else {
                throw ArgumentError(
                    "linear", "operands", expected: "[…, in] and [out, in]", given: "\(shape) and \(weight.shape)")
            }
            let outer = Array(0..<max(0, shape.rank - 1))
            let (inner, features) = (shape.rank, shape.rank + 1)
            let form = Contraction(
                first: outer + [inner], second: [features, inner], result: outer + [features])
            return apply(.contraction(form), weight)
        }
    }

    /// The product with a fixed matrix along an axis: y[…, i, …] = Σ_j matrix[i, j]·x[…, j, …].
    func transformed(axis: Int, by matrix: [[Double]]) -> Value {
        let letters = Array(0..<shape.rank)
        var result = letters
        result[axis] = shape.rank
        let rows = Tensor(known: [matrix.count, shape[axis]], .float64(matrix.flatMap { $0 })).converted(to: type)
        let form = Contraction(first: letters, second: [shape.rank, axis], result: result)
        return apply(.contraction(form), builder.constant(rows))
    }

    /// The slices of an axis at an int32 index, with shape x.shape before the axis, index.shape, x.shape behind it. An
    /// embedding is `weight.gathered(ids, axis: 0)`; the derivatives of slices that are taken twice add up.
    public func gathered(_ index: Value, axis: Int = 0) -> Value {
        written("gather") { () throws(ArgumentError) in
            let axis = try self.axis(axis, of: "gather")
            guard index.isPoisoned || index.type == .int32 else {
                throw ArgumentError("gather", "index", expected: "int32", given: "\(index.signature)")
            }
            if index.isPoisoned { return index }
            let others = shape.sizes.removing([axis])
            let rows = rows(along: axis)
            let count = index.shape.count
            let places = index.reshaped(to: [count]).apply(
                .movement(.broadcast(axes: [0, 1], sizes: [rows.shape[0], 1])))
            let taken = rows.apply(.pooling(.gather), places)
                .reshaped(to: Shape(others + index.shape.sizes))
            let (before, between) = (Array(0..<axis), Array(others.count..<others.count + index.shape.rank))
            return taken.permuted(before + between + Array(axis..<others.count))
        }
    }

    /// 1 at the position of the int32 index along a new last axis, else 0.
    public func oneHot(_ classes: Int, type: ElementType = .float32) -> Value {
        written("one_hot") { () throws(ArgumentError) in
            guard self.type == .int32, classes >= 1, classes <= 1 << 24 else {
                throw ArgumentError(
                    "one_hot", "index", expected: "int32, and 1 class or more", given: "\(signature), \(classes)")
            }
            let numbers = builder.constant(Tensor(known: [classes], .int32((0..<Int32(classes)).map { $0 })))
            return (reshaped(to: Shape(shape.sizes + [1])) .== numbers).converted(to: type)
        }
    }
}

extension Shape {
    /// The size of an axis; 1 for axes in front of the first.
    fileprivate func size(_ axis: Int) -> Int { axis < 0 ? 1 : self[axis] }
}
