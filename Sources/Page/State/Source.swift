import AdjointExplanations
import AdjointGraphs

/// A source of numbers.
package struct Source: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The numbers 1, 2, 3, …
        case counting
        /// Random whole numbers from −2 to 2.
        case whole
        /// Random numbers with two decimals in −1 … 1.
        case random
        case ones
        /// A disc, a bar and a slope.
        case scene
        case digit
        case list
        /// For a target: the output of the layer for V with another filter, which it can learn.
        case taught
        /// The numbers of a file of the reader's own, which links do not hold.
        case image
    }

    package let kind: Kind
    /// The seed of random numbers, or the number of a digit.
    var number = 0
    /// The reader's own numbers.
    var numbers: [Double] = []

    package static func random(_ seed: Int) -> Source { Source(kind: .random, number: seed) }
    package static func list(_ numbers: [Double]) -> Source { Source(kind: .list, numbers: numbers) }

    /// The most numbers that a link holds.
    static let longest = 1024
}

extension Source {
    /// A source of the reader's own numbers.
    init(_ numbers: [Double]) {
        self.init(kind: numbers.count <= Source.longest ? .list : .image, numbers: numbers)
    }

    /// The source after it is chosen again.
    var again: Source {
        switch kind {
        case .random, .whole: Source(kind: kind, number: number + 1)
        case .digit: Source(kind: .digit, number: (number + 1) % 10)
        default: self
        }
    }

    /// The text in links: `random.3`, or the numbers.
    package var text: String {
        switch kind {
        case .random, .whole, .digit: kind.rawValue + ".\(number)"
        case .list: joined(numbers.map { shortest($0) }, by: ",")
        default: kind.rawValue
        }
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1).map { String($0) }
        let number = parts.count > 1 ? max(0, Int(parts[1]) ?? 0) : 0
        switch parts.first.flatMap({ Kind(rawValue: $0) }) {
        case .random: self = .random(number % 10_000)
        case .whole: self.init(kind: .whole, number: number % 10_000)
        case .digit: self.init(kind: .digit, number: number % 10)
        case .list, .image, nil:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { decimal(replaced(String($0), ",", by: "")) }
            guard numbers.count == parts.count, !numbers.isEmpty, numbers.count <= Source.longest else { return nil }
            self = .list(numbers)
        case let kind?: self.init(kind: kind)
        }
    }
}

extension Source {
    /// The numbers for a shape; lists of another length are cut, or continued by 0.
    package func numbers(_ shape: Shape) -> [Double] {
        let places = 0..<shape.count
        switch kind {
        case .counting: return places.map { Double($0 + 1) }
        case .taught: return places.map { _ in 0 }
        case .ones: return places.map { _ in 1 }
        case .whole:
            return Tensor.drawn(shape, seed: UInt32(number), stream: 8).doubles.map { ($0 * 2.49).rounded() + 0 }
        case .random: return Tensor.drawn(shape, seed: UInt32(number), stream: 7).doubles
        case .list, .image: return places.map { $0 < numbers.count ? numbers[$0] : 0 }
        case .scene, .digit:
            let (rows, columns) = (shape.rank > 1 ? shape[shape.rank - 2] : 1, shape.sizes.last ?? 1)
            let area = max(1, rows * columns)
            return places.map { place in
                let (plane, row, column) = (place / area, place % area / columns, place % columns)
                let (x, y) = ((Double(column) + 0.5) / Double(columns), (Double(row) + 0.5) / Double(rows))
                return kind == .digit ? digit(x, y, plane) : (Source.scene(x, y, plane) * 100).rounded() / 100 + 0
            }
        }
    }

    private func digit(_ x: Double, _ y: Double, _ plane: Int) -> Double {
        Double(Source.digits[(number + plane) % 10][Int(y * 8) * 8 + Int(x * 8)]) / 16
    }

    /// A disc in front of a slope, and a bar: something with edges in every direction, from −1 to 1.
    private static func scene(_ x: Double, _ y: Double, _ plane: Int) -> Double {
        let tint = Double(plane % 3 - 1) * 0.25
        let (dx, dy) = (x - 0.38, y - 0.42)
        if dx * dx + dy * dy < 0.06 { return 0.9 - tint }
        if (x + y - 1.25).magnitude < 0.08 { return -0.85 + tint }
        return 0.6 * (x - y) + tint
    }

    /// A test example of each class (Sources/Digits), a hexadecimal digit or g = 16 a pixel.
    private static let digits: [[UInt8]] = [
        "002f500000bgg60003e37g30078008800580048004c0088000e98g20003ef600",
        "00003e300001eg50019fgg4004c73g4000004g4000004g4000006g4000005g40",
        "03fg60000bfcf0000222g4000000g4000005g100000bf41001agggb004gec830",
        "008dc30006f79c0000007b000004f300000ag90000004f7000b21f70008ggc00",
        "0005f200000ea20000ce4f0006g49f800efbfg9007ffgb000003g6000006g200",
        "00eccc6002f8884005c0000008gcb70001449f700000088001b45e7000cgg810",
        "0009f10000ad400002f1000005b4400004gggg4000g20a80008c4d700019gb10",
        "003fgg5000acag6002f23g100023ad20003ggga0000cd710001g6000005e2000",
        "001cc41000ddde8006f00c7002gdcd10000eg900006a2g0000b85g00003cg700",
        "01bfd20008d5e90003f1ac00007feg3000000d8000000c8002845g7001fgf810",
    ].map { row in row.utf8.map { $0 < 58 ? $0 - 48 : $0 - 87 } }
}
