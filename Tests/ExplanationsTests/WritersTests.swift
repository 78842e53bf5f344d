import AdjointExplanations
import AdjointGraphs
import AdjointJSON
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Every form in which an explanation is written.
@Suite struct WritersTests {
    private func explanation() throws -> Explanation {
        var layer = LayerGeometry(input: [4, 3], kernel: [2, 2])
        (layer.channels, layer.padding, layer.stride, layer.hasBias) = (2, 1, 2, true)
        let values = try layer.shapes().filter { $0.key != "G" }.mapValues { Tensor(known: $0, repeating: -0.5) }
        return try Explanation(of: layer, views: [.equations, .check], values: values)
    }

    private func transposed() throws -> Explanation {
        var layer = LayerGeometry(input: [5], kernel: [3])
        (layer.isTransposed, layer.stride) = (true, 2)
        return try Explanation(of: layer)
    }

    private func all() throws -> [Explanation] {
        [
            try explanation(), try Explanation(of: .question), try transposed(),
            try Explanation(dense: [2, 2, 2]) { $0.relu() },
        ]
    }

    /// Explanations with long lines: of many indices, and of functions in functions.
    private func long() throws -> [Explanation] {
        var layer = LayerGeometry(input: [3, 4, 4], kernel: [2, 2, 2])
        (layer.batch, layer.channels, layer.filters) = (2, 2, 2)
        let values = try layer.shapes().filter { $0.key != "G" }.mapValues { Tensor.uniform($0, seed: 3) }
        return try [
            Explanation(of: layer), Explanation(of: layer, views: [.equations, .windows], values: values),
            Explanation(dense: [2, 2, 1]) { $0.softplus() }, Explanation(dense: [3, 3, 2]) { $0.gelu() },
            Explanation(dense: [3, 3, 2, 1]) { $0.logistic() }, Explanation(dense: [2, 2, 2]) { $0.elu() },
        ]
    }

    /// In a terminal nothing is lost, and a row within brackets is indented further than one after them.
    @Test(arguments: [48, 60, 80, 100]) func brokenLinesSayTheSame(width: Int) throws {
        for explanation in try long() + all() {
            let blocks = explanation.sections.flatMap { $0.blocks }
            let equations = blocks.flatMap {
                if case .equations(let equations) = $0 { equations } else { [Equation]() }
            }
            for equation in equations {
                let section = Explanation.Section("", [.equations([equation])])
                func lines(_ width: Int?) -> [Substring] {
                    Explanation("", sections: [section]).text(width: width).split(separator: "\n").map { $0 }
                }
                let (whole, broken) = (lines(nil), lines(width))
                func bare(_ lines: [Substring]) -> String { lines.joined().filter { $0 != " " } }
                #expect(bare(whole) == bare(broken))
                var (open, outer) = (0, 0)
                for line in broken {
                    let indent = line.prefix { $0 == " " }.count
                    let isContinued = "+-·/".contains(line[line.index(line.startIndex, offsetBy: indent)])
                    if isContinued, open == 0 { outer = indent }
                    if isContinued, open > 0, outer > 0 { #expect(indent > outer, "\(broken.joined(separator: "\n"))") }
                    open += line.count { "([".contains($0) } - line.count { ")]".contains($0) }
                    if line.contains(" = ") || line.drop(while: { $0 == " " }).hasPrefix("= ") { outer = 0 }
                }
                // What can be broken fits, except for the deepest brackets.
                #expect(broken.allSatisfy { $0.count <= width + 24 }, "\(broken.joined(separator: "\n"))")
            }
        }
    }

    /// Every sign in explanations has its own LaTeX.
    @Test(arguments: [Words.english, .german]) func laTeXKnowsAllSigns(words: Words) throws {
        // The ramp is for terminals only.
        for child in Mirror(reflecting: words).children where child.label != "ramp" {
            for text in (child.value as? [String]) ?? [(child.value as? String) ?? ""] {
                let line = Explanation("", sections: [.init("", [.line(text.replacing("?", with: ""))])]).latex()
                #expect(!line.contains("?"), "\(text)")
            }
        }
        let line = Explanation("", sections: [.init("", [.line("2⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁷")])]).latex()
        #expect(line.contains("2$^{0}$$^{1}$$^{2}$$^{3}$$^{4}$$^{5}$$^{6}$$^{7}$$^{8}$$^{9}$$^{-}$$^{7}$"))
    }

    @Test func laTeXIsBalanced() throws {
        for document in try all().map({ $0.latexDocument() }) {
            // A question mark stands for a character that has no translation.
            #expect(document.unicodeScalars.allSatisfy { $0.isASCII && $0 != "?" })
            var environments: [Substring] = []
            for part in document.split(separator: "\\").map({ $0.prefix { $0 != "}" } }) {
                if part.hasPrefix("begin{") { environments.append(part.dropFirst(6)) }
                if part.hasPrefix("end{") { #expect(environments.popLast() == part.dropFirst(4)) }
            }
            #expect(environments.isEmpty)
            let bare = document.replacingOccurrences(of: "\\{", with: "").replacingOccurrences(of: "\\}", with: "")
            #expect(bare.count { $0 == "{" } == bare.count { $0 == "}" })
            #expect(
                document.components(separatedBy: "\\left").count == document.components(separatedBy: "\\right").count)
        }
    }

    static let compiler = ["pdflatex", "tectonic"].lazy.compactMap { name in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }.first

    @Test(.enabled(if: compiler != nil, "no TeX is installed")) func laTeXCompiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "adjoint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for document in try (all() + long()).map({ $0.latexDocument() }) {
            try document.write(to: folder.appending(path: "x.tex"), atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(filePath: Self.compiler ?? "")
            process.arguments = Self.compiler?.hasSuffix("tectonic") == true ? ["x.tex"] : ["-halt-on-error", "x.tex"]
            process.currentDirectoryURL = folder
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            // Nothing leaves the page; a line or two may extend a little into the margin.
            let log = (try? String(contentsOf: folder.appending(path: "x.log"), encoding: .isoLatin1)) ?? ""
            for match in log.matches(of: /Overfull \\hbox \((\d+)/) { #expect(Int(match.1) ?? 99 < 8, "\(match.0)") }
        }
    }

    @Test func laTeXSaysTheSame() throws {
        let text = try Explanation(of: .question).latex()
        #expect(text.contains("G_{1} &= V_{1} \\cdot W_{1} + V_{2} \\cdot W_{2} + V_{4} \\cdot W_{3}"))
        #expect(text.contains("\\frac{\\partial G_{4}}{\\partial W_{1}} &= V_{5}"))
    }

    @Test func pagesAreWellFormed() throws {
        for page in try all().map({ $0.html() }) {
            // The names of XML's languages are not counted as addresses, and links lead to places of the page itself.
            let addresses = page.replacingOccurrences(of: "http://www.w3.org/", with: "")
            let outside = addresses.matches(of: /https?:|<script|@import|(?:href|src)="(?!#)|url\((?!#)/)
            #expect(outside.map { $0.output } == [])
            #expect(page.contains("prefers-color-scheme: dark") && page.contains("<math"))
            // As XML, except for the two elements that HTML leaves open.
            let closed = page.replacingOccurrences(of: "<!DOCTYPE html>", with: "").replacing(
                /<meta [^>]*>/, with: "")
            let parser = XMLParser(data: Data(closed.utf8))
            #expect(parser.parse(), "\(String(describing: parser.parserError))")
        }
    }

    @Test func picturesOfTextAreWellFormed() throws {
        for picture in try all().map({ $0.svg() }) {
            #expect(picture.hasPrefix("<svg ") && picture.contains("<desc"))
            #expect(XMLParser(data: Data(picture.utf8)).parse())
        }
    }

    /// Names of networks and folders are never taken for markup.
    @Test func namesAreNoMarks() throws {
        let name = "<script>alert(1)</script> *a* $b$"
        let explanation = Explanation(
            name, sections: [.init(name, [.line(name), .table(.init([name], rows: [[name]]))])])
        for line in explanation.markdown().split(separator: "\n") {
            #expect(!line.contains("<s") || line.contains("\\<s"))
        }
        #expect(!explanation.html().contains("<script"))
        #expect(!explanation.svg().contains("<script"))
    }

    @Test func denseJSONNamesLetters() throws {
        let document = try JSON(parsing: Array(Explanation(dense: [2, 2, 1]) { $0.logistic() }.json().utf8))
        let parts = Set((document["equations"]?.array ?? []).compactMap { $0["of"]?.string })
        #expect(parts == ["I", "H", "HA", "W"] || parts == ["H", "HA", "W"])
    }

    @Test func markdownKeepsTheNotation() throws {
        let text = try Explanation(of: .question, views: [.equations, .check]).markdown()
        #expect(text.contains("\nG1 = V1·W1 + V2·W2 + V4·W3 + V5·W4\n"))
        #expect(text.contains("| :--- | ---: | ---: | ---: |"))
        #expect(text.components(separatedBy: "```").count % 2 == 1)
    }

    @Test func selectionsAreRead() throws {
        let shapes = try LayerGeometry.question.shapes()
        #expect(try Selection(parsing: "W3", among: shapes) == Selection("W", at: 2))
        #expect(try Selection(parsing: "w[0,0,1,0]", among: shapes) == Selection("W", at: 2))
        #expect(try Selection(parsing: "v[0, 0, 2, 2]", among: shapes) == Selection("V", at: 8))
        for wrong in [
            "", "W", "W0", "W5", "W-1", "W99999999999999999999", "w[]", "w[0,0,2,0]", "w[0,0,0]", "w[0,0,0,x]", "X1",
            "B1", "∂1",
        ] {
            #expect(throws: ArgumentError.self) { try Selection(parsing: wrong, among: shapes) }
        }
    }
}
