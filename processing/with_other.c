/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subtract, ratio: each series against one of another file, with the uncertainties of both. */
#include <math.h>
#include <string.h>

#include "beam.h"
#include "curve.h"
#include "op.h"
#include "other_series.h"
#include "smooth.h"

typedef struct {
    as_tables other;
    double factor;
    bool interpolate;
} other_settings;

static const as_param params_subtract[] = {
    AS_TABLES(other_settings, other, "other", NULL,
              "file of the series to take off: one for all, or one for each in the same order"),
    AS_DOUBLE(other_settings, factor, "factor", "1", -1e300, 1e300, NULL,
              "by which it is multiplied before"),
    AS_BOOL(other_settings, interpolate, "interpolate", "no",
            "draw lines between its points where x differs"),
    AS_PARAMS_END
};
static const as_param params_ratio[] = {
    AS_TABLES(other_settings, other, "other", NULL,
              "file of the series to divide by: one for all, or one for each in the same order"),
    AS_BOOL(other_settings, interpolate, "interpolate", "no",
            "draw lines between its points where x differs"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "as in the other series" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "difference or ratio" },
    { .kind = AS_NEED_META, .name = "processed", .unit = "", .help = "subtracted or divided" },
    { 0 }
};

typedef struct { bool divides; } method;

static as_status pick(as_run *run, const as_table *t, const as_table **out)
{
    const other_settings *set = run->settings;
    if (set->other.n == 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s holds no series", set->other.from);
    if (set->other.n > 1 && t->number >= set->other.n)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "%s holds %zu series, expected one or as many as here", set->other.from,
                       set->other.n);
    *out = set->other.t[set->other.n == 1 ? 0 : t->number];
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const other_settings *set = run->settings;
    const method *m = run->op->method;
    as_ctx *ctx = run->ctx;
    const as_table *other = NULL;
    as_curve c;
    bool has_sigma = false;
    AS_TRY(as_curve_of(ctx, owned, 1, &c));
    AS_TRY(pick(run, owned, &other));
    AS_TRY(as_same_slits(ctx, owned, other));
    double *y = AS_NEW_N(as_scratch(ctx), double, 2 * c.n);
    if (!y) return AS_ERR;
    double *sigma = y + c.n;
    AS_TRY(as_other_on_rows(ctx, &c, other, set->interpolate, y, sigma, &has_sigma));
    const as_unit unit = as_find_role(other, AS_ROLE_Y)->unit;
    const double k = m->divides ? 1 : set->factor * as_unit_scale(1, &unit, &c.y_column->unit);
    if (isnan(k))
        return as_fail(ctx, AS_E_UNIT, NULL, "the other series has y in %s, this one in %s",
                       unit.symbol, c.y_column->unit.symbol);
    if (!has_sigma) as_drop_sigma(owned);
    as_column *s = as_find_role(owned, AS_ROLE_SIGMA);
    for (size_t i = 0; i < c.n; i++) {
        const double a = c.y[i], b = y[i];
        if (m->divides) {
            c.y[i] = b != 0 ? a / b : NAN;
            if (s) s->v.f[i] = hypot(s->v.f[i], c.y[i] * sigma[i]) / fabs(b);
        } else {
            c.y[i] = a - k * b;
            if (s) s->v.f[i] = hypot(s->v.f[i], k * sigma[i]);
        }
    }
    if (m->divides) {
        AS_TRY(as_unit_times(ctx, owned, &c.y_column->unit, &unit, -1, &c.y_column->unit));
        if (s) s->unit = c.y_column->unit;
    }
    AS_TRY(as_mark_processed(ctx, owned, m->divides ? "divided" : "subtracted"));
    return as_emit(run->out, ctx, owned);
}

static const char *const see_also[] = { "average", "calc", "resample", NULL };

static const method subtracts = { false }, divides = { true };
const as_op as_op_subtract = {
    .name = "subtract",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(other_settings),
    .params = params_subtract,
    .needs = needs,
    .gives = gives,
    .series = series,
    .method = &subtracts,
    .doc = { .summary = "take another series off",
             .description =
                 "y minus `--factor` times y of the other series, row by row. The variances add up; "
                 "without sigma in either there is none in the result. Where x differs, nothing is "
                 "done without `--interpolate`.",
             .examples = (const as_example[]){
                 { "a spectrum minus itself is 0, with a sigma",
                   "assay subtract --other tests/corpus/raman/fluorescence.ecsv"
                   " < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
                 { 0 } },
             .see_also = see_also },
};
const as_op as_op_ratio = {
    .name = "ratio",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(other_settings),
    .params = params_ratio,
    .needs = needs,
    .gives = gives,
    .series = series,
    .method = &divides,
    .doc = { .summary = "divide by another series",
             .description =
                 "y over y of the other series, row by row, such as a sample beam over a reference "
                 "beam. The relative variances add up; without sigma in either there is none in the "
                 "result.",
             .examples = (const as_example[]){
                 { "a spectrum over itself is 1",
                   "assay ratio --other tests/corpus/raman/fluorescence.ecsv"
                   " < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
                 { 0 } },
             .see_also = see_also },
};
