import AdjointPlans
import Foundation

/// Starts workers, counts their cases, and makes a failing case small.
struct Search {
    private let options: DifferentialOptions
    private let start = ContinuousClock.now
    private var counts: [String: Int] = [:]
    private var skipped: [String: Int] = [:]
    private var summed = 0
    private var compared = 0
    private var met: Set<String> = []
    /// The numbers of cases by table.
    private var tables: [String: Int] = [:]
    private var lastReport = ContinuousClock.now
    /// The time at which it ends, and the number of the next case.
    private var (limit, next): (Double, Int)

    /// The time in seconds after which a case is taken to hang.
    private static let patience = 240.0

    init(_ options: DifferentialOptions) {
        self.options = options
        (limit, next) = (options.cases == nil ? options.minutes : .infinity, options.first)
    }

    /// - Returns: whether no failure was found.
    mutating func run() throws -> Bool {
        say("differential: seed \(options.seed), kernels \(Machine.kernels.joined(separator: ", "))")
        var found = 0
        while found < options.failures {
            guard let failure = try go() else {
                // For optimizations that few cases have, it goes on, half a minute at a time and at most as long again.
                guard found == 0, !missing.isEmpty, limit < 2 * options.minutes else { break }
                limit += 0.5
                continue
            }
            found += 1
            say("case \(failure.number) of seed \(options.seed) fails after \(minutes) minutes: \(failure.reason)")
            say("  \(failure.json)")
            let (small, reason) = try smallest(Case(json: failure.json), failure.reason)
            say("smallest that still fails: \(reason)")
            say("  differential case '\(small.json)'")
        }
        say("differential: \(summary) in \(minutes) minutes; \(summed) elements summed alone, \(compared) compared")
        for (table, count) in tables.sorted(by: { $0.key < $1.key }) { say("  \(table): \(count) cases") }
        let skips = skipped.values.reduce(0, +)
        if skips > counts.values.reduce(0, +) / 10 {
            say("differential: \(skips) cases could not be built: \(skipped)")
            return false
        }
        if !missing.isEmpty { say("differential: no case met \(missing.joined(separator: ", "))") }
        return missing.isEmpty && found == 0
    }

    /// The optimizations that a long run must have and has not.
    private var missing: [String] {
        // A slow machine may run too few cases.
        let isLong = counts.values.reduce(0, +) >= 100
        return options.needsCoverage && isLong ? Self.optimizations.filter { !met.contains($0) } : []
    }

    private struct Failure {
        let number: Int
        let json: String
        let reason: String
    }

    /// Follows one worker to its end or to the first failure.
    private mutating func go() throws -> Failure? {
        let left = limit - (ContinuousClock.now - start) / .seconds(60)
        guard left > 0, options.cases.map({ next < $0 }) ?? true else { return nil }
        let child = try Child(arguments(from: next, minutes: left))
        var current: (number: Int, json: String)?
        var reason: String?
        var isEnded = false
        while let line = child.line(patience: Self.patience) {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            switch words.first {
            case "BEGIN":
                current = (Int(words[1]) ?? 0, words[2])
                next = (Int(words[1]) ?? 0) + 1
            case "OK": count(line)
            case "SKIP": skipped[words[1], default: 0] += 1
            case "FAIL": reason = String(line.dropFirst(5))
            case "END": isEnded = true
            default: break
            }
            if ContinuousClock.now - lastReport > .seconds(30) {
                lastReport = .now
                say("  \(minutes) minutes: \(summary)")
            }
        }
        if reason == nil, !isEnded { reason = child.ending }
        guard let reason, let current else { return nil }
        return Failure(number: current.number, json: current.json, reason: reason)
    }

    /// Every optimization of a plan.
    private static let optimizations = [
        "winograd 4 output", "winograd 4 input", "winograd 4 filter", "winograd 2 output", "convolution output",
        "convolution input", "convolution filter", "depthwise output", "depthwise input", "depthwise filter",
        "contraction",
        "pointwise", "pointwise and sum", "sum", "prepared pack filter", "in registers", "turns", "recompute",
        "updates",
    ]

    private var minutes: String { String(format: "%.1f", (ContinuousClock.now - start) / .seconds(60)) }

    private var summary: String {
        Case.Kind.allCases.map { "\(counts[$0.rawValue] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
    }

    private mutating func count(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 4).map(String.init)
        guard words.count >= 4 else { return }
        counts[words[1], default: 0] += 1
        summed += Int(words[2]) ?? 0
        compared += Int(words[3]) ?? 0
        let marks = words.count > 4 ? words[4].split(separator: "|").map(String.init) : []
        met.formUnion(marks)
        for table in Machine.kernels where marks.contains(table) { tables[table, default: 0] += 1 }
    }

    private func arguments(from first: Int, minutes: Double) -> [String] {
        var arguments = ["worker", "--seed", "\(options.seed)", "--first", "\(first)"]
        arguments += options.cases.map { ["--cases", "\($0)"] } ?? ["--minutes", "\(minutes)"]
        if options.kinds.count == 1 { arguments += ["--kind", options.kinds[0].rawValue] }
        return arguments
    }

    /// Takes smaller cases as long as they fail, whatever the reason.
    private func smallest(_ given: Case, _ reason: String) throws -> (Case, String) {
        var (best, why) = (given, reason)
        let end = ContinuousClock.now + .seconds(options.shrinkingSeconds)
        var isSmaller = true
        var seen: Set<Case> = [given]
        while isSmaller {
            isSmaller = false
            for candidate in best.smaller where seen.insert(candidate).inserted && ContinuousClock.now < end {
                let child = try Child(["case", candidate.json])
                var verdict: String?
                while let line = child.line(patience: 30) { verdict = line }
                guard verdict?.hasPrefix("FAIL") == true || verdict == nil else { continue }
                (best, why) = (candidate, verdict.map { String($0.dropFirst(5)) } ?? child.ending)
                isSmaller = true
                break
            }
        }
        return (best, why)
    }
}

/// This program as a child process, whose lines are read as they come.
final class Child {
    private let process = Process()
    private let pipe = Pipe()
    private var buffer: [UInt8] = []
    private var isHanging = false

    init(_ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] = "enable=no"
        // Freed memory is filled, so that reading it is noticed.
        environment["MALLOC_PERTURB_"] = "213"
        process.environment = environment
        try process.run()
    }

    /// The next line; nil at the end, or where none comes for this many seconds.
    func line(patience: Double) -> String? {
        let deadline = ContinuousClock.now + .seconds(patience)
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return line
            }
            var descriptor = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            if poll(&descriptor, 1, 1000) > 0 {
                let data = pipe.fileHandleForReading.availableData
                if data.isEmpty { return nil }
                buffer += data
            } else if ContinuousClock.now > deadline {
                isHanging = true
                process.terminate()
                return nil
            }
        }
    }

    /// The way in which it ended, if it printed nothing.
    var ending: String {
        if isHanging { return "it hangs" }
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            ? "it ends with signal \(process.terminationStatus)" : "it ends with status \(process.terminationStatus)"
    }
}
