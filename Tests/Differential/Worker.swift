import Foundation

/// Runs cases one after the other, and prints a line before and after each.
struct Worker {
    let options: DifferentialOptions

    init(_ options: DifferentialOptions) { self.options = options }

    struct Verdict {
        var isRight: Bool
        var line: String
    }

    func run() {
        let end = ContinuousClock.now + .seconds(options.minutes * 60)
        var number = options.first
        while options.cases.map({ number < $0 }) ?? (ContinuousClock.now < end) {
            let given = options.caseNumber(number)
            say("BEGIN \(number) \(given.json)")
            let verdict = Self.judge(given)
            say(verdict.line)
            if !verdict.isRight { return }
            number += 1
        }
        say("END")
    }

    static func judge(_ given: Case) -> Verdict {
        do {
            let problem = try given.problem()
            var trial = try Trial(problem, seed: given.seed)
            var dice = Dice(seed: given.seed &+ 77)
            try trial.run(dice.settings(given.kind))
            return Verdict(
                isRight: true,
                line: "OK \(given.kind.rawValue) \(trial.summed) \(trial.compared) "
                    + trial.met.sorted().joined(separator: "|"))
        } catch let difference as Difference {
            return Verdict(isRight: false, line: "FAIL \(difference)")
        } catch {
            return Verdict(isRight: true, line: "SKIP \(given.kind.rawValue) \(error)")
        }
    }
}
