// The abilities of this CPU and its system, and its treatment of numbers. Swift has no name for these things.

#ifndef ADJOINT_MACHINE_H
#define ADJOINT_MACHINE_H

#include <stddef.h>

// Functions of the address sanitizer, called only in builds with it: touching forbidden memory ends the program.
void __asan_poison_memory_region(const volatile void *memory, size_t bytes);
void __asan_unpoison_memory_region(const volatile void *memory, size_t bytes);

// The instructions that a build for x86-64-v3 uses.
static inline int adjoint_cpu_has_avx2_fma(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
#else
    return 0;
#endif
}

// The instructions that a build for x86-64-v4 uses.
static inline int adjoint_cpu_has_avx512(void) {
#if defined(__x86_64__)
    return adjoint_cpu_has_avx2_fma() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl");
#else
    return 0;
#endif
}

// The number of CPUs on which this thread, and those that it starts, may run; where that is unknown, of those online.
int adjoint_allowed_cpus(void);

// The treatment of numbers below the normal range by this thread's processor: a control register, and its bits while such
// numbers are read and written as zero. The C library's fegetenv and fesetenv also save obsolete registers, at ten
// times the cost.
#if defined(__x86_64__)
// MXCSR: bit 15 flushes results, bit 6 operands.
enum { adjoint_flushes_to_zero = 0x8040 };
static inline unsigned adjoint_float_control(void) { return __builtin_ia32_stmxcsr(); }
static inline void adjoint_set_float_control(unsigned control) { __builtin_ia32_ldmxcsr(control); }
#elif defined(__aarch64__)
// FPCR: bit 24 flushes both.
enum { adjoint_flushes_to_zero = 1 << 24 };
static inline unsigned adjoint_float_control(void) {
    unsigned long long control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    return (unsigned)control;
}
static inline void adjoint_set_float_control(unsigned control) {
    __asm__ volatile("msr fpcr, %0" : : "r"((unsigned long long)control));
}
#else
enum { adjoint_flushes_to_zero = 0 };
static inline unsigned adjoint_float_control(void) { return 0; }
static inline void adjoint_set_float_control(unsigned control) { (void)control; }
#endif

#endif
