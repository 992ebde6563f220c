/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row-results: numbers of a small table, such as weights and sizes, as results that claims can use.
 */
#include <math.h>
#include <string.h>

#include "op.h"

typedef struct {
    const char *label;
} row_settings;

static const as_param params[] = { AS_STRING(row_settings, label, "label", "label",
                                             "column of the names of the rows, by name or role"),
                                   AS_PARAMS_END };
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

enum { MOST_ROWS = 1000 };

/* sigma_NAME, or sigma of y; NULL: none. */
static const as_column *sigma_of(as_ctx *ctx, const as_table *t, const as_column *c)
{
    const char *name = as_format(as_scratch(ctx), "sigma_%s", c->name);
    const as_column *u = name ? as_find_name(t, name) : NULL;
    if (!u && c->role == AS_ROLE_Y) u = as_find_role(t, AS_ROLE_SIGMA);
    return u && u->type == AS_F64 ? u : NULL;
}

static bool is_value(const as_column *c)
{
    return c->type == AS_F64 && (c->role == AS_ROLE_Y || c->role == AS_ROLE_OTHER) &&
           strncmp(c->name, "sigma", 5) != 0;
}

static as_status series(as_run *run, as_table *owned)
{
    const row_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_column *label = as_find(owned, set->label);
    if (!label || label->type != AS_TEXT)
        return as_fail(ctx, AS_E_MISSING, NULL, "%s '%s', expected names of the rows: see --label",
                       label ? "numbers in column" : "no column", set->label);
    if (owned->rows > MOST_ROWS)
        return as_fail(ctx, AS_E_LIMIT, NULL, "%zu rows, at most %d become results", owned->rows,
                       MOST_ROWS);
    for (size_t i = 0; i < owned->rows; i++)
        for (size_t k = 0; k < owned->n_columns; k++) {
            const as_column *c = owned->column[k], *u = sigma_of(ctx, owned, c);
            if (!is_value(c) || isnan(c->v.f[i]) || !label->v.s[i]) continue;
            if (as_get_result(owned, label->v.s[i], c->name))
                return as_fail(ctx, AS_E_NUMERIC, NULL, "two rows are called '%s'", label->v.s[i]);
            const as_result r = { .item = label->v.s[i],
                                  .quantity = c->name,
                                  .value = c->v.f[i],
                                  .u = u ? as_unit_scale(u->v.f[i], &u->unit, &c->unit) : NAN,
                                  .unit = c->unit,
                                  .flag = "ok",
                                  .method = "row_of_the_table" };
            AS_TRY(as_add_result(ctx, owned, &r));
        }
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "thicknesses and masses of three electrolytes",
      "assay row-results tests/corpus/figures/weights.ecsv | assay results --quantity thickness" },
    { 0 }
};
static const char *const see_also[] = { "results", "plot-bars", NULL };

const as_op as_op_row_results = {
    .name = "row-results",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(row_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "make results of the rows of a small table",
             .description =
                 "Each number becomes a result: its item is the name of the row, its quantity the "
                 "name of the column, its uncertainty that of the column `sigma_NAME` (for y also "
                 "`sigma`), if there is one. So weights, sizes and numbers of a text can be used "
                 "in "
                 "the claims of a recipe.",
             .examples = examples,
             .see_also = see_also },
};
