/* Linear forms: bias + row * weights, column after column. */

enum {
    GROUP = 32, /* outputs in registers at once */
    FEW = 8,    /* of those that fill no group, as many at once */
    TILE_ROWS = 8, /* rows in registers at once */
};

typedef struct {
    const void *weights; /* groups of outputs, then groups of few, each column by column; then the
                            others, each by itself */
    const double *bias;
    int64_t width;
    int64_t outputs;
    int64_t narrow; /* whether weights are float32, which they are where that loses nothing */
} Form;

typedef void (*Fill)(const void *weights, const double *bias, const double *row, int64_t width,
                     double *answer);
typedef void (*Tile)(const void *weights, const double *bias, const double *matrix, int64_t stride,
                     int64_t width, double *answers, int64_t answers_stride);
typedef struct {
    Fill group[2], few[2]; /* of wide and of narrow weights */
    Tile tiles[2], few_tiles[2];
} Fills;

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

static void fill_one(const void *weights, const double *bias, const double *row, int64_t width,
                     double *answer) {
    const double *wide = weights;
    double total = *bias;
    for (int64_t column = 0; column < width; column++) total += row[column] * wide[column];
    *answer = total;
}

static void fill_one_narrow(const void *weights, const double *bias, const double *row,
                            int64_t width, double *answer) {
    const float *narrow = weights;
    double total = *bias;
    for (int64_t column = 0; column < width; column++) total += row[column] * (double)narrow[column];
    *answer = total;
}

/* Rows may lie further apart than they are wide. */
static void multiply(const Form *form, const double *matrix, int64_t matrix_stride, int64_t rows,
                     double *answers, int64_t answers_stride) {
    int64_t grouped = form->outputs - form->outputs % GROUP;
    int64_t fewed = form->outputs - form->outputs % FEW;
    int narrow = form->narrow != 0;
    size_t size = narrow ? sizeof(float) : sizeof(double);
    for (int64_t begin = 0; begin < rows; begin += ROWS_AT_ONCE) {
        int64_t end = least(rows, begin + ROWS_AT_ONCE), step;
        for (int64_t output = 0; output < form->outputs; output += step) {
            Fill fill = narrow ? fill_one_narrow : fill_one;
            Tile tile = NULL;
            step = 1;
            if (output < grouped)
                fill = fills->group[narrow], tile = fills->tiles[narrow], step = GROUP;
            else if (output < fewed)
                fill = fills->few[narrow], tile = fills->few_tiles[narrow], step = FEW;
            const void *weights = (const char *)form->weights + size * (size_t)(output * form->width);
            int64_t row = begin;
            for (; tile && row + TILE_ROWS <= end; row += TILE_ROWS)
                tile(weights, form->bias + output, matrix + row * matrix_stride, matrix_stride,
                     form->width, answers + row * answers_stride + output, answers_stride);
            for (; row < end; row++)
                fill(weights, form->bias + output, matrix + row * matrix_stride, form->width,
                     answers + row * answers_stride + output);
        }
    }
}

/* Write bias + row * weights for each row. */
EXPORT void modelwright_multiply(const Form *form, const double *matrix, int64_t rows,
                                 double *answers) {
    multiply(form, matrix, form->width, rows, answers, form->outputs);
}
