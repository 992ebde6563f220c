/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-plating: a symmetric cell of known overpotential, short circuit and end; for tests of
 * plating. */
#include <math.h>
#include <stdio.h>

#include "op.h"
#include "random.h"
#include "simulated.h"

typedef struct {
    int half_cycles, points, shorted, dying;
    double overpotential, growth, nucleation, noise, density, capacity, area, remains, dying_growth,
        seed, stream;
    const char *sample, *origin;
} settings;

static const as_param params[] = {
    AS_INT(settings, half_cycles, "half-cycles", "200", 2, 100000, "of alternating sign"),
    AS_DOUBLE(settings, density, "current-density", "0.5mA/cm2", 1e-9, 1e6, "mA/cm2", "of each"),
    AS_DOUBLE(settings, capacity, "capacity", "0.5mAh/cm2", 1e-9, 1e6, "mAh/cm2",
              "of each half cycle"),
    AS_DOUBLE(settings, area, "area", "1cm2", 1e-9, 1e6, "cm2", "of an electrode"),
    AS_DOUBLE(settings, overpotential, "overpotential", "40mV", 0, 1e5, "mV",
              "of the first half cycle"),
    AS_DOUBLE(settings, growth, "growth", "0mV", -1e3, 1e3, "mV",
              "of the overpotential in each half cycle"),
    AS_DOUBLE(settings, nucleation, "nucleation", "15mV", 0, 1e5, "mV",
              "on top at the begin of each half cycle, gone by exp(-25 t/T)"),
    AS_DOUBLE(settings, noise, "noise", "0.5mV", 0, 1e4, "mV", "of each reading"),
    AS_INT(settings, shorted, "short", "0", 0, 100000,
           "half cycle with which a short circuit begins; 0: none"),
    AS_DOUBLE(settings, remains, "remains", "15%", 0, 100, "%",
              "of the overpotential after the short circuit"),
    AS_INT(settings, dying, "dying", "0", 0, 100000,
           "half cycle from which on the cell dies; 0: none"),
    AS_DOUBLE(settings, dying_growth, "dying-growth", "10mV", 0, 1e5, "mV",
              "in each half cycle from then on"),
    AS_INT(settings, points, "points", "30", 5, 2000, "readings of each half cycle"),
    AS_DOUBLE(settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each cell of a set"),
    AS_STRING(settings, sample, "sample", "", "name of the cell"),
    AS_STRING(settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_X,
                                   .name = "time",
                                   .unit = "s",
                                   .help = "since the start" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_Y,
                                   .name = "potential",
                                   .unit = "V",
                                   .help = "of the cell" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_overpotential",
                                   .unit = "mV",
                                   .help = "of the first half cycle" },
                                 { .kind = AS_NEED_RESULT,
                                   .name = "true_event",
                                   .unit = "1",
                                   .help = "half cycle of a short circuit or the end" },
                                 { 0 } };

static double level(const settings *set, int k)
{
    double mv = set->overpotential + set->growth * (k - 1);
    if (set->dying && k >= set->dying) mv += set->dying_growth * (k - set->dying + 1);
    return set->shorted && k >= set->shorted ? mv * set->remains / 100 : mv;
}

static as_status fill(as_ctx *ctx, as_table *t, const settings *set)
{
    as_column *time = as_add_column(ctx, t, "time", AS_ROLE_X, as_unit_of("s"));
    as_column *potential = as_add_column(ctx, t, "potential", AS_ROLE_Y, as_unit_of("V"));
    as_column *current = as_add_column(ctx, t, "current", AS_ROLE_OTHER, as_unit_of("mA"));
    as_column *cycle = as_add_column(ctx, t, "cycle", AS_ROLE_OTHER, AS_UNITLESS);
    as_column *step = as_add_column(ctx, t, "step", AS_ROLE_OTHER, AS_UNITLESS);
    as_column *type = as_add_text(ctx, t, "step_type", AS_ROLE_OTHER);
    as_column *capacity = as_add_column(ctx, t, "capacity", AS_ROLE_OTHER, as_unit_of("mAh"));
    as_random r;
    size_t i = 0;
    if (!time || !potential || !current || !cycle || !step || !type || !capacity) return AS_ERR;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (int k = 1; k <= set->half_cycles; k++) {
        const int sign = k % 2 ? 1 : -1;
        const double hours = set->capacity / set->density;
        for (int p = 0; p < set->points; p++, i++) {
            const double share = (double)p / (set->points - 1);
            const double mv =
                level(set, k) +
                (set->shorted && k >= set->shorted ? 0 : set->nucleation * exp(-25 * share)) +
                set->noise * as_random_normal(&r);
            time->v.f[i] = round(3600e3 * hours * (k - 1 + share)) / 1000;
            potential->v.f[i] = round(sign * mv * 1e3) / 1e6;
            current->v.f[i] = sign * as_round_digits(set->density * set->area, 7);
            cycle->v.f[i] = (k + 1) / 2;
            step->v.f[i] = sign > 0 ? 1 : 2;
            type->v.s[i] = sign > 0 ? "CC Chg" : "CC DChg";
            capacity->v.f[i] = as_round_digits(set->capacity * set->area * share, 7);
        }
    }
    return AS_OK;
}

static as_status truth(as_ctx *ctx, as_table *t, const settings *set)
{
    AS_TRY(as_add_quantity(ctx, t, "cell", "true_overpotential", set->overpotential, 0, "mV", NULL,
                           "truth"));
    if (set->shorted)
        AS_TRY(as_add_quantity(ctx, t, "short circuit", "true_event", set->shorted, 0, "1", NULL,
                               "truth"));
    if (set->dying)
        AS_TRY(as_add_quantity(ctx, t, "dying", "true_event", set->dying, 0, "1", NULL, "truth"));
    return AS_OK;
}

static as_status source(as_run *run)
{
    const settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_table *t = as_table_new(ctx, (size_t)set->half_cycles * (size_t)set->points);
    if (!t) return AS_ERR;
    t->technique = "echem";
    AS_TRY(fill(ctx, t, set));
    AS_TRY(as_say_simulated(ctx, t, "simulate-plating", set->seed, set->stream, set->sample,
                            set->origin));
    AS_TRY(as_set_number(ctx, t, "electrode_area", set->area, NAN, as_unit_of("cm2"), NULL));
    AS_TRY(truth(ctx, t, set));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "a cell whose overpotential doubles, as a curve over time",
      "assay simulate-plating --half-cycles 20 --growth 2mV | assay plot-lines -o plating.svg" },
    { 0 }
};
static const char *const see_also[] = { "plating", "simulate-cycling", NULL };

const as_op as_op_simulate_plating = {
    .name = "simulate-plating",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "simulate plating and stripping in a symmetric cell",
             .description =
                 "Half cycles of alternating current and one overpotential, which may grow, "
                 "collapse with a short "
                 "circuit, or rise as the cell dies; on it the decay of a nucleation peak and "
                 "noise. No physics is in "
                 "it. The metadata say `simulated`; what was put in are results of method `truth`.",
             .examples = examples,
             .see_also = see_also },
};
