import AdjointKernelTables

// Σ x and Σ (x − mean)² in one pass. A piece takes a shift K from its values, the mean of its first block, so that they
// become small numbers d = x − K, and sums those and their squares:
//
//     n numbers of a piece:  mean = K + Σd/n     Σ (x − mean)² = Σd² − (Σd)²/n
//
// K is a mean of values of the piece, so that (mean − K)² is at most the piece's variance times its number of blocks: what
// cancels is a few bits at most. Pieces are put together as in Chan, Golub & LeVeque, The American Statistician 37 (1983):
//
//     Σ (x − mean)² = Σ over pieces p of  Σ (x − mean of p)² + n of p · (mean of p − mean)²

/// The moments of a piece, for a vector of columns.
struct Moments {
    var shift: Lanes
    /// The sum of the distances from the shift.
    var sum: Lanes
    /// The sum of the squared distances from the piece's mean.
    var squares: Lanes

    func total(_ count: Int) -> Lanes { Float(count) * shift + sum }
}

/// The sum of one register in a piece.
struct PieceSum {
    private let values: Accumulators
    /// The sums of squares; used only where there is a shift.
    private let squares: Accumulators
    private let shifts: UnsafeMutablePointer<Float>?
    private let distances: UnsafeMutablePointer<Float>
    private let columns: Int

    static func floats(_ sum: SummedRegister, accumulators count: Int) -> Int {
        sum.squares == nil ? 3 * count + lanes : 7 * count + 3 * lanes
    }

    init(_ sum: SummedRegister, accumulators count: Int, columns: Int, _ memory: UnsafeMutablePointer<Float>) {
        self.columns = columns
        values = Accumulators(count: count, memory: memory)
        let rest = memory + (3 * count + lanes)
        squares = Accumulators(count: sum.squares == nil ? 0 : count, memory: rest)
        shifts = sum.squares == nil ? nil : rest + (3 * count + lanes)
        distances = rest + (4 * count + lanes)
    }

    /// Takes the mean of some whole rows as the shift of each column.
    func shift(_ block: UnsafePointer<Float>, _ count: Int) {
        guard let shifts else { return }
        let rows = max(1, count / columns)
        for column in 0..<min(columns, count) {
            var sum: Float = 0
            for row in 0..<rows { sum += block[row * columns + column] }
            shifts[column] = sum / Float(rows)
        }
        for place in min(columns, count)..<values.count {
            shifts[place] = place < columns ? 0 : shifts[place - columns]
        }
    }

    @inline(__always)
    func add(_ block: UnsafePointer<Float>, _ count: Int, after before: Int) {
        guard let shifts else {
            if count >= lanes {
                values.add(block, count)
            } else {
                values.addRest(block, count, at: before)
            }
            return
        }
        guard count >= lanes else {
            let place = before % values.count
            for i in 0..<count { distances[i] = block[i] - shifts[place + i] }
            values.addRest(distances, count, at: before)
            for i in 0..<count { distances[i] *= distances[i] }
            squares.addRest(distances, count, at: before)
            return
        }
        let accumulators = values.count
        var j = 0
        while j < min(accumulators, count) {
            let shift = Lanes.load(shifts + j)
            var sum = Lanes.load(values.fresh + j)
            var square = Lanes.load(squares.fresh + j)
            var i = j
            while i < count {
                let distance = Lanes.load(block + i) - shift
                sum += distance
                square = accumulate(square, distance, distance)
                i += accumulators
            }
            sum.store(values.fresh + j)
            square.store(squares.fresh + j)
            j += lanes
        }
    }

    /// The place where a form adds values to fresh sums by itself, and their number.
    var fresh: UnsafeMutablePointer<Float> { values.fresh }

    func settle() {
        values.settle()
        squares.settle()
    }

    func totals(_ column: Int) -> Lanes { values.totals(column, of: columns) }

    /// The moments of `count` values in each column.
    func moments(_ column: Int, count: Int) -> Moments {
        let sum = values.totals(column, of: columns)
        let square = squares.totals(column, of: columns) - sum * (sum / Float(count))
        return Moments(
            shift: shifts.map { .load($0 + column) } ?? Lanes(), sum: sum,
            squares: Lanes.choose(square .> 0, square, Lanes()))
    }
}

/// The sums of a piece: one for each of the arguments.
struct PieceSums {
    private let arguments: UnsafePointer<ReductionArguments>
    private let sums: UnsafeMutablePointer<PieceSum>
    private let accumulators: Int
    let hasSquares: Bool

    static func bytes(_ arguments: ReductionArguments, accumulators: Int) -> Int {
        var bytes = Scratch.bytes(arguments.sumCount, of: PieceSum.self)
        for k in 0..<arguments.sumCount {
            bytes += Scratch.bytes(PieceSum.floats(arguments.sums[k], accumulators: accumulators), of: Float.self)
        }
        return bytes
    }

    init(
        _ arguments: UnsafePointer<ReductionArguments>, accumulators: Int, columns: Int, _ memory: Scratch
    ) {
        var memory = memory
        self.arguments = arguments
        self.accumulators = accumulators
        sums = memory.take(arguments.pointee.sumCount, of: PieceSum.self)
        var hasSquares = false
        for k in 0..<arguments.pointee.sumCount {
            let sum = arguments.pointee.sums[k]
            let floats = memory.take(PieceSum.floats(sum, accumulators: accumulators), of: Float.self)
            sums[k] = PieceSum(sum, accumulators: accumulators, columns: columns, floats)
            if sum.squares != nil { hasSquares = true }
        }
        self.hasSquares = hasSquares
    }

    @inline(__always)
    subscript(k: Int) -> PieceSum { sums[k] }

    /// Marks the registers that are read after the program has run.
    func mark(_ registers: Registers) {
        for k in 0..<arguments.pointee.sumCount {
            registers.flags[arguments.pointee.sums[k].register] |= Registers.isSummed
        }
    }

    func shift(_ registers: Registers, _ count: Int) {
        for k in 0..<arguments.pointee.sumCount {
            sums[k].shift(registers.pointers[arguments.pointee.sums[k].register], count)
        }
    }

    @inline(__always)
    func add(_ registers: Registers, _ count: Int, after before: Int) {
        for k in 0..<arguments.pointee.sumCount {
            sums[k].add(registers.pointers[arguments.pointee.sums[k].register], count, after: before)
        }
    }

    /// Runs the program's form, which adds to fresh sums without storing anything.
    func add(form registers: Registers, _ count: Int) {
        let form = registers.program.pointee.form
        let places = Leaves.Results { place in
            var own = 0
            for k in 0..<arguments.pointee.sumCount where arguments.pointee.sums[k].register == form.results[place] {
                own = k
            }
            return sums[own].fresh
        }
        forms[form.number].sum(registers, count, places, accumulators)
    }

    func settle() { for k in 0..<arguments.pointee.sumCount { sums[k].settle() } }
}
