/* Many rows down all trees by comparing every node, for one kind of processor; kernel.c includes this
 * once for each.
 *
 * A tree has up to 256 leaves. A row keeps a bit for each, and a node at which it goes right clears
 * those of the left subtree: the lowest bit that is left is the leaf that it reaches (Lucchese et al.,
 * "QuickScorer", SIGIR 2015). Bits lie in planes of eight leaves, a byte for each row, so that one
 * instruction serves as many rows as a register has bytes (Ye et al., "RapidScorer", KDD 2018). A
 * plane stays in a register while all nodes that clear bits of it are asked.
 * Numbers were turned into the counts of thresholds below them first, a byte too. What is added, and
 * in which order, is as in a walk.
 *
 * SCAN(name) names a function there, SCAN_TARGET says what the processor can do, and SCAN_BYTES how
 * many bytes one of its registers holds.
 */

typedef int8_t SCAN(Bytes) __attribute__((vector_size(SCAN_BYTES)));

SCAN_TARGET INLINE SCAN(Bytes) SCAN(take)(const int8_t *from) {
    SCAN(Bytes) bytes;
    memcpy(&bytes, from, sizeof(bytes));
    return bytes;
}

/* Write which leaf of a tree each row reaches, for `many` registers of rows. */
SCAN_TARGET INLINE void SCAN(find)(const Scan *all, int64_t tree, const int8_t *codes, int many,
                                   uint8_t *leaf) {
    int64_t first = all->first_plane[tree], last = all->first_plane[tree + 1] - 1;
    SCAN(Bytes) byte[SCAN_MANY] = {0}, place[SCAN_MANY] = {0};
    for (int64_t plane = last; plane >= first; plane--) {
        SCAN(Bytes) cleared[SCAN_MANY] = {0};
        for (int64_t at = all->first_node[plane]; at < all->first_node[plane + 1]; at++) {
            ScanNode node = all->nodes[at];
            const int8_t *asked = codes + (size_t)node.slot * SCAN_BLOCK;
            SCAN(Bytes) least = (SCAN(Bytes)){0} + node.code, clear = (SCAN(Bytes)){0} + node.clear;
#if SCAN_BYTES == 64
            /* Or it would be read from memory and spread again for each register. */
            __asm__("" : "+v"(clear));
#endif
#pragma GCC unroll 4
            for (int part = 0; part < many; part++)
                cleared[part] |=
                    (SCAN(Bytes))(SCAN(take)(asked + part * SCAN_BYTES) > least) & clear;
        }
#pragma GCC unroll 4
        for (int part = 0; part < many; part++) {
            SCAN(Bytes) none = (SCAN(Bytes))(cleared[part] == -1);
            byte[part] = (byte[part] & none) | ~cleared[part];
            place[part] = (place[part] & none) | (~none & (int8_t)(8 * (plane - first)));
        }
    }
#pragma GCC unroll 4
    for (int part = 0; part < many; part++) {
        SCAN(Bytes) low = byte[part] & -byte[part], found = place[part];
        found |= (SCAN(Bytes))((low & (int8_t)0xAA) != 0) & 1;
        found |= (SCAN(Bytes))((low & (int8_t)0xCC) != 0) & 2;
        found |= (SCAN(Bytes))((low & (int8_t)0xF0) != 0) & 4;
        memcpy(leaf + part * SCAN_BYTES, &found, sizeof(found));
    }
}

/* Write the counts of thresholds of all columns that are asked. */
SCAN_TARGET INLINE void SCAN(count_all)(const Scan *all, const double *matrix, int64_t rows, int64_t width,
                                    int strict, int8_t *codes) {
    for (int64_t slot = 0; slot < all->asked_count; slot++, codes += 2 * SCAN_BLOCK) {
        const double *from = matrix + all->asked[slot];
#if SCAN_BYTES == 64
        __m256i steps = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        steps = _mm256_mullo_epi32(steps, _mm256_set1_epi32((int)width));
        for (int64_t row = 0; row < rows; row += 16)
            count_512(all, slot, from + row * width, steps, strict, codes + row,
                      codes + SCAN_BLOCK + row);
#else
        for (int64_t row = 0; row < rows; row += SCAN_ROWS)
            count_below(all, slot, from + row * width, width, strict, codes + row,
                        codes + SCAN_BLOCK + row);
#endif
    }
}

SCAN_TARGET INLINE void SCAN(add)(const Scan *all, int64_t tree, const uint8_t *leaf, int64_t rows,
                                  double *total) {
#if SCAN_BYTES == 64
    if (all->columns == 1) {
        const double *leaves = all->leaves + all->first_leaf[tree];
        for (int64_t row = 0; row < rows; row += 8) {
            __m256i at = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(leaf + row)));
            __m512d found = _mm512_i32gather_pd(at, leaves, 8);
            _mm512_storeu_pd(total + row, _mm512_add_pd(_mm512_loadu_pd(total + row), found));
        }
        return;
    }
#endif
    add_found(all, tree, leaf, rows, total);
}

/* Add the leaves of all trees for up to SCAN_BLOCK rows, a multiple of SCAN_ROWS. */
SCAN_TARGET static void SCAN(scan_rows)(const Scan *all, const double *matrix, int64_t rows,
                                        int64_t width, int8_t *codes, double *total) {
    enum { STEP = SCAN_MANY * SCAN_BYTES };
    uint8_t leaf[SCAN_BLOCK];
    if (all->strict)
        SCAN(count_all)(all, matrix, rows, width, 1, codes);
    else
        SCAN(count_all)(all, matrix, rows, width, 0, codes);
    for (int64_t tree = 0; tree < all->trees; tree++) {
        int64_t row = 0;
        for (; row + STEP <= rows; row += STEP)
            SCAN(find)(all, tree, codes + row, SCAN_MANY, leaf + row);
        for (; row < rows; row += SCAN_BYTES) SCAN(find)(all, tree, codes + row, 1, leaf + row);
        SCAN(add)(all, tree, leaf, rows, total);
    }
}

#undef SCAN
#undef SCAN_TARGET
#undef SCAN_BYTES
