/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What battery cyclers export. neware: a line of names, the kind of each step in words, times as
 * hh:mm:ss; maccor: "Name:<tab>value" lines, tabs, a letter for the kind, unsigned currents,
 * decimal commas; cycle-csv: one row per cycle, semicolons and decimal commas, as spreadsheets make
 * it here.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exporter.h"
#include "number.h"

typedef struct {
    char unused;
} no_settings;

static const as_param params[] = { AS_PARAMS_END };

/* The unit a column has in the file. */
typedef struct source {
    const as_column *c;
    as_unit unit;
} source;

static as_status source_of(as_export_job *job, const as_table *t, const char *name,
                           const char *unit, source *out)
{
    out->c = as_need_column(job->ctx, t, name);
    out->unit = as_unit_of(unit);
    if (!out->c) return AS_ERR;
    if (out->c->type == AS_F64 && as_unit_same_dimension(&out->c->unit, &out->unit)) return AS_OK;
    return as_fail(job->ctx, AS_E_UNIT, NULL, "%s wants %s as numbers in %s", job->exporter->name,
                   name, unit);
}

static double value_of(const source *s, size_t row)
{
    return as_unit_convert(s->c->v.f[row], &s->c->unit, &s->unit);
}

static void put_number(as_text_out *o, double value, char decimal)
{
    char text[AS_NUMBER_MAX];
    if (isnan(value)) return;
    const size_t n = as_write_number(value, text);
    char *point = decimal == ',' ? memchr(text, '.', n) : NULL;
    if (point) *point = ',';
    as_out_bytes(o, text, n);
}

/* So many decimals at most, that conversions of units leave no tail of digits; *off where that is
 * more than a tail. */
static double rounded(double value, double scale, bool *off)
{
    const double r = round(value * scale) / scale;
    *off |= fabs(r - value) > 1e-9 * fabs(value);
    return r;
}

static void warn_of_rounding(const as_export_job *job, bool off, const char *what)
{
    if (off) as_warn(job->ctx, NULL, NULL, "%s: %s", job->exporter->name, what);
}

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m ? m->text : NULL;
}

/* Key, what parts it, and the value on one line. */
static void put_text(as_text_out *o, const char *key, const char *value)
{
    if (!value) return;
    as_out_text(o, key);
    for (; *value; value++) as_out_bytes(o, (unsigned char)*value < 0x20 ? " " : value, 1);
    as_out_text(o, "\n");
}

static as_status only_one(as_export_job *job)
{
    if (job->done == 0) return AS_OK;
    return as_fail(job->ctx, AS_E_FORMAT, NULL, "%s holds one series; choose with `assay select`",
                   job->exporter->name);
}

typedef struct readings {
    source time, potential, current, cycle, step, capacity;
    const as_column *type; /* texts, or NULL */
} readings;

static as_status readings_of(as_export_job *job, const as_table *t, readings *r)
{
    AS_TRY(only_one(job));
    AS_TRY(source_of(job, t, "time", "s", &r->time));
    AS_TRY(source_of(job, t, "potential", "V", &r->potential));
    AS_TRY(source_of(job, t, "current", "mA", &r->current));
    AS_TRY(source_of(job, t, "cycle", "1", &r->cycle));
    AS_TRY(source_of(job, t, "step", "1", &r->step));
    AS_TRY(source_of(job, t, "capacity", "mAh", &r->capacity));
    r->type = as_find_name(t, "step_type");
    if (r->type && r->type->type != AS_TEXT) r->type = NULL;
    return AS_OK;
}

/* +1 charging, -1 discharging, by the current. */
static int way(const readings *r, size_t row)
{
    const double ma = value_of(&r->current, row);
    return ma > 0 ? 1 : ma < 0 ? -1 : 0;
}

static as_status put_neware(as_export_job *job, const as_table *t)
{
    static const char *const types[] = { "CC DChg", "Rest", "CC Chg" };
    as_text_out *o = job->out;
    bool off = false;
    readings r;
    AS_TRY(readings_of(job, t, &r));
    put_text(o, "Remark: simulated: ", text_of(t, "simulated"));
    put_text(o, "Sample: ", text_of(t, "sample"));
    as_out_text(o, "DataPoint,Cycle Index,Step Index,Step Type,Total "
                   "Time,Current(mA),Voltage(V),Capacity(mAh)\n");
    for (size_t i = 0; i < t->rows; i++) {
        const double s = rounded(value_of(&r.time, i), 1e3, &off), hours = floor(s / 3600),
                     minutes = floor((s - 3600 * hours) / 60);
        char clock[64];
        (void)snprintf(clock, sizeof clock, "%.0f:%02.0f:%06.3f", hours, minutes,
                       s - 3600 * hours - 60 * minutes);
        as_out_unsigned(o, i + 1);
        as_out_text(o, ",");
        put_number(o, value_of(&r.cycle, i), '.');
        as_out_text(o, ",");
        put_number(o, value_of(&r.step, i), '.');
        as_out_text(o, ",");
        as_out_text(o, r.type && r.type->v.s[i] ? r.type->v.s[i] : types[way(&r, i) + 1]);
        as_out_text(o, ",");
        as_out_text(o, clock);
        as_out_text(o, ",");
        put_number(o, rounded(value_of(&r.current, i), 1e7, &off), '.');
        as_out_text(o, ",");
        put_number(o, rounded(value_of(&r.potential, i), 1e7, &off), '.');
        as_out_text(o, ",");
        put_number(o, rounded(value_of(&r.capacity, i), 1e8, &off), '.');
        as_out_text(o, "\n");
    }
    warn_of_rounding(job, off, "rounded to 1 ms, 1e-7 mA, 1e-7 V and 1e-8 mAh");
    return AS_OK;
}

static as_status put_maccor(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    readings r;
    bool off = false, turned = false;
    double began = 0;
    AS_TRY(readings_of(job, t, &r));
    put_text(o, "Name:\t", text_of(t, "sample"));
    put_text(o, "Description\tsimulated: ", text_of(t, "simulated"));
    as_out_text(o, "\nRec\tCycle P\tStep\tTestTime [s]\tStepTime [s]\tCap. [Ah]\tCurrent "
                   "[A]\tVoltage [V]\tMd\n\n");
    for (size_t i = 0; i < t->rows; i++) {
        const double s = value_of(&r.time, i);
        if (i == 0 || r.step.c->v.f[i] != r.step.c->v.f[i - 1]) began = s;
        as_out_unsigned(o, i + 1);
        const double numbers[] = { value_of(&r.cycle, i),
                                   value_of(&r.step, i),
                                   s,
                                   rounded(s - began, 1e3, &off),
                                   rounded(value_of(&r.capacity, i) / 1000, 1e10, &off),
                                   rounded(fabs(value_of(&r.current, i)) / 1000, 1e10, &off),
                                   rounded(value_of(&r.potential, i), 1e7, &off) };
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            as_out_text(o, "\t");
            put_number(o, numbers[k], ',');
        }
        turned |= way(&r, i) < 0;
        as_out_text(o, way(&r, i) > 0 ? "\tC\n" : way(&r, i) < 0 ? "\tD\n" : "\tR\n");
    }
    warn_of_rounding(job, off, "rounded to 1 ms of the step, 1e-7 V, 1e-10 A and 1e-10 Ah");
    if (turned)
        as_warn(job->ctx, NULL, NULL, "maccor: currents have no sign in this format; Md says C or D");
    return AS_OK;
}

/* Every column of numbers, with its unit in brackets. */
static as_status put_cycles(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    bool first = true;
    AS_TRY(only_one(job));
    put_text(o, "# Remark: simulated: ", text_of(t, "simulated"));
    put_text(o, "# sample: ", text_of(t, "sample"));
    for (size_t k = 0; k < t->n_columns; k++) {
        const as_column *c = t->column[k];
        if (c->type != AS_F64) job->kept &= ~(unsigned)AS_KEEPS_COLUMNS;
        if (c->type != AS_F64) continue;
        if (!first) as_out_text(o, ";");
        as_out_text(o, c->name);
        if (strcmp(c->unit.symbol, "1") != 0) {
            as_out_text(o, " (");
            as_out_text(o, c->unit.symbol);
            as_out_text(o, ")");
        }
        first = false;
    }
    as_out_text(o, "\n");
    for (size_t i = 0; i < t->rows; i++) {
        first = true;
        for (size_t k = 0; k < t->n_columns; k++) {
            if (t->column[k]->type != AS_F64) continue;
            if (!first) as_out_text(o, ";");
            put_number(o, t->column[k]->v.f[i], ',');
            first = false;
        }
        as_out_text(o, "\n");
    }
    return AS_OK;
}

static const as_example examples_neware[] = {
    { "readings of a cell for a program that reads Neware's tables",
      "assay simulate-cycling --capacity 1:160 --records 1:1 --points 5 | assay convert --to "
      "neware" },
    { 0 }
};
static const as_example examples_maccor[] = {
    { "readings of a cell for a program that reads Maccor's text",
      "assay simulate-cycling --capacity 1:160 --records 1:1 --points 5 | assay convert --to "
      "maccor" },
    { 0 }
};
static const as_example examples_cycles[] = {
    { "a table of cycles for a spreadsheet with decimal commas",
      "assay cycling tests/corpus/echem/cycles.csv | assay convert --to cycle-csv" },
    { 0 }
};
static const char *const see_also[] = { "convert", "simulate-cycling", NULL };

#define ABOUT                                                                                      \
    "Time, potential, current, cycle, step and the capacity counted in each step have columns; "   \
    "of "                                                                                          \
    "the metadata the sample and `simulated` are kept. One series a file."

const as_exporter as_exporter_neware = {
    .name = "neware",
    .suffix = "csv",
    .keeps = AS_KEEPS_UNITS,
    .settings_size = sizeof(no_settings),
    .params = params,
    .each = put_neware,
    .doc = { .summary = "csv of readings as Neware's software exports it",
             .description = ABOUT,
             .examples = examples_neware,
             .see_also = see_also },
};

const as_exporter as_exporter_maccor = {
    .name = "maccor",
    .suffix = "txt",
    .keeps = AS_KEEPS_UNITS,
    .settings_size = sizeof(no_settings),
    .params = params,
    .each = put_maccor,
    .doc = { .summary = "text of readings as Maccor cyclers export it, with decimal commas",
             .description = ABOUT,
             .examples = examples_maccor,
             .see_also = see_also },
};

const as_exporter as_exporter_cycle_csv = {
    .name = "cycle-csv",
    .suffix = "csv",
    .keeps = AS_KEEPS_UNITS | AS_KEEPS_COLUMNS | AS_KEEPS_SIGMA,
    .settings_size = sizeof(no_settings),
    .params = params,
    .each = put_cycles,
    .doc = { .summary = "a table with semicolons and decimal commas, remarks on top",
             .description =
                 "All columns of numbers under names with units, sample and `simulated` as "
                 "`# key: value` above. One series a file; `csv --decimal comma` takes several.",
             .examples = examples_cycles,
             .see_also = see_also },
};
