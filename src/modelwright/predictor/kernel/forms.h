/* Linear forms: bias + row * weights, column after column. */

enum {
    GROUP = 32, /* outputs in registers at once */
    FEW = 8,    /* of those that fill no group, as many at once */
    TILE_ROWS = 8, /* rows in registers at once */
    TERMS = 512,   /* columns whose numbers are gathered at once */
    LINE = 64,     /* bytes of the cache */
    AHEAD = 16,    /* columns whose weights are fetched before they are read */
};

typedef struct {
    const void *weights; /* groups of outputs, then groups of few, each column by column; then the
                            others, each by itself */
    const double *bias;
    int64_t width;
    int64_t outputs;
    int64_t narrow; /* whether weights are float32, which they are where that loses nothing */
    int64_t sparse; /* whether a column that holds zero changes no bit of a sum */
} Form;

/* The columns of a row that change its sums, and the numbers in them. */
typedef struct {
    int64_t count;
    const int64_t *columns;
    const double *numbers;
} Terms;

typedef void (*Fill)(const void *weights, const double *bias, const Terms *terms, double *answer);
typedef void (*Tile)(const void *weights, const double *bias, const double *matrix, int64_t stride,
                     int64_t width, double *answers, int64_t answers_stride);
typedef void (*FillFew)(const void *weights, int64_t width, const double *bias, const Terms *terms,
                        double *answer);
typedef struct {
    Fill group[2]; /* of wide and of narrow weights */
    FillFew few[GROUP / FEW - 1][2]; /* by the number of groups */
    Tile tiles[2], few_tiles[2];
} Fills;

/* Between two requests other work has taken the cache. What lies behind the end is not read. */
INLINE void fetch_ahead(const void *weights, size_t size) {
    uintptr_t far = (uintptr_t)weights + AHEAD * size;
#pragma GCC unroll 4
    for (size_t at = 0; at < size; at += LINE) __builtin_prefetch((const void *)(far + at));
}

#define FORM(name) name##_plain
#define FORM_TARGET
#define FORM_LANES 2
#define TILE_PART 2
#define FORM_WIDEN(numbers) __builtin_convertvector(numbers, Wide_plain)
#include "form.h"

#if defined(__x86_64__)
#define FORM(name) name##_256
#define FORM_TARGET __attribute__((target("avx2")))
#define FORM_LANES 4
#define TILE_PART 4
#define FORM_WIDEN(numbers) (Wide_256) _mm256_cvtps_pd((__m128)numbers)
#include "form.h"

#define FORM(name) name##_512
#define FORM_TARGET __attribute__((target("avx512f")))
#define FORM_LANES 8
#define TILE_PART 16
#define FORM_WIDEN(numbers) (Wide_512) _mm512_cvtps_pd((__m256)numbers)
#include "form.h"
#endif

static const Fills *fills = &fills_plain;

#if defined(__x86_64__)
__attribute__((constructor)) static void choose_registers(void) {
    __builtin_cpu_init();
    if (MOST_BYTES >= 64 && __builtin_cpu_supports("avx512f"))
        fills = &fills_512;
    else if (MOST_BYTES >= 32 && __builtin_cpu_supports("avx2"))
        fills = &fills_256;
}
#endif

/* Outputs by themselves, side by side: a sum waits for the term before, not for other sums. */
#define FILL_ONES(name, Number)                                                                    \
    INLINE void name(const Number *weights, int64_t width, const double *bias, const Terms *terms, \
                     double *answer, int count) {                                                  \
        double total[FEW];                                                                         \
        _Pragma("GCC unroll 8") for (int one = 0; one < count; one++) total[one] = bias[one];      \
        for (int64_t term = 0; term < terms->count; term++) {                                      \
            const Number *weight = weights + terms->columns[term];                                 \
            double number = terms->numbers[term];                                                  \
            _Pragma("GCC unroll 8") for (int one = 0; one < count; one++)                          \
                total[one] += number * (double)weight[one * width];                                \
        }                                                                                          \
        _Pragma("GCC unroll 8") for (int one = 0; one < count; one++) answer[one] = total[one];    \
    }

FILL_ONES(fill_wide_ones, double)
FILL_ONES(fill_narrow_ones, float)
#undef FILL_ONES

static void fill_ones(const void *weights, int narrow, int64_t width, const double *bias,
                      const Terms *terms, double *answer, int64_t count) {
#define ONES(many)                                                                                 \
    case many:                                                                                     \
        if (narrow)                                                                                \
            fill_narrow_ones(weights, width, bias, terms, answer, many);                           \
        else                                                                                       \
            fill_wide_ones(weights, width, bias, terms, answer, many);                             \
        break;
    switch (count) { ONES(1) ONES(2) ONES(3) ONES(4) ONES(5) ONES(6) ONES(7) }
#undef ONES
}

static int64_t every_column[TERMS];

__attribute__((constructor)) static void number_columns(void) {
    for (int64_t column = 0; column < TERMS; column++) every_column[column] = column;
}

static int holds_zero(const double *row, int64_t width) {
    for (int64_t column = 0; column < width; column++)
        if (row[column] == 0.0) return 1;
    return 0;
}

/* Return the terms of some columns. Half of those that a network reads first may hold zero: a number
 * has not come to their ramp yet. */
static Terms terms_of(const double *row, int64_t width, int64_t sparse, int64_t *columns,
                      double *numbers) {
    if (!sparse || !holds_zero(row, width)) return (Terms){width, every_column, row};
    int64_t count = 0;
    for (int64_t column = 0; column < width; column++) {
        columns[count] = column;
        numbers[count] = row[column];
        count += row[column] != 0.0;
    }
    return (Terms){count, columns, numbers};
}

/* Where the weights of a group of outputs begin, or within them those of a column. */
static const void *weights_of(const Form *form, int64_t output, int64_t column, int64_t group) {
    size_t size = form->narrow ? sizeof(float) : sizeof(double);
    return (const char *)form->weights + size * (size_t)(output * form->width + column * group);
}

/* The sums of one row from an output on. */
static void fill_row(const Form *form, const double *row, int64_t output, double *answers) {
    int64_t grouped = form->outputs - form->outputs % GROUP, begin = 0, columns[TERMS];
    int64_t fewed = form->outputs - form->outputs % FEW;
    int narrow = form->narrow != 0;
    const double *start = form->bias;
    double numbers[TERMS];
    if (output == form->outputs) return;
    do {
        int64_t width = least(form->width - begin, TERMS), at = output;
        Terms terms = terms_of(row + begin, width, form->sparse, columns, numbers);
        for (; at < grouped; at += GROUP)
            fills->group[narrow](weights_of(form, at, begin, GROUP), start + at, &terms, answers + at);
        if (at < fewed) {
            FillFew fill = fills->few[(fewed - at) / FEW - 1][narrow];
            fill(weights_of(form, at, begin, FEW), form->width, start + at, &terms, answers + at);
            at = fewed;
        }
        fill_ones(weights_of(form, at, begin, 1), narrow, form->width, start + at, &terms,
                  answers + at, form->outputs - at);
        start = answers;
        begin += TERMS;
    } while (begin < form->width);
}

/* Rows may lie further apart than they are wide. */
static void multiply(const Form *form, const double *matrix, int64_t matrix_stride, int64_t rows,
                     double *answers, int64_t answers_stride) {
    int64_t fewed = form->outputs - form->outputs % FEW, tiled = rows - rows % TILE_ROWS;
    int64_t grouped = form->outputs - form->outputs % GROUP;
    int narrow = form->narrow != 0;
    for (int64_t begin = 0; begin < tiled; begin += ROWS_AT_ONCE) {
        int64_t end = least(tiled, begin + ROWS_AT_ONCE);
        for (int64_t output = 0; output < fewed; output += output < grouped ? GROUP : FEW) {
            Tile tile = output < grouped ? fills->tiles[narrow] : fills->few_tiles[narrow];
            for (int64_t row = begin; row < end; row += TILE_ROWS)
                tile(weights_of(form, output, 0, 0), form->bias + output, matrix + row * matrix_stride,
                     matrix_stride, form->width, answers + row * answers_stride + output,
                     answers_stride);
        }
    }
    for (int64_t row = 0; row < rows; row++)
        fill_row(form, matrix + row * matrix_stride, row < tiled ? fewed : 0,
                 answers + row * answers_stride);
}

/* Write bias + row * weights for each row. */
EXPORT void modelwright_multiply(const Form *form, const double *matrix, int64_t rows,
                                 double *answers) {
    multiply(form, matrix, form->width, rows, answers, form->outputs);
}
