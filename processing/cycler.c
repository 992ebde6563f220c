/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charge and energy row by row from what cyclers export: see cycler.h.
 *
 * A cycler writes a row as a step ends; so an interval across a change of step belongs to the new
 * step, and its charge is that of the new current, not of a trapezoid between the two.
 */
#include <math.h>
#include <string.h>

#include "cycler.h"
#include "echem.h"
#include "noise_level.h"

const as_choice as_charge_sources[] = {
    { "auto", AS_CHARGE_AUTO, "the first of those below that is there" },
    { "counters", AS_CHARGE_COUNTERS, "columns charge_capacity and discharge_capacity" },
    { "steps", AS_CHARGE_STEPS, "capacity counted in each step, and a column that names its kind" },
    { "current", AS_CHARGE_CURRENT, "integral of current over time, positive: charge" },
    { "net", AS_CHARGE_NET, "column charge, which rises with charge and falls with discharge" },
    { "capacity", AS_CHARGE_CAPACITY, "one row per cycle with capacity or specific_capacity" },
    { 0 }
};

int as_charge_direction(const char *word)
{
    static const char *const discharge[] = { "dchg", "dch", "disch", "Dis" };
    static const char *const charge[] = { "chg", "charge", "Cha" };
    if (!word) return 0;
    if (strcmp(word, "C") == 0 || as_starts(word, "C_")) return 1; /* Maccor; Landt: C_CC */
    if (strcmp(word, "D") == 0 || as_starts(word, "D_")) return -1;
    for (size_t i = 0; i < sizeof discharge / sizeof *discharge; i++)
        if (as_find_text(word, discharge[i])) return -1;
    for (size_t i = 0; i < sizeof charge / sizeof *charge; i++)
        if (as_find_text(word, charge[i])) return 1;
    return 0;
}

const as_column *as_direction_column(const as_table *t)
{
    static const char *const names[] = { "md",    "step_type", "instruction_name",
                                         "state", "status",    "step_name" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const as_column *c = as_find_name(t, names[i]);
        for (size_t k = 0; c && c->type == AS_TEXT && k < t->rows; k++)
            if (as_charge_direction(c->v.s[k])) return c;
    }
    return NULL;
}

static const as_column *numbers(const as_table *t, const char *name)
{
    const as_column *c = as_find_name(t, name);
    return c && c->type == AS_F64 ? c : NULL;
}

static as_status rooms(as_ctx *ctx, const as_table *t, as_cycler *c)
{
    as_arena *a = as_scratch(ctx);
    double *v = AS_NEW_N(a, double, 6 * t->rows + 1);
    c->of = AS_NEW_N(a, size_t, t->rows + 1);
    if (!v || !c->of) return AS_ERR;
    c->rows = t->rows;
    c->number = v;
    c->count = v + t->rows;
    c->in = v + 2 * t->rows;
    c->out = v + 3 * t->rows;
    c->e_in = v + 4 * t->rows;
    c->e_out = v + 5 * t->rows;
    c->one_row_each = true;
    for (size_t i = 0; i < t->rows; i++) c->of[i] = SIZE_MAX;
    return AS_OK;
}

static void put_row(as_cycler *c, size_t row, double number)
{
    if (!c->n || number != c->number[c->n - 1])
        c->number[c->n++] = number;
    else
        c->one_row_each = false;
    c->of[row] = c->n - 1;
    c->count[c->n - 1]++;
}

static bool left_out(const as_table *t, size_t row)
{
    const as_column *mask = as_find_role(t, AS_ROLE_MASK);
    return mask && mask->type == AS_F64 && mask->v.f[row] > 0;
}

/* Which way the current goes in a row, by its sign or by the kind of the step. */
static double way_of(const as_column *current, const as_column *kind, size_t row)
{
    return current ? current->v.f[row] : as_charge_direction(kind->v.s[row]);
}

/* Without a column of cycles: one begins wherever the current takes its first direction again. */
static as_status count_cycles(as_ctx *ctx, as_table *t, as_cycler *c)
{
    const as_column *current = numbers(t, "current"), *kind = as_direction_column(t);
    bool has_sign = false, turned = false;
    double number = 1, first = 0;
    for (size_t i = 0; current && i < t->rows; i++) has_sign = has_sign || current->v.f[i] < 0;
    if (!has_sign) current = NULL;
    if (!current && !kind)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "no column cycle, and no current whose sign would tell where one begins");
    for (size_t i = 0; i < t->rows; i++) {
        const double way = way_of(current, kind, i);
        if (left_out(t, i)) continue;
        if (isfinite(way) && way != 0 && first == 0) first = way;
        if (isfinite(way) && way * first < 0) turned = true;
        if (isfinite(way) && way * first > 0 && turned) turned = false, number++;
        put_row(c, i, number);
    }
    as_warn(ctx, t, NULL, "no column cycle: %.0f cycles counted by the direction of the current",
            number);
    return AS_OK;
}

/* Rows of one number stand together; a row without one belongs to none. */
static as_status group(as_ctx *ctx, as_table *t, as_cycler *c)
{
    const as_column *cycle = as_find_name(t, "cycle");
    AS_TRY(rooms(ctx, t, c));
    if (!cycle) return count_cycles(ctx, t, c);
    if (cycle->type != AS_F64)
        return as_fail(ctx, AS_E_MISSING, NULL, "column cycle is text, expected numbers");
    for (size_t i = 0; i < t->rows; i++) {
        const double number = cycle->v.f[i];
        if (!isfinite(number) || left_out(t, i)) continue;
        if (c->n && number < c->number[c->n - 1])
            return as_fail(ctx, AS_E_NUMERIC, NULL, "cycle %.6g stands behind cycle %.6g, row %zu",
                           number, c->number[c->n - 1], i + 1);
        put_row(c, i, number);
    }
    if (c->n) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "no row has the number of a cycle");
}

/* mAh, or mAh/g with `specific`. */
static as_status unit_of(as_ctx *ctx, const as_column *c, bool *specific, as_unit *unit)
{
    const as_unit mah = as_unit_of("mAh"), per_gram = as_unit_of("mAh/g");
    *specific = as_unit_same_dimension(&c->unit, &per_gram);
    *unit = *specific ? per_gram : mah;
    if (*specific || as_unit_same_dimension(&c->unit, &mah)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "column %s is in %s, neither charge nor charge per mass",
                   c->name, c->unit.symbol ? c->unit.symbol : "no unit");
}

/* What a counter gains up to each row, whether it goes on or begins again at zero: a fall to less
 * than half is a new begin, and so is any fall where a new step begins. A table of one row per
 * cycle has the gains themselves. */
static void gains(const as_table *t, const as_cycler *c, const as_column *from, const as_unit *unit,
                  double *gain)
{
    const as_column *step = numbers(t, "step");
    double before = NAN, was = NAN;
    for (size_t i = 0; i < c->rows; i++) {
        const double v = as_unit_convert(from->v.f[i], &from->unit, unit);
        gain[i] = 0;
        if (c->of[i] == SIZE_MAX) continue;
        if (c->one_row_each) gain[i] = v;
        if (c->one_row_each || !isfinite(v)) continue;
        const bool fresh = v < before / 2 || (step && step->v.f[i] != was && v < before);
        if (fresh || isfinite(before)) gain[i] = fresh ? v : v - before;
        before = v;
        if (step) was = step->v.f[i];
    }
}

/* Two columns, absolute or per gram; false: they are not there. */
static bool pair_of(const as_table *t, bool specific, const as_column **charge,
                    const as_column **discharge)
{
    static const char *const names[2][2] = { { "charge_capacity", "discharge_capacity" },
                                             { "specific_charge_capacity",
                                               "specific_discharge_capacity" } };
    for (int k = 0; k < 2; k++) {
        const int which = specific ? 1 - k : k;
        *charge = numbers(t, names[which][0]);
        *discharge = numbers(t, names[which][1]);
        if (*charge && *discharge) return true;
    }
    return false;
}

static as_status from_counters(as_ctx *ctx, const as_table *t, bool specific, as_cycler *c)
{
    const as_column *charge, *discharge;
    as_unit unit, other;
    bool also;
    if (!pair_of(t, specific, &charge, &discharge)) {
        charge = as_need_column(ctx, t, "charge_capacity");
        if (!charge || !as_need_column(ctx, t, "discharge_capacity")) return AS_ERR;
        return as_fail(ctx, AS_E_MISSING, NULL, "charge_capacity or discharge_capacity is text");
    }
    AS_TRY(unit_of(ctx, charge, &c->specific, &unit));
    AS_TRY(unit_of(ctx, discharge, &also, &other));
    if (also != c->specific)
        return as_fail(ctx, AS_E_UNIT, NULL,
                       "charge_capacity and discharge_capacity have different units");
    gains(t, c, charge, &unit, c->in);
    gains(t, c, discharge, &unit, c->out);
    c->how = c->one_row_each ? "columns" : "gain_of_counters";
    return AS_OK;
}

static const as_column *capacity_of(const as_table *t, bool specific)
{
    const as_column *a = numbers(t, specific ? "specific_capacity" : "capacity");
    return a ? a : numbers(t, specific ? "capacity" : "specific_capacity");
}

static as_status from_steps(as_ctx *ctx, const as_table *t, bool specific, as_cycler *c)
{
    const as_column *from = capacity_of(t, specific), *kind = as_direction_column(t);
    as_unit unit;
    if (!from || !kind)
        return as_fail(
            ctx, AS_E_MISSING, NULL,
            "no column capacity, or none (md, step_type, state) that tells charge from discharge");
    AS_TRY(unit_of(ctx, from, &c->specific, &unit));
    gains(t, c, from, &unit, c->in);
    for (size_t i = 0; i < c->rows; i++) {
        const int way = as_charge_direction(kind->v.s[i]);
        c->out[i] = way < 0 ? c->in[i] : 0;
        if (way <= 0) c->in[i] = 0;
    }
    c->how = "gain_of_step_counter";
    return AS_OK;
}

/* The current of each row with its sign, in mA; cyclers that write none name the kind of the step.
 */
static as_status signed_current(as_ctx *ctx, const as_table *t, const as_cycler *c, double **out)
{
    const as_column *current = as_need_column(ctx, t, "current"), *kind = as_direction_column(t);
    const as_unit ma = as_unit_of("mA");
    double least = 0;
    if (!current) return AS_ERR;
    if (current->type != AS_F64)
        return as_fail(ctx, AS_E_MISSING, NULL, "column current is text, expected numbers");
    if (!as_unit_same_dimension(&current->unit, &ma))
        return as_fail(ctx, AS_E_UNIT, NULL, "the current is in %s, expected A",
                       current->unit.symbol);
    *out = AS_NEW_N(as_scratch(ctx), double, t->rows + 1);
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        (*out)[i] = as_unit_convert(current->v.f[i], &current->unit, &ma);
        if (c->of[i] != SIZE_MAX) least = fmin(least, (*out)[i]);
    }
    if (least < 0) return AS_OK;
    if (!kind)
        return as_fail(
            ctx, AS_E_NUMERIC, NULL,
            "the current is never negative: its sign does not tell charge from discharge");
    for (size_t i = 0; i < t->rows; i++) (*out)[i] *= as_charge_direction(kind->v.s[i]);
    return AS_OK;
}

static as_status from_current(as_ctx *ctx, const as_table *t, as_cycler *c)
{
    const as_column *time = as_need_column(ctx, t, "time"), *step = numbers(t, "step");
    const as_unit hour = as_unit_of("h");
    double *ma, at = NAN, was = NAN, in_step = NAN;
    AS_TRY(signed_current(ctx, t, c, &ma));
    if (!time) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        const double h = as_unit_convert(time->v.f[i], &time->unit, &hour), now = ma[i];
        c->in[i] = c->out[i] = 0;
        if (c->of[i] == SIZE_MAX || !isfinite(h) || !isfinite(now)) continue;
        if (h < at) return as_fail(ctx, AS_E_NUMERIC, NULL, "time goes back at row %zu", i + 1);
        if (step && step->v.f[i] != in_step) was = now;
        if (isfinite(at)) {
            c->in[i] = (h - at) * (fmax(was, 0) + fmax(now, 0)) / 2;
            c->out[i] = (h - at) * (fmax(-was, 0) + fmax(-now, 0)) / 2;
        }
        at = h;
        was = now;
        if (step) in_step = step->v.f[i];
    }
    c->how = "integral_of_current";
    return AS_OK;
}

static as_status from_net(as_ctx *ctx, const as_table *t, as_cycler *c)
{
    const as_column *from = as_need_column(ctx, t, "charge");
    double before = NAN, least = 0;
    as_unit unit;
    if (!from || from->type != AS_F64)
        return from ? as_fail(ctx, AS_E_MISSING, NULL, "charge is text") : AS_ERR;
    AS_TRY(unit_of(ctx, from, &c->specific, &unit));
    for (size_t i = 0; i < t->rows; i++) {
        const double v = as_unit_convert(from->v.f[i], &from->unit, &unit);
        c->in[i] = c->out[i] = 0;
        if (c->of[i] == SIZE_MAX || !isfinite(v)) continue;
        if (v > before) c->in[i] = v - before;
        if (v < before) c->out[i] = before - v;
        least = fmin(least, -c->out[i]);
        before = v;
    }
    c->how = "net_charge";
    if (least < 0) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL,
                   "the column charge never falls: it is no net charge of cycles");
}

static as_status from_capacity(as_ctx *ctx, const as_table *t, bool specific, as_cycler *c)
{
    const as_column *from = capacity_of(t, specific), *efficiency = numbers(t, "efficiency");
    const as_unit percent = as_unit_of("%");
    as_unit unit;
    if (!from) from = as_need_column(ctx, t, "capacity");
    if (!from) return AS_ERR;
    if (!c->one_row_each)
        return as_fail(
            ctx, AS_E_NUMERIC, NULL,
            "cycles of several rows: a capacity alone does not tell charge from discharge");
    AS_TRY(unit_of(ctx, from, &c->specific, &unit));
    gains(t, c, from, &unit, c->out);
    c->efficiency = efficiency ? AS_NEW_N(as_scratch(ctx), double, t->rows + 1) : NULL;
    if (efficiency && !c->efficiency) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        c->in[i] = NAN;
        if (efficiency)
            c->efficiency[i] = as_unit_convert(efficiency->v.f[i], &efficiency->unit, &percent);
    }
    c->how = "column_capacity_taken_as_discharge";
    return AS_OK;
}

static int choose(const as_table *t, bool specific)
{
    const as_column *a, *b;
    if (pair_of(t, specific, &a, &b)) return AS_CHARGE_COUNTERS;
    if (capacity_of(t, specific) && as_direction_column(t)) return AS_CHARGE_STEPS;
    if (numbers(t, "current") && as_find_name(t, "time")) return AS_CHARGE_CURRENT;
    if (numbers(t, "charge") && !capacity_of(t, specific)) return AS_CHARGE_NET;
    return AS_CHARGE_CAPACITY;
}

/* --- energy -------------------------------------------------------------------------------- */
/* Specific over absolute charge where a file has both; NaN: it has not. */
static double per_gram(const as_table *t, const as_cycler *c, double *work)
{
    const as_column *charge = numbers(t, "charge_capacity");
    const as_unit mah = as_unit_of("mAh");
    double specific = 0, absolute = 0;
    if (!charge || !as_unit_same_dimension(&charge->unit, &mah)) return NAN;
    gains(t, c, charge, &mah, work);
    for (size_t i = 0; i < c->rows; i++)
        if (isfinite(c->in[i]) && isfinite(work[i])) specific += c->in[i], absolute += work[i];
    return specific / absolute;
}

static bool energy_counters(const as_table *t, as_cycler *c)
{
    const as_column *in = numbers(t, "charge_energy"), *out = numbers(t, "discharge_energy");
    const as_unit mwh = as_unit_of("mWh");
    if (!in || !out || !as_unit_same_dimension(&in->unit, &mwh) ||
        !as_unit_same_dimension(&out->unit, &mwh))
        return false;
    const double factor = c->specific ? per_gram(t, c, c->e_in) : 1;
    if (!isfinite(factor)) return false;
    gains(t, c, in, &mwh, c->e_in);
    gains(t, c, out, &mwh, c->e_out);
    for (size_t i = 0; i < c->rows; i++) c->e_in[i] *= factor, c->e_out[i] *= factor;
    c->how_energy = c->one_row_each ? "columns" : "gain_of_counters";
    return true;
}

/* Mean potential of the interval times its charge; across a change of step the potential behind it.
 */
static bool energy_of_charge(const as_table *t, as_cycler *c)
{
    const as_column *potential = numbers(t, "potential"), *step = numbers(t, "step");
    const as_unit volt = as_unit_of("V");
    double before = NAN, was = NAN;
    if (c->one_row_each || !potential || !as_unit_same_dimension(&potential->unit, &volt))
        return false;
    for (size_t i = 0; i < c->rows; i++) {
        const double v = as_unit_convert(potential->v.f[i], &potential->unit, &volt);
        const bool jump = !isfinite(before) || (step && step->v.f[i] != was);
        const double mean = jump ? v : (v + before) / 2;
        c->e_in[i] = c->in[i] > 0 ? mean * c->in[i] : 0;
        c->e_out[i] = c->out[i] > 0 ? mean * c->out[i] : 0;
        if (c->of[i] == SIZE_MAX) continue;
        before = v;
        if (step) was = step->v.f[i];
    }
    c->how_energy = "potential_times_charge";
    return true;
}

as_status as_cycler_of(as_ctx *ctx, as_table *t, int source, bool specific, as_cycler *out)
{
    as_cycler *c = out;
    *c = (as_cycler){ 0 };
    AS_TRY(group(ctx, t, c));
    switch (source == AS_CHARGE_AUTO ? choose(t, specific) : source) {
    case AS_CHARGE_COUNTERS: AS_TRY(from_counters(ctx, t, specific, c)); break;
    case AS_CHARGE_STEPS: AS_TRY(from_steps(ctx, t, specific, c)); break;
    case AS_CHARGE_CURRENT: AS_TRY(from_current(ctx, t, c)); break;
    case AS_CHARGE_NET: AS_TRY(from_net(ctx, t, c)); break;
    default: AS_TRY(from_capacity(ctx, t, specific, c));
    }
    if (!energy_counters(t, c) && !energy_of_charge(t, c)) c->e_in = c->e_out = NULL;
    return AS_OK;
}

/* --- mass and scatter ------------------------------------------------------------------------ */
as_status as_active_mass(as_ctx *ctx, as_table *t, double option, double *grams, double *u)
{
    const as_unit g = as_unit_of("g"), loading_unit = as_unit_of("g/cm2"), cm2 = as_unit_of("cm2");
    const as_meta *m = as_get_meta(t, "active_mass"), *loading = as_get_meta(t, "mass_loading");
    const as_meta *area = as_get_meta(t, "electrode_area");
    *grams = *u = NAN;
    if (option > 0) {
        *grams = option / 1000;
    } else if (m) {
        as_warn_placeholder(ctx, t, m, "mass");
        *grams = as_unit_convert(m->number, &m->unit, &g);
        *u = as_unit_scale(m->u, &m->unit, &g);
    } else if (loading && area) {
        const double per = as_unit_convert(loading->number, &loading->unit, &loading_unit);
        const double size = as_unit_convert(area->number, &area->unit, &cm2);
        const double u_per = as_unit_scale(loading->u, &loading->unit, &loading_unit);
        const double u_size = as_unit_scale(area->u, &area->unit, &cm2);
        *grams = per * size;
        *u = hypot(isfinite(u_per) ? u_per * size : 0, isfinite(u_size) ? u_size * per : 0);
        if (!(*u > 0)) *u = NAN;
    }
    if (isnan(*grams) || *grams > 0) return AS_OK;
    return as_fail(ctx, AS_E_NUMERIC, NULL, "active mass %.4g g: it must be above zero", *grams);
}

double as_neighbour_scatter(as_ctx *ctx, size_t n, const double *v)
{
    double *d = AS_NEW_N(as_scratch(ctx), double, 3 * n + 1);
    size_t m = 0;
    for (size_t i = 0; d && i < n; i++)
        if (isfinite(v[i])) d[m++] = v[i];
    return m < 5 ? NAN : as_noise_level(m, d, d + n);
}
