/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of BET analyses: see bet_rows.h. */
#include <math.h>

#include "bet_rows.h"

as_status as_bet_plot_table(as_ctx *ctx, as_table *owned, const as_isotherm *iso, const as_bet_fit *f,
                            bool rouquerol, as_table **out)
{
    const double end = fmax(fmin(3 * iso->x[f->last], 0.5), iso->x[f->last]);
    size_t n = 0;
    while (n < iso->n && iso->x[n] <= end) n++;
    as_table *t = as_table_derive(ctx, owned, n);
    if (!t) return AS_ERR;
    const as_unit unit = as_unit_of(rouquerol ? "mmol/g" : "g/mmol");
    as_column *x = as_add_column(ctx, t, "relative_pressure", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(ctx, t, rouquerol ? "rouquerol" : "bet_ordinate", AS_ROLE_Y, unit);
    as_column *model = as_add_column(ctx, t, "model", AS_ROLE_MODEL, unit);
    if (!x || !y || !model) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        const double p = iso->x[i], kept = iso->uptake[i] * (1 - p);
        x->v.f[i] = p;
        y->v.f[i] = rouquerol ? kept : p / kept;
        model->v.f[i] = i < f->first || i > f->last ? NAN : rouquerol ? kept : f->intercept + f->slope * p;
    }
    *out = t;
    return AS_OK;
}

static as_status one_first(as_run *run, as_table *owned, const as_isotherm *iso, const as_bet_rules *rules,
                           double area_per_amount, size_t n, size_t first)
{
    as_ctx *ctx = run->ctx;
    as_table *t = as_table_derive(ctx, owned, n);
    if (!t) return AS_ERR;
    AS_TRY(as_set_number(ctx, t, "first_point", (double)(first + 1), NAN, AS_UNITLESS, NULL));
    as_column *x = as_add_column(ctx, t, "last_point", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(ctx, t, "bet_area", AS_ROLE_Y, as_unit_of("m2/g"));
    as_column *any = as_add_column(ctx, t, "any_area", AS_ROLE_OTHER, as_unit_of("m2/g"));
    as_column *c = as_add_column(ctx, t, "c_constant", AS_ROLE_OTHER, AS_UNITLESS);
    as_column *p = as_add_column(ctx, t, "relative_pressure", AS_ROLE_OTHER, AS_UNITLESS);
    if (!x || !y || !any || !c || !p) return AS_ERR;
    for (size_t last = 0; last < n; last++) {
        x->v.f[last] = (double)(last + 1);
        p->v.f[last] = iso->x[last];
        y->v.f[last] = any->v.f[last] = c->v.f[last] = NAN;
        if (last < first + 2) continue;
        as_bet_fit f;
        as_bet_fit_window(iso->n, iso->x, iso->uptake, first, last, rules, &f);
        any->v.f[last] = area_per_amount * f.monolayer;
        c->v.f[last] = f.c;
        if (last - first + 1 >= rules->min_points && f.r2 > rules->min_r2 && f.holds[0] && f.holds[1] && f.holds[2] &&
            f.holds[3])
            y->v.f[last] = any->v.f[last];
    }
    return as_emit(run->out, ctx, t);
}

as_status as_bet_emit_windows(as_run *run, as_table *owned, const as_isotherm *iso, const as_bet_rules *rules,
                              double area_per_amount)
{
    size_t n = 0;
    while (n < iso->n && iso->x[n] <= 0.5) n++;
    for (size_t first = 0; first + 2 < n; first++) {
        const as_frame frame = as_enter(run->ctx);
        const as_status status = one_first(run, owned, iso, rules, area_per_amount, n, first);
        as_leave(run->ctx, frame);
        if (status) return AS_ERR;
    }
    return AS_OK;
}
