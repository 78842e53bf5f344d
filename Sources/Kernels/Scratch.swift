/// The memory of a worker, from which parts are taken in order.
struct Scratch {
    /// The part that is not taken.
    private(set) var rest: UnsafeMutableRawPointer

    init(_ memory: UnsafeMutableRawPointer) { rest = memory }

    /// The bytes that `take` uses for this many elements.
    static func bytes<Element>(_ count: Int, of: Element.Type) -> Int {
        (count * MemoryLayout<Element>.stride + 63) & ~63
    }

    mutating func take<Element>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        let memory = rest.bindMemory(to: type, capacity: count)
        rest += Scratch.bytes(count, of: type)
        return memory
    }
}
