// The accumulators of every convolution, as types: rows of vectors, all of which stay in registers.
//
//                 columns ->
//     row 0     | Lanes | Lanes | Lanes | Lanes |     Row<Pair<Pair<Lanes>>>
//     row 1     | Lanes | Lanes | Lanes | Lanes |
//      ...                                            Stack<Stack<Row, Row>, …>
//
// Each row has a pointer into the source. A step adds to each row the product of the float at its pointer and `index`
// and one row of columns, which all rows share.

/// Some vectors side by side. `tail` is the number of floats of the last one that exist in memory.
protocol Columns {
    static var vectors: Int { get }
    static var zero: Self { get }
    static func load(_ pointer: UnsafePointer<Float>, tail: Int) -> Self
    func store(_ pointer: UnsafeMutablePointer<Float>, tail: Int)
    func add(to pointer: UnsafeMutablePointer<Float>, tail: Int)
    /// Vectors that are `pitch` floats apart.
    static func load(_ pointer: UnsafePointer<Float>, pitch: Int) -> Self
    /// Every vector += a·b, element by element
    mutating func addProduct(_ a: Lanes, of b: Self)
    /// The vectors with zero in the other lanes.
    func kept(_ mask: Mask) -> Self
}

extension Columns {
    /// self += a·b
    @inline(__always) mutating func addMultiple(_ a: Float, of b: Self) { addProduct(Lanes(repeating: a), of: b) }
}

/// Columns that are one vector.
protocol OneVector: Columns {
    /// Only the vector's tail exists.
    static var isTail: Bool { get }
    /// self += a·b, element by element
    mutating func addElements(_ a: Self, times b: Self)
}

extension Lanes: Columns {
    @inline(__always) static var vectors: Int { 1 }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, tail: Int) -> Self { .load(pointer) }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, pitch: Int) -> Self { .load(pointer) }

    @inline(__always) mutating func addProduct(_ a: Lanes, of b: Self) { self = accumulate(self, a, b) }

    @inline(__always) func kept(_ mask: Mask) -> Self { Lanes().replacing(with: self, where: mask) }

    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, tail: Int) {
        if tail == lanes { store(pointer) } else { store(pointer, first: tail) }
    }

    @inline(__always) func add(to pointer: UnsafeMutablePointer<Float>, tail: Int) {
        if tail == lanes {
            (self + .load(pointer)).store(pointer)
        } else {
            (self + .load(pointer, first: tail)).store(pointer, first: tail)
        }
    }
}

extension Lanes: OneVector {
    @inline(__always) static var isTail: Bool { false }

    @inline(__always) mutating func addElements(_ a: Self, times b: Self) { addProduct(a, of: b) }
}

/// One vector of which only the tail exists in memory, for reading as well as writing.
struct Tail: OneVector {
    var vector: Lanes

    @inline(__always) static var vectors: Int { 1 }
    @inline(__always) static var isTail: Bool { true }
    @inline(__always) static var zero: Self { Tail(vector: .zero) }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, tail: Int) -> Self {
        Tail(vector: .load(pointer, first: tail))
    }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, pitch: Int) -> Self {
        Tail(vector: .load(pointer))
    }

    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, tail: Int) {
        vector.store(pointer, first: tail)
    }

    @inline(__always) func add(to pointer: UnsafeMutablePointer<Float>, tail: Int) {
        (vector + .load(pointer, first: tail)).store(pointer, first: tail)
    }

    @inline(__always) mutating func addProduct(_ a: Lanes, of b: Self) {
        vector.addProduct(a, of: b.vector)
    }

    @inline(__always) func kept(_ mask: Mask) -> Self { Tail(vector: vector.kept(mask)) }

    @inline(__always) mutating func addElements(_ a: Self, times b: Self) { addProduct(a.vector, of: b) }
}

/// Columns side by side.
struct Pair<Left: Columns, Right: Columns>: Columns {
    var left: Left
    var right: Right

    @inline(__always) static var vectors: Int { Left.vectors + Right.vectors }
    @inline(__always) static var zero: Self { Pair(left: .zero, right: .zero) }
    @inline(__always) private static var middle: Int { Left.vectors * lanes }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, tail: Int) -> Self {
        Pair(left: .load(pointer, tail: lanes), right: .load(pointer + middle, tail: tail))
    }

    @inline(__always) func store(_ pointer: UnsafeMutablePointer<Float>, tail: Int) {
        left.store(pointer, tail: lanes)
        right.store(pointer + Self.middle, tail: tail)
    }

    @inline(__always) func add(to pointer: UnsafeMutablePointer<Float>, tail: Int) {
        left.add(to: pointer, tail: lanes)
        right.add(to: pointer + Self.middle, tail: tail)
    }

    @inline(__always) static func load(_ pointer: UnsafePointer<Float>, pitch: Int) -> Self {
        Pair(left: .load(pointer, pitch: pitch), right: .load(pointer + Left.vectors * pitch, pitch: pitch))
    }

    @inline(__always) mutating func addProduct(_ a: Lanes, of b: Self) {
        left.addProduct(a, of: b.left)
        right.addProduct(a, of: b.right)
    }

    @inline(__always) func kept(_ mask: Mask) -> Self { Pair(left: left.kept(mask), right: right.kept(mask)) }
}

/// A tile: rows of columns.
protocol Rows {
    associatedtype Part: Columns
    /// A pointer for each row.
    associatedtype Sources
    static var rows: Int { get }
    static var zero: Self { get }
    static func sources(_ base: UnsafePointer<Float>, _ offsets: UnsafePointer<Int>) -> Sources
    /// `pitch` floats apart, up to row `last`, which the rows behind it repeat.
    static func sources(_ base: UnsafePointer<Float>, pitch: Int, last: Int) -> Sources
    /// row += source[index] · columns
    mutating func addMultiples(_ sources: Sources, _ index: Int, of columns: Part)
    /// Every vector of a row += source[index...] · columns, element by element
    mutating func addProducts(_ sources: Sources, _ index: Int, of columns: Part)
    /// The same in the lanes of a mask.
    mutating func addProducts(_ sources: Sources, _ index: Int, of columns: Part, keeping mask: Mask)
    /// row i += Σ_k source[Source.stride·i + line + k] · filter[k]
    mutating func addRun<Filter: TapVectors, Source: Lines>(
        _ source: Source, _ line: Int, times filter: Filter, tail: Int) where Filter.Vector == Part
    /// Loads rows that are `pitch` floats apart.
    static func load(_ base: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self
    /// filter[k] += Σ_i source[Source.stride·i + line + k] · row i
    func addRun<Filter: TapVectors, Source: Lines>(
        to filter: inout Filter, _ source: Source, _ line: Int, tail: Int) where Filter.Vector == Part
    /// Stores the first `count` rows, each at its offset.
    func store(_ base: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>, count: Int, tail: Int)
    /// Stores the first `count` rows, `pitch` floats apart.
    func store(_ base: UnsafeMutablePointer<Float>, pitch: Int, count: Int, tail: Int)
    /// Adds the first `count` rows to the floats at their offsets.
    func add(to base: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>, count: Int, tail: Int)
    /// Adds the first `count` rows to rows that are `pitch` floats apart.
    func add(to base: UnsafeMutablePointer<Float>, pitch: Int, count: Int, tail: Int)
}

extension Rows {
    /// One float after the other.
    @inline(__always) static func neighbours(_ base: UnsafePointer<Float>) -> Sources {
        sources(base, pitch: 1, last: rows - 1)
    }

    /// Stores whole rows `pitch` floats apart.
    @inline(__always) func store(_ base: UnsafeMutablePointer<Float>, pitch: Int) {
        store(base, pitch: pitch, count: Self.rows, tail: lanes)
    }
}

struct Row<Part: Columns>: Rows {
    var columns: Part

    @inline(__always) static var rows: Int { 1 }
    @inline(__always) static var zero: Self { Row(columns: .zero) }

    @inline(__always) static func sources(
        _ base: UnsafePointer<Float>, _ offsets: UnsafePointer<Int>
    ) -> UnsafePointer<Float> {
        base + offsets[0]
    }

    @inline(__always) static func sources(
        _ base: UnsafePointer<Float>, pitch: Int, last: Int
    ) -> UnsafePointer<Float> {
        base
    }

    @inline(__always) mutating func addMultiples(_ source: UnsafePointer<Float>, _ index: Int, of b: Part) {
        columns.addMultiple(source[index], of: b)
    }

    @inline(__always) mutating func addProducts(_ source: UnsafePointer<Float>, _ index: Int, of b: Part) {
        columns.addProduct(.load(source + index), of: b)
    }

    @inline(__always) mutating func addProducts(
        _ source: UnsafePointer<Float>, _ index: Int, of b: Part, keeping mask: Mask
    ) {
        columns.addProduct(Lanes.load(source + index).kept(mask), of: b.kept(mask))
    }

    @inline(__always) mutating func addRun<Filter: TapVectors, Source: Lines>(
        _ source: Source, _ line: Int, times filter: Filter, tail: Int
    ) where Filter.Vector == Part {
        filter.addProducts(to: &columns, source, line, tail: tail)
    }

    @inline(__always) static func load(_ base: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self {
        Row(columns: .load(base, tail: tail))
    }

    @inline(__always) func addRun<Filter: TapVectors, Source: Lines>(
        to filter: inout Filter, _ source: Source, _ line: Int, tail: Int
    ) where Filter.Vector == Part {
        filter.addProducts(of: columns, source, line, tail: tail)
    }

    @inline(__always) func store(
        _ base: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>, count: Int, tail: Int
    ) {
        if count > 0 { columns.store(base + offsets[0], tail: tail) }
    }

    @inline(__always) func add(
        to base: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>, count: Int, tail: Int
    ) {
        if count > 0 { columns.add(to: base + offsets[0], tail: tail) }
    }

    @inline(__always) func store(_ base: UnsafeMutablePointer<Float>, pitch: Int, count: Int, tail: Int) {
        if count > 0 { columns.store(base, tail: tail) }
    }

    @inline(__always) func add(to base: UnsafeMutablePointer<Float>, pitch: Int, count: Int, tail: Int) {
        if count > 0 { columns.add(to: base, tail: tail) }
    }
}

/// Two tiles of equal width, one above the other.
struct Stack<Upper: Rows, Lower: Rows>: Rows where Upper.Part == Lower.Part {
    var upper: Upper
    var lower: Lower

    typealias Part = Upper.Part
    typealias Sources = (upper: Upper.Sources, lower: Lower.Sources)

    @inline(__always) static var rows: Int { Upper.rows + Lower.rows }
    @inline(__always) static var zero: Self { Stack(upper: .zero, lower: .zero) }

    @inline(__always) static func sources(
        _ base: UnsafePointer<Float>, _ offsets: UnsafePointer<Int>
    ) -> Sources {
        (Upper.sources(base, offsets), Lower.sources(base, offsets + Upper.rows))
    }

    @inline(__always) static func sources(_ base: UnsafePointer<Float>, pitch: Int, last: Int) -> Sources {
        let skipped = Swift.min(Upper.rows, last)
        return (
            Upper.sources(base, pitch: pitch, last: last),
            Lower.sources(base + skipped &* pitch, pitch: pitch, last: last &- skipped)
        )
    }

    @inline(__always) mutating func addMultiples(_ sources: Sources, _ index: Int, of columns: Part) {
        upper.addMultiples(sources.upper, index, of: columns)
        lower.addMultiples(sources.lower, index, of: columns)
    }

    @inline(__always) mutating func addProducts(_ sources: Sources, _ index: Int, of columns: Part) {
        upper.addProducts(sources.upper, index, of: columns)
        lower.addProducts(sources.lower, index, of: columns)
    }

    @inline(__always) mutating func addProducts(
        _ sources: Sources, _ index: Int, of columns: Part, keeping mask: Mask
    ) {
        upper.addProducts(sources.upper, index, of: columns, keeping: mask)
        lower.addProducts(sources.lower, index, of: columns, keeping: mask)
    }

    @inline(__always) mutating func addRun<Filter: TapVectors, Source: Lines>(
        _ source: Source, _ line: Int, times filter: Filter, tail: Int
    ) where Filter.Vector == Part {
        upper.addRun(source, line, times: filter, tail: tail)
        lower.addRun(source, line &+ Upper.rows &* Source.stride, times: filter, tail: tail)
    }

    @inline(__always) static func load(_ base: UnsafePointer<Float>, pitch: Int, tail: Int) -> Self {
        Stack(
            upper: .load(base, pitch: pitch, tail: tail),
            lower: .load(base + Upper.rows &* pitch, pitch: pitch, tail: tail))
    }

    @inline(__always) func addRun<Filter: TapVectors, Source: Lines>(
        to filter: inout Filter, _ source: Source, _ line: Int, tail: Int
    ) where Filter.Vector == Part {
        upper.addRun(to: &filter, source, line, tail: tail)
        lower.addRun(to: &filter, source, line &+ Upper.rows &* Source.stride, tail: tail)
    }

    @inline(__always) func store(
        _ base: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>, count: Int, tail: Int
    ) {
        upper.store(base, offsets, count: count, tail: tail)
        lower.store(base, offsets + Upper.rows, count: count - Upper.rows, tail: tail)
    }

    @inline(__always) func add(
        to base: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>, count: Int, tail: Int
    ) {
        upper.add(to: base, offsets, count: count, tail: tail)
        lower.add(to: base, offsets + Upper.rows, count: count - Upper.rows, tail: tail)
    }

    @inline(__always) func store(_ base: UnsafeMutablePointer<Float>, pitch: Int, count: Int, tail: Int) {
        upper.store(base, pitch: pitch, count: count, tail: tail)
        lower.store(base + Upper.rows &* pitch, pitch: pitch, count: count &- Upper.rows, tail: tail)
    }

    @inline(__always) func add(to base: UnsafeMutablePointer<Float>, pitch: Int, count: Int, tail: Int) {
        upper.add(to: base, pitch: pitch, count: count, tail: tail)
        lower.add(to: base + Upper.rows * pitch, pitch: pitch, count: count - Upper.rows, tail: tail)
    }
}

typealias Two<Part: Rows> = Stack<Part, Part>
typealias Three<Part: Rows> = Stack<Two<Part>, Part>
