#ifndef FP12_ROW_H
#define FP12_ROW_H

// One element of Fp12 spread over the lanes: lane k holds the coefficient of w^k, lanes 6 and 7 zero. A product takes
// six rounds, in each of which one coefficient of the left operand meets all of the right one.

#include "ifma_fp12.h"

#if defined(__x86_64__)

typedef fp2_lanes fp12_row;

/// Both parts and their sum, for Karatsuba. Normalised.
typedef struct {
    ifma_lanes part[3];
} row_operand;

IFMA_INLINE row_operand row_operand_of(fp2_lanes a) { return (row_operand){{a.c0, a.c1, ifma_add(a.c0, a.c1)}}; }

IFMA_INLINE void wide_accumulate(ifma_wide *sum, ifma_lanes a, ifma_lanes b) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        IFMA_UNROLL
        for (int j = 0; j < 5; j++) {
            sum->column[i + j] = ifma_low(sum->column[i + j], a.limb[i], b.limb[j]);
            sum->column[i + j + 1] = ifma_high(sum->column[i + j + 1], a.limb[i], b.limb[j]);
        }
    }
}

IFMA_INLINE ifma_wide ifma_wide_zero(void) {
    ifma_wide r;
    IFMA_UNROLL
    for (int i = 0; i < 10; i++) r.column[i] = _mm512_setzero_si512();
    return r;
}

/// From the sums of real, imaginary and crossed products: reduced, without the last carries, plus 2p.
IFMA_INLINE fp2_lanes row_fold(const ifma_wide sums[3]) {
    ifma_wide real = ifma_wide_subtract(sums[0], sums[1]);
    ifma_wide imaginary = ifma_wide_subtract(ifma_wide_subtract(sums[2], sums[0]), sums[1]);
    IFMA_UNROLL
    for (int i = 0; i < 5; i++)
        real.column[5 + i] = _mm512_add_epi64(real.column[5 + i], ifma_word(FP_FIELD->multiple[2][i]));
    return (fp2_lanes){ifma_wide_fold(FP_FIELD, real), ifma_wide_fold(FP_FIELD, imaginary)};
}

/// The lanes of `a` permuted by an index vector.
IFMA_INLINE ifma_lanes ifma_permute(ifma_lanes a, __m512i index) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_permutexvar_epi64(index, a.limb[i]);
    return a;
}

/// Lanes of `a` (index 0...7) and `b` (8...15).
IFMA_INLINE ifma_lanes ifma_permute_two(ifma_lanes a, __m512i index, ifma_lanes b) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) a.limb[i] = _mm512_permutex2var_epi64(a.limb[i], index, b.limb[i]);
    return a;
}

IFMA_INLINE fp2_lanes fp2_permute(fp2_lanes a, __m512i index) {
    return (fp2_lanes){ifma_permute(a.c0, index), ifma_permute(a.c1, index)};
}

/// The lanes of w^j·a from a and ξ·a.
IFMA_INLINE ifma_lanes row_shifted(ifma_lanes a, ifma_lanes times_xi, const int j) {
#define PLACE(k) ((k) < j ? 8 + (k) - j + 6 : (k) - j)
    const __m512i index = _mm512_setr_epi64(PLACE(0), PLACE(1), PLACE(2), PLACE(3), PLACE(4), PLACE(5), 6, 7);
#undef PLACE
    return ifma_permute_two(a, index, times_xi);
}

/// a·b. In: normalised, < 2.5p. Out: tight.
IFMA_FUNCTION fp12_row row_multiply(fp12_row a, fp12_row b) {
    row_operand left = row_operand_of(a), right = row_operand_of(b), right_xi = row_operand_of(fp2_times_xi(b));
    ifma_wide sums[3];
    IFMA_ROLLED
    for (int part = 0; part < 3; part++) {
        ifma_wide sum = ifma_wide_zero();
        IFMA_UNROLL
        for (int j = 0; j < 6; j++)
            wide_accumulate(&sum, ifma_spread(left.part[part], j),
                            row_shifted(right.part[part], right_xi.part[part], j));
        sums[part] = sum;
    }
    return fp2_settle(row_fold(sums));
}

/// f·(l0 + l1·w + l3·w³), the line being that of one lane. In: normalised, < 2.5p. Out: tight.
IFMA_FUNCTION fp12_row row_multiply_by_line(fp12_row f, const line_lanes *line, int lane) {
    row_operand right = row_operand_of(f), right_xi = row_operand_of(fp2_times_xi(f));
    row_operand left[3] = {
        row_operand_of(line->l0), row_operand_of(line->l1), row_operand_of(line->l3)};
    ifma_wide sums[3];
    IFMA_ROLLED
    for (int part = 0; part < 3; part++) {
        ifma_wide sum = ifma_wide_zero();
        wide_accumulate(&sum, ifma_spread(left[0].part[part], lane), right.part[part]);
        wide_accumulate(&sum, ifma_spread(left[1].part[part], lane),
                        row_shifted(right.part[part], right_xi.part[part], 1));
        wide_accumulate(&sum, ifma_spread(left[2].part[part], lane),
                        row_shifted(right.part[part], right_xi.part[part], 3));
        sums[part] = sum;
    }
    return fp2_settle(row_fold(sums));
}

/// The products of equal lanes. In: normalised, < 2.5p. Out: tight.
IFMA_FUNCTION fp12_row row_multiply_lanes(fp12_row a, fp2_lanes factors) {
    row_operand left = row_operand_of(a), right = row_operand_of(factors);
    ifma_wide sums[3];
    IFMA_ROLLED
    for (int part = 0; part < 3; part++) sums[part] = ifma_wide_product(left.part[part], right.part[part]);
    return fp2_settle(row_fold(sums));
}

/// The square of an element of the cyclotomic subgroup; in and out: tight.
///
/// Granger and Scott (eprint 2009/565, section 3.2) with s = w³: for the pairs (x, y) of coefficients k and k + 3,
/// x² + ξy² and 2xy are tripled and twice the old coefficients are taken away (even k) or added (odd k).
IFMA_FUNCTION fp12_row row_cyclotomic_square(fp12_row f) {
    fp12_row times_xi = fp2_times_xi(f);
    const __mmask8 odd = 0x2a;
    // x, and in odd lanes x of the product that belongs there.
    const __m512i first = _mm512_setr_epi64(0, 2, 1, 0, 2, 1, 6, 6);
    // x in even lanes; ξy, y, y in lanes 1, 3, 5, to be doubled.
    const __m512i second = _mm512_setr_epi64(0, 13, 1, 3, 2, 4, 6, 6);
    // y in even lanes, nothing elsewhere.
    const __m512i third = _mm512_setr_epi64(3, 6, 4, 6, 5, 6, 6, 6);
    fp2_lanes x = fp2_permute(f, first), y = fp2_permute(f, third), y_xi = fp2_permute(times_xi, third);
    fp2_lanes other = {ifma_permute_two(f.c0, second, times_xi.c0), ifma_permute_two(f.c1, second, times_xi.c1)};
    other.c0 = ifma_select(odd, other.c0, ifma_add(other.c0, other.c0));
    other.c1 = ifma_select(odd, other.c1, ifma_add(other.c1, other.c1));
    row_operand a = row_operand_of(x), b = row_operand_of(other);
    row_operand c = row_operand_of(y), d = row_operand_of(y_xi);
    ifma_wide sums[3];
    IFMA_ROLLED
    for (int part = 0; part < 3; part++) {
        ifma_wide sum = ifma_wide_zero();
        wide_accumulate(&sum, a.part[part], b.part[part]);
        wide_accumulate(&sum, c.part[part], d.part[part]);
        sums[part] = sum;
    }
    fp2_lanes t = row_fold(sums);
    IFMA_UNROLL
    for (int part = 0; part < 2; part++) {
        ifma_lanes *target = part == 0 ? &t.c0 : &t.c1;
        ifma_lanes old = part == 0 ? f.c0 : f.c1;
        IFMA_UNROLL
        for (int i = 0; i < 5; i++) {
            __m512i twice = _mm512_add_epi64(old.limb[i], old.limb[i]);
            __m512i negative = _mm512_sub_epi64(ifma_word(FP_FIELD->multiple[3][i]), twice);
            __m512i thrice = _mm512_add_epi64(_mm512_add_epi64(target->limb[i], target->limb[i]), target->limb[i]);
            target->limb[i] = _mm512_add_epi64(thrice, _mm512_mask_mov_epi64(negative, odd, twice));
        }
    }
    return fp2_settle(t);
}

/// c₀ − c₁·w: the p⁶-th power. In: tight. Out: normalised, <= 2p.
IFMA_INLINE fp12_row row_conjugate(fp12_row a) {
    const __mmask8 odd = 0x2a;
    return fp2_negate_where(odd, a, 2);
}

/// The pⁿ-th power, n = 1, 2, 3. In: tight. Out: tight.
IFMA_INLINE fp12_row row_frobenius(fp12_row a, const int n) {
    fp2_lanes gamma;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        gamma.c0.limb[i] = _mm512_loadu_si512(FROBENIUS[n - 1][0][i]);
        gamma.c1.limb[i] = _mm512_loadu_si512(FROBENIUS[n - 1][1][i]);
    }
    if (n & 1) a.c1 = ifma_negate(FP_FIELD, a.c1, 2);
    return row_multiply_lanes(a, gamma);
}

/// 1/a, and 0 for 0. In: tight. Out: tight.
///
/// n = a·ā is in Fp6, and n·n^(p²)·n^(p⁴) in Fp2, where the one inversion is made.
IFMA_FUNCTION fp12_row row_invert(fp12_row a) {
    fp12_row conjugate = row_conjugate(a);
    fp12_row n = row_multiply(a, conjugate);
    fp12_row second = row_frobenius(n, 2);
    fp12_row others = row_multiply(second, row_frobenius(second, 2));
    fp2_lanes norm = fp2_spread(row_multiply(n, others), 0);
    return row_multiply_lanes(row_multiply(conjugate, others), fp2_invert_uniform(norm));
}

// MARK: - Memory

/// Where the coefficient of w^k lies among six: c0.c0, c0.c1, c0.c2, c1.c0, c1.c1, c1.c2.
static inline size_t row_slot(size_t k) { return (k & 1) * 3 + k / 2; }

/// An element in memory, 12 coordinates with radix 2^256. Out: tight.
IFMA_TARGET static fp12_row row_load(const uint64_t words[48]) {
    const uint64_t zero[8] = {0};
    const uint64_t *source[8];
    for (size_t k = 0; k < 8; k++) source[k] = k < 6 ? words + 8 * row_slot(k) : zero;
    return fp2_scale(fp2_load_gathered(source, 0), ifma_broadcast(FP_ENTER));
}

/// In: tight. Out: canonical words.
IFMA_TARGET static void row_store(uint64_t words[48], fp12_row a) {
    uint64_t *target[8];
    for (size_t k = 0; k < 8; k++) target[k] = words + 8 * (k < 6 ? row_slot(k) : 0);
    a = fp2_scale(a, ifma_broadcast(FP_FIELD->radix256));
    fp2_store_scattered(target, 0x3f, fp2_canonical(a));
}

/// The element in one lane of eight.
IFMA_TARGET static fp12_row row_of_lane(const fp12_lanes *f, int lane) {
    const long long step = sizeof(fp2_lanes) / sizeof(uint64_t);
    const __m512i index = _mm512_setr_epi64(0, step, 2 * step, 3 * step, 4 * step, 5 * step, 0, 0);
    fp12_row r;
    for (int i = 0; i < 5; i++) {
        const long long *real = (const long long *)&f->c[0].c0.limb[i] + lane;
        const long long *imaginary = (const long long *)&f->c[0].c1.limb[i] + lane;
        r.c0.limb[i] = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), 0x3f, index, real, 8);
        r.c1.limb[i] = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), 0x3f, index, imaginary, 8);
    }
    return r;
}

IFMA_INLINE fp12_row row_one(void) {
    fp12_row r = fp2_zero();
    for (int i = 0; i < 5; i++) r.c0.limb[i] = _mm512_maskz_set1_epi64(1, (long long)FP_FIELD->one[i]);
    return r;
}

#endif
#endif
