/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DSC curve: specific heat flow over rising temperature, and the line through a part of it. */
#ifndef AS_PROCESSING_DSC_H
#define AS_PROCESSING_DSC_H

#include "op.h"

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

/* n values of a curve, such as an onset. A numeric failure is none for as_dsc_scatter. */
typedef as_status as_dsc_values(as_run *run, const as_dsc *d, double *v);

typedef struct as_dsc_sampling {
    int count; /* curves; below 2: none */
    double seed;
} as_dsc_sampling;

#define AS_DSC_SAMPLING(S)                                                                         \
    AS_INT(S, sampling.count, "bootstrap", "100", 0, 10000,                                        \
           "curves with as much noise again, for the uncertainties; 0: none"),                     \
    AS_DOUBLE(S, sampling.seed, "seed", "1", 0, 9e15, NULL, "of the random numbers")

/* u (n): how values v scatter over curves to which as much noise as they have is added again. NaN without curves, or
 * where a tenth of them fails. Stream: another for each series. */
as_status as_dsc_scatter(as_run *run, const as_dsc *d, const as_dsc_sampling *sampling, uint64_t stream,
                         as_dsc_values *measure, size_t n, const double *v, double *u) AS_NODISCARD;

#endif
