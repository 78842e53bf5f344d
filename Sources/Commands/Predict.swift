import AdjointFormats
import AdjointGraphs
import AdjointModels
import AdjointPlans

private let data = Option("--data", "DIR", "the pictures: a folder, or digits", .text("a folder"))
private let index = Option("--index", "N", "which picture of the test set (0)", .whole(from: 0))

extension Command {
    static let predict: Command = Command(
        name: "predict", summary: "tells the class of a picture, with probabilities",
        operands: [Operand.model], options: [data, index, Option.model, Option.weights, Flag.exact]
    ) { arguments in
        guard let folder = arguments[data] else { throw arguments.failure("--data: expected a folder, given nothing") }
        // A file holds a network with its normalization; a built-in network takes its shape from the pictures.
        let name = try arguments.modelName()
        let isNamed = Zoo.names.contains(name)
        var model = isNamed ? nil : try Model(name, weights: arguments[.weights])
        let source = try Data(folder, normalization: model?.normalization)
        let test = try source.testSet()
        let number = arguments[index] ?? 0
        guard number < test.count else {
            throw arguments.failure("--index: expected a number below the \(test.count) pictures, given \"\(number)\"")
        }
        if isNamed {
            model = try Model(
                name, weights: arguments[.weights], input: test.shape, classes: test.classes)
        }
        guard let model else { return }
        let classifier = try Classifier(
            model.network, parameters: try model.finiteParameters(arguments),
            options: PlanOptions(isExact: arguments[Flag.exact]))
        let probabilities = try classifier.probabilities(of: try test.images(number..<number + 1)).floats
        guard probabilities.allSatisfy({ $0.isFinite }) else {
            throw CommandFailure.failed(
                "picture \(number) of \(printable(folder)): expected finite probabilities, given nan: the network's numbers "
                    + "are too large")
        }
        for place in probabilities.indices.sorted(by: { probabilities[$0] > probabilities[$1] }) {
            print("\(source.className(place)) \(fixed(Double(probabilities[place]), 6))")
        }
    }
}
