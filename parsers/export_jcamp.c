/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JCAMP-DX 5.01: (X++(Y..Y)) where x is even, else (XY..XY); several series are a compound file.
 * Ordinates are written in free format, as exact as they are, or packed as DIFDUP.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "asdf_write.h"
#include "exporter.h"
#include "infrared.h"
#include "number.h"

typedef struct jcamp_settings {
    int form;
} jcamp_settings;

enum { FREE, PACKED };

static const as_choice forms[] = { { "affn", FREE, "numbers as they are" },
                                   { "difdup", PACKED, "differences of whole numbers, packed" },
                                   { 0 } };
static const as_param params[] = {
    AS_CHOICE(jcamp_settings, form, "form", "affn", forms, "how ordinates are written"),
    AS_PARAMS_END
};

/* --- header ----------------------------------------------------------------------------- */
typedef struct spelling {
    const char *column, *unit, *word;
} spelling;

static const spelling x_spellings[] = {
    { "wavenumber", "cm-1", "1/CM" },      { "raman_shift", "cm-1", "1/CM" },
    { "wavelength", "nm", "NANOMETERS" },  { "wavelength", "um", "MICROMETERS" },
    { "time", "s", "SECONDS" },            { "time", "min", "MINUTES" },
    { "frequency", "Hz", "HZ" },           { "chemical_shift", "ppm", "PPM" },
    { "mass_to_charge", "1", "M/Z" },      { "two_theta", "deg", "2THETA" },
    { "position", "1", "ARBITRARY UNITS" },
};
static const spelling y_spellings[] = {
    { "absorbance", "1", "ABSORBANCE" },      { "transmittance", "1", "TRANSMITTANCE" },
    { "transmittance", "%", "%TRANSMITTANCE" }, { "reflectance", "1", "REFLECTANCE" },
    { "reflectance", "%", "%REFLECTANCE" },   { "kubelka_munk", "1", "KUBELKA-MUNK" },
    { "single_beam", "1", "SINGLE BEAM" },    { "interferogram", "1", "INTERFEROGRAM" },
    { "photoacoustic", "1", "PHOTOACOUSTIC" }, { "log_inverse_reflectance", "1", "LOG(1/R)" },
    { "intensity", "count", "COUNTS" },       { "intensity", "V", "VOLTS" },
    { "intensity", "count/s", "COUNTS/S" },
    { "intensity", "1", "ARBITRARY UNITS" },
};

static const char *word_of(const spelling *s, size_t n, const as_column *c)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(s[i].column, c->name) == 0 && strcmp(s[i].unit, c->unit.symbol) == 0)
            return s[i].word;
    return strcmp(c->unit.symbol, "1") == 0 ? "ARBITRARY UNITS" : c->unit.symbol;
}

/* Text of a record: what would begin a comment or a record is parted. */
static void put_text(as_text_out *o, const char *text)
{
    for (; *text; text++) {
        const bool mark = (text[0] == '$' && text[1] == '$') || (text[0] == '#' && text[1] == '#');
        as_out_bytes(o, (unsigned char)*text < 0x20 && *text != '\n' ? " " : text, 1);
        if (mark) as_out_text(o, " ");
    }
}

static void put_label(as_text_out *o, const char *label, const char *value)
{
    as_out_text(o, "##");
    as_out_text(o, label);
    as_out_text(o, "= ");
    put_text(o, value);
    as_out_text(o, "\n");
}

static void put_number(as_text_out *o, const char *label, double value)
{
    as_out_text(o, "##");
    as_out_text(o, label);
    as_out_text(o, "= ");
    as_out_number(o, value);
    as_out_text(o, "\n");
}

static const char *text_of(const as_table *t, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    return m && m->text ? m->text : "";
}

static const char *data_type(const as_table *t, const as_column *y)
{
    const char *technique = t->technique ? t->technique : "";
    if (strcmp(technique, "ftir") == 0)
        return strcmp(y->name, "interferogram") == 0 ? "INFRARED INTERFEROGRAM"
                                                      : "INFRARED SPECTRUM";
    if (strcmp(technique, "raman") == 0) return "RAMAN SPECTRUM";
    if (strcmp(technique, "uvvis") == 0) return "UV/VIS SPECTRUM";
    if (strcmp(technique, "xrd") == 0) return "X-RAY DIFFRACTION";
    return strcmp(technique, "xps") == 0 ? "X-RAY PHOTOELECTRON SPECTRUM" : "SPECTRUM";
}

/* Labels of the protocol that a file may have had. */
static const char *own_label(const char *key)
{
    static const char *const labels[][2] = {
        { "vendor.ORIGIN", "ORIGIN" },           { "vendor.OWNER", "OWNER" },
        { "vendor.NAMES", "NAMES" },             { "vendor.CASREGISTRYNO", "CAS REGISTRY NO" },
        { "vendor.MOLFORM", "MOLFORM" },         { "vendor.STATE", "STATE" },
        { "vendor.PATHLENGTH", "PATH LENGTH" },  { "sample", "SAMPLE DESCRIPTION" },
        { "instrument", "SPECTROMETER/DATA SYSTEM" }, { "comment", "COMMENTS" },
        { "vendor.DATAPROCESSING", "DATA PROCESSING" },
        { "vendor.SAMPLINGPROCEDURE", "SAMPLING PROCEDURE" },
        { "vendor.INSTRUMENTPARAMETERS", "INSTRUMENT PARAMETERS" },
        { "vendor.SOURCEREFERENCE", "SOURCE REFERENCE" },
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(key, labels[i][0]) == 0) return labels[i][1];
    return NULL;
}

/* Written elsewhere, or about the file that was read. */
static bool is_done(const char *key)
{
    static const char *const keys[] = { "measured", "y_meaning", "software", "vendor.TITLE",
                                        "vendor.DATATYPE", "vendor.DATACLASS", "vendor.JCAMPDX",
                                        "vendor.ORIGIN", "vendor.OWNER", "vendor.BLOCKID" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0) return true;
    return as_starts(key, "source.");
}

static void put_meta(as_text_out *o, const as_table *t)
{
    for (size_t i = 0; i < t->n_meta; i++) {
        const as_meta *m = &t->meta[i];
        const char *label = own_label(m->key), *key = m->key;
        if (is_done(key) || !m->text) continue;
        if (strcmp(key, "resolution") == 0 && strcmp(m->unit.symbol, "cm-1") == 0)
            label = "RESOLUTION";
        as_out_text(o, "##");
        if (!label && as_starts(key, "vendor.")) key += strlen("vendor.");
        if (!label && key[0] != '$') as_out_text(o, "$");
        as_out_text(o, label ? label : key);
        as_out_text(o, "= ");
        put_text(o, m->text);
        if (!label && !isnan(m->number) && strcmp(m->unit.symbol, "1") != 0) {
            as_out_text(o, " ");
            put_text(o, m->unit.symbol);
        }
        as_out_text(o, "\n");
    }
}

/* "2020-06-16T10:11:29Z" as "2020/06/16 10:11:29Z". */
static void put_date(as_text_out *o, const char *iso)
{
    char text[40];
    const size_t n = strlen(iso);
    if (n < 10 || n >= sizeof text || iso[4] != '-' || iso[7] != '-') {
        if (n > 0) put_label(o, "$MEASURED", iso);
        return;
    }
    memcpy(text, iso, n + 1);
    text[4] = text[7] = '/';
    if (text[10] == 'T') text[10] = ' ';
    put_label(o, "LONGDATE", text);
}

/* What the words for the axes do not say of a column: its name and unit as they are, to be read back. */
static void put_column(as_text_out *o, const as_table *t, const char *label, const as_column *c,
                       const as_ir_axis *read)
{
    const bool raman = t->technique && strcmp(t->technique, "raman") == 0;
    const char *name = raman && strcmp(read->column, "wavenumber") == 0 ? "raman_shift" : read->column;
    if (strcmp(name, c->name) == 0 && strcmp(read->unit, c->unit.symbol) == 0) return;
    as_out_text(o, "##$");
    as_out_text(o, label);
    as_out_text(o, "= ");
    put_text(o, c->name);
    as_out_text(o, ", ");
    put_text(o, c->unit.symbol);
    as_out_text(o, "\n");
}

static void put_axes(as_text_out *o, const as_table *t, const as_column *x, const as_column *y)
{
    const char *x_word = word_of(x_spellings, sizeof x_spellings / sizeof *x_spellings, x);
    const char *y_word = word_of(y_spellings, sizeof y_spellings / sizeof *y_spellings, y);
    const as_ir_axis x_read = as_ir_x(x_word), y_read = as_ir_y(y_word);
    put_column(o, t, "X COLUMN", x, &x_read);
    put_column(o, t, "Y COLUMN", y, &y_read);
    put_label(o, "XUNITS", x_word);
    put_label(o, "YUNITS", y_word);
}

static void put_header(as_export_job *job, const as_table *t, const as_column *x,
                       const as_column *y, bool even)
{
    as_text_out *o = job->out;
    const char *origin = text_of(t, "vendor.ORIGIN"), *owner = text_of(t, "vendor.OWNER");
    put_label(o, "TITLE", t->label ? t->label : t->name ? t->name : "");
    as_out_text(o, "##JCAMP-DX= 5.01 $$ assay " ASSAY_VERSION "\n");
    put_label(o, "DATA TYPE", data_type(t, y));
    put_label(o, "DATA CLASS", even ? "XYDATA" : "XYPOINTS");
    put_label(o, "ORIGIN", origin[0] ? origin : "unknown");
    put_label(o, "OWNER", owner[0] ? owner : "unknown");
    put_date(o, text_of(t, "measured"));
    put_meta(o, t);
    put_axes(o, t, x, y);
}

/* --- values --------------------------------------------------------------------------------- */
static bool is_even(const double *x, size_t n)
{
    if (n < 2) return false;
    const double step = (x[n - 1] - x[0]) / (double)(n - 1);
    for (size_t i = 0; i < n; i++)
        if (!(fabs(x[i] - (x[0] + (double)i * step)) <= 1e-7 * fabs(step))) return false;
    return step != 0;
}

/* A factor that makes all y whole numbers: a power of ten where that is exact, else the one that
 * spreads the largest over 31 bits. */
static double factor_of(const double *y, size_t n, bool *exact)
{
    static const double tens[] = { 1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, fabs(y[i]));
    *exact = true;
    for (size_t k = 0; k < sizeof tens / sizeof *tens && most * tens[k] < 2147483647.0; k++) {
        size_t i = 0;
        while (i < n && (isnan(y[i]) || round(y[i] * tens[k]) / tens[k] == y[i])) i++;
        if (i == n) return 1 / tens[k];
    }
    *exact = false;
    return most > 0 && isfinite(most) ? most / 2147483647.0 : 1;
}

static void put_extremes(as_text_out *o, const as_column *x, const as_column *y, size_t n)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, y->v.f[i]);
        high = fmax(high, y->v.f[i]);
    }
    put_number(o, "FIRSTX", x->v.f[0]);
    put_number(o, "LASTX", x->v.f[n - 1]);
    put_number(o, "NPOINTS", (double)n);
    if (!isnan(y->v.f[0])) put_number(o, "FIRSTY", y->v.f[0]);
    if (low > high) return;
    put_number(o, "MAXY", high);
    put_number(o, "MINY", low);
}

static void put_zeros(as_text_out *o, int n)
{
    while (n-- > 0) as_out_bytes(o, "0", 1);
}

/* Without an exponent: within a table E and e are digits of the packed forms to many readers. The
 * digits and the exponent of 1.25e-07 become 0.000000125. */
static void put_plain(as_text_out *o, double v)
{
    char text[AS_NUMBER_MAX], digit[AS_NUMBER_MAX];
    const size_t n = as_write_number(v, text);
    const char *e = memchr(text, 'e', n);
    double exponent;
    if (!e || !as_read_number(e + 1, n - (size_t)(e + 1 - text), '.', &exponent)) {
        as_out_bytes(o, text, n);
        return;
    }
    int n_digits = 0, point = 0; /* digits before the point, after the shift */
    for (const char *c = text; c < e; c++) {
        if (*c == '.') point = n_digits;
        if (*c >= '0' && *c <= '9') digit[n_digits++] = *c;
    }
    point = (memchr(text, '.', (size_t)(e - text)) ? point : n_digits) + (int)exponent;
    if (v < 0) as_out_text(o, "-");
    if (point <= 0) as_out_text(o, "0.");
    if (point <= 0) put_zeros(o, -point);
    for (int i = 0; i < n_digits; i++) {
        if (i > 0 && i == point) as_out_text(o, ".");
        as_out_bytes(o, &digit[i], 1);
    }
    put_zeros(o, point - n_digits);
}

static void put_value(as_text_out *o, double v)
{
    if (isnan(v)) as_out_text(o, "?");
    else put_plain(o, v);
}

static void put_points(as_text_out *o, const as_column *x, const as_column *y, size_t n)
{
    as_out_text(o, "##XYPOINTS= (XY..XY)\n");
    for (size_t i = 0; i < n; i++) {
        put_value(o, x->v.f[i]);
        as_out_text(o, ", ");
        put_value(o, y->v.f[i]);
        as_out_text(o, "\n");
    }
}

static void put_free(as_text_out *o, const as_column *x, const as_column *y, size_t n)
{
    enum { PER_LINE = 5, MOST = 24 };
    as_out_text(o, "##XYDATA= (X++(Y..Y))\n");
    for (size_t i = 0; i < n; i++) {
        if (i % PER_LINE == 0) {
            if (i) as_out_text(o, "\n");
            put_plain(o, x->v.f[i]);
        }
        as_out_text(o, " ");
        put_value(o, y->v.f[i]);
    }
    as_out_text(o, "\n");
}

static as_status put_packed(as_export_job *job, const as_column *x, const as_column *y, size_t n,
                            double factor)
{
    double *whole = AS_NEW_N(as_scratch(job->ctx), double, n);
    as_asdf_writer w = { .out = job->out, .n = n, .x_first = x->v.f[0],
                         .x_step = (x->v.f[n - 1] - x->v.f[0]) / (double)(n - 1), .y = whole };
    if (!whole) return AS_ERR;
    for (size_t i = 0; i < n; i++) whole[i] = round(y->v.f[i] / factor);
    as_out_text(job->out, "##XYDATA= (X++(Y..Y))\n");
    as_write_difdup(&w);
    return AS_OK;
}

static as_status put_block(as_export_job *job, const as_table *t)
{
    const jcamp_settings *set = job->settings;
    const as_column *x = as_need(job->ctx, t, AS_ROLE_X);
    const as_column *y = x ? as_need(job->ctx, t, AS_ROLE_Y) : NULL;
    as_text_out *o = job->out;
    if (!y) return AS_ERR;
    if (x->type != AS_F64 || y->type != AS_F64 || t->rows == 0)
        return as_fail(job->ctx, AS_E_MISSING, NULL, "JCAMP-DX holds one curve of numbers; '%s' "
                       "has %zu rows", t->name ? t->name : "series", t->rows);
    for (size_t i = 0; i < t->rows; i++)
        if (!isfinite(x->v.f[i]) || isinf(y->v.f[i]))
            return as_fail(job->ctx, AS_E_NUMERIC, NULL, "JCAMP-DX has no way to write an infinite "
                           "value or a missing x (row %zu)", i + 1);
    const bool even = is_even(x->v.f, t->rows);
    bool exact = true;
    const double factor = set->form == PACKED && even ? factor_of(y->v.f, t->rows, &exact) : 1;
    if (!exact)
        as_warn(job->ctx, NULL, NULL, "'%s': y is rounded to steps of %g",
                t->label ? t->label : t->name ? t->name : "series", factor);
    put_header(job, t, x, y, even);
    put_number(o, "XFACTOR", 1);
    put_number(o, "YFACTOR", factor);
    put_extremes(o, x, y, t->rows);
    if (!even) put_points(o, x, y, t->rows);
    else if (set->form == FREE) put_free(o, x, y, t->rows);
    else AS_TRY(put_packed(job, x, y, t->rows, factor));
    as_out_text(o, "##END=\n");
    return AS_OK;
}

static as_status all(as_export_job *job, size_t n, const as_table *const *t)
{
    as_text_out *o = job->out;
    if (n > 1) {
        as_out_text(o, "##TITLE= \n##JCAMP-DX= 5.01\n##DATA TYPE= LINK\n##BLOCKS= ");
        as_out_unsigned(o, n + 1);
        as_out_text(o, "\n##ORIGIN= unknown\n##OWNER= unknown\n");
    }
    for (size_t i = 0; i < n; i++) AS_TRY(put_block(job, t[i]));
    if (n > 1) as_out_text(o, "##END=\n");
    return AS_OK;
}

static const as_example examples[] = {
    { "a spectrum for a program that reads JCAMP-DX",
      "assay read tests/corpus/ftir/affn.jdx | assay convert --to jcamp | tail -n 4" },
    { "the same, packed", "assay read tests/corpus/ftir/affn.jdx | assay convert --to jcamp "
                          "--form difdup | tail -n 4" },
    { 0 }
};
static const char *const references[] = {
    "McDonald & Wilks 1988, Appl. Spectrosc. 42, 151, doi:10.1366/0003702884428734", NULL
};
static const char *const see_also[] = { "convert", NULL };

const as_exporter as_exporter_jcamp = {
    .name = "jcamp",
    .suffix = "jdx",
    .keeps = AS_KEEPS_META | AS_KEEPS_UNITS,
    .settings_size = sizeof(jcamp_settings),
    .params = params,
    .all = all,
    .doc = { .summary = "JCAMP-DX 5.01, one curve or a compound of several",
             .description =
                 "Where x is even, XYDATA=(X++(Y..Y)), else XYPOINTS=(XY..XY). In free format y is "
                 "exact; packed (DIFDUP) it is made of whole numbers: exact where up to nine "
                 "decimals hold it, else rounded to 31 bits of the largest, with a warning.\n\n"
                 "Metadata that the format has no label for are written as `##$KEY`, columns that its "
                 "units do not name (pressure, potential) as `##$X COLUMN` and `##$Y COLUMN`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
