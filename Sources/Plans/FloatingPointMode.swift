#if arch(x86_64) && canImport(CMachine)
    import CMachine
#endif

/// The processor's treatment of numbers below the normal range.
struct FloatingPointMode {
    #if arch(x86_64) && canImport(CMachine)
        private let control: UInt32

        /// Makes this thread read and write such numbers as zero; they would make every operation many times slower.
        ///
        /// - Returns: the mode before.
        static func flushingToZero() -> FloatingPointMode {
            let before = FloatingPointMode(control: adjoint_float_control())
            // Bits 15 and 6 of MXCSR: flush results to zero, take denormal operands as zero.
            adjoint_set_float_control(before.control | 0x8040)
            return before
        }

        /// Makes this the thread's mode again.
        func restore() { adjoint_set_float_control(control) }
    #else
        static func flushingToZero() -> FloatingPointMode { FloatingPointMode() }
        func restore() {}
    #endif
}
