import AdjointGraphs
import AdjointModels
import AdjointPlans
import Testing

@Suite struct ZooTests {
    /// Multiplications and parameters of the same networks as `peers/nets.py` counts them.
    @Test(arguments: [
        ("lenet5", [1, 28, 28], 416_520, 61_706), ("cifar", [3, 32, 32], 24_518_656, 106_538),
        ("resnet18", [3, 32, 32], 555_422_720, 11_173_962), ("mobilenetv2", [3, 32, 32], 87_976_448, 2_236_682),
    ])
    func countsAreThoseOfThePeers(name: String, input: [Int], products: Int, parameters: Int) throws {
        let network = try Zoo.named(name, input: Shape(input), classes: 10)
        #expect(network.flops == 2 * products)
        #expect(network.parameterCount == parameters)
        #expect(network.counts.reduce(0) { $0 + $1.parameters } == parameters)
        #expect(try Network(network.encoded()) == network)
    }

    /// A rewriting that changes a program that every network runs must change its form too: else a step of MobileNetV2 takes a
    /// fifth longer, and no other test fails.
    @Test(arguments: ["cifar", "mobilenetv2"], [false, true])
    func largeProgramsRunInRegisters(name: String, recomputes: Bool) throws {
        for kernels in Machine.kernels {
            let training = try Training(
                Zoo.named(name, input: [3, 32, 32], classes: 10), optimizer: .sgd(momentum: 0.9),
                schedule: Schedule(0.1, .constant),
                options: PlanOptions(cpu: kernels, recomputesActivations: recomputes))
            let plan = try training.plan(batch: 8)
            let programs = plan.report.steps.filter {
                $0.bytes > 1 << 20 && ["pointwise", "sum", "pointwise and sum"].contains($0.kernel)
                    && !$0.detail.hasPrefix("over")
            }
            #expect(!programs.isEmpty)
            for step in programs where !step.detail.contains("in registers") {
                Issue.record("\(kernels): \(step.kernel) \(step.detail), \(step.bytes) bytes")
            }
        }
    }

    /// A layer's activation is computed again only when the gradient reaches that layer. Once, all of them were computed before
    /// the first gradient, since sums that check the gradients had joined passes on which the gradients depend.
    @Test(arguments: [("resnet18", 0.8), ("mobilenetv2", 0.6)])
    func recomputationSavesMemory(name: String, share: Double) throws {
        func arena(recomputes: Bool) throws -> Double {
            let training = try Training(
                Zoo.named(name, input: [3, 32, 32], classes: 10), optimizer: .sgd(momentum: 0.9),
                schedule: Schedule(0.1, .constant), options: PlanOptions(recomputesActivations: recomputes))
            return try Double(training.plan(batch: 16).report.arenaBytes)
        }
        #expect(try arena(recomputes: true) < share * arena(recomputes: false))
    }

    @Test func namesOfResNet18AreThoseOfTorchvision() throws {
        let names = try Zoo.resnet18().parameters.map { $0.name }
        #expect(names.count == 102)
        #expect(
            Array(names.prefix(6)) == [
                "conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
                "layer1.0.conv1.weight",
            ])
        for name in [
            "layer1.1.bn2.running_var", "layer2.0.conv1.weight", "layer2.0.downsample.0.weight",
            "layer2.0.downsample.1.bias", "layer4.1.bn2.weight", "fc.weight", "fc.bias",
        ] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(!names.contains("layer1.0.downsample.0.weight"))
    }

    @Test func namesOfMobileNetV2AreThoseOfTorchvision() throws {
        let parameters = try Zoo.mobilenetV2().parameters
        let shapes = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.shape.sizes) })
        #expect(parameters.count == 262)
        #expect(shapes["features.0.0.weight"] == [32, 3, 3, 3])
        #expect(shapes["features.0.1.running_mean"] == [32])
        #expect(shapes["features.1.conv.0.0.weight"] == [32, 1, 3, 3])
        #expect(shapes["features.1.conv.1.weight"] == [16, 32, 1, 1])
        #expect(shapes["features.1.conv.2.bias"] == [16])
        #expect(shapes["features.2.conv.0.0.weight"] == [96, 16, 1, 1])
        #expect(shapes["features.2.conv.1.0.weight"] == [96, 1, 3, 3])
        #expect(shapes["features.2.conv.2.weight"] == [24, 96, 1, 1])
        #expect(shapes["features.17.conv.3.running_var"] == [320])
        #expect(shapes["features.18.0.weight"] == [1280, 320, 1, 1])
        #expect(shapes["classifier.1.weight"] == [10, 1280])
    }

    @Test(
        arguments: ["lenet5", "cifar", "resnet18", "mobilenetv2"],
        [[1, 8, 8], [1, 28, 28], [3, 32, 32], [3, 96, 128]])
    func everyNetworkTakesUsualPictures(name: String, input: [Int]) throws {
        let network = try Zoo.named(name, input: Shape(input), classes: 7)
        #expect(network.shapes.last == [7])
    }

    @Test func unknownNamesAndTinyPicturesAreErrors() {
        #expect(throws: ArgumentError.self) { try Zoo.named("lenet6", input: [1, 28, 28], classes: 10) }
        #expect(throws: ArgumentError.self) { try Zoo.named("cifar", input: [1, 2, 2], classes: 10) }
        #expect(throws: ArgumentError.self) { try Zoo.named("lenet5", input: [28, 28], classes: 10) }
        #expect(throws: ArgumentError.self) { try Zoo.named("lenet5", input: [1, 28, 28], classes: 0) }
    }
}
