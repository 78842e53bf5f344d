import AdjointGraphs

/// Named float32 tensors that outlive a run and that several plans share: parameters, moments, running statistics.
///
/// A graph input of the same name reads its tensor here; an output that is bound to a name is written here in place.
public final class State {
    /// The names in the order of their declaration.
    public let names: [String]
    private let numbers: [String: Int]
    private let shapes: [Shape]
    private let offsets: [Int]
    let arena: Arena
    /// The number of times that its tensors were changed: a plan's preparation is outdated when it was made at another number.
    private(set) var changes = 0

    /// - Throws: an error for a name that occurs twice, for integers, or where memory does not suffice.
    public convenience init(_ tensors: [(name: String, tensor: Tensor)]) throws(ArgumentError) {
        try self.init(zeros: tensors.map { ($0.name, $0.tensor.shape) })
        for (name, tensor) in tensors { try set(name, to: tensor) }
    }

    /// Tensors of zeros, which occupy no memory before they are written.
    ///
    /// - Throws: the same errors as where tensors are given.
    public init(zeros tensors: [(name: String, shape: Shape)]) throws(ArgumentError) {
        var numbers: [String: Int] = [:]
        var offsets: [Int] = []
        var end = 0
        for (number, (name, shape)) in tensors.enumerated() {
            guard numbers[name] == nil else {
                throw ArgumentError("State", "name", expected: "different names", given: "\"\(name)\" twice")
            }
            guard let count = shape.checkedCount, count <= Tensor.limit else {
                throw ArgumentError(
                    "State", "\"\(name)\"", expected: "sizes of 0 or more, at most 2^30 elements", given: "\(shape)")
            }
            numbers[name] = number
            offsets.append(end)
            end += Arena.room(for: count)
        }
        guard let arena = Arena(count: end) else {
            throw ArgumentError("State", "memory", expected: "\(end * 4) bytes", given: "less")
        }
        self.arena = arena
        (self.numbers, self.offsets) = (numbers, offsets)
        (names, shapes) = (tensors.map { $0.name }, tensors.map { $0.shape })
    }

    /// The current value of a tensor; nil where there is none of this name.
    public func tensor(named name: String) -> Tensor? {
        guard let number = numbers[name] else { return nil }
        let start = arena.base + offsets[number]
        return Tensor(
            known: shapes[number],
            .float32(Array(UnsafeBufferPointer(start: start, count: shapes[number].count))))
    }

    /// Replaces a tensor by one of the same shape.
    public func set(_ name: String, to tensor: Tensor) throws(ArgumentError) {
        guard let number = numbers[name] else {
            throw ArgumentError("State", "name", expected: "a known name", given: "\"\(name)\"")
        }
        guard tensor.shape == shapes[number] else {
            throw ArgumentError("State", "\"\(name)\"", expected: "shape \(shapes[number])", given: "\(tensor.shape)")
        }
        guard tensor.elementType.isFloatingPoint else {
            throw ArgumentError(
                "State", "\"\(name)\"", expected: "floating-point elements", given: tensor.elementType.rawValue)
        }
        let destination = arena.base + offsets[number]
        tensor.floats.withUnsafeBufferPointer {
            if let start = $0.baseAddress { destination.update(from: start, count: $0.count) }
        }
        markChanged()
    }

    /// Notes a change; must be called after writing to the tensors' memory.
    func markChanged() { changes += 1 }

    /// The shape and the memory of a tensor.
    func storage(_ name: String) -> (shape: Shape, memory: UnsafeMutablePointer<Float>)? {
        numbers[name].map { (shapes[$0], arena.base + offsets[$0]) }
    }
}
