import AdjointKernelTables
import AdjointKernels
import CMachine
import Testing

#if arch(x86_64)
    import AdjointKernels256
    import AdjointKernels512
#endif

/// The convolution's kernels for one instruction set.
struct Instructions: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    let name: String
    let table: KernelTable

    var lanes: Int { table.lanes }
    var convolution: ConvolutionKernels { table.convolution }

    var description: String { name }
    var testDescription: String { name }

    /// The instruction sets that this CPU can run.
    static let supported: [Instructions] = {
        var all = [
            Instructions(name: "baseline", table: AdjointKernels.kernelTable)
        ]
        #if arch(x86_64)
            if adjoint_cpu_has_avx2_fma() != 0 {
                all.append(Instructions(name: "avx2", table: AdjointKernels256.kernelTable))
            }
            if adjoint_cpu_has_avx512() != 0 {
                all.append(Instructions(name: "avx512", table: AdjointKernels512.kernelTable))
            }
        #endif
        return all
    }()
}
