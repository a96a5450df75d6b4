/* Trees as counts of thresholds, and how numbers become such counts, a byte each.
 *
 * A number lies in a bucket of equal width; rounding keeps the order, so thresholds of earlier buckets
 * are below it and those of later ones above. Only those of its own are compared.
 */

enum {
    SCAN_ROWS = 64,
    SCAN_BIAS = 128,
    SCAN_BLOCK = 4 * SCAN_ROWS, /* rows that share what is read of a tree */
};

typedef struct {
    uint16_t slot; /* which count of thresholds it asks */
    int8_t code;   /* right is where the count is greater; both less SCAN_BIAS */
    int8_t clear;  /* the bits of its left subtree in one plane */
} ScanNode;

typedef struct {
    double origin, per_width, last; /* where the first begins, buckets for a unit, the last one */
    int64_t first;                  /* where its `starts` begin */
    int64_t most;                   /* thresholds to look at from there */
} Buckets;

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
    const Buckets *buckets; /* of each column that is asked */
    const uint8_t *starts;  /* where to look from, bucket after bucket */
} Scan;

/* Return where to look for a number; for a missing one at the first threshold. */
INLINE const uint8_t *bucket_of(const Scan *all, int64_t slot, double number) {
    const Buckets *of = all->buckets + slot;
    double at = (number - of->origin) * of->per_width;
    at = at > 0 ? at : 0;
    at = at < of->last ? at : of->last;
    return all->starts + of->first + (int32_t)at;
}

/* Count the thresholds below each number of a column, or not above it: for a missing one none, and all. */
INLINE void count_below(const Scan *all, int64_t slot, const double *from, int64_t width, int strict,
                        int8_t *low, int8_t *high) {
    const double *cuts = all->cuts + all->first_cut[slot];
    int64_t count = all->first_cut[slot + 1] - all->first_cut[slot];
    double numbers[SCAN_ROWS];
    uint32_t below[SCAN_ROWS];
    for (int row = 0; row < SCAN_ROWS; row++) {
        numbers[row] = from[row * width];
        below[row] = *bucket_of(all, slot, numbers[row]);
    }
    for (int64_t left = all->buckets[slot].most; left > 0;) {
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

#if defined(__x86_64__)
#define TARGET_512 __attribute__((target("avx512bw"), always_inline))

/* Where eight numbers lie, as `bucket_of`. */
TARGET_512 static inline __m256i places_512(const Buckets *of, __m512d numbers) {
    __m512d at = _mm512_sub_pd(numbers, _mm512_set1_pd(of->origin));
    /* Of a number that is none, the second is taken. */
    at = _mm512_max_pd(_mm512_mul_pd(at, _mm512_set1_pd(of->per_width)), _mm512_setzero_pd());
    return _mm512_cvttpd_epi32(_mm512_min_pd(at, _mm512_set1_pd(of->last)));
}

TARGET_512 static inline __m256i half_512(__m512i of, int upper) {
    return upper ? _mm512_extracti64x4_epi64(of, 1) : _mm512_castsi512_si256(of);
}

/* The same for sixteen rows, fetched side by side. */
TARGET_512 static inline void count_512(const Scan *all, int64_t slot, const double *from,
                                        __m256i steps, int strict, int8_t *low, int8_t *high) {
    const Buckets *of = all->buckets + slot;
    const double *cuts = all->cuts + all->first_cut[slot];
    int count = (int)(all->first_cut[slot + 1] - all->first_cut[slot]);
    __m512d one = _mm512_i32gather_pd(steps, from, 8), two;
    from += 8 * _mm256_extract_epi32(steps, 1);
    two = _mm512_i32gather_pd(steps, from, 8);
    __m512i below = _mm512_castsi256_si512(places_512(of, one));
    below = _mm512_inserti64x4(below, places_512(of, two), 1);
    below = _mm512_i32gather_epi32(below, all->starts + of->first, 1);
    below = _mm512_and_si512(below, _mm512_set1_epi32(0xFF));
    for (int left = (int)of->most; left > 0;) {
        int half = left > 1 ? left / 2 : 1;
        __m512d first = _mm512_i32gather_pd(half_512(below, 0), cuts + half - 1, 8);
        __m512d second = _mm512_i32gather_pd(half_512(below, 1), cuts + half - 1, 8);
        __mmask16 beyond = strict ? (__mmask16)(_mm512_cmp_pd_mask(second, two, _CMP_LE_OQ) << 8 |
                                                _mm512_cmp_pd_mask(first, one, _CMP_LE_OQ))
                                  : (__mmask16)(_mm512_cmp_pd_mask(second, two, _CMP_LT_OQ) << 8 |
                                                _mm512_cmp_pd_mask(first, one, _CMP_LT_OQ));
        below = _mm512_mask_add_epi32(below, beyond, below, _mm512_set1_epi32(half));
        left -= half;
    }
    __mmask16 missing = (__mmask16)(_mm512_cmp_pd_mask(two, two, _CMP_UNORD_Q) << 8 |
                                    _mm512_cmp_pd_mask(one, one, _CMP_UNORD_Q));
    __m512i bias = _mm512_set1_epi32(SCAN_BIAS);
    __m512i above = _mm512_mask_mov_epi32(below, missing, _mm512_set1_epi32(count));
    _mm_storeu_si128((__m128i *)low, _mm512_cvtepi32_epi8(_mm512_sub_epi32(below, bias)));
    _mm_storeu_si128((__m128i *)high, _mm512_cvtepi32_epi8(_mm512_sub_epi32(above, bias)));
}
#endif
