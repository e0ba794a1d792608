#ifndef LINE_WALK_H
#define LINE_WALK_H

// Eight points of the twist in the optimal ate loop: running multiples of Q in homogeneous coordinates, which emit the
// lines of their steps at eight points P. Costello, Lange, Naehrig (eprint 2009/615), section 5; Aranha et al.
// (eprint 2010/526), section 4. Factors from Fp2 on a line or a point do not survive the final exponentiation.

#include "ifma_fp12.h"

#if defined(__x86_64__)

/// Eight pairs on their way. Coordinates of the running point < 2.7p, all else tight.
typedef struct {
    fp2_lanes x, y, z;           ///< the running multiple of Q
    fp2_lanes base_x, base_y;    ///< Q
    ifma_lanes p_y, minus_p_x;   ///< P = (x, y)
    __mmask8 active;             ///< pairs without a point at infinity
} line_walk;

/// In: normalised, < 2.6p each. Out: tight a − b.
IFMA_INLINE fp2_lanes fp2_difference(fp2_lanes a, fp2_lanes b) {
    fp2_lanes r;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        __m512i slack = ifma_word(FP_FIELD->multiple[3][i]);
        r.c0.limb[i] = _mm512_add_epi64(_mm512_sub_epi64(a.c0.limb[i], b.c0.limb[i]), slack);
        r.c1.limb[i] = _mm512_add_epi64(_mm512_sub_epi64(a.c1.limb[i], b.c1.limb[i]), slack);
    }
    return fp2_settle(r);
}

IFMA_INLINE ifma_lanes ifma_scaled_raw(ifma_lanes a, const int factor) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        __m512i four = _mm512_slli_epi64(a.limb[i], 2);
        a.limb[i] = factor == 12 ? _mm512_add_epi64(_mm512_slli_epi64(four, 1), four)
                    : factor == 4 ? four
                    : factor == 3 ? _mm512_sub_epi64(four, a.limb[i])
                                  : _mm512_add_epi64(a.limb[i], a.limb[i]);
    }
    return a;
}

/// Limb-wise multiple by 2, 3, 4 or 12, without carries.
IFMA_INLINE fp2_lanes fp2_scaled_raw(fp2_lanes a, const int factor) {
    return (fp2_lanes){ifma_scaled_raw(a.c0, factor), ifma_scaled_raw(a.c1, factor)};
}

IFMA_INLINE fp2_lanes fp2_scaled(fp2_lanes a, const int factor) {
    a = fp2_scaled_raw(a, factor);
    return (fp2_lanes){ifma_carry(a.c0), ifma_carry(a.c1)};
}

IFMA_INLINE fp2_lanes fp2_raw_subtract(fp2_lanes a, fp2_lanes b, const int k) {
    return (fp2_lanes){ifma_raw_add_multiple(FP_FIELD, ifma_raw_subtract(a.c0, b.c0), k),
                       ifma_raw_add_multiple(FP_FIELD, ifma_raw_subtract(a.c1, b.c1), k)};
}

IFMA_FUNCTION void fp2_multiply_into(fp2_lanes *r, const fp2_lanes *a, const fp2_lanes *b) { *r = fp2_multiply(*a, *b); }
IFMA_FUNCTION void fp2_square_into(fp2_lanes *r, const fp2_lanes *a) { *r = fp2_square(*a); }

/// Out: < 2.5p while αβ <= 31, c0 < 2.7p while αβ <= 45.
IFMA_INLINE fp2_lanes fp2_times(fp2_lanes a, fp2_lanes b) {
    fp2_lanes r;
    fp2_multiply_into(&r, &a, &b);
    return r;
}

IFMA_INLINE fp2_lanes fp2_squared(fp2_lanes a) {
    fp2_lanes r;
    fp2_square_into(&r, &a);
    return r;
}

/// T ← 2T with the tangent 2YZ·y_P − 3X²·x_P·w + (Y² − 3bZ²)·w³.
///
/// With B = Y², E = 3bZ²: 2T = (2XY(B − 3E) : (B + 3E)² − 12E² : 8BYZ).
IFMA_FUNCTION void walk_double(line_walk *t, line_lanes *line) {
    const fp2_lanes triple_b = {ifma_broadcast(TWIST_TRIPLE_B[0]), ifma_broadcast(TWIST_TRIPLE_B[1])};
    fp2_lanes b = fp2_squared(t->y), c = fp2_squared(t->z), xx = fp2_squared(t->x);
    fp2_lanes xy = fp2_times(t->x, t->y), yz = fp2_times(t->y, t->z);
    fp2_lanes e = fp2_times(c, triple_b);
    fp2_lanes f = fp2_settle(fp2_scaled_raw(e, 3));
    fp2_lanes h = fp2_scaled(yz, 2), sum = fp2_add(b, f);
    line->l0 = fp2_scale(h, t->p_y);
    line->l1 = fp2_scale(fp2_scaled(xx, 3), t->minus_p_x);
    line->l3 = fp2_difference(b, e);
    t->x = fp2_times(fp2_scaled(xy, 2), fp2_difference(b, f));
    fp2_lanes square = fp2_squared(sum), ee = fp2_squared(e);
    t->y = fp2_settle(fp2_raw_subtract(fp2_raw_subtract(square, fp2_scaled_raw(ee, 12), 16), fp2_zero(), 8));
    t->z = fp2_times(fp2_scaled(b, 4), h);
}

/// T ← T + Q with the chord λ·y_P − θ·x_P·w + (θ·x_Q − λ·y_Q)·w³ for θ = Y − y_Q·Z, λ = X − x_Q·Z.
///
/// With d = λ², e = λd, g = Xd, h = e + Zθ² − 2g: T + Q = (λh : θ(g − h) − eY : Ze). Q tight.
IFMA_FUNCTION void walk_add(line_walk *t, const fp2_lanes *q_x, const fp2_lanes *q_y, line_lanes *line) {
    fp2_lanes theta = fp2_difference(t->y, fp2_times(*q_y, t->z));
    fp2_lanes lambda = fp2_difference(t->x, fp2_times(*q_x, t->z));
    line->l0 = fp2_scale(lambda, t->p_y);
    line->l1 = fp2_scale(theta, t->minus_p_x);
    line->l3 = fp2_difference(fp2_times(theta, *q_x), fp2_times(lambda, *q_y));
    fp2_lanes d = fp2_squared(lambda), e = fp2_times(lambda, d), g = fp2_times(t->x, d);
    fp2_lanes square = fp2_times(t->z, fp2_squared(theta));
    fp2_lanes h = fp2_raw_subtract(e, fp2_scaled_raw(g, 2), 6);
    h = fp2_settle((fp2_lanes){ifma_raw_add(h.c0, square.c0), ifma_raw_add(h.c1, square.c1)});
    fp2_lanes product = fp2_times(theta, fp2_difference(g, h));
    t->x = fp2_times(lambda, h);
    t->y = fp2_difference(product, fp2_times(e, t->y));
    t->z = fp2_times(t->z, e);
}

/// The pairs of up to eight points each, 8 and 16 words with radix 2^256. Missing ones count as infinite.
IFMA_TARGET static void walk_start(line_walk *t, const uint64_t *p, const uint64_t *q, size_t count) {
    const uint64_t zero[16] = {0};
    const uint64_t *p_x[8], *p_y[8], *q_x[8], *q_y[8];
    t->active = 0;
    for (size_t i = 0; i < 8; i++) {
        p_x[i] = i < count ? p + 8 * i : zero;
        q_x[i] = i < count ? q + 16 * i : zero;
        p_y[i] = p_x[i] + 4;
        q_y[i] = q_x[i] + 8;
        uint64_t p_any = 0, q_any = 0;
        for (size_t j = 0; j < 8; j++) p_any |= p_x[i][j];
        for (size_t j = 0; j < 16; j++) q_any |= q_x[i][j];
        if (p_any != 0 && q_any != 0) t->active |= (__mmask8)(1 << i);
    }
    const ifma_lanes enter = ifma_broadcast(FP_ENTER);
    t->p_y = fp_scale(fp_load_gathered(p_y, 0), enter);
    t->minus_p_x = fp_settle(ifma_negate(FP_FIELD, fp_scale(fp_load_gathered(p_x, 0), enter), 2));
    t->x = t->base_x = fp2_scale(fp2_load_gathered(q_x, 0), enter);
    t->y = t->base_y = fp2_scale(fp2_load_gathered(q_y, 0), enter);
    t->z = fp2_one();
}

/// T ← T + Q (digit 1) or T − Q (digit −1).
IFMA_TARGET static void walk_add_base(line_walk *t, int digit, line_lanes *line) {
    fp2_lanes y = digit > 0 ? t->base_y : fp2_difference(fp2_zero(), t->base_y);
    walk_add(t, &t->base_x, &y, line);
}

/// Q ← ψ(Q) = (x̄·γ₁₂, ȳ·γ₁₃), the p-power Frobenius carried over to the twist.
IFMA_TARGET static void walk_apply_endomorphism(line_walk *t) {
    fp2_lanes gamma;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        gamma.c0.limb[i] = _mm512_loadu_si512(FROBENIUS[0][0][i]);
        gamma.c1.limb[i] = _mm512_loadu_si512(FROBENIUS[0][1][i]);
    }
    t->base_x.c1 = ifma_negate(FP_FIELD, t->base_x.c1, 2);
    t->base_y.c1 = ifma_negate(FP_FIELD, t->base_y.c1, 2);
    t->base_x = fp2_settle(fp2_times(t->base_x, fp2_spread(gamma, 2)));
    t->base_y = fp2_settle(fp2_times(t->base_y, fp2_spread(gamma, 3)));
}

#endif
#endif
