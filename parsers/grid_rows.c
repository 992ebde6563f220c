/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row of cells is: numbers, numbers behind labels or clock times, text. */
#include <math.h>
#include <string.h>

#include "grid_private.h"
#include "headings.h"

const char *as_row_text(const as_grid_row *r, size_t c)
{
    const char *text = r->text && c < r->n ? r->text[c] : NULL;
    return text && text[0] ? text : NULL;
}

double as_row_number(const as_grid_row *r, size_t c)
{
    if (c >= r->n) return NAN;
    return r->more ? r->v[c * r->stride] : r->v[c];
}

as_tally as_row_tally(const as_grid_row *r)
{
    as_tally t = { 0, 0, SIZE_MAX, SIZE_MAX, 0 };
    if (r->more) return (as_tally){ r->n, 0, 0, SIZE_MAX, r->n };
    for (size_t c = 0; c < r->n; c++) {
        if (!isnan(r->v[c])) {
            if (t.numbers++ == 0) t.first_number = c;
            t.end = c + 1;
        } else if (as_row_text(r, c)) {
            if (t.texts++ == 0) t.first_text = c;
            t.end = c + 1;
        }
    }
    return t;
}

bool as_row_is_blank(const as_grid_row *r)
{
    const as_tally t = as_row_tally(r);
    return t.numbers + t.texts == 0;
}

/* The cells from the first that is filled to the first gap decide: further right may stand
 * anything, a list of peaks beside a spectrum. */
bool as_row_is_data(const as_grid_row *r)
{
    size_t c = 0, numbers = 0, texts = 0;
    if (r->comment) return false;
    if (r->more || r->labelled) return true;
    while (c < r->n && isnan(r->v[c]) && !as_row_text(r, c)) c++;
    if (c == r->n || isnan(r->v[c])) return false;
    for (; c < r->n && (!isnan(r->v[c]) || as_row_text(r, c)); c++) {
        numbers += !isnan(r->v[c]);
        texts += isnan(r->v[c]);
    }
    return texts <= numbers;
}

bool as_grid_has_numbers(as_grid *g)
{
    size_t rows, columns;
    as_grid_mark_labels(g);
    if (as_grid_lies(g, &rows, &columns)) return true;
    for (size_t i = 0; i < g->n; i++)
        if (as_row_is_data(&g->row[i])) return true;
    return false;
}

/* --- rows that begin with a text ------------------------------------------------------ */
/* "13:40:25.811", "2021-03-04", "4/3/2021 1:40 PM", "04-Mar-21T13:40:25Z": parts of digits, two of
 * them at least joined by ':', '/', '-' or '.'; letters only as of months and halves of the day. */
bool as_is_clock_text(const char *text)
{
    size_t digits = 0, joints = 0, letters = 0;
    for (size_t i = 0; text[i]; i++) {
        const char c = text[i];
        if (c >= '0' && c <= '9') digits++;
        else if (strchr(":/-.", c)) joints++;
        else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) letters++;
        else if (!strchr(" ,+", c)) return false;
    }
    return text[0] >= '0' && text[0] <= '9' && joints >= 1 && digits >= 3 && letters <= 5;
}

/* Texts in the cells before the first number, all of them; 0: none, or a gap among them. */
static size_t labels_of(const as_grid_row *r, bool *clocks)
{
    size_t c = 0;
    *clocks = true;
    if (r->comment || r->more) return 0;
    for (; c < r->n && as_row_text(r, c); c++) *clocks = *clocks && as_is_clock_text(r->text[c]);
    return c < r->n && !isnan(r->v[c]) ? c : 0;
}

static bool same_shape(const as_grid_row *a, const as_grid_row *b)
{
    if (a->n != b->n) return false;
    for (size_t c = 0; c < a->n; c++)
        if ((as_row_text(a, c) != NULL) != (as_row_text(b, c) != NULL)) return false;
    return true;
}

/* A heading says what stands in the columns: a row of texts above. */
static bool is_headed(const as_grid *g, size_t i)
{
    if (i == 0) return false;
    const as_tally t = as_row_tally(&g->row[i - 1]);
    return t.numbers == 0 && t.texts + 1 >= g->row[i].n && t.texts >= 2;
}

/* Whether no column has a number in one of the rows and a text in the other. */
static bool same_kinds(const as_grid_row *a, const as_grid_row *b)
{
    if (a->n != b->n || b->comment || b->more) return false;
    for (size_t c = 0; c < a->n; c++)
        if ((as_row_text(a, c) && !isnan(b->v[c])) || (as_row_text(b, c) && !isnan(a->v[c]))) return false;
    return true;
}

/* Tables for a data base: more texts than numbers, in the same columns of all rows, below a heading of
 * every column. Rows [i, *to) are alike. */
static bool is_tidy(const as_grid *g, size_t i, size_t few, size_t *to)
{
    *to = i + 1;
    if (g->row[i].comment || g->row[i].more || !is_headed(g, i)) return false;
    const as_tally first = as_row_tally(&g->row[i]), head = as_row_tally(&g->row[i - 1]);
    if (first.numbers < 2 || head.texts != head.end || head.end < first.end) return false;
    for (; *to < g->n && same_kinds(&g->row[i], &g->row[*to]); ++*to)
        if (as_row_tally(&g->row[*to]).numbers < 2) break;
    return *to - i >= few;
}

void as_grid_mark_labels(as_grid *g)
{
    enum { FEW = 4 }; /* lines that say "key 1 2" follow each other too */
    for (size_t i = 0, to; i < g->n; i = to) {
        bool clocks, all = true;
        if (is_tidy(g, i, FEW, &to)) {
            for (size_t k = i; k < to; k++) g->row[k].labelled = true;
            continue;
        }
        to = i + 1;
        const size_t labels = labels_of(&g->row[i], &clocks);
        if (labels == 0 || labels > (clocks ? 4 : 2)) continue; /* date, local date, time of day ... */
        all = clocks;
        for (; to < g->n && labels_of(&g->row[to], &clocks) == labels; to++) {
            if (!same_shape(&g->row[i], &g->row[to])) break;
            all = all && clocks;
        }
        const size_t numbers = as_row_tally(&g->row[i]).numbers;
        const bool table = all ? to - i >= 2 : to - i >= FEW && numbers >= 2 && is_headed(g, i);
        for (size_t k = i; table && k < to; k++) g->row[k].labelled = true;
    }
}

/* --- tables that lie on their side, matrices ---------------------------------------------------- */
bool as_grid_lies(const as_grid *g, size_t *n_rows, size_t *n_columns)
{
    *n_rows = *n_columns = 0;
    for (size_t i = 0; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        if (r->comment || as_row_is_blank(r)) continue;
        const as_tally t = as_row_tally(r);
        if (t.first_text != 0 || t.texts != 1 || t.numbers < 8 || t.numbers + 1 != r->n) return false;
        if (*n_rows > 0 && r->n != *n_columns) return false;
        *n_columns = r->n;
        ++*n_rows;
    }
    return *n_rows >= 2 && *n_rows <= 16;
}

/* The row that numbers head columns in: nothing in the corner, or the name of an axis; SIZE_MAX: none. */
static size_t matrix_head(as_ctx *ctx, const as_grid *g)
{
    size_t i = 0;
    while (i < g->n && (g->row[i].comment || as_row_is_blank(&g->row[i]))) i++;
    if (i + 1 >= g->n || !as_row_is_data(&g->row[i + 1])) return SIZE_MAX;
    const as_grid_row *head = &g->row[i], *next = &g->row[i + 1];
    const as_tally t = as_row_tally(head);
    if (head->n < 3 || t.first_number != 1 || t.numbers + 1 != head->n) return SIZE_MAX;
    const as_tally below = as_row_tally(next);
    if (next->n != head->n || below.first_number != 0) return SIZE_MAX;
    const char *corner = as_row_text(head, 0);
    if (!corner) return as_row_is_data(head) ? i : SIZE_MAX;
    as_heading h;
    const bool axis = as_heading_of(ctx, corner, NULL, &h) == AS_OK && as_is_x_name(h.name);
    return axis && below.texts == 0 && below.numbers == head->n ? i : SIZE_MAX;
}

/* "Time 7.63 secs" of "Time (secs)": no unit of what stands below. */
static const char *column_name(as_ctx *ctx, const char *of, double value)
{
    const size_t cut = strcspn(of, "(["), close = of[cut] ? strcspn(of + cut, ")]") : 0;
    const char *what = as_trim(as_scratch(ctx), of, cut);
    const char *unit = close ? as_strndup(as_scratch(ctx), of + cut + 1, close - 1) : "";
    return what && unit ? as_format(as_scratch(ctx), "%s%s%.10g%s%s", what, what[0] ? " " : "", value,
                                    unit[0] ? " " : "", unit) : NULL;
}

/* The numbers of the row as names, behind `of` where that is told; `axis` in the corner. */
static as_status name_columns(const as_parse *job, as_grid_row *head, const char *axis, const char *of)
{
    as_ctx *ctx = job->ctx;
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, head->n);
    double *v = AS_NEW_N(as_scratch(ctx), double, head->n);
    if (!text || !v) return AS_ERR;
    size_t columns = 0;
    for (size_t c = 0; c < head->n; c++) {
        const bool number = c > 0 && !isnan(head->v[c]);
        v[c] = NAN;
        columns += number;
        if (number && !(text[c] = column_name(ctx, of, head->v[c]))) return AS_ERR;
    }
    text[0] = axis;
    const as_where where = { .file = job->in->name, .line = head->line };
    as_warn(ctx, NULL, &where, "a matrix with numbers as headings: y is the first of %zu columns", columns);
    head->v = v;
    head->text = text;
    return AS_OK;
}

static bool is_axis_name(as_ctx *ctx, const char *text)
{
    as_heading h;
    return text && as_heading_of(ctx, text, NULL, &h) == AS_OK && as_is_x_name(h.name);
}

/* Numbers above all columns of `data` but the first. */
static bool heads_all(const as_grid_row *head, const as_grid_row *data)
{
    const as_tally t = as_row_tally(head), below = as_row_tally(data);
    return !head->more && t.first_number == 1 && t.numbers + 1 == t.end && t.numbers > 1 && t.end == data->n &&
           below.first_number == 0 && as_row_is_data(data);
}

/* What numbers above columns are, told by the rows around them: "Time, Wavelength" above ", 820, 815", or
 * "Time (secs), 7.6, 308" above "Wavenumber". The row that tells is empty after this. */
static as_status name_told_matrices(const as_parse *job, const as_grid *g)
{
    for (size_t i = 1; i + 1 < g->n; i++) {
        as_grid_row *head = &g->row[i], *above = &g->row[i - 1], *below = &g->row[i + 1];
        const char *corner = as_row_text(head, 0);
        const as_tally over = as_row_tally(above), under = as_row_tally(below);
        if (!corner && heads_all(head, below) && over.texts == 2 && over.end == 2 &&
            is_axis_name(job->ctx, as_row_text(above, 0))) {
            AS_TRY(name_columns(job, head, as_row_text(above, 0), as_row_text(above, 1)));
            above->n = 0;
        } else if (corner && i + 2 < g->n && heads_all(head, &g->row[i + 2]) && under.texts == 1 && under.end == 1 &&
                   is_axis_name(job->ctx, as_row_text(below, 0))) {
            AS_TRY(name_columns(job, head, as_row_text(below, 0), corner));
            below->n = 0;
        }
    }
    return AS_OK;
}

as_status as_grid_name_matrix(const as_parse *job, const as_grid *g)
{
    const size_t i = matrix_head(job->ctx, g);
    AS_TRY(name_told_matrices(job, g));
    if (i == SIZE_MAX) return AS_OK;
    const char *corner = as_row_text(&g->row[i], 0);
    return name_columns(job, &g->row[i], corner ? corner : "x", "");
}

/* --- numbers of rows -------------------------------------------------------------------------- */
/* "Long Name", "Units": what a row of headings is, in the column where the rows below have their numbers. */
static const char *row_label(const as_grid_row *r, const char *wanted)
{
    const char *text = r->comment || r->more ? NULL : as_row_text(r, 0);
    return text && as_same(text, wanted) ? text : NULL;
}

static bool are_numbered(const as_grid *g, size_t first)
{
    double last = 0;
    for (size_t i = first; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        if (!as_row_is_data(r)) continue;
        for (size_t k = 0; k <= r->more; k++)
            if (r->v[k] != ++last) return false; /* cell 0 of row k stands at k in a run of rows */
    }
    return last > 0;
}

/* "S1 [CPS]" of the row of names and the row of units. */
static as_status join_units(as_ctx *ctx, as_grid_row *name, const as_grid_row *unit)
{
    const size_t n = name->n > unit->n ? name->n : unit->n;
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, n);
    double *v = AS_NEW_N(as_scratch(ctx), double, n);
    if (!text || !v) return AS_ERR;
    for (size_t c = 0; c < n; c++) {
        const char *of = as_row_text(unit, c), *what = as_row_text(name, c);
        if (!what && c < name->n && !isnan(name->v[c])) what = as_format(as_scratch(ctx), "%.10g", name->v[c]);
        v[c] = NAN;
        text[c] = of && what ? as_format(as_scratch(ctx), "%s [%s]", what, of) : what;
    }
    name->n = n;
    name->v = v;
    name->text = text;
    return AS_OK;
}

/* "TimeStamp: 17:24 17:25" as one remark of the cells of a row. */
static as_status join_cells(as_ctx *ctx, as_grid_row *r)
{
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, 1);
    double *v = AS_NEW_N(as_scratch(ctx), double, 1);
    if (!text || !v) return AS_ERR;
    for (size_t c = 0; c < r->n; c++) {
        const char *part = as_row_text(r, c);
        if (!part && !isnan(r->v[c])) part = as_format(as_scratch(ctx), "%.10g", r->v[c]);
        if (part && text[0])
            part = as_format(as_scratch(ctx), "%s%s %s", text[0], strchr(text[0], ':') ? "" : ":", part);
        if (part) text[0] = part;
    }
    *v = NAN;
    *r = (as_grid_row){ .n = 1, .v = v, .text = text, .line = r->line, .comment = true };
    return AS_OK;
}

/* The rows as Origin has them on its screen, with its names of headings and numbers of rows in the first column:
 * that is left out, and names with their units stand above the numbers. What else heads the columns is a remark. */
as_status as_grid_drop_numbers(const as_parse *job, as_grid *g)
{
    size_t first = 0, name = SIZE_MAX, unit = SIZE_MAX;
    for (; first < g->n && !as_row_is_data(&g->row[first]); first++) {
        if (row_label(&g->row[first], "Long Name")) name = first;
        if (row_label(&g->row[first], "Units")) unit = first;
    }
    if (name == SIZE_MAX || unit == SIZE_MAX || first == g->n || g->packed || !are_numbered(g, first)) return AS_OK;
    AS_TRY(join_units(job->ctx, &g->row[name], &g->row[unit]));
    for (size_t i = 0; i < first; i++)
        if (i != name && i != unit && g->row[i].n > 1) AS_TRY(join_cells(job->ctx, &g->row[i]));
    const as_grid_row names = g->row[name], empty = { .line = names.line };
    g->row[name] = g->row[unit] = empty;
    g->row[first - 1] = g->row[first - 1].n ? g->row[first - 1] : names;
    if (g->row[first - 1].text != names.text) { /* a remark stands there: the names change places with it */
        g->row[name] = g->row[first - 1];
        g->row[first - 1] = names;
    }
    for (size_t i = first - 1; i < g->n; i++) {
        as_grid_row *r = &g->row[i];
        if (r->n == 0 || r->comment) continue;
        r->n--;
        r->v += r->more ? r->stride : 1;
        if (r->text) r->text++;
    }
    return AS_OK;
}

as_status as_grid_turn(as_ctx *ctx, const as_grid *g, size_t rows, size_t columns, as_grid *out)
{
    const char **names = AS_NEW_N(as_scratch(ctx), const char *, rows);
    double *v = AS_NEW_N(as_scratch(ctx), double, rows * columns);
    if (!names || !v) return AS_ERR;
    size_t at = 0;
    for (size_t i = 0; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        if (r->comment || as_row_is_blank(r)) continue;
        names[at] = as_row_text(r, 0);
        for (size_t c = 0; c < columns; c++) v[c * rows + at] = r->v[c];
        at++;
    }
    for (size_t c = 0; c < columns; c++) {
        const as_grid_row row = { .n = rows, .v = v + c * rows, .text = c == 0 ? names : NULL,
                                  .line = g->row[0].line };
        AS_TRY(as_grid_add(ctx, out, &row));
    }
    return AS_OK;
}
