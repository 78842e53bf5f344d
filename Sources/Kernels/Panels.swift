// How the columns of a group are cut into panels, one after the other:
//
//     columns, rounded up to vectors   | 4 vectors | 4 vectors | … | 2 | 1 |
//     packed: a panel of width w is    depth × w floats, row after row

#if LANES512 || arch(arm64)
    /// Vectors in the widest panel: with six rows it fills 24 of 32 registers.
    @inline(__always) var widestPanel: Int { 4 }
#else
    /// Vectors in the widest panel: with six rows it fills 12 of 16 registers.
    @inline(__always) var widestPanel: Int { 2 }
#endif

/// Vectors that hold so many columns.
@inline(__always)
func vectorCount(_ columns: Int) -> Int { (columns + lanes - 1) / lanes }

/// Parts of `size` that cover `total`.
@inline(__always)
func partCount(_ total: Int, _ size: Int) -> Int { size == 0 ? 0 : (total + size - 1) / size }

/// The width in vectors of the panel that starts where `remaining` vectors are left.
@inline(__always)
func panelWidth(_ remaining: Int) -> Int {
    remaining >= widestPanel ? widestPanel : remaining >= 2 ? 2 : 1
}

/// The first vector of the panel that holds `vector`.
func panelStart(_ vector: Int, of vectors: Int) -> Int {
    var start = 0
    while start + panelWidth(vectors - start) <= vector { start += panelWidth(vectors - start) }
    return start
}

/// The floats of the last vector of a panel that exist: `columns` are left where the panel, `width` vectors, starts.
@inline(__always)
func panelTail(_ columns: Int, width: Int) -> Int {
    min(lanes, columns - (width - 1) * lanes)
}

typealias TwoVectors = Pair<Lanes>
typealias FourVectors = Pair<TwoVectors>
typealias ThreeRows<Part: Columns> = Three<Row<Part>>
typealias FourRows<Part: Columns> = Two<Two<Row<Part>>>
typealias SixRows<Part: Columns> = Two<ThreeRows<Part>>
typealias EightRows<Part: Columns> = Two<FourRows<Part>>

/// A loop over one panel that is written once for tiles of every shape.
protocol Sweep {
    /// Sweeps in tiles of `Full`, and a last one of `Half` where that suffices.
    func sweep<Full: Rows, Half: Rows>(_: Full.Type, _: Half.Type) where Full.Part == Half.Part
}

extension Sweep {
    /// Sweeps a panel of so many vectors.
    @inline(__always)
    func sweep(width: Int) {
        #if LANES512 || arch(arm64)
            switch width {
            case 4: sweep(SixRows<FourVectors>.self, ThreeRows<FourVectors>.self)
            case 2: sweep(EightRows<TwoVectors>.self, FourRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #else
            switch width {
            case 2: sweep(SixRows<TwoVectors>.self, ThreeRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #endif
    }
}
