import AdjointGraphs
import AdjointJSON

/// All axes after the batch as one axis.
public struct Flatten: SimpleLayer {
    public init() {}
    public var operation: Network.Operation { .init(.flatten) }
}

/// Other spatial sizes, larger or smaller: `Upsample(scale: [2, 2])`.
public struct Upsample: SimpleLayer {
    let members: [(String, JSON)]

    public init(scale: [Int], _ mode: Interpolation = .nearest, alignsCorners: Bool = false) {
        members = Self.members(mode, ("scale", JSON(scale)), alignsCorners)
    }

    public init(to size: [Int], _ mode: Interpolation = .nearest, alignsCorners: Bool = false) {
        members = Self.members(mode, ("size", JSON(size)), alignsCorners)
    }

    private static func members(
        _ mode: Interpolation, _ size: (String, JSON), _ alignsCorners: Bool
    ) -> [(String, JSON)] {
        [("mode", .string(mode.rawValue)), size, ("align_corners", .bool(alignsCorners))]
    }

    public var operation: Network.Operation { .init(.upsample, members) }
}

/// Dropout, in training: sets elements, or whole channels, to zero with probability p, and divides the others by 1 − p.
public struct Dropout: SimpleLayer {
    let rate: Double
    let dropsChannels: Bool

    /// - Parameter rate: the probability p; 0 or more and below 1.
    public init(_ rate: Double, wholeChannels: Bool = false) { (self.rate, dropsChannels) = (rate, wholeChannels) }
    public var operation: Network.Operation {
        .init(.dropout, [("rate", .number(rate))] + (dropsChannels ? [("channels", .bool(true))] : []))
    }
}

extension Network.Operation.Kind {
    static let movements: [Self] = [
        flatten, reshape, permute, slice, concatenate, pad, upsample, pixelShuffle, dropout,
        Self("flip") { a in
            let axes = a.integers("axes", in: Attributes.amounts)
            return .init { use in
                use.x.written("flip") { () throws(ArgumentError) in
                    use.x.reversed(try use.x.axes(axes, of: "flip"))
                }
            }
        },
        Self("stack") { a in
            let axis = a.axis(0)
            return .init(arity: 1...Int.max) { Value.stacked($0.inputs, axis: axis) }
        },
        Self("pixel_unshuffle") { a in
            let factor = a.integer("factor")
            return .init { $0.x.pixelUnshuffled(factor) }
        },
    ]

    static let flatten = Self("flatten") { _ in .init { $0.x.flattened() } }

    static let reshape = Self("reshape") { a in
        let sizes = a.integers("shape", in: -1...Window.limit - 1)
        return .init { use in
            var shape = sizes
            for axis in sizes.indices where sizes[axis] == 0 { shape[axis] = use.x.shape[axis] }
            if let free = shape.firstIndex(of: -1) {
                let others = Shape(shape.removing([free])).checkedCount ?? 0
                guard others > 0, use.x.shape.count % others == 0, !shape.removing([free]).contains(-1) else {
                    return use.poison(
                        "shape", expected: "sizes that divide the elements of \(use.x.shape)", given: list(sizes))
                }
                shape[free] = use.x.shape.count / others
            }
            return use.x.reshaped(to: Shape(shape))
        }
    }

    static let permute = Self("permute") { a in
        let order = a.integers("order", in: Attributes.amounts)
        return .init { use in use.x.permuted(order.map { $0 < 0 ? $0 + use.x.shape.rank : $0 }) }
    }

    static let slice = Self("slice") { a in
        let (axis, begin) = (a.axis(), a.integer("begin", 0, in: Attributes.amounts))
        let (end, step) = (a.optionalInteger("end", in: Attributes.amounts), a.integer("step", 1))
        return .init { $0.x.sliced(axis: axis, from: begin, to: end, by: step) }
    }

    /// Concatenation; by default along the channels.
    static let concatenate = Self("concat") { a in
        let axis = a.axis()
        return .init(arity: 1...Int.max) { use in
            use.x.written("concat") { () throws(ArgumentError) in
                Value.concatenated(use.inputs, axis: axis < 0 ? axis + use.x.shape.rank : axis)
            }
        }
    }

    static let pad = Self("pad") { a in
        let mode = a.text("mode", among: ["constant", "reflect", "replicate", "circular"])
        let pads = a.integers("pads", in: Attributes.amounts)
        let number = mode == "constant" ? a.number("value", 0) : 0
        return .init { use in
            guard pads.count % 2 == 0 else {
                return use.poison("pads", expected: "two for each axis", given: list(pads))
            }
            let padding: PaddingMode =
                switch mode {
                case "reflect": .reflect
                case "replicate": .replicate
                case "circular": .circular
                default: .constant(number)
                }
            let axes = pads.count / 2
            return use.x.padded(padding, before: Array(pads[..<axes]), after: Array(pads[axes...]))
        }
    }

    static let upsample = Self("upsample") { a in
        let name = a.text("mode", "nearest", among: Interpolation.allCases.map { $0.rawValue })
        let mode = Interpolation(rawValue: name) ?? .nearest
        // Either `size` or `scale` is given; the other is absent or null.
        let size = a.integers("size", [], in: 0...Window.limit - 1)
        let scale = size.isEmpty ? a.integers("scale", in: 0...Window.limit - 1) : a.integers("scale", [])
        let alignsCorners = a.truth("align_corners", false)
        return .init { use in
            let input = Array(use.x.shape.sizes.dropFirst(2))
            guard scale.isEmpty || size.isEmpty else {
                return use.poison("scale", expected: "none beside the size \(list(size))", given: list(scale))
            }
            guard scale.isEmpty || scale.count == input.count else {
                return use.poison(
                    "scale", expected: "one for each spatial axis of \(use.x.shape)", given: list(scale))
            }
            guard mode != .nearest || !alignsCorners else {
                return use.poison("align_corners", expected: "false where the mode is nearest", given: "true")
            }
            let scaled = zip(input, scale).map { $0.multipliedReportingOverflow(by: $1).partialValue }
            return use.x.resampled(to: size + scaled, mode, alignsCorners: alignsCorners)
        }
    }

    static let pixelShuffle = Self("pixel_shuffle") { a in
        let factor = a.integer("factor")
        return .init { $0.x.pixelShuffled(factor) }
    }

    static let dropout = Self("dropout") { a in
        let rate = a.number("rate", 0.5, .belowOne)
        let dropsChannels = a.has("channels") && a.truth("channels")
        return .init(isRandom: rate > 0) { use in
            guard use.mode == .training, rate > 0 else { return use.x }
            guard let random = use.random else {
                return use.poison("random", expected: "a key and a counter in training", given: "none")
            }
            return use.x.droppedOut(
                rate: rate, key: random.key, counter: random.counter, wholeChannels: dropsChannels)
        }
    }
}
