/* SPDX-License-Identifier: GPL-3.0-or-later */
/* crop: keep the rows whose x (or another column) lies in a range. */
#include <math.h>

#include "number.h"
#include "op.h"

typedef struct {
    as_range x;
    const char *column;
} crop_settings;

static const as_param params[] = {
    AS_RANGE(
        crop_settings, x, "x", NULL, NULL,
        "rows to keep, in the unit of the column or any of its dimension; both ends belong to it"),
    AS_COLUMN(crop_settings, column, "column", "x", "the column that decides, by name or role"),
    AS_PARAMS_END
};

static const as_demand needs[] = { { .kind = AS_NEED_ROLE,
                                     .role = AS_ROLE_X,
                                     .help =
                                         "what the range is about, unless --column names another" },
                                   { 0 } };
static const as_give gives[] = { { 0 } };

static void move_row(as_table *t, size_t to, size_t from)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        if (t->column[c]->type == AS_F64)
            t->column[c]->v.f[to] = t->column[c]->v.f[from];
        else
            t->column[c]->v.s[to] = t->column[c]->v.s[from];
    }
}

/* Nothing is left: where the rows would have been. */
static void say_span(as_ctx *ctx, as_table *t, const as_column *x, size_t rows)
{
    double lo = INFINITY, hi = -INFINITY;
    char from[AS_NUMBER_MAX], to[AS_NUMBER_MAX];
    for (size_t i = 0; i < rows; i++) lo = fmin(lo, x->v.f[i]), hi = fmax(hi, x->v.f[i]);
    as_write_number(lo, from);
    as_write_number(hi, to);
    as_warn(ctx, t, NULL, "no row of %s lies in the range: nothing is left of %s to %s %s", x->name, from, to,
            x->unit.symbol ? x->unit.symbol : "");
}

static as_status series(as_run *run, as_table *owned)
{
    const crop_settings *set = run->settings;
    const as_column *x = as_need_column(run->ctx, owned, set->column);
    if (!x) return AS_ERR;
    double lo, hi;
    size_t kept = 0;
    const size_t rows = owned->rows;
    AS_TRY(as_range_along(run->ctx, &set->x, &x->unit, &lo, &hi));
    for (size_t i = 0; i < owned->rows; i++) {
        const double at = x->v.f[i];
        if (!(at >= lo && at <= hi)) continue;
        move_row(owned, kept++, i);
    }
    if (kept == 0 && owned->rows > 0)
        say_span(run->ctx, owned, x, rows);
    AS_TRY(as_set_rows(run->ctx, owned, kept));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the low-angle part of a diffractogram", "assay crop --x 4:6 tests/corpus/xrd/small.xy" },
    { "from 10 degrees to the end", "assay crop --x 10deg: tests/corpus/xrd/small.xy" },
    { 0 }
};
static const char *const see_also[] = { "select", NULL };

const as_op as_op_crop = {
    .name = "crop",
    .group = "select",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(crop_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "keep the rows in a range of x",
             .description = "Rows outside the range are dropped, all columns alike; rows whose x "
                            "is missing too. The "
                            "order of the rows stays.",
             .examples = examples,
             .see_also = see_also },
};
