import AdjointGraphs
import AdjointPlans

/// The distribution of a training step's time over layers and their parts.
struct Profile {
    let plan: Plan
    private let clock = ContinuousClock()
    private var start, last: ContinuousClock.Instant
    /// The seconds of each kernel's work in the fastest run (the fastest work of each kernel over all runs would be too good to
    /// be true together); `sums` are those of all runs.
    var best: [Double] { runs > 0 && current.reduce(0, +) < fastest.reduce(0, +) ? current : fastest }
    private(set) var sums: [Double]
    /// The times of the fastest of the runs before the present one.
    private var fastest: [Double]
    private var current: [Double]
    private(set) var runs = 0

    init(_ plan: Plan) {
        self.plan = plan
        (start, last) = (clock.now, clock.now)
        fastest = plan.report.steps.map { _ in .infinity }
        sums = plan.report.steps.map { _ in 0 }
        current = sums
    }

    /// Takes the time of a kernel's work: the callback of `Plan.execute(observing:)`.
    mutating func observe(step: Int?) {
        let now = clock.now
        if let step {
            let seconds = Timing.seconds(now - last)
            current[step] += seconds
            sums[step] += seconds
        } else {
            if runs == 0 { start = now }
            fastest = best
            runs += 1
            for step in current.indices { current[step] = 0 }
        }
        last = clock.now
    }

    /// The seconds from the start of the first run to the end of the last, with what was done between them.
    var elapsed: Double { Timing.seconds(last - start) }

    var means: [Double] { sums.map { $0 / Double(max(1, runs)) } }
}

extension Profile {
    /// A part of a layer's work in a step.
    enum Part: String, CaseIterable {
        case forward
        /// What the layers before it need: the gradient of the layer's input, and all that this depends on.
        case input = "dX"
        /// The rest of the layer's gradient: that of its parameters.
        case parameters = "dW"
    }

    /// The time and the work of one part of a layer.
    struct Row: Equatable {
        let layer: String
        let part: Part
        /// The other layers whose values the same kernels compute.
        var others: [String] = []
        var kernels: [String] = []
        var seconds = 0.0
        var operations = 0
        var bytes = 0
        /// The fewest seconds for its operations, and those for moving its bytes.
        var arithmetic = 0.0
        var movement = 0.0
        /// The fewest seconds for both, which overlap within a kernel.
        var limit = 0.0
    }

    /// Rows in the order of the network, the parts of a layer together. A kernel that computes several nodes counts for
    /// the layer that multiplies most: that of a convolution or a matrix product, else of the last node.
    ///
    /// - Parameter seconds: the time of each kernel's work.
    func rows(_ seconds: [Double], limits: Limits) -> [Row] {
        let graph = plan.graph
        let parts = graph.parts
        var rows: [Row] = []
        for (step, seconds) in zip(plan.report.steps, seconds) {
            guard let root = step.nodes.last else { continue }
            let main = step.nodes.last { graph.nodes[$0].primitive.multipliesMatrices } ?? root
            let (layer, part) = (graph.origins[main]?.name ?? "other", parts[main])
            let place = rows.firstIndex { $0.layer == layer && $0.part == part } ?? rows.count
            if place == rows.count { rows.append(Row(layer: layer, part: part)) }
            for node in step.nodes {
                guard let other = graph.origins[node]?.name, other != layer else { continue }
                if !rows[place].others.contains(other) { rows[place].others.append(other) }
            }
            if !rows[place].kernels.contains(step.kernel) { rows[place].kernels.append(step.kernel) }
            rows[place].seconds += seconds
            rows[place].operations += step.operations
            rows[place].bytes += step.bytes
            let (arithmetic, movement) = (limits.arithmetic(step.operations), limits.movement(step.bytes))
            rows[place].arithmetic += arithmetic
            rows[place].movement += movement
            rows[place].limit += max(arithmetic, movement)
        }
        var layers: [String] = []
        for row in rows where !layers.contains(row.layer) { layers.append(row.layer) }
        return layers.flatMap { layer in
            Part.allCases.flatMap { part in rows.filter { $0.layer == layer && $0.part == part } }
        }
    }
}

extension Graph {
    /// The part of its layer that each node belongs to. A node of a gradient is for the layers before it if one of their
    /// gradients depends on it.
    var parts: [Profile.Part] {
        var needed = nodes.map { _ in false }
        for (index, node) in nodes.enumerated().reversed() {
            for operand in node.operands {
                guard let origin = origins[operand], origin.isGradient else { continue }
                if let user = origins[index], !user.isGradient { continue }
                let isOther = origins[index].map { $0.name != origin.name } ?? false
                needed[operand] = needed[operand] || isOther || needed[index]
            }
        }
        return nodes.indices.map { index in
            origins[index]?.isGradient == true ? (needed[index] ? .input : .parameters) : .forward
        }
    }
}

extension Primitive {
    fileprivate var multipliesMatrices: Bool {
        switch self {
        case .convolution, .contraction: true
        default: false
        }
    }
}
