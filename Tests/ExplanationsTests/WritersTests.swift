import AdjointExplanations
import AdjointGraphs
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Every form that an explanation is written in.
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
        for document in try all().map({ $0.latexDocument() }) {
            try document.write(to: folder.appending(path: "x.tex"), atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(filePath: Self.compiler ?? "")
            process.arguments = Self.compiler?.hasSuffix("tectonic") == true ? ["x.tex"] : ["-halt-on-error", "x.tex"]
            process.currentDirectoryURL = folder
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
    }

    @Test func laTeXSaysTheSame() throws {
        let text = try Explanation(of: .question).latex()
        #expect(text.contains("G_{1} &= V_{1} \\cdot W_{1} + V_{2} \\cdot W_{2} + V_{4} \\cdot W_{3}"))
        #expect(text.contains("\\frac{\\partial G_{4}}{\\partial W_{1}} &= V_{5}"))
    }

    @Test func pagesAreWellFormed() throws {
        for page in try all().map({ $0.html() }) {
            #expect(!page.contains("<script") && !page.contains("http://") || page.contains("http://www.w3.org"))
            #expect(page.contains("prefers-color-scheme: dark") && page.contains("<math"))
            // As XML, but for the two elements that HTML leaves open.
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
