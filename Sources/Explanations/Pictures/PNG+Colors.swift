extension PNG {
    /// The colours as pixels on transparent ground; scales in as many steps as 256 colours allow.
    init(_ columns: Int, _ colors: [Picture.Color], on paper: Tone.Paper) {
        var levels = 255.0
        var (palette, indices) = PNG.indexed(colors, levels: levels, paper)
        while palette.count > 256 {
            levels = (levels / 2).rounded()
            (palette, indices) = PNG.indexed(colors, levels: levels, paper)
        }
        indices += [Int](repeating: 0, count: (columns - indices.count % columns) % columns)
        self.init(palette: palette, columns: columns, indices: indices.map { UInt8($0) })
    }

    private static func indexed(
        _ colors: [Picture.Color], levels: Double, _ paper: Tone.Paper
    ) -> (palette: [Pixel], indices: [Int]) {
        var (palette, places): ([Pixel], [Pixel: Int]) = ([], [:])
        let indices = colors.map { color -> Int in
            let pixel = Pixel(color, levels: levels, paper)
            if let place = places[pixel] { return place }
            places[pixel] = palette.count
            palette.append(pixel)
            return palette.count - 1
        }
        return (palette, indices)
    }
}

extension PNG.Pixel {
    fileprivate init(_ color: Picture.Color, levels: Double, _ paper: Tone.Paper) {
        var (tone, opacity) = color.fill ?? ("paper", 0)
        // Pixels of the paper's colour are transparent, since an image is the same on all papers.
        if tone == "paper" { opacity = 0 }
        if tone == "wash" { (tone, opacity) = ("faint", 0.12) }
        let code = Tone.all[Tone.number(tone)].code(on: paper)
        let share = (opacity * levels).rounded() / levels
        self.init(
            red: share == 0 ? 0 : UInt8(code >> 16), green: share == 0 ? 0 : UInt8(code >> 8 & 0xFF),
            blue: share == 0 ? 0 : UInt8(code & 0xFF), alpha: UInt8((share * 255).rounded()))
    }
}
