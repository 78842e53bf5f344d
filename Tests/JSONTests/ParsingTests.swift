import AdjointJSON
import Testing

private func parsed(_ text: String) throws(JSONError) -> JSON { try JSON(parsing: Array(text.utf8)) }

@Suite struct ParsingTests {
    @Test func readsEveryKindOfValue() throws {
        let text = #" {"b": [true, false, null], "a": {"": -1.5e3}, "n": [0, -7, 1e2, 1.0]} "#
        let value = try parsed(text)
        #expect(value.object?.members.map(\.name) == ["b", "a", "n"])
        #expect(try parsed("\u{FEFF}" + text) == value)
        #expect(value["b"] == [.bool(true), .bool(false), .null])
        #expect(value["a"]?[""] == .number(-1500))
        #expect(value["n"]?.array == [.integer(0), .integer(-7), .number(100), .number(1)])
    }

    @Test func keepsWholeNumbersApart() throws {
        #expect(try parsed("9223372036854775807") == .integer(.max))
        #expect(try parsed("-9223372036854775808") == .integer(.min))
        #expect(try parsed("9223372036854775808") == .number(0x1p63))
        let minusZero = try #require(try parsed("-0").number)
        #expect(minusZero == 0 && minusZero.sign == .minus)
        #expect(try parsed("1e-400") == .number(0))
    }

    @Test func readsEscapes() throws {
        #expect(try parsed(#""\"\\\/\b\f\n\r\tA\u00e9\uD83D\uDE00""#).string == "\"\\/\u{8}\u{C}\n\r\tAé😀")
        #expect(try parsed(#""a\u0000b""#).string == "a\0b")
        #expect(try parsed("\"é😀\u{7F}\"").string == "é😀\u{7F}")
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "tru", "nul",
        "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1_000", "\"", "\"\\",
        "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800\\n\"",
        "\"\n\"", "\"\u{1}\"", "1 2", "[]x", "//", "/**/1", "'a'", "\u{FEFF}", "1\u{FEFF}", "\u{FEFF}\u{FEFF}1",
        "1e999", "-1e999", "]", "{]", "[}",
        "{\"a\":1,\"a\":2}", "{\"é\":1,\"e\u{301}\":2}",
    ])
    func rejects(_ text: String) {
        #expect(throws: JSONError.self) { try parsed(text) }
    }

    @Test func namesThePlace() {
        #expect {
            try parsed("{\n  \"a\": 1\n  \"b\": 2\n}")
        } throws: { error in
            "\(error)" == "line 3, byte 13: expected a comma or a closing brace, given '\"'"
        }
        #expect {
            try parsed("[1, 2")
        } throws: { error in
            "\(error)" == "line 1, byte 5: expected a comma or a closing bracket, given the end of the text"
        }
    }

    @Test func limitsTheDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parsed(nested(JSON.depthLimit))
        #expect(throws: JSONError.self) { try parsed(nested(JSON.depthLimit + 1)) }
        #expect(throws: JSONError.self) { try parsed(String(repeating: "[{\"a\":", count: 1_000_000)) }
    }

    /// Compared with the standard library's own decoder: every sequence of one and two bytes, and three and four bytes
    /// with those in the middle that decide.
    @Test func rejectsExactlyWhatIsNotUTF8() {
        let deciding: [UInt8] = [0x00, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE0, 0xFF]
        func check(_ bytes: [UInt8]) {
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let faults = (try? JSON(parsing: [0x22] + bytes.filter { $0 != 0 && $0 != 0x22 } + [0x22])) == nil
            // Control characters and quotation marks are faults of another kind.
            if bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) { #expect(faults == !isValid, "\(bytes)") }
        }
        for first in UInt8(0x80)...0xFF {
            check([first])
            for second in deciding {
                check([first, second])
                for third in deciding where first >= 0xE0 {
                    check([first, second, third])
                    for fourth in deciding where first >= 0xF0 { check([first, second, third, fourth]) }
                }
            }
        }
    }
}
