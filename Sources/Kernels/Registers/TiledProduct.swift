/// A product of matrices over one panel of columns, written once for tiles of every shape.
protocol TiledProduct: Sweep {
    var rowCount: Int { get }
    /// Multiplies the rows from `first` on.
    func multiplyTile<Tile: Rows>(_: Tile.Type, _ first: Int)
}

extension TiledProduct {
    @inline(never)
    func sweep<Full: Rows, Half: Rows>(_: Full.Type, _: Half.Type) {
        var first = 0
        while first < rowCount {
            let left = rowCount - first
            // Eight rows are two times four, rather than six and two.
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
