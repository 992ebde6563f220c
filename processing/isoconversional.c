/* SPDX-License-Identifier: GPL-3.0-or-later */
/* friedman, kas, starink, ofw, vyazovkin: activation energy at each conversion, from runs at several
 * heating rates, without a model of the reaction. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "interpolate.h"
#include "kinetics.h"
#include "op.h"
#include "thermogram.h"

typedef struct {
    as_list conversions;
    as_range range;
    double step, window;
    bool corrected;
} iso_settings;

#define COMMON                                                                                     \
    AS_LIST(iso_settings, conversions, "conversions", "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9", NULL, \
            "at which energies are wanted"),                                                       \
        AS_RANGE(iso_settings, range, "range", "", "degC",                                         \
                 "of the loss whose ends are conversion 0 and 1; none: the whole curve"),          \
        AS_DOUBLE(iso_settings, step, "step", "0.5K", 0.001, 100, "K",                             \
                  "of the grid of temperatures"),                                                  \
        AS_DOUBLE(iso_settings, window, "window", "20K", 0.01, 1000, "K",                          \
                  "of the derivative (Savitzky-Golay, order 2)")

static const as_param params[] = { COMMON, AS_PARAMS_END };
static const as_param params_line[] = {
    COMMON,
    AS_BOOL(iso_settings, corrected, "corrected", "no",
            "iterate with the exact temperature integral"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_META, .name = "heating_rate", .unit = "K/min", .help = "another in each series" },
    { .kind = AS_NEED_COLUMN, .name = "temperature", .unit = "degC", .help = "of the sample" },
    { .kind = AS_NEED_COLUMN, .name = "conversion", .unit = "1", .optional = true,
      .help = "rising from 0 to 1; without it mass or mass_fraction is needed" },
    { .kind = AS_NEED_COLUMN, .name = "conversion_rate", .unit = "s-1", .optional = true,
      .help = "needed by friedman beside conversion" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "conversion", .unit = "1", .help = "as asked" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "activation_energy", .unit = "kJ/mol",
      .help = "at each conversion" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_SIGMA, .name = "sigma", .unit = "kJ/mol",
      .help = "from the scatter of the runs" },
    { .kind = AS_NEED_RESULT, .name = "activation_energy", .unit = "kJ/mol",
      .help = "the same, as results" },
    { 0 }
};

typedef enum { DIFFERENTIAL, INTEGRAL, NONLINEAR } kind;
typedef struct method {
    kind kind;
    double power, factor; /* of as_integral_line */
    const char *name;
} method;

typedef struct progress { /* one run: temperature and log rate along rising conversion */
    size_t n;
    double *alpha, *kelvin, *ln_rate;
    double beta; /* K/s */
} progress;

static as_status room(as_ctx *ctx, size_t n, progress *p)
{
    p->n = 0;
    p->alpha = AS_NEW_N(as_scratch(ctx), double, n + 1);
    p->kelvin = AS_NEW_N(as_scratch(ctx), double, n + 1);
    p->ln_rate = AS_NEW_N(as_scratch(ctx), double, n + 1);
    return p->alpha && p->kelvin && p->ln_rate ? AS_OK : AS_ERR;
}

static void add(progress *p, double alpha, double kelvin, double rate)
{
    if (!isfinite(alpha) || !isfinite(kelvin)) return;
    if (p->n && !(alpha > p->alpha[p->n - 1])) return;
    p->alpha[p->n] = alpha;
    p->kelvin[p->n] = kelvin;
    p->ln_rate[p->n++] = rate > 0 ? log(rate) : NAN;
}

static as_status from_conversion(as_run *run, const as_table *t, const as_column *alpha,
                                 progress *p)
{
    const method *m = run->op->method;
    const as_unit k = as_unit_of("K"), per_second = as_unit_of("s-1");
    const as_column *temperature = as_need_column(run->ctx, t, "temperature");
    const as_column *rate = as_find_numbers(t, "conversion_rate");
    if (m->kind == DIFFERENTIAL && !rate) rate = as_need_column(run->ctx, t, "conversion_rate");
    if (!temperature || (m->kind == DIFFERENTIAL && !rate)) return AS_ERR;
    AS_TRY(room(run->ctx, t->rows, p));
    for (size_t i = 0; i < t->rows; i++)
        add(p, as_unit_convert(alpha->v.f[i], &alpha->unit, &AS_UNITLESS),
            as_unit_convert(temperature->v.f[i], &temperature->unit, &k),
            rate ? as_unit_convert(rate->v.f[i], &rate->unit, &per_second) : NAN);
    return AS_OK;
}

static as_status from_mass(as_run *run, as_table *t, progress *p)
{
    const iso_settings *set = run->settings;
    double *x, *y;
    size_t n;
    as_thermogram g;
    AS_TRY(as_thermal_columns(run->ctx, t, &x, &y, &n));
    const size_t half = (size_t)fmax(2, floor(0.5 * set->window / set->step));
    AS_TRY(as_thermogram_of(run->ctx, as_scratch(run->ctx), n, x, y, set->step, half, &g));
    size_t from = 0, to = g.n - 1;
    if (set->range.lo != 0 || set->range.hi != 0) {
        while (from < to && as_thermogram_temperature(&g, (double)from) < set->range.lo) from++;
        while (to > from && as_thermogram_temperature(&g, (double)to) > set->range.hi) to--;
    }
    const double loss = g.p[from] - g.p[to];
    if (!(loss > 10 * g.noise))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "a loss of %.3g %% between %.5g and %.5g degC is no conversion", loss,
                       as_thermogram_temperature(&g, (double)from),
                       as_thermogram_temperature(&g, (double)to));
    AS_TRY(room(run->ctx, g.n, p));
    for (size_t i = from; i <= to; i++)
        add(p, (g.p[from] - g.p[i]) / loss, as_thermogram_temperature(&g, (double)i) + 273.15,
            -g.rate[i] / loss * p->beta);
    return AS_OK;
}

static as_status progress_of(as_run *run, as_table *t, progress *p)
{
    const as_unit rate = as_unit_of("K/s");
    const as_meta *beta = as_need_meta(run->ctx, t, "heating_rate");
    const as_column *alpha = as_find_numbers(t, "conversion");
    if (!beta) return AS_ERR;
    p->beta = as_unit_convert(beta->number, &beta->unit, &rate);
    if (!(p->beta > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the heating rate is %.4g K/s, expected above 0",
                       p->beta);
    AS_TRY(alpha ? from_conversion(run, t, alpha, p) : from_mass(run, t, p));
    if (p->n < 2)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%zu points of rising conversion, expected 2",
                       p->n);
    return AS_OK;
}

/* T and ln rate of every run that reaches `alpha`; how many. */
static as_status at_conversion(as_ctx *ctx, const method *m, size_t n, const progress *p,
                               double alpha, double *kelvin, double *y, double *beta, size_t *found)
{
    *found = 0;
    for (size_t i = 0; i < n; i++) {
        double *work = AS_NEW_N(as_scratch(ctx), double, 3 * p[i].n), t, rate;
        if (!work) return AS_ERR;
        as_interpolate(AS_PCHIP, p[i].n, p[i].alpha, p[i].kelvin, false, 1, &alpha, work, &t);
        as_interpolate(AS_LINEAR, p[i].n, p[i].alpha, p[i].ln_rate, false, 1, &alpha, work, &rate);
        if (!isfinite(t) || (m->kind == DIFFERENTIAL && !isfinite(rate))) continue;
        kelvin[*found] = t;
        y[*found] = rate;
        beta[(*found)++] = p[i].beta;
    }
    return AS_OK;
}

static as_status energy_at(as_run *run, size_t n, const progress *p, double alpha,
                           as_arrhenius *out)
{
    const method *m = run->op->method;
    const iso_settings *set = run->settings;
    as_arena *a = as_scratch(run->ctx);
    double *kelvin = AS_NEW_N(a, double, n), *y = AS_NEW_N(a, double, n);
    double *beta = AS_NEW_N(a, double, n);
    size_t found;
    if (!kelvin || !y || !beta) return AS_ERR;
    AS_TRY(at_conversion(run->ctx, m, n, p, alpha, kelvin, y, beta, &found));
    if (found < 3)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "%zu runs reach a conversion of %.4g, expected 3 or more", found, alpha);
    if (m->kind == DIFFERENTIAL) return as_arrhenius_line(run->ctx, found, kelvin, y, 1, out);
    AS_TRY(as_integral_line(run->ctx, found, kelvin, beta, m->power, m->factor, out));
    if (m->kind == NONLINEAR) return as_vyazovkin(run->ctx, found, kelvin, beta, out);
    return set->corrected ? as_integral_corrected(run->ctx, found, kelvin, beta, out) : AS_OK;
}

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status give(as_run *run, as_table *t, size_t n, const progress *p)
{
    const method *m = run->op->method;
    const iso_settings *set = run->settings;
    const as_unit kj = as_unit_of("kJ/mol");
    as_column *x = as_add_column(run->ctx, t, "conversion", AS_ROLE_X, AS_UNITLESS);
    as_column *y = as_add_column(run->ctx, t, "activation_energy", AS_ROLE_Y, kj);
    as_column *sigma = as_add_column(run->ctx, t, "sigma", AS_ROLE_SIGMA, kj);
    if (!x || !y || !sigma) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        as_arrhenius e;
        const char *item = as_format(as_scratch(run->ctx), "conversion %.4g", set->conversions.v[i]);
        const char *how = as_format(as_scratch(run->ctx), "%s%s", m->name,
                                    set->corrected ? "_corrected" : "");
        if (!item || !how) return AS_ERR;
        AS_TRY(energy_at(run, n, p, set->conversions.v[i], &e));
        x->v.f[i] = set->conversions.v[i];
        y->v.f[i] = e.energy / 1000;
        sigma->v.f[i] = e.u_energy / 1000;
        AS_TRY(as_add_quantity(run->ctx, t, item, "activation_energy", y->v.f[i], sigma->v.f[i],
                               "kJ/mol", NULL, how));
    }
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    const iso_settings *set = run->settings;
    progress *p = AS_NEW_N(as_scratch(run->ctx), progress, held->n + 1);
    if (!p) return AS_ERR;
    if (!held->n) return AS_OK;
    for (size_t i = 0; i < held->n; i++) AS_TRY(progress_of(run, held->t[i], &p[i]));
    as_table *t = as_table_derive(run->ctx, held->t[0], set->conversions.n);
    if (!t) return AS_ERR;
    AS_TRY(as_drop_meta(t, "heating_rate"));
    AS_TRY(give(run, t, held->n, p));
    return as_emit(run->out, run->ctx, t);
}

#define RATES                                                                  \
    "tests/corpus/thermal/rate-2.ecsv tests/corpus/thermal/rate-5.ecsv "       \
    "tests/corpus/thermal/rate-10.ecsv"
#define EXAMPLE(op)                                                            \
    static const as_example examples_##op[] = {                                \
        { "activation energy along the loss", "assay " #op " " RATES }, { 0 }  \
    };
EXAMPLE(friedman)
EXAMPLE(kas)
EXAMPLE(starink)
EXAMPLE(ofw)
EXAMPLE(vyazovkin)

static const char *const references_friedman[] = {
    "Friedman 1964, Kinetics of thermal degradation of char-forming plastics, J. Polym. Sci. C 6, 183, "
    "doi:10.1002/polc.5070060121",
    NULL
};
static const char *const references_kas[] = {
    "Akahira & Sunose 1971, Res. Report Chiba Inst. Technol. 16, 22",
    "Vyazovkin et al. 2011, ICTAC recommendations for kinetic computations, Thermochim. Acta 520, 1, "
    "doi:10.1016/j.tca.2011.03.034",
    NULL
};
static const char *const references_starink[] = {
    "Starink 2003, Thermochim. Acta 404, 163, doi:10.1016/S0040-6031(03)00144-8", NULL
};
static const char *const references_ofw[] = {
    "Ozawa 1965, Bull. Chem. Soc. Jpn. 38, 1881, doi:10.1246/bcsj.38.1881",
    "Flynn & Wall 1966, J. Polym. Sci. B 4, 323, doi:10.1002/pol.1966.110040504", NULL
};
static const char *const references_vyazovkin[] = {
    "Vyazovkin & Dollimore 1996, J. Chem. Inf. Comput. Sci. 36, 42", NULL
};
static const char *const see_also[] = { "kissinger", "vyazovkin", "friedman", "thermal-steps", NULL };

#define CURVES                                                                                     \
    "\n\nConversion is the column of that name, else the share of the loss of mass inside "        \
    "`--range`; overlapping losses have to be told apart before. Energies that change with "       \
    "conversion by more than their uncertainty say that the loss is no single process. "           \
    "Uncertainties are those of the scatter of the runs. Holds all series."

#define OP(id, text, about, kind_, power_, factor_, params_)                                  \
    const as_op as_op_##id = {                                                                \
        .name = #id, .group = "thermal", .effect = AS_REDUCES,                                \
        .settings_size = sizeof(iso_settings), .state_size = sizeof(as_held),                 \
        .params = params_, .needs = needs, .gives = gives, .series = gather, .finish = finish, \
        .method = &(const method){ kind_, power_, factor_, #id },                             \
        .doc = { .summary = text, .description = about CURVES,                                \
                 .references = references_##id, .examples = examples_##id,                    \
                 .see_also = see_also },                                                      \
    };

OP(friedman, "activation energy at each conversion from rates",
   "The slope of ln(d alpha / dt) against 1 / T at one conversion is -E / R. Nothing is approximated, "
   "but the derivative brings noise.", DIFFERENTIAL, 0, 0, params)
OP(kas, "activation energy at each conversion by Kissinger, Akahira and Sunose",
   "The slope of ln(beta / T^2) against 1 / T at one conversion is taken as -E / R. The approximation "
   "of the temperature integral behind it puts E wrong by some tenths of a percent; `--corrected` takes "
   "the integral as it is.", INTEGRAL, 2, 1, params_line)
OP(starink, "activation energy at each conversion by Starink's equation",
   "The slope of ln(beta / T^1.92) against 1 / T at one conversion is taken as -1.0008 E / R. "
   "`--corrected` takes the temperature integral as it is.", INTEGRAL, 1.92, 1.0008, params_line)
OP(ofw, "activation energy at each conversion by Ozawa, Flynn and Wall",
   "The slope of ln(beta) against 1 / T at one conversion is taken as -1.052 E / R: Doyle's "
   "approximation, wrong by several percent where E / (R T) is far from 40. `--corrected` takes the "
   "temperature integral as it is.", INTEGRAL, 0, 1.052, params_line)
OP(vyazovkin, "activation energy at each conversion by nonlinear isoconversion",
   "The energy that makes the temperature integrals of all runs, over their heating rates, most equal. "
   "Exact for constant E from the begin of heating on.", NONLINEAR, 1.92, 1.0008, params)
