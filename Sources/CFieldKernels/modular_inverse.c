#include "modular_inverse.h"

#if defined(__SIZEOF_INT128__)

// Division steps of Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019),
// sections 8 and 11, in the variant that skips runs of zero bits. Sixty-two steps on the low words are
// gathered in a 2×2 matrix t, which is then applied to the whole numbers: [f, g] <- t·[f, g] / 2^62 exactly, and
// [d, e] <- t·[d, e] / 2^62 mod p. Invariants: d·x = f and e·x = g mod p; at the end g = 0 and f = ±1.

typedef __int128 int128;

#define LIMB_MASK ((int64_t)((1ull << 62) - 1))

typedef struct {
    int64_t limb[5];
} signed_limbs;

typedef struct {
    int64_t u, v, q, r;
} step_matrix;

/// Sixty-two division steps from the low words; returns the new δ (here η = −δ).
static int64_t division_steps(int64_t eta, uint64_t f, uint64_t g, step_matrix *t) {
    uint64_t u = 1, v = 0, q = 0, r = 1;
    int remaining = 62;
    for (;;) {
        int zeros = __builtin_ctzll(g | (~0ull << remaining));
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= zeros;
        remaining -= zeros;
        if (remaining == 0) break;
        if (eta < 0) {
            uint64_t old_f = f, old_u = u, old_v = v;
            eta = -eta;
            f = g;
            g = -old_f;
            u = q;
            q = -old_u;
            v = r;
            r = -old_v;
        }
        // A multiple w of f clears as many low bits of g as may be cleared before the next exchange.
        int limit = eta + 1 > remaining ? remaining : (int)(eta + 1);
        uint64_t mask = (~0ull >> (64 - limit)) & 63;
        uint64_t w = (f * g * (f * f - 2)) & mask;
        g += f * w;
        q += u * w;
        r += v * w;
    }
    *t = (step_matrix){(int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r};
    return eta;
}

/// (f, g) <- (u·f + v·g, q·f + r·g) / 2^62, exactly.
static void apply_to_pair(signed_limbs *f, signed_limbs *g, const step_matrix *t) {
    int128 cf = (int128)t->u * f->limb[0] + (int128)t->v * g->limb[0];
    int128 cg = (int128)t->q * f->limb[0] + (int128)t->r * g->limb[0];
    cf >>= 62;
    cg >>= 62;
    for (int i = 1; i < 5; i++) {
        cf += (int128)t->u * f->limb[i] + (int128)t->v * g->limb[i];
        cg += (int128)t->q * f->limb[i] + (int128)t->r * g->limb[i];
        f->limb[i - 1] = (int64_t)cf & LIMB_MASK;
        g->limb[i - 1] = (int64_t)cg & LIMB_MASK;
        cf >>= 62;
        cg >>= 62;
    }
    f->limb[4] = (int64_t)cf;
    g->limb[4] = (int64_t)cg;
}

/// (d, e) <- (u·d + v·e, q·d + r·e) / 2^62 mod p. In and out: in (−2p, p).
static void apply_to_cofactors(const inversion_modulus *field, signed_limbs *d, signed_limbs *e, const step_matrix *t) {
    const int64_t *p = field->modulus;
    int64_t d_sign = d->limb[4] >> 63, e_sign = e->limb[4] >> 63;
    int64_t md = (t->u & d_sign) + (t->v & e_sign), me = (t->q & d_sign) + (t->r & e_sign);
    int128 cd = (int128)t->u * d->limb[0] + (int128)t->v * e->limb[0];
    int128 ce = (int128)t->q * d->limb[0] + (int128)t->r * e->limb[0];
    // Multiples of p that make the sums divisible by 2^62.
    md -= (int64_t)((field->inverse * (uint64_t)cd + (uint64_t)md) & (uint64_t)LIMB_MASK);
    me -= (int64_t)((field->inverse * (uint64_t)ce + (uint64_t)me) & (uint64_t)LIMB_MASK);
    cd += (int128)p[0] * md;
    ce += (int128)p[0] * me;
    cd >>= 62;
    ce >>= 62;
    for (int i = 1; i < 5; i++) {
        cd += (int128)t->u * d->limb[i] + (int128)t->v * e->limb[i] + (int128)p[i] * md;
        ce += (int128)t->q * d->limb[i] + (int128)t->r * e->limb[i] + (int128)p[i] * me;
        d->limb[i - 1] = (int64_t)cd & LIMB_MASK;
        e->limb[i - 1] = (int64_t)ce & LIMB_MASK;
        cd >>= 62;
        ce >>= 62;
    }
    d->limb[4] = (int64_t)cd;
    e->limb[4] = (int64_t)ce;
}

static void propagate(signed_limbs *a) {
    for (int i = 0; i < 4; i++) {
        a->limb[i + 1] += a->limb[i] >> 62;
        a->limb[i] &= LIMB_MASK;
    }
}

/// a + p where a < 0, else a; limbs carried.
static void add_modulus_if_negative(const inversion_modulus *field, signed_limbs *a) {
    int64_t mask = a->limb[4] >> 63;
    for (int i = 0; i < 5; i++) a->limb[i] += field->modulus[i] & mask;
    propagate(a);
}

void zk_modular_inverse_vartime(const inversion_modulus *field, uint64_t r[4], const uint64_t x[4]) {
    signed_limbs f, d = {{0}}, e = {{1}}, g;
    for (int i = 0; i < 5; i++) f.limb[i] = field->modulus[i];
    g.limb[0] = (int64_t)(x[0] & (uint64_t)LIMB_MASK);
    g.limb[1] = (int64_t)((x[0] >> 62 | x[1] << 2) & (uint64_t)LIMB_MASK);
    g.limb[2] = (int64_t)((x[1] >> 60 | x[2] << 4) & (uint64_t)LIMB_MASK);
    g.limb[3] = (int64_t)((x[2] >> 58 | x[3] << 6) & (uint64_t)LIMB_MASK);
    g.limb[4] = (int64_t)(x[3] >> 56);
    int64_t eta = -1;
    while ((g.limb[0] | g.limb[1] | g.limb[2] | g.limb[3] | g.limb[4]) != 0) {
        step_matrix t;
        eta = division_steps(eta, (uint64_t)f.limb[0], (uint64_t)g.limb[0], &t);
        apply_to_cofactors(field, &d, &e, &t);
        apply_to_pair(&f, &g, &t);
    }
    // d is in (−2p, p) and f = ±gcd; bring ±d into [0, p).
    add_modulus_if_negative(field, &d);
    if (f.limb[4] < 0) {
        for (int i = 0; i < 5; i++) d.limb[i] = -d.limb[i];
        propagate(&d);
    }
    add_modulus_if_negative(field, &d);
    uint64_t l[5];
    for (int i = 0; i < 5; i++) l[i] = (uint64_t)d.limb[i];
    r[0] = l[0] | l[1] << 62;
    r[1] = l[1] >> 2 | l[2] << 60;
    r[2] = l[2] >> 4 | l[3] << 58;
    r[3] = l[3] >> 6 | l[4] << 56;
}

#endif
