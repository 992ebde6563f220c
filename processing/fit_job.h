/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fit, fit-series and fit-global share: settings, the rows that count, weights and kind of
 * uncertainties, the minimisation. */
#ifndef AS_PROCESSING_FIT_JOB_H
#define AS_PROCESSING_FIT_JOB_H

#include "curve.h"
#include "fit_report.h"
#include "model.h"

enum {
    AS_FIT_WEIGHTS_AUTO,
    AS_FIT_WEIGHTS_SIGMA,
    AS_FIT_WEIGHTS_UNIT,
    AS_FIT_WEIGHTS_POISSON
};
enum { AS_FIT_ERRORS_AUTO, AS_FIT_ERRORS_ABSOLUTE, AS_FIT_ERRORS_SCALED };
enum { AS_FIT_KA2_AUTO, AS_FIT_KA2_ON, AS_FIT_KA2_OFF };
enum { AS_FIT_INTERVALS_NONE, AS_FIT_INTERVALS_PROFILE, AS_FIT_INTERVALS_BOOTSTRAP };
extern const as_choice as_fit_weights[], as_fit_errors[], as_fit_losses[], as_fit_ka2[],
    as_fit_column_sets[];
extern const as_demand as_fit_needs[];
extern const as_give as_fit_gives[];

typedef struct as_fit_settings {
    const char *model, *baseline, *against;
    as_ranges region;
    as_texts derive;
    const char *shared;
    int weights, errors, loss, ka2, columns, iterations, starts, seed, intervals, resamples;
    double spread, band;
    bool fractions;
} as_fit_settings;

/* The rows that count, closed up. */
typedef struct as_fit_points {
    size_t n;
    double *x, *y, *sigma; /* sigma NULL: unknown */
    size_t *row;           /* of the table */
    double *in;            /* rows of the table inside the region, 1 or 0 */
    const double *offset;  /* column taken off */
} as_fit_points;

typedef struct as_fit_job {
    as_curve c;
    as_fit_points p;
    as_model m;
    as_ls_problem q;
    as_ls_result r;
    const char *how; /* weights and kind of errors, for the method */
    bool has_levels; /* the column taken off is a background between two levels, which are known */
    double level[2], level_u[2]; /* of its first and last row */
    double level_area;           /* above Shirley's; nan: another background */
} as_fit_job;

/* Curve, model `text` and points of this table; the model is bound. run->settings is an
 * as_fit_settings in all of these. */
as_status as_fit_prepare(as_run *run, as_table *t, const char *text, as_fit_job *job) AS_NODISCARD;
/* Starts and the problem, not yet solved. */
as_status as_fit_start(as_run *run, as_fit_job *job) AS_NODISCARD;
/* Solves; restraints without sigma are weighed by the residuals without them. */
as_status as_fit_minimise(as_run *run, as_ls_problem *q, const double *start, as_ls_result *r,
                          const char **how) AS_NODISCARD;
/* as_fit_start, as_fit_minimise and as_model_take. AS_E_NUMERIC: no result. */
as_status as_fit_solve(as_run *run, as_fit_job *job) AS_NODISCARD;

/* fit_ends.c: the end levels that baseline-shirley and its like left in the table, and, once solved,
 * what their noise adds to the covariance. */
void as_fit_take_levels(const as_table *t, as_fit_job *job);
as_status as_fit_add_levels(as_run *run, as_fit_job *job) AS_NODISCARD;

/* a.fwhm */
const char *as_fit_column_name(as_ctx *ctx, const as_model *m, size_t column);
/* Correlated parameters, reduced chi2 above 3, smoothed data. */
void as_fit_warn(as_run *run, as_table *t, const as_model *m, const as_ls_result *r);

#endif
