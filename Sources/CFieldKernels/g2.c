#include "zk_fixed_base.h"
#include "zk_msm.h"
#include "ifma_fp2.h"
#include "signed_digits.h"
#include <string.h>

#if defined(__x86_64__)

// The kernels of G2 of BN254: y² = x³ + 3/(9 + i) over Fp2. The formulas are right on the whole
// curve, whose order is odd, whether or not a point lies in the subgroup of order r.

#define CURVE(name) g2_##name
#define FIELD(name) fp2_##name
#define COORDINATE fp2_lanes
#define BLOCKS_TOGETHER 1
#define COORDINATE_WORDS 8

/// 3·3/(9 + i)·u^6 in radix 2^260.
IFMA_INLINE fp2_lanes g2_triple_b(void) {
    const uint64_t c0[5] = {0xaeaaa99ca01fe, 0x5d68a67e85ecf, 0x717fdc8018854, 0x7e51dd09f2743, 0x01bcf94a5b2a3};
    const uint64_t c1[5] = {0x6149f5384fedf, 0x4288f6fc91f9b, 0xa6156973254e1, 0xd204cf8b6e137, 0x00d0a5ef7701a};
    return (fp2_lanes){ifma_broadcast(c0), ifma_broadcast(c1)};
}

#include "affine_batch.h"
#include "msm_buckets.h"
#include "projective_lanes.h"
#include "fixed_base.h"

size_t zk_g2_msm_scratch_bytes(unsigned window_bits, size_t windows) {
    g2_workspace workspace;
    return g2_layout(&workspace, NULL, windows << (window_bits - 1));
}

void zk_g2_msm_accumulate(const uint64_t *points, const uint64_t *infinity, const uint32_t *entries,
                          const uint32_t *bounds, unsigned window_bits, size_t windows, int first, void *scratch) {
    g2_accumulate(points, infinity, entries, bounds, window_bits, windows, first, scratch);
}

void zk_g2_msm_sums(unsigned window_bits, size_t windows, uint64_t *sums, void *scratch) {
    g2_window_sums(window_bits, windows, sums, scratch);
}

void zk_g2_msm_window_points(const uint64_t *sums, size_t count, unsigned window_bits, uint64_t *points) {
    g2_window_points(sums, count, window_bits, points);
}

void zk_g2_msm_bucket_points(unsigned window_bits, size_t windows, size_t count, uint64_t *points, void *scratch) {
    g2_workspace workspace;
    g2_layout(&workspace, scratch, windows << (window_bits - 1));
    g2_leave_all(workspace.buckets, count, points);
}

void zk_g2_window_bases(const uint64_t *point, unsigned window_bits, uint64_t *bases) {
    g2_window_bases(point, window_bits, bases);
}

size_t zk_g2_fixed_base_scratch_bytes(unsigned window_bits, size_t count) {
    g2_fixed_workspace workspace;
    return g2_fixed_layout(&workspace, NULL, window_bits, count);
}

void zk_g2_fixed_base_window(const uint64_t *base, unsigned window_bits, uint64_t *multiples, void *scratch) {
    g2_fixed_workspace workspace;
    g2_fixed_layout(&workspace, scratch, window_bits, 0);
    g2_fixed_base_window(base, window_bits, multiples, &workspace);
}

void zk_g2_fixed_base_multiply(const uint64_t *table, unsigned window_bits, const uint64_t *scalars, size_t count,
                               uint64_t *products, void *scratch) {
    g2_fixed_workspace workspace;
    g2_fixed_layout(&workspace, scratch, window_bits, count);
    g2_fixed_base_multiply(table, window_bits, scalars, count, products, &workspace);
}

void zk_g2_add(const uint64_t *first, const uint64_t *second, size_t count, uint64_t *sums, void *scratch) {
    g2_fixed_workspace workspace;
    g2_fixed_layout(&workspace, scratch, ZK_MSM_MAX_WINDOW, count < msm_queue_pairs ? count : msm_queue_pairs);
    g2_add_all(first, second, count, sums, &workspace);
}

void zk_g2_multiply_all(const uint64_t *points, size_t count, const uint64_t scalar[4], uint64_t *products,
                        void *scratch) {
    g2_fixed_workspace workspace;
    g2_fixed_layout(&workspace, scratch, ZK_MSM_MAX_WINDOW, (1 + scalar_window_multiples) * count);
    g2_multiply_all(points, count, scalar, products, &workspace);
}

#endif
