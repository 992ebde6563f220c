/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PalmSens PSTrace .pssession: JSON, mostly UTF-16, with a byte order mark behind the last brace as
 * well. Measurements[] hold DataSet.Values[]: arrays with a number for what they are, a description,
 * a unit and values. The arrays of one scan of one channel share the description "scan1channel1". Of
 * impedances the quantity says whether an imaginary part is written with its sign turned, and each
 * channel has a DataSet of its own in EISDataList[]. Method is a text of lines KEY=value.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "echem.h"
#include "number.h"
#include "spectrum.h"

/* The type of an array's unit, whose symbol says A for microampere. */
static const struct { const char *type, *unit; } types[] = {
    { "PalmSens.Units.MicroAmpere", "uA" }, { "PalmSens.Units.Volt", "V" },
    { "PalmSens.Units.Time", "s" },         { "PalmSens.Units.Hertz", "Hz" },
    { "PalmSens.Units.ZRe", "Ohm" },        { "PalmSens.Units.ZIm", "Ohm" },
    { "PalmSens.Units.Z", "Ohm" },          { "PalmSens.Units.Phase", "deg" },
    { "PalmSens.Units.Farad", "F" },        { "PalmSens.Units.MicroCoulomb", "uC" },
};

/* What an array is by its ArrayType; "": its description names it; NULL: none of the data, or (36) a
 * current in units of its range. */
static const char *const array_names[] = {
    "time", "potential", "current", "charge", "", "frequency", "phase", "zre", "zim", "iac", "z", "y",
    "yre", "yim", "", "", "", NULL, "admittance", "concentration", "signal", "", "", "auxiliary_input",
    "current_bipotentiostat", "potential_bipotentiostat", "current_reverse", "potential_counter_electrode",
    "current_dc", "current_forward", "potential_extra_electrode", "current_extra_electrode", "",
    "potential_measured_dc", "eac", NULL, NULL,
};
enum { TYPE_TIME = 0, TYPE_CURRENT = 2, TYPE_CHARGE = 3, TYPE_FREQUENCY = 5 };

static const as_alias aliases[] = {
    { "idc", "current", "uA", 0, false },
    { "current", "current", "uA", 0, false },
    { "iac", "current_amplitude", "uA", 0, false },
    { "eac", "potential_amplitude", "V", 0, false },
    { "potential", "potential", "V", 0, false },
    { "time", "time", "s", 0, false },
    { "charge", "charge", "uC", 0, false },
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

/* Techniques by METHOD_ID. */
static const struct { const char *id, *name; as_echem_kind kind; } methods[] = {
    { "cv", "Cyclic Voltammetry", AS_ECHEM_SWEEP },
    { "fcv", "Fast Cyclic Voltammetry", AS_ECHEM_SWEEP },
    { "lsv", "Linear Sweep Voltammetry", AS_ECHEM_SWEEP },
    { "dpv", "Differential Pulse Voltammetry", AS_ECHEM_SWEEP },
    { "swv", "Square Wave Voltammetry", AS_ECHEM_SWEEP },
    { "npv", "Normal Pulse Voltammetry", AS_ECHEM_SWEEP },
    { "acv", "AC Voltammetry", AS_ECHEM_SWEEP },
    { "ad", "Chronoamperometry", AS_ECHEM_HOLD },
    { "ca", "Chronoamperometry", AS_ECHEM_HOLD },
    { "pad", "Pulsed Amperometric Detection", AS_ECHEM_HOLD },
    { "cp", "Chronopotentiometry", AS_ECHEM_TIME },
    { "lsp", "Linear Sweep Potentiometry", AS_ECHEM_TIME },
    { "ocp", "Open Circuit Potentiometry", AS_ECHEM_TIME },
    { "eis", "Impedance Spectroscopy", AS_ECHEM_IMPEDANCE },
    { "geis", "Galvanostatic Impedance Spectroscopy", AS_ECHEM_IMPEDANCE },
};

/* Settings of a method that say what was done, of the hundred that it lists. */
static const as_known settings[] = {
    { "SCAN_RATE", "scan_rate", "V/s" },
    { "REF_ELECTRODE_NAME", "reference_electrode", NULL },
};
static const char *const kept[] = { "E_BEGIN", "E_END",  "E_STEP", "E_VTX1",     "E_VTX2",    "E_PULSE",  "T_PULSE",
                                    "N_SCANS", "E",      "I",      "T_RUN",      "T_INTERVAL", "T_EQUIL", "AMPLITUDE",
                                    "FREQ",    "N_FREQ", "MIN_FREQ", "MAX_FREQ", "E_COND",    "T_COND",   "E_DEP",
                                    "T_DEP",   "E_AC" };

typedef struct {
    const json_t *array;
    size_t from; /* the first of its values that belongs to the part */
} taken;

/* Arrays that are the columns of one curve. */
enum { MOST_ARRAYS = 64 };
typedef struct {
    const char *name; /* scan1channel1, CH 2: 50 freqs; "": none */
    size_t n, rows, others; /* columns, their length, arrays that were passed over for theirs */
    taken column[MOST_ARRAYS];
} part;

typedef struct {
    const json_t *measurement;
    as_table *head; /* metadata of the measurement */
    as_echem_kind kind;
    as_where at;
    bool several; /* measurements in the session */
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || head[0] != '{') return AS_PROBE_NO;
    return as_find_text(head, "PalmSens.DataFiles.SessionFile") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

/* --- arrays ---------------------------------------------------------------------------------- */
static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* The ArrayType, by the description where it is not stated; -1: neither. */
static int type_of(const json_t *array)
{
    const json_t *type = json_object_get(array, "ArrayType");
    const char *description = text_of(array, "Description");
    if (json_is_integer(type)) {
        const json_int_t value = json_integer_value(type);
        return value >= 0 && value < (json_int_t)AS_COUNT(array_names) ? (int)value : -1;
    }
    if (as_same(description, "idc")) return TYPE_CURRENT;
    for (size_t i = 0; i < AS_COUNT(array_names); i++)
        if (array_names[i] && array_names[i][0] && as_same(description, array_names[i])) return (int)i;
    return -1;
}

static size_t length_of(const json_t *array)
{
    return json_array_size(json_object_get(array, "DataValues"));
}

static double value_of(const json_t *array, size_t i)
{
    const json_t *cell = json_array_get(json_object_get(array, "DataValues"), i);
    const json_t *number = json_is_object(cell) ? json_object_get(cell, "V") : cell;
    return json_is_number(number) ? json_number_value(number) : NAN;
}

/* Not hidden, with values, and something that has a name. */
static bool is_column(const json_t *array)
{
    const int type = type_of(array);
    if (json_is_true(json_object_get(array, "Hidden")) || length_of(array) == 0) return false;
    if (type >= 0 && !array_names[type]) return false;
    return (type >= 0 && array_names[type][0]) || text_of(array, "Description")[0];
}

static bool is_scan_name(const char *text)
{
    return as_find_text(text, "scan") || as_find_text(text, "channel");
}

static const char *column_name(as_ctx *ctx, const json_t *array)
{
    const int type = type_of(array);
    const char *description = text_of(array, "Description");
    const bool turned = text_of(json_object_get(array, "Unit"), "Q")[0] == '-';
    const bool known = type >= 0 && array_names[type] && array_names[type][0];
    const char *quantity = text_of(json_object_get(array, "Unit"), "Q");
    const char *own = is_scan_name(description) && *quantity ? quantity : description;
    return as_format(as_scratch(ctx), "%s%s", turned ? "-" : "", known ? array_names[type] : own);
}

static const char *unit_of(const json_t *unit)
{
    for (size_t i = 0; i < AS_COUNT(types); i++)
        if (strcmp(types[i].type, text_of(unit, "Type")) == 0) return types[i].unit;
    return text_of(unit, "S");
}

/* --- curves of a set -------------------------------------------------------------------------- */
/* `array` as a column from its value `from` on, if it has as many as the curve, or is its first. */
static void take(part *c, const json_t *array, size_t from, size_t n)
{
    if (c->n == 0) c->rows = n;
    if (n != c->rows || c->n == MOST_ARRAYS) c->others++;
    else c->column[c->n++] = (taken){ array, from };
}

static bool has_type(const part *c, int type)
{
    for (size_t i = 0; i < c->n; i++)
        if (type_of(c->column[i].array) == type) return true;
    return false;
}

typedef struct {
    size_t n;
    part **curve;
} parts;

/* The curve that goes on with this array: the last of its name, unless that has such an array already. */
static part *curve_of(as_ctx *ctx, parts *p, const json_t *array)
{
    const char *description = text_of(array, "Description");
    const char *name = is_scan_name(description) ? description : "";
    const int type = type_of(array);
    for (size_t i = p->n; i > 0; i--)
        if (strcmp(p->curve[i - 1]->name, name) == 0) {
            if (type > TYPE_CHARGE || type < 0 || !has_type(p->curve[i - 1], type)) return p->curve[i - 1];
            break;
        }
    part *c = AS_NEW_N(as_scratch(ctx), part, 1);
    if (!c) return NULL;
    c->name = name;
    return p->curve[p->n++] = c;
}

/* One time array may hold the times of all curves one after the other, or those of one scan. */
static void share_time(const parts *p, const json_t *time)
{
    size_t all = 0, from = 0;
    for (size_t i = 0; i < p->n; i++) all += p->curve[i]->rows;
    const bool joined = p->n > 1 && length_of(time) == all;
    for (size_t i = 0; i < p->n; i++) {
        part *c = p->curve[i];
        const char *scan = as_find_text(c->name, "scan");
        double number;
        const bool later = scan && as_scan_number(scan + 4, strlen(scan + 4), '.', &number) && number > 1;
        if (!has_type(c, TYPE_TIME)) {
            if (joined) take(c, time, from, c->rows);
            else if (length_of(time) != c->rows) c->others++;
            else if (!later) take(c, time, 0, c->rows);
        }
        from += c->rows;
    }
}

/* The curves that the arrays of a set make. */
static as_status part_set(as_ctx *ctx, const json_t *values, parts *p)
{
    const size_t n = json_array_size(values);
    *p = (parts){ .curve = AS_NEW_N(as_scratch(ctx), part *, n + 1) };
    if (!p->curve) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        const json_t *array = json_array_get(values, i);
        if (!is_column(array) || type_of(array) == TYPE_TIME) continue;
        part *c = curve_of(ctx, p, array);
        if (!c) return AS_ERR;
        take(c, array, 0, length_of(array));
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *array = json_array_get(values, i);
        if (is_column(array) && type_of(array) == TYPE_TIME) share_time(p, array);
    }
    return AS_OK;
}

/* An impedance: the arrays that are as long as that of the frequencies. */
static bool part_impedance(part *c, const json_t *values)
{
    *c = (part){ .name = "" };
    for (size_t i = 0; i < json_array_size(values); i++)
        if (type_of(json_array_get(values, i)) == TYPE_FREQUENCY) c->rows = length_of(json_array_get(values, i));
    if (c->rows == 0) return false;
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *array = json_array_get(values, i);
        if (!is_column(array)) continue;
        if (length_of(array) != c->rows || c->n == MOST_ARRAYS) c->others++;
        else c->column[c->n++] = (taken){ array, 0 };
    }
    return true;
}

/* --- tables ----------------------------------------------------------------------------------- */
static as_status fill(as_parse *job, const part *c, as_run *run)
{
    const char *name[MOST_ARRAYS], *unit[MOST_ARRAYS];
    double v[MOST_ARRAYS];
    for (size_t i = 0; i < c->n; i++) {
        name[i] = column_name(job->ctx, c->column[i].array);
        unit[i] = unit_of(json_object_get(c->column[i].array, "Unit"));
        if (!name[i]) return AS_ERR;
    }
    AS_TRY(as_run_heads(job->ctx, run, c->n, name, unit, &names));
    for (size_t k = 0; k < c->rows; k++) {
        for (size_t i = 0; i < c->n; i++) v[i] = value_of(c->column[i].array, c->column[i].from + k);
        AS_TRY(as_run_add_cells(job->ctx, run, c->n, v, NULL, (uint32_t)k + 1));
    }
    return AS_OK;
}

static as_status set_number_behind(as_ctx *ctx, as_table *t, const char *word, const char *meta, const as_where *at)
{
    double number;
    const char *text = as_find_text(t->label ? t->label : "", word);
    if (!text || !as_scan_number(text + strlen(word), strlen(text + strlen(word)), '.', &number)) return AS_OK;
    return strncmp(meta, "vendor.", 7) == 0
               ? as_set_vendor(ctx, t, meta + 7, as_format(as_scratch(ctx), "%g", number), at)
               : as_set_number(ctx, t, meta, number, NAN, AS_UNITLESS, at);
}

static as_status emit_curve(as_parse *job, reading *r, const part *c, as_echem_kind kind)
{
    as_run run = { 0 };
    if (c->n == 0 || c->rows == 0)
        return as_fail(job->ctx, AS_E_MISSING, &r->at, "a measurement without values");
    if (c->others)
        as_warn(job->ctx, NULL, &r->at, "%zu arrays of other lengths than %zu are left out", c->others, c->rows);
    AS_TRY(fill(job, c, &run));
    as_table *t = as_echem_table(job, &run, r->head, kind, &r->at);
    if (!t) return AS_ERR;
    const char *title = text_of(r->measurement, "Title");
    if (c->name[0]) {
        t->label = as_strdup(t->arena, c->name);
        if (!t->label) return AS_ERR;
        AS_TRY(as_set_text(job->ctx, t, "part", c->name, &r->at));
        AS_TRY(set_number_behind(job->ctx, t, "scan", "cycle", &r->at));
        AS_TRY(set_number_behind(job->ctx, t, "channel", "vendor.channel", &r->at));
        AS_TRY(set_number_behind(job->ctx, t, "CH ", "vendor.channel", &r->at));
    } else if (r->several && *title && !(t->label = as_strdup(t->arena, title))) {
        return AS_ERR;
    }
    return as_emit(job->out, job->ctx, t);
}

static const json_t *frequencies_of(const part *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (type_of(c->column[i].array) == TYPE_FREQUENCY) return c->column[i].array;
    return NULL;
}

/* After how many frequencies they begin anew, in every scan; 1: they are all the same. */
static size_t scan_length(const part *c)
{
    const json_t *f = frequencies_of(c);
    size_t n = 1;
    while (n < c->rows && value_of(f, n) != value_of(f, 0)) n++;
    for (size_t i = n; i < c->rows; i++)
        if (value_of(f, i) != value_of(f, i % n)) return c->rows;
    return c->rows % n ? c->rows : n;
}

/* A spectrum for each scan of the frequencies. */
static as_status emit_impedance(as_parse *job, reading *r, part *c)
{
    const size_t all = c->rows, period = scan_length(c), n = period > 1 ? period : all;
    const as_echem_kind kind = period > 1 || all == 1 ? AS_ECHEM_IMPEDANCE : AS_ECHEM_ONE_FREQUENCY;
    const char *name = c->name;
    c->rows = n;
    for (size_t from = 0; from < all; from += n) {
        for (size_t k = 0; k < c->n; k++) c->column[k].from = from;
        if (n < all) c->name = as_format(as_scratch(job->ctx), "%s%sscan %zu", name, *name ? ", " : "", from / n + 1);
        if (!c->name) return AS_ERR;
        AS_TRY(emit_curve(job, r, c, kind));
        c->others = 0;
    }
    return AS_OK;
}

/* --- metadata --------------------------------------------------------------------------------- */
/* A text of a method: "%20" is a blank, "%crlf" a line end. */
static const char *plain_text(as_ctx *ctx, const char *text, size_t n)
{
    char *out = AS_NEW_N(as_scratch(ctx), char, n + 1), *to = out;
    for (size_t i = 0; out && i < n; i++) {
        const bool line = i + 5 <= n && strncmp(text + i, "%crlf", 5) == 0;
        if (line || (i + 3 <= n && strncmp(text + i, "%20", 3) == 0)) {
            *to++ = ' ';
            i += line ? 4 : 2;
        } else {
            *to++ = text[i];
        }
    }
    return out;
}

static as_status set_setting(as_ctx *ctx, reading *r, const char *key, const char *value)
{
    if (strcmp(key, "NOTES") == 0) return as_set_text(ctx, r->head, "comment", value, &r->at);
    if (strcmp(key, "METHOD_ID") == 0) {
        const char *name = value;
        for (size_t i = 0; i < AS_COUNT(methods); i++)
            if (as_same(methods[i].id, value)) {
                name = methods[i].name;
                r->kind = methods[i].kind;
            }
        return as_set_text(ctx, r->head, "technique_name", name, &r->at);
    }
    for (size_t i = 0; i < AS_COUNT(settings); i++)
        if (strcmp(settings[i].key, key) == 0)
            return as_set_known(ctx, r->head, settings, AS_COUNT(settings), key, value, &r->at);
    for (size_t i = 0; i < AS_COUNT(kept); i++)
        if (strcmp(kept[i], key) == 0) return as_set_vendor(ctx, r->head, key, value, &r->at);
    return AS_OK;
}

/* Lines KEY=value; the first, "#PSTrace, Version=5.9.4515", is the program. */
static as_status read_method(as_ctx *ctx, reading *r, const char *text)
{
    if (*text == '#') {
        const size_t n = strcspn(text, "\r\n");
        const char *version = as_find_text(text, ", Version=");
        const char *program = version && version < text + n
                                  ? as_format(as_scratch(ctx), "%.*s %.*s", (int)(version - text - 1), text + 1,
                                              (int)(text + n - version - 10), version + 10)
                                  : NULL;
        if (program) AS_TRY(as_set_text(ctx, r->head, "software", program, &r->at));
    }
    while (*text) {
        const size_t n = strcspn(text, "\r\n");
        const char *equal = memchr(text, '=', n);
        if (*text != '#' && equal) {
            const char *key = as_format(as_scratch(ctx), "%.*s", (int)(equal - text), text);
            const char *value = plain_text(ctx, equal + 1, (size_t)(text + n - equal - 1));
            if (!key || !value) return AS_ERR;
            if (*value) AS_TRY(set_setting(ctx, r, key, value));
        }
        text += n;
        text += strspn(text, "\r\n");
    }
    return AS_OK;
}

/* 100 ns since 0001-01-01, in UTC, else as the clock on the wall had it. */
static as_status read_date(as_ctx *ctx, const reading *r)
{
    const json_t *utc = json_object_get(r->measurement, "UTCTimeStamp");
    const json_t *local = json_object_get(r->measurement, "TimeStamp");
    const bool has_utc = json_is_integer(utc) && json_integer_value(utc) > 0;
    const json_t *ticks = has_utc ? utc : local;
    if (!json_is_integer(ticks) || json_integer_value(ticks) <= 0) return AS_OK;
    const int64_t seconds = (int64_t)json_integer_value(ticks) / 10000000 - INT64_C(62135596800);
    const char *text = as_utc_text(ctx, seconds);
    if (text && !has_utc) text = as_format(as_scratch(ctx), "%.*s", (int)strcspn(text, "Z"), text);
    return text ? as_set_text(ctx, r->head, "measured", text, &r->at) : AS_ERR;
}

static as_status read_head(as_ctx *ctx, reading *r)
{
    const json_t *m = r->measurement;
    r->head = as_table_new(ctx, 0);
    if (!r->head) return AS_ERR;
    const char *serial = text_of(m, "DeviceSerial");
    if (*serial) serial = as_format(as_scratch(ctx), "PalmSens %s", serial);
    if (!serial) return AS_ERR;
    AS_TRY(as_set_text(ctx, r->head, "sample", text_of(m, "Title"), &r->at));
    AS_TRY(as_set_text(ctx, r->head, "instrument", serial, &r->at));
    if (text_of(m, "DeviceFW")[0]) AS_TRY(as_set_vendor(ctx, r->head, "firmware", text_of(m, "DeviceFW"), &r->at));
    AS_TRY(read_date(ctx, r));
    r->kind = AS_ECHEM_SWEEP;
    return read_method(ctx, r, text_of(m, "Method"));
}

/* --- measurements ------------------------------------------------------------------------------ */
/* The spectra of all channels; of one, the set of the measurement where it holds it too. */
static as_status read_impedances(as_parse *job, reading *r, const json_t *list, bool *done)
{
    const json_t *own = json_object_get(json_object_get(r->measurement, "DataSet"), "Values");
    part c;
    *done = false;
    if (json_array_size(list) <= 1 && part_impedance(&c, own)) {
        *done = true;
        return emit_impedance(job, r, &c);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *data = json_array_get(list, i);
        if (!part_impedance(&c, json_object_get(json_object_get(data, "DataSet"), "Values"))) continue;
        if (json_array_size(list) > 1) c.name = text_of(data, "Title");
        *done = true;
        AS_TRY(emit_impedance(job, r, &c));
    }
    return AS_OK;
}

/* What was only plotted: of sessions whose sets are empty. */
static as_status read_plotted(as_parse *job, reading *r, const json_t *curves)
{
    for (size_t i = 0; i < json_array_size(curves); i++) {
        const json_t *curve = json_array_get(curves, i);
        const json_t *x = json_object_get(curve, "XAxisDataArray"), *y = json_object_get(curve, "YAxisDataArray");
        part c = { .name = json_array_size(curves) > 1 ? text_of(curve, "Title") : "" };
        take(&c, x, 0, length_of(x));
        take(&c, y, 0, length_of(y));
        AS_TRY(emit_curve(job, r, &c, type_of(x) == TYPE_TIME ? AS_ECHEM_HOLD : r->kind));
    }
    return AS_OK;
}

static as_status read_measurement(as_parse *job, reading *r)
{
    parts p;
    bool done;
    const json_t *values = json_object_get(json_object_get(r->measurement, "DataSet"), "Values");
    const json_t *curves = json_object_get(r->measurement, "Curves");
    AS_TRY(read_head(job->ctx, r));
    AS_TRY(read_impedances(job, r, json_object_get(r->measurement, "EISDataList"), &done));
    if (done) return AS_OK;
    AS_TRY(part_set(job->ctx, values, &p));
    if (p.n == 0 && json_array_size(curves)) return read_plotted(job, r, curves);
    if (p.n == 0) return as_fail(job->ctx, AS_E_MISSING, &r->at, "a measurement without values");
    if (p.n == 1) p.curve[0]->name = "";
    for (size_t i = 0; i < p.n; i++) AS_TRY(emit_curve(job, r, p.curve[i], r->kind));
    return AS_OK;
}

static as_status read_session(as_parse *job, const json_t *root)
{
    reading r = { .at = { .file = job->in->name } };
    const json_t *all = json_object_get(root, "Measurements");
    if (json_array_size(all) == 0)
        return as_fail(job->ctx, AS_E_MISSING, &r.at, "a session without measurements");
    r.several = json_array_size(all) > 1;
    for (size_t i = 0; i < json_array_size(all); i++) {
        r.measurement = json_array_get(all, i);
        AS_TRY(read_measurement(job, &r));
    }
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
                            "ones aside. Each scan of each channel is a series, as is each scan of "
                            "frequencies; without sets the plotted curves are read. Currents are in uA; "
                            "-Z'' becomes `z_imag`, capacitive negative. The currents `miDC`, which "
                            "are in units of their range, are left out. Notes, technique, scan rate and "
                            "limits come from the method.",
             .examples = examples,
             .see_also = see_also },
};
