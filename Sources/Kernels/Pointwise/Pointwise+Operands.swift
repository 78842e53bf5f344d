import AdjointKernelTables

/// The registers of a program while one task runs it, and the ways in which its operands are read into them.
struct Registers {
    /// How an operand is read. It has the period p when point i + p reads what point i reads: all of the space, or the
    /// inner axes behind outer strides of 0 (1 for a single number).
    struct Reading {
        /// The period p, or 0 for a pattern: a period of at most a block, which each task writes repeatedly into scratch.
        var period: Int
        var patternPeriod: Int
        var isDense: Bool
        var pattern: UnsafeMutablePointer<Float>
        /// A point, and its place in its period, from which those of the next points follow without a division.
        var point = 0
        var place = 0
        /// The address of the next block, where it is read in place.
        var ahead: UnsafePointer<Float>?

        @inline(__always)
        mutating func place(of position: Int, next count: Int) -> Int {
            let period = period == 0 ? patternPeriod : period
            let found = position == point ? place : position % period
            point = position + count
            place = found + count
            if place >= period { place = place < 2 * period ? place - period : place % period }
            return found
        }
    }

    static let isWritten: UInt8 = 1
    static let isResult: UInt8 = 2
    static let isSummed: UInt8 = 4

    let program: UnsafePointer<PointwiseProgram>
    let blockLength: Int
    /// The present address of each register.
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
    let readings: UnsafeMutablePointer<Reading>
    /// The properties of each register.
    let flags: UnsafeMutablePointer<UInt8>
    private let storage: UnsafeMutablePointer<Float>

    /// The bytes of scratch: pointers, readings, flags; a block for each register; two blocks of pattern for each operand.
    static func scratch(_ program: PointwiseProgram, blockLength: Int) -> Int {
        tableBytes(program) + (program.registerCount + 2 * program.operandCount) * blockLength * 4
    }

    @inline(__always)
    private static func tableBytes(_ program: PointwiseProgram) -> Int {
        let pointers = program.registerCount * MemoryLayout<UnsafeMutablePointer<Float>>.stride
        let readings = program.operandCount * MemoryLayout<Reading>.stride
        return (pointers + readings + program.registerCount + 63) / 64 * 64
    }

    /// The registers for a task of `count` points. `arguments` points to a structure that begins with its program.
    init(
        ofProgramAt arguments: UnsafeRawPointer, blockLength: Int, count: Int, _ scratch: UnsafeMutableRawPointer
    ) {
        program = arguments.assumingMemoryBound(to: PointwiseProgram.self)
        self.blockLength = blockLength
        let registerCount = program.pointee.registerCount
        let operandCount = program.pointee.operandCount
        pointers = scratch.assumingMemoryBound(to: UnsafeMutablePointer<Float>.self)
        readings = UnsafeMutableRawPointer(pointers + registerCount).assumingMemoryBound(to: Reading.self)
        flags = UnsafeMutableRawPointer(readings + operandCount).assumingMemoryBound(to: UInt8.self)
        storage = (scratch + Registers.tableBytes(program.pointee)).assumingMemoryBound(to: Float.self)

        for register in 0..<registerCount {
            pointers[register] = storage + register * blockLength
            flags[register] = 0
        }
        for i in 0..<program.pointee.instructionCount {
            flags[program.pointee.instructions[i].destination] = Registers.isWritten
        }
        let row = program.pointee.form.row
        let filled = row > 0 ? row : min(blockLength, vectorCount(count) * lanes)
        for i in 0..<program.pointee.immediateCount {
            let immediate = program.pointee.immediates[i]
            fillRow(own(immediate.register), immediate.value, filled)
        }
        for k in 0..<operandCount {
            let pattern = storage + (registerCount + 2 * k) * blockLength
            readings[k] = reading(of: program.pointee.operands + k, pattern: pattern)
            if readings[k].period == 0 { lay(program.pointee.operands + k, &readings[k], filled) }
        }
    }

    /// The register's own block in scratch.
    @inline(__always)
    func own(_ register: Int) -> UnsafeMutablePointer<Float> { storage + register * blockLength }

    private func reading(
        of operand: UnsafePointer<PointwiseOperand>, pattern: UnsafeMutablePointer<Float>
    ) -> Reading {
        let rank = program.pointee.rank
        var first = 0
        while first < rank, operand.pointee.strides[first] == 0 { first += 1 }
        var period = 1
        var isDense = true
        for axis in stride(from: rank - 1, through: first, by: -1) {
            if operand.pointee.strides[axis] != period { isDense = false }
            period *= program.pointee.sizes[axis]
        }
        let isPattern = first > 0 && period <= blockLength || period == 1
        return Reading(
            period: isPattern ? 0 : period, patternPeriod: period, isDense: isDense, pattern: pattern)
    }

    /// Writes a pattern of `count` + period numbers, so that from any point of the period a block's numbers are contiguous. If
    /// blocks consist of rows, one period is enough, and may be the operand itself.
    private func lay(_ operand: UnsafePointer<PointwiseOperand>, _ reading: inout Reading, _ count: Int) {
        let row = program.pointee.form.row
        if row > 1, reading.patternPeriod == row, reading.isDense, !operand.pointee.isInteger {
            reading.pattern = UnsafeMutablePointer(mutating: operand.pointee.base.assumingMemoryBound(to: Float.self))
            return
        }
        let pattern = reading.pattern
        gather(operand, 0, reading.patternPeriod, pattern)
        var done = reading.patternPeriod
        let total = row > 0 ? row : count + reading.patternPeriod
        if done == 1 {
            fillRow(pattern, pattern[0], total)
            return
        }
        while done < total {
            let more = min(done, total - done)
            copyRow(pattern, pattern + done, more)
            done += more
        }
    }

    /// Reads the operands of `count` points from `position` on into their registers. With `isWhole` (whole vectors only), a
    /// register may become the operand's own memory.
    @inline(__always)
    func load(_ position: Int, _ count: Int, isWhole: Bool, next step: Int = 0) {
        for k in 0..<program.pointee.operandCount {
            let operand = program.pointee.operands + k
            let register = operand.pointee.register
            let isWritten = flags[register] & Registers.isWritten != 0
            let reading = readings[k]
            let offset = readings[k].place(of: position, next: count)
            readings[k].ahead = nil
            if reading.period == 0 {
                let start = reading.pattern + offset
                if isWritten {
                    copyRow(start, own(register), count)
                    pointers[register] = own(register)
                } else {
                    pointers[register] = start
                }
                continue
            }
            if reading.isDense, !operand.pointee.isInteger, isWhole, !isWritten, offset + count <= reading.period {
                let memory = operand.pointee.base.assumingMemoryBound(to: Float.self) + offset
                pointers[register] = UnsafeMutablePointer(mutating: memory)
                readings[k].ahead = UnsafePointer(memory + step)
                continue
            }
            let target = own(register)
            pointers[register] = target
            if reading.isDense {
                var done = 0
                while done < count {
                    let start = (offset + done) % reading.period
                    let run = min(count - done, reading.period - start)
                    copyRun(operand.pointee, start, 1, target + done, run)
                    done += run
                }
            } else {
                gather(operand, position, count, target)
            }
        }
        for i in 0..<program.pointee.immediateCount {
            let immediate = program.pointee.immediates[i]
            if flags[immediate.register] & Registers.isWritten != 0 {
                fillRow(own(immediate.register), immediate.value, count)
            }
        }
    }

    /// Reads `count` points from `position` on, in runs along the inner axis.
    private func gather(
        _ operand: UnsafePointer<PointwiseOperand>, _ position: Int, _ count: Int,
        _ target: UnsafeMutablePointer<Float>
    ) {
        let rank = program.pointee.rank
        guard rank > 0 else {
            copyRun(operand.pointee, 0, 1, target, count)
            return
        }
        var index = AxisList(repeating: 0)
        var rest = position
        var offset = 0
        for axis in stride(from: rank - 1, through: 0, by: -1) {
            let size = program.pointee.sizes[axis]
            index[axis] = rest % size
            rest /= size
            offset += index[axis] * operand.pointee.strides[axis]
        }
        let inner = rank - 1
        let size = program.pointee.sizes[inner]
        let step = operand.pointee.strides[inner]
        var done = 0
        while true {
            let run = min(count - done, size - index[inner])
            copyRun(operand.pointee, offset, step, target + done, run)
            done += run
            if done == count { return }
            offset += run * step
            index[inner] += run
            var axis = inner
            while index[axis] == program.pointee.sizes[axis], axis > 0 {
                offset += operand.pointee.strides[axis - 1] - index[axis] * operand.pointee.strides[axis]
                index[axis] = 0
                axis -= 1
                index[axis] += 1
            }
        }
    }

    @inline(__always)
    private func copyRun(
        _ operand: PointwiseOperand, _ offset: Int, _ step: Int, _ target: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        if operand.isInteger {
            let source = operand.base.assumingMemoryBound(to: Int32.self) + offset
            if step == 1 {
                for i in 0..<count { target[i] = Float(source[i]) }
            } else {
                for i in 0..<count { target[i] = Float(source[i * step]) }
            }
        } else {
            let source = operand.base.assumingMemoryBound(to: Float.self) + offset
            if step == 1 {
                copyRow(source, target, count)
            } else if step == 0 {
                fillRow(target, source[0], count)
            } else {
                for i in 0..<count { target[i] = source[i * step] }
            }
        }
    }

    /// Whether the register of a result may be the result's memory while the program runs: it is written by instructions, is
    /// no other result's, and no operand that is read later is in that memory.
    func canWrite(_ result: PointwiseResult, among results: UnsafeBufferPointer<PointwiseResult>) -> Bool {
        let register = result.register
        guard !result.isInteger, flags[register] & ~Registers.isSummed == Registers.isWritten else { return false }
        for i in 0..<program.pointee.immediateCount where program.pointee.immediates[i].register == register {
            return false
        }
        for k in 0..<program.pointee.operandCount {
            let operand = program.pointee.operands[k]
            if operand.register == register { return false }
            guard operand.base == UnsafeRawPointer(result.base) else { continue }
            var firstWrite = program.pointee.instructionCount
            var lastRead = -1
            for i in 0..<program.pointee.instructionCount {
                let instruction = program.pointee.instructions[i]
                if instruction.destination == register { firstWrite = min(firstWrite, i) }
                if instruction.reads(operand.register) { lastRead = i }
            }
            for other in results where other.register == operand.register { lastRead = .max }
            if flags[operand.register] & Registers.isSummed != 0 { lastRead = .max }
            if firstWrite < lastRead { return false }
        }
        return true
    }
}

extension PointwiseInstruction {
    @inline(__always)
    fileprivate func reads(_ register: Int) -> Bool {
        a == register || b == register || c == register || d == register
    }
}
