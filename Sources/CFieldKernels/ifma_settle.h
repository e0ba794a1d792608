#ifndef IFMA_SETTLE_H
#define IFMA_SETTLE_H

// Reduction of raw sums in the coordinate fields of BN254. *Tight* means normalised and < 1.2p.

#include "ifma_fp2.h"
#include "pairing_constants.h"

#if defined(__x86_64__)

#define IFMA_FUNCTION static __attribute__((noinline)) IFMA_TARGET

/// Subtracts a multiple of p read off the top limb. In: signed limbs of less than 63 bits, value in [0, 84p).
/// Out: normalised, < 1.01p.
///
/// The lower limbs add or take less than 2^11·(1 + 2^-51) units of the top one, so q below is never above the
/// quotient; it is less than 1.001 below it. The product is added modulo 2^260, with 2^260 − p for −p.
IFMA_INLINE ifma_lanes fp_settle(ifma_lanes a) {
    __m512i top = _mm512_sub_epi64(a.limb[4], ifma_word(1 << 12));
    top = _mm512_srli_epi64(_mm512_max_epi64(top, _mm512_setzero_si512()), 24);
    __m512i q = _mm512_srli_epi64(_mm512_mul_epu32(top, ifma_word(FP_RECIPROCAL)), 53);
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        __m512i limb = ifma_word(FP_NEGATIVE_MODULUS[i]);
        a.limb[i] = ifma_low(a.limb[i], q, limb);
        if (i < 4) a.limb[i + 1] = ifma_high(a.limb[i + 1], q, limb);
    }
    a = ifma_carry(a);
    a.limb[4] = _mm512_and_si512(a.limb[4], ifma_limb_mask());
    return a;
}

IFMA_INLINE fp2_lanes fp2_settle(fp2_lanes a) { return (fp2_lanes){fp_settle(a.c0), fp_settle(a.c1)}; }

#endif
#endif
