#ifndef ZK_PAIRING_H
#define ZK_PAIRING_H
#include <stddef.h>
#include <stdint.h>

// The optimal ate pairing of BN254 with AVX-512 IFMA. To be called only where `zk_cpu_has_avx512_ifma()` is 1. Every
// function is one task for one thread; the caller owns all memory.
//
// Points are affine x‖y in Montgomery form (radix 2^256), 8 words in G1 and 16 in G2; all words zero is the point
// at infinity. Elements of Fp12 are 48 words: c0.c0, c0.c1, c0.c2, c1.c0, c1.c1, c1.c2, each of two coordinates.

/// Bytes of scratch, 64-byte aligned, for `count` pairs.
size_t zk_miller_scratch_bytes(size_t count);

/// The product of the Miller functions of `count` pairs, up to factors that the final exponentiation removes.
/// A pair with a point at infinity contributes 1. Points must be in their groups.
void zk_miller_loop(const uint64_t *g1, const uint64_t *g2, size_t count, uint64_t result[48], void *scratch);

/// f^((p¹² − 1)/r · 2u(6u² + 3u + 1)), canonical; 0 for 0. `result` may be `f`.
void zk_final_exponentiation(const uint64_t f[48], uint64_t result[48]);

/// [s_i]P_i for `count` points of G1 and integers s_i < 2^128 of two words each, as affine points. `products` may be
/// `points`. The scratch is `zk_g1_short_scratch_bytes(count)` bytes, 64-byte aligned.
void zk_g1_short_multiply(const uint64_t *points, const uint64_t *scalars, size_t count, uint64_t *products,
                          void *scratch);
size_t zk_g1_short_scratch_bytes(size_t count);

#endif
