/* A program's steps, one after another, for a few rows: what a server is mostly asked.
 *
 * The numbers of a row lie in one line of `numbers`; an instruction reads some of them and writes
 * others. Powers and logarithms are NumPy's own: an instruction writes what they are taken of, one
 * more, or the caller where NumPy's loop was not found, takes them, and a later one reads them. The
 * package `predictor/instructions` writes
 * the instructions, and says why every number that they name is inside.
 */

typedef struct {
    int64_t kind;
    int64_t from;  /* the first number that is read */
    int64_t to;    /* the first number that is written */
    int64_t width; /* numbers read; of a table, its rows */
    int64_t count; /* numbers written */
    int64_t with;  /* the first power that is read beside */
    double low, high;
    const void *tables[4];
} Instruction;

/* What NumPy does to an array: see loops.py. */
typedef struct {
    void (*run)(char **arguments, const intptr_t *counts, const intptr_t *steps, void *data);
    void *data;
} Loop;

/* As NumPy's minimum and maximum: a missing number stays missing. */
INLINE double lower(double left, double right) { return left != left || left < right ? left : right; }
INLINE double upper(double left, double right) { return left != left || left > right ? left : right; }

static int32_t walk_trees(const Instruction *each, double *numbers, int64_t stride, int64_t rows) {
    const Coded *coded = each->tables[1]; /* NULL where they cannot be */
    if (coded) {
        for (int64_t row = 0; row < rows; row++, numbers += stride)
            modelwright_walk_codes(coded, numbers + each->from, 1, each->width, numbers + each->to);
        return 0;
    }
    if (rows == 1)
        return modelwright_trees(each->tables[0], numbers + each->from, 1, each->width,
                                 numbers + each->to);
    double *matrix = malloc((size_t)(rows * (each->width + each->count)) * sizeof(double));
    if (!matrix) return 1;
    double *answers = matrix + rows * each->width;
    for (int64_t row = 0; row < rows; row++)
        memcpy(matrix + row * each->width, numbers + row * stride + each->from,
               (size_t)each->width * sizeof(double));
    int32_t failed = modelwright_trees(each->tables[0], matrix, rows, each->width, answers);
    for (int64_t row = 0; row < rows && !failed; row++)
        memcpy(numbers + row * stride + each->to, answers + row * each->count,
               (size_t)each->count * sizeof(double));
    free(matrix);
    return failed;
}

/* Add up the curves of all columns: linear between knots, constant beyond. */
static void add_curves(const Instruction *each, const double *from, double *to) {
    const int64_t *ends = each->tables[0]; /* one more than columns */
    const double *knots = each->tables[1], *heights = each->tables[2], *missing = each->tables[3];
    int64_t outputs = each->count;
    for (int64_t output = 0; output < outputs; output++) to[output] = 0.0;
    for (int64_t column = 0; column < each->width; column++) {
        double number = from[column];
        if (number != number) {
            for (int64_t output = 0; output < outputs; output++)
                to[output] += missing[column * outputs + output];
            continue;
        }
        /* The last knot that is not above the number, and never the last of the column. */
        int64_t left = ends[column], right = ends[column + 1] - 1;
        while (right - left > 1) {
            int64_t middle = left + (right - left) / 2;
            if (knots[middle] <= number)
                left = middle;
            else
                right = middle;
        }
        double low = knots[left], high = knots[left + 1];
        double share = (lower(upper(number, low), high) - low) / (high - low);
        const double *start = heights + left * outputs, *end = start + outputs;
        for (int64_t output = 0; output < outputs; output++)
            to[output] += start[output] + share * (end[output] - start[output]);
    }
}

static double largest(const double *from, int64_t width) {
    double most = from[0];
    for (int64_t column = 1; column < width; column++) most = upper(most, from[column]);
    return most;
}

/* The order is that of `Kind` in layout.py. */
enum {
    COPY, FILL, IMPUTE, FLAGS, SCALE, BEND, ROUND, LOOK_UP, MULTIPLY, CURVES, RAMPS, TREES,
    AT_LEAST, AT_MOST, ADD, RELU, BELOW_ZERO, SIGMOID, SILU, TANH, FROM_LARGEST, SHARES,
    CLAMP, SLOPE, TAKE, KINDS
};

/* One instruction for one row. */
static void follow(const Instruction *each, double *row) {
    const double *from = row + each->from, *with = row + each->with;
    const double *first = each->tables[0], *second = each->tables[1];
    double *to = row + each->to, low = each->low, high = each->high;
    int64_t width = each->width;
#define EACH for (int64_t at = 0; at < width; at++)
    switch (each->kind) {
    case COPY: EACH to[at] = from[at]; break;
    case FILL: for (int64_t at = 0; at < each->count; at++) to[at] = first[at]; break;
    case IMPUTE: EACH to[at] = from[at] != from[at] ? first[at] : from[at]; break;
    case FLAGS: EACH to[at] = from[at] != from[at]; break;
    case SCALE: EACH to[at] = lower(upper((from[at] - first[at]) / second[at], -high), high); break;
    case BEND:
        EACH {
            double near = lower(upper(from[at], low), -low), share = near / high;
            to[at] = near / sqrt(1.0 + share * share);
        }
        break;
    case ROUND: EACH to[at] = (double)(float)from[at]; break;
    case LOOK_UP: {
        int inside = *from >= 0 && *from < (double)width;
        const double *found = first + (inside ? (int64_t)*from : (int64_t)low) * each->count;
        for (int64_t at = 0; at < each->count; at++) to[at] = found[at];
        break;
    }
    case CURVES: add_curves(each, from, to); break;
    case RAMPS: {
        const double *start = each->tables[1], *length = each->tables[2];
        const int32_t *source = each->tables[0];
        for (int64_t at = 0; at < each->count; at++)
            to[at] = lower(upper((from[source[at]] - start[at]) / length[at], 0.0), 1.0);
        break;
    }
    case AT_LEAST: EACH to[at] = upper(from[at], low); break;
    case AT_MOST: EACH to[at] = lower(from[at], high); break;
    case ADD: EACH to[at] += from[at] * low; break;
    case RELU: EACH to[at] = upper(from[at], 0.0); break;
    case BELOW_ZERO: bends->below_zero(from, low, to, width); break;
    case SIGMOID: to[1] = sigmoid_of(*from, *with), to[0] = 1.0 - to[1]; break;
    case SILU: bends->silu(from, with, to, width); break;
    case TANH: bends->tanh(from, with, to, width); break;
    case FROM_LARGEST: {
        double most = largest(from, width);
        EACH to[at] = from[at] - most;
        break;
    }
    case SHARES: {
        double total = from[0];
        for (int64_t at = 1; at < width; at++) total += from[at];
        EACH to[at] = from[at] / total;
        break;
    }
    case CLAMP: EACH to[at] = lower(upper(from[at], low), high); break;
    case SLOPE: EACH to[at] = low * from[at] + first[at]; break;
    case TAKE: {
        const Loop *loop = each->tables[0];
        char *arguments[2] = {(char *)(row + each->from), (char *)to};
        intptr_t count = width, steps[2] = {sizeof(double), sizeof(double)};
        loop->run(arguments, &count, steps, loop->data);
        break;
    }
    }
}

EXPORT int32_t modelwright_kinds(void) { return KINDS; }

/* Follow instructions for each row. Returns 1 where there is no memory, else 0. */
EXPORT int32_t modelwright_follow(const Instruction *first, int64_t count, double *numbers,
                                  int64_t stride, int64_t rows) {
    for (const Instruction *each = first; each < first + count; each++) {
        if (each->kind == TREES) {
            if (walk_trees(each, numbers, stride, rows)) return 1;
        } else if (each->kind == MULTIPLY)
            multiply(each->tables[0], numbers + each->from, stride, rows, numbers + each->to, stride);
        else
            for (int64_t row = 0; row < rows; row++) follow(each, numbers + row * stride);
    }
    return 0;
}
