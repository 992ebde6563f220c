/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All series of a stream as one matrix, for operations that take them together, and what these
 * give. */
#ifndef AS_PROCESSING_MIXTURE_MAP_H
#define AS_PROCESSING_MIXTURE_MAP_H

#include "curve.h"

typedef struct as_map {
    size_t n, m, stride; /* series, points that count in all of them, as_lanes(m) */
    double *D;           /* n rows of stride, in scratch */
    size_t *row;         /* of the tables: which rows the points are */
    as_curve first;
    as_held *held;
} as_map;

/* Points of `region` (in the unit of x) whose y is a number in every series; all series need the x
 * of the first (AS_E_MISSING). At least `least` series and 3 points, else AS_E_NUMERIC. */
as_status as_map_of(as_run *run, as_held *held, const as_ranges *region, size_t least,
                    as_map *out) AS_NODISCARD;

/* A new series of the points, y as given (m entries), name `of` without its number and with `k`
 * behind it, label "what k + 1". */
as_table *as_map_curve(as_run *run, const as_map *map, const double *y, const char *what,
                       size_t k) AS_NODISCARD;

/* "component 1" for k = 0, in t's arena. */
const char *as_map_item(as_table *t, const char *what, size_t k) AS_NODISCARD;

/* What such operations give back: the series with results, or the spectra of the components. */
enum { AS_MAP_SERIES, AS_MAP_SPECTRA };
extern const as_choice as_map_gives[];

#endif
