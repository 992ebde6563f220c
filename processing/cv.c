/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cv: a cyclic voltammogram taken apart into its cycles; peaks, charges and scan rate of each
 * sweep. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "echem.h"
#include "linear_fit.h"
#include "noise_level.h"
#include "sorted.h"
#include "sweeps.h"

typedef struct {
    double area, reversal, window, sigmas;
    as_range background, between;
    as_list cycles;
} cv_settings;

static const as_param params[] = {
    AS_DOUBLE(cv_settings, area, "area", "0", 0, 1e6, "cm2",
              "of the electrode; 0: electrode_area of the metadata"),
    AS_RANGE(cv_settings, background, "background", "", "V",
             "where a line is fitted to each sweep and taken off as capacitive; open: zero"),
    AS_RANGE(cv_settings, between, "between", "", "V",
             "where peaks and charges are looked for; open: everywhere"),
    AS_LIST(cv_settings, cycles, "cycles", "", NULL, "that are kept; none: all"),
    AS_DOUBLE(cv_settings, window, "window", "15mV", 1e-4, 1e3, "mV",
              "to either side of a peak for its parabola"),
    AS_DOUBLE(cv_settings, sigmas, "sigmas", "5", 0, 1000, NULL,
              "of the noise that a peak must stand out by"),
    AS_DOUBLE(cv_settings, reversal, "reversal", "10mV", 1e-4, 1e4, "mV",
              "that the potential comes back at a turn"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "potential", .unit = "V", .help = "of one or more cycles" },
    { .kind = AS_NEED_COLUMN,
      .name = "current",
      .unit = "A",
      .optional = true,
      .help = "with the electrode's area" },
    { .kind = AS_NEED_COLUMN,
      .name = "current_density",
      .unit = "mA/cm2",
      .optional = true,
      .help = "instead" },
    { .kind = AS_NEED_COLUMN,
      .name = "time",
      .unit = "s",
      .optional = true,
      .help = "for charges and scan rate" },
    { .kind = AS_NEED_META,
      .name = "scan_rate",
      .unit = "mV/s",
      .optional = true,
      .help = "where there is no time" },
    { .kind = AS_NEED_META,
      .name = "electrode_area",
      .unit = "cm2",
      .optional = true,
      .help = "where --area is not given" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_X,
      .name = "potential",
      .unit = "V",
      .help = "of one cycle" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_Y,
      .name = "current_density",
      .unit = "mA/cm2",
      .help = "as measured" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_BASELINE,
      .name = "baseline",
      .unit = "mA/cm2",
      .help = "the line of each sweep, with --background" },
    { .kind = AS_NEED_RESULT, .name = "peak_potential", .unit = "V", .help = "of each sweep" },
    { .kind = AS_NEED_RESULT,
      .name = "peak_current_density",
      .unit = "mA/cm2",
      .help = "above the background" },
    { .kind = AS_NEED_RESULT,
      .name = "charge_density",
      .unit = "mC/cm2",
      .help = "of each sweep, with its sign" },
    { .kind = AS_NEED_RESULT,
      .name = "largest_current_density",
      .unit = "mA/cm2",
      .help = "of each sweep in its direction, background included" },
    { .kind = AS_NEED_RESULT,
      .name = "peak_separation",
      .unit = "V",
      .help = "anodic minus cathodic" },
    { .kind = AS_NEED_RESULT,
      .name = "half_wave_potential",
      .unit = "V",
      .help = "midway between the peaks" },
    { .kind = AS_NEED_RESULT, .name = "charge_ratio", .unit = "1", .help = "cathodic over anodic" },
    { .kind = AS_NEED_RESULT,
      .name = "sweep_rate",
      .unit = "mV/s",
      .help = "from the time, else from the metadata" },
    { 0 }
};

typedef struct data { /* usable rows */
    size_t n;
    double *e, *j, *second, *base; /* V, mA/cm2, s or NULL, mA/cm2 */
    double rate;                   /* V/s */
    const char *rate_from;
} data;

typedef struct base { /* the line of a background, level + slope (e - at), and its covariance */
    double at, level, slope, var_level, var_slope, covariance;
    bool missing;
} base;

typedef struct leg { /* what one sweep gives */
    as_sweep_peak peak;
    double charge, u_charge, largest, noise;
} leg;

static as_status data_of(as_run *run, as_table *t, const as_column *j, data *d)
{
    as_ctx *ctx = run->ctx;
    const as_column *e = as_need_column(ctx, t, "potential"), *s = as_find_numbers(t, "time");
    const as_column *mask = as_find_role(t, AS_ROLE_MASK);
    const as_unit volt = as_unit_of("V"), density = as_unit_of("mA/cm2"), second = as_unit_of("s");
    if (!e) return AS_ERR;
    if (s && (s->type != AS_F64 || !as_unit_same_dimension(&s->unit, &second))) s = NULL;
    d->e = AS_NEW_N(as_scratch(ctx), double, 4 * t->rows + 4);
    if (!d->e) return AS_ERR;
    d->j = d->e + t->rows + 1;
    d->base = d->j + t->rows + 1;
    d->second = s ? d->base + t->rows + 1 : NULL;
    d->n = 0;
    for (size_t i = 0; i < t->rows; i++) {
        if (mask && mask->type == AS_F64 && mask->v.f[i] > 0) continue;
        if (!isfinite(e->v.f[i]) || !isfinite(j->v.f[i]) || (s && !isfinite(s->v.f[i]))) continue;
        d->e[d->n] = as_unit_convert(e->v.f[i], &e->unit, &volt);
        d->j[d->n] = as_unit_convert(j->v.f[i], &j->unit, &density);
        if (s) d->second[d->n] = as_unit_convert(s->v.f[i], &s->unit, &second);
        d->n++;
    }
    if (d->n >= 10) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu usable points, at least 10 are needed", d->n);
}

/* By the time, as the median over rows; else what the metadata state. */
static as_status rate_of(as_run *run, as_table *t, data *d)
{
    as_ctx *ctx = run->ctx;
    const as_unit v_s = as_unit_of("V/s");
    const as_meta *m = as_get_meta(t, "scan_rate");
    const double stated = m ? as_unit_convert(m->number, &m->unit, &v_s) : NAN;
    d->rate = stated;
    d->rate_from = isfinite(stated) ? "as_stated" : "unknown";
    if (!d->second) return AS_OK;
    double *each = AS_NEW_N(as_scratch(ctx), double, d->n);
    size_t n = 0;
    if (!each) return AS_ERR;
    for (size_t i = 1; i < d->n; i++) {
        const double dt = d->second[i] - d->second[i - 1], de = fabs(d->e[i] - d->e[i - 1]);
        if (dt > 0 && de > 0) each[n++] = de / dt;
    }
    if (n < 5) return AS_OK;
    d->rate = as_median(n, each);
    d->rate_from = "from_time";
    if (isfinite(stated) && fabs(d->rate / stated - 1) > 0.05)
        as_warn(ctx, t, NULL, "the potential moves by %.4g mV/s, the metadata state %.4g mV/s",
                d->rate * 1e3, stated * 1e3);
    return AS_OK;
}

static bool is_open(const as_range *r)
{
    return r->lo == 0 && r->hi == 0;
}

/* The line of one sweep over its background, into d->base. */
static as_status base_of(as_run *run, as_table *t, data *d, const as_sweep *s, base *out)
{
    const cv_settings *set = run->settings;
    double *x = AS_NEW_N(as_scratch(run->ctx), double, s->n),
           *y = AS_NEW_N(as_scratch(run->ctx), double, s->n);
    as_linear_fit line;
    size_t n = 0;
    if (!x || !y) return AS_ERR;
    *out = (base){ 0 };
    for (size_t i = s->from; i < s->from + s->n; i++) d->base[i] = 0;
    if (is_open(&set->background)) return AS_OK;
    for (size_t i = s->from; i < s->from + s->n; i++) {
        if (d->e[i] < set->background.lo || d->e[i] > set->background.hi) continue;
        x[n] = d->e[i];
        y[n++] = d->j[i];
    }
    if (n < 5) {
        as_warn(run->ctx, t, NULL, "%zu points of a sweep in the background, at least 5 are needed",
                n);
        out->missing = true;
        return AS_OK;
    }
    for (size_t i = 0; i < n; i++) out->at += x[i] / (double)n;
    for (size_t i = 0; i < n; i++) x[i] -= out->at;
    AS_TRY(as_fit_polynomial(run->ctx, as_scratch(run->ctx), n, 1, x, y, NULL, false, &line));
    *out = (base){
        out->at, line.p[0], line.p[1], line.covariance[0], line.covariance[3], line.covariance[1],
        false
    };
    for (size_t i = s->from; i < s->from + s->n; i++)
        d->base[i] = out->level + out->slope * (d->e[i] - out->at);
    return AS_OK;
}

/* Of a sum of the line with weights whose sum is w and whose moment about `at` is m. */
static double base_variance(const base *b, double w, double m)
{
    return w * w * b->var_level + m * m * b->var_slope + 2 * w * m * b->covariance;
}

static as_status leg_of(as_run *run, as_table *t, const data *d, const as_sweep *s, const base *b,
                        leg *out)
{
    const cv_settings *set = run->settings;
    double *x = AS_NEW_N(as_scratch(run->ctx), double, s->n),
           *y = AS_NEW_N(as_scratch(run->ctx), double, s->n);
    double *work = AS_NEW_N(as_scratch(run->ctx), double, 2 * s->n), seconds = 0, squares = 0,
           moment = 0;
    size_t n = 0;
    if (!x || !y || !work) return AS_ERR;
    *out = (leg){ .charge = 0, .largest = -INFINITY };
    for (size_t i = s->from; i < s->from + s->n; i++) {
        if (!is_open(&set->between) && (d->e[i] < set->between.lo || d->e[i] > set->between.hi))
            continue;
        x[n] = d->e[i];
        y[n] = s->direction * (d->j[i] - d->base[i]);
        out->largest = fmax(out->largest, s->direction * d->j[i]);
        if (n > 0) {
            const double dt =
                d->second ? d->second[i] - d->second[i - 1] : fabs(x[n] - x[n - 1]) / d->rate;
            out->charge += s->direction * (y[n] + y[n - 1]) / 2 * dt;
            seconds += dt;
            squares += dt * dt;
            moment += dt * ((x[n] + x[n - 1]) / 2 - b->at);
        }
        n++;
    }
    const double noise = n >= 5 ? as_noise_level(n, y, work) : NAN; /* few points: no u, no peak */
    out->noise = noise;
    out->u_charge = sqrt(noise * noise * squares + base_variance(b, seconds, moment));
    if (n < 2 || !isfinite(seconds) || b->missing) out->charge = out->u_charge = NAN;
    if (n < 2) out->largest = NAN;
    out->largest *= s->direction;
    AS_TRY(as_sweep_peak_of(run->ctx, n, x, y, set->window * 1e-3,
                            n >= 5 ? set->sigmas * noise : INFINITY, &out->peak));
    if (isnan(out->peak.at) && out->peak.prominence > 0)
        as_warn(run->ctx, t, NULL,
                "a maximum has too few points within %.4g mV of it, or no top there: give a wider "
                "--window",
                set->window);
    if (b->missing) out->peak = (as_sweep_peak){ NAN, NAN, NAN, NAN, 0 };
    out->peak.u_height =
        sqrt(out->peak.u_height * out->peak.u_height + base_variance(b, 1, out->peak.at - b->at));
    out->peak.height *= s->direction;
    return AS_OK;
}

typedef struct cycle {
    double number;
    size_t n;
    as_sweep sweep[2];
    leg leg[2];
} cycle;

/* item.quantity of one sweep; flag not_detected where there is no value. */
static as_status put(as_run *run, as_table *t, const char *item, const char *quantity, double value,
                     double u, const char *unit, const char *how)
{
    return as_add_quantity(run->ctx, t, item, quantity, value, u, unit,
                           isnan(value) ? "not_detected" : NULL, how);
}

static const char *recipe(as_run *run, const as_table *t, const data *d)
{
    const cv_settings *set = run->settings;
    const char *line = is_open(&set->background)
                           ? "background_zero"
                           : as_format(as_scratch(run->ctx), "background_line_%.4g_to_%.4g_V",
                                       set->background.lo, set->background.hi);
    const char *drop = as_ir_record(run->ctx, t);
    if (!line || !drop) return NULL;
    return as_format(as_scratch(run->ctx), "%s;%.4g_mV/s_%s%s", line, d->rate * 1e3, d->rate_from,
                     drop);
}

static as_status give_results(as_run *run, as_table *t, const data *d, const cycle *c,
                              double relative)
{
    const char *how = recipe(run, t, d);
    const leg *anodic = NULL, *cathodic = NULL;
    if (!how) return AS_ERR;
    for (size_t k = 0; k < c->n; k++) {
        const leg *l = &c->leg[k];
        const bool up = c->sweep[k].direction > 0;
        const char *item = up ? "anodic" : "cathodic";
        if (up)
            anodic = l;
        else
            cathodic = l;
        AS_TRY(put(run, t, item, "peak_potential", l->peak.at, l->peak.u_at, "V", how));
        AS_TRY(put(run, t, item, "peak_current_density", l->peak.height,
                   hypot(l->peak.u_height, relative * l->peak.height), "mA/cm2", how));
        AS_TRY(put(run, t, item, "charge_density", l->charge,
                   hypot(l->u_charge, relative * l->charge), "mC/cm2", how));
        AS_TRY(put(run, t, item, "largest_current_density", l->largest,
                   hypot(l->noise, relative * l->largest), "mA/cm2", "background_included"));
    }
    if (anodic && cathodic) {
        const double u = hypot(anodic->peak.u_at, cathodic->peak.u_at),
                     ratio = fabs(cathodic->charge / anodic->charge);
        AS_TRY(put(run, t, "cycle", "peak_separation", anodic->peak.at - cathodic->peak.at, u, "V",
                   how));
        AS_TRY(put(run, t, "cycle", "half_wave_potential",
                   (anodic->peak.at + cathodic->peak.at) / 2, u / 2, "V", how));
        AS_TRY(put(
            run, t, "cycle", "charge_ratio", ratio,
            ratio * hypot(anodic->u_charge / anodic->charge, cathodic->u_charge / cathodic->charge),
            "1", how));
    }
    return put(run, t, "cycle", "sweep_rate", d->rate * 1e3, NAN, "mV/s", d->rate_from);
}

static as_column *filled(as_ctx *ctx, as_table *t, const char *name, as_role role, const char *unit,
                         const double *v)
{
    as_column *c = as_add_column(ctx, t, name, role, as_unit_of(unit));
    for (size_t i = 0; c && i < t->rows; i++) c->v.f[i] = v[i];
    return c;
}

static as_status emit_cycle(as_run *run, const as_table *from, const data *d, const cycle *c,
                            double relative)
{
    const cv_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const size_t first = c->sweep[0].from, last = c->sweep[c->n - 1].from + c->sweep[c->n - 1].n;
    as_table *t = as_table_derive(ctx, from, last - first);
    if (!t) return AS_ERR;
    if (!filled(ctx, t, "potential", AS_ROLE_X, "V", d->e + first) ||
        !filled(ctx, t, "current_density", AS_ROLE_Y, "mA/cm2", d->j + first) ||
        (!is_open(&set->background) &&
         !filled(ctx, t, "baseline", AS_ROLE_BASELINE, "mA/cm2", d->base + first)) ||
        (d->second && !filled(ctx, t, "time", AS_ROLE_OTHER, "s", d->second + first)))
        return AS_ERR;
    t->name = as_format(t->arena, "%s.%.0f", from->name ? from->name : "cv", c->number);
    t->label = as_format(t->arena, "%s%scycle %.0f",
                         from->label  ? from->label
                         : from->name ? from->name
                                      : "",
                         from->label || from->name ? ", " : "", c->number);
    if (!t->name || !t->label) return AS_ERR;
    AS_TRY(as_set_number(ctx, t, "cycle", c->number, NAN, AS_UNITLESS, NULL));
    AS_TRY(give_results(run, t, d, c, relative));
    return as_emit(run->out, ctx, t);
}

static bool is_wanted(const as_list *list, double number)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i] == number) return true;
    return list->n == 0;
}

static as_status series(as_run *run, as_table *owned)
{
    const cv_settings *set = run->settings;
    as_column *j;
    data d = { 0 };
    double relative;
    size_t emitted = 0, number = 0;
    AS_TRY(as_current_density(run->ctx, owned, set->area, &j, &relative));
    AS_TRY(data_of(run, owned, j, &d));
    AS_TRY(rate_of(run, owned, &d));
    as_sweep *s = AS_NEW_N(as_scratch(run->ctx), as_sweep, d.n);
    if (!s) return AS_ERR;
    const size_t n = as_sweeps_of(d.n, d.e, set->reversal * 1e-3, d.n, s);
    if (n == 0)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "the potential never moves by %.4g mV",
                       2 * set->reversal);
    for (size_t i = 0; i < n;) {
        cycle c = { .number = (double)++number };
        for (; i < n && c.n < 2 && (c.n == 0 || s[i].direction != c.sweep[0].direction); i++)
            c.sweep[c.n++] = s[i];
        if (!is_wanted(&set->cycles, c.number)) continue;
        for (size_t k = 0; k < c.n; k++) {
            base b;
            AS_TRY(base_of(run, owned, &d, &c.sweep[k], &b));
            AS_TRY(leg_of(run, owned, &d, &c.sweep[k], &b, &c.leg[k]));
        }
        AS_TRY(emit_cycle(run, owned, &d, &c, relative));
        emitted++;
    }
    if (emitted) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL, "none of the wanted cycles among %zu", number);
}

static const as_example examples[] = {
    { "peaks, separation and charges of each cycle",
      "assay simulate-voltammetry --program cv --potentials 2.8:4.2 --couple 3.4:300 --density 0"
      " | assay cv --background 2.9:3.1 | assay results" },
    { "the first and the last cycle over each other",
      "assay simulate-voltammetry --program cv --potentials 2.8:4.2 --couple 3.4:300 --density 0"
      " | assay cv --cycles 1,3 | assay plot-lines -o cv.svg" },
    { 0 }
};
static const char *const references[] = {
    "Bard, Faulkner & White 2022, Electrochemical Methods, 3rd ed., chapter 7", NULL
};
static const char *const see_also[] = { "lsv-window", "pitt", "simulate-voltammetry", "plot-lines",
                                        NULL };

const as_op as_op_cv = {
    .name = "cv",
    .group = "electrochemistry",
    .effect = AS_DERIVES,
    .settings_size = sizeof(cv_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "take a cyclic voltammogram apart: cycles, peaks, charges",
             .description =
                 "The curve is cut where the potential turns and every two sweeps "
                 "become a series of their own, so that "
                 "cycles can be drawn over each other, NAME.1, NAME.2 ... A cycle that the "
                 "instrument "
                 "counts may begin elsewhere.\n\n"
                 "A peak is the most prominent maximum of a sweep in its direction, "
                 "above the *background*, refined by a "
                 "parabola within *window*; `not_detected` where it does not stand out "
                 "by *sigmas* times the noise. The "
                 "charge is the integral over time of what is above the background. "
                 "`largest_current_density` is that "
                 "of the sweep as measured. Uncertainties are of noise, background line and "
                 "area; where the line was put is not in them.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
