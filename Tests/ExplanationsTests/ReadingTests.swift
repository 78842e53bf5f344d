import TestSupport
import Testing

/// The reader of printed mathematics, by the rules taught at school.
@Suite struct ReadingTests {
    private static let known: [String: Double] = [
        "a": 2, "b": 3, "c": 5, "W_1": 7, "V_0,2": 11, "∂E/∂W_1": 13, "…": 17,
    ]

    @Test(arguments: [
        ("2 - 3 - 4", -5), ("2 - (3 - 4)", 3), ("a - b·c", -13), ("-a·b + c", -1), ("-(a + b)·c", -25),
        ("c/a/a", 1.25), ("c/(a·a)", 1.25), ("c/a·b", 7.5), ("a·b - -1", nil), ("--a", nil), ("a·-b", nil),
        ("a + -b", nil), ("a - (-b)", 5), ("-a^2", -4), ("(-a)^2", 4), ("2·a^b", 16), ("a^b^a", 512), ("1e-2·a", 0.02),
        ("[a < b]·c", 5), ("[a ≥ b]·c", 0), ("1 - [a = 2]", 0), ("maximum(a, b - c)", 2), ("exp(0) + abs(-a)", 3),
        ("∂E/∂W1·W1", 91), ("c - V[0,2]", -6), ("∂E/∂W1/b", 13.0 / 3), ("a + …", 19), ("a b", nil), ("(a", nil),
        ("a)", nil), ("", nil), ("x", nil), ("f(a)", nil), ("[a]", nil), ("a = b", nil),
    ])
    func text(_ printed: String, _ value: Double?) throws { try check(.text, printed, value) }

    @Test(arguments: [
        ("2 - 3 - 4", -5), ("a - \\left(b - c\\right)", 4), ("-\\frac{a}{b + c} \\cdot c", -1.25),
        ("\\frac{\\frac{c}{a}}{a}", 1.25), ("2 \\cdot 10^{-2} \\cdot a", 0.04), ("a^{b} \\cdot c", 40),
        ("\\left[a \\le b\\right] \\cdot c", 5), ("\\operatorname{maximum}\\left(a, b\\right)", 3),
        ("\\frac{\\partial E}{\\partial W_{1}} \\cdot W_{1} + V_{0,2}", 102), ("\\mathit{W}_{1} + \\cdots", 24),
        ("--a", nil), ("\\frac{a}{-b}", -2.0 / 3), ("\\alpha", nil), ("{a - b} \\cdot c", -13),
    ])
    func latex(_ printed: String, _ value: Double?) throws { try check(.latex, printed, value) }

    @Test(arguments: [
        ("<mi>a</mi><mo>−</mo><mi>b</mi><mo>−</mo><mn>4</mn>", -5),
        ("<mi>a</mi><mo>−</mo><mrow><mi>b</mi><mo>−</mo><mn>4</mn></mrow>", -5),
        ("<mi>a</mi><mo>−</mo><mrow><mo>(</mo><mi>b</mi><mo>−</mo><mn>4</mn><mo>)</mo></mrow>", 3),
        ("<mo>−</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac>", -1),
        ("<msub><mi>W</mi><mn>1</mn></msub><mo>·</mo><mi>a</mi>", 14),
        (
            "<mfrac><mrow><mi>∂</mi><mi>E</mi></mrow><mrow><mi>∂</mi><msub><mi>W</mi><mn>1</mn></msub></mrow></mfrac>",
            13
        ),
        ("<mi>exp</mi><mo>(</mo><mn>0</mn><mo>)</mo>", 1), ("<mo>−</mo><mo>−</mo><mi>a</mi>", nil),
        ("<mo>[</mo><mi>a</mi><mo>&lt;</mo><mi>b</mi><mo>]</mo>", 1), ("<mi>a</mi><mi>b</mi>", nil), ("<mi>", nil),
    ])
    func mathML(_ printed: String, _ value: Double?) throws { try check(.mathML, printed, value) }

    @Test(arguments: [
        ("a·(b + c)", false), ("a + (b·c)", true), ("(a) + b", true), ("(a·b)·c", true), ("a·(b·c)", false),
        ("a - (b + c)", false), ("(a + b) - c", true), ("exp((a))", true), ("exp(a)", false), ("[(a + b) < c]", true),
    ])
    func superfluous(_ printed: String, _ isSo: Bool) throws {
        #expect(try Reading.hasSuperfluousParentheses(PrintedForm.text.tokens(printed)) == isSo)
    }

    private func check(_ form: PrintedForm, _ printed: String, _ value: Double?) throws {
        if let value {
            #expect(try Reading(form.tokens(printed)).value(Self.known) == value)
        } else {
            #expect(throws: (any Error).self) { try Reading(form.tokens(printed)).value(Self.known) }
        }
    }
}
