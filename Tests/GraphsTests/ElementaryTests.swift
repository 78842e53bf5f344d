import Foundation
import Testing

@testable import AdjointGraphs

/// Our elementary functions against the system's.
@Suite struct ElementaryTests {
    /// The largest distance in units in the last place.
    private func distance(
        _ f: (Double) -> Double, _ reference: (Double) -> Double, over range: ClosedRange<Double>, count: Int = 4000
    ) -> Double {
        var worst = 0.0
        for step in 0...count {
            let x =
                range.lowerBound + (range.upperBound - range.lowerBound) * (Double(step) + 0.37) / (Double(count) + 1)
            let expected = reference(x)
            worst = max(worst, (f(x) - expected).magnitude / max(expected.ulp, .leastNormalMagnitude))
        }
        return worst
    }

    @Test func closeToTheSystems() {
        #expect(distance(Elementary.exp, exp, over: -740...709) <= 2)
        #expect(distance(Elementary.exp, exp, over: -2...2) <= 2)
        #expect(distance(Elementary.expm1, expm1, over: -1...1) <= 3)
        #expect(distance(Elementary.expm1, expm1, over: -40...700) <= 3)
        #expect(distance(Elementary.log, log, over: 0.001...3) <= 2)
        #expect(distance(Elementary.log, log, over: 1...1e300) <= 2)
        #expect(distance(Elementary.log1p, log1p, over: -0.999...2) <= 3)
        #expect(distance(Elementary.log1p, log1p, over: -1e-5...1e-5) <= 3)
        #expect(distance(Elementary.tanh, tanh, over: -25...25) <= 4)
        #expect(distance(Elementary.tanh, tanh, over: -0.3...0.3) <= 4)
        #expect(distance(Elementary.erf, erf, over: -7...7) <= 8)
        #expect(distance(Elementary.erf, erf, over: -0.1...0.1) <= 4)
        #expect(distance(Elementary.logistic, { 1 / (1 + exp(-$0)) }, over: -30...40) <= 4)
    }

    /// xʸ as e^(y·ln x) multiplies the error of the logarithm by the exponent, and so does repeated multiplication.
    @Test func powers() {
        for y in [-7.5, -2, -0.5, 0.5, 1, 1.5, 2, 3, 10, 17.25, 100] {
            let bound = 4 + 2 * abs(y) * 3
            #expect(distance({ Elementary.power($0, y) }, { pow($0, y) }, over: 0.05...20) <= bound, "\(y)")
        }
        for y in [-3.0, -2, 1, 2, 3, 11] {
            #expect(
                distance({ Elementary.power($0, y) }, { pow($0, y) }, over: -20 ... -0.05) <= 4 + 2 * abs(y), "\(y)")
        }
    }

    @Test func specialValues() {
        let special = [
            0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 0x1p-1030, -0x1p-1030, 710, -746,
            1e300,
        ]
        let pairs: [(String, (Double) -> Double, (Double) -> Double)] = [
            ("exp", Elementary.exp, exp), ("expm1", Elementary.expm1, expm1), ("log", Elementary.log, log),
            ("log1p", Elementary.log1p, log1p), ("tanh", Elementary.tanh, tanh), ("erf", Elementary.erf, erf),
        ]
        for (name, ours, systems) in pairs {
            for x in special {
                let (got, expected) = (ours(x), systems(x))
                #expect(
                    got == expected || (got.isNaN && expected.isNaN) || (got - expected).magnitude <= 2 * expected.ulp,
                    "\(name)(\(x)) = \(got), not \(expected)")
            }
        }
        for x in special {
            for y in special + [2, 3, 0.5, -2, -3, 1025, 1e10] {
                let (got, expected) = (Elementary.power(x, y), pow(x, y))
                #expect(
                    got == expected || (got.isNaN && expected.isNaN) || (got / expected - 1).magnitude < 1e-12,
                    "\(x) to the power of \(y) = \(got), not \(expected)")
            }
        }
    }
}
