/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CHI of ESRF's ChiPlot and Fit2D: a title, the names of x and y, the number of points (and perhaps
 * of curves), then rows of x and y.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "headings.h"
#include "number.h"

/* One line: its length, or -1 when `at` stands at the end. */
static int line_length(const char *at)
{
    return *at ? (int)strcspn(at, "\r\n") : -1;
}

static const char *next_line(const char *at)
{
    at += strcspn(at, "\r\n");
    return at + (at[0] == '\r' && at[1] == '\n' ? 2 : *at != '\0');
}

/* How many numbers a line holds between blanks and commas; 0 when there is anything else. */
static size_t count_numbers(const char *at, size_t n, double *first)
{
    size_t found = 0, i = 0;
    while (i < n) {
        double value;
        if (at[i] == ' ' || at[i] == ',' || at[i] == '\t') {
            i++;
            continue;
        }
        const size_t used = as_scan_number(at + i, n - i, '.', &value);
        if (used == 0) return 0;
        if (found++ == 0) *first = value;
        i += used;
    }
    return found;
}

/* "1024" or "1024 1": the points and, few, the curves, without a decimal point; 0: it is no such
 * line. What begins a table looks alike else: three lines of text and "10.0 101". */
static double point_count(const char *at, size_t n)
{
    double v[2] = { 0, 1 };
    size_t found = 0, i = 0;
    while (i < n) {
        const size_t digits = strspn(at + i, "0123456789");
        if (digits > 0 && found < 2) as_scan_number(at + i, digits, '.', &v[found]);
        if (digits > 0 && found++ == 2) return 0;
        if (digits == 0 && !strchr(" ,\t", at[i])) return 0;
        i += digits ? digits : 1;
    }
    return found > 0 && v[1] < 10 ? v[0] : 0;
}

static int probe(const as_probe *p)
{
    double ignored;
    const char *at = (const char *)p->head;
    if (!p->is_text) return AS_PROBE_NO;
    for (int i = 0; i < 3; i++, at = next_line(at)) {
        const int n = line_length(at);
        if (n < 0 || at[0] == '#' || count_numbers(at, (size_t)n, &ignored)) return AS_PROBE_NO;
    }
    const int n = line_length(at);
    const double count = n > 0 ? point_count(at, (size_t)n) : 0;
    const size_t numbers = count >= 1 ? count_numbers(at, (size_t)n, &ignored) : 0;
    if (numbers < 1) return AS_PROBE_NO;
    at = next_line(at);
    const char *pair = at;
    for (int i = 0; i < 3 && i < count; i++, pair = next_line(pair)) { /* one may be chance */
        const int length = line_length(pair);
        if (length < 0 || count_numbers(pair, (size_t)length, &ignored) != 2) return AS_PROBE_NO;
    }
    double rows = 0;
    for (; line_length(at) >= 0; at = next_line(at)) rows += line_length(at) > 0;
    if (p->size < p->file_size) rows *= (double)p->file_size / (double)p->size;
    if (p->size == p->file_size && rows == count) return AS_PROBE_MAGIC;
    if (fabs(rows - count) <= 0.25 * count) return AS_PROBE_PLAUSIBLE;
    /* a lone count above pairs of numbers, and fewer of them: such a file may be cut */
    return numbers == 1 && rows < count ? AS_PROBE_PLAUSIBLE : AS_PROBE_NO;
}

/* "2-Theta Angle (Degrees)", "Q (inverse Angstroms)": a column and its unit. */
static as_status name_x(as_ctx *ctx, const char *label, as_axis *out)
{
    const bool nano = as_find_text(label, "nanom") || as_find_text(label, "nm");
    if (as_find_text(label, "2-theta") || as_find_text(label, "2theta")) {
        *out = (as_axis){ "two_theta", "", as_find_text(label, "rad") ? "rad" : "deg" };
        return AS_OK;
    }
    if ((label[0] == 'Q' || label[0] == 'q') && (nano || as_find_text(label, "ngstr"))) {
        *out = (as_axis){ "q", "", nano ? "nm-1" : "Angstrom-1" };
        return AS_OK;
    }
    as_heading h; /* "2th_deg", "q_A^-1" of pyFAI and Dioptas */
    AS_TRY(as_heading_of(ctx, label, NULL, &h));
    if (h.known) {
        *out = (as_axis){ h.name, "", h.unit.symbol };
        return AS_OK;
    }
    return as_axis_of(as_scratch(ctx), *label ? label : "x", "1", out);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line title, x, y, line;
    as_more more;
    as_axis axis;
    double count = NAN, v[8];
    as_ctx *ctx = job->ctx;
    AS_TRY(as_need_line(ctx, &it, &title, "the title"));
    AS_TRY(as_need_line(ctx, &it, &x, "the name of x"));
    AS_TRY(as_need_line(ctx, &it, &y, "the name of y"));
    AS_TRY(as_need_line(ctx, &it, &line, "the number of points"));
    const as_where at = line.where;
    if (count_numbers(line.text, line.length, &count) == 0 || !(count >= 1))
        return as_fail(ctx, AS_E_SYNTAX, &at, "'%.40s', expected the number of points", line.text);
    const char *x_label = as_trim(as_scratch(ctx), x.text, x.length);
    const char *y_label = as_trim(as_scratch(ctx), y.text, y.length);
    const char *name = as_trim(as_scratch(ctx), title.text, title.length);
    as_rows *rows = as_rows_new(ctx, 2);
    if (!x_label || !y_label || !name || !rows) return AS_ERR;
    while ((more = as_next_line(ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        as_lines cut = it;
        cut.separator = strchr(line.text, ',') ? ',' : 0;
        if (as_line_numbers(&cut, &line, 8, v) != 2)
            return as_fail(ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected x and y", line.text);
        double *row = as_rows_add(ctx, rows);
        if (!row) return AS_ERR;
        memcpy(row, v, 2 * sizeof *v);
    }
    if (more == AS_FAILED) return AS_ERR;
    as_table *t = as_rows_table(ctx, rows);
    if (!t) return AS_ERR;
    if ((double)t->rows != count)
        return as_fail(ctx, (double)t->rows < count ? AS_E_TRUNCATED : AS_E_SYNTAX, &at,
                       "%zu points, expected %.0f", t->rows, count);
    as_unit unit;
    AS_TRY(name_x(ctx, x_label, &axis));
    AS_TRY(as_unit_parse(ctx, t->arena, axis.unit, &unit));
    AS_TRY(as_name_column(ctx, t, 0, axis.column, AS_ROLE_X, unit));
    AS_TRY(
        as_name_column(ctx, t, 1, "intensity", AS_ROLE_Y, AS_UNITLESS)); /* of integrated images */
    if (*name) AS_TRY(as_set_meta(ctx, t, "comment", name, NULL, &title.where));
    AS_TRY(as_set_meta(ctx, t, "vendor.x", x_label, NULL, &x.where));
    AS_TRY(as_set_meta(ctx, t, "vendor.y", y_label, NULL, &y.where));
    return as_emit(job->out, ctx, t);
}

static const char *const suffixes[] = { "chi", NULL };
static const char *const techniques[] = { "xrd", NULL };
static const as_example examples[] = {
    { "an integrated image", "assay read tests/corpus/xrd/fit2d.chi" }, { 0 }
};
static const char *const see_also[] = { "gsas", NULL };

const as_parser as_parser_chi = {
    .name = "chi",
    .title = "ESRF ChiPlot and Fit2D CHI",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read CHI files of Fit2D and ChiPlot",
             .description = "Text: title, name of x, name of y, number of points, then the points. "
                            "x is named and given a unit where its name says so (2-theta, Q).",
             .examples = examples,
             .see_also = see_also },
};
