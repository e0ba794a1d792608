// Eight points in homogeneous coordinates, with addition formulas that have no exceptional case: Renes, Costello
// and Batina, "Complete addition formulas for prime order elliptic curves" (eprint 2015/1060), algorithms 7
// and 9 (coefficient zero at x, odd group order). A template with the parameters of affine_batch.h and
//   CURVE(triple_b)()   3·b of the curve in its inside form
// Every coordinate below is < 2.5p. Only the few hundred operations at the end of a multiplication run here.

typedef struct {
    COORDINATE x, y, z;
} CURVE(projective);

IFMA_INLINE COORDINATE CURVE(tripled)(COORDINATE a) { return FIELD(add_reduce)(FIELD(add_reduce)(a, a), a); }

IFMA_TARGET static CURVE(projective) CURVE(double_lanes)(CURVE(projective) p) {
    COORDINATE yy = FIELD(square)(p.y), bzz = FIELD(multiply)(FIELD(square)(p.z), CURVE(triple_b)());
    COORDINATE two = FIELD(add_reduce)(yy, yy), four = FIELD(add_reduce)(two, two);
    COORDINATE eight = FIELD(add_reduce)(four, four);
    COORDINATE less = FIELD(subtract_reduce)(yy, CURVE(tripled)(bzz), 3);
    COORDINATE xy = FIELD(multiply)(p.x, p.y);
    CURVE(projective) r;
    r.x = FIELD(multiply)(less, FIELD(add_reduce)(xy, xy));
    r.y = FIELD(add_reduce)(FIELD(multiply)(less, FIELD(add_reduce)(yy, bzz)), FIELD(multiply)(bzz, eight));
    r.z = FIELD(multiply)(FIELD(multiply)(p.y, p.z), eight);
    return r;
}

/// a1·b2 + a2·b1 from (a1 + b1)(a2 + b2) and the products of like terms.
IFMA_INLINE COORDINATE CURVE(crossed)(
    COORDINATE a1, COORDINATE b1, COORDINATE a2, COORDINATE b2, COORDINATE aa, COORDINATE bb) {
    COORDINATE product = FIELD(multiply)(FIELD(add_reduce)(a1, b1), FIELD(add_reduce)(a2, b2));
    return FIELD(subtract_two_reduce)(product, aa, bb, 6);
}

IFMA_TARGET static CURVE(projective) CURVE(add_lanes)(CURVE(projective) p, CURVE(projective) q) {
    COORDINATE xx = FIELD(multiply)(p.x, q.x), yy = FIELD(multiply)(p.y, q.y), zz = FIELD(multiply)(p.z, q.z);
    COORDINATE xy = CURVE(crossed)(p.x, p.y, q.x, q.y, xx, yy);
    COORDINATE yz = CURVE(crossed)(p.y, p.z, q.y, q.z, yy, zz);
    COORDINATE xz = CURVE(crossed)(p.x, p.z, q.x, q.z, xx, zz);
    COORDINATE bzz = FIELD(multiply)(zz, CURVE(triple_b)()), bxz = FIELD(multiply)(xz, CURVE(triple_b)());
    COORDINATE more = FIELD(add_reduce)(yy, bzz), less = FIELD(subtract_reduce)(yy, bzz, 3);
    COORDINATE xxx = CURVE(tripled)(xx);
    CURVE(projective) r;
    r.x = FIELD(subtract_reduce)(FIELD(multiply)(xy, less), FIELD(multiply)(yz, bxz), 3);
    r.y = FIELD(add_reduce)(FIELD(multiply)(more, less), FIELD(multiply)(xxx, bxz));
    r.z = FIELD(add_reduce)(FIELD(multiply)(more, yz), FIELD(multiply)(xxx, xy));
    return r;
}

IFMA_INLINE CURVE(projective) CURVE(identity_lanes)(void) {
    return (CURVE(projective)){FIELD(zero)(), FIELD(one)(), FIELD(zero)()};
}

/// Eight affine points of the inside form at the given addresses.
IFMA_INLINE CURVE(projective) CURVE(from_affine)(const uint64_t *const source[8]) {
    const uint64_t *source_y[8];
    for (int i = 0; i < 8; i++) source_y[i] = source[i] + COORDINATE_WORDS;
    CURVE(projective) r = {FIELD(load_gathered)(source, 0), FIELD(load_gathered)(source_y, 0), FIELD(one)()};
    __mmask8 infinite = FIELD(is_literal_zero)(r.x) & FIELD(is_literal_zero)(r.y);
    r.x = FIELD(subtract_reduce)(r.x, FIELD(zero)(), 0);
    r.y = FIELD(select)(infinite, r.y, FIELD(one)());
    r.z = FIELD(select)(infinite, r.z, FIELD(zero)());
    return r;
}

/// From the inside form: x·2^260/4 and y·2^260/2 are the numbers in memory times 2^4.
static const uint64_t CURVE(leave_x)[5] = {0x482203dbf392d, 0x126eaa626a115, 0x063c052926242, 0xdc93e16a48076,
                                           0x007c5909386ed};  // 2^258 mod p
static const uint64_t CURVE(leave_y)[5] = {0x904407b7e725a, 0x24dd54c4d422a, 0x0c780a524c484, 0xb927c2d4900ec,
                                           0x00f8b21270ddb};  // 2^259 mod p

/// The point that all lanes share, as canonical affine words of the outside form.
IFMA_TARGET static void CURVE(leave)(CURVE(projective) p, uint64_t *result) {
    p.z = FIELD(subtract_reduce)(p.z, FIELD(zero)(), 0);
    if (FIELD(is_zero)(p.z) & 1) {
        memset(result, 0, POINT_WORDS * sizeof(uint64_t));
        return;
    }
    COORDINATE inverse = FIELD(invert_uniform)(p.z);
    COORDINATE x = FIELD(scale)(FIELD(multiply)(p.x, inverse), ifma_broadcast(CURVE(leave_x)));
    COORDINATE y = FIELD(scale)(FIELD(multiply)(p.y, inverse), ifma_broadcast(CURVE(leave_y)));
    uint64_t *target[8] = {result}, *target_y[8] = {result + COORDINATE_WORDS};
    FIELD(store_scattered)(target, 1, FIELD(canonical)(x));
    FIELD(store_scattered)(target_y, 1, FIELD(canonical)(y));
}

/// The windows' sums by Horner's rule over their partial sums, eight windows at once, as X‖Y‖Z of the outside form.
IFMA_TARGET static void CURVE(window_points)(
    const uint64_t *sums, size_t count, unsigned window_bits, uint64_t *points) {
    const ifma_lanes scale_x = ifma_broadcast(CURVE(leave_x)), scale_y = ifma_broadcast(CURVE(leave_y));
    const ifma_lanes scale_z = ifma_broadcast(FP_FIELD->radix256);
    for (size_t first = 0; first < count; first += 8) {
        size_t lanes = count - first < 8 ? count - first : 8;
        const uint64_t *source[8];
        CURVE(projective) window = CURVE(identity_lanes)();
        for (unsigned j = window_bits; j-- > 0;) {
            // Partial sum j > 0 has weight 2^(j−1), partial sum 0 has weight 1.
            for (size_t i = 0; i < 8; i++)
                source[i] = sums + ((first + (i < lanes ? i : 0)) * window_bits + j) * POINT_WORDS;
            if (j > 0) window = CURVE(double_lanes)(window);
            window = CURVE(add_lanes)(window, CURVE(from_affine)(source));
        }
        uint64_t *target[3][8];
        for (size_t i = 0; i < 8; i++)
            for (size_t k = 0; k < 3; k++)
                target[k][i] = points + (3 * (first + (i < lanes ? i : 0)) + k) * COORDINATE_WORDS;
        const __mmask8 valid = (__mmask8)((1u << lanes) - 1);
        FIELD(store_scattered)(target[0], valid, FIELD(canonical)(FIELD(scale)(window.x, scale_x)));
        FIELD(store_scattered)(target[1], valid, FIELD(canonical)(FIELD(scale)(window.y, scale_y)));
        FIELD(store_scattered)(target[2], valid, FIELD(canonical)(FIELD(scale)(window.z, scale_z)));
    }
}
