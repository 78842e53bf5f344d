/// A product of matrices over one panel of columns, written once for tiles of every shape.
protocol TiledProduct {
    var rowCount: Int { get }
    /// The rows from `first` on.
    func multiplyTile<Tile: Rows>(_: Tile.Type, _ first: Int)
}

extension TiledProduct {
    @inline(__always)
    func sweepTiles(width: Int) {
        #if LANES512 || arch(arm64)
            switch width {
            case 4: sweep(SixRows<FourVectors>.self, FourRows<FourVectors>.self)
            case 2: sweep(EightRows<TwoVectors>.self, FourRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #else
            switch width {
            case 2: sweep(SixRows<TwoVectors>.self, FourRows<TwoVectors>.self)
            default: sweep(EightRows<Lanes>.self, FourRows<Lanes>.self)
            }
        #endif
    }

    @inline(never)
    private func sweep<Full: Rows, Half: Rows>(_: Full.Type, _: Half.Type) where Full.Part == Half.Part {
        var first = 0
        while first < rowCount {
            let left = rowCount - first
            // Eight rows are twice four, rather than six and two.
            if left > 2 * Half.rows || (left > Half.rows && left <= Full.rows) {
                multiplyTile(Full.self, first)
                first += Full.rows
            } else {
                multiplyTile(Half.self, first)
                first += Half.rows
            }
        }
    }
}
