/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t-plot and alpha-s plot: micropore volume and external area from the straight part of the amount
 * against what a flat surface adsorbs at the same pressure.
 */
#include <math.h>
#include <stdio.h>

#include "film.h"
#include "interpolate.h"
#include "isotherm.h"

enum { SELECT_WINDOW, SELECT_AUTOMATIC };

typedef struct {
    as_isotherm_options iso;
    as_film_options film;
    int select;
    as_ranges windows;
    double tolerance, molar_volume;
} t_settings;

typedef struct {
    as_isotherm_options iso;
    as_tables reference;
    double reference_area, at;
    int select;
    as_ranges windows;
    double tolerance, molar_volume;
} alpha_settings;

typedef struct {
    int select;
    const as_ranges *windows;
    double tolerance, molar_volume;
    double u_dose;
    double area_per_slope; /* m2/g of a slope of 1 in mmol/g per unit of the abscissa */
    const char *item, *slope_unit, *what, *method;
} plot;

static const as_choice selectors[] = {
    { "window", SELECT_WINDOW, "the points inside each of --window" },
    { "automatic", SELECT_AUTOMATIC,
      "the longest run of at least 5 points at p/p0 of 0.05 to 0.8 whose scatter about the line is below "
      "--tolerance of the mean amount" },
    { 0 }
};

#define PLOT_PARAMS(S, unit, example)                                                               \
    AS_CHOICE(S, select, "select", NULL, selectors,                                                \
              "how the straight part is chosen; there is no silent default"),                      \
    AS_RANGES(S, windows, "window", "", unit, "straight parts, such as " example),                 \
    AS_DOUBLE(S, tolerance, "tolerance", "0.002", 1e-6, 0.1, NULL,                                 \
              "of --select automatic: rms scatter over mean amount"),                              \
    AS_DOUBLE(S, molar_volume, "molar-volume", "0", 0, 1000, "cm3/mol",                            \
              "of the adsorbed phase; 0: that of the liquid")

static const as_param t_params[] = { PLOT_PARAMS(t_settings, "nm", "0.35:0.5"),
                                     AS_FILM_PARAMS(t_settings), AS_ISOTHERM_PARAMS(t_settings),
                                     AS_ISOTHERM_DOSE(t_settings),
                                     AS_PARAMS_END };
static const as_param alpha_params[] = {
    AS_TABLES(alpha_settings, reference, "reference", NULL,
              "isotherm of a nonporous reference of the same kind of surface"),
    AS_DOUBLE(alpha_settings, reference_area, "reference-area", "0", 0, 1e5, "m2/g",
              "of the reference; 0: no areas are given"),
    AS_DOUBLE(alpha_settings, at, "at", "0.4", 0.01, 0.99, NULL, "p/p0 at which alpha-s is 1"),
    PLOT_PARAMS(alpha_settings, NULL, "0.7:1.0"), AS_ISOTHERM_PARAMS(alpha_settings),
    AS_ISOTHERM_DOSE(alpha_settings), AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};
static const as_give t_gives[] = {
    { .kind = AS_NEED_RESULT, .name = "micropore_volume", .unit = "cm3/g", .help = "from the intercept" },
    { .kind = AS_NEED_RESULT, .name = "external_area", .unit = "m2/g", .help = "from the slope" },
    { .kind = AS_NEED_COLUMN, .name = "film_thickness", .unit = "nm", .help = "of every point" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_MODEL, .name = "model", .help = "the lines over their windows" },
    { 0 }
};
static const as_give alpha_gives[] = {
    { .kind = AS_NEED_RESULT, .name = "micropore_volume", .unit = "cm3/g", .help = "from the intercept" },
    { .kind = AS_NEED_RESULT, .name = "external_area", .unit = "m2/g",
      .help = "from the slope, with --reference-area" },
    { .kind = AS_NEED_COLUMN, .name = "alpha_s", .unit = "1", .help = "of every point" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_MODEL, .name = "model", .help = "the lines over their windows" },
    { 0 }
};

/* The line over its window, in the unit of the amounts, for figures. */
static as_status draw_line(as_ctx *ctx, as_table *t, const as_isotherm *iso, const as_isotherm_line *line,
                           const double *abscissa, size_t first, size_t last)
{
    const as_column *uptake = as_find_name(t, "uptake");
    as_column *model = as_find_role(t, AS_ROLE_MODEL);
    if (!model) {
        model = as_add_column(ctx, t, "model", AS_ROLE_MODEL, uptake->unit);
        if (!model) return AS_ERR;
        for (size_t i = 0; i < t->rows; i++) model->v.f[i] = NAN;
    }
    for (size_t i = first; i <= last; i++)
        model->v.f[iso->row[i]] =
            (line->intercept + line->slope * abscissa[i]) * uptake->v.f[iso->row[i]] / iso->uptake[i];
    return AS_OK;
}

typedef struct refit {
    as_ctx *ctx;
    size_t first, n;
    const double *abscissa;
} refit;

static as_status again(void *user, const double *uptake, double *out)
{
    const refit *r = user;
    as_isotherm_line line;
    AS_TRY(as_isotherm_fit(r->ctx, r->n, r->abscissa + r->first, uptake + r->first, &line));
    out[0] = line.intercept;
    out[1] = line.slope;
    return AS_OK;
}

/* V = V_m n(0), A = dn/dt V_m: 1 cm3/g per nm is 1000 m2/g. */
static as_status give_section(as_ctx *ctx, as_table *t, const as_isotherm *iso, const plot *p,
                              const char *item, const double *abscissa, size_t first, size_t last)
{
    as_isotherm_line line;
    const size_t n = last - first + 1;
    refit r = { ctx, first, n, abscissa };
    double u[2];
    AS_TRY(as_isotherm_fit(ctx, n, abscissa + first, iso->uptake + first, &line));
    AS_TRY(as_isotherm_dose_u(ctx, iso, p->u_dose, again, &r, 2, u));
    if (p->u_dose > 0) line.u_intercept = u[0], line.u_slope = u[1];
    const double volume = p->molar_volume * 1e-3;
    const char *flag = line.intercept < 0 ? "negative" : "ok";
    AS_TRY(as_add_quantity(ctx, t, item, "micropore_volume", volume * line.intercept,
                           volume * line.u_intercept, "cm3/g", flag, p->method));
    if (p->area_per_slope > 0)
        AS_TRY(as_add_quantity(ctx, t, item, "external_area", p->area_per_slope * line.slope,
                               p->area_per_slope * line.u_slope, "m2/g",
                               line.slope < 0 ? "negative" : "ok", p->method));
    AS_TRY(as_give_line(ctx, t, item, &line, n, p->slope_unit, "mmol/g", p->method));
    AS_TRY(as_add_quantity(ctx, t, item, "window_first", iso->x[first], NAN, "1", NULL, iso->p0_from));
    AS_TRY(as_add_quantity(ctx, t, item, "window_last", iso->x[last], NAN, "1", NULL, iso->p0_from));
    AS_TRY(draw_line(ctx, t, iso, &line, abscissa, first, last));
    if (line.intercept < 0)
        as_warn(ctx, t, NULL, "%s: the intercept is negative: no micropores, or capillary condensation "
                "inside the window", item);
    return AS_OK;
}

/* The longest run along the abscissa that is straight within the tolerance. */
static bool automatic(const as_isotherm *iso, const double *abscissa, double tolerance,
                      size_t *first, size_t *last)
{
    double longest = 0;
    for (size_t i = 0; i < iso->n; i++) {
        double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
        for (size_t k = i; k < iso->n; k++) {
            if (iso->x[k] < 0.05 || iso->x[k] > 0.8 || !isfinite(abscissa[k])) break;
            const double x = abscissa[k] - abscissa[i], y = iso->uptake[k] - iso->uptake[i];
            s++, sx += x, sy += y, sxx += x * x, sxy += x * y, syy += y * y;
            const double b = (s * sxy - sx * sy) / (s * sxx - sx * sx);
            const double rss = syy - sy * sy / s - b * (sxy - sx * sy / s);
            const double mean = iso->uptake[i] + sy / s;
            if (s < 5 || sqrt(fmax(rss, 0) / s) > tolerance * mean || fabs(x) <= longest) continue;
            longest = fabs(x);
            *first = i;
            *last = k;
        }
    }
    return longest > 0;
}

/* The finite points with lo <= abscissa <= hi. */
static bool inside(const as_isotherm *iso, const double *abscissa, double lo, double hi, size_t *first,
                   size_t *last)
{
    size_t n = 0;
    for (size_t i = 0; i < iso->n; i++) {
        if (!(abscissa[i] >= lo && abscissa[i] <= hi)) continue;
        if (n++ == 0) *first = i;
        *last = i;
    }
    return n >= 3;
}

static as_status give_sections(as_ctx *ctx, as_table *t, const as_isotherm *iso, const plot *p,
                               const double *abscissa)
{
    size_t first = 0, last = 0;
    if (p->select == SELECT_AUTOMATIC) {
        if (!automatic(iso, abscissa, p->tolerance, &first, &last))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "no 5 points between p/p0 0.05 and 0.8 lie on a line within %g of the amount",
                           p->tolerance);
        return give_section(ctx, t, iso, p, p->item, abscissa, first, last);
    }
    if (p->windows->n == 0)
        return as_fail(ctx, AS_E_USAGE, NULL, "--select window needs --window, such as %s", p->what);
    for (size_t w = 0; w < p->windows->n; w++) {
        const as_range *r = &p->windows->v[w];
        if (!inside(iso, abscissa, r->lo, r->hi, &first, &last))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "fewer than 3 points in the window %g:%g", r->lo, r->hi);
        const char *item = p->windows->n == 1 ? p->item
                                              : as_format(as_scratch(ctx), "%s %zu", p->item, w + 1);
        if (!item) return AS_ERR;
        AS_TRY(give_section(ctx, t, iso, p, item, abscissa, first, last));
    }
    return AS_OK;
}

static as_status give_column(as_ctx *ctx, as_table *t, const as_isotherm *iso, const char *name,
                             const char *unit, const double *abscissa)
{
    as_column *c = as_find_name(t, name);
    if (!c) c = as_add_column(ctx, t, name, AS_ROLE_OTHER, as_unit_of(unit));
    if (!c) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) c->v.f[i] = NAN;
    for (size_t i = 0; i < iso->n; i++) c->v.f[iso->row[i]] = abscissa[i];
    return AS_OK;
}

static as_status t_series(as_run *run, as_table *owned)
{
    const t_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    plot p = { .select = set->select, .windows = &set->windows, .tolerance = set->tolerance,
               .item = "t-plot", .u_dose = set->iso.u_dose, .slope_unit = "mmol/g/nm", .what = "0.35:0.5 nm" };
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(as_isotherm_molar_volume(ctx, owned, &iso, set->molar_volume, &p.molar_volume));
    if (set->film.kind != AS_FILM_CURVE && iso.gas && iso.gas != as_gas_find("N2"))
        as_warn(ctx, owned, NULL, "the curve %s is of nitrogen, the isotherm of %s",
                as_films[set->film.kind].name, iso.gas->name);
    double *t = AS_NEW_N(as_scratch(ctx), double, iso.n);
    if (!t) return AS_ERR;
    AS_TRY(as_film_thickness(ctx, &set->film, iso.n, iso.x, t));
    p.area_per_slope = p.molar_volume;
    p.method = as_format(as_scratch(ctx), "t-plot;%s;%s;molar_volume=%.4fcm3/mol",
                         as_films[set->film.kind].name, selectors[set->select].name, p.molar_volume);
    if (!p.method) return AS_ERR;
    AS_TRY(give_column(ctx, owned, &iso, "film_thickness", "nm", t));
    AS_TRY(give_sections(ctx, owned, &iso, &p, t));
    return as_emit(run->out, ctx, owned);
}

/* Amounts of the reference at the pressures of the sample, over that at p/p0 `at`. */
static as_status alpha_of(as_ctx *ctx, const alpha_settings *set, const as_isotherm *iso, double *alpha,
                          double *unit_amount)
{
    as_table *reference = as_table_copy(ctx, set->reference.t[0]);
    const as_isotherm_options o = { .gas = set->iso.gas };
    as_isotherm ref;
    if (!reference) return AS_ERR;
    if (as_isotherm_of(ctx, reference, &o, &ref))
        return as_while(ctx, "reading the reference %s", set->reference.from);
    double *work = AS_NEW_N(as_scratch(ctx), double, 3 * ref.n);
    if (!work) return AS_ERR;
    as_interpolate(AS_PCHIP, ref.n, ref.x, ref.uptake, false, 1, &set->at, work, unit_amount);
    if (!(*unit_amount > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the reference has no amount at p/p0 %g", set->at);
    as_interpolate(AS_PCHIP, ref.n, ref.x, ref.uptake, false, iso->n, iso->x, work, alpha);
    for (size_t i = 0; i < iso->n; i++) alpha[i] /= *unit_amount;
    as_table_free(reference);
    return AS_OK;
}

static as_status alpha_series(as_run *run, as_table *owned)
{
    const alpha_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_isotherm iso;
    double unit_amount = NAN;
    plot p = { .select = set->select, .windows = &set->windows, .tolerance = set->tolerance,
               .item = "alpha-s", .u_dose = set->iso.u_dose, .slope_unit = "mmol/g", .what = "0.7:1.0" };
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(as_isotherm_molar_volume(ctx, owned, &iso, set->molar_volume, &p.molar_volume));
    double *alpha = AS_NEW_N(as_scratch(ctx), double, iso.n);
    if (!alpha) return AS_ERR;
    AS_TRY(alpha_of(ctx, set, &iso, alpha, &unit_amount));
    p.area_per_slope = set->reference_area / unit_amount;
    p.method = as_format(as_scratch(ctx), "alpha-s;%s;reference=%.6gmmol/g_at_%g;molar_volume=%.4fcm3/mol",
                         selectors[set->select].name, unit_amount, set->at, p.molar_volume);
    if (!p.method) return AS_ERR;
    AS_TRY(give_column(ctx, owned, &iso, "alpha_s", "1", alpha));
    AS_TRY(give_sections(ctx, owned, &iso, &p, alpha));
    return as_emit(run->out, ctx, owned);
}

static const as_example t_examples[] = {
    { "micropore volume and external area in a stated window",
      "assay t-plot --select window --window 0.35:0.5nm --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay results" },
    { "the same by Halsey's curve, the straight part found",
      "assay t-plot --select automatic --thickness halsey --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay results --quantity external_area" },
    { "the figure, with the line over its window",
      "assay t-plot --select window --window 0.35:0.5nm --gas N2 tests/corpus/sorption/micropores.csv"
      " | assay select --role x=film_thickness | assay plot-fit -o t-plot.svg" },
    { 0 }
};
static const as_example alpha_examples[] = {
    { "against a reference of known area",
      "assay alpha-s --reference tests/corpus/sorption/type2.csv --reference-area 487m2/g --select window"
      " --window 0.8:1.2 --gas N2 tests/corpus/sorption/micropores.csv | assay results" },
    { 0 }
};
static const char *const t_references[] = {
    "de Boer et al. 1966, J. Colloid Interface Sci. 21, 405",
    "Harkins & Jura 1944, J. Am. Chem. Soc. 66, 1366, doi:10.1021/ja01236a048",
    "Halsey 1948, J. Chem. Phys. 16, 931, doi:10.1063/1.1746689",
    NULL
};
static const char *const alpha_references[] = {
    "Sing 1967, Chem. Ind. 829; Thommes et al. 2015, Pure Appl. Chem. 87, 1051, doi:10.1515/pac-2014-1117",
    NULL
};
static const char *const t_see[] = { "alpha-s", "bet", "dubinin-radushkevich", NULL };
static const char *const alpha_see[] = { "t-plot", "bet", NULL };

const as_op as_op_t_plot = {
    .name = "t-plot",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(t_settings),
    .params = t_params,
    .needs = needs,
    .gives = t_gives,
    .series = t_series,
    .doc = { .summary = "micropore volume and external area from a t-plot",
             .description =
                 "The amount adsorbed against the statistical thickness *t* of the film at the same pressure. "
                 "A straight part beyond the filling of micropores has the external area as its slope and the "
                 "micropore volume as its intercept, both by the molar volume of the liquid. The curve of *t* "
                 "and the window decide the answer; both are in the method of each result.\n\n"
                 "Uncertainties are those of the scatter about the line, or with `--u-dose` those of the doses.",
             .references = t_references,
             .examples = t_examples,
             .see_also = t_see },
};

const as_op as_op_alpha_s = {
    .name = "alpha-s",
    .group = "sorption",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(alpha_settings),
    .params = alpha_params,
    .needs = needs,
    .gives = alpha_gives,
    .series = alpha_series,
    .doc = { .summary = "micropore volume and external area by comparison with a reference isotherm",
             .description =
                 "alpha-s is the amount that a nonporous reference adsorbs at the same p/p0, over its amount at "
                 "p/p0 0.4 (PCHIP between its points). A straight part of the amount against alpha-s has the "
                 "micropore volume as its intercept; its slope over the amount of the reference at alpha-s = 1, "
                 "times the area of the reference, is the external area.",
             .references = alpha_references,
             .examples = alpha_examples,
             .see_also = alpha_see },
};
