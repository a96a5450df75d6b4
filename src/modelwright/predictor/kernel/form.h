/* A linear form of one row, for one kind of processor; instructions.h includes this once for each.
 *
 * FORM(name) names a function there, FORM_TARGET says what the processor can do, FORM_LANES how many
 * numbers one of its registers holds, and FORM_WIDEN makes doubles of as many floats. A wider
 * register changes no bit: each number in it is a sum by itself, in the order of the columns.
 */

typedef double FORM(Wide) __attribute__((vector_size(FORM_LANES * sizeof(double))));
typedef float FORM(Narrow) __attribute__((vector_size(FORM_LANES * sizeof(float))));

FORM_TARGET static void FORM(fill_narrow)(const float *weights, const double *bias,
                                          const double *row, int64_t width, double *answer) {
    FORM(Wide) total[GROUP / FORM_LANES];
    memcpy(total, bias, sizeof(total));
    for (int64_t column = 0; column < width; column++, weights += GROUP)
#pragma GCC unroll 16
        for (int part = 0; part < GROUP / FORM_LANES; part++) {
            FORM(Narrow) narrow;
            memcpy(&narrow, weights + FORM_LANES * part, sizeof(narrow));
            total[part] += row[column] * FORM_WIDEN(narrow);
        }
    memcpy(answer, total, sizeof(total));
}

FORM_TARGET static void FORM(fill_wide)(const double *weights, const double *bias,
                                        const double *row, int64_t width, double *answer) {
    FORM(Wide) total[GROUP / FORM_LANES];
    memcpy(total, bias, sizeof(total));
    for (int64_t column = 0; column < width; column++, weights += GROUP)
#pragma GCC unroll 16
        for (int part = 0; part < GROUP / FORM_LANES; part++) {
            FORM(Wide) wide;
            memcpy(&wide, weights + FORM_LANES * part, sizeof(wide));
            total[part] += row[column] * wide;
        }
    memcpy(answer, total, sizeof(total));
}

#undef FORM
#undef FORM_TARGET
#undef FORM_LANES
#undef FORM_WIDEN
