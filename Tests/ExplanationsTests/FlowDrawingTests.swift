import AdjointGraphs
import Testing

@testable import AdjointExplanations

/// The promises of flow graph drawings: nothing is cut, no label covers another, and texts are complete.
@Suite struct FlowDrawingTests {
    private static let pictures: [(name: String, picture: Picture)] = {
        var strided = LayerGeometry(input: [5, 5], kernel: [3, 3])
        (strided.stride, strided.padding, strided.hasBias) = (2, 1, true)
        var dilated = LayerGeometry(input: [7], kernel: [3])
        dilated.dilation = 2
        var transposed = dilated
        (transposed.isTransposed, transposed.stride, transposed.channels, transposed.filters) = (true, 2, 4, 2)
        var stem = LayerGeometry(input: [224, 224], kernel: [7, 7])
        (stem.channels, stem.filters, stem.stride, stem.padding) = (3, 64, 2, 3)
        var average = LayerGeometry(input: [4, 4], kernel: [2, 2])
        (average.pool, average.stride) = (.average, 2)
        let layers: [(String, LayerGeometry, Selection)] = [
            ("question", .question, Selection("W", at: 0)), ("pixel", .question, Selection("V", at: 4)),
            ("strided", strided, Selection("B", at: 0)), ("dilated", dilated, Selection("G", at: 1)),
            ("transposed", transposed, Selection("W", at: 4)), ("stem", stem, Selection("W", at: 213)),
            ("volume", LayerGeometry(input: [3, 3, 3], kernel: [2, 2, 2]), Selection("W", at: 3)),
            ("average", average, Selection("V", at: 3)),
        ]
        var pictures: [(String, Picture)] = []
        for (name, layer, selection) in layers {
            for section in (try? Explanation.flow(of: layer, selecting: selection)) ?? [] {
                for case .picture(let picture) in section.blocks { pictures.append((name, picture)) }
            }
        }
        let names = ["mean", "variance", "weight", "bias"].map { "features.17.conv.2.running_\($0)" }
        let network = try? Graph { g in names.reduce(g.input("x", [4])) { ($0 * g.input($1, [4])).tanh() } }
        if let network { pictures.append(("names", FlowGraph(nodesOf: network).picture())) }
        return pictures
    }()

    @Test func allAreDrawn() {
        #expect(
            Self.pictures.map(\.name) == [
                "question", "question", "question", "pixel", "pixel", "pixel", "strided", "strided", "strided",
                "dilated", "dilated", "dilated", "transposed", "transposed", "transposed", "stem", "volume", "volume",
                "volume",
                "average", "names",
            ])
    }

    @Test(arguments: pictures.indices)
    func nothingIsCutOrCovered(_ number: Int) {
        let (name, picture) = Self.pictures[number]
        var texts: [(text: String, left: Double, right: Double, y: Double)] = []
        func isInside(_ point: Picture.Point) -> Bool {
            point.x >= 0 && point.x <= picture.width && point.y >= 0 && point.y <= picture.height
        }
        for element in picture.elements {
            switch element {
            case .text(let point, let text, let size, let anchor, _, _):
                let width = Picture.width(of: text, size: size)
                let left = point.x - (anchor == .start ? 0 : anchor == .middle ? width / 2 : width)
                #expect(left >= 0 && left + width <= picture.width, "\(name): \(text)")
                texts.append((text, left, left + width, point.y))
            case .line(let start, let end, _, _, _, _): #expect(isInside(start) && isInside(end))
            case .rectangle(let corner, let width, let height, _, _, _, _):
                #expect(isInside(corner) && isInside(corner.moved(by: width, height)))
            default: break
            }
        }
        for (place, a) in texts.enumerated() {
            for b in texts[..<place] {
                let isApart = a.right <= b.left || b.right <= a.left || (a.y - b.y).magnitude >= 12
                #expect(isApart, "\(name): \(a.text) and \(b.text)")
            }
        }
    }

    @Test func question() throws {
        let sections = try Explanation.flow(of: .question, selecting: Selection("W", at: 0))
        #expect(sections.map(\.view) == [.flow, .flow, .flow])
        for section in sections.prefix(2) {
            let equations = section.blocks.compactMap { block -> [String]? in
                if case .equations(let equations) = block { equations.map(\.text) } else { nil }
            }
            #expect(equations == [["∂E/∂W1 = ∂E/∂G1·V1 + ∂E/∂G2·V2 + ∂E/∂G3·V4 + ∂E/∂G4·V5"]])
        }
    }

    @Test func rules() throws {
        let rules = try FlowGraph(of: LayerGeometry.question.graph(), signals: ["V"]).rules
        #expect(rules.contains { $0.there == "branch ●" && $0.back == "sum ⊕" && $0.count == 5 })
        #expect(rules.contains { $0.there == "sum ⊕" && $0.back == "branch ●" && $0.count == 4 })
        #expect(rules.contains { $0.there == "gain w on an arrow" && $0.count == 16 })
    }

    @Test func texts() throws {
        let there = try FlowGraph(of: LayerGeometry(input: [2], kernel: [2]).graph(), signals: ["V"])
        #expect(there.text == "G1 = W1·V1 + W2·V2")
        #expect(there.transposed().text == "∂E/∂V1 = W1·∂E/∂G1\n∂E/∂V2 = W2·∂E/∂G1")
        #expect(there.dot.contains("  n0 -> n2 [label=\"W1\"];"))
        #expect(there.mermaid.contains("  n0 -->|\"W1\"| n2"))
        #expect(quotedForGraphviz("a \"b\" \\ c\nd") == "\"a \\\"b\\\" \\\\ c\\nd\"")
        #expect(quotedForMermaid("<a> \"b\"; c#1") == "\"#60;a#62; #34;b#34;#59; c#35;1\"")
    }
}
