#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Testing

/// Floats for a kernel. An access beyond their end traps; a write before their start is found by `check`.
final class Memory {
    let base: UnsafeMutablePointer<Float>
    let count: Int
    private let pages: UnsafeMutableRawPointer
    private let length: Int
    private static let guardWord: UInt32 = 0x7fa5_a5a5

    /// Floats that are NaN.
    init(_ count: Int, alignment: Int = MemoryLayout<Float>.alignment) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let bytes = (count * MemoryLayout<Float>.stride + alignment - 1) / alignment * alignment
        length = (bytes + page - 1) / page * page + 2 * page
        let map = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)!
        precondition(map != MAP_FAILED)
        precondition(mprotect(map + (length - page), page, PROT_NONE) == 0)
        pages = map
        base = (map + (length - page - bytes)).bindMemory(to: Float.self, capacity: count)
        self.count = count
        base.update(repeating: .nan, count: count)
        for word in 1...16 { base[-word] = Float(bitPattern: Memory.guardWord) }
    }

    convenience init(_ values: [Float]) {
        self.init(values.count)
        for index in values.indices { base[index] = values[index] }
    }

    deinit { munmap(pages, length) }

    var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

    func check(_ location: SourceLocation = #_sourceLocation) {
        for word in 1...16 {
            #expect(base[-word].bitPattern == Memory.guardWord, sourceLocation: location)
        }
    }
}
