import AdjointKernelTables
import Testing

@Suite struct ProductTests {
    static let sizes = [
        (1, 1, 1), (1, 400, 120), (1, 84, 10), (2, 33, 7), (3, 17, 64), (4, 16, 8), (5, 40, 33), (6, 0, 20),
        (7, 5, 130),
        (13, 21, 100), (64, 84, 10), (120, 64, 400), (10, 120, 5), (30, 3, 17), (1, 50, 1), (2, 128, 3),
    ]

    @Test func `Products are exact however the operands lie`() {
        for (rows, depth, columns) in Self.sizes {
            let left = smallIntegers(rows * depth, seed: 1)
            let right = smallIntegers(depth * columns, seed: 2)
            var expected = [Float](repeating: 0, count: rows * columns)
            for i in 0..<rows {
                for s in 0..<depth {
                    for j in 0..<columns { expected[i * columns + j] += left[i * depth + s] * right[s * columns + j] }
                }
            }
            for instructions in Instructions.supported {
                for isLeftTurned in [false, true] {
                    for isRightTurned in [false, true]
                    where !isRightTurned || !isLeftTurned && depth >= instructions.lanes {
                        let result = multiplied(
                            instructions, left, right, rows, depth, columns, isLeftTurned, isRightTurned, .shuffled)
                        #expect(
                            result == expected,
                            "\(rows) x \(depth) x \(columns), \(isLeftTurned), \(isRightTurned), \(instructions)")
                    }
                }
            }
        }
    }

    @Test(arguments: Instructions.supported)
    func `The order of the tasks changes no bit`(instructions: Instructions) {
        let (left, right) = (fractions(120 * 64, seed: 3), fractions(64 * 400, seed: 4))
        for isTurned in [false, true] {
            let results = TaskOrder.allCases.map {
                multiplied(instructions, left, right, 120, 64, 400, false, isTurned, $0).map(\.bitPattern)
            }
            #expect(Set(results).count == 1)
        }
    }

    /// Transposed operands hold the same matrix.
    private func multiplied(
        _ instructions: Instructions, _ left: [Float], _ right: [Float], _ rows: Int, _ depth: Int, _ columns: Int,
        _ isLeftTurned: Bool, _ isRightTurned: Bool, _ order: TaskOrder
    ) -> [Float] {
        let a = Memory(isLeftTurned ? transposed(left, rows, depth) : left)
        let b = Memory(isRightTurned ? transposed(right, depth, columns) : right)
        // Rows of the result are apart.
        let pitch = columns + 3
        let result = Memory(rows * pitch)
        var arguments = ProductArguments(
            left: a.base, right: b.base, result: result.base, rows: rows, depth: depth, columns: columns,
            leftRow: isLeftTurned ? 1 : depth, leftDepth: isLeftTurned ? rows : 1,
            rightDepth: isRightTurned ? 1 : columns, rightColumn: isRightTurned ? depth : 1, resultRow: pitch)
        let routine = instructions.convolution.product
        let work = routine.work(&arguments)
        run(routine, arguments, work, order)
        for memory in [a, b, result] { memory.check() }
        return result.values.enumerated().compactMap { place, value in
            place % pitch < columns ? value : value.isNaN ? nil : .infinity
        }
    }

    private func transposed(_ matrix: [Float], _ rows: Int, _ columns: Int) -> [Float] {
        (0..<rows * columns).map { matrix[$0 % rows * columns + $0 / rows] }
    }
}
