import AdjointKernelTables
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The images that each task of a routine declares, against those that it touches. Plans rely on it when steps take turns.
@Suite struct TouchedImagesTests {
    /// Groups, parts of the columns and of the channels, boxes of several images and of a part of one, batches that they
    /// do not divide; the last one in vectors of pixels on the wider tables.
    private static let dense = [
        WindowCase(batch: 40, groups: 2, channels: 3, columns: 5, size: [4, 3], kernel: [2, 2], count: [3, 2]),
        WindowCase(batch: 30, groups: 70, channels: 1, columns: 2, size: [3, 2], kernel: [1, 2], count: [3, 1]),
        WindowCase(batch: 60, channels: 260, columns: 70, size: [1, 2], kernel: [1, 1], count: [1, 2]),
        WindowCase(batch: 2, columns: 9, size: [31, 20], kernel: [3, 3], padding: [1, 1], count: [31, 20]),
        WindowCase(batch: 5, groups: 2, channels: 3, columns: 2, size: [9, 9], kernel: [3, 3], count: [7, 7]),
    ]

    private static let winograd = [
        WindowCase(
            batch: 30, groups: 2, channels: 3, columns: 6, size: [6, 5], kernel: [3, 3], padding: [1, 1],
            count: [6, 5]),
        WindowCase(batch: 50, channels: 1, columns: 260, size: [3, 3], kernel: [3, 3], count: [1, 1]),
        WindowCase(batch: 70, channels: 130, columns: 3, size: [3, 3], kernel: [3, 3], count: [1, 1]),
        WindowCase(batch: 2, columns: 2, size: [29, 30], kernel: [3, 3], padding: [1, 1], count: [29, 30]),
    ]

    private static let depthwise = [
        WindowCase(batch: 70, groups: 5, size: [4, 4], kernel: [3, 3], padding: [1, 1], count: [4, 4]),
        WindowCase(batch: 3, groups: 130, size: [11, 8], kernel: [3, 2], count: [9, 7]),
    ]

    /// Spaces of a batch, and the axes that are summed: none, the positions, the batch and the positions, all but the batch,
    /// the last.
    private static let spaces: [(sizes: [Int], sums: [[Int]])] = [
        ([7, 60, 9], [[1], [0, 1], [1, 2], [2]]), ([9, 3, 700], [[1], [0, 1], [2]]),
        ([1500, 3, 2], [[0, 1], [1], [2]]), ([2, 1900, 3], [[1], [0, 1], [2]]),
    ]

    @Test(arguments: Instructions.supported)
    func `Tasks touch the images that they say`(instructions: Instructions) {
        let (table, lanes) = (instructions.table, instructions.lanes)
        var told: [String: Bool] = [:]
        func slides(
            _ name: String, _ pack: Routine<PackArguments>?, _ slide: Routine<SlidingArguments>, places: Int? = nil,
            _ windows: [WindowCase]
        ) {
            for window in windows {
                let call = window.sliding(pack, slide, lanes: lanes, places: places ?? window.tapCount)
                told[name] = call.check("\(name) \(window)", instructions) || told[name] ?? false
            }
        }
        func correlates(
            _ name: String, _ routine: Routine<FilterGradientArguments>, _ combine: Routine<FilterGradientArguments>,
            _ windows: [WindowCase]
        ) {
            for window in windows {
                let call = window.correlating(routine, combine)
                told[name] = call.check("\(name) \(window)", instructions) || told[name] ?? false
            }
        }
        let kernels = table.convolution
        slides("convolution.columns.slide", kernels.pack, kernels.columns.slide, Self.dense)
        correlates(
            "convolution.columns.filterGradient", kernels.columns.filterGradient, kernels.columns.combineFilter,
            Self.dense)
        slides("convolution.depthwise.slide", nil, kernels.depthwise.slide, Self.depthwise)
        correlates(
            "convolution.depthwise.filterGradient", kernels.depthwise.filterGradient, kernels.depthwise.combineFilter,
            Self.depthwise)
        for (number, tiles) in kernels.winograd.enumerated() {
            let name = "convolution.winograd.\(number)"
            slides("\(name).window.slide", tiles.pack, tiles.window.slide, places: tiles.products, Self.winograd)
            correlates(
                "\(name).window.filterGradient", tiles.window.filterGradient, tiles.window.combineFilter, Self.winograd)
        }
        for (sizes, sums) in Self.spaces {
            let call = evaluating(table.evaluate, sizes)
            told["evaluate"] = call.check("evaluate \(sizes)", instructions) || told["evaluate"] ?? false
            for axes in sums {
                let call = reducing(table.reduce, table.combineReduction, sizes, over: axes)
                told["reduce"] = call.check("reduce \(sizes) over \(axes)", instructions) || told["reduce"] ?? false
            }
        }
        // No routine that declares its images is forgotten, and each has declared different ones in some case.
        #expect(Set(told.keys) == tellers(table))
        for (name, isTold) in told { #expect(isTold, "\(name) told the same of every task") }
    }

    /// The routines of a table that declare the images that a task touches.
    private func tellers(_ value: Any) -> Set<String> {
        var found: Set<String> = []
        for (number, child) in Mirror(reflecting: value).children.enumerated() {
            let mirror = Mirror(reflecting: child.value)
            if child.label == "images", mirror.displayStyle == .optional {
                if !mirror.children.isEmpty { found.insert("") }
                continue
            }
            for path in tellers(child.value) {
                found.insert((child.label ?? "\(number)") + (path.isEmpty ? "" : ".") + path)
            }
        }
        return found
    }
}

/// Filled-in arguments, and the memory behind them.
private struct Call<Arguments: SendableMetatype> {
    let routine: Routine<Arguments>
    let arguments: Arguments
    let work: Work
    let batch: Int
    /// The batches that are read, and those that are written.
    var sources: [Memory]
    var results: [Memory] = []
    /// The memory that is written and is not a batch.
    var others: [Memory] = []
    /// Computes the results from that memory.
    var combine: () -> [Memory] = { [] }
    /// Objects that must live as long.
    var kept: [AnyObject] = []

    /// A number that never is a result.
    private static var untouched: Float { -0x1p99 }

    /// - Returns: whether some tasks touch other images than others.
    func check(_ name: String, _ instructions: Instructions) -> Bool {
        guard let images = routine.images else { return false }
        let said = (0..<work.tasks).map { images(arguments, $0, batch) }
        let fall = zip(said, said.dropFirst()).first { $0.lowerBound > $1.lowerBound || $0.upperBound > $1.upperBound }
        #expect(fall == nil, "\(name), \(instructions)")
        let scratch = Memory(work.scratch / 4, alignment: 64)
        let stored = Stored(arguments, routine)
        func run(_ task: Int) {
            scratch.base.update(repeating: .nan, count: scratch.count)
            routine.run(stored.pointer, task, UnsafeMutableRawPointer(scratch.base))
        }
        for task in said.indices { run(task) }
        for memory in results { #expect(!memory.values.contains { $0.isNaN }, "\(name), \(instructions): not all") }
        let given = sources.map { $0.values }
        let whole = results.map { $0.values }
        let combined = combine().map { $0.values.map(\.bitPattern) }
        // A task alone, with NaN in all that it does not declare, which it must not read or change; the results are the same.
        for (task, touched) in said.enumerated() {
            let strangers = (0..<batch).filter { !touched.contains($0) }
            for image in strangers {
                for memory in sources { memory.fill(image, of: batch, with: .nan) }
                for memory in results { memory.fill(image, of: batch, with: Self.untouched) }
            }
            run(task)
            for (memory, values) in zip(results, whole) {
                let untouched = [Float](repeating: Self.untouched, count: values.count)
                let isSame = (0..<batch).allSatisfy {
                    memory.holds($0, of: batch, touched.contains($0) ? values : untouched)
                }
                #expect(isSame, "\(name), \(instructions): task \(task) does not keep to \(touched)")
            }
            let isSame = combine().map { $0.values.map(\.bitPattern) } == combined
            #expect(isSame, "\(name), \(instructions): task \(task) reads other images than \(touched)")
            for (memory, values) in zip(sources + results, given + whole) {
                memory.base.update(from: values, count: values.count)
            }
        }
        for memory in sources + results + others + [scratch] { memory.check() }
        return Set(said).count > 1
    }
}

extension Memory {
    fileprivate func fill(_ image: Int, of batch: Int, with value: Float) {
        (base + image * (count / batch)).update(repeating: value, count: count / batch)
    }

    /// Whether the numbers of an image are the same in these values.
    fileprivate func holds(_ image: Int, of batch: Int, _ values: [Float]) -> Bool {
        let size = count / batch
        return values.withUnsafeBufferPointer {
            memcmp(base + image * size, $0.baseAddress! + image * size, 4 * size) == 0
        }
    }
}

/// Taps at fixed addresses.
private final class FixedTaps {
    let base: UnsafeMutablePointer<Tap>

    init(_ taps: [Tap]) {
        base = .allocate(capacity: taps.count + 1)
        base.initialize(from: taps, count: taps.count)
    }

    deinit { base.deallocate() }
}

extension WindowCase {
    fileprivate func sliding(
        _ pack: Routine<PackArguments>?, _ slide: Routine<SlidingArguments>, lanes: Int, places: Int
    ) -> Call<SlidingArguments> {
        let source = Memory(fractions(sourceCount, seed: 1))
        let filter = Memory(fractions(filterCount, seed: 2))
        let destination = Memory(cotangentCount)
        let fixed = FixedTaps(taps)
        let all = groups * columns
        var packed = filter
        if let pack {
            packed = Memory(groups * places * channels * ((columns + lanes - 1) / lanes * lanes))
            var packing = PackArguments(
                filter: filter.base, packed: packed.base, layer: layer(fixed.base))
            let work = pack.work(&packing)
            run(pack, packing, work, .forwards)
        }
        var arguments = SlidingArguments(
            source: source.base, filter: packed.base, destination: destination.base, layer: layer(fixed.base),
            destinationBatchStride: positions * all,
            destinationStrides: Axes(countAxes.y * countAxes.x * all, countAxes.x * all, all))
        let work = slide.work(&arguments)
        return Call(
            routine: slide, arguments: arguments, work: work, batch: batch, sources: [source],
            results: [destination], kept: [fixed, filter, packed])
    }

    fileprivate func correlating(
        _ routine: Routine<FilterGradientArguments>, _ combine: Routine<FilterGradientArguments>
    ) -> Call<FilterGradientArguments> {
        let source = Memory(fractions(sourceCount, seed: 1))
        let cotangent = Memory(fractions(cotangentCount, seed: 3))
        let filter = Memory(filterCount)
        let fixed = FixedTaps(taps)
        var arguments = FilterGradientArguments(
            source: source.base, cotangent: cotangent.base, filter: filter.base, partials: filter.base,
            layer: layer(fixed.base))
        let work = routine.work(&arguments)
        let partials = Memory(work.partials)
        arguments.partials = partials.base
        let given = arguments
        return Call(
            routine: routine, arguments: arguments, work: work, batch: batch, sources: [source, cotangent],
            others: [partials],
            combine: {
                var arguments = given
                let work = combine.work(&arguments)
                run(combine, arguments, work, .forwards)
                return [filter]
            }, kept: [fixed, filter])
    }
}

/// x·a + y for a batch, where a is a number of each channel.
private final class BatchProgram {
    let sources: [Memory]
    let result: Memory
    let scale: Memory
    private let operands: UnsafeMutablePointer<PointwiseOperand>
    private let instruction: UnsafeMutablePointer<PointwiseInstruction>
    private let immediate = UnsafeMutablePointer<PointwiseImmediate>.allocate(capacity: 1)
    let results: UnsafeMutablePointer<PointwiseResult>
    let sums: UnsafeMutablePointer<SummedRegister>
    let program: PointwiseProgram

    init(_ sizes: [Int], sums total: Memory) {
        let count = sizes.reduce(1, *)
        let (x, y) = (Memory(fractions(count, seed: 4)), Memory(fractions(count, seed: 5)))
        let (scale, result) = (Memory(fractions(sizes[sizes.count - 1], seed: 6)), Memory(count))
        (sources, self.scale, self.result) = ([x, y], scale, result)
        operands = .allocate(capacity: 3)
        let channel = sizes.indices.map { $0 == sizes.count - 1 ? 1 : 0 }
        for (number, (memory, strides)) in [
            (x, denseStrides(sizes)), (scale, channel), (y, denseStrides(sizes)),
        ].enumerated() {
            (operands + number).initialize(
                to: PointwiseOperand(
                    base: UnsafeRawPointer(memory.base), strides: axes(strides), isInteger: false, register: number))
        }
        instruction = .allocate(capacity: 1)
        instruction.initialize(to: PointwiseInstruction(.multiplyAdd, destination: 3, a: 0, b: 1, c: 2))
        results = .allocate(capacity: 1)
        results.initialize(
            to: PointwiseResult(base: UnsafeMutableRawPointer(result.base), isInteger: false, register: 3))
        sums = .allocate(capacity: 1)
        sums.initialize(to: SummedRegister(register: 3, destination: total.base))
        var program = PointwiseProgram(
            operands: operands, operandCount: 3, immediates: immediate, immediateCount: 0, instructions: instruction,
            instructionCount: 1, registerCount: 4, rank: sizes.count, sizes: axes(sizes))
        program.batch = sizes[0]
        self.program = program
    }

    deinit {
        operands.deallocate()
        instruction.deallocate()
        immediate.deallocate()
        results.deallocate()
        sums.deallocate()
    }
}

private func evaluating(_ routine: Routine<PointwiseArguments>, _ sizes: [Int]) -> Call<PointwiseArguments> {
    let batch = BatchProgram(sizes, sums: Memory(1))
    var arguments = PointwiseArguments(program: batch.program, results: batch.results, resultCount: 1)
    let work = routine.work(&arguments)
    return Call(
        routine: routine, arguments: arguments, work: work, batch: sizes[0], sources: batch.sources,
        results: [batch.result], kept: [batch])
}

private func reducing(
    _ routine: Routine<ReductionArguments>, _ combine: Routine<ReductionArguments>, _ sizes: [Int], over summed: [Int]
) -> Call<ReductionArguments> {
    let kept = sizes.indices.filter { !summed.contains($0) }
    let sums = Memory(kept.reduce(1) { $0 * sizes[$1] })
    let batch = BatchProgram(sizes, sums: sums)
    var isSummed = InlineArray<8, Bool>(repeating: false)
    for axis in summed { isSummed[axis] = true }
    var arguments = ReductionArguments(
        program: batch.program, sums: batch.sums, sumCount: 1, results: batch.results, resultCount: 1,
        isSummed: isSummed, destinationStrides: axes(denseStrides(sizes, repeats: Set(summed))), partials: sums.base)
    let work = routine.work(&arguments)
    let partials = Memory(work.partials)
    arguments.partials = partials.base
    let given = arguments
    return Call(
        routine: routine, arguments: arguments, work: work, batch: sizes[0], sources: batch.sources,
        results: [batch.result], others: [sums, partials],
        combine: {
            if work.partials == 0 { return [sums] }
            var arguments = given
            let work = combine.work(&arguments)
            run(combine, arguments, work, .forwards)
            return [sums]
        }, kept: [batch])
}
