#ifndef IFMA_CONSTANTS_H
#define IFMA_CONSTANTS_H
#include <stdint.h>

/// The constants of a prime modulus p with 2^253 < p < 2^254 for arithmetic in five limbs of 52 bits.
/// Every five-limb number is little-endian; R = 2^260.
typedef struct {
    uint64_t negative_inverse;      ///< -p^-1 mod 2^52
    uint64_t fold[5];               ///< 2^-52 mod p: what one low limb is worth after a shift by one limb
    uint64_t one[5];                ///< R mod p: the Montgomery form of 1
    uint64_t square_of_radix[5];    ///< R^2 mod p: multiplying by it enters Montgomery form
    uint64_t radix256[5];           ///< 2^256 mod p: multiplying by it turns factor 2^260 into factor 2^256
    uint64_t multiple[17][5];       ///< k*p for k = 0...16
    uint64_t quotient_multiple[5][8];  ///< limb i of floor(j*2^254/p)*p for j = 0...7, as a table for vpermq
} ifma_prime;

/// The base field of BN254.
static const ifma_prime IFMA_BN254_FP = {
    .negative_inverse = 0x20782e4866389,
    .fold =
        {0xc93a3dee22c55, 0xe15f4ea250777, 0x37f0b49e7cd63, 0x2079e650a0895, 0x006234192d7a1},
    .one =
        {0x20880f6fce4b4, 0x49baa989a8455, 0x18f014a498908, 0x724f85a9201d8, 0x01f16424e1bb7},
    .square_of_radix =
        {0x8a81d1966eb04, 0x6195018016b86, 0xb4f898c98e615, 0x9969bfd531600, 0x00a8469a30d3a},
    .radix256 =
        {0xd438dc58f0d9d, 0x28f5c70b3dd35, 0x879462c0a78eb, 0xdf2f666ea36f7, 0x00e0a77c19a07},
    .multiple = {
        {0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000},
        {0x08c16d87cfd47, 0x916871ca8d3c2, 0x181585d97816a, 0xa029b85045b68, 0x030644e72e131},
        {0x1182db0f9fa8e, 0x22d0e3951a784, 0x302b0bb2f02d5, 0x405370a08b6d0, 0x060c89ce5c263},
        {0x1a4448976f7d5, 0xb439555fa7b46, 0x4840918c6843f, 0xe07d28f0d1238, 0x0912ceb58a394},
        {0x2305b61f3f51c, 0x45a1c72a34f08, 0x60561765e05aa, 0x80a6e14116da0, 0x0c19139cb84c6},
        {0x2bc723a70f263, 0xd70a38f4c22ca, 0x786b9d3f58714, 0x20d099915c908, 0x0f1f5883e65f8},
        {0x3488912edefaa, 0x6872aabf4f68c, 0x90812318d087f, 0xc0fa51e1a2470, 0x12259d6b14729},
        {0x3d49feb6aecf1, 0xf9db1c89dca4e, 0xa896a8f2489e9, 0x61240a31e7fd8, 0x152be2524285b},
        {0x460b6c3e7ea38, 0x8b438e5469e10, 0xc0ac2ecbc0b54, 0x014dc2822db40, 0x183227397098d},
        {0x4eccd9c64e77f, 0x1cac001ef71d2, 0xd8c1b4a538cbf, 0xa1777ad2736a8, 0x1b386c209eabe},
        {0x578e474e1e4c6, 0xae1471e984594, 0xf0d73a7eb0e29, 0x41a13322b9210, 0x1e3eb107ccbf0},
        {0x604fb4d5ee20d, 0x3f7ce3b411956, 0x08ecc05828f94, 0xe1caeb72fed79, 0x2144f5eefad21},
        {0x6911225dbdf54, 0xd0e5557e9ed18, 0x21024631a10fe, 0x81f4a3c3448e1, 0x244b3ad628e53},
        {0x71d28fe58dc9b, 0x624dc7492c0da, 0x3917cc0b19269, 0x221e5c138a449, 0x27517fbd56f85},
        {0x7a93fd6d5d9e2, 0xf3b63913b949c, 0x512d51e4913d3, 0xc2481463cffb1, 0x2a57c4a4850b6},
        {0x83556af52d729, 0x851eaade4685e, 0x6942d7be0953e, 0x6271ccb415b19, 0x2d5e098bb31e8},
        {0x8c16d87cfd470, 0x16871ca8d3c20, 0x81585d97816a9, 0x029b85045b681, 0x30644e72e131a},
    },
    .quotient_multiple = {
        {0x0000000000000, 0x08c16d87cfd47, 0x1182db0f9fa8e, 0x1a4448976f7d5,
         0x2bc723a70f263, 0x3488912edefaa, 0x3d49feb6aecf1, 0x4eccd9c64e77f},
        {0x0000000000000, 0x916871ca8d3c2, 0x22d0e3951a784, 0xb439555fa7b46,
         0xd70a38f4c22ca, 0x6872aabf4f68c, 0xf9db1c89dca4e, 0x1cac001ef71d2},
        {0x0000000000000, 0x181585d97816a, 0x302b0bb2f02d5, 0x4840918c6843f,
         0x786b9d3f58714, 0x90812318d087f, 0xa896a8f2489e9, 0xd8c1b4a538cbf},
        {0x0000000000000, 0xa029b85045b68, 0x405370a08b6d0, 0xe07d28f0d1238,
         0x20d099915c908, 0xc0fa51e1a2470, 0x61240a31e7fd8, 0xa1777ad2736a8},
        {0x0000000000000, 0x030644e72e131, 0x060c89ce5c263, 0x0912ceb58a394,
         0x0f1f5883e65f8, 0x12259d6b14729, 0x152be2524285b, 0x1b386c209eabe},
    },
};

/// The scalar field of BN254.
static const ifma_prime IFMA_BN254_FR = {
    .negative_inverse = 0x1f593efffffff,
    .fold =
        {0x82e644ee4c3d2, 0xf93893c98b1de, 0xd46fe04d0a4c7, 0x8f0aad55e2a1f, 0x005ed0447de83},
    .one =
        {0xb6b753fffffac, 0x380f271055b9d, 0x18f016ecef7c8, 0x724f85a9201d8, 0x01f16424e1bb7},
    .square_of_radix =
        {0x0b852d16da6f5, 0xc621620cddce3, 0xaf1b95343ffb6, 0xc3c15e103e7c2, 0x00281528fa122},
    .radix256 =
        {0x6341c4ffffffb, 0x959f60cd29ac9, 0x879462e36fc76, 0xdf2f666ea36f7, 0x00e0a77c19a07},
    .multiple = {
        {0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000, 0x0000000000000},
        {0x1f593f0000001, 0x4879b9709143e, 0x181585d2833e8, 0xa029b85045b68, 0x030644e72e131},
        {0x3eb27e0000002, 0x90f372e12287c, 0x302b0ba5067d0, 0x405370a08b6d0, 0x060c89ce5c263},
        {0x5e0bbd0000003, 0xd96d2c51b3cba, 0x4840917789bb8, 0xe07d28f0d1238, 0x0912ceb58a394},
        {0x7d64fc0000004, 0x21e6e5c2450f8, 0x6056174a0cfa1, 0x80a6e14116da0, 0x0c19139cb84c6},
        {0x9cbe3b0000005, 0x6a609f32d6536, 0x786b9d1c90389, 0x20d099915c908, 0x0f1f5883e65f8},
        {0xbc177a0000006, 0xb2da58a367974, 0x908122ef13771, 0xc0fa51e1a2470, 0x12259d6b14729},
        {0xdb70b90000007, 0xfb541213f8db2, 0xa896a8c196b59, 0x61240a31e7fd8, 0x152be2524285b},
        {0xfac9f80000008, 0x43cdcb848a1f0, 0xc0ac2e9419f42, 0x014dc2822db40, 0x183227397098d},
        {0x1a23370000009, 0x8c4784f51b62f, 0xd8c1b4669d32a, 0xa1777ad2736a8, 0x1b386c209eabe},
        {0x397c76000000a, 0xd4c13e65aca6d, 0xf0d73a3920712, 0x41a13322b9210, 0x1e3eb107ccbf0},
        {0x58d5b5000000b, 0x1d3af7d63deab, 0x08ecc00ba3afb, 0xe1caeb72fed79, 0x2144f5eefad21},
        {0x782ef4000000c, 0x65b4b146cf2e9, 0x210245de26ee3, 0x81f4a3c3448e1, 0x244b3ad628e53},
        {0x978833000000d, 0xae2e6ab760727, 0x3917cbb0aa2cb, 0x221e5c138a449, 0x27517fbd56f85},
        {0xb6e172000000e, 0xf6a82427f1b65, 0x512d51832d6b3, 0xc2481463cffb1, 0x2a57c4a4850b6},
        {0xd63ab1000000f, 0x3f21dd9882fa3, 0x6942d755b0a9c, 0x6271ccb415b19, 0x2d5e098bb31e8},
        {0xf593f00000010, 0x879b9709143e1, 0x81585d2833e84, 0x029b85045b681, 0x30644e72e131a},
    },
    .quotient_multiple = {
        {0x0000000000000, 0x1f593f0000001, 0x3eb27e0000002, 0x5e0bbd0000003,
         0x9cbe3b0000005, 0xbc177a0000006, 0xdb70b90000007, 0x1a23370000009},
        {0x0000000000000, 0x4879b9709143e, 0x90f372e12287c, 0xd96d2c51b3cba,
         0x6a609f32d6536, 0xb2da58a367974, 0xfb541213f8db2, 0x8c4784f51b62f},
        {0x0000000000000, 0x181585d2833e8, 0x302b0ba5067d0, 0x4840917789bb8,
         0x786b9d1c90389, 0x908122ef13771, 0xa896a8c196b59, 0xd8c1b4669d32a},
        {0x0000000000000, 0xa029b85045b68, 0x405370a08b6d0, 0xe07d28f0d1238,
         0x20d099915c908, 0xc0fa51e1a2470, 0x61240a31e7fd8, 0xa1777ad2736a8},
        {0x0000000000000, 0x030644e72e131, 0x060c89ce5c263, 0x0912ceb58a394,
         0x0f1f5883e65f8, 0x12259d6b14729, 0x152be2524285b, 0x1b386c209eabe},
    },
};

/// Three times the base field's modulus in four limbs of 64 bits.
static const uint64_t BN254_FP_TRIPLE_WORDS[4] = {
    0xb461a4448976f7d5, 0xc6843fb439555fa7, 0x28f0d12384840918, 0x912ceb58a394e07d};

#endif
