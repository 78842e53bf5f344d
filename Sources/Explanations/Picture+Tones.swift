/// A colour as it is on light and on dark paper.
struct Tone {
    let name: String
    let light: Int
    let dark: Int

    /// Everything that pictures are painted with. Groups are Okabe and Ito's palette; their outlines (`o`) are darker on
    /// light paper. The two ends of each diverging scale differ in lightness too, and fade into the paper at zero.
    static let all: [Tone] = [
        Tone(name: "paper", light: 0xFFFFFF, dark: 0x14181D),
        Tone(name: "ink", light: 0x1B1F24, dark: 0xE8ECF0),
        Tone(name: "faint", light: 0x5D6670, dark: 0xA3ADB8),
        Tone(name: "line", light: 0xC3CAD2, dark: 0x47505B),
        Tone(name: "wash", light: 0xEEF1F4, dark: 0x222830),
        Tone(name: "accent", light: 0x6F2DBD, dark: 0xC9A2FF),
        Tone(name: "g0", light: 0xE69F00, dark: 0xE69F00), Tone(name: "o0", light: 0x9A6A00, dark: 0xF2B632),
        Tone(name: "g1", light: 0x56B4E9, dark: 0x56B4E9), Tone(name: "o1", light: 0x1F7CB4, dark: 0x82CBF5),
        Tone(name: "g2", light: 0x009E73, dark: 0x009E73), Tone(name: "o2", light: 0x007556, dark: 0x2FC79B),
        Tone(name: "g3", light: 0xCC79A7, dark: 0xCC79A7), Tone(name: "o3", light: 0x9B4A76, dark: 0xE3A3C6),
        Tone(name: "g4", light: 0xF0E442, dark: 0xF0E442), Tone(name: "o4", light: 0x80780A, dark: 0xF4EB72),
        Tone(name: "g5", light: 0x0072B2, dark: 0x2A8FD0), Tone(name: "o5", light: 0x005A8C, dark: 0x5AAEE3),
        Tone(name: "g6", light: 0xD55E00, dark: 0xD55E00), Tone(name: "o6", light: 0xA84A00, dark: 0xF58B3C),
        Tone(name: "g7", light: 0x5A5A5A, dark: 0x9A9A9A), Tone(name: "o7", light: 0x333333, dark: 0xC4C4C4),
        Tone(name: "a-", light: 0xCA4A34, dark: 0xE36A54), Tone(name: "a+", light: 0x2B7BBA, dark: 0x4D9EDC),
        Tone(name: "w-", light: 0xA8690F, dark: 0xCF9236), Tone(name: "w+", light: 0x108579, dark: 0x35B3A5),
        Tone(name: "d-", light: 0xB03A8E, dark: 0xD868B6), Tone(name: "d+", light: 0x4F8A1E, dark: 0x7DBA4B),
    ]

    static func number(_ name: String) -> Int { all.firstIndex { $0.name == name } ?? 0 }

    /// `#1b1f24`
    static func code(_ color: Int) -> String {
        let digits = String(color, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }
}

extension Picture.Color {
    /// What a colour fills with: a tone, and how much of it.
    var fill: (tone: String, opacity: Double)? {
        switch self {
        case .none: nil
        case .paper: ("paper", 1)
        case .ink: ("ink", 1)
        case .faint: ("wash", 1)
        case .accent: ("accent", 0.2)
        case .group(let number): ("g" + Picture.Color.digit(number), 0.4)
        case .activation(let number): Picture.Color.diverging("a", number)
        case .weight(let number): Picture.Color.diverging("w", number)
        case .gradient(let number): Picture.Color.diverging("d", number)
        }
    }

    /// What it draws lines with.
    var stroke: String? {
        switch self {
        case .faint: "line"
        case .group(let number): "o" + Picture.Color.digit(number)
        case .activation, .weight, .gradient: fill.map { $0.tone } ?? "line"
        default: fill.map { $0.tone }
        }
    }

    /// What it writes with.
    var writing: String? { self == .faint ? "faint" : stroke }

    /// Opaque enough at its ends to be told apart, and light enough for ink on top.
    private static func diverging(_ letter: String, _ number: Double) -> (tone: String, opacity: Double)? {
        if number.isNaN { return ("wash", 1) }
        let share = min(1, number.magnitude)
        return share == 0 ? nil : (letter + (number < 0 ? "-" : "+"), 0.85 * share)
    }

    private static func digit(_ group: Int) -> String { String(((group % 8) + 8) % 8) }
}
