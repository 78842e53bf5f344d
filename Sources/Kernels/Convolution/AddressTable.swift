import AdjointKernelTables

/// The layout of positions in memory: at `origin` + image·n + Σ strides·position.
struct Lattice {
    var origin: Int
    var image: Int
    var strides: Axes

    init(origin: Int, image: Int, strides: Axes) {
        (self.origin, self.image, self.strides) = (origin, image, strides)
    }

    /// Images of this size that lie densely, so many floats a position.
    init(dense size: Axes, _ pixel: Int) {
        let y = size.x * pixel
        self.init(origin: 0, image: size.count * pixel, strides: Axes(size.y * y, y, pixel))
    }

    func offset(_ n: Int, _ z: Int, _ y: Int, _ x: Int) -> Int {
        origin + n * image + z * strides.z + y * strides.y + x * strides.x
    }
}

/// For some positions q, the places of the source at stride·q + shift, and their own places in the destination.
struct AddressTable {
    let sources: UnsafeMutablePointer<Int>
    let positions: UnsafeMutablePointer<Int>
    private(set) var count = 0

    /// The most entries that a tile reads at once; the last entry is repeated for it.
    static let spare = 8

    static func bytes(_ capacity: Int) -> Int { 2 * Scratch.bytes(capacity + spare, of: Int.self) }

    init(_ scratch: inout Scratch, capacity: Int) {
        sources = scratch.take(capacity + AddressTable.spare, of: Int.self)
        positions = scratch.take(capacity + AddressTable.spare, of: Int.self)
    }

    /// Writes zeros to this many columns of every position.
    func zero(_ destination: UnsafeMutablePointer<Float>, _ columns: Int) {
        for entry in 0..<count { (destination + positions[entry]).update(repeating: 0, count: columns) }
    }

    mutating func fill(_ box: Box, stride: Axes, shift: Axes, source: Lattice, positions lattice: Lattice) {
        count = 0
        guard box.positions > 0 else { return }
        let step = stride.x * source.strides.x
        let x = box.x.lowerBound
        box.forEachRow { n, z, y in
            var here = source.offset(n, stride.z * z + shift.z, stride.y * y + shift.y, stride.x * x + shift.x)
            var there = lattice.offset(n, z, y, x)
            for _ in box.x {
                sources[count] = here
                positions[count] = there
                here += step
                there += lattice.strides.x
                count += 1
            }
        }
        for spare in 0..<AddressTable.spare {
            sources[count + spare] = sources[count - 1]
            positions[count + spare] = positions[count - 1]
        }
    }
}
