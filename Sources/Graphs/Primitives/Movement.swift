/// Operations that move elements without computing on them.
public enum Movement: Hashable, Sendable {
    /// The same elements in row-major order under another shape.
    case reshape(Shape)
    /// The axes in another order: result axis k is operand axis `axes[k]`.
    case permute(axes: [Int])
    /// Repeats along new axes, given by their (ascending) positions in the result and their sizes.
    case broadcast(axes: [Int], sizes: [Int])
    /// Zeros before, after and between the elements of each axis; negative amounts before and after crop.
    case pad(low: [Int], high: [Int], interior: [Int])
    /// The elements start, start + stride, … below limit, on each axis.
    case slice(start: [Int], limit: [Int], stride: [Int])
    /// Operands one after the other along an axis.
    case concatenate(axis: Int)
    /// Reverses the order along these (ascending) axes.
    case reverse(axes: [Int])

    var name: String {
        switch self {
        case .reshape: "reshape"
        case .permute: "permute"
        case .broadcast: "broadcast"
        case .pad: "pad"
        case .slice: "slice"
        case .concatenate: "concatenate"
        case .reverse: "reverse"
        }
    }

    func result(of operands: [Signature]) throws(ArgumentError) -> Signature {
        let primitive = Primitive.movement(self)
        if case .concatenate(let axis) = self { return try concatenation(of: operands, axis: axis) }
        try primitive.expect(operands, count: 1)
        let operand = operands[0]
        let sizes = operand.shape.sizes
        let rank = sizes.count
        switch self {
        case .reshape(let shape):
            guard shape.checkedCount == operand.shape.count else {
                throw primitive.error(
                    "shape", expected: "as many elements as \(operand.shape)", given: "\(shape)")
            }
            return Signature(shape, operand.type)
        case .permute(let axes):
            guard axes.sorted() == Array(0..<rank) else {
                throw primitive.error(
                    "axes", expected: "each axis of \(operand.shape) once", given: list(axes))
            }
            return Signature(Shape(axes.map { sizes[$0] }), operand.type)
        case .broadcast(let axes, let added):
            guard axes.count == added.count, isAscending(axes, below: rank + axes.count),
                added.allSatisfy({ $0 >= 0 })
            else {
                throw primitive.error(
                    "axes", expected: "ascending places in the result, with a size of 0 or more each",
                    given: "\(list(axes)) with sizes \(list(added))")
            }
            var result = sizes
            for (axis, size) in zip(axes, added) { result.insert(size, at: axis) }
            return Signature(Shape(result), operand.type)
        case .pad(let low, let high, let interior):
            return try padded(operand, low: low, high: high, interior: interior)
        case .slice(let start, let limit, let stride):
            let isInside = { (axis: Int) -> Bool in
                0 <= start[axis] && start[axis] <= limit[axis] && limit[axis] <= sizes[axis] && stride[axis] > 0
            }
            guard start.count == rank, limit.count == rank, stride.count == rank, (0..<rank).allSatisfy(isInside) else {
                throw primitive.error(
                    "range", expected: "0 ≤ start ≤ limit inside \(operand.shape), stride above 0",
                    given: "\(list(start)) ..< \(list(limit)) by \(list(stride))")
            }
            return Signature(
                Shape((0..<rank).map { taken(from: start[$0], to: limit[$0], by: stride[$0]) }), operand.type)
        case .concatenate:
            return operand
        case .reverse(let axes):
            guard isAscending(axes, below: rank) else {
                throw primitive.error(
                    "axes", expected: "ascending, below the rank of \(operand.shape)", given: list(axes))
            }
            return operand
        }
    }

    private func padded(
        _ operand: Signature, low: [Int], high: [Int], interior: [Int]
    ) throws(ArgumentError) -> Signature {
        let primitive = Primitive.movement(self)
        let sizes = operand.shape.sizes
        let rank = sizes.count
        guard low.count == rank, high.count == rank, interior.count == rank,
            (low + high).allSatisfy({ $0.magnitude < Window.limit }),
            interior.allSatisfy({ $0 >= 0 && $0 < Window.limit })
        else {
            throw primitive.error(
                "amounts", expected: "below 2^31 for each axis of \(operand.shape), none negative between elements",
                given: "\(list(low)), \(list(high)), \(list(interior))")
        }
        let result = (0..<rank).map { (axis: Int) -> Int in
            let (spread, overflow) = max(0, sizes[axis] - 1).multipliedReportingOverflow(by: interior[axis])
            return overflow || spread > Int.max / 2 ? -1 : low[axis] + high[axis] + sizes[axis] + spread
        }
        guard result.allSatisfy({ $0 >= 0 }) else {
            throw primitive.error(
                "amounts", expected: "to leave sizes of 0 or more of \(operand.shape) that memory can address",
                given: "\(list(low)), \(list(high)), \(list(interior))")
        }
        return Signature(Shape(result), operand.type)
    }

    private func concatenation(of operands: [Signature], axis: Int) throws(ArgumentError) -> Signature {
        let primitive = Primitive.movement(self)
        guard let first = operands.first, axis >= 0, axis < first.shape.rank else {
            throw primitive.error(
                "axis", expected: "an axis of the operands", given: "\(axis) of \(operands.count) operands")
        }
        var sizes = first.shape.sizes
        for operand in operands.dropFirst() {
            guard operand.type == first.type, operand.shape.rank == sizes.count,
                operand.shape.sizes.removing([axis]) == first.shape.sizes.removing([axis])
            else {
                throw primitive.error(
                    "operands", expected: "shapes that differ on axis \(axis) only", given: "\(first) and \(operand)")
            }
            let (sum, overflow) = sizes[axis].addingReportingOverflow(operand.shape[axis])
            sizes[axis] = overflow ? Int.max : sum
        }
        return Signature(Shape(sizes), first.type)
    }
}

/// The number of elements start, start + stride, … below limit.
func taken(from start: Int, to limit: Int, by stride: Int) -> Int {
    limit == start ? 0 : (limit - start - 1) / stride + 1
}

extension Movement {
    /// The reference loop: for each element of the result, in row-major order, the operand and the place that it comes
    /// from; nil where it is zero.
    func origins(of operands: [Shape], result: Shape) -> [(operand: Int, place: Int)?] {
        let shape = operands[0]
        let strides = shape.strides
        var index = Odometer(result)
        var origins: [(operand: Int, place: Int)?] = []
        origins.reserveCapacity(result.count)
        for place in 0..<result.count {
            origins.append(origin(at: index, place: place, operands: operands, strides: strides))
            index.advance()
        }
        return origins
    }

    /// The operand and the place from which the element at one place of the result comes.
    package func origin(of operands: [Shape], result: Shape, at place: Int) -> (operand: Int, place: Int)? {
        var index = Odometer(result)
        index.move(to: place)
        return origin(at: index, place: place, operands: operands, strides: operands[0].strides)
    }

    private func origin(
        at index: Odometer, place: Int, operands: [Shape], strides: [Int]
    ) -> (operand: Int, place: Int)? {
        let sizes = operands[0].sizes
        /// The place of an operand index that is given axis by axis.
        func locate(_ position: (Int) -> Int?) -> (operand: Int, place: Int)? {
            var place = 0
            for axis in sizes.indices {
                guard let digit = position(axis), digit >= 0, digit < sizes[axis] else { return nil }
                place += digit * strides[axis]
            }
            return (0, place)
        }
        switch self {
        case .reshape:
            return (0, place)
        case .permute(let axes):
            return locate { axis in axes.firstIndex(of: axis).map { index[$0] } }
        case .broadcast(let axes, _):
            let kept = (0..<sizes.count + axes.count).filter { !axes.contains($0) }
            return locate { index[kept[$0]] }
        case .pad(let low, _, let interior):
            return locate { axis in
                let offset = index[axis] - low[axis]
                return offset % (interior[axis] + 1) == 0 ? offset / (interior[axis] + 1) : nil
            }
        case .slice(let start, _, let stride):
            return locate { start[$0] + index[$0] * stride[$0] }
        case .reverse(let axes):
            return locate { axes.contains($0) ? sizes[$0] - 1 - index[$0] : index[$0] }
        case .concatenate(let axis):
            var along = index[axis]
            for (number, operand) in operands.enumerated() {
                if along < operand[axis] {
                    let strides = operand.strides
                    var place = 0
                    for k in 0..<operand.rank { place += (k == axis ? along : index[k]) * strides[k] }
                    return (number, place)
                }
                along -= operand[axis]
            }
            return nil
        }
    }
}
