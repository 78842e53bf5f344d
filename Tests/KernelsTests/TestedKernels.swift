import AdjointKernelTables
import AdjointKernels
import CMachine
import Testing

#if arch(x86_64)
    import AdjointKernels256
    import AdjointKernels512
#endif

/// One instruction set's kernels, apart from the convolution's.
struct TestedKernels: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let pooling: PoolingKernels
    let evaluate: Routine<PointwiseArguments>
    let reduce: Routine<ReductionArguments>
    let combineReduction: Routine<ReductionArguments>
    let copy: Routine<CopyArguments>
    let fill: Routine<FillArguments>
    let random: Routine<RandomArguments>
    let threefry: @Sendable ((UInt32, UInt32), (UInt32, UInt32)) -> (UInt32, UInt32)

    /// Every table that this CPU can run.
    static let all: [TestedKernels] = {
        var all = [
            TestedKernels(
                testDescription: "baseline", pooling: AdjointKernels.poolingKernels,
                evaluate: AdjointKernels.evaluateRoutine, reduce: AdjointKernels.reduceRoutine,
                combineReduction: AdjointKernels.combineReductionRoutine, copy: AdjointKernels.copyRoutine,
                fill: AdjointKernels.fillRoutine, random: AdjointKernels.randomRoutine,
                threefry: { AdjointKernels.threefryWords(key: $0, counter: $1) })
        ]
        #if arch(x86_64)
            guard adjoint_cpu_has_avx2_fma() != 0 else { return all }
            all.append(
                TestedKernels(
                    testDescription: "avx2", pooling: AdjointKernels256.poolingKernels,
                    evaluate: AdjointKernels256.evaluateRoutine, reduce: AdjointKernels256.reduceRoutine,
                    combineReduction: AdjointKernels256.combineReductionRoutine, copy: AdjointKernels256.copyRoutine,
                    fill: AdjointKernels256.fillRoutine, random: AdjointKernels256.randomRoutine,
                    threefry: { AdjointKernels256.threefryWords(key: $0, counter: $1) }))
            guard adjoint_cpu_has_avx512() != 0 else { return all }
            all.append(
                TestedKernels(
                    testDescription: "avx512", pooling: AdjointKernels512.poolingKernels,
                    evaluate: AdjointKernels512.evaluateRoutine, reduce: AdjointKernels512.reduceRoutine,
                    combineReduction: AdjointKernels512.combineReductionRoutine, copy: AdjointKernels512.copyRoutine,
                    fill: AdjointKernels512.fillRoutine, random: AdjointKernels512.randomRoutine,
                    threefry: { AdjointKernels512.threefryWords(key: $0, counter: $1) }))
        #endif
        return all
    }()
}
