/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Potentiostat data as two makers' text: BioLogic EC-Lab (.mpt: the count of header lines, the
 * technique, settings, then the columns as name/unit) and Autolab Nova or GPES (lines of key and
 * value, then the columns with units in brackets), both parted by tabs.
 */
#include <math.h>
#include <string.h>

#include "exporter.h"

typedef struct {
    char unused;
} no_settings;

static const as_param params[] = { AS_PARAMS_END };

typedef struct place {
    const char *name, *unit, *title;
    double sign;
} place;

static const place biologic_places[] = {
    { "frequency", "Hz", "freq/Hz", 1 },
    { "z_real", "Ohm", "Re(Z)/Ohm", 1 },
    { "z_imag", "Ohm", "-Im(Z)/Ohm", -1 },
    { "z_modulus", "Ohm", "|Z|/Ohm", 1 },
    { "z_phase", "deg", "Phase(Z)/deg", 1 },
    { "step", "1", "Ns", 1 },
    { "time", "s", "time/s", 1 },
    { "potential", "V", "Ewe/V", 1 },
    { "current", "mA", "<I>/mA", 1 },
    { "cycle", "1", "cycle number", 1 },
};
static const place nova_places[] = {
    { "frequency", "Hz", "Frequency (Hz)", 1 },
    { "z_real", "Ohm", "Z' (\316\251)", 1 },
    { "z_imag", "Ohm", "-Z'' (\316\251)", -1 },
    { "z_modulus", "Ohm", "Z (\316\251)", 1 },
    { "z_phase", "deg", "-Phase (\302\260)", -1 },
    { "time", "s", "Time (s)", 1 },
    { "potential", "V", "WE(1).Potential (V)", 1 },
    { "current", "A", "WE(1).Current (A)", 1 },
    { "cycle", "1", "Scan", 1 },
};
enum { PLACES = 10 };

typedef struct columns {
    size_t n;
    const as_column *c[PLACES];
    as_unit unit[PLACES];
    const place *place[PLACES];
} columns;

static as_status columns_of(as_export_job *job, const as_table *t, size_t n, const place *places,
                            columns *out)
{
    bool whole = true;
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        const as_column *found = as_find_name(t, places[i].name);
        const as_unit to = as_unit_of(places[i].unit);
        if (!found || found->type != AS_F64 || !as_unit_same_dimension(&found->unit, &to)) continue;
        out->c[out->n] = found;
        out->unit[out->n] = to;
        out->place[out->n++] = &places[i];
    }
    for (size_t i = 0; i < t->n_columns; i++) {
        bool kept = false;
        for (size_t k = 0; k < out->n; k++) kept = kept || out->c[k] == t->column[i];
        if (!kept && (t->column[i]->role == AS_ROLE_X || t->column[i]->role == AS_ROLE_Y))
            return as_fail(job->ctx, AS_E_UNIT, NULL,
                           "%s holds time, potential, current and impedance; found %s in %s",
                           job->exporter->name, t->column[i]->name, t->column[i]->unit.symbol);
        whole = whole && kept;
    }
    if (whole) job->kept |= AS_KEEPS_COLUMNS;
    return AS_OK;
}

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m && m->text && *m->text ? m->text : NULL;
}

/* The names that EC-Lab gives them, so that the kind of the data is known again. */
static const char *technique_of(const as_table *t)
{
    const char *said = text_of(t, "technique_name");
    if (said) return said;
    if (as_find_name(t, "z_imag")) return "Potentio Electrochemical Impedance Spectroscopy";
    if (as_find_name(t, "potential") && as_find_role(t, AS_ROLE_X) == as_find_name(t, "potential"))
        return as_find_name(t, "cycle") ? "Cyclic Voltammetry" : "Linear Sweep Voltammetry";
    return "Chronoamperometry / Chronocoulometry";
}

/* One line of the header, without line ends inside; `lines` counts them. */
static as_status header_line(as_ctx *ctx, const char **text, size_t *lines, const char *key,
                             const char *value)
{
    char *clean = as_strdup(as_scratch(ctx), value);
    if (!clean) return AS_ERR;
    for (char *c = clean; *c; c++)
        if ((unsigned char)*c < 0x20) *c = ' ';
    *text = as_format(as_scratch(ctx), "%s%s%s\n", *text, key, clean);
    ++*lines;
    return *text ? AS_OK : AS_ERR;
}

static as_status number_line(as_ctx *ctx, const as_table *t, const char **text, size_t *lines,
                             const char *key, const char *meta, const char *unit,
                             const char *behind)
{
    const as_meta *m = as_get_meta(t, meta);
    const as_unit to = as_unit_of(unit);
    if (!m || isnan(m->number)) return AS_OK;
    const char *value =
        as_format(as_scratch(ctx), "%.9g%s", as_unit_convert(m->number, &m->unit, &to), behind);
    return value ? header_line(ctx, text, lines, key, value) : AS_ERR;
}

/* What stands between "Nb header lines" and the columns. */
static as_status header_of(as_ctx *ctx, const as_table *t, const char **text, size_t *lines)
{
    static const char *const texts[][2] = { { "Device : ", "instrument" },
                                            { "Electrode material : ", "sample" },
                                            { "Reference electrode : ", "reference_electrode" } };
    const char *simulated = text_of(t, "simulated"), *comment = text_of(t, "comment");
    *text = "";
    AS_TRY(header_line(ctx, text, lines, "", ""));
    AS_TRY(header_line(ctx, text, lines, "", technique_of(t)));
    AS_TRY(header_line(ctx, text, lines, "", ""));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *value = text_of(t, texts[i][1]);
        if (value) AS_TRY(header_line(ctx, text, lines, texts[i][0], value));
    }
    AS_TRY(number_line(ctx, t, text, lines, "Electrode surface area : ", "electrode_area", "cm2",
                       " cm2"));
    if (simulated)
        AS_TRY(header_line(ctx, text, lines, "Comments : simulated: ", simulated));
    else if (comment)
        AS_TRY(header_line(ctx, text, lines, "Comments : ", comment));
    if (!as_get_meta(t, "scan_rate")) return AS_OK;
    AS_TRY(number_line(ctx, t, text, lines, "dE/dt               ", "scan_rate", "mV/s", ""));
    return header_line(ctx, text, lines, "dE/dt unit          ", "mV/s");
}

static as_status only_one(as_export_job *job)
{
    if (job->done)
        return as_fail(job->ctx, AS_E_FORMAT, NULL,
                       "%s holds one series; choose with `assay select`", job->exporter->name);
    return AS_OK;
}

static void put_rows(as_text_out *o, const as_table *t, const columns *c)
{
    for (size_t k = 0; k < c->n; k++) {
        as_out_text(o, c->place[k]->title);
        as_out_text(o, k + 1 < c->n ? "\t" : "\n");
    }
    for (size_t i = 0; i < t->rows; i++)
        for (size_t k = 0; k < c->n; k++) {
            const double v = as_unit_convert(c->c[k]->v.f[i], &c->c[k]->unit, &c->unit[k]);
            as_out_number(o, c->place[k]->sign * v);
            as_out_text(o, k + 1 < c->n ? "\t" : "\n");
        }
}

static as_status put_biologic(as_export_job *job, const as_table *t)
{
    columns c;
    const char *header;
    size_t lines = 3; /* the first two and that of the columns */
    AS_TRY(only_one(job));
    AS_TRY(
        columns_of(job, t, sizeof biologic_places / sizeof *biologic_places, biologic_places, &c));
    AS_TRY(header_of(job->ctx, t, &header, &lines));
    as_out_text(job->out, "EC-Lab ASCII FILE\nNb header lines : ");
    as_out_number(job->out, (double)lines);
    as_out_text(job->out, "\n");
    as_out_text(job->out, header);
    put_rows(job->out, t, &c);
    return AS_OK;
}

static as_status put_nova(as_export_job *job, const as_table *t)
{
    const char *simulated = text_of(t, "simulated"), *comment = text_of(t, "comment"),
               *sample = text_of(t, "sample");
    const char *text = "";
    columns c;
    size_t lines = 0;
    AS_TRY(only_one(job));
    AS_TRY(columns_of(job, t, sizeof nova_places / sizeof *nova_places, nova_places, &c));
    if (sample) AS_TRY(header_line(job->ctx, &text, &lines, "Sample\t", sample));
    if (simulated)
        AS_TRY(header_line(job->ctx, &text, &lines, "Remarks\tsimulated: ", simulated));
    else if (comment)
        AS_TRY(header_line(job->ctx, &text, &lines, "Remarks\t", comment));
    as_out_text(job->out, text);
    put_rows(job->out, t, &c);
    return AS_OK;
}

static const as_example examples_biologic[] = {
    { "an impedance spectrum for a program that reads EC-Lab's text",
      "assay select --series 0:0 tests/corpus/echem/blocking.ecsv | assay convert --to "
      "biologic-mpt "
      "| head -n 9" },
    { 0 }
};
static const as_example examples_nova[] = {
    { "the same for a program that reads Nova's tables",
      "assay select --series 0:0 tests/corpus/echem/blocking.ecsv | assay convert --to nova-txt | "
      "head -n 4" },
    { 0 }
};
static const char *const see_also[] = { "convert", "simulate-eis", "simulate-voltammetry", NULL };

const as_exporter as_exporter_biologic_mpt = {
    .name = "biologic-mpt",
    .suffix = "mpt",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS,
    .settings_size = sizeof(no_settings),
    .params = params,
    .each = put_biologic,
    .doc = { .summary = "text as BioLogic EC-Lab exports it",
             .description = "Time, potential, current, cycle and impedance have columns; "
                            "technique, area and material of the "
                            "electrode, reference electrode, scan rate and comment are kept. One "
                            "series a file.",
             .examples = examples_biologic,
             .see_also = see_also },
};

const as_exporter as_exporter_nova_txt = {
    .name = "nova-txt",
    .suffix = "txt",
    .keeps = AS_KEEPS_UNITS,
    .settings_size = sizeof(no_settings),
    .params = params,
    .each = put_nova,
    .doc = { .summary = "text as Autolab Nova and GPES export it",
             .description = "Time, potential, current, scan and impedance have columns; sample and "
                            "comment stand above them. One "
                            "series a file.",
             .examples = examples_nova,
             .see_also = see_also },
};
