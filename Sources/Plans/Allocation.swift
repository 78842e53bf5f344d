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
        var memory: UnsafeMutableRawPointer?
        return posix_memalign(&memory, 64, bytes) == 0 ? memory : nil
    #else
        return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    #endif
}
