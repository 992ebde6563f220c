/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantify: atomic fractions from the areas of photoelectron lines, n = A / (sigma L T lambda) over
 * the sum, for each sample, etch time and place.
 */
#include <math.h>
#include <string.h>

#include "quantify.h"

static const as_choice contents[] = { { "cross_section", AS_IN_FACTOR_NOTHING,
                                        "sigma alone, such as Scofield's" },
                                      { "path", AS_IN_FACTOR_PATH, "sigma and lambda" },
                                      { "transmission", AS_IN_FACTOR_TRANSMISSION, "sigma and T" },
                                      { "both", AS_IN_FACTOR_PATH | AS_IN_FACTOR_TRANSMISSION,
                                        "sigma, lambda and T: factors of an instrument" },
                                      { 0 } };
static const as_choice named[] = {
    { "none", AS_TABLE_NONE, "those of --factors" },
    { "kissel", AS_TABLE_KISSEL,
      "Kissel's by xraylib, within 0.3 % of Scofield's: Al or Mg K alpha" },
    { 0 }
};
static const as_choice transmissions[] = {
    { "none", AS_T_NONE, "the same for all lines" },
    { "column", AS_T_COLUMN, "the column transmission_function, at the line" },
    { "power", AS_T_POWER, "kinetic energy to the power of --transmission-power" },
    { 0 }
};
static const as_choice paths[] = {
    { "none", AS_PATH_NONE, "the same for all lines" },
    { "power", AS_PATH_POWER, "kinetic energy to the power of --path-power" },
    { "tpp2m", AS_PATH_TPP2M, "TPP-2M of --density, --valence, --molar-mass, --gap" },
    { 0 }
};
static const as_param params[] = {
    AS_TABLES(as_quantify_settings, factors, "factors", "",
              "file of columns line and factor, and asymmetry for --angle"),
    AS_CHOICE(as_quantify_settings, table, "table", "none", named,
              "cross sections that are built in"),
    AS_CHOICE(as_quantify_settings, contain, "contain", NULL, contents, "what the factors contain"),
    AS_DOUBLE(as_quantify_settings, factor_u, "factor-u", "0", 0, 1, NULL,
              "relative standard uncertainty of each factor, independent of each other"),
    AS_CHOICE(as_quantify_settings, transmission, "transmission", NULL, transmissions,
              "T of the analyser"),
    AS_DOUBLE(as_quantify_settings, transmission_power, "transmission-power", "-1", -5, 5, NULL,
              "exponent of T"),
    AS_CHOICE(as_quantify_settings, path, "path", NULL, paths,
              "lambda, the inelastic mean free path"),
    AS_DOUBLE(as_quantify_settings, path_power, "path-power", "0.75", -2, 2, NULL,
              "exponent of lambda"),
    AS_DOUBLE(as_quantify_settings, density, "density", "0g/cm3", 0, 30, "g/cm3",
              "of the material"),
    AS_DOUBLE(as_quantify_settings, valence, "valence", "0", 0, 1e4, NULL,
              "valence electrons of an atom or formula"),
    AS_DOUBLE(as_quantify_settings, molar_mass, "molar-mass", "0g/mol", 0, 1e5, "g/mol",
              "of the same"),
    AS_DOUBLE(as_quantify_settings, gap, "gap", "0eV", 0, 20, "eV", "of the bands"),
    AS_DOUBLE(as_quantify_settings, angle, "angle", "54.7356deg", 0, 180, "deg",
              "between photons and electrons; at 54.7356 L is 1"),
    AS_TEXTS(as_quantify_settings, asymmetry, "asymmetry", "",
             "LINE=BETA for --table with --angle (Si 2p=1.1); s levels have 2"),
    AS_TEXTS(as_quantify_settings, line, "line", "",
             "COMPONENT=LINE or REGION=LINE where the name of the region does not tell, may be "
             "repeated"),
    AS_TEXTS(as_quantify_settings, without, "without", "",
             "component or region that is left out"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { .kind = AS_NEED_RESULT,
                                     .name = "area",
                                     .help = "of components by fit, or above a background" },
                                   { .kind = AS_NEED_META,
                                     .name = "photon_energy",
                                     .unit = "eV",
                                     .optional = true,
                                     .help = "for lambda and T that depend on the energy" },
                                   { .kind = AS_NEED_META,
                                     .name = "dwell_time",
                                     .unit = "s",
                                     .optional = true,
                                     .help = "with scans, where y is in counts" },
                                   { 0 } };
static const as_give gives[] = { { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_X,
                                   .name = "binding_energy",
                                   .unit = "eV",
                                   .help = "of each line" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_Y,
                                   .name = "atomic_fraction",
                                   .unit = "%",
                                   .help = "of each line" },
                                 { .kind = AS_NEED_ROLE, .role = AS_ROLE_SIGMA, .help = "of it" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "atomic_fraction",
                                   .unit = "%",
                                   .help = "of lines and components" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "component_fraction",
                                   .unit = "%",
                                   .help = "of a component in its line" },
                                 { 0 } };

/* Fractions and their covariance from N and its covariance: dx_k/dN_m = (delta_km - x_k) / sum N.
 */
static void fractions(size_t n, const double *number, const double *v, double *x, double *work,
                      double *out)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += number[k];
    for (size_t k = 0; k < n; k++) x[k] = number[k] / sum;
    for (size_t k = 0; k < n; k++)
        for (size_t m = 0; m < n; m++) {
            double s = 0;
            for (size_t i = 0; i < n; i++) s += ((i == k) - x[k]) * v[i * n + m];
            work[k * n + m] = s / sum;
        }
    for (size_t k = 0; k < n; k++)
        for (size_t m = 0; m < n; m++) {
            double s = 0;
            for (size_t i = 0; i < n; i++) s += work[k * n + i] * ((i == m) - x[m]);
            out[k * n + m] = s / sum;
        }
}

typedef struct {
    as_run *run;
    as_table *t;
    size_t n;               /* components */
    const as_quantified *c; /* n */
    const double *x, *v;    /* fractions and covariance */
    size_t *which, used;    /* results that share the covariance */
    double *gradient;       /* of each of them over the n fractions */
    bool failed;
    const char *method;
} report;

/* A sum of fractions, gradient g over the components, as a result in percent. */
static as_status put(report *p, const char *item, const char *quantity, double value,
                     const double *g)
{
    double variance = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->n; k++) variance += g[i] * g[k] * p->v[i * p->n + k];
    AS_TRY(as_add_quantity(p->run->ctx, p->t, item, quantity, p->failed ? NAN : 100 * value,
                           p->failed || isnan(variance) ? NAN
                           : variance > 1e-18           ? 100 * sqrt(variance)
                                                        : 0,
                           "%", p->failed ? "failed" : "ok", p->method));
    memcpy(p->gradient + p->used * p->n, g, p->n * sizeof *g);
    p->which[p->used++] = p->t->n_results - 1;
    return AS_OK;
}

static as_status covariance(report *p)
{
    double *v = AS_NEW_N(as_scratch(p->run->ctx), double, p->used * p->used + 1);
    if (!v) return AS_ERR;
    for (size_t a = 0; a < p->used; a++)
        for (size_t b = 0; b < p->used; b++)
            for (size_t i = 0; i < p->n; i++)
                for (size_t k = 0; k < p->n; k++)
                    v[a * p->used + b] += 1e4 * p->gradient[a * p->n + i] * p->v[i * p->n + k] *
                                          p->gradient[b * p->n + k];
    const bool unknown = p->failed || (p->used > 0 && isnan(v[0])); /* one nan is in all of them */
    return unknown ? AS_OK : as_set_covariance(p->run->ctx, p->t, p->used, p->which, v);
}

/* The components first + 0 ... of one line: the row, the line's results and those of its parts. */
static as_status line(report *p, size_t row, size_t first, size_t count)
{
    const as_quantified *c = p->c + first;
    as_ctx *ctx = p->run->ctx;
    double total = 0, weighted = 0, *g = AS_NEW_N(as_scratch(ctx), double, p->n);
    if (!g) return AS_ERR;
    for (size_t k = 0; k < count; k++) {
        total += p->x[first + k];
        weighted += p->x[first + k] * c[k].energy;
        g[first + k] = 1;
    }
    AS_TRY(put(p, c->line, "atomic_fraction", total, g));
    const as_result *r = &p->t->result[p->t->n_results - 1];
    as_find_role(p->t, AS_ROLE_X)->v.f[row] = weighted / total;
    as_find_role(p->t, AS_ROLE_Y)->v.f[row] = r->value;
    as_find_role(p->t, AS_ROLE_SIGMA)->v.f[row] = r->u;
    as_find_role(p->t, AS_ROLE_LABEL)->v.s[row] = as_strdup(p->t->arena, c->line);
    for (size_t k = 0; k < count && count > 1; k++) {
        const char *item = as_format(p->t->arena, "%s/%s", c->line, c[k].item);
        const double share = p->x[first + k] / total;
        if (!item) return AS_ERR;
        for (size_t i = 0; i < p->n; i++) g[i] = i == first + k;
        AS_TRY(put(p, item, "atomic_fraction", p->x[first + k], g));
        for (size_t i = 0; i < count; i++) g[first + i] = ((i == k) - share) / total;
        AS_TRY(put(p, item, "component_fraction", share, g));
    }
    return AS_OK;
}

static size_t lines_of(size_t n, const as_quantified *c)
{
    size_t lines = n > 0;
    for (size_t k = 1; k < n; k++) lines += strcmp(c[k].line, c[k - 1].line) != 0;
    return lines;
}

static as_status new_table(as_run *run, const as_table *first, size_t rows, as_table **out)
{
    static const char *const of_region[] = { "region",     "species", "transition",
                                             "dwell_time", "scans",   "comment" };
    as_ctx *ctx = run->ctx;
    as_table *t = *out = as_table_derive(ctx, first, rows);
    if (!t) return AS_ERR;
    for (size_t k = 0; k < sizeof of_region / sizeof *of_region; k++)
        if (as_get_meta(t, of_region[k])) AS_TRY(as_drop_meta(t, of_region[k]));
    const as_meta *sample = as_get_meta(t, "sample"), *etched = as_get_meta(t, "etch_time");
    const char *of = sample && sample->text ? sample->text : "atomic fractions";
    t->label =
        etched ? as_format(t->arena, "%s, %g %s", of, etched->number, etched->unit.symbol) : of;
    if (!t->label || !as_add_column(ctx, t, "binding_energy", AS_ROLE_X, as_unit_of("eV")) ||
        !as_add_column(ctx, t, "atomic_fraction", AS_ROLE_Y, as_unit_of("%")) ||
        !as_add_column(ctx, t, "sigma", AS_ROLE_SIGMA, as_unit_of("%")) ||
        !as_add_text(ctx, t, "line", AS_ROLE_LABEL))
        return AS_ERR;
    return AS_OK;
}

/* Variances of N: of the areas, of the factors (common to a
 * line). */
static void variances(const as_quantify_settings *set, size_t n, const as_quantified *c,
                      double *number, double *v)
{
    for (size_t i = 0; i < n; i++) number[i] = c[i].area / c[i].sensitivity;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            double s = 0;
            if (c[i].t == c[k].t)
                s += as_get_covariance(c[i].t, c[i].result, c[k].result) * c[i].doublet *
                     c[k].doublet / (c[i].sensitivity * c[k].sensitivity);
            if (strcmp(c[i].line, c[k].line) == 0)
                s += set->factor_u * set->factor_u * number[i] * number[k];
            v[i * n + k] = s;
        }
}

static bool transmission_unused(const as_quantify_settings *set, size_t n, const as_quantified *c)
{
    if (set->transmission != AS_T_NONE || (set->contain & AS_IN_FACTOR_TRANSMISSION)) return false;
    for (size_t k = 0; k < n; k++)
        if (as_find_name(c[k].t, "transmission_function") &&
            !as_is_processed(c[k].t, "transmission"))
            return true;
    return false;
}

static as_status level(as_run *run, const as_table *first, size_t n, const as_quantified *c)
{
    const as_quantify_settings *set = run->settings;
    as_arena *s = as_scratch(run->ctx);
    double *d = AS_NEW_N(s, double, 2 * n + 3 * n * n + 3 * n * n + 1);
    report p = { .run = run,
                 .n = n,
                 .c = c,
                 .x = d + n,
                 .which = AS_NEW_N(s, size_t, 3 * n + 1),
                 .method = as_quantify_method(run) };
    if (!d || !p.which || !p.method) return AS_ERR;
    double *v = d + 2 * n, *work = v + n * n, *x = d + n, *cov = work + n * n;
    p.gradient = cov + n * n;
    p.v = cov;
    variances(set, n, c, d, v);
    fractions(n, d, v, x, work, cov);
    for (size_t k = 0; k < n; k++) p.failed |= !isfinite(x[k]);
    AS_TRY(new_table(run, first, lines_of(n, c), &p.t));
    for (size_t k = 0, row = 0; k < n; row++) {
        size_t count = 1;
        while (k + count < n && strcmp(c[k].line, c[k + count].line) == 0) count++;
        AS_TRY(line(&p, row, k, count));
        k += count;
    }
    AS_TRY(covariance(&p));
    const as_meta *etched = as_get_meta(first, "etch_time");
    if (transmission_unused(set, n, c))
        as_warn(
            run->ctx, p.t, NULL,
            "the spectra have a transmission function that was not used; --transmission column");
    if (p.failed) as_warn(run->ctx, p.t, NULL, "an area is no number: no fractions here");
    for (size_t k = 0; k < n && !p.failed; k++)
        if (isnan(v[k * n + k])) {
            as_warn(run->ctx, p.t, NULL, "the area of '%s' has no uncertainty, so no fraction has one", c[k].item);
            break;
        }
    if (etched && etched->number > 0)
        as_warn(run->ctx, p.t, NULL,
                "sputtered: ions remove some elements faster and reduce or break compounds, so the "
                "fractions "
                "need not be those of the material");
    return as_emit(run->out, run->ctx, p.t);
}

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status finish(as_run *run)
{
    const as_held *held = run->state;
    AS_TRY(as_quantify_check(run));
    bool *done = AS_NEW_N(as_scratch(run->ctx), bool, held->n + 1);
    if (!done) return AS_ERR;
    for (size_t i = 0; i < held->n; i++) {
        as_quantified *c = NULL;
        size_t n = 0;
        if (done[i]) continue;
        AS_TRY(as_quantify_collect(run, held, i, done, &n, &c));
        AS_TRY(level(run, held->t[i], n, c));
    }
    return AS_OK;
}

static const as_example examples[] = {
    { "atomic fractions from net areas, before and after 3 s of sputtering",
      "assay baseline-shirley tests/corpus/xps/film.ecsv | assay quantify --factors "
      "tests/corpus/xps/factors.ecsv "
      "--contain cross_section --transmission column --path power | assay results" },
    { "with the cross sections that are built in",
      "assay baseline-shirley tests/corpus/xps/film.ecsv | assay quantify --table kissel "
      "--contain cross_section --transmission column --path power | assay results" },
    { "shares of the components of one region",
      "assay select --where 'region=C 1s' tests/corpus/xps/film.ecsv | assay fit --model "
      "\"pvoigt(C-C) center=286.5 eta=0.3! "
      "+ pvoigt(CF2) center=292.5 eta=0.3! + shirley + constant\" | assay quantify --factors "
      "tests/corpus/xps/factors.ecsv --contain cross_section --transmission column --path power | "
      "assay results" },
    { 0 }
};
static const char *const references[] = {
    "ISO 18118:2015, Surface chemical analysis: Guide to the use of experimentally determined "
    "relative "
    "sensitivity factors",
    "Scofield 1976, Hartree-Slater subshell photoionization cross-sections at 1254 and 1487 eV, J. "
    "Electron "
    "Spectrosc. Relat. Phenom. 8, 129, doi:10.1016/0368-2048(76)80015-1",
    "Kissel 2000, RTAB: the Rayleigh scattering database, Radiat. Phys. Chem. 59, 185, "
    "doi:10.1016/S0969-806X(00)00290-5",
    "Schoonjans et al. 2011, The xraylib library for X-ray-matter interactions, Spectrochim. Acta "
    "B 66, "
    "776, doi:10.1016/j.sab.2011.09.011",
    "Reilman, Msezane & Manson 1976, J. Electron Spectrosc. Relat. Phenom. 8, 389",
    "Tanuma, Powell & Penn 1994, Surf. Interface Anal. 21, 165, doi:10.1002/sia.740210302",
    NULL
};
static const char *const see_also[] = { "fit",          "baseline-shirley", "convert-y",
                                        "transmission", "plot-trend",       NULL };

const as_op as_op_quantify = {
    .name = "quantify",
    .group = "peaks",
    .effect = AS_REDUCES,
    .settings_size = sizeof(as_quantify_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "atomic fractions from the areas of photoelectron lines",
             .description = "n = A / (sigma L T lambda), over the sum of all lines at the same "
                            "sample, etch time and place. "
                            "What A is divided by is never guessed: `--contain` says what the "
                            "factors hold, `--transmission` "
                            "and `--path` supply the rest, and what would be used twice is "
                            "refused. Areas are those of the "
                            "components that `fit` found (both lines of a doublet), or without any "
                            "the net area above "
                            "`baseline-shirley` and its like. Counts are compared only where all "
                            "regions were counted for the "
                            "same time to 0.1 %; `convert-y --to rate` makes rates of them.\n\n"
                            "The table of factors (csv, tsv or a stream) has a column `line` (C 1s, S 2p; the longest "
                            "that the name of a region begins "
                            "with is taken), a column `factor` for the whole level, and "
                            "`asymmetry` (beta) where `--angle` is "
                            "not the magic one. `--table kissel` has cross sections of 250 "
                            "levels at Al and Mg K alpha, which agree with Scofield's. "
                            "At another angle than the magic one s levels have the asymmetry 2, "
                            "those of all others are `--asymmetry`'s.\n\n"
                            "The uncertainty has the covariance of the areas, in which `fit` puts "
                            "the background, fitted or drawn before, and `--factor-u`. The "
                            "equation holds for a homogeneous sample; layers, contamination and, "
                            "after sputtering, damage are not in it.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
