/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names and axes of electrochemistry. */
#include <math.h>
#include <string.h>

#include "echem.h"
#include "spectrum.h"
#include "stamp.h"
#include "text_end.h"

static const as_alias aliases[] = {
    /* impedance */
    { "freq", "frequency", "Hz", 0, false },
    { "frequency", "frequency", "Hz", 0, false },
    { "rez", "z_real", "Ohm", 0, false },
    { "zre", "z_real", "Ohm", 0, false },
    { "zreal", "z_real", "Ohm", 0, false },
    { "zprime", "z_real", "Ohm", 0, false },
    { "zprimea", "z_real", "Ohm", 0, false },
    { "-imz", "z_imag", "Ohm", -1, false },
    { "imz", "z_imag", "Ohm", 0, false },
    { "zim", "z_imag", "Ohm", 0, false },
    { "zimg", "z_imag", "Ohm", 0, false },
    { "zimag", "z_imag", "Ohm", 0, false },
    { "zprimeprime", "z_imag", "Ohm", 0, false },
    { "zprimeprimeb", "z_imag", "Ohm", 0, false },
    { "-zprimeprime", "z_imag", "Ohm", -1, false },
    { "|z", "z_modulus", "Ohm", 0, false },
    { "zmod", "z_modulus", "Ohm", 0, false },
    { "z", "z_modulus", "Ohm", 0, false },
    { "phasez", "z_phase", "deg", 0, false },
    { "phase", "z_phase", "deg", 0, false },
    { "zphz", "z_phase", "deg", 0, false },
    { "thetaz", "z_phase", "deg", 0, false }, /* RelaxIS */
    /* potential, current, time */
    { "ewe", "potential", "V", 0, false },
    { "ecell", "potential", "V", 0, false },
    { "vf", "potential", "V", 0, false },
    { "e", "potential", "V", 0, false },
    { "voltage", "potential", "V", 0, false },
    { "potential", "potential", "V", 0, false },
    { "im", "current", "A", 0, false },
    { "i", "current", "A", 0, false },
    { "current", "current", "A", 0, false },
    { "|ewe", "potential_amplitude", "V", 0, false },
    { "|i", "current_amplitude", "A", 0, false },
    { "|energy", "energy", "Wh", 0, false },
    { "amps", "current", "A", 0, false }, /* Maccor */
    { "volts", "potential", "V", 0, false },
    { "amphr", "capacity", "Ah", 0, false },
    { "watthr", "energy", "Wh", 0, false },
    { "elapsedtime", "time", "s", 0, true },
    { "testtime", "time", NULL, 0, true },
    { "totaltime", "time", "s", 0, true },
    { "totaltimehoursinhhmmssxxx", "time", "s", 0, true },
    { "loadontimehoursinhhmmssxxx", "load_on_time", "s", 0, true },
    { "cyclechargetimehoursinhhmmssxxx", "cycle_charge_time", "s", 0, true },
    { "cycledischargetimehoursinhhmmssxxx", "cycle_discharge_time", "s", 0, true },
    { "steptime", "step_time", NULL, 0, true },
    { "controlvma", "control", NULL, 0, false },
    { "qqo", "charge", NULL, 0, false },
    { "p", "power", "W", 0, false },
    { "r", "resistance", "Ohm", 0, false },
    { "x", "insertion_x", NULL, 0, false },
    { "error", "error_flag", NULL, 0, false }, /* of BioLogic: no standard deviation */
    { "err", "error_flag", NULL, 0, false }, /* of ZPlot */
    /* cycles */
    { "cycle", "cycle", "1", 0, false },
    { "cyclenumber", "cycle", "1", 0, false },
    { "cycleindex", "cycle", "1", 0, false },
    { "cyclep", "cycle", "1", 0, false },
    { "cyc", "cycle", "1", 0, false },
    { "ns", "step", "1", 0, false },
    { "step", "step", "1", 0, false },
    { "stepindex", "step", "1", 0, false },
    { "cap", "capacity", "Ah", 0, false },
    { "ener", "energy", "Wh", 0, false },
    { "temp", "temperature", "degC", 0, false },
    { "qcharge", "charge_capacity", "mAh", 0, false }, /* counters of EC-Lab, fresh in each half cycle */
    { "qdischarge", "discharge_capacity", "mAh", 0, false },
    { "energycharge", "charge_energy", "Wh", 0, false },
    { "energydischarge", "discharge_energy", "Wh", 0, false },
};
const as_names as_echem_names = { AS_COUNT(aliases), aliases };

as_echem_kind as_echem_kind_of(const char *technique)
{
    static const char *const impedance[] = { "impedance", "EIS", "ZCURVE" };
    static const char *const sweep[] = { "voltammetry", "voltammogram", "potentiodynamic", "linear sweep", "tafel",
                                         "polarization", "corrosion", "CV", "LSV", "LINSWEEP",
                                         "SQUARE_WAVE", "PULSE", "POLRES", "CYCPOL" };
    static const char *const hold[] = { "chronoamp", "CHRONOA", "chronocoulo", "amperometr", "i - t",
                                        "i-t ", "potentiostatic", "constant voltage" };
    for (size_t i = 0; i < AS_COUNT(impedance); i++)
        if (as_find_text(technique, impedance[i])) return AS_ECHEM_IMPEDANCE;
    if (as_find_text(technique, "open circuit")) return AS_ECHEM_TIME; /* also of corrosion */
    for (size_t i = 0; i < AS_COUNT(sweep); i++)
        if (as_find_text(technique, sweep[i])) return AS_ECHEM_SWEEP;
    for (size_t i = 0; i < AS_COUNT(hold); i++)
        if (as_find_text(technique, hold[i])) return AS_ECHEM_HOLD;
    return AS_ECHEM_TIME;
}

as_status as_set_date_and_time(as_ctx *ctx, as_table *t, const char *text, const as_where *where)
{
    const char *date = text + strcspn(text, ":"), *clock = strstr(date, "Time:");
    date += *date == ':';
    date = as_trim(as_scratch(ctx), date, clock ? (size_t)(clock - date) : strlen(date));
    if (date && clock) date = as_format(as_scratch(ctx), "%s %s", date, clock + 5 + strspn(clock + 5, " "));
    return date ? as_set_measured(ctx, t, date, true, where) : AS_ERR;
}

/* --- axes ---------------------------------------------------------------------------- */
static bool has_values(const as_table *t, const char *name)
{
    const as_column *c = as_find_name(t, name);
    for (size_t i = 0; c && c->type == AS_F64 && i < t->rows; i++)
        if (c->v.f[i] != 0 && !isnan(c->v.f[i])) return true;
    return false;
}

static as_status check_frequency(as_ctx *ctx, const as_table *t, const as_where *where)
{
    const as_column *f = as_find_name(t, "frequency");
    if (!f || f->type != AS_F64)
        return as_fail(ctx, AS_E_MISSING, where, "an impedance without a column of frequencies");
    for (size_t i = 0; i < t->rows; i++)
        if (!(f->v.f[i] > 0))
            return as_fail(ctx, AS_E_SYNTAX, where, "frequency %g Hz in point %zu, expected one above 0",
                           f->v.f[i], i + 1);
    return AS_OK;
}

static void drop_impossible(as_table *t)
{
    as_column *c = as_find_name(t, "temperature");
    for (size_t i = 0; c && c->type == AS_F64 && strcmp(c->unit.symbol, "degC") == 0 && i < t->rows; i++)
        if (c->v.f[i] < -273.15) c->v.f[i] = NAN; /* -327.67: no sensor */
}

/* Roles for the kind, as far as its columns are there and hold numbers, else those of another;
 * AS_E_MISSING at `where` when there is none. An impedance has a frequency in every row, or is
 * refused. Temperatures below absolute zero become missing. */
static as_status set_axes(as_ctx *ctx, as_table *t, as_echem_kind kind, const as_where *where)
{
    static const as_curve impedance[] = { { "z_real", "z_imag" } };
    static const as_curve sweep[] = { { "potential", "current" }, { "potential", "current_density" },
                                      { "time", "potential" }, { "time", "current" } };
    static const as_curve time[] = { { "time", "potential" }, { "time", "current" },
                                     { "step_time", "potential" }, { "potential", "current" },
                                     { "time", "charge" },
                                     { "cycle", "discharge_capacity" }, /* a row for each cycle */
                                     { "cycle", "charge_capacity" }, { "cycle", "capacity" } };
    static const as_curve hold[] = { { "time", "current" }, { "time", "current_density" },
                                     { "time", "charge" }, { "time", "potential" },
                                     { "step_time", "current" } };
    static const as_curve one[] = { { "time", "z_real" }, { "potential", "z_real" } };
    drop_impossible(t);
    if (kind == AS_ECHEM_ONE_FREQUENCY) return as_set_curve(ctx, t, AS_COUNT(one), one, where);
    if (has_values(t, "z_real") && has_values(t, "z_imag") && kind != AS_ECHEM_SWEEP) {
        AS_TRY(check_frequency(ctx, t, where));
        return as_set_curve(ctx, t, AS_COUNT(impedance), impedance, where);
    }
    if (kind == AS_ECHEM_HOLD) return as_set_curve(ctx, t, AS_COUNT(hold), hold, where);
    return kind == AS_ECHEM_SWEEP ? as_set_curve(ctx, t, AS_COUNT(sweep), sweep, where)
                                  : as_set_curve(ctx, t, AS_COUNT(time), time, where);
}

/* A time that is written as dates: seconds since the first, beside the dates. */
static as_status count_seconds(as_ctx *ctx, as_table *t)
{
    as_column *stamps = as_find_name(t, "time");
    const as_column *dates = as_find_name(t, "date_time");
    if (dates && dates->type == AS_TEXT && t->rows && dates->v.s[0] && !as_get_meta(t, "measured"))
        return as_set_measured(ctx, t, dates->v.s[0], false, NULL);
    if (!stamps || stamps->type != AS_TEXT || dates) return AS_OK;
    double *seconds = AS_NEW_N(as_scratch(ctx), double, t->rows);
    if (!seconds) return AS_ERR;
    if (!as_elapsed(t->rows, stamps->v.s, seconds)) return AS_OK;
    stamps->name = "date_time";
    as_column *time = as_add_column(ctx, t, "time", AS_ROLE_OTHER, as_unit_of("s"));
    if (!time) return AS_ERR;
    memcpy(time->v.f, seconds, t->rows * sizeof *seconds);
    return as_get_meta(t, "measured") || !stamps->v.s[0]
               ? AS_OK
               : as_set_measured(ctx, t, stamps->v.s[0], true, NULL);
}

/* Dates that a workbook wrote as its numbers, days since the end of 1899: as seconds. */
static bool seconds_of_days(size_t n, const double *days, double *seconds)
{
    enum { DAY = 24 * 3600, YEAR_1954 = 20000, YEAR_2119 = 80000 };
    for (size_t i = 0; i < n; i++) {
        if (!(days[i] > YEAR_1954 && days[i] < YEAR_2119)) return false;
        seconds[i] = days[i] * DAY;
    }
    return n > 0;
}

as_status as_echem_time_unit(as_ctx *ctx, as_table *t, const char *stamps)
{
    static const struct { double seconds; const char *unit; } units[] = { { 1, "s" }, { 60, "min" },
                                                                          { 3600, "h" } };
    as_column *time = as_find_name(t, "time"), *step = as_find_name(t, "step_time");
    const as_column *clock = as_find_name(t, stamps);
    if (!time || !clock || time->type != AS_F64 || strcmp(time->unit.symbol, "1") != 0) return AS_OK;
    double *seconds = AS_NEW_N(as_scratch(ctx), double, t->rows);
    if (!seconds) return AS_ERR;
    if (clock->type == AS_F64 && !seconds_of_days(t->rows, clock->v.f, seconds)) seconds = clock->v.f;
    if (clock->type == AS_TEXT && !as_elapsed(t->rows, clock->v.s, seconds)) return AS_OK;
    for (size_t i = 1; i < t->rows; i++) {
        const double by = (seconds[i] - seconds[i - 1]) / (time->v.f[i] - time->v.f[i - 1]);
        if (!(seconds[i] > seconds[i - 1] + 9) || !isfinite(by)) continue; /* the clock has whole seconds */
        for (size_t k = 0; k < AS_COUNT(units); k++)
            if (fabs(by / units[k].seconds - 1) < 0.2) {
                time->unit = as_unit_of(units[k].unit);
                if (step && strcmp(step->unit.symbol, "1") == 0) step->unit = time->unit;
            }
        return AS_OK;
    }
    return AS_OK;
}

void as_echem_rename(as_run *r, const char *const *from, const char *to)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->h[i].name && strcmp(r->h[i].name, to) == 0) return;
    for (; *from; from++)
        for (size_t i = 0; i < r->n; i++)
            if (r->h[i].name && strcmp(r->h[i].name, *from) == 0) {
                r->h[i].name = to;
                r->h[i].known = true;
                return;
            }
}

/* What the file has with the other sign. */
static as_status record_turned_phase(as_ctx *ctx, const as_run *r, as_table *t, const as_where *where)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->alias[i] && r->alias[i]->factor < 0 && r->h[i].name && strcmp(r->h[i].name, "z_phase") == 0)
            return as_set_meta(ctx, t, "z_phase_sign", "-phase in the file", NULL, where);
    return AS_OK;
}

static as_status record_sign(as_ctx *ctx, as_table *t, bool minus, const as_where *where)
{
    if (!as_find_name(t, "z_imag")) return AS_OK;
    return as_set_meta(ctx, t, "z_imag_sign", minus ? "-Im(Z) in the file" : "Im(Z) in the file", NULL,
                       where);
}

as_status as_echem_finish(as_ctx *ctx, as_table *t, const as_table *head, as_echem_kind kind,
                          bool minus, const as_where *where)
{
    if (head) AS_TRY(as_copy_meta(ctx, t, head));
    AS_TRY(count_seconds(ctx, t));
    AS_TRY(set_axes(ctx, t, kind, where));
    return record_sign(ctx, t, minus, where);
}

as_table *as_echem_table(as_parse *job, as_run *r, const as_table *head, as_echem_kind kind,
                         const as_where *where)
{
    bool minus = false;
    as_ctx *ctx = job->ctx;
    if (r->rows.n == 0) {
        const as_status failed = as_fail(ctx, AS_E_MISSING, where, "columns, but no rows of data");
        return failed == AS_OK ? NULL : NULL;
    }
    for (size_t i = 0; i < r->n; i++)
        minus = minus || (r->alias[i] && r->alias[i]->factor < 0 && r->h[i].name &&
                          strcmp(r->h[i].name, "z_imag") == 0);
    as_table *t = as_run_table(job, r);
    if (!t || as_echem_finish(ctx, t, head, kind, minus, where) != AS_OK) return NULL;
    return record_turned_phase(ctx, r, t, where) == AS_OK ? t : NULL;
}

as_status as_emit_echem(as_parse *job, as_run *r, const as_table *head, as_echem_kind kind,
                        const as_where *where)
{
    as_table *t = as_echem_table(job, r, head, kind, where);
    if (!t) return AS_ERR;
    as_warn_if_cut(job, t, false);
    return as_emit(job->out, job->ctx, t);
}
