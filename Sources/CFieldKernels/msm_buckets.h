// Bucket sums and their weighted reduction, by rounds of pairwise affine additions. A template on top of
// affine_batch.h, with the same parameters.

#ifndef MSM_BUCKETS_SHARED
#define MSM_BUCKETS_SHARED
enum {
    msm_slots = 1 << 13,          ///< sums at work at the same time, on up to twice as many entries
    msm_queue_pairs = 1 << 12,    ///< additions that share an inversion; a multiple of 16
};

/// A bucket of the chunk at work: `count` partial sums from slot `start` on.
typedef struct {
    uint32_t bucket, start, count;
} msm_run;

/// Pairs waiting for addition: out[destination] = first + second.
typedef struct {
    uint32_t first[msm_queue_pairs], second[msm_queue_pairs], destination[msm_queue_pairs];
    size_t count;
} msm_queue;

/// What the batch after the next flush will read.
static inline upcoming_entries msm_after(const uint32_t *entries, uint32_t position, uint32_t end) {
    size_t left = position < end ? end - position : 0;
    return (upcoming_entries){entries + position, left < 2 * msm_queue_pairs ? left : 2 * msm_queue_pairs};
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
IFMA_TARGET static void CURVE(flush_keys)(CURVE(workspace) *w, const uint64_t *points, upcoming_entries upcoming) {
    msm_queue *q = w->queue;
    const size_t pairs = CURVE(fill_queue)(q);
    CURVE(add_pairs)((point_source){points, q->first, kind_key}, (point_source){points, q->second, kind_key}, 0,
                     w->slots, q->destination, pairs, upcoming, w->careful, w->batch);
    q->count = 0;
}

/// Adds all pairs within one array of points in the inside form.
IFMA_TARGET static void CURVE(flush_work)(msm_queue *q, uint64_t *points, int *careful, void *batch) {
    const size_t pairs = CURVE(fill_queue)(q);
    CURVE(add_pairs)((point_source){points, q->first, kind_work}, (point_source){points, q->second, kind_work}, 0,
                     points, q->destination, pairs, (upcoming_entries){NULL, 0}, careful, batch);
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
            for (uint32_t i = 0; i + stride < run.count; i += 2 * stride) {
                q->first[q->count] = q->destination[q->count] = run.start + i;
                q->second[q->count] = run.start + i + stride;
                if (++q->count == msm_queue_pairs) CURVE(flush_work)(q, w->slots, w->careful, w->batch);
            }
        }
        CURVE(flush_work)(q, w->slots, w->careful, w->batch);
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
    CURVE(workspace) *w, const uint64_t *points, const uint32_t *run, uint32_t count, uint32_t slot,
    upcoming_entries upcoming) {
    msm_queue *q = w->queue;
    for (uint32_t i = 0; i + 1 < count; i += 2) {
        q->first[q->count] = run[i];
        q->second[q->count] = run[i + 1];
        q->destination[q->count] = slot++;
        if (++q->count == msm_queue_pairs) CURVE(flush_keys)(w, points, upcoming);
    }
    if (count & 1) *w->careful |= CURVE(enter)(w->slots + (size_t)slot++ * POINT_WORDS, points, run[count - 1]);
    return slot;
}

/// Adds each bucket's entries to it. A bucket that is cut because the slots are full goes on from its sum so far, and
/// so do all of them if this is not the first call.
IFMA_TARGET static void CURVE(sum_buckets)(
    CURVE(workspace) *w, const uint64_t *points, const uint64_t *infinity, const uint32_t *entries,
    const uint32_t *bounds, size_t buckets, const int first) {
    w->queue->count = 0;
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
            slot = CURVE(open_run)(w, points, run, count, slot, msm_after(entries, position, end));
            const uint64_t *partial = w->buckets + bucket * POINT_WORDS;
            if (continued && !CURVE(is_infinite)(partial))
                CURVE(copy_point)(w->slots + (size_t)slot++ * POINT_WORDS, partial);
            if (slot > start) w->runs[runs++] = (msm_run){(uint32_t)bucket, start, slot - start};
            continued = 1;
        }
        CURVE(flush_keys)(w, points, msm_after(entries, position, end));
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
                    if (++q->count == msm_queue_pairs) CURVE(flush_work)(q, points, w->careful, w->batch);
                }
            }
        }
        CURVE(flush_work)(q, points, w->careful, w->batch);
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
