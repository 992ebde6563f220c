/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pca: principal components of all series, for a first look at how many things change. */
#include <math.h>

#include "mixture.h"
#include "mixture_map.h"

typedef struct {
    as_ranges region;
    int components, give;
    bool centre;
} pca_settings;

static const as_param params[] = {
    AS_INT(pca_settings, components, "components", "4", 1, AS_MIX, "how many"),
    AS_RANGES(pca_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_BOOL(pca_settings, centre, "centre", "yes", "take the mean of all series off before"),
    AS_CHOICE(pca_settings, give, "give", "series", as_map_gives, "what comes out"), AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "the same in all series" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "score", .help = "of each component in each series" },
    { .kind = AS_NEED_RESULT,
      .name = "explained_variance",
      .unit = "%",
      .help = "of each component, with the spectra" },
    { .kind = AS_NEED_RESULT, .name = "real_error", .help = "noise left with so many components" },
    { .kind = AS_NEED_RESULT,
      .name = "indicator",
      .help = "Malinowski's, least at the number of components" },
    { 0 }
};

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status give_series(as_run *run, const as_map *map, const as_pca *p)
{
    const char *unit = map->first.y_column->unit.symbol;
    for (size_t i = 0; i < map->n; i++) {
        as_table *t = map->held->t[i];
        for (size_t j = 0; j < p->k; j++) {
            const char *item = as_map_item(t, "component", j);
            if (!item) return AS_ERR;
            AS_TRY(as_add_quantity(run->ctx, t, item, "score", p->score[i * p->k + j], NAN,
                                   unit ? unit : "1", NULL, "principal component"));
        }
    }
    for (size_t i = 0; i < map->n; i++) AS_TRY(as_emit(run->out, run->ctx, map->held->t[i]));
    return AS_OK;
}

/* The number at which the indicator function is least: 0 where it falls to the last. */
static size_t likely(const as_pca *p)
{
    size_t best = 0;
    for (size_t j = 1; j < p->k; j++)
        if (p->indicator[j] < p->indicator[best]) best = j;
    return best + 1 < p->k ? best + 1 : 0;
}

static as_status give_spectra(as_run *run, const as_map *map, const as_pca *p)
{
    as_ctx *ctx = run->ctx;
    const char *unit = map->first.y_column->unit.symbol ? map->first.y_column->unit.symbol : "1";
    for (size_t j = 0; j < p->k; j++) {
        as_table *t = as_map_curve(run, map, p->loading + j * map->stride, "component", j);
        if (!t) return AS_ERR;
        const char *item = as_map_item(t, "component", j), *method = "Malinowski";
        if (!item) return AS_ERR;
        as_find_role(t, AS_ROLE_Y)->unit = AS_UNITLESS;
        AS_TRY(as_add_quantity(ctx, t, item, "explained_variance", 100 * p->value[j] / p->total,
                               NAN, "%", NULL, "of the sum of squares"));
        AS_TRY(
            as_add_quantity(ctx, t, item, "real_error", p->real_error[j], NAN, unit, NULL, method));
        AS_TRY(
            as_add_quantity(ctx, t, item, "indicator", p->indicator[j], NAN, unit, NULL, method));
        if (j == 0)
            AS_TRY(as_add_quantity(ctx, t, "all", "components", likely(p) ? (double)likely(p) : NAN,
                                   NAN, "1", likely(p) ? "ok" : "undecided",
                                   "least indicator function; more where noise is not white"));
        AS_TRY(as_emit(run->out, ctx, t));
    }
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const pca_settings *set = run->settings;
    as_map map;
    as_pca p;
    if (((as_held *)run->state)->n == 0) return AS_OK;
    AS_TRY(as_map_of(run, run->state, &set->region, 3, &map));
    AS_TRY(as_pca_fit(run->ctx, as_scratch(run->ctx), map.n, map.m, map.D, set->centre,
                      (size_t)set->components, &p));
    return set->give == AS_MAP_SERIES ? give_series(run, &map, &p) : give_spectra(run, &map, &p);
}

static const as_example examples[] = {
    { "how many things change through an etched film",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv"
      " | assay pca --give spectra | assay results" },
    { 0 }
};
static const char *const references[] = {
    "Malinowski 1977, Theory of error in factor analysis, Anal. Chem. 49, 606",
    "Malinowski 1977, Determination of the number of factors and the experimental error in a data "
    "matrix, Anal. Chem. 49, 612",
    "Halko, Martinsson & Tropp 2011, Finding structure with randomness, SIAM Review 53, 217, "
    "doi:10.1137/090771806",
    NULL
};
static const char *const see_also[] = { "unmix", "kmeans", NULL };

const as_op as_op_pca = {
    .name = "pca",
    .group = "depth",
    .effect = AS_REDUCES,
    .settings_size = sizeof(pca_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "principal components of all series",
             .description = "`--give series` adds the scores of the components to every series, "
                            "where figures and maps find them; `--give "
                            "spectra` gives one series for each component, of norm 1, its largest "
                            "entry positive, with the "
                            "explained variance.\n\n"
                            "*real_error* is the noise that would be left if so many components "
                            "were real, and *indicator* is least at "
                            "the number that are, for white noise (`components` of item *all*). "
                            "Take off baselines before: each kind of "
                            "baseline is a component of its own. Components are directions of "
                            "change, not substances: see `unmix`.\n\n"
                            "Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
