import AdjointGraphs
import AdjointJSON

/// How bytes become the numbers that a network takes: (byte∕255 − mean)∕deviation, for each channel or for all alike.
public struct Normalization: Hashable, Sendable {
    public let mean, deviation: [Float]

    /// - Parameters:
    ///   - mean, deviation: one number for all channels, or one for each; in units of byte∕255.
    public init(mean: [Float], deviation: [Float]) {
        (self.mean, self.deviation) = (mean, deviation)
    }

    /// The normalization that maps bytes to −1 … 1.
    public static let centered = Normalization(mean: [0.5], deviation: [0.5])

    /// The mean and the deviation of each channel of a set, so that its numbers have mean 0 and variance 1. The sums are
    /// sums of integers, and so the same on every machine.
    ///
    /// - Parameter shape: that of one sample; where the bytes are not a whole number of samples, they are only divided by 255.
    public init(measuring bytes: [UInt8], shape: Shape) {
        guard let count = shape.checkedCount, count > 0, bytes.count % count == 0, !bytes.isEmpty else {
            self.init(mean: [0], deviation: [1])
            return
        }
        let channels = shape.rank > 0 ? shape[0] : 1
        let plane = count / channels
        var mean: [Float] = []
        var deviation: [Float] = []
        for channel in 0..<channels {
            var (count, sum, squares) = (0, 0, 0)
            for start in stride(from: channel * plane, to: bytes.count, by: channels * plane) {
                for byte in bytes[start..<start + plane] {
                    sum += Int(byte)
                    squares += Int(byte) * Int(byte)
                }
                count += plane
            }
            let average = Double(sum) / Double(max(1, count))
            let variance = Double(squares) / Double(max(1, count)) - average * average
            mean.append(Float(average / 255))
            // A channel without variance is not scaled.
            deviation.append(variance > 0 ? Float(variance.squareRoot() / 255) : 1)
        }
        self.init(mean: mean, deviation: deviation)
    }
}

extension Normalization {
    /// The numbers as JSON: `{"mean": [0.13], "deviation": [0.31]}`.
    public func encoded() -> JSON {
        var members = JSON.Object()
        members["mean"] = .array(mean.map { .number(Double($0)) })
        members["deviation"] = .array(deviation.map { .number(Double($0)) })
        return .object(members)
    }

    /// - Throws: an error that names the member that is wrong.
    public init(_ document: JSON) throws(ArgumentError) {
        let root = JSONField(document)
        var numbers: [[Float]] = []
        do throws(JSONError) {
            for name in ["mean", "deviation"] {
                var row: [Float] = []
                for element in try root[name].elements() { row.append(Float(try element.number())) }
                numbers.append(row)
            }
        } catch {
            throw ArgumentError("normalization", error.place.description, expected: error.expected, given: error.given)
        }
        self.init(mean: numbers[0], deviation: numbers[1])
    }
}
