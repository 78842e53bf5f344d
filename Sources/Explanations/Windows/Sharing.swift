import AdjointGradients
import AdjointGraphs

extension Explanation {
    /// For each weight the group of positions that it meets: the terms of its derivative.
    ///
    /// Each of up to eight taps has a colour, a hatch and a label; of more taps only the selected one is shown.
    ///
    /// - Parameters:
    ///   - selection: an element of W; of anything else, the first weight is shown.
    ///   - values: numbers for V, W and ∂G, where they are known.
    /// - Throws: an error that names what does not fit.
    public static func sharing(
        of layer: LayerGeometry, selecting selection: Selection, values: [String: Tensor] = [:],
        words: Words = .english
    ) throws(ArgumentError) -> [Section] {
        let sliding = try Sliding(of: layer, words)
        _ = try sliding.index(of: selection)
        guard sliding.convolution != nil, let shape = sliding.shapes["W"], shape.count > 0 else { return [] }
        let selected = selection.name == "W" ? selection : Selection("W", at: 0)
        let count = Shape(sliding.taps).count
        let start = selected.place / count * count
        let isSmall = count <= 8 && sliding.planeRanges.reduce(1) { $0 * $1.count } <= 100
        var groups: [SharedGroup] = []
        for place in isSmall ? Array(start..<start + count) : [selected.place] {
            let tap = Array(shape.index(of: place).dropFirst(2))
            let weight = Selection("W", at: place)
            let links = sliding.links(of: weight)
            groups.append(
                SharedGroup(
                    name: sliding.name("W", place), derivative: sliding.name(of: weight),
                    color: sliding.color(of: tap), tap: tap,
                    // Of many only the first are told.
                    met: links.prefix(isSmall ? .max : 7).map { sliding.name(sliding.field, sliding.place(of: $0)) },
                    links: links))
        }
        let lines = groups.map { group -> Block in
            let count = group.links.count
            let met = joined(Array(group.met.prefix(6))) + (count > 6 ? ", …" : "")
            return .line(
                filled(count == 1 ? words.meetsOne : words.meetsSome, [group.name, "\(count)", sliding.field, met]))
        }
        return [
            Section(
                words.sharing, view: .sharing,
                lines + [.picture(isSmall ? sliding.sharingPicture(groups) : sliding.sharingPicture(groups[0], values))]
            )
        ]
    }
}

/// A weight and the elements that it meets.
struct SharedGroup {
    let name: String
    let derivative: String
    let color: Int
    let tap: [Int]
    /// The elements of the field over which the windows slide.
    let met: [String]
    let links: [Link]
}
