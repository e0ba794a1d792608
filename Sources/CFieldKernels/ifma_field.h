#ifndef IFMA_FIELD_H
#define IFMA_FIELD_H

// Prime-field arithmetic on eight elements at once, with the AVX-512 IFMA instructions vpmadd52luq/huq.
//
// An element is five limbs of 52 bits, one vector per limb, one element per 64-bit lane. Multiplication is
// Montgomery's with R = 2^260, so 6 bits are spare and sums need no reduction at once. Ranges are stated in
// units of p: "< 4p" means every lane's value lies in [0, 4p). A *normalised* element has all limbs below
// 2^52, so its value is below 2^260 = 84.6p. Everything in memory outside the kernels is in four 64-bit limbs.

#if defined(__x86_64__)

#include "ifma_constants.h"
#include <immintrin.h>
#include <stddef.h>

#define IFMA_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512ifma,avx512vbmi2")))
#define IFMA_INLINE static inline __attribute__((always_inline)) IFMA_TARGET
#define IFMA_UNROLL _Pragma("clang loop unroll(full)")
#define IFMA_ROLLED _Pragma("clang loop unroll(disable)")

/// Eight field elements: limb i of element j is 64-bit lane j of `limb[i]`.
typedef struct {
    __m512i limb[5];
} ifma_lanes;

/// A prime field; pass the address of one of the constants so that it is resolved at compile time.
typedef const ifma_prime *ifma_field;

IFMA_INLINE __m512i ifma_word(uint64_t value) { return _mm512_set1_epi64((long long)value); }

IFMA_INLINE __m512i ifma_limb_mask(void) { return ifma_word((1ull << 52) - 1); }

/// The same constant in every lane.
IFMA_INLINE ifma_lanes ifma_broadcast(const uint64_t limbs[5]) {
    ifma_lanes r;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) r.limb[i] = ifma_word(limbs[i]);
    return r;
}

IFMA_INLINE ifma_lanes ifma_zero(void) {
    ifma_lanes r;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) r.limb[i] = _mm512_setzero_si512();
    return r;
}

/// Lane j of `b` where bit j of `mask` is set, of `a` elsewhere.
IFMA_INLINE ifma_lanes ifma_select(__mmask8 mask, ifma_lanes a, ifma_lanes b) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_mask_mov_epi64(a.limb[i], mask, b.limb[i]);
    return a;
}

// MARK: - Carries and ranges

/// Propagates carries. In: limbs as signed 64-bit integers, value in [0, 2^260). Out: normalised, same value.
IFMA_INLINE ifma_lanes ifma_carry(ifma_lanes a) {
    IFMA_UNROLL
    for (int i = 0; i < 4; i++) {
        a.limb[i + 1] = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(a.limb[i], 52));
        a.limb[i] = _mm512_and_si512(a.limb[i], ifma_limb_mask());
    }
    return a;
}

/// Propagates carries but leaves them in their limbs too. In: as for `ifma_carry`. Out: a *factor*: the low 52 bits of
/// each limb are the normalised limbs, and what is above them is of no meaning. That is all that products and
/// `ifma_pack` look at; sums need normalised limbs.
IFMA_INLINE ifma_lanes ifma_factor(ifma_lanes a) {
    IFMA_UNROLL
    for (int i = 0; i < 4; i++) a.limb[i + 1] = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(a.limb[i], 52));
    return a;
}

/// Propagates carries and subtracts a multiple of p read off the top limb.
/// In: limbs as signed integers of absolute value below 2^54, value in [0, 10.5p). Out: normalised, < 2.3p.
///
/// With j = floor(top / 2^254) the multiple is floor(j·2^254/p)·p. The top limb before carrying misses the true
/// top by less than 4, hence the 4 added to it; the table's rounding slack (at least 0.19·2^254) covers both.
IFMA_INLINE ifma_lanes ifma_carry_reduce(ifma_field field, ifma_lanes a) {
    __m512i j = _mm512_srli_epi64(_mm512_add_epi64(a.limb[4], ifma_word(4)), 46);
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        __m512i table = _mm512_loadu_si512(field->quotient_multiple[i]);
        a.limb[i] = _mm512_sub_epi64(a.limb[i], _mm512_permutexvar_epi64(j, table));
    }
    return ifma_carry(a);
}

/// In: normalised, any value. Out: normalised; value − p where that is not negative, the value elsewhere.
IFMA_INLINE ifma_lanes ifma_subtract_modulus_once(ifma_field field, ifma_lanes a) {
    ifma_lanes d;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) d.limb[i] = _mm512_sub_epi64(a.limb[i], ifma_word(field->multiple[1][i]));
    d = ifma_carry(d);
    return ifma_select(_mm512_movepi64_mask(d.limb[4]), d, a);
}

/// In: normalised, < 3p. Out: the canonical representative, < p.
IFMA_INLINE ifma_lanes ifma_canonical(ifma_field field, ifma_lanes a) {
    return ifma_subtract_modulus_once(field, ifma_subtract_modulus_once(field, a));
}

/// Lanes whose value is a multiple of p. In: normalised, < 3p.
IFMA_INLINE __mmask8 ifma_is_zero(ifma_field field, ifma_lanes a) {
    // The lowest limb alone rules out nearly every lane.
    __mmask8 candidates = _mm512_cmpeq_epi64_mask(a.limb[0], _mm512_setzero_si512())
        | _mm512_cmpeq_epi64_mask(a.limb[0], ifma_word(field->multiple[1][0]))
        | _mm512_cmpeq_epi64_mask(a.limb[0], ifma_word(field->multiple[2][0]));
    if (__builtin_expect(candidates == 0, 1)) return 0;
    a = ifma_canonical(field, a);
    __m512i any = _mm512_or_si512(_mm512_or_si512(a.limb[0], a.limb[1]),
                                  _mm512_or_si512(_mm512_or_si512(a.limb[2], a.limb[3]), a.limb[4]));
    return _mm512_testn_epi64_mask(any, any);
}

/// Lanes whose five limbs are all zero (the number 0 itself, not any multiple of p). In: normalised.
IFMA_INLINE __mmask8 ifma_is_literal_zero(ifma_lanes a) {
    __m512i any = _mm512_or_si512(_mm512_or_si512(a.limb[0], a.limb[1]),
                                  _mm512_or_si512(_mm512_or_si512(a.limb[2], a.limb[3]), a.limb[4]));
    return _mm512_testn_epi64_mask(any, any);
}

// MARK: - Sums

/// Limb-wise sum without carries.
IFMA_INLINE ifma_lanes ifma_raw_add(ifma_lanes a, ifma_lanes b) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_add_epi64(a.limb[i], b.limb[i]);
    return a;
}

/// Limb-wise difference without carries.
IFMA_INLINE ifma_lanes ifma_raw_subtract(ifma_lanes a, ifma_lanes b) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_sub_epi64(a.limb[i], b.limb[i]);
    return a;
}

/// Limb-wise a + k·p without carries, k <= 16.
IFMA_INLINE ifma_lanes ifma_raw_add_multiple(ifma_field field, ifma_lanes a, int k) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_add_epi64(a.limb[i], ifma_word(field->multiple[k][i]));
    return a;
}

/// In: < αp and < βp. Out: normalised, < (α+β)p, which must stay below 84p.
IFMA_INLINE ifma_lanes ifma_add(ifma_lanes a, ifma_lanes b) { return ifma_carry(ifma_raw_add(a, b)); }

/// In: < αp and < βp, α + β <= 10.5. Out: normalised, < 2.3p.
IFMA_INLINE ifma_lanes ifma_add_reduce(ifma_field field, ifma_lanes a, ifma_lanes b) {
    return ifma_carry_reduce(field, ifma_raw_add(a, b));
}

/// a − b + k·p. In: a < αp, b <= kp. Out: normalised, < (α+k)p.
IFMA_INLINE ifma_lanes ifma_subtract(ifma_field field, ifma_lanes a, ifma_lanes b, int k) {
    return ifma_carry(ifma_raw_add_multiple(field, ifma_raw_subtract(a, b), k));
}

/// a − b + k·p, reduced. In: a < αp, b <= kp, α + k <= 10.5. Out: normalised, < 2.3p.
IFMA_INLINE ifma_lanes ifma_subtract_reduce(ifma_field field, ifma_lanes a, ifma_lanes b, int k) {
    return ifma_carry_reduce(field, ifma_raw_add_multiple(field, ifma_raw_subtract(a, b), k));
}

/// k·p − a. In: <= kp. Out: normalised, <= kp.
IFMA_INLINE ifma_lanes ifma_negate(ifma_field field, ifma_lanes a, int k) {
    return ifma_carry(ifma_raw_subtract(ifma_broadcast(field->multiple[k]), a));
}

/// In: normalised, < 10.5p. Out: normalised, < 2.3p.
IFMA_INLINE ifma_lanes ifma_reduce(ifma_field field, ifma_lanes a) { return ifma_carry_reduce(field, a); }

// MARK: - Products

/// Ten columns of a double-width number, not normalised.
typedef struct {
    __m512i column[10];
} ifma_wide;

IFMA_INLINE __m512i ifma_low(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52lo_epu64(sum, a, b); }

IFMA_INLINE __m512i ifma_high(__m512i sum, __m512i a, __m512i b) { return _mm512_madd52hi_epu64(sum, a, b); }

/// The columns of a·b. In: factors. Out: columns below 2^56.
IFMA_INLINE ifma_wide ifma_wide_product(ifma_lanes a, ifma_lanes b) {
    ifma_wide r;
    IFMA_UNROLL
    for (int k = 0; k < 10; k++) r.column[k] = _mm512_setzero_si512();
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        IFMA_UNROLL
        for (int j = 0; j < 5; j++) r.column[i + j] = ifma_low(r.column[i + j], a.limb[i], b.limb[j]);
        IFMA_UNROLL
        for (int j = 0; j < 5; j++) r.column[i + j + 1] = ifma_high(r.column[i + j + 1], a.limb[i], b.limb[j]);
    }
    return r;
}

/// The columns of a². In: normalised. Out: columns below 2^55.
IFMA_INLINE ifma_wide ifma_wide_square(ifma_lanes a) {
    __m512i cross[10], low[10], high[10];
    IFMA_UNROLL
    for (int k = 0; k < 10; k++) cross[k] = low[k] = high[k] = _mm512_setzero_si512();
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        IFMA_UNROLL
        for (int j = i + 1; j < 5; j++) {
            low[i + j] = ifma_low(low[i + j], a.limb[i], a.limb[j]);
            high[i + j + 1] = ifma_high(high[i + j + 1], a.limb[i], a.limb[j]);
        }
        cross[2 * i] = ifma_low(cross[2 * i], a.limb[i], a.limb[i]);
        cross[2 * i + 1] = ifma_high(cross[2 * i + 1], a.limb[i], a.limb[i]);
    }
    ifma_wide r;
    IFMA_UNROLL
    for (int k = 0; k < 10; k++) {
        __m512i twice = _mm512_add_epi64(low[k], high[k]);
        r.column[k] = _mm512_add_epi64(cross[k], _mm512_add_epi64(twice, twice));
    }
    return r;
}

/// Montgomery reduction without the last carries: T/R mod p. In: signed columns that leave 2^56 free below 2^63,
/// 0 <= T < R·τp. Out: a value < (1.13 + τ)p in signed limbs that are little larger than the columns.
///
/// The four lowest limbs are folded in by their worth 2^-52 mod p (0.13p for both fields of BN254), which needs
/// neither a quotient digit nor its latency; the last one is removed by an ordinary Montgomery step.
IFMA_INLINE ifma_lanes ifma_wide_fold(ifma_field field, ifma_wide wide) {
    __m512i *t = wide.column;
    IFMA_UNROLL
    for (int i = 0; i < 4; i++) {
        t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srai_epi64(t[i], 52));
        IFMA_UNROLL
        for (int j = 0; j < 5; j++) {
            t[i + 1 + j] = ifma_low(t[i + 1 + j], t[i], ifma_word(field->fold[j]));
            t[i + 2 + j] = ifma_high(t[i + 2 + j], t[i], ifma_word(field->fold[j]));
        }
    }
    __m512i digit = ifma_low(_mm512_setzero_si512(), t[4], ifma_word(field->negative_inverse));
    __m512i lowest = ifma_low(t[4], digit, ifma_word(field->multiple[1][0]));
    t[5] = _mm512_add_epi64(t[5], _mm512_srai_epi64(lowest, 52));
    IFMA_UNROLL
    for (int j = 1; j < 5; j++) t[4 + j] = ifma_low(t[4 + j], digit, ifma_word(field->multiple[1][j]));
    IFMA_UNROLL
    for (int j = 0; j < 5; j++) t[5 + j] = ifma_high(t[5 + j], digit, ifma_word(field->multiple[1][j]));
    ifma_lanes r;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) r.limb[i] = t[5 + i];
    return r;
}

/// Montgomery reduction: T/R mod p. In: signed columns of absolute value below 2^61, 0 <= T < R·τp. Out:
/// normalised, < (1.13 + τ)p, which must stay below 84p; τ = αβ/84.6 for a product of elements < αp and < βp.
IFMA_INLINE ifma_lanes ifma_wide_reduce(ifma_field field, ifma_wide wide) {
    return ifma_carry(ifma_wide_fold(field, wide));
}

/// a·b/R. In: normalised, < αp and < βp. Out: normalised, < (1.13 + αβ/84.6)p; below 2.3p while αβ <= 99.
IFMA_INLINE ifma_lanes ifma_multiply(ifma_field field, ifma_lanes a, ifma_lanes b) {
    return ifma_wide_reduce(field, ifma_wide_product(a, b));
}

/// a²/R. In: normalised, < αp. Out: normalised, < (1.13 + α²/84.6)p; below 2.3p while α <= 9.9.
IFMA_INLINE ifma_lanes ifma_square(ifma_field field, ifma_lanes a) {
    return ifma_wide_reduce(field, ifma_wide_square(a));
}

// MARK: - Products less something

/// Adds multiple − c to the part of T above R, where `table` holds multiples of p and `shift` gives the index from
/// the top limb of c. T/R mod p becomes that of T less c, and stays non-negative. The limbs of c may lack their carries:
/// its top limb may be less than the true one by at most 2.
IFMA_INLINE ifma_wide ifma_wide_cover(ifma_wide wide, ifma_lanes c, const uint64_t table[5][8], const unsigned shift) {
    __m512i j = _mm512_srli_epi64(_mm512_add_epi64(c.limb[4], ifma_word(2)), shift);
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        __m512i multiple = _mm512_permutexvar_epi64(j, _mm512_loadu_si512(table[i]));
        wide.column[5 + i] = _mm512_add_epi64(wide.column[5 + i], _mm512_sub_epi64(multiple, c.limb[i]));
    }
    return wide;
}

/// T/R − c without the last carries. In: T > −0.35·Rp; c < 4p. Out: less than 2p more than `ifma_wide_fold` of T.
IFMA_INLINE ifma_lanes ifma_fold_minus(ifma_field field, ifma_wide wide, ifma_lanes c) {
    return ifma_wide_fold(field, ifma_wide_cover(wide, c, field->cover253, 45));
}

/// T/R − c without the last carries. In: T >= 0; c < 10p. Out: less than 2.1p more than `ifma_wide_fold` of T.
IFMA_INLINE ifma_lanes ifma_fold_minus_sum(ifma_field field, ifma_wide wide, ifma_lanes c) {
    return ifma_wide_fold(field, ifma_wide_cover(wide, c, field->cover254, 46));
}

#include "ifma_memory.h"

#endif
#endif
