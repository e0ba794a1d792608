#ifndef IFMA_FP2_H
#define IFMA_FP2_H

// The coordinate fields of G1 and G2 of BN254 on eight lanes, under one set of names (fp_*, fp2_*), so that the
// curve code is written once. Fp2 = Fp[i]/(i^2 + 1), c0 + c1·i. Ranges as in ifma_field.h.

#include "ifma_field.h"

#if defined(__x86_64__)
#include "modular_inverse.h"

// MARK: - Fp

typedef ifma_lanes fp_lanes;

#define FP_FIELD (&IFMA_BN254_FP)

IFMA_INLINE fp_lanes fp_one(void) { return ifma_broadcast(FP_FIELD->one); }
IFMA_INLINE fp_lanes fp_zero(void) { return ifma_zero(); }
IFMA_INLINE fp_lanes fp_multiply(fp_lanes a, fp_lanes b) { return ifma_multiply(FP_FIELD, a, b); }
IFMA_INLINE fp_lanes fp_square(fp_lanes a) { return ifma_square(FP_FIELD, a); }
IFMA_INLINE fp_lanes fp_subtract(fp_lanes a, fp_lanes b, const int k) { return ifma_subtract(FP_FIELD, a, b, k); }
IFMA_INLINE fp_lanes fp_subtract_reduce(fp_lanes a, fp_lanes b, const int k) {
    return ifma_subtract_reduce(FP_FIELD, a, b, k);
}
IFMA_INLINE fp_lanes fp_add_reduce(fp_lanes a, fp_lanes b) { return ifma_add_reduce(FP_FIELD, a, b); }
IFMA_INLINE fp_lanes fp_select(__mmask8 mask, fp_lanes a, fp_lanes b) { return ifma_select(mask, a, b); }
IFMA_INLINE fp_lanes fp_negate_where(__mmask8 mask, fp_lanes a, const int k) {
    return ifma_select(mask, a, ifma_negate(FP_FIELD, a, k));
}
IFMA_INLINE fp_lanes fp_canonical(fp_lanes a) { return ifma_canonical(FP_FIELD, a); }
IFMA_INLINE __mmask8 fp_is_zero(fp_lanes a) { return ifma_is_zero(FP_FIELD, a); }
IFMA_INLINE __mmask8 fp_is_literal_zero(fp_lanes a) { return ifma_is_literal_zero(a); }

/// A superset of the lanes that are literally zero, from one limb.
IFMA_INLINE __mmask8 fp_may_be_literal_zero(fp_lanes a) {
    return _mm512_testn_epi64_mask(a.limb[0], a.limb[0]);
}

/// a − b − c + k·p. In: a < αp, b + c <= kp, α + k <= 10.5. Out: < 2.3p.
IFMA_INLINE fp_lanes fp_subtract_two_reduce(fp_lanes a, fp_lanes b, fp_lanes c, const int k) {
    fp_lanes difference = ifma_raw_subtract(ifma_raw_subtract(a, b), c);
    return ifma_carry_reduce(FP_FIELD, ifma_raw_add_multiple(FP_FIELD, difference, k));
}

/// a² − b − c. In: a < 2.5p, b and c < 4p. Out: < 3.4p.
IFMA_INLINE fp_lanes fp_square_minus_two(fp_lanes a, fp_lanes b, fp_lanes c) {
    return ifma_carry(ifma_fold_minus_sum(FP_FIELD, ifma_wide_square(a), ifma_raw_add(b, c)));
}

// Steps of an affine addition whose results are only factors of products or stored.

IFMA_INLINE fp_lanes fp_multiply_factor(fp_lanes a, fp_lanes b) {
    return ifma_factor(ifma_wide_fold(FP_FIELD, ifma_wide_product(a, b)));
}

/// a − b + 4p without carries.
IFMA_INLINE fp_lanes fp_raw_difference(fp_lanes a, fp_lanes b) {
    return ifma_raw_add_multiple(FP_FIELD, ifma_raw_subtract(a, b), 4);
}

/// 2·a + d − 4p without carries: a + b for d = b − a + 4p.
IFMA_INLINE fp_lanes fp_raw_sum(fp_lanes a, fp_lanes d) {
    fp_lanes r = ifma_raw_add(ifma_raw_add(a, a), d);
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) r.limb[i] = _mm512_sub_epi64(r.limb[i], ifma_word(FP_FIELD->multiple[4][i]));
    return r;
}

IFMA_INLINE fp_lanes fp_raw_add(fp_lanes a, fp_lanes b) { return ifma_raw_add(a, b); }

/// A factor as a normalised element.
IFMA_INLINE fp_lanes fp_settled(fp_lanes a) {
    IFMA_UNROLL
    for (int i = 0; i < 4; i++) a.limb[i] = _mm512_and_si512(a.limb[i], ifma_limb_mask());
    return a;
}

/// A value without carries as a factor, as `fp_multiply_factor` and so on want it.
IFMA_INLINE fp_lanes fp_factor(fp_lanes a) { return ifma_factor(a); }

/// a or, where the bit is set, 4p − a, without carries. In: normalised, <= 4p.
IFMA_INLINE fp_lanes fp_raw_negate_where(__mmask8 mask, fp_lanes a) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++)
        a.limb[i] = _mm512_mask_sub_epi64(a.limb[i], mask, ifma_word(FP_FIELD->multiple[4][i]), a.limb[i]);
    return a;
}

/// a·b − c as a factor. In: factors < αp, < βp, c <= 4p from `fp_raw_negate_where`; αβ <= 29. Out: < 3.5p.
IFMA_INLINE fp_lanes fp_factor_minus(fp_lanes a, fp_lanes b, fp_lanes c) {
    return ifma_factor(ifma_fold_minus(FP_FIELD, ifma_wide_product(a, b), c));
}

/// a² − c without carries. In: a factor < 2.5p; c < 8p from `fp_raw_sum`. Out: < 3.4p.
IFMA_INLINE fp_lanes fp_raw_square_minus(fp_lanes a, fp_lanes c) {
    return ifma_fold_minus_sum(FP_FIELD, ifma_wide_square(a), c);
}

/// 3·a². In: < 4p. Out: < 4p (< 5.7p in Fp2).
IFMA_INLINE fp_lanes fp_triple_square(fp_lanes a) {
    fp_lanes square = fp_square(a);
    return ifma_carry(ifma_raw_add(ifma_raw_add(square, square), square));
}

IFMA_INLINE fp_lanes fp_add(fp_lanes a, fp_lanes b) { return ifma_add(a, b); }

/// The same value mod p, < 2.3p. In: < 10.5p.
IFMA_INLINE fp_lanes fp_reduce(fp_lanes a) { return ifma_reduce(FP_FIELD, a); }

IFMA_INLINE fp_lanes fp_load_gathered(const uint64_t *const source[8], const int shift) {
    return ifma_load_gathered(source, shift);
}
IFMA_INLINE void fp_store_scattered(uint64_t *const destination[8], __mmask8 mask, fp_lanes a) {
    ifma_store_scattered(destination, mask, a);
}

/// The inverse (factor R kept) of one value < 3p, the same in all lanes.
IFMA_INLINE ifma_lanes ifma_invert_uniform(ifma_field field, const inversion_modulus *modulus, ifma_lanes a) {
    uint64_t words[32];
    ifma_store(words, ifma_canonical(field, a));
    zk_modular_inverse_vartime(modulus, words, words);
    for (int i = 4; i < 32; i++) words[i] = words[i & 3];
    // The inverse of aR is a^-1·R^-1; two products with R^2 make it a^-1·R.
    ifma_lanes square_of_radix = ifma_broadcast(field->square_of_radix);
    return ifma_multiply(field, ifma_multiply(field, ifma_load(words, 0), square_of_radix), square_of_radix);
}

/// Exchanges neighbouring lanes (distance 1), pairs (2) or halves (4).
IFMA_INLINE ifma_lanes ifma_exchange(ifma_lanes a, const int distance) {
    ifma_lanes r;
    const __m512i lane = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    const __m512i partner = _mm512_xor_si512(lane, _mm512_set1_epi64(distance));
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) r.limb[i] = _mm512_permutexvar_epi64(partner, a.limb[i]);
    return r;
}

IFMA_INLINE fp_lanes fp_exchange(fp_lanes a, const int distance) { return ifma_exchange(a, distance); }

/// One lane's value in all lanes.
IFMA_INLINE ifma_lanes ifma_spread(ifma_lanes a, int lane) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_permutexvar_epi64(_mm512_set1_epi64(lane), a.limb[i]);
    return a;
}

IFMA_INLINE fp_lanes fp_spread(fp_lanes a, int lane) { return ifma_spread(a, lane); }
IFMA_INLINE fp_lanes fp_scale(fp_lanes a, ifma_lanes factor) { return fp_multiply(a, factor); }

IFMA_INLINE fp_lanes fp_invert_uniform(fp_lanes a) {
    return ifma_invert_uniform(FP_FIELD, &INVERSION_BN254_FP, a);
}

// MARK: - Fp2

typedef struct {
    ifma_lanes c0, c1;
} fp2_lanes;

IFMA_INLINE fp2_lanes fp2_one(void) { return (fp2_lanes){fp_one(), ifma_zero()}; }
IFMA_INLINE fp2_lanes fp2_zero(void) { return (fp2_lanes){ifma_zero(), ifma_zero()}; }

/// Limb-wise difference of double-width columns, which may become negative.
IFMA_INLINE ifma_wide ifma_wide_subtract(ifma_wide a, ifma_wide b) {
    IFMA_UNROLL
    for (int i = 0; i < 10; i++) a.column[i] = _mm512_sub_epi64(a.column[i], b.column[i]);
    return a;
}

/// Two double-width numbers c0, c1.
typedef struct {
    ifma_wide c0, c1;
} fp2_wide;

/// Karatsuba's three products. In: components < αp and < βp. Out: −αβp² < c0 < αβp², 0 <= c1 < 2αβp².
IFMA_INLINE fp2_wide fp2_wide_product(fp2_lanes a, fp2_lanes b) {
    ifma_wide v0 = ifma_wide_product(a.c0, b.c0), v1 = ifma_wide_product(a.c1, b.c1);
    ifma_wide cross = ifma_wide_product(ifma_factor(ifma_raw_add(a.c0, a.c1)), ifma_factor(ifma_raw_add(b.c0, b.c1)));
    return (fp2_wide){ifma_wide_subtract(v0, v1), ifma_wide_subtract(ifma_wide_subtract(cross, v0), v1)};
}

/// In: components < αp and < βp. Out: c0 < (2.13 + αβ/84.6)p, c1 < (1.13 + αβ/42.3)p: below 2.5p while αβ <= 31.
IFMA_INLINE fp2_lanes fp2_multiply(fp2_lanes a, fp2_lanes b) {
    fp2_wide product = fp2_wide_product(a, b);
    IFMA_UNROLL
    for (int i = 0; i < 5; i++)
        product.c0.column[5 + i] = _mm512_add_epi64(product.c0.column[5 + i], ifma_word(FP_FIELD->multiple[1][i]));
    return (fp2_lanes){ifma_wide_reduce(FP_FIELD, product.c0), ifma_wide_reduce(FP_FIELD, product.c1)};
}

/// a² − b − c. In: a < 2.5p, b and c < 4p. Out: < 3.6p.
IFMA_INLINE fp2_lanes fp2_square_minus_two(fp2_lanes a, fp2_lanes b, fp2_lanes c) {
    ifma_wide c0 = ifma_wide_product(ifma_add(a.c0, a.c1), ifma_subtract(FP_FIELD, a.c0, a.c1, 4));
    ifma_wide c1 = ifma_wide_product(ifma_add(a.c0, a.c0), a.c1);
    return (fp2_lanes){ifma_carry(ifma_fold_minus_sum(FP_FIELD, c0, ifma_raw_add(b.c0, c.c0))),
                       ifma_carry(ifma_fold_minus_sum(FP_FIELD, c1, ifma_raw_add(b.c1, c.c1)))};
}

/// (c0 + c1)(c0 − c1) + 2·c0·c1·i. In: < αp, α <= 4. Out: < (1.13 + 2α(α+4)/84.6)p: below 2p.
IFMA_INLINE fp2_lanes fp2_square(fp2_lanes a) {
    ifma_lanes sum = ifma_add(a.c0, a.c1), difference = ifma_subtract(FP_FIELD, a.c0, a.c1, 4);
    return (fp2_lanes){fp_multiply(sum, difference), fp_multiply(ifma_add(a.c0, a.c0), a.c1)};
}

// The steps of an affine addition. Sums of components are factors, so products here want normalised elements.

IFMA_INLINE fp2_lanes fp2_multiply_factor(fp2_lanes a, fp2_lanes b) { return fp2_multiply(a, b); }
IFMA_INLINE fp2_lanes fp2_settled(fp2_lanes a) { return a; }
IFMA_INLINE fp2_lanes fp2_raw_add(fp2_lanes a, fp2_lanes b) {
    return (fp2_lanes){ifma_raw_add(a.c0, b.c0), ifma_raw_add(a.c1, b.c1)};
}
IFMA_INLINE fp2_lanes fp2_raw_difference(fp2_lanes a, fp2_lanes b) {
    return (fp2_lanes){fp_raw_difference(a.c0, b.c0), fp_raw_difference(a.c1, b.c1)};
}
IFMA_INLINE fp2_lanes fp2_raw_sum(fp2_lanes a, fp2_lanes d) {
    return (fp2_lanes){fp_raw_sum(a.c0, d.c0), fp_raw_sum(a.c1, d.c1)};
}
IFMA_INLINE fp2_lanes fp2_factor(fp2_lanes a) { return (fp2_lanes){ifma_carry(a.c0), ifma_carry(a.c1)}; }
IFMA_INLINE fp2_lanes fp2_raw_negate_where(__mmask8 mask, fp2_lanes a) {
    return (fp2_lanes){fp_raw_negate_where(mask, a.c0), fp_raw_negate_where(mask, a.c1)};
}

/// As `fp_factor_minus`. In: normalised. Out: < 3.9p.
IFMA_INLINE fp2_lanes fp2_factor_minus(fp2_lanes a, fp2_lanes b, fp2_lanes c) {
    fp2_wide product = fp2_wide_product(a, b);
    return (fp2_lanes){ifma_factor(ifma_fold_minus(FP_FIELD, product.c0, c.c0)),
                       ifma_factor(ifma_fold_minus(FP_FIELD, product.c1, c.c1))};
}

/// As `fp_raw_square_minus`. In: normalised. Out: < 3.6p.
IFMA_INLINE fp2_lanes fp2_raw_square_minus(fp2_lanes a, fp2_lanes c) {
    ifma_wide c0 = ifma_wide_product(ifma_factor(ifma_raw_add(a.c0, a.c1)),
                                     ifma_factor(fp_raw_difference(a.c0, a.c1)));
    ifma_wide c1 = ifma_wide_product(ifma_factor(ifma_raw_add(a.c0, a.c0)), a.c1);
    return (fp2_lanes){ifma_fold_minus_sum(FP_FIELD, c0, c.c0), ifma_fold_minus_sum(FP_FIELD, c1, c.c1)};
}

IFMA_INLINE fp2_lanes fp2_triple_square(fp2_lanes a) {
    fp2_lanes square = fp2_square(a);
    return (fp2_lanes){ifma_carry(ifma_raw_add(ifma_raw_add(square.c0, square.c0), square.c0)),
                       ifma_carry(ifma_raw_add(ifma_raw_add(square.c1, square.c1), square.c1))};
}
IFMA_INLINE fp2_lanes fp2_add(fp2_lanes a, fp2_lanes b) {
    return (fp2_lanes){ifma_add(a.c0, b.c0), ifma_add(a.c1, b.c1)};
}
IFMA_INLINE fp2_lanes fp2_reduce(fp2_lanes a) { return (fp2_lanes){fp_reduce(a.c0), fp_reduce(a.c1)}; }
IFMA_INLINE fp2_lanes fp2_subtract(fp2_lanes a, fp2_lanes b, const int k) {
    return (fp2_lanes){fp_subtract(a.c0, b.c0, k), fp_subtract(a.c1, b.c1, k)};
}
IFMA_INLINE fp2_lanes fp2_subtract_reduce(fp2_lanes a, fp2_lanes b, const int k) {
    return (fp2_lanes){fp_subtract_reduce(a.c0, b.c0, k), fp_subtract_reduce(a.c1, b.c1, k)};
}
IFMA_INLINE fp2_lanes fp2_subtract_two_reduce(fp2_lanes a, fp2_lanes b, fp2_lanes c, const int k) {
    return (fp2_lanes){fp_subtract_two_reduce(a.c0, b.c0, c.c0, k), fp_subtract_two_reduce(a.c1, b.c1, c.c1, k)};
}
IFMA_INLINE fp2_lanes fp2_add_reduce(fp2_lanes a, fp2_lanes b) {
    return (fp2_lanes){fp_add_reduce(a.c0, b.c0), fp_add_reduce(a.c1, b.c1)};
}
IFMA_INLINE fp2_lanes fp2_select(__mmask8 mask, fp2_lanes a, fp2_lanes b) {
    return (fp2_lanes){ifma_select(mask, a.c0, b.c0), ifma_select(mask, a.c1, b.c1)};
}
IFMA_INLINE fp2_lanes fp2_negate_where(__mmask8 mask, fp2_lanes a, const int k) {
    return (fp2_lanes){fp_negate_where(mask, a.c0, k), fp_negate_where(mask, a.c1, k)};
}
IFMA_INLINE fp2_lanes fp2_canonical(fp2_lanes a) { return (fp2_lanes){fp_canonical(a.c0), fp_canonical(a.c1)}; }
IFMA_INLINE __mmask8 fp2_is_zero(fp2_lanes a) {
    __mmask8 first = fp_is_zero(a.c0);
    return __builtin_expect(first == 0, 1) ? 0 : first & fp_is_zero(a.c1);
}
IFMA_INLINE __mmask8 fp2_is_literal_zero(fp2_lanes a) {
    return ifma_is_literal_zero(a.c0) & ifma_is_literal_zero(a.c1);
}
IFMA_INLINE __mmask8 fp2_may_be_literal_zero(fp2_lanes a) { return fp_may_be_literal_zero(a.c0); }

IFMA_INLINE fp2_lanes fp2_load_gathered(const uint64_t *const source[8], const int shift) {
    const uint64_t *second[8];
    for (int i = 0; i < 8; i++) second[i] = source[i] + 4;
    return (fp2_lanes){ifma_load_gathered(source, shift), ifma_load_gathered(second, shift)};
}
IFMA_INLINE void fp2_store_scattered(uint64_t *const destination[8], __mmask8 mask, fp2_lanes a) {
    uint64_t *second[8];
    for (int i = 0; i < 8; i++) second[i] = destination[i] + 4;
    ifma_store_scattered(destination, mask, a.c0);
    ifma_store_scattered(second, mask, a.c1);
}
IFMA_INLINE fp2_lanes fp2_exchange(fp2_lanes a, const int distance) {
    return (fp2_lanes){ifma_exchange(a.c0, distance), ifma_exchange(a.c1, distance)};
}

IFMA_INLINE fp2_lanes fp2_spread(fp2_lanes a, int lane) {
    return (fp2_lanes){ifma_spread(a.c0, lane), ifma_spread(a.c1, lane)};
}
IFMA_INLINE fp2_lanes fp2_scale(fp2_lanes a, ifma_lanes factor) {
    return (fp2_lanes){fp_multiply(a.c0, factor), fp_multiply(a.c1, factor)};
}

/// 1/(c0 + c1·i) = (c0 − c1·i)/(c0² + c1²) of one value, components < 2.5p, the same in all lanes.
IFMA_INLINE fp2_lanes fp2_invert_uniform(fp2_lanes a) {
    ifma_lanes norm = fp_add_reduce(fp_square(a.c0), fp_square(a.c1));
    ifma_lanes inverse = fp_invert_uniform(norm);
    return (fp2_lanes){fp_multiply(a.c0, inverse), fp_multiply(ifma_negate(FP_FIELD, a.c1, 3), inverse)};
}

#endif
#endif
