#ifndef IFMA_MEMORY_H
#define IFMA_MEMORY_H

// Between four 64-bit limbs per element in memory and five 52-bit limbs per lane. Included by ifma_field.h.
//
// Memory holds x·2^256 mod p (Montgomery form with radix 2^256). Read as a number and multiplied by 2^s while its
// bits are redistributed, it is the radix-2^260 form of x·2^(s-4): with s = 4 of x itself, in the range < 16p, and
// with s = 0 the product of it with a true radix-2^260 element is again a radix-2^256 form.

/// Four vectors of eight 64-bit limbs, limb i of element j in lane j of `limb[i]`.
typedef struct {
    __m512i limb[4];
} ifma_packed;

/// Redistributes bits: value·2^shift in five limbs. In: value < 2^(260-shift), 0 <= shift <= 11. Out: normalised.
IFMA_INLINE ifma_lanes ifma_unpack(ifma_packed a, const int shift) {
    ifma_lanes r;
    const __m512i mask = ifma_limb_mask();
    r.limb[0] = _mm512_and_si512(_mm512_slli_epi64(a.limb[0], shift), mask);
    IFMA_UNROLL
    for (int i = 1; i < 4; i++)
        r.limb[i] = _mm512_and_si512(_mm512_shrdv_epi64(a.limb[i - 1], a.limb[i], ifma_word((uint64_t)(64 - 12 * i - shift))), mask);
    r.limb[4] = _mm512_srli_epi64(a.limb[3], 16 - shift);
    return r;
}

/// Redistributes bits back. In: normalised or a factor, < 2^256. Out: the same value in four 64-bit limbs.
IFMA_INLINE ifma_packed ifma_pack(ifma_lanes a) {
    ifma_packed r;
    IFMA_UNROLL
    for (int i = 0; i < 4; i++)
        r.limb[i] = _mm512_shrdv_epi64(_mm512_slli_epi64(a.limb[i], 12), a.limb[i + 1], ifma_word((uint64_t)(12 + 12 * i)));
    return r;
}

/// Transposes four vectors that hold elements (0, 1), (2, 3), (4, 5), (6, 7), four limbs each.
IFMA_INLINE ifma_packed ifma_transpose_pairs(__m512i e01, __m512i e23, __m512i e45, __m512i e67) {
    const __m512i first = _mm512_setr_epi64(0, 4, 8, 12, 1, 5, 9, 13);
    const __m512i second = _mm512_setr_epi64(2, 6, 10, 14, 3, 7, 11, 15);
    __m512i a = _mm512_permutex2var_epi64(e01, first, e23), b = _mm512_permutex2var_epi64(e45, first, e67);
    __m512i c = _mm512_permutex2var_epi64(e01, second, e23), d = _mm512_permutex2var_epi64(e45, second, e67);
    ifma_packed r;
    r.limb[0] = _mm512_shuffle_i64x2(a, b, 0x44);
    r.limb[1] = _mm512_shuffle_i64x2(a, b, 0xee);
    r.limb[2] = _mm512_shuffle_i64x2(c, d, 0x44);
    r.limb[3] = _mm512_shuffle_i64x2(c, d, 0xee);
    return r;
}

/// Eight consecutive elements of four limbs (256 bytes), times 2^shift.
IFMA_INLINE ifma_lanes ifma_load(const uint64_t *source, const int shift) {
    return ifma_unpack(
        ifma_transpose_pairs(_mm512_loadu_si512(source), _mm512_loadu_si512(source + 8),
                             _mm512_loadu_si512(source + 16), _mm512_loadu_si512(source + 24)), shift);
}

/// Eight elements of four limbs at the given addresses, times 2^shift.
IFMA_INLINE ifma_lanes ifma_load_gathered(const uint64_t *const source[8], const int shift) {
    __m512i pair[4];
    IFMA_UNROLL
    for (int i = 0; i < 4; i++) {
        __m256i even = _mm256_loadu_si256((const __m256i *)source[2 * i]);
        __m256i odd = _mm256_loadu_si256((const __m256i *)source[2 * i + 1]);
        pair[i] = _mm512_inserti64x4(_mm512_castsi256_si512(even), odd, 1);
    }
    return ifma_unpack(ifma_transpose_pairs(pair[0], pair[1], pair[2], pair[3]), shift);
}

/// The inverse of `ifma_transpose_pairs`: element pairs (0, 1), (2, 3), (4, 5), (6, 7).
IFMA_INLINE void ifma_untranspose(ifma_packed a, __m512i pair[4]) {
    const __m512i lower = _mm512_setr_epi64(0, 8, 4, 12, 1, 9, 5, 13);
    const __m512i upper = _mm512_setr_epi64(2, 10, 6, 14, 3, 11, 7, 15);
    const __m512i interleave = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    const __m512i interleave_high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    // x: limbs (0, 1) of elements 0, 4, 1, 5; and so on.
    __m512i x = _mm512_permutex2var_epi64(a.limb[0], lower, a.limb[1]);
    __m512i y = _mm512_permutex2var_epi64(a.limb[2], lower, a.limb[3]);
    __m512i z = _mm512_permutex2var_epi64(a.limb[0], upper, a.limb[1]);
    __m512i w = _mm512_permutex2var_epi64(a.limb[2], upper, a.limb[3]);
    __m512i e0_e1 = _mm512_permutex2var_epi64(x, interleave, y);
    __m512i e4_e5 = _mm512_permutex2var_epi64(x, interleave_high, y);
    __m512i e2_e3 = _mm512_permutex2var_epi64(z, interleave, w);
    __m512i e6_e7 = _mm512_permutex2var_epi64(z, interleave_high, w);
    pair[0] = e0_e1;
    pair[1] = e2_e3;
    pair[2] = e4_e5;
    pair[3] = e6_e7;
}

/// Stores eight consecutive elements of four limbs (256 bytes). In: normalised, < 2^256 (canonical for callers).
IFMA_INLINE void ifma_store(uint64_t *destination, ifma_lanes a) {
    __m512i pair[4];
    ifma_untranspose(ifma_pack(a), pair);
    IFMA_UNROLL
    for (int i = 0; i < 4; i++) _mm512_storeu_si512(destination + 8 * i, pair[i]);
}

/// Stores eight elements of four limbs to the given addresses, lanes outside `mask` left alone.
IFMA_INLINE void ifma_store_scattered(uint64_t *const destination[8], __mmask8 mask, ifma_lanes a) {
    __m512i pair[4];
    ifma_untranspose(ifma_pack(a), pair);
    IFMA_UNROLL
    for (int i = 0; i < 4; i++) {
        if (mask >> (2 * i) & 1) _mm256_storeu_si256((__m256i *)destination[2 * i], _mm512_castsi512_si256(pair[i]));
        if (mask >> (2 * i + 1) & 1)
            _mm256_storeu_si256((__m256i *)destination[2 * i + 1], _mm512_extracti64x4_epi64(pair[i], 1));
    }
}

/// The first `count` <= 8 of consecutive elements, times 2^shift; the other lanes are zero.
IFMA_INLINE ifma_lanes ifma_load_partial(const uint64_t *source, size_t count, const int shift) {
    __m512i pair[4];
    IFMA_UNROLL
    for (size_t i = 0; i < 4; i++) {
        __mmask8 mask = count >= 2 * i + 2 ? 0xff : count > 2 * i ? 0x0f : 0;
        pair[i] = _mm512_maskz_loadu_epi64(mask, source + 8 * i);
    }
    return ifma_unpack(ifma_transpose_pairs(pair[0], pair[1], pair[2], pair[3]), shift);
}

/// Stores the first `count` <= 8 lanes as consecutive elements. In: normalised, < 2^256.
IFMA_INLINE void ifma_store_partial(uint64_t *destination, size_t count, ifma_lanes a) {
    __m512i pair[4];
    ifma_untranspose(ifma_pack(a), pair);
    IFMA_UNROLL
    for (size_t i = 0; i < 4; i++) {
        __mmask8 mask = count >= 2 * i + 2 ? 0xff : count > 2 * i ? 0x0f : 0;
        _mm512_mask_storeu_epi64(destination + 8 * i, mask, pair[i]);
    }
}

#endif
