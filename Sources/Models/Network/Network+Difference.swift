import AdjointGraphs
import AdjointJSON

extension Network {
    /// Throws where the JSON of a network computes anything else than this one, and names the first place where it does.
    ///
    /// The networks' names make no difference. Functions of the program are compared by their names.
    ///
    /// - Parameter stored: the JSON; nil where none was stored.
    func checkSame(as stored: String?) throws(ArgumentError) {
        let own = encoded()
        guard let stored else {
            throw ArgumentError("checkpoint", Checkpoint.model, expected: "a network", given: "none")
        }
        let other: JSON
        do throws(JSONError) { other = try JSON(parsing: Array(stored.utf8)) } catch {
            throw ArgumentError(
                "checkpoint", "\(Checkpoint.model), \(error.place)", expected: error.expected, given: error.given)
        }
        guard let (path, expected, given) = difference(unnamed(own), unnamed(other), "") else { return }
        throw ArgumentError("checkpoint", "the network's \(path)", expected: expected, given: given)
    }
}

private func unnamed(_ document: JSON) -> JSON {
    guard var members = document.object else { return document }
    members["name"] = nil
    return .object(members)
}

/// The first place where two values differ, and both values there.
private func difference(_ own: JSON?, _ other: JSON?, _ path: String) -> (path: String, own: String, other: String)? {
    switch (own, other) {
    case (.object(let first), .object(let second)):
        let names = first.members.map { $0.name } + second.members.map { $0.name }.filter { first[$0] == nil }
        for name in names {
            let place = path.isEmpty ? name : path + "." + name
            if let found = difference(first[name], second[name], place) { return found }
        }
        return nil
    case (.array(let first), .array(let second)):
        for place in 0..<max(first.count, second.count) {
            let found = difference(
                place < first.count ? first[place] : nil, place < second.count ? second[place] : nil,
                path + "[\(place)]")
            if let found { return found }
        }
        return nil
    default:
        if own == other { return nil }
        if let first = own?.number, let second = other?.number, first == second { return nil }
        return (
            path, own.map { abbreviated($0.serialized()) } ?? "none",
            other.map { abbreviated($0.serialized()) } ?? "none"
        )
    }
}
