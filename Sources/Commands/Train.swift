import AdjointFormats
import AdjointGraphs
import AdjointModels
import AdjointPlans

extension Option<String> {
    fileprivate static let data = Option("--data", "DIR", "IDX or CIFAR-10 files, or digits", .text("a folder"))
    fileprivate static let optimizer = Option(
        "--optimizer", "NAME", "sgd, adam or adamw (sgd)", .oneOf("sgd", "adam", "adamw"))
    fileprivate static let schedule = Option(
        "--schedule", "NAME", "constant, cosine or step (cosine)", .oneOf("constant", "cosine", "step"))
    fileprivate static let out = Option(
        "--out", "FILE", "where the trained model goes, as safetensors", .text("a file"))
    fileprivate static let checkpoint = Option(
        "--checkpoint", "FILE", "where everything that a resumed run needs is saved", .text("a file"))
    fileprivate static let resume = Option("--resume", "FILE", "a checkpoint to go on from", .text("a file"))
    fileprivate static let log = Option("--log", "FILE", "a line of CSV an epoch", .text("a file"))
}

extension Option<Int> {
    fileprivate static let epochs = Option(
        "--epochs", "N", "how often every picture is used (10, or as often as 1,000 steps need)", .wholeAboveZero)
    fileprivate static let batch = Option("--batch", "N", "pictures of a step (64)", .wholeAboveZero)
    fileprivate static let warmup = Option("--warmup", "N", "steps in which the rate rises (0)", .whole(from: 0))
    fileprivate static let every = Option(
        "--every", "N", "steps between two checkpoints (an epoch's)", .wholeAboveZero)
    static let threads = Option("--threads", "N", "threads, at most one a CPU that it may use (as many)", .threads)
}

extension Option<Double> {
    fileprivate static let learningRate = Option(
        "--learning-rate", "X", "the highest rate (0.05; 0.002 for adam and adamw)", .numberAboveZero)
    fileprivate static let momentum = Option("--momentum", "X", "of sgd (0.9)", .numberFromZero)
    fileprivate static let weightDecay = Option(
        "--weight-decay", "X", "(0.0005; 0 for adam, 0.01 for adamw)", .numberFromZero)
    fileprivate static let clip = Option(
        "--clip", "X", "the largest norm of all gradients together (none)", .numberAboveZero)
}

extension Option<UInt64> {
    fileprivate static let seed = Option("--seed", "N", "of parameters, order and dropout (0)", .seed)
}

extension Flag {
    static let exact = Flag("--exact", "sums by their definition, and never by Winograd's tiles, which round")
    static let recompute = Flag("--recompute", "activations again for the gradient: less memory, the same result")
    fileprivate static let profile = Flag("--profile", "at the end, where the time of the steps went, layer by layer")
    fileprivate static let augment = Flag("--augment", "moves pictures, and mirrors coloured ones, at random")
}

extension Command {
    static let train: Command = Command(
        name: "train", summary: "trains a model on labelled pictures",
        options: [
            Option<String>.data, Option.model, Option.weights, Option<Int>.epochs, Option<Int>.batch,
            Option<String>.optimizer, Option<Double>.learningRate, Option<Double>.momentum, Option<Double>.weightDecay,
            Option<String>.schedule, Option<Int>.warmup, Option<UInt64>.seed, Option<Int>.threads, Flag.augment,
            Option<Double>.clip, Option<String>.out, Option<String>.checkpoint, Option<Int>.every,
            Option<String>.resume, Option<String>.log, Flag.exact, Flag.recompute, Flag.profile,
        ]
    ) { arguments in
        var run = try TrainingRun(arguments)
        try run.run()
    }
}

/// `adjoint train`: from the options to the trained model.
struct TrainingRun {
    let data: Data
    let training: Training
    private var batches: Batches
    private let epochs: Int
    private let every: Int
    private let out, checkpoint, log: String?
    private let isProfiled: Bool
    private var rows = ["epoch,step,loss,accuracy,learning_rate,seconds,images_per_second"]

    init(_ arguments: Arguments) throws {
        guard let folder = arguments[Option<String>.data] else {
            throw arguments.failure("--data: expected a folder, given nothing")
        }
        let resumed = try arguments[Option<String>.resume].map { path in
            try named(path) { Checkpoint(try TensorFile(parsing: try Files.read(path))) }
        }
        guard let name = arguments[Option.model] else {
            throw arguments.failure("--model: expected a model, given nothing")
        }
        // Said before hours of work, not after.
        for path in [Option<String>.out, .checkpoint, .log].compactMap({ arguments[$0] }) {
            try Files.checkWritable(path)
        }
        data = try Data(folder)
        let pictures = try data.trainingSet()
        let model = try Model(name, weights: arguments[.weights], input: pictures.shape, classes: pictures.classes)
        let seed = arguments[Option<UInt64>.seed] ?? 0
        batches = try Batches(
            pictures, of: arguments[Option<Int>.batch] ?? 64, seed: seed, augments: arguments[Flag.augment])
        epochs = arguments[Option<Int>.epochs] ?? max(10, (1000 + batches.count - 1) / batches.count)
        let workers = arguments[.threads].map { Workers(threads: $0) } ?? .standard
        training = try Training(
            model.network, optimizer: TrainingRun.optimizer(arguments),
            schedule: TrainingRun.schedule(arguments, steps: epochs * batches.count), seed: seed,
            clip: arguments[Option<Double>.clip], parameters: model.parameters,
            options: PlanOptions(
                workers: workers, isExact: arguments[Flag.exact], recomputesActivations: arguments[Flag.recompute]))
        every = arguments[Option<Int>.every] ?? batches.count
        out = arguments[Option<String>.out]
        checkpoint = arguments[Option<String>.checkpoint]
        log = arguments[Option<String>.log]
        isProfiled = arguments[Flag.profile]
        if let resumed {
            try named(arguments[Option<String>.resume] ?? "") { try training.resume(from: resumed, &batches) }
            try keepLoggedRows()
        }
    }

    private static func optimizer(_ arguments: Arguments) -> Optimizer {
        let decay = arguments[Option<Double>.weightDecay]
        switch arguments[Option<String>.optimizer] {
        case "adam": return .adam(weightDecay: decay ?? 0)
        case "adamw": return .adamW(weightDecay: decay ?? 0.01)
        default: return .sgd(momentum: arguments[Option<Double>.momentum] ?? 0.9, weightDecay: decay ?? 0.0005)
        }
    }

    private static func schedule(_ arguments: Arguments, steps: Int) -> Schedule {
        let isAdaptive = arguments[Option<String>.optimizer].map { $0 != "sgd" } ?? false
        let rate = arguments[Option<Double>.learningRate] ?? (isAdaptive ? 0.002 : 0.05)
        let warmup = arguments[Option<Int>.warmup] ?? 0
        switch arguments[Option<String>.schedule] {
        case "constant": return Schedule(rate, .constant, warmup: warmup)
        case "step": return Schedule(rate, .thirds(total: steps), warmup: warmup)
        default: return Schedule(rate, .cosine(total: steps), warmup: warmup)
        }
    }

    mutating func run() throws {
        Interrupt.watch()
        var profile: Profile?
        if isProfiled {
            training.observer = { plan, step in
                // A last batch that is shorter has a plan of its own.
                if profile == nil { profile = Profile(plan) }
                if profile?.plan === plan { profile?.observe(step: step) }
            }
        }
        let total = epochs * batches.dataset.count
        var bar = ProgressBar(total: total, unit: "images")
        while batches.epoch < epochs {
            try runEpoch(&bar)
        }
        bar.clear()
        if let out { try training.model(for: batches.dataset).write(to: out) }
        if let test = data.test {
            print(report(try training.evaluate(test)))
        }
        if let profile {
            let limits = try Limits(options: training.options, seconds: 0.2)
            print(profile.text(profile.means, whole: profile.elapsed / Double(profile.runs), limits: limits))
        }
    }

    /// The rest of an epoch.
    private mutating func runEpoch(_ bar: inout ProgressBar) throws {
        let epoch = batches.epoch
        let start = ContinuousClock.now
        var (loss, correct, count, rate) = (0.0, 0, 0, 0.0)
        while batches.epoch == epoch {
            let outcome: Training.Outcome
            do {
                outcome = try training.step(&batches)
            } catch {
                bar.clear()
                throw error
            }
            loss += outcome.loss * Double(outcome.count)
            correct += outcome.correct
            count += outcome.count
            rate = outcome.learningRate
            bar.update(
                done: batches.epoch * batches.dataset.count + batches.position, label: "epoch \(epoch + 1)/\(epochs)",
                // Short, so that a terminal of 80 columns has room for the bar.
                detail: "loss \(fixed(loss / Double(count), 3))  acc \(percent(correct, count, digits: 1))")
            if let checkpoint, training.steps % every == 0 { try training.checkpoint(batches).write(to: checkpoint) }
            if Interrupt.isRequested {
                bar.clear()
                if let checkpoint { try training.checkpoint(batches).write(to: checkpoint) }
                throw CommandFailure.interrupted
            }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let speed = Double(count) / max(seconds, 1e-9)
        bar.print(
            "epoch \(epoch + 1)/\(epochs)  loss \(fixed(loss / Double(count), 4))  accuracy \(percent(correct, count))  "
                + "\(Int(speed)) images/s")
        rows.append(
            "\(epoch + 1),\(training.steps),\(loss / Double(count)),\(Double(correct) / Double(count)),\(rate),"
                + "\(fixed(seconds, 3)),\(fixed(speed, 1))")
        if let log { try Files.writeSafely(Array((rows.joined(separator: "\n") + "\n").utf8), to: log) }
    }

    /// A resumed run goes on with the log of the one before.
    private mutating func keepLoggedRows() throws {
        guard let log, Files.exists(log) else { return }
        let lines = String(decoding: try Files.read(log), as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.first == rows[0] else { return }
        rows += lines.dropFirst().filter { line in
            let fields = line.split(separator: ",")
            return fields.count > 1 && (Int(fields[0]) ?? .max) <= batches.epoch
        }
    }

    /// `test accuracy 91.23 % (9123 of 10000)`, and how each class fared.
    private func report(_ evaluation: Evaluation) -> String {
        var table = Table(
            ["class", "accuracy", "right", "of", "most often taken for"],
            alignment: [.left, .right, .right, .right, .left])
        for (label, row) in evaluation.confusion.enumerated() {
            let count = row.reduce(0, +)
            let wrong = row.indices.filter { $0 != label && row[$0] > 0 }.max { row[$0] < row[$1] }
            table.add([
                className(label), count == 0 ? "" : percent(row[label], count), "\(row[label])", "\(count)",
                wrong.map { "\(className($0)) (\(row[$0]))" } ?? "",
            ])
        }
        return "test accuracy \(percent(evaluation.correct, evaluation.count)) "
            + "(\(evaluation.correct) of \(evaluation.count))\n" + table.text
    }

    private func className(_ label: Int) -> String {
        label < data.classNames.count ? data.classNames[label] : "\(label)"
    }

    private func percent(_ part: Int, _ whole: Int, digits: Int = 2) -> String {
        fixed(100 * Double(part) / Double(max(1, whole)), digits) + " %"
    }
}
