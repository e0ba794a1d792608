#ifndef IFMA_FP12_H
#define IFMA_FP12_H

// Fp12 = Fp2[w]/(w^6 − ξ), ξ = 9 + i, of BN254: eight elements at once, one in each lane. Products are summed in
// double width and reduced once for each coefficient.

#include "ifma_settle.h"

#if defined(__x86_64__)

/// a·ξ = (9a0 − a1) + (9a1 + a0)·i. In: normalised, < 4p. Out: tight.
IFMA_INLINE fp2_lanes fp2_times_xi(fp2_lanes a) {
    fp2_lanes r;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        __m512i nine0 = _mm512_add_epi64(_mm512_slli_epi64(a.c0.limb[i], 3), a.c0.limb[i]);
        __m512i nine1 = _mm512_add_epi64(_mm512_slli_epi64(a.c1.limb[i], 3), a.c1.limb[i]);
        nine0 = _mm512_add_epi64(nine0, ifma_word(FP_FIELD->multiple[4][i]));
        r.c0.limb[i] = _mm512_sub_epi64(nine0, a.c1.limb[i]);
        r.c1.limb[i] = _mm512_add_epi64(nine1, a.c0.limb[i]);
    }
    return fp2_settle(r);
}

// MARK: - Double width

typedef struct {
    ifma_wide part[2];
} fp2_columns;

/// One column of both parts.
typedef struct {
    __m512i real, imaginary;
} fp2_column;

IFMA_INLINE fp2_column column_of(const fp2_columns *a, const int i) {
    return (fp2_column){a->part[0].column[i], a->part[1].column[i]};
}
IFMA_INLINE fp2_column column_add(fp2_column a, fp2_column b) {
    return (fp2_column){_mm512_add_epi64(a.real, b.real), _mm512_add_epi64(a.imaginary, b.imaginary)};
}
IFMA_INLINE fp2_column column_subtract(fp2_column a, fp2_column b) {
    return (fp2_column){_mm512_sub_epi64(a.real, b.real), _mm512_sub_epi64(a.imaginary, b.imaginary)};
}
IFMA_INLINE fp2_column column_times_xi(fp2_column a) {
    __m512i nine0 = _mm512_add_epi64(_mm512_slli_epi64(a.real, 3), a.real);
    __m512i nine1 = _mm512_add_epi64(_mm512_slli_epi64(a.imaginary, 3), a.imaginary);
    return (fp2_column){_mm512_sub_epi64(nine0, a.imaginary), _mm512_add_epi64(nine1, a.real)};
}

/// a·b by Karatsuba. In: normalised, c0 + c1 < 84p. Out: columns in absolute value at most 3·9·2^52, exact.
IFMA_FUNCTION void fp2_columns_product(fp2_columns *r, const fp2_lanes *a, const fp2_lanes *b) {
    ifma_wide v0 = ifma_wide_product(a->c0, b->c0), v1 = ifma_wide_product(a->c1, b->c1);
    ifma_wide cross = ifma_wide_product(ifma_add(a->c0, a->c1), ifma_add(b->c0, b->c1));
    r->part[0] = ifma_wide_subtract(v0, v1);
    r->part[1] = ifma_wide_subtract(ifma_wide_subtract(cross, v0), v1);
}

/// In: columns of less than 2^63 − 2^56, T > −169p². Out: tight if T < 60·84p², say.
IFMA_INLINE ifma_lanes fp_wide_settle(ifma_wide wide) {
    IFMA_UNROLL
    for (int i = 0; i < 5; i++)
        wide.column[5 + i] = _mm512_add_epi64(wide.column[5 + i], ifma_word(FP_FIELD->multiple[2][i]));
    return fp_settle(ifma_wide_fold(FP_FIELD, wide));
}

IFMA_FUNCTION void fp2_columns_settle(fp2_lanes *r, const fp2_columns *a) {
    r->c0 = fp_wide_settle(a->part[0]);
    r->c1 = fp_wide_settle(a->part[1]);
}

/// The products of a multiplication in Fp6 by Karatsuba: like[k] = a_k·b_k, cross[k] = (a_i + a_j)(b_i + b_j) for the
/// two other indices.
typedef struct {
    fp2_columns like[3], cross[3];
} fp6_products;

IFMA_FUNCTION void fp6_multiply(fp6_products *r, const fp2_lanes a[3], const fp2_lanes b[3]) {
    IFMA_ROLLED
    for (int k = 0; k < 3; k++) {
        int i = (k + 1) % 3, j = (k + 2) % 3;
        fp2_lanes left = fp2_add(a[i], a[j]), right = fp2_add(b[i], b[j]);
        fp2_columns_product(&r->like[k], &a[k], &b[k]);
        fp2_columns_product(&r->cross[k], &left, &right);
    }
}

/// Column i of coefficient k of v^k, v³ = ξ, in absolute value at most 49·9·2^52.
IFMA_INLINE fp2_column fp6_column(const fp6_products *p, const int k, const int i) {
    fp2_column v0 = column_of(&p->like[0], i), v1 = column_of(&p->like[1], i), v2 = column_of(&p->like[2], i);
    fp2_column cross = column_of(&p->cross[k == 0 ? 0 : 3 - k], i);
    if (k == 0) return column_add(v0, column_times_xi(column_subtract(column_subtract(cross, v1), v2)));
    if (k == 1) return column_add(column_subtract(column_subtract(cross, v0), v1), column_times_xi(v2));
    return column_add(column_subtract(column_subtract(cross, v0), v2), v1);
}

// MARK: - Fp12

/// Eight elements; c[k] is the coefficient of w^k.
typedef struct {
    fp2_lanes c[6];
} fp12_lanes;

/// Eight lines l0 + l1·w + l3·w³, tight.
typedef struct {
    fp2_lanes l0, l1, l3;
} line_lanes;

/// f ← f². In and out: tight. With f = g + h·w and v = w²: g² + v·h² = (g + h)(g + v·h) − gh − v·gh, and 2gh.
IFMA_FUNCTION void fp12_square(fp12_lanes *f) {
    fp2_lanes g[3], h[3], sum[3], shifted[3];
    for (int k = 0; k < 3; k++) {
        g[k] = f->c[2 * k];
        h[k] = f->c[2 * k + 1];
        sum[k] = fp2_add(g[k], h[k]);
    }
    shifted[0] = fp2_add(g[0], fp2_times_xi(h[2]));
    shifted[1] = fp2_add(g[1], h[0]);
    shifted[2] = fp2_add(g[2], h[1]);
    fp6_products mixed, whole;
    fp6_multiply(&mixed, g, h);
    fp6_multiply(&whole, sum, shifted);
    fp2_columns even[3], odd[3];
    IFMA_UNROLL
    for (int k = 0; k < 3; k++) {
        IFMA_UNROLL
        for (int i = 0; i < 10; i++) {
            fp2_column m = fp6_column(&mixed, k, i);
            fp2_column before = fp6_column(&mixed, (k + 2) % 3, i);
            if (k == 0) before = column_times_xi(before);
            // At most (49 + 49 + 60)·9·2^52 in absolute value.
            fp2_column e = column_subtract(column_subtract(fp6_column(&whole, k, i), m), before);
            fp2_column o = column_add(m, m);
            even[k].part[0].column[i] = e.real;
            even[k].part[1].column[i] = e.imaginary;
            odd[k].part[0].column[i] = o.real;
            odd[k].part[1].column[i] = o.imaginary;
        }
    }
    for (int k = 0; k < 3; k++) {
        fp2_columns_settle(&f->c[2 * k], &even[k]);
        fp2_columns_settle(&f->c[2 * k + 1], &odd[k]);
    }
}

/// The five products of a·(b0 + b1·v) in Fp6.
typedef struct {
    fp2_columns low, high, cross, top_low, top_high;
} sparse_products;

IFMA_FUNCTION void sparse_multiply(sparse_products *r, const fp2_lanes a[3], const fp2_lanes *b0, const fp2_lanes *b1) {
    fp2_lanes left = fp2_add(a[0], a[1]), right = fp2_add(*b0, *b1);
    fp2_columns_product(&r->low, &a[0], b0);
    fp2_columns_product(&r->high, &a[1], b1);
    fp2_columns_product(&r->cross, &left, &right);
    fp2_columns_product(&r->top_low, &a[2], b0);
    fp2_columns_product(&r->top_high, &a[2], b1);
}

/// Column i of coefficient k, in absolute value at most 33·9·2^52.
IFMA_INLINE fp2_column sparse_column(const sparse_products *p, const int k, const int i) {
    fp2_column low = column_of(&p->low, i), high = column_of(&p->high, i);
    if (k == 0) return column_add(low, column_times_xi(column_of(&p->top_high, i)));
    if (k == 1) return column_subtract(column_subtract(column_of(&p->cross, i), low), high);
    return column_add(column_of(&p->top_low, i), high);
}

/// f ← f·(l0 + l1·w + l3·w³) with 13 multiplications in Fp2. In and out: tight.
IFMA_FUNCTION void fp12_multiply_by_line(fp12_lanes *f, const line_lanes *line) {
    fp2_lanes g[3], h[3], sum[3], first = fp2_add(line->l0, line->l1);
    fp2_columns t0[3];
    sparse_products t1, whole;
    for (int k = 0; k < 3; k++) {
        g[k] = f->c[2 * k];
        h[k] = f->c[2 * k + 1];
        sum[k] = fp2_add(g[k], h[k]);
        fp2_columns_product(&t0[k], &g[k], &line->l0);
    }
    sparse_multiply(&t1, h, &line->l1, &line->l3);
    sparse_multiply(&whole, sum, &first, &line->l3);
    fp2_columns even[3], odd[3];
    IFMA_UNROLL
    for (int k = 0; k < 3; k++) {
        IFMA_UNROLL
        for (int i = 0; i < 10; i++) {
            fp2_column low = column_of(&t0[k], i), high = sparse_column(&t1, k, i);
            fp2_column before = sparse_column(&t1, (k + 2) % 3, i);
            if (k == 0) before = column_times_xi(before);
            fp2_column e = column_add(low, before);
            fp2_column o = column_subtract(column_subtract(sparse_column(&whole, k, i), low), high);
            even[k].part[0].column[i] = e.real;
            even[k].part[1].column[i] = e.imaginary;
            odd[k].part[0].column[i] = o.real;
            odd[k].part[1].column[i] = o.imaginary;
        }
    }
    for (int k = 0; k < 3; k++) {
        fp2_columns_settle(&f->c[2 * k], &even[k]);
        fp2_columns_settle(&f->c[2 * k + 1], &odd[k]);
    }
}

IFMA_INLINE fp12_lanes fp12_lanes_one(void) {
    fp12_lanes f;
    for (int k = 0; k < 6; k++) f.c[k] = k == 0 ? fp2_one() : fp2_zero();
    return f;
}

#endif
#endif
