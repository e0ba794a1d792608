#ifndef NTT_BUTTERFLIES_H
#define NTT_BUTTERFLIES_H

// Lazy arithmetic of the transforms: products by prepared constants, and butterflies.
//
// A *raw* element is five signed limbs of absolute value below 2^63 whose sum Σ limb_i·2^(52i), taken modulo 2^260, is
// its value, in [0, 84p) for p = r of BN254. Nothing is carried out of the top limb, so that it may hold anything
// above its 52 bits. Raw elements are added limb by limb, products and reduced elements (limbs below 2^57) to others
// only, so that limbs grow by less than 2^57 for each butterfly; only operands of products are carried.

#include "ifma_field.h"
#include "zk_ntt.h"

#if defined(__x86_64__)

#define NTT_FIELD (&IFMA_BN254_FR)

/// 2^260 − p.
static const uint64_t NTT_NEGATED_MODULUS[5] = {
    0xe0a6c0fffffff, 0xb786468f6ebc1, 0xe7ea7a2d7cc17, 0x5fd647afba497, 0xfcf9bb18d1ece};

/// floor(2^45·2^260/p): the top limb's share of a quotient by p.
static const uint64_t NTT_QUOTIENT_SCALE = 0xa948e8c4c4740;

/// Carries as far as products need: the low 52 bits of each limb are right, the others are left over.
IFMA_INLINE ifma_lanes ntt_carry(ifma_lanes a) {
    IFMA_UNROLL
    for (int i = 0; i < 4; i++)
        a.limb[i + 1] = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(a.limb[i], 52));
    return a;
}

/// A constant factor w for each lane: w·2^(52(i+1)) mod p for i = 0...4, normalised, < 1.01p.
typedef struct {
    ifma_lanes multiple[5];
} ntt_lane_factor;

/// Adds the multiple of p that clears the lowest column, and drops that column: t·2^-52 mod p.
/// In: non-negative columns below 2^58. Out: raw, < (1 + t/(2^52·p))p.
IFMA_INLINE ifma_lanes ntt_montgomery_step(__m512i t[6]) {
    __m512i digit = ifma_low(_mm512_setzero_si512(), t[0], ifma_word(NTT_FIELD->negative_inverse));
    IFMA_UNROLL
    for (int j = 0; j < 5; j++) {
        __m512i modulus = ifma_word(NTT_FIELD->multiple[1][j]);
        t[j] = ifma_low(t[j], digit, modulus);
        t[j + 1] = ifma_high(t[j + 1], digit, modulus);
    }
    t[1] = _mm512_add_epi64(t[1], _mm512_srli_epi64(t[0], 52));
    return (ifma_lanes){{t[1], t[2], t[3], t[4], t[5]}};
}

/// a·w mod p. In: carried, < αp <= 84p. Out: raw, non-negative limbs below 2^57, value < (5.01 + α/84)p.
///
/// The sum of the limbs of a times w·2^(52(i+1)) mod p has six limbs, so that one Montgomery step, which divides by
/// 2^52, is all the reduction there is: 61 products of limbs, where a Montgomery product takes 101.
IFMA_INLINE ifma_lanes ntt_multiply_lanes(ifma_lanes a, const ntt_lane_factor *w) {
    __m512i t[6];
    IFMA_UNROLL
    for (int j = 0; j < 6; j++) t[j] = _mm512_setzero_si512();
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        IFMA_UNROLL
        for (int j = 0; j < 5; j++) {
            t[j] = ifma_low(t[j], a.limb[i], w->multiple[i].limb[j]);
            t[j + 1] = ifma_high(t[j + 1], a.limb[i], w->multiple[i].limb[j]);
        }
    }
    return ntt_montgomery_step(t);
}

/// The same for one factor in all lanes. Out: < (5 + α/84)p, so at most 6p.
IFMA_INLINE ifma_lanes ntt_multiply(ifma_lanes a, const zk_ntt_factor *w) {
    ntt_lane_factor lanes;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) lanes.multiple[i] = ifma_broadcast(w->limb[i]);
    return ntt_multiply_lanes(a, &lanes);
}

/// The same value modulo p, < 1.01p. In: raw. Out: raw, limbs below the top one in [0, 2^54).
IFMA_INLINE ifma_lanes ntt_reduce(ifma_lanes a) {
    a = ifma_carry(a);
    __m512i q = ifma_high(_mm512_setzero_si512(), a.limb[4], ifma_word(NTT_QUOTIENT_SCALE));
    q = _mm512_srli_epi64(q, 45);
    IFMA_UNROLL
    for (int j = 0; j < 5; j++) {
        __m512i modulus = ifma_word(NTT_NEGATED_MODULUS[j]);
        a.limb[j] = ifma_low(a.limb[j], q, modulus);
        if (j < 4) a.limb[j + 1] = ifma_high(a.limb[j + 1], q, modulus);
    }
    return a;
}

/// In: raw. Out: normalised, same value.
IFMA_INLINE ifma_lanes ntt_normalise(ifma_lanes a) {
    a = ifma_carry(a);
    a.limb[4] = _mm512_and_si512(a.limb[4], ifma_limb_mask());
    return a;
}

/// The canonical representative. In: raw. Out: normalised, < p.
IFMA_INLINE ifma_lanes ntt_canonical(ifma_lanes a) {
    return ifma_subtract_modulus_once(NTT_FIELD, ntt_normalise(ntt_reduce(a)));
}

/// Prepares a factor. In: w·2^260 mod p, raw.
IFMA_INLINE ntt_lane_factor ntt_prepare(ifma_lanes w) {
    ntt_lane_factor factor;
    factor.multiple[4] = ntt_normalise(ntt_reduce(w));
    IFMA_UNROLL
    for (int i = 3; i >= 0; i--) {
        const ifma_lanes *t = &factor.multiple[i + 1];
        __m512i columns[6] = {t->limb[0], t->limb[1], t->limb[2], t->limb[3], t->limb[4], _mm512_setzero_si512()};
        factor.multiple[i] = ifma_carry(ntt_montgomery_step(columns));
    }
    return factor;
}

/// (a, b) ← (a + t, a − t + 6p) for t <= 6p. Both grow by at most 6p.
IFMA_INLINE void ntt_add_subtract(ifma_lanes *a, ifma_lanes *b, ifma_lanes t) {
    *b = ifma_raw_subtract(ifma_raw_add_multiple(NTT_FIELD, *a, 6), t);
    *a = ifma_raw_add(*a, t);
}

/// (a, b) ← (a + wb, a − wb).
IFMA_INLINE void ntt_butterfly(ifma_lanes *a, ifma_lanes *b, const zk_ntt_factor *w) {
    ntt_add_subtract(a, b, ntt_multiply(ntt_carry(*b), w));
}

/// (a, b) ← (a + b, a − b).
IFMA_INLINE void ntt_butterfly_one(ifma_lanes *a, ifma_lanes *b) { ntt_add_subtract(a, b, ntt_reduce(*b)); }

/// (a, b, c) ← (a + b + c, a + ζb + ζ²c, a + ζ²b + ζc) for b, c <= 6p. All grow by at most 12p.
///
/// As ζ² = −1 − ζ, the second is (a − c) + ζ(b − c) and the third (a − b) − ζ(b − c).
IFMA_INLINE void ntt_butterfly3(ifma_lanes *a, ifma_lanes *b, ifma_lanes *c, const zk_ntt_factor *zeta) {
    ifma_lanes minus_b = ifma_raw_subtract(ifma_broadcast(NTT_FIELD->multiple[6]), *b);
    ifma_lanes minus_c = ifma_raw_subtract(ifma_broadcast(NTT_FIELD->multiple[6]), *c);
    ifma_lanes product = ntt_multiply(ntt_carry(ifma_raw_add(*b, minus_c)), zeta);
    ifma_lanes sum = ifma_raw_add(*a, ifma_raw_add(*b, *c));
    *b = ifma_raw_add(*a, ifma_raw_add(minus_c, product));
    *c = ifma_raw_add_multiple(NTT_FIELD, ifma_raw_add(*a, ifma_raw_subtract(minus_b, product)), 6);
    *a = sum;
}

#endif
#endif
