/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes, rates and names of thermal analysis. */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "diffraction.h"
#include "encoding.h"
#include "number.h"
#include "spectrum.h"
#include "text_end.h"
#include "thermal.h"

static const as_alias aliases[] = {
    { "index", "index", NULL, 0, false },
    { "ts", "temperature", "degC", 0, false },
    { "sample", "temperature", "degC", 0, false },
    { "sampletemperature", "temperature", "degC", 0, false },
    { "tr", "program_temperature", "degC", 0, false },
    { "programtemperature", "program_temperature", "degC", 0, false },
    { "furnace", "furnace_temperature", "degC", 0, false },
    { "furnacetemperature", "furnace_temperature", "degC", 0, false },
    { "gasflowpurge1", "gas_flow_purge1", "mL/min", 0, false },
    { "gasflowpurge2", "gas_flow_purge2", "mL/min", 0, false },
    { "gasflowprotective", "gas_flow_protective", "mL/min", 0, false },
    { "sensit", "sensitivity", "uV/mW", 0, false },
    { "relchangeinlength", "length_change", NULL, 0, false },
    { "dllo", "length_change", NULL, 0, false },
    { "dll0", "length_change", NULL, 0, false },
    { "heatflownormalized", "specific_heat_flow", NULL, 0, false },
    { "temperaturedifference", "dta", NULL, 0, false },
    { "segment", "segment", "1", 0, false },
    { "zeit", "time", NULL, 0, false }, /* Proteus in German */
    { "masse", "mass", NULL, 0, false },
    { "ddk", "dsc", NULL, 0, false },
    { "gasflussspulgas1", "gas_flow_purge1", "mL/min", 0, false },
    { "gasflussspulgas2", "gas_flow_purge2", "mL/min", 0, false },
    { "gasflussschutzgas", "gas_flow_protective", "mL/min", 0, false },
};
const as_names as_thermal_names = { AS_COUNT(aliases), aliases };

/* --- axes ---------------------------------------------------------------------------- */
static const char *const signals[] = { "mass_fraction", "mass", "mass_change", "dsc",
                                       "specific_heat_flow", "heat_flow", "dta", "length_change",
                                       "ion_current", "partial_pressure", "weight" };

/* A signal that was not recorded stands at one value. */
static bool is_still(const as_column *c, size_t n)
{
    for (size_t i = 1; i < n && c->type == AS_F64; i++)
        if (c->v.f[i] != c->v.f[0]) return false;
    return true;
}

/* A modulus, a heat capacity, a reversing heat flow: the first column that moves and is neither a
 * temperature nor a condition of the run. NULL: there is none. */
static as_column *find_other(const as_table *t)
{
    static const char *const conditions[] = { "temperature", "time", "index", "segment", "gas_flow",
                                              "purge", "sensit", "point", "cycle" };
    for (size_t i = 0; i < t->n_columns; i++) {
        as_column *c = t->column[i];
        bool condition = c->type != AS_F64 || is_still(c, t->rows);
        for (size_t k = 0; k < AS_COUNT(conditions) && !condition; k++)
            condition = strstr(c->name, conditions[k]) != NULL;
        if (!condition) return c;
    }
    return NULL;
}

/* The first column of masses that move, else of the other signals in their order, else any. */
static as_column *find_signal(const as_table *t)
{
    as_column *still = NULL;
    for (size_t i = 0; i < t->n_columns; i++)
        for (size_t k = 0; k < 2; k++) {
            if (strcmp(t->column[i]->name, signals[k]) != 0) continue;
            if (!is_still(t->column[i], t->rows)) return t->column[i];
            still = still ? still : t->column[i];
        }
    for (size_t k = 2; k < AS_COUNT(signals); k++) {
        as_column *c = as_find_name(t, signals[k]);
        if (c && !is_still(c, t->rows)) return c;
        still = still ? still : c;
    }
    return still ? still : find_other(t);
}

/* Largest step back of v against its way up (sign 1) or down (sign -1). */
static double step_back(const double *v, size_t n, double sign)
{
    double most = -HUGE_VAL, back = 0;
    for (size_t i = 0; i < n; i++) {
        const double at = sign * v[i];
        if (isnan(at)) continue;
        most = fmax(most, at);
        back = fmax(back, most - at);
    }
    return back;
}

bool as_goes_one_way(const as_column *c, size_t n)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, c->v.f[i]); /* NaN is passed over */
        high = fmax(high, c->v.f[i]);
    }
    const double limit = fmax(5, 0.02 * (high - low));
    if (!(high - low > limit)) return false;
    return fmin(step_back(c->v.f, n, 1), step_back(c->v.f, n, -1)) <= limit;
}

as_status as_thermal_axes(as_ctx *ctx, as_table *t, const as_where *where)
{
    as_column *temperature = as_find_name(t, "temperature"), *time = as_find_name(t, "time");
    as_column *y = find_signal(t);
    if (temperature && temperature->type != AS_F64) temperature = NULL;
    if (time && time->type != AS_F64) time = NULL;
    if (!y || y->type != AS_F64 || (!temperature && !time))
        return as_fail(ctx, AS_E_MISSING, where,
                       "no column of %s, expected one with a temperature or a time",
                       y ? "temperature" : "mass or heat flow");
    as_column *x = temperature && (!time || as_goes_one_way(temperature, t->rows)) ? temperature : time;
    x->role = AS_ROLE_X;
    y->role = AS_ROLE_Y;
    return AS_OK;
}

void as_hold_against_time(as_table *t)
{
    as_column *x = as_find_role(t, AS_ROLE_X), *time = as_find_name(t, "time");
    if (!x || !time || x->type != AS_F64 || time->type != AS_F64 || strcmp(x->name, "temperature") != 0) return;
    bool up = true, down = true;
    for (size_t i = 1; i < t->rows; i++) {
        up = up && x->v.f[i] >= x->v.f[i - 1];
        down = down && x->v.f[i] <= x->v.f[i - 1];
        if (!(time->v.f[i] >= time->v.f[i - 1])) return;
    }
    if (up != down || as_goes_one_way(x, t->rows) || time->role != AS_ROLE_OTHER) return;
    x->role = AS_ROLE_OTHER;
    time->role = AS_ROLE_X;
}

/* --- rates ---------------------------------------------------------------------------- */
/* The number that ends before text[end], blanks, brackets and degree signs aside. */
static bool number_before(const char *text, size_t end, double *out)
{
    while (end > 0 && !(text[end - 1] >= '0' && text[end - 1] <= '9')) {
        if (text[end - 1] == '/' || text[end - 1] == ';') return false;
        end--;
    }
    size_t from = end;
    while (from > 0 && strchr("0123456789.,", text[from - 1])) from--;
    const size_t n = end - from;
    return as_read_number(text + from, n, memchr(text + from, ',', n) ? ',' : '.', out);
}

void as_rate_in(as_rate *r, const char *text)
{
    for (const char *at = text; (at = strstr(at, "/min")) != NULL; at++) {
        double value;
        if (at == text || (at[-1] != 'K' && at[-1] != 'C')) continue;
        if (!number_before(text, (size_t)(at - text) - 1, &value)) continue;
        if (r->value != 0 && r->value != value) r->several = true;
        r->value = value;
    }
}

as_status as_programme_in(as_ctx *ctx, as_rate *r, const char *step)
{
    as_rate_in(r, step);
    r->programme = r->programme ? as_format(as_scratch(ctx), "%s; %s", r->programme, step) : step;
    return r->programme ? AS_OK : AS_ERR;
}

as_status as_set_atmosphere(as_ctx *ctx, as_table *t, const char *text, const as_where *from)
{
    const as_unit expected = as_unit_of("mL/min");
    as_unit unit;
    double flow;
    size_t n = strlen(text);
    const char *digit = text;
    for (digit = strpbrk(text, "0123456789"); digit; digit = strpbrk(digit + 1, "0123456789"))
        if (digit > text && digit[-1] == ' ') break;
    if (digit) {
        const size_t used = as_scan_number(digit, strlen(digit), '.', &flow);
        const char *behind = as_trim(as_scratch(ctx), digit + used, strlen(digit + used));
        if (!behind) return AS_ERR;
        AS_TRY(as_unit_parse(ctx, t->arena, behind, &unit));
        if (*behind && !unit.opaque && as_unit_same_dimension(&unit, &expected)) {
            AS_TRY(as_set_number(ctx, t, "gas_flow", flow, NAN, unit, from));
            n = (size_t)(digit - text);
        }
    }
    while (n > 0 && strchr(" ,", text[n - 1])) n--;
    if (n > 3 && n < strlen(text) && memcmp(text + n - 3, " at", 3) == 0) n -= 3;
    const char *gas = as_trim(as_scratch(ctx), text, n);
    return gas ? as_set_text(ctx, t, "atmosphere", gas, from) : AS_ERR;
}

as_status as_set_rate(as_ctx *ctx, as_table *t, const as_rate *r, const as_where *from)
{
    AS_TRY(as_set_text(ctx, t, "programme", r->programme, from));
    if (r->value == 0 || r->several) return AS_OK;
    return as_set_number(ctx, t, "heating_rate", r->value, NAN, as_unit_of("K/min"), from);
}

/* --- texts ------------------------------------------------------------------- */
as_status as_western_text(as_parse *job)
{
    const as_input *in = job->in;
    unsigned char *data;
    size_t size;
    if (!in->encoding || !as_same(in->encoding, "Shift_JIS")) return AS_OK;
    const as_encoding western = { .name = "windows-1252" };
    AS_TRY(as_decode(job->ctx, as_scratch(job->ctx), western, in->raw, in->raw_size, &data, &size));
    return as_input_of_bytes(job->ctx, in->name, data, size, &job->in);
}

as_status as_find_decimal(as_parse *job, as_lines *it, as_run *r)
{
    as_convention c;
    AS_TRY(as_convention_of(job->ctx, job->in, it->number + 1, 0, &c));
    it->decimal = r->decimal = c.decimal;
    return AS_OK;
}

as_status as_emit_thermal(as_parse *job, as_run *r, const as_table *head, const as_where *where)
{
    if (r->rows.n == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, where, "no rows of data, expected some");
    as_table *t = as_run_table(job, r);
    if (!t) return AS_ERR;
    if (head) AS_TRY(as_copy_meta(job->ctx, t, head));
    AS_TRY(as_note_simulated(job->ctx, t));
    AS_TRY(as_thermal_axes(job->ctx, t, where));
    as_warn_if_cut(job, t, false); /* all of these end their last line */
    return as_emit(job->out, job->ctx, t);
}
