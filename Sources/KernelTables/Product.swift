/// A product of two matrices, each read in place:
///
///     result[i·resultRow + j] = Σ_s left[i·leftRow + s·leftDepth] · right[s·rightDepth + j·rightColumn]
///
/// for every i below `rows` and j below `columns`. Either `rightColumn` is 1; or `leftDepth` and `rightDepth` are 1, and
/// `depth` is a vector's lanes or more.
public struct ProductArguments {
    public var left: UnsafePointer<Float>
    public var right: UnsafePointer<Float>
    public var result: UnsafeMutablePointer<Float>
    public var rows: Int
    public var depth: Int
    public var columns: Int
    public var leftRow: Int
    public var leftDepth: Int
    public var rightDepth: Int
    public var rightColumn: Int
    public var resultRow: Int

    public init(
        left: UnsafePointer<Float>, right: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, rows: Int,
        depth: Int, columns: Int, leftRow: Int, leftDepth: Int, rightDepth: Int, rightColumn: Int, resultRow: Int
    ) {
        (self.left, self.right, self.result, self.rows, self.depth) = (left, right, result, rows, depth)
        (self.columns, self.leftRow, self.leftDepth, self.rightDepth) = (columns, leftRow, leftDepth, rightDepth)
        (self.rightColumn, self.resultRow) = (rightColumn, resultRow)
    }
}
