/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PalmSens PSTrace .pssession: JSON, mostly UTF-16, with a byte order mark behind the last brace as
 * well. Measurements[] hold DataSet.Values[]: arrays with a description, a unit and values; the
 * quantity says whether an imaginary part is written with its sign turned.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "echem.h"
#include "spectrum.h"

/* The type of an array's unit, whose symbol says A for microampere. */
static const struct { const char *type, *unit; } types[] = {
    { "PalmSens.Units.MicroAmpere", "uA" }, { "PalmSens.Units.Volt", "V" },
    { "PalmSens.Units.Time", "s" },         { "PalmSens.Units.Hertz", "Hz" },
    { "PalmSens.Units.ZRe", "Ohm" },        { "PalmSens.Units.ZIm", "Ohm" },
    { "PalmSens.Units.Z", "Ohm" },          { "PalmSens.Units.Phase", "deg" },
    { "PalmSens.Units.Farad", "F" },        { "PalmSens.Units.MicroCoulomb", "uC" },
};

static const as_alias aliases[] = {
    { "idc", "current", "uA", 0, false },
    { "current", "current", "uA", 0, false },
    { "potential", "potential", "V", 0, false },
    { "time", "time", "s", 0, false },
    { "frequency", "frequency", "Hz", 0, false },
    { "zre", "z_real", "Ohm", 0, false },
    { "zim", "z_imag", "Ohm", 0, false },
    { "-zim", "z_imag", "Ohm", -1, false },
    { "z", "z_modulus", "Ohm", 0, false },
    { "phase", "z_phase", "deg", 0, false },
    { "-phase", "z_phase", "deg", -1, false },
    { "y", "admittance", "S", 0, false },
    { "yre", "y_real", "S", 0, false },
    { "yim", "y_imag", "S", 0, false },
};
static const as_names names = { AS_COUNT(aliases), aliases };

enum { MOST_ARRAYS = 64 };

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || head[0] != '{') return AS_PROBE_NO;
    return as_find_text(head, "PalmSens.DataFiles.SessionFile") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static const char *unit_of(const json_t *unit)
{
    for (size_t i = 0; i < AS_COUNT(types); i++)
        if (strcmp(types[i].type, text_of(unit, "Type")) == 0) return types[i].unit;
    return text_of(unit, "S");
}

/* As many as the frequencies, else as the values of the first array. */
static size_t count_rows(const json_t *values)
{
    for (size_t i = 0; i < json_array_size(values); i++)
        if (strcmp(text_of(json_array_get(values, i), "Description"), "Frequency") == 0)
            return json_array_size(json_object_get(json_array_get(values, i), "DataValues"));
    return json_array_size(json_object_get(json_array_get(values, 0), "DataValues"));
}

/* Arrays that belong to the data: so long, not hidden, with a description. `others`: how many were
 * passed over for their length. */
static size_t choose_arrays(const json_t *values, size_t rows, const json_t *out[MOST_ARRAYS],
                            size_t *others)
{
    size_t n = 0;
    *others = 0;
    for (size_t i = 0; i < json_array_size(values) && n < MOST_ARRAYS; i++) {
        const json_t *array = json_array_get(values, i);
        if (json_is_true(json_object_get(array, "Hidden")) || !text_of(array, "Description")[0]) continue;
        if (json_array_size(json_object_get(array, "DataValues")) == rows) out[n++] = array;
        else ++*others;
    }
    return n;
}

static as_status read_arrays(as_parse *job, as_run *run, const json_t *values, const as_where *at)
{
    const json_t *array[MOST_ARRAYS];
    const char *name[MOST_ARRAYS], *unit[MOST_ARRAYS];
    double v[MOST_ARRAYS];
    size_t others;
    const size_t rows = count_rows(values), n = choose_arrays(values, rows, array, &others);
    if (n == 0 || rows == 0) return as_fail(job->ctx, AS_E_MISSING, at, "a measurement without values");
    if (others)
        as_warn(job->ctx, NULL, at, "%zu arrays of other lengths than %zu are left out", others, rows);
    for (size_t i = 0; i < n; i++) {
        const json_t *of = json_object_get(array[i], "Unit");
        const bool turned = text_of(of, "Q")[0] == '-';
        name[i] = as_format(as_scratch(job->ctx), "%s%s", turned ? "-" : "", text_of(array[i], "Description"));
        unit[i] = unit_of(of);
        if (!name[i]) return AS_ERR;
    }
    AS_TRY(as_run_heads(job->ctx, run, n, name, unit, &names));
    for (size_t k = 0; k < rows; k++) {
        for (size_t i = 0; i < n; i++) {
            const json_t *cell = json_array_get(json_object_get(array[i], "DataValues"), k);
            const json_t *number = json_object_get(cell, "V");
            v[i] = json_is_number(number) ? json_number_value(number) : NAN;
        }
        AS_TRY(as_run_add_cells(job->ctx, run, n, v, NULL, (uint32_t)k + 1));
    }
    return AS_OK;
}

static as_status read_measurement(as_parse *job, const json_t *m, const as_where *at)
{
    as_run run = { 0 };
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    const json_t *set = json_object_get(m, "DataSet");
    AS_TRY(read_arrays(job, &run, json_object_get(set, "Values"), at));
    AS_TRY(as_set_text(job->ctx, head, "sample", text_of(m, "Title"), at));
    AS_TRY(as_set_text(job->ctx, head, "instrument", text_of(m, "DeviceSerial"), at));
    const json_t *ticks = json_object_get(m, "UTCTimeStamp"); /* 100 ns since 0001-01-01 */
    if (json_is_integer(ticks)) {
        const int64_t seconds = (int64_t)json_integer_value(ticks) / 10000000 - INT64_C(62135596800);
        AS_TRY(as_set_text(job->ctx, head, "measured", as_utc_text(job->ctx, seconds), at));
    }
    const bool eis = as_find_text(text_of(set, "Type"), "EIS") != NULL;
    as_table *t = as_echem_table(job, &run, head, eis ? AS_ECHEM_IMPEDANCE : AS_ECHEM_SWEEP, at);
    return t ? as_emit(job->out, job->ctx, t) : AS_ERR;
}

static as_status read_session(as_parse *job, const json_t *root)
{
    const as_where at = { .file = job->in->name };
    const json_t *all = json_object_get(root, "Measurements");
    if (json_array_size(all) == 0)
        return as_fail(job->ctx, AS_E_MISSING, &at, "a session without measurements");
    for (size_t i = 0; i < json_array_size(all); i++)
        AS_TRY(read_measurement(job, json_array_get(all, i), &at));
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    json_error_t error;
    json_t *root = json_loadb((const char *)job->in->data, job->in->size, JSON_DISABLE_EOF_CHECK, &error);
    if (!root) {
        const as_where at = { .file = job->in->name, .line = (uint32_t)error.line,
                              .column = (uint32_t)error.column };
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "not whole as JSON: %s", error.text);
    }
    const as_status status = read_session(job, root);
    json_decref(root);
    return status;
}

static const char *const suffixes[] = { "pssession", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = { { "a spectrum", "assay read tests/corpus/echem/palmsens.pssession" },
                                       { 0 } };
static const char *const see_also[] = { "ivium-idf", NULL };

const as_parser as_parser_palmsens = {
    .name = "palmsens",
    .title = "PalmSens PSTrace session",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read sessions of PalmSens PSTrace",
             .description = "JSON: the arrays of each measurement's DataSet are its columns, hidden "
                            "ones aside; each measurement is a series. Currents are in uA; -Z'' "
                            "becomes `z_imag`, capacitive negative.",
             .examples = examples,
             .see_also = see_also },
};
