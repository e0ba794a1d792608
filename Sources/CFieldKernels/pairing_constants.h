#ifndef PAIRING_CONSTANTS_H
#define PAIRING_CONSTANTS_H
#include <stdint.h>

// The constants of the optimal ate pairing of BN254: u = 4965661367192848881, ξ = 9 + i, numbers of five limbs of
// 52 bits, field elements in Montgomery form with radix 2^260.

/// The non-adjacent form of 6u + 2 below its leading 1, most significant digit first.
static const int8_t LOOP_DIGITS[65] = {
    0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, 1, 0, -1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1,
    0, 0, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0, 0, -1, 0, 1, 0, 1, 0, 0, 0};

/// The non-adjacent form of u below its leading 1, most significant digit first.
static const int8_t U_DIGITS[62] = {
    0, 0, 0, 1, 0, 1, 0, 0, -1, 0, 1, 0, 1, 0, -1, 0, 0, 1, 0, 1, 0, -1, 0, -1, 0, -1, 0, 1, 0, 0, 0, 1, 0,
    0, 1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0, 1};

/// 2^264 mod p: multiplying by it turns factor 2^256 into factor 2^260.
static const uint64_t FP_ENTER[5] = {
    0xb0f2afaec667a, 0xed9626b0fffbd, 0x9e2a0fcad825a, 0xe357276f48b70, 0x00d791464ef86};

/// 2^260 − p, and 2^285/p rounded down.
static const uint64_t FP_NEGATIVE_MODULUS[5] = {
    0xf73e9278302b9, 0x6e978e3572c3d, 0xe7ea7a2687e95, 0x5fd647afba497, 0xfcf9bb18d1ece};
static const uint64_t FP_RECIPROCAL = 0xa948e8c4;

/// 3b for the twist y² = x³ + b, b = 3/ξ.
static const uint64_t TWIST_TRIPLE_B[2][5] = {
    {0x6f77000ece184, 0xe7799f259eca2, 0xfcf04d713e21a, 0x0e995732cf638, 0x025ca2144fde5},
    {0xbda5080f2e609, 0xfa4e30b11d6f5, 0xebec79585a03c, 0xde6ea586e3bff, 0x00bee883b1268}};

/// ξ^(k(pⁿ − 1)/6), what w^k is multiplied by in the pⁿ-th power: [n − 1][part][limb][k].
static const uint64_t FROBENIUS[3][2][5][8] = {
    {
        {
            {0x20880f6fce4b4, 0xa696331449070, 0xf504d9252c8c8, 0x73fb06d8f833c,
             0x9a3585840fc2f, 0x34a6b03a30ec6, 0, 0},
            {0x49baa989a8455, 0x387afb78aaf9b, 0xff5717f0e1766, 0x5d2de62e1f7a3,
             0x38982495da913, 0xaa03e9f16d2e4, 0, 0},
            {0x18f014a498908, 0x8a2087ca6b1d7, 0x6d5d6268bedc7, 0x435120898fe17,
             0x958cf0b3728d3, 0x33d8c5c96fac2, 0, 0},
            {0x724f85a9201d8, 0xa7c11bded5ef0, 0x4d79dd84e4be3, 0x0bde76d9d6e18,
             0xdda5bf100b172, 0xc318da0cc4713, 0, 0},
            {0x01f16424e1bb7, 0x02f34d751a1f3, 0x0124959ea0e94, 0x00ea35e87c1bc,
             0x00b3ba8b791a1, 0x00851f81f63de, 0, 0},
        },
        {
            {0x0000000000000, 0x825c28a21e4bd, 0x360d7e4c8961c, 0x025062911a28e,
             0x9404297b0b53c, 0xd9cdd5b992367, 0, 0},
            {0x0000000000000, 0x6e5ba520f7f58, 0x07ba33957816c, 0x23cc340a00d3b,
             0x895ef037670c5, 0x059451e72a4e9, 0, 0},
            {0x0000000000000, 0x675d8990b6915, 0xbfc7f4787b6b8, 0x2daf19231ebfd,
             0x5cd073312a19b, 0xdfce1d470fe03, 0, 0},
            {0x0000000000000, 0x344d296ddd94b, 0x3a46caadf8519, 0x2a7ebd080280a,
             0x8dded8052c12b, 0xc33b6e562b070, 0, 0},
            {0x0000000000000, 0x0187fe92cd2a1, 0x021e14e5259db, 0x022f5b5e00d39,
             0x0037cfc7088cb, 0x01c3e22982b40, 0, 0},
        },
    },
    {
        {
            {0x20880f6fce4b4, 0x774393724c1d9, 0x5f7cf18a4da6c, 0xe8395e1801893,
             0x917dda1583b6e, 0xa9447bfd822db, 0, 0},
            {0x49baa989a8455, 0xb522c7ac0f6cb, 0xfcd08fecf4638, 0x47adc840e4f6c,
             0xdc45aa1e7dcf6, 0x9497e1dd98d89, 0, 0},
            {0x18f014a498908, 0xf52e93174dbf6, 0xf454044c2d458, 0xff257134df862,
             0x22e6f2c22a573, 0x23c1818d4ad11, 0, 0},
            {0x724f85a9201d8, 0xce3729b0e1644, 0xfc115c5806fd4, 0x2dda32a72598f,
             0xd1f28e9f64523, 0xa4185bf83eb93, 0, 0},
            {0x01f16424e1bb7, 0x0122ca7e8cc53, 0x0237ab40d91cd, 0x0114e0c24c57a,
             0x01e37a68a14dd, 0x00ce99a654f63, 0, 0},
        },
        {
            {0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000,
             0x0000000000000, 0x0000000000000, 0, 0},
            {0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000,
             0x0000000000000, 0x0000000000000, 0, 0},
            {0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000,
             0x0000000000000, 0x0000000000000, 0, 0},
            {0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000,
             0x0000000000000, 0x0000000000000, 0, 0},
            {0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000,
             0x0000000000000, 0x0000000000000, 0, 0},
        },
    },
    {
        {
            {0x20880f6fce4b4, 0x0495733739d42, 0xcb68cf5f4d60a, 0x94c666aed7a0b,
             0x8222a057c3362, 0x0dd87718a6cff, 0, 0},
            {0x49baa989a8455, 0xca7bb344d8ecf, 0xf695f441a841a, 0x343a8b9c6dc1e,
             0x2fbefb18d9d06, 0x623a31d72166e, 0, 0},
            {0x18f014a498908, 0xdfdea95806e54, 0x57f0ba3460958, 0xd4c4654fe8353,
             0x6ba96f0ce600a, 0xf1e6b5cff01aa, 0, 0},
            {0x724f85a9201d8, 0x91e2e939e78f9, 0xb6806bc83d2d1, 0x944b41766ed4f,
             0x853a14eed193e, 0xd6c3f966425b9, 0, 0},
            {0x01f16424e1bb7, 0x0204e3bb277bd, 0x01e88d7016849, 0x021c0efeb1f75,
             0x00a3b37ed850b, 0x00a222dbb55ee, 0, 0},
        },
        {
            {0x0000000000000, 0xe1e6a13e5b43c, 0x0e1caf37242eb, 0x06710af6b5ab9,
             0x9daabe128801f, 0x86ac9cd9dbb1c, 0, 0},
            {0x0000000000000, 0xa7c1e6795c4c6, 0x638121552317a, 0x6d9c3dc08c687,
             0xab942610160cb, 0xf0c80af894010, 0, 0},
            {0x0000000000000, 0x8e089a0bfdf29, 0x2443d5accb918, 0xea666cb65956d,
             0x361848af5cafd, 0x29511569686e4, 0, 0},
            {0x0000000000000, 0xc8750e5ec49ab, 0xe4d97570b790c, 0x75aafb484335d,
             0xaa07490d06082, 0x8444df10ccace, 0, 0},
            {0x0000000000000, 0x021d0a3fc70b1, 0x013334b7b9de7, 0x00d6e9892d3f8,
             0x01e09ed94257e, 0x00964ebbba202, 0, 0},
        },
    },
};

#endif
