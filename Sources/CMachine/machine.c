#define _GNU_SOURCE
#include "machine.h"
#include <sched.h>
#include <unistd.h>

int adjoint_allowed_cpus(void) {
#ifdef __linux__
    // Room for 65,536 CPUs: the system refuses a set that is smaller than its own.
    cpu_set_t sets[64];
    if (sched_getaffinity(0, sizeof sets, sets) == 0) return CPU_COUNT_S(sizeof sets, sets);
#endif
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}
