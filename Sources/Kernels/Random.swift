import AdjointKernelTables

package let randomRoutine = Routine<RandomArguments>(
    work: { Work(tasks: partCount(max($0.count, 0), taskFloats)) },
    run: { pointer, task, _ in
        let arguments = pointer.assumingMemoryBound(to: RandomArguments.self).pointee
        drawUniform(arguments, range(ofPart: task, of: taskFloats, below: arguments.count))
    })

/// Floats of a task.
@inline(__always) private var taskFloats: Int { 16384 }

private func drawUniform(_ arguments: RandomArguments, _ part: Range<Int>) {
    let key = UInt32(bitPattern: arguments.key.pointee)
    let counter = UInt32(bitPattern: arguments.counter.pointee)
    let (stream, destination) = (arguments.stream, arguments.destination)
    let end = part.upperBound

    var index = WordLanes()
    for lane in 0..<lanes { index[lane] = UInt32(truncatingIfNeeded: part.lowerBound + lane) }
    var position = part.lowerBound
    while position < end {
        let word = threefry(key: (key, stream), counter: (WordLanes(repeating: counter), index)).0 &>> 8
        var uniform = Lanes()
        for lane in 0..<lanes { uniform[lane] = Float(Int32(truncatingIfNeeded: word[lane])) }
        uniform *= 0x1p-24
        if position + lanes <= end {
            uniform.store(destination + position)
        } else {
            for lane in 0..<end - position { destination[position + lane] = uniform[lane] }
        }
        index &+= UInt32(lanes)
        position += lanes
    }
}

/// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3; SC 2011).
/// A round is x₀ += x₁; x₁ = rotate(x₁, by) ^ x₀; after every fourth the next two of the three key words are added.
@inline(__always)
func threefry(key: (UInt32, UInt32), counter: (WordLanes, WordLanes)) -> (WordLanes, WordLanes) {
    let third = 0x1bd1_1bda ^ key.0 ^ key.1
    var x = (counter.0 &+ key.0, counter.1 &+ key.1)
    four(&x, 13, 15, 26, 6)
    x = (x.0 &+ key.1, x.1 &+ (third &+ 1))
    four(&x, 17, 29, 16, 24)
    x = (x.0 &+ third, x.1 &+ (key.0 &+ 2))
    four(&x, 13, 15, 26, 6)
    x = (x.0 &+ key.0, x.1 &+ (key.1 &+ 3))
    four(&x, 17, 29, 16, 24)
    x = (x.0 &+ key.1, x.1 &+ (third &+ 4))
    four(&x, 13, 15, 26, 6)
    return (x.0 &+ third, x.1 &+ (key.0 &+ 5))
}

@inline(__always)
private func four(_ x: inout (WordLanes, WordLanes), _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) {
    round(&x, a)
    round(&x, b)
    round(&x, c)
    round(&x, d)
}

@inline(__always)
private func round(_ x: inout (WordLanes, WordLanes), _ by: UInt32) {
    x.0 = x.0 &+ x.1
    x.1 = ((x.1 &<< by) | (x.1 &>> (32 - by))) ^ x.0
}

/// Both words for one key and counter, for tests against published ones.
package func threefryWords(key: (UInt32, UInt32), counter: (UInt32, UInt32)) -> (UInt32, UInt32) {
    let words = threefry(
        key: key, counter: (WordLanes(repeating: counter.0), WordLanes(repeating: counter.1)))
    return (words.0[lanes - 1], words.1[0])
}
