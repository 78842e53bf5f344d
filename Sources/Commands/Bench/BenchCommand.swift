import AdjointGraphs
import AdjointModels
import AdjointPlans

extension Option<String> {
    fileprivate static let net = Option(
        "--net", "MODEL", "lenet5, cifar, resnet18, mobilenetv2 or a file (lenet5; resnet18 for conv)", .text("a model")
    )
    fileprivate static let cpu = Option(
        "--cpu", "NAME", "kernels: baseline, avx2, avx512 or neon (the widest)", .text("a name"))
}

extension Option<Int> {
    fileprivate static let batch = Option("--batch", "N", "pictures (64; 32 for conv)", .wholeAboveZero)
    static let size = Option("--size", "N", "the side of the pictures (28 for lenet5, 32 for others)", .wholeAboveZero)
    static let classes = Option("--classes", "N", "of the pictures (10)", .wholeAboveZero)
}

extension Option<Double> {
    fileprivate static let seconds = Option(
        "--seconds", "X", "how long each thing is measured (2)",
        Reading(expected: "a number above 0, at most 86400") {
            Double($0).flatMap { $0 > 0 && $0 <= 86_400 ? $0 : nil }
        })
}

extension Flag {
    fileprivate static let profile = Flag("--profile", "where the time goes, layer by layer, too")
}

extension Command {
    static let bench = Command(
        name: "bench", summary: "measures this machine and Adjoint on it",
        subcommands: [
            measurement("train", "one training step", [Flag.profile]) { bench, network, batch, arguments in
                try bench.train(network, batch: batch, isProfiled: arguments[Flag.profile])
            },
            measurement("infer", "a network in use", [Flag.profile]) { bench, network, batch, arguments in
                try bench.infer(network, batch: batch, isProfiled: arguments[Flag.profile])
            },
            measurement("epoch", "60,000 pictures once, with their loading") { bench, network, batch, _ in
                try bench.epoch(network, batch: batch)
            },
            measurement("start", "the first training step, for timing the whole process") { bench, network, batch, _ in
                try bench.start(network, batch: batch)
            },
            measurement("growth", "the training step's time against batch and width, with a line through it") {
                bench, _ in
                try bench.growth()
            },
            measurement("conv", "every convolution of a network, in its three roles", net: "resnet18", batch: 32) {
                bench, network, batch, _ in
                try bench.convolutions(network, batch: batch)
            },
            measurement("small", "the gradient of the 3x3 / 2x2 example") { bench, _ in try bench.small() },
            measurement("limits", "multiply-adds and memory: what the machine can do at most") { bench, _ in
                try bench.limits()
            },
        ])

    /// The measurement of a network that the command line names.
    private static func measurement(
        _ name: String, _ summary: String, _ flags: [Flag] = [], net: String = "lenet5", batch: Int = 64,
        _ run: @escaping @Sendable (Bench, Network, Int, Arguments) throws -> Void
    ) -> Command {
        let options: [any Parameter] = [Option<String>.net, Option<Int>.batch, Option<Int>.size, Option<Int>.classes]
        return measurement(name, summary, options + flags) { bench, arguments in
            let network = try arguments.network(arguments[Option<String>.net] ?? net)
            try run(bench, network, arguments[Option<Int>.batch] ?? batch, arguments)
        }
    }

    private static func measurement(
        _ name: String, _ summary: String, _ more: [any Parameter] = [],
        _ run: @escaping @Sendable (Bench, Arguments) throws -> Void
    ) -> Command {
        Command(
            name: name, summary: summary,
            options: more + [
                Option<Int>.threads, Option<String>.cpu, Option<Double>.seconds, Flag.exact, Flag.recompute,
            ]
        ) { arguments in
            let workers = arguments[.threads].map { Workers(threads: $0) } ?? .standard
            let options = PlanOptions(
                workers: workers, cpu: arguments[Option<String>.cpu], isExact: arguments[Flag.exact],
                recomputesActivations: arguments[Flag.recompute])
            try run(
                Bench(options: options, seconds: arguments[Option<Double>.seconds] ?? 2) { print($0) }, arguments)
        }
    }
}

extension Arguments {
    /// A network for pictures of `--size` and `--classes`.
    func network(_ name: String, weights: String? = nil) throws -> Network {
        let input = self[Option<Int>.size].map { Shape([name == "lenet5" ? 1 : 3, $0, $0]) }
        return try Model(name, weights: weights, input: input, classes: self[Option<Int>.classes]).network
    }
}
