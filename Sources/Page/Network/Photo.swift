import AdjointGraphs

/// A picture for a network, of the size that the network takes.
struct Photo: Hashable {
    let rows, columns: Int
    /// Red, green, blue and opacity of each pixel, row-major.
    let pixels: [UInt8]

    /// Fails where the number of pixels is wrong.
    init?(rows: Int, columns: Int, pixels: [UInt8]) {
        guard pixels.count == 4 * rows * columns, !pixels.isEmpty else { return nil }
        (self.rows, self.columns, self.pixels) = (rows, columns, pixels)
    }

    /// A handwritten digit, scaled to a size.
    init(digit: Int, rows: Int, columns: Int) {
        let shares = Source(kind: .digit, number: digit).numbers([rows, columns])
        (self.rows, self.columns) = (rows, columns)
        pixels = shares.flatMap { share in
            let grey = UInt8((share * 255).rounded())
            return [grey, grey, grey, 255]
        }
    }

    /// The picture with only every n-th pixel, at most 48 on a side.
    var thumbnail: Photo {
        let step = (max(rows, columns) + 47) / 48
        let places = stride(from: 0, to: rows, by: step).flatMap { row in
            stride(from: 0, to: columns, by: step).map { row * columns + $0 }
        }
        let (high, wide) = ((rows + step - 1) / step, (columns + step - 1) / step)
        return Photo(rows: high, columns: wide, pixels: places.flatMap { pixels[4 * $0..<4 * $0 + 4] }) ?? self
    }

    /// Light and dark exchanged.
    var negative: Photo {
        var pixels = pixels
        for place in pixels.indices where place % 4 < 3 { pixels[place] = 255 - pixels[place] }
        return Photo(rows: rows, columns: columns, pixels: pixels) ?? self
    }

    /// Whether the edge is lighter than the whole, as on paper.
    var isOnPaper: Bool {
        var (edge, count, all) = (0.0, 0.0, 0.0)
        for row in 0..<rows {
            for column in 0..<columns {
                let light = light(row * columns + column)
                all += light
                guard row == 0 || column == 0 || row == rows - 1 || column == columns - 1 else { continue }
                (edge, count) = (edge + light, count + 1)
            }
        }
        return edge / count > all / Double(rows * columns) && edge / count > 127
    }

    private func light(_ pixel: Int) -> Double {
        0.299 * Double(pixels[4 * pixel]) + 0.587 * Double(pixels[4 * pixel + 1]) + 0.114
            * Double(pixels[4 * pixel + 2])
    }

    /// Plane after plane from 0 to 255, with its colours where there are three and else as grey.
    func lights(channels: Int) -> [Double] {
        (0..<channels).flatMap { channel in
            (0..<rows * columns).map { channels == 3 ? Double(pixels[4 * $0 + channel]) : light($0) }
        }
    }

    /// - Parameter white: what the lightest pixel becomes.
    func bytes(channels: Int, white: Double) -> [UInt8] {
        lights(channels: channels).map { UInt8(($0 * white / 255).rounded()) }
    }
}
