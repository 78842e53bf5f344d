import AdjointKernelTables

/// One shape of the form: a window over some axes (one to three), padded to three.
struct WindowCase: Sendable, CustomStringConvertible {
    var batch = 1
    var groups = 1
    /// The number of channels in a group.
    var channels = 1
    /// The number of columns in a group.
    var columns = 1
    var size = [5, 6]
    var kernel = [3, 2]
    var stride = [1, 1]
    var dilation = [1, 1]
    var padding = [0, 0]
    var count = [3, 5]

    var description: String {
        "n\(batch) g\(groups) \(channels)->\(columns) size \(size) kernel \(kernel) stride \(stride)"
            + " dilation \(dilation) padding \(padding) count \(count)"
    }

    static func axes(_ values: [Int], _ filler: Int) -> Axes {
        let all = Array(repeating: filler, count: 3 - values.count) + values
        return Axes(all[0], all[1], all[2])
    }

    var sizeAxes: Axes { WindowCase.axes(size, 1) }
    var countAxes: Axes { WindowCase.axes(count, 1) }
    var strideAxes: Axes { WindowCase.axes(stride, 1) }

    var tapCount: Int { kernel.reduce(1, *) }

    /// The taps in an order of their own, as a plan may give them.
    var taps: [Tap] {
        let kernel = WindowCase.axes(kernel, 1)
        let dilation = WindowCase.axes(dilation, 1)
        let padding = WindowCase.axes(padding, 0)
        var taps: [Tap] = []
        for z in 0..<kernel.z {
            for y in 0..<kernel.y {
                for x in 0..<kernel.x {
                    taps.append(
                        Tap(
                            offset: Axes(
                                z * dilation.z - padding.z, y * dilation.y - padding.y, x * dilation.x - padding.x),
                            index: (z * kernel.y + y) * kernel.x + x))
                }
            }
        }
        return taps
    }

    var sourceCount: Int { batch * sizeAxes.count * groups * channels }
    var positions: Int { countAxes.count }
    var cotangentCount: Int { batch * positions * groups * columns }
    /// The number of filter elements, as [g][j][m][tap].
    var filterCount: Int { groups * columns * channels * tapCount }

    /// Calls `body` with every product of the form: indices into the dense source, the dense result and the filter.
    func forEachProduct(_ body: (_ source: Int, _ result: Int, _ filter: Int) -> Void) {
        let taps = taps
        let (size, count, stride) = (sizeAxes, countAxes, strideAxes)
        for n in 0..<batch {
            for z in 0..<count.z {
                for y in 0..<count.y {
                    for x in 0..<count.x {
                        let position = ((n * count.z + z) * count.y + y) * count.x + x
                        for tap in taps {
                            let sz = stride.z * z + tap.offset.z
                            let sy = stride.y * y + tap.offset.y
                            let sx = stride.x * x + tap.offset.x
                            guard
                                sz >= 0, sz < size.z, sy >= 0, sy < size.y, sx >= 0, sx < size.x
                            else { continue }
                            let place = ((n * size.z + sz) * size.y + sy) * size.x + sx
                            for g in 0..<groups {
                                for j in 0..<columns {
                                    for m in 0..<channels {
                                        body(
                                            (place * groups + g) * channels + m,
                                            (position * groups + g) * columns + j,
                                            ((g * columns + j) * channels + m) * taps.count + tap.index)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whole numbers between -3 and 3, so that every order of summation gives the same sum.
func smallIntegers(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = Numbers(seed: seed)
    return (0..<count).map { _ in Float(Int(numbers.next() % 7) - 3) }
}

/// Numbers between -1 and 1 whose sums depend on the order.
func fractions(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = Numbers(seed: seed)
    return numbers.uniform(count, in: -1...1)
}
