/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pores-bjh and pores-dh: mesopore sizes from the Kelvin equation and the film on the wall.
 *
 * From high pressure down, each step empties cores and thins the film in the pores that are open already:
 *   BJH  V = (dv - dt sum c A) (r / (r_k + dt))^2,  c = (r - t)/r, A = 2 V/r
 *   DH   V = (dv - dt sum A + 2 pi t dt sum L) (r / (r - t))^2,  L = V/(pi r^2)
 * r = r_k + t, r_k = -f s V_m/(R T ln x) with f = 2 for a hemispherical meniscus, 1 for a cylindrical one.
 */
#include <math.h>
#include <string.h>

#include "film.h"
#include "pores_resample.h"

enum { CYLINDRICAL = 1, HEMISPHERICAL = 2 };

typedef struct {
    as_isotherm_options iso;
    as_film_options film;
    as_range window;
    int meniscus;
    double surface_tension, molar_volume;
    as_pores_sampling sampling;
} kelvin_settings;

static const as_choice menisci[] = {
    { "hemispherical", HEMISPHERICAL, "as emptying has it, and as instruments take it for both branches" },
    { "cylindrical", CYLINDRICAL, "as filling of open cylinders has it" },
    { 0 }
};
static const as_param params[] = {
    AS_RANGE(kelvin_settings, window, "window", "0.2:0.99", "1", "relative pressures used"),
    AS_CHOICE(kelvin_settings, meniscus, "meniscus", "hemispherical", menisci, "of the Kelvin equation"),
    AS_FILM_PARAMS(kelvin_settings),
    AS_DOUBLE(kelvin_settings, surface_tension, "surface-tension", "0", 0, 1000, "mN/m",
              "of the liquid; 0: that of the gas"),
    AS_DOUBLE(kelvin_settings, molar_volume, "molar-volume", "0", 0, 1000, "cm3/mol",
              "of the liquid; 0: that of the gas"),
    AS_ISOTHERM_PARAMS(kelvin_settings),
    AS_ISOTHERM_DOSE(kelvin_settings),
    AS_PORES_SAMPLING(kelvin_settings),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "uptake", .help = "amount adsorbed, per gram or per sample" },
    { 0 }
};

/* n points of rising pressure, from `first` of the branch on: liquid volume cm3/g, Kelvin radius and film in nm */
typedef struct steps {
    size_t n, first;
    const double *x, *v;
    double *core, *film;
    double *lower, *upper, *volume; /* n - 1 classes, diameters */
} steps;

static void bjh(const steps *s)
{
    double thinned = 0; /* sum of c A, cm3/g per nm */
    for (size_t i = s->n - 1; i-- > 0;) {
        const double dv = s->v[i + 1] - s->v[i], dt = s->film[i + 1] - s->film[i];
        const double t = (s->film[i] + s->film[i + 1]) / 2, core = (s->core[i] + s->core[i + 1]) / 2;
        const double r = core + t, ratio = r / (core + dt);
        s->volume[i] = (dv - dt * thinned) * ratio * ratio;
        thinned += (r - t) / r * 2 * s->volume[i] / r;
    }
}

static void dollimore_heal(const steps *s)
{
    double area = 0, length = 0; /* sums of 2 V/r and of 2 V/r^2 */
    for (size_t i = s->n - 1; i-- > 0;) {
        const double dv = s->v[i + 1] - s->v[i], dt = s->film[i + 1] - s->film[i];
        const double t = (s->film[i] + s->film[i + 1]) / 2, r = (s->core[i] + s->core[i + 1]) / 2 + t;
        const double ratio = r / (r - s->film[i + 1]);
        s->volume[i] = (dv - dt * area + dt * t * length) * ratio * ratio;
        area += 2 * s->volume[i] / r;
        length += 2 * s->volume[i] / (r * r);
    }
}

static as_status liquid_of(as_ctx *ctx, as_table *t, const kelvin_settings *set, const as_isotherm *iso,
                           double *molar_volume, double *tension)
{
    AS_TRY(as_isotherm_need_gas(ctx, iso));
    AS_TRY(as_isotherm_molar_volume(ctx, t, iso, set->molar_volume, molar_volume));
    *tension = set->surface_tension > 0 ? set->surface_tension : iso->gas->surface_tension;
    if (isnan(*tension))
        return as_fail(ctx, AS_E_MISSING, NULL, "the surface tension of liquid %s is not tabulated; give it with "
                       "--surface-tension", iso->gas->name);
    return AS_OK;
}

static as_status steps_of(as_ctx *ctx, const kelvin_settings *set, const as_isotherm *iso, double molar_volume,
                          double tension, steps *s)
{
    const double *x, *n;
    size_t first = SIZE_MAX;
    AS_TRY(as_isotherm_rising(ctx, iso, &x, &n));
    double *work = AS_NEW_N(as_scratch(ctx), double, 6 * iso->n);
    if (!work) return AS_ERR;
    *s = (steps){ .core = work, .film = work + iso->n, .lower = work + 2 * iso->n, .upper = work + 3 * iso->n,
                  .volume = work + 4 * iso->n };
    double *v = work + 5 * iso->n;
    for (size_t i = 0; i < iso->n; i++) {
        if (x[i] < set->window.lo || x[i] > set->window.hi || x[i] >= 1) continue;
        if (first == SIZE_MAX) first = i;
        v[s->n] = n[i] * molar_volume * 1e-3;
        s->core[s->n++] = -set->meniscus * tension * molar_volume /
                          (8.31446261815324 * as_isotherm_kelvin(iso) * log(x[i]));
    }
    if (s->n < 3)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu of the %zu points have p/p0 %g to %g, at least 3 are needed", s->n,
                       iso->n, set->window.lo, set->window.hi);
    s->first = first;
    s->x = x + first;
    s->v = v;
    AS_TRY(as_film_thickness(ctx, &set->film, s->n, s->x, s->film));
    for (size_t i = 0; i < s->n; i++)
        if (isnan(s->film[i]))
            return as_fail(ctx, AS_E_NUMERIC, NULL, "the thickness curve does not reach p/p0 %g", s->x[i]);
    for (size_t i = 0; i + 1 < s->n; i++) {
        s->lower[i] = 2 * (s->core[i] + s->film[i]);
        s->upper[i] = 2 * (s->core[i + 1] + s->film[i + 1]);
    }
    return AS_OK;
}

/* Nitrogen leaves by cavitation near p/p0 0.42 to 0.50 whatever the size of the pores. */
static void warn_of_artefacts(as_ctx *ctx, as_table *t, const kelvin_settings *set, const as_isotherm *iso,
                              const steps *s)
{
    size_t top = 0;
    for (size_t i = 1; i + 1 < s->n; i++)
        if (s->volume[i] / (s->upper[i] - s->lower[i]) > s->volume[top] / (s->upper[top] - s->lower[top])) top = i;
    if (set->iso.branch == AS_DESORPTION && strcmp(iso->gas->name, "N2") == 0 && s->x[top] < 0.50 &&
        s->x[top + 1] > 0.42)
        as_warn(ctx, t, NULL, "the highest class, %.2f nm, is emptied at p/p0 %.2f to %.2f, where nitrogen leaves by "
                "cavitation whatever the size: no evidence of such pores; use the adsorption branch",
                (s->lower[top] + s->upper[top]) / 2, s->x[top], s->x[top + 1]);
    if (s->lower[0] < 2)
        as_warn(ctx, t, NULL, "the Kelvin equation is used down to %.2f nm; below about 2 nm it has no meaning",
                s->lower[0]);
    if (set->film.kind != AS_FILM_CURVE && strcmp(iso->gas->name, "N2") != 0)
        as_warn(ctx, t, NULL, "the curve %s is of nitrogen, the isotherm of %s", as_films[set->film.kind].name,
                iso->gas->name);
}

typedef struct refill {
    steps s;
    const as_isotherm *iso;
    double *v, factor;
    bool is_bjh;
} refill;

/* Amounts in the order of the isotherm; the steps go by rising pressure. */
static as_status again(void *user, const double *uptake, as_pores *out)
{
    refill *r = user;
    const bool falls = r->iso->x[1] < r->iso->x[0];
    for (size_t i = 0; i < r->s.n; i++) {
        const size_t at = r->s.first + i;
        r->v[i] = r->factor * uptake[falls ? r->iso->n - 1 - at : at];
    }
    if (r->is_bjh) bjh(&r->s);
    else dollimore_heal(&r->s);
    out->volume = r->s.volume;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const kelvin_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const bool is_bjh = strcmp(run->op->name, "pores-bjh") == 0;
    as_isotherm iso;
    steps s;
    double molar_volume = NAN, tension = NAN;
    AS_TRY(as_isotherm_of(ctx, owned, &set->iso, &iso));
    AS_TRY(liquid_of(ctx, owned, set, &iso, &molar_volume, &tension));
    AS_TRY(steps_of(ctx, set, &iso, molar_volume, tension, &s));
    if (is_bjh) bjh(&s);
    else dollimore_heal(&s);
    warn_of_artefacts(ctx, owned, set, &iso, &s);
    const char *method = as_format(
        as_scratch(ctx), "%s;%s;%s;kelvin_%s;surface_tension=%.4gmN/m;molar_volume=%.4fcm3/mol;T=%.3fK;diameter;"
        "bootstrap=%d",
        is_bjh ? "BJH" : "DH", as_branches[set->iso.branch].name, as_films[set->film.kind].name,
        set->meniscus == HEMISPHERICAL ? "hemispherical" : "cylindrical", tension, molar_volume,
        as_isotherm_kelvin(&iso), set->sampling.count);
    if (!method) return AS_ERR;
    as_pores p = { .n = s.n - 1, .lower = s.lower, .upper = s.upper, .volume = s.volume,
                   .item = is_bjh ? "BJH" : "DH", .label = "pore diameter", .method = method };
    double u[AS_PORES_MOMENTS], *work = AS_NEW_N(as_scratch(ctx), double, 3 * s.n);
    refill r = { s, &iso, work, molar_volume * 1e-3, is_bjh };
    as_amounts amounts;
    if (!work) return AS_ERR;
    r.s.v = work;
    r.s.volume = work + s.n;
    p.sigma = set->sampling.count > 1 ? work + 2 * s.n : NULL;
    AS_TRY(as_amounts_of(ctx, &iso, set->iso.u_dose, &amounts));
    AS_TRY(as_pores_resample(ctx, &set->sampling, owned->number, &amounts, again, &r, &p, u,
                             p.sigma ? work + 2 * s.n : NULL));
    p.u = u;
    return as_pores_emit(run, owned, &p);
}

static const as_example bjh_examples[] = {
    { "the pores of a mesoporous solid from the adsorption branch",
      "assay pores-bjh --gas N2 tests/corpus/sorption/mesopores.csv | assay results" },
    { 0 }
};
static const as_example dh_examples[] = {
    { "from the desorption branch",
      "assay pores-dh --branch desorption --gas N2 tests/corpus/sorption/mesopores.csv | assay results" },
    { 0 }
};
static const char *const bjh_references[] = {
    "Barrett, Joyner & Halenda 1951, J. Am. Chem. Soc. 73, 373, doi:10.1021/ja01145a126",
    "Thommes et al. 2015, Pure Appl. Chem. 87, 1051, doi:10.1515/pac-2014-1117", NULL
};
static const char *const dh_references[] = {
    "Dollimore & Heal 1964, J. Appl. Chem. 14, 109", NULL
};
static const char *const bjh_see[] = { "pores-dh", "pores-hk", "plot-distribution", NULL };
static const char *const dh_see[] = { "pores-bjh", "pores-hk", NULL };

const as_op as_op_pores_bjh = {
    .name = "pores-bjh",
    .group = "sorption",
    .effect = AS_DERIVES,
    .settings_size = sizeof(kelvin_settings),
    .params = params,
    .needs = needs,
    .gives = as_pores_gives,
    .series = series,
    .doc = { .summary = "mesopore sizes by Barrett, Joyner and Halenda",
             .description = "Cylinders whose radius is the Kelvin radius and the film. Rows are the classes between "
                            "neighbouring points of the branch; the cumulative volume is that of the classes. The "
                            "curve of the film, the meniscus, the branch and the constants stand in the method of "
                            "each result.\n\n"
                            "Uncertainties are those of amounts drawn again: of the doses with `--u-dose`, else by "
                            "the scatter about neighbouring points, which knows nothing of errors that add up "
                            "along the branch. Mode and median have that of their class as well.\n\n"
                            "A highest class that nitrogen empties near p/p0 0.42 to 0.50 gets a warning.",
             .references = bjh_references,
             .examples = bjh_examples,
             .see_also = bjh_see },
};

const as_op as_op_pores_dh = {
    .name = "pores-dh",
    .group = "sorption",
    .effect = AS_DERIVES,
    .settings_size = sizeof(kelvin_settings),
    .params = params,
    .needs = needs,
    .gives = as_pores_gives,
    .series = series,
    .doc = { .summary = "mesopore sizes by Dollimore and Heal",
             .description = "As `pores-bjh`, with the correction for the thinning film by the areas and lengths of "
                            "the open pores.",
             .references = dh_references,
             .examples = dh_examples,
             .see_also = dh_see },
};
