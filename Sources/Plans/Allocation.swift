#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Memory on a cache line's boundary, or nil where the machine has none: the caller says so in an error instead of a trap.
/// Systems that promise more than they have would end the process later, so more than all of the memory is refused here.
func allocate(bytes: Int) -> UnsafeMutableRawPointer? {
    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        let page = max(1, Int(sysconf(Int32(_SC_PAGESIZE))))
        guard bytes / page <= Int(sysconf(Int32(_SC_PHYS_PAGES))) else { return nil }
        // Pages of 2 MiB where they pay, so that fewer of their addresses have to be looked up.
        let largePage = 2 << 20
        let isLarge = bytes >= 2 * largePage
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, isLarge ? largePage : 64, bytes) == 0 else { return nil }
        #if os(Linux)
            if isLarge { madvise(memory, bytes, MADV_HUGEPAGE) }
        #endif
        return memory
    #else
        return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    #endif
}
