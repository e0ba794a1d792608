// Batches of affine additions with one shared inversion, eight at a time. A template: included once for each
// curve, with
//   CURVE(name)         the name with the curve's prefix (g1_ or g2_)
//   FIELD(name)         the coordinate field's function (fp_ or fp2_)
//   COORDINATE          its type of eight elements
//   COORDINATE_WORDS    64-bit words of one coordinate in memory (4 or 8)
//
// Points lie in memory as x‖y; all words zero means the point at infinity. Three kinds of source:
//   key     the outside form: radix 2^256, canonical; bit 31 of the index negates
//   work    the inside form: radix 2^260, scaled by (u², u³) with u = 1/2; x < 4p, y < 2.3p
//   table   the inside form; bit 31 of the index negates
// On y² = x³ + b the map (x, y) -> (u²x, u³y) goes to another curve with coefficient zero at x, whose addition is
// the same formulas. Key words are x·2^256 = (x·2^-4)·2^260; times 4 they are u²x in radix 2^260, and y's times 2
// are u³y: so entering the inside form costs two shifts and no multiplication.

#define POINT_WORDS (2 * COORDINATE_WORDS)

typedef struct {
    COORDINATE x, y;
} CURVE(lanes);

#ifndef AFFINE_BATCH_SHARED
#define AFFINE_BATCH_SHARED
enum point_kind { kind_key, kind_work, kind_table };

#define INDEX_MASK 0x7fffffffu
enum { prefetch_distance = 64 };

/// Bits 31 of eight indices as a mask.
IFMA_INLINE __mmask8 sign_mask(const uint32_t index[8]) {
    return _mm256_movepi32_mask(_mm256_loadu_si256((const __m256i *)index));
}
#endif

/// Addresses of eight points, `offset` words into each.
IFMA_INLINE void CURVE(addresses)(
    const uint64_t *r[8], const uint64_t *points, const uint32_t index[8], const enum point_kind kind, size_t offset) {
    IFMA_UNROLL
    for (int i = 0; i < 8; i++) {
        size_t position = kind == kind_work ? index[i] : index[i] & INDEX_MASK;
        r[i] = points + position * POINT_WORDS + offset;
    }
}

/// Eight x coordinates, < 4p.
IFMA_INLINE COORDINATE CURVE(load_x)(
    const uint64_t *points, const uint32_t index[8], const enum point_kind kind) {
    const uint64_t *source[8];
    CURVE(addresses)(source, points, index, kind, 0);
    return FIELD(load_gathered)(source, kind == kind_key ? 2 : 0);
}

/// Eight y coordinates before their sign: < 2p from a key, < 2.3p otherwise.
IFMA_INLINE COORDINATE CURVE(load_y)(
    const uint64_t *points, const uint32_t index[8], const enum point_kind kind) {
    const uint64_t *source[8];
    CURVE(addresses)(source, points, index, kind, COORDINATE_WORDS);
    return FIELD(load_gathered)(source, kind == kind_key ? 1 : 0);
}

/// y with its sign, <= 3p.
IFMA_INLINE COORDINATE CURVE(signed_y)(COORDINATE y, const uint32_t index[8], const enum point_kind kind) {
    if (kind == kind_work) return y;
    return FIELD(negate_where)(sign_mask(index), y, kind == kind_key ? 2 : 3);
}

/// What becomes of eight additions P + Q whose x coordinates coincide or where one is at infinity.
typedef struct {
    __mmask8 first_infinite, second_infinite, doubled, cancelled;
    COORDINATE y1, y2;  ///< signed, <= 3p
} CURVE(cases);

IFMA_INLINE CURVE(cases) CURVE(classify)(
    const uint64_t *a, const uint32_t ia[8], const enum point_kind ka, COORDINATE x1,
    const uint64_t *b, const uint32_t ib[8], const enum point_kind kb, COORDINATE x2) {
    CURVE(cases) r;
    COORDINATE y1 = CURVE(load_y)(a, ia, ka), y2 = CURVE(load_y)(b, ib, kb);
    r.first_infinite = FIELD(is_literal_zero)(x1) & FIELD(is_literal_zero)(y1);
    r.second_infinite = FIELD(is_literal_zero)(x2) & FIELD(is_literal_zero)(y2);
    r.y1 = CURVE(signed_y)(y1, ia, ka);
    r.y2 = CURVE(signed_y)(y2, ib, kb);
    __mmask8 equal_x = FIELD(is_zero)(FIELD(subtract_reduce)(x2, x1, 4));
    __mmask8 equal_y = FIELD(is_zero)(FIELD(subtract_reduce)(r.y2, r.y1, 3));
    __mmask8 finite = (__mmask8) ~(r.first_infinite | r.second_infinite);
    r.doubled = finite & equal_x & equal_y;
    r.cancelled = finite & equal_x & (__mmask8)~equal_y;
    return r;
}

/// Blocks of eight additions that fit in `bytes` of scratch for `CURVE(add_pairs)`.
static inline size_t CURVE(batch_blocks)(size_t bytes) {
    size_t block = 2 * sizeof(COORDINATE) + 1, fixed = 2 * sizeof(COORDINATE) + 64;
    return bytes <= fixed + block ? 0 : (bytes - fixed) / block;
}

/// Shared inversion: replaces two running products (lane-wise, never zero) by their inverses. In, out: < 2.5p.
IFMA_TARGET static void CURVE(invert_chains)(COORDINATE chain[2]) {
    COORDINATE both = FIELD(multiply)(chain[0], chain[1]);
    COORDINATE two = FIELD(multiply)(both, FIELD(exchange)(both, 1));
    COORDINATE four = FIELD(multiply)(two, FIELD(exchange)(two, 2));
    COORDINATE all = FIELD(multiply)(four, FIELD(exchange)(four, 4));
    COORDINATE inverse = FIELD(invert_uniform)(all);
    inverse = FIELD(multiply)(inverse, FIELD(exchange)(four, 4));
    inverse = FIELD(multiply)(inverse, FIELD(exchange)(two, 2));
    inverse = FIELD(multiply)(inverse, FIELD(exchange)(both, 1));
    COORDINATE first = FIELD(multiply)(inverse, chain[1]);
    chain[1] = FIELD(multiply)(inverse, chain[0]);
    chain[0] = first;
}

/// The first pass over one block: the slope's denominator x2 − x1 (2·y1 where the point is doubled, 1 where there
/// is no addition to do). Returns whether the block has such a lane. Out: < 2.3p, never 0 mod p.
IFMA_INLINE int CURVE(denominator)(
    const uint64_t *a, const uint32_t ia[8], const enum point_kind ka,
    const uint64_t *b, const uint32_t ib[8], const enum point_kind kb, COORDINATE *denominator) {
    COORDINATE x1 = CURVE(load_x)(a, ia, ka), x2 = CURVE(load_x)(b, ib, kb);
    *denominator = FIELD(subtract_reduce)(x2, x1, 4);
    __mmask8 unusual = FIELD(is_zero)(*denominator) | FIELD(may_be_literal_zero)(x1) | FIELD(may_be_literal_zero)(x2);
    if (__builtin_expect(unusual == 0, 1)) return 0;
    CURVE(cases) cases = CURVE(classify)(a, ia, ka, x1, b, ib, kb, x2);
    *denominator = FIELD(select)(cases.doubled, *denominator, FIELD(add_reduce)(cases.y1, cases.y1));
    *denominator = FIELD(select)(
        cases.first_infinite | cases.second_infinite | cases.cancelled, *denominator, FIELD(one)());
    return 1;
}

/// The second pass over one block: the sums, < 2.3p, given 1/denominator < 2.5p.
/// λ = (y2 − y1)/(x2 − x1), or 3·x1²/(2·y1); x3 = λ² − x1 − x2; y3 = λ(x1 − x3) − y1.
IFMA_INLINE CURVE(lanes) CURVE(finish_block)(
    const uint64_t *a, const uint32_t ia[8], const enum point_kind ka,
    const uint64_t *b, const uint32_t ib[8], const enum point_kind kb, COORDINATE inverse, int unusual) {
    COORDINATE x1 = CURVE(load_x)(a, ia, ka), x2 = CURVE(load_x)(b, ib, kb);
    COORDINATE y1 = CURVE(signed_y)(CURVE(load_y)(a, ia, ka), ia, ka);
    COORDINATE y2 = CURVE(signed_y)(CURVE(load_y)(b, ib, kb), ib, kb);
    COORDINATE numerator = FIELD(subtract)(y2, y1, 3);  // < 6p
    CURVE(cases) cases;
    if (__builtin_expect(unusual, 0)) {
        cases = CURVE(classify)(a, ia, ka, x1, b, ib, kb, x2);
        COORDINATE square = FIELD(square)(x1);  // < 2p
        COORDINATE tripled = FIELD(add_reduce)(FIELD(add_reduce)(square, square), square);
        numerator = FIELD(select)(cases.doubled, numerator, tripled);
    }
    COORDINATE slope = FIELD(multiply)(numerator, inverse);  // < 2.5p
    CURVE(lanes) r;
    r.x = FIELD(subtract_two_reduce)(FIELD(square)(slope), x1, x2, 8);
    COORDINATE run = FIELD(subtract)(x1, r.x, 3);  // < 7p
    r.y = FIELD(subtract_reduce)(FIELD(multiply)(slope, run), y1, 3);
    if (__builtin_expect(unusual, 0)) {
        r.x = FIELD(select)(cases.first_infinite, r.x, x2);
        r.y = FIELD(select)(cases.first_infinite, r.y, cases.y2);
        r.x = FIELD(select)(cases.second_infinite, r.x, x1);
        r.y = FIELD(select)(cases.second_infinite, r.y, cases.y1);
        // A finite summand is below 4p; both infinite and cancelled lanes become literal zeros.
        r.x = FIELD(subtract_reduce)(r.x, FIELD(zero)(), 0);
        r.y = FIELD(subtract_reduce)(r.y, FIELD(zero)(), 0);
        __mmask8 infinite = cases.cancelled | (cases.first_infinite & cases.second_infinite);
        r.x = FIELD(select)(infinite, r.x, FIELD(zero)());
        r.y = FIELD(select)(infinite, r.y, FIELD(zero)());
    }
    return r;
}

/// Adds `blocks`·8 pairs: out[destination[i]] = a[ia[i]] + b[ib[i]], in the inside form.
///
/// Blocks are finished from the last to the first: a destination may be a source of the same block or of a later
/// one, and may repeat within a block if the pair does (which is how a caller fills the last block).
/// `scratch` is 64-byte aligned and holds `CURVE(batch_blocks)` >= `blocks` blocks.
IFMA_INLINE void CURVE(add_pairs)(
    const uint64_t *a, const uint32_t *ia, const enum point_kind ka,
    const uint64_t *b, const uint32_t *ib, const enum point_kind kb,
    uint64_t *out, const uint32_t *destination, size_t blocks, void *scratch) {
    if (blocks == 0) return;
    COORDINATE *product = scratch;             // blocks + 2: running products of every second denominator
    COORDINATE *denominator = product + blocks + 2;
    uint8_t *unusual = (uint8_t *)(denominator + blocks);
    product[0] = product[1] = FIELD(one)();
    for (size_t i = 0; i < blocks; i++) {
        if (ka == kind_key || kb != kind_work) {
            for (int j = 0; j < 8; j++) {
                size_t ahead = 8 * i + prefetch_distance + j;
                if (ahead >= 8 * blocks) break;
                for (size_t line = 0; line < POINT_WORDS; line += 8) {
                    if (ka == kind_key) __builtin_prefetch(a + (size_t)(ia[ahead] & INDEX_MASK) * POINT_WORDS + line);
                    __builtin_prefetch(b + (size_t)(ib[ahead] & INDEX_MASK) * POINT_WORDS + line);
                }
            }
        }
        COORDINATE d;
        unusual[i] = (uint8_t)CURVE(denominator)(a, ia + 8 * i, ka, b, ib + 8 * i, kb, &d);
        denominator[i] = d;
        product[i + 2] = FIELD(multiply)(product[i], d);
    }
    COORDINATE chain[2] = {product[blocks], product[blocks + 1]};
    CURVE(invert_chains)(chain);
    // chain[k] inverts product[blocks + k]; walking back it alternates.
    for (size_t i = blocks; i-- > 0;) {
        COORDINATE *inverse_product = &chain[(i ^ blocks) & 1];
        COORDINATE inverse = FIELD(multiply)(*inverse_product, product[i]);
        *inverse_product = FIELD(multiply)(*inverse_product, denominator[i]);
        CURVE(lanes) sum = CURVE(finish_block)(a, ia + 8 * i, ka, b, ib + 8 * i, kb, inverse, unusual[i]);
        uint64_t *target[8], *target_y[8];
        for (int j = 0; j < 8; j++) {
            target[j] = out + (size_t)destination[8 * i + j] * POINT_WORDS;
            target_y[j] = target[j] + COORDINATE_WORDS;
        }
        FIELD(store_scattered)(target, 0xff, sum.x);
        FIELD(store_scattered)(target_y, 0xff, sum.y);
    }
}
