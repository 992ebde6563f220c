/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fit says beyond its parameters: expressions of them, fractions, a band about the model,
 * tests of the residuals, the comparison with a simpler model, intervals. */
#ifndef AS_PROCESSING_FIT_EXTRA_H
#define AS_PROCESSING_FIT_EXTRA_H

#include "fit_job.h"
#include "fit_report.h"

/* "fraction = a.area/(a.area + b.area)", "depth[nm] = ...": the value, its gradient by exact
 * differentiation, and its unit, which is that of the expression in powers of x and y where it is
 * one of fit_report.h, else must be stated. AS_E_USAGE where it cannot be understood. */
as_status as_fit_derive(as_ctx *ctx, as_table *t, const as_model *m, const char *text,
                        as_fit_quantity *out) AS_NODISCARD;

/* Area of every peak over the sum of all, into out (n_terms entries); *n of them. */
as_status as_fit_fractions(as_ctx *ctx, as_table *t, const as_model *m, as_fit_quantity *out,
                           size_t *n) AS_NODISCARD;

/* Columns model_lower and model_upper: where the true curve lies with probability `level`, point by
 * point, as far as the model is right. fitted false: NaN. */
as_status as_fit_band(as_ctx *ctx, as_table *t, const as_fit_job *job, double level,
                      bool fitted) AS_NODISCARD;

typedef struct as_fit_residuals {
    double durbin_watson; /* sum of squared differences of neighbours over sum of squares: 2 for
                             independent errors, 0 for slow ones (Durbin & Watson 1950) */
    double runs, runs_p;  /* runs of one sign; two-sided p of so many (Wald & Wolfowitz 1940) */
} as_fit_residuals;
/* z: weighted residuals in the order of x. NaN where not defined. */
as_fit_residuals as_fit_judge(size_t n, const double *z);

/* Two nested models on the same points, 1 the simpler: F = ((c1 - c2)/(d1 - d2))/(c2/d2) with costs
 * c and degrees of freedom d; p is the chance of F or more were the simpler model true. */
double as_fit_f(double c1, double d1, double c2, double d2, double *p);

/* Half width of a two-sided interval in standard uncertainties: Student's t with dof degrees of
 * freedom, or the normal one for dof = 0. */
double as_fit_quantile(double level, double dof);

/* 95 % intervals of every free parameter as results lower and upper of item TERM.PARAMETER. */
as_status as_fit_profile(as_run *run, as_table *t, as_fit_job *job) AS_NODISCARD;
as_status as_fit_bootstrap(as_run *run, as_table *t, as_fit_job *job) AS_NODISCARD;

/* Columns and all results of one fitted (or failed) table, as the settings ask. */
as_status as_fit_report(as_run *run, as_table *t, as_fit_job *job, bool fitted) AS_NODISCARD;

#endif
