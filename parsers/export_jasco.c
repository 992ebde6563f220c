/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JASCO-like text: the header, rows and sections that JASCO's Spectra Manager exports, for programs
 * that read those. Decimal points, commas between the columns; x and y with all their digits.
 */
#include <math.h>
#include <string.h>

#include "exporter.h"

typedef struct {
    char unused;
} jasco_settings;

static const as_param params[] = { AS_PARAMS_END };

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m ? m->text : NULL;
}

/* Separators and line ends have no place in a value. */
static void put_line(as_text_out *o, const char *key, const char *value)
{
    as_out_text(o, key);
    as_out_bytes(o, ",", 1);
    for (const char *c = value ? value : ""; *c; c++)
        as_out_bytes(o, (unsigned char)*c < 0x20 ? " " : c, 1);
    as_out_bytes(o, "\n", 1);
}

static void put_number(as_text_out *o, const char *key, double value)
{
    as_out_text(o, key);
    as_out_bytes(o, ",", 1);
    as_out_number(o, value);
    as_out_bytes(o, "\n", 1);
}

static void put_measure(as_text_out *o, const as_table *t, const char *key, const char *meta,
                        const char *unit)
{
    const as_meta *m = as_get_meta(t, meta);
    const as_unit to = as_unit_of(unit);
    const double v = m ? as_unit_convert(m->number, &m->unit, &to) : NAN;
    if (isnan(v)) return;
    as_out_text(o, key);
    as_out_bytes(o, ",", 1);
    as_out_number(o, v);
    if (strcmp(unit, "1") != 0) {
        as_out_bytes(o, " ", 1);
        as_out_text(o, strcmp(unit, "s") == 0 ? "sec" : unit);
    }
    as_out_bytes(o, "\n", 1);
}

typedef struct {
    const char *column, *unit, *written;
} spelling;

static const char *spelt(const spelling *list, const as_column *c)
{
    for (; list->column; list++) {
        const as_unit unit = as_unit_of(list->unit);
        if (strcmp(list->column, c->name) == 0 && as_unit_same_dimension(&unit, &c->unit) &&
            unit.factor == c->unit.factor)
            return list->written;
    }
    return NULL;
}

static const char *x_unit(const as_column *x)
{
    static const spelling list[] = { { "raman_shift", "cm-1", "1/CM" },
                                     { "wavenumber", "cm-1", "1/CM" },
                                     { "wavelength", "nm", "NANOMETERS" },
                                     { NULL, NULL, NULL } };
    return spelt(list, x);
}

static const char *y_unit(const as_column *y)
{
    static const spelling list[] = { { "absorbance", "1", "ABSORBANCE" },
                                     { "transmittance", "%", "TRANSMITTANCE" },
                                     { "reflectance", "%", "REFLECTANCE" },
                                     { "single_beam", "1", "SB" },
                                     { "intensity", "1", "INTENSITY" },
                                     { "intensity", "count", "INTENSITY" },
                                     { NULL, NULL, NULL } };
    return spelt(list, y);
}

/* "2024-12-03T12:57:40Z" as the lines DATE and TIME want it. */
static void put_date(as_text_out *o, const as_table *t)
{
    const char *m = text_of(t, "measured");
    const bool date = m && strlen(m) >= 10 && m[4] == '-' && m[7] == '-';
    as_out_text(o, "DATE,");
    if (date) {
        as_out_bytes(o, m + 2, 2);
        as_out_bytes(o, "/", 1);
        as_out_bytes(o, m + 5, 2);
        as_out_bytes(o, "/", 1);
        as_out_bytes(o, m + 8, 2);
    }
    put_line(o, "\nTIME", date && m[10] == 'T' ? m + 11 : "");
}

static void put_header(as_text_out *o, const as_table *t, const as_column *x, const as_column *y)
{
    const char *name = text_of(t, "sample");
    const size_t n = t->rows;
    put_line(o, "TITLE", name ? name : t->label ? t->label : t->name);
    put_line(o, "DATA TYPE", strcmp(x->name, "raman_shift") == 0  ? "RAMAN SPECTRUM"
                             : strcmp(x->name, "wavenumber") == 0 ? "INFRARED SPECTRUM" : "");
    put_line(o, "ORIGIN", text_of(t, "simulated") ? "assay, simulated" : "assay");
    put_line(o, "OWNER", text_of(t, "operator"));
    put_date(o, t);
    put_line(o, "SPECTROMETER/DATA SYSTEM", text_of(t, "instrument"));
    put_line(o, "XUNITS", x_unit(x));
    put_line(o, "YUNITS", y_unit(y));
    put_number(o, "FIRSTX", n ? x->v.f[0] : NAN);
    put_number(o, "LASTX", n ? x->v.f[n - 1] : NAN);
    put_number(o, "NPOINTS", (double)n);
    as_out_text(o, "XYDATA\n");
}

static void put_footer(as_text_out *o, const as_table *t)
{
    static const struct { const char *key, *meta, *unit; } lines[] = {
        { "Sample name", "sample", NULL },       { "Comment", "comment", NULL },
        { "Simulated", "simulated", NULL },      { "Exposure", "exposure", "s" },
        { "Accumulation", "accumulations", "1" }, { "Laser wavelength", "laser_wavelength", "nm" },
        { "Grating", "grating", NULL },          { "Resolution", "resolution", "cm-1" },
        { "Objective lens", "objective", NULL }, { "Laser power", "laser_power", "mW" },
        { "Light source", "light_source", NULL }, { "Detector", "detector", NULL },
        { "Apodization", "apodization", NULL },
    };
    as_out_text(o, "\n##### Extended Information\n[Measurement Information]\n");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i].unit)
            put_measure(o, t, lines[i].key, lines[i].meta, lines[i].unit);
        else if (text_of(t, lines[i].meta))
            put_line(o, lines[i].key, text_of(t, lines[i].meta));
    }
}

static as_status each(as_export_job *job, const as_table *t)
{
    as_text_out *o = job->out;
    const as_column *x = as_need(job->ctx, t, AS_ROLE_X), *y = x ? as_need(job->ctx, t, AS_ROLE_Y) : NULL;
    if (!y) return AS_ERR;
    if (job->done)
        return as_fail(job->ctx, AS_E_USAGE, NULL, "jasco holds one spectrum: choose one by select");
    if (!x_unit(x) || !y_unit(y))
        return as_fail(job->ctx, AS_E_UNIT, NULL,
                       "jasco holds intensity in counts, absorbance, and transmittance or "
                       "reflectance in %%, over cm-1 or nm; found %s (%s) over %s (%s)",
                       y->name, y->unit.symbol, x->name, x->unit.symbol);
    put_header(o, t, x, y);
    for (size_t i = 0; i < t->rows; i++) {
        as_out_number(o, x->v.f[i]);
        as_out_bytes(o, ",", 1);
        if (isnan(y->v.f[i]))
            as_out_text(o, "-1.17549E-038");
        else
            as_out_number(o, y->v.f[i]);
        as_out_bytes(o, "\n", 1);
    }
    put_footer(o, t);
    return AS_OK;
}

static const as_example examples[] = {
    { "a Raman spectrum for a program that reads JASCO's text",
      "assay read tests/corpus/raman/jasco.csv | assay convert --to jasco | head -n 20" },
    { 0 }
};
static const char *const see_also[] = { "convert", "jasco-txt", NULL };

const as_exporter as_exporter_jasco = {
    .name = "jasco",
    .suffix = "csv",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS,
    .settings_size = sizeof(jasco_settings),
    .params = params,
    .each = each,
    .doc = { .summary = "text as JASCO's Spectra Manager exports it, one spectrum",
             .description =
                 "TITLE to XYDATA, rows `x,y`, and a section with exposure, accumulations, laser, "
                 "grating, objective, resolution, light source, detector and comment; other "
                 "metadata have no place. x is a Raman shift, a wavenumber or a wavelength in nm; y an intensity, "
                 "absorbance, transmittance or reflectance in per cent, or a single beam. nan is "
                 "written as JASCO writes a missing value. Several series are refused.",
             .examples = examples,
             .see_also = see_also },
};
