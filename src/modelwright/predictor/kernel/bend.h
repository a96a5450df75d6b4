/* What units make of their sums, for one kind of processor; bends.h includes this once for each.
 *
 * BEND(name) names a function there, BEND_TARGET says what the processor can do, and BEND_LANES how many
 * numbers one of its registers holds. Each number is bent by itself: a wider register changes no bit.
 */

typedef double BEND(Wide) __attribute__((vector_size(BEND_LANES * sizeof(double))));
typedef int64_t BEND(Mask) __attribute__((vector_size(BEND_LANES * sizeof(double))));

BEND_TARGET INLINE BEND(Wide) BEND(take)(const double *from) {
    BEND(Wide) numbers;
    memcpy(&numbers, from, sizeof(numbers));
    return numbers;
}

/* As `sigmoid_of`, of as many numbers. */
BEND_TARGET INLINE BEND(Wide) BEND(sigmoids)(BEND(Wide) number, BEND(Wide) power) {
    BEND(Mask) missing = number != number, below = number < 0;
    BEND(Wide) one = 1.0 - (BEND(Wide)){0};
    BEND(Mask) above = (below & (BEND(Mask))power) | (~below & (BEND(Mask))one);
    above = (missing & (BEND(Mask))number) | (~missing & above);
    return (BEND(Wide))above / (1.0 + power);
}

BEND_TARGET static void BEND(below_zero)(const double *from, double by, double *to, int64_t count) {
    int64_t at = 0;
    for (; at + BEND_LANES <= count; at += BEND_LANES) {
        BEND(Wide) numbers = by * BEND(take)(from + at);
        numbers = (BEND(Wide))((BEND(Mask))numbers | INT64_MIN);
        memcpy(to + at, &numbers, sizeof(numbers));
    }
    for (; at < count; at++) to[at] = -fabs(by * from[at]);
}

BEND_TARGET static void BEND(silu)(const double *from, const double *power, double *to,
                                   int64_t count) {
    int64_t at = 0;
    for (; at + BEND_LANES <= count; at += BEND_LANES) {
        BEND(Wide) number = BEND(take)(from + at);
        BEND(Wide) bent = number * BEND(sigmoids)(number, BEND(take)(power + at));
        memcpy(to + at, &bent, sizeof(bent));
    }
    for (; at < count; at++) to[at] = from[at] * sigmoid_of(from[at], power[at]);
}

BEND_TARGET static void BEND(tanh)(const double *from, const double *power, double *to,
                                   int64_t count) {
    int64_t at = 0;
    for (; at + BEND_LANES <= count; at += BEND_LANES) {
        BEND(Wide) number = 2.0 * BEND(take)(from + at);
        BEND(Wide) bent = 2.0 * BEND(sigmoids)(number, BEND(take)(power + at)) - 1.0;
        memcpy(to + at, &bent, sizeof(bent));
    }
    for (; at < count; at++) to[at] = 2.0 * sigmoid_of(2.0 * from[at], power[at]) - 1.0;
}

static const Bends BEND(all) = {BEND(below_zero), BEND(silu), BEND(tanh)};

#undef BEND
#undef BEND_TARGET
#undef BEND_LANES
