#include "zk_msm.h"
#include "ifma_field.h"
#include <string.h>

#if defined(__x86_64__)

// Scalars to signed digits, and digits to sorted buckets. Nothing here depends on the curve's points.

static ifma_field const scalar_field = &IFMA_BN254_FR;

/// min(s, r − s) of eight scalars as integers, and the lanes where that was r − s.
/// In: radix-2^256 forms read with shift 4, < 16p.
IFMA_INLINE ifma_lanes absolute_values(ifma_lanes scalars, __mmask8 *negative) {
    const uint64_t unit[5] = {1, 0, 0, 0, 0};
    ifma_lanes value = ifma_multiply(scalar_field, scalars, ifma_broadcast(unit));
    value = ifma_canonical(scalar_field, value);
    ifma_lanes opposite = ifma_negate(scalar_field, value, 1);
    ifma_lanes difference = ifma_carry(ifma_raw_subtract(opposite, value));
    *negative = _mm512_movepi64_mask(difference.limb[4]);
    return ifma_select(*negative, value, opposite);
}

IFMA_TARGET void zk_msm_measure(const uint64_t *scalars, size_t count, uint8_t *lengths, uint32_t *histogram) {
    for (size_t i = 0; i < count; i += 8) {
        size_t lanes = count - i < 8 ? count - i : 8;
        __mmask8 negative;
        ifma_lanes value = absolute_values(ifma_load_partial(scalars + 4 * i, lanes, 4), &negative);
        // With windows of 16 bits negative values have the digit range that ends earlier at the top (see below), by
        // less than a 2^-14th.
        ifma_lanes more;
        for (int k = 0; k < 5; k++) {
            more.limb[k] = _mm512_srli_epi64(value.limb[k], 14);
            if (k < 4) {
                __m512i upper = _mm512_and_si512(_mm512_slli_epi64(value.limb[k + 1], 38), ifma_limb_mask());
                more.limb[k] = _mm512_or_si512(more.limb[k], upper);
            }
        }
        more.limb[0] = _mm512_add_epi64(more.limb[0], ifma_word(1));
        value = ifma_select(negative, value, ifma_add(value, more));
        uint64_t words[32];
        ifma_store(words, value);
        for (size_t j = 0; j < lanes; j++) {
            const uint64_t *w = words + 4 * j;
            int top = w[3] ? 3 : w[2] ? 2 : w[1] ? 1 : 0;
            unsigned length = w[top] ? (unsigned)(64 * top + 64 - __builtin_clzll(w[top])) : 0;
            lengths[i + j] = (uint8_t)length;
            histogram[length] += 1;
        }
    }
}

// Digits lie in (−2^(c−1), 2^(c−1)]; those of negated values in [−2^(c−1), 2^(c−1)) if c = 16, so that after the
// change of sign −2^15 never occurs and 16 bits hold every code.

/// The lanes with digits in [−2^(c−1), 2^(c−1)).
IFMA_INLINE __mmask8 lower_range(unsigned window_bits, __mmask8 negative) { return window_bits == 16 ? negative : 0; }

/// What is added to a value so that every digit below the top window is non-negative: `least` in each window. The
/// top window's digit is so anyway, and at most 2^(c−1).
IFMA_INLINE ifma_lanes digit_offsets(unsigned window_bits, uint64_t least) {
    uint64_t limbs[5] = {0};
    for (unsigned bit = 0; bit < 253 / window_bits * window_bits; bit++)
        limbs[bit / 52] |= (least >> (bit % window_bits) & 1) << (bit % 52);
    return ifma_broadcast(limbs);
}

/// The codes of window w of eight values (already offset).
IFMA_INLINE __m128i digit_codes(const ifma_packed *value, unsigned window_bits, unsigned w, __mmask8 negative) {
    unsigned position = window_bits * w, limb = position / 64, shift = position % 64;
    __m512i upper = limb < 3 ? value->limb[limb + 1] : _mm512_setzero_si512();
    __m512i bits = _mm512_or_si512(_mm512_srl_epi64(value->limb[limb], _mm_cvtsi32_si128((int)shift)),
                                   _mm512_sll_epi64(upper, _mm_cvtsi32_si128(64 - (int)shift)));
    __m512i digit = _mm512_and_si512(bits, ifma_word((1ull << window_bits) - 1));
    if (w < 253 / window_bits) {
        __mmask8 lower = lower_range(window_bits, negative);
        __m512i offset = ifma_word((1ull << (window_bits - 1)) - 1);
        digit = _mm512_sub_epi64(digit, _mm512_mask_add_epi64(offset, lower, offset, ifma_word(1)));
    }
    __mmask8 below = _mm512_movepi64_mask(digit), zero = _mm512_testn_epi64_mask(digit, digit);
    __m512i code = _mm512_sub_epi64(_mm512_abs_epi64(digit), ifma_word(1));
    code = _mm512_mask_or_epi64(code, below ^ negative, code, ifma_word(0x8000));
    code = _mm512_mask_mov_epi64(code, zero, ifma_word(0xffff));
    return _mm512_cvtepi64_epi16(code);
}

IFMA_TARGET void zk_msm_recode(const uint64_t *scalars, const uint8_t *lengths, size_t first, size_t count,
                               unsigned window_bits, zk_msm_cursor *cursor, uint32_t *order, uint16_t *digits,
                               const size_t *window_start) {
    const uint64_t half = 1ull << (window_bits - 1);
    const ifma_lanes offset = digit_offsets(window_bits, half - 1), lower_offset = digit_offsets(window_bits, half);
    for (size_t i = 0; i < count; i += 8) {
        size_t lanes = count - i < 8 ? count - i : 8;
        unsigned need[8], greatest = 0, least = 255;
        for (size_t j = 0; j < lanes; j++) {
            need[j] = lengths[i + j] == 0 ? 0 : lengths[i + j] / window_bits + 1;
            if (need[j] > greatest) greatest = need[j];
            if (need[j] < least) least = need[j];
        }
        if (greatest == 0) continue;
        __mmask8 negative;
        ifma_lanes value = absolute_values(ifma_load_partial(scalars + 4 * i, lanes, 4), &negative);
        ifma_packed packed = ifma_pack(ifma_add(value, ifma_select(lower_range(window_bits, negative), offset, lower_offset)));
        if (lanes == 8 && greatest == least) {
            uint32_t place = cursor->next[greatest];
            cursor->next[greatest] += 8;
            for (uint32_t j = 0; j < 8; j++) order[place + j] = (uint32_t)(first + i) + j;
            for (unsigned w = 0; w < greatest; w++)
                _mm_storeu_si128((__m128i *)(digits + window_start[w] + place),
                                 digit_codes(&packed, window_bits, w, negative));
            continue;
        }
        uint32_t place[8];
        for (size_t j = 0; j < lanes; j++) {
            place[j] = cursor->next[need[j]];
            if (need[j] == 0) continue;
            cursor->next[need[j]] += 1;
            order[place[j]] = (uint32_t)(first + i + j);
        }
        for (unsigned w = 0; w < greatest; w++) {
            uint16_t codes[8];
            _mm_storeu_si128((__m128i *)codes, digit_codes(&packed, window_bits, w, negative));
            for (size_t j = 0; j < lanes; j++)
                if (w < need[j]) digits[window_start[w] + place[j]] = codes[j];
        }
    }
}

uint32_t zk_msm_sort(const uint16_t *digits, const uint32_t *order, size_t count, unsigned window_bits,
                     uint32_t base, uint32_t *entries, uint32_t *bounds) {
    size_t buckets = (size_t)1 << (window_bits - 1);
    memset(bounds, 0, (buckets + 1) * sizeof(uint32_t));
    for (size_t i = 0; i < count; i++)
        if (digits[i] != 0xffff) bounds[digits[i] & 0x7fff] += 1;
    uint32_t total = base;
    for (size_t b = 0; b < buckets; b++) {
        uint32_t start = total;
        total += bounds[b];
        bounds[b] = start;
    }
    bounds[buckets] = total;
    for (size_t i = 0; i < count; i++)
        if (digits[i] != 0xffff)
            entries[bounds[digits[i] & 0x7fff]++] = order[i] | (uint32_t)(digits[i] & 0x8000) << 16;
    // Each bound has moved to its bucket's end, which is the next bucket's start.
    memmove(bounds + 1, bounds, buckets * sizeof(uint32_t));
    bounds[0] = base;
    return total;
}

size_t zk_mark_infinity(const uint64_t *points, size_t point_words, size_t first, size_t count, uint64_t *infinity) {
    size_t marked = 0;
    for (size_t i = first; i < first + count; i += 64) {
        uint64_t bits = 0;
        for (size_t j = 0; j < 64 && i + j < first + count; j++) {
            const uint64_t *point = points + (i + j) * point_words;
            uint64_t any = 0;
            for (size_t k = 0; k < point_words; k++) any |= point[k];
            bits |= (uint64_t)(any == 0) << j;
        }
        infinity[i / 64] = bits;
        marked += (size_t)__builtin_popcountll(bits);
    }
    return marked;
}

#endif
