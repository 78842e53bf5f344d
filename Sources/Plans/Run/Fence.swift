#if ADDRESS_SANITIZER
    import AdjointKernelTables
    import CMachine

    extension Plan {
        /// Runs a job while the address sanitizer forbids all memory of the plan that the job's steps have not declared.
        func fenced(_ job: Job, _ body: () -> Void) {
            let arenas = [arena.bytes, scratch.bytes] + (state.map { [$0.arena.bytes] } ?? [])
            for arena in arenas { __asan_poison_memory_region(arena.baseAddress, arena.count) }
            for part in job.reach { __asan_unpoison_memory_region(part.baseAddress, part.count) }
            for worker in 0..<workers.threads {
                let own = UnsafeRawPointer(scratch.base) + worker * scratchStride
                __asan_unpoison_memory_region(own, job.step.work.scratch)
            }
            body()
            for arena in arenas { __asan_unpoison_memory_region(arena.baseAddress, arena.count) }
        }
    }
#else
    extension Plan {
        @inline(__always)
        func fenced(_ job: Job, _ body: () -> Void) { body() }
    }
#endif
