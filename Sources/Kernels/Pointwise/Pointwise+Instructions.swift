import AdjointKernelTables

extension Registers {
    /// Runs the form, or every instruction, over the first `count` points of the block: whole vectors. Between
    /// instructions, the next block of each operand that is read in place is prefetched; a form reads without a pause.
    func execute(_ count: Int) {
        let instructionCount = program.pointee.instructionCount
        let form = program.pointee.form.number
        if form >= 0 {
            forms[form].run(self, count)
            return
        }
        var asked = 0
        for i in 0..<instructionCount {
            let instruction = program.pointee.instructions[i]
            run(
                instruction.operation, pointers[instruction.destination], pointers[instruction.a],
                pointers[instruction.b], pointers[instruction.c], pointers[instruction.d], count)
            let due = (i + 1) * program.pointee.operandCount / instructionCount
            askForNext(asked..<due, count)
            asked = due
        }
    }

    /// Prefetches the next block of operands that are read in place.
    @inline(always)
    private func askForNext(_ operands: Range<Int>, _ count: Int) {
        for operand in operands {
            if let next = readings[operand].ahead { prefetch(next, count) }
        }
    }

    @inline(always)
    private func run(
        _ operation: PointwiseOperation, _ d: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>,
        _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>, _ otherwise: UnsafePointer<Float>, _ count: Int
    ) {
        switch operation {
        case .add: map(d, a, b, count) { $0 + $1 }
        case .multiply: map(d, a, b, count) { $0 * $1 }
        case .negate: map(d, a, count) { -$0 }
        case .divide: map(d, a, b, count) { $0 / $1 }
        case .power: for i in 0..<count { d[i] = Elementary.power(a[i], b[i]) }
        // Not (a >= b) is true for a NaN on either side; a itself is kept when it is the NaN.
        case .maximum: map(d, a, b, count) { Lanes.choose(($0 .< $1) .| ($1 .!= $1), $1, $0) }
        case .minimum: map(d, a, b, count) { Lanes.choose(($0 .> $1) .| ($1 .!= $1), $1, $0) }
        case .exp: map(d, a, count) { Elementary.exp($0) }
        case .expm1: map(d, a, count) { Elementary.expm1($0) }
        case .log: map(d, a, count) { Elementary.log($0) }
        case .log1p: map(d, a, count) { Elementary.log1p($0) }
        case .sqrt: for i in 0..<count { d[i] = a[i].squareRoot() }
        case .tanh: map(d, a, count) { Elementary.tanh($0) }
        case .logistic: map(d, a, count) { Elementary.logistic($0) }
        case .erf: map(d, a, count) { Elementary.erf($0) }
        case .abs: map(d, a, count) { $0.absolute }
        case .sign:
            map(d, a, count) { Lanes.choose($0.absolute .> 0, Lanes(repeating: 1).signed(like: $0), $0) }
        case .floor: map(d, a, count) { $0.roundedDown }
        case .less: map(d, a, b, count) { truth($0 .< $1) }
        case .lessOrEqual: map(d, a, b, count) { truth($0 .<= $1) }
        case .equal: map(d, a, b, count) { truth($0 .== $1) }
        case .and: map(d, a, b, count) { truth(($0 .!= 0) .& ($1 .!= 0)) }
        case .or: map(d, a, b, count) { truth(($0 .!= 0) .| ($1 .!= 0)) }
        case .not: map(d, a, count) { truth($0 .== 0) }
        case .select: map(d, a, b, c, count) { Lanes.choose($0 .!= 0, $1, $2) }
        // Rounded twice, like the two instructions that it replaces.
        case .multiplyAdd: map(d, a, b, c, count) { $0 * $1 + $2 }
        case .selectLessOrEqual: choose(d, a, b, c, otherwise, count) { $0 .<= $1 }
        case .selectLess: choose(d, a, b, c, otherwise, count) { $0 .< $1 }
        case .truncate: map(d, a, count) { $0.roundedTowardZero }
        }
    }
}

@inline(always)
private func truth(_ mask: Mask) -> Lanes { Lanes.choose(mask, 1, Lanes()) }

@inline(always)
private func map(
    _ d: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>, _ count: Int, _ function: (Lanes) -> Lanes
) {
    var i = 0
    while i < count {
        function(Lanes.load(a + i)).store(d + i)
        i += lanes
    }
}

@inline(always)
private func map(
    _ d: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int,
    _ function: (Lanes, Lanes) -> Lanes
) {
    var i = 0
    while i < count {
        function(Lanes.load(a + i), Lanes.load(b + i)).store(d + i)
        i += lanes
    }
}

@inline(always)
private func map(
    _ d: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ count: Int, _ function: (Lanes, Lanes, Lanes) -> Lanes
) {
    var i = 0
    while i < count {
        function(Lanes.load(a + i), Lanes.load(b + i), Lanes.load(c + i)).store(d + i)
        i += lanes
    }
}

@inline(always)
private func choose(
    _ d: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ otherwise: UnsafePointer<Float>, _ count: Int, _ condition: (Lanes, Lanes) -> Mask
) {
    var i = 0
    while i < count {
        let isChosen = condition(Lanes.load(a + i), Lanes.load(b + i))
        Lanes.choose(isChosen, Lanes.load(c + i), Lanes.load(otherwise + i)).store(d + i)
        i += lanes
    }
}
