/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves out of tables, all in the units of the first. */
#ifndef AS_FIGURES_SERIES_H
#define AS_FIGURES_SERIES_H

#include "look.h"

typedef struct as_series {
    const as_table *table;
    const as_column *x_column, *y_column; /* of the first table: names and units of all */
    const char *label;
    size_t n;
    const double *x, *y, *sigma; /* sigma NULL: none */
    const double *baseline; /* under y; NULL: there is none, or it has been taken off */
} as_series;

enum { AS_LABELS_PARTED = 64 }; /* more series than that keep labels that are alike */

/* x, y and sigma of each table; labels that are alike are parted. Lives in scratch. AS_E_MISSING
 * without tables or roles, AS_E_UNIT where units do not fit. */
as_status as_series_of(as_ctx *ctx, const as_look *look, size_t n, const as_table *const *tables,
                       as_series **out) AS_NODISCARD;
/* The label of table i: as told, else the table's own, else its region, else its name. */
const char *as_series_label(const as_look *look, size_t i, const as_table *t);

/* "1: S 2p", as Kratos numbers regions that were added later: "S 2p". */
const char *as_region_plain(const char *region);

/* The values of a column in the unit of `unit`: AS_E_UNIT, or AS_E_MISSING for text. */
as_status as_values(as_ctx *ctx, const as_table *t, const as_column *c, const as_unit *unit,
                    const double **out) AS_NODISCARD;

/* Lowest and highest finite value (positive ones only where `positive`), added to [*lo, *hi]. */
void as_extremes(size_t n, const double *v, bool positive, double *lo, double *hi);

/* What a column is called on an axis: its label or the vocabulary's, the first letter raised. */
const char *as_column_label(as_ctx *ctx, const as_column *c);
/* A unit as journals print it: cm^{−1}, mmol g^{−1}, °C; "" for pure numbers. */
const char *as_unit_label(as_ctx *ctx, const as_unit *unit);
/* What a result's quantity is called. */
const char *as_quantity_label(as_ctx *ctx, const char *quantity);

/* The same of a result; what `derive` made is called as its item. */
const char *as_result_label(as_ctx *ctx, const char *item, const char *quantity);

/* Is x called so, and y so? For `suits` of kinds. */
bool as_axes_are(const as_table *t, const char *x, const char *y);

/* True where custom draws this axis from high to low: wavenumber, binding energy. */
bool as_runs_down(const as_column *x, const as_table *t);

#endif
