/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .dsp of Thermo VISIONlite and PerkinElmer Lambda-SPX: text, one value a line in fixed order. Lines 5 to 12 say what
 * is in it (unit of x, first and last x, step, points, unit of y, least and most y); the instrument stands above its
 * revision ("v4,60 v4,80", "Rev. 9B/9C"), below which is its number; behind #DATA stand the ordinates. Decimal commas
 * and dates such as 30,05,2011 by the system's language.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"
#include "number.h"

enum { TITLE = 4, X_UNIT, FIRST, LAST, STEP, POINTS, Y_UNIT, LEAST, MOST, OPERATOR = 14, COMMENT, DATE, STATED };

typedef struct dsp_head {
    const char *text[STATED];
    const char *instrument, *revision, *number, *software; /* NULL: not in it */
    as_where where;                                        /* of the points */
} dsp_head;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const char *end = as_starts(head, "sinacsa") ? head + strlen("sinacsa") : NULL;
    const bool first = end && *(end + strspn(end, " \t\r")) == '\n';
    return p->is_text && first && as_find_text(head, "\n#DATA") && as_find_text(head, "Scan Version ")
               ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

static bool read_number(const char *text, double *out)
{
    return as_read_number(text, strlen(text), strchr(text, ',') ? ',' : '.', out);
}

static bool is_revision(const char *text)
{
    return as_starts(text, "Rev. ") || (text[0] == 'v' && text[1] >= '0' && text[1] <= '9');
}

/* Lines from 17 on: what stands above and below the revision, and the program. */
static as_status read_rest(as_parse *job, as_lines *it, dsp_head *h)
{
    const char *above = "";
    for (;;) {
        as_line line;
        AS_TRY(as_need_line(job->ctx, it, &line, "#DATA"));
        if (as_starts(line.text, "#DATA")) return AS_OK;
        const char *text = as_trim(as_scratch(job->ctx), line.text, line.length);
        if (!text) return AS_ERR;
        if (h->revision && !h->number) h->number = text;
        if (!h->revision && *above && is_revision(text)) {
            h->instrument = above;
            h->revision = text;
        }
        if (!h->software && as_find_text(text, "Scan Version ")) h->software = text;
        above = text;
    }
}

static as_status read_head(as_parse *job, as_lines *it, dsp_head *h)
{
    as_line line;
    for (size_t i = 1; i < STATED; i++) {
        AS_TRY(as_need_line(job->ctx, it, &line, "sixteen lines of settings"));
        if (!(h->text[i] = as_trim(as_scratch(job->ctx), line.text, line.length))) return AS_ERR;
        if (i == POINTS) h->where = line.where;
    }
    return read_rest(job, it, h);
}

static as_status set_head_meta(as_parse *job, as_table *t, const dsp_head *h)
{
    const struct { const char *key, *text; } known[] = {
        { "sample", h->text[TITLE] }, { "operator", h->text[OPERATOR] }, { "comment", h->text[COMMENT] },
        { "instrument", h->instrument }, { "software", h->software },
        { "serial_number", h->number && strspn(h->number, "0123456789") == strlen(h->number) ? h->number : NULL },
    };
    char *date = as_strdup(as_scratch(job->ctx), h->text[DATE]);
    if (!date) return AS_ERR;
    for (char *c = date; *c && *c != ' '; c++)
        if (*c == ',') *c = '.'; /* the day before the month */
    for (size_t i = 0; i < AS_COUNT(known); i++)
        if (known[i].text && known[i].text[0])
            AS_TRY(as_set_meta(job->ctx, t, known[i].key, known[i].text, NULL, NULL));
    if (h->revision) AS_TRY(as_set_vendor(job->ctx, t, "revision", h->revision, NULL));
    return date[0] ? as_set_measured(job->ctx, t, date, false, NULL) : AS_OK;
}

static as_status read_ordinates(as_parse *job, as_lines *it, as_table *t)
{
    double *y = t->column[1]->v.f;
    for (size_t i = 0; i < t->rows; i++) {
        as_line line;
        AS_TRY(as_need_line(job->ctx, it, &line, "an ordinate for each of the points"));
        if (!read_number(as_trim(as_scratch(job->ctx), line.text, line.length), &y[i]))
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected an ordinate", line.text);
    }
    return AS_OK;
}

static void check(as_parse *job, as_table *t, const double *v, const as_where *where)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < t->rows; i++) {
        low = fmin(low, t->column[1]->v.f[i]);
        high = fmax(high, t->column[1]->v.f[i]);
    }
    if (fabs(low - v[LEAST]) > 1e-3 * fabs(high) || fabs(high - v[MOST]) > 1e-3 * fabs(high))
        as_warn(job->ctx, t, where, "y from %g to %g, but the head says %g to %g", low, high, v[LEAST], v[MOST]);
}

static as_status parse(as_parse *job)
{
    static const int numbers[] = { FIRST, LAST, STEP, POINTS, LEAST, MOST };
    dsp_head h = { .instrument = NULL };
    double v[STATED];
    as_lines it = { .in = job->in };
    AS_TRY(read_head(job, &it, &h));
    for (size_t i = 0; i < AS_COUNT(numbers); i++)
        if (!read_number(h.text[numbers[i]], &v[numbers[i]]))
            return as_fail(job->ctx, AS_E_SYNTAX, &h.where, "line %d: '%.40s', expected a number", numbers[i],
                           h.text[numbers[i]]);
    if (!(v[POINTS] >= 1 && v[POINTS] <= (double)job->in->size) || v[POINTS] != floor(v[POINTS]) ||
        fabs(fabs(v[LAST] - v[FIRST]) - (v[POINTS] - 1) * fabs(v[STEP])) > 0.01 * fabs(v[STEP]))
        return as_fail(job->ctx, AS_E_SYNTAX, &h.where, "%g points do not lead from %g to %g in steps of %g",
                       v[POINTS], v[FIRST], v[LAST], v[STEP]);
    const as_ir_axis x = as_ir_x(h.text[X_UNIT]), y = as_ir_y(h.text[Y_UNIT]);
    as_table *t = as_new_ir(job->ctx, (size_t)v[POINTS], v[FIRST], v[LAST], &x, &y);
    if (!t) return AS_ERR;
    AS_TRY(read_ordinates(job, &it, t));
    check(job, t, v, &h.where);
    AS_TRY(set_head_meta(job, t, &h));
    t->technique = "uvvis";
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "dsp", NULL };
static const char *const techniques[] = { "uvvis", NULL };
static const as_example examples[] = {
    { "an absorption spectrum", "assay read tests/corpus/ftir/visionlite.dsp" }, { 0 }
};
static const char *const see_also[] = { "delimited", NULL };

const as_parser as_parser_visionlite_dsp = {
    .name = "visionlite-dsp",
    .title = "Thermo VISIONlite and PerkinElmer Lambda-SPX spectrum",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of VISIONlite and Lambda-SPX (.dsp)",
             .description =
                 "Lines in fixed order: the sample, the unit of x, its ends and step, the points, the unit of y, "
                 "its ends, the operator, a comment, the date; the instrument above its revision and number; the "
                 "program; behind #DATA the ordinates, with decimal point or comma. "
                 "Points that do not lead from the first x to the last refuse the file.",
             .examples = examples,
             .see_also = see_also },
};
