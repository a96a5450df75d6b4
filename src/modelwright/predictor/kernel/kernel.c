/* The operations that take most of a program's time, to the bits of the NumPy interpreter.
 *
 * Every sum starts at zero (or at the bias) and takes one term after another, in the order of the
 * trees or of the columns. Lanes only overlap the waiting of walks that have nothing to do with each
 * other. So nothing may be reordered or fused: compile with -ffp-contract=off, never -ffast-math.
 *
 * Nothing here looks at bounds. The callers, trees.py and forms.py beside this file, say why every
 * index is inside.
 */

#define _POSIX_C_SOURCE 200809L /* signals */

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
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

#define VERSION 2
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

/* --- many rows, or one, down trees of counts of thresholds ------------------------------------- */

#include "buckets.h"

#include "scans.h"

#include "coded.h"

#include "forms.h"

#include "bends.h"

#include "instructions.h"

#include "shares.h"

#include "cells.h"

#include "door.h"

#ifndef _WIN32 /* where memory of a file that is gone is no signal; Python writes its lines */
#include "torn.h"
#include "lines.h"
#endif
