import AdjointGraphs

/// The places of a value's elements: element [i, j, …] is float `offset + i·strides[0] + j·strides[1] + …` of a buffer.
/// A broadcast axis has stride 0, a reversed one a negative stride; movements are new views of the same memory.
struct View: Hashable {
    var buffer: Int
    var offset: Int
    var sizes: [Int]
    var strides: [Int]

    var count: Int { sizes.reduce(1, *) }

    /// Elements without gaps, in memory in this order of axes, outermost first.
    static func dense(_ buffer: Int, sizes: [Int], order: [Int]) -> View {
        var strides = [Int](repeating: 0, count: sizes.count)
        var step = 1
        for axis in order.reversed() {
            strides[axis] = step
            step *= max(1, sizes[axis])
        }
        return View(buffer: buffer, offset: 0, sizes: sizes, strides: strides)
    }

    static func rowMajor(_ buffer: Int, sizes: [Int]) -> View {
        dense(buffer, sizes: sizes, order: Array(sizes.indices))
    }

    /// Whether the elements are dense in this order of the axes; axes of size 1 may be anywhere.
    func isDense(order: [Int]) -> Bool {
        if sizes.contains(0) { return true }
        var step = 1
        for axis in order.reversed() where sizes[axis] != 1 {
            guard strides[axis] == step else { return false }
            step *= sizes[axis]
        }
        return true
    }

    var isRowMajor: Bool { isDense(order: Array(sizes.indices)) }

    /// Whether every element has a place of its own.
    var isFull: Bool { zip(sizes, strides).allSatisfy { $0 == 1 || $1 != 0 } }

    /// The axes from the widest stride to the narrowest: the order in which the memory is walked. Axes of size 1 stay
    /// before the axis that follows them.
    var order: [Int] {
        var order = sizes.indices.filter { sizes[$0] != 1 }.sorted { strides[$0].magnitude > strides[$1].magnitude }
        for axis in sizes.indices.reversed() where sizes[axis] == 1 {
            let next = order.firstIndex { $0 > axis } ?? order.count
            order.insert(axis, at: next)
        }
        return order
    }

    func permuted(_ axes: [Int]) -> View {
        View(buffer: buffer, offset: offset, sizes: axes.map { sizes[$0] }, strides: axes.map { strides[$0] })
    }

    /// The same elements in another shape, where no element has to be moved.
    func reshaped(to target: [Int]) -> View? {
        guard !sizes.contains(0) else { return View.rowMajor(buffer, sizes: target) }
        let old = sizes.indices.filter { sizes[$0] != 1 }
        var result = [Int](repeating: 0, count: target.count)
        var (from, to) = (0, 0)
        while to < target.count {
            // Groups of axes of both shapes with equal products; the old ones must be contiguous.
            let firstNew = to
            var (newCount, oldCount) = (target[to], 1)
            to += 1
            let firstOld = from
            while oldCount != newCount {
                if oldCount < newCount {
                    guard from < old.count else { return nil }
                    oldCount *= sizes[old[from]]
                    from += 1
                } else {
                    guard to < target.count else { return nil }
                    newCount *= target[to]
                    to += 1
                }
            }
            for k in firstOld..<max(firstOld, from - 1)
            where strides[old[k]] != strides[old[k + 1]] * sizes[old[k + 1]] {
                return nil
            }
            var step = from > firstOld ? strides[old[from - 1]] : 1
            for axis in (firstNew..<to).reversed() {
                result[axis] = step
                step *= target[axis]
            }
        }
        return View(buffer: buffer, offset: offset, sizes: target, strides: result)
    }

    /// The view of a movement that needs no copy.
    func moved(by movement: Movement, result: Shape) -> View? {
        var view = self
        view.sizes = result.sizes
        switch movement {
        case .reshape(let shape):
            return reshaped(to: shape.sizes)
        case .permute(let axes):
            view.strides = axes.map { strides[$0] }
        case .broadcast(let axes, _):
            for axis in axes { view.strides.insert(0, at: axis) }
        case .slice(let start, _, let stride):
            view.offset += zip(start, strides).reduce(0) { $0 + $1.0 * $1.1 }
            view.strides = zip(strides, stride).map { $0 * $1 }
        case .reverse(let axes):
            for axis in axes where sizes[axis] > 0 {
                view.offset += (sizes[axis] - 1) * strides[axis]
                view.strides[axis] = -strides[axis]
            }
        case .pad, .concatenate:
            return nil
        }
        return view
    }
}

/// The order of axes [N, spatial…, C] in which activations are laid out.
func channelsLast(_ rank: Int) -> [Int] { [0] + Array(2..<rank) + [1] }
