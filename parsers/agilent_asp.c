/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agilent .asp (MicroLab, Resolutions Pro): one number a line: the points, the first and last wavenumber, codes of
 * x and y as Galactic SPC has them (1 is cm-1, 2 absorbance), the resolution in cm-1, then the ordinates.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"
#include "number.h"
#include "text_end.h"

enum { POINTS, FIRST, LAST, X_CODE, Y_CODE, RESOLUTION, STATED };

static bool is_code(double v)
{
    return v >= 0 && v <= 255 && v == floor(v);
}

/* Wavenumbers of infrared spectrometers, and steps that these make; an even axis of cm-1. */
static bool is_head(const double v[STATED])
{
    const double low = fmin(v[FIRST], v[LAST]), high = fmax(v[FIRST], v[LAST]);
    const double step = (high - low) / (v[POINTS] - 1);
    return v[POINTS] >= 16 && v[POINTS] < 1e7 && v[POINTS] == floor(v[POINTS]) && low > 10 && high < 20000 &&
           step > 0.01 && step < 40 && v[X_CODE] == 1 && is_code(v[Y_CODE]) && v[RESOLUTION] >= 0.05 &&
           v[RESOLUTION] <= 256;
}

/* Lines of one number and nothing else, at most `most`; how many there are in `size` bytes. */
static size_t read_lines_of(const char *at, size_t size, size_t most, double *out)
{
    const char *const end = at + size;
    size_t n = 0;
    while (n < most && at < end) {
        const size_t length = strcspn(at, "\r\n");
        if (!as_read_number(at, length, '.', &out[n])) break;
        n++;
        at += length;
        at += (*at == '\r') + (at[*at == '\r'] == '\n');
    }
    return n;
}

static int probe(const as_probe *p)
{
    double v[STATED + 8];
    if (!p->is_text) return AS_PROBE_NO;
    const char *head = (const char *)p->head;
    return read_lines_of(head, strlen(head), STATED + 8, v) == STATED + 8 && is_head(v) ? AS_PROBE_PLAUSIBLE
                                                                                           : AS_PROBE_NO;
}

static as_status read_number_line(as_parse *job, as_lines *it, const char *expected, double *out)
{
    as_line line;
    size_t cursor = 0;
    AS_TRY(as_need_line(job->ctx, it, &line, expected));
    AS_TRY(as_need_number(job->ctx, it, &line, &cursor, out, expected));
    return as_line_numbers(it, &line, 0, NULL) == 1
               ? AS_OK : as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected one number", line.text);
}

static as_ir_axis y_of(double code)
{
    return code == 2 ? as_ir_y("ABSORBANCE") : code == 128 ? as_ir_y("%T") : as_ir_y("ARBITRARY");
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    double v[STATED];
    for (size_t i = 0; i < STATED; i++)
        AS_TRY(read_number_line(job, &it, "points, ends, codes and resolution", &v[i]));
    const as_where where = { .file = job->in->name, .line = 1 };
    if (!is_head(v) || v[POINTS] > (double)job->in->size)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "%g points from %g to %g cm-1 are no infrared spectrum",
                       v[POINTS], v[FIRST], v[LAST]);
    const as_ir_axis x = as_ir_x("1/CM"), y = y_of(v[Y_CODE]);
    as_table *t = as_new_ir(job->ctx, (size_t)v[POINTS], v[FIRST], v[LAST], &x, &y);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++)
        AS_TRY(read_number_line(job, &it, "an ordinate for each of the points", &t->column[1]->v.f[i]));
    as_line line;
    while (as_next_line(job->ctx, &it, &line) == AS_ITEM)
        if (line.length)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "more ordinates than %g points", v[POINTS]);
    if (v[Y_CODE] != 2 && v[Y_CODE] != 128)
        as_warn(job->ctx, t, &where, "what y is (code %g) is not known: read as an intensity", v[Y_CODE]);
    t->technique = "ftir";
    AS_TRY(as_set_value(job->ctx, t, "resolution", v[RESOLUTION], "cm-1", &where));
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "asp", NULL };
static const char *const techniques[] = { "ftir", NULL };
static const as_example examples[] = {
    { "an absorbance spectrum", "assay read tests/corpus/ftir/agilent.asp" }, { 0 }
};
static const char *const see_also[] = { "agilent-fpa", "delimited", NULL };

const as_parser as_parser_agilent_asp = {
    .name = "agilent-asp",
    .title = "Agilent infrared spectrum, text (.asp)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read .asp spectra of Agilent's infrared programs",
             .description =
                 "One number a line: points, first and last wavenumber, codes of x and y, resolution, then the "
                 "ordinates, as many as the first line says. Code 2 is absorbance, 128 %T; y of any other code is an "
                 "intensity, with a warning.",
             .examples = examples,
             .see_also = see_also },
};
