import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointModels
import Testing

@testable import AdjointPage

@_spi(Reflection) import Swift

/// Every language has its object of `Strings`: no word of the page comes from anywhere else.
@Suite struct LanguageTests {
    /// A text with each letter, except in placeholders, replaced by one that no other text has.
    fileprivate static func marked(_ text: String) -> String {
        var result = ""
        var isPutIn = false
        for scalar in text.unicodeScalars {
            if scalar == "{" { isPutIn = true }
            if scalar == "}" { isPutIn = false }
            result += !isPutIn && (("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)) ? "ж" : String(scalar)
        }
        return result
    }

    /// A table in which every text is marked, so that no field is forgotten because it is new.
    private static func marked() -> Strings {
        let strings = Strings()
        strings.words = Words()
        mark(strings.words)
        mark(strings)
        return strings
    }

    private static func mark<Table: AnyObject>(_ table: Table) {
        withExtendedLifetime(table) {
            let fields = Unmanaged.passUnretained(table).toOpaque()
            // 1 is `classType`, which is a variable.
            _ = _forEachField(of: Table.self, options: _EachFieldOptions(rawValue: 1)) { name, offset, type, _ in
                let field = fields + offset
                switch type {
                case is String.Type: change(field) { marked($0) }
                case is [String].Type: change(field) { (texts: [String]) in texts.map { marked($0) } }
                case is [Strings.Story].Type:
                    change(field) { (stories: [Strings.Story]) in
                        stories.map { Strings.Story(title: marked($0.title), steps: $0.steps.map { marked($0) }) }
                    }
                case let texts as any KeyedTexts.Type: texts.mark(field)
                case is Words.Type: break
                default: Issue.record("a field of another kind: \(String(cString: name))")
                }
                return true
            }
        }
    }

    fileprivate static func change<Value>(_ field: UnsafeMutableRawPointer, _ change: (Value) -> Value) {
        let field = field.assumingMemoryBound(to: Value.self)
        field.pointee = change(field.pointee)
    }

    private static func isWhole<Key: CaseIterable>(_ texts: Texts<Key>) -> Bool {
        Key.allCases.allSatisfy { !texts[$0].isEmpty }
    }

    @Test func everyChoiceHasAText() {
        let strings = Strings.english
        #expect(Self.isWhole(strings.fields) && Self.isWhole(strings.kinds) && Self.isWhole(strings.activations))
        #expect(Self.isWhole(strings.presets) && Self.isWhole(strings.source) && Self.isWhole(strings.notations))
        #expect(Self.isWhole(strings.forms) && Self.isWhole(strings.strips))
        #expect(Self.isWhole(strings.networks) && Self.isWhole(strings.own) && Self.isWhole(strings.trainingLead))
    }

    /// The words that a reader sees or hears: text between tags, and the attributes that are read aloud.
    private static func words(_ html: String) -> [Substring] {
        // Styles contain no words.
        let html = html.split(separator: "<style>", omittingEmptySubsequences: false).enumerated().map { number, part in
            number == 0 ? part : part.split(separator: "</style>", maxSplits: 1).last ?? ""
        }.joined(separator: " ")
        var (text, tag, isTag) = ("", "", false)
        for scalar in html.unicodeScalars {
            if scalar == "<" {
                (tag, isTag) = ("", true)
            } else if scalar == ">", isTag {
                for attribute in ["aria-label=\"", "aria-valuetext=\"", "title=\"", "aria-roledescription=\""] {
                    for part in tag.split(separator: attribute, omittingEmptySubsequences: false).dropFirst() {
                        text += " " + part.prefix { $0 != "\"" }
                    }
                }
                text += " "
                isTag = false
            } else if isTag {
                tag.unicodeScalars.append(scalar)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        for entity in ["&lt;", "&gt;", "&amp;", "&quot;"] {
            text = text.split(separator: entity).joined(separator: " ")
        }
        return text.split { !($0.isASCII && $0.isLetter) }.filter { $0.count > 2 }
    }

    /// Signs of mathematics and of files.
    private static let untranslated: Set<Substring> = ["SVG", "PNG", "tanh", "exp", "logistic", "max", "conv"]

    private static var links: [String] {
        var links = Preset.allCases.filter { $0 != .stem }.map { $0.hash }
        for preset in [Preset.question, .pool] {
            links += PageState.Strip.allCases.map { "\(preset.hash)&strip=\($0.rawValue)" }
        }
        links += [Preset.lenet1.hash + "&strip=largest", Preset.lenet1.hash + "&strip=coverage"]
        links += [Preset.stem.hash + "&strip=flow", "exercise=1", "select=none", "select=G1&show=values&then=tanh"]
        links += ["bias=1&select=B1", "kind=average&input=5x5&kernel=2x2&stride=2&select=V1"]
        links += ["strip=network&network=own", "exercise=pixels.1", "loss=squares&rate=1"]
        links.append("input=6x5&kernel=3x2&stride=2x3&padding=1,0,2,1&dilation=1&strip=convolution")
        links.append("input=9x9&kernel=2x2&stride=3&dilation=2&strip=coverage")
        return links + Page.stories.indices.map { "story=\($0 + 1).1" }
    }

    /// The words that a page shows or says, at first and after a reader's actions.
    private static func shown(_ page: Page) throws -> Set<Substring> {
        var page = page
        if page.state.strip == .network { page.training = try NetworkTraining(.small, on: TrainingTests.digits) }
        var texts = [page.body()]
        for event in [
            "hover\u{1F}W-0", "hover\u{1F}V-0", "hover\u{1F}G-0", "set\u{1F}stride\u{1F}0",
            "set\u{1F}kernel\u{1F}60x60",
            "set\u{1F}groups\u{1F}3", "set\u{1F}padding\u{1F}1,2", "set\u{1F}input\u{1F}", "type\u{1F}V-0\u{1F}what",
            "set\u{1F}answer\u{1F}1", "do\u{1F}after", "key\u{1F}dW-0\u{1F}F2", "do\u{1F}train", "picture\u{1F}1",
            "do\u{1F}help hint", "do\u{1F}judge", "click\u{1F}V-0", "do\u{1F}judge", "do\u{1F}help solve",
            "do\u{1F}descend", "set\u{1F}rate\u{1F}0", "hover\u{1F}r1p0-0", "hover\u{1F}k-0",
        ] {
            for record in page.handle(event).text.split(separator: "\u{1E}") {
                let fields = record.split(separator: "\u{1F}", omittingEmptySubsequences: false)
                if ["fill", "mark", "say"].contains(fields[0]), let text = fields.last { texts.append(String(text)) }
            }
        }
        texts.append(page.picture().svg())
        // Typed texts are repeated.
        return Set(texts.flatMap { words($0) }).subtracting(untranslated).subtracting(["what"])
    }

    @Test(arguments: links) func everyWordIsOfTheTable(link: String) throws {
        let strings = Self.marked()
        #expect(strings.title == "жжжжжжж" && strings.presets[.pool] == "жжж жжжж")
        let found = try Self.shown(Page(hash: link, strings: strings))
        #expect(found.isEmpty, "#\(link): \(found.sorted())")
    }

    // MARK: the other languages

    private static let others = Language.allCases.filter { $0 != .english }

    /// The text of each field of a table, in the order of the fields.
    private static func texts(_ strings: Strings) -> [(field: String, text: String)] {
        var texts: [(field: String, text: String)] = []
        func add(_ field: String, _ value: Any) {
            switch value {
            case let text as String: texts.append((field, text))
            case let list as [String]: for (place, text) in list.enumerated() { add("\(field).\(place)", text) }
            case let stories as [Strings.Story]:
                for (place, story) in stories.enumerated() { add("\(field).\(place)", [story.title] + story.steps) }
            case let keyed as any KeyedTexts: for (key, text) in keyed.sorted { add("\(field).\(key)", text) }
            case let words as Words:
                for child in Mirror(reflecting: words).children { add("words.\(child.label!)", child.value) }
            default: Issue.record("a field of another kind: \(field)")
            }
        }
        for child in Mirror(reflecting: strings).children { add(child.label!, child.value) }
        return texts
    }

    /// Names, symbols and words that other languages have as well.
    private static let same: Set<String> = [
        "", "Adjoint", "Filter", "Batch", "Bias", "ReLU", "tanh", "1, 2, 3, …", "LaTeX", "MathML", "NumPy", "PyTorch",
        "LeNet-5", "in N", "in Nᵀ", "∂E/∂", "E",
    ]
    /// Words that are English only.
    private static let english: Set<Substring> = [
        "the", "and", "with", "each", "every", "its", "it", "is", "are", "that", "this", "to", "for", "from",
        "by", "window", "weight", "weights", "layer", "layers", "term", "terms", "output", "outputs", "picture",
        "step", "steps", "error", "number", "numbers", "pixels", "channel", "channels", "sum", "gradients", "padding",
        "stride",
    ]

    @Test(arguments: others) func everyTextIsTranslated(language: Language) {
        let (english, other) = (Self.texts(.english), Self.texts(language.strings))
        #expect(english.count > 500 && english.map { $0.field } == other.map { $0.field })
        #expect(language.strings.language == language.rawValue && language.strings.words.language == language.rawValue)
        for ((field, text), (_, translated)) in zip(english, other) {
            #expect(text != translated || Self.same.contains(text), "\(field) is English: \(text)")
            func places(_ text: String) -> Set<Substring> { Set(text.matches(of: /{[0-9]+}/).map { $0.output }) }
            #expect(places(text) == places(translated), "\(field): \(text) | \(translated)")
            let left = Self.english.intersection(translated.lowercased().split { !$0.isLetter })
            #expect(left.isEmpty, "\(field) has English words: \(left.sorted())")
        }
    }

    @Test(arguments: others, links) func everyPageIsInItsLanguage(language: Language, link: String) throws {
        let page = Page(hash: link + "&lang=" + language.rawValue)
        #expect(page.state.language == language)
        let table = Set(Self.texts(language.strings).flatMap { Self.words(markup($0.text)) })
        let left = try Self.shown(page).subtracting(table)
        #expect(left.isEmpty, "#\(link): \(left.sorted())")
    }

    /// Files that do not open: their errors are told in words of the table, and in names from the file.
    @Test(arguments: others) func everyFaultIsToldInItsLanguage(language: Language) throws {
        let file = try OwnNetworkTests.file(OwnNetworkTests.network([3, 8, 8]))
        let sound = try TensorFile(parsing: file)
        let text = try #require(sound.metadata[Checkpoint.model])
        func changed(_ change: (inout TensorFile) -> Void) throws -> [UInt8] {
            var file = sound
            change(&file)
            return try file.serialized()
        }
        let header = Array(#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,1]}}"#.utf8)
        let files = try [
            Array(file.dropLast(9)), Array(file.prefix(5)), [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header,
            [8, 0, 0, 0, 0, 0, 0, 0] + Array("{\n\n\"a\":}".utf8), [255, 255, 0, 0, 0, 0, 0, 0, 123],
            changed { $0["fc.weight"] = nil },
            changed { $0["fc.bias"] = Tensor(known: [4], .float32([.nan, 0, 0, 0])) },
            changed { $0.metadata[Checkpoint.model] = text.replacing("linear", with: "lineal") },
            changed { $0.metadata[Checkpoint.model] = String(text.dropLast()) },
            changed { $0.metadata[Checkpoint.normalization] = "[]" }, changed { $0.metadata[Checkpoint.model] = nil },
        ]
        let names = Set(
            (sound.tensors.map { $0.name } + ["data_offsets", "dtype", "network", "lineal", "normalization"]).flatMap {
                Self.words($0)
            })
        let table = Set(Self.texts(language.strings).flatMap { Self.words($0.text) })
        for (number, bytes) in files.enumerated() {
            let page = OwnNetworkTests.opened(bytes, "x.st", link: "lang=" + language.rawValue)
            let complaint = try #require(page.complaint, "file \(number) opens")
            let left = Set(Self.words(complaint)).subtracting(table).subtracting(names)
            #expect(left.isEmpty, "file \(number): \(complaint)")
        }
    }

    @Test func theSwitchWritesThePageAnew() {
        var page = Page(hash: "kernel=2x2&stride=0&show=numbers")
        let english = page.body()
        #expect(english.contains("<main lang=\"en\"") && english.contains("The link’s"))
        let there = page.handle("do\u{1F}lang de").text
        #expect(page.state.hash == "lang=de&show=numbers" && page.state.language == .german)
        #expect(there.hasPrefix("document\u{1F}") && there.contains("<main lang=\"de\""))
        #expect(there.contains(Strings.german.question) && there.contains("focus\u{1F}lang-de"))
        // The texts that the reader sees next stay in the language.
        for event in ["set\u{1F}preset\u{1F}pool", "do\u{1F}story 3 1", "do\u{1F}exercise 1"] {
            #expect(!page.handle(event).text.contains("document\u{1F}"))
            #expect(page.state.language == .german)
        }
        let back = page.handle("hash\u{1F}show=numbers").text
        #expect(back.hasPrefix("document\u{1F}") && back.contains("<main lang=\"en\""))
    }

    @Test func aLinkIsComplainedOfInItsLanguage() {
        var page = Page(hash: "stride=0&lang=de")
        #expect(page.body().contains("Möglich ist hier 1 bis 64, nicht 0."))
        page = Page(hash: "lang=xx")
        #expect(page.state.language == .english && page.body().contains("The link’s “lang=xx” was left out"))
    }
}

/// Texts by a key of any type.
private protocol KeyedTexts {
    static func mark(_ field: UnsafeMutableRawPointer)
    var sorted: [(key: String, text: String)] { get }
}

extension Texts: KeyedTexts {
    fileprivate var sorted: [(key: String, text: String)] {
        texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    fileprivate static func mark(_ field: UnsafeMutableRawPointer) {
        LanguageTests.change(field) { (texts: Texts<Key>) in
            var texts = texts
            texts.texts = texts.texts.mapValues { LanguageTests.marked($0) }
            return texts
        }
    }
}
