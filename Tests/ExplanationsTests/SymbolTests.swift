import AdjointExplanations
import AdjointGradients
import AdjointGraphs
import Testing

@Suite struct SymbolTests {
    private func symbol(_ name: Name, _ value: Double? = nil) -> Symbol { Symbol(.variable(name), value) }

    @Test func numbersFollowTheExpression() {
        let sum = symbol("a", 2) * symbol("b", 3) + symbol("c", 4)
        #expect(sum.expression.text == "a·b + c")
        #expect(sum.value == 10)
        #expect((symbol("a", 2) + symbol("b")).value == nil)
    }

    @Test func whatSaysNothingIsLeftOut() {
        let x = symbol("x")
        func negative(_ symbol: Symbol) -> Symbol { .evaluate(.negate, symbol, symbol, symbol) }
        #expect((x * Symbol(1)).expression == x.expression)
        #expect((Symbol(0) + x).expression == x.expression)
        #expect((x * Symbol(0)).value == 0)
        #expect(negative(negative(x)).expression == x.expression)
        #expect((x + x).expression.text == "2·x")
        #expect((x + negative(symbol("y"))).expression.text == "x - y")
        #expect((symbol("y") * negative(x + symbol("z"))).expression.text == "-y·(x + z)")
        #expect(Symbol.evaluate(.divide, x, symbol("a") + symbol("b"), x).expression.text == "x/(a + b)")
        #expect(Symbol.evaluate(.tanh, x * x, x, x).expression.text == "tanh(x·x)")
    }

    /// An operand of a sign keeps its parentheses where it needs them, and nothing else has any.
    @Test func signsAndParentheses() {
        let (a, b, c) = (symbol("a", -1), symbol("b", -2), symbol("c", 3))
        func minus(_ symbol: Symbol) -> Symbol { .evaluate(.negate, symbol, symbol, symbol) }
        func over(_ a: Symbol, _ b: Symbol) -> Symbol { .evaluate(.divide, a, b, b) }
        for (symbol, text, latex, numbers) in [
            (a + minus(b + minus(c)), "a - (b - c)", "a - \\left(b - c\\right)", "-1 - (-2 - 3)"),
            (minus(a + b), "-(a + b)", "-\\left(a + b\\right)", "-(-1 - 2)"),
            (a * b + c, "a·b + c", "a \\cdot b + c", "-1·(-2) + 3"),
            (a * minus(b), "-a·b", "-a \\cdot b", "-(-1)·(-2)"),
            (c + over(minus(a), b), "c - a/b", "c - \\frac{a}{b}", "3 - (-1)/(-2)"),
            (c * over(a, b), "c·(a/b)", "c \\cdot \\frac{a}{b}", "3·(-1/(-2))"),
            (over(a, b * c), "a/(b·c)", "\\frac{a}{b \\cdot c}", "-1/(-2·3)"),
            (over(over(a, b), c), "a/b/c", "\\frac{\\frac{a}{b}}{c}", "-1/(-2)/3"),
            (c + minus(a) + Symbol(-3), "c - a - 3", "c - a - 3", "3 - (-1) - 3"),
        ] {
            #expect(symbol.expression.text == text)
            #expect(symbol.expression.latex == latex)
            let known: [Expression: Double] = [.variable("a"): -1, .variable("b"): -2, .variable("c"): 3]
            #expect(symbol.expression.substituting { known[$0] }.text == numbers)
            #expect(symbol.expression.value(where: known) == symbol.value)
        }
    }

    /// Without numbers a choice is a factor; with numbers it is decided.
    @Test func reluIsAnIndicatorUntilItsInputIsKnown() throws {
        let graph = try Graph { g in [("HA", g.input("H", [1, 1]).relu())] }
        var unbound = try Equations(of: graph)
        #expect(try unbound.forward().map { $0.text } == ["HA1 = [H1 > 0]·H1"])
        #expect(try unbound.partials(by: "H", at: 0).map { $0.text } == ["∂HA1/∂H1 = [H1 > 0]"])
        #expect(try unbound.gradient(of: "H").map { $0.text } == ["∂E/∂H1 = ∂E/∂HA1·[H1 > 0]"])

        var on = try Equations(of: graph, values: ["H": Tensor([1, 1], [2] as [Float])])
        #expect(try on.forward().map { $0.text } == ["HA1 = H1"])
        #expect(try on.forward()[0].value == 2)
        var off = try Equations(of: graph, values: ["H": Tensor([1, 1], [-2] as [Float])])
        #expect(try off.forward().map { $0.text } == ["HA1 = 0"])
        #expect(try off.gradient(of: "H").map { $0.text } == ["∂E/∂H1 = 0"])
    }

    @Test func choicesAmongSymbolsAreRefused() throws {
        let graph = try Graph { g in g.input("V", [1, 1, 4]).maxPooled(2) }
        var unbound = try Equations(of: graph)
        #expect(throws: ArgumentError.self) { try unbound.forward() }
        let values = try Tensor([1, 1, 4], [1, 3, 7, 2] as [Float])
        var bound = try Equations(of: graph, values: ["V": values])
        #expect(try bound.forward().map { $0.text } == ["output1 = V2", "output2 = V3"])
        #expect(try bound.gradient(of: "V").map { $0.text }[1] == "∂E/∂V2 = ∂E/∂output1")
    }

    /// The value of an expression is the number of its symbol.
    @Test func expressionsCanBeCheckedByWhoeverReadsThem() throws {
        let graph = try Graph { g in
            let x = g.input("x", [1, 3])
            return [("y", x.tanh() * x.logistic() - x.squared() / (x + 2).exp())]
        }
        let numbers = [0.5, -1, 2]
        let tensor = try Tensor([1, 3], numbers)
        var equations = try Equations(of: graph, values: ["x": tensor])
        var known: [Expression: Double] = [:]
        for (place, number) in numbers.enumerated() {
            known[.variable(try equations.name(of: "x", at: place))] = number
        }
        let expected = try graph.evaluated(["x": tensor])["y"]!.doubles
        for (equation, number) in zip(try equations.forward(), expected) {
            #expect(equation.value == number)
            #expect(abs(equation.right.value(where: known)! - number) < 1e-15)
        }
    }
}
