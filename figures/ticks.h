/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an axis has its ticks, and what is written at them. Pure functions. */
#ifndef AS_FIGURES_TICKS_H
#define AS_FIGURES_TICKS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum { AS_LINEAR, AS_SQRT, AS_LOG } as_scale;

typedef struct as_tick {
    double at;
    bool major;
    char label[40]; /* markup; "" for minor ticks */
} as_tick;

enum { AS_TICKS_MAX = 120 };

typedef struct as_ticks {
    size_t n;
    as_tick tick[AS_TICKS_MAX];
    int power; /* labels are values / 10^power */
} as_ticks;

/* The place of a value on a scale: itself, sqrt(|v|) with the sign of v, log10(v) (NaN for v <= 0). */
static inline double as_scaled(as_scale s, double v)
{
    if (s == AS_SQRT) return copysign(sqrt(fabs(v)), v);
    if (s == AS_LOG) return v > 0 ? log10(v) : NAN;
    return v;
}
double as_unscaled(as_scale s, double place);

/* Ticks inside [lo, hi], lo < hi, both finite (log: > 0): at most `most` >= 2 labelled ones at steps of
 * 1, 2 or 5, minor ones between where `minors`. Log axes have decades, and 2 and 5 where the range
 * is short. */
void as_ticks_find(as_scale s, double lo, double hi, int most, bool minors, as_ticks *out);

/* For [-most, most]: a round value on both sides of zero and zero, labelled, half of it between. */
void as_ticks_about_zero(double most, as_ticks *out);
/* Angles in degrees: steps of 15, 30, 45, 90 or 180 where the range is wide enough for them. */
void as_ticks_degrees(double lo, double hi, int most, as_ticks *out);

/* Only those at whole numbers are left, and written without decimals. */
void as_ticks_whole(as_ticks *t);

/* lo and hi moved outward to the next labelled tick. */
void as_ticks_round(as_scale s, int most, double *lo, double *hi);

/* `v` with `decimals`, a true minus sign, no "-0". */
void as_tick_label(double v, int decimals, char out[40]);

#endif
