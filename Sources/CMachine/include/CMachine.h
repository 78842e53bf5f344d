// Which vector instructions the CPU has that this process woke up on.
#pragma once

#if defined(__x86_64__)
static inline int adjoint_cpu_has_avx2_fma(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static inline int adjoint_cpu_has_avx512(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#else
static inline int adjoint_cpu_has_avx2_fma(void) { return 0; }
static inline int adjoint_cpu_has_avx512(void) { return 0; }
#endif
