/* SPDX-License-Identifier: GPL-3.0-or-later */
/* isotherm-type: which type of the IUPAC an isotherm and its hysteresis look like, and by what evidence. */
#include <math.h>

#include "interpolate.h"
#include "isotherm.h"

enum { GRID = 181 }; /* p/p0 of 0.05 to 0.95 */

typedef struct {
    as_isotherm_options iso;
} type_settings;

static const as_param params[] = { AS_ISOTHERM_PARAMS(type_settings), AS_PARAMS_END };
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, of p/p0 0.05 to 0.9 or more" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "isotherm_type", .unit = "1", .help = "1 to 5; the sub-type in the method" },
    { .kind = AS_NEED_RESULT, .name = "hysteresis_type", .unit = "1", .help = "1 to 4; 0: none seen" },
    { .kind = AS_NEED_RESULT, .name = "knee_ratio", .unit = "1", .help = "n(0.05)/n(0.3)" },
    { .kind = AS_NEED_RESULT, .name = "rise_ratio", .unit = "1", .help = "n(0.9)/n(0.5)" },
    { .kind = AS_NEED_RESULT, .name = "step_share", .unit = "1", .help = "of the steepest step that levels off" },
    { .kind = AS_NEED_RESULT, .name = "hysteresis_gap", .unit = "1", .help = "widest, over the amount at the top" },
    { .kind = AS_NEED_RESULT, .name = "closure_pressure", .unit = "1", .help = "where the loop closes" },
    { 0 }
};

typedef struct evidence {
    double up[GRID], down[GRID]; /* amounts of the branches on the grid; NaN: none */
    int last;                    /* of the grid with an amount */
    double knee, rise, filled, step, gap, closure;
    bool micropores, flat_top;
} evidence;

static double at(const double *n, double x)
{
    return n[(int)lround((x - 0.05) * 200)];
}

static as_status on_grid(as_ctx *ctx, const as_isotherm *iso, double *out)
{
    const double *x, *n;
    double grid[GRID];
    AS_TRY(as_isotherm_rising(ctx, iso, &x, &n));
    double *work = AS_NEW_N(as_scratch(ctx), double, 3 * iso->n);
    if (!work) return AS_ERR;
    for (int i = 0; i < GRID; i++) grid[i] = 0.05 + i / 200.0;
    as_interpolate(AS_PCHIP, iso->n, x, n, false, GRID, grid, work, out);
    return AS_OK;
}

/* The largest rise within 0.1 of p/p0 behind which the curve is at most a third as steep, over the top. */
static double steepest_step(const double *n, int last)
{
    double best = 0;
    for (int i = 10; i + 40 <= last; i++) {
        const double rise = n[i + 20] - n[i], behind = n[i + 40] - n[i + 20];
        if (behind < rise / 3) best = fmax(best, rise / n[last]);
    }
    return best;
}

static void weigh(evidence *e)
{
    const double top = e->up[e->last];
    e->knee = at(e->up, 0.05) / at(e->up, 0.3);
    e->rise = at(e->up, 0.9) / at(e->up, 0.5);
    e->step = steepest_step(e->up, e->last);
    e->filled = at(e->up, 0.05) / top;
    e->micropores = e->filled > 0.5;
    e->flat_top = top - e->up[e->last - 10] < 0.05 * top;
    e->gap = e->closure = NAN;
    for (int i = 0; i < GRID; i++) {
        const double gap = (e->down[i] - e->up[i]) / top;
        if (isnan(gap)) continue;
        e->gap = fmax(isnan(e->gap) ? 0 : e->gap, gap);
        if (gap > 0.01 && isnan(e->closure)) e->closure = 0.05 + i / 200.0;
    }
    if (!(e->gap > 0.03)) e->closure = NAN;
}

/* p/p0 between a quarter and three quarters of the rise from the closure to the top. */
static double width(const double *n, int last, double lo, double hi)
{
    int a = 0, b = 0;
    while (a < last && !(n[a] >= lo + (hi - lo) / 4)) a++;
    while (b < last && !(n[b] >= lo + (hi - lo) * 3 / 4)) b++;
    return (b - a + 1) / 200.0;
}

static int hysteresis(const evidence *e)
{
    if (!(e->gap > 0.03)) return 0;
    if (!e->flat_top) return e->micropores ? 4 : 3;
    const double lo = at(e->up, e->closure), hi = e->up[e->last];
    return width(e->down, e->last, lo, hi) < 0.5 * width(e->up, e->last, lo, hi) ? 2 : 1;
}

static int type_of(const evidence *e, const char **name)
{
    const bool loop = e->gap > 0.03, step = e->step > 0.15;
    if (e->knee < 0.25) {
        *name = step || loop ? "V" : "III";
        return step || loop ? 5 : 3;
    }
    if (step) {
        *name = loop ? "IV(a)" : "IV(b)";
        return 4;
    }
    if (e->rise < 1.15) {
        *name = e->filled > 0.85 ? "I(a)" : "I(b)";
        return 1;
    }
    *name = "II";
    return 2;
}

static as_status give(as_ctx *ctx, as_table *t, const evidence *e)
{
    static const char by[] = "IUPAC_2015_evidence";
    const char *name;
    const int type = type_of(e, &name);
    const char *method = as_format(as_scratch(ctx), "suggested_by_rules;IUPAC_2015;%s", name);
    if (!method) return AS_ERR;
    AS_TRY(as_add_quantity(ctx, t, "type", "isotherm_type", type, NAN, "1", "suggested", method));
    if (!isnan(e->gap))
        AS_TRY(as_add_quantity(ctx, t, "type", "hysteresis_type", hysteresis(e), NAN, "1", "suggested",
                               "suggested_by_rules;IUPAC_2015;H"));
    AS_TRY(as_add_quantity(ctx, t, "type", "knee_ratio", e->knee, NAN, "1", NULL, by));
    AS_TRY(as_add_quantity(ctx, t, "type", "rise_ratio", e->rise, NAN, "1", NULL, by));
    AS_TRY(as_add_quantity(ctx, t, "type", "step_share", e->step, NAN, "1", NULL, by));
    if (isnan(e->gap)) return AS_OK;
    AS_TRY(as_add_quantity(ctx, t, "type", "hysteresis_gap", e->gap, NAN, "1", NULL, by));
    if (isnan(e->closure)) return AS_OK;
    return as_add_quantity(ctx, t, "type", "closure_pressure", e->closure, NAN, "1", NULL, by);
}

static as_status series(as_run *run, as_table *owned)
{
    const type_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm_options o = set->iso;
    as_isotherm iso;
    evidence e = { .last = 0 };
    o.branch = AS_ADSORPTION;
    AS_TRY(as_isotherm_of(ctx, owned, &o, &iso));
    AS_TRY(on_grid(ctx, &iso, e.up));
    for (e.last = GRID - 1; e.last > 0 && isnan(e.up[e.last]);) e.last--;
    if (isnan(e.up[0]) || e.last < 170)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "adsorption from p/p0 %.3g to %.3g, expected 0.05 to 0.9 or more",
                       iso.x[0], iso.x[iso.n - 1]);
    o.branch = AS_DESORPTION;
    for (int i = 0; i < GRID; i++) e.down[i] = NAN;
    if (as_isotherm_of(ctx, owned, &o, &iso)) as_forget_error(ctx); /* no desorption measured */
    else AS_TRY(on_grid(ctx, &iso, e.down));
    weigh(&e);
    AS_TRY(give(ctx, owned, &e));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "what a mesoporous solid's isotherm looks like",
      "assay isotherm-type --gas N2 tests/corpus/sorption/mesopores.csv | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Thommes et al. 2015, Pure Appl. Chem. 87, 1051, doi:10.1515/pac-2014-1117", NULL
};
static const char *const see_also[] = { "pores-bjh", "t-plot", "plot-isotherm", NULL };

const as_op as_op_isotherm_type = {
    .name = "isotherm-type",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(type_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "suggest the type of an isotherm and of its hysteresis, with the evidence",
             .description =
                 "A suggestion by simple rules, flagged *suggested*, never a finding. No knee, n(0.05)/n(0.3) below "
                 "0.25: type III, or V with a step or a loop. Else a step of 15 % of the amount at the top (p/p0 0.95, "
                 "or the last above 0.9) within 0.1 of p/p0 that levels off: IV, (a) with a loop and (b) without. Else "
                 "n(0.9)/n(0.5) below 1.15: I, (a) when 85 % are adsorbed at 0.05. Else II. Type VI is not looked "
                 "for.\n\n"
                 "A loop is a gap of 3 % of that amount. Where the curve still rises by 5 % in the last 0.05: H3, or "
                 "H4 with half of it adsorbed at 0.05. Else H2 where desorption is twice as steep as adsorption, or "
                 "H1. A desorption branch that was not measured says nothing.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
