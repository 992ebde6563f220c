/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thermo VISIONlite .dsp: text, one value a line in fixed order. Lines 5 to 12 say what is in it (unit of x, first
 * and last x, step, points, unit of y, least and most y); behind #DATA stand the ordinates. Decimal commas and dates
 * such as 30,05,2011 by the system's language.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"
#include "number.h"

enum { TITLE = 4, X_UNIT, FIRST, LAST, STEP, POINTS, Y_UNIT, LEAST, MOST, OPERATOR = 14, DATE = 16, STATED };

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const char *end = as_starts(head, "sinacsa") ? head + strlen("sinacsa") : NULL;
    const bool first = end && *(end + strspn(end, " \t\r")) == '\n';
    return p->is_text && first && as_find_text(head, "\n#DATA") && as_find_text(head, "VISIONlite")
               ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

static bool read_number(const char *text, double *out)
{
    return as_read_number(text, strlen(text), strchr(text, ',') ? ',' : '.', out);
}

static as_status read_head(as_parse *job, as_lines *it, const char *text[STATED], as_where *where)
{
    as_line line;
    for (size_t i = 1; i < STATED; i++) {
        AS_TRY(as_need_line(job->ctx, it, &line, "sixteen lines of settings"));
        if (!(text[i] = as_trim(as_scratch(job->ctx), line.text, line.length))) return AS_ERR;
        if (i == POINTS) *where = line.where;
    }
    do AS_TRY(as_need_line(job->ctx, it, &line, "#DATA")); while (!as_starts(line.text, "#DATA"));
    return AS_OK;
}

static as_status set_head_meta(as_parse *job, as_table *t, const char *const text[STATED])
{
    char *date = as_strdup(as_scratch(job->ctx), text[DATE]);
    if (!date) return AS_ERR;
    for (char *c = date; *c && *c != ' '; c++)
        if (*c == ',') *c = '.'; /* the day before the month */
    if (text[TITLE][0]) AS_TRY(as_set_meta(job->ctx, t, "sample", text[TITLE], NULL, NULL));
    if (text[OPERATOR][0]) AS_TRY(as_set_meta(job->ctx, t, "operator", text[OPERATOR], NULL, NULL));
    AS_TRY(as_set_meta(job->ctx, t, "software", "VISIONlite", NULL, NULL));
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
    const char *text[STATED];
    double v[STATED];
    as_where where = { 0 };
    as_lines it = { .in = job->in };
    AS_TRY(read_head(job, &it, text, &where));
    for (size_t i = 0; i < AS_COUNT(numbers); i++)
        if (!read_number(text[numbers[i]], &v[numbers[i]]))
            return as_fail(job->ctx, AS_E_SYNTAX, &where, "line %d: '%.40s', expected a number", numbers[i],
                           text[numbers[i]]);
    if (!(v[POINTS] >= 1 && v[POINTS] <= (double)job->in->size) || v[POINTS] != floor(v[POINTS]) ||
        fabs(fabs(v[LAST] - v[FIRST]) - (v[POINTS] - 1) * fabs(v[STEP])) > 0.01 * fabs(v[STEP]))
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "%g points do not lead from %g to %g in steps of %g",
                       v[POINTS], v[FIRST], v[LAST], v[STEP]);
    const as_ir_axis x = as_ir_x(text[X_UNIT]), y = as_ir_y(text[Y_UNIT]);
    as_table *t = as_new_ir(job->ctx, (size_t)v[POINTS], v[FIRST], v[LAST], &x, &y);
    if (!t) return AS_ERR;
    AS_TRY(read_ordinates(job, &it, t));
    check(job, t, v, &where);
    AS_TRY(set_head_meta(job, t, text));
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
    .title = "Thermo VISIONlite spectrum",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of Thermo VISIONlite",
             .description =
                 "Lines in fixed order: the sample, the unit of x, its ends and step, the points, the unit of y, "
                 "its ends, the operator, the date; behind #DATA the ordinates, with decimal point or comma. "
                 "Points that do not lead from the first x to the last refuse the file.",
             .examples = examples,
             .see_also = see_also },
};
