#ifndef MODULAR_INVERSE_H
#define MODULAR_INVERSE_H
#include <stdint.h>

/// An odd modulus p < 2^255 in five limbs of 62 bits, with p^-1 mod 2^62.
typedef struct {
    int64_t modulus[5];
    uint64_t inverse;
} inversion_modulus;

static const inversion_modulus INVERSION_BN254_FP = {
    {0x3c208c16d87cfd47, 0x1e05aa45a1c72a34, 0x05045b68181585d9, 0x19139cb84c680a6e, 0x30}, 0x382df87d1b799c77};
static const inversion_modulus INVERSION_BN254_FR = {
    {0x03e1f593f0000001, 0x20cfa121e6e5c245, 0x05045b68181585d2, 0x19139cb84c680a6e, 0x30}, 0x3d1e0a6c10000001};

/// r = x^-1 mod p, or 0 for x = 0. In: 0 <= x < p, four 64-bit limbs; r may be x. The time depends on x.
void zk_modular_inverse_vartime(const inversion_modulus *field, uint64_t r[4], const uint64_t x[4]);

#endif
