import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Layers of every kind, with a selection in each.
private enum Layers {
    static func layer(_ input: [Int], _ kernel: [Int], _ change: (inout LayerGeometry) -> Void = { _ in })
        -> LayerGeometry
    {
        var layer = LayerGeometry(input: input, kernel: kernel)
        change(&layer)
        return layer
    }

    static let all: [(name: String, layer: LayerGeometry, selection: Selection)] = [
        ("question", .question, Selection("W", at: 0)),
        ("its pixel", .question, Selection("V", at: 4)),
        ("its output", .question, Selection("G", at: 3)),
        (
            "remainder",
            layer([6, 7], [3, 3]) {
                $0.stride = 2; $0.padding = 1
            }, Selection("W", at: 4)
        ),
        ("dilation", layer([6, 6], [2, 2]) { $0.dilation = 2 }, Selection("W", at: 1)),
        (
            "crop", layer([8, 9], [3, 2]) { $0.padding = .sides(before: [-1, -2], after: [-2, 1]) },
            Selection("W", at: 3)
        ),
        ("groups", layer([4, 4], [2, 2]) { ($0.channels, $0.filters, $0.groups) = (4, 4, 2) }, Selection("W", at: 9)),
        (
            "depthwise", layer([4, 4], [2, 2]) { ($0.channels, $0.filters, $0.groups) = (4, 4, 4) },
            Selection("W", at: 9)
        ),
        ("batch", layer([3, 4], [2, 2]) { ($0.batch, $0.hasBias) = (2, true) }, Selection("B", at: 0)),
        (
            "transposed",
            layer([3, 3], [3, 3]) { ($0.isTransposed, $0.stride, $0.padding, $0.outputPadding) = (true, 2, 1, 1) },
            Selection("W", at: 4)
        ),
        ("one axis", layer([9], [3]) { $0.stride = 4 }, Selection("W", at: 2)),
        ("three axes", layer([3, 4, 4], [2, 2, 2]), Selection("W", at: 2)),
        ("max pool", layer([5, 5], [2, 2]) { ($0.stride, $0.pool) = (2, .max) }, Selection("V", at: 0)),
        ("average pool", layer([6], [3]) { ($0.stride, $0.pool) = (2, .average) }, Selection("V", at: 0)),
        (
            "stem", layer([224, 224], [7, 7]) { ($0.channels, $0.filters, $0.stride, $0.padding) = (3, 4, 2, 3) },
            Selection("W", at: 465)
        ),
    ]

    /// Small integers for everything that the layer has.
    static func values(_ layer: LayerGeometry) throws -> [String: Tensor] {
        let graph = try layer.graph()
        var values: [String: Tensor] = [:]
        for (seed, input) in graph.inputs.enumerated() { values[input.name] = .integers(input.shape, seed: seed) }
        values["∂G"] = .integers(graph.nodes[graph.outputs[0].node].shape, seed: 9)
        return values
    }

    static func sections(_ layer: LayerGeometry, _ selection: Selection, known: Bool) throws -> [Explanation.Section] {
        let values = known ? try Layers.values(layer) : [:]
        return try Explanation.windows(of: layer, selecting: selection, values: values)
            + Explanation.sharing(of: layer, selecting: selection, values: values)
            + Explanation.convolution(of: layer, selecting: selection, values: values)
    }

    static func pictures(_ layer: LayerGeometry, _ selection: Selection, known: Bool) throws -> [Picture] {
        try sections(layer, selection, known: known).flatMap { $0.blocks }.compactMap {
            if case .picture(let picture) = $0 { picture } else { nil }
        }
    }
}

/// Counts elements, and keeps the first error.
private final class Reader: NSObject, XMLParserDelegate {
    var names: [String: Int] = [:]

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) { names[name, default: 0] += 1 }

    static func read(_ svg: String) throws -> [String: Int] {
        let parser = XMLParser(data: Data(svg.utf8))
        let reader = Reader()
        parser.delegate = reader
        try #require(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") in line \(parser.lineNumber)")
        return reader.names
    }
}

@Suite struct PicturesTests {
    @Test(arguments: Layers.all.indices.dropLast(), [false, true])
    func everyPictureIsAFileOfItsOwn(_ number: Int, _ known: Bool) throws {
        let (_, layer, selection) = Layers.all[number]
        let pictures = try Layers.pictures(layer, selection, known: known)
        #expect(!pictures.isEmpty)
        for picture in pictures {
            let svg = picture.svg()
            let names = try Reader.read(svg)
            #expect(names["svg"] == 1 && names["desc"] == 1 && names["script"] == nil && names["foreignObject"] == nil)
            #expect(!picture.title.isEmpty && picture.description.count > 20)
            // The name of the format is the only address.
            #expect(svg.components(separatedBy: "://").count == 2)
            #expect(svg.contains("prefers-color-scheme:dark"))
            #expect(!svg.contains("nan") && !svg.contains("inf\""))
        }
        #expect(try Layers.pictures(layer, selection, known: known) == pictures)
    }

    /// Whatever a layer's size, its products are not drawn one by one, and the files stay small.
    @Test func largeLayersAreImages() throws {
        let (_, layer, selection) = Layers.all[Layers.all.count - 1]
        for picture in try Layers.pictures(layer, selection, known: true) {
            let svg = picture.svg()
            let names = try Reader.read(svg)
            #expect(names.values.reduce(0, +) < 1000)
            #expect(svg.utf8.count < 800_000)
            #expect((names["image"] ?? 0) >= 1)
        }
    }

    @Test(arguments: Layers.all.indices.dropLast(), [false, true])
    func nothingIsCut(_ number: Int, _ known: Bool) throws {
        let (_, layer, selection) = Layers.all[number]
        for picture in try Layers.pictures(layer, selection, known: known) {
            func check(_ element: Picture.Element) {
                var box = (left: 0.0, right: 0.0, top: 0.0, bottom: 0.0)
                switch element {
                case .text(let place, let text, let size, let anchor, _, _):
                    let width = Picture.width(of: text, size: size)
                    let left = anchor == .start ? place.x : anchor == .middle ? place.x - width / 2 : place.x - width
                    box = (left, left + width, place.y - size / 2, place.y + size / 2)
                    #expect(size >= 9)
                case .rectangle(let corner, let width, let height, _, _, _, _),
                    .image(let corner, let width, let height, _, _):
                    box = (corner.x, corner.x + width, corner.y, corner.y + height)
                case .line(let start, let end, _, _, _, _):
                    box = (min(start.x, end.x), max(start.x, end.x), min(start.y, end.y), max(start.y, end.y))
                case .group(_, let elements, _): elements.forEach { check($0) }
                case .circle, .curve: break
                }
                #expect(box.left >= 0 && box.right <= picture.width, "\(picture.title): \(element)")
                #expect(box.top >= 0 && box.bottom <= picture.height, "\(picture.title): \(element)")
            }
            picture.elements.forEach { check($0) }
        }
    }

    /// The texts of a picture, with the approximate space that they need.
    private static func texts(_ elements: [Picture.Element], down: Double = 0) -> [(
        text: String, box: [Double], color: Picture.Color
    )] {
        elements.flatMap { element -> [(text: String, box: [Double], color: Picture.Color)] in
            switch element {
            case .text(let place, let text, let size, let anchor, let color, _):
                let width = 0.92 * Picture.width(of: text, size: size)
                let left = anchor == .start ? place.x : anchor == .middle ? place.x - width / 2 : place.x - width
                let middle = place.y + down
                return [(text, [left, left + width, middle - 0.35 * size, middle + 0.35 * size], color)]
            case .group(_, let elements, let more): return texts(elements, down: down + more)
            default: return []
            }
        }
    }

    /// Layers in whose pictures texts once overlapped, and similar ones.
    private static let crowded: [(input: [Int], kernel: [Int], change: @Sendable (inout LayerGeometry) -> Void)] = [
        ([5, 2], [3, 2], { ($0.isTransposed, $0.stride) = (true, 2) }), ([3], [1], { $0.stride = 2 }),
        ([6, 6], [3, 3], { ($0.pool, $0.stride, $0.padding) = (.max, 2, 1) }),
        ([5, 5], [3, 3], { ($0.pool, $0.stride) = (.max, 1) }), ([3, 3], [2, 2], { $0.hasBias = true }),
        ([3], [2], { ($0.channels, $0.filters, $0.batch) = (2, 2, 2) }), ([4, 4], [3, 3], { $0.padding = 1 }),
        ([6], [3], { ($0.isTransposed, $0.dilation) = (true, 2) }),
    ]

    @Test(arguments: crowded.indices) func textsDoNotLieOverEachOther(_ number: Int) throws {
        var layer = LayerGeometry(input: Self.crowded[number].input, kernel: Self.crowded[number].kernel)
        Self.crowded[number].change(&layer)
        let values = try layer.shapes().reduce(into: [String: Tensor]()) { values, each in
            values[each.key == "G" ? "∂G" : each.key] = .drawn(each.value, stream: UInt32(each.key.utf8.first!))
        }
        for selection in [Selection("W", at: 0), Selection("V", at: 0), Selection("G", at: 1)] {
            guard try layer.shapes()[selection.name] != nil else { continue }
            let explanation = try Explanation(
                of: layer, selecting: selection, views: [.windows, .sharing, .convolution, .flow], values: values)
            for block in explanation.sections.flatMap({ $0.blocks }) {
                guard case .picture(let picture) = block else { continue }
                let texts = Self.texts(picture.elements)
                for (place, one) in texts.enumerated() {
                    for other in texts[(place + 1)...] {
                        let across = min(one.box[1], other.box[1]) - max(one.box[0], other.box[0])
                        let along = min(one.box[3], other.box[3]) - max(one.box[2], other.box[2])
                        #expect(min(across, along) <= 1, "\(picture.title): \(one.text) | \(other.text)")
                    }
                }
            }
        }
    }

    /// A weight has one colour, whatever the view.
    @Test func weightsKeepTheirColours() throws {
        func fills(_ elements: [Picture.Element]) -> Set<Picture.Color> {
            elements.reduce(into: []) { found, element in
                switch element {
                case .rectangle(_, _, _, _, let fill, _, let hatch) where hatch != nil: found.insert(fill)
                case .line(_, _, let color, let width, _, _) where width > 2: found.insert(color)
                case .group(_, let elements, _): found.formUnion(fills(elements))
                default: break
                }
            }
        }
        let values = try Layers.values(.question)
        for place in 0..<4 {
            for view in [Explanation.View.windows, .flow] {
                let explanation = try Explanation(
                    of: .question, selecting: Selection("W", at: place), views: [view], values: values)
                guard
                    case .picture(let picture)? = explanation.sections[0].blocks.first(where: {
                        if case .picture = $0 { true } else { false }
                    })
                else { continue }
                let groups = fills(picture.elements).filter { if case .group = $0 { true } else { false } }
                #expect(groups == [.group(place)], "\(view) \(place): \(groups)")
            }
        }
    }

    /// The known numbers of ∂W and ∂V stand in their planes, and the legend of few cells is of squares.
    @Test func numbersAndLegendsAreThere() throws {
        let values = try Layers.values(.question)
        let gradients = try LayerGeometry.question.graph().vjp(of: ["V", "W"]).evaluated(values)
        let sections = try Explanation.convolution(of: .question, selecting: Selection("W", at: 0), values: values)
        for (name, section) in zip(["∂W", "∂V"], sections.dropFirst()) {
            guard case .picture(let picture)? = section.blocks.last else { continue }
            let texts = Self.texts(picture.elements).map { $0.text }
            for number in gradients[name]!.doubles {
                #expect(texts.contains(written(number, digits: 2)), "\(name) \(number)")
            }
            #expect(texts.contains { $0.hasPrefix("⋆: ") })
        }
        let layer = Layers.layer([9, 9], [3, 3])
        let windows = try Explanation.windows(of: layer, selecting: Selection("W", at: 0), values: Layers.values(layer))
        guard case .picture(let map) = windows[0].blocks[1] else { Issue.record("no map"); return }
        #expect(!map.svg().contains("<image"))
        let flow = try Explanation(of: .question, views: [.flow]).svg()
        #expect(flow.contains("N: the graph; Nᵀ: its transpose"))
    }

    /// The rows of the windows' table add up to what the engine's own gradient graph computes.
    @Test(arguments: Layers.all.indices)
    func windowsSumToTheGradient(_ number: Int) throws {
        let (_, layer, _) = Layers.all[number]
        guard layer.pool == nil, layer.input != [224, 224] else { return }
        let graph = try layer.graph()
        let values = try Layers.values(layer)
        let names = graph.inputs.map { $0.name }
        let results = try graph.vjp(of: names).evaluated(values)
        for name in names + ["G"] {
            let expected = results[name == "G" ? "G" : "∂" + name]!.doubles
            for place in stride(from: 0, to: expected.count, by: max(1, expected.count / 5)) {
                let sections = try Explanation.windows(of: layer, selecting: Selection(name, at: place), values: values)
                var total = 0.0
                for case .table(let table) in sections.flatMap({ $0.blocks }) {
                    #expect(table.rows.count <= 64)
                    total = Double(table.rows.last?.last ?? "0") ?? .nan
                }
                #expect(total == expected[place], "\(name) \(place)")
            }
        }
    }

    @Test func theQuestionsGroups() throws {
        let sections = try Explanation.sharing(of: .question, selecting: Selection("W", at: 0))
        guard case .line(let line) = sections[0].blocks[0] else { Issue.record("no line"); return }
        #expect(line == "W1 meets 4 elements of V: V1, V2, V4, V5.")
    }

    @Test func theReadingsInWords() throws {
        let (_, layer, selection) = Layers.all[3]
        let lines = try Explanation.convolution(of: layer, selecting: selection).flatMap { $0.blocks }.compactMap {
            if case .line(let line) = $0 { line } else { nil }
        }
        #expect(lines[0] == "V[i], W[r] and G[p] belong together where i = 2·p + r - 1 on every axis.")
        #expect(lines.contains { $0.hasPrefix("∂W[r]") && $0.contains("i = r + 2·p - 1: stride 1, dilation 2.") })
        #expect(lines.contains { $0.hasPrefix("∂V[i]") && $0.contains("With r' = 2 - r it is 2·p = i + r' - 1") })
        #expect(
            lines.contains(
                "∂G (put 1 zero between) over V (pad 1): slide with stride 1, then keep the first 3×3. That is ∂W."))
    }

    @Test func whatIsNotThereIsRefused() throws {
        for selection in [Selection("W", at: 4), Selection("X", at: 0), Selection("V", at: -1)] {
            #expect(throws: ArgumentError.self) { try Explanation.windows(of: .question, selecting: selection) }
            #expect(throws: ArgumentError.self) { try Explanation.sharing(of: .question, selecting: selection) }
            #expect(throws: ArgumentError.self) { try Explanation.convolution(of: .question, selecting: selection) }
        }
    }

    @Test func textIsEscaped() throws {
        let picture = Picture(
            "a < b & \"c\"", description: "d > e\u{1}", width: 10, height: 10,
            elements: [.text(Picture.Point(1, 1), "<&>", size: 8, anchor: .start, .ink, isBold: false)])
        _ = try Reader.read(picture.svg())
        #expect(picture.svg().contains("&lt;&amp;&gt;"))
    }

    /// The image's bytes, unpacked again: one place in the palette for each pixel.
    @Test func imagesHoldTheirPixels() throws {
        let colors = (0..<300_000).map { (number: Int) -> Picture.Color in
            .share(Double(number % 601 - 300) / 300, .activation)
        }
        let picture = Picture(
            "image", description: "an image", width: 10, height: 10,
            elements: [.image(Picture.Point(0, 0), width: 10, height: 10, columns: 600, colors)])
        let data = try Self.images(picture.svg())[0].bytes
        #expect(data.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func number(_ place: Int) -> Int {
            data[place..<place + 4].reduce(0) { (number: Int, byte: UInt8) in number << 8 | Int(byte) }
        }
        var (place, types, packed) = (8, [String](), [UInt8]())
        while place < data.count {
            let type = String(decoding: data[place + 4..<place + 8], as: UTF8.self)
            types.append(type)
            if type == "IDAT" { packed = Array(data[place + 8..<place + 8 + number(place)]) }
            if type == "IHDR" { #expect(number(place + 8) == 600 && number(place + 12) == 500) }
            place += 12 + number(place)
        }
        #expect(types == ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"])
        var (scanlines, block) = ([UInt8](), 2)
        while block < packed.count - 4 {
            let length = Int(packed[block + 1]) | Int(packed[block + 2]) << 8
            scanlines += packed[block + 5..<block + 5 + length]
            block += 5 + length
        }
        #expect(block == packed.count - 4)
        #expect(scanlines.count == 601 * 500)
        #expect(stride(from: 0, to: scanlines.count, by: 601).allSatisfy { scanlines[$0] == 0 })
        // Equal colours have equal places, and the ends of the scale different ones.
        func pixel(_ number: Int) -> UInt8 { scanlines[number / 600 * 601 + 1 + number % 600] }
        #expect(pixel(0) == pixel(601))
        #expect(pixel(7) == pixel(608))
        #expect(pixel(0) != pixel(599))
    }

    /// An image has the tones of its paper, as squares have: there is one for light and one for dark paper, and one is visible.
    @Test func imagesHaveTheTonesOfTheirPaper() throws {
        for (scale, below, above) in [
            (Picture.Scale.activation, ("ca4a34", "e36a54"), ("2b7bba", "4d9edc")),
            (.weight, ("a8690f", "cf9236"), ("108579", "35b3a5")),
            (.gradient, ("b03a8e", "d868b6"), ("4f8a1e", "7dba4b")),
        ] {
            let map = HeatMap(columns: 30, (0..<900).map { $0 % 2 == 0 ? -1 : 1 }, scale, largest: 1)
            let elements = [map.image(at: Picture.Point(0, 0), side: 2)]
            let svg = Picture("map", description: "a map", width: 60, height: 60, elements: elements).svg()
            let images = try Self.images(svg)
            #expect(images.map { $0.look } == ["light", "dark"])
            for (image, tones) in zip(images, [[below.0, above.0], [below.1, above.1]]) {
                let palette = try #require(Data(image.bytes).range(of: Data("PLTE".utf8))).upperBound
                let found = [0, 3].map { place in
                    image.bytes[palette + place..<palette + place + 3].map { String(format: "%02x", $0) }.joined()
                }
                #expect(found == tones)
            }
            #expect(svg.contains(".adjoint image.dark{display:none}"))
            let dark = try #require(svg.range(of: "@media screen and (prefers-color-scheme:dark)")).upperBound
            #expect(svg[dark...].contains(".adjoint image.light{display:none}.adjoint image.dark{display:inline}}"))
        }
    }

    /// The images of a picture: their classes, and their bytes.
    private static func images(_ svg: String) throws -> [(look: String, bytes: [UInt8])] {
        try svg.matches(of: /base64,([^"]*)" class="(\w+)"/).map {
            (String($0.2), try [UInt8](#require(Data(base64Encoded: String($0.1)))))
        }
    }
}
