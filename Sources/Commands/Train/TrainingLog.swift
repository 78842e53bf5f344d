import AdjointGraphs
import AdjointModels

/// A line of CSV for each epoch: the same bytes for the same run, however often it was interrupted.
struct TrainingLog {
    private let path: String
    private var rows = ["epoch,step,loss,accuracy,learning_rate"]

    /// - Parameter epochs: how many epochs of an existing log are kept; a new run keeps none.
    /// - Throws: where the file is something else, which would be lost.
    init(_ path: String, keeping epochs: Int) throws {
        self.path = path
        guard epochs > 0, Files.exists(path) else { return }
        let lines = String(decoding: try Files.read(path), as: UTF8.self).split { $0.isNewline }
        // Older logs have more columns, with times.
        let columns = rows[0].split(separator: ",").count
        let known = lines.map { $0.split(separator: ",").prefix(columns).joined(separator: ",") }
        guard known.first ?? rows[0] == rows[0] else {
            throw CommandFailure.failed(
                "\(printable(path)): expected a log that begins with \(rows[0]), given \(shortened(String(lines[0])))")
        }
        rows += known.dropFirst().filter { row in
            Int(row.prefix { $0 != "," }).map { (1...epochs).contains($0) } ?? false
        }
    }

    mutating func add(epoch: Int, _ training: Training, rate: Double) throws {
        let sums = training.epochSums
        rows.append("\(epoch),\(training.steps),\(sums.meanLoss),\(sums.accuracy),\(rate)")
        try Files.writeSafely(Array((rows.joined(separator: "\n") + "\n").utf8), to: path)
    }
}
