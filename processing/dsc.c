/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DSC curves. See dsc.h. */
#include <math.h>

#include "dsc.h"
#include "linear_fit.h"
#include "noise_level.h"
#include "random.h"

typedef struct source {
    const as_column *at, *flow, *time;
    double factor; /* of the flow in its own unit, to W/g */
    double rate;   /* K/s */
} source;

static as_status find_source(as_ctx *ctx, const as_table *t, source *s)
{
    const as_unit w = as_unit_of("W"), g = as_unit_of("g"), k = as_unit_of("K/s");
    const as_unit specific = as_unit_of("W/g");
    const as_meta *rate = as_get_meta(t, "heating_rate");
    s->at = as_need_column(ctx, t, "temperature");
    s->flow = as_find_numbers(t, "specific_heat_flow");
    if (!s->flow) s->flow = as_find_numbers(t, "dsc");
    s->time = as_find_numbers(t, "time");
    s->rate = rate ? as_unit_convert(rate->number, &rate->unit, &k) : NAN;
    if (!s->flow) s->flow = as_need_column(ctx, t, "heat_flow");
    if (!s->at || !s->flow) return AS_ERR;
    if (!s->time && !rate) return as_need_meta(ctx, t, "heating_rate") ? AS_OK : AS_ERR;
    if (!s->time && !(s->rate > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "heating_rate is %g %s and no times are there, expected a rate above "
                       "0 K/min or a column time", rate->number, rate->unit.symbol);
    if (as_unit_same_dimension(&s->flow->unit, &specific)) {
        s->factor = as_unit_convert(1, &s->flow->unit, &specific);
        return AS_OK;
    }
    const as_meta *mass = as_need_meta(ctx, t, "sample_mass");
    if (!mass) return AS_ERR;
    s->factor = as_unit_convert(1, &s->flow->unit, &w) / as_unit_convert(mass->number, &mass->unit, &g);
    if (isfinite(s->factor)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "%s is in %s, expected a heat flow", s->flow->name,
                   s->flow->unit.symbol);
}

as_status as_dsc_of(as_ctx *ctx, const as_table *t, as_dsc *out)
{
    const as_unit degree = as_unit_of("degC"), second = as_unit_of("s");
    as_arena *a = as_scratch(ctx);
    source s;
    AS_TRY(find_source(ctx, t, &s));
    *out = (as_dsc){ .celsius = AS_NEW_N(a, double, t->rows + 1),
                     .second = AS_NEW_N(a, double, t->rows + 1),
                     .flow = AS_NEW_N(a, double, t->rows + 1),
                     .row = AS_NEW_N(a, size_t, t->rows + 1) };
    double *work = AS_NEW_N(a, double, 2 * t->rows + 1);
    if (!out->celsius || !out->second || !out->flow || !out->row || !work) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const double at = as_unit_convert(s.at->v.f[i], &s.at->unit, &degree);
        const double time = s.time ? as_unit_convert(s.time->v.f[i], &s.time->unit, &second)
                                   : at / s.rate;
        if (!isfinite(at) || !isfinite(time) || !isfinite(s.flow->v.f[i])) continue;
        if (out->n && !(at > out->celsius[out->n - 1])) continue;
        out->celsius[out->n] = at;
        out->second[out->n] = time;
        out->row[out->n] = i;
        out->flow[out->n++] = s.factor * s.flow->v.f[i];
    }
    if (out->n < 10)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu points of rising temperature, at least 10 are needed",
                       out->n);
    out->noise = as_noise_level(out->n, out->flow, work);
    return AS_OK;
}

size_t as_dsc_row(const as_dsc *d, double at)
{
    size_t i = 0;
    while (i < d->n && d->celsius[i] < at) i++;
    return i;
}

as_status as_dsc_line_of(as_ctx *ctx, const as_dsc *d, size_t from, size_t to, as_dsc_line *out)
{
    as_linear_fit fit;
    if (to < from + 3 || to > d->n)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "a baseline of fewer than 3 points");
    double *x = AS_NEW_N(as_scratch(ctx), double, to - from);
    if (!x) return AS_ERR;
    out->middle = 0.5 * (d->celsius[from] + d->celsius[to - 1]);
    for (size_t i = from; i < to; i++) x[i - from] = d->celsius[i] - out->middle;
    AS_TRY(as_fit_polynomial(ctx, as_scratch(ctx), to - from, 1, x, d->flow + from, NULL, false, &fit));
    out->level = fit.p[0];
    out->slope = fit.p[1];
    return AS_OK;
}

double as_dsc_line_at(const as_dsc_line *l, double at)
{
    return l->level + l->slope * (at - l->middle);
}

as_status as_dsc_scatter(as_run *run, const as_dsc *d, const as_dsc_sampling *sampling, uint64_t stream,
                         as_dsc_values *measure, size_t n, const double *v, double *u)
{
    as_ctx *ctx = run->ctx;
    double good = 0, *sum = AS_NEW_N(as_scratch(ctx), double, d->n + 3 * n);
    as_dsc other = *d;
    as_random r;
    if (!sum) return AS_ERR;
    double *sum2 = sum + n, *w = sum2 + n;
    other.flow = w + n;
    as_random_seed(&r, (uint64_t)sampling->seed, stream);
    for (int b = 0; b < sampling->count; b++) {
        const as_frame frame = as_enter(ctx);
        for (size_t i = 0; i < d->n; i++) other.flow[i] = d->flow[i] + d->noise * as_random_normal(&r);
        const as_status status = measure(run, &other, w);
        as_leave(ctx, frame);
        if (status != AS_OK) {
            as_forget_error(ctx);
            continue;
        }
        good++;
        for (size_t q = 0; q < n; q++) sum[q] += w[q] - v[q], sum2[q] += (w[q] - v[q]) * (w[q] - v[q]);
    }
    const bool enough = sampling->count > 1 && good > 0.9 * sampling->count;
    for (size_t q = 0; q < n; q++)
        u[q] = enough ? sqrt(fmax(sum2[q] - sum[q] * sum[q] / good, 0) / (good - 1)) : NAN;
    return AS_OK;
}
