#include "CFieldKernels.h"
#include <string.h>

int zk_cpu_has_avx512_ifma(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512ifma");
#else
    return 0;
#endif
}

void zk_zeroize(void *bytes, size_t length) {
    memset(bytes, 0, length);
    __asm__ __volatile__("" : : "r"(bytes) : "memory");
}
