extension JSON {
    /// The value as text: equal values give equal bytes. Numbers are written as shortly as possible so that they read back as
    /// the same number; those that JSON cannot hold (NaN and infinities) become null.
    ///
    /// - Parameter indentation: the spaces for each level of nesting; nil writes everything on one line without spaces.
    public func serialized(indentation: Int? = nil) -> String {
        var writer = Writer(indentation: indentation)
        writer.write(self, depth: 0)
        return writer.text
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { serialized() }
}

private struct Writer {
    let indentation: Int?
    var text = ""

    init(indentation: Int?) {
        self.indentation = indentation
    }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let truth): text += truth ? "true" : "false"
        case .integer(let number): text += String(number)
        case .number(let number): text += number.isFinite ? "\(number)" : "null"
        case .string(let string): write(string)
        case .array(let values):
            text += "["
            for (position, value) in values.enumerated() {
                if position > 0 { text += "," }
                breakLine(depth + 1)
                write(value, depth: depth + 1)
            }
            if !values.isEmpty { breakLine(depth) }
            text += "]"
        case .object(let object):
            text += "{"
            for (position, member) in object.members.enumerated() {
                if position > 0 { text += "," }
                breakLine(depth + 1)
                write(member.name)
                text += indentation == nil ? ":" : ": "
                write(member.value, depth: depth + 1)
            }
            if !object.members.isEmpty { breakLine(depth) }
            text += "}"
        }
    }

    mutating func breakLine(_ depth: Int) {
        guard let indentation else { return }
        text += "\n"
        text += String(repeating: " ", count: indentation * depth)
    }

    mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..<" ": text += "\\u00" + hexadecimal(UInt8(scalar.value))
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// A byte as two hexadecimal digits.
package func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
}
