/* SPDX-License-Identifier: GPL-3.0-or-later */
/* change-points: where y steps or bends, suggested from the data alone. */
#include <math.h>

#include "changes.h"
#include "curve.h"
#include "noise_level.h"
#include "op.h"

typedef struct {
    int form, least;
    double penalty, noise;
} change_settings;

static const as_choice forms[] = { { "level", AS_SEGMENT_LEVEL, "constants between the changes" },
                                   { "line", AS_SEGMENT_LINE, "straight lines between them" },
                                   { 0 } };
static const as_param params[] = {
    AS_CHOICE(change_settings, form, "form", "level", forms, "what lies between changes"),
    AS_DOUBLE(change_settings, penalty, "penalty", "4", 0.1, 1000, NULL,
              "price of a change in sigma^2 ln(n): more finds fewer"),
    AS_INT(change_settings, least, "least", "3", 2, 10000, "rows of a segment"),
    AS_DOUBLE(change_settings, noise, "noise", "0", 0, 1e300, NULL,
              "standard deviation of y in its unit; 0: from neighbouring rows"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "rising: cycle, time, depth" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "capacity or any other" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "change_points", .unit = "1", .help = "how many" },
    { .kind = AS_NEED_RESULT, .name = "change_point", .help = "first x behind it" },
    { .kind = AS_NEED_RESULT, .name = "level_change", .help = "of y at it" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_MODEL,
      .name = "model",
      .help = "the levels or lines" },
    { 0 }
};

typedef struct points {
    size_t n, *row;
    double *x, *y;
} points;

static as_status points_of(as_ctx *ctx, const as_curve *c, points *p)
{
    p->x = AS_NEW_N(as_scratch(ctx), double, 4 * c->n + 4);
    p->row = AS_NEW_N(as_scratch(ctx), size_t, c->n + 1);
    if (!p->x || !p->row) return AS_ERR;
    p->y = p->x + c->n;
    for (size_t i = 0; i < c->n; i++)
        if (c->use[i] > 0) p->row[p->n] = i, p->x[p->n] = c->x[i], p->y[p->n++] = c->y[i];
    return AS_OK;
}

static as_status give(as_run *run, as_table *t, const as_curve *c, const points *p, double sigma,
                      size_t n, const as_segment *s)
{
    const change_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_segment_form form = (as_segment_form)set->form;
    const char *how = as_format(as_scratch(ctx), "optimal_partition;%s;penalty_%.6g_ln_n",
                                form == AS_SEGMENT_LEVEL ? "levels" : "lines", set->penalty);
    if (!how) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "all", "change_points", (double)n - 1, NAN, "1", NULL, how));
    for (size_t k = 1; k < n; k++) {
        const double at = p->x[s[k].from], middle = (at + p->x[s[k].from - 1]) / 2;
        const char *item = as_format(as_scratch(ctx), "change %zu", k);
        const double u =
            as_change_spread(ctx, p->x, p->y, sigma, form, (size_t)set->least, &s[k - 1], &s[k]);
        const double by = as_segment_at(&s[k], middle) - as_segment_at(&s[k - 1], middle);
        const double u_by = hypot(as_segment_u(&s[k], middle, sigma, form),
                                  as_segment_u(&s[k - 1], middle, sigma, form));
        if (!item) return AS_ERR;
        AS_TRY(as_add_result(ctx, t,
                             &(as_result){ .item = item,
                                           .quantity = "change_point",
                                           .value = at,
                                           .u = u,
                                           .unit = c->x_column->unit,
                                           .flag = "ok",
                                           .method = how }));
        AS_TRY(as_add_result(ctx, t,
                             &(as_result){ .item = item,
                                           .quantity = "level_change",
                                           .value = by,
                                           .u = u_by,
                                           .unit = c->y_column->unit,
                                           .flag = "ok",
                                           .method = how }));
    }
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const change_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    points p = { 0 };
    as_segment *s;
    size_t n;
    as_curve c;
    AS_TRY(as_curve_of(ctx, owned, (size_t)(set->least > 5 ? set->least : 5), &c));
    if (as_curve_direction(ctx, &c) == 0) return AS_ERR;
    if (as_curve_direction(ctx, &c) < 0)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "x falls, expected it to rise");
    AS_TRY(points_of(ctx, &c, &p));
    const double sigma = set->noise > 0 ? set->noise : as_noise_level(p.n, p.y, p.x + 2 * c.n);
    if (!(sigma > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "y has no scatter between neighbouring rows: state it with --noise");
    AS_TRY(as_changes(ctx, as_scratch(ctx), p.n, p.x, p.y, sigma, (as_segment_form)set->form,
                      set->penalty, (size_t)set->least, &s, &n));
    as_column *model = as_curve_column(ctx, owned, "model", AS_ROLE_MODEL, c.y_column->unit);
    if (!model) return AS_ERR;
    for (size_t i = 0; i < owned->rows; i++) model->v.f[i] = NAN;
    for (size_t k = 0; k < n; k++)
        for (size_t i = s[k].from; i < s[k].to; i++)
            model->v.f[p.row[i]] = as_segment_at(&s[k], p.x[i]);
    AS_TRY(give(run, owned, &c, &p, sigma, n, s));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "at which cycles the capacity steps",
      "assay simulate-cycling --capacity 1:170.5,35:170.5,36:167.7,77:167.7,78:166.2,100:166.2 | "
      "assay cycling"
      " | assay change-points | assay results --quantity change_point" },
    { 0 }
};
static const char *const references[] = {
    "Jackson et al. 2005, An algorithm for optimal partitioning of data on an interval, IEEE "
    "Signal Process."
    " Lett. 12, 105, doi:10.1109/LSP.2001.838216",
    NULL
};
static const char *const see_also[] = { "cycling", "fade", "trend", NULL };

const as_op as_op_change_points = {
    .name = "change-points",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(change_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "suggest where a curve steps or bends",
             .description =
                 "The rows are parted into levels or lines so that the squared residuals plus a "
                 "price for each change "
                 "are least, over all partitions. A fading capacity is no level: with `--form "
                 "level` its slope is cut "
                 "into stairs, so take `--form line` there. The scatter is taken from neighbouring "
                 "rows; where those "
                 "depend on each other, it is too small and too many changes are found.\n\n"
                 "`change_point` is the first x behind a change. Its uncertainty is the spread of "
                 "the places it may "
                 "have by their likelihoods, the other changes staying, and the step of x over the "
                 "square root of 12. "
                 "With independent normal scatter and the default penalty, fewer than 1 of 20 "
                 "curves of 100 rows without "
                 "a change gets one. A change that the data suggest has no cause: name events with "
                 "`cycling --event`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
