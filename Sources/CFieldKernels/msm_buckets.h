// Bucket sums and their weighted reduction, by rounds of pairwise affine additions. A template on top of
// affine_batch.h, with the same parameters.

#ifndef MSM_BUCKETS_SHARED
#define MSM_BUCKETS_SHARED
enum {
    msm_slots = 1 << 12,           ///< sums at work at the same time, on up to twice as many entries
    msm_queue_pairs = (1 << 13) / COORDINATE_WORDS,  ///< additions that share an inversion; a multiple of 16
    msm_upcoming_words = 1 << 15,  ///< words of points that are fetched before they are needed
};

/// A bucket of the chunk at work: `count` partial sums from slot `start` on.
typedef struct {
    uint32_t bucket, start, count;
} msm_run;

/// Pairs waiting for addition: out[destination] = first + second. Sixteen are written at a time.
typedef struct {
    uint32_t first[msm_queue_pairs + 16], second[msm_queue_pairs + 16], destination[msm_queue_pairs + 16];
    size_t count;
} msm_queue;

/// base + step·(0, 1, …, 15).
IFMA_INLINE __m512i msm_steps(uint32_t base, uint32_t step) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_add_epi32(_mm512_set1_epi32((int)base),
                            _mm512_mullo_epi32(lane, _mm512_set1_epi32((int)step)));
}

/// Queues neighbours among `count` >= 2 entries, to be added into slots from `slot` on, as many pairs as fit and at most
/// 16; returns their number.
IFMA_INLINE uint32_t msm_queue_neighbours(msm_queue *q, const uint32_t *entries, uint32_t count, uint32_t slot) {
    const __m512i even = msm_steps(0, 2), odd = msm_steps(1, 2);
    uint32_t pairs = count / 2, room = msm_queue_pairs - (uint32_t)q->count;
    if (pairs > 16) pairs = 16;
    if (pairs > room) pairs = room;
    const uint32_t mask = (uint32_t)((1ull << (2 * pairs)) - 1);
    const __m512i lower = _mm512_maskz_loadu_epi32((__mmask16)mask, entries);
    const __m512i upper = _mm512_maskz_loadu_epi32((__mmask16)(mask >> 16), entries + 16);
    _mm512_storeu_si512(q->first + q->count, _mm512_permutex2var_epi32(lower, even, upper));
    _mm512_storeu_si512(q->second + q->count, _mm512_permutex2var_epi32(lower, odd, upper));
    _mm512_storeu_si512(q->destination + q->count, msm_steps(slot, 1));
    q->count += pairs;
    return pairs;
}

/// Queues additions of slots first + 2·stride·i and the ones `stride` after them for i = 0…wanted − 1, into the former, as
/// many as fit and at most 16; returns their number.
IFMA_INLINE uint32_t msm_queue_strided(msm_queue *q, uint32_t first, uint32_t stride, uint32_t wanted) {
    uint32_t room = msm_queue_pairs - (uint32_t)q->count, pairs = wanted < 16 ? wanted : 16;
    if (pairs > room) pairs = room;
    const __m512i slots = msm_steps(first, 2 * stride);
    _mm512_storeu_si512(q->first + q->count, slots);
    _mm512_storeu_si512(q->second + q->count, _mm512_add_epi32(slots, _mm512_set1_epi32((int)stride)));
    _mm512_storeu_si512(q->destination + q->count, slots);
    q->count += pairs;
    return pairs;
}

static inline size_t msm_round_up(size_t bytes) { return (bytes + 63) & ~(size_t)63; }
#endif

/// Scratch of one task.
typedef struct {
    int *careful;        ///< whether a sum so far may be at infinity
    uint64_t *buckets;   ///< windows·2^(c−1) points
    uint64_t *slots;     ///< msm_slots points
    msm_run *runs;       ///< msm_slots
    uint32_t *kept;      ///< 2·msm_slots
    msm_queue *queue;
    void *batch;
    upcoming_entries upcoming;
} CURVE(workspace);

static inline size_t CURVE(layout)(CURVE(workspace) *w, uint8_t *base, size_t buckets) {
    size_t used = 0;
    w->careful = (int *)base, used += 64;
    w->buckets = (uint64_t *)(base + used), used += buckets * POINT_WORDS * 8;
    w->slots = (uint64_t *)(base + used), used += msm_slots * POINT_WORDS * 8;
    w->runs = (msm_run *)(base + used), used += msm_round_up(msm_slots * sizeof(msm_run));
    w->kept = (uint32_t *)(base + used), used += msm_round_up(2 * msm_slots * 4);
    w->queue = (msm_queue *)(base + used), used += msm_round_up(sizeof(msm_queue));
    w->batch = base + used, used += msm_round_up(CURVE(batch_bytes)(msm_queue_pairs));
    return used;
}

static inline void CURVE(copy_point)(uint64_t *to, const uint64_t *from) {
    memcpy(to, from, POINT_WORDS * sizeof(uint64_t));
}

static inline int CURVE(is_infinite)(const uint64_t *point) {
    uint64_t any = 0;
    for (int i = 0; i < POINT_WORDS; i++) any |= point[i];
    return any == 0;
}

/// Repeats the last pair up to a whole unit; returns the number of pairs then.
static inline size_t CURVE(fill_queue)(msm_queue *queue) {
    size_t pairs = queue->count;
    for (; pairs % CURVE(unit) != 0; pairs++) {
        queue->first[pairs] = queue->first[queue->count - 1];
        queue->second[pairs] = queue->second[queue->count - 1];
        queue->destination[pairs] = queue->destination[queue->count - 1];
    }
    return pairs;
}

/// Adds all pairs of key entries into slots.
IFMA_TARGET static void CURVE(flush_keys)(CURVE(workspace) *w, const uint64_t *points) {
    msm_queue *q = w->queue;
    const size_t pairs = CURVE(fill_queue)(q);
    CURVE(add_pairs)((point_source){points, q->first, kind_key}, (point_source){points, q->second, kind_key}, 0,
                     w->slots, q->destination, pairs, &w->upcoming, w->careful, w->batch);
    q->count = 0;
}

/// Adds all pairs within one array of points in the inside form.
IFMA_TARGET static void CURVE(flush_work)(
    msm_queue *q, uint64_t *points, upcoming_entries *upcoming, int *careful, void *batch) {
    const size_t pairs = CURVE(fill_queue)(q);
    CURVE(add_pairs)((point_source){points, q->first, kind_work}, (point_source){points, q->second, kind_work}, 0,
                     points, q->destination, pairs, upcoming, careful, batch);
    q->count = 0;
}

/// a <- 4p − a for a <= 4p in four limbs of each part of a coordinate.
static inline void CURVE(negate_inside)(uint64_t *point) {
    for (int part = COORDINATE_WORDS; part < POINT_WORDS; part += 4) {
        unsigned long long borrow = 0;
        for (int i = 0; i < 4; i++)
            point[part + i] = __builtin_subcll(BN254_FP_FOURFOLD_WORDS[i], point[part + i], borrow, &borrow);
    }
}

/// One key entry alone to the inside form: limbs of x times 4, of y times 2, and the sign. Returns whether it is at
/// infinity.
static inline int CURVE(enter)(uint64_t *to, const uint64_t *points, uint32_t entry) {
    const uint64_t *from = points + (size_t)(entry & INDEX_MASK) * POINT_WORDS;
    for (int part = 0; part < POINT_WORDS; part += 4) {
        int shift = part < COORDINATE_WORDS ? 2 : 1;
        for (int i = 3; i > 0; i--) to[part + i] = from[part + i] << shift | from[part + i - 1] >> (64 - shift);
        to[part] = from[part] << shift;
    }
    int infinite = CURVE(is_infinite)(from);
    if (entry >> 31 && !infinite) CURVE(negate_inside)(to);
    return infinite;
}

/// Sums each run of slots to its first slot, halving the runs in every round, and moves the sums to the buckets.
IFMA_TARGET static void CURVE(sum_runs)(CURVE(workspace) *w, size_t runs) {
    msm_queue *q = w->queue;
    for (uint32_t stride = 1; runs > 0; stride *= 2) {
        size_t unfinished = 0;
        for (size_t k = 0; k < runs; k++) {
            msm_run run = w->runs[k];
            if (run.count <= stride) {
                CURVE(copy_point)(w->buckets + (size_t)run.bucket * POINT_WORDS, w->slots + (size_t)run.start * POINT_WORDS);
                continue;
            }
            w->runs[unfinished++] = run;
            for (uint32_t left = (run.count + stride - 1) / (2 * stride), done = 0; left > 0; left -= done) {
                done = msm_queue_strided(q, run.start, stride, left);
                run.start += 2 * stride * done;
                if (q->count == msm_queue_pairs) CURVE(flush_work)(q, w->slots, &w->upcoming, w->careful, w->batch);
            }
        }
        CURVE(flush_work)(q, w->slots, &w->upcoming, w->careful, w->batch);
        runs = unfinished;
    }
}

/// The entries whose points are not at infinity.
static inline uint32_t CURVE(keep_finite)(
    uint32_t *kept, const uint32_t *entries, uint32_t count, const uint64_t *infinity) {
    uint32_t number = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = entries[i] & INDEX_MASK;
        kept[number] = entries[i];
        number += !(infinity[index / 64] >> (index % 64) & 1);
    }
    return number;
}

/// Queues additions of a run's neighbours into slots from `slot` on, and adds the odd one as it is; returns the slot
/// after them.
IFMA_INLINE uint32_t CURVE(open_run)(
    CURVE(workspace) *w, const uint64_t *points, const uint32_t *run, uint32_t count, uint32_t slot) {
    msm_queue *q = w->queue;
    while (count >= 2) {
        const uint32_t pairs = msm_queue_neighbours(q, run, count, slot);
        run += 2 * pairs, count -= 2 * pairs, slot += pairs;
        if (q->count == msm_queue_pairs) CURVE(flush_keys)(w, points);
    }
    if (count == 1) *w->careful |= CURVE(enter)(w->slots + (size_t)slot++ * POINT_WORDS, points, run[0]);
    return slot;
}

/// Lets the batches to come fetch the points of the entries from `position` on.
static inline void CURVE(look_ahead)(CURVE(workspace) *w, const uint32_t *entries, uint32_t position, uint32_t end) {
    const uint32_t window = msm_upcoming_words / POINT_WORDS, left = end - position;
    if (w->upcoming.next < entries + position) w->upcoming.next = entries + position;
    w->upcoming.end = entries + position + (left < window ? left : window);
}

/// Adds each bucket's entries to it. A bucket that is cut because the slots are full goes on from its sum so far, and
/// so do all of them if this is not the first call.
IFMA_TARGET static void CURVE(sum_buckets)(
    CURVE(workspace) *w, const uint64_t *points, const uint64_t *infinity, const uint32_t *entries,
    const uint32_t *bounds, size_t buckets, const int first) {
    w->queue->count = 0;
    w->upcoming = (upcoming_entries){points, entries + bounds[0], entries + bounds[0]};
    uint32_t position = bounds[0], end = bounds[buckets];
    size_t bucket = 0;
    int continued = !first;
    while (position < end) {
        uint32_t slot = 0;
        size_t runs = 0;
        // A run takes a slot for each two entries and one more for the sum so far.
        for (int is_cut = 0; position < end && slot + 2 <= msm_slots && !is_cut;) {
            while (bounds[bucket + 1] <= position) bucket++, continued = !first;
            const uint32_t room = 2 * (msm_slots - slot - 1), left = bounds[bucket + 1] - position;
            const uint32_t *run = entries + position, start = slot;
            uint32_t count = left < room ? left : room;
            is_cut = left > room;
            position += count;
            if (infinity) {
                count = CURVE(keep_finite)(w->kept, run, count, infinity);
                run = w->kept;
            }
            CURVE(look_ahead)(w, entries, position, end);
            slot = CURVE(open_run)(w, points, run, count, slot);
            const uint64_t *partial = w->buckets + bucket * POINT_WORDS;
            if (continued && !CURVE(is_infinite)(partial))
                CURVE(copy_point)(w->slots + (size_t)slot++ * POINT_WORDS, partial);
            if (slot > start) w->runs[runs++] = (msm_run){(uint32_t)bucket, start, slot - start};
            continued = 1;
        }
        CURVE(flush_keys)(w, points);
        CURVE(sum_runs)(w, runs);
    }
}

/// Weighted sums of `windows` arrays of 2^bits buckets at once: afterwards place 0 of each holds the sum of all and place
/// 2^j the sum of those whose index has bit j set. In round k the places that matter are b + g·2^k with b
/// in {0, 1, 2, 4, …, 2^(k−1)}: b = 0 are sums of 2^k neighbours, b = 2^j are parts of the sum for bit j.
/// Adding neighbours of distance 2^k leaves the odd ones of b = 0 in place, as the parts of the sum for bit k.
IFMA_TARGET static void CURVE(reduce_buckets)(CURVE(workspace) *w, size_t windows, unsigned bits) {
    msm_queue *q = w->queue;
    uint64_t *points = w->buckets;
    q->count = 0;
    for (size_t b = 0; b < windows << bits && !*w->careful; b++)
        *w->careful = CURVE(is_infinite)(points + b * POINT_WORDS);
    for (unsigned k = 0; k < bits; k++) {
        for (size_t v = 0; v < windows; v++) {
            for (uint32_t group = 0; group < 1u << (bits - 1 - k); group++) {
                for (uint32_t base = 0; base < 1u << k; base = base ? 2 * base : 1) {
                    uint32_t first = (uint32_t)(v << bits) + (group << (k + 1)) + base, second = first + (1u << k);
                    q->first[q->count] = q->destination[q->count] = first;
                    q->second[q->count] = second;
                    if (++q->count == msm_queue_pairs) CURVE(flush_work)(q, points, NULL, w->careful, w->batch);
                }
            }
        }
        CURVE(flush_work)(q, points, NULL, w->careful, w->batch);
    }
}

/// A task's step: entries of `windows` sorted windows into the buckets.
IFMA_TARGET static void CURVE(accumulate)(
    const uint64_t *points, const uint64_t *infinity, const uint32_t *entries, const uint32_t *bounds,
    unsigned window_bits, size_t windows, int first, void *scratch) {
    const size_t buckets = windows << (window_bits - 1);
    CURVE(workspace) w;
    CURVE(layout)(&w, scratch, buckets);
    if (first) {
        *w.careful = 0;
        memset(w.buckets, 0, buckets * POINT_WORDS * sizeof(uint64_t));
    }
    CURVE(sum_buckets)(&w, points, infinity, entries, bounds, buckets, first);
}

/// A task's last step: the partial sums of its windows.
IFMA_TARGET static void CURVE(window_sums)(unsigned window_bits, size_t windows, uint64_t *sums, void *scratch) {
    const unsigned bits = window_bits - 1;
    CURVE(workspace) w;
    CURVE(layout)(&w, scratch, windows << bits);
    CURVE(reduce_buckets)(&w, windows, bits);
    for (size_t v = 0; v < windows; v++) {
        const uint64_t *window = w.buckets + (v << bits) * POINT_WORDS;
        uint64_t *out = sums + v * window_bits * POINT_WORDS;
        CURVE(copy_point)(out, window);
        for (unsigned j = 0; j < bits; j++)
            CURVE(copy_point)(out + (size_t)(1 + j) * POINT_WORDS, window + ((size_t)1 << j) * POINT_WORDS);
    }
}
