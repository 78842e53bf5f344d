/// A colour as it is on light and on dark paper.
struct Tone {
    /// The name in style sheets.
    let name: String
    let light: Int
    let dark: Int

    init(_ name: String, _ light: Int, _ dark: Int) { (self.name, self.light, self.dark) = (name, light, dark) }

    enum Paper: String { case light, dark }

    func code(on paper: Paper) -> Int { paper == .light ? light : dark }

    /// All tones of pictures. Groups are Okabe and Ito's palette; their outlines (`o`) are darker on light paper. The two ends,
    /// `m` below and `p` above zero, of each diverging scale differ in lightness too, and fade into the paper at zero.
    static let all: [Tone] = [
        Tone("paper", 0xFFFFFF, 0x14181D), Tone("ink", 0x1B1F24, 0xE8ECF0), Tone("faint", 0x5D6670, 0xA3ADB8),
        Tone("line", 0xC3CAD2, 0x47505B), Tone("wash", 0xEEF1F4, 0x222830), Tone("accent", 0x6F2DBD, 0xC9A2FF),
        Tone("g0", 0xE69F00, 0xE69F00), Tone("o0", 0x9A6A00, 0xF2B632),
        Tone("g1", 0x56B4E9, 0x56B4E9), Tone("o1", 0x1F7CB4, 0x82CBF5),
        Tone("g2", 0x009E73, 0x009E73), Tone("o2", 0x007556, 0x2FC79B),
        Tone("g3", 0xCC79A7, 0xCC79A7), Tone("o3", 0x9B4A76, 0xE3A3C6),
        Tone("g4", 0xF0E442, 0xF0E442), Tone("o4", 0x80780A, 0xF4EB72),
        Tone("g5", 0x0072B2, 0x2A8FD0), Tone("o5", 0x005A8C, 0x5AAEE3),
        Tone("g6", 0xD55E00, 0xD55E00), Tone("o6", 0xA84A00, 0xF58B3C),
        Tone("g7", 0x5A5A5A, 0x9A9A9A), Tone("o7", 0x333333, 0xC4C4C4),
        Tone("am", 0xCA4A34, 0xE36A54), Tone("ap", 0x2B7BBA, 0x4D9EDC),
        Tone("wm", 0xA8690F, 0xCF9236), Tone("wp", 0x108579, 0x35B3A5),
        Tone("dm", 0xB03A8E, 0xD868B6), Tone("dp", 0x4F8A1E, 0x7DBA4B),
    ]

    static func number(_ name: String) -> Int { all.firstIndex { $0.name == name } ?? 0 }

    /// The code of a colour: `#1b1f24`.
    static func code(_ color: Int) -> String {
        let digits = String(color, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }
}

extension Picture.Color {
    /// The tone of a filled area, and its opacity.
    var fill: (tone: String, opacity: Double)? {
        switch self {
        case .none: return nil
        case .paper: return ("paper", 1)
        case .ink: return ("ink", 1)
        case .faint: return ("wash", 1)
        case .accent: return ("accent", 0.2)
        case .group(let number): return ("g\(Picture.Color.remainder(number))", 0.4)
        case .share(let number, let scale):
            if number.isNaN { return ("wash", 1) }
            // Opaque enough at its ends to be told apart, and light enough for text on top.
            let share = min(1, number.magnitude)
            return share == 0 ? nil : (scale.rawValue + (number < 0 ? "m" : "p"), 0.85 * share)
        }
    }

    /// The tone of lines.
    var stroke: String? {
        switch self {
        case .faint: "line"
        case .group(let number): "o\(Picture.Color.remainder(number))"
        case .share: fill?.tone ?? "line"
        default: fill?.tone
        }
    }

    /// The tone of text.
    var writing: String? { self == .faint ? "faint" : stroke }

    /// The number of a group among the eight colours or hatches.
    static func remainder(_ group: Int) -> Int { ((group % 8) + 8) % 8 }
}
