#ifndef ZK_MSM_H
#define ZK_MSM_H
#include <stddef.h>
#include <stdint.h>

// Multi-scalar multiplication Σ s_i·P_i over BN254 with AVX-512 IFMA. To be called only where
// `zk_cpu_has_avx512_ifma()` is 1. Every function is one task for one thread; the caller owns all memory.
//
// Scalars are four 64-bit limbs in Montgomery form (radix 2^256), below r. Points are affine x‖y in Montgomery form
// (radix 2^256): 8 words in G1, 16 in G2 (c0‖c1 for each coordinate); all words zero is the point at infinity.
//
// The steps: measure → choose the window → recode → for each group of windows: sort, buckets, sums → window
// points, which the caller adds up with their weights.
// A scalar s > r/2 is taken as −(r − s), so that small negative numbers are as cheap as small positive ones.
// Window w of c bits holds a digit d in (−2^(c−1), 2^(c−1)]; s = Σ d_w·2^(cw). A scalar of bit length l needs
// l/c + 1 windows, one of length 0 needs none; scalars are put in the order of falling need, so
// that window w concerns the first `length[w]` of them only.

enum { ZK_MSM_LENGTHS = 254, ZK_MSM_MAX_WINDOW = 16 };

/// Bit lengths of the absolute values (0...253), and how often each occurs (added to `histogram[254]`).
void zk_msm_measure(const uint64_t *scalars, size_t count, uint8_t *lengths, uint32_t *histogram);

/// Where the scalars of one range go: for each need k = 1...windows, the next free place in the common order.
typedef struct {
    uint32_t next[ZK_MSM_LENGTHS + 2];
} zk_msm_cursor;

/// Writes the digits of `count` scalars, the first of which has index `first`.
///
/// `order[place]` becomes the scalar's index, `digits[window_start[w] + place]` its digit in window w: 0xffff for
/// zero, else |d| − 1 with bit 15 as the sign. `cursor` is advanced. `window_bits` is 2...16.
void zk_msm_recode(const uint64_t *scalars, const uint8_t *lengths, size_t first, size_t count,
                   unsigned window_bits, zk_msm_cursor *cursor, uint32_t *order, uint16_t *digits,
                   const size_t *window_start);

/// Sorts the nonzero digits of `count` places by bucket |d| − 1 into `entries` (index, with bit 31 for the sign),
/// and writes the 2^(window_bits−1) + 1 bounds of the buckets, counted from `base`. Returns the last bound.
uint32_t zk_msm_sort(const uint16_t *digits, const uint32_t *order, size_t count, unsigned window_bits,
                     uint32_t base, uint32_t *entries, uint32_t *bounds);

/// Bytes of scratch, 64-byte aligned, for the sums of `windows` windows at once.
size_t zk_g1_msm_scratch_bytes(unsigned window_bits, size_t windows);
size_t zk_g2_msm_scratch_bytes(unsigned window_bits, size_t windows);

/// Adds the entries of `windows` sorted windows to the buckets in `scratch`, which `first` makes empty before.
///
/// `entries` and `bounds` as written by `zk_msm_sort`, window after window, bounds[v·2^(c−1) + b] being
/// the start of bucket b of window v and the end of the one before. Where the points are many, several calls with
/// entries from a range of a few megabytes of points each are faster than one. `infinity` has bit i set where point i
/// is at infinity; such points are skipped. It may be null if there are none.
void zk_g1_msm_accumulate(const uint64_t *points, const uint64_t *infinity, const uint32_t *entries,
                          const uint32_t *bounds, unsigned window_bits, size_t windows, int first, void *scratch);
void zk_g2_msm_accumulate(const uint64_t *points, const uint64_t *infinity, const uint32_t *entries,
                          const uint32_t *bounds, unsigned window_bits, size_t windows, int first, void *scratch);

/// Writes the first `count` buckets in `scratch` in the outside form.
void zk_g1_msm_bucket_points(unsigned window_bits, size_t windows, size_t count, uint64_t *points, void *scratch);
void zk_g2_msm_bucket_points(unsigned window_bits, size_t windows, size_t count, uint64_t *points, void *scratch);

/// Reduces the buckets in `scratch` to `window_bits` partial sums for each window: the sum of all its buckets, then for
/// j = 0...c−2 the sum of those whose index has bit j set, in the kernels' inside form. The window's sum is
/// sums[0] + Σ 2^j·sums[1 + j].
void zk_g1_msm_sums(unsigned window_bits, size_t windows, uint64_t *sums, void *scratch);
void zk_g2_msm_sums(unsigned window_bits, size_t windows, uint64_t *sums, void *scratch);

/// The sums of `count` windows from their partial sums, in homogeneous coordinates X‖Y‖Z (x = X/Z, y = Y/Z; Z = 0 at
/// infinity) of the outside form: 12 words each in G1, 24 in G2.
void zk_g1_msm_window_points(const uint64_t *sums, size_t count, unsigned window_bits, uint64_t *points);
void zk_g2_msm_window_points(const uint64_t *sums, size_t count, unsigned window_bits, uint64_t *points);

/// Sets the bits first...first+count−1 of `infinity` that belong to points at infinity and clears the others; `first` and the range's end are
/// multiples of 64 or the end of the points. Returns how many were set.
size_t zk_mark_infinity(const uint64_t *points, size_t point_words, size_t first, size_t count, uint64_t *infinity);

#endif
