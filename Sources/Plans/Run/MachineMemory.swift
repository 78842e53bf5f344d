#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension Machine {
    /// The bytes of memory that this process may use: all of the machine's, or what control groups or a limit on addresses
    /// (`ulimit -v`) leave; `Int.max` where the system gives no number.
    package static var memory: Int {
        var bytes = Int.max
        #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            let (pages, size) = (Int(sysconf(Int32(_SC_PHYS_PAGES))), Int(sysconf(Int32(_SC_PAGESIZE))))
            if pages > 0, size > 0 { bytes = pages * size }
        #endif
        #if canImport(Glibc)
            var addresses = rlimit()
            if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &addresses) == 0 {
                bytes = min(bytes, Int(clamping: addresses.rlim_cur))
            }
        #endif
        #if os(Linux)
            bytes = min(bytes, memoryLimit(reading: text(of:)) ?? .max)
        #endif
        return bytes
    }
}

/// The bytes of memory that Linux's control groups give this process; nil where they set no limit.
///
/// - Parameter text: the content of a file; nil where there is none.
func memoryLimit(reading text: (_ path: String) -> String?) -> Int? {
    var limits: [Int] = []
    for group in controlGroups(of: "memory", reading: text) {
        for file in ["/memory.max", "/memory.limit_in_bytes"] {
            // "max" is no limit; where version 1 has none, it gives a number that no machine has.
            guard let line = text(group + file)?.split(separator: "\n").first, let limit = Int(line), limit > 0 else {
                continue
            }
            limits.append(limit)
        }
    }
    return limits.min()
}
