/* One row down trees whose nodes are counts of thresholds, several levels at a time.
 *
 * The upper four levels of a tree lie on one line of the cache. What its fifteen nodes are asked, at
 * once where the processor can, says together which of sixteen ways out is taken: to a leaf, or to a
 * fork, which has two levels more on a quarter of a line. Where a tree ends sooner, all ways below lead
 * to the same leaf. Numbers become counts of thresholds first, as for the scan. What is added, and in
 * which order, is as in a walk.
 */

enum {
    WALKS = 192, /* trees side by side: while one waits for its fork, others have theirs */
    WAYS = 16,
    CODES = 256,  /* two counts for each column that is asked, from 1 on */
    LEAVES = 256, /* the most of a tree */
};

/* Of nodes: which code each asks, and right is where that is greater; the children of node k are
 * 2k + 1 and 2k + 2. Of ways: a leaf of the tree, or LEAVES and a fork of the group. */
typedef struct {
    uint8_t slot[WAYS];
    uint8_t code[WAYS];
    uint16_t way[WAYS];
} Crown;

typedef struct {
    uint8_t slot[4];
    uint8_t code[4];
    uint16_t way[4];
} Fork;

typedef struct {
    const Crown *crowns; /* of each tree */
    const Fork *forks;
    const int64_t *first; /* the first fork of each group of WALKS trees */
    const Scan *scan;     /* thresholds and leaves */
} Coded;

/* Write the counts of thresholds of a row: slots for missing as the smallest, and as the largest. */
static void code_row(const Scan *scan, const double *row, uint8_t *codes) {
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
        codes[2 * slot + 1] = (uint8_t)below;
        codes[2 * slot + 2] = (uint8_t)(number != number ? count : below);
    }
}

/* Some trees, and what of them lies where. */
typedef struct {
    const Crown *crowns;
    const Fork *forks;
    const double *leaves;
    const int64_t *first_leaf;
    int64_t leaf_width;
    int64_t count;
} Group;

/* Between two requests other work has taken the cache. */
INLINE void fetch_next(const Group *group, int64_t tree, uint16_t way) {
    uintptr_t fork = (uintptr_t)group->forks + sizeof(Fork) * (uintptr_t)(way - LEAVES);
    int64_t place = (group->first_leaf[tree] + way) * group->leaf_width;
    uintptr_t leaf = (uintptr_t)group->leaves + sizeof(double) * (uintptr_t)place;
    /* A branch would be foreseen wrongly too often. */
    uintptr_t is_leaf = (uintptr_t)(way >= LEAVES) - 1;
    __builtin_prefetch((const void *)(fork ^ ((fork ^ leaf) & is_leaf)));
}

/* Write the leaf that each of some trees reaches; `OUT(crown)` is the way out of a crown. */
#define WALK(OUT)                                                                                  \
    uint16_t at[WALKS], walks[WALKS];                                                              \
    int64_t going = 0;                                                                             \
    for (int64_t tree = 0; tree < group->count; tree++) {                                          \
        uint16_t way = group->crowns[tree].way[OUT(group->crowns + tree)];                         \
        leaves[tree] = way;                                                                        \
        fetch_next(group, tree, way);                                                              \
        at[going] = (uint16_t)(way - LEAVES);                                                      \
        walks[going] = (uint16_t)tree;                                                             \
        going += way >= LEAVES;                                                                    \
    }                                                                                              \
    walk_forks(group, going, at, walks, codes, leaves);

INLINE uint32_t is_right(const uint8_t *slot, const uint8_t *code, uint32_t node,
                         const uint8_t *codes) {
    return codes[slot[node]] > code[node];
}

static void walk_forks(const Group *group, int64_t count, uint16_t *at, uint16_t *walks,
                       const uint8_t *codes, uint16_t *leaves) {
    while (count) {
        int64_t going = 0;
        for (int64_t walk = 0; walk < count; walk++) {
            const Fork *fork = group->forks + at[walk];
            uint32_t first = is_right(fork->slot, fork->code, 0, codes);
            uint32_t second = is_right(fork->slot, fork->code, 1 + first, codes);
            uint16_t way = fork->way[2 * first + second], tree = walks[walk];
            leaves[tree] = way;
            fetch_next(group, tree, way);
            at[going] = (uint16_t)(way - LEAVES);
            walks[going] = tree;
            going += way >= LEAVES;
        }
        count = going;
    }
}

INLINE uint32_t way_out(const Crown *crown, const uint8_t *codes) {
    uint32_t node = 0;
#pragma GCC unroll 4
    for (int level = 0; level < 4; level++)
        node = 2 * node + 1 + is_right(crown->slot, crown->code, node, codes);
    return node - (WAYS - 1);
}

static void walk_codes(const Group *group, const uint8_t *codes, uint16_t *leaves) {
#define OUT(crown) way_out(crown, codes)
    WALK(OUT)
#undef OUT
}

#if defined(__x86_64__)
#define TARGET_VBMI __attribute__((target("avx512bw,avx512vl,avx512vbmi,bmi2")))

/* All codes in registers: each node of a crown finds its own. */
typedef struct {
    __m512i parts[CODES / 64];
} Kept;

TARGET_VBMI INLINE uint32_t way_out_vbmi(const Crown *crown, const Kept *kept, int many) {
    __m512i line = _mm512_loadu_si512(crown);
    __m512i found = _mm512_permutex2var_epi8(kept->parts[0], line, kept->parts[1]);
    if (many) {
        __m512i others = _mm512_permutex2var_epi8(kept->parts[2], line, kept->parts[3]);
        found = _mm512_mask_blend_epi8(_mm512_movepi8_mask(line), found, others);
    }
    __m128i code = _mm_loadu_si128((const __m128i *)crown->code);
    uint32_t right = _mm_cmpgt_epu8_mask(_mm512_castsi512_si128(found), code), node = 0;
#pragma GCC unroll 4
    for (int level = 0; level < 4; level++) node = 2 * node + 1 + (right >> node & 1);
    return node - (WAYS - 1);
}

TARGET_VBMI static void walk_few_vbmi(const Group *group, const uint8_t *codes,
                                      uint16_t *leaves) {
    Kept kept;
    memcpy(&kept, codes, CODES);
#define OUT(crown) way_out_vbmi(crown, &kept, 0)
    WALK(OUT)
#undef OUT
}

TARGET_VBMI static void walk_many_vbmi(const Group *group, const uint8_t *codes,
                                      uint16_t *leaves) {
    Kept kept;
    memcpy(&kept, codes, CODES);
#define OUT(crown) way_out_vbmi(crown, &kept, 1)
    WALK(OUT)
#undef OUT
}
#endif

typedef void (*WalkCodes)(const Group *, const uint8_t *, uint16_t *);

/* Of few columns, whose codes fill half of the table, and of many. */
static WalkCodes walk_few = walk_codes, walk_many = walk_codes;

#if defined(__x86_64__)
__attribute__((constructor)) static void choose_walk(void) {
    __builtin_cpu_init();
    if (MOST_BYTES >= 64 && __builtin_cpu_supports("avx512vbmi") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2"))
        walk_few = walk_few_vbmi, walk_many = walk_many_vbmi;
}
#endif

static void add_coded(const Coded *all, const uint8_t *codes, double *total) {
    const Scan *scan = all->scan;
    WalkCodes walk_all = 2 * scan->asked_count < CODES / 2 ? walk_few : walk_many;
    uint16_t leaves[WALKS];
    for (int64_t tree = 0; tree < scan->trees; tree += WALKS) {
        Group group = {all->crowns + tree,      all->forks + all->first[tree / WALKS],
                       scan->leaves,            scan->first_leaf + tree,
                       scan->leaf_width,        least(WALKS, scan->trees - tree)};
        walk_all(&group, codes, leaves);
        if (scan->columns == 1) {
            double sum = *total;
            for (int64_t walk = 0; walk < group.count; walk++)
                sum += group.leaves[group.first_leaf[walk] + leaves[walk]];
            *total = sum;
            continue;
        }
        for (int64_t walk = 0; walk < group.count; walk++) {
            int64_t place = group.first_leaf[walk] + leaves[walk];
            const double *leaf = group.leaves + place * group.leaf_width;
            if (group.leaf_width == 1)
                total[scan->outputs ? scan->outputs[tree + walk] : 0] += *leaf;
            else
                for (int64_t column = 0; column < scan->columns; column++)
                    total[column] += leaf[column];
        }
    }
}

/* Write base + scale * (sum of leaves) for each row. */
EXPORT void modelwright_walk_codes(const Coded *all, const double *matrix, int64_t rows,
                                   int64_t width, double *answers) {
    const Scan *scan = all->scan;
    uint8_t codes[CODES] = {0};
    for (int64_t row = 0; row < rows; row++, matrix += width, answers += scan->columns) {
        code_row(scan, matrix, codes);
        memset(answers, 0, (size_t)scan->columns * sizeof(double));
        add_coded(all, codes, answers);
        for (int64_t column = 0; column < scan->columns; column++)
            answers[column] = scan->base[column] + scan->scale * answers[column];
    }
}
