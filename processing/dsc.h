/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DSC curve: specific heat flow over rising temperature, and the line through a part of it. */
#ifndef AS_PROCESSING_DSC_H
#define AS_PROCESSING_DSC_H

#include "table.h"

typedef struct as_dsc {
    size_t n;
    double *celsius; /* temperature, strictly rising */
    double *second; /* time of each row; from the heating rate where the file has no times */
    double *flow;   /* W/g, with the sign of the file */
    size_t *row;    /* of the table */
    double noise;   /* standard deviation of one flow */
} as_dsc;

/* specific_heat_flow or dsc as they are, else heat_flow over the metadata sample_mass. Rows up to
 * the highest temperature, each hotter than all before. Arrays in scratch. AS_E_MISSING: a column,
 * the mass, or both time and heating_rate are not there; AS_E_NUMERIC: fewer than 10 rows. */
as_status as_dsc_of(as_ctx *ctx, const as_table *t, as_dsc *out) AS_NODISCARD;

/* The first row at `at` degC or above; n: none. */
size_t as_dsc_row(const as_dsc *d, double at);

typedef struct as_dsc_line {
    double middle, level, slope; /* flow = level + slope (T - middle) */
} as_dsc_line;

/* Through rows from .. to - 1 of at least 3. */
as_status as_dsc_line_of(as_ctx *ctx, const as_dsc *d, size_t from, size_t to,
                         as_dsc_line *out) AS_NODISCARD;
double as_dsc_line_at(const as_dsc_line *l, double at);

#endif
