/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of pore sizes. */
#include <math.h>

#include "pores.h"

const as_give as_pores_gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "pore_width", .unit = "nm", .help = "middle of the class" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "differential_pore_volume", .unit = "cm3/g/nm",
      .help = "volume of the class over its width" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "pore_volume", .unit = "cm3/g",
      .help = "cumulative, up to the upper end of the class" },
    { .kind = AS_NEED_RESULT, .name = "pore_mode", .unit = "nm", .help = "where the distribution is highest" },
    { .kind = AS_NEED_RESULT, .name = "mean_pore_width", .unit = "nm", .help = "weighted by volume" },
    { .kind = AS_NEED_RESULT, .name = "median_pore_width", .unit = "nm",
      .help = "half of the volume is in smaller pores" },
    { .kind = AS_NEED_RESULT, .name = "total_pore_volume", .unit = "cm3/g", .help = "of all classes" },
    { 0 }
};

typedef struct summary {
    size_t top, middle; /* classes of the mode and of the median */
    double mean, median, total;
    bool negative, extrapolated;
} summary;

static double width_of(const as_pores *p, size_t i)
{
    return p->width ? p->width[i] : (p->lower[i] + p->upper[i]) / 2;
}

static summary sum_up(const as_pores *p)
{
    summary s = { .median = NAN };
    double best = -INFINITY, moment = 0, so_far = 0;
    for (size_t i = 0; i < p->n; i++) {
        const double height = p->volume[i] / (p->upper[i] - p->lower[i]);
        if (height > best) best = height, s.top = i;
        s.total += p->volume[i];
        moment += p->volume[i] * width_of(p, i);
        s.negative |= p->volume[i] < 0;
        s.extrapolated |= p->lower[i] < p->molecule && p->volume[i] > 0;
    }
    s.mean = moment / s.total;
    for (size_t i = 0; i < p->n && isnan(s.median); i++) {
        if (so_far + p->volume[i] >= s.total / 2 && p->volume[i] > 0)
            s.middle = i, s.median = p->lower[i] + (s.total / 2 - so_far) / p->volume[i] * (p->upper[i] - p->lower[i]);
        so_far += p->volume[i];
    }
    return s;
}

void as_pores_moments(const as_pores *p, double out[AS_PORES_MOMENTS])
{
    const summary s = sum_up(p);
    out[AS_PORES_MODE] = width_of(p, s.top);
    out[AS_PORES_MEAN] = s.mean;
    out[AS_PORES_MEDIAN] = s.median;
    out[AS_PORES_TOTAL] = p->below + s.total;
}

static double class_u(const as_pores *p, size_t i)
{
    return (p->upper[i] - p->lower[i]) / sqrt(12);
}

void as_pores_widen(const as_pores *p, double u[AS_PORES_MOMENTS])
{
    const summary s = sum_up(p);
    const double mode = class_u(p, s.top), median = class_u(p, s.middle);
    u[AS_PORES_MODE] = isnan(u[AS_PORES_MODE]) ? mode : hypot(u[AS_PORES_MODE], mode);
    u[AS_PORES_MEDIAN] = isnan(u[AS_PORES_MEDIAN]) ? median : hypot(u[AS_PORES_MEDIAN], median);
}

static as_status give(as_ctx *ctx, as_table *t, const as_pores *p, const summary *s)
{
    const double mode = width_of(p, s->top);
    const double by_class[AS_PORES_MOMENTS] = { class_u(p, s->top), NAN, class_u(p, s->middle), NAN };
    const double *u = p->u ? p->u : by_class;
    const char *flag = mode < p->molecule ? "extrapolated" : "ok";
    AS_TRY(as_add_quantity(ctx, t, p->item, "pore_mode", mode, u[AS_PORES_MODE], "nm", flag, p->method));
    AS_TRY(as_add_quantity(ctx, t, p->item, "mean_pore_width", s->mean, u[AS_PORES_MEAN], "nm", NULL, p->method));
    AS_TRY(as_add_quantity(ctx, t, p->item, "median_pore_width", s->median, u[AS_PORES_MEDIAN], "nm", NULL,
                           p->method));
    return as_add_quantity(ctx, t, p->item, "total_pore_volume", p->below + s->total, u[AS_PORES_TOTAL], "cm3/g",
                           NULL, p->method);
}

as_status as_pores_emit(as_run *run, as_table *owned, const as_pores *p)
{
    as_ctx *ctx = run->ctx;
    if (p->n == 0) return as_fail(ctx, AS_E_NUMERIC, NULL, "no class of pores lies in the window");
    const summary s = sum_up(p);
    as_table *t = as_table_derive(ctx, owned, p->n);
    if (!t) return AS_ERR;
    as_unit per_width;
    AS_TRY(as_unit_parse(ctx, t->arena, "cm3/g/nm", &per_width));
    as_column *w = as_add_column(ctx, t, "pore_width", AS_ROLE_X, as_unit_of("nm"));
    as_column *d = as_add_column(ctx, t, "differential_pore_volume", AS_ROLE_Y, per_width);
    as_column *v = as_add_column(ctx, t, "pore_volume", AS_ROLE_OTHER, as_unit_of("cm3/g"));
    as_column *u = p->sigma ? as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, per_width) : NULL;
    if (!w || !d || !v || (p->sigma && !u)) return AS_ERR;
    w->label = as_format(t->arena, "%s", p->label);
    if (!w->label) return AS_ERR;
    double sum = p->below;
    for (size_t i = 0; i < p->n; i++) {
        w->v.f[i] = width_of(p, i);
        if (u) u->v.f[i] = p->sigma[i] / (p->upper[i] - p->lower[i]);
        d->v.f[i] = p->volume[i] / (p->upper[i] - p->lower[i]);
        v->v.f[i] = sum += p->volume[i];
    }
    if (s.negative) as_warn(ctx, t, NULL, "some classes have a negative volume: the amounts fall, or the film "
                            "correction takes more than was adsorbed");
    if (s.extrapolated) as_warn(ctx, t, NULL, "sizes below the molecule (%.3g nm) are extrapolated", p->molecule);
    AS_TRY(give(ctx, t, p, &s));
    return as_emit(run->out, ctx, t);
}
