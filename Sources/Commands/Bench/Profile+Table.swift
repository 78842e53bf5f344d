extension Profile {
    /// One row for each part of each layer, then the parts of all layers together.
    ///
    /// `bound` is `compute` or `memory`, whichever limits a part; `of limit` is the share of that limit. More than 100 % are
    /// possible: an algorithm may multiply less than the layer's definition, and caches may hold more than expected.
    ///
    /// - Parameters:
    ///   - seconds: the time of each kernel's work.
    ///   - whole: the seconds of a whole step, from which follows the time outside of kernels.
    func text(_ seconds: [Double], whole: Double, limits: Limits) -> String {
        let rows = rows(seconds, limits: limits)
        var table = Table(
            ["layer", "part", "ms", "share", "GFLOP/s", "GB/s", "bound", "of limit", "kernels"],
            alignment: [.left, .left, .right, .right, .right, .right, .left, .right, .left])
        var layer: String?
        for row in rows {
            let shown = row.others.count > 4 ? row.others.prefix(3) + ["\(row.others.count - 3) more"] : row.others[...]
            let others = shown.isEmpty ? "" : " (with " + shown.joined(separator: ", ") + ")"
            let part = row.layer == "optimizer" ? "" : row.part.rawValue
            table.add(
                [row.layer == layer ? "" : row.layer, part] + row.figures(of: whole)
                    + [row.kernels.joined(separator: ", ") + others])
            layer = row.layer
        }
        for total in totals(rows) where total.seconds > 0 {
            table.add([total.layer, ""] + total.figures(of: whole) + [""])
        }
        let kernels = seconds.reduce(0, +)
        let memory = limits.memory.map { "\(fixed($0.rate, 0)) in \(fixed($0.bytes / 1e6, 1)) MB" }
        return table.text + "\n" + """
            step \(fixed(whole * 1e3, 3)) ms: \(seconds.count) kernels \(fixed(kernels * 1e3, 3)) ms, \
            the rest \(fixed(max(0, whole - kernels) * 1e3, 3)) ms
            limits of this run: \(fixed(limits.multiplyAdd, 1)) GFLOP/s; GB/s \(memory.joined(separator: ", "))
            """
    }

    /// Totals of the parts over all layers, with the loss but without the optimizer, and of everything.
    private func totals(_ rows: [Row]) -> [Row] {
        let parts = Part.allCases.map { part in
            sum("all " + part.rawValue, rows.filter { $0.part == part && $0.layer != "optimizer" })
        }
        return parts + [sum("all kernels", rows)]
    }

    private func sum(_ name: String, _ rows: [Row]) -> Row {
        rows.reduce(into: Row(layer: name, part: .forward)) { sum, row in
            sum.seconds += row.seconds
            sum.operations += row.operations
            sum.bytes += row.bytes
            sum.arithmetic += row.arithmetic
            sum.movement += row.movement
            sum.limit += row.limit
        }
    }
}

extension Profile.Row {
    /// The columns from `ms` to `of limit`.
    fileprivate func figures(of whole: Double) -> [String] {
        [
            fixed(seconds * 1e3, whole < 1e-3 ? 4 : 3), fixed(100 * seconds / whole, 1) + " %",
            fixed(Double(operations) / seconds / 1e9, 1), fixed(Double(bytes) / seconds / 1e9, 1),
            arithmetic > movement ? "compute" : "memory", fixed(100 * limit / seconds, 0) + " %",
        ]
    }
}
