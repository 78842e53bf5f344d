// The few functions of a C library that Embedded Swift calls, for a WebAssembly module that has no C library.
#if defined(__wasm32__)

#include <stddef.h>
#include <stdint.h>

// Memory

void *memcpy(void *to, const void *from, size_t count) { return __builtin_memcpy(to, from, count); }
void *memmove(void *to, const void *from, size_t count) { return __builtin_memmove(to, from, count); }
void *memset(void *to, int byte, size_t count) { return __builtin_memset(to, byte, count); }

int memcmp(const void *a, const void *b, size_t count) {
    const uint8_t *x = a, *y = b;
    for (size_t i = 0; i < count; i++)
        if (x[i] != y[i]) return x[i] - y[i];
    return 0;
}

size_t strlen(const char *text) {
    size_t count = 0;
    while (text[count]) count++;
    return count;
}

// The allocator keeps freed blocks in lists by size class, four classes to a doubling: a block is at most a quarter
// larger than requested, and both operations take constant time. Memory is never given back to the page.
//
//     start of block … Header | what the caller sees, aligned
//
// The Header stands directly before the caller's address, wherever alignment has moved that.
typedef struct Header {
    union {
        void *block;
        struct Header *next;
    };
    uint32_t sizeClass;
    uint64_t padding;
} Header;

enum { smallest = 32, classes = 112, page = 65536 };

extern uint8_t __heap_base;
static uintptr_t unused, limit;
static Header *freed[classes];

static uint32_t classSize(uint32_t sizeClass) { return (uint32_t)(smallest / 4 * (4 + sizeClass % 4)) << (sizeClass / 4); }

static uint32_t classFor(uint32_t size) {
    if (size <= smallest) return 0;
    uint32_t doublings = 31 - __builtin_clz((size - 1) / smallest);
    uint32_t sizeClass = 4 * doublings;
    while (classSize(sizeClass) < size) sizeClass++;
    return sizeClass;
}

static void *fresh(uint32_t size) {
    if (!unused) {
        unused = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
        limit = __builtin_wasm_memory_size(0) * (uintptr_t)page;
    }
    if (size > limit - unused) {
        size_t pages = (size - (limit - unused) + page - 1) / page;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return NULL;
        limit += pages * page;
    }
    void *block = (void *)unused;
    unused += size;
    return block;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    enum { noMemory = 12, largest = 1u << 30 };
    if (size > largest || alignment > largest / 2) return noMemory;
    // Blocks are aligned to 16 as they are, and so is what follows the Header.
    uint32_t room = (uint32_t)(size + sizeof(Header) + (alignment > 16 ? alignment : 0));
    uint32_t sizeClass = classFor(room);
    void *block = freed[sizeClass];
    if (block) {
        freed[sizeClass] = freed[sizeClass]->next;
    } else if (!(block = fresh(classSize(sizeClass)))) {
        return noMemory;
    }
    uintptr_t address = (uintptr_t)block + sizeof(Header);
    if (alignment > 16) address = (address + alignment - 1) & ~(uintptr_t)(alignment - 1);
    Header *header = (Header *)address - 1;
    header->block = block;
    header->sizeClass = sizeClass;
    *result = (void *)address;
    return 0;
}

void free(void *address) {
    if (!address) return;
    Header *header = (Header *)address - 1;
    uint32_t sizeClass = header->sizeClass;
    Header *block = header->block;
    block->next = freed[sizeClass];
    freed[sizeClass] = block;
}

void *malloc(size_t size) {
    void *result = NULL;
    return posix_memalign(&result, 16, size) ? NULL : result;
}

// Text

/// Writes one byte of what `print` prints; the page (or node) supplies it.
__attribute__((import_module("adjoint"), import_name("write"))) extern int adjoint_write(int byte);

int putchar(int byte) { return adjoint_write(byte); }

// Numbers

double round(double x) {
    double whole = __builtin_trunc(x);
    return __builtin_fabs(x - whole) < 0.5 ? whole : whole + __builtin_copysign(1, x);
}

float roundf(float x) {
    float whole = __builtin_truncf(x);
    return __builtin_fabsf(x - whole) < 0.5f ? whole : whole + __builtin_copysignf(1, x);
}

/// Seeds the hashes of dictionaries: the same in every run, so that every run is the same.
void arc4random_buf(void *buffer, size_t count) {
    static uint64_t state = 0x9e3779b97f4a7c15;
    uint8_t *bytes = buffer;
    for (size_t i = 0; i < count; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        bytes[i] = (uint8_t)(state >> 32);
    }
}

/// The 128-bit product, from four 64-bit products of halves.
__int128 __multi3(__int128 a, __int128 b) {
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    uint64_t xl = (uint32_t)x, xh = x >> 32, yl = (uint32_t)y, yh = y >> 32;
    uint64_t low = xl * yl, cross = xh * yl + (low >> 32), other = xl * yh + (uint32_t)cross;
    uint64_t high = xh * yh + (cross >> 32) + (other >> 32);
    high += (uint64_t)(a >> 64) * y + x * (uint64_t)(b >> 64);
    return (__int128)((unsigned __int128)high << 64 | (other << 32 | (uint32_t)low));
}

#endif
