import AdjointExplanations
import AdjointFormats
import AdjointGradients
import AdjointGraphs
import AdjointJSON
import AdjointModels
import Testing

@testable import AdjointPage

/// A network from a file, opened in the page as a reader opens it.
@Suite struct OwnNetworkTests {
    static func network(_ input: Shape) throws -> Network {
        try Network("branched", input: input, classes: 4) {
            Convolution(3, kernel: 3, padding: 1, bias: false)
            BatchNorm()
            ReLU()
            MaxPool(2)
            Named("block") {
                Residual {
                    Convolution(4, kernel: 3, stride: 2, padding: 1)
                } shortcut: {
                    Named("short") { Convolution(4, kernel: 1, stride: 2, bias: false) }
                }
            }
            ReLU()
            Flatten()
            Linear(4, name: "fc")
        }
    }

    static func file(
        _ network: Network,
        _ normalization: Normalization = Normalization(mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.2, 0.2])
    ) throws -> [UInt8] {
        var file = TensorFile()
        for (name, tensor) in network.initialParameters(seed: 3) { file[name] = tensor }
        file.metadata[Checkpoint.model] = network.encoded().serialized()
        file.metadata[Checkpoint.normalization] = normalization.encoded().serialized()
        return try file.serialized()
    }

    static func event(_ words: [String]) -> String { words.joined(separator: "\u{1F}") }

    /// Does all parts of the work; returns the page's texts meanwhile.
    @discardableResult
    static func work(_ page: inout Page) -> String {
        var said = ""
        while page.pace == 50 { said += page.handle("tick").text }
        return said
    }

    static func opened(_ bytes: [UInt8], _ name: String = "own.safetensors", link: String = "") -> Page {
        var page = Page(hash: link)
        _ = page.body()
        let updates = page.handle(event(["file", name, "\(bytes.count)"])).text
        guard updates.contains("receive\u{1F}model\u{1F}\(name)") else { return page }
        page.held = bytes
        _ = page.handle(event(["model", name]))
        work(&page)
        return page
    }

    private static func photo(_ rows: Int, _ columns: Int) -> Photo {
        let pixels = (0..<4 * rows * columns).map { (place: Int) -> UInt8 in UInt8((place * 37 + place / 7 * 11) % 256)
        }
        return Photo(rows: rows, columns: columns, pixels: pixels)!
    }

    @Test func itOpensAndSeesAPicture() throws {
        let network = try Self.network([3, 9, 8])
        var page = Self.opened(try Self.file(network))
        #expect(page.state.strip == .network && page.state.network == .own && page.complaint == nil)
        #expect(page.state.hash == "strip=network&network=own")
        let photo = Self.photo(9, 8)
        page.held = photo.pixels
        let said = page.handle("photo").text
        #expect(said.contains(Strings.english.own[.looking]) && page.own?.probabilities == nil)
        Self.work(&page)

        let image = try #require(try page.own?.use.image(photo))
        #expect(abs(image.floats[0] - (Float(photo.pixels[0]) / 255 - 0.4) / 0.2) < 1e-5)
        #expect(abs(image.floats[72] - (Float(photo.pixels[1]) / 255 - 0.5) / 0.2) < 1e-5)
        var bindings = [InputName.images: image.converted(to: .float64)]
        for (name, tensor) in network.initialParameters(seed: 3) { bindings[name] = tensor.converted(to: .float64) }
        let defined = try network.inferenceGraph(batch: 1, type: .float64).evaluated(bindings)["probabilities"]
        for (known, expected) in zip(page.own?.probabilities ?? [], defined?.doubles ?? []) {
            #expect(abs(known - expected) < 1e-5)
        }
        #expect(page.trainingHTML.contains("4 classes") && page.own?.probabilities?.count == 4)
    }

    /// The gradient of each filter in the drawing is the gradient of the whole network by definition.
    @Test func itsLayersOpenWithTheirGradients() throws {
        let network = try Self.network([3, 9, 8])
        var page = Self.opened(try Self.file(network))
        page.held = Self.photo(9, 8).pixels
        _ = page.handle("photo")
        Self.work(&page)
        _ = page.handle(Self.event(["set", "own-label", "2"]))

        var bindings = [InputName.labels: try Tensor([1], [2 as Int32])]
        let seen = try page.image(for: page.own!.use)
        bindings[InputName.images] = try #require(seen).converted(to: .float64)
        for (name, tensor) in network.initialParameters(seed: 3) { bindings[name] = tensor.converted(to: .float64) }
        let whole = try network.explainedGraph(batch: 1, type: .float64)
        let defined = try whole.valueAndGradient(of: network.trained, output: "cross-entropy").evaluated(bindings)
        var opened: [String] = []
        for (number, step) in network.steps.enumerated() {
            guard page.own?.use.settings(ofLayer: number) != nil else { continue }
            _ = page.handle("do\u{1F}open \(number)")
            let said = Self.work(&page)
            #expect(said.contains("reveal\u{1F}stage") && said.contains("\u{1F}push"))
            #expect(said.contains(step.label + ": computing"))
            guard let filtering = step.operation.filtering else { continue }
            opened.append(step.label)
            let expected = try #require(defined["∂" + filtering.weight]).doubles
            let found = try #require(page.layer.numbers[.dw])
            // Of numbers with four digits.
            let size = expected.reduce(0) { max($0, abs($1)) }
            #expect(found.count == expected.count)
            for (found, expected) in zip(found, expected) {
                #expect(abs(found - expected) < 2e-3 * size, "\(step.label)")
            }
            if let bias = filtering.bias {
                let expected = try #require(defined["∂" + bias]).doubles
                for (found, expected) in zip(page.layer.numbers[.db] ?? [], expected) {
                    #expect(abs(found - expected) < 2e-3 * size)
                }
            }
        }
        #expect(opened.count == 4 && page.state.strip == .network)
        let html = page.trainingHTML
        for note in [OwnText.noteNormalization, .noteActivation, .noteSum, .noteOther] {
            #expect(html.contains(Strings.english.own[note]), "\(note)")
        }
    }

    @Test func aDigitIsShownToSmallNetworks() throws {
        let bytes = try Self.file(
            try Network("small", input: [1, 8, 8], classes: 10) {
                Flatten()
                Linear(10)
            }, Normalization(mean: [0.019], deviation: [0.0236]))
        var page = Self.opened(bytes)
        // Pixels of this set go up to 16.
        #expect(page.own?.use.white == 16)
        let first = try #require(page.own?.probabilities)
        _ = page.handle("do\u{1F}digit 1")
        Self.work(&page)
        #expect(page.example == 1 && page.own?.probabilities != first)
        // Dark strokes on light paper are inverted.
        page.held = Photo(digit: 3, rows: 8, columns: 8).negative.pixels
        _ = page.handle("photo")
        #expect(page.photo == Photo(digit: 3, rows: 8, columns: 8))
    }

    @Test(arguments: [Language.english, .german]) func whatIsNoNetworkIsSaid(language: Language) throws {
        let good = try Self.file(try Self.network([3, 9, 8]))
        var bare = TensorFile()
        bare["weight"] = Tensor(scalar: 1)
        let files: [(bytes: [UInt8], kind: OwnText, part: String)] = [
            ([], .isForeign, language.strings.own[.foundNothing]),
            ([0x50, 0x4B, 3, 4, 0, 0], .isForeign, language.strings.own[.foundArchive]),
            (Array("{\"a\": 1}".utf8), .isForeign, language.strings.own[.foundText]),
            ([0x89, 0x50, 0x4E, 0x47, 13, 10], .isForeign, language.strings.own[.foundPicture]),
            (Array(good.dropLast(40)), .isDamaged, ".data_offsets"),
            (Array(good.prefix(6)), .isDamaged, filled(language.strings.own[.atByte], ["0"])),
            (try bare.serialized(), .hasNoNetwork, "1"),
        ]
        for (bytes, kind, part) in files {
            let page = Self.opened(bytes, "x.safetensors", link: "lang=" + language.rawValue)
            let start = language.strings.own[kind].split(separator: "{1}")[0].replacing("{0}", with: "x.safetensors")
            let complaint = try #require(page.complaint)
            #expect(complaint.hasPrefix(start) && complaint.contains(part), "\(complaint)")
            #expect(page.own == nil && page.work == nil && page.trainingHTML.contains(markup(complaint)))
        }
        var page = Page(hash: "lang=" + language.rawValue)
        _ = page.body()
        let updates = page.handle(Self.event(["file", "x.safetensors", "900000000"])).text
        #expect(!updates.contains("receive") && page.complaint?.contains("900") == true)
    }

    /// Files with one wrong bit: there is a network or a sentence, and never a trap.
    @Test func damageIsASentence() throws {
        let good = try Self.file(try Self.network([3, 9, 8]))
        for place in stride(from: 0, to: 900, by: 7) {
            var bytes = good
            bytes[place] ^= 1 << UInt8(place % 8)
            let page = Self.opened(bytes)
            #expect((page.own == nil) == (page.complaint != nil), "byte \(place): \(page.complaint ?? "")")
        }
    }
}
