/* Cells of a text of comma-separated values: where they are, which numbers they are, which are equal.
 *
 * What is read here is only what cannot be read in two ways. Of all else it is said where it stands,
 * and Python reads it, value by value.
 */

enum {
    CELLS_SOUND,
    CELLS_RAGGED, /* a record has more or fewer cells than there are columns */
    CELLS_ODD,    /* nobody can say where the next record begins: a quote that does not end, a NUL */
};

typedef struct {
    int64_t rows;
    int64_t used; /* bytes of these rows */
    int64_t state;
} Cut;

enum { ESCAPED = 1 << 30 }; /* added to the size of a cell in which quotes stand for one each */

/* Find the cells of records that are all there, up to `most`. Cell r of column c is written at
 * c * most + r. Where `ends` is 0, more of the text is to come, and what may go on is left. */
EXPORT void modelwright_cut(const char *text, int64_t size, char separator, int64_t ends,
                            int64_t columns, int64_t most, int64_t longest, int32_t *starts,
                            int32_t *sizes, Cut *cut) {
    int64_t at = 0, rows = 0;
    cut->state = CELLS_SOUND;
    cut->used = 0;
    while (rows < most && at < size) {
        if (text[at] == '\n' || text[at] == '\r') {
            cut->used = ++at; /* an empty line is no record */
            continue;
        }
        int64_t column = 0;
        int whole = 0;
        while (!whole) {
            int64_t start = at, end, escaped = 0;
            if (at < size && text[at] == '"') {
                for (start = ++at;; at++) {
                    if (at >= size || text[at] == 0) goto broken;
                    if (text[at] != '"') continue;
                    if (at + 1 >= size && !ends) goto broken;
                    if (at + 1 >= size || text[at + 1] != '"') break;
                    escaped = ESCAPED;
                    at++;
                }
                end = at++;
                if (at < size && text[at] != separator && text[at] != '\n' && text[at] != '\r') {
                    cut->state = CELLS_ODD;
                    goto done;
                }
            } else {
                while (at < size && text[at] != separator && text[at] != '\n' && text[at] != '\r') {
                    if (text[at] == 0) goto broken;
                    at++;
                }
                end = at;
            }
            if (end - start > longest) {
                cut->state = CELLS_ODD;
                goto done;
            }
            if (at >= size && !ends) goto done;
            if (column < columns) {
                starts[column * most + rows] = (int32_t)start;
                sizes[column * most + rows] = (int32_t)((end - start) | escaped);
            }
            column++;
            whole = at >= size || text[at] != separator;
            at++;
        }
        if (column != columns) cut->state = CELLS_RAGGED;
        rows++;
        cut->used = least(at, size);
    }
    goto done;
broken:
    if (ends || (at < size && text[at] == 0) || size - cut->used > longest) cut->state = CELLS_ODD;
done:
    cut->rows = rows;
}

static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Digits times a power of ten, rounded once. Returns 0 where that is not sure. */
static int scaled(uint64_t digits, int64_t power, double *number) {
    int64_t far = power < 0 ? -power : power;
    if (far > 22) return 0;
    if (digits <= (uint64_t)1 << 53) { /* both are exact, and so is one operation (Clinger, 1990) */
        *number = power < 0 ? (double)digits / tens[far] : (double)digits * tens[far];
        return 1;
    }
#if LDBL_MANT_DIG == 64
    /* Exact in 64 bits, too, but rounded a second time: wrong only from halfway between two doubles. */
    long double wide = power < 0 ? (long double)digits / (long double)tens[far]
                                 : (long double)digits * (long double)tens[far];
    uint64_t bits;
    memcpy(&bits, &wide, sizeof(bits));
    *number = (double)wide;
    return (bits & 0x7FF) != 0x400;
#else
    return 0;
#endif
}

/* A number as programs write it: [+-] digits [. digits] [e [+-] digits]. Returns 0 for all else. */
static int read_number(const char *at, int64_t size, double *number) {
    const char *end = at + size;
    int negative = 0;
    if (at < end && (*at == '+' || *at == '-')) negative = *at++ == '-';
    uint64_t digits = 0;
    int64_t power = 0, seen = 0, kept = 0;
    for (int behind = 0; at < end; at++) {
        if (*at == '.' && !behind) {
            behind = 1;
            continue;
        }
        if (*at < '0' || *at > '9') break;
        seen++;
        digits = 10 * digits + (uint64_t)(*at - '0');
        if (digits && ++kept > 19) return 0;
        power -= behind;
    }
    if (!seen) return 0;
    if (at < end && (*at == 'e' || *at == 'E')) {
        int below = 0;
        int64_t exponent = 0, figures = 0;
        if (++at < end && (*at == '+' || *at == '-')) below = *at++ == '-';
        for (; at < end && *at >= '0' && *at <= '9'; at++, figures++) {
            if (figures > 5) return 0;
            exponent = 10 * exponent + (*at - '0');
        }
        if (!figures) return 0;
        power += below ? -exponent : exponent;
    }
    if (at != end || !scaled(digits, power, number)) return 0;
    if (negative) *number = -*number;
    return 1;
}

/* Read the cells of a column as numbers; an empty one is missing. Others are counted and listed. */
EXPORT int64_t modelwright_numbers(const char *text, const int32_t *starts, const int32_t *sizes,
                                   int64_t rows, double *numbers, int32_t *others) {
    int64_t count = 0;
    for (int64_t row = 0; row < rows; row++) {
        if (!sizes[row])
            numbers[row] = NAN;
        else if ((sizes[row] & ESCAPED) || !read_number(text + starts[row], sizes[row], numbers + row))
            others[count++] = (int32_t)row;
    }
    return count;
}

static uint64_t mixed(const char *bytes, int64_t size) {
    uint64_t mix = 0x9E3779B97F4A7C15u ^ (uint64_t)size, part;
    for (; size > 0; bytes += 8, size -= 8) {
        part = 0;
        memcpy(&part, bytes, (size_t)least(size, 8));
        mix = (mix ^ part) * 0xD6E8FEB86659FD93u;
        mix ^= mix >> 32;
    }
    return mix;
}

/* Number the different cells of a column as they come: `codes` of rows, and the row in which each
 * stood first. `table` has a power of two of places, at least two for each row, and says -1 in all.
 * Returns how many there are, or -1 where somebody chose cells that look alike to slow this down. */
EXPORT int64_t modelwright_groups(const char *text, const int32_t *starts, const int32_t *sizes,
                                  int64_t rows, int32_t *table, int64_t places, int32_t *codes,
                                  int32_t *firsts) {
    int64_t count = 0;
    for (int64_t row = 0; row < rows; row++) {
        int32_t size = sizes[row] & ~ESCAPED;
        const char *cell = text + starts[row];
        uint64_t place = mixed(cell, size);
        for (int tried = 0;; tried++, place++) {
            int32_t *found = table + (place & (uint64_t)(places - 1));
            if (tried > 256) return -1;
            if (*found < 0) {
                firsts[count] = (int32_t)row;
                codes[row] = *found = (int32_t)count++;
                break;
            }
            int32_t first = firsts[*found];
            if (sizes[first] == sizes[row] && !memcmp(text + starts[first], cell, (size_t)size)) {
                codes[row] = *found;
                break;
            }
        }
    }
    return count;
}
