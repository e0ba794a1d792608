#ifndef NTT_PASSES_H
#define NTT_PASSES_H

// Whole small transforms on an array of raw elements, each lane a transform of its own.
//
// Two radix-2 levels make one pass. Parts of more than NTT_CACHED elements are cut into quarters, depth first, so that
// the rest of the work on a quarter finds it in the first-level cache. The order of positions and of the factors is that
// of `SmallTransform` in Swift: splitting has one factor for each block, joining one for each place in a part.
//
// Ranges: a pass makes elements grow by at most 12p. They come in below 5.3p, and every sixth pass first reduces
// below 1.01p what it would add to, so that nothing reaches 5.3p + 6·12p < 84p.

#include "ntt_butterflies.h"

#if defined(__x86_64__)

/// Elements (of 320 bytes) of a part that stays in the first-level cache.
enum { NTT_CACHED = 64 };

/// A small transform with the places of its levels in the factors, outermost first.
typedef struct {
    const zk_ntt_small *small;
    size_t offset[64];
    /// Passes that ran on the elements since they were loaded.
    unsigned passes;
} ntt_levels;

static ntt_levels ntt_split_levels(const zk_ntt_small *small, unsigned passes) {
    ntt_levels levels = {.small = small, .passes = passes};
    size_t offset = 0, blocks = 1;
    for (unsigned level = 0; level < small->threes + small->twos; level++) {
        levels.offset[level] = offset;
        offset += level < small->threes ? 2 * blocks : blocks;
        blocks *= level < small->threes ? 3 : 2;
    }
    return levels;
}

static ntt_levels ntt_join_levels(const zk_ntt_small *small, unsigned passes) {
    ntt_levels levels = {.small = small, .passes = passes};
    size_t offset = 0, part = (size_t)1 << small->twos;
    for (unsigned level = 0; level < small->threes; level++) part *= 3;
    for (unsigned level = 0; level < small->threes + small->twos; level++) {
        levels.offset[level] = offset;
        part /= level < small->threes ? 3 : 2;
        offset += level < small->threes ? 2 * part : part;
    }
    return levels;
}

static inline size_t ntt_size(const zk_ntt_small *small) {
    return (size_t[]){1, 3, 9}[small->threes] << small->twos;
}

/// Whether pass number `pass` has to reduce first.
static inline int ntt_reduces(unsigned pass) { return pass != 0 && pass % 6 == 0; }

// MARK: - Splitting: natural order to permuted order

/// Two levels of one block: four parts of `part` elements.
IFMA_TARGET static void ntt_split4(ifma_lanes *v, size_t part, const zk_ntt_factor *w, const zk_ntt_factor *w01,
                                   int reduce) {
    for (size_t i = 0; i < part; i++) {
        ifma_lanes a = v[i], b = v[part + i], c = v[2 * part + i], d = v[3 * part + i];
        if (reduce) a = ntt_reduce(a), b = ntt_reduce(b);
        ntt_butterfly(&a, &c, w);
        ntt_butterfly(&b, &d, w);
        ntt_butterfly(&a, &b, &w01[0]);
        v[i] = a, v[part + i] = b;
        ntt_butterfly(&c, &d, &w01[1]);
        v[2 * part + i] = c, v[3 * part + i] = d;
    }
}

/// The same for the first block of an untwisted transform: factors 1, 1, i.
IFMA_TARGET static void ntt_split4_one(ifma_lanes *v, size_t part, const zk_ntt_factor *w01, int reduce) {
    for (size_t i = 0; i < part; i++) {
        ifma_lanes a = v[i], b = v[part + i], c = v[2 * part + i], d = v[3 * part + i];
        if (reduce) a = ntt_reduce(a), b = ntt_reduce(b);
        ntt_butterfly_one(&a, &c);
        ntt_butterfly_one(&b, &d);
        ntt_butterfly_one(&a, &b);
        v[i] = a, v[part + i] = b;
        ntt_butterfly(&c, &d, &w01[1]);
        v[2 * part + i] = c, v[3 * part + i] = d;
    }
}

/// `blocks` blocks of 4·part elements, the first with number `block` at its level.
IFMA_TARGET static void ntt_split4_blocks(const ntt_levels *levels, ifma_lanes *v, size_t blocks, size_t part,
                                          unsigned level, size_t block, int reduce) {
    const zk_ntt_factor *w = levels->small->factors + levels->offset[level];
    const zk_ntt_factor *w01 = levels->small->factors + levels->offset[level + 1];
    for (size_t i = 0; i < blocks; i++) {
        size_t number = block + i;
        if (number == 0 && levels->small->is_untwisted) ntt_split4_one(v, part, w01, reduce);
        else ntt_split4(v + 4 * part * i, part, w + number, w01 + 2 * number, reduce);
    }
}

/// The last level if the number of levels is odd: neighbours.
IFMA_TARGET static void ntt_split2_blocks(const ntt_levels *levels, ifma_lanes *v, size_t blocks, unsigned level,
                                          size_t block, int reduce) {
    const zk_ntt_factor *w = levels->small->factors + levels->offset[level] + block;
    for (size_t i = 0; i < blocks; i++) {
        if (reduce) v[2 * i] = ntt_reduce(v[2 * i]);
        ntt_butterfly(&v[2 * i], &v[2 * i + 1], w + i);
    }
}

/// One level of radix 3.
IFMA_TARGET static void ntt_split3(const ntt_levels *levels, ifma_lanes *v, size_t blocks, size_t part,
                                   unsigned level) {
    const zk_ntt_factor *w = levels->small->factors + levels->offset[level];
    for (size_t block = 0; block < blocks; block++) {
        for (size_t i = 3 * part * block; i < (3 * block + 1) * part; i++) {
            ifma_lanes a = v[i];
            ifma_lanes b = ntt_multiply(ntt_carry(v[i + part]), &w[2 * block]);
            ifma_lanes c = ntt_multiply(ntt_carry(v[i + 2 * part]), &w[2 * block + 1]);
            ntt_butterfly3(&a, &b, &c, levels->small->cube_root);
            v[i] = a, v[i + part] = b, v[i + 2 * part] = c;
        }
    }
}

/// All levels from `level` on of the block with number `block` at that level.
static void ntt_split_block(const ntt_levels *levels, ifma_lanes *v, size_t count, unsigned level, size_t block,
                            unsigned pass) {
    if (count > NTT_CACHED) {
        ntt_split4_blocks(levels, v, 1, count / 4, level, block, ntt_reduces(pass));
        for (size_t i = 0; i < 4; i++)
            ntt_split_block(levels, v + count / 4 * i, count / 4, level + 2, 4 * block + i, pass + 1);
        return;
    }
    size_t blocks = 1;
    for (; count >= 4; count /= 4, blocks *= 4, block *= 4, level += 2, pass++)
        ntt_split4_blocks(levels, v, blocks, count / 4, level, block, ntt_reduces(pass));
    if (count == 2) ntt_split2_blocks(levels, v, blocks, level, block, ntt_reduces(pass));
}

/// The whole transform. Returns the number of passes that have run.
static unsigned ntt_split(const zk_ntt_small *small, ifma_lanes *v, unsigned passes) {
    ntt_levels levels = ntt_split_levels(small, passes);
    size_t blocks = 1, count = ntt_size(small);
    for (unsigned level = 0; level < small->threes; level++, blocks *= 3, passes++)
        ntt_split3(&levels, v, blocks, count / (3 * blocks), level);
    for (size_t block = 0; block < blocks; block++)
        ntt_split_block(&levels, v + count / blocks * block, count / blocks, small->threes, block, passes);
    return passes + (small->twos + 1) / 2;
}

// MARK: - Joining: permuted order to natural order

/// Two levels at one place of a block of four parts: `inner` joins parts in pairs, `outer` has the factors at
/// this place and at `part` places further.
IFMA_INLINE void ntt_join4(ifma_lanes *v, size_t part, const zk_ntt_factor *inner, const zk_ntt_factor *outer,
                           int reduce) {
    ifma_lanes a = v[0], b = v[part], c = v[2 * part], d = v[3 * part];
    if (reduce) a = ntt_reduce(a), c = ntt_reduce(c);
    ntt_butterfly(&a, &b, inner);
    ntt_butterfly(&c, &d, inner);
    ntt_butterfly(&a, &c, outer);
    v[0] = a, v[2 * part] = c;
    ntt_butterfly(&b, &d, outer + part);
    v[part] = b, v[3 * part] = d;
}

/// The same for the first place of an untwisted transform: factors 1, 1, i.
IFMA_INLINE void ntt_join4_one(ifma_lanes *v, size_t part, const zk_ntt_factor *outer, int reduce) {
    ifma_lanes a = v[0], b = v[part], c = v[2 * part], d = v[3 * part];
    if (reduce) a = ntt_reduce(a), c = ntt_reduce(c);
    ntt_butterfly_one(&a, &b);
    ntt_butterfly_one(&c, &d);
    ntt_butterfly_one(&a, &c);
    v[0] = a, v[2 * part] = c;
    ntt_butterfly(&b, &d, outer + part);
    v[part] = b, v[3 * part] = d;
}

/// Two levels, of which the outer one is `level`, of `blocks` blocks of 4·part elements.
IFMA_TARGET static void ntt_join4_blocks(const ntt_levels *levels, ifma_lanes *v, size_t blocks, size_t part,
                                         unsigned level, int reduce) {
    const zk_ntt_factor *outer = levels->small->factors + levels->offset[level];
    const zk_ntt_factor *inner = levels->small->factors + levels->offset[level + 1];
    size_t start = 0;
    if (levels->small->is_untwisted) {
        for (size_t block = 0; block < blocks; block++) ntt_join4_one(v + 4 * part * block, part, outer, reduce);
        start = 1;
    }
    for (size_t block = 0; block < blocks; block++)
        for (size_t i = start; i < part; i++)
            ntt_join4(v + 4 * part * block + i, part, inner + i, outer + i, reduce);
}

/// The innermost level if the number of levels is odd: neighbours, one factor for all.
IFMA_TARGET static void ntt_join2_blocks(const ntt_levels *levels, ifma_lanes *v, size_t blocks, unsigned level,
                                         int reduce) {
    const zk_ntt_factor *w = levels->small->factors + levels->offset[level];
    for (size_t i = 0; i < blocks; i++) {
        if (reduce) v[2 * i] = ntt_reduce(v[2 * i]);
        if (levels->small->is_untwisted) ntt_butterfly_one(&v[2 * i], &v[2 * i + 1]);
        else ntt_butterfly(&v[2 * i], &v[2 * i + 1], w);
    }
}

/// One level of radix 3.
IFMA_TARGET static void ntt_join3(const ntt_levels *levels, ifma_lanes *v, size_t blocks, size_t part,
                                  unsigned level, int reduce) {
    const zk_ntt_factor *w = levels->small->factors + levels->offset[level];
    for (size_t block = 0; block < blocks; block++, v += 3 * part) {
        for (size_t i = 0; i < part; i++) {
            ifma_lanes a = v[i];
            if (reduce) a = ntt_reduce(a);
            ifma_lanes b = ntt_multiply(ntt_carry(v[i + part]), &w[2 * i]);
            ifma_lanes c = ntt_multiply(ntt_carry(v[i + 2 * part]), &w[2 * i + 1]);
            ntt_butterfly3(&a, &b, &c, levels->small->cube_root);
            v[i] = a, v[i + part] = b, v[i + 2 * part] = c;
        }
    }
}

/// All levels of a block of `count` elements, of which the outermost is `level`. Returns the number of passes run.
static unsigned ntt_join_block(const ntt_levels *levels, ifma_lanes *v, size_t count, unsigned level) {
    unsigned pass = levels->passes;
    if (count > NTT_CACHED) {
        for (size_t i = 0; i < 4; i++) pass = ntt_join_block(levels, v + count / 4 * i, count / 4, level + 2);
        ntt_join4_blocks(levels, v, 1, count / 4, level, ntt_reduces(pass));
        return pass + 1;
    }
    // The innermost levels first: `span` elements are joined already.
    unsigned depth = level + (unsigned)__builtin_ctzll(count);
    size_t span = 1;
    if (__builtin_ctzll(count) % 2 == 1) {
        ntt_join2_blocks(levels, v, count / 2, --depth, ntt_reduces(pass++));
        span = 2;
    }
    for (; span < count; span *= 4, pass++) {
        depth -= 2;
        ntt_join4_blocks(levels, v, count / (4 * span), span, depth, ntt_reduces(pass));
    }
    return pass;
}

/// The whole transform. Returns the number of passes that have run.
static unsigned ntt_join(const zk_ntt_small *small, ifma_lanes *v, unsigned passes) {
    ntt_levels levels = ntt_join_levels(small, passes);
    size_t blocks = (size_t[]){1, 3, 9}[small->threes], part = (size_t)1 << small->twos;
    for (size_t block = 0; block < blocks; block++)
        passes = ntt_join_block(&levels, v + part * block, part, small->threes);
    for (unsigned level = small->threes; level > 0; level--, part *= 3, passes++) {
        blocks /= 3;
        ntt_join3(&levels, v, blocks, part, level - 1, ntt_reduces(passes));
    }
    return passes;
}

#endif
#endif
