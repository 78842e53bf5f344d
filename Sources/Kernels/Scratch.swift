/// A worker's memory, handed out in order.
struct Scratch {
    /// What is not handed out.
    private(set) var rest: UnsafeMutableRawPointer

    init(_ memory: UnsafeMutableRawPointer) { rest = memory }

    /// The bytes that `take` uses for so many elements.
    static func bytes<Element>(_ count: Int, of: Element.Type) -> Int {
        (count * MemoryLayout<Element>.stride + 63) & ~63
    }

    mutating func take<Element>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        let memory = rest.bindMemory(to: type, capacity: count)
        rest += Scratch.bytes(count, of: type)
        return memory
    }
}
