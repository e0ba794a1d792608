#include "zk_vectors.h"
#include "ifma_field.h"
#include <string.h>

#if defined(__x86_64__)

// A sparse matrix times a vector over the scalar field. Products are made eight at a time, whatever the rows they belong
// to, and then added up row by row.

enum { products_at_once = 256 };

/// products[i] = table[coefficients[i]]·values[columns[i]], canonical; `one` is the index of the coefficient 1.
IFMA_TARGET static void make_products(
    const uint32_t *columns, const uint32_t *coefficients, size_t count, const uint64_t *values, const uint64_t *table,
    uint32_t one, uint64_t *products) {
    for (size_t i = 0; i < count; i += 8) {
        const size_t lanes = count - i < 8 ? count - i : 8;
        const uint64_t *value[8], *coefficient[8];
        int ordinary = 0;
        for (size_t j = 0; j < 8; j++) {
            const size_t k = i + (j < lanes ? j : 0);
            value[j] = values + 4 * (size_t)columns[k];
            coefficient[j] = table + 4 * (size_t)coefficients[k];
            ordinary |= coefficients[k] != one;
        }
        if (!ordinary) {
            for (size_t j = 0; j < lanes; j++) memcpy(products + 4 * (i + j), value[j], 32);
            continue;
        }
        ifma_lanes x = ifma_load_gathered(value, 4), y = ifma_load_gathered(coefficient, 0);
        ifma_store(products + 4 * i, ifma_canonical(&IFMA_BN254_FR, ifma_multiply(&IFMA_BN254_FR, x, y)));
    }
}

/// sum <- sum + addend mod r, both canonical.
static inline void add_canonical(uint64_t sum[4], const uint64_t addend[4]) {
    static const uint64_t order[4] = {0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029};
    unsigned long long carry = 0, borrow = 0;
    uint64_t total[4], less[4];
    for (int i = 0; i < 4; i++) total[i] = __builtin_addcll(sum[i], addend[i], carry, &carry);
    for (int i = 0; i < 4; i++) less[i] = __builtin_subcll(total[i], order[i], borrow, &borrow);
    for (int i = 0; i < 4; i++) sum[i] = borrow ? total[i] : less[i];
}

void zk_fr_sparse_product(
    uint64_t *out, const uint32_t *offsets, size_t rows, const uint32_t *columns, const uint32_t *coefficients,
    const uint64_t *values, const uint64_t *table, uint32_t one) {
    uint64_t products[4 * products_at_once] __attribute__((aligned(64)));
    uint64_t sum[4] = {0};
    size_t row = 0, entry = offsets[0];
    const size_t end = offsets[rows];
    while (entry < end) {
        const size_t count = end - entry < products_at_once ? end - entry : products_at_once;
        make_products(columns + entry, coefficients + entry, count, values, table, one, products);
        for (size_t i = 0; i < count; i++, entry++) {
            for (; entry == offsets[row + 1]; row++) {
                memcpy(out + 4 * row, sum, sizeof sum);
                memset(sum, 0, sizeof sum);
            }
            add_canonical(sum, products + 4 * i);
        }
    }
    for (; row < rows; row++) {
        memcpy(out + 4 * row, sum, sizeof sum);
        memset(sum, 0, sizeof sum);
    }
}

#endif
