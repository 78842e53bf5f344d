import AdjointKernelTables

// A pointwise program runs over its iteration space as over one long row of points, in blocks that stay in L1:
//
//     task     | block | block | block | rest
//     block    operands -> registers, one instruction after the other over the whole block, registers -> results
//
// A register is a pointer: into scratch memory, straight into an operand that is dense, or straight into a result.
// Only whole vectors are worked on. The last few points of a block run as a block of one vector that is in scratch
// altogether, so that nothing outside operands and results is touched.

package let evaluateRoutine = Routine<PointwiseArguments>(
    work: divideEvaluation, divide: { Evaluation($0) }, run: evaluate,
    images: { arguments, task, batch in
        arguments.program.images(Evaluation(arguments).points(ofTask: task), of: batch)
    })

/// How a program's points are divided, after its form was found.
private struct Evaluation {
    let points: Int
    let taskPoints: Int
    let block: Int

    init(_ arguments: PointwiseArguments) {
        let program = arguments.program
        points = program.pointCount
        block = program.blockLength
        let unit = max(program.form.row, lanes)
        let wish = min(16384, max(2048, points / 16))
        taskPoints = program.share(partCount(wish, unit), of: points / unit) * unit
    }

    func points(ofTask task: Int) -> Range<Int> { range(ofPart: task, of: taskPoints, below: points) }
}

/// Joins the axes of the iteration space that every operand walks as one (also in the memory behind `operands`).
@Sendable
private func divideEvaluation(_ arguments: inout PointwiseArguments) -> Work {
    guard arguments.program.pointCount > 0, arguments.resultCount > 0 else { return Work(tasks: 0) }
    arguments.program.joinAxes()
    arguments.program.findForm(keeping: (0..<arguments.resultCount).map { arguments.results[$0].register })
    let division = Evaluation(arguments)
    return Work(
        tasks: partCount(division.points, division.taskPoints),
        scratch: Registers.scratch(arguments.program, blockLength: division.block),
        isForm: arguments.program.form.number >= 0)
}

@Sendable
private func evaluate(
    _ divided: UnsafePointer<Divided<PointwiseArguments, Evaluation>>, _ task: Int, _ scratch: Scratch
) {
    // The arguments stand first.
    let arguments = UnsafeRawPointer(divided).assumingMemoryBound(to: PointwiseArguments.self)
    let block = divided.pointee.division.block
    let points = divided.pointee.division.points(ofTask: task)
    let registers = Registers(ofProgramAt: arguments, blockLength: block, count: points.count, scratch.rest)
    let results = UnsafeBufferPointer(start: arguments.pointee.results, count: arguments.pointee.resultCount)
    registers.prepare(results)
    var position = points.lowerBound
    while position < points.upperBound {
        let count = min(block, points.upperBound - position)
        registers.evaluate(position, count, next: count, results) { _, _ in }
        position += count
    }
}

extension Registers {
    /// Finds the results that can be written while the program runs.
    func prepare(_ results: UnsafeBufferPointer<PointwiseResult>) {
        // An operand that is stored unchanged beside other results needs a copy, since these may be in its memory.
        for result in results where results.count > 1 && flags[result.register] & Registers.isWritten == 0 {
            flags[result.register] |= Registers.isWritten
        }
        for result in results where canWrite(result, among: results) {
            flags[result.register] |= Registers.isResult
        }
    }

    /// Runs the program for a block of points and stores its results; before that, `use` is called with the number of
    /// points that came before those in the registers, and of these: first whole vectors, then a rest. The next block
    /// begins `step` points further on.
    @inline(__always)
    func evaluate(
        _ position: Int, _ count: Int, next step: Int, _ results: UnsafeBufferPointer<PointwiseResult>,
        use: (_ before: Int, _ count: Int) -> Void
    ) {
        let whole = count / lanes * lanes
        if whole > 0 {
            load(position, whole, isWhole: true, next: step)
            for result in results where flags[result.register] & Registers.isResult != 0 {
                pointers[result.register] = result.base.assumingMemoryBound(to: Float.self) + position
            }
            execute(whole)
            use(0, whole)
            store(results, position, whole)
        }
        if whole < count {
            load(position + whole, count - whole, isWhole: false)
            for result in results where flags[result.register] & Registers.isResult != 0 {
                pointers[result.register] = own(result.register)
            }
            execute(lanes)
            use(whole, count - whole)
            store(results, position + whole, count - whole)
        }
    }

    @inline(__always)
    func store(_ results: UnsafeBufferPointer<PointwiseResult>, _ position: Int, _ count: Int) {
        for result in results {
            let source = UnsafePointer(pointers[result.register])
            if result.isInteger {
                let target = result.base.assumingMemoryBound(to: Int32.self) + position
                for i in 0..<count { target[i] = integer(source[i]) }
            } else {
                let target = result.base.assumingMemoryBound(to: Float.self) + position
                if UnsafePointer(target) != source { copyRow(source, target, count) }
            }
        }
    }
}

/// The integer nearest towards zero, clamped to Int32; 0 for NaN.
@inline(__always)
private func integer(_ x: Float) -> Int32 {
    if x >= 0x1p31 { return .max }
    if x >= -0x1p31 { return Int32(x) }
    return x == x ? .min : 0
}

@inline(__always)
func copyRow(_ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>, _ count: Int) {
    let whole = count / lanes * lanes
    var i = 0
    while i < whole {
        Lanes.load(source + i).store(destination + i)
        i += lanes
    }
    while i < count {
        destination[i] = source[i]
        i += 1
    }
}

@inline(__always)
func fillRow(_ destination: UnsafeMutablePointer<Float>, _ value: Float, _ count: Int) {
    let whole = count / lanes * lanes
    let vector = Lanes(repeating: value)
    var i = 0
    while i < whole {
        vector.store(destination + i)
        i += lanes
    }
    while i < count {
        destination[i] = value
        i += 1
    }
}
