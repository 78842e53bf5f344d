extension JSON {
    /// The deepest nesting of arrays and objects that is read, to limit the stack.
    public static let depthLimit = 128

    /// Reads a text by RFC 8259, strictly: UTF-8, one value, no comments, no trailing commas, no name twice in an object (also
    /// none that differs only in Unicode composition), no number beyond `Double`. Only a byte order mark is skipped.
    ///
    /// - Throws: `JSONError` with the byte and the line of the first fault.
    /// - Complexity: O(bytes).
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = Parser(bytes: bytes)
        self = try parser.document()
    }
}

private struct Parser {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next byte as a character, which it is only if it is ASCII.
    var next: Unicode.Scalar? { position < bytes.count ? Unicode.Scalar(bytes[position]) : nil }

    mutating func document() throws(JSONError) -> JSON {
        if let offset = firstInvalidUTF8(in: bytes) {
            throw failure(at: offset, expected: "UTF-8", given: shown(Unicode.Scalar(bytes[offset])))
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipSpace()
        let value = try value()
        skipSpace()
        if next != nil { throw failure("nothing after the value") }
        return value
    }

    mutating func value() throws(JSONError) -> JSON {
        switch next {
        case "{", "[":
            guard depth < JSON.depthLimit else {
                throw failure("at most \(JSON.depthLimit) levels of nesting", given: "more")
            }
            depth += 1
            defer { depth -= 1 }
            return take("{") ? .object(try membersOfObject()) : .array(try elementsOfArray())
        case "\"": return .string(try string())
        case "t": return try word("true", .bool(true))
        case "f": return try word("false", .bool(false))
        case "n": return try word("null", .null)
        case let first? where first == "-" || isDigit(first): return try number()
        default: throw failure("a value")
        }
    }

    mutating func membersOfObject() throws(JSONError) -> JSON.Object {
        var members: [JSON.Object.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return JSON.Object() }
        while true {
            skipSpace()
            guard next == "\"" else { throw failure("a name in quotation marks") }
            let start = position
            let name = try string()
            guard names.insert(name).inserted else {
                throw failure(at: start, expected: "each name once", given: "\"\(abbreviated(name))\" twice")
            }
            skipSpace()
            guard take(":") else { throw failure("a colon") }
            skipSpace()
            members.append(JSON.Object.Member(name, try value()))
            skipSpace()
            if take("}") { return JSON.Object(distinct: members) }
            guard take(",") else { throw failure("a comma or a closing brace") }
        }
    }

    mutating func elementsOfArray() throws(JSONError) -> [JSON] {
        var values: [JSON] = []
        position += 1
        skipSpace()
        if take("]") { return values }
        while true {
            skipSpace()
            values.append(try value())
            skipSpace()
            if take("]") { return values }
            guard take(",") else { throw failure("a comma or a closing bracket") }
        }
    }

    mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        for letter in word.unicodeScalars {
            guard take(letter) else { throw failure("the word \(word)") }
        }
        return value
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    mutating func number() throws(JSONError) -> JSON {
        let start = position
        let isNegative = take("-")
        if !take("0") { try skipDigits() }
        let end = position
        if take(".") { try skipDigits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // Minus zero is no Int, and becomes a double.
        if position == end, let integer = Int(text), !(isNegative && integer == 0) { return .integer(integer) }
        #if hasFeature(Embedded)
            let read: Double? = Decimal(text.utf8).double
        #else
            let read = Double(text)
        #endif
        guard let number = read, number.isFinite else {
            throw failure(at: start, expected: "a number within the range of Double", given: abbreviated(text))
        }
        return .number(number)
    }

    mutating func skipDigits() throws(JSONError) {
        guard let first = next, isDigit(first) else { throw failure("a digit") }
        while let digit = next, isDigit(digit) { position += 1 }
    }

    mutating func string() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        var start = position
        while let byte = next {
            switch byte {
            case "\"":
                text += bytes[start..<position]
                position += 1
                return String(decoding: text, as: UTF8.self)
            case "\\":
                text += bytes[start..<position]
                position += 1
                text += Array(String(Character(try escaped())).utf8)
                start = position
            case "\0"..<" ":
                throw failure("no control character in a string")
            default:
                position += 1
            }
        }
        throw failure("a closing quotation mark")
    }

    /// The character after a backslash.
    mutating func escaped() throws(JSONError) -> Unicode.Scalar {
        let scalar: Unicode.Scalar
        switch next {
        case "u": return try escapedByNumber()
        case "\"": scalar = "\""
        case "\\": scalar = "\\"
        case "/": scalar = "/"
        case "b": scalar = "\u{8}"
        case "f": scalar = "\u{C}"
        case "n": scalar = "\n"
        case "r": scalar = "\r"
        case "t": scalar = "\t"
        default: throw failure("one of \" \\ / b f n r t u after a backslash")
        }
        position += 1
        return scalar
    }

    /// The character of `u` and four hexadecimal digits, or of a pair of surrogates: 10 bits from each, above 0x10000.
    mutating func escapedByNumber() throws(JSONError) -> Unicode.Scalar {
        let start = position - 1
        position += 1
        var code = try fourHexadecimalDigits()
        if (0xD800..<0xDC00).contains(code), take("\\"), take("u") {
            let low = try fourHexadecimalDigits()
            // If the second number is no low surrogate, the first stays, which is not a character by itself.
            if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw failure(at: start, expected: "surrogates in pairs", given: "one alone")
        }
        return scalar
    }

    mutating func fourHexadecimalDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            // The character is of one byte, and so none of Unicode's full-width digits, which are hexadecimal digits too.
            guard let digit = next.flatMap({ Character($0).hexDigitValue }) else {
                throw failure("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    mutating func skipSpace() {
        while let byte = next, byte == " " || byte == "\n" || byte == "\r" || byte == "\t" { position += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    func isDigit(_ character: Unicode.Scalar) -> Bool { character >= "0" && character <= "9" }

    /// An error at the next byte, which is also what was given unless another text is.
    func failure(_ expected: String, given: String? = nil) -> JSONError {
        failure(at: position, expected: expected, given: given ?? next.map { shown($0) } ?? "the end of the text")
    }

    func failure(at offset: Int, expected: String, given: String) -> JSONError {
        var line = 1
        for byte in bytes[..<offset] where byte == 0x0A { line += 1 }
        return JSONError(.byte(offset, line: line), expected: expected, given: given)
    }

    func shown(_ byte: Unicode.Scalar) -> String {
        byte > " " && byte < "\u{7F}" ? "'" + String(Character(byte)) + "'" : "byte 0x" + hexadecimal(UInt8(byte.value))
    }
}
