import AdjointGradients
import AdjointGraphs
import AdjointModels
import AdjointPage
import AdjointPlans

/// The program that `check-embedded` runs natively and as WebAssembly: both must print the same.
@main enum Probe {
    static let options = PlanOptions(cpu: "baseline")

    static func main() { run() }
}

@_expose(wasm, "run") @_cdecl("adjoint_probe_run")
public func run() {
    do throws(ArgumentError) { try Probe.question() } catch { print(error.description) }
    do throws(ArgumentError) { try Probe.layers() } catch { print(error.description) }
    do throws(ArgumentError) { try Probe.training() } catch { print(error.description) }
}

extension Probe {
    /// The gradient of the question's filter: as a graph, evaluated, compiled; and an error's text.
    static func question() throws(ArgumentError) {
        let energy = try Graph { g in
            let v = g.input("V", [1, 1, 3, 3])
            let w = g.input("W", [1, 1, 2, 2])
            return v.convolved(with: w, stride: 1).tanh().squared().sum()
        }
        let gradient = try energy.gradient(of: "W")
        print(gradient.description)
        let inputs = [
            "V": try Tensor([1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9].map { Float($0) / 8 }),
            "W": try Tensor([1, 1, 2, 2], [1, -1, 2, 0].map { Float($0) / 8 }),
        ]
        print("evaluated \(try gradient.evaluated(inputs)["∂W"]?.description ?? "nothing")")
        print("computed  \(try gradient.computed(inputs)["∂W"]?.description ?? "nothing")")
        do throws(ArgumentError) { _ = try energy.gradient(of: "X") } catch { print(error.description) }
    }

    /// Convolutions of several geometries, with the gradients of their inputs and filters.
    static func layers() throws(ArgumentError) {
        for (input, filter, stride, dilation, groups) in [
            ([2, 3, 7, 5], [4, 3, 3, 3], [1, 1], [1, 1], 1),
            ([3, 17, 6, 9], [24, 17, 3, 3], [2, 2], [1, 1], 1),
            ([1, 8, 10, 11], [8, 8, 3, 2], [2, 3], [2, 1], 1),
            ([2, 6, 9, 7], [4, 3, 3, 3], [3, 2], [1, 2], 2),
            ([2, 24, 8, 7], [24, 1, 3, 3], [2, 1], [1, 1], 24),
            ([2, 5, 6, 6], [5, 1, 3, 3], [1, 1], [2, 2], 5),
            ([2, 3, 8, 8], [7, 3, 1, 1], [4, 3], [1, 1], 1),
            ([3, 4, 19], [6, 2, 4], [3], [2], 2),
            ([1, 2, 5, 6, 7], [3, 2, 2, 3, 2], [1, 2, 1], [1, 1, 2], 1),
            ([4, 1, 14, 14], [6, 1, 5, 5], [1, 1], [1, 1], 1),
            ([2, 64, 8, 8], [96, 64, 3, 3], [1, 1], [1, 1], 1),
        ] {
            let energy = try Graph { g in
                g.input("x", Shape(input)).convolved(
                    with: g.input("w", Shape(filter)), stride: PerAxis(stride), padding: 1, dilation: PerAxis(dilation),
                    groups: groups
                ).tanh().sum()
            }
            let results = try energy.valueAndGradient(of: ["x", "w"]).computed([
                "x": .scattered(Shape(input), within: 2), "w": .scattered(Shape(filter), within: 0.5),
            ])
            print("layer \(Shape(input)) \(Shape(filter)): \(summary(results))")
        }
    }

    /// The training of the page's networks on some digits, and their results for one digit.
    static func training() throws(ArgumentError) {
        let count = digitLabels.utf8CodeUnitCount
        let digits = try TrainingDigits(
            pixels: (0..<64 * count).map { digitPixels.utf8Start[$0] - UInt8(ascii: "A") },
            labels: (0..<count).map { digitLabels.utf8Start[$0] - UInt8(ascii: "0") }, holding: 24)
        for choice in NetworkTraining.Choice.allCases {
            let training = try NetworkTraining(choice, on: digits, options: options)
            try trained { () throws(TrainingError) in try training.train(steps: 20) }
            let name = choice.rawValue
            for point in training.losses.points { print("\(name) step \(point.step): loss \(point.value)") }
            for parameter in training.network.trained {
                if let tensor = training.parameter(parameter) { print("\(name) \(summary([parameter: tensor]))") }
            }
            print("\(name) evaluated: loss \(try training.evaluate().loss), \(try training.evaluate().correct) right")
            let look = try training.look(at: digits.pixels(ofTest: 0))
            print("\(name) looked: \(look.prediction), loss \(look.loss), \(summary(look.gradients))")
        }
        try normalizedTraining(on: digits.training)
    }

    /// A network with running statistics and dropout, and with two moments for every parameter.
    private static func normalizedTraining(on digits: Dataset) throws(ArgumentError) {
        let network = try Network("normalized", input: digits.shape, classes: 10) {
            Convolution(8, kernel: 3, stride: 2, padding: 1, bias: false)
            BatchNorm()
            ReLU()
            MaxPool(2)
            Flatten()
            Dropout(0.25)
            Linear(10)
        }
        let training = try Training(network, optimizer: .adamW(), schedule: Schedule(0.02), options: options)
        var batches = try Batches(digits, of: 32, seed: 1)
        for _ in 0..<10 {
            let outcome = try trained { () throws(TrainingError) in try training.step(&batches) }
            print("normalized: loss \(outcome.loss)")
        }
        for (name, tensor) in training.parameters { print("normalized \(summary([name: tensor]))") }
    }

    /// Runs steps of a training, and reports the reason why one was not done as the other functions do.
    private static func trained<Result>(_ steps: () throws(TrainingError) -> Result) throws(ArgumentError) -> Result {
        do throws(TrainingError) { return try steps() } catch {
            throw ArgumentError("training", "step", expected: "finite numbers", given: error.description)
        }
    }

    /// The bits of all elements, folded (Fowler, Noll & Vo's hash), for every tensor in the order of the names.
    private static func summary(_ tensors: [String: Tensor]) -> String {
        var text = ""
        for name in tensors.keys.sorted() {
            guard let tensor = tensors[name] else { continue }
            var hash: UInt32 = 0x811C_9DC5
            for number in tensor.floats { hash = (hash ^ number.bitPattern) &* 0x0100_0193 }
            text += "\(text.isEmpty ? "" : ", ")\(name) \(tensor.floats.first ?? 0) … \(hash)"
        }
        return text
    }
}

extension Graph {
    fileprivate func computed(_ inputs: [String: Tensor]) throws(ArgumentError) -> [String: Tensor] {
        try compiled(options: Probe.options).results(inputs)
    }
}

extension Tensor {
    /// Numbers within ±size∕2 without visible order.
    fileprivate static func scattered(_ shape: Shape, within size: Float) throws(ArgumentError) -> Tensor {
        let numbers = (0..<UInt32(shape.count)).map { Float(($0 &* 2_654_435_761) >> 8) * 0x1p-24 - 0.5 }
        return try Tensor(shape, numbers.map { $0 * size })
    }
}
