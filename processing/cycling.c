/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cycling: charge and discharge of every cycle, their efficiency, retention and plateaus. */
#include <math.h>

#include "curve.h"
#include "echem.h"
#include "op.h"

typedef struct {
    int cell, from;
    double mass;
    int reference;
    as_ranges plateaus;
} cycling_settings;

enum { FULL, HALF };
enum { AUTO, COUNTERS, CURRENT, CAPACITY };

static const as_choice cells[] = {
    { "full", FULL, "discharge over charge of the same cycle: also a cathode against metal" },
    { "half", HALF, "charge over discharge: an anode against metal, taken up first" },
    { 0 }
};
static const as_choice sources[] = {
    { "auto", AUTO, "counters if both are there, else current, else capacity" },
    { "counters", COUNTERS, "columns charge_capacity and discharge_capacity" },
    { "current", CURRENT, "integral of current over time, positive: charge" },
    { "capacity", CAPACITY, "one row per cycle with capacity or specific_capacity" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(cycling_settings, cell, "cell", "full", cells, "whose coulombic efficiency is meant"),
    AS_CHOICE(cycling_settings, from, "from", "auto", sources, "where the charge is taken from"),
    AS_DOUBLE(cycling_settings, mass, "mass", "0", 0, 1e9, "mg",
              "of active material; 0: active_mass of the metadata"),
    AS_INT(cycling_settings, reference, "reference", "1", 0, 1000000, "cycle that retention refers to"),
    AS_RANGES(cycling_settings, plateaus, "plateaus", "", NULL, "cycles whose means are wanted: 1:10,90:100"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "cycle", .unit = "1", .help = "number" },
    { .kind = AS_NEED_COLUMN, .name = "current", .unit = "A", .optional = true, .help = "positive: charge" },
    { .kind = AS_NEED_COLUMN, .name = "time", .unit = "s", .optional = true, .help = "with current" },
    { .kind = AS_NEED_COLUMN, .name = "charge_capacity", .optional = true, .help = "a counter" },
    { .kind = AS_NEED_COLUMN, .name = "discharge_capacity", .optional = true, .help = "a counter" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_COLUMN, .name = "cycle", .unit = "1", .help = "one row each" },
    { .kind = AS_NEED_COLUMN, .name = "discharge_capacity", .unit = "mAh",
      .help = "of the cycle; specific_discharge_capacity where a mass is known" },
    { .kind = AS_NEED_COLUMN, .name = "efficiency", .unit = "%", .help = "by the named convention" },
    { .kind = AS_NEED_COLUMN, .name = "retention", .unit = "%", .help = "of the reference cycle" },
    { .kind = AS_NEED_RESULT, .name = "capacity_retention", .unit = "%", .help = "of the last cycle" },
    { 0 }
};

typedef struct cycles {
    size_t n;
    double *number, *rows, *charge, *discharge, *efficiency; /* mAh or mAh/g, % */
    size_t *of;                                              /* row -> cycle, or n */
    bool specific;
    const char *how;
} cycles;

/* Rows of one number stand together; a row without one belongs to none. */
static as_status group(as_run *run, const as_table *t, cycles *c)
{
    const as_column *cycle = as_need_column(run->ctx, t, "cycle"), *mask = as_find_role(t, AS_ROLE_MASK);
    as_arena *a = as_scratch(run->ctx);
    double *v = AS_NEW_N(a, double, 5 * t->rows + 1);
    c->of = AS_NEW_N(a, size_t, t->rows + 1);
    if (!cycle || !v || !c->of) return AS_ERR;
    c->number = v;
    c->rows = v + t->rows;
    c->charge = v + 2 * t->rows;
    c->discharge = v + 3 * t->rows;
    c->efficiency = v + 4 * t->rows;
    c->n = 0;
    for (size_t i = 0; i < t->rows; i++) {
        const double number = cycle->v.f[i];
        c->of[i] = SIZE_MAX;
        if (!isfinite(number) || (mask && mask->type == AS_F64 && mask->v.f[i] > 0)) continue;
        if (!c->n || number != c->number[c->n - 1]) {
            if (c->n && number < c->number[c->n - 1])
                return as_fail(run->ctx, AS_E_NUMERIC, NULL, "cycle %.6g stands behind cycle %.6g, row %zu",
                               number, c->number[c->n - 1], i + 1);
            c->rows[c->n] = c->charge[c->n] = c->discharge[c->n] = 0;
            c->efficiency[c->n] = NAN;
            c->number[c->n++] = number;
        }
        c->of[i] = c->n - 1;
        c->rows[c->n - 1]++;
    }
    if (c->n) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL, "no row has the number of a cycle");
}

static bool one_row_each(const cycles *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->rows[i] != 1) return false;
    return true;
}

/* mAh, or mAh/g with `specific`. */
static as_status unit_of(as_run *run, const as_column *c, bool *specific, as_unit *unit)
{
    const as_unit mah = as_unit_of("mAh"), per_gram = as_unit_of("mAh/g");
    *specific = as_unit_same_dimension(&c->unit, &per_gram);
    *unit = *specific ? per_gram : mah;
    if (*specific || as_unit_same_dimension(&c->unit, &mah)) return AS_OK;
    return as_fail(run->ctx, AS_E_UNIT, NULL, "column %s is in %s, neither charge nor charge per mass", c->name,
                   c->unit.symbol ? c->unit.symbol : "no unit");
}

/* What a counter gains in each cycle, whether it goes on or begins again at zero: a fall to less
 * than half is a new begin. A table of one row per cycle has the gains themselves. */
static as_status add_counter(as_run *run, const as_column *from, const cycles *c, size_t rows, double *gain,
                             bool *specific)
{
    as_unit unit;
    double before = NAN;
    const bool plain = one_row_each(c);
    AS_TRY(unit_of(run, from, specific, &unit));
    for (size_t i = 0; i < rows; i++) {
        const double v = as_unit_convert(from->v.f[i], &from->unit, &unit);
        if (c->of[i] == SIZE_MAX || !isfinite(v)) continue;
        if (plain || v < before / 2)
            gain[c->of[i]] += v;
        else if (isfinite(before))
            gain[c->of[i]] += v - before;
        before = v;
    }
    return AS_OK;
}

static as_status from_counters(as_run *run, const as_table *t, cycles *c)
{
    const as_column *charge = as_need_column(run->ctx, t, "charge_capacity");
    const as_column *discharge = as_need_column(run->ctx, t, "discharge_capacity");
    bool specific;
    if (!charge || !discharge) return AS_ERR;
    AS_TRY(add_counter(run, charge, c, t->rows, c->charge, &specific));
    AS_TRY(add_counter(run, discharge, c, t->rows, c->discharge, &c->specific));
    c->how = one_row_each(c) ? "columns" : "gain_of_counters";
    if (specific == c->specific) return AS_OK;
    return as_fail(run->ctx, AS_E_UNIT, NULL, "charge_capacity and discharge_capacity have different units");
}

/* Trapezoids of the positive and of the negative current; a step belongs to the cycle it ends in. */
static as_status from_current(as_run *run, const as_table *t, cycles *c)
{
    const as_column *current = as_need_column(run->ctx, t, "current"), *time = as_need_column(run->ctx, t, "time");
    const as_unit ma = as_unit_of("mA"), hour = as_unit_of("h");
    double at = NAN, was = NAN, least = 0;
    if (!current || !time) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const double h = as_unit_convert(time->v.f[i], &time->unit, &hour);
        const double now = as_unit_convert(current->v.f[i], &current->unit, &ma);
        if (c->of[i] == SIZE_MAX || !isfinite(h) || !isfinite(now)) continue;
        if (h < at)
            return as_fail(run->ctx, AS_E_NUMERIC, NULL, "time goes back at row %zu", i + 1);
        if (isfinite(at)) {
            c->charge[c->of[i]] += (h - at) * (fmax(was, 0) + fmax(now, 0)) / 2;
            c->discharge[c->of[i]] += (h - at) * (fmax(-was, 0) + fmax(-now, 0)) / 2;
        }
        at = h;
        was = now;
        least = fmin(least, now);
    }
    c->how = "integral_of_current";
    c->specific = false;
    if (least < 0) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                   "the current is never negative: its sign does not tell charge from discharge");
}

static as_status from_capacity(as_run *run, const as_table *t, cycles *c)
{
    const as_column *from = as_find_name(t, "specific_capacity"), *efficiency = as_find_name(t, "efficiency");
    const as_unit percent = as_unit_of("%");
    if (!from) from = as_need_column(run->ctx, t, "capacity");
    if (!from) return AS_ERR;
    if (!one_row_each(c))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "cycles of several rows: a capacity alone does not tell charge from discharge");
    AS_TRY(add_counter(run, from, c, t->rows, c->discharge, &c->specific));
    for (size_t i = 0; i < t->rows; i++) {
        if (c->of[i] == SIZE_MAX) continue;
        c->charge[c->of[i]] = NAN;
        if (!isfinite(from->v.f[i])) c->discharge[c->of[i]] = NAN;
        if (efficiency && efficiency->type == AS_F64)
            c->efficiency[c->of[i]] = as_unit_convert(efficiency->v.f[i], &efficiency->unit, &percent);
    }
    c->how = "column_capacity_taken_as_discharge";
    return AS_OK;
}

static as_status charges_of(as_run *run, const as_table *t, cycles *c)
{
    const cycling_settings *set = run->settings;
    int from = set->from;
    AS_TRY(group(run, t, c));
    if (from == AUTO && as_find_name(t, "charge_capacity") && as_find_name(t, "discharge_capacity"))
        from = COUNTERS;
    if (from == AUTO && as_find_name(t, "current") && as_find_name(t, "time")) from = CURRENT;
    if (from == COUNTERS) return from_counters(run, t, c);
    if (from == CURRENT) return from_current(run, t, c);
    return from_capacity(run, t, c);
}

/* Efficiencies by the convention; cycles that pass nothing go. */
static void finish_cycles(as_run *run, as_table *t, cycles *c)
{
    const cycling_settings *set = run->settings;
    size_t kept = 0;
    for (size_t i = 0; i < c->n; i++) {
        const double in = c->charge[i], out = c->discharge[i];
        if (in == 0 && out == 0) continue;
        const double ratio = set->cell == FULL ? out / in : in / out;
        c->number[kept] = c->number[i];
        c->charge[kept] = in;
        c->discharge[kept] = out;
        c->efficiency[kept++] = in > 0 && out > 0 ? 100 * ratio : c->efficiency[i];
    }
    if (kept < c->n) as_warn(run->ctx, t, NULL, "%zu cycles pass no charge: left out", c->n - kept);
    c->n = kept;
}

static as_status mass_of(as_run *run, as_table *t, double *grams)
{
    const cycling_settings *set = run->settings;
    const as_unit g = as_unit_of("g");
    const as_meta *m = as_get_meta(t, "active_mass");
    if (m && !(set->mass > 0)) as_warn_placeholder(run->ctx, t, m, "mass");
    *grams = set->mass > 0 ? set->mass / 1000 : m ? as_unit_convert(m->number, &m->unit, &g) : NAN;
    if (isnan(*grams) || *grams > 0) return AS_OK;
    return as_fail(run->ctx, AS_E_NUMERIC, NULL, "active mass %.4g g: it must be above zero", *grams);
}

static as_status add_values(as_ctx *ctx, as_table *t, const char *name, as_role role, const char *unit,
                            const double *v, double factor)
{
    as_column *c = as_add_column(ctx, t, name, role, as_unit_of(unit));
    if (!c) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) c->v.f[i] = factor * v[i];
    return AS_OK;
}

static as_status add_columns(as_run *run, as_table *t, const cycles *c, double grams, size_t reference)
{
    as_ctx *ctx = run->ctx;
    const bool both = !c->specific && isfinite(grams);
    AS_TRY(add_values(ctx, t, "cycle", AS_ROLE_X, "1", c->number, 1));
    if (c->specific || both) {
        const double factor = c->specific ? 1 : 1 / grams;
        AS_TRY(add_values(ctx, t, "specific_discharge_capacity", AS_ROLE_Y, "mAh/g", c->discharge, factor));
        AS_TRY(add_values(ctx, t, "specific_charge_capacity", AS_ROLE_OTHER, "mAh/g", c->charge, factor));
    }
    if (!c->specific) {
        AS_TRY(add_values(ctx, t, "discharge_capacity", both ? AS_ROLE_OTHER : AS_ROLE_Y, "mAh", c->discharge, 1));
        AS_TRY(add_values(ctx, t, "charge_capacity", AS_ROLE_OTHER, "mAh", c->charge, 1));
    }
    AS_TRY(add_values(ctx, t, "efficiency", AS_ROLE_OTHER, "%", c->efficiency, 1));
    return add_values(ctx, t, "retention", AS_ROLE_OTHER, "%", c->discharge, 100 / c->discharge[reference]);
}

static as_status give_mean(as_run *run, as_table *t, const cycles *c, const double *v, as_range in,
                           const char *quantity, const char *unit, double factor, const char *from)
{
    double sum = 0, squares = 0;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->number[i] >= in.lo && c->number[i] <= in.hi && isfinite(v[i])) sum += v[i], n++;
    for (size_t i = 0; i < c->n; i++)
        if (c->number[i] >= in.lo && c->number[i] <= in.hi && isfinite(v[i]))
            squares += (v[i] - sum / (double)n) * (v[i] - sum / (double)n);
    const char *item = as_format(as_scratch(run->ctx), "cycles %.6g to %.6g", in.lo, in.hi);
    const char *how = as_format(as_scratch(run->ctx), "mean_of_%zu_cycles;u_of_the_mean;%s", n, from);
    if (!item || !how) return AS_ERR;
    const double u = n > 1 ? sqrt(squares / (double)(n - 1) / (double)n) : NAN;
    return as_add_quantity(run->ctx, t, item, quantity, factor * sum / (double)n, factor * u, unit,
                           n ? NULL : "not_detected", how);
}

static as_status give_results(as_run *run, as_table *t, const cycles *c, double grams, size_t reference,
                              size_t last)
{
    const cycling_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const bool specific = c->specific || isfinite(grams);
    const double factor = c->specific || !isfinite(grams) ? 1 : 1 / grams;
    const char *capacity = specific ? "mean_specific_capacity" : "mean_capacity";
    const char *convention = set->cell == FULL ? "discharge_over_charge;full" : "charge_over_discharge;half";
    const char *how = as_format(as_scratch(ctx), "discharge_of_cycle_%.6g_over_cycle_%.6g;%s", c->number[last],
                                c->number[reference], c->how);
    const char *item = as_format(as_scratch(ctx), "cycle %.6g", c->number[last]);
    const char *first = as_format(as_scratch(ctx), "cycle %.6g", c->number[0]);
    if (!how || !item || !first) return AS_ERR;
    if (set->from == CAPACITY || isnan(c->charge[0])) convention = "column_efficiency_of_the_file";
    AS_TRY(as_add_quantity(ctx, t, item, "capacity_retention", 100 * c->discharge[last] / c->discharge[reference],
                           NAN, "%", NULL, how));
    if (isfinite(c->efficiency[0]))
        AS_TRY(as_add_quantity(ctx, t, first, "efficiency", c->efficiency[0], NAN, "%", NULL, convention));
    for (size_t k = 0; k < set->plateaus.n; k++) {
        const as_range in = set->plateaus.v[k];
        AS_TRY(give_mean(run, t, c, c->discharge, in, capacity, specific ? "mAh/g" : "mAh", factor, c->how));
        AS_TRY(give_mean(run, t, c, c->efficiency, in, "efficiency", "%", 1, convention));
    }
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const cycling_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    cycles c;
    double grams;
    size_t reference = 0, last;
    AS_TRY(charges_of(run, owned, &c));
    finish_cycles(run, owned, &c);
    AS_TRY(mass_of(run, owned, &grams));
    while (reference < c.n && c.number[reference] != set->reference) reference++;
    if (reference == c.n || !(c.discharge[reference] > 0))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "cycle %d, the reference, has no discharge in these data",
                       set->reference);
    for (last = c.n - 1; last > 0 && !(c.discharge[last] > 0);) last--;
    as_table *t = as_table_derive(ctx, owned, c.n);
    if (!t) return AS_ERR;
    AS_TRY(as_set_meta(ctx, t, "efficiency_convention",
                       set->cell == FULL ? "discharge over charge" : "charge over discharge", NULL, NULL));
    AS_TRY(add_columns(run, t, &c, grams, reference));
    AS_TRY(give_results(run, t, &c, grams, reference, last));
    return as_emit(run->out, ctx, t);
}

static const as_example examples[] = {
    { "capacities and efficiencies of three cycles, and their means",
      "assay cycling --mass 2mg --plateaus 1:3 tests/corpus/echem/cycles.csv | assay results" },
    { 0 }
};
static const char *const see_also[] = { "results", "lsv-window", NULL };

const as_op as_op_cycling = {
    .name = "cycling",
    .group = "electrochemistry",
    .effect = AS_DERIVES,
    .settings_size = sizeof(cycling_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "charge, discharge, efficiency and retention of every cycle",
             .description =
                 "One row per cycle. Charges are what the counters charge_capacity and discharge_capacity "
                 "gain in a cycle, whether these begin again at each cycle or not; without them the "
                 "integral of the current, positive for charge; without that a capacity per cycle, taken as "
                 "that of the discharge.\n\n"
                 "Coulombic efficiency has two conventions: `full` is discharge over charge of the same "
                 "cycle, `half` charge over discharge, for an anode against metal that is filled first. "
                 "Retention refers to the cycle *reference*, which is often not the first: formation cycles "
                 "come before. The uncertainty of a mean is that of its scatter; the mass is not in it.",
             .examples = examples,
             .see_also = see_also },
};
