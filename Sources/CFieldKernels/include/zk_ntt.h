#ifndef ZK_NTT_H
#define ZK_NTT_H
#include <stddef.h>
#include <stdint.h>

// Transforms over the scalar field of BN254 with AVX-512 IFMA, eight at a time. To be called only where
// `zk_cpu_has_avx512_ifma()` is 1. Every function is one task for one thread; the caller owns all memory.
//
// Elements in memory are four 64-bit limbs in Montgomery form (radix 2^256). Between the sweeps over one matrix they
// are any representatives below 2^256; what enters the first sweep and leaves the last one is below r.

/// A constant factor w, prepared: w·2^(52(i+1)) mod r for i = 0...4, five limbs of 52 bits each.
typedef struct {
    uint64_t limb[5][5];
} zk_ntt_factor;

/// Prepares factors. `elements` holds 16·w in Montgomery form for each w.
void zk_ntt_prepare_factors(zk_ntt_factor *factors, const uint64_t *elements, size_t count);

/// A transform of 3^threes·2^twos elements; the factors are those of the portable twin, in the same order.
typedef struct {
    uint32_t threes;
    uint32_t twos;
    const zk_ntt_factor *factors;
    /// The primitive third root of unity of the transform's root; not used without a radix of 3.
    const zk_ntt_factor *cube_root;
    /// Whether the first factor of each level is 1.
    uint32_t is_untwisted;
} zk_ntt_small;

/// Bytes of the workspace, aligned to 64, that a task on transforms of `size` elements needs.
size_t zk_ntt_workspace_bytes(size_t size);

/// Transforms eight neighbouring columns from natural to permuted order, then multiplies the element of index k in
/// column j by first·ratio_j^k. `ratios` holds eight elements, `first` one; `stride` counts elements between rows.
void zk_ntt_split_columns(const uint64_t *source, uint64_t *destination, size_t stride, const zk_ntt_small *transform,
                          const uint64_t *ratios, const uint64_t *first, void *workspace);

/// Multiplies the element of index k in column j by first·ratio_j^k, then transforms from permuted to natural order.
/// The results are below r.
void zk_ntt_join_columns(const uint64_t *source, uint64_t *destination, size_t stride, const zk_ntt_small *transform,
                         const uint64_t *ratios, const uint64_t *first, void *workspace);

/// Transforms eight neighbouring rows in place, from natural to permuted order and by `join` back.
void zk_ntt_split_join_rows(uint64_t *values, size_t stride, const zk_ntt_small *split, const zk_ntt_small *join,
                            void *workspace);

/// Transforms eight rows from natural to permuted order and writes the element at position q of row i to
/// destination[i + stride·places[q]]. The results are below r.
void zk_ntt_split_rows_transposed(const uint64_t *const rows[8], uint64_t *destination, size_t stride,
                                  const uint32_t *places, const zk_ntt_small *split, void *workspace);

/// a_i ← a_i·b_i − c_i for elements below r.
void zk_ntt_multiply_subtract(uint64_t *a, const uint64_t *b, const uint64_t *c, size_t count);

#endif
