extension WindowCase {
    /// Every stride with every dilation and padding, on two axes that differ.
    static let product: [WindowCase] = {
        let widths = [
            (1, 1, 1, 1), (3, 1, 3, 8), (1, 2, 8, 17), (2, 1, 17, 3), (1, 3, 1, 2), (0, 1, 3, 3), (1, 1, 24, 24),
        ]
        let kernels = [[3, 2], [1, 3], [2, 2], [3, 1], [2, 4]]
        // Between a crop and more than the kernel.
        let paddings = [0, 1, -2, 3, 7]
        var all: [WindowCase] = []
        for stride in 1...4 {
            for dilation in 1...3 {
                for padding in paddings.indices {
                    let index = all.count
                    var window = WindowCase()
                    window.kernel = kernels[index % kernels.count]
                    window.stride = [stride % 4 + 1, stride]
                    window.dilation = [dilation % 3 + 1, dilation]
                    window.padding = [paddings[(padding + index) % paddings.count], paddings[padding]]
                    // Sizes that leave tails of every length.
                    window.size = [6 + index % 4, 5 + index % 7]
                    window.count = zip(0..<2, window.size).map { axis, size in
                        let reach = (window.kernel[axis] - 1) * window.dilation[axis]
                        return max(1, (size + 2 * window.padding[axis] - reach - 1) / window.stride[axis] + 1)
                    }
                    (window.batch, window.groups, window.channels, window.columns) = widths[index % widths.count]
                    all.append(window)
                }
            }
        }
        return all
    }()

    /// Few positions, and something odd about each.
    static let oddities = [
        WindowCase(size: [9, 11], kernel: [1, 2], stride: [4, 3], count: [3, 4]),
        WindowCase(
            channels: 3, columns: 5, size: [7, 6], kernel: [1, 1], stride: [2, 2], padding: [1, 1], count: [5, 4]),
        // Offsets and strides with products too large for a padded copy.
        WindowCase(
            groups: 2, columns: 3, size: [3, 3], kernel: [2, 2], dilation: [1 << 40, 3], padding: [1 << 40, 0],
            count: [2, 3]),
        WindowCase(channels: 2, size: [3, 2], kernel: [2, 1], stride: [1 << 30, 1], count: [2, 2]),
        WindowCase(channels: 2, size: [3, 2], kernel: [2, 1], padding: [1 << 50, 0], count: [2, 2]),
        // One axis and three.
        WindowCase(
            batch: 2, channels: 2, columns: 3, size: [19], kernel: [4], stride: [1], dilation: [2], padding: [3],
            count: [16]),
        WindowCase(
            batch: 2, groups: 2, channels: 3, columns: 2, size: [3, 4, 5], kernel: [2, 3, 2], stride: [1, 2, 1],
            dilation: [1, 1, 2], padding: [1, 1, 0], count: [4, 2, 3]),
        // No source, no positions, no taps, no channels, no columns, no groups.
        WindowCase(batch: 2, size: [0, 3], kernel: [1, 2], padding: [1, 0], count: [2, 2]),
        WindowCase(channels: 2, size: [4, 3], kernel: [2, 2], count: [0, 2]),
        WindowCase(columns: 4, size: [4, 3], kernel: [0, 2], count: [3, 2]),
        WindowCase(channels: 0, columns: 4, size: [4, 3], kernel: [2, 2], padding: [1, 1], count: [3, 2]),
        WindowCase(columns: 0, size: [4, 3], kernel: [2, 2], count: [3, 2]),
        WindowCase(groups: 0, size: [4, 3], kernel: [2, 2], count: [3, 2]),
    ]

    /// Large enough for several boxes, blocks, panels, tasks and pieces.
    static let large = [
        WindowCase(columns: 3, size: [41, 30], kernel: [3, 3], padding: [1, 1], count: [41, 30]),
        WindowCase(batch: 3, channels: 5, columns: 9, size: [20, 21], kernel: [1, 1], count: [20, 21]),
        WindowCase(channels: 3, columns: 3, size: [61, 50], kernel: [5, 5], padding: [2, 2], count: [61, 50]),
        WindowCase(
            channels: 1, columns: 2, size: [3000], kernel: [3], stride: [1], dilation: [1], padding: [1], count: [3000]),
        WindowCase(channels: 100, columns: 22, size: [5, 7], kernel: [3, 3], padding: [1, 1], count: [5, 7]),
        WindowCase(
            batch: 5, channels: 33, columns: 70, size: [3, 3], kernel: [2, 2], padding: [1, 0], count: [4, 2]),
        WindowCase(channels: 2100, columns: 75, size: [1, 2], kernel: [1, 1], count: [1, 2]),
        WindowCase(
            batch: 2, groups: 40, channels: 4, columns: 4, size: [5, 5], kernel: [3, 2], padding: [1, 1], count: [5, 6]),
        WindowCase(
            groups: 3, channels: 70, columns: 17, size: [4, 5], kernel: [1, 2], padding: [0, 1], count: [4, 6]),
    ]

    /// Few columns that meet each pixel with many taps: vectors of pixels on the wider tables.
    static let fewColumns: [WindowCase] = {
        let kernels = [[3, 3], [5, 5], [2, 4], [5, 1], [1, 6], [4, 3]]
        // Nothing, a crop, some, more than the kernel.
        let paddings = [0, 2, -1, 4, 9]
        var all: [WindowCase] = []
        for columns in 1...8 {
            for stride in 1...3 {
                for dilation in 1...2 {
                    let index = all.count
                    var window = WindowCase()
                    window.kernel = kernels[index % kernels.count]
                    window.stride = [index % 4 == 0 ? 1 : stride, stride]
                    window.dilation = [dilation, index % 5 == 0 ? 3 : dilation]
                    window.padding = [paddings[(index + 1) % paddings.count], paddings[index / 2 % paddings.count]]
                    window.size = [7 + stride * (3 + index % 5), 9 + stride * (4 + index % 7)]
                    window.count = zip(0..<2, window.size).map { axis, size in
                        let reach = (window.kernel[axis] - 1) * window.dilation[axis]
                        return max(1, (size + 2 * window.padding[axis] - reach - 1) / window.stride[axis] + 1)
                    }
                    window.batch = 1 + index % 3
                    window.groups = index % 4 == 3 ? 2 : 1
                    window.channels = 1 + index * 5 % 17
                    window.columns = columns
                    all.append(window)
                }
            }
        }
        return all + [
            // Zeros that serve two rows, planes and images; several boxes.
            WindowCase(
                batch: 9, channels: 16, columns: 6, size: [10, 10], kernel: [5, 5], padding: [4, 4], count: [14, 14]),
            WindowCase(
                batch: 7, channels: 1, columns: 6, size: [28, 28], kernel: [5, 5], padding: [2, 2], count: [28, 28]),
            WindowCase(
                batch: 2, channels: 2, columns: 3, size: [5, 6, 7], kernel: [3, 3, 3], stride: [1, 1, 1],
                dilation: [1, 1, 1], padding: [2, 2, 2], count: [7, 8, 9]),
            WindowCase(
                groups: 2, channels: 3, columns: 2, size: [9, 8, 11], kernel: [3, 2, 4], stride: [2, 1, 3],
                dilation: [1, 2, 1], padding: [1, 1, 3], count: [5, 8, 5]),
            // Rows longer than a box.
            WindowCase(
                batch: 2, channels: 2, columns: 2, size: [9001], kernel: [7], stride: [2], dilation: [3], padding: [5],
                count: [4497]),
            // Planes that only small boxes can have.
            WindowCase(channels: 300, columns: 1, size: [24, 24], kernel: [3, 2], padding: [1, 0], count: [24, 23]),
        ]
    }()

    static let dense = product + oddities + large + fewColumns

    /// Runs of every length with strips of every width: whole, at one border, at both, and beyond.
    private static let strips: [WindowCase] = {
        var all: [WindowCase] = []
        for (kernel, padding) in [([3, 3], 1), ([5, 5], 2), ([2, 2], 1), ([2, 3], 0), ([3, 5], 4), ([4, 6], -1)] {
            for stride in 1...2 {
                for (width, groups) in [(4, 48), (7, 16), (9, 33), (17, 19), (24, 8), (31, 20)] {
                    var window = WindowCase(batch: 2, groups: groups, size: [6, width], kernel: kernel)
                    window.stride = [stride, stride]
                    window.padding = [padding, padding]
                    window.count = zip(window.size, kernel).map { max(1, ($0 + 2 * padding - $1) / stride + 1) }
                    all.append(window)
                }
            }
        }
        return all
    }()

    /// The same windows with one channel and one column a group, and various numbers of groups.
    static let depthwise: [WindowCase] = {
        let groups = [24, 1, 17, 3, 8, 70, 5, 64, 150]
        return strips
            + (product + oddities + large.prefix(4)).enumerated().map { index, window in
                var window = window
                window.groups = window.positions > 500 ? 17 : groups[index % groups.count]
                window.channels = 1
                window.columns = 1
                return window
            }
    }()
}
