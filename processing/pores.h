/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A distribution of pore sizes as a series of its own, with what all methods report of it. */
#ifndef AS_PROCESSING_PORES_H
#define AS_PROCESSING_PORES_H

#include "isotherm.h"

/* Pores of classes lower[i] ... upper[i] nm, in rising order, with volume[i] cm3/g each. */
typedef struct as_pores {
    size_t n;
    const double *lower, *upper, *volume;
    double below;       /* cm3/g in smaller pores: where the cumulative volume begins */
    double molecule;    /* nm: classes below this size are marked extrapolated; 0: none */
    const char *item;   /* of the results: HK, BJH */
    const char *label;  /* of the axis: internal width */
    const char *method;
} as_pores;

/* Emits a table of pore_width (x: middle of the class), differential_pore_volume (y), pore_volume
 * (cumulative to the upper end) with results pore_mode, mean_pore_width, median_pore_width and
 * total_pore_volume. Mode and median are uncertain by their class: its width / sqrt(12). The warnings
 * of `owned` go along. AS_E_NUMERIC: no class. */
as_status as_pores_emit(as_run *run, as_table *owned, const as_pores *p) AS_NODISCARD;

/* Gives of all operations on pore sizes. */
extern const as_give as_pores_gives[];

#endif
