/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fitted model leaves in a table: columns, results with covariance, warnings. */
#ifndef AS_PROCESSING_FIT_REPORT_H
#define AS_PROCESSING_FIT_REPORT_H

#include "curve.h"
#include "model.h"

/* A unit of shape.h ("x", "y", "x*y", "y/x", "1", "") for these columns; in t's arena. */
as_status as_fit_unit(as_ctx *ctx, const as_table *t, const char *symbol,
                      as_unit *out) AS_NODISCARD;

enum { AS_FIT_COLUMNS_ALL, AS_FIT_COLUMNS_MODEL, AS_FIT_COLUMNS_NONE };
/* The columns model, residual, one component_LABEL per term that is no background, and baseline
 * when the model has backgrounds; NaN outside `in` (rows of the curve, 1 or 0). `offset`: added to
 * model and baseline (a column taken off before the fit); NULL: none. fitted false: all NaN.
 * `columns` of the enum above: MODEL stops after the first two, NONE makes none. */
as_status as_fit_columns(as_ctx *ctx, as_table *t, const as_curve *c, const double *in,
                         const as_model *m, const double *offset, int columns,
                         bool fitted) AS_NODISCARD;

/* A function of the parameters, reported with the rest. */
typedef struct as_fit_quantity {
    const char *item, *quantity, *method;
    double value;
    double *gradient; /* over the columns of the fit */
    as_unit unit;
} as_fit_quantity;

/* Per term position, height, area, fwhm and the shape's parameters; per fit chi2, reduced_chi2,
 * r_squared, aicc, bic, degrees_of_freedom. `how`: weights and kind of errors, for the method.
 * `more`: others, in one covariance with the former. r == NULL: the fit failed, all NaN. */
as_status as_fit_results(as_ctx *ctx, as_table *t, const as_model *m, const as_ls_result *r,
                         const char *how, size_t n_more,
                         const as_fit_quantity *more) AS_NODISCARD;

#endif
