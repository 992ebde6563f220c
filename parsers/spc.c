/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Galactic (Thermo GRAMS) SPC, binary: one or many spectra, infrared, Raman and others. The second
 * byte tells the version: 0x4B with a header of 512 bytes, 0x4C the same big endian, 0x4D the old
 * one of LabCalc with 256. y are floats, or integers i that mean i * 2^(exponent - bits).
 */
#include <math.h>
#include <string.h>

#include "headings.h"
#include "spectrum.h"

enum { /* flags */
    SHORT_Y = 0x01, MULTI = 0x04, RANDOM_Z = 0x08, ORDERED_Z = 0x10, LABELS = 0x20, OWN_X = 0x40,
    GIVEN_X = 0x80
};
enum { NEW = 0x4b, NEW_BIG = 0x4c, OLD = 0x4d };
enum { HEADER = 512, OLD_HEADER = 256, PART_HEADER = 32, IS_FLOAT = -128 };

typedef struct {
    uint8_t flags, version, x_code, y_code, z_code, experiment;
    int exponent;
    uint32_t points, parts, log_at, planes;
    double first, last, z_step, z_first;
    as_spectrum_kind kind;
    double *x;      /* of all spectra, unless they have their own */
    as_table *head; /* what all spectra share */
} reading;

/* --- codes ------------------------------------------------------------------------- */

typedef struct {
    uint8_t code;
    const char *name, *unit;
} meaning;

static const meaning x_codes[] = {
    { 0, "x", "1" },                 { 1, "wavenumber", "cm-1" },  { 2, "wavelength", "um" },
    { 3, "wavelength", "nm" },       { 4, "time", "s" },           { 5, "time", "min" },
    { 6, "frequency", "Hz" },        { 7, "frequency", "kHz" },    { 8, "frequency", "MHz" },
    { 9, "mass_to_charge", "1" },    { 10, "chemical_shift", "ppm" }, { 11, "time", "day" },
    { 12, "time", "year" },          { 13, "raman_shift", "cm-1" }, { 14, "photon_energy", "eV" },
    { 15, "x", "1" },                { 16, "diode", "1" },         { 17, "channel", "1" },
    { 18, "angle", "deg" },          { 19, "temperature", "degF" }, { 20, "temperature", "degC" },
    { 21, "temperature", "K" },      { 22, "point", "1" },         { 23, "time", "ms" },
    { 24, "time", "us" },            { 25, "time", "ns" },         { 26, "frequency", "GHz" },
    { 27, "length", "cm" },          { 28, "length", "m" },        { 29, "length", "mm" },
    { 30, "time", "h" },             { 255, "point", "1" },
};

static const meaning y_codes[] = {
    { 0, "intensity", "1" },      { 1, "interferogram", "1" }, { 2, "absorbance", "1" },
    { 3, "kubelka_munk", "1" },   { 4, "intensity", "count" }, { 5, "intensity", "V" },
    { 6, "angle", "deg" },        { 7, "current", "mA" },      { 8, "length", "mm" },
    { 9, "intensity", "mV" },     { 10, "log_reflectance", "1" }, { 11, "intensity", "%" },
    { 12, "intensity", "1" },     { 13, "relative_intensity", "1" }, { 14, "energy", "1" },
    { 16, "decibel", "dB" },      { 19, "temperature", "degF" }, { 20, "temperature", "degC" },
    { 21, "temperature", "K" },   { 22, "refractive_index", "1" }, { 23, "extinction", "1" },
    { 24, "real", "1" },          { 25, "imaginary", "1" },    { 26, "complex", "1" },
    { 128, "transmittance", "%" }, { 129, "reflectance", "%" }, { 130, "single_beam", "1" },
    { 131, "emission", "1" },
};

static const meaning *find_code(const meaning *list, size_t n, uint8_t code)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].code == code) return &list[i];
    return NULL;
}

static const char *technique_of(const reading *r)
{
    if (r->experiment == 11 || r->x_code == 13) return "raman";
    if (r->experiment == 7) return "uvvis";
    if (r->experiment == 8) return "xrd";
    if (r->x_code == 1 || r->x_code == 255 || r->y_code == 1) return "ftir";
    return r->x_code == 3 && (r->y_code == 2 || r->y_code == 3 || r->y_code >= 128) ? "uvvis"
                                                                                   : "generic";
}

/* --- probe ----------------------------------------------------------------------------- */

static float head_f32(const as_probe *p, size_t at)
{
    const uint32_t bits = as_head_u32(p, at);
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static uint32_t head_u32_be(const as_probe *p, size_t at)
{
    const uint32_t v = as_head_u32(p, at);
    return v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xff0000) | v << 24;
}

static bool codes_known(uint8_t x, uint8_t y)
{
    return find_code(x_codes, AS_COUNT(x_codes), x) && find_code(y_codes, AS_COUNT(y_codes), y);
}

static int probe(const as_probe *p)
{
    const uint8_t flags = p->head[0], version = p->head[1];
    if (p->is_text || p->n_members || p->size < OLD_HEADER) return AS_PROBE_NO;
    if (version == OLD) {
        const double n = head_f32(p, 4);
        if (!(n >= 1) || n > 1e8 || n != floor(n) || !codes_known(p->head[16], p->head[17]))
            return AS_PROBE_NO;
        return OLD_HEADER + n * (flags & SHORT_Y ? 2 : 4) <= (double)p->file_size ? AS_PROBE_MAGIC
                                                                              : AS_PROBE_PLAUSIBLE;
    }
    if ((version != NEW && version != NEW_BIG) || p->size < HEADER ||
        !codes_known(p->head[28], p->head[29]))
        return AS_PROBE_NO;
    const bool big = version == NEW_BIG;
    const uint64_t n = big ? head_u32_be(p, 4) : as_head_u32(p, 4);
    const uint64_t parts = big ? head_u32_be(p, 24) : as_head_u32(p, 24);
    const uint64_t width = flags & SHORT_Y ? 2 : 4;
    if (n == 0 || parts > 1u << 24) return AS_PROBE_NO;
    if (flags & OWN_X) return AS_PROBE_LIKELY;
    const uint64_t each = PART_HEADER + n * width;
    if (p->file_size >= HEADER + (flags & MULTI ? parts : 1) * each) return AS_PROBE_MAGIC;
    return p->file_size < n ? AS_PROBE_NO : AS_PROBE_PLAUSIBLE;
}

/* --- numbers of either end ------------------------------------------------------------- */

static as_status get_u32(as_parse *job, const reading *r, uint64_t at, uint32_t *out)
{
    return r->version == NEW_BIG ? as_u32be(job->ctx, job->in, at, out)
                                 : as_u32le(job->ctx, job->in, at, out);
}

static as_status get_f32(as_parse *job, const reading *r, uint64_t at, double *out)
{
    return as_numbers_at(job->ctx, job->in, at, 1, 0,
                         r->version == NEW_BIG ? AS_F32BE : AS_F32LE, out, "a number");
}

static as_status get_f64(as_parse *job, const reading *r, uint64_t at, double *out)
{
    return as_numbers_at(job->ctx, job->in, at, 1, 0,
                         r->version == NEW_BIG ? AS_F64BE : AS_F64LE, out, "a number");
}

/* Old files have the two halves of 32 bits changed about. */
static as_status read_swapped(as_parse *job, uint64_t at, size_t n, double *out)
{
    AS_TRY(as_need_bytes(job->ctx, job->in, at, n, 4, "the y values"));
    for (size_t i = 0; i < n; i++) {
        uint16_t high, low;
        AS_TRY(as_u16le(job->ctx, job->in, at + 4 * i, &high));
        AS_TRY(as_u16le(job->ctx, job->in, at + 4 * i + 2, &low));
        out[i] = (double)high * 65536 + low - (high >= 0x8000 ? 4294967296.0 : 0);
    }
    return AS_OK;
}

static as_status read_y(as_parse *job, const reading *r, uint64_t at, size_t n, int exponent,
                        double *out)
{
    const bool big = r->version == NEW_BIG, is_short = (r->flags & SHORT_Y) != 0;
    if (exponent == IS_FLOAT)
        return as_numbers_at(job->ctx, job->in, at, n, 0, big ? AS_F32BE : AS_F32LE, out,
                             "the y values");
    if (is_short)
        AS_TRY(as_numbers_at(job->ctx, job->in, at, n, 0, big ? AS_I16BE : AS_I16LE, out,
                             "the y values"));
    else if (r->version == OLD)
        AS_TRY(read_swapped(job, at, n, out));
    else
        AS_TRY(as_numbers_at(job->ctx, job->in, at, n, 0, big ? AS_I32BE : AS_I32LE, out,
                             "the y values"));
    for (size_t i = 0; i < n; i++) out[i] = ldexp(out[i], exponent - (is_short ? 16 : 32));
    return AS_OK;
}

/* --- header ---------------------------------------------------------------------------- */

static as_status set_date(as_parse *job, as_table *t, unsigned year, unsigned month, unsigned day,
                          unsigned hour, unsigned minute)
{
    const as_where at = as_at_byte(job->in, 32);
    if (year < 1970 || year > 2099 || month < 1 || month > 12 || day < 1 || day > 31 ||
        hour > 23 || minute > 59)
        return AS_OK; /* many programs leave it empty or write something else */
    const char *text = as_format(as_scratch(job->ctx), "%04u-%02u-%02uT%02u:%02u", year, month, day,
                                 hour, minute);
    return text ? as_set_text(job->ctx, t, "measured", text, &at) : AS_ERR;
}

static as_status read_new_head(as_parse *job, reading *r)
{
    uint32_t date;
    int8_t exponent;
    const char *text;
    const as_input *in = job->in;
    const as_where at = as_at_byte(in, 88);
    AS_TRY(as_need_bytes(job->ctx, in, 0, HEADER, 1, "the header"));
    AS_TRY(as_i8(job->ctx, in, 3, &exponent));
    r->experiment = in->data[2];
    r->exponent = exponent;
    r->x_code = in->data[28];
    r->y_code = in->data[29];
    r->z_code = in->data[30];
    AS_TRY(get_u32(job, r, 4, &r->points));
    AS_TRY(get_f64(job, r, 8, &r->first));
    AS_TRY(get_f64(job, r, 16, &r->last));
    AS_TRY(get_u32(job, r, 24, &r->parts));
    AS_TRY(get_u32(job, r, 32, &date));
    AS_TRY(get_u32(job, r, 248, &r->log_at));
    AS_TRY(get_f32(job, r, 312, &r->z_step));
    AS_TRY(get_u32(job, r, 316, &r->planes));
    AS_TRY(set_date(job, r->head, date >> 20, date >> 16 & 15, date >> 11 & 31, date >> 6 & 31,
                    date & 63));
    AS_TRY(as_text_at(job->ctx, in, 88, 130, &text));
    AS_TRY(as_set_text(job->ctx, r->head, "comment", text, &at));
    AS_TRY(as_text_at(job->ctx, in, 36, 9, &text));
    AS_TRY(as_set_text(job->ctx, r->head, "vendor.resolution", text, &at));
    AS_TRY(as_text_at(job->ctx, in, 45, 9, &text));
    return as_set_text(job->ctx, r->head, "vendor.source_instrument", text, &at);
}

static as_status read_old_head(as_parse *job, reading *r)
{
    int16_t exponent;
    uint16_t year;
    double points;
    const char *text;
    const as_input *in = job->in;
    const as_where at = as_at_byte(in, 4), comment = as_at_byte(in, 64);
    AS_TRY(as_need_bytes(job->ctx, in, 0, OLD_HEADER, 1, "the header"));
    AS_TRY(as_i16le(job->ctx, in, 2, &exponent));
    AS_TRY(get_f32(job, r, 4, &points));
    AS_TRY(get_f32(job, r, 8, &r->first));
    AS_TRY(get_f32(job, r, 12, &r->last));
    AS_TRY(as_u16le(job->ctx, in, 18, &year));
    if (!(points >= 1 && points < 4e9) || points != floor(points))
        return as_fail(job->ctx, AS_E_SYNTAX, &at, "%g points, expected a count", points);
    r->points = (uint32_t)points;
    r->exponent = exponent;
    r->x_code = in->data[16];
    r->y_code = in->data[17];
    r->z_code = (uint8_t)(year >> 12);
    AS_TRY(set_date(job, r->head, year & 0xfff, in->data[20], in->data[21], in->data[22],
                    in->data[23]));
    AS_TRY(as_text_at(job->ctx, in, 64, 130, &text));
    return as_set_text(job->ctx, r->head, "comment", text, &comment);
}

/* "Wavenumber (cm-1)" in place of a code that says nothing. */
static as_status use_labels(as_parse *job, reading *r, uint64_t at)
{
    const char *text, *second;
    const as_where where = as_at_byte(job->in, at);
    as_heading h;
    AS_TRY(as_text_at(job->ctx, job->in, at, 30, &text));
    AS_TRY(as_set_text(job->ctx, r->head, "vendor.x_label", text, &where));
    if (*text && (r->x_code == 0 || r->x_code == 15)) {
        AS_TRY(as_heading_of(job->ctx, text, NULL, &h));
        if (h.known) r->kind.x = h.name, r->kind.x_unit = h.unit.symbol;
    }
    const void *nul = memchr(job->in->data + at, 0, 30);
    const uint64_t next = nul ? (uint64_t)((const unsigned char *)nul - job->in->data) + 1 : at + 30;
    if (next >= at + 30) return AS_OK;
    AS_TRY(as_text_at(job->ctx, job->in, next, at + 30 - next, &second));
    return as_set_text(job->ctx, r->head, "vendor.y_label", second, &where);
}

static as_status choose_axes(as_parse *job, reading *r)
{
    const as_where where = as_at_byte(job->in, r->version == OLD ? 16 : 28);
    const meaning *x = find_code(x_codes, AS_COUNT(x_codes), r->x_code);
    const meaning *y = find_code(y_codes, AS_COUNT(y_codes), r->y_code);
    if (!x || !y)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "unit codes %u and %u, expected those of SPC",
                       r->x_code, r->y_code);
    r->kind = (as_spectrum_kind){ x->name, x->unit, y->name, y->unit, technique_of(r) };
    if (r->x_code == 1 && r->experiment == 11) r->kind.x = "raman_shift";
    if (r->x_code == 18 && r->experiment == 8) r->kind.x = "two_theta";
    return r->flags & LABELS ? use_labels(job, r, r->version == OLD ? 194 : 218) : AS_OK;
}

/* The axis all spectra share: given, or even between the ends. */
static as_status read_axis(as_parse *job, reading *r, uint64_t *at)
{
    const as_where where = as_at_byte(job->in, *at);
    if (r->flags & OWN_X) return AS_OK;
    const size_t width = r->flags & SHORT_Y && r->exponent != IS_FLOAT ? 2 : 4;
    AS_TRY(as_need_bytes(job->ctx, job->in, *at, r->points, width, "the y values"));
    r->x = AS_NEW_N(as_scratch(job->ctx), double, r->points);
    if (!r->x) return AS_ERR;
    if (r->flags & GIVEN_X) {
        AS_TRY(as_numbers_at(job->ctx, job->in, *at, r->points, 0,
                             r->version == NEW_BIG ? AS_F32BE : AS_F32LE, r->x, "the x values"));
        *at += 4 * (uint64_t)r->points;
        return AS_OK;
    }
    if (!isfinite(r->first) || !isfinite(r->last))
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "an axis from %g to %g", r->first, r->last);
    for (uint32_t i = 0; i < r->points; i++)
        r->x[i] = i + 1 == r->points ? r->last
                                     : r->first + i * (r->last - r->first) / (r->points - 1);
    return AS_OK;
}

/* --- the log ------------------------------------------------------------------------------ */

static const as_known logged[] = {
    { "LASER (NM)", "laser_wavelength", "nm" }, { "GRATING", "grating", NULL },
    { "OBJECTIV", "objective", NULL },          { "OBJECTIVE", "objective", NULL },
    { "INSTRUMENT", "instrument", NULL },       { "MODEL", "instrument", NULL },
    { "DETECTOR", "detector", NULL },           { "DET", "detector", NULL },
    { "APOD", "apodization", NULL },            { "Apodization", "apodization", NULL },
    { "Operator", "operator", NULL },           { "SCANS", "accumulations", "1" },
};

/* Lines "KEY=VALUE" behind a head whose third word is where they begin. A log that is not there is
 * no loss of data. */
static as_status read_log(as_parse *job, reading *r)
{
    uint32_t size, text_at;
    const char *text;
    if (r->log_at < HEADER) return AS_OK;
    if ((uint64_t)r->log_at + 64 > job->in->size) {
        const as_where where = as_at_byte(job->in, job->in->size);
        as_warn(job->ctx, NULL, &where, "the log begins at byte %u, beyond the end: the file may be cut",
                r->log_at);
        return AS_OK;
    }
    AS_TRY(get_u32(job, r, r->log_at, &size));
    AS_TRY(get_u32(job, r, r->log_at + 8, &text_at));
    const uint64_t from = (uint64_t)r->log_at + text_at;
    uint64_t to = (uint64_t)r->log_at + size;
    if (to > job->in->size) {
        const as_where end = as_at_byte(job->in, job->in->size);
        as_warn(job->ctx, NULL, &end, "the log goes on to byte %llu: the file may be cut",
                (unsigned long long)to);
        to = job->in->size;
    }
    if (text_at < 64 || from >= to) return AS_OK;
    const as_where where = as_at_byte(job->in, from);
    AS_TRY(as_text_at(job->ctx, job->in, from, to - from, &text));
    for (const char *line = text; *line; line += strcspn(line, "\r\n"), line += strspn(line, "\r\n")) {
        const size_t n = strcspn(line, "\r\n"), key = strcspn(line, "=");
        if (key == 0 || key >= n) continue;
        const char *name = as_trim(as_scratch(job->ctx), line, key);
        const char *value = as_trim(as_scratch(job->ctx), line + key + 1, n - key - 1);
        if (!name || !value) return AS_ERR;
        if (*name && *value) AS_TRY(as_set_measure(job->ctx, r->head, logged, AS_COUNT(logged), name, value,
                                  &where));
    }
    return AS_OK;
}

/* --- spectra ------------------------------------------------------------------------------ */

static as_status set_z(as_parse *job, reading *r, as_table *t, uint32_t i, uint64_t header)
{
    double z, next, w;
    const as_where where = as_at_byte(job->in, header + 4);
    const meaning *unit = find_code(x_codes, AS_COUNT(x_codes), r->z_code);
    AS_TRY(get_f32(job, r, header + 4, &z));
    AS_TRY(get_f32(job, r, header + 8, &next));
    AS_TRY(get_f32(job, r, header + 24, &w));
    if (!(r->flags & MULTI)) return AS_OK;
    AS_TRY(as_set_value(job->ctx, t, "index", i, "1", &where));
    if (i == 0) {
        r->z_first = z;
        if (r->z_step == 0) r->z_step = next - z;
    }
    if (!(r->flags & (RANDOM_Z | ORDERED_Z)) && isfinite(r->z_step) && r->z_step != 0)
        z = r->z_first + i * r->z_step;
    const char *key = unit && strcmp(unit->name, "time") == 0 ? "time" : "z";
    if (r->planes) AS_TRY(as_set_value(job->ctx, t, "vendor.w", w, "1", &where));
    return as_set_value(job->ctx, t, key, z, unit && r->z_code != 12 ? unit->unit : "1", &where);
}

/* Transmittance and reflectance are written as per cent or as fractions: none above 1.5 are. */
static void settle_scale(as_table *t)
{
    as_column *y = t->column[1];
    if (strcmp(y->unit.symbol, "%") != 0) return;
    for (size_t i = 0; i < t->rows; i++)
        if (y->v.f[i] > 1.5) return;
    y->unit = AS_UNITLESS;
}

/* The spectrum whose header stands at *at; *at moves behind it. */
static as_status read_part(as_parse *job, reading *r, uint32_t i, uint64_t *at)
{
    int8_t own;
    uint32_t n = r->points;
    const bool big = r->version == NEW_BIG;
    const uint64_t header = *at;
    AS_TRY(as_need_bytes(job->ctx, job->in, header, PART_HEADER, 1, "the header of a spectrum"));
    AS_TRY(as_i8(job->ctx, job->in, header + 1, &own));
    if (r->flags & OWN_X) AS_TRY(get_u32(job, r, header + 16, &n));
    const int exponent = r->flags & MULTI ? own : r->exponent;
    const uint64_t width = r->flags & SHORT_Y && exponent != IS_FLOAT ? 2 : 4;
    *at += PART_HEADER;
    AS_TRY(as_need_bytes(job->ctx, job->in, *at, n, (size_t)width + (r->flags & OWN_X ? 4 : 0),
                         "the spectrum"));
    as_table *t = as_new_spectrum(job->ctx, n, &r->kind);
    if (!t) return AS_ERR;
    if (r->flags & OWN_X) {
        AS_TRY(as_numbers_at(job->ctx, job->in, *at, n, 0, big ? AS_F32BE : AS_F32LE,
                             t->column[0]->v.f, "the x values"));
        *at += 4 * (uint64_t)n;
    } else {
        memcpy(t->column[0]->v.f, r->x, n * sizeof *r->x);
    }
    AS_TRY(read_y(job, r, *at, n, exponent, t->column[1]->v.f));
    *at += n * width;
    settle_scale(t);
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    AS_TRY(set_z(job, r, t, i, header));
    return as_emit(job->out, job->ctx, t);
}

/* Spectra with their own x have a directory: entries of offset, size and z. */
static as_status read_parts(as_parse *job, reading *r, uint64_t at)
{
    const bool listed = r->flags & OWN_X && r->flags & MULTI && r->points > HEADER &&
                        r->points + 12 * (uint64_t)r->parts <= job->in->size;
    const as_where where = as_at_byte(job->in, 24);
    if (r->flags & MULTI && r->parts == 0 && r->version != OLD)
        return as_fail(job->ctx, AS_E_MISSING, &where, "the file holds no spectrum");
    const uint32_t parts = r->version == OLD ? UINT32_MAX : r->flags & MULTI ? r->parts : 1;
    for (uint32_t i = 0; i < parts; i++) {
        uint32_t there;
        if (listed) {
            AS_TRY(get_u32(job, r, r->points + 12 * (uint64_t)i, &there));
            at = there;
        }
        if (read_part(job, r, i, &at) != AS_OK)
            return as_while(job->ctx, "reading spectrum %u", i + 1);
        if (r->version == OLD && (!(r->flags & MULTI) || at == job->in->size)) break;
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading r = { .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    AS_TRY(as_u8(job->ctx, job->in, 0, &r.flags));
    AS_TRY(as_u8(job->ctx, job->in, 1, &r.version));
    const as_where where = as_at_byte(job->in, 1);
    if (r.version != NEW && r.version != NEW_BIG && r.version != OLD)
        return as_fail(job->ctx, AS_E_FORMAT, &where, "version 0x%02x, expected 0x4b, 0x4c or 0x4d",
                       r.version);
    /* the header of an old file's first spectrum is the end of the file's own */
    uint64_t at = r.version == OLD ? OLD_HEADER - PART_HEADER : HEADER;
    AS_TRY(r.version == OLD ? read_old_head(job, &r) : read_new_head(job, &r));
    AS_TRY(choose_axes(job, &r));
    AS_TRY(read_axis(job, &r, &at));
    AS_TRY(read_log(job, &r));
    return read_parts(job, &r, at);
}

static const char *const suffixes[] = { "spc", NULL };
static const char *const techniques[] = { "ftir", "raman", "uvvis", "xrd", "generic", NULL };
static const char *const see_also[] = { "renishaw-wdf", NULL };

const as_parser as_parser_galactic_spc = {
    .name = "galactic-spc",
    .title = "Galactic/Thermo GRAMS SPC, new, big endian and old",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published description of the format, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of the SPC format",
             .description =
                 "Binary. The header has the number of points, the ends of an even axis or the flag "
                 "of a given one, codes of what stands along x, y and z, and a date; each spectrum "
                 "has a header of its own with its z. Every spectrum becomes one series with `time` "
                 "or `z` as metadata; lines of the log go under vendor.\n\n"
                 "y are floats or integers with a common exponent; files whose spectra have "
                 "their own x are read too. The format does not say whether transmittance is per "
                 "cent: it is called so when a value is above 1.5.",
             .see_also = see_also },
};
