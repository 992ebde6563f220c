/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv and tsv as `assay convert` writes them, and whoever writes alike: one line of headings that
 * are names of the vocabulary. Long: `series` first, the name of the series before each row. Wide:
 * x, then `NAME y` of each series; or `NAME x`, `NAME y` of each. Behind a name its unit may stand:
 * `temperature (degC)`; without one it is the usual one.
 */
#include <math.h>
#include <string.h>

#include "assay_csv.h"
#include "columns.h"
#include "number.h"
#include "text_end.h"
#include "vocabulary.h"

enum { HEADING_MAX = 256, MOST_COLUMNS = 4096 };

const char *as_usual_unit(const as_table *t, const char *name)
{
    const as_word_entry *known = as_vocabulary(AS_WORD_COLUMN, name);
    const as_column *of = NULL;
    if (strncmp(name, "sigma_", 6) == 0)
        of = as_find_name(t, name + 6);
    else if (known && strcmp(known->unit, "x") == 0)
        of = as_find_role(t, AS_ROLE_X);
    else if (known && strcmp(known->unit, "y") == 0)
        of = as_find_role(t, AS_ROLE_Y);
    else if (known && *known->unit)
        return known->unit;
    return of && of->unit.symbol ? of->unit.symbol : "1";
}

/* --- headings --------------------------------------------------------------------------- */

/* "first run temperature (degC)" in its parts. */
typedef struct heading {
    char text[HEADING_MAX];
    const char *series; /* "first run"; "": none */
    const char *name;   /* of the column */
    const char *unit;   /* NULL: not stated */
    bool known;         /* the name is one of the vocabulary's */
} heading;

/* The cell at *at, without quotes; *at moves behind it and its separator, where there is one and
 * *more cells follow. False: too long. */
static bool next_cell(const char **at, char separator, char out[HEADING_MAX], bool *more)
{
    const char *c = *at;
    const bool quoted = *c == '"';
    size_t n = 0;
    if (quoted) c++;
    for (; *c && *c != '\r' && *c != '\n'; c++) {
        if (!quoted && *c == separator) break;
        if (quoted && *c == '"' && *++c != '"') break;
        if (n + 1 == HEADING_MAX) return false;
        out[n++] = *c;
    }
    out[n] = '\0';
    *more = *c == separator;
    *at = c + *more;
    return !quoted || *more || *c == '\0' || *c == '\r' || *c == '\n';
}

/* x and y are what a table without headings has. */
static bool is_known(const char *name)
{
    return as_vocabulary(AS_WORD_COLUMN, name) || strcmp(name, "x") == 0 || strcmp(name, "y") == 0;
}

static void split_heading(heading *h)
{
    const size_t n = strlen(h->text);
    char *open = n > 3 && h->text[n - 1] == ')' ? h->text + n - 3 : NULL; /* of "uptake (cm3(STP)/g)" */
    while (open && open > h->text && memcmp(open, " (", 2) != 0) open--;
    h->unit = NULL;
    if (open && open > h->text) {
        *open = h->text[n - 1] = '\0';
        h->unit = open + 2;
    }
    h->series = "";
    h->name = h->text;
    h->known = is_known(h->name);
    char *blank = strrchr(h->text, ' ');
    if (!blank) return;
    *blank = '\0';
    h->series = h->text;
    h->name = blank + 1;
    h->known = is_known(h->name);
}

static char separator_of(const char *line)
{
    const size_t n = strcspn(line, "\r\n");
    return memchr(line, '\t', n) ? '\t' : memchr(line, ';', n) ? ';' : ',';
}

typedef enum { OTHER, LONG, SHARED_X, PAIRS } form;

/* What the line of headings says; h[0 .. *n) in scratch where there is a context. */
typedef struct judge {
    size_t n, known, named; /* headings; those of the vocabulary; those with a series before it */
    bool is_long, pairs, first_named;
} judge;

static void see(judge *j, const heading *h, const char *series_before)
{
    const bool named = h->series[0] != '\0';
    if (j->n == 0) {
        j->is_long = strcmp(h->text, "series") == 0 && !h->unit;
        j->first_named = named;
        j->pairs = true;
    }
    if (j->n % 2 == 1) j->pairs = j->pairs && strcmp(h->series, series_before) == 0;
    j->pairs = j->pairs && named;
    j->known += h->known;
    j->named += named;
    j->n++;
}

static form form_of(const judge *j)
{
    if (j->n < 2 || j->n > MOST_COLUMNS) return OTHER;
    if (j->is_long) return j->n > 2 && j->known > 0 && j->named == 0 ? LONG : OTHER;
    if (j->known < j->n) return OTHER;
    if (j->pairs && j->n % 2 == 0) return PAIRS;
    return !j->first_named && j->named == j->n - 1 ? SHARED_X : OTHER;
}

static int probe(const as_probe *p)
{
    const char *at = (const char *)p->head;
    const char separator = separator_of(at);
    char before[HEADING_MAX] = "";
    heading h;
    judge j = { 0 };
    bool more;
    if (!p->is_text) return AS_PROBE_NO;
    do {
        if (!next_cell(&at, separator, h.text, &more)) return AS_PROBE_NO;
        split_heading(&h);
        see(&j, &h, before);
        memcpy(before, h.series, strlen(h.series) + 1);
        if (j.n == 1 && !j.is_long && !h.known) return AS_PROBE_NO;
    } while (more);
    /* one x and columns of many headings may be anybody's table: only by name, --format */
    const form found = form_of(&j);
    return found == LONG || found == PAIRS ? AS_PROBE_LIKELY : AS_PROBE_NO;
}

typedef struct reading {
    as_parse *job;
    as_lines it;
    char decimal; /* 0: not seen yet */
    form form;
    size_t n;
    heading *h;
    as_where where; /* of the headings */
} reading;

static as_status read_headings(reading *r)
{
    as_line line;
    judge j = { 0 };
    AS_TRY(as_need_line(r->job->ctx, &r->it, &line, "a line of headings"));
    r->where = (as_where){ .file = r->job->in->name, .line = 1 };
    r->it.separator = separator_of(line.text);
    const char *at = line.text;
    bool more;
    r->h = AS_NEW_N(as_scratch(r->job->ctx), heading, MOST_COLUMNS);
    if (!r->h) return AS_ERR;
    do {
        heading *h = &r->h[j.n];
        if (j.n == MOST_COLUMNS || !next_cell(&at, r->it.separator, h->text, &more))
            return as_fail(r->job->ctx, AS_E_SYNTAX, &r->where, "heading %zu is too long", j.n + 1);
        split_heading(h);
        see(&j, h, j.n ? r->h[j.n - 1].series : "");
    } while (more);
    r->n = j.n;
    r->form = form_of(&j);
    return r->form == OTHER ? as_fail(r->job->ctx, AS_E_FORMAT, &r->where,
                                      "these headings are not those that assay writes")
                            : AS_OK;
}

/* --- cells ---------------------------------------------------------------------------------- */

/* The decimal character is a point, or a comma where commas do not separate; one in all the file.
 */
static as_status read_cell(reading *r, const as_field *f, const as_line *line, double *v,
                           const char **text)
{
    *v = NAN;
    *text = NULL;
    if (f->length == 0) return AS_OK;
    const bool comma = r->it.separator != ',' && memchr(f->text, ',', f->length);
    const char decimal = comma ? ',' : '.';
    if (f->quoted || !as_read_number(f->text, f->length, decimal, v)) {
        *v = NAN;
        *text = f->text;
        return AS_OK;
    }
    if (!comma && !memchr(f->text, '.', f->length)) return AS_OK;
    const as_where where = as_in_line(line, f->at, f->length);
    if (r->decimal && r->decimal != decimal)
        return as_fail(r->job->ctx, AS_E_SYNTAX, &where,
                       "'%s': the decimal character was '%c' before", f->text, r->decimal);
    r->decimal = decimal;
    return AS_OK;
}

/* The cells of the next line that is not empty. */
static as_more next_row(reading *r, as_line *line, as_field **f, double *v, const char **text)
{
    as_ctx *ctx = r->job->ctx;
    size_t n;
    as_more more;
    do more = as_next_line(ctx, &r->it, line);
    while (more == AS_ITEM && line->length == 0);
    if (more != AS_ITEM) return more;
    if (as_fields(ctx, line, r->it.separator, f, &n) != AS_OK) return AS_FAILED;
    if (n != r->n) {
        const bool last = r->it.at >= r->job->in->size;
        (void)!as_fail(ctx, last ? AS_E_TRUNCATED : AS_E_SYNTAX, &line->where,
                       "%zu cells, expected %zu", n, r->n);
        return AS_FAILED;
    }
    for (size_t i = 0; i < n; i++)
        if (read_cell(r, &(*f)[i], line, &v[i], &text[i]) != AS_OK) return AS_FAILED;
    return AS_ITEM;
}

/* --- long ------------------------------------------------------------------------------------- */

static as_role role_of(const as_table *t, const as_column *c)
{
    as_role role;
    if (c->type == AS_TEXT) return AS_ROLE_LABEL;
    if (!as_find_role(t, AS_ROLE_X)) return AS_ROLE_X;
    if (!as_find_role(t, AS_ROLE_Y)) return AS_ROLE_Y;
    if (strncmp(c->name, "sigma_", 6) == 0) return AS_ROLE_SIGMA;
    const bool said = as_role_of(c->name, &role) && role != AS_ROLE_X && role != AS_ROLE_Y;
    return said ? role : AS_ROLE_OTHER;
}

/* Roles by order and name; units where the heading states none. */
static as_status name_columns(reading *r, as_table *t, const heading *h)
{
    as_ctx *ctx = r->job->ctx;
    for (size_t i = 0; i < t->n_columns; i++) t->column[i]->role = AS_ROLE_OTHER;
    for (size_t i = 0; i < t->n_columns; i++) {
        as_column *c = t->column[i];
        c->role = role_of(t, c);
        if (c->type == AS_TEXT) continue;
        as_unit unit = as_unit_of(h[i].unit ? "1" : as_usual_unit(t, c->name));
        if (h[i].unit) AS_TRY(as_unit_parse(ctx, t->arena, h[i].unit, &unit));
        AS_TRY(as_name_column(ctx, t, i, c->name, c->role, unit));
    }
    return AS_OK;
}

static as_status emit(reading *r, as_table *t, const char *series, const as_heading *h, size_t n)
{
    const char *technique = as_technique_of(n, h);
    if (*series && !(t->name = as_strdup(t->arena, series))) return AS_ERR;
    if (technique && !(t->technique = as_strdup(t->arena, technique))) return AS_ERR;
    if (r->it.at >= r->job->in->size) as_warn_if_cut(r->job, t, true);
    return as_emit(r->job->out, r->job->ctx, t);
}

static as_status emit_run(reading *r, as_run *run, const char *series)
{
    as_table *t = as_run_table(r->job, run);
    if (!t) return AS_ERR;
    AS_TRY(name_columns(r, t, r->h + 1));
    if (as_find_name(t, "item") && as_find_name(t, "quantity") && as_find_name(t, "value")) {
        t->kind = AS_KIND_RESULTS;
        for (size_t i = 0; i < t->n_columns; i++) t->column[i]->role = AS_ROLE_OTHER;
    } else if (!as_find_role(t, AS_ROLE_Y)) {
        return as_fail(r->job->ctx, AS_E_MISSING, &r->where, "fewer than two columns of numbers");
    }
    return emit(r, t, series, run->h, run->n);
}

static as_status begin_run(reading *r, as_run *run)
{
    as_arena *scratch = as_scratch(r->job->ctx);
    *run = (as_run){ .n = r->n - 1,
                     .h = AS_NEW_N(scratch, as_heading, r->n),
                     .alias = AS_NEW_N(scratch, const as_alias *, r->n) };
    if (!run->h || !run->alias) return AS_ERR;
    for (size_t i = 0; i < run->n; i++)
        run->h[i] = (as_heading){ .name = r->h[i + 1].name,
                                  .known = r->h[i + 1].known,
                                  .unit = AS_UNITLESS };
    return AS_OK;
}

static as_status read_long(reading *r)
{
    as_arena *scratch = as_scratch(r->job->ctx);
    double *v = AS_NEW_N(scratch, double, r->n);
    const char **text = AS_NEW_N(scratch, const char *, r->n), *series = NULL;
    as_run run;
    as_line line;
    as_field *f;
    as_more more;
    if (!v || !text) return AS_ERR;
    AS_TRY(begin_run(r, &run));
    while ((more = next_row(r, &line, &f, v, text)) == AS_ITEM) {
        if (series && strcmp(series, f[0].text) != 0) AS_TRY(emit_run(r, &run, series));
        series = f[0].text;
        AS_TRY(as_run_add_cells(r->job->ctx, &run, run.n, v + 1, text + 1, line.where.line));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (!series)
        return as_fail(r->job->ctx, AS_E_TRUNCATED, &r->where, "no rows below the headings");
    return emit_run(r, &run, series);
}

/* --- wide ------------------------------------------------------------------------------------- */

static as_status read_cells(reading *r, as_rows *cells)
{
    as_arena *scratch = as_scratch(r->job->ctx);
    double *v = AS_NEW_N(scratch, double, r->n);
    const char **text = AS_NEW_N(scratch, const char *, r->n);
    as_line line;
    as_field *f;
    as_more more;
    if (!v || !text) return AS_ERR;
    while ((more = next_row(r, &line, &f, v, text)) == AS_ITEM) {
        double *row = as_rows_add(r->job->ctx, cells);
        if (!row) return AS_ERR;
        memcpy(row, v, r->n * sizeof *v);
        for (size_t i = 0; i < r->n; i++) {
            if (!text[i]) continue;
            const as_where where = as_in_line(&line, f[i].at, f[i].length);
            return as_fail(r->job->ctx, AS_E_SYNTAX, &where, "'%.40s', expected a number", text[i]);
        }
    }
    if (more == AS_FAILED) return AS_ERR;
    if (as_rows_count(cells)) return AS_OK;
    return as_fail(r->job->ctx, AS_E_TRUNCATED, &r->where, "no rows below the headings");
}

/* The series of columns x and y; with an x of its own it ends where its cells are empty. */
static as_status emit_pair(reading *r, const as_table *all, size_t x, size_t y)
{
    const heading h[] = { r->h[x], r->h[y] };
    const double *from[] = { all->column[x]->v.f, all->column[y]->v.f };
    size_t rows = all->rows;
    if (r->form == PAIRS)
        while (rows && isnan(from[0][rows - 1]) && isnan(from[1][rows - 1])) rows--;
    as_table *t = as_table_new(r->job->ctx, rows);
    as_heading words[2] = { 0 };
    if (!t) return AS_ERR;
    for (size_t i = 0; i < 2; i++) {
        as_column *c = as_add_column(r->job->ctx, t, h[i].name, AS_ROLE_OTHER, AS_UNITLESS);
        if (!c) return AS_ERR;
        memcpy(c->v.f, from[i], rows * sizeof *c->v.f);
        words[i] = (as_heading){ .name = h[i].name, .known = true };
    }
    AS_TRY(name_columns(r, t, h));
    return emit(r, t, r->h[y].series, words, 2);
}

static as_status read_wide(reading *r)
{
    as_rows *cells = as_rows_new(r->job->ctx, r->n);
    if (!cells) return AS_ERR;
    AS_TRY(read_cells(r, cells));
    const as_table *all = as_rows_table(r->job->ctx, cells);
    if (!all) return AS_ERR;
    for (size_t y = 1; y < r->n; y += r->form == PAIRS ? 2 : 1)
        AS_TRY(emit_pair(r, all, r->form == PAIRS ? y - 1 : 0, y));
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    r->job = job;
    r->it = (as_lines){ .in = job->in, .brief = true };
    AS_TRY(read_headings(r));
    return r->form == LONG ? read_long(r) : read_wide(r);
}

static const char *const suffixes[] = { "csv", "tsv", NULL };
static const char *const techniques[] = { "xrd", "sorption", "thermal", "raman",   "ftir",
                                          "xps", "echem",    "uvvis",   "generic", NULL };
static const as_example examples[] = { { "there and back",
                                         "assay convert --to csv tests/corpus/xrd/small.xy > "
                                         "small.csv && assay read small.csv | tail -3" },
                                       { 0 } };
static const char *const see_also[] = { "csv", "tsv", "delimited", NULL };

const as_parser as_parser_assay_csv = {
    .name = "assay-csv",
    .title = "csv and tsv of series, as assay writes them",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read csv and tsv that assay convert wrote",
             .description =
                 "One line of headings, then rows. Long: the first heading is `series`, each row "
                 "begins "
                 "with the name of its series; the first two columns of numbers are x and y, "
                 "others "
                 "have the role that their name says (sigma, baseline, model, mask). Wide: x, then "
                 "`NAME y` of each series, or `NAME x` and `NAME y` in pairs.\n\n"
                 "Headings are names of the vocabulary, in brackets the unit where it is not the "
                 "usual "
                 "one. Fields are separated by commas, semicolons or tabs; the decimal character "
                 "is a "
                 "point or, beside semicolons and tabs, a comma. An empty cell is a missing value. "
                 "A table "
                 "of results (item, quantity, value) is one again.\n\n"
                 "Wide with one x for all might be anybody's table: it is read so with `--format "
                 "assay-csv`, "
                 "else by *delimited* as one series of many columns, which `assay unfold` parts.",
             .examples = examples,
             .see_also = see_also },
};
