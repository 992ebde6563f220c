/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cycling: charge, discharge and energy of every cycle, efficiencies, retention, plateaus and
 * events. */
#include <math.h>
#include <string.h>

#include "cycler.h"
#include "number.h"
#include "op.h"

typedef struct {
    int cell, from;
    double mass, scatter;
    int reference;
    as_ranges plateaus;
    as_texts event;
} cycling_settings;

enum { FULL, HALF, MOST_EVENTS = 32 };

static const as_choice cells[] = {
    { "full", FULL, "discharge over charge of the same cycle: also a cathode against metal" },
    { "half", HALF, "charge over discharge: an anode against metal, taken up first" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(cycling_settings, cell, "cell", "full", cells, "whose coulombic efficiency is meant"),
    AS_CHOICE(cycling_settings, from, "from", "auto", as_charge_sources,
              "where the charge is taken from"),
    AS_DOUBLE(
        cycling_settings, mass, "mass", "0", 0, 1e9, "mg",
        "of active material; 0: active_mass, else mass_loading and electrode_area of the metadata"),
    AS_INT(cycling_settings, reference, "reference", "1", 0, 1000000,
           "cycle that retention refers to"),
    AS_DOUBLE(cycling_settings, scatter, "scatter", "0%", 0, 100, "%",
              "known standard deviation of the capacity of one cycle; 0: from neighbouring cycles"),
    AS_RANGES(cycling_settings, plateaus, "plateaus", "", NULL,
              "cycles whose means are wanted: 1:10,90:100"),
    AS_TEXTS(cycling_settings, event, "event", "",
             "NAME=CYCLE, the first one after it: bent=36; what lies between are "
             "plateaus"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN,
      .name = "cycle",
      .unit = "1",
      .optional = true,
      .help = "number; without it counted by the direction of the current" },
    { .kind = AS_NEED_COLUMN,
      .name = "current",
      .unit = "A",
      .optional = true,
      .help = "positive: charge" },
    { .kind = AS_NEED_COLUMN,
      .name = "time",
      .unit = "s",
      .optional = true,
      .help = "with current" },
    { .kind = AS_NEED_COLUMN,
      .name = "potential",
      .unit = "V",
      .optional = true,
      .help = "for energies" },
    { .kind = AS_NEED_COLUMN, .name = "charge_capacity", .optional = true, .help = "a counter" },
    { .kind = AS_NEED_COLUMN, .name = "discharge_capacity", .optional = true, .help = "a counter" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .name = "cycle", .unit = "1", .help = "one row each" },
    { .kind = AS_NEED_COLUMN,
      .name = "discharge_capacity",
      .unit = "mAh",
      .help = "of the cycle; specific_discharge_capacity where a mass is known" },
    { .kind = AS_NEED_COLUMN,
      .name = "efficiency",
      .unit = "%",
      .help = "by the named convention" },
    { .kind = AS_NEED_COLUMN, .name = "retention", .unit = "%", .help = "of the reference cycle" },
    { .kind = AS_NEED_COLUMN,
      .name = "energy_efficiency",
      .unit = "%",
      .help = "where energies are known" },
    { .kind = AS_NEED_RESULT,
      .name = "capacity_retention",
      .unit = "%",
      .help = "of the last cycle" },
    { 0 }
};

typedef struct cycles {
    size_t n;
    double *number, *charge, *discharge, *efficiency;             /* mAh or mAh/g, % */
    double *charge_energy, *discharge_energy, *energy_efficiency; /* mWh or mWh/g, % */
    bool specific, energies;
    double grams;
    const char *how, *how_energy;
} cycles;

/* Sums over the rows of each cycle; cycles that pass nothing go. */
static as_status sum_up(as_run *run, as_table *t, const as_cycler *r, cycles *c)
{
    const cycling_settings *set = run->settings;
    double *v = AS_NEW_N(as_scratch(run->ctx), double, 7 * r->n + 1);
    if (!v) return AS_ERR;
    double **const column[] = { &c->number,           &c->charge,        &c->discharge,
                                &c->efficiency,       &c->charge_energy, &c->discharge_energy,
                                &c->energy_efficiency };
    for (size_t k = 0; k < 7; k++) *column[k] = v + k * r->n;
    c->specific = r->specific;
    c->energies = r->e_in != NULL;
    c->how = r->how;
    c->how_energy = r->how_energy;
    for (size_t i = 0; i < r->rows; i++) {
        const size_t k = r->of[i];
        if (k == SIZE_MAX) continue;
        c->charge[k] += r->in[i];
        c->discharge[k] += r->out[i];
        c->efficiency[k] = r->efficiency ? r->efficiency[i] : NAN;
        c->charge_energy[k] += r->e_in ? r->e_in[i] : NAN;
        c->discharge_energy[k] += r->e_out ? r->e_out[i] : NAN;
    }
    for (size_t k = 0; k < r->n; k++) {
        const double in = c->charge[k], out = c->discharge[k];
        if (in == 0 && out == 0) continue;
        const bool both = in > 0 && out > 0;
        c->number[c->n] = r->number[k];
        c->charge[c->n] = in;
        c->discharge[c->n] = out;
        c->efficiency[c->n] =
            both ? 100 * (set->cell == FULL ? out / in : in / out) : c->efficiency[k];
        c->charge_energy[c->n] = c->charge_energy[k];
        c->discharge_energy[c->n] = c->discharge_energy[k];
        c->energy_efficiency[c->n] =
            both ? 100 * c->discharge_energy[k] / c->charge_energy[k] : NAN;
        c->n++;
    }
    if (c->n == 0) return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no cycle passes any charge");
    if (c->n < r->n) as_warn(run->ctx, t, NULL, "%zu cycles pass no charge: left out", r->n - c->n);
    return AS_OK;
}

static as_status add_values(as_ctx *ctx, as_table *t, const char *name, as_role role,
                            const char *unit, const double *v, double factor)
{
    as_column *c = as_add_column(ctx, t, name, role, as_unit_of(unit));
    if (!c) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) c->v.f[i] = factor * v[i];
    return AS_OK;
}

static as_status add_energies(as_ctx *ctx, as_table *t, const cycles *c)
{
    const double factor = c->specific ? c->grams : 1; /* absolute where it can be */
    as_column *mean;
    if (!c->energies) return AS_OK;
    if (isfinite(factor)) {
        AS_TRY(add_values(ctx, t, "discharge_energy", AS_ROLE_OTHER, "mWh", c->discharge_energy,
                          factor));
        AS_TRY(add_values(ctx, t, "charge_energy", AS_ROLE_OTHER, "mWh", c->charge_energy, factor));
    }
    AS_TRY(add_values(ctx, t, "energy_efficiency", AS_ROLE_OTHER, "%", c->energy_efficiency, 1));
    mean = as_add_column(ctx, t, "mean_discharge_potential", AS_ROLE_OTHER, as_unit_of("V"));
    if (!mean) return AS_ERR;
    for (size_t i = 0; i < c->n; i++) mean->v.f[i] = c->discharge_energy[i] / c->discharge[i];
    return AS_OK;
}

static as_status add_columns(as_run *run, as_table *t, const cycles *c, size_t reference)
{
    as_ctx *ctx = run->ctx;
    const bool both = !c->specific && isfinite(c->grams);
    AS_TRY(add_values(ctx, t, "cycle", AS_ROLE_X, "1", c->number, 1));
    if (c->specific || both) {
        const double factor = c->specific ? 1 : 1 / c->grams;
        AS_TRY(add_values(ctx, t, "specific_discharge_capacity", AS_ROLE_Y, "mAh/g", c->discharge,
                          factor));
        AS_TRY(add_values(ctx, t, "specific_charge_capacity", AS_ROLE_OTHER, "mAh/g", c->charge,
                          factor));
    }
    if (!c->specific) {
        AS_TRY(add_values(ctx, t, "discharge_capacity", both ? AS_ROLE_OTHER : AS_ROLE_Y, "mAh",
                          c->discharge, 1));
        AS_TRY(add_values(ctx, t, "charge_capacity", AS_ROLE_OTHER, "mAh", c->charge, 1));
    }
    AS_TRY(add_values(ctx, t, "efficiency", AS_ROLE_OTHER, "%", c->efficiency, 1));
    AS_TRY(add_values(ctx, t, "retention", AS_ROLE_OTHER, "%", c->discharge,
                      100 / c->discharge[reference]));
    return add_energies(ctx, t, c);
}

typedef struct mean_of {
    size_t n;
    double mean, u; /* of the scatter */
} mean_of;

static mean_of mean_over(const cycles *c, const double *v, as_range in)
{
    mean_of m = { 0, NAN, NAN };
    double sum = 0, squares = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->number[i] >= in.lo && c->number[i] <= in.hi && isfinite(v[i])) sum += v[i], m.n++;
    if (m.n) m.mean = sum / (double)m.n;
    for (size_t i = 0; i < c->n; i++)
        if (c->number[i] >= in.lo && c->number[i] <= in.hi && isfinite(v[i]))
            squares += (v[i] - m.mean) * (v[i] - m.mean);
    if (m.n > 1) m.u = sqrt(squares / (double)(m.n - 1) / (double)m.n);
    return m;
}

/* Standard uncertainty of value `of` of one cycle of the column v. */
static double single_u(as_run *run, const cycles *c, const double *v, double of)
{
    const cycling_settings *set = run->settings;
    if (set->scatter > 0 && v == c->discharge) return set->scatter / 100 * fabs(of);
    return as_neighbour_scatter(run->ctx, c->n, v);
}

static as_status give_mean(as_run *run, as_table *t, const cycles *c, const char *item,
                           const double *v, as_range in, const char *quantity, const char *unit,
                           double factor, const char *from)
{
    const cycling_settings *set = run->settings;
    mean_of m = mean_over(c, v, in);
    if (m.n == 1) m.u = single_u(run, c, v, m.mean);
    const bool known = set->scatter > 0 && v == c->discharge;
    const char *u = m.n != 1 ? "the_mean" : known ? "known_scatter" : "neighbour_scatter";
    const char *how = as_format(as_scratch(run->ctx), "mean_of_%zu_cycles_%.6g_to_%.6g;u_of_%s;%s",
                                m.n, in.lo, in.hi, u, from);
    return how ? as_add_quantity(run->ctx, t, item, quantity, factor * m.mean, factor * m.u, unit,
                                 m.n ? NULL : "not_detected", how)
               : AS_ERR;
}

static const char *convention_of(const cycling_settings *set, const cycles *c)
{
    if (isnan(c->charge[0])) return "column_efficiency_of_the_file";
    return set->cell == FULL ? "discharge_over_charge;full" : "charge_over_discharge;half";
}

static as_status give_plateau(as_run *run, as_table *t, const cycles *c, const char *item,
                              as_range in)
{
    const bool specific = c->specific || isfinite(c->grams);
    const double factor = c->specific || !specific ? 1 : 1 / c->grams;
    AS_TRY(give_mean(run, t, c, item, c->discharge, in,
                     specific ? "mean_specific_capacity" : "mean_capacity",
                     specific ? "mAh/g" : "mAh", factor, c->how));
    AS_TRY(give_mean(run, t, c, item, c->efficiency, in, "efficiency", "%", 1,
                     convention_of(run->settings, c)));
    if (!c->energies) return AS_OK;
    return give_mean(run, t, c, item, c->energy_efficiency, in, "energy_efficiency", "%", 1,
                     c->how_energy);
}

static as_status event_of(as_ctx *ctx, const char *text, const char **name, double *cycle)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || !as_read_number(equals + 1, strlen(equals + 1), '.', cycle))
        return as_fail(ctx, AS_E_USAGE, NULL, "--event '%s' found, expected NAME=CYCLE", text);
    *name = as_strndup(as_scratch(ctx), text, (size_t)(equals - text));
    return *name ? AS_OK : AS_ERR;
}

/* The plateaus that events part, named by the event before; each with its step from the one before
 * and its share of the first. */
static as_status give_events(as_run *run, as_table *t, const cycles *c)
{
    const cycling_settings *set = run->settings;
    const bool specific = c->specific || isfinite(c->grams);
    const double factor = c->specific || !specific ? 1 : 1 / c->grams;
    double from = c->number[0];
    const char *item = "begin";
    mean_of first = { 0, NAN, NAN }, before = first;
    if (set->event.n > MOST_EVENTS)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "%zu events, expected at most %d", set->event.n,
                       MOST_EVENTS);
    for (size_t k = 0; set->event.n && k <= set->event.n; k++) {
        const char *next = NULL;
        double until = INFINITY;
        if (k < set->event.n) AS_TRY(event_of(run->ctx, set->event.v[k], &next, &until));
        if (!(until > from))
            return as_fail(run->ctx, AS_E_USAGE, NULL,
                           "event %s at cycle %g, expected one above %g", next, until, from);
        const as_range in = { .lo = from, .hi = fmin(until - 1, c->number[c->n - 1]) };
        AS_TRY(give_plateau(run, t, c, item, in));
        const mean_of now = mean_over(c, c->discharge, in);
        if (k > 0) {
            const double share = now.mean / first.mean;
            const double u = fabs(share) * hypot(now.u / now.mean, first.u / first.mean);
            AS_TRY(as_add_quantity(
                run->ctx, t, item, "capacity_step", factor * (now.mean - before.mean),
                factor * hypot(now.u, before.u), specific ? "mAh/g" : "mAh",
                now.n && before.n ? NULL : "not_detected", "mean_minus_mean_of_plateau_before"));
            AS_TRY(as_add_quantity(run->ctx, t, item, "plateau_retention", 100 * share, 100 * u,
                                   "%", now.n && first.n ? NULL : "not_detected",
                                   "mean_over_mean_of_first_plateau"));
        } else {
            first = now;
        }
        before = now;
        from = until;
        item = next;
    }
    return AS_OK;
}

/* Of two single cycles, whose errors are independent. */
static as_status give_retention(as_run *run, as_table *t, const cycles *c, size_t reference,
                                size_t last)
{
    const cycling_settings *set = run->settings;
    as_arena *scratch = as_scratch(run->ctx);
    const double a = c->discharge[last], b = c->discharge[reference];
    const double u_a = single_u(run, c, c->discharge, a), u_b = single_u(run, c, c->discharge, b);
    const double u = last == reference ? 0 : fabs(a / b) * hypot(u_a / a, u_b / b);
    const char *item = as_format(scratch, "cycle %.6g", c->number[last]);
    const char *how = as_format(
        scratch, "discharge_of_cycle_%.6g_over_cycle_%.6g;u_of_%s_scatter;%s", c->number[last],
        c->number[reference], set->scatter > 0 ? "known" : "neighbour", c->how);
    if (!item || !how) return AS_ERR;
    return as_add_quantity(run->ctx, t, item, "capacity_retention", 100 * a / b, 100 * u, "%", NULL,
                           how);
}

static as_status give_results(as_run *run, as_table *t, const cycles *c, size_t reference,
                              size_t last)
{
    const cycling_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const char *first = as_format(as_scratch(ctx), "cycle %.6g", c->number[0]);
    if (!first) return AS_ERR;
    AS_TRY(give_retention(run, t, c, reference, last));
    const char *convention =
        as_format(as_scratch(ctx), "%s;u_of_neighbour_scatter", convention_of(set, c));
    if (!convention) return AS_ERR;
    if (isfinite(c->efficiency[0]))
        AS_TRY(as_add_quantity(ctx, t, first, "efficiency", c->efficiency[0],
                               as_neighbour_scatter(ctx, c->n, c->efficiency), "%", NULL,
                               convention));
    for (size_t k = 0; k < set->plateaus.n; k++) {
        const as_range in = set->plateaus.v[k];
        const char *item = as_format(as_scratch(ctx), "cycles %.6g to %.6g", in.lo, in.hi);
        if (!item) return AS_ERR;
        AS_TRY(give_plateau(run, t, c, item, in));
    }
    return give_events(run, t, c);
}

static as_status series(as_run *run, as_table *owned)
{
    const cycling_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_cycler rows;
    cycles c = { 0 };
    double u;
    size_t reference = 0, last;
    AS_TRY(as_active_mass(ctx, owned, set->mass, &c.grams, &u));
    AS_TRY(as_cycler_of(ctx, owned, set->from, isnan(c.grams), &rows));
    AS_TRY(sum_up(run, owned, &rows, &c));
    while (reference < c.n && c.number[reference] != set->reference) reference++;
    if (reference == c.n || !(c.discharge[reference] > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "cycle %d, the reference, has no discharge in these data", set->reference);
    for (last = c.n - 1; last > 0 && !(c.discharge[last] > 0);) last--;
    as_table *t = as_table_derive(ctx, owned, c.n);
    if (!t) return AS_ERR;
    AS_TRY(as_set_meta(ctx, t, "efficiency_convention",
                       set->cell == FULL ? "discharge over charge" : "charge over discharge", NULL,
                       NULL));
    if (isfinite(c.grams))
        AS_TRY(
            as_set_number(ctx, t, "active_mass", 1000 * c.grams, 1000 * u, as_unit_of("mg"), NULL));
    AS_TRY(add_columns(run, t, &c, reference));
    AS_TRY(give_results(run, t, &c, reference, last));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "capacities and efficiencies of three cycles, and their means",
      "assay cycling --mass 2mg --plateaus 1:3 tests/corpus/echem/cycles.csv | assay results" },
    { "capacities and efficiencies over the cycles",
      "assay cycling --mass 2mg tests/corpus/echem/cycles.csv | assay plot-cycling -o capacities.svg" },
    { "what lies before and behind something that happened at cycle 2",
      "assay cycling --event bent=2 tests/corpus/echem/cycles.csv | assay results --item bent" },
    { 0 }
};
static const char *const see_also[] = { "cycle-curves", "fade", "change-points", "plating", NULL };

const as_op as_op_cycling = {
    .name = "cycling",
    .group = "electrochemistry",
    .effect = AS_DERIVES,
    .settings_size = sizeof(cycling_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "charge, discharge, energy, efficiencies and retention of every cycle",
             .description = "One row per cycle. Charges are what the counters charge_capacity and "
                            "discharge_capacity "
                            "gain in a cycle, whether these begin again at each cycle or not; "
                            "without them what the "
                            "counter of each step gains, charge or discharge as the file names the "
                            "step; else the integral "
                            "of the current, positive for charge (unsigned with the kind of the "
                            "step named); else a "
                            "capacity per cycle, taken as that of the discharge. An interval "
                            "across a change of step has "
                            "the current behind it: cyclers write a row as a step ends. Energies "
                            "are those of counters, "
                            "else potential times charge. Where no column numbers the cycles, one "
                            "begins each time the current takes its first direction again.\n\n"
                            "Coulombic efficiency has two conventions: `full` is discharge over "
                            "charge of the same "
                            "cycle, `half` charge over discharge, for an anode against metal that "
                            "is filled first. Energy "
                            "efficiency is discharge over charge.\n\n"
                            "Retention refers to the cycle *reference*, which is often not the "
                            "first: formation cycles "
                            "come before. Its uncertainty is that of two single cycles, by the "
                            "scatter between "
                            "neighbouring ones, or by `--scatter` where too few are there; that of a "
                            "mean is of its scatter. The mass is in "
                            "neither: it cancels in "
                            "ratios, and an error of it shifts all specific capacities together.",
             .examples = examples,
             .see_also = see_also },
};
