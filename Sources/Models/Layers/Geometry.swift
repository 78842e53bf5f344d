import AdjointGraphs

/// The numbers of a window for every spatial axis of a layer's input.
struct LayerGeometry {
    let kernel, stride, dilation, before, after: [Int]
}

extension NetworkBuilder {
    /// A window's numbers, one for each axis of a value; nil, and a recorded error, where they do not fit.
    func geometry(
        _ operation: String, of layer: String, over input: String, kernel: PerAxis, stride: PerAxis, padding: Padding,
        dilation: PerAxis = 1
    ) -> LayerGeometry? {
        guard let shape = shape(of: input) else { return nil }
        guard shape.rank >= 2 else {
            record(
                ArgumentError(
                    "\(operation) \(layer)", "input", expected: "spatial axes behind the channels", given: "\(shape)"))
            return nil
        }
        let rank = shape.rank - 1
        guard let kernel = numbers(kernel, axes: rank, of: layer, "kernel", atLeast: 1),
            let stride = numbers(stride, axes: rank, of: layer, "stride", atLeast: 1),
            let dilation = numbers(dilation, axes: rank, of: layer, "dilation", atLeast: 1)
        else { return nil }
        do throws(ArgumentError) {
            let (before, after) = try padding.amounts(
                input: Array(shape.sizes.dropFirst()), kernel: kernel, stride: stride, dilation: dilation,
                operation: layer)
            return LayerGeometry(kernel: kernel, stride: stride, dilation: dilation, before: before, after: after)
        } catch {
            record(error)
            return nil
        }
    }

    func numbers(_ numbers: PerAxis, axes: Int, of layer: String, _ argument: String, atLeast minimum: Int) -> [Int]? {
        do throws(ArgumentError) {
            return try numbers.numbers(forAxes: axes, operation: layer, argument: argument, atLeast: minimum)
        } catch {
            record(error)
            return nil
        }
    }
}
