import AdjointFormats
import AdjointGraphs
import AdjointModels
import AdjointPlans

extension Option<String> {
    fileprivate static let data = Option("--data", "DIR", "IDX or CIFAR-10 files, or digits", .text("a folder"))
    fileprivate static let optimizer = Option(
        "--optimizer", "NAME", "sgd, adam, adamw, rmsprop, adagrad, lion or lamb (sgd)",
        .oneOf("sgd", "adam", "adamw", "rmsprop", "adagrad", "lion", "lamb"))
    fileprivate static let schedule = Option(
        "--schedule", "NAME", "constant, cosine or step (cosine)", .oneOf("constant", "cosine", "step"))
    fileprivate static let out = Option(
        "--out", "FILE", "where the trained model goes, as safetensors; - for the output", .text("a file"))
    fileprivate static let checkpoint = Option(
        "--checkpoint", "FILE", "where everything that a resumed run needs is saved, also at the end", .fileByName)
    fileprivate static let resume = Option("--resume", "FILE", "a checkpoint to go on from", .text("a file"))
    fileprivate static let undecayed = Option(
        "--no-decay", "PATTERNS", "parameters without weight decay, as *.bias,bn*", .text("patterns of names"))
    fileprivate static let log = Option("--log", "FILE", "a line of CSV an epoch", .fileByName)
}

extension Option<[ParameterGroup]> {
    fileprivate static let rateFactors = Option(
        "--rate-factors", "PATTERN=X", "what the rate is multiplied with for some parameters, as conv*=0.1,fc1.*=2",
        Reading(expected: "PATTERN=X with X from 0 on, with commas between several") { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let groups = parts.compactMap { part -> ParameterGroup? in
                let sides = part.split(separator: "=", omittingEmptySubsequences: false)
                guard sides.count == 2, !sides[0].isEmpty, let factor = Double(sides[1]), Bounds.fromZero.hold(factor)
                else { return nil }
                return ParameterGroup(String(sides[0]), rateFactor: factor)
            }
            return groups.count == parts.count ? groups : nil
        })
}

extension Option<Int> {
    fileprivate static let parts = Option(
        "--accumulate", "N", "parts that a batch is cut into, one after the other: less memory (1)", .wholeAboveZero)
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
        "--learning-rate", "X", "the highest rate (0.05; 0.0005 for lion, 0.002 for others than sgd)",
        .number(.aboveZero))
    fileprivate static let momentum = Option("--momentum", "X", "of sgd (0.9)", .number(.belowOne))
    fileprivate static let weightDecay = Option(
        "--weight-decay", "X", "(0.0005; 0.01 for adamw, 0 for others)", .number(.fromZero))
    fileprivate static let clip = Option(
        "--clip", "X", "the largest norm of all gradients together (none)", .number(.aboveZero))
    fileprivate static let clipValue = Option(
        "--clip-value", "X", "the largest magnitude of a gradient's element (none)", .number(.aboveZero))
    fileprivate static let average = Option(
        "--average", "X", "keeps running averages of the parameters, by this share at each step; --out has them (none)",
        .number(.belowOne))
}

extension Option<UInt64> {
    fileprivate static let seed = Option("--seed", "N", "of parameters, order and dropout (0)", .seed)
}

extension Flag {
    static let exact = Flag("--exact", "sums by their definition, and never by Winograd's tiles, which round")
    static let recompute = Flag("--recompute", "activations again for the gradient: less memory, the same result")
    fileprivate static let profile = Flag("--profile", "at the end, where the time of the steps went, layer by layer")
    fileprivate static let augment = Flag("--augment", "moves pictures, and mirrors coloured ones, at random")
    fileprivate static let dropLast = Flag(
        "--drop-last", "leaves out an epoch's last batch where it has fewer pictures")
}

extension Command {
    static let train: Command = Command(
        name: "train", summary: "trains a model on labelled pictures",
        options: [
            Option<String>.data, Option.model, Option.weights, Option<Int>.epochs, Option<Int>.batch,
            Option<String>.optimizer, Option<Double>.learningRate, Option<Double>.momentum, Option<Double>.weightDecay,
            Option<String>.schedule, Option<Int>.warmup, Option<UInt64>.seed, Option<Int>.threads, Flag.augment,
            Flag.dropLast, Option<Double>.clip, Option<Double>.clipValue, Option<Int>.parts, Option<Double>.average,
            Option<String>.undecayed, Option<[ParameterGroup]>.rateFactors, Option<String>.out,
            Option<String>.checkpoint, Option<Int>.every,
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
    private let out, checkpoint: String?
    private let isProfiled: Bool
    private var log: TrainingLog?
    /// The claim on the checkpoint, held for the whole run: no other run can save its own there.
    private var claim: Claim?
    /// The number of steps in the checkpoint.
    private var saved: Int?

    init(_ arguments: Arguments) throws {
        guard let folder = arguments[Option<String>.data] else {
            throw arguments.failure("--data: expected a folder, given nothing")
        }
        guard let name = arguments[Option.model] else {
            throw arguments.failure("--model: expected a model, given nothing")
        }
        (out, checkpoint) = (arguments[Option<String>.out], arguments[Option<String>.checkpoint])
        // Checked before hours of work, not after.
        let files = [out, checkpoint, arguments[Option<String>.log]].compactMap { $0 }
        guard Set(files).count == files.count else {
            throw arguments.failure("expected different files for --out, --checkpoint and --log, given one twice")
        }
        for path in files { try Files.checkWritable(path) }
        data = try Data(folder)
        let pictures = try data.trainingSet()
        let model = try Model(name, weights: arguments[.weights], input: pictures.shape, classes: pictures.classes)
        let seed = arguments[Option<UInt64>.seed] ?? 0
        batches = try Batches(
            pictures, of: arguments[Option<Int>.batch] ?? 64, seed: seed, augments: arguments[Flag.augment],
            dropsLast: arguments[Flag.dropLast])
        epochs = arguments[Option<Int>.epochs] ?? max(10, (1000 + batches.count - 1) / batches.count)
        every = arguments[Option<Int>.every] ?? batches.count
        isProfiled = arguments[Flag.profile]
        let workers = arguments[.threads].map { Workers(threads: $0) } ?? .standard
        training = try Training(
            model.network, optimizer: TrainingRun.optimizer(arguments),
            schedule: TrainingRun.schedule(arguments, steps: epochs * batches.count), seed: seed,
            settings: try TrainingRun.settings(arguments), parameters: model.parameters,
            options: PlanOptions(
                workers: workers, isExact: arguments[Flag.exact], recomputesActivations: arguments[Flag.recompute]))
        let resumed = arguments[Option<String>.resume]
        if let resumed { try resume(resumed) }
        log = try arguments[Option<String>.log].map { path in
            try TrainingLog(path, keeping: resumed == nil ? 0 : batches.epoch)
        }
        try checkFit(folder)
    }

    private static func optimizer(_ arguments: Arguments) -> Optimizer {
        let decay = arguments[Option<Double>.weightDecay]
        switch arguments[Option<String>.optimizer] {
        case "adam": return .adam(weightDecay: decay ?? 0)
        case "adamw": return .adamW(weightDecay: decay ?? 0.01)
        case "rmsprop": return .rmsProp(weightDecay: decay ?? 0)
        case "adagrad": return .adagrad(weightDecay: decay ?? 0)
        case "lion": return .lion(weightDecay: decay ?? 0)
        case "lamb": return .lamb(weightDecay: decay ?? 0)
        default: return .sgd(momentum: arguments[Option<Double>.momentum] ?? 0.9, weightDecay: decay ?? 0.0005)
        }
    }

    private static func settings(_ arguments: Arguments) throws(CommandFailure) -> StepSettings {
        if arguments[Option<Double>.clip] != nil {
            try arguments.refuse([Option<Double>.clipValue], expected: "no --clip")
        }
        let undecayed = (arguments[Option<String>.undecayed] ?? "").split(separator: ",")
        return StepSettings(
            clip: arguments[Option<Double>.clip].map { .norm($0) }
                ?? arguments[Option<Double>.clipValue].map { .value($0) },
            groups: undecayed.map { ParameterGroup(String($0), decays: false) }
                + (arguments[Option<[ParameterGroup]>.rateFactors] ?? []),
            parts: arguments[Option<Int>.parts] ?? 1, average: arguments[Option<Double>.average])
    }

    private static func schedule(_ arguments: Arguments, steps: Int) -> Schedule {
        let usual = ["sgd": 0.05, "lion": 0.0005]
        let rate =
            arguments[Option<Double>.learningRate] ?? usual[arguments[Option<String>.optimizer] ?? "sgd"] ?? 0.002
        let warmup = arguments[Option<Int>.warmup] ?? 0
        switch arguments[Option<String>.schedule] {
        case "constant": return Schedule(rate, .constant, warmup: warmup)
        case "step": return Schedule(rate, .thirds(total: steps), warmup: warmup)
        default: return Schedule(rate, .cosine(total: steps), warmup: warmup)
        }
    }

    private mutating func resume(_ path: String) throws {
        try named(path) {
            let checkpoint = Checkpoint(try TensorFile(parsing: try Files.read(path)))
            do throws(ArgumentError) {
                try training.resume(from: checkpoint, &batches)
            } catch {
                guard error.argument == Checkpoint.schedule else { throw error }
                throw CommandFailure.failed(
                    "\(printable(path)): \(error) (another schedule, or a longer one, is a new run: --weights instead of "
                        + "--resume begins it with the parameters of this one)")
            }
        }
        // Removes what a killed process has left; where nothing may be written beside it, that stays.
        try? Files.checkWritable(path)
        if path == checkpoint { saved = training.steps }
        if batches.epoch >= epochs {
            let way =
                training.schedule.shape == .constant ? "more --epochs go on" : "--weights instead begins a new run"
            say("\(printable(path)): all \(epochs) epochs are done (\(way))")
        }
    }

    /// Checks before the first step what would otherwise end the run after hours.
    private func checkFit(_ folder: String) throws {
        do {
            try training.prepare(for: batches)
        } catch {
            // Where the usual batch fits, the last one is too small.
            guard let last = batches.sizes.dropFirst().first, (try? training.plan(batch: batches.size)) != nil else {
                throw error
            }
            throw CommandFailure.failed(
                "the last batch of an epoch has \(last) of the \(batches.dataset.count) pictures: \(error) "
                    + "(--drop-last leaves it out, --batch N cuts others)")
        }
        do {
            try data.test?.check(for: training.network)
        } catch {
            throw CommandFailure.failed("\(printable(folder)): the pictures for testing do not fit: \(error)")
        }
        if batches.dataset.labels.min() == 1 {
            say("\(printable(folder)): labels count from 1, so that class 0 has no picture")
        }
    }

    /// Prints a line, beside the model where that goes to the standard output.
    private func say(_ line: String) {
        if out == Files.standard { Terminal.printError(line) } else { print(line) }
    }

    mutating func run() throws {
        Interrupt.watch()
        claim = try checkpoint.map { path throws(CommandFailure) in try Claim(path) }
        var profile: Profile?
        if isProfiled {
            training.observer = { plan, step in
                // A last batch that is shorter has a plan of its own.
                if profile == nil { profile = Profile(plan) }
                if profile?.plan === plan { profile?.observe(step: step) }
            }
        }
        var bar = ProgressBar(
            total: epochs * batches.dataset.count, unit: "images", printsToErrors: out == Files.standard)
        while batches.epoch < epochs { try runEpoch(&bar) }
        bar.clear()
        if saved != training.steps { try save() }
        if let out { try Files.writeSafely(try training.model(for: batches.dataset).serialized(), to: out) }
        Interrupt.unwatch()
        if let signal = Interrupt.signal { throw interrupted(by: signal) }
        if let test = data.test { say(report(try training.evaluate(test))) }
        if let profile {
            let limits = try Limits(options: training.options, seconds: 0.2)
            say(profile.text(profile.means, whole: profile.elapsed / Double(profile.runs), limits: limits))
        }
    }

    /// The rest of an epoch.
    private mutating func runEpoch(_ bar: inout ProgressBar) throws {
        let (epoch, start, done) = (batches.epoch, ContinuousClock.now, batches.position)
        while batches.epoch == epoch {
            let outcome: Training.Outcome
            do {
                outcome = try training.step(&batches)
            } catch {
                bar.clear()
                throw error
            }
            let sums = training.epochSums
            bar.update(
                done: batches.epoch * batches.dataset.count + batches.position, label: "epoch \(epoch + 1)/\(epochs)",
                // Short, so that a terminal of 80 columns has room for the bar.
                detail: "loss \(fixed(sums.meanLoss, 3))  acc \(percent(sums.correct, sums.count, digits: 1))")
            if batches.epoch > epoch {
                let speed = Double(sums.count - done) / max((ContinuousClock.now - start) / .seconds(1), 1e-9)
                bar.print(
                    "epoch \(epoch + 1)/\(epochs)  loss \(fixed(sums.meanLoss, 4))  "
                        + "accuracy \(percent(sums.correct, sums.count))  \(Int(speed)) images/s")
                // Before the checkpoint: what is behind a checkpoint's place is logged again, what is before it is not.
                try log?.add(epoch: epoch + 1, training, rate: outcome.learningRate)
            }
            let signal = Interrupt.signal
            if signal != nil || training.steps % every == 0 { try save() }
            if let signal, batches.epoch < epochs {
                bar.clear()
                throw interrupted(by: signal)
            }
        }
    }

    private mutating func save() throws {
        guard let claim else { return }
        try claim.write(try training.checkpoint(batches).serialized())
        saved = training.steps
    }

    private func interrupted(by signal: Int32) -> CommandFailure {
        .interrupted(
            by: signal,
            "interrupted after step \(training.steps), "
                + (checkpoint.map { "which --resume \(printable($0)) goes on from" }
                    ?? "of which nothing is saved without --checkpoint"))
    }

    /// `test accuracy 91.23 % (9123 of 10000)`, and how each class fared.
    private func report(_ evaluation: Evaluation) -> String {
        var table = Table(
            ["class", "accuracy", "right", "of", "most often taken for"],
            alignment: [.left, .right, .right, .right, .left])
        for (label, row) in evaluation.confusion.enumerated() where !row.isEmpty {
            let (count, right) = (row.values.reduce(0, +), row[label] ?? 0)
            let wrong = row.filter { $0.key != label }.max { ($0.value, $1.key) < ($1.value, $0.key) }
            table.add([
                data.className(label), percent(right, count), "\(right)", "\(count)",
                wrong.map { "\(data.className($0.key)) (\($0.value))" } ?? "",
            ])
        }
        return "test accuracy \(percent(evaluation.correct, evaluation.count)) "
            + "(\(evaluation.correct) of \(evaluation.count))\n" + table.text
    }

    private func percent(_ part: Int, _ whole: Int, digits: Int = 2) -> String {
        fixed(100 * Double(part) / Double(max(1, whole)), digits) + " %"
    }
}
