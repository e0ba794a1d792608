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

/// first·ratio^index(position) for all positions of the permuted order, each lane with a ratio of its own: the
/// product of an entry for the position's leading digits and one for the rest.
typedef struct {
    ifma_lanes *leading;
    ifma_lanes *rest;
    size_t rest_count;
} ntt_powers;

static inline unsigned ntt_radix(const zk_ntt_small *small, unsigned level) { return level < small->threes ? 3 : 2; }

/// The digits of a position that `ntt_powers.rest` covers, from the innermost on: about half of the size.
static unsigned ntt_rest_levels(const zk_ntt_small *small, size_t *rest_count) {
    unsigned level = small->threes + small->twos;
    for (*rest_count = 1; level > 0 && *rest_count * *rest_count < ntt_size(small);)
        *rest_count *= ntt_radix(small, --level);
    return level;
}

size_t zk_ntt_workspace_bytes(size_t size) {
    // At most 3·√size entries in `rest`, and fewer in `leading`.
    size_t root = 1;
    while (root * root < size) root++;
    return sizeof(ifma_lanes) * (size + 6 * root);
}

/// In: a ratio and a first element for each lane in Montgomery form (radix 2^260), < 2.3p.
IFMA_TARGET static ntt_powers ntt_make_powers(const zk_ntt_small *small, ifma_lanes ratio, ifma_lanes first,
                                              ifma_lanes *storage) {
    unsigned levels = small->threes + small->twos;
    ifma_lanes steps[64];  // ratio^(weight of the digit of this level)
    for (unsigned level = 0; level < levels; level++) {
        steps[level] = ratio;
        ifma_lanes square = ifma_square(NTT_FIELD, ratio);
        ratio = ntt_radix(small, level) == 2 ? square : ifma_multiply(NTT_FIELD, square, ratio);
    }
    ntt_powers powers = {.rest = storage};
    unsigned split = ntt_rest_levels(small, &powers.rest_count);
    powers.leading = storage + powers.rest_count;
    powers.rest[0] = ifma_broadcast(NTT_FIELD->one);
    powers.leading[0] = first;
    ifma_lanes *table = powers.rest;
    size_t count = 1;
    for (unsigned level = levels; level > 0; level--) {
        if (level == split) table = powers.leading, count = 1;
        size_t end = count * ntt_radix(small, level - 1);
        for (size_t i = count; i < end; i++)
            table[i] = ifma_multiply(NTT_FIELD, table[i - count], steps[level - 1]);
        count = end;
    }
    return powers;
}

/// Eight elements, or the same one eight times, in Montgomery form (radix 2^260), < 2.3p.
IFMA_TARGET static ifma_lanes ntt_load_constants(const uint64_t *elements, int is_single) {
    const uint64_t *address[8];
    for (int i = 0; i < 8; i++) address[i] = elements + (is_single ? 0 : 4 * i);
    return ifma_multiply(NTT_FIELD, ifma_load_gathered(address, 4), ifma_broadcast(NTT_FIELD->one));
}

// MARK: - Sweeps

IFMA_TARGET void zk_ntt_split_columns(const uint64_t *source, uint64_t *destination, size_t stride,
                                      const zk_ntt_small *transform, const uint64_t *ratios, const uint64_t *first,
                                      void *workspace) {
    size_t size = ntt_size(transform);
    ifma_lanes *v = workspace;
    for (size_t i = 0; i < size; i++) v[i] = ifma_load(source + 4 * stride * i, 0);
    ntt_split(transform, v, 0);
    ntt_powers powers = ntt_make_powers(transform, ntt_load_constants(ratios, 0), ntt_load_constants(first, 1),
                                        v + size);
    for (size_t i = 0; i < size; i += powers.rest_count, powers.leading++) {
        for (size_t j = 0; j < powers.rest_count; j++) {
            ifma_lanes power = ifma_multiply(NTT_FIELD, *powers.leading, powers.rest[j]);
            ifma_store(destination + 4 * stride * (i + j), ifma_multiply(NTT_FIELD, ntt_carry(v[i + j]), power));
        }
    }
}

IFMA_TARGET void zk_ntt_join_columns(const uint64_t *source, uint64_t *destination, size_t stride,
                                     const zk_ntt_small *transform, const uint64_t *ratios, const uint64_t *first,
                                     void *workspace) {
    size_t size = ntt_size(transform);
    ifma_lanes *v = workspace;
    ntt_powers powers = ntt_make_powers(transform, ntt_load_constants(ratios, 0), ntt_load_constants(first, 1),
                                        v + size);
    for (size_t i = 0; i < size; i += powers.rest_count, powers.leading++) {
        for (size_t j = 0; j < powers.rest_count; j++) {
            ifma_lanes power = ifma_multiply(NTT_FIELD, *powers.leading, powers.rest[j]);
            v[i + j] = ifma_multiply(NTT_FIELD, ifma_load(source + 4 * stride * (i + j), 0), power);
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
        ifma_store_scattered(address, 0xff, ntt_canonical(v[i]));
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
