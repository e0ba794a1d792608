#ifndef ZK_VECTORS_H
#define ZK_VECTORS_H
#include <stddef.h>
#include <stdint.h>

// Passes over arrays of field elements of BN254 with AVX-512 IFMA. Elements are four 64-bit limbs in Montgomery
// form (radix 2^256), canonical on both sides; an output may be one of the inputs. To be called only where
// `zk_cpu_has_avx512_ifma()` is 1.

/// out[i] = a[i]·b[i].
void zk_fr_multiply(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count);
void zk_fp_multiply(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count);

/// out[i] = a[i] + b[i].
void zk_fr_add(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count);
void zk_fp_add(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count);

/// out[i] = a[i] − b[i].
void zk_fr_subtract(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count);
void zk_fp_subtract(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count);

/// out[i] = a[i]·factor for one factor.
void zk_fr_scale(uint64_t *out, const uint64_t *a, const uint64_t factor[4], size_t count);
void zk_fp_scale(uint64_t *out, const uint64_t *a, const uint64_t factor[4], size_t count);

/// Bytes of scratch, 64-byte aligned, for the inversions.
enum { ZK_INVERSION_SCRATCH_BYTES = 1 << 18 };

/// Inverts every element in place; zeros stay zero.
void zk_fr_invert(uint64_t *values, size_t count, void *scratch);
void zk_fp_invert(uint64_t *values, size_t count, void *scratch);

#endif
