#include "zk_ntt.h"
#include "ntt_passes.h"

#if defined(__x86_64__)

void zk_ntt_prepare_factors(zk_ntt_factor *factors, const uint64_t *elements, size_t count) {
    const uint64_t mask = ((uint64_t)1 << 52) - 1;
    for (size_t n = 0; n < count; n++, elements += 4) {
        // t = w·2^260 mod p to start with. A Montgomery step divides it by 2^52.
        uint64_t t[5] = {
            elements[0] & mask,
            (elements[0] >> 52 | elements[1] << 12) & mask,
            (elements[1] >> 40 | elements[2] << 24) & mask,
            (elements[2] >> 28 | elements[3] << 36) & mask,
            elements[3] >> 16,
        };
        for (int row = 4; row >= 0; row--) {
            for (int i = 0; i < 5; i++) factors[n].limb[row][i] = t[i];
            uint64_t digit = t[0] * NTT_FIELD->negative_inverse & mask;
            unsigned __int128 sum = t[0] + (unsigned __int128)digit * NTT_FIELD->multiple[1][0];
            for (int i = 1; i < 5; i++) {
                sum = (sum >> 52) + t[i] + (unsigned __int128)digit * NTT_FIELD->multiple[1][i];
                t[i - 1] = (uint64_t)sum & mask;
            }
            t[4] = (uint64_t)(sum >> 52);
        }
    }
}

// MARK: - Powers along a column

/// Digits of a position, counted from the innermost, whose powers are kept as prepared factors (1,600 bytes each) in the
/// first-level cache.
enum { NTT_NEAR_LEVELS = 4 };

/// first·ratio^index(position) for all positions of the permuted order, each lane with a ratio of its own: the
/// product of an element of `far` for the position's leading digits and one of `near` for the rest.
typedef struct {
    ntt_lane_factor near[1 << NTT_NEAR_LEVELS];
    size_t near_count;
    size_t far_count;
    ifma_lanes *far;
} ntt_powers;

size_t zk_ntt_workspace_bytes(size_t size) {
    // The elements and `far`.
    return sizeof(ifma_lanes) * (size + size / 8);
}

/// Fills table[k] with first·Π steps[level]^digit over the digits of k at levels from `from` up to `to`, outermost first.
IFMA_TARGET static size_t ntt_fill_powers(ifma_lanes *table, ifma_lanes first, const zk_ntt_small *small,
                                          const ifma_lanes *steps, unsigned from, unsigned to) {
    size_t count = 1;
    table[0] = first;
    for (unsigned level = to; level > from; level--) {
        size_t end = count * (level - 1 < small->threes ? 3 : 2);
        for (size_t i = count; i < end; i++) table[i] = ifma_multiply(NTT_FIELD, table[i - count], steps[level - 1]);
        count = end;
    }
    return count;
}

/// Eight elements, or the same one eight times, in Montgomery form (radix 2^260), < 2.3p.
IFMA_TARGET static ifma_lanes ntt_load_constants(const uint64_t *elements, int is_single) {
    const uint64_t *address[8];
    for (int i = 0; i < 8; i++) address[i] = elements + (is_single ? 0 : 4 * i);
    return ifma_multiply(NTT_FIELD, ifma_load_gathered(address, 4), ifma_broadcast(NTT_FIELD->one));
}

IFMA_TARGET static void ntt_make_powers(ntt_powers *powers, const zk_ntt_small *small, const uint64_t *ratios,
                                        const uint64_t *first, ifma_lanes *far) {
    unsigned levels = small->threes + small->twos;
    unsigned near_levels = small->twos < NTT_NEAR_LEVELS ? small->twos : NTT_NEAR_LEVELS;
    ifma_lanes steps[64];  // ratio^(weight of the digit of this level)
    ifma_lanes step = ntt_load_constants(ratios, 0);
    for (unsigned level = 0; level < levels; level++) {
        steps[level] = step;
        ifma_lanes square = ifma_square(NTT_FIELD, step);
        step = level < small->threes ? ifma_multiply(NTT_FIELD, square, step) : square;
    }
    ifma_lanes near[1 << NTT_NEAR_LEVELS];
    powers->near_count =
        ntt_fill_powers(near, ifma_broadcast(NTT_FIELD->one), small, steps, levels - near_levels, levels);
    for (size_t i = 0; i < powers->near_count; i++) powers->near[i] = ntt_prepare(near[i]);
    powers->far = far;
    powers->far_count =
        ntt_fill_powers(far, ntt_load_constants(first, 1), small, steps, 0, levels - near_levels);
}

// MARK: - Sweeps

IFMA_TARGET void zk_ntt_split_columns(const uint64_t *source, uint64_t *destination, size_t stride,
                                      const zk_ntt_small *transform, const uint64_t *ratios, const uint64_t *first,
                                      void *workspace) {
    size_t size = ntt_size(transform);
    ifma_lanes *v = workspace;
    for (size_t i = 0; i < size; i++) v[i] = ifma_load(source + 4 * stride * i, 0);
    ntt_split(transform, v, 0);
    ntt_powers powers;
    ntt_make_powers(&powers, transform, ratios, first, v + size);
    for (size_t i = 0; i < powers.far_count; i++) {
        ntt_lane_factor far = ntt_prepare(powers.far[i]);
        for (size_t j = 0; j < powers.near_count; j++, v++, destination += 4 * stride) {
            // Below 6.1p after the first product, hence below 5.1p < 2^256 after the second.
            ifma_lanes product = ntt_multiply_lanes(ntt_carry(*v), &powers.near[j]);
            product = ntt_multiply_lanes(ntt_carry(product), &far);
            ifma_store(destination, ifma_carry(product));
        }
    }
}

IFMA_TARGET void zk_ntt_join_columns(const uint64_t *source, uint64_t *destination, size_t stride,
                                     const zk_ntt_small *transform, const uint64_t *ratios, const uint64_t *first,
                                     void *workspace) {
    size_t size = ntt_size(transform);
    ifma_lanes *v = workspace;
    ntt_powers powers;
    ntt_make_powers(&powers, transform, ratios, first, v + size);
    for (size_t i = 0, k = 0; i < powers.far_count; i++) {
        ntt_lane_factor far = ntt_prepare(powers.far[i]);
        for (size_t j = 0; j < powers.near_count; j++, k++) {
            ifma_lanes product = ntt_multiply_lanes(ifma_load(source + 4 * stride * k, 0), &powers.near[j]);
            v[k] = ntt_multiply_lanes(ntt_carry(product), &far);
        }
    }
    ntt_join(transform, v, 0);
    for (size_t i = 0; i < size; i++) ifma_store(destination + 4 * stride * i, ntt_canonical(v[i]));
}

IFMA_TARGET void zk_ntt_split_join_rows(uint64_t *values, size_t stride, const zk_ntt_small *split,
                                        const zk_ntt_small *join, void *workspace) {
    size_t size = ntt_size(split);
    ifma_lanes *v = workspace;
    for (size_t i = 0; i < size; i++) {
        const uint64_t *address[8];
        for (size_t row = 0; row < 8; row++) address[row] = values + 4 * (stride * row + i);
        v[i] = ifma_load_gathered(address, 0);
    }
    ntt_join(join, v, ntt_split(split, v, 0));
    for (size_t i = 0; i < size; i++) {
        uint64_t *address[8];
        for (size_t row = 0; row < 8; row++) address[row] = values + 4 * (stride * row + i);
        ifma_store_scattered(address, 0xff, ntt_normalise(ntt_reduce(v[i])));
    }
}

IFMA_TARGET void zk_ntt_split_rows_transposed(const uint64_t *const rows[8], uint64_t *destination, size_t stride,
                                              const uint32_t *places, const zk_ntt_small *split, void *workspace) {
    size_t size = ntt_size(split);
    ifma_lanes *v = workspace;
    for (size_t i = 0; i < size; i++) {
        const uint64_t *address[8];
        for (size_t row = 0; row < 8; row++) address[row] = rows[row] + 4 * i;
        v[i] = ifma_load_gathered(address, 0);
    }
    ntt_split(split, v, 0);
    for (size_t i = 0; i < size; i++) ifma_store(destination + 4 * stride * places[i], ntt_canonical(v[i]));
}

IFMA_TARGET void zk_ntt_multiply_subtract(uint64_t *a, const uint64_t *b, const uint64_t *c, size_t count) {
    for (size_t i = 0; i < count; i += 8, a += 32, b += 32, c += 32) {
        size_t left = count - i < 8 ? count - i : 8;
        // (16·a)·b/2^260 is the product in radix 2^256.
        ifma_lanes x = ifma_load_partial(a, left, 4), y = ifma_load_partial(b, left, 0);
        ifma_lanes z = ifma_load_partial(c, left, 0);
        ifma_lanes product = ifma_multiply(NTT_FIELD, x, y);
        ifma_store_partial(a, left, ifma_canonical(NTT_FIELD, ifma_subtract_reduce(NTT_FIELD, product, z, 1)));
    }
}

#endif
