/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bet: specific surface area from a gas adsorption isotherm, with a named choice of window and
 * every consistency criterion said aloud.
 */
#include <math.h>
#include <stdio.h>

#include "bet_rows.h"
#include "isotherm.h"

enum { SELECT_WINDOW, SELECT_ROUQUEROL, SELECT_BETSI };
enum { CODATA, MICROMERITICS_V1 };
enum { ROWS_ISOTHERM, ROWS_BET, ROWS_ROUQUEROL, ROWS_WINDOWS };

typedef struct {
    as_isotherm_options iso;
    as_range window;
    int select, weights, constants, rows;
    double cross_section, mismatch;
} bet_settings;

static const as_choice selectors[] = {
    { "window", SELECT_WINDOW, "the points inside --window, whatever the criteria say" },
    { "rouquerol", SELECT_ROUQUEROL,
      "among all windows of at least 5 points with R2 above 0.995 that meet criteria 1-4, the one "
      "that ends last and fits the monolayer pressure best" },
    { "betsi", SELECT_BETSI,
      "the same with more than 10 points (BETSI 1.1, doi:10.1002/adma.202201502)" },
    { 0 }
};
static const as_choice weightings[] = {
    { "none", AS_BET_UNWEIGHTED, "ordinary least squares, ISO 9277" },
    { "relative", AS_BET_RELATIVE, "one relative uncertainty of the amounts" },
    { 0 }
};
static const as_choice constant_sets[] = {
    { "codata", CODATA, "N_A 6.02214076e23, 22413.96954 cm3(STP)/mol at 273.15 K and 101.325 kPa" },
    { "micromeritics-v1", MICROMERITICS_V1,
      "N_A 6.023e23, 22414 cm3(STP)/mol, as older instrument software" },
    { 0 }
};

static const as_choice outputs[] = {
    { "isotherm", ROWS_ISOTHERM, "as they came" },
    { "bet-plot", ROWS_BET, "x/(n(1-x)) with the line of the window as model" },
    { "rouquerol-plot", ROWS_ROUQUEROL, "n(1-x), the window as model" },
    { "windows", ROWS_WINDOWS, "the area of every valid window: a series for each first point" },
    { 0 }
};

static const as_param params[] = {
    AS_CHOICE(bet_settings, select, "select", "window", selectors,
              "how the window is chosen; window needs --window: no range is taken silently"),
    AS_RANGE(bet_settings, window, "window", "", "1",
             "relative pressures of the fit, for --select window"),
    AS_DOUBLE(bet_settings, cross_section, "cross-section", "0", 0, 10, "nm2",
              "of an adsorbed molecule; 0: that of the gas"),
    AS_CHOICE(bet_settings, weights, "weights", "none", weightings, "of the regression"),
    AS_DOUBLE(bet_settings, mismatch, "mismatch", "0.2", 0.001, 10, NULL, "limit of criterion 4"),
    AS_CHOICE(bet_settings, constants, "constants", "codata", constant_sets, "constants of nature"),
    AS_CHOICE(bet_settings, rows, "rows", "isotherm", outputs, "what comes out"),
    AS_ISOTHERM_PARAMS(bet_settings),
    AS_ISOTHERM_DOSE(bet_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "bet_area", .unit = "m2/g", .help = "specific surface area" },
    { .kind = AS_NEED_RESULT,
      .name = "monolayer",
      .unit = "mmol/g",
      .help = "monolayer capacity n_m" },
    { .kind = AS_NEED_RESULT, .name = "c_constant", .unit = "1", .help = "C of the BET equation" },
    { 0 }
};

/* m2/g per mmol/g: N_A times the cross-section. */
static double area_factor(int constants, double cross_section_nm2)
{
    const double per_mmol = 6.02214076e23 * 1e-18 * 1e-3 * cross_section_nm2;
    return constants == CODATA ? per_mmol
                               : per_mmol * (6.023e23 / 6.02214076e23) * (22413.96954 / 22414.0);
}

/* Why no window is valid: the criterion that the fewest windows met. */
static as_status no_window(as_ctx *ctx, const as_bet_search *found, size_t min_points)
{
    static const char *const names[] = { "1: n(1-x) and the ordinate rise", "2: C above 0",
                                         "3: the monolayer pressure lies in the window",
                                         "4: BET and measured monolayer pressure agree" };
    if (found->enough == 0)
        return as_fail(
            ctx, AS_E_NUMERIC, NULL,
            "no valid window: none of %zu windows has at least %zu points and R2 above 0.995",
            found->tried, min_points);
    size_t worst = 0;
    for (size_t c = 1; c < 4; c++)
        if (found->passed[c] < found->passed[worst]) worst = c;
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "no valid window: criterion %s holds in %zu of the %zu windows", names[worst],
                   found->passed[worst], found->enough);
}

static as_status give_criteria(as_ctx *ctx, as_table *t, const as_bet_fit *f)
{
    static const char *const definitions[AS_BET_CRITERIA] = { "n(1-x)_and_x/(n(1-x))_rise", "C>0",
                                                              "x(n_m)_in_window",
                                                              "|x(n_m)-1/(sqrt(C)+1)|/x(n_m)<limit",
                                                              "window_ends_at_max_n(1-x)" };
    for (int c = 0; c < AS_BET_CRITERIA; c++) {
        char name[32];
        (void)snprintf(name, sizeof name, "criterion_%d", c + 1);
        AS_TRY(as_add_quantity(ctx, t, "BET", name, f->holds[c], NAN, "1",
                               f->holds[c] ? "pass" : "fail", definitions[c]));
    }
    return AS_OK;
}

static as_status give_fit(as_ctx *ctx, as_table *t, const as_isotherm *iso, const as_bet_fit *f,
                          double factor, const char *method)
{
    const char *flag = f->c > 0 ? "ok" : "negative_c";
    AS_TRY(as_add_quantity(ctx, t, "BET", "bet_area", factor * f->monolayer,
                           factor * f->u_monolayer, "m2/g", flag, method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "monolayer", f->monolayer, f->u_monolayer, "mmol/g", flag,
                           method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "c_constant", f->c, f->u_c, "1", flag, method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "slope", f->slope, f->u_slope, "g/mmol", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "intercept", f->intercept, f->u_intercept, "g/mmol", NULL,
                           method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "r_squared", f->r2, NAN, "1", NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "points_used", (double)(f->last - f->first + 1), NAN, "1",
                           NULL, method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "window_first", iso->x[f->first], NAN, "1", NULL,
                           iso->p0_from));
    AS_TRY(as_add_quantity(ctx, t, "BET", "window_last", iso->x[f->last], NAN, "1", NULL,
                           iso->p0_from));
    AS_TRY(as_add_quantity(ctx, t, "BET", "monolayer_pressure", f->x_monolayer, NAN, "1", NULL,
                           "pchip_of_isotherm"));
    return as_add_quantity(ctx, t, "BET", "bet_monolayer_pressure", f->x_bet, NAN, "1", NULL,
                           "1/(sqrt(C)+1)");
}

/* The spread over every window that meets criteria 1-4: what the choice of window is worth. */
static as_status give_spread(as_ctx *ctx, as_table *t, const as_bet_search *found, double factor)
{
    static const char method[] = "all_windows_meeting_criteria_1-4";
    AS_TRY(as_add_quantity(ctx, t, "BET", "valid_windows", (double)found->valid, NAN, "1", NULL,
                           method));
    AS_TRY(as_add_quantity(ctx, t, "BET", "lowest_valid_area", factor * found->lowest, NAN, "m2/g",
                           NULL, method));
    return as_add_quantity(ctx, t, "BET", "highest_valid_area", factor * found->highest, NAN,
                           "m2/g", NULL, method);
}

static void warn_of_criteria(as_ctx *ctx, as_table *t, const as_bet_fit *f)
{
    if (f->c <= 0)
        as_warn(ctx, t, NULL,
                "C is %.4g in this window: the BET equation has no physical meaning there", f->c);
    if (!f->holds[0]) as_warn(ctx, t, NULL, "n(1-x) falls inside the BET window");
}

typedef struct refit {
    const as_isotherm *iso;
    const as_bet_fit *fit;
    const as_bet_rules *rules;
} refit;

static as_status again(void *user, const double *uptake, double *out)
{
    const refit *r = user;
    as_bet_fit f;
    as_bet_fit_window(r->iso->n, r->iso->x, uptake, r->fit->first, r->fit->last, r->rules, &f);
    out[0] = f.monolayer;
    out[1] = f.c;
    out[2] = f.slope;
    out[3] = f.intercept;
    return AS_OK;
}

/* By the stated uncertainty of the doses, in the same window, instead of the scatter about the line. */
static as_status by_doses(as_ctx *ctx, const bet_settings *set, const as_isotherm *iso, const as_bet_rules *rules,
                       as_bet_fit *f)
{
    refit r = { iso, f, rules };
    double u[4];
    if (!(set->iso.u_dose > 0)) return AS_OK;
    AS_TRY(as_isotherm_dose_u(ctx, iso, set->iso.u_dose, again, &r, 4, u));
    f->u_monolayer = u[0];
    f->u_c = u[1];
    f->u_slope = u[2];
    f->u_intercept = u[3];
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const bet_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    if (set->cross_section > 0 && !iso.gas && isnan(iso.temperature)) {
        as_warn(ctx, owned, NULL,
                "the adsorptive is not known: only the given cross-section is used");
    } else {
        AS_TRY(as_isotherm_need_gas(ctx, &iso));
    }
    const double sigma = set->cross_section > 0 ? set->cross_section : iso.gas->cross_section;
    const double factor = area_factor(set->constants, sigma);
    const as_bet_rules rules = { .weights = (as_bet_weights)set->weights,
                                 .mismatch = set->mismatch,
                                 .min_r2 = 0.995,
                                 .min_points = set->select == SELECT_BETSI ? 11 : 5 };
    as_bet_fit fit;
    as_bet_search found;
    if (set->rows == ROWS_WINDOWS) return as_bet_emit_windows(run, owned, &iso, &rules, factor);
    const bool valid = as_bet_search_windows(iso.n, iso.x, iso.uptake, &rules, &fit, &found);
    if (set->select == SELECT_WINDOW) {
        size_t first = 0, last = 0;
        if (set->window.lo == 0 && set->window.hi == 0)
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "state the window, such as --window 0.05:0.3, or have it found by --select rouquerol or "
                           "--select betsi");
        if (!as_isotherm_window(&iso, set->window.lo, set->window.hi, 3, &first, &last))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than 3 points in the window");
        as_bet_fit_window(iso.n, iso.x, iso.uptake, first, last, &rules, &fit);
    } else if (!valid) {
        return no_window(ctx, &found, rules.min_points);
    }
    const char *method =
        as_format(as_scratch(ctx), "BET_%s;%s;cross_section=%.4gnm2;%s",
                  selectors[set->select].name, set->weights ? "weights=1/y2" : "unweighted_ISO9277",
                  sigma, constant_sets[set->constants].name);
    if (!method) return AS_ERR;
    AS_TRY(by_doses(ctx, set, &iso, &rules, &fit));
    warn_of_criteria(ctx, owned, &fit);
    as_table *t = owned;
    if (set->rows != ROWS_ISOTHERM)
        AS_TRY(as_bet_plot_table(ctx, owned, &iso, &fit, set->rows == ROWS_ROUQUEROL, &t));
    AS_TRY(give_fit(ctx, t, &iso, &fit, factor, method));
    AS_TRY(give_criteria(ctx, t, &fit));
    AS_TRY(give_spread(ctx, t, &found, factor));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "the area in a stated window", "assay bet --select window --window 0.05:0.3 --gas N2 "
                                     "tests/corpus/sorption/type2.csv | assay results" },
    { "the area by the consistency criteria",
      "assay bet --select rouquerol --gas N2 tests/corpus/sorption/type2.csv | assay results "
      "--quantity bet_area" },
    { "the BET plot with its line", "assay bet --select rouquerol --rows bet-plot --gas N2 "
                                    "tests/corpus/sorption/type2.csv | assay plot-fit -o bet-plot.svg" },
    { "the areas of all valid windows as a map", "assay bet --select rouquerol --rows windows --gas N2 "
                                                 "tests/corpus/sorption/type2.csv | assay plot-heatmap --along "
                                                 "first_point -o windows.svg" },
    { 0 }
};
static const char *const references[] = {
    "Brunauer, Emmett & Teller 1938, J. Am. Chem. Soc. 60, 309, doi:10.1021/ja01269a023",
    "Rouquerol, Llewellyn & Rouquerol 2007, Stud. Surf. Sci. Catal. 160, 49, "
    "doi:10.1016/S0167-2991(07)80008-5",
    "Osterrieth et al. 2022, Adv. Mater. 34, 2201502, doi:10.1002/adma.202201502",
    "ISO 9277:2010, Determination of the specific surface area of solids by gas adsorption: BET "
    "method",
    NULL
};
static const char *const see_also[] = { "results", NULL };

const as_op as_op_bet = {
    .name = "bet",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(bet_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary =
                 "compute the BET surface area with a named window and its consistency criteria",
             .description = "The window decides the answer, so it has to be named: `--select "
                            "window --window 0.05:0.3`, or one of the "
                            "searches over all windows. All five consistency criteria are given as "
                            "pass or fail whatever the selection, "
                            "and the lowest and highest area over all windows that meet criteria "
                            "1-4 say what the choice is worth. A "
                            "negative C is flagged, never hidden.\n\n"
                            "The uncertainty of the area is that of the fit, or with `--u-dose` that of "
                            "the amounts dosed; it says nothing of the choice of window.\n\n"
                            "Refused above the critical temperature of the gas and without a "
                            "saturation pressure.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
