// Batches of affine additions with one shared inversion, eight at a time. A template: included once for each
// curve, with
//   CURVE(name)         the name with the curve's prefix (g1_ or g2_)
//   FIELD(name)         the coordinate field's function (fp_ or fp2_)
//   COORDINATE          its type of eight elements
//   COORDINATE_WORDS    64-bit words of one coordinate in memory (4 or 8)
//   BLOCKS_TOGETHER     blocks of eight whose steps are interleaved
//
// Points lie in memory as x‖y; all words zero means the point at infinity. Three kinds of source:
//   key     the outside form: radix 2^256, canonical; bit 31 of the index negates
//   work    the inside form: radix 2^260, scaled by (u², u³) with u = 1/2; x < 4p, y <= 3p
//   table   the inside form; y < 2.3p; bit 31 of the index negates
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

/// Eight y coordinates before their sign: < 2p from a key, <= 3p otherwise.
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

/// Shared inversion: replaces the running products (lane-wise, never zero) by their inverses. In, out: < 2.5p.
IFMA_TARGET static void CURVE(invert_chains)(COORDINATE chain[BLOCKS_TOGETHER]) {
    COORDINATE before[BLOCKS_TOGETHER], both = chain[0];
    for (int h = 1; h < BLOCKS_TOGETHER; h++) {
        before[h] = both;
        both = FIELD(multiply)(both, chain[h]);
    }
    COORDINATE two = FIELD(multiply)(both, FIELD(exchange)(both, 1));
    COORDINATE four = FIELD(multiply)(two, FIELD(exchange)(two, 2));
    COORDINATE all = FIELD(multiply)(four, FIELD(exchange)(four, 4));
    COORDINATE inverse = FIELD(invert_uniform)(all);
    inverse = FIELD(multiply)(inverse, FIELD(exchange)(four, 4));
    inverse = FIELD(multiply)(inverse, FIELD(exchange)(two, 2));
    inverse = FIELD(multiply)(inverse, FIELD(exchange)(both, 1));
    for (int h = BLOCKS_TOGETHER - 1; h > 0; h--) {
        COORDINATE next = FIELD(multiply)(inverse, chain[h]);
        chain[h] = FIELD(multiply)(inverse, before[h]);
        inverse = next;
    }
    chain[0] = inverse;
}

/// The first pass over one block: the slope's denominator x2 − x1 (2·y1 where a point is doubled, 1 where there is
/// no addition to do). With `doubling` all lanes double a. Returns whether the block has such a lane. Out: < 2.3p, never 0 mod p.
IFMA_INLINE int CURVE(denominator)(
    const uint64_t *a, const uint32_t ia[8], const enum point_kind ka,
    const uint64_t *b, const uint32_t ib[8], const enum point_kind kb, const int doubling, COORDINATE *denominator) {
    COORDINATE x1 = CURVE(load_x)(a, ia, ka), x2 = doubling ? x1 : CURVE(load_x)(b, ib, kb);
    __mmask8 unusual = FIELD(may_be_literal_zero)(x1);
    if (doubling) {
        COORDINATE y1 = CURVE(load_y)(a, ia, ka);
        *denominator = FIELD(add_reduce)(y1, y1);
    } else {
        *denominator = FIELD(subtract_reduce)(x2, x1, 4);
        unusual |= FIELD(is_zero)(*denominator) | FIELD(may_be_literal_zero)(x2);
    }
    if (__builtin_expect(unusual == 0, 1)) return 0;
    CURVE(cases) cases = CURVE(classify)(a, ia, ka, x1, b, ib, kb, x2);
    *denominator = FIELD(select)(cases.doubled, *denominator, FIELD(add_reduce)(cases.y1, cases.y1));
    *denominator = FIELD(select)(
        cases.first_infinite | cases.second_infinite | cases.cancelled, *denominator, FIELD(one)());
    return 1;
}

/// The sums of a block with unusual lanes, among ordinary ones. In: 1/denominator < 2.5p.
__attribute__((noinline)) IFMA_TARGET static void CURVE(finish_unusual)(
    const uint64_t *a, const uint32_t ia[8], const enum point_kind ka,
    const uint64_t *b, const uint32_t ib[8], const enum point_kind kb, const COORDINATE *inverse, CURVE(lanes) *r) {
    COORDINATE x1 = CURVE(load_x)(a, ia, ka), x2 = CURVE(load_x)(b, ib, kb);
    CURVE(cases) cases = CURVE(classify)(a, ia, ka, x1, b, ib, kb, x2);
    COORDINATE square = FIELD(square)(x1);  // < 2p
    COORDINATE tripled = FIELD(add_reduce)(FIELD(add_reduce)(square, square), square);
    COORDINATE rise = FIELD(select)(cases.doubled, FIELD(subtract)(cases.y2, cases.y1, 3), tripled);
    COORDINATE slope = FIELD(multiply)(rise, *inverse);
    COORDINATE x = FIELD(subtract_two_reduce)(FIELD(square)(slope), x1, x2, 8);
    COORDINATE y = FIELD(multiply)(slope, FIELD(subtract)(x1, x, 3));
    y = FIELD(subtract_reduce)(y, cases.y1, 3);
    x = FIELD(select)(cases.second_infinite, FIELD(select)(cases.first_infinite, x, x2), x1);
    y = FIELD(select)(cases.second_infinite, FIELD(select)(cases.first_infinite, y, cases.y2), cases.y1);
    __mmask8 infinite = cases.cancelled | (cases.first_infinite & cases.second_infinite);
    x = FIELD(subtract_reduce)(x, FIELD(zero)(), 0);
    y = FIELD(subtract_reduce)(y, FIELD(zero)(), 0);
    r->x = FIELD(select)(infinite, x, FIELD(zero)());
    r->y = FIELD(select)(infinite, y, FIELD(zero)());
}

#define EACH_BLOCK IFMA_ROLLED for (int h = 0; h < BLOCKS_TOGETHER; h++)

/// The second pass over a unit of blocks without unusual lanes, step by step in all of them so that their latencies
/// overlap. In: 1/denominator < 2.5p. Out: x < 2.3p, y < 2.3p.
/// λ = (y2 − y1)/(x2 − x1), or 3·x1²/(2·y1) for doubling; x3 = λ² − x1 − x2; y3 = λ(x1 − x3) − y1.
IFMA_INLINE void CURVE(finish_unit)(
    const uint64_t *a, const uint32_t *ia, const enum point_kind ka,
    const uint64_t *b, const uint32_t *ib, const enum point_kind kb,
    const int doubling, const COORDINATE inverse[BLOCKS_TOGETHER], CURVE(lanes) r[BLOCKS_TOGETHER]) {
    COORDINATE x1[BLOCKS_TOGETHER], x2[BLOCKS_TOGETHER], y1[BLOCKS_TOGETHER], slope[BLOCKS_TOGETHER];
    if (doubling) {
        EACH_BLOCK {
            y1[h] = CURVE(load_y)(a, ia + 8 * h, ka);
            x1[h] = x2[h] = CURVE(load_x)(a, ia + 8 * h, ka);
        }
        EACH_BLOCK slope[h] = FIELD(square)(x1[h]);  // < 2p
        EACH_BLOCK slope[h] = FIELD(add_reduce)(FIELD(add_reduce)(slope[h], slope[h]), slope[h]);
    } else EACH_BLOCK {
        COORDINATE y2 = CURVE(signed_y)(CURVE(load_y)(b, ib + 8 * h, kb), ib + 8 * h, kb);
        y1[h] = CURVE(signed_y)(CURVE(load_y)(a, ia + 8 * h, ka), ia + 8 * h, ka);
        slope[h] = FIELD(subtract)(y2, y1[h], 3);  // < 6p
        x1[h] = CURVE(load_x)(a, ia + 8 * h, ka);
        x2[h] = CURVE(load_x)(b, ib + 8 * h, kb);
    }
    EACH_BLOCK slope[h] = FIELD(multiply)(slope[h], inverse[h]);  // < 2.5p
    EACH_BLOCK r[h].x = FIELD(square)(slope[h]);
    EACH_BLOCK r[h].x = FIELD(subtract_two_reduce)(r[h].x, x1[h], x2[h], 8);
    EACH_BLOCK r[h].y = FIELD(subtract)(x1[h], r[h].x, 3);  // < 7p
    EACH_BLOCK r[h].y = FIELD(multiply)(slope[h], r[h].y);
    EACH_BLOCK r[h].y = FIELD(subtract_reduce)(r[h].y, y1[h], 3);
}

enum { CURVE(unit) = 8 * BLOCKS_TOGETHER };  ///< pairs that must be complete together

/// Bytes of scratch for `pairs` pairs, a multiple of the unit.
static inline size_t CURVE(batch_bytes)(size_t pairs) {
    return (pairs / 8) * (2 * sizeof(COORDINATE) + 1) + BLOCKS_TOGETHER * sizeof(COORDINATE);
}

IFMA_INLINE void CURVE(prefetch_pair)(
    const uint64_t *a, uint32_t ia, const enum point_kind ka, const uint64_t *b, uint32_t ib, const enum point_kind kb) {
    IFMA_UNROLL
    for (size_t line = 0; line < POINT_WORDS; line += 8) {
        if (ka != kind_work) __builtin_prefetch(a + (size_t)(ia & INDEX_MASK) * POINT_WORDS + line);
        if (kb != kind_work) __builtin_prefetch(b + (size_t)(ib & INDEX_MASK) * POINT_WORDS + line);
    }
}

/// out[destination[i]] = a[ia[i]] + b[ib[i]] for `pairs` pairs, a multiple of the unit; sums in the inside form.
///
/// Units are finished from the last to the first: a destination may be a source of the same unit or of a later
/// one, and may repeat within a unit if the pair does (which is how a caller fills the last unit). With `doubling`
/// both sources are the same.
/// `scratch` is 64-byte aligned, `CURVE(batch_bytes)(pairs)` long.
IFMA_INLINE void CURVE(add_pairs)(
    const uint64_t *a, const uint32_t *ia, const enum point_kind ka,
    const uint64_t *b, const uint32_t *ib, const enum point_kind kb,
    const int doubling, uint64_t *out, const uint32_t *destination, size_t pairs, void *scratch) {
    if (pairs == 0) return;
    const size_t blocks = pairs / 8;
    COORDINATE *denominator = scratch;
    COORDINATE *product = denominator + blocks;  // running products, one chain for each block of a unit
    uint8_t *unusual = (uint8_t *)(product + blocks + BLOCKS_TOGETHER);
    EACH_BLOCK product[h] = FIELD(one)();
    for (size_t i = 0; i < blocks; i += BLOCKS_TOGETHER) {
        size_t ahead = 8 * i + prefetch_distance, ahead_end = ahead + CURVE(unit) < pairs ? ahead + CURVE(unit) : pairs;
        for (; ahead < ahead_end; ahead++) CURVE(prefetch_pair)(a, ia[ahead], ka, b, ib[ahead], kb);
        EACH_BLOCK {
            size_t k = i + (size_t)h;
            unusual[k] = (uint8_t)CURVE(denominator)(
                a, ia + 8 * k, ka, b, ib + 8 * k, kb, doubling, &denominator[k]);
        }
        EACH_BLOCK product[i + BLOCKS_TOGETHER + h] = FIELD(multiply)(product[i + h], denominator[i + h]);
    }
    COORDINATE chain[BLOCKS_TOGETHER], inverse[BLOCKS_TOGETHER];
    EACH_BLOCK chain[h] = product[blocks + h];
    CURVE(invert_chains)(chain);
    for (size_t i = blocks; i > 0;) {
        i -= BLOCKS_TOGETHER;
        EACH_BLOCK inverse[h] = FIELD(multiply)(chain[h], product[i + h]);
        EACH_BLOCK chain[h] = FIELD(multiply)(chain[h], denominator[i + h]);
        CURVE(lanes) sum[BLOCKS_TOGETHER];
        CURVE(finish_unit)(a, ia + 8 * i, ka, b, ib + 8 * i, kb, doubling, inverse, sum);
        EACH_BLOCK {
            if (__builtin_expect(unusual[i + h], 0))
                CURVE(finish_unusual)(a, ia + 8 * (i + h), ka, b, ib + 8 * (i + h), kb, &inverse[h], &sum[h]);
        }
        EACH_BLOCK {
            uint64_t *target[8], *target_y[8];
            for (int j = 0; j < 8; j++) {
                target[j] = out + (size_t)destination[8 * (i + h) + j] * POINT_WORDS;
                target_y[j] = target[j] + COORDINATE_WORDS;
            }
            FIELD(store_scattered)(target, 0xff, sum[h].x);
            FIELD(store_scattered)(target_y, 0xff, sum[h].y);
        }
    }
}
