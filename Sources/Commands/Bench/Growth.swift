import AdjointModels
import AdjointPlans

/// The growth of a training step's time with the amount of computation.
extension Bench {
    func growth() throws {
        let limit = try limit()
        let batches = (0...9).map { 1 << $0 }
        for name in ["lenet5", "cifar"] {
            let network = try Model(name).network
            try growth("\(name), batch", batches.map { ($0, network, $0) }, limit: limit)
        }
        let batch = 4
        let widths = try [16, 32, 64, 96, 128, 256].map { width in
            (width, try Zoo.resnet18(width: width), batch)
        }
        try growth("resnet18 of batch \(batch), width", widths, limit: limit)
    }

    /// Measures each network at its batch, and fits a line to the times.
    private func growth(_ title: String, _ cases: [(size: Int, network: Network, batch: Int)], limit: Double) throws {
        var table = Table(
            ["size", "GFLOP", "time", "GFLOP/s", "of limit", "fit"],
            alignment: [.right, .right, .right, .right, .right, .right])
        var points: [(x: Double, t: Double)] = []
        for (_, network, batch) in cases {
            let plan = try training(network).plan(batch: batch)
            let timing = Timing(seconds: seconds / 4) { plan.execute() }
            points.append((3 * Double(network.flops) * Double(batch), timing.best))
        }
        guard let fit = Fit(points) else { return }
        for (point, item) in zip(points, cases) {
            let rate = point.x / point.t / 1e9
            table.add([
                "\(item.size)", fixed(point.x / 1e9, 4), time(point.t), fixed(rate, 1),
                fixed(100 * rate / limit, 0) + " %", time(fit(point.x)),
            ])
        }
        write("\(title): training steps, multiply-add limit \(fixed(limit, 1)) GFLOP/s")
        write(table.text)
        write(
            "t = \(time(fit.intercept)) + FLOP ∕ \(fixed(1 / fit.slope / 1e9, 1)) GFLOP/s,  "
                + "R² = \(fixed(fit.determination, 4)), no point further off than \(fixed(100 * fit.deviation, 0)) %\n")
        write(fit.picture() + "\n")
    }
}
