import AdjointGraphs
import AdjointKernelTables
import AdjointKernels

#if arch(x86_64) && canImport(AdjointKernels256)
    import AdjointKernels256
    import AdjointKernels512
#endif
#if canImport(CMachine)
    import CMachine
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The machine that runs plans: which kernels it can execute, and how many threads.
public enum Machine {
    /// The names of the kernel tables that this CPU can run, from the narrowest to the widest.
    public static var kernels: [String] { tables.map { $0.name } }

    /// The name of the table that plans use: the given one, that of `ADJOINT_CPU`, or the widest.
    ///
    /// - Throws: an error that lists the tables of this CPU.
    public static func kernels(named name: String? = nil) throws(ArgumentError) -> String {
        try table(named: name).name
    }

    static var tables: [KernelTable] {
        var tables = [AdjointKernels.kernelTable]
        #if arch(x86_64) && canImport(AdjointKernels256)
            if adjoint_cpu_has_avx2_fma() != 0 { tables.append(AdjointKernels256.kernelTable) }
            if adjoint_cpu_has_avx512() != 0 { tables.append(AdjointKernels512.kernelTable) }
        #endif
        return tables
    }

    /// The table of this name; without one that of `ADJOINT_CPU`; else the widest.
    ///
    /// - Throws: an error that lists the tables of this CPU.
    static func table(named name: String? = nil) throws(ArgumentError) -> KernelTable {
        let tables = Self.tables
        guard let wanted = name ?? environment("ADJOINT_CPU"), !wanted.isEmpty else { return tables[tables.count - 1] }
        for table in tables where table.name == wanted { return table }
        throw ArgumentError(
            "Machine", name == nil ? "ADJOINT_CPU" : "cpu", expected: "one of " + joined(kernels),
            given: "\"\(wanted)\"")
    }

    /// The number of CPUs that this process may use: those online that affinity and control groups allow.
    public static var cores: Int {
        #if os(Linux)
            return max(1, min(Int(adjoint_allowed_cpus()), cpuQuota(reading: text(of:)) ?? .max))
        #elseif canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            return max(1, Int(adjoint_allowed_cpus()))
        #else
            return 1
        #endif
    }

    /// The time of a monotonic clock in nanoseconds; 0 where the system has none.
    static var nanoseconds: UInt64 {
        #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        #else
            return 0
        #endif
    }

    private static func environment(_ name: String) -> String? {
        #if canImport(Glibc) || canImport(Darwin) || canImport(Musl)
            return getenv(name).map { String(cString: $0) }
        #else
            return nil
        #endif
    }
}

extension Machine {
    /// Runs a loop of multiply-adds in registers on each of the workers' threads: the most that the CPU can do.
    ///
    /// - Returns: the number of floating-point operations done.
    public static func multiplyAdd(rounds: Int, options: PlanOptions) throws(ArgumentError) -> Int {
        let table = try table(named: options.cpu)
        let threads = options.workers.threads
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: threads)
        defer { memory.deallocate() }
        let arguments = PeakArguments(rounds: rounds, pieces: threads, result: memory)
        withUnsafePointer(to: arguments) { pointer in
            options.workers.run(
                table.peak.run, UnsafeRawPointer(pointer), tasks: 0..<threads, nanoseconds: .max,
                scratch: UnsafeMutableRawPointer(memory), scratchStride: 0)
        }
        return 2 * rounds * threads * PeakArguments.vectorsPerRound * table.lanes
    }
}
