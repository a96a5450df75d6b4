/* One line of the spool: an answer is on its way to the ledger before anybody gets it.
 *
 * The line is written into memory that is a part of a file. What does not fit, and whatever is to be told
 * about, Python writes. */

typedef struct {
    char *memory; /* a part of a file */
    int64_t begin, end; /* of the part, in the file */
    int64_t size;       /* where the next line goes, in the file */
} LineSpan;

typedef struct {
    LineSpan *span; /* of the file that is filled just now; NULL where Python writes */
    int64_t most;   /* the size beyond which Python looks whether there is room */
    int64_t news;   /* whether who moves lines knows of some */
} LinePlace;

typedef struct {
    LinePlace *place;
    const char *version, *rest; /* what stands between the parts of a line, and behind them */
    int64_t version_size, rest_size;
} LineForm;

enum {
    LINE_HEAD = 8,        /* size and checksum */
    LINE_BODY = 1 << 14,  /* bytes of a row; of a longer one Python takes the spaces away */
    LINE_NUMBERS = 64,    /* room for the time, and for how long the answer took */
    ADLER = 65521,
    ADLER_ROUND = 4096,
};

static uint32_t adler(const unsigned char *at, int64_t size) {
    uint32_t low = 1, high = 0;
    while (size > 0) {
        int64_t count = least(size, ADLER_ROUND);
        size -= count;
        while (count--) high += low += *at++;
        low %= ADLER;
        high %= ADLER;
    }
    return high << 16 | low;
}

static char *copied(char *to, const char *from, int64_t size) {
    memcpy(to, from, (size_t)size);
    return to + size;
}

static char *counted(char *to, uint64_t number) {
    char digits[20];
    int count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while (number /= 10);
    while (count) *to++ = digits[--count];
    return to;
}

static char *little(char *to, uint32_t number) {
    for (int byte = 0; byte < 4; byte++) *to++ = (char)(number >> 8 * byte);
    return to;
}

static int32_t log_line(const LineForm *form, const char *name, const char *body, const char *answer,
                        int64_t at, int64_t taken_ns) {
    LinePlace *place = form->place;
    LineSpan *span = place->span;
    int64_t name_size = (int64_t)strlen(name), body_size = (int64_t)strlen(body);
    int64_t answer_size = (int64_t)strlen(answer);
    if (!span || body_size > LINE_BODY || memchr(body, '\n', (size_t)body_size)) return 0;
    int64_t most = LINE_HEAD + LINE_NUMBERS + name_size + form->version_size + body_size + answer_size +
                   form->rest_size;
    if (at < 0 || taken_ns < 0 || span->size < span->begin || span->size + most > span->end ||
        span->size + most > place->most)
        return 0;
    char *head = span->memory + (span->size - span->begin), *line = head + LINE_HEAD;
    /* The last page of a file that was cut within it takes what is written, and forgets it; what it held
     * behind the end is zeros now, and no line ends with one. */
    if (span->size > span->begin && !head[-1]) return 0;
    char *to = copied(line, "[\"", 2);
    to = copied(to, name, name_size);
    to = copied(to, "\",", 2);
    to = counted(to, (uint64_t)at);
    *to++ = ',';
    to = copied(to, form->version, form->version_size);
    *to++ = ',';
    to = copied(to, body, body_size);
    *to++ = ',';
    to = copied(to, answer, answer_size);
    *to++ = ',';
    to = counted(to, (uint64_t)taken_ns);
    to = copied(to, form->rest, form->rest_size);
    little(little(head, (uint32_t)(to - line)), adler((const unsigned char *)line, to - line));
    /* Whoever is killed before has not written it; the checksum says so. */
    span->size += to - head;
    int first = !place->news;
    place->news = 1;
    return first ? 2 : 1;
}

/* Write a line; id, row and answer end with a NUL. Returns 0 where Python shall do it, 1 when it is written,
 * and 2 when it is the first one since somebody was told of news. */
EXPORT int32_t modelwright_log(const LineForm *form, const char *name, const char *body,
                               const char *answer, int64_t at, int64_t taken_ns) {
    volatile int32_t written = 0;
    if (!sigsetjmp(torn_back, 0)) {
        torn_tries = 1;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        written = log_line(form, name, body, answer, at, taken_ns);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
    torn_tries = 0;
    return written;
}
