/* What the units of a network make of their sums. The powers between are NumPy's own: what they are
 * taken of is written here, and what was taken is read again. */

typedef struct {
    void (*below_zero)(const double *from, double by, double *to, int64_t count);
    void (*silu)(const double *from, const double *power, double *to, int64_t count);
    void (*tanh)(const double *from, const double *power, double *to, int64_t count);
} Bends;

INLINE double sigmoid_of(double number, double power) {
    double above = number != number ? number : number < 0 ? power : 1.0;
    return above / (1.0 + power);
}

#define BEND(name) bend_##name##_plain
#define BEND_TARGET
#define BEND_LANES 2
#include "bend.h"

#if defined(__x86_64__)
#define BEND(name) bend_##name##_256
#define BEND_TARGET __attribute__((target("avx2")))
#define BEND_LANES 4
#include "bend.h"

#define BEND(name) bend_##name##_512
#define BEND_TARGET __attribute__((target("avx512f")))
#define BEND_LANES 8
#include "bend.h"
#endif

static const Bends *bends = &bend_all_plain;

#if defined(__x86_64__)
__attribute__((constructor)) static void choose_bends(void) {
    __builtin_cpu_init();
    if (MOST_BYTES >= 64 && __builtin_cpu_supports("avx512f"))
        bends = &bend_all_512;
    else if (MOST_BYTES >= 32 && __builtin_cpu_supports("avx2"))
        bends = &bend_all_256;
}
#endif

/* Write what powers are taken of. */
EXPORT void modelwright_below_zero(const double *from, double by, double *to, int64_t count) {
    bends->below_zero(from, by, to, count);
}

/* Bend numbers by their powers; `to` may be either of both. */
EXPORT void modelwright_silu(const double *from, const double *power, double *to, int64_t count) {
    bends->silu(from, power, to, count);
}

EXPORT void modelwright_tanh(const double *from, const double *power, double *to, int64_t count) {
    bends->tanh(from, power, to, count);
}
