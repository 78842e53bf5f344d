import AdjointGraphs

/// A description of a plan's work, step by step.
public struct Report: Sendable, CustomStringConvertible {
    /// One step.
    public struct Line: Sendable {
        public let kernel: String
        public let detail: String
        /// The number of multiplications and additions.
        public let operations: Int
        /// The number of bytes read and written.
        public let bytes: Int
        /// Whether its roundings may differ from those of the defining sum (see `PlanOptions.isExact`).
        public let isInexact: Bool
        /// Whether it runs before the first run, and again only when the state has changed.
        public let isPrepared: Bool
        /// The nodes of the plan's graph that it computes, the last one last.
        public let nodes: [Int]
    }

    public let table: String
    public let threads: Int
    public let arenaBytes: Int
    /// The number of jobs, which workers do one after the other: independent small steps are one job.
    public let jobs: Int
    public let steps: [Line]

    /// A heading, then a line for each step.
    public var description: String {
        let total = steps.reduce(0) { $0 + $1.operations }
        var lines = [
            "plan: \(steps.count) steps in \(jobs) jobs, \(quantity(total))FLOP, arena \(quantity(arenaBytes))B, "
                + "kernels \(table), \(threads) thread" + (threads == 1 ? "" : "s")
        ]
        for (number, step) in steps.enumerated() {
            lines.append(
                column("\(number)", 4) + column(step.kernel, 20) + column(quantity(step.operations) + "FLOP", 12)
                    + column(quantity(step.bytes) + "B", 10) + step.detail
                    + (step.isInexact ? ", inexact" : "") + (step.isPrepared ? ", once" : ""))
        }
        return joined(lines, by: "\n")
    }

    private func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// A count with three digits and a prefix: 1.23 M, 45.6 k, 789 .
    private func quantity(_ count: Int) -> String {
        var number = Double(count)
        var prefix = 0
        let prefixes = [" ", " k", " M", " G", " T"]
        while number >= 1000, prefix < prefixes.count - 1 {
            number /= 1000
            prefix += 1
        }
        let scale = prefix == 0 || number >= 100 ? 1.0 : number >= 10 ? 10.0 : 100.0
        return shortest((number * scale).rounded() / scale) + prefixes[prefix]
    }
}

extension Plan: CustomStringConvertible {
    public var description: String { report.description }
}

extension Report.Line {
    init(_ step: PendingStep, isPrepared: Bool) {
        self.init(
            kernel: step.kernel, detail: step.detail, operations: step.operations, bytes: step.bytes,
            isInexact: step.isInexact, isPrepared: isPrepared, nodes: step.nodes)
    }
}
