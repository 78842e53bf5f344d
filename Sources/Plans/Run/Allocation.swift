#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Zeros aligned to a cache line, inside a block that is to be deallocated, or nil where the machine has not enough memory, so
/// that the caller throws an error instead of trapping. Systems that promise more memory than they have would end the process
/// later, so more than the process may use is refused here.
///
/// A large block occupies no memory before it is written: a plan can be compiled only to be printed.
func allocateZeros(bytes: Int) -> (start: UnsafeMutableRawPointer, block: UnsafeMutableRawPointer)? {
    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        // A small amount is available, and finding out would take longer than such a plan.
        guard bytes <= 1 << 24 || bytes <= Machine.memory else { return nil }
        // Pages of 2 MiB where they pay, so that fewer addresses of pages are needed.
        let largePage = 2 << 20
        let isLarge = bytes >= 2 * largePage
        let boundary = isLarge ? largePage : 64
        guard let block = calloc(1, bytes + boundary) else { return nil }
        let start = block.alignedUp(toMultipleOf: boundary)
        #if os(Linux)
            if isLarge { madvise(start, bytes, MADV_HUGEPAGE) }
        #endif
        return (start, block)
    #else
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        return (block, block)
    #endif
}
