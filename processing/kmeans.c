/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kmeans: series into groups of like shape. */
#include <math.h>

#include "mixture.h"
#include "mixture_map.h"

typedef struct {
    as_ranges region;
    int clusters, starts, seed, give;
} kmeans_settings;

static const as_param params[] = {
    AS_INT(kmeans_settings, clusters, "clusters", NULL, 1, 64, "how many"),
    AS_RANGES(kmeans_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_INT(kmeans_settings, starts, "starts", "10", 1, 10000, "drawn starts; the best is kept"),
    AS_INT(kmeans_settings, seed, "seed", "1", 0, 2147483647, "of the starts"),
    AS_CHOICE(kmeans_settings, give, "give", "series", as_map_gives, "what comes out"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "the same in all series" },
    { .kind = AS_NEED_ROLE,
      .role = AS_ROLE_Y,
      .help = "the curve; normalize it where only its shape counts" },
    { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_RESULT,
                                   .name = "cluster",
                                   .unit = "1",
                                   .help = "of each series, 1 the largest" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "distance",
                                   .help = "of each series from the mean of its cluster" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "members",
                                   .unit = "1",
                                   .help = "of each cluster, with the spectra" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "explained_variance",
                                   .unit = "%",
                                   .help = "between the clusters" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "silhouette",
                                   .unit = "1",
                                   .help = "how well they part: 1 well, 0 not" },
                                 { 0 } };

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status give_series(as_run *run, const as_map *map, const as_clusters *c)
{
    const char *unit = map->first.y_column->unit.symbol ? map->first.y_column->unit.symbol : "1";
    for (size_t i = 0; i < map->n; i++) {
        as_table *t = map->held->t[i];
        AS_TRY(as_add_quantity(run->ctx, t, "cluster", "cluster", c->of[i] + 1, NAN, "1", NULL,
                               "k-means"));
        AS_TRY(as_add_quantity(run->ctx, t, "cluster", "distance",
                               c->distance[i] / sqrt((double)map->m), NAN, unit, NULL,
                               "rms over the points"));
    }
    for (size_t i = 0; i < map->n; i++) AS_TRY(as_emit(run->out, run->ctx, map->held->t[i]));
    return AS_OK;
}

static as_status give_spectra(as_run *run, const as_map *map, const as_clusters *c)
{
    as_ctx *ctx = run->ctx;
    for (size_t j = 0; j < c->k; j++) {
        as_table *t = as_map_curve(run, map, c->centre + j * map->stride, "cluster", j);
        const char *item = t ? as_map_item(t, "cluster", j) : NULL;
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(ctx, t, item, "members", (double)c->size[j], NAN, "1", NULL,
                               "k-means"));
        if (j == 0) {
            AS_TRY(as_add_quantity(ctx, t, "all", "explained_variance",
                                   c->total > 0 ? 100 * (1 - c->within / c->total) : NAN, NAN, "%",
                                   NULL, "between clusters, of the sum of squares about the mean"));
            AS_TRY(as_add_quantity(ctx, t, "all", "silhouette", c->silhouette, NAN, "1", NULL,
                                   "mean, from the cluster means"));
        }
        AS_TRY(as_emit(run->out, ctx, t));
    }
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const kmeans_settings *set = run->settings;
    as_map map;
    as_clusters c;
    if (((as_held *)run->state)->n == 0) return AS_OK;
    AS_TRY(as_map_of(run, run->state, &set->region, (size_t)set->clusters, &map));
    as_work_begin(run->ctx, "starts", (size_t)set->starts);
    const as_status status = as_kmeans(run->ctx, as_scratch(run->ctx), map.n, map.m, map.D,
                                       (size_t)set->clusters, set->starts, (uint64_t)set->seed, &c);
    as_work_end(run->ctx);
    AS_TRY(status);
    return set->give == AS_MAP_SERIES ? give_series(run, &map, &c) : give_spectra(run, &map, &c);
}

static const as_example examples[] = {
    { "levels inside and below a film",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv"
      " | assay kmeans --clusters 2 | assay results --quantity cluster" },
    { 0 }
};
static const char *const references[] = {
    "Lloyd 1982, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28, 129, "
    "doi:10.1109/TIT.1982.1056489",
    "Arthur & Vassilvitskii 2007, k-means++: the advantages of careful seeding, Proc. 18th "
    "ACM-SIAM SODA, 1027",
    NULL
};
static const char *const see_also[] = { "pca", "unmix", "normalize", NULL };

const as_op as_op_kmeans = {
    .name = "kmeans",
    .group = "depth",
    .effect = AS_REDUCES,
    .settings_size = sizeof(kmeans_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "group series by likeness (k-means)",
             .description = "Every series goes to the group whose mean is nearest, in the sum of "
                            "squares over the points. The best of "
                            "`--starts` starts is kept; they are drawn from `--seed`, so the same "
                            "input gives the same groups, numbered "
                            "from the largest. `--give spectra` gives the means of the groups.\n\n"
                            "k-means finds k groups in anything: *silhouette* near 0 says that "
                            "there are none.\n\n"
                            "Holds all series.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
