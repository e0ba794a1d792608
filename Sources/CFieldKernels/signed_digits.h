#ifndef SIGNED_DIGITS_H
#define SIGNED_DIGITS_H

// Scalars of BN254 as signed digits, eight at a time: what sums of multiples and fixed-base tables have in common.

#include "ifma_field.h"

#if defined(__x86_64__)

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

// Digits lie in (−2^(c−1), 2^(c−1)]; those of negated values in [−2^(c−1), 2^(c−1)) if c = 16, so that after the
// change of sign −2^15 never occurs and 16 bits hold every code.

/// Windows of a scalar of full length.
static inline unsigned signed_digit_windows(unsigned window_bits) { return 253 / window_bits + 1; }

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

/// The digits of eight scalars.
typedef struct {
    ifma_packed offset_values;
    __mmask8 negative;
} ifma_digits;

/// The codes of window w of eight values (already offset).
IFMA_INLINE __m128i digit_codes(const ifma_digits *digits, unsigned window_bits, unsigned w) {
    const ifma_packed *value = &digits->offset_values;
    unsigned position = window_bits * w, limb = position / 64, shift = position % 64;
    __m512i upper = limb < 3 ? value->limb[limb + 1] : _mm512_setzero_si512();
    __m512i bits = _mm512_or_si512(_mm512_srl_epi64(value->limb[limb], _mm_cvtsi32_si128((int)shift)),
                                   _mm512_sll_epi64(upper, _mm_cvtsi32_si128(64 - (int)shift)));
    __m512i digit = _mm512_and_si512(bits, ifma_word((1ull << window_bits) - 1));
    if (w < 253 / window_bits) {
        __mmask8 lower = lower_range(window_bits, digits->negative);
        __m512i offset = ifma_word((1ull << (window_bits - 1)) - 1);
        digit = _mm512_sub_epi64(digit, _mm512_mask_add_epi64(offset, lower, offset, ifma_word(1)));
    }
    __mmask8 below = _mm512_movepi64_mask(digit), zero = _mm512_testn_epi64_mask(digit, digit);
    __m512i code = _mm512_sub_epi64(_mm512_abs_epi64(digit), ifma_word(1));
    code = _mm512_mask_or_epi64(code, below ^ digits->negative, code, ifma_word(0x8000));
    code = _mm512_mask_mov_epi64(code, zero, ifma_word(0xffff));
    return _mm512_cvtepi64_epi16(code);
}

/// The offsets of one window width, for many calls of `signed_digits`.
typedef struct {
    unsigned window_bits;
    ifma_lanes ordinary, lower;
} digit_format;

IFMA_INLINE digit_format make_digit_format(unsigned window_bits) {
    const uint64_t half = 1ull << (window_bits - 1);
    return (digit_format){window_bits, digit_offsets(window_bits, half - 1), digit_offsets(window_bits, half)};
}

/// In: as for `absolute_values`.
IFMA_INLINE ifma_digits signed_digits(const digit_format *format, ifma_lanes scalars) {
    ifma_digits r;
    ifma_lanes value = absolute_values(scalars, &r.negative);
    __mmask8 lower = lower_range(format->window_bits, r.negative);
    r.offset_values = ifma_pack(ifma_add(value, ifma_select(lower, format->ordinary, format->lower)));
    return r;
}

#endif
#endif
