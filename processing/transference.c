/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transference: the transference number by Bruce and Vincent, from the decay of the current under a
 * small voltage. */
#include <math.h>

#include "curve.h"
#include "linear_fit.h"

enum { FIRST_POINT, ROOT_TIME };

typedef struct {
    double bias, before, after, u_before, u_after, tail, early;
    int initial;
} transference_settings;

static const as_choice initials[] = {
    { "first", FIRST_POINT, "the first point, whatever it missed" },
    { "root-time", ROOT_TIME, "a parabola in sqrt(t) through the first --early, to t = 0" },
    { 0 }
};
static const as_param params[] = {
    AS_DOUBLE(transference_settings, bias, "bias", NULL, 1e-6, 1e4, "mV",
              "voltage that was applied"),
    AS_DOUBLE(transference_settings, before, "before", "0", 0, 1e12, "Ohm",
              "resistance of the interfaces before"),
    AS_DOUBLE(transference_settings, u_before, "u-before", "0", 0, 1e12, "Ohm",
              "its standard uncertainty"),
    AS_DOUBLE(transference_settings, after, "after", "0", 0, 1e12, "Ohm",
              "resistance of the interfaces in the steady state"),
    AS_DOUBLE(transference_settings, u_after, "u-after", "0", 0, 1e12, "Ohm",
              "its standard uncertainty"),
    AS_CHOICE(transference_settings, initial, "initial", "root-time", initials,
              "current at the begin"),
    AS_DOUBLE(transference_settings, early, "early", "10s", 1e-6, 1e6, "s",
              "that the parabola in sqrt(t) is fitted to"),
    AS_DOUBLE(transference_settings, tail, "tail", "10%", 0.1, 100, "%",
              "of the time, at its end, that is the steady state"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN,
      .name = "time",
      .unit = "s",
      .help = "since the voltage was applied, or a clock" },
    { .kind = AS_NEED_COLUMN, .name = "current", .unit = "A", .help = "of a symmetric cell" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT,
      .name = "transference_number",
      .unit = "1",
      .help = "with the interfaces taken off" },
    { .kind = AS_NEED_RESULT,
      .name = "current_ratio",
      .unit = "1",
      .help = "steady over initial, without them" },
    { .kind = AS_NEED_RESULT, .name = "initial_current", .unit = "A", .help = "by the named rule" },
    { .kind = AS_NEED_RESULT, .name = "steady_current", .unit = "A", .help = "mean over the tail" },
    { .kind = AS_NEED_RESULT,
      .name = "tail_change",
      .unit = "%",
      .help = "over the tail, of the steady current" },
    { 0 }
};

typedef struct decay { /* usable rows; seconds from the first one */
    size_t n;
    double *t, *i; /* s, A */
} decay;

typedef struct estimate {
    double value, u;
} estimate;

static as_status decay_of(as_run *run, const as_table *t, decay *d)
{
    as_ctx *ctx = run->ctx;
    const as_column *s = as_need_column(ctx, t, "time"), *i = as_need_column(ctx, t, "current");
    const as_column *mask = as_find_role(t, AS_ROLE_MASK);
    const as_unit second = as_unit_of("s"), ampere = as_unit_of("A");
    if (!s || !i) return AS_ERR;
    d->t = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    d->i = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!d->t || !d->i) return AS_ERR;
    d->n = 0;
    for (size_t k = 0; k < t->rows; k++) {
        if (mask && mask->type == AS_F64 && mask->v.f[k] > 0) continue;
        if (!isfinite(s->v.f[k]) || !isfinite(i->v.f[k])) continue;
        d->t[d->n] = as_unit_convert(s->v.f[k], &s->unit, &second);
        d->i[d->n++] = as_unit_convert(i->v.f[k], &i->unit, &ampere);
        if (d->n > 1 && d->t[d->n - 1] < d->t[d->n - 2])
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the time falls at %.9g s", d->t[d->n - 1]);
    }
    if (d->n < 10)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu usable points, at least 10 are needed", d->n);
    const double from = d->t[0];
    for (size_t k = 0; k < d->n; k++) d->t[k] -= from;
    return AS_OK;
}

/* A polynomial through n points over x: its value and slope at x = at. */
static as_status fit_at(as_run *run, size_t n, size_t degree, double *x, const double *y, double at,
                        estimate *out, double *slope)
{
    as_linear_fit f;
    for (size_t k = 0; k < n; k++) x[k] -= at;
    AS_TRY(as_fit_polynomial(run->ctx, as_scratch(run->ctx), n, degree, x, y, NULL, false, &f));
    *out = (estimate){ f.p[0], f.u[0] };
    *slope = f.p[1];
    return AS_OK;
}

static as_status initial_of(as_run *run, const decay *d, estimate *out)
{
    const transference_settings *set = run->settings;
    double *x = AS_NEW_N(as_scratch(run->ctx), double, d->n), slope;
    size_t n = 0;
    if (!x) return AS_ERR;
    *out = (estimate){ d->i[0], NAN };
    if (set->initial == FIRST_POINT) return AS_OK;
    for (; n < d->n && d->t[n] <= set->early; n++) x[n] = sqrt(d->t[n]);
    if (n < 6)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "%zu points within %.4g s, at least 6 are needed", n, set->early);
    return fit_at(run, n, 2, x, d->i, 0, out, &slope);
}

static as_status steady_of(as_run *run, const decay *d, estimate *out, double *change)
{
    const transference_settings *set = run->settings;
    double *x = AS_NEW_N(as_scratch(run->ctx), double, d->n), slope;
    const double end = d->t[d->n - 1], begin = end * (1 - set->tail / 100);
    size_t a = 0;
    if (!x) return AS_ERR;
    while (d->t[a] < begin) a++;
    if (d->n - a < 4)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "%zu points in the tail, at least 4 are needed", d->n - a);
    for (size_t k = a; k < d->n; k++) x[k - a] = d->t[k];
    AS_TRY(fit_at(run, d->n - a, 1, x, d->i + a, (begin + end) / 2, out, &slope));
    *change = 100 * slope * (end - begin) / out->value;
    return AS_OK;
}

/* t+ = I_s (V - I_0 R_0) / (I_0 (V - I_s R_s)) and its first-order uncertainty. */
static estimate bruce_vincent(double v, estimate i0, estimate is, estimate r0, estimate rs)
{
    const double above = v - i0.value * r0.value, below = v - is.value * rs.value;
    const double t = is.value * above / (i0.value * below);
    const double parts[] = { v / (i0.value * above) * i0.u, v / (is.value * below) * is.u,
                             i0.value / above * r0.u, is.value / below * rs.u }; /* relative */
    double sum = 0;
    for (size_t k = 0; k < 4; k++) sum += isfinite(parts[k]) ? parts[k] * parts[k] : 0;
    return (estimate){ t, fabs(t) * sqrt(sum) };
}

static as_status series(as_run *run, as_table *owned)
{
    const transference_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const double volt = set->bias * 1e-3;
    decay d;
    estimate i0, is;
    double change;
    AS_TRY(decay_of(run, owned, &d));
    AS_TRY(initial_of(run, &d, &i0));
    AS_TRY(steady_of(run, &d, &is, &change));
    const estimate r0 = { set->before, set->u_before }, rs = { set->after, set->u_after };
    const double ratio = is.value / i0.value;
    if (!(ratio > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the current goes from %.4g to %.4g A: one sign is needed", i0.value,
                       is.value);
    if (fabs(i0.value) * r0.value >= volt || fabs(is.value) * rs.value >= volt)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "the interfaces alone take %.4g and %.4g of %.4g mV",
                       1e3 * fabs(i0.value) * r0.value, 1e3 * fabs(is.value) * rs.value, set->bias);
    const estimate size0 = { fabs(i0.value), i0.u }, size = { fabs(is.value), is.u };
    const estimate t = bruce_vincent(volt, size0, size, r0, rs);
    const char *how =
        as_format(as_scratch(ctx), "Bruce-Vincent;%.4g_mV;R_%.4g_and_%.4g_Ohm;initial_%s;u_of:I_R",
                  set->bias, set->before, set->after, initials[set->initial].name);
    if (!how) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, owned, "cell", "transference_number", t.value, t.u, "1",
                           t.value > 1 ? "above_one" : NULL, how));
    AS_TRY(as_add_quantity(ctx, owned, "cell", "current_ratio", ratio,
                           ratio * hypot(isfinite(i0.u) ? i0.u / i0.value : 0, is.u / is.value),
                           "1", NULL, "steady_over_initial"));
    AS_TRY(as_add_quantity(ctx, owned, "cell", "initial_current", i0.value, i0.u, "A", NULL,
                           initials[set->initial].name));
    AS_TRY(as_add_quantity(ctx, owned, "cell", "steady_current", is.value, is.u, "A", NULL,
                           "mean_of_the_tail"));
    AS_TRY(as_add_quantity(ctx, owned, "cell", "tail_change", change, NAN, "%", NULL,
                           "line_through_the_tail"));
    if (fabs(change) > 2)
        as_warn(ctx, owned, NULL,
                "the current still changes by %.2g %% over the tail: no steady state", change);
    if (set->before == 0 || set->after == 0)
        as_warn(
            ctx, owned, NULL,
            "no resistance of the interfaces is given: the number is that of the currents alone");
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "lithium between two electrodes at 10 mV",
      "assay transference --bias 10mV --before 120Ohm --after 124Ohm "
      "tests/corpus/echem/polarisation.csv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Bruce & Vincent 1987, J. Electroanal. Chem. 225, 1, doi:10.1016/0022-0728(87)80001-3",
    "Evans, Vincent & Bruce 1987, Polymer 28, 2324, doi:10.1016/0032-3861(87)90394-6", NULL
};
static const char *const see_also[] = { "eis-fit", "pitt", "conductivity", NULL };

const as_op as_op_transference = {
    .name = "transference",
    .group = "electrochemistry",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(transference_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "transference number by Bruce and Vincent",
             .description =
                 "t+ = I_s (V - I_0 R_0) / (I_0 (V - I_s R_s)), with the resistances of the "
                 "interfaces before and in the "
                 "steady state, as of `eis-fit`. The initial current is a matter of definition: "
                 "the first point depends "
                 "on when it was taken; a parabola in sqrt(t) goes to the moment the voltage was "
                 "applied, which is taken to "
                 "be the first row. The steady current is the mean of the *tail*; a change over it "
                 "of more than 2 % is "
                 "warned of. It holds for ideal dilute electrolytes and small voltages.\n\n"
                 "Uncertainties are of the scatter of the currents and of the resistances given, "
                 "to first order.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
