/* Sums of one row for one kind of processor; forms.h includes this once for each.
 *
 * FORM(name) names a function there, FORM_TARGET says what the processor can do, FORM_LANES how many
 * numbers one of its registers holds, and FORM_WIDEN makes doubles of as many floats. TILE_PART outputs of
 * TILE_ROWS rows fill its registers. A wider register changes no bit: each number in it is a sum by
 * itself, in the order of the columns.
 */

typedef double FORM(Wide) __attribute__((vector_size(FORM_LANES * sizeof(double))));
typedef float FORM(Narrow) __attribute__((vector_size(FORM_LANES * sizeof(float))));

#define FILL(name, Number, Numbers, widen, outputs)                                                \
    FORM_TARGET static void FORM(name)(const void *table, const double *bias, const Terms *terms,  \
                                       double *answer) {                                           \
        FORM(Wide) total[outputs / FORM_LANES];                                                    \
        memcpy(total, bias, sizeof(total));                                                        \
        for (int64_t term = 0; term < terms->count; term++) {                                      \
            const Number *weights = (const Number *)table + terms->columns[term] * outputs;        \
            double number = terms->numbers[term];                                                  \
            fetch_ahead(weights, outputs * sizeof(Number));                                        \
            _Pragma("GCC unroll 16") for (int part = 0; part < outputs / FORM_LANES; part++) {     \
                FORM(Numbers) numbers;                                                             \
                memcpy(&numbers, weights + FORM_LANES * part, sizeof(numbers));                    \
                total[part] += number * widen(numbers);                                            \
            }                                                                                      \
        }                                                                                          \
        memcpy(answer, total, sizeof(total));                                                      \
    }

/* The same for groups of few, all of which share what is read of the row. */
#define FILL_FEW(name, Number, Numbers, widen, groups)                                             \
    FORM_TARGET static void FORM(name)(const void *table, int64_t width, const double *bias,       \
                                       const Terms *terms, double *answer) {                       \
        FORM(Wide) total[groups][FEW / FORM_LANES];                                                \
        memcpy(total, bias, sizeof(total));                                                        \
        for (int64_t term = 0; term < terms->count; term++) {                                      \
            const Number *weights = (const Number *)table + terms->columns[term] * FEW;            \
            double number = terms->numbers[term];                                                  \
            _Pragma("GCC unroll 4") for (int group = 0; group < groups; group++) {                 \
                fetch_ahead(weights, FEW * sizeof(Number));                                        \
                _Pragma("GCC unroll 16") for (int part = 0; part < FEW / FORM_LANES; part++) {     \
                    FORM(Numbers) numbers;                                                         \
                    memcpy(&numbers, weights + FORM_LANES * part, sizeof(numbers));                \
                    total[group][part] += number * widen(numbers);                                 \
                }                                                                                  \
                weights += width * FEW;                                                            \
            }                                                                                      \
        }                                                                                          \
        memcpy(answer, total, sizeof(total));                                                      \
    }

/* Some outputs of several rows: a weight is read once for all of them. */
#define TILE(name, Number, Numbers, widen, outputs, part)                                          \
    FORM_TARGET static void FORM(name)(const void *table, const double *bias, const double *matrix, \
                                       int64_t stride, int64_t width, double *answers,             \
                                       int64_t answers_stride) {                                   \
        enum { WIDE = part / FORM_LANES };                                                         \
        for (int begin = 0; begin < outputs; begin += part) {                                      \
            const Number *weights = (const Number *)table + begin;                                 \
            FORM(Wide) total[TILE_ROWS][WIDE];                                                     \
            for (int row = 0; row < TILE_ROWS; row++)                                              \
                memcpy(total[row], bias + begin, sizeof(total[row]));                              \
            for (int64_t column = 0; column < width; column++, weights += outputs) {               \
                FORM(Wide) wide[WIDE];                                                             \
                _Pragma("GCC unroll 16") for (int at = 0; at < WIDE; at++) {                       \
                    FORM(Numbers) numbers;                                                         \
                    memcpy(&numbers, weights + FORM_LANES * at, sizeof(numbers));                  \
                    wide[at] = widen(numbers);                                                     \
                }                                                                                  \
                _Pragma("GCC unroll 16") for (int row = 0; row < TILE_ROWS; row++) {               \
                    double number = matrix[row * stride + column];                                 \
                    _Pragma("GCC unroll 16") for (int at = 0; at < WIDE; at++)                     \
                        total[row][at] += number * wide[at];                                       \
                }                                                                                  \
            }                                                                                      \
            for (int row = 0; row < TILE_ROWS; row++)                                              \
                memcpy(answers + row * answers_stride + begin, total[row], sizeof(total[row]));    \
        }                                                                                          \
    }

#define AS_IT_IS(numbers) numbers

FILL(fill_narrow, float, Narrow, FORM_WIDEN, GROUP)
FILL(fill_wide, double, Wide, AS_IT_IS, GROUP)
FILL_FEW(fill_few_narrow, float, Narrow, FORM_WIDEN, 1)
FILL_FEW(fill_few_wide, double, Wide, AS_IT_IS, 1)
FILL_FEW(fill_two_narrow, float, Narrow, FORM_WIDEN, 2)
FILL_FEW(fill_two_wide, double, Wide, AS_IT_IS, 2)
FILL_FEW(fill_three_narrow, float, Narrow, FORM_WIDEN, 3)
FILL_FEW(fill_three_wide, double, Wide, AS_IT_IS, 3)

TILE(tile_narrow, float, Narrow, FORM_WIDEN, GROUP, TILE_PART)
TILE(tile_wide, double, Wide, AS_IT_IS, GROUP, TILE_PART)
TILE(tile_few_narrow, float, Narrow, FORM_WIDEN, FEW, FEW)
TILE(tile_few_wide, double, Wide, AS_IT_IS, FEW, FEW)

static const Fills FORM(fills) = {{FORM(fill_wide), FORM(fill_narrow)},
                                  {{FORM(fill_few_wide), FORM(fill_few_narrow)},
                                   {FORM(fill_two_wide), FORM(fill_two_narrow)},
                                   {FORM(fill_three_wide), FORM(fill_three_narrow)}},
                                  {FORM(tile_wide), FORM(tile_narrow)},
                                  {FORM(tile_few_wide), FORM(tile_few_narrow)}};

#undef AS_IT_IS
#undef FILL
#undef FILL_FEW
#undef TILE
#undef TILE_PART
#undef FORM
#undef FORM_TARGET
#undef FORM_LANES
#undef FORM_WIDEN
