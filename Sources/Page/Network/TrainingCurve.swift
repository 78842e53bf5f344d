/// The values of a number over the steps of a training, in a bounded number of points: when there are too many, each two
/// become their mean.
package struct TrainingCurve: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        /// The last of the steps whose mean the point is.
        package var step: Int
        package var value: Double
    }

    package private(set) var points: [Point] = []
    /// The number of values in the mean of a point.
    private var width = 1
    private var (count, sum) = (0, 0.0)

    package static let limit = 200

    init() {}

    init(startingAt value: Double) { add(value, at: 0) }

    mutating func add(_ value: Double, at step: Int) {
        count += 1
        sum += value
        guard count == width else { return }
        points.append(Point(step: step, value: sum / Double(width)))
        (count, sum) = (0, 0)
        guard points.count == TrainingCurve.limit else { return }
        width *= 2
        points = stride(from: 0, to: points.count, by: 2).map { place in
            Point(step: points[place + 1].step, value: (points[place].value + points[place + 1].value) / 2)
        }
    }
}
