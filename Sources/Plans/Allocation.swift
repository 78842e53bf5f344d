#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Memory on a cache line's boundary, or nil where the system has none: the caller says so in an error instead of a trap.
func allocate(bytes: Int) -> UnsafeMutableRawPointer? {
    #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
        var memory: UnsafeMutableRawPointer?
        return posix_memalign(&memory, 64, bytes) == 0 ? memory : nil
    #else
        return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    #endif
}
