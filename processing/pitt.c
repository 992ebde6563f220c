/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pitt: the steps of a potentiostatic titration, and the leakage current that is left at each
 * potential. */
#include <math.h>

#include "curve.h"
#include "echem.h"
#include "linear_fit.h"

typedef struct {
    double area, least, tail, cut, settled;
} pitt_settings;

static const as_param params[] = {
    AS_DOUBLE(pitt_settings, area, "area", "0", 0, 1e6, "cm2",
              "of the electrode; 0: electrode_area of the metadata"),
    AS_DOUBLE(pitt_settings, least, "least-step", "5mV", 1e-3, 1e4, "mV",
              "that the potential changes by between steps"),
    AS_DOUBLE(pitt_settings, tail, "tail", "25%", 1, 100, "%",
              "of the time of a step, at its end, that the leakage is the mean of"),
    AS_DOUBLE(pitt_settings, settled, "settled", "20%", 0.1, 1000, "%",
              "change over the tail, over the leakage, that still counts as steady"),
    AS_DOUBLE(pitt_settings, cut, "cut", "10uA/cm2", 0, 1e9, "uA/cm2",
              "leakage that counts as onset; 0: none"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "time", .unit = "s", .help = "rising" },
    { .kind = AS_NEED_COLUMN, .name = "potential", .unit = "V", .help = "held step by step" },
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
      .help = "of each step" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_Y,
      .name = "leakage_current_density",
      .unit = "mA/cm2",
      .help = "mean over the tail" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_SIGMA,
      .name = "sigma",
      .unit = "mA/cm2",
      .help = "of that mean" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_OTHER,
      .name = "tail_change",
      .unit = "mA/cm2",
      .help = "over the tail" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_OTHER,
      .name = "charge_density",
      .unit = "mC/cm2",
      .help = "above the leakage" },
    { .kind = AS_NEED_COLUMN,
      .role = AS_ROLE_OTHER,
      .name = "step_time",
      .unit = "s",
      .help = "that a step lasted" },
    { .kind = AS_NEED_RESULT,
      .name = "onset_potential",
      .unit = "V",
      .help = "where the leakage passes --cut" },
    { .kind = AS_NEED_RESULT,
      .name = "cut_sensitivity",
      .unit = "V",
      .help = "shift from half the cut to twice the cut" },
    { .kind = AS_NEED_RESULT, .name = "largest_leakage", .unit = "mA/cm2", .help = "of all steps" },
    { .kind = AS_NEED_RESULT,
      .name = "steps_unsettled",
      .unit = "1",
      .help = "whose tail still changes" },
    { 0 }
};

typedef struct rows { /* usable: s, V, mA/cm2 */
    size_t n;
    double *second, *volt, *density;
} rows;

typedef struct hold {
    double volt, leak, u, change, u_change, charge, seconds;
} hold;

static as_status rows_of(as_run *run, const as_table *t, const as_column *j, rows *r)
{
    as_ctx *ctx = run->ctx;
    const as_column *s = as_need_column(ctx, t, "time"), *e = as_need_column(ctx, t, "potential");
    const as_column *mask = as_find_role(t, AS_ROLE_MASK);
    const as_unit second = as_unit_of("s"), volt = as_unit_of("V"), density = as_unit_of("mA/cm2");
    if (!s || !e) return AS_ERR;
    r->second = AS_NEW_N(as_scratch(ctx), double, 3 * t->rows + 3);
    if (!r->second) return AS_ERR;
    r->volt = r->second + t->rows + 1;
    r->density = r->volt + t->rows + 1;
    r->n = 0;
    for (size_t i = 0; i < t->rows; i++) {
        const double at = as_unit_convert(s->v.f[i], &s->unit, &second);
        if (mask && mask->type == AS_F64 && mask->v.f[i] > 0) continue;
        if (!isfinite(at) || !isfinite(e->v.f[i]) || !isfinite(j->v.f[i])) continue;
        if (r->n && at < r->second[r->n - 1])
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the time falls from %.9g to %.9g s",
                           r->second[r->n - 1], at);
        r->second[r->n] = at;
        r->volt[r->n] = as_unit_convert(e->v.f[i], &e->unit, &volt);
        r->density[r->n++] = as_unit_convert(j->v.f[i], &j->unit, &density);
    }
    if (r->n >= 10) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu usable points, at least 10 are needed", r->n);
}

/* Mean and change over the tail by a line through it: the change is what is not steady yet. */
static as_status tail_of(as_run *run, const rows *r, size_t a, size_t b, hold *h)
{
    double *t = AS_NEW_N(as_scratch(run->ctx), double, b - a), mean = 0;
    as_linear_fit line;
    if (!t) return AS_ERR;
    for (size_t i = a; i < b; i++) mean += r->second[i] / (double)(b - a);
    for (size_t i = a; i < b; i++) t[i - a] = r->second[i] - mean;
    h->leak = h->u = h->change = h->u_change = NAN;
    if (b - a < 3) return AS_OK;
    if (as_fit_polynomial(run->ctx, as_scratch(run->ctx), b - a, 1, t, r->density + a, NULL, false,
                          &line) != AS_OK) {
        if (as_pending(run->ctx) != AS_E_NUMERIC) return AS_ERR;
        as_forget_error(run->ctx);
        return AS_OK;
    }
    h->leak = line.p[0];
    h->u = line.u[0];
    h->change = line.p[1] * (r->second[b - 1] - r->second[a]);
    h->u_change = line.u[1] * (r->second[b - 1] - r->second[a]);
    return AS_OK;
}

static as_status hold_of(as_run *run, const rows *r, size_t a, size_t b, hold *h)
{
    const pitt_settings *set = run->settings;
    h->seconds = r->second[b - 1] - r->second[a];
    h->volt = r->volt[a];
    h->charge = 0;
    for (size_t i = a; i < b; i++) h->volt += (r->volt[i] - r->volt[a]) / (double)(b - a);
    size_t from = a;
    while (from < b && r->second[from] < r->second[b - 1] - set->tail / 100 * h->seconds) from++;
    AS_TRY(tail_of(run, r, from, b, h));
    for (size_t i = a + 1; i < b; i++)
        h->charge +=
            (r->second[i] - r->second[i - 1]) * ((r->density[i] + r->density[i - 1]) / 2 - h->leak);
    return AS_OK;
}

/* The holds: a new one begins where the potential has left that of the first row of the one before.
 */
static as_status holds_of(as_run *run, const rows *r, hold *h, size_t *n)
{
    const pitt_settings *set = run->settings;
    *n = 0;
    for (size_t a = 0, b = 1; a < r->n; a = b++) {
        while (b < r->n && fabs(r->volt[b] - r->volt[a]) < set->least * 1e-3) b++;
        if (b - a < 4) continue; /* on the way between two potentials */
        AS_TRY(hold_of(run, r, a, b, &h[(*n)++]));
    }
    if (*n) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no potential is held for four points");
}

/* First crossing of |leakage| = cut, by a line between the holds; u as if it could lie anywhere
 * between. */
static double crossing(size_t n, const hold *h, double cut, double *u)
{
    *u = NAN;
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(h[i].leak) >= cut)) continue;
        if (i == 0) return NAN;
        const double before = fabs(h[i - 1].leak),
                     share = (cut - before) / (fabs(h[i].leak) - before);
        *u = fabs(h[i].volt - h[i - 1].volt) / sqrt(12);
        return h[i - 1].volt + share * (h[i].volt - h[i - 1].volt);
    }
    return NAN;
}

static as_status give_results(as_run *run, as_table *t, size_t n, const hold *h)
{
    const pitt_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    double largest = 0, u_largest = NAN;
    size_t unsettled = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabs(h[i].leak) > fabs(largest)) {
            largest = h[i].leak;
            u_largest = h[i].u;
        }
        unsettled += fabs(h[i].change) > set->settled / 100 * fabs(h[i].leak) &&
                     fabs(h[i].change) > 3 * h[i].u_change;
    }
    const char *how =
        as_format(as_scratch(ctx), "mean_of_the_last_%.3g%%_of_a_step;%zu_steps", set->tail, n);
    if (!how) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "leakage", "largest_leakage", largest, u_largest, "mA/cm2", NULL,
                           how));
    AS_TRY(as_add_quantity(ctx, t, "leakage", "steps_unsettled", (double)unsettled, NAN, "1", NULL,
                           how));
    if (unsettled)
        as_warn(ctx, t, NULL,
                "at %zu of %zu potentials the current still changes by more than %.3g %% over the "
                "tail: "
                "it is no leakage yet",
                unsettled, n, set->settled);
    if (!(set->cut > 0)) return AS_OK;
    double u, u_other;
    const double at = crossing(n, h, set->cut * 1e-3, &u),
                 half = crossing(n, h, set->cut * 0.5e-3, &u_other);
    const double twice = crossing(n, h, set->cut * 2e-3, &u_other);
    how = as_format(as_scratch(ctx), "leakage_first_%.4g_uA/cm2;%s", set->cut, how);
    if (!how) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "leakage", "onset_potential", at, u, "V",
                           isnan(at) ? "not_detected" : NULL, how));
    return as_add_quantity(ctx, t, "leakage", "cut_sensitivity", twice - half, NAN, "V",
                           isnan(twice - half) ? "not_detected" : NULL,
                           "double_cut_minus_half_cut");
}

static as_status add(as_ctx *ctx, as_table *t, const char *name, as_role role, const char *unit,
                     const hold *h, size_t field)
{
    as_column *c = as_add_column(ctx, t, name, role, as_unit_of(unit));
    if (!c) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const double all[] = {
            h[i].volt, h[i].leak, h[i].u, h[i].change, h[i].charge, h[i].seconds
        };
        c->v.f[i] = all[field];
    }
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const pitt_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_column *j;
    rows r;
    size_t n;
    double relative;
    AS_TRY(as_current_density(ctx, owned, set->area, &j, &relative));
    AS_TRY(rows_of(run, owned, j, &r));
    hold *h = AS_NEW_N(as_scratch(ctx), hold, r.n / 4 + 1);
    if (!h) return AS_ERR;
    AS_TRY(holds_of(run, &r, h, &n));
    as_table *t = as_table_derive(ctx, owned, n);
    if (!t) return AS_ERR;
    AS_TRY(add(ctx, t, "potential", AS_ROLE_X, "V", h, 0));
    AS_TRY(add(ctx, t, "leakage_current_density", AS_ROLE_Y, "mA/cm2", h, 1));
    AS_TRY(add(ctx, t, "sigma", AS_ROLE_SIGMA, "mA/cm2", h, 2));
    AS_TRY(add(ctx, t, "tail_change", AS_ROLE_OTHER, "mA/cm2", h, 3));
    AS_TRY(add(ctx, t, "charge_density", AS_ROLE_OTHER, "mC/cm2", h, 4));
    AS_TRY(add(ctx, t, "step_time", AS_ROLE_OTHER, "s", h, 5));
    AS_TRY(give_results(run, t, n, h));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "leakage at each potential, and where it passes 10 uA/cm2",
      "assay simulate-voltammetry --program pitt --potentials 4:5.6 --step 100mV --onset 5.4V | "
      "assay pitt | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Wen, Boukamp, Huggins & Weppner 1979, J. Electrochem. Soc. 126, 2258, doi:10.1149/1.2128939",
    NULL
};
static const char *const see_also[] = { "lsv-window", "cv", "simulate-voltammetry", NULL };

const as_op as_op_pitt = {
    .name = "pitt",
    .group = "electrochemistry",
    .effect = AS_DERIVES,
    .settings_size = sizeof(pitt_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "leakage current at each potential of a potentiostatic titration",
             .description = "Rows whose potential stays within *least-step* are one step. Its "
                            "leakage is the mean current density of "
                            "the *tail* of its time, with the standard error about a line through "
                            "the tail; where that line changes "
                            "by more than *settled* of the leakage the step counts as unsettled. "
                            "`charge_density` is the integral "
                            "of what is above the leakage.\n\n"
                            "`onset_potential` is where the leakage first passes *cut*, by a line "
                            "between the two steps, with an "
                            "uncertainty as if it could lie anywhere between them; "
                            "`cut_sensitivity` says how much the cut matters. "
                            "The errors of neighbouring points are taken as independent.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
