#ifndef CFIELDKERNELS_H
#define CFIELDKERNELS_H
#include <stdint.h>
#include <stddef.h>
#include "zk_fixed_base.h"
#include "zk_msm.h"
#include "zk_ntt.h"
#include "zk_pairing.h"
#include "zk_vectors.h"

/// 1 if this processor has AVX-512 F, DQ, VL, BW and IFMA and the system saves their registers, else 0.
int zk_cpu_has_avx512_ifma(void);

/// Overwrites `length` bytes with zero in a way the compiler does not remove.
void zk_zeroize(void *bytes, size_t length);

#endif
