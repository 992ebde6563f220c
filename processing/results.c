/* SPDX-License-Identifier: GPL-3.0-or-later */
/* results: the results of every series as rows. */
#include "op.h"
#include "result_pick.h"

typedef struct {
    as_texts item, quantity;
} results_settings;

static const as_param params[] = {
    AS_TEXTS(results_settings, item, "item", "", "only these items; * and ? match as in a shell"),
    AS_TEXTS(results_settings, quantity, "quantity", "", "only these quantities; likewise"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

/* A table of the same series with some of its results and no rows. */
static as_status series(as_run *run, as_table *owned)
{
    const results_settings *set = run->settings;
    as_pick *pick = run->state;
    if (!pick->keep) AS_TRY(as_pick_init(pick, run->keep, &set->item, &set->quantity));
    AS_TRY(as_pick_note(pick, owned));
    as_table *t = as_table_derive(run->ctx, owned, 0);
    size_t *which = AS_NEW_N(as_scratch(run->ctx), size_t, owned->n_results);
    if (!t || !which) return AS_ERR;
    t->kind = AS_KIND_RESULTS;
    for (size_t i = 0; i < owned->n_results; i++) {
        const as_result *r = &owned->result[i];
        if (!as_pick_wants(pick, r)) continue;
        which[t->n_results] = i;
        AS_TRY(as_add_result(run->ctx, t, r));
    }
    for (size_t i = 0; i < t->n_results && as_has_covariance(owned); i++)
        for (size_t j = i + 1; j < t->n_results; j++) {
            const double c = as_get_covariance(owned, which[i], which[j]);
            const size_t pair[2] = { i, j };
            const double matrix[4] = { 0, c, c, 0 };
            if (c != 0) AS_TRY(as_set_covariance(run->ctx, t, 2, pair, matrix));
        }
    AS_TRY(as_emit(run->out, run->ctx, t));
    as_table_free(owned); /* what is not emitted would stay until the last series */
    return AS_OK;
}

static as_status finish(as_run *run)
{
    const as_pick *pick = run->state;
    return pick->keep ? as_pick_warn(run->ctx, pick) : AS_OK;
}

static const as_example examples[] = { { "the peaks of a diffractogram as a table",
                                         "assay peaks tests/corpus/xrd/small.xy | assay results "
                                         "--quantity position --quantity height" },
                                       { 0 } };
static const char *const see_also[] = { "select", "convert", NULL };

const as_op as_op_results = {
    .name = "results",
    .group = "select",
    .effect = AS_DERIVES,
    .settings_size = sizeof(results_settings),
    .state_size = sizeof(as_pick),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .finish = finish,
    .rowless = true,
    .doc = { .summary = "turn the results of each series into rows",
             .description = "A stream of kind `results` with the columns series, name, item, "
                            "quantity, value, u (standard "
                            "uncertainty, nan when there is none), unit, bound (`=`, `<`, `>`), "
                            "flag and method (the "
                            "definition). Every reader of text tables reads its rows. An option "
                            "that no result of any series meets is warned of, with the names there "
                            "are.",
             .examples = examples,
             .see_also = see_also },
};
