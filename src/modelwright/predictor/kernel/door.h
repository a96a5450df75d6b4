/* One row in JSON, read into the numbers of a program: an object of numbers, known texts, true, false
 * and null.
 *
 * What is read here is only what cannot be read in two ways and is nothing to be told about. Of all
 * else nothing is read, and Python reads it, or refuses it with its name. */

enum { DOOR_NUMBER, DOOR_TRUTH, DOOR_TEXT };

typedef struct {
    const char *text;
    int64_t size;
} DoorText;

/* A table by text has a power of two of places, at least two for each text; -1 is an empty one. */
typedef struct {
    int64_t kind;
    int64_t slots;         /* numbers that are written */
    const int32_t *slot;   /* where each goes */
    const double *absent;  /* what null, and a column that is not sent, writes */
    const double *unknown; /* what a text that is not known writes; NULL where Python reads it */
    const double *known;   /* what each text writes; of a truth value, false and true */
    const DoorText *texts;
    const int32_t *table;
    int64_t places;
    double least, most;    /* of a number; beyond, Python has something to tell */
    const double *missing; /* numbers that stand for none */
    int64_t missings;
} DoorColumn;

typedef struct {
    const DoorColumn *columns;
    const DoorText *names;
    const int32_t *table; /* of the names */
    int64_t places;
    int64_t count;
} Door;

enum { DOOR_MOST = 1024, DOOR_DIGITS = 400 }; /* columns; digits, of more Python makes no number */

/* Return the number of a text in a table, or -1. */
static int64_t known_text(const DoorText *texts, const int32_t *table, int64_t places,
                          const char *text, int64_t size) {
    for (uint64_t place = mixed(text, size);; place++) {
        int32_t found = table[place & (uint64_t)(places - 1)];
        if (found < 0) return -1;
        if (texts[found].size == size && !memcmp(texts[found].text, text, (size_t)size)) return found;
    }
}

static const char *past_spaces(const char *at) {
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') at++;
    return at;
}

/* Return where a text ends whose first character this is; NULL where something in it is escaped. A
 * NUL, which ends the body too, is no character of a text. */
static const char *end_of_text(const char *at) {
    for (; *at != '"'; at++)
        if ((unsigned char)*at < 0x20 || *at == '\\') return NULL;
    return at;
}

static const char *past_digits(const char *at) {
    while (*at >= '0' && *at <= '9') at++;
    return at;
}

/* Return where a number of JSON ends, or NULL; `whole` where it has neither point nor exponent. */
static const char *end_of_number(const char *at, int *whole) {
    if (*at == '-') at++;
    const char *first = at;
    at = past_digits(at);
    if (at == first || (*first == '0' && at > first + 1)) return NULL;
    *whole = *at != '.' && *at != 'e' && *at != 'E';
    if (*at == '.' && (first = ++at, (at = past_digits(at)) == first)) return NULL;
    if (*at == 'e' || *at == 'E') {
        if (*++at == '+' || *at == '-') at++;
        if (first = at, (at = past_digits(at)) == first) return NULL;
    }
    return at;
}

/* Whether a text is read as it stands wherever it is not known: nothing is stripped from it. */
static int is_plain(const char *text, int64_t size) {
    if (!size || text[0] == ' ' || text[size - 1] == ' ') return 0;
    for (int64_t at = 0; at < size; at++)
        if ((signed char)text[at] < 0x20 || text[at] == 0x7F) return 0;
    return 1;
}

static void put(const DoorColumn *column, const double *from, double *numbers) {
    for (int64_t at = 0; at < column->slots; at++) numbers[column->slot[at]] = from[at];
}

static int put_text(const DoorColumn *column, const char *text, int64_t size, int quoted,
                    double *numbers) {
    if (column->kind != DOOR_TEXT) return 0;
    int64_t found = known_text(column->texts, column->table, column->places, text, size);
    if (found >= 0)
        put(column, column->known + found * column->slots, numbers);
    else if (quoted && column->unknown && is_plain(text, size))
        put(column, column->unknown, numbers);
    else
        return 0;
    return 1;
}

static int put_number(const DoorColumn *column, const char *text, int64_t size, int whole,
                      double *numbers) {
    double number;
    if (!read_number(text, size, &number)) return 0;
    if (whole && number == 0.0) number = fabs(number); /* whole numbers have no minus zero */
    for (int64_t at = 0; at < column->missings; at++)
        if (number == column->missing[at]) {
            put(column, column->absent, numbers);
            return 1;
        }
    if (!(number >= column->least && number <= column->most)) return 0;
    put(column, &number, numbers);
    return 1;
}

/* Read a value into the numbers of its column. Return where it ends, or NULL. */
static const char *read_value(const DoorColumn *column, const char *at, double *numbers) {
    const char *end;
    if (*at == '"') {
        if (!(end = end_of_text(at + 1))) return NULL;
        return put_text(column, at + 1, end - at - 1, 1, numbers) ? end + 1 : NULL;
    }
    if (!strncmp(at, "null", 4)) return at + 4;
    if (!strncmp(at, "true", 4) || !strncmp(at, "false", 5)) {
        int truth = *at == 't';
        if (column->kind != DOOR_TRUTH) return NULL;
        put(column, column->known + truth * column->slots, numbers);
        return at + (truth ? 4 : 5);
    }
    int whole = 0;
    if (!(end = end_of_number(at, &whole))) return NULL;
    if (column->kind == DOOR_NUMBER)
        return put_number(column, at, end - at, whole, numbers) ? end : NULL;
    int is_text = whole && end - at <= DOOR_DIGITS && !(at[0] == '-' && at[1] == '0');
    return is_text && put_text(column, at, end - at, 0, numbers) ? end : NULL;
}

/* Read a body, behind which a NUL stands. Returns 1, or 0 where Python shall read it; then the numbers
 * mean nothing. */
EXPORT int32_t modelwright_read(const Door *door, const char *body, int64_t size, double *numbers) {
    uint64_t seen[DOOR_MOST / 64] = {0};
    const char *at = past_spaces(body), *end = body + size;
    int64_t next = 0;
    for (int64_t column = 0; column < door->count; column++)
        put(door->columns + column, door->columns[column].absent, numbers);
    if (*at++ != '{') return 0;
    for (at = past_spaces(at); *at != '}';) {
        if (*at++ != '"') return 0;
        const char *name = at;
        if (!(at = end_of_text(at))) return 0;
        /* Clients send columns in the same order again and again. */
        int64_t column = next < door->count && door->names[next].size == at - name &&
                                 !memcmp(door->names[next].text, name, (size_t)(at - name))
                             ? next
                             : known_text(door->names, door->table, door->places, name, at - name);
        if (column < 0 || seen[column / 64] >> column % 64 & 1) return 0;
        seen[column / 64] |= (uint64_t)1 << column % 64;
        at = past_spaces(at + 1);
        if (*at++ != ':') return 0;
        if (!(at = read_value(door->columns + column, past_spaces(at), numbers))) return 0;
        at = past_spaces(at);
        if (*at == ',') {
            at = past_spaces(at + 1);
            if (*at != '"') return 0;
        } else if (*at != '}')
            return 0;
        next = column + 1;
    }
    return past_spaces(at + 1) == end;
}

/* Read a body and follow instructions. Returns 0 where Python shall read it, 1 when it is answered, and 2
 * when there is no memory. */
EXPORT int32_t modelwright_answer(const Door *door, const char *body, int64_t size,
                                  const Instruction *first, int64_t count, double *numbers,
                                  int64_t stride) {
    if (!modelwright_read(door, body, size, numbers)) return 0;
    return modelwright_follow(first, count, numbers, stride, 1) ? 2 : 1;
}

enum { DOOR_TRIED = 256 }; /* places; in a table that is half empty nobody meets so many by chance */

/* Fill a table by text; all of its places say -1 before. Returns 0 where somebody chose texts that
 * all want the same places. */
EXPORT int32_t modelwright_index(const DoorText *texts, int64_t count, int32_t *table, int64_t places) {
    for (int64_t text = 0; text < count; text++) {
        uint64_t place = mixed(texts[text].text, texts[text].size);
        for (int tried = 0; table[place & (uint64_t)(places - 1)] >= 0; place++)
            if (++tried > DOOR_TRIED) return 0;
        table[place & (uint64_t)(places - 1)] = (int32_t)text;
    }
    return 1;
}
