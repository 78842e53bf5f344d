import Testing

@testable import AdjointCommands

/// The line fitted to measured times.
@Suite struct FitTests {
    @Test("a line's own points give the line") func line() throws {
        let fit = try #require(Fit([1.0, 2, 4, 8, 1000].map { (x: $0, t: 3 + 0.5 * $0) }))
        #expect(abs(fit.intercept - 3) < 1e-9 && abs(fit.slope - 0.5) < 1e-12)
        #expect(fit.determination > 0.999_999 && fit.deviation < 1e-9)
    }

    @Test("errors count in proportion") func relative() throws {
        // A tenth too much at the smallest and at the largest point: both errors weigh the same.
        let exact = [1.0, 10, 100, 1000].map { (x: $0, t: $0) }
        var (first, last) = (exact, exact)
        first[0].t *= 1.1
        last[3].t *= 1.1
        let (a, b) = (try #require(Fit(first)), try #require(Fit(last)))
        #expect(a.deviation < 0.11 && b.deviation < 0.11)
        #expect(abs(b(1) - 1) < 0.01, "the largest point must not move the smallest")
    }

    @Test("no line through one point, or through one place") func degenerate() {
        #expect(Fit([(1, 1)]) == nil)
        #expect(Fit([(2, 1), (2, 3)]) == nil)
    }

    @Test("the picture has its marks and its ends") func picture() throws {
        let fit = try #require(Fit([(x: 1e6, t: 1e-5), (x: 1e8, t: 1e-3), (x: 1e10, t: 0.1)]))
        let lines = fit.picture(columns: 40, rows: 5).split(separator: "\n").map(String.init)
        #expect(lines.count == 7)
        #expect(lines[0].hasPrefix("   100 ms |") && lines[0].hasSuffix("o"))
        #expect(lines[4].contains("µs |o"))
        #expect(lines[6].contains("1.00 MFLOP") && lines[6].hasSuffix("10 GFLOP"))
    }
}
