/* The operations that take most of a program's time, to the bits of the NumPy interpreter.
 *
 * Every sum starts at zero (or at the bias) and takes one term after another, in the order of the
 * trees or of the columns. Lanes only overlap the waiting of walks that have nothing to do with each
 * other. So nothing may be reordered or fused: compile with -ffp-contract=off, never -ffast-math.
 *
 * Nothing here looks at bounds. The callers, trees.py and forms.py beside this file, say why every
 * index is inside.
 */

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#ifdef __FAST_MATH__
#error "-ffast-math changes the bits"
#endif
#if !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
#error "sums would keep more bits than a double has"
#endif

#define VERSION 1
#ifndef MOST_BYTES
#define MOST_BYTES 64 /* of a register; less, to try what other processors do */
#endif
#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

enum {
    LANES = 8,              /* walks side by side */
    BLOCK_BYTES = 1 << 17,  /* rows that are walked before the next tree: they stay in the cache */
    ROWS_AT_ONCE = 64,      /* rows of a linear form that stay in the cache */
};

EXPORT int32_t modelwright_kernel_version(void) { return VERSION; }

static int64_t least(int64_t left, int64_t right) { return left < right ? left : right; }

/* --- trees ------------------------------------------------------------------------------------ */

/* A node is a quarter of a cache line; its two children lie side by side.
 *
 * A leaf asks slot 0, which holds no number, and is its own child: a walk that has arrived stays.
 * Its `threshold` is what it adds or, where leaves hold several columns, the row of them. */
typedef struct {
    double threshold;
    uint32_t asks;  /* where the number is, in steps of LANES */
    uint32_t child; /* where the left child is, in units of half a node */
} Node;

typedef struct {
    const Node *nodes;      /* the roots, then pairs of children */
    const int32_t *outputs; /* the column of each tree; NULL where there is one */
    const double *leaves;   /* rows of all columns; NULL where a leaf holds one number */
    const double *base;
    double scale;
    int64_t trees;
    int64_t columns;
    int64_t strict; /* whether left is "<" and not "<=" */
} Ensemble;

/* Write the numbers of a row into a lane, twice: missing as the smallest and as the largest. */
static void spread(const double *row, int64_t width, double *lane) {
    lane[0] = NAN;
    for (int64_t column = 0; column < width; column++) {
        double number = row[column];
        int missing = number != number;
        lane[(2 * column + 1) * LANES] = missing ? -INFINITY : number;
        lane[(2 * column + 2) * LANES] = missing ? INFINITY : number;
    }
}

INLINE const Node *node_at(const Node *nodes, uint32_t at) {
    return (const Node *)((const char *)nodes + (size_t)at * (sizeof(Node) / 2));
}

/* Take walks to their leaves: walk k by the numbers of lane k, or all by those of lane 0. */
INLINE void descend(const Node *nodes, const double *lanes, int apart, uint32_t *at, int strict) {
    uint32_t asked;
    do {
        asked = 0;
#pragma GCC unroll 8
        for (int walk = 0; walk < LANES; walk++) {
            const Node *node = node_at(nodes, at[walk]);
            double number = lanes[(size_t)node->asks + (apart ? walk : 0)];
            uint32_t right = strict ? number >= node->threshold : number > node->threshold;
            asked |= node->asks;
            at[walk] = node->child + 2 * right;
        }
    } while (asked);
}

INLINE void add_leaf(const Ensemble *all, int64_t tree, uint32_t at, double *total) {
    double value = node_at(all->nodes, at)->threshold;
    if (!all->leaves) {
        total[all->outputs ? all->outputs[tree] : 0] += value;
        return;
    }
    const double *leaf = all->leaves + (int64_t)value * all->columns;
    for (int64_t column = 0; column < all->columns; column++) total[column] += leaf[column];
}

/* One row, down several trees at once. */
INLINE void add_row(const Ensemble *all, const double *lanes, double *total, int strict) {
    uint32_t at[LANES];
    for (int64_t tree = 0; tree < all->trees; tree += LANES) {
        int64_t count = least(LANES, all->trees - tree);
        for (int walk = 0; walk < LANES; walk++)
            at[walk] = (uint32_t)(2 * (tree + least(walk, count - 1)));
        descend(all->nodes, lanes, 0, at, strict);
        for (int walk = 0; walk < count; walk++) add_leaf(all, tree + walk, at[walk], total);
    }
}

/* Many rows, several at once down one tree after another: each tree is read while it is near. */
INLINE void add_groups(const Ensemble *all, const double *lanes, int64_t slots, int64_t groups,
                       double *total, int strict) {
    uint32_t at[LANES];
    for (int64_t tree = 0; tree < all->trees; tree++)
        for (int64_t group = 0; group < groups; group++) {
            for (int walk = 0; walk < LANES; walk++) at[walk] = (uint32_t)(2 * tree);
            descend(all->nodes, lanes + group * slots * LANES, 1, at, strict);
            for (int walk = 0; walk < LANES; walk++)
                add_leaf(all, tree, at[walk], total + (group * LANES + walk) * all->columns);
        }
}

INLINE void add_block(const Ensemble *all, const double *matrix, int64_t rows, int64_t width,
                      double *lanes, double *total, int strict) {
    int64_t slots = 2 * width + 1, grouped = rows - rows % LANES;
    for (int64_t row = 0; row < grouped; row++)
        spread(matrix + row * width, width, lanes + row / LANES * slots * LANES + row % LANES);
    add_groups(all, lanes, slots, grouped / LANES, total, strict);
    for (int64_t row = grouped; row < rows; row++) {
        spread(matrix + row * width, width, lanes);
        add_row(all, lanes, total + row * all->columns, strict);
    }
}

static void finish(const Ensemble *all, int64_t rows, double *answers) {
    for (int64_t row = 0; row < rows; row++, answers += all->columns)
        for (int64_t column = 0; column < all->columns; column++)
            answers[column] = all->base[column] + all->scale * answers[column];
}

/* Write base + scale * (sum of leaves) for each row. Returns 1 where there is no memory, else 0. */
EXPORT int32_t modelwright_trees(const Ensemble *all, const double *matrix, int64_t rows,
                                 int64_t width, double *answers) {
    int64_t group_bytes = (2 * width + 1) * LANES * (int64_t)sizeof(double);
    int64_t groups = least(BLOCK_BYTES / group_bytes, rows / LANES);
    if (groups < 1) groups = 1;
    double *lanes = malloc((size_t)(groups * group_bytes));
    if (!lanes) return 1;
    memset(answers, 0, (size_t)(rows * all->columns) * sizeof(double));
    for (int64_t row = 0; row < rows; row += groups * LANES) {
        int64_t count = least(groups * LANES, rows - row);
        const double *block = matrix + row * width;
        double *total = answers + row * all->columns;
        if (all->strict)
            add_block(all, block, count, width, lanes, total, 1);
        else
            add_block(all, block, count, width, lanes, total, 0);
    }
    free(lanes);
    finish(all, rows, answers);
    return 0;
}

/* --- trees, many rows at once ----------------------------------------------------------------- */

enum { SCAN_ROWS = 64, SCAN_BIAS = 128 };

typedef struct {
    uint16_t slot; /* which count of thresholds it asks */
    int8_t code;   /* right is where the count is greater; both less SCAN_BIAS */
    int8_t clear;  /* the bits of its left subtree in one plane */
} ScanNode;

typedef struct {
    const ScanNode *nodes;      /* plane after plane of tree after tree */
    const int64_t *first_node;  /* of each plane, and the end */
    const int64_t *first_plane; /* of each tree, and the end */
    const int64_t *first_leaf;  /* of each tree */
    const double *leaves;   /* rows of `leaf_width` */
    const int32_t *outputs; /* the column of each tree; NULL where there is one, or a leaf has all */
    const double *cuts;     /* the thresholds of each column that is asked, rising */
    const int64_t *first_cut;
    const int64_t *asked; /* which columns these are */
    const double *base;
    double scale;
    int64_t trees;
    int64_t columns;
    int64_t leaf_width;
    int64_t asked_count;
    int64_t strict; /* whether left is "<" and not "<=" */
} Scan;

INLINE void add_found(const Scan *all, int64_t tree, const uint8_t *leaf, double *total) {
    const double *leaves = all->leaves + all->first_leaf[tree] * all->leaf_width;
    int64_t columns = all->columns;
    if (all->leaf_width == 1) {
        total += all->outputs ? all->outputs[tree] : 0;
        for (int row = 0; row < SCAN_ROWS; row++) total[row * columns] += leaves[leaf[row]];
        return;
    }
    for (int row = 0; row < SCAN_ROWS; row++)
        for (int64_t column = 0; column < columns; column++)
            total[row * columns + column] += leaves[leaf[row] * columns + column];
}

/* Count the thresholds below each number, or not above it: for a missing one none, and all. */
INLINE void count_below(const double *numbers, const double *cuts, int64_t count, int strict,
                        int8_t *low, int8_t *high) {
    uint32_t below[SCAN_ROWS] = {0};
    for (int64_t left = count; left > 0;) {
        int64_t half = left > 1 ? left / 2 : 1;
        for (int row = 0; row < SCAN_ROWS; row++) {
            double cut = cuts[below[row] + half - 1];
            int beyond = strict ? cut <= numbers[row] : cut < numbers[row];
            below[row] += (uint32_t)half & -(uint32_t)beyond;
        }
        left -= half;
    }
    for (int row = 0; row < SCAN_ROWS; row++) {
        low[row] = (int8_t)((int)below[row] - SCAN_BIAS);
        high[row] = numbers[row] != numbers[row] ? (int8_t)(count - SCAN_BIAS) : low[row];
    }
}

static void count_all(const Scan *all, const double *matrix, int64_t width, int8_t *codes) {
    double numbers[SCAN_ROWS];
    for (int64_t slot = 0; slot < all->asked_count; slot++, codes += 2 * SCAN_ROWS) {
        const double *from = matrix + all->asked[slot];
        const double *cuts = all->cuts + all->first_cut[slot];
        int64_t count = all->first_cut[slot + 1] - all->first_cut[slot];
        for (int row = 0; row < SCAN_ROWS; row++) numbers[row] = from[row * width];
        if (all->strict)
            count_below(numbers, cuts, count, 1, codes, codes + SCAN_ROWS);
        else
            count_below(numbers, cuts, count, 0, codes, codes + SCAN_ROWS);
    }
}

#define SCAN(name) name##_plain
#define SCAN_TARGET
#define SCAN_BYTES 16
#include "scan.h"

#if defined(__x86_64__)
#define SCAN(name) name##_256
#define SCAN_TARGET __attribute__((target("avx2")))
#define SCAN_BYTES 32
#include "scan.h"

#define SCAN(name) name##_512
#define SCAN_TARGET __attribute__((target("avx512bw")))
#define SCAN_BYTES 64
#include "scan.h"
#endif

static void (*scan_rows)(const Scan *, const int8_t *, double *) = scan_rows_plain;

#if defined(__x86_64__)
__attribute__((constructor)) static void choose_scan(void) {
    __builtin_cpu_init();
    if (MOST_BYTES >= 64 && __builtin_cpu_supports("avx512bw"))
        scan_rows = scan_rows_512;
    else if (MOST_BYTES >= 32 && __builtin_cpu_supports("avx2"))
        scan_rows = scan_rows_256;
}
#endif

EXPORT int64_t modelwright_scan_rows(void) { return SCAN_ROWS; }

/* Write base + scale * (sum of leaves) for rows, of which there are a multiple of SCAN_ROWS. Returns 1
 * where there is no memory, else 0. */
EXPORT int32_t modelwright_scan(const Scan *all, const double *matrix, int64_t rows, int64_t width,
                                double *answers) {
    int8_t *codes = malloc((size_t)(all->asked_count * 2 * SCAN_ROWS) + 1);
    if (!codes) return 1;
    int64_t columns = all->columns;
    memset(answers, 0, (size_t)(rows * columns) * sizeof(double));
    for (int64_t row = 0; row < rows; row += SCAN_ROWS) {
        double *total = answers + row * columns;
        count_all(all, matrix + row * width, width, codes);
        scan_rows(all, codes, total);
        for (int64_t at = 0; at < SCAN_ROWS * columns; at++)
            total[at] = all->base[at % columns] + all->scale * total[at];
    }
    free(codes);
    return 0;
}

#include "coded.h"

#include "forms.h"

#include "bends.h"

#include "instructions.h"

#include "shares.h"

#include "cells.h"
