/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unmix: all series as sums of a few non-negative spectra. */
#include <math.h>

#include "mixture.h"
#include "mixture_map.h"

typedef struct {
    as_ranges region;
    int components, iterations, give;
    bool closure, signed_spectra;
    double tolerance;
} unmix_settings;

static const as_param params[] = {
    AS_INT(unmix_settings, components, "components", NULL, 1, AS_MIX,
           "how many spectra; `pca` proposes a number"),
    AS_RANGES(unmix_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_BOOL(unmix_settings, closure, "closure", "no", "shares of each series add up to 1"),
    AS_BOOL(unmix_settings, signed_spectra, "signed", "no",
            "spectra may be negative: derivatives and differences"),
    AS_DOUBLE(unmix_settings, tolerance, "tolerance", "1e-7", 1e-15, 0.1, NULL,
              "relative change of the residual at which it ends"),
    AS_INT(unmix_settings, iterations, "iterations", "5000", 1, 10000000, "before giving up"),
    AS_CHOICE(unmix_settings, give, "give", "series", as_map_gives, "what comes out"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "the same in all series" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve, its baseline taken off" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT,
      .name = "share",
      .unit = "1",
      .help = "of each component in each series" },
    { .kind = AS_NEED_RESULT,
      .name = "part_of_signal",
      .unit = "%",
      .help = "of each component, with the spectra" },
    { .kind = AS_NEED_RESULT,
      .name = "explained_variance",
      .unit = "%",
      .help = "of all components together" },
    { .kind = AS_NEED_RESULT, .name = "lack_of_fit", .unit = "%", .help = "root of the rest" },
    { 0 }
};

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status give_series(as_run *run, const as_map *map, const as_unmixing *u,
                             const char *method)
{
    for (size_t i = 0; i < map->n; i++) {
        as_table *t = map->held->t[i];
        for (size_t j = 0; j < u->k; j++) {
            const char *item = as_map_item(t, "component", j);
            if (!item) return AS_ERR;
            AS_TRY(as_add_quantity(run->ctx, t, item, "share", u->share[i * u->k + j],
                                   u->share_u[i * u->k + j], "1", NULL, method));
        }
    }
    for (size_t i = 0; i < map->n; i++) AS_TRY(as_emit(run->out, run->ctx, map->held->t[i]));
    return AS_OK;
}

static as_status fit_results(as_run *run, as_table *t, const as_map *map, const as_unmixing *u)
{
    const char *unit = map->first.y_column->unit.symbol ? map->first.y_column->unit.symbol : "1";
    const double left = u->residual / u->total;
    AS_TRY(as_add_quantity(run->ctx, t, "all", "explained_variance", 100 * (1 - left), NAN, "%",
                           NULL, "of the sum of squares"));
    AS_TRY(as_add_quantity(run->ctx, t, "all", "lack_of_fit", 100 * sqrt(left), NAN, "%", NULL,
                           "root of the share of squares left"));
    AS_TRY(as_add_quantity(run->ctx, t, "all", "noise", u->noise, NAN, unit, NULL,
                           "of the residuals"));
    if (isfinite(u->closure))
        AS_TRY(as_add_quantity(run->ctx, t, "all", "closure_error", u->closure, NAN, "1", NULL,
                               "rms of the sum of shares less 1"));
    return as_add_quantity(run->ctx, t, "all", "iterations", u->iterations, NAN, "1", NULL,
                           "alternating least squares");
}

static as_status give_spectra(as_run *run, const as_map *map, const as_unmixing *u)
{
    as_ctx *ctx = run->ctx;
    for (size_t j = 0; j < u->k; j++) {
        as_table *t = as_map_curve(run, map, u->spectrum + j * map->stride, "component", j);
        const char *item = t ? as_map_item(t, "component", j) : NULL,
                   *method = "by rotation of pairs, within twice the noise";
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(ctx, t, item, "part_of_signal", 100 * u->part[j], NAN, "%", NULL,
                               "of the sum of all points"));
        AS_TRY(as_add_quantity(ctx, t, item, "part_lowest", 100 * u->part_low[j], NAN, "%", NULL,
                               method));
        AS_TRY(as_add_quantity(ctx, t, item, "part_highest", 100 * u->part_high[j], NAN, "%", NULL,
                               method));
        if (j == 0) AS_TRY(fit_results(run, t, map, u));
        AS_TRY(as_emit(run->out, ctx, t));
    }
    return AS_OK;
}

/* What a reader of the shares must know. */
static void warn(as_run *run, as_table *t, const as_unmixing *u)
{
    double widest = 0;
    size_t which = 0;
    for (size_t j = 0; j < u->k; j++)
        if (u->part_high[j] - u->part_low[j] > widest)
            widest = u->part_high[j] - u->part_low[j], which = j;
    if (widest > 0.02)
        as_warn(run->ctx, t, NULL,
                "not unique: component %zu may be %.0f to %.0f %% of the signal by rotation of "
                "pairs alone",
                which + 1, 100 * u->part_low[which], 100 * u->part_high[which]);
    if (u->closure > 0.05)
        as_warn(
            run->ctx, t, NULL,
            "shares add up to 1 within %.2g only: is the path or the focus the same in all series?",
            u->closure);
}

static as_status finish(as_run *run)
{
    const unmix_settings *set = run->settings;
    as_held *held = run->state;
    as_map map;
    as_unmixing u;
    if (held->n == 0) return AS_OK;
    AS_TRY(as_map_of(run, held, &set->region, 2, &map));
    const as_unmix_problem q = { .n = map.n,
                                 .m = map.m,
                                 .k = (size_t)set->components,
                                 .D = map.D,
                                 .signed_spectra = set->signed_spectra,
                                 .closed = set->closure,
                                 .tolerance = set->tolerance,
                                 .iterations = set->iterations };
    AS_TRY(as_unmix(run->ctx, as_scratch(run->ctx), &q, &u));
    warn(run, held->t[0], &u);
    if (set->give == AS_MAP_SPECTRA) return give_spectra(run, &map, &u);
    return give_series(run, &map, &u,
                       set->closure ? "MCR-ALS, closed; u with the spectra held"
                                    : "MCR-ALS, largest share 1; u with the spectra held");
}

static const as_example examples[] = {
    { "product and host of an etched film, the baselines taken off",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv"
      " | assay baseline-rubberband --subtract | assay unmix --components 2 --give "
      "spectra | assay results" },
    { 0 }
};
static const char *const references[] = { "Tauler 1995, Multivariate curve resolution applied to "
                                          "second order data, Chemom. Intell. Lab. Syst. 30, 133, "
                                          "doi:10.1016/0169-7439(95)00047-X",
                                          "Bro & de Jong 1997, A fast non-negativity-constrained "
                                          "least squares algorithm, J. Chemometrics 11, 393",
                                          NULL };
static const char *const see_also[] = { "pca", "kmeans", "fit-levels", NULL };

const as_op as_op_unmix = {
    .name = "unmix",
    .group = "depth",
    .effect = AS_REDUCES,
    .settings_size = sizeof(unmix_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "all series as sums of a few non-negative spectra (MCR-ALS)",
             .description =
                 "Every series is written as shares times spectra, none of them negative, by "
                 "alternating least squares from "
                 "the purest series. `--give series` adds the shares to every series, `--give "
                 "spectra` gives the spectra. The "
                 "largest share of each component is 1, unless `--closure` scales them so that "
                 "those of each series add up to "
                 "1 as well as they can. The same input gives the same answer: nothing is "
                 "drawn.\n\n"
                 "The factors are *not unique*. Any turning of spectra into each other that leaves "
                 "all numbers non-negative "
                 "fits as well; *part_lowest* and *part_highest* say how far pairs of components "
                 "can turn, within twice the "
                 "noise, and a warning says so where that is much. A series in which a component "
                 "is absent, and a point where "
                 "only one absorbs, narrow it. The uncertainty of a share is that of the noise "
                 "with the spectra held and "
                 "knows nothing of it. Where the bands are known `fit-levels` says more.\n\n"
                 "Baselines have to be taken off before. Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
