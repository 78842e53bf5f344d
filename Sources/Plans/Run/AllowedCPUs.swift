#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The CPUs whose time Linux's control groups give this process, rounded up, at least 1; nil where they set no limit.
///
/// - Parameter text: the content of a file; nil where there is none.
func cpuQuota(reading text: (_ path: String) -> String?) -> Int? {
    var quotas: [Int] = []
    for group in controlGroups(of: "cpu", reading: text) {
        let (quota, period) = (text(group + "/cpu.cfs_quota_us"), text(group + "/cpu.cfs_period_us"))
        quotas += [text(group + "/cpu.max"), (quota ?? "") + " " + (period ?? "")].compactMap(cpus)
    }
    return quotas.min()
}

/// - Parameter quota: microseconds of CPU time and the period in which they may be used; "max" or "-1" is no limit.
private func cpus(_ quota: String?) -> Int? {
    let numbers = (quota ?? "").split { $0 == " " || $0 == "\n" }.map { Int($0) ?? 0 }
    guard numbers.count == 2, numbers[0] > 0, numbers[1] > 0 else { return nil }
    return (numbers[0] - 1) / numbers[1] + 1
}

#if os(Linux)
    extension Machine {
        /// The content of a system file; nil where it cannot be read.
        static func text(of path: String) -> String? {
            guard let file = fopen(path, "r") else { return nil }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            while case let byte = getc(file), byte >= 0 { bytes.append(UInt8(byte)) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
#endif
