// Fixed-base multiplication and sums of pairs: a template on top of msm_buckets.h and projective_lanes.h.

/// Scratch of one task.
typedef struct {
    uint64_t *slots;   ///< one point for each scalar, in the inside form
    uint16_t *codes;   ///< digits, window after window
    uint8_t *started;  ///< whether the slot holds a sum yet
    msm_queue *queue;
    void *batch;
} CURVE(fixed_workspace);

static inline size_t CURVE(fixed_layout)(
    CURVE(fixed_workspace) *w, uint8_t *base, unsigned window_bits, size_t count) {
    size_t used = 0, rounded = (count + 7) & ~(size_t)7;
    w->slots = (uint64_t *)(base + used), used += rounded * POINT_WORDS * 8;
    w->codes = (uint16_t *)(base + used), used += msm_round_up(signed_digit_windows(window_bits) * rounded * 2);
    w->started = base + used, used += msm_round_up(rounded);
    w->queue = (msm_queue *)(base + used), used += msm_round_up(sizeof(msm_queue));
    w->batch = base + used, used += msm_round_up(CURVE(batch_bytes)(msm_queue_pairs));
    return used;
}

/// Writes `count` points of the inside form canonically in the outside form.
IFMA_TARGET static void CURVE(leave_all)(const uint64_t *points, size_t count, uint64_t *result) {
    const ifma_lanes scale_x = ifma_broadcast(CURVE(leave_x)), scale_y = ifma_broadcast(CURVE(leave_y));
    for (size_t i = 0; i < count; i += 8) {
        const uint64_t *source[8], *source_y[8];
        uint64_t *target[8], *target_y[8];
        for (size_t j = 0; j < 8; j++) {
            size_t k = i + j < count ? i + j : i;
            source[j] = points + k * POINT_WORDS, source_y[j] = source[j] + COORDINATE_WORDS;
            target[j] = result + k * POINT_WORDS, target_y[j] = target[j] + COORDINATE_WORDS;
        }
        __mmask8 valid = count - i < 8 ? (__mmask8)((1u << (count - i)) - 1) : 0xff;
        COORDINATE x = FIELD(scale)(FIELD(load_gathered)(source, 0), scale_x);
        COORDINATE y = FIELD(scale)(FIELD(load_gathered)(source_y, 0), scale_y);
        FIELD(store_scattered)(target, valid, FIELD(canonical)(x));
        FIELD(store_scattered)(target_y, valid, FIELD(canonical)(y));
    }
}

/// 2^(cw)·P for each window.
IFMA_TARGET static void CURVE(window_bases)(const uint64_t *point, unsigned window_bits, uint64_t *bases) {
    uint64_t inside[POINT_WORDS];
    CURVE(enter)(inside, point, 0);
    const uint64_t *source[8];
    for (int i = 0; i < 8; i++) source[i] = inside;
    CURVE(projective) power = CURVE(from_affine)(source);
    for (unsigned w = 0; w < signed_digit_windows(window_bits); w++) {
        CURVE(leave)(power, bases + (size_t)w * POINT_WORDS);
        for (unsigned i = 0; i < window_bits; i++) power = CURVE(double_lanes)(power);
    }
}

/// d·B for d = 1...2^(c−1), by doubling the range: m + 1...2m are m·B plus what is there.
IFMA_TARGET static void CURVE(fixed_base_window)(
    const uint64_t *base, unsigned window_bits, uint64_t *multiples, CURVE(fixed_workspace) *w) {
    msm_queue *q = w->queue;
    q->count = 0;
    int careful = CURVE(enter)(multiples, base, 0);
    for (uint32_t m = 1; m < 1u << (window_bits - 1); m *= 2) {
        for (uint32_t i = 0; i < m; i++) {
            q->first[q->count] = m - 1;
            q->second[q->count] = i;
            q->destination[q->count] = m + i;
            if (++q->count == msm_queue_pairs) CURVE(flush_work)(q, multiples, NULL, &careful, w->batch);
        }
        CURVE(flush_work)(q, multiples, NULL, &careful, w->batch);
    }
}

/// Adds all pairs of slots and table entries into the slots.
IFMA_TARGET static void CURVE(flush_table)(CURVE(fixed_workspace) *w, const uint64_t *table, int *careful) {
    msm_queue *q = w->queue;
    const size_t pairs = CURVE(fill_queue)(q);
    CURVE(add_pairs)((point_source){w->slots, q->first, kind_work}, (point_source){table, q->second, kind_table}, 0,
                     w->slots, q->destination, pairs, NULL, careful, w->batch);
    q->count = 0;
}

IFMA_TARGET static void CURVE(fixed_base_multiply)(
    const uint64_t *table, unsigned window_bits, const uint64_t *scalars, size_t count, uint64_t *products,
    CURVE(fixed_workspace) *w) {
    const digit_format format = make_digit_format(window_bits);
    const unsigned windows = signed_digit_windows(window_bits);
    const size_t rounded = (count + 7) & ~(size_t)7;
    for (size_t i = 0; i < count; i += 8) {
        ifma_digits digits = signed_digits(&format, ifma_load_partial(scalars + 4 * i, count - i < 8 ? count - i : 8, 4));
        for (unsigned v = 0; v < windows; v++)
            _mm_storeu_si128((__m128i *)(w->codes + v * rounded + i), digit_codes(&digits, window_bits, v));
    }
    memset(w->slots, 0, count * POINT_WORDS * sizeof(uint64_t));
    memset(w->started, 0, count);
    msm_queue *q = w->queue;
    q->count = 0;
    // The base is at infinity if its first multiple is.
    int careful = CURVE(is_infinite)(table);
    for (unsigned v = 0; v < windows; v++) {
        for (size_t i = 0; i < count; i++) {
            uint32_t code = w->codes[v * rounded + i];
            if (code == 0xffff) continue;
            uint32_t entry = (v << (window_bits - 1)) + (code & 0x7fff);
            if (!w->started[i]) {
                w->started[i] = 1;
                CURVE(copy_point)(w->slots + i * POINT_WORDS, table + (size_t)entry * POINT_WORDS);
                if (code & 0x8000) CURVE(negate_inside)(w->slots + i * POINT_WORDS);
                continue;
            }
            q->first[q->count] = q->destination[q->count] = (uint32_t)i;
            q->second[q->count] = entry | (code & 0x8000) << 16;
            if (++q->count == msm_queue_pairs) CURVE(flush_table)(w, table, &careful);
        }
        CURVE(flush_table)(w, table, &careful);
    }
    CURVE(leave_all)(w->slots, count, products);
}

IFMA_TARGET static void CURVE(add_all)(
    const uint64_t *first, const uint64_t *second, size_t count, uint64_t *sums, CURVE(fixed_workspace) *w) {
    msm_queue *q = w->queue;
    for (size_t i = 0; i < count; i += msm_queue_pairs) {
        size_t pairs = count - i < msm_queue_pairs ? count - i : msm_queue_pairs;
        for (q->count = 0; q->count < pairs; q->count++)
            q->first[q->count] = q->second[q->count] = q->destination[q->count] = (uint32_t)q->count;
        const size_t filled = CURVE(fill_queue)(q);
        int careful = 1;
        CURVE(add_pairs)((point_source){first + i * POINT_WORDS, q->first, kind_key},
                         (point_source){second + i * POINT_WORDS, q->second, kind_key}, 0, w->slots, q->destination,
                         filled, NULL, &careful, w->batch);
        CURVE(leave_all)(w->slots, pairs, sums + i * POINT_WORDS);
    }
}

enum { scalar_window_bits = 4, scalar_window_multiples = 8 };

/// Doubles the first `count` slots.
IFMA_TARGET static void CURVE(double_slots)(CURVE(fixed_workspace) *w, size_t count, int *careful) {
    msm_queue *q = w->queue;
    for (size_t i = 0; i < count; i += msm_queue_pairs) {
        for (q->count = 0; q->count < msm_queue_pairs && i + q->count < count; q->count++)
            q->first[q->count] = q->second[q->count] = q->destination[q->count] = (uint32_t)(i + q->count);
        const size_t pairs = CURVE(fill_queue)(q);
        CURVE(add_pairs)((point_source){w->slots, q->first, kind_work}, (point_source){w->slots, q->second, kind_work},
                         1, w->slots, q->destination, pairs, NULL, careful, w->batch);
    }
}

/// slots[to + i] = slots[from + i] ± slots[addend + i].
IFMA_TARGET static void CURVE(add_slots)(
    CURVE(fixed_workspace) *w, size_t to, size_t from, size_t addend, uint32_t sign, size_t count, int *careful) {
    msm_queue *q = w->queue;
    q->count = 0;
    for (size_t i = 0; i < count; i++) {
        q->first[q->count] = (uint32_t)(from + i);
        q->second[q->count] = (uint32_t)(addend + i) | sign << 31;
        q->destination[q->count] = (uint32_t)(to + i);
        if (++q->count == msm_queue_pairs) CURVE(flush_table)(w, w->slots, careful);
    }
    CURVE(flush_table)(w, w->slots, careful);
}

/// One scalar times many points, by signed windows of 4 bits: all points take the same steps.
/// Slots: `count` sums, then the points' multiples 1...8, `count` of each.
IFMA_TARGET static void CURVE(multiply_all)(
    const uint64_t *points, size_t count, const uint64_t *scalar, uint64_t *products, CURVE(fixed_workspace) *w) {
    const digit_format format = make_digit_format(scalar_window_bits);
    ifma_digits digits = signed_digits(&format, ifma_load_partial(scalar, 1, 4));
    int careful = 0;
    for (size_t i = 0; i < count; i++)
        careful |= CURVE(enter)(w->slots + (count + i) * POINT_WORDS, points, (uint32_t)i);
    for (size_t m = 2; m <= scalar_window_multiples; m++)
        CURVE(add_slots)(w, m * count, (m - 1) * count, count, 0, count, &careful);
    int started = 0;
    memset(w->slots, 0, count * POINT_WORDS * sizeof(uint64_t));
    for (unsigned v = signed_digit_windows(scalar_window_bits); v-- > 0;) {
        for (int i = 0; started && i < scalar_window_bits; i++) CURVE(double_slots)(w, count, &careful);
        uint32_t code = (uint32_t)_mm_extract_epi16(digit_codes(&digits, scalar_window_bits, v), 0);
        if (code == 0xffff) continue;
        // The first sum is with infinity.
        int first_careful = 1;
        CURVE(add_slots)(w, 0, 0, ((code & 0x7fff) + 1) * count, code >> 15, count,
                         started ? &careful : &first_careful);
        started = 1;
    }
    CURVE(leave_all)(w->slots, count, products);
}
