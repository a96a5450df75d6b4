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

/* Write which leaf of a tree each row reaches. */
SCAN_TARGET INLINE void SCAN(find)(const Scan *all, int64_t tree, const int8_t *codes,
                                   uint8_t *leaf) {
    int64_t first = all->first_plane[tree], last = all->first_plane[tree + 1] - 1;
    SCAN(Bytes) byte = {0}, place = {0};
    for (int64_t plane = last; plane >= first; plane--) {
        SCAN(Bytes) cleared = {0};
        for (int64_t at = all->first_node[plane]; at < all->first_node[plane + 1]; at++) {
            ScanNode node = all->nodes[at];
            SCAN(Bytes) code = SCAN(take)(codes + (size_t)node.slot * SCAN_ROWS);
            cleared |= (SCAN(Bytes))(code > node.code) & node.clear;
        }
        SCAN(Bytes) none = (SCAN(Bytes))(cleared == -1);
        byte = (byte & none) | ~cleared;
        place = (place & none) | (~none & (int8_t)(8 * (plane - first)));
    }
    SCAN(Bytes) low = byte & -byte;
    place |= (SCAN(Bytes))((low & (int8_t)0xAA) != 0) & 1;
    place |= (SCAN(Bytes))((low & (int8_t)0xCC) != 0) & 2;
    place |= (SCAN(Bytes))((low & (int8_t)0xF0) != 0) & 4;
    memcpy(leaf, &place, sizeof(place));
}

SCAN_TARGET static void SCAN(scan_rows)(const Scan *all, const int8_t *codes, double *total) {
    uint8_t leaf[SCAN_ROWS];
    for (int64_t tree = 0; tree < all->trees; tree++) {
        for (int part = 0; part < SCAN_ROWS; part += SCAN_BYTES)
            SCAN(find)(all, tree, codes + part, leaf + part);
        add_found(all, tree, leaf, total);
    }
}

#undef SCAN
#undef SCAN_TARGET
#undef SCAN_BYTES
