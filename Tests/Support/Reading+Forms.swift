import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A form of printed mathematics, taken apart into names, numbers and signs.
public enum PrintedForm: String, CaseIterable, Sendable {
    case text, latex, mathML

    public func tokens(_ printed: String) throws -> [Reading.Token] {
        switch self {
        case .text:
            var scanner = TextScanner(printed)
            return try scanner.tokens()
        case .latex:
            var scanner = LaTeXScanner(printed)
            return try scanner.tokens()
        case .mathML:
            return try MathMLElement(parsing: "<math>\(printed)</math>").tokens()
        }
    }
}

/// Characters from the left.
private struct Scanner {
    var rest: Substring

    mutating func take(_ prefix: String) -> Bool {
        guard rest.hasPrefix(prefix) else { return false }
        rest = rest.dropFirst(prefix.count)
        return true
    }

    mutating func expect(_ prefix: String) throws {
        if !take(prefix) { throw Reading.Failure(description: "\(prefix) expected before \(rest.prefix(20))") }
    }

    mutating func take(while holds: (Character) -> Bool) -> String {
        let taken = rest.prefix(while: holds)
        rest = rest.dropFirst(taken.count)
        return String(taken)
    }

    /// The text up to the brace that closes an open one.
    mutating func group() throws -> String {
        try expect("{")
        var (depth, inside) = (1, "")
        while let character = rest.popFirst() {
            depth += character == "{" ? 1 : character == "}" ? -1 : 0
            if depth == 0 { return inside }
            inside.append(character)
        }
        throw Reading.Failure(description: "a brace is not closed")
    }
}

private func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
private func isLetter(_ character: Character) -> Bool { character.isLetter }

/// Signs that are one character in every form.
private let signs = "+·/^()[]<>=,≤≥≠"

private struct TextScanner {
    private var scanner: Scanner

    init(_ text: String) { scanner = Scanner(rest: text[...]) }

    mutating func tokens() throws -> [Reading.Token] {
        var tokens: [Reading.Token] = []
        while let character = scanner.rest.first {
            if isDigit(character) {
                var digits = scanner.take { isDigit($0) || $0 == "." }
                if scanner.take("e") {
                    digits += "e" + (scanner.take("-") ? "-" : "")
                    _ = scanner.take("+")
                    digits += scanner.take(while: isDigit)
                }
                guard let number = Double(digits) else { throw Reading.Failure(description: digits) }
                tokens.append(.number(number))
            } else if isLetter(character) {
                let mark = scanner
                let word = scanner.take { isLetter($0) || isDigit($0) }
                if scanner.rest.first == "(" {
                    tokens.append(.function(word))
                } else {
                    scanner = mark
                    tokens.append(word == "inf" ? .number(.infinity) : .name(try name()))
                }
            } else if scanner.take("%") {
                tokens.append(.name("%" + scanner.take(while: isDigit)))
            } else if scanner.take("∂") {
                let energy = try name()
                try scanner.expect("/∂")
                tokens.append(.name("∂\(energy)/∂\(try name())"))
            } else {
                scanner.rest.removeFirst()
                switch character {
                case " ": break
                case "…": tokens.append(.name("…"))
                case "-", "−": tokens.append(.sign("-"))
                case _ where signs.contains(character): tokens.append(.sign(String(character)))
                default: throw Reading.Failure(description: "what is \(character)?")
                }
            }
        }
        return tokens
    }

    private mutating func name() throws -> String {
        let letters = scanner.take(while: isLetter)
        if scanner.take("[") {
            let index = scanner.take { $0 != "]" }
            try scanner.expect("]")
            return letters + "_" + index
        }
        let number = scanner.take(while: isDigit)
        return letters + (number.isEmpty ? "" : "_" + number)
    }
}

private struct LaTeXScanner {
    private var scanner: Scanner

    init(_ text: String) { scanner = Scanner(rest: text[...]) }

    mutating func tokens() throws -> [Reading.Token] {
        var tokens: [Reading.Token] = []
        while let character = scanner.rest.first {
            if isDigit(character) {
                let digits = scanner.take { isDigit($0) || $0 == "." }
                guard let number = Double(digits) else { throw Reading.Failure(description: digits) }
                tokens.append(.number(number))
            } else if character == "{" {
                // Braces group nothing that is visible.
                tokens += try inside(scanner.group())
            } else if isLetter(character) || scanner.rest.hasPrefix("\\mathit") {
                tokens.append(.name(try name()))
            } else if scanner.take("\\operatorname") {
                tokens.append(.function(try scanner.group()))
            } else if scanner.take("\\frac") {
                let (a, b) = (try scanner.group(), try scanner.group())
                tokens += try fraction(a, b)
            } else if scanner.take("^") {
                tokens += [.sign("^"), .sign("{")] + (try inside(scanner.group())) + [.sign("}")]
            } else if scanner.take("\\") {
                let command = scanner.take(while: isLetter)
                switch command {
                case "left", "right", "bigl", "bigr", "quad": break
                case "cdot": tokens.append(.sign("·"))
                case "le": tokens.append(.sign("≤"))
                case "ge": tokens.append(.sign("≥"))
                case "ne": tokens.append(.sign("≠"))
                case "cdots": tokens.append(.name("…"))
                case "infty": tokens.append(.number(.infinity))
                default: throw Reading.Failure(description: "what is \\\(command)?")
                }
            } else {
                scanner.rest.removeFirst()
                switch character {
                case " ", "\n", "&": break
                case "-": tokens.append(.sign("-"))
                case _ where signs.contains(character): tokens.append(.sign(String(character)))
                default: throw Reading.Failure(description: "what is \(character)?")
                }
            }
        }
        return tokens
    }

    private func inside(_ text: String) throws -> [Reading.Token] { try PrintedForm.latex.tokens(text) }

    private func fraction(_ a: String, _ b: String) throws -> [Reading.Token] {
        var names: [String] = []
        for part in [a, b] where part.hasPrefix("\\partial") {
            var inner = LaTeXScanner(String(part.dropFirst(8).drop { $0 == " " }))
            names.append(try inner.name())
        }
        if names.count == 2 { return [.name("∂\(names[0])/∂\(names[1])")] }
        return Reading.fraction(try inside(a), try inside(b))
    }

    private mutating func name() throws -> String {
        let letters = scanner.take("\\mathit") ? try scanner.group() : scanner.take(while: isLetter)
        return letters + (scanner.take("_") ? "_" + (try scanner.group()) : "")
    }
}

extension Reading {
    fileprivate static func fraction(_ a: [Token], _ b: [Token]) -> [Token] {
        [.sign("{"), .sign("{")] + a + [.sign("}"), .sign("/"), .sign("{")] + b + [.sign("}"), .sign("}")]
    }
}

/// An element of MathML, or of the HTML around it.
public struct MathMLElement {
    public let name: String
    public let attributes: [String: String]
    public private(set) var text = ""
    public private(set) var children: [MathMLElement] = []

    public init(parsing markup: String) throws {
        let builder = Builder()
        let parser = XMLParser(data: Data(markup.utf8))
        parser.delegate = builder
        guard parser.parse(), let element = builder.open.first?.children.first else {
            throw Reading.Failure(description: "\(String(describing: parser.parserError)) in \(markup)")
        }
        self = element
    }

    fileprivate init(_ name: String, _ attributes: [String: String]) {
        (self.name, self.attributes) = (name, attributes)
    }

    private final class Builder: NSObject, XMLParserDelegate {
        var open = [MathMLElement("", [:])]

        func parser(
            _: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) { open.append(MathMLElement(name, attributes)) }

        func parser(_: XMLParser, foundCharacters text: String) { open[open.count - 1].text += text }

        func parser(_: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?) {
            let element = open.removeLast()
            open[open.count - 1].children.append(element)
        }
    }

    /// All elements with a name, from the outside inward, in order.
    public func all(_ name: String) -> [MathMLElement] {
        (self.name == name ? [self] : []) + children.flatMap { $0.all(name) }
    }

    /// A row is invisible: only a fraction groups what is in it.
    public func tokens() throws -> [Reading.Token] {
        switch name {
        case "mi", "msub": return [.name(try word())]
        case "mn":
            if let number = Double(text) { return [.number(number)] }
            throw Reading.Failure(description: text)
        case "mo": return text == "…" ? [.name("…")] : [.sign(text == "−" ? "-" : text)]
        case "mfrac":
            if children.allSatisfy({ $0.children.first?.text == "∂" && $0.children.count == 2 }) {
                return [.name(try children.map { "∂" + (try $0.children[1].word()) }.joined(separator: "/"))]
            }
            return Reading.fraction(try children[0].tokens(), try children[1].tokens())
        default:
            var tokens: [Reading.Token] = []
            for (place, child) in children.enumerated() {
                // A name directly before a parenthesis is a function's.
                let next = place + 1 < children.count ? children[place + 1] : nil
                if child.name == "mi", next?.text == "(" {
                    tokens.append(.function(child.text))
                } else {
                    tokens += try child.tokens()
                }
            }
            return tokens
        }
    }

    private func word() throws -> String {
        switch name {
        case "mi": return text
        case "msub":
            let index = children[1].children.isEmpty ? children[1].text : children[1].children.map { $0.text }.joined()
            return children[0].text + "_" + index
        default: throw Reading.Failure(description: "no name: \(name)")
        }
    }
}
