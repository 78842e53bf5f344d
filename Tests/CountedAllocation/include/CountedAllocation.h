// A malloc that counts: linked into a program it stands before the C library's. Swift itself must not define it.
#ifndef COUNTED_ALLOCATION_H
#define COUNTED_ALLOCATION_H

/// How often this program has called malloc, calloc, realloc or posix_memalign.
long counted_allocations(void);

/// The most memory that this program has had, in bytes; negative where the system does not tell.
long peak_memory(void);

#endif
