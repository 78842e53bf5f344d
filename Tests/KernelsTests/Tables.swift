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
    let lanes: Int
    let convolution: ConvolutionKernels
    let images: ImageKernels

    var description: String { name }
    var testDescription: String { name }

    /// Those that this CPU can run.
    static let supported: [Instructions] = {
        var all = [
            Instructions(
                name: "baseline", lanes: 4, convolution: AdjointKernels.convolutionKernels,
                images: AdjointKernels.imageKernels)
        ]
        #if arch(x86_64)
            if adjoint_cpu_has_avx2_fma() != 0 {
                all.append(
                    Instructions(
                        name: "avx2", lanes: 8, convolution: AdjointKernels256.convolutionKernels,
                        images: AdjointKernels256.imageKernels))
            }
            if adjoint_cpu_has_avx512() != 0 {
                all.append(
                    Instructions(
                        name: "avx512", lanes: 16, convolution: AdjointKernels512.convolutionKernels,
                        images: AdjointKernels512.imageKernels))
            }
        #endif
        return all
    }()
}
