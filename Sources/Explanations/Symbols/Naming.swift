import AdjointGraphs

/// The form of elements' names.
public enum Naming: Hashable, Sendable {
    /// W1, W2, …: row by row from 1.
    case numbered
    /// W[0,0,0,0], …: one index for every axis, from 0.
    case indexed
    /// Numbers that continue, row by row, after those given for letters: for several layers with the same letters.
    case counted(after: [String: Int])

    /// The shorter names where batch, channels and filters of every tensor are 1, so that only positions need numbers.
    package init(for shapes: [Shape]) {
        self = shapes.allSatisfy { $0.sizes.prefix(2).allSatisfy { $0 == 1 } } ? .numbered : .indexed
    }

    /// The row-major place of the element with this name.
    package func place(of name: Name, in shape: Shape) -> Int? {
        switch name.index {
        case .none: shape.rank == 0 ? 0 : nil
        case .number(let number):
            if case .counted(let numbers) = self { number - 1 - (numbers[name.letter] ?? 0) } else { number - 1 }
        case .axes(let axes): shape.place(of: axes)
        }
    }

    /// The name of the element at a row-major place of a tensor.
    public func name(_ letter: String, at place: Int, of shape: Shape) -> Name {
        if shape.rank == 0 { return Name(letter) }
        switch self {
        case .numbered: return Name(letter, .number(place + 1))
        case .counted(let numbers): return Name(letter, .number(place + 1 + (numbers[letter] ?? 0)))
        case .indexed: return Name(letter, .axes(shape.index(of: place)))
        }
    }
}
