#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension Machine {
    /// The bytes of all its memory; `Int.max` where it does not tell.
    package static var memory: Int {
        #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            let (pages, size) = (Int(sysconf(Int32(_SC_PHYS_PAGES))), Int(sysconf(Int32(_SC_PAGESIZE))))
            if pages > 0, size > 0 { return pages * size }
        #endif
        return .max
    }
}
