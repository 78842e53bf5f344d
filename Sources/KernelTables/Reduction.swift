/// A register that is summed.
public struct SummedRegister {
    public var register: Int
    public var destination: UnsafeMutablePointer<Float>
    /// The place of Σ (x − mean)², the squared distances of the summed numbers from their mean; nil where it is not needed.
    public var squares: UnsafeMutablePointer<Float>?

    public init(
        register: Int, destination: UnsafeMutablePointer<Float>, squares: UnsafeMutablePointer<Float>? = nil
    ) {
        (self.register, self.destination, self.squares) = (register, destination, squares)
    }

    /// The count of numbers that a piece leaves for each sum: the sum alone; or the shift of the numbers before they were
    /// summed, their sum, and the sum of their squared distances from the piece's own mean.
    public var numbers: Int { squares == nil ? 1 : 3 }
}

/// A program of which some registers are summed over some axes of the iteration space:
///
///     destination[Σ index · destinationStrides] = Σ over the axes with `isSummed` of registers[register]
///
/// and others may be stored, each densely in the order of the iteration space. `reduce` leaves partial sums over fixed
/// pieces in `partials` (in an order of its own); `combineReduction` adds them, again in a fixed order. Long sums are added
/// in blocks, so that the error grows with the logarithm.
public struct ReductionArguments {
    public var program: PointwiseProgram
    public var sums: UnsafePointer<SummedRegister>
    public var sumCount: Int
    public var results: UnsafePointer<PointwiseResult>
    public var resultCount: Int
    public var isSummed: InlineArray<8, Bool>
    /// The strides in floats; 0 on summed axes. All sums have the same layout.
    public var destinationStrides: AxisList
    public var partials: UnsafeMutablePointer<Float>

    public init(
        program: PointwiseProgram, sums: UnsafePointer<SummedRegister>, sumCount: Int,
        results: UnsafePointer<PointwiseResult>, resultCount: Int, isSummed: InlineArray<8, Bool>,
        destinationStrides: AxisList, partials: UnsafeMutablePointer<Float>
    ) {
        (self.program, self.sums, self.sumCount, self.results) = (program, sums, sumCount, results)
        (self.resultCount, self.isSummed, self.destinationStrides) = (resultCount, isSummed, destinationStrides)
        self.partials = partials
    }
}
