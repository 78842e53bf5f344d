import AdjointKernelTables

// Expressions as types. A type says two things at once: how its value is computed, in the registers of the processor; and
// whether a register of a program holds such a value. Neither costs anything that the other needs:
//
//     MultiplyAdd<Add<Leaf<0>, Leaf<1>>, Leaf<2>, Leaf<3>>        (x + a)·b + c
//
// A leaf is an operand or a number of the program.

/// A value that a program computes for a point.
protocol Expression: SendableMetatype {
    static func value(_ leaves: Leaves, _ i: Int) -> Lanes
    /// Whether the register holds this value before the instruction `end`; records the registers of its leaves in the match.
    static func matches(_ match: inout FormMatch, _ register: Int, before end: Int) -> Bool
}

/// An operand or a number.
struct Leaf<let number: Int>: Expression {
    @inline(always)
    static func value(_ leaves: Leaves, _ i: Int) -> Lanes { Lanes.load(leaves.pointers[number] + i) }

    static func matches(_ match: inout FormMatch, _ register: Int, before end: Int) -> Bool {
        guard match.instruction(writing: register, before: end) == nil else { return false }
        if match.leaves[number] < 0 { match.leaves[number] = register }
        return match.leaves[number] == register
    }
}

struct Add<A: Expression, B: Expression>: Expression {
    @inline(always)
    static func value(_ leaves: Leaves, _ i: Int) -> Lanes { A.value(leaves, i) + B.value(leaves, i) }

    static func matches(_ match: inout FormMatch, _ register: Int, before end: Int) -> Bool {
        match.has(.add, register, before: end) { match, a, b, _, _, at in
            match.either(A.self, B.self, a, b, before: at)
        }
    }
}

struct Multiply<A: Expression, B: Expression>: Expression {
    @inline(always)
    static func value(_ leaves: Leaves, _ i: Int) -> Lanes { A.value(leaves, i) * B.value(leaves, i) }

    static func matches(_ match: inout FormMatch, _ register: Int, before end: Int) -> Bool {
        match.has(.multiply, register, before: end) { match, a, b, _, _, at in
            match.either(A.self, B.self, a, b, before: at)
        }
    }
}

/// a·b + c, rounded twice, like the two instructions in passes that need the product for something else too: bits must not
/// depend on what else is computed.
struct MultiplyAdd<A: Expression, B: Expression, C: Expression>: Expression {
    @inline(always)
    static func value(_ leaves: Leaves, _ i: Int) -> Lanes {
        A.value(leaves, i) * B.value(leaves, i) + C.value(leaves, i)
    }

    static func matches(_ match: inout FormMatch, _ register: Int, before end: Int) -> Bool {
        match.has(.multiplyAdd, register, before: end) { match, a, b, c, _, at in
            match.either(A.self, B.self, a, b, before: at) && C.matches(&match, c, before: at)
        }
    }
}

/// a ≠ 0 ? b : c
struct Select<A: Expression, B: Expression, C: Expression>: Expression {
    @inline(always)
    static func value(_ leaves: Leaves, _ i: Int) -> Lanes {
        Lanes.choose(A.value(leaves, i) .!= 0, B.value(leaves, i), C.value(leaves, i))
    }

    static func matches(_ match: inout FormMatch, _ register: Int, before end: Int) -> Bool {
        match.has(.select, register, before: end) { match, a, b, c, _, at in
            A.matches(&match, a, before: at) && B.matches(&match, b, before: at) && C.matches(&match, c, before: at)
        }
    }
}

/// a ≤ b ? c : d
struct SelectLessOrEqual<A: Expression, B: Expression, C: Expression, D: Expression>: Expression {
    @inline(always)
    static func value(_ leaves: Leaves, _ i: Int) -> Lanes {
        Lanes.choose(A.value(leaves, i) .<= B.value(leaves, i), C.value(leaves, i), D.value(leaves, i))
    }

    static func matches(_ match: inout FormMatch, _ register: Int, before end: Int) -> Bool {
        match.has(.selectLessOrEqual, register, before: end) { match, a, b, c, d, at in
            A.matches(&match, a, before: at) && B.matches(&match, b, before: at) && C.matches(&match, c, before: at)
                && D.matches(&match, d, before: at)
        }
    }
}

/// The values that a program leaves in registers: one expression, or several.
protocol Outcome: SendableMetatype {
    static var count: Int { get }
    /// Stores the values; reads before it writes, since a result may be in the memory of an operand.
    static func compute(_ leaves: Leaves, _ i: Int)
    /// Adds the values to sums in the places where `compute` would store, `place` points further on.
    static func add(to sums: Leaves.Results, _ place: Int, _ leaves: Leaves, _ i: Int)
    /// Whether the registers hold these values at the end.
    static func matches(_ match: inout FormMatch, _ registers: ArraySlice<Int>) -> Bool
}

struct Only<A: Expression>: Outcome {
    static var count: Int { 1 }

    @inline(always)
    static func compute(_ leaves: Leaves, _ i: Int) {
        A.value(leaves, i).store(leaves.results[0] + i)
    }

    @inline(always)
    static func add(to sums: Leaves.Results, _ place: Int, _ leaves: Leaves, _ i: Int) {
        A.value(leaves, i).add(to: sums[0] + place, tail: lanes)
    }

    static func matches(_ match: inout FormMatch, _ registers: ArraySlice<Int>) -> Bool {
        registers.first.map { A.matches(&match, $0, before: match.program.instructionCount) } ?? false
    }
}

struct Also<Rest: Outcome, A: Expression>: Outcome {
    static var count: Int { Rest.count + 1 }

    @inline(always)
    static func compute(_ leaves: Leaves, _ i: Int) {
        let value = A.value(leaves, i)
        Rest.compute(leaves, i)
        value.store(leaves.results[Rest.count] + i)
    }

    @inline(always)
    static func add(to sums: Leaves.Results, _ place: Int, _ leaves: Leaves, _ i: Int) {
        let value = A.value(leaves, i)
        Rest.add(to: sums, place, leaves, i)
        value.add(to: sums[Rest.count] + place, tail: lanes)
    }

    static func matches(_ match: inout FormMatch, _ registers: ArraySlice<Int>) -> Bool {
        Rest.matches(&match, registers.dropLast())
            && (registers.last.map { A.matches(&match, $0, before: match.program.instructionCount) } ?? false)
    }
}
