// Which tile sweeps which panel.

typealias TwoVectors = Pair<Lanes, Lanes>
typealias ThreeVectors = Pair<TwoVectors, Lanes>
typealias FourVectors = Pair<TwoVectors, TwoVectors>
typealias FiveVectors = Pair<FourVectors, Lanes>
typealias SixVectors = Pair<FourVectors, TwoVectors>
typealias SevenVectors = Pair<FourVectors, ThreeVectors>
typealias EightVectors = Pair<FourVectors, FourVectors>
typealias TwoRows<Part: Columns> = Two<Row<Part>>
typealias ThreeRows<Part: Columns> = Three<Row<Part>>
typealias FourRows<Part: Columns> = Two<Two<Row<Part>>>
typealias FiveRows<Part: Columns> = Stack<FourRows<Part>, Row<Part>>
typealias SixRows<Part: Columns> = Two<ThreeRows<Part>>
typealias SevenRows<Part: Columns> = Stack<FourRows<Part>, ThreeRows<Part>>
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
            case 4: sweep(FiveRows<FourVectors>.self, ThreeRows<FourVectors>.self)
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
