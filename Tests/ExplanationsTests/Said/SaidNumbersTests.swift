import AdjointExplanations
import AdjointGraphs
import TestSupport
import Testing

/// Every sentence with a number in explanations of random layers, compared with numbers that were counted separately.
@Suite struct SaidNumbersTests {
    static let layers = LayerApart.some(600, seed: 17)

    @Test(arguments: 0..<24) func areRight(part: Int) throws {
        for (number, layer) in Self.layers.enumerated() where number % 24 == part {
            try SaidNumbers(layer, number).check()
        }
    }

    /// The random layers include the cases that went wrong.
    @Test func theLayersAreOfManyKinds() {
        func count(_ holds: (LayerApart) -> Bool) -> Int { Self.layers.count(where: holds) }
        #expect(count { $0.isTransposed } > 100 && count { $0.pool != nil } > 60 && count { $0.hasBias } > 100)
        #expect(count { $0.batch > 1 } > 100 && count { $0.groups > 1 } > 40 && count { $0.filters > 1 } > 100)
        #expect(count { $0.rank == 1 } > 100 && count { $0.rank == 3 } > 60)
        #expect(count { ($0.before + $0.after).contains { $0 < 0 } } > 20)
        #expect(count { layer in layer.coverage.values.contains(0) } > 60)
    }

    /// A sentence without a check is found.
    @Test func unknownSentencesAreFound() throws {
        #expect(SaidNumbers.hasNumber("The windows overlap 3 times."))
        #expect(SaidNumbers.hasNumber("7 windows"))
        #expect(!SaidNumbers.hasNumber("∂E/∂W1 and V[0,0,1] of ∂W[0,1,…]"))
    }
}

/// One layer, and the sentences in its explanation.
struct SaidNumbers {
    let layer: LayerApart
    let geometry: LayerGeometry
    let shapes: [String: Shape]
    let values: [String: Tensor]
    let products: [LayerApart.Product]
    let coverage: [[Int]: Int]
    let name: String
    private var samples: Samples

    init(_ layer: LayerApart, _ number: Int) throws {
        self.layer = layer
        geometry = layer.geometry
        shapes = try geometry.shapes()
        name = "layer \(number): \(layer)"
        samples = Samples(seed: number)
        var values: [String: Tensor] = [:]
        // Half of them without numbers, where no choice depends on numbers.
        if number % 2 == 0 || layer.pool == .max {
            for (seed, name) in ["V", "W", "B", "∂G"].enumerated() {
                guard let shape = shapes[name == "∂G" ? "G" : name] else { continue }
                values[name] = .integers(shape, seed: number * 4 + seed)
            }
        }
        self.values = values
        products = layer.pool == nil ? layer.products : []
        coverage = layer.coverage
        #expect(shapes["G"]?.sizes.dropFirst(2).elementsEqual(layer.output ?? []) == true, "\(name)")
    }

    var isKnown: Bool { !values.isEmpty }

    func check() throws {
        var samples = samples
        let names = ["W", "V", "G", "B"].filter { shapes[$0] != nil }
        let closely = names[Int.random(in: 0..<names.count, using: &samples)]
        for name in names {
            guard let shape = shapes[name], shape.count > 0 else { continue }
            let selection = Selection(name, at: Int.random(in: 0..<shape.count, using: &samples))
            let sum = SaidSum(layer, products, name, shape.index(of: selection.place), values)
            for view in Explanation.View.allCases where view != .equations || layer.pool == nil {
                guard view == .windows || name == closely else { continue }
                let explanation = try Explanation(
                    of: geometry, parts: LayerGeometry.Part.allCases.filter { $0.letter == name },
                    selecting: selection, views: [view], values: values)
                for section in explanation.sections {
                    for block in section.blocks { try check(block, in: section, sum) }
                }
            }
        }
    }

    private func check(_ block: Explanation.Block, in section: Explanation.Section, _ sum: SaidSum) throws {
        switch block {
        case .line(let line): try check(line, in: section, sum)
        case .fold(let summary, let opening):
            try check(summary, in: section, sum)
            #expect(!opening.isEmpty)
        case .picture(let picture):
            try check(picture.title, in: section, sum); try check(picture.description, in: section, sum)
        case .table(let table):
            switch section.view {
            case .windows: checkTerms(table, sum)
            case .flow: checkFlow(table, section)
            case .check: checkDifference(table, sum)
            default: Issue.record("a table in \(section.view)")
            }
        case .equations: break
        }
    }

    /// Whether a text contains a number, and not only names of elements.
    static func hasNumber(_ text: String) -> Bool {
        let names = /∂*[A-Z]+[0-9]+|[A-Z]\[[0-9,…]+\]|%[0-9]+/
        return text.replacing(names, with: "").contains { $0.isNumber }
    }

    private func check(_ text: String, in section: Explanation.Section, _ sum: SaidSum) throws {
        let isChecked =
            switch section.view {
            case .windows: saysCoverage(text) || saysSum(text, sum)
            case .sharing: saysSharing(text, sum)
            case .convolution: try saysRelation(text) || saysReading(text, sum)
            case .equations: saysFold(text, sum) || saysNode(text)
            case .flow: saysFlow(text)
            case .check: saysKink(text, sum)
            }
        if !isChecked, Self.hasNumber(text) { Issue.record("unchecked: \(text) \(name)") }
    }

    func expect(_ isRight: Bool, _ text: String, _ expected: String = "") {
        if !isRight { Issue.record("\(text) expected \(expected), \(name)") }
    }

    func perAxis(_ numbers: [Int]) -> String { numbers.map { "\($0)" }.joined(separator: "×") }
}
