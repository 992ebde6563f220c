/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cycle-curves: potential against capacity of chosen cycles, charge and discharge each from zero.
 */
#include <math.h>

#include "cycler.h"
#include "op.h"

typedef struct {
    as_ranges cycles;
    int half, from;
    double mass;
} curves_settings;

enum { TOGETHER, EACH, CHARGE, DISCHARGE };

static const as_choice halves[] = { { "together", TOGETHER,
                                      "one series per cycle: charge, a gap, discharge" },
                                    { "each", EACH, "a series for each" },
                                    { "charge", CHARGE, "that alone" },
                                    { "discharge", DISCHARGE, "that alone" },
                                    { 0 } };
static const as_param params[] = {
    AS_RANGES(curves_settings, cycles, "cycles", "", "1", "which: 1,100 or 1:10; none: all"),
    AS_CHOICE(curves_settings, half, "half", "together", halves, "what becomes a series"),
    AS_CHOICE(curves_settings, from, "from", "auto", as_charge_sources,
              "where the charge is taken from"),
    AS_DOUBLE(
        curves_settings, mass, "mass", "0", 0, 1e9, "mg",
        "of active material; 0: active_mass, else mass_loading and electrode_area of the metadata"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN,
      .name = "cycle",
      .unit = "1",
      .optional = true,
      .help = "number; without it counted by the direction of the current" },
    { .kind = AS_NEED_COLUMN, .name = "potential", .unit = "V", .help = "of the cell" },
    { 0 }
};
static const as_give gives[] = { { .kind = AS_NEED_ROLE,
                                   .role = AS_ROLE_X,
                                   .help = "capacity, or specific_capacity where a mass is known" },
                                 { .kind = AS_NEED_COLUMN,
                                   .role = AS_ROLE_Y,
                                   .name = "potential",
                                   .unit = "V",
                                   .help = "of the cell" },
                                 { 0 } };

typedef struct curve {
    size_t n;
    double *x, *y;
} curve;

/* Rows of cycle k in which charge of that direction (+1, -1) passes, from zero at the row before
 * the first of them. */
static size_t half_of(const as_cycler *r, const as_column *potential, const double *way, size_t k,
                      int sign, double factor, curve *out)
{
    const size_t begin = out->n;
    const double *passed = sign > 0 ? r->in : r->out;
    double sum = 0;
    for (size_t i = 0; i < r->rows; i++) {
        if (r->of[i] != k) continue;
        const bool runs = passed[i] > 0, starts = way[i] * sign > 0;
        if (!runs && !(starts && sum == 0)) continue;
        sum += runs ? passed[i] : 0;
        out->x[out->n] = factor * sum;
        out->y[out->n++] = potential->v.f[i];
    }
    if (sum > 0) return out->n - begin;
    out->n = begin;
    return 0;
}

/* Which way the current goes in a row: by its sign, or as the file names the step; 0: it does not
 * tell. */
static as_status ways(as_ctx *ctx, const as_table *t, double **out)
{
    const as_column *current = as_find_numbers(t, "current"), *kind = as_direction_column(t);
    *out = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        (*out)[i] = kind ? as_charge_direction(kind->v.s[i]) : 0;
        if (!kind && current && current->type == AS_F64) (*out)[i] = current->v.f[i];
    }
    return AS_OK;
}

typedef struct job {
    as_run *run;
    const as_table *from;
    const as_cycler *rows;
    double grams;
} job;

static as_status emit(const job *j, size_t k, const char *which, const curve *c)
{
    as_ctx *ctx = j->run->ctx;
    const bool specific = j->rows->specific || isfinite(j->grams);
    as_table *t = as_table_derive(ctx, j->from, c->n);
    if (!t) return AS_ERR;
    as_column *x = as_add_column(ctx, t, specific ? "specific_capacity" : "capacity", AS_ROLE_X,
                                 as_unit_of(specific ? "mAh/g" : "mAh"));
    as_column *y =
        as_add_column(ctx, t, "potential", AS_ROLE_Y, as_find_name(j->from, "potential")->unit);
    if (!x || !y) return AS_ERR;
    for (size_t i = 0; i < c->n; i++) x->v.f[i] = c->x[i], y->v.f[i] = c->y[i];
    const double number = j->rows->number[k];
    AS_TRY(as_set_number(ctx, t, "cycle", number, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_set_meta(ctx, t, "half_cycle", which ? which : "charge, discharge", NULL, NULL));
    t->label = as_format(t->arena, "cycle %.6g%s%s", number, which ? " " : "", which ? which : "");
    return t->label ? as_emit(j->run->out, ctx, t) : AS_ERR;
}

static as_status one_cycle(const job *j, const double *way, size_t k, double factor, curve *c)
{
    const curves_settings *set = j->run->settings;
    const as_column *potential = as_find_name(j->from, "potential");
    c->n = 0;
    if (set->half == TOGETHER) {
        const size_t first = half_of(j->rows, potential, way, k, 1, factor, c);
        if (first) c->x[c->n] = c->y[c->n] = NAN, c->n++;
        if (!half_of(j->rows, potential, way, k, -1, factor, c) && first) c->n--;
        return c->n ? emit(j, k, NULL, c) : AS_OK;
    }
    for (int sign = 1; sign >= -1; sign -= 2) {
        c->n = 0;
        if (set->half == (sign > 0 ? DISCHARGE : CHARGE)) continue;
        if (half_of(j->rows, potential, way, k, sign, factor, c))
            AS_TRY(emit(j, k, sign > 0 ? "charge" : "discharge", c));
    }
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const curves_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_cycler rows;
    double grams, u, *way;
    curve c = { 0 };
    const as_column *potential = as_need_column(ctx, owned, "potential");
    if (!potential) return AS_ERR;
    AS_TRY(as_active_mass(ctx, owned, set->mass, &grams, &u));
    AS_TRY(as_cycler_of(ctx, owned, set->from, isnan(grams), &rows));
    if (rows.one_row_each || potential->type != AS_F64)
        return as_fail(ctx, AS_E_NUMERIC, NULL,
                       "one row per cycle: there is no curve of potentials in it");
    AS_TRY(ways(ctx, owned, &way));
    c.x = AS_NEW_N(as_scratch(ctx), double, 2 * (owned->rows + 2));
    if (!c.x) return AS_ERR;
    c.y = c.x + owned->rows + 2;
    const job j = { run, owned, &rows, grams };
    const double factor = rows.specific || isnan(grams) ? 1 : 1 / grams;
    size_t wanted = 0;
    for (size_t k = 0; k < rows.n; k++) {
        if (set->cycles.n && !as_in_ranges(&set->cycles, rows.number[k])) continue;
        wanted++;
        AS_TRY(one_cycle(&j, way, k, factor, &c));
    }
    if (wanted) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "none of the wanted cycles is here: they go from %.6g to %.6g", rows.number[0],
                   rows.number[rows.n - 1]);
}

static const as_example examples[] = {
    { "charge and discharge of the second cycle",
      "assay cycle-curves --cycles 2 --mass 2mg tests/corpus/echem/cycles.csv" },
    { 0 }
};
static const char *const see_also[] = { "cycling", "incremental-capacity", "plot-lines", NULL };

const as_op as_op_cycle_curves = {
    .name = "cycle-curves",
    .group = "electrochemistry",
    .effect = AS_DERIVES,
    .settings_size = sizeof(curves_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "potential against capacity of chosen cycles",
             .description = "Each cycle becomes a series, or its charge and its discharge do. "
                            "Charge is taken from the file as "
                            "`cycling` does, and counted from zero in each half cycle. Rows at "
                            "rest are left out. The metadata "
                            "`cycle` and `half_cycle` say which it is.",
             .examples = examples,
             .see_also = see_also },
};
