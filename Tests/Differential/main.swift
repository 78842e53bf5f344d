import AdjointGraphs
import AdjointPlans
import Foundation

// Searches for wrong numbers: random layers, chains and networks, compiled in every way, against sums computed alone by the
// definition, against the plainest plan, and against each other.
//
//     differential [--seed N] [--cases N | --minutes M] [--kind layers|chains|networks] [--failures N]
//                  [--shrinking SECONDS] [--coverage]
//     differential case JSON

/// Writes a line at once, for programs that follow the output.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

do {
    let options = try DifferentialOptions(Array(CommandLine.arguments.dropFirst()))
    switch options.mode {
    case .search:
        var search = Search(options)
        exit(try search.run() ? 0 : 1)
    case .worker: Worker(options).run()
    case .single(let json):
        let verdict = Worker.judge(try Case(json: json))
        say(verdict.line)
        exit(verdict.isRight ? 0 : 1)
    }
} catch {
    FileHandle.standardError.write(Data("differential: \(error)\n".utf8))
    exit(2)
}
