#if canImport(CMachine)
    import CMachine
#endif

/// The processor's treatment of numbers below the normal range.
struct FloatingPointMode {
    #if canImport(CMachine)
        private let control: UInt32

        /// Makes this thread read and write such numbers as zero; they would make every operation many times slower.
        ///
        /// - Returns: the mode before.
        static func flushingToZero() -> FloatingPointMode {
            let before = FloatingPointMode(control: adjoint_float_control())
            adjoint_set_float_control(before.control | UInt32(adjoint_flushes_to_zero))
            return before
        }

        /// Restores this mode in the thread.
        func restore() { adjoint_set_float_control(control) }
    #else
        static func flushingToZero() -> FloatingPointMode { FloatingPointMode() }
        func restore() {}
    #endif
}
