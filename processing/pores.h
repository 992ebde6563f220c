/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A distribution of pore sizes as a series of its own, with what all methods report of it. */
#ifndef AS_PROCESSING_PORES_H
#define AS_PROCESSING_PORES_H

#include "isotherm.h"

/* Pores of classes lower[i] ... upper[i] nm, in rising order, with volume[i] cm3/g each. */
typedef struct as_pores {
    size_t n;
    const double *lower, *upper, *volume;
    const double *width; /* NULL: the middle of the class */
    const double *sigma; /* cm3/g, of the volumes; NULL: not known */
    const double *u;     /* AS_PORES_MOMENTS uncertainties; NULL: mode and median by their class */
    double below;       /* cm3/g in smaller pores: where the cumulative volume begins */
    double molecule;    /* nm: classes below this size are marked extrapolated; 0: none */
    const char *item;   /* of the results: HK, BJH */
    const char *label;  /* of the axis: internal width */
    const char *method;
} as_pores;

/* What a distribution comes to: where it is highest, its mean by volume, half of its volume, all of it. */
enum { AS_PORES_MODE, AS_PORES_MEAN, AS_PORES_MEDIAN, AS_PORES_TOTAL, AS_PORES_MOMENTS };
void as_pores_moments(const as_pores *p, double out[AS_PORES_MOMENTS]);
/* Adds to the uncertainties of mode and median that of their class, its width / sqrt(12); NaN becomes it. */
void as_pores_widen(const as_pores *p, double u[AS_PORES_MOMENTS]);

/* Emits a table of pore_width (x: middle of the class), differential_pore_volume (y), pore_volume
 * (cumulative to the upper end) with results pore_mode, mean_pore_width, median_pore_width and
 * total_pore_volume. Without `u` mode and median are uncertain by their class: its width / sqrt(12).
 * With `sigma` there is a column of that role. The warnings of `owned` go along. AS_E_NUMERIC: no class. */
as_status as_pores_emit(as_run *run, as_table *owned, const as_pores *p) AS_NODISCARD;

/* Gives of all operations on pore sizes. */
extern const as_give as_pores_gives[];

#endif
