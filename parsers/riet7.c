/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of Rietveld programs and neutron diffractometers (RIET7, LHPM, DBWS, ILL D1A5, PSI DMC):
 * title lines, then one that begins with start, step and end, then as many intensities, ten or so
 * to a line in fields of one width. PSI files have as many standard deviations behind them.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "number.h"
#include "text_end.h"

enum { MAX_TITLES = 6, MAX_PER_LINE = 64 };

typedef struct {
    double start, step, end;
    size_t n;         /* of points */
    size_t rest;      /* where the numbers of the line end */
} range;

/* Whether a line begins with start, step and end of a whole number of steps. */
static bool read_range(const char *text, size_t length, range *out)
{
    double v[3];
    size_t at = 0;
    for (size_t i = 0; i < 3; i++) {
        while (at < length && (text[at] == ' ' || text[at] == '\t')) at++;
        const size_t used = as_scan_number(text + at, length - at, '.', &v[i]);
        if (used == 0) return false;
        at += used;
    }
    const double n = (v[2] - v[0]) / v[1] + 1;
    *out = (range){ v[0], v[1], v[2], 0, at };
    if (!(v[1] > 0) || !(n >= 4) || !(n < 1e7) || fabs(n - round(n)) > 1e-2) return false;
    out->n = (size_t)(n + 0.5);
    return true;
}

static size_t count_numbers(const char *text, size_t length)
{
    size_t n = 0, at = 0;
    while (at < length) {
        double value;
        if (text[at] == ' ' || text[at] == '\t') {
            at++;
            continue;
        }
        const size_t used = as_scan_number(text + at, length - at, '.', &value);
        if (used == 0) return 0;
        n++;
        at += used;
    }
    return n;
}

/* Three lines of as many numbers, or two that hold all that the range needs: chance does not write those. */
static bool lines_go_on(const char *at, size_t n, size_t per_line)
{
    size_t seen = 0;
    for (int line = 0; line < 3 && seen < n; line++) {
        const size_t length = strcspn(at, "\r\n"), here = count_numbers(at, length);
        if (here == 0 || (here != per_line && seen + here < n)) return false;
        seen += here;
        at += length;
        at += at[0] == '\r' && at[1] == '\n' ? 2 : *at != '\0';
    }
    return per_line < n;
}

/* The range line among the first lines, and behind it a line of numbers that is of another kind. */
static int probe(const as_probe *p)
{
    range r;
    const char *at = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    for (int i = 0; i < MAX_TITLES && *at; i++) {
        const size_t length = strcspn(at, "\r\n");
        const char *next = at + length;
        next += next[0] == '\r' && next[1] == '\n' ? 2 : *next != '\0';
        if (read_range(at, length, &r)) {
            const size_t here = count_numbers(at, length);
            const size_t there = count_numbers(next, strcspn(next, "\r\n"));
            /* more than one intensity in a line, lines that go on, and room for all of them */
            const bool fits = there > 1 && there != here && lines_go_on(next, r.n, there) &&
                              p->file_size >= 2 * (uint64_t)r.n;
            return !fits ? AS_PROBE_NO : i == 0 ? AS_PROBE_PLAUSIBLE : AS_PROBE_LIKELY;
        }
        at = next;
    }
    return AS_PROBE_NO;
}

/* The numbers of a line: between blanks, or of `width` characters each where they touch. */
static size_t read_numbers(const as_lines *it, const as_line *line, size_t per_line, size_t width,
                           double *v)
{
    const size_t n = as_line_numbers(it, line, MAX_PER_LINE, v);
    if (n == per_line || width == 0 || line->length % width) return n <= MAX_PER_LINE ? n : 0;
    const size_t fields = line->length / width;
    for (size_t i = 0; i < fields && i < MAX_PER_LINE; i++)
        if (!as_read_number(line->text + i * width, width, '.', &v[i]))
            return n <= MAX_PER_LINE ? n : 0;
    return fields <= MAX_PER_LINE ? fields : 0;
}

/* Up to `most` numbers from the lines ahead into rows; a line of text ends them. */
static as_status read_values(as_parse *job, as_lines *it, as_rows *rows, size_t most)
{
    as_line line;
    as_more more;
    double v[MAX_PER_LINE];
    size_t per_line = 0, width = 0;
    for (as_lines ahead = *it;
         as_rows_count(rows) < most && (more = as_next_line(job->ctx, &ahead, &line)) != AS_DONE;
         *it = ahead) {
        if (more == AS_FAILED) return AS_ERR;
        if (line.length == 0) continue;
        if (per_line == 0) {
            per_line = as_line_numbers(it, &line, 0, NULL);
            if (per_line == 0 && line.length % 8 == 0) per_line = line.length / 8; /* F8 that touch */
            if (per_line && line.length % per_line == 0) width = line.length / per_line;
        }
        const size_t n = read_numbers(it, &line, per_line, width, v);
        if (n == 0) return AS_OK;
        for (size_t i = 0; i < n && as_rows_count(rows) < most; i++) {
            double *row = as_rows_add(job->ctx, rows);
            if (!row) return AS_ERR;
            row[0] = v[i];
        }
    }
    return AS_OK;
}

/* "lambda=  1.49400, T=   0.000, ... Date=2001-06-16" of PSI */
static as_status set_titles(as_parse *job, as_table *t, const as_line *title, size_t n)
{
    const char *all = "";
    double value;
    for (size_t i = 0; i < n; i++) {
        const char *one = as_trim(as_scratch(job->ctx), title[i].text, title[i].length);
        if (!one) return AS_ERR;
        const char *lambda = as_find_text(one, "lambda=");
        const char *date = as_find_text(one, "Date=");
        if (lambda) lambda += strlen("lambda=") + strspn(lambda + strlen("lambda="), " ");
        if (lambda && as_scan_number(lambda, strlen(lambda), '.', &value) && value > 0)
            AS_TRY(as_set_number(job->ctx, t, "wavelength", value, NAN, as_unit_of("Angstrom"),
                                 &title[i].where));
        if (date)
            AS_TRY(as_set_meta(job->ctx, t, "measured", date + strlen("Date="), NULL,
                               &title[i].where));
        all = as_format(as_scratch(job->ctx), "%s%s%s", all, *all && *one ? "; " : "", one);
        if (!all) return AS_ERR;
    }
    return *all ? as_set_meta(job->ctx, t, "comment", all, NULL, &title[0].where) : AS_OK;
}

static as_status emit(as_parse *job, const range *r, as_rows *rows, as_rows *more_rows,
                      const as_line *title, size_t n_titles)
{
    const as_axis axis = { "two_theta", "", "deg" };
    const size_t n_more = as_rows_count(more_rows);
    const bool given = n_more == r->n;
    as_table *y = as_rows_table(job->ctx, rows), *s = as_rows_table(job->ctx, more_rows);
    as_table *t = as_new_scan(job->ctx, r->n, &axis, r->start, r->step, "1");
    if (!y || !s || !t) return AS_ERR;
    memcpy(t->column[1]->v.f, y->column[0]->v.f, r->n * sizeof(double));
    if (given) {
        as_column *sigma = as_add_column(job->ctx, t, "sigma", AS_ROLE_SIGMA, AS_UNITLESS);
        if (!sigma) return AS_ERR;
        memcpy(sigma->v.f, s->column[0]->v.f, r->n * sizeof(double));
    }
    AS_TRY(set_titles(job, t, title, n_titles));
    if (n_more > 0 && !given)
        as_warn(job->ctx, t, NULL,
                "%zu numbers follow the intensities, expected %zu standard deviations or none",
                n_more, r->n);
    as_warn_if_cut(job, t, true);
    return as_emit(job->out, job->ctx, t);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line title[MAX_TITLES];
    size_t n_titles = 0;
    range r = { 0 };
    as_rows *rows = as_rows_new(job->ctx, 1), *sigmas = as_rows_new(job->ctx, 1);
    if (!rows || !sigmas) return AS_ERR;
    for (;; n_titles++) {
        as_line line;
        AS_TRY(as_need_line(job->ctx, &it, &line, "start, step and end"));
        if (read_range(line.text, line.length, &r)) {
            title[n_titles < MAX_TITLES ? n_titles : MAX_TITLES - 1] = line; /* for its rest */
            break;
        }
        if (n_titles + 1 >= MAX_TITLES)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where,
                           "no start, step and end in the first %d lines", MAX_TITLES);
        title[n_titles] = line;
    }
    AS_TRY(read_values(job, &it, rows, r.n));
    const as_where at = { .file = job->in->name, .line = it.number };
    if (as_rows_count(rows) != r.n)
        return as_fail(job->ctx, AS_E_TRUNCATED, &at,
                       "%zu intensities, expected %zu from %g to %g in steps of %g",
                       as_rows_count(rows), r.n, r.start, r.end, r.step);
    AS_TRY(read_values(job, &it, sigmas, r.n));
    return emit(job, &r, rows, sigmas, title, n_titles);
}

static const char *const suffixes[] = { "dat", "riet7", "dbw", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "a neutron pattern with standard deviations", "assay read tests/corpus/xrd/riet7.dat" }, { 0 }
};
static const char *const see_also[] = { "gsas", NULL };

const as_parser as_parser_riet7 = {
    .name = "riet7",
    .title = "RIET7, LHPM, DBWS, ILL D1A5 and PSI DMC text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read text of Rietveld programs and neutron diffractometers",
             .description =
                 "Text: up to five title lines, one that begins with start, step and end, then as "
                 "many intensities as that says. Where as many numbers again follow, they are the "
                 "standard deviations. Whether the intensities are counts is not stated.",
             .examples = examples,
             .see_also = see_also },
};
