extension WindowCase {
    /// Windows whose axes differ, with no two of stride, dilation, padding and tail alike.
    static let windows: [WindowCase] = [
        WindowCase(),
        WindowCase(size: [6, 5], kernel: [3, 3], padding: [1, 1], count: [6, 5]),
        // Padding beyond the kernel, and a crop.
        WindowCase(size: [4, 5], kernel: [2, 3], padding: [3, 4], count: [9, 10]),
        WindowCase(size: [9, 8], kernel: [2, 3], padding: [-2, -1], count: [5, 5]),
        WindowCase(size: [6, 7], kernel: [1, 1], count: [6, 7]),
        // Strides that leave tails, skip positions, or see nothing but padding.
        WindowCase(size: [8, 9], kernel: [3, 3], stride: [2, 3], padding: [1, 0], count: [4, 3]),
        WindowCase(size: [9, 11], kernel: [1, 2], stride: [4, 3], count: [3, 4]),
        WindowCase(size: [7, 6], kernel: [1, 1], stride: [2, 2], padding: [1, 1], count: [5, 4]),
        WindowCase(
            size: [10, 9], kernel: [3, 2], stride: [1, 2], dilation: [3, 2], padding: [2, 1], count: [8, 5]),
        WindowCase(
            size: [3, 4], kernel: [2, 2], stride: [2, 1], dilation: [2, 9], padding: [5, 9], count: [4, 3]),
        WindowCase(size: [3, 3], kernel: [2, 2], dilation: [1 << 40, 3], padding: [1 << 40, 0], count: [2, 3]),
        WindowCase(size: [3, 2], kernel: [2, 1], stride: [1 << 30, 1], padding: [0, 0], count: [2, 2]),
        // One axis and three.
        WindowCase(size: [19], kernel: [4], stride: [1], dilation: [2], padding: [3], count: [16]),
        WindowCase(
            size: [3, 4, 5], kernel: [2, 3, 2], stride: [1, 2, 1], dilation: [1, 1, 2], padding: [1, 1, 0],
            count: [4, 2, 3]),
        // Nothing to slide over, nowhere to stand, no taps.
        WindowCase(size: [0, 3], kernel: [1, 2], padding: [1, 0], count: [2, 2]),
        WindowCase(size: [4, 3], kernel: [2, 2], count: [0, 2]),
        WindowCase(size: [4, 3], kernel: [0, 2], count: [3, 2]),
    ]

    static let sweep: [WindowCase] = {
        let widths = [
            (1, 1, 1, 1), (3, 1, 3, 8), (1, 2, 8, 17), (2, 1, 17, 3), (1, 3, 1, 2), (0, 1, 3, 3), (1, 1, 24, 24),
        ]
        var all: [WindowCase] = []
        for (index, window) in windows.enumerated() {
            for (batch, groups, channels, columns) in [widths[index % widths.count], widths[(index + 2) % 6]] {
                var window = window
                (window.batch, window.groups, window.channels, window.columns) = (batch, groups, channels, columns)
                all.append(window)
            }
        }
        return all
    }()

    static let depthwiseSweep: [WindowCase] = {
        var all: [WindowCase] = []
        for (index, window) in windows.enumerated() {
            var window = window
            window.batch = [1, 3, 0, 2][index % 4]
            window.groups = [1, 24, 17, 3, 8, 70, 5][index % 7]
            all.append(window)
        }
        return all
    }()
}
