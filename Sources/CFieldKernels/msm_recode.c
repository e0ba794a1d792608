#include "zk_msm.h"
#include "signed_digits.h"
#include <string.h>

#if defined(__x86_64__)

// Scalars to signed digits, and digits to sorted buckets. Nothing here depends on the curve's points.

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

IFMA_TARGET void zk_msm_recode(const uint64_t *scalars, const uint8_t *lengths, size_t first, size_t count,
                               unsigned window_bits, zk_msm_cursor *cursor, uint32_t *order, uint16_t *digits,
                               const size_t *window_start) {
    const digit_format format = make_digit_format(window_bits);
    for (size_t i = 0; i < count; i += 8) {
        size_t lanes = count - i < 8 ? count - i : 8;
        unsigned need[8], greatest = 0, least = 255;
        for (size_t j = 0; j < lanes; j++) {
            need[j] = lengths[i + j] == 0 ? 0 : lengths[i + j] / window_bits + 1;
            if (need[j] > greatest) greatest = need[j];
            if (need[j] < least) least = need[j];
        }
        if (greatest == 0) continue;
        ifma_digits codes = signed_digits(&format, ifma_load_partial(scalars + 4 * i, lanes, 4));
        if (lanes == 8 && greatest == least) {
            uint32_t place = cursor->next[greatest];
            cursor->next[greatest] += 8;
            for (uint32_t j = 0; j < 8; j++) order[place + j] = (uint32_t)(first + i) + j;
            for (unsigned w = 0; w < greatest; w++)
                _mm_storeu_si128((__m128i *)(digits + window_start[w] + place),
                                 digit_codes(&codes, window_bits, w));
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
            uint16_t row[8];
            _mm_storeu_si128((__m128i *)row, digit_codes(&codes, window_bits, w));
            for (size_t j = 0; j < lanes; j++)
                if (w < need[j]) digits[window_start[w] + place[j]] = row[j];
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
