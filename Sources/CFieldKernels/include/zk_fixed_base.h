#ifndef ZK_FIXED_BASE_H
#define ZK_FIXED_BASE_H
#include <stddef.h>
#include <stdint.h>

// One point times many scalars over BN254 with AVX-512 IFMA. Layouts, threads and memory as in zk_msm.h.
//
// With windows of c bits the table holds d·2^(cw)·P for d = 1...2^(c−1) and each window w, window after window, in
// the kernels' inside form; there are 253/c + 1 windows. A product is then one addition for each window, and the additions of many scalars share
// their inversions.

/// 2^(cw)·P for each window, in the outside form.
void zk_g1_window_bases(const uint64_t *point, unsigned window_bits, uint64_t *bases);
void zk_g2_window_bases(const uint64_t *point, unsigned window_bits, uint64_t *bases);

/// Bytes of scratch, 64-byte aligned, for the two functions below with up to `count` scalars at once.
size_t zk_g1_fixed_base_scratch_bytes(unsigned window_bits, size_t count);
size_t zk_g2_fixed_base_scratch_bytes(unsigned window_bits, size_t count);

/// Fills one window of the table, 2^(c−1) points, from its base.
void zk_g1_fixed_base_window(const uint64_t *base, unsigned window_bits, uint64_t *multiples, void *scratch);
void zk_g2_fixed_base_window(const uint64_t *base, unsigned window_bits, uint64_t *multiples, void *scratch);

/// products[i] = scalars[i]·P in the outside form. A few thousand scalars at once are best.
void zk_g1_fixed_base_multiply(const uint64_t *table, unsigned window_bits, const uint64_t *scalars, size_t count,
                               uint64_t *products, void *scratch);
void zk_g2_fixed_base_multiply(const uint64_t *table, unsigned window_bits, const uint64_t *scalars, size_t count,
                               uint64_t *products, void *scratch);

/// sums[i] = first[i] + second[i] in the outside form, for any points. Scratch as for 4,096 scalars and windows of 16.
void zk_g1_add(const uint64_t *first, const uint64_t *second, size_t count, uint64_t *sums, void *scratch);
void zk_g2_add(const uint64_t *first, const uint64_t *second, size_t count, uint64_t *sums, void *scratch);

/// products[i] = scalar·points[i]. Scratch as for 9·count scalars and windows of 16. About a thousand points at once
/// are best; 9·count < 2^31.
void zk_g1_multiply_all(const uint64_t *points, size_t count, const uint64_t scalar[4], uint64_t *products,
                        void *scratch);
void zk_g2_multiply_all(const uint64_t *points, size_t count, const uint64_t scalar[4], uint64_t *products,
                        void *scratch);

#endif
