#include "zk_pairing.h"
#include "ifma_settle.h"

#if defined(__x86_64__)

// Points of G1 of BN254 times 128-bit integers, eight at a time, in Jacobian coordinates with signed windows of four
// bits. The order of the group is prime and far above 2^129, so that a multiple met on the way equals plus or minus
// an entry of the table only where one of them is zero, which masks take care of.

enum { window = 4, table_size = 1 << (window - 1), windows = 128 / window + 1 };

/// Eight points (x/z², y/z³), tight.
typedef struct {
    fp_lanes x, y, z;
} jacobian;

/// The result of one set until its inverse is known.
typedef struct {
    jacobian point;
    fp_lanes product;  ///< of z over the sets before this one
    __mmask8 infinite;
} short_product;

size_t zk_g1_short_scratch_bytes(size_t count) { return (count + 7) / 8 * sizeof(short_product); }

/// a·factor + k·p − b without carries.
IFMA_INLINE fp_lanes scaled_difference(fp_lanes a, const int a_shift, fp_lanes b, const int b_shift, const int k) {
    fp_lanes r;
    IFMA_UNROLL
    for (int i = 0; i < 5; i++) {
        __m512i first = _mm512_slli_epi64(a.limb[i], a_shift), second = _mm512_slli_epi64(b.limb[i], b_shift);
        r.limb[i] = _mm512_add_epi64(_mm512_sub_epi64(first, second), ifma_word(FP_FIELD->multiple[k][i]));
    }
    return r;
}

/// 2P: with B = Y², S = X·B, E = 3X²: X' = E² − 8S, Y' = E(4S − X') − 8B², Z' = 2YZ.
IFMA_FUNCTION void jacobian_double(jacobian *p) {
    fp_lanes a = fp_square(p->x), b = fp_square(p->y), c = fp_square(b);
    fp_lanes s = fp_multiply(p->x, b), e = ifma_add(ifma_raw_add(a, a), a);
    p->z = fp_multiply(ifma_add(p->y, p->y), p->z);
    p->x = fp_settle(scaled_difference(fp_square(e), 0, s, 3, 10));
    fp_lanes rise = ifma_carry(scaled_difference(s, 2, p->x, 0, 2));
    p->y = fp_settle(scaled_difference(fp_multiply(e, rise), 0, c, 3, 10));
}

/// P + Q for points that are neither equal, opposite nor infinite.
IFMA_FUNCTION void jacobian_add(jacobian *p, const jacobian *q) {
    fp_lanes zz1 = fp_square(p->z), zz2 = fp_square(q->z);
    fp_lanes u1 = fp_multiply(p->x, zz2), u2 = fp_multiply(q->x, zz1);
    fp_lanes s1 = fp_multiply(p->y, fp_multiply(q->z, zz2)), s2 = fp_multiply(q->y, fp_multiply(p->z, zz1));
    fp_lanes h = fp_subtract(u2, u1, 2), r = fp_subtract(s2, s1, 2);
    fp_lanes hh = fp_square(h), hhh = fp_multiply(h, hh), v = fp_multiply(u1, hh);
    p->z = fp_multiply(fp_multiply(p->z, q->z), h);
    fp_lanes sum = ifma_raw_add(hhh, ifma_raw_add(v, v));
    p->x = fp_settle(scaled_difference(fp_square(r), 0, sum, 0, 5));
    fp_lanes product = fp_multiply(r, fp_subtract(v, p->x, 2));
    p->y = fp_settle(scaled_difference(product, 0, fp_multiply(s1, hhh), 0, 2));
}

IFMA_INLINE jacobian jacobian_select(__mmask8 mask, jacobian a, jacobian b) {
    return (jacobian){fp_select(mask, a.x, b.x), fp_select(mask, a.y, b.y), fp_select(mask, a.z, b.z)};
}

/// table[d − 1] = d·P.
IFMA_TARGET static void fill_table(jacobian table[table_size]) {
    for (int d = 2; d <= table_size; d++) {
        table[d - 1] = table[(d & 1) ? d - 2 : d / 2 - 1];
        if (d & 1) jacobian_add(&table[d - 1], &table[0]);
        else jacobian_double(&table[d - 1]);
    }
}

/// Digits of s in [−8, 8): those of s + Σ 8·16^i, less 8, and the carry at the top.
typedef struct {
    __m512i word[3];
} short_digits;

IFMA_INLINE __m512i digit_of(const short_digits *digits, int w) {
    if (w == windows - 1) return digits->word[2];
    __m512i bits = _mm512_srl_epi64(digits->word[w / 16], _mm_cvtsi32_si128(window * (w % 16)));
    return _mm512_sub_epi64(_mm512_and_si512(bits, ifma_word(2 * table_size - 1)), ifma_word(table_size));
}

IFMA_TARGET static void multiply_set(short_product *r, const uint64_t *points, const uint64_t *scalars, size_t count) {
    const uint64_t zero[8] = {0};
    const uint64_t *x[8], *y[8];
    uint64_t low[8] = {0}, high[8] = {0};
    for (size_t i = 0; i < 8; i++) {
        x[i] = i < count ? points + 8 * i : zero;
        y[i] = x[i] + 4;
        if (i < count) low[i] = scalars[2 * i], high[i] = scalars[2 * i + 1];
    }
    const __m512i offset = ifma_word(0x8888888888888888);
    short_digits digits;
    __m512i low_words = _mm512_loadu_si512(low), high_words = _mm512_loadu_si512(high);
    digits.word[0] = _mm512_add_epi64(low_words, offset);
    __mmask8 carry = _mm512_cmplt_epu64_mask(digits.word[0], low_words);
    digits.word[1] = _mm512_add_epi64(high_words, offset);
    digits.word[1] = _mm512_mask_add_epi64(digits.word[1], carry, digits.word[1], ifma_word(1));
    carry = _mm512_cmplt_epu64_mask(digits.word[1], high_words);
    digits.word[2] = _mm512_maskz_mov_epi64(carry, ifma_word(1));

    jacobian table[table_size];
    table[0] = (jacobian){fp_load_gathered(x, 0), fp_load_gathered(y, 0), fp_one()};
    __mmask8 at_infinity = fp_is_literal_zero(table[0].x) & fp_is_literal_zero(table[0].y);
    table[0].x = fp_scale(table[0].x, ifma_broadcast(FP_ENTER));
    table[0].y = fp_scale(table[0].y, ifma_broadcast(FP_ENTER));
    fill_table(table);

    jacobian sum = table[0];
    __mmask8 empty = 0xff;
    for (int w = windows - 1; w >= 0; w--) {
        if (w < windows - 1)
            for (int i = 0; i < window; i++) jacobian_double(&sum);
        __m512i digit = digit_of(&digits, w), size = _mm512_abs_epi64(digit);
        __mmask8 used = _mm512_test_epi64_mask(size, size);
        if (used == 0) continue;
        jacobian entry = table[0];
        IFMA_ROLLED
        for (int d = 2; d <= table_size; d++)
            entry = jacobian_select(_mm512_cmpeq_epi64_mask(size, ifma_word((uint64_t)d)), entry, table[d - 1]);
        entry.y = fp_select(_mm512_movepi64_mask(digit), entry.y, fp_settle(ifma_negate(FP_FIELD, entry.y, 2)));
        jacobian next = sum;
        jacobian_add(&next, &entry);
        sum = jacobian_select(used, sum, jacobian_select(empty, next, entry));
        empty &= (__mmask8)~used;
    }
    r->infinite = empty | at_infinity;
    r->point = sum;
    r->point.z = fp_select(r->infinite, sum.z, fp_one());
}

/// The inverses of eight values, none of them zero.
IFMA_TARGET static fp_lanes invert_lanes(fp_lanes a) {
    fp_lanes two = fp_multiply(a, fp_exchange(a, 1)), four = fp_multiply(two, fp_exchange(two, 2));
    fp_lanes inverse = fp_invert_uniform(fp_multiply(four, fp_exchange(four, 4)));
    inverse = fp_multiply(inverse, fp_exchange(four, 4));
    inverse = fp_multiply(inverse, fp_exchange(two, 2));
    return fp_multiply(inverse, fp_exchange(a, 1));
}

IFMA_TARGET void zk_g1_short_multiply(const uint64_t *points, const uint64_t *scalars, size_t count,
                                      uint64_t *products, void *scratch) {
    short_product *sets = scratch;
    size_t set_count = (count + 7) / 8;
    fp_lanes chain = fp_one();
    for (size_t i = 0; i < set_count; i++) {
        multiply_set(&sets[i], points + 64 * i, scalars + 16 * i, count - 8 * i < 8 ? count - 8 * i : 8);
        sets[i].product = chain;
        chain = fp_multiply(chain, sets[i].point.z);
    }
    if (set_count > 0) chain = invert_lanes(chain);
    const fp_lanes leave = ifma_broadcast(FP_FIELD->radix256);
    for (size_t i = set_count; i-- > 0;) {
        fp_lanes inverse = fp_multiply(chain, sets[i].product);
        chain = fp_multiply(chain, sets[i].point.z);
        fp_lanes square = fp_square(inverse), cube = fp_multiply(square, inverse);
        fp_lanes x = fp_canonical(fp_multiply(fp_multiply(sets[i].point.x, square), leave));
        fp_lanes y = fp_canonical(fp_multiply(fp_multiply(sets[i].point.y, cube), leave));
        uint64_t *target[8], *target_y[8];
        size_t lanes = count - 8 * i < 8 ? count - 8 * i : 8;
        for (size_t j = 0; j < 8; j++) {
            target[j] = products + 64 * i + (j < lanes ? 8 * j : 0);
            target_y[j] = target[j] + 4;
        }
        __mmask8 stored = (__mmask8)((1u << lanes) - 1);
        fp_store_scattered(target, stored, fp_select(sets[i].infinite, x, fp_zero()));
        fp_store_scattered(target_y, stored, fp_select(sets[i].infinite, y, fp_zero()));
    }
}

#endif
