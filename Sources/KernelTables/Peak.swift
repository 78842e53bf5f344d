/// A loop of multiply-adds that never leaves the registers: what the CPU can do at most.
public struct PeakArguments {
    /// How often each piece goes round the loop.
    public var rounds: Int
    public var pieces: Int
    /// One float for each piece, so that the loop has a result.
    public var result: UnsafeMutablePointer<Float>

    /// Vectors that a round multiplies and adds.
    public static let vectorsPerRound = 12

    public init(rounds: Int, pieces: Int, result: UnsafeMutablePointer<Float>) {
        (self.rounds, self.pieces, self.result) = (rounds, pieces, result)
    }
}
