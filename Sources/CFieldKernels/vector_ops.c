#include "zk_vectors.h"
#include "ifma_fp2.h"

#if defined(__x86_64__)

// Whole passes over arrays. The functions for a field as a parameter are inlined into one entry point for each field.

IFMA_INLINE size_t lanes_at(size_t i, size_t count) { return count - i < 8 ? count - i : 8; }

/// In each pass one operand is read with 4 more bits, which makes a product with radix 2^260 one with radix 2^256.
IFMA_INLINE void multiply_pass(ifma_field field, uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count) {
    for (size_t i = 0; i < count; i += 8) {
        size_t lanes = lanes_at(i, count);
        ifma_lanes x = ifma_load_partial(a + 4 * i, lanes, 4), y = ifma_load_partial(b + 4 * i, lanes, 0);
        ifma_store_partial(out + 4 * i, lanes, ifma_canonical(field, ifma_multiply(field, x, y)));
    }
}

IFMA_INLINE void add_pass(ifma_field field, uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count) {
    for (size_t i = 0; i < count; i += 8) {
        size_t lanes = lanes_at(i, count);
        ifma_lanes x = ifma_load_partial(a + 4 * i, lanes, 0), y = ifma_load_partial(b + 4 * i, lanes, 0);
        ifma_store_partial(out + 4 * i, lanes, ifma_subtract_modulus_once(field, ifma_add(x, y)));
    }
}

IFMA_INLINE void subtract_pass(ifma_field field, uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count) {
    for (size_t i = 0; i < count; i += 8) {
        size_t lanes = lanes_at(i, count);
        ifma_lanes x = ifma_load_partial(a + 4 * i, lanes, 0), y = ifma_load_partial(b + 4 * i, lanes, 0);
        ifma_store_partial(
            out + 4 * i, lanes, ifma_subtract_modulus_once(field, ifma_subtract(field, x, y, 1)));
    }
}

IFMA_INLINE void scale_pass(ifma_field field, uint64_t *out, const uint64_t *a, const uint64_t *factor, size_t count) {
    const uint64_t *same[8] = {factor, factor, factor, factor, factor, factor, factor, factor};
    const ifma_lanes y = ifma_load_gathered(same, 4);
    for (size_t i = 0; i < count; i += 8) {
        size_t lanes = lanes_at(i, count);
        ifma_lanes x = ifma_load_partial(a + 4 * i, lanes, 0);
        ifma_store_partial(out + 4 * i, lanes, ifma_canonical(field, ifma_multiply(field, x, y)));
    }
}

enum {
    inversion_chains = 4,        ///< running products side by side, so that their latencies overlap
    inversion_blocks = 1 << 9,   ///< blocks of eight that share an inversion
};

/// Montgomery's trick over up to 2^12 elements: zeros count as ones in the products and are written back as zeros.
///
/// The words of an element are v = x·2^256; the products treat v as a radix-2^260 form. The inverse of
/// v there is v^-1·2^520, and what memory wants is x^-1·2^256 = v^-1·2^512: so the first inverse takes a factor 2^-8.
IFMA_INLINE void invert_chunk(
    ifma_field field, const inversion_modulus *modulus, uint64_t *values, size_t count, ifma_lanes *product) {
    const size_t blocks = ((count + 7) / 8 + inversion_chains - 1) / inversion_chains * inversion_chains;
    const ifma_lanes one = ifma_broadcast(field->one);
    for (int h = 0; h < inversion_chains; h++) product[h] = one;
    for (size_t i = 0; i < blocks; i++) {
        size_t lanes = 8 * i < count ? lanes_at(8 * i, count) : 0;
        ifma_lanes v = lanes ? ifma_load_partial(values + 32 * i, lanes, 0) : ifma_zero();
        v = ifma_select(ifma_is_literal_zero(v), v, one);
        product[i + inversion_chains] = ifma_multiply(field, product[i], v);
    }
    ifma_lanes chain[inversion_chains], before[inversion_chains], all = product[blocks];
    chain[0] = all;
    for (int h = 1; h < inversion_chains; h++) {
        chain[h] = product[blocks + (size_t)h];
        before[h] = all;
        all = ifma_multiply(field, all, chain[h]);
    }
    ifma_lanes two = ifma_multiply(field, all, ifma_exchange(all, 1));
    ifma_lanes four = ifma_multiply(field, two, ifma_exchange(two, 2));
    ifma_lanes inverse = ifma_invert_uniform(field, modulus, ifma_multiply(field, four, ifma_exchange(four, 4)));
    // 2^256 as a number is 2^-4 in radix 2^260; twice makes 2^-8.
    inverse = ifma_multiply(field, inverse, ifma_broadcast(field->radix256));
    inverse = ifma_multiply(field, inverse, ifma_broadcast(field->radix256));
    inverse = ifma_multiply(field, inverse, ifma_exchange(four, 4));
    inverse = ifma_multiply(field, inverse, ifma_exchange(two, 2));
    inverse = ifma_multiply(field, inverse, ifma_exchange(all, 1));
    for (int h = inversion_chains - 1; h > 0; h--) {
        ifma_lanes next = ifma_multiply(field, inverse, chain[h]);
        chain[h] = ifma_multiply(field, inverse, before[h]);
        inverse = next;
    }
    chain[0] = inverse;
    for (size_t i = blocks; i-- > 0;) {
        size_t lanes = 8 * i < count ? lanes_at(8 * i, count) : 0;
        if (lanes == 0) continue;  // a product of ones
        ifma_lanes v = ifma_load_partial(values + 32 * i, lanes, 0);
        __mmask8 zero = ifma_is_literal_zero(v);
        ifma_lanes *running = &chain[i % inversion_chains];
        ifma_lanes result = ifma_canonical(field, ifma_multiply(field, *running, product[i]));
        *running = ifma_multiply(field, *running, ifma_select(zero, v, one));
        ifma_store_partial(values + 32 * i, lanes, ifma_select(zero, result, ifma_zero()));
    }
}

IFMA_INLINE void invert_pass(
    ifma_field field, const inversion_modulus *modulus, uint64_t *values, size_t count, void *scratch) {
    for (size_t i = 0; i < count; i += 8 * inversion_blocks)
        invert_chunk(field, modulus, values + 4 * i,
                     count - i < 8 * inversion_blocks ? count - i : 8 * inversion_blocks, scratch);
}

_Static_assert((inversion_blocks + inversion_chains) * sizeof(ifma_lanes) <= ZK_INVERSION_SCRATCH_BYTES,
               "scratch holds the running products");

#define ENTRY(name) \
    IFMA_TARGET void zk_fr_##name(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count) { \
        name##_pass(&IFMA_BN254_FR, out, a, b, count); \
    } \
    IFMA_TARGET void zk_fp_##name(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t count) { \
        name##_pass(&IFMA_BN254_FP, out, a, b, count); \
    }

ENTRY(multiply)
ENTRY(add)
ENTRY(subtract)
ENTRY(scale)

IFMA_TARGET void zk_fr_invert(uint64_t *values, size_t count, void *scratch) {
    invert_pass(&IFMA_BN254_FR, &INVERSION_BN254_FR, values, count, scratch);
}

IFMA_TARGET void zk_fp_invert(uint64_t *values, size_t count, void *scratch) {
    invert_pass(&IFMA_BN254_FP, &INVERSION_BN254_FP, values, count, scratch);
}

#endif
