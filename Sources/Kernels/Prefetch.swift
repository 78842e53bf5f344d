// Programs read and write memory in bursts, with work in between that only touches the first-level cache. The processor
// prefetches a stream by itself only as long as it is read without pause, so the next burst is prefetched during the present
// one. Tiles that take a line here and a line there are not prefetched by it either: their lines are prefetched a block ahead.

/// The compiler's own name of the instruction; the last three operands are constants: for writing or not, how near (3 is
/// the first-level cache), data or instructions.
@_silgen_name("llvm.prefetch.p0")
private func prefetchLine(_ address: UnsafeRawPointer, _ isWritten: Int32, _ nearness: Int32, _ isData: Int32)

/// Prefetches the cache line of a float, which need not exist, into the second-level cache.
@inline(__always)
func prefetch(_ memory: UnsafePointer<Float>) { prefetchLine(UnsafeRawPointer(memory), 0, 2, 1) }

/// Prefetches this many floats, which need not exist.
@inline(__always)
func prefetch(_ memory: UnsafePointer<Float>, _ count: Int) {
    var i = 0
    while i < count {
        prefetchLine(UnsafeRawPointer(memory + i), 0, 3, 1)
        i += 16
    }
}
