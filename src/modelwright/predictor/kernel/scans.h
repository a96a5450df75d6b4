/* Many rows at once down trees whose nodes are counts of thresholds, by what the processor can do. */

enum { SCAN_MANY = 4 }; /* registers of rows that share what is read of a node */

INLINE void add_found(const Scan *all, int64_t tree, const uint8_t *leaf, int64_t rows, double *total) {
    const double *leaves = all->leaves + all->first_leaf[tree] * all->leaf_width;
    int64_t columns = all->columns;
    if (all->leaf_width == 1) {
        total += all->outputs ? all->outputs[tree] : 0;
        for (int64_t row = 0; row < rows; row++) total[row * columns] += leaves[leaf[row]];
        return;
    }
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column++)
            total[row * columns + column] += leaves[leaf[row] * columns + column];
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

static void (*scan_rows)(const Scan *, const double *, int64_t, int64_t, int8_t *,
                         double *) = scan_rows_plain;

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
    int8_t *codes = malloc((size_t)(all->asked_count * 2 * SCAN_BLOCK) + 1);
    if (!codes) return 1;
    int64_t columns = all->columns;
    memset(answers, 0, (size_t)(rows * columns) * sizeof(double));
    for (int64_t row = 0; row < rows; row += SCAN_BLOCK) {
        int64_t count = least(SCAN_BLOCK, rows - row);
        double *total = answers + row * columns;
        scan_rows(all, matrix + row * width, count, width, codes, total);
        for (int64_t at = 0; at < count * columns; at++)
            total[at] = all->base[at % columns] + all->scale * total[at];
    }
    free(codes);
    return 0;
}
