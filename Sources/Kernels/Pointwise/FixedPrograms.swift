import AdjointKernelTables

// Programs that every network runs over its largest values, as expressions: a block of such a program is computed in
// one loop, with all intermediate values in the processor's registers. All other programs, and any part of these, are
// interpreted, with the same bits: forms only save the way to L1 and back.

// x, the numbers of a channel, and values computed from them
private typealias X = Leaf<0>
private typealias Distance = Add<X, Leaf<1>>
private typealias Normal = MultiplyAdd<Distance, Leaf<2>, Leaf<3>>
/// The same for the layer's other input.
private typealias Sum = Add<Normal, Leaf<4>>
private typealias Relu<A: Expression> = SelectLessOrEqual<A, Leaf<10>, Leaf<10>, A>
private typealias Clip<A: Expression> = SelectLessOrEqual<Leaf<11>, A, Leaf<11>, Relu<A>>

// a cotangent where the activation passes it, the sums of batch normalization's derivative, and the derivative
private typealias Y = Leaf<5>
private typealias Passed<A: Expression, Cotangent: Expression> = SelectLessOrEqual<A, Leaf<10>, Leaf<10>, Cotangent>
private typealias Clipped<A: Expression> = Passed<A, SelectLessOrEqual<Leaf<11>, A, Leaf<10>, Y>>
private typealias Sums<A: Expression> = Also<Only<A>, Multiply<Distance, A>>
private typealias Derivative<A: Expression> = Add<MultiplyAdd<Leaf<2>, A, Multiply<Distance, Leaf<7>>>, Leaf<8>>

// momentum, if the step is taken; the gradient is a value or, for a batch of one, a product
private typealias Momentum<Gradient: Expression> = Select<Leaf<3>, MultiplyAdd<Leaf<0>, Leaf<1>, Gradient>, Leaf<1>>
private typealias Descent<Gradient: Expression> = Also<
    Only<Momentum<Gradient>>, MultiplyAdd<Leaf<4>, Momentum<Gradient>, Leaf<5>>
>

let forms: [Form] = [
    Form(Only<Distance>.self),
    Form(Only<Relu<Distance>>.self),
    Form(Only<Passed<Distance, Y>>.self),
    Form(Only<Normal>.self),
    Form(Only<Relu<Normal>>.self),
    Form(Only<Clip<Normal>>.self),
    Form(Only<Sum>.self),
    Form(Only<Relu<Sum>>.self),
    Form(Only<Multiply<Distance, Y>>.self),
    Form(Sums<Add<Y, Leaf<6>>>.self),
    Form(Sums<Passed<Normal, Y>>.self),
    Form(Sums<Clipped<Normal>>.self),
    Form(Sums<Passed<Normal, Add<Y, Leaf<6>>>>.self),
    Form(Sums<Passed<Leaf<9>, Add<Y, Leaf<6>>>>.self),
    Form(Only<Derivative<Y>>.self),
    Form(Only<Derivative<Passed<Normal, Y>>>.self),
    Form(Only<Derivative<Clipped<Normal>>>.self),
    Form(Only<Multiply<X, Leaf<1>>>.self),
    Form(Descent<Leaf<2>>.self),
    Form(Descent<Multiply<Leaf<2>, Leaf<6>>>.self),
]

/// A loop that computes an outcome. It is a class, since the compiler puts functions that move a structure under a name that
/// all modules share, and in this module such a function may have wide instructions.
final class Form: Sendable {
    let matches: @Sendable (inout FormMatch, [Int]) -> Bool
    /// Computes this many points, whole vectors: row after row where the form has rows.
    let run: @Sendable (Registers, _ count: Int) -> Void
    /// The same in rows, where each outcome is only added to its sum: point p to sum p modulo the number of sums.
    let sum: @Sendable (Registers, _ count: Int, _ sums: Leaves.Results, _ sumCount: Int) -> Void

    init<Result: Outcome>(_: Result.Type) {
        matches = { match, registers in Result.count == registers.count && Result.matches(&match, registers[...]) }
        run = { registers, count in
            let form = UnsafeRawPointer(registers.program).assumingMemoryBound(to: PointwiseForm.self)
            var leaves = Leaves(form, registers)
            let row = form.pointee.row > 0 ? form.pointee.row : count
            var done = 0
            while done < count {
                var i = 0
                while i < row {
                    Result.compute(leaves, i)
                    i &+= lanes
                }
                leaves.advance(form)
                done &+= row
            }
        }
        sum = { registers, count, sums, sumCount in
            let form = UnsafeRawPointer(registers.program).assumingMemoryBound(to: PointwiseForm.self)
            var leaves = Leaves(form, registers)
            let row = form.pointee.row
            var place = 0
            for _ in 0..<count / row {
                var i = 0
                while i < row {
                    Result.add(to: sums, place &+ i, leaves, i)
                    i &+= lanes
                }
                leaves.advance(form)
                place = place &+ row < sumCount ? place &+ row : 0
            }
        }
    }
}

/// The places of an expression's leaves, and of its results: in a block, or in a row of it.
struct Leaves {
    typealias Results = InlineArray<3, UnsafeMutablePointer<Float>>

    private(set) var pointers: InlineArray<12, UnsafePointer<Float>>
    private(set) var results: Results

    @inline(always)
    init(_ form: UnsafePointer<PointwiseForm>, _ registers: Registers) {
        pointers = InlineArray { leaf in UnsafePointer(registers.pointers[form.pointee.leaves[leaf]]) }
        results = InlineArray { place in registers.pointers[form.pointee.results[place]] }
    }

    /// Moves to the next row; leaves that are the same for every row stay.
    @inline(always)
    mutating func advance(_ form: UnsafePointer<PointwiseForm>) {
        for leaf in 0..<12 { pointers[leaf] += form.pointee.steps[leaf] }
        for place in 0..<3 { results[place] += form.pointee.row }
    }
}

/// A program while it is compared with a form, and the leaves found so far.
struct FormMatch {
    let program: PointwiseProgram
    /// The registers of the leaves, or −1.
    var leaves = InlineArray<12, Int>(repeating: -1)

    /// The instruction that writes the register last before the instruction `end`.
    func instruction(writing register: Int, before end: Int) -> Int? {
        (0..<end).last { program.instructions[$0].destination == register }
    }

    /// Whether that instruction has this operation, and operands that satisfy the condition.
    mutating func has(
        _ operation: PointwiseOperation, _ register: Int, before end: Int,
        _ condition: (inout FormMatch, _ a: Int, _ b: Int, _ c: Int, _ d: Int, _ at: Int) -> Bool
    ) -> Bool {
        guard let at = instruction(writing: register, before: end) else { return false }
        let found = program.instructions[at]
        return found.operation == operation && condition(&self, found.a, found.b, found.c, found.d, at)
    }

    /// Whether two factors or terms are these expressions, in one order or the other.
    mutating func either<A: Expression, B: Expression>(
        _: A.Type, _: B.Type, _ a: Int, _ b: Int, before end: Int
    ) -> Bool {
        let known = leaves
        if A.matches(&self, a, before: end), B.matches(&self, b, before: end) { return true }
        leaves = known
        return A.matches(&self, b, before: end) && B.matches(&self, a, before: end)
    }
}

extension PointwiseProgram {
    /// Finds the form that computes the same values in these registers.
    mutating func findForm(keeping registers: [Int]) {
        form = PointwiseForm()
        let computed = Set(registers).filter { writes($0) }.sorted()
        guard !computed.isEmpty, computed.count <= 3 else { return }
        for number in forms.indices {
            var match = FormMatch(program: self)
            guard forms[number].matches(&match, computed) else { continue }
            var form = PointwiseForm()
            (form.number, form.row) = (number, row)
            for place in 0..<3 { form.results[place] = computed[min(place, computed.count - 1)] }
            for leaf in 0..<12 where match.leaves[leaf] >= 0 {
                guard !writes(match.leaves[leaf]) else { return }
                form.leaves[leaf] = match.leaves[leaf]
                form.steps[leaf] = isRepeated(match.leaves[leaf]) ? 0 : row
            }
            self.form = form
            return
        }
    }

    private func writes(_ register: Int) -> Bool {
        (0..<instructionCount).contains { instructions[$0].destination == register }
    }

    /// Whether a register holds a number, or is the same in every row.
    private func isRepeated(_ register: Int) -> Bool {
        for k in 0..<operandCount where operands[k].register == register { return period(of: operands[k]).isRepeated }
        return true
    }

    /// The number of points after which all operands repeat that are not read anew for each point, if they are whole
    /// vectors and few: the channels, where numbers of the channels are combined with values of all points.
    private var row: Int {
        var row = 0
        for k in 0..<operandCount {
            let (points, isRepeated) = period(of: operands[k])
            if !isRepeated || points == 1 { continue }
            guard row == 0 || row == points else { return 0 }
            row = points
        }
        return row % lanes == 0 && row <= 2048 ? row : 0
    }

    /// The number of points after which an operand is read again.
    private func period(of operand: PointwiseOperand) -> (points: Int, isRepeated: Bool) {
        var first = 0
        while first < rank, operand.strides[first] == 0 || sizes[first] == 1 { first += 1 }
        var points = 1
        for axis in first..<rank { points *= sizes[axis] }
        return (points, points < pointCount)
    }
}
