#ifndef CFIELDKERNELS_H
#define CFIELDKERNELS_H
#include <stdint.h>
#include <stddef.h>
#include "zk_fixed_base.h"
#include "zk_msm.h"
#include "zk_ntt.h"
#include "zk_pairing.h"
#include "zk_vectors.h"

/// 1 if this processor has AVX-512 F, DQ, VL, BW, IFMA and VBMI2 and the system saves their registers, else 0.
int zk_cpu_has_avx512_ifma(void);

/// Overwrites `length` bytes with zero in a way the compiler does not remove.
void zk_zeroize(void *bytes, size_t length);

/// Asks the system for large pages behind a block of memory that is not in use yet, where it has them.
void zk_advise_large_pages(void *bytes, size_t length);

#endif
