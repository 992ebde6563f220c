/* SPDX-License-Identifier: GPL-3.0-or-later */
/* simulate-thermal: a heating curve with known losses, for tests of everything else. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "op.h"
#include "thermal_simulate.h"

typedef struct {
    as_texts losses;
    double mass, rate, step;
    as_range range;
    double white, drift, buoyancy;
    double dta, dta_noise;
    double seed, stream;
    const char *sample, *atmosphere, *crucible, *origin;
} simulate_settings;

static const as_param params[] = {
    AS_TEXTS(simulate_settings, losses, "loss", NULL,
             "NAME=KIND,SHARE,ENERGY,DONE,AT: first or zero order, % of the sample, kJ/mol, and "
             "that DONE % of it is gone at AT degC"),
    AS_DOUBLE(simulate_settings, mass, "mass", "10mg", 1e-3, 1e6, "mg", "of the sample"),
    AS_DOUBLE(simulate_settings, rate, "rate", "10K/min", 1e-3, 1000, "K/min", "of heating"),
    AS_RANGE(simulate_settings, range, "range", "30:500", "degC", "of temperature"),
    AS_DOUBLE(simulate_settings, step, "step", "0.5K", 1e-3, 100, "K", "between two points"),
    AS_DOUBLE(simulate_settings, white, "noise", "0.02%", 0, 1, "1", "of one reading of the mass"),
    AS_DOUBLE(simulate_settings, drift, "drift", "0.05", -100, 100, NULL,
              "of the balance, in % of the sample and hour"),
    AS_DOUBLE(simulate_settings, buoyancy, "buoyancy", "0.05%", -1, 1, "1",
              "apparent gain of mass when the gas is all but gone"),
    AS_DOUBLE(simulate_settings, dta, "dta", "0", 0, 1e6, NULL,
              "signal in uV for a loss of 1 %/min, endothermic down; 0: none"),
    AS_DOUBLE(simulate_settings, dta_noise, "dta-noise", "0.02", 0, 1e6, NULL, "of it, in uV"),
    AS_DOUBLE(simulate_settings, seed, "seed", "1", 0, 9e15, NULL, "of the random numbers"),
    AS_DOUBLE(simulate_settings, stream, "stream", "0", 0, 9e15, NULL,
              "of the random numbers: another one for each curve of a set"),
    AS_STRING(simulate_settings, sample, "sample", "", "name of the sample"),
    AS_STRING(simulate_settings, atmosphere, "atmosphere", "N2", "gas over the sample"),
    AS_STRING(simulate_settings, crucible, "crucible", "Al2O3", "pan"),
    AS_STRING(simulate_settings, origin, "origin", "", "where the parameters come from, in words"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_X, .name = "temperature", .unit = "degC",
      .help = "even steps" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_Y, .name = "mass", .unit = "mg", .help = "as weighed" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "time", .unit = "min", .help = "since the start" },
    { .kind = AS_NEED_COLUMN, .role = AS_ROLE_OTHER, .name = "dta", .unit = "uV",
      .help = "with `--dta` only" },
    { .kind = AS_NEED_RESULT, .name = "true_onset", .unit = "degC", .help = "tangent, of each loss alone" },
    { .kind = AS_NEED_RESULT, .name = "true_peak_temperature", .unit = "degC", .help = "of each loss alone" },
    { .kind = AS_NEED_RESULT, .name = "true_mass_loss", .unit = "%", .help = "of each loss" },
    { .kind = AS_NEED_RESULT, .name = "true_temperature_at_loss", .unit = "degC", .help = "of the sum" },
    { 0 }
};

enum { MOST_LOSSES = 16 };
static const double zero_celsius = 273.15;

typedef struct losses {
    size_t n;
    as_loss v[MOST_LOSSES];
    const char *name[MOST_LOSSES];
    double start, end; /* K */
} losses;

/* NAME=KIND,SHARE,ENERGY,DONE,AT */
static as_status loss_of(as_ctx *ctx, const char *text, as_loss *out, const char **name)
{
    const char *equal = strchr(text, '='), *at = equal ? strchr(equal, ',') : NULL;
    double v[4];
    size_t n = 0;
    while (at && n < 4) {
        const char *next = strchr(++at, ',');
        if (!as_read_number(at, next ? (size_t)(next - at) : strlen(at), '.', &v[n])) break;
        n++;
        at = next;
    }
    const bool first = equal && strncmp(equal, "=first,", 7) == 0;
    const bool zero = equal && strncmp(equal, "=zero,", 6) == 0;
    if (n != 4 || at || (!first && !zero) || equal == text)
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "--loss '%s': expected NAME=first,SHARE,ENERGY,DONE,AT or NAME=zero,...", text);
    if (!(v[0] > 0 && v[0] <= 100 && v[1] > 0 && v[1] < 1000 && v[2] > 0 && v[2] < 100))
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "--loss '%s': a share or an energy or a conversion outside its range", text);
    *out = (as_loss){ first ? AS_FIRST_ORDER : AS_ZERO_ORDER, v[0], v[1] * 1000, v[2] / 100,
                      v[3] + zero_celsius };
    *name = as_format(as_scratch(ctx), "%.*s", (int)(equal - text), text);
    return *name ? AS_OK : AS_ERR;
}

static as_status losses_of(as_ctx *ctx, const simulate_settings *set, losses *l)
{
    double sum = 0;
    l->n = set->losses.n;
    l->start = set->range.lo + zero_celsius;
    l->end = set->range.hi + zero_celsius;
    if (!(l->start > 0 && l->end > l->start && l->end < 4000))
        return as_fail(ctx, AS_E_USAGE, NULL, "the range has to be given from a lower to a higher "
                       "temperature, both above 0 K");
    if ((l->end - l->start) / set->step > 1e6)
        return as_fail(ctx, AS_E_LIMIT, NULL, "more than a million steps");
    if (l->n > MOST_LOSSES)
        return as_fail(ctx, AS_E_LIMIT, NULL, "%zu losses, at most %d", l->n, MOST_LOSSES);
    for (size_t i = 0; i < l->n; i++) {
        AS_TRY(loss_of(ctx, set->losses.v[i], &l->v[i], &l->name[i]));
        if (!(l->v[i].at > l->start))
            return as_fail(ctx, AS_E_USAGE, NULL, "loss '%s' begins below the range", l->name[i]);
        sum += l->v[i].share;
    }
    if (sum > 100) return as_fail(ctx, AS_E_USAGE, NULL, "the shares sum to %.6g %%", sum);
    return AS_OK;
}

static as_status metadata(as_ctx *ctx, as_table *t, const simulate_settings *set)
{
    const char *text = as_format(as_scratch(ctx), "assay simulate-thermal, seed %.0f stream %.0f: "
                                 "no measurement", set->seed, set->stream);
    t->technique = "thermal";
    t->label = as_format(t->arena, "%s (simulated)", set->sample ? set->sample : "sample");
    if (!text || !t->label) return AS_ERR;
    AS_TRY(as_set_meta(ctx, t, "simulated", text, NULL, NULL));
    if (set->sample) AS_TRY(as_set_meta(ctx, t, "sample", set->sample, NULL, NULL));
    if (set->origin) AS_TRY(as_set_meta(ctx, t, "comment", set->origin, NULL, NULL));
    if (set->atmosphere) AS_TRY(as_set_meta(ctx, t, "atmosphere", set->atmosphere, NULL, NULL));
    if (set->crucible) AS_TRY(as_set_meta(ctx, t, "crucible", set->crucible, NULL, NULL));
    AS_TRY(as_set_number(ctx, t, "sample_mass", set->mass, NAN, as_unit_of("mg"), NULL));
    return as_set_number(ctx, t, "heating_rate", set->rate, NAN, as_unit_of("K/min"), NULL);
}

static as_status truth(as_ctx *ctx, as_table *t, const losses *l)
{
    static const double percent[] = { 1, 5, 10, 50 };
    for (size_t i = 0; i < l->n; i++) {
        AS_TRY(as_add_quantity(ctx, t, l->name[i], "true_mass_loss", l->v[i].share, 0, "%", NULL,
                               "truth"));
        AS_TRY(as_add_quantity(ctx, t, l->name[i], "true_onset",
                               as_loss_onset(&l->v[i], l->start) - zero_celsius, 0, "degC", NULL,
                               "truth_inflection_tangent_x_zero_of_this_loss"));
        AS_TRY(as_add_quantity(ctx, t, l->name[i], "true_peak_temperature",
                               as_loss_peak(&l->v[i], l->start) - zero_celsius, 0, "degC", NULL,
                               "truth"));
    }
    for (size_t i = 0; i < sizeof percent / sizeof *percent; i++) {
        const double at = as_losses_reach(l->n, l->v, l->start, l->end, percent[i]) - zero_celsius;
        const char *item = as_format(as_scratch(ctx), "%.4g %% loss", percent[i]);
        if (!item) return AS_ERR;
        AS_TRY(as_add_quantity(ctx, t, item, "true_temperature_at_loss", at, 0, "degC",
                               isnan(at) ? "not_reached" : NULL, "truth"));
    }
    return AS_OK;
}

/* Rounded, so that the digits are the same on every machine. */
static void fill(const simulate_settings *set, const losses *l, as_table *t)
{
    const as_balance balance = { 100 * set->white, set->drift, 100 * set->buoyancy };
    as_random r;
    as_random_seed(&r, (uint64_t)set->seed, (uint64_t)set->stream);
    for (size_t i = 0; i < t->rows; i++) {
        const double kelvin = l->start + (double)i * set->step;
        const double minutes = (double)i * set->step / set->rate;
        const double mass = as_losses_mass(l->n, l->v, l->start, kelvin);
        const double seen = as_balance_reading(&balance, &r, mass, l->start, kelvin, minutes / 60);
        t->column[0]->v.f[i] = round((kelvin - zero_celsius) * 1e4) / 1e4;
        t->column[1]->v.f[i] = round(seen * set->mass * 1e3) / 1e5;
        t->column[2]->v.f[i] = round(minutes * 1e6) / 1e6;
        if (t->n_columns < 4) continue;
        const double loss = as_losses_rate(l->n, l->v, l->start, kelvin) * set->rate;
        const double signal = set->dta * loss + set->dta_noise * as_random_normal(&r);
        t->column[3]->v.f[i] = round(signal * 1e4) / 1e4;
    }
}

static as_status source(as_run *run)
{
    const simulate_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    losses l;
    AS_TRY(losses_of(ctx, set, &l));
    as_table *t = as_table_new(ctx, (size_t)floor((l.end - l.start) / set->step + 1e-9) + 1);
    if (!t || !as_add_column(ctx, t, "temperature", AS_ROLE_X, as_unit_of("degC")) ||
        !as_add_column(ctx, t, "mass", AS_ROLE_Y, as_unit_of("mg")) ||
        !as_add_column(ctx, t, "time", AS_ROLE_OTHER, as_unit_of("min")))
        return AS_ERR;
    if (set->dta > 0 && !as_add_column(ctx, t, "dta", AS_ROLE_OTHER, as_unit_of("uV"))) return AS_ERR;
    fill(set, &l, t);
    AS_TRY(metadata(ctx, t, set));
    AS_TRY(truth(ctx, t, &l));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "a solvent that evaporates and a salt that decomposes",
      "assay simulate-thermal --loss solvent=zero,80,55,1.25,100 --loss salt=first,18,250,1,350 "
      "| assay thermal-steps | assay results" },
    { 0 }
};
static const char *const see_also[] = { "thermal-steps", "plot-thermogram", "simulate-xrd", NULL };

const as_op as_op_simulate_thermal = {
    .name = "simulate-thermal",
    .group = "simulation",
    .effect = AS_DERIVES,
    .settings_size = sizeof(simulate_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .source = source,
    .doc = { .summary = "mass of a heated sample that loses stated shares, with noise",
             .description =
                 "Each loss is independent of the others: `first` order, a decomposition, or `zero` "
                 "order, a liquid that evaporates until it is gone, both with an Arrhenius rate. The "
                 "prefactor follows from the conversion DONE at AT, at whatever heating rate. The "
                 "balance adds white noise, a drift and the buoyancy that heating takes away.\n\n"
                 "Data made here are marked with the metadata `simulated`; what was put in are "
                 "results of method `truth`.",
             .examples = examples,
             .see_also = see_also },
};
