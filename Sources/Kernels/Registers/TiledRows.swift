/// A loop over rows, a tile of them at a time, written once for tiles of every shape.
protocol TiledRows: Sweep {
    var rowCount: Int { get }
    /// The rows from `first` on.
    func sweepTile<Tile: Rows>(_: Tile.Type, _ first: Int)
}

extension TiledRows {
    @inline(never)
    func sweep<Full: Rows, Half: Rows>(_: Full.Type, _: Half.Type) {
        var first = 0
        while first < rowCount {
            let left = rowCount - first
            // Eight rows are two times four, rather than six and two.
            if left > 2 * Half.rows || (left > Half.rows && left <= Full.rows) {
                sweepTile(Full.self, first)
                first += Full.rows
            } else {
                sweepTile(Half.self, first)
                first += Half.rows
            }
        }
    }
}
