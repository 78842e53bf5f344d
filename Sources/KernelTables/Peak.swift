/// A loop of multiply-adds that stays in registers: the most that the CPU can do.
public struct PeakArguments {
    /// The number of times that each piece runs the loop.
    public var rounds: Int
    public var pieces: Int
    /// One float for each piece, so that the loop has a result.
    public var result: UnsafeMutablePointer<Float>

    /// The number of vectors that a round multiplies and adds.
    public static let vectorsPerRound = 12

    public init(rounds: Int, pieces: Int, result: UnsafeMutablePointer<Float>) {
        (self.rounds, self.pieces, self.result) = (rounds, pieces, result)
    }
}
