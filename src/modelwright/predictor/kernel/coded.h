/* One row down trees whose nodes are counts of thresholds: four bytes each, a quarter of those above.
 *
 * The first four levels of a tree share a line of the cache; so do pairs further down with the two levels
 * below them. Siblings lie side by side. Numbers become counts of thresholds first, as for the scan, but a walk only looks
 * at the nodes that it comes by. What is added, and in which order, is as in a walk.
 */

enum {
    WALKS = 48, /* trees side by side: while one waits for its node, others have theirs */
    CODES = 256,
};

/* A leaf asks code 0, which is never greater, and is its own child; its `code` is its place among the
 * leaves of the tree. */
typedef struct {
    uint8_t slot;   /* which code it asks */
    uint8_t code;   /* right is where that is greater */
    uint16_t ahead; /* how far its left child is */
} CodedNode;

typedef struct {
    const CodedNode *nodes;
    const int32_t *roots; /* of each tree; the last ones again, up to a multiple of WALKS */
    const Scan *scan;     /* thresholds and leaves */
} Coded;

/* Write the counts of thresholds of a row: slots for missing as the smallest, and as the largest. */
static void code_row(const Scan *scan, const double *row, int32_t *codes) {
    codes[0] = 0;
    for (int64_t slot = 0; slot < scan->asked_count; slot++) {
        double number = row[scan->asked[slot]];
        const double *cuts = scan->cuts + scan->first_cut[slot];
        int64_t count = scan->first_cut[slot + 1] - scan->first_cut[slot];
        int64_t below = *bucket_of(scan, slot, number);
        for (int64_t left = scan->buckets[slot].most; left > 0;) {
            int64_t half = left > 1 ? left / 2 : 1;
            double cut = cuts[below + half - 1];
            below += half & -(int64_t)(scan->strict ? cut <= number : cut < number);
            left -= half;
        }
        codes[2 * slot + 1] = (int32_t)below;
        codes[2 * slot + 2] = (int32_t)(number != number ? count : below);
    }
}

/* Walk down as many trees as there are roots; write the leaf that each reaches. */
static void walk_codes(const CodedNode *nodes, const int32_t *roots, const int32_t *codes,
                       int32_t *leaves) {
    const CodedNode *at[WALKS];
    for (int walk = 0; walk < WALKS; walk++) at[walk] = nodes + roots[walk];
    uint32_t asked;
    do {
        asked = 0;
#pragma GCC unroll 32
        for (int walk = 0; walk < WALKS; walk++) {
            CodedNode node = *at[walk];
            asked |= node.slot;
            at[walk] += node.ahead + (codes[node.slot] > node.code);
        }
    } while (asked);
    for (int walk = 0; walk < WALKS; walk++) leaves[walk] = at[walk]->code;
}

#if defined(__x86_64__)
/* The same, sixteen nodes fetched by one instruction. */
__attribute__((target("avx512f"))) static void walk_codes_512(const CodedNode *nodes,
                                                              const int32_t *roots,
                                                              const int32_t *codes,
                                                              int32_t *leaves) {
    enum { PARTS = WALKS / 16 };
    const __m512i byte = _mm512_set1_epi32(0xFF), one = _mm512_set1_epi32(1);
    __m512i at[PARTS], node[PARTS];
    for (int part = 0; part < PARTS; part++) at[part] = _mm512_loadu_si512(roots + 16 * part);
    uint32_t asked;
    do {
        asked = 0;
#pragma GCC unroll 4
        for (int part = 0; part < PARTS; part++) {
            node[part] = _mm512_i32gather_epi32(at[part], nodes, sizeof(CodedNode));
            __m512i slot = _mm512_and_si512(node[part], byte);
            __m512i code = _mm512_and_si512(_mm512_srli_epi32(node[part], 8), byte);
            __m512i number = _mm512_i32gather_epi32(slot, codes, sizeof(int32_t));
            asked |= _mm512_test_epi32_mask(slot, slot);
            at[part] = _mm512_add_epi32(at[part], _mm512_srli_epi32(node[part], 16));
            at[part] = _mm512_mask_add_epi32(at[part], _mm512_cmpgt_epi32_mask(number, code),
                                             at[part], one);
        }
    } while (asked);
    for (int part = 0; part < PARTS; part++)
        _mm512_storeu_si512(leaves + 16 * part,
                            _mm512_and_si512(_mm512_srli_epi32(node[part], 8), byte));
}
#endif

static void (*walk_all)(const CodedNode *, const int32_t *, const int32_t *, int32_t *) = walk_codes;

#if defined(__x86_64__)
__attribute__((constructor)) static void choose_walk(void) {
    __builtin_cpu_init();
    if (MOST_BYTES >= 64 && __builtin_cpu_supports("avx512f")) walk_all = walk_codes_512;
}
#endif

static void add_coded(const Coded *all, const int32_t *codes, double *total) {
    const Scan *scan = all->scan;
    int32_t leaves[WALKS];
    for (int64_t tree = 0; tree < scan->trees; tree += WALKS) {
        walk_all(all->nodes, all->roots + tree, codes, leaves);
        for (int64_t walk = 0; walk < least(WALKS, scan->trees - tree); walk++) {
            int64_t place = scan->first_leaf[tree + walk] + leaves[walk];
            const double *leaf = scan->leaves + place * scan->leaf_width;
            if (scan->leaf_width == 1)
                total[scan->outputs ? scan->outputs[tree + walk] : 0] += *leaf;
            else
                for (int64_t column = 0; column < scan->columns; column++)
                    total[column] += leaf[column];
        }
    }
}

/* Write base + scale * (sum of leaves) for each row. */
EXPORT void modelwright_coded(const Coded *all, const double *matrix, int64_t rows, int64_t width,
                              double *answers) {
    const Scan *scan = all->scan;
    int32_t codes[CODES];
    for (int64_t row = 0; row < rows; row++, matrix += width, answers += scan->columns) {
        code_row(scan, matrix, codes);
        memset(answers, 0, (size_t)scan->columns * sizeof(double));
        add_coded(all, codes, answers);
        for (int64_t column = 0; column < scan->columns; column++)
            answers[column] = scan->base[column] + scan->scale * answers[column];
    }
}
