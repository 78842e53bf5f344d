/// The name that was probably meant by a word: one that at most two changes of a letter turn into the word.
package func nearest(_ word: String, among names: [String]) -> String? {
    let found = names.min { distance($0, word) < distance($1, word) }
    return found.flatMap { distance($0, word) <= 2 ? $0 : nil }
}

/// The fewest letters to insert, remove or replace that make one word the other (Wagner and Fischer 1974).
private func distance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    // The distances from a prefix of the first word to every prefix of the second.
    var row = Array(0...second.count)
    for (count, letter) in first.enumerated() {
        var next = [count + 1]
        for (position, other) in second.enumerated() {
            next.append(min(row[position] + (letter == other ? 0 : 1), row[position + 1] + 1, next[position] + 1))
        }
        row = next
    }
    return row[second.count]
}
