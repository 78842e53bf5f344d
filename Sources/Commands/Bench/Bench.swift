import AdjointGradients
import AdjointGraphs
import AdjointModels
import AdjointPlans

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The measurements of `adjoint bench`. Lines are like those of other frameworks' scripts: model FLOPs are 2·MACs forward and
/// three times that for a training step; the multiply-add limit of the CPU is measured in the same run.
struct Bench {
    let options: PlanOptions
    /// The time for which each figure is measured, in seconds.
    var seconds = 2.0
    let write: (String) -> Void

    var kernels: Field { .text((try? Machine.kernels(named: options.cpu)) ?? "none") }
    var threads: Field { .count(options.workers.threads) }

    func limit() throws -> Double { try Limits.multiplyAdd(options: options) }

    /// The limits of the machine: multiply-adds, and the rate of its memory for a = b + s·c.
    func limits() throws {
        let limits = try Limits(options: options, seconds: seconds)
        write(
            benchmarkLine(
                "limits",
                [
                    ("kind", "fma"), ("threads", threads), ("kernels", kernels),
                    ("gflops", .number(limits.multiplyAdd)),
                ]))
        for (bytes, rate) in limits.memory {
            write(
                benchmarkLine(
                    "limits",
                    [
                        ("kind", "triad"), ("threads", threads), ("mib", .number(bytes / 3 / 1024 / 1024)),
                        ("gbs", .number(rate)),
                    ]))
        }
    }

    /// Every different convolution of a network, in its three roles.
    func convolutions(_ network: Network, batch: Int) throws {
        let limit = try limit()
        write(benchmarkLine("limits", [("kind", "fma"), ("threads", threads), ("gflops", .number(limit))]))
        for layer in try Self.layers(of: network) {
            let graph = try Graph { g in
                let x = g.input("x", Shape([batch] + layer.input))
                let w = g.input("w", Shape([layer.filters, layer.input[0] / layer.groups] + layer.kernel))
                let y = x.convolved(
                    with: w, stride: PerAxis(layer.stride),
                    padding: .sides(before: layer.before, after: layer.after), groups: layer.groups)
                return (y * y).sum()
            }
            let plan = try graph.valueAndGradient(of: ["x", "w"]).compiled(options: options)
            let forward = try Self.time(plan, role: "output", seconds: seconds / 4)
            let input = try Self.time(plan, role: "input", seconds: seconds / 4)
            let filter = try Self.time(plan, role: "filter", seconds: seconds / 4)
            let flops = Double(batch) * Double(layer.flops) / 1e9
            write(
                benchmarkLine(
                    "conv",
                    [
                        ("net", .text(network.name)), ("batch", .count(batch)), ("layer", .text(layer.name)),
                        ("n", .count(layer.count)), ("gf", .number(flops)),
                        ("fwd_ms", .number(forward * 1e3)), ("dx_ms", .number(input * 1e3)),
                        ("dw_ms", .number(filter * 1e3)), ("fwd", .number(flops / forward)),
                        ("dx", .number(flops / input)), ("dw", .number(flops / filter)),
                        ("fwd_share", .number(flops / forward / limit)), ("dx_share", .number(flops / input / limit)),
                        ("dw_share", .number(flops / filter / limit)),
                    ]))
        }
    }

    /// The gradient of the 3x3 / 2x2 example, which measures the cost of a call.
    func small() throws {
        let graph = try Graph { g in
            let x = g.input("x", [1, 1, 3, 3])
            let w = g.input("w", [1, 1, 2, 2])
            return (x.convolved(with: w) - 1).squared().sum()
        }
        let plan = try graph.gradient(of: "x", "w").compiled(
            options: PlanOptions(workers: options.workers, cpu: options.cpu))
        let (x, w) = (try plan.floats(input: "x"), try plan.floats(input: "w"))
        x.withElements { memory in for place in 0..<9 { memory[place] = Float(place + 1) } }
        w.withElements { memory in for place in 0..<4 { memory[place] = 0.1 * Float(place + 1) } }
        let calls = 1000
        let timing = Timing(seconds: seconds) { for _ in 0..<calls { plan.execute() } }
        let gradient = try plan.floats(output: "∂w").withElements { $0[0] }
        write(
            benchmarkLine(
                "small_op",
                [
                    ("fw", "adjoint"), ("ver", .text(version)), ("kernels", kernels),
                    ("us_best", .number(timing.best / Double(calls) * 1e6)),
                    ("us_med", .number(timing.median / Double(calls) * 1e6)), ("gw0", .number(Double(gradient))),
                ]))
    }

    /// The seconds that a plan's steps of one role take together, those that pack and combine included.
    private static func time(_ plan: Plan, role: String, seconds: Double) throws -> Double {
        let kernels = plan.report.steps.map { $0.kernel }
        // A step that packs belongs to the step after it.
        let isCounted = kernels.indices.map { index in
            kernels[index].hasSuffix(role)
                || (kernels[index] == "pack filter" && index + 1 < kernels.count && kernels[index + 1].hasSuffix(role))
        }
        let clock = ContinuousClock()
        var best = Double.infinity
        _ = Timing(seconds: seconds) {
            var sum = 0.0
            var last = clock.now
            plan.execute { step in
                let now = clock.now
                if let step, isCounted[step] { sum += Timing.seconds(now - last) }
                last = clock.now
            }
            best = min(best, sum)
        }
        return best
    }

    private struct Layer {
        let name: String
        let input, kernel, stride, before, after: [Int]
        let filters, groups, flops: Int
        var count = 1
    }

    /// The peak of resident memory, in megabytes.
    static var peakMemory: Double {
        var usage = rusage()
        getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}

extension Bench {
    /// The different convolutions of a network, with how often each occurs.
    private static func layers(of network: Network) throws -> [Layer] {
        var layers: [Layer] = []
        var shapes = [network.inputName: network.input]
        for (index, step) in network.steps.enumerated() {
            defer { shapes[step.output] = network.shapes[index] }
            guard let f = step.operation.filtering, !f.kernel.isEmpty, !f.isTransposed,
                let input = shapes[step.inputs[0]]
            else { continue }
            let sizes = f.kernel.map { "\($0)" }.joined(separator: "x")
            let name = "\(input[0])->\(f.filters)_k\(sizes)s\(f.stride[0])g\(f.groups)_\(input.sizes.last ?? 0)"
            if let known = layers.firstIndex(where: { $0.name == name }) {
                layers[known].count += 1
                continue
            }
            layers.append(
                Layer(
                    name: name, input: input.sizes, kernel: f.kernel, stride: f.stride, before: f.before,
                    after: f.after, filters: f.filters, groups: f.groups, flops: network.counts[index].flops))
        }
        return layers
    }
}
