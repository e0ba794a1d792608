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

/// out[row] = Σ table[coefficients[e]]·values[columns[e]] over the entries e = offsets[row]..<offsets[row + 1] of each row.
/// `one` is the index of a coefficient that is 1, or any other number if there is none.
void zk_fr_sparse_product(
    uint64_t *out, const uint32_t *offsets, size_t rows, const uint32_t *columns, const uint32_t *coefficients,
    const uint64_t *values, const uint64_t *table, uint32_t one);

/// Bytes of scratch, 64-byte aligned, for the inversions.
enum { ZK_INVERSION_SCRATCH_BYTES = 1 << 18 };

/// Inverts every element in place; zeros stay zero.
void zk_fr_invert(uint64_t *values, size_t count, void *scratch);
void zk_fp_invert(uint64_t *values, size_t count, void *scratch);

#endif
