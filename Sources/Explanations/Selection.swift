import AdjointGraphs

/// One element of a layer's V, W, B or G.
public struct Selection: Hashable, Sendable {
    /// `V`, `W`, `B`, or `G` for the output.
    public let name: String
    /// The row-major place in the tensor.
    public let place: Int

    public init(_ name: String, at place: Int) {
        (self.name, self.place) = (name, place)
    }
}

extension Selection {
    /// Reads `W1` (row by row from 1) or `w[0,0,1,1]` (an index for every axis, from 0), in letters of either case.
    ///
    /// - Parameter shapes: the shapes of the tensors with elements, by name.
    /// - Throws: an error that says which elements there are.
    public init(parsing text: String, among shapes: [String: Shape]) throws(ArgumentError) {
        func error(_ expected: String) -> ArgumentError {
            ArgumentError("selection", "element", expected: expected, given: "\"\(text)\"")
        }
        let bytes = Array(text.utf8)
        let names = shapes.keys.sorted()
        guard let first = bytes.first, let letter = names.first(where: { $0.utf8.elementsEqual([first & 0xDF]) }),
            let shape = shapes[letter]
        else { throw error("one of " + joined(names) + " with a number or an index, as in V1 or V[0,0,0,0]") }
        let rest = bytes.dropFirst()
        var place: Int?
        if rest.first == UInt8(ascii: "["), rest.last == UInt8(ascii: "]") {
            let parts = rest.dropFirst().dropLast().split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            let index = parts.compactMap { part in
                Int(String(decoding: part.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self))
            }
            place = index.count == parts.count ? shape.place(of: index) : nil
        } else if let number = Int(String(decoding: rest, as: UTF8.self)), number >= 1, number <= shape.count {
            place = number - 1
        }
        guard let place else {
            let last = joined(shape.sizes.map { String($0 - 1) }, by: ",")
            throw error("one of \(letter)1 to \(letter)\(shape.count), or \(letter)[…] up to \(letter)[\(last)]")
        }
        self.init(letter, at: place)
    }
}
