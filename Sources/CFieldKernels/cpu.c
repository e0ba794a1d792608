#include "CFieldKernels.h"
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

int zk_cpu_has_avx512_ifma(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("avx512vbmi2");
#else
    return 0;
#endif
}

void zk_zeroize(void *bytes, size_t length) {
    memset(bytes, 0, length);
    __asm__ __volatile__("" : : "r"(bytes) : "memory");
}

void zk_advise_large_pages(void *bytes, size_t length) {
#if defined(MADV_HUGEPAGE)
    // A refusal changes nothing but the time that accesses take.
    (void)madvise(bytes, length, MADV_HUGEPAGE);
#else
    (void)bytes, (void)length;
#endif
}
