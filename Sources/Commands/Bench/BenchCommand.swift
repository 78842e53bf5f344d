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
}

extension Option<Double> {
    fileprivate static let seconds = Option("--seconds", "X", "how long each thing is measured (2)", .numberAboveZero)
}

extension Flag {
    fileprivate static let profile = Flag("--profile", "where the step's time goes, too")
}

extension Command {
    static let bench = Command(
        name: "bench", summary: "measures this machine and Adjoint on it",
        subcommands: [
            measurement("train", "one training step", [Flag.profile]) { bench, arguments in
                let network = try Model(arguments[Option<String>.net] ?? "lenet5").network
                try bench.train(network, batch: arguments[Option<Int>.batch] ?? 64)
                if arguments[Flag.profile] { try bench.profile(network, batch: arguments[Option<Int>.batch] ?? 64) }
            },
            measurement("conv", "every convolution of a network, in its three roles") { bench, arguments in
                let network = try Model(arguments[Option<String>.net] ?? "resnet18").network
                try bench.convolutions(network, batch: arguments[Option<Int>.batch] ?? 32)
            },
            measurement("small", "the gradient of the 3x3 / 2x2 example") { bench, _ in try bench.small() },
            measurement("limits", "multiply-adds and memory: what the machine can do at most") { bench, _ in
                try bench.limits()
            },
        ])

    private static func measurement(
        _ name: String, _ summary: String, _ flags: [Flag] = [],
        _ run: @escaping @Sendable (Bench, Arguments) throws -> Void
    ) -> Command {
        Command(
            name: name, summary: summary,
            options: [
                Option<String>.net, Option<Int>.batch, Option<Int>.threads, Option<String>.cpu, Option<Double>.seconds,
            ]
                + flags
        ) { arguments in
            let workers = arguments[.threads].map { Workers(threads: $0) } ?? .standard
            let options = PlanOptions(workers: workers, cpu: arguments[Option<String>.cpu])
            try run(
                Bench(options: options, seconds: arguments[Option<Double>.seconds] ?? 2) { print($0) }, arguments)
        }
    }
}
