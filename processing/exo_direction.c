/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exo-direction: heat signals with exothermic up or down, whichever way the instrument has them.
 */
#include <string.h>

#include "op.h"

typedef struct {
    int to, from;
} exo_settings;

enum { UP, DOWN, OF_FILE };
static const char *const names[] = { "up", "down" };
static const as_choice targets[] = { { "up", UP, "exothermic is positive" },
                                     { "down", DOWN, "exothermic is negative" },
                                     { 0 } };
static const as_choice sources[] = { { "file", OF_FILE, "as the metadata exo_direction says" },
                                     { "up", UP, "exothermic is positive now" },
                                     { "down", DOWN, "exothermic is negative now" },
                                     { 0 } };
static const as_param params[] = {
    AS_CHOICE(exo_settings, to, "to", NULL, targets, "which way exothermic goes afterwards"),
    AS_CHOICE(exo_settings, from, "from", "file", sources, "which way it goes now"), AS_PARAMS_END
};
static const as_demand needs[] = { { .kind = AS_NEED_COLUMN,
                                     .name = "heat_flow",
                                     .optional = true,
                                     .help = "or specific_heat_flow, dsc, dta" },
                                   { .kind = AS_NEED_META,
                                     .name = "exo_direction",
                                     .optional = true,
                                     .help = "unless --from says it" },
                                   { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_META, .name = "exo_direction", .help = "up or down" }, { 0 }
};

static as_status direction_of(as_ctx *ctx, const as_table *t, int from, int *out)
{
    const as_meta *m = as_get_meta(t, "exo_direction");
    *out = from;
    if (from != OF_FILE && m && strcmp(m->text, names[from]) != 0)
        return as_fail(ctx, AS_E_USAGE, NULL, "--from %s, but the data say that exothermic goes %s",
                       names[from], m->text);
    if (from != OF_FILE) return AS_OK;
    for (int i = UP; m && i <= DOWN; i++)
        if (strcmp(m->text, names[i]) == 0) {
            *out = i;
            return AS_OK;
        }
    return as_fail(ctx, AS_E_MISSING, NULL,
                   "the data do not say which way exothermic goes: say it by --from");
}

static as_status series(as_run *run, as_table *owned)
{
    static const char *const signals[] = { "heat_flow", "specific_heat_flow", "dsc", "dta" };
    const exo_settings *set = run->settings;
    int now;
    size_t found = 0;
    AS_TRY(direction_of(run->ctx, owned, set->from, &now));
    for (size_t k = 0; k < sizeof signals / sizeof *signals; k++) {
        as_column *c = as_find_name(owned, signals[k]);
        if (!c || c->type != AS_F64) continue;
        found++;
        for (size_t i = 0; i < owned->rows && now != set->to; i++) c->v.f[i] = -c->v.f[i];
    }
    if (!found)
        return as_fail(run->ctx, AS_E_MISSING, NULL,
                       "no heat signal: no column heat_flow, specific_heat_flow, dsc or dta");
    AS_TRY(as_set_meta(run->ctx, owned, "exo_direction", names[set->to], NULL, NULL));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "a calorimeter's signal with exothermic up",
      "assay exo-direction --from down --to up tests/corpus/thermal/dsc.csv | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "dsc-peak", "heat-capacity", "plot-thermogram", NULL };

const as_op as_op_exo_direction = {
    .name = "exo-direction",
    .group = "thermal",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(exo_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "turn heat signals so that exothermic is up or down",
             .description = "The columns heat_flow, specific_heat_flow, dsc and dta change their "
                            "sign where the metadata "
                            "`exo_direction` is the other one. Files that do not say it are "
                            "refused unless `--from` does; "
                            "a `--from` that the file contradicts is refused too.",
             .examples = examples,
             .see_also = see_also },
};
