/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Andor Solis .sif: lines of text, texts with their length before them, then 32-bit floats. The
 * number of lines depends on the version; what cannot be mistaken is the block of geometry,
 * "Pixel number" followed by lines of whole numbers, and what stands before it.
 */
#include <math.h>
#include <string.h>

#include "number.h"
#include "spectrum.h"

enum { MOST_FRAMES = 1 << 24 };
static const char magic[] = "Andor Technology Multi-Channel File";

static int probe(const as_probe *p)
{
    return p->size > sizeof magic && memcmp(p->head, magic, sizeof magic - 1) == 0
               ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

/* A place in the bytes, going forward by lines and words. */
typedef struct {
    as_parse *job;
    uint64_t at;
} cursor;

static uint64_t line_end(const cursor *c)
{
    const as_input *in = c->job->in;
    const void *nl = memchr(in->data + c->at, '\n', in->size - (size_t)c->at);
    return nl ? (uint64_t)((const unsigned char *)nl - in->data) : in->size;
}

/* The numbers of the line at the cursor, at most `room`; the cursor moves behind it. */
static size_t line_numbers(cursor *c, size_t room, double *out)
{
    const uint64_t end = line_end(c);
    const char *text = (const char *)c->job->in->data;
    size_t n = 0;
    uint64_t at = c->at;
    while (n < room) {
        while (at < end && ((unsigned char)text[at] <= ' ')) at++;
        const size_t used = at < end ? as_scan_number(text + at, (size_t)(end - at), '.', &out[n]) : 0;
        if (used == 0) break;
        at += used;
        n++;
    }
    c->at = end < c->job->in->size ? end + 1 : end;
    return n;
}

static as_status need_numbers(cursor *c, size_t n, double *out, const char *what)
{
    const as_where where = as_at_byte(c->job->in, c->at);
    return line_numbers(c, n, out) == n
               ? AS_OK : as_fail(c->job->ctx, AS_E_SYNTAX, &where, "expected %zu numbers: %s", n, what);
}

typedef struct {
    double c[4];           /* x = sum of c[i] p^i, pixels from 1 */
    uint64_t frames, subs, width, data_at;
    uint32_t height[64];   /* rows of each sub-image */
    double laser;
    const char *x_name, *y_name;
    as_table *head;
} reading;

/* "11\nWavelength32\nCounts (Bg ...)12\nPixel number": each text behind its length. */
static as_status get_text(cursor *c, const char **out)
{
    double n;
    const as_where where = as_at_byte(c->job->in, c->at);
    AS_TRY(need_numbers(c, 1, &n, "the length of a text"));
    if (!(n >= 0 && n <= 4096) || n != floor(n))
        return as_fail(c->job->ctx, AS_E_SYNTAX, &where, "a text of %g letters", n);
    AS_TRY(as_text_at(c->job->ctx, c->job->in, c->at, (uint64_t)n, out));
    c->at += (uint64_t)n;
    return AS_OK;
}

/* The first "Pixel number" behind `from` that whole numbers of a geometry follow. */
static bool find_geometry(const as_input *in, uint64_t from, uint64_t *at)
{
    static const char mark[] = "Pixel number65";
    for (uint64_t i = from; i + sizeof mark < in->size; i++)
        if (in->data[i] == 'P' && memcmp(in->data + i, mark, sizeof mark - 1) == 0) {
            *at = i;
            return true;
        }
    return false;
}

/* Where the text that ends before `end` begins with its line "LENGTH\n": going back. */
static bool step_back(const as_input *in, uint64_t end, uint64_t *line, uint64_t *text)
{
    for (uint64_t n = 0; n < 200 && end > n + 2; n++) {
        const uint64_t start = end - n;
        double length;
        if (in->data[start - 1] != '\n') continue;
        uint64_t from = start - 1;
        while (from > 0 && start - 1 - from < 4 && in->data[from - 1] >= '0' && in->data[from - 1] <= '9')
            from--;
        if (from == start - 1) continue;
        for (uint64_t f = from; f < start - 1; f++) { /* digits of what stands before may join */
            as_scan_number((const char *)in->data + f, (size_t)(start - 1 - f), '.', &length);
            if (length != (double)n || n == 0) continue;
            *line = f;
            *text = start;
            return true;
        }
    }
    return false;
}

/* --- settings ------------------------------------------------------------------------------------ */

static as_status read_settings(cursor *c, reading *r)
{
    double v[13] = { 0 };
    const char *text;
    as_ctx *ctx = c->job->ctx;
    const as_where where = as_at_byte(c->job->in, c->at);
    line_numbers(c, 0, NULL); /* the magic */
    line_numbers(c, 0, NULL);
    const uint64_t line = c->at;
    if (line_numbers(c, 6, v) < 6)
        return as_fail(ctx, AS_E_SYNTAX, &where, "no version, time and temperature in line 3");
    const char *date = as_utc_text(ctx, (int64_t)(fabs(v[4]) < 1e11 ? v[4] : 0));
    if (!date) return AS_ERR;
    if (v[4] > 0) AS_TRY(as_set_text(ctx, r->head, "measured", date, &where));
    if (v[5] > -273) AS_TRY(as_set_value(ctx, r->head, "vendor.detector_temperature", v[5], "degC", &where));
    /* further on the line has words of control characters between its numbers */
    cursor again = { c->job, line };
    const size_t n = line_numbers(&again, 13, v);
    if (n >= 11 && v[7] > 0 && v[10] >= 1 && v[10] == floor(v[10])) {
        AS_TRY(as_set_value(ctx, r->head, "exposure", v[7], "s", &where));
        AS_TRY(as_set_value(ctx, r->head, "accumulations", v[10], "1", &where));
    }
    AS_TRY(as_text_at(ctx, c->job->in, c->at, line_end(c) - c->at, &text));
    return as_set_text(ctx, r->head, "detector", text, &where);
}

/* Before the axes' names: the polynomial, two lines, the excitation, and three counts. */
static as_status read_calibration(cursor *c, uint64_t names, reading *r)
{
    const as_input *in = c->job->in;
    uint64_t lines[7], at = names;
    for (size_t i = 0; i < 7; i++) { /* where the last seven lines before the names begin */
        if (at == 0) return AS_OK;
        at--;
        while (at > 0 && in->data[at - 1] != '\n') at--;
        lines[i] = at;
    }
    double v[5];
    cursor here = { c->job, lines[3] };
    if (line_numbers(&here, 5, v) == 1 && v[0] > 0) r->laser = v[0];
    here.at = lines[6];
    if (line_numbers(&here, 5, v) == 4) memcpy(r->c, v, sizeof r->c);
    return AS_OK;
}

/* --- geometry and data ----------------------------------------------------------------------------- */

/* Behind "Pixel number": detector format, x, y ..., frames, sub-images, total, length of one. */
static as_status read_geometry(cursor *c, reading *r)
{
    double v[9], area[7];
    const as_where where = as_at_byte(c->job->in, c->at);
    AS_TRY(need_numbers(c, 9, v, "geometry of the frames"));
    if (!(v[5] >= 1 && v[5] <= MOST_FRAMES) || !(v[6] >= 1 && v[6] <= 64))
        return as_fail(c->job->ctx, AS_E_SYNTAX, &where, "%g frames of %g images", v[5], v[6]);
    r->frames = (uint64_t)v[5];
    r->subs = (uint64_t)v[6];
    for (uint64_t s = 0; s < r->subs; s++) {
        const as_where at = as_at_byte(c->job->in, c->at);
        AS_TRY(need_numbers(c, 7, area, "the area of an image"));
        const double width = (area[3] - area[1] + 1) / area[6], height = (area[2] - area[4] + 1) / area[5];
        if (!(width >= 1 && width <= 65536 && height >= 1 && height <= 65536))
            return as_fail(c->job->ctx, AS_E_SYNTAX, &at, "an image of %g times %g points", width, height);
        if (s && (uint64_t)width != r->width)
            return as_fail(c->job->ctx, AS_E_FORMAT, &at, "images of different widths are not supported");
        r->width = (uint64_t)width;
        r->height[s] = (uint32_t)height;
    }
    return AS_OK;
}

/* The data are as many floats as the geometry says; between lie one line for each frame and perhaps
 * more. What follows the data differs, so their beginning is found going forward. */
static as_status find_data(cursor *c, reading *r)
{
    uint64_t rows = 0;
    for (uint64_t s = 0; s < r->subs; s++) rows += r->height[s];
    const as_where where = as_at_byte(c->job->in, c->at);
    for (uint64_t f = 0; f < r->frames; f++) /* time stamps */
        if (line_numbers(c, 1, (double[1]){ 0 }) != 1)
            return as_fail(c->job->ctx, AS_E_SYNTAX, &where, "no time stamp of frame %llu",
                           (unsigned long long)f + 1);
    /* a flag; 1: a line for each frame follows */
    double flag;
    cursor ahead = *c;
    const uint64_t end = line_end(&ahead);
    if (end - ahead.at <= 2 && line_numbers(&ahead, 1, &flag) == 1 && (flag == 0 || flag == 1)) {
        *c = ahead;
        for (uint64_t f = 0; flag == 1 && f < r->frames; f++) {
            double v;
            if (line_numbers(c, 1, &v) != 1)
                return as_fail(c->job->ctx, AS_E_SYNTAX, &where, "no line of frame %llu",
                               (unsigned long long)f + 1);
        }
    }
    r->data_at = c->at;
    return as_need_bytes(c->job->ctx, c->job->in, r->data_at, r->frames * rows, r->width * 4,
                         "the spectra");
}

static as_status emit_row(cursor *c, const reading *r, uint64_t at, uint64_t frame, uint64_t row)
{
    as_spectrum_kind kind = { "pixel", "1", "intensity", "1", NULL };
    const bool calibrated = r->c[1] != 0 && !(r->c[0] == 0 && r->c[1] == 1);
    as_ctx *ctx = c->job->ctx;
    const as_where where = as_at_byte(c->job->in, at);
    if (calibrated) kind.x = "wavelength", kind.x_unit = "nm";
    if (as_starts(r->y_name, "Counts"))
        kind.y_unit = as_find_text(r->y_name, "per sec") ? "count/s" : "count";
    as_table *t = as_new_spectrum(ctx, r->width, &kind);
    if (!t) return AS_ERR;
    double *x = t->column[0]->v.f;
    for (uint64_t i = 0; i < r->width; i++) {
        const double p = (double)i + 1;
        x[i] = calibrated ? r->c[0] + p * (r->c[1] + p * (r->c[2] + p * r->c[3])) : p;
    }
    AS_TRY(as_numbers_at(ctx, c->job->in, at, r->width, 0, AS_F32LE, t->column[1]->v.f, "a spectrum"));
    AS_TRY(as_copy_meta(ctx, t, r->head));
    if (r->frames > 1) AS_TRY(as_set_value(ctx, t, "index", (double)frame, "1", &where));
    if (r->height[0] > 1 || r->subs > 1)
        AS_TRY(as_set_value(ctx, t, "vendor.row", (double)row, "1", &where));
    return as_emit(c->job->out, ctx, t);
}

static as_status parse(as_parse *job)
{
    cursor c = { job, 0 };
    reading r = { .head = as_table_new(job->ctx, 0) };
    uint64_t mark, line3, text3, line2, text2, line1, text1, rows = 0;
    const as_where end = as_at_byte(job->in, job->in->size);
    if (!r.head) return AS_ERR;
    AS_TRY(read_settings(&c, &r));
    if (!find_geometry(job->in, c.at, &mark))
        return as_fail(job->ctx, AS_E_TRUNCATED, &end, "no geometry of frames before the file ends");
    const as_where where = as_at_byte(job->in, mark);
    if (!step_back(job->in, mark + 12, &line3, &text3) || !step_back(job->in, line3, &line2, &text2) ||
        !step_back(job->in, line2, &line1, &text1))
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "no names of the axes before the geometry");
    c.at = line1;
    AS_TRY(get_text(&c, &r.x_name));
    AS_TRY(get_text(&c, &r.y_name));
    AS_TRY(as_set_text(job->ctx, r.head, "vendor.frame_axis", r.x_name, &where));
    AS_TRY(as_set_text(job->ctx, r.head, "vendor.data_type", r.y_name, &where));
    AS_TRY(read_calibration(&c, line1, &r));
    if (r.laser > 0) AS_TRY(as_set_value(job->ctx, r.head, "laser_wavelength", r.laser, "nm", &where));
    c.at = mark + 12;
    AS_TRY(read_geometry(&c, &r));
    AS_TRY(find_data(&c, &r));
    for (uint64_t s = 0; s < r.subs; s++) rows += r.height[s];
    for (uint64_t f = 0; f < r.frames; f++)
        for (uint64_t row = 0; row < rows; row++)
            AS_TRY(emit_row(&c, &r, r.data_at + 4 * r.width * (f * rows + row), f, row));
    return AS_OK;
}

static const char *const suffixes[] = { "sif", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { "princeton-spe", NULL };

const as_parser as_parser_andor_sif = {
    .name = "andor-sif",
    .title = "Andor Solis .sif",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published descriptions, observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of Andor Solis",
             .description =
                 "Lines of settings, the calibration polynomial (pixels counted from 1), the "
                 "excitation, the geometry of the frames, then 32-bit floats. Each row of each frame "
                 "becomes one series along the wavelength in nm, or along the pixel where there is no "
                 "calibration. A frame axis called Raman shift is named in "
                 "`vendor.frame_axis`; the polynomial is in nm all the same.",
             .see_also = see_also },
};
