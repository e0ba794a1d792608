#include "zk_fixed_base.h"
#include "zk_msm.h"
#include "ifma_fp2.h"
#include "signed_digits.h"
#include <string.h>

#if defined(__x86_64__)

// The kernels of G1 of BN254: y² = x³ + 3 over Fp.

#define CURVE(name) g1_##name
#define FIELD(name) fp_##name
#define COORDINATE fp_lanes
#define BLOCKS_TOGETHER 2
#define COORDINATE_WORDS 4

/// 3·3·u^6 = 9/64 in radix 2^260.
IFMA_INLINE fp_lanes g1_triple_b(void) {
    const uint64_t limbs[5] = {0x9fb04b2a11df3, 0xc0831c4bee6a9, 0xf7133fa7d706b, 0x1e35148d01286, 0x02bb0a11052de};
    return ifma_broadcast(limbs);
}

#include "affine_batch.h"
#include "msm_buckets.h"
#include "projective_lanes.h"
#include "fixed_base.h"

size_t zk_g1_msm_scratch_bytes(unsigned window_bits, size_t windows) {
    g1_workspace workspace;
    return g1_layout(&workspace, NULL, windows << (window_bits - 1));
}

void zk_g1_msm_accumulate(const uint64_t *points, const uint64_t *infinity, const uint32_t *entries,
                          const uint32_t *bounds, unsigned window_bits, size_t windows, int first, void *scratch) {
    g1_accumulate(points, infinity, entries, bounds, window_bits, windows, first, scratch);
}

void zk_g1_msm_sums(unsigned window_bits, size_t windows, uint64_t *sums, void *scratch) {
    g1_window_sums(window_bits, windows, sums, scratch);
}

void zk_g1_msm_window_points(const uint64_t *sums, size_t count, unsigned window_bits, uint64_t *points) {
    g1_window_points(sums, count, window_bits, points);
}

void zk_g1_msm_bucket_points(unsigned window_bits, size_t windows, size_t count, uint64_t *points, void *scratch) {
    g1_workspace workspace;
    g1_layout(&workspace, scratch, windows << (window_bits - 1));
    g1_leave_all(workspace.buckets, count, points);
}

void zk_g1_window_bases(const uint64_t *point, unsigned window_bits, uint64_t *bases) {
    g1_window_bases(point, window_bits, bases);
}

size_t zk_g1_fixed_base_scratch_bytes(unsigned window_bits, size_t count) {
    g1_fixed_workspace workspace;
    return g1_fixed_layout(&workspace, NULL, window_bits, count);
}

void zk_g1_fixed_base_window(const uint64_t *base, unsigned window_bits, uint64_t *multiples, void *scratch) {
    g1_fixed_workspace workspace;
    g1_fixed_layout(&workspace, scratch, window_bits, 0);
    g1_fixed_base_window(base, window_bits, multiples, &workspace);
}

void zk_g1_fixed_base_multiply(const uint64_t *table, unsigned window_bits, const uint64_t *scalars, size_t count,
                               uint64_t *products, void *scratch) {
    g1_fixed_workspace workspace;
    g1_fixed_layout(&workspace, scratch, window_bits, count);
    g1_fixed_base_multiply(table, window_bits, scalars, count, products, &workspace);
}

void zk_g1_add(const uint64_t *first, const uint64_t *second, size_t count, uint64_t *sums, void *scratch) {
    g1_fixed_workspace workspace;
    g1_fixed_layout(&workspace, scratch, ZK_MSM_MAX_WINDOW, count < msm_queue_pairs ? count : msm_queue_pairs);
    g1_add_all(first, second, count, sums, &workspace);
}

void zk_g1_multiply_all(const uint64_t *points, size_t count, const uint64_t scalar[4], uint64_t *products,
                        void *scratch) {
    g1_fixed_workspace workspace;
    g1_fixed_layout(&workspace, scratch, ZK_MSM_MAX_WINDOW, (1 + scalar_window_multiples) * count);
    g1_multiply_all(points, count, scalar, products, &workspace);
}

#endif
