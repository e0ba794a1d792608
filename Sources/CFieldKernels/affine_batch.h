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
//   work    the inside form: radix 2^260, scaled by (u², u³) with u = 1/2; x < 4p, y < 4p
//   table   the inside form; bit 31 of the index negates
// On y² = x³ + b the map (x, y) -> (u²x, u³y) goes to another curve with coefficient zero at x, whose addition is
// the same formulas. Key words are x·2^256 = (x·2^-4)·2^260; times 4 they are u²x in radix 2^260, and y's times 2
// are u³y: so entering the inside form costs two shifts and no multiplication.
//
// Between products only what the next step needs is done: a *factor* (see ifma_field.h) keeps its carries, *raw* values
// have none propagated yet. Loads and stores stand between products, because a processor that starts one product in
// a cycle does the rest on its other units in the meantime, if it meets it in time.
//
// A batch is tried first as if every addition were ordinary. If a denominator was zero, so is the product of all,
// and the batch is done again carefully: doublings, opposite points and infinity by masks.

#define POINT_WORDS (2 * COORDINATE_WORDS)
#define EACH_BLOCK IFMA_ROLLED for (int h = 0; h < BLOCKS_TOGETHER; h++)

enum { CURVE(unit) = 8 * BLOCKS_TOGETHER };  ///< pairs that must be complete together

typedef struct {
    COORDINATE x, y;
} CURVE(lanes);

#ifndef AFFINE_BATCH_SHARED
#define AFFINE_BATCH_SHARED
enum point_kind { kind_key, kind_work, kind_table };

/// Points and the indices of those at work.
typedef struct {
    const uint64_t *points;
    const uint32_t *index;
    enum point_kind kind;
} point_source;

#define INDEX_MASK 0x7fffffffu
enum { prefetch_distance = 64 };

/// Entries of a key that later batches will need: their points are fetched into the second-level cache while batches
/// compute, a few with each block, as far as `end`.
typedef struct {
    const uint64_t *points;
    const uint32_t *next, *end;
} upcoming_entries;

enum { upcoming_with_block = 12 };

/// *index, kept from being loaded with its neighbours as a vector, which would have to be taken apart again.
static inline size_t scalar_index(const uint32_t *index) {
    size_t r = *index;
    __asm__("" : "+r"(r));
    return r;
}

/// Bits 31 of eight indices as a mask.
IFMA_INLINE __mmask8 sign_mask(const uint32_t index[8]) {
    return _mm256_movepi32_mask(_mm256_loadu_si256((const __m256i *)index));
}
#endif

/// Addresses of the eight points of block k, `offset` words into each.
IFMA_INLINE void CURVE(addresses)(const uint64_t *r[8], point_source s, size_t k, size_t offset) {
    IFMA_UNROLL
    for (int i = 0; i < 8; i++) {
        size_t position = scalar_index(s.index + 8 * k + i) & (s.kind == kind_work ? 0xffffffffu : INDEX_MASK);
        r[i] = s.points + position * POINT_WORDS + offset;
    }
}

/// The x coordinates of block k, < 4p.
IFMA_INLINE COORDINATE CURVE(load_x)(point_source s, size_t k) {
    const uint64_t *address[8];
    CURVE(addresses)(address, s, k, 0);
    return FIELD(load_gathered)(address, s.kind == kind_key ? 2 : 0);
}

/// The y coordinates of block k before their sign, < 4p.
IFMA_INLINE COORDINATE CURVE(load_y)(point_source s, size_t k) {
    const uint64_t *address[8];
    CURVE(addresses)(address, s, k, COORDINATE_WORDS);
    return FIELD(load_gathered)(address, s.kind == kind_key ? 1 : 0);
}

/// y with its sign, <= 4p.
IFMA_INLINE COORDINATE CURVE(signed_y)(COORDINATE y, point_source s, size_t k) {
    if (s.kind == kind_work) return y;
    return FIELD(negate_where)(sign_mask(s.index + 8 * k), y, 4);
}

// MARK: - Unusual additions

/// What becomes of eight additions P + Q whose x coordinates coincide or where one is at infinity.
typedef struct {
    __mmask8 first_infinite, second_infinite, doubled, cancelled;
    COORDINATE y1, y2;  ///< signed, <= 4p
} CURVE(cases);

IFMA_INLINE CURVE(cases) CURVE(classify)(point_source a, point_source b, size_t k, COORDINATE x1, COORDINATE x2) {
    CURVE(cases) r;
    COORDINATE y1 = CURVE(load_y)(a, k), y2 = CURVE(load_y)(b, k);
    r.first_infinite = FIELD(is_literal_zero)(x1) & FIELD(is_literal_zero)(y1);
    r.second_infinite = FIELD(is_literal_zero)(x2) & FIELD(is_literal_zero)(y2);
    r.y1 = CURVE(signed_y)(y1, a, k);
    r.y2 = CURVE(signed_y)(y2, b, k);
    __mmask8 equal_x = FIELD(is_zero)(FIELD(subtract_reduce)(x2, x1, 4));
    __mmask8 equal_y = FIELD(is_zero)(FIELD(subtract_reduce)(r.y2, r.y1, 4));
    __mmask8 finite = (__mmask8) ~(r.first_infinite | r.second_infinite);
    r.doubled = finite & equal_x & equal_y;
    r.cancelled = finite & equal_x & (__mmask8)~equal_y;
    return r;
}

/// The slope's denominator where everything may happen: x2 − x1, or 2·y1 where a point is doubled, or 1 where there is
/// no addition to do. Returns whether the block has such a lane. Out: < 8p, never 0 mod p.
__attribute__((noinline)) IFMA_TARGET static int CURVE(careful_denominator)(
    point_source a, point_source b, size_t k, COORDINATE *denominator) {
    COORDINATE x1 = CURVE(load_x)(a, k), x2 = CURVE(load_x)(b, k);
    *denominator = FIELD(subtract)(x2, x1, 4);
    __mmask8 unusual =
        FIELD(is_zero)(FIELD(reduce)(*denominator)) | FIELD(may_be_literal_zero)(x1) | FIELD(may_be_literal_zero)(x2);
    if (unusual == 0) return 0;
    CURVE(cases) cases = CURVE(classify)(a, b, k, x1, x2);
    *denominator = FIELD(select)(cases.doubled, *denominator, FIELD(add)(cases.y1, cases.y1));
    *denominator = FIELD(select)(
        cases.first_infinite | cases.second_infinite | cases.cancelled, *denominator, FIELD(one)());
    return 1;
}

/// The sums of a block with unusual lanes, among ordinary ones; returns whether one is at infinity.
/// In: 1/denominator < 2.5p. Out: < 4p.
__attribute__((noinline)) IFMA_TARGET static int CURVE(careful_sums)(
    point_source a, point_source b, size_t k, const COORDINATE *inverse, CURVE(lanes) *r) {
    COORDINATE x1 = CURVE(load_x)(a, k), x2 = CURVE(load_x)(b, k);
    CURVE(cases) cases = CURVE(classify)(a, b, k, x1, x2);
    COORDINATE rise =
        FIELD(select)(cases.doubled, FIELD(subtract)(cases.y2, cases.y1, 4), FIELD(triple_square)(x1));
    COORDINATE slope = FIELD(multiply)(rise, *inverse);
    COORDINATE x = FIELD(square_minus_two)(slope, x1, x2);
    COORDINATE y = FIELD(multiply)(slope, FIELD(subtract)(x1, x, 4));
    y = FIELD(subtract_reduce)(y, cases.y1, 4);
    x = FIELD(select)(cases.second_infinite, FIELD(select)(cases.first_infinite, x, x2), x1);
    y = FIELD(select)(cases.second_infinite, FIELD(select)(cases.first_infinite, y, cases.y2), cases.y1);
    __mmask8 infinite = cases.cancelled | (cases.first_infinite & cases.second_infinite);
    r->x = FIELD(select)(infinite, FIELD(reduce)(x), FIELD(zero)());
    r->y = FIELD(select)(infinite, FIELD(reduce)(y), FIELD(zero)());
    return infinite != 0;
}

// MARK: - The passes

/// Shared inversion: replaces the running products (lane-wise) by their inverses. Returns 0, with nothing done, if
/// one is zero. In, out: < 2.5p.
IFMA_TARGET static int CURVE(invert_chains)(COORDINATE chain[BLOCKS_TOGETHER]) {
    COORDINATE before[BLOCKS_TOGETHER], both = chain[0];
    for (int h = 1; h < BLOCKS_TOGETHER; h++) {
        before[h] = both;
        both = FIELD(multiply)(both, chain[h]);
    }
    COORDINATE two = FIELD(multiply)(both, FIELD(exchange)(both, 1));
    COORDINATE four = FIELD(multiply)(two, FIELD(exchange)(two, 2));
    COORDINATE all = FIELD(multiply)(four, FIELD(exchange)(four, 4));
    if (FIELD(is_zero)(all)) return 0;
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
    return 1;
}

IFMA_INLINE void CURVE(prefetch)(point_source s, size_t from, size_t to) {
    if (s.kind == kind_work) return;
    for (size_t i = from; i < to; i++)
        for (size_t line = 0; line < POINT_WORDS; line += 8)
            __builtin_prefetch(s.points + (size_t)(s.index[i] & INDEX_MASK) * POINT_WORDS + line);
}

/// A block's share of the points to come.
IFMA_INLINE void CURVE(prefetch_upcoming)(upcoming_entries *upcoming) {
    size_t left = (size_t)(upcoming->end - upcoming->next), now = upcoming_with_block * BLOCKS_TOGETHER;
    if (left < now) now = left;
    for (size_t i = 0; i < now; i++)
        for (size_t line = 0; line < POINT_WORDS; line += 8)
            __builtin_prefetch(
                upcoming->points + (size_t)(upcoming->next[i] & INDEX_MASK) * POINT_WORDS + line, 0, 2);
    upcoming->next += now;
}

/// One block's part of the first pass before its product.
IFMA_INLINE void CURVE(first_loads)(
    point_source a, point_source b, const int doubling, size_t k, COORDINATE *x1, COORDINATE *denominator) {
    x1[k] = CURVE(load_x)(a, k);
    if (doubling) {
        COORDINATE y = CURVE(load_y)(a, k);
        denominator[k] = FIELD(add)(y, y);
    } else {
        denominator[k] = FIELD(subtract)(CURVE(load_x)(b, k), x1[k], 4);
    }
}

/// The first pass: x1, denominators x2 − x1 (2·y1 for `doubling`), < 8p, and their running products, one chain for each
/// block of a unit: product[i + BLOCKS_TOGETHER] = product[i]·denominator[i] < 2.5p.
IFMA_INLINE void CURVE(forward)(
    point_source a, point_source b, const int doubling, size_t blocks, COORDINATE *x1, COORDINATE *denominator,
    COORDINATE *product) {
    EACH_BLOCK product[h] = FIELD(one)();
    EACH_BLOCK CURVE(first_loads)(a, b, doubling, (size_t)h, x1, denominator);
    for (size_t i = 0; i < blocks; i += BLOCKS_TOGETHER) {
        size_t ahead = 8 * i + prefetch_distance, end = ahead + CURVE(unit);
        if (end <= 8 * blocks) CURVE(prefetch)(a, ahead, end), CURVE(prefetch)(b, ahead, end);
        EACH_BLOCK {
            size_t k = i + (size_t)h;
            product[k + BLOCKS_TOGETHER] = FIELD(multiply_factor)(product[k], denominator[k]);
            if (k + BLOCKS_TOGETHER < blocks) CURVE(first_loads)(a, b, doubling, k + BLOCKS_TOGETHER, x1, denominator);
        }
    }
}

/// The first pass with care; `unusual` says which blocks have a lane that is not an ordinary addition.
IFMA_INLINE void CURVE(careful_forward)(
    point_source a, point_source b, size_t blocks, COORDINATE *x1, COORDINATE *denominator, COORDINATE *product,
    uint8_t *unusual) {
    EACH_BLOCK product[h] = FIELD(one)();
    for (size_t i = 0; i < blocks; i++) {
        x1[i] = CURVE(load_x)(a, i);
        unusual[i] = (uint8_t)CURVE(careful_denominator)(a, b, i, &denominator[i]);
        product[i + BLOCKS_TOGETHER] = FIELD(multiply)(product[i], denominator[i]);
    }
}

/// y with its sign, without carries.
IFMA_INLINE COORDINATE CURVE(load_signed_y)(point_source s, size_t k) {
    COORDINATE y = CURVE(load_y)(s, k);
    if (s.kind == kind_work) return y;
    return FIELD(raw_negate_where)(sign_mask(s.index + 8 * k), y);
}

/// Sums that are not stored yet.
typedef struct {
    CURVE(lanes) sum[BLOCKS_TOGETHER];
    const uint32_t *destination;  ///< of the first block; null if there is none
} CURVE(pending);

IFMA_INLINE void CURVE(store_x)(const CURVE(pending) *p, uint64_t *out, int h) {
    if (p->destination == NULL) return;
    uint64_t *target[8];
    for (int j = 0; j < 8; j++) target[j] = out + scalar_index(p->destination + 8 * h + j) * POINT_WORDS;
    FIELD(store_scattered)(target, 0xff, p->sum[h].x);
}

IFMA_INLINE void CURVE(store_y)(const CURVE(pending) *p, uint64_t *out, int h) {
    if (p->destination == NULL) return;
    uint64_t *target[8];
    for (int j = 0; j < 8; j++)
        target[j] = out + scalar_index(p->destination + 8 * h + j) * POINT_WORDS + COORDINATE_WORDS;
    FIELD(store_scattered)(target, 0xff, p->sum[h].y);
}

/// The second pass over the unit of blocks from k on, in steps of one product each for all of its blocks, so that
/// latencies overlap; loads and the stores of the unit before stand between products. λ = (y2 − y1)/(x2 − x1), or
/// 3·x1²/(2·y1) for doubling; x3 = λ² − x1 − x2; y3 = λ(x1 − x3) − y1.
/// In: `chain`, the inverses of the products so far. Out: sums < 4p; the chain's next inverses.
IFMA_INLINE void CURVE(backward_unit)(
    point_source a, point_source b, const int doubling, size_t k, const COORDINATE *x1, const COORDINATE *denominator,
    const COORDINATE *product, COORDINATE chain[BLOCKS_TOGETHER], COORDINATE inverse[BLOCKS_TOGETHER],
    CURVE(pending) *pending, uint64_t *out) {
    COORDINATE y1[BLOCKS_TOGETHER], slope[BLOCKS_TOGETHER], rise[BLOCKS_TOGETHER];
    EACH_BLOCK {
        inverse[h] = FIELD(multiply_factor)(chain[h], product[k + h]);
        y1[h] = CURVE(load_signed_y)(a, k + h);
        if (doubling) {
            slope[h] = FIELD(triple_square)(x1[k + h]);  // < 6p
        } else {
            slope[h] = FIELD(factor)(FIELD(raw_difference)(CURVE(load_signed_y)(b, k + h), y1[h]));  // <= 8p
        }
    }
    EACH_BLOCK {
        chain[h] = FIELD(multiply_factor)(chain[h], denominator[k + h]);
        CURVE(store_x)(pending, out, h);
    }
    EACH_BLOCK {
        slope[h] = FIELD(multiply_factor)(slope[h], inverse[h]);  // < 2.5p
        CURVE(store_y)(pending, out, h);
    }
    EACH_BLOCK {
        COORDINATE both = doubling ? FIELD(raw_add)(x1[k + h], x1[k + h]) : FIELD(raw_sum)(x1[k + h], denominator[k + h]);
        COORDINATE x = FIELD(raw_square_minus)(slope[h], both);
        pending->sum[h].x = FIELD(factor)(x);
        rise[h] = FIELD(factor)(FIELD(raw_difference)(x1[k + h], x));  // < 8p
    }
    EACH_BLOCK pending->sum[h].y = FIELD(factor_minus)(slope[h], rise[h], y1[h]);
}

/// Bytes of scratch for `pairs` pairs, a multiple of the unit.
static inline size_t CURVE(batch_bytes)(size_t pairs) {
    return (pairs / 8) * (3 * sizeof(COORDINATE) + 1) + BLOCKS_TOGETHER * sizeof(COORDINATE);
}

/// out[destination[i]] = a[i] + b[i] for `pairs` pairs, a multiple of the unit; sums in the inside form.
///
/// Units are finished from the last to the first: a destination may be a source of the same unit or of a later
/// one, and may repeat within a unit if the pair does (which is how a caller fills the last unit). With `doubling`
/// both sources are the same. `careful` says whether a source may be at infinity, and is set if a sum is.
/// `scratch` is 64-byte aligned, `CURVE(batch_bytes)(pairs)` long.
IFMA_INLINE void CURVE(add_pairs)(
    point_source a, point_source b, const int doubling, uint64_t *out, const uint32_t *destination, size_t pairs,
    upcoming_entries *upcoming, int *careful, void *scratch) {
    if (pairs == 0) return;
    const size_t blocks = pairs / 8;
    COORDINATE *x1 = scratch, *denominator = x1 + blocks, *product = denominator + blocks;
    uint8_t *unusual = (uint8_t *)(product + blocks + BLOCKS_TOGETHER);
    COORDINATE chain[BLOCKS_TOGETHER], inverse[BLOCKS_TOGETHER];
    int with_care = *careful;
    if (!with_care) {
        CURVE(forward)(a, b, doubling, blocks, x1, denominator, product);
        EACH_BLOCK chain[h] = FIELD(settled)(product[blocks + h]);
        with_care = !CURVE(invert_chains)(chain);
    }
    if (with_care) {
        CURVE(careful_forward)(a, b, blocks, x1, denominator, product, unusual);
        EACH_BLOCK chain[h] = product[blocks + h];
        CURVE(invert_chains)(chain);
    }
    CURVE(pending) pending = {.destination = NULL};
    for (size_t i = blocks; i > 0;) {
        i -= BLOCKS_TOGETHER;
        if (upcoming) CURVE(prefetch_upcoming)(upcoming);
        CURVE(backward_unit)(a, b, doubling, i, x1, denominator, product, chain, inverse, &pending, out);
        pending.destination = destination + 8 * i;
        for (int h = 0; with_care && h < BLOCKS_TOGETHER; h++)
            if (unusual[i + h]) *careful |= CURVE(careful_sums)(a, b, i + h, &inverse[h], &pending.sum[h]);
    }
    EACH_BLOCK CURVE(store_x)(&pending, out, h), CURVE(store_y)(&pending, out, h);
}
