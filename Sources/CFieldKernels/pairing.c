#include "zk_pairing.h"
#include "fp12_row.h"
#include "line_walk.h"

#if defined(__x86_64__)

// Up to `row_pairs` pairs share one Miller value, spread over the lanes, whose product with a line is cheap. More
// pairs go eight at a time, each lane with a Miller value of its own that all pairs of the lane share.

enum { row_pairs = 6 };

size_t zk_miller_scratch_bytes(size_t count) { return (count + 7) / 8 * sizeof(line_walk); }

/// f ← f·line in the lanes of active pairs.
IFMA_INLINE void absorb(fp12_lanes *f, line_lanes *line, __mmask8 active) {
    if (active != 0xff) {
        line->l0 = fp2_select(active, fp2_one(), line->l0);
        line->l1 = fp2_select(active, fp2_zero(), line->l1);
        line->l3 = fp2_select(active, fp2_zero(), line->l3);
    }
    fp12_multiply_by_line(f, line);
}

/// The last two lines: through ψ(Q), and through −ψ²(Q).
IFMA_TARGET static void walk_last(line_walk *t, int step, line_lanes *line) {
    walk_apply_endomorphism(t);
    walk_add_base(t, step == 0 ? 1 : -1, line);
}

/// Lane values for any number of pairs.
IFMA_TARGET static fp12_row miller_lanes(line_walk *walks, size_t sets) {
    fp12_lanes f = fp12_lanes_one();
    line_lanes line;
    for (size_t step = 0; step < sizeof(LOOP_DIGITS); step++) {
        if (step > 0) fp12_square(&f);
        for (size_t set = 0; set < sets; set++) {
            walk_double(&walks[set], &line);
            absorb(&f, &line, walks[set].active);
            if (LOOP_DIGITS[step] != 0) {
                walk_add_base(&walks[set], LOOP_DIGITS[step], &line);
                absorb(&f, &line, walks[set].active);
            }
        }
    }
    for (size_t set = 0; set < sets; set++) {
        for (int step = 0; step < 2; step++) {
            walk_last(&walks[set], step, &line);
            absorb(&f, &line, walks[set].active);
        }
    }
    fp12_row product = row_of_lane(&f, 0);
    for (int lane = 1; lane < 8; lane++) product = row_multiply(product, row_of_lane(&f, lane));
    return product;
}

IFMA_INLINE fp12_row absorb_row(fp12_row f, const line_lanes *line, __mmask8 active) {
    for (int lane = 0; lane < row_pairs; lane++)
        if (active >> lane & 1) f = row_multiply_by_line(f, line, lane);
    return f;
}

/// One value for few pairs.
IFMA_TARGET static fp12_row miller_row(line_walk *walk) {
    fp12_row f = row_one();
    line_lanes line;
    for (size_t step = 0; step < sizeof(LOOP_DIGITS); step++) {
        if (step > 0) f = row_multiply(f, f);
        walk_double(walk, &line);
        f = absorb_row(f, &line, walk->active);
        if (LOOP_DIGITS[step] != 0) {
            walk_add_base(walk, LOOP_DIGITS[step], &line);
            f = absorb_row(f, &line, walk->active);
        }
    }
    for (int step = 0; step < 2; step++) {
        walk_last(walk, step, &line);
        f = absorb_row(f, &line, walk->active);
    }
    return f;
}

IFMA_TARGET void zk_miller_loop(const uint64_t *g1, const uint64_t *g2, size_t count, uint64_t result[48],
                                void *scratch) {
    line_walk *walks = scratch;
    size_t sets = (count + 7) / 8;
    for (size_t set = 0; set < sets; set++)
        walk_start(&walks[set], g1 + 64 * set, g2 + 128 * set, count - 8 * set < 8 ? count - 8 * set : 8);
    fp12_row f = count == 0 ? row_one() : count <= row_pairs ? miller_row(walks) : miller_lanes(walks, sets);
    row_store(result, f);
}

/// f^u in the cyclotomic subgroup. In and out: tight.
IFMA_TARGET static fp12_row power_of_u(fp12_row f) {
    fp12_row inverse = row_conjugate(f), result = f;
    for (size_t i = 0; i < sizeof(U_DIGITS); i++) {
        result = row_cyclotomic_square(result);
        if (U_DIGITS[i] == 1) result = row_multiply(result, f);
        if (U_DIGITS[i] == -1) result = row_multiply(result, inverse);
    }
    return result;
}

// The easy part (p⁶ − 1)(p² + 1), then the hard part by three powers of u: Fuentes-Castañeda, Knapp,
// Rodríguez-Henríquez, "Faster hashing to G2" (SAC 2011), section 5.
IFMA_TARGET void zk_final_exponentiation(const uint64_t words[48], uint64_t result[48]) {
    fp12_row f = row_load(words);
    fp12_row first = row_multiply(row_conjugate(f), row_invert(f));
    fp12_row m = row_multiply(row_frobenius(first, 2), first);
    fp12_row m2u = row_cyclotomic_square(power_of_u(m));
    fp12_row m4u = row_cyclotomic_square(m2u);
    fp12_row m6u = row_multiply(m4u, m2u);
    fp12_row m6uu = power_of_u(m6u);
    fp12_row m12uuu = power_of_u(row_cyclotomic_square(m6uu));
    // λ₂ = 6u + 6u² + 12u³, λ₁ = λ₂ − 2u, λ₀ = 1 + λ₂ + 6u², λ₃ = λ₁ − 1.
    fp12_row common = row_multiply(m12uuu, m6uu);
    fp12_row lambda2 = row_multiply(common, m6u);
    fp12_row lambda1 = row_multiply(common, m4u);
    fp12_row lambda0 = row_multiply(row_multiply(lambda2, m6uu), m);
    fp12_row lambda3 = row_multiply(lambda1, row_conjugate(m));
    fp12_row low = row_multiply(lambda0, row_frobenius(lambda1, 1));
    fp12_row high = row_multiply(row_frobenius(lambda2, 2), row_frobenius(lambda3, 3));
    row_store(result, row_multiply(low, high));
}

#endif
