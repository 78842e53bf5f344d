/// The sizes of a tensor's axes, outermost first. A scalar has none.
public struct Shape: Hashable, Sendable {
    public let sizes: [Int]

    public init(_ sizes: [Int]) {
        self.sizes = sizes
    }

    public var rank: Int { sizes.count }

    /// The size of an axis; 0 where there is no such axis, as in the shape of a poisoned value, so that code after an error may
    /// read sizes as usual.
    public subscript(axis: Int) -> Int { sizes.indices.contains(axis) ? sizes[axis] : 0 }

    /// The number of elements, or nil where a size is negative or the bytes of as many doubles exceed `Int`.
    ///
    /// The other sizes of an empty shape must fit as well, so that strides and sums of sizes never overflow.
    public var checkedCount: Int? {
        var count = 1
        for size in sizes where size != 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if size < 0 || overflow || product > Int.max / 8 { return nil }
            count = product
        }
        return sizes.contains(0) ? 0 : count
    }

    /// The number of elements. Graphs hold only shapes whose count is known to fit.
    public var count: Int {
        checkedCount ?? Int.max
    }

    /// The elements from one index to the next on each axis, in row-major order; meaningless where the count does not fit.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] &* sizes[axis + 1]
        }
        return strides
    }
}

extension Shape: ExpressibleByArrayLiteral {
    public init(arrayLiteral sizes: Int...) {
        self.init(sizes)
    }
}

extension Shape: CustomStringConvertible {
    public var description: String { list(sizes) }
}

/// The type of a tensor's elements.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
    case float32, float64, int32, bool

    public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

/// Numbers as text, `[1, 2, 3]`; Embedded Swift cannot interpolate an array.
package func list(_ numbers: [Int]) -> String {
    "[" + joined(numbers) + "]"
}

/// Numbers with a separator between them.
package func joined(_ numbers: some Collection<Int>, by separator: String = ", ") -> String {
    joined(numbers.map { String($0) }, by: separator)
}

/// Texts one after the other, with a separator between them.
package func joined(_ texts: [String], by separator: String = ", ") -> String {
    var result = ""
    for (position, text) in texts.enumerated() {
        if position > 0 { result += separator }
        result += text
    }
    return result
}

extension Shape {
    /// The sizes behind batch and channels, or filters and channels: [N, C, spatial…].
    package var spatial: [Int] { Array(sizes.dropFirst(2)) }

    /// The elements of one channel of one example.
    package var planeCount: Int { Shape(spatial).count }

    /// The index on every axis of a row-major place.
    package func index(of place: Int) -> [Int] {
        zip(sizes, strides).map { size, stride in place / stride % size }
    }

    /// The row-major place of an index inside the shape.
    package func place(of index: [Int]) -> Int? {
        guard index.count == rank, zip(index, sizes).allSatisfy({ $0 >= 0 && $0 < $1 }) else { return nil }
        return zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
