import AdjointDigits
import AdjointExplanations
import AdjointFormats
import AdjointGraphs
import AdjointModels
import AdjointPlans
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@testable import AdjointPage

@Suite struct TrainingTests {
    /// The digits of the package, as the page's module carries them.
    static let digits: TrainingDigits = {
        var parts: [String: [UInt8]] = [:]
        for (name, bytes) in Digits.files {
            guard case .uint8(let elements) = try! IDXArray(parsing: bytes).elements else { continue }
            parts[name] = elements
        }
        func part(_ name: String) -> [UInt8] { parts[name + "-ubyte.gz"] ?? [] }
        return try! TrainingDigits(
            pixels: part("train-images-idx3") + part("test-images-idx3"),
            labels: part("train-labels-idx1") + part("test-labels-idx1"), holding: 360)
    }()

    @Test func aNetworkLearnsDigits() throws {
        let training = try NetworkTraining(.small, on: Self.digits)
        #expect(try training.evaluate().accuracy < 0.3)
        try training.train(steps: 45)
        #expect(training.epoch == 1)
        #expect(try training.evaluate().accuracy > 0.4)
        #expect(training.accuracies.points.map { $0.step } == [0, 45])
        #expect(training.losses.points.map { $0.step } == Array(1...45))
        #expect(training.losses.points[44].value < 0.8 * training.losses.points[0].value)
    }

    @Test func lookingAtADigit() throws {
        let training = try NetworkTraining(.lenet5, on: Self.digits, seed: 3)
        try training.train(steps: 2)
        let pixels = Self.digits.pixels(ofTest: 0)
        let look = try training.look(at: pixels, label: Int(Self.digits.test.labels[0]))
        #expect(abs(look.probabilities.reduce(0, +) - 1) < 1e-5)
        #expect(abs(look.loss + log(look.probabilities[look.label])) < 1e-5)
        #expect(look.layers.first?.tensor.shape == [6, 8, 8])
        #expect(look.layers.last?.tensor.shape == [10])
        #expect(look.gradients["conv1.weight"]?.shape == [6, 1, 3, 3])
        #expect(look.gradients[InputName.images]?.shape == [1, 1, 8, 8])
        // Once more, after the parameters have changed.
        try training.train()
        let again = try training.look(at: pixels)
        #expect(again.loss != look.loss)
        #expect(again.gradients["conv1.weight"] != look.gradients["conv1.weight"])
        #expect(throws: ArgumentError.self) { try training.look(at: pixels, label: 10) }
        #expect(throws: ArgumentError.self) { try training.look(at: []) }
    }

    /// A step along the gradient changes the loss by about its square.
    @Test func gradientsAreOfTheLoss() throws {
        let training = try NetworkTraining(.small, on: Self.digits)
        try training.train(steps: 5)
        let pixels = Self.digits.pixels(ofTest: 5)
        let look = try training.look(at: pixels, label: 3)
        let step = 1e-3
        var slope = 0.0
        for name in training.network.trained {
            let gradient = try #require(look.gradients[name])
            let old = try #require(training.parameter(name))
            let moved = zip(old.doubles, gradient.doubles).map { Float($0 - step * $1) }
            try training.training.state.set(name, to: Tensor(old.shape, moved))
            slope += gradient.inner(gradient)
        }
        let change = try training.look(at: pixels, label: 3).loss - look.loss
        #expect(abs(change + step * slope) < 0.05 * step * slope)
    }

    @Test func curvesStayShort() {
        var curve = TrainingCurve()
        for step in 1...1000 { curve.add(Double(step), at: step) }
        #expect(curve.points.count < TrainingCurve.limit)
        #expect(curve.points.first == TrainingCurve.Point(step: 8, value: 4.5))
        #expect(curve.points.last == TrainingCurve.Point(step: 1000, value: 996.5))
    }

    @Test func tiles() throws {
        let tensor = try Tensor([2, 1, 2, 2], [1, -2, 3, 4, 0, 0, 0, -8] as [Double])
        let tiles = Tiles(tensor)
        #expect((tiles.down, tiles.across, tiles.largest) == (1, 2, 8))
        let (columns, numbers) = tiles.cells(0..<1)
        #expect(columns == 5 && numbers.count == 10)
        #expect(numbers[2] == nil && numbers[7] == nil && numbers[9] == -8 && numbers[1] == -2)
        let picture = tiles.picture("conv1.weight", description: "", .weight, side: 10)
        #expect(picture.width == 50 && picture.height == 20 && picture.svg().contains("<image"))
        let table = Tiles(try Tensor([3, 2, 1, 1], [Double](repeating: 0, count: 6)))
        #expect((table.down, table.across, table.largest) == (3, 2, 0))
    }
}
