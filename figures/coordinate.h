/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changes from series to series: depth, etching time, temperature, cycle. */
#ifndef AS_FIGURES_COORDINATE_H
#define AS_FIGURES_COORDINATE_H

#include "series.h"

typedef struct as_coordinate {
    const char *key, *label, *unit_label; /* key NULL: the number of the series */
    as_unit unit;
    double *at; /* one of each series */
} as_coordinate;

/* The metadata `key` of every series in the unit of the first; "auto": the first of depth, etch_time,
 * time, temperature, cycle, position, index that all have and that is not the same for all. AS_E_MISSING
 * names the series that lacks it. */
as_status as_coordinate_of(as_ctx *ctx, const char *key, size_t n, const as_table *const *tables,
                           as_coordinate *out) AS_NODISCARD;

#endif
