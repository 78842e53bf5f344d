// Programs read and write memory in bursts, with work in between that only touches the first-level cache. The processor
// follows a stream by itself only as long as it flows, so the next burst is asked for while the present one is worked on.
// Nor does it follow tiles that take a line here and a line there: theirs are asked for a block ahead.

/// The compiler's own name of the instruction; the last three operands are constants: for writing or not, how near (3 is
/// the first-level cache), data or instructions.
@_silgen_name("llvm.prefetch.p0")
private func prefetchLine(_ address: UnsafeRawPointer, _ isWritten: Int32, _ nearness: Int32, _ isData: Int32)

/// Asks for the line of a float, which need not exist, in the second-level cache.
@inline(__always)
func prefetch(_ memory: UnsafePointer<Float>) { prefetchLine(UnsafeRawPointer(memory), 0, 2, 1) }

/// Asks for so many floats, which need not exist.
@inline(__always)
func prefetch(_ memory: UnsafePointer<Float>, _ count: Int) {
    var i = 0
    while i < count {
        prefetchLine(UnsafeRawPointer(memory + i), 0, 3, 1)
        i += 16
    }
}
