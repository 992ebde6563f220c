/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strip-satellites: the ghosts that the satellites of an X-ray tube without a monochromator make of
 * every photoelectron line, at lower binding energy.
 */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"

typedef struct {
    int anode;
    int ends;
} satellites_settings;

enum { MAGNESIUM, ALUMINIUM, SATELLITES = 5 };
static const as_choice anodes[] = { { "mg", MAGNESIUM, "Mg K alpha, 1253.6 eV" },
                                    { "al", ALUMINIUM, "Al K alpha, 1486.6 eV" },
                                    { 0 } };
static const as_param params[] = {
    AS_CHOICE(satellites_settings, anode, "anode", NULL, anodes, "of the tube"),
    AS_INT(satellites_settings, ends, "ends", "5", 1, 1000,
           "points at the end of high binding energy whose mean stands for what lies beyond"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_X,
      .help = "binding_energy or kinetic_energy, in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the spectrum as measured; nan is bridged" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "without the ghosts, with sigma" }, { 0 }
};

/* K alpha 3, 4, 5, 6 and K beta: energy above K alpha 1,2 in eV and intensity over it. */
static const struct satellite {
    double above, ratio;
} table[][SATELLITES] = {
    [MAGNESIUM] = { { 8.4, 0.080 },
                    { 10.1, 0.041 },
                    { 17.6, 0.0055 },
                    { 20.6, 0.0045 },
                    { 48.5, 0.005 } },
    [ALUMINIUM] = { { 9.8, 0.064 },
                    { 11.8, 0.032 },
                    { 20.1, 0.004 },
                    { 23.4, 0.003 },
                    { 69.7, 0.0055 } },
};

/* Rows ordered by falling binding energy. */
typedef struct {
    size_t n;
    double *x, *y, *variance;
} rows;

/* y and its variance at binding energy `at`, from rows before `i`, which are done. */
static double before(const rows *r, size_t i, double at, double beyond, double *variance)
{
    *variance = 0;
    if (at >= r->x[0]) return beyond;
    size_t lo = 0, hi = i; /* x[lo] > at >= x[hi] */
    while (hi - lo > 1) {
        const size_t middle = (lo + hi) / 2;
        if (r->x[middle] > at)
            lo = middle;
        else
            hi = middle;
    }
    const double f = (r->x[lo] - at) / (r->x[lo] - r->x[hi]);
    *variance = (1 - f) * (1 - f) * r->variance[lo] + f * f * r->variance[hi];
    return (1 - f) * r->y[lo] + f * r->y[hi];
}

/* From high to low binding energy, since a ghost lies below its line. */
static void strip(rows *r, const struct satellite *s, size_t ends)
{
    double beyond = 0, sum = 1, variance;
    for (size_t k = 0; k < SATELLITES; k++) sum += s[k].ratio;
    for (size_t i = 0; i < ends; i++) beyond += r->y[i] / (double)ends;
    beyond /= sum; /* a level makes ghosts of itself */
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < SATELLITES; k++) {
            r->y[i] -= s[k].ratio * before(r, i, r->x[i] + s[k].above, beyond, &variance);
            r->variance[i] += s[k].ratio * s[k].ratio * variance;
        }
}

static as_status check(as_run *run, const as_table *t, const as_curve *c)
{
    const as_meta *source = as_get_meta(t, "excitation");
    if (strcmp(c->x_column->name, "binding_energy") != 0 &&
        strcmp(c->x_column->name, "kinetic_energy") != 0)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "x is %s, expected binding_energy or kinetic_energy", c->x_column->name);
    if (as_is_processed(t, "satellites_stripped"))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "the satellites were taken off already");
    if (source && source->text &&
        (strstr(source->text, "ono(") || strstr(source->text, "onochrom")))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "the source is '%s': a monochromator leaves no satellites", source->text);
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const satellites_settings *set = run->settings;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    AS_TRY(check(run, owned, &c));
    const int direction = as_curve_direction(run->ctx, &c);
    const bool kinetic = strcmp(c.x_column->name, "kinetic_energy") == 0;
    const bool turned = (direction > 0) != kinetic; /* binding energy rises with the row */
    const double *y = as_curve_bridged(run->ctx, &c);
    double *memory = AS_NEW_N(as_scratch(run->ctx), double, 3 * c.n);
    if (!direction || !y || !memory) return AS_ERR;
    rows r = { c.n, memory, memory + c.n, memory + 2 * c.n };
    for (size_t i = 0; i < c.n; i++) {
        const size_t from = turned ? c.n - 1 - i : i;
        r.x[i] = kinetic ? -c.x[from] : c.x[from];
        r.y[i] = y[from];
        r.variance[i] = c.sigma ? c.sigma[from] * c.sigma[from] : 0;
    }
    strip(&r, table[set->anode], (size_t)set->ends < c.n ? (size_t)set->ends : c.n);
    for (size_t i = 0; i < c.n; i++) {
        const size_t to = turned ? c.n - 1 - i : i;
        if (!(c.use[to] > 0)) continue;
        c.y[to] = r.y[i];
        if (c.sigma) c.sigma[to] = sqrt(r.variance[i]);
    }
    AS_TRY(as_mark_processed(run->ctx, owned, "satellites_stripped"));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "a region from a tube with an aluminium anode",
      "assay strip-satellites --anode al tests/corpus/xps/shirley.ecsv | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "Krause & Ferreira 1975, K X-ray emission spectra of Mg and Al, J. Phys. B 8, 2007, "
    "doi:10.1088/0022-3700/8/12/015",
    "Moulder, Stickle, Sobol & Bomben 1992, Handbook of X-ray Photoelectron Spectroscopy, "
    "Perkin-Elmer (the ratios)",
    NULL
};
static const char *const see_also[] = { "strip-ka2", "baseline-shirley", "fit", NULL };

const as_op as_op_strip_satellites = {
    .name = "strip-satellites",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(satellites_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "take the ghosts of X-ray satellites off a photoelectron spectrum",
             .description = "A tube without a monochromator also emits K alpha 3 to 6 and K beta; "
                            "each makes a ghost of every line, some "
                            "10 eV lower in binding energy. From the end of high binding energy "
                            "down, what the rows before make "
                            "is taken off with the known ratios. For lines beyond that end its "
                            "mean level stands: a region has "
                            "to begin 12 eV above what matters, for K beta 49 or 70 eV.\n\n"
                            "sigma grows a little; neighbouring errors come to depend on each "
                            "other by some per cent. A second "
                            "time is refused, and so is a source that is called monochromated.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
