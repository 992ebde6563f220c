/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summaries of atomic concentrations that PHI MultiPak prints: titles between lines of dashes, "key: value"
 * lines, then for "Atomic Concentration Table" and "Weight % Table" a line of names of photoelectron lines
 * (behind Abscissa in depth profiles), a row of sensitivity factors (RSF) and of corrected ones, and a row
 * for each layer or spectrum, with its name behind it where it has one; below an empty line mean and
 * standard deviation.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "number.h"
#include "spectrum.h"

enum { MOST_LINES = 64 };

typedef struct {
    const double *v; /* abscissa, a fraction for each line */
    const char *label;
} row;

typedef struct {
    as_table *head;
    size_t n_files;   /* that the summary is of */
    const char *comment; /* of the first of them */
    const char *name; /* atomic_fraction or weight_fraction */
    bool profile;     /* rows begin with their abscissa */
    size_t n;         /* photoelectron lines */
    const char *line[MOST_LINES];
    double factor[MOST_LINES]; /* NaN: none */
    size_t n_rows, room;
    row *rows;
    bool labelled; /* at least one of them */
} reading;

static int probe(const as_probe *p)
{
    const char *at = p->is_text ? strstr((const char *)p->head, "Atomic Concentration Table") : NULL;
    return at && strstr(at, "CorrectedRSF") ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

/* The word at `*at`, which moves behind it; NULL: none is left, or no memory. */
static const char *next_word(as_ctx *ctx, const char **at)
{
    *at += strspn(*at, " \t");
    const size_t n = strcspn(*at, " \t");
    const char *word = n ? as_strndup(as_scratch(ctx), *at, n) : NULL;
    *at += n;
    return word;
}

/* As many numbers as the line begins with, at most `most`; *rest is what is behind them. */
static size_t read_numbers(const char *text, size_t most, double *v, const char **rest)
{
    size_t n = 0;
    for (;;) {
        text += strspn(text, " \t");
        const size_t length = strcspn(text, " \t");
        if (n == most || !length || !as_read_number(text, length, '.', &v[n])) break;
        if (v[n] == 0) v[n] = 0; /* "-0.00" */
        n++;
        text += length;
    }
    *rest = text;
    return n;
}

static as_status read_names(as_parse *job, reading *r, const as_line *line)
{
    const char *at = line->text, *word;
    r->n = 0;
    r->profile = false;
    while ((word = next_word(job->ctx, &at))) {
        if (r->n == 0 && !r->profile && as_same(word, "Abscissa")) {
            r->profile = true;
            continue;
        }
        if (r->n == MOST_LINES)
            return as_fail(job->ctx, AS_E_FORMAT, &line->where, "more than %d photoelectron lines", MOST_LINES);
        r->factor[r->n] = NAN;
        r->line[r->n++] = word;
    }
    return r->n ? AS_OK : as_fail(job->ctx, AS_E_SYNTAX, &line->where, "no names of photoelectron lines");
}

static as_status keep_row(as_parse *job, reading *r, const double *v, const char *label)
{
    if (r->n_rows == r->room) {
        const size_t room = 2 * r->room + 16;
        row *grown = AS_NEW_N(as_scratch(job->ctx), row, room);
        if (!grown) return AS_ERR;
        for (size_t i = 0; i < r->n_rows; i++) grown[i] = r->rows[i];
        r->rows = grown;
        r->room = room;
    }
    double *copy = AS_NEW_N(as_scratch(job->ctx), double, r->n + 1);
    if (!copy) return AS_ERR;
    memcpy(copy, v, (r->n + 1) * sizeof *v);
    r->rows[r->n_rows++] = (row){ copy, label };
    r->labelled = r->labelled || *label;
    return AS_OK;
}

static as_status read_row(as_parse *job, reading *r, const as_line *line)
{
    double v[MOST_LINES + 1];
    const char *rest;
    const size_t first = r->profile ? 0 : 1; /* without an abscissa rows are numbered */
    const size_t n = first + read_numbers(line->text, r->n + 1 - first, v + first, &rest);
    if (!r->profile) v[0] = (double)r->n_rows + 1;
    const char *label = as_trim(as_scratch(job->ctx), rest, strlen(rest));
    if (!label) return AS_ERR;
    const bool factors = as_same(label, "RSF") || as_same(label, "CorrectedRSF");
    if (factors && n + (r->profile ? 1 : 0) == r->n + 1) { /* beside no abscissa */
        for (size_t i = 0; i < r->n && as_same(label, "RSF"); i++) r->factor[i] = v[first + i];
        return AS_OK;
    }
    if (n != r->n + 1)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu numbers, expected %zu", n - first, r->n + 1 - first);
    return keep_row(job, r, v, label);
}

/* A series for each photoelectron line. */
static as_status emit_line(as_parse *job, const reading *r, size_t k, const as_where *at)
{
    as_ctx *ctx = job->ctx;
    as_table *t = as_table_new(ctx, r->n_rows);
    if (!t) return AS_ERR;
    as_column *x = as_add_column(ctx, t, r->profile ? "abscissa" : "position", AS_ROLE_X, AS_UNITLESS);
    as_column *y = x ? as_add_column(ctx, t, r->name, AS_ROLE_Y, as_unit_of("%")) : NULL;
    as_column *label = y && r->labelled ? as_add_text(ctx, t, "measurement", AS_ROLE_LABEL) : NULL;
    if (!y || (r->labelled && !label)) return AS_ERR;
    for (size_t i = 0; i < r->n_rows; i++) {
        x->v.f[i] = r->rows[i].v[0];
        y->v.f[i] = r->rows[i].v[1 + k];
        if (label && !(label->v.s[i] = as_strdup(t->arena, r->rows[i].label))) return AS_ERR;
    }
    AS_TRY(as_copy_meta(ctx, t, r->head));
    AS_TRY(as_set_text(ctx, t, "region", r->line[k], at));
    if (!isnan(r->factor[k]))
        AS_TRY(as_set_vendor(ctx, t, "RSF", as_format(as_scratch(ctx), "%g", r->factor[k]), at));
    t->label = as_strdup(t->arena, r->line[k]);
    t->secondary = strcmp(r->name, "atomic_fraction") != 0;
    return t->label ? as_emit(job->out, ctx, t) : AS_ERR;
}

static as_status read_table(as_parse *job, reading *r, as_lines *it)
{
    as_line line;
    as_more more;
    r->n_rows = 0;
    r->labelled = false;
    AS_TRY(as_need_line(job->ctx, it, &line, "a line of dashes below the title"));
    do AS_TRY(as_need_line(job->ctx, it, &line, "names of photoelectron lines"));
    while (line.length == 0);
    const as_where at = line.where;
    AS_TRY(read_names(job, r, &line));
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM && line.length) AS_TRY(read_row(job, r, &line));
    if (more == AS_FAILED) return AS_ERR;
    if (r->n_rows == 0) return as_fail(job->ctx, AS_E_TRUNCATED, &at, "no rows below these names");
    for (size_t k = 0; k < r->n; k++) AS_TRY(emit_line(job, r, k, &at));
    return AS_OK;
}

/* "File Name:  103.1.pro", "Comment:  film": the sample where there is one file. */
static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_pair pair;
    AS_TRY(as_split(job->ctx, line, ':', &pair));
    if (!pair.value[0]) return AS_OK;
    if (as_same(pair.key, "File Name")) r->n_files++;
    if (as_same(pair.key, "Comment") && !r->comment) r->comment = pair.value;
    if (as_same(pair.key, "Comment") && r->n_files == 1) return AS_OK;
    return as_set_vendor(job->ctx, r->head, pair.key, pair.value, &line->where);
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line;
    as_more more;
    reading r = { .head = as_table_new(job->ctx, 0) };
    if (!r.head) return AS_ERR;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        const char *text = line.text + strspn(line.text, " \t");
        r.name = as_starts(text, "Atomic Concentration Table") ? "atomic_fraction"
                 : as_starts(text, "Weight % Table")           ? "weight_fraction"
                                                               : NULL;
        if (r.name && r.comment)
            AS_TRY(as_set_text(job->ctx, r.head, r.n_files == 1 ? "sample" : "vendor.Comment", r.comment, NULL));
        if (r.name) {
            r.comment = NULL;
            AS_TRY(read_table(job, &r, &it));
        }
        if (!r.name && *text != '-' && strchr(text, ':')) AS_TRY(read_key(job, &r, &line));
    }
    return more == AS_FAILED ? AS_ERR : AS_OK;
}

static const char *const suffixes[] = { "txt", NULL };
static const char *const techniques[] = { "xps", NULL };
static const as_example examples[] = { { "fractions over a profile", "assay read tests/corpus/xps/multipak-acs.txt" },
                                       { 0 } };
static const char *const see_also[] = { "phi-pro", "casa-results", NULL };

const as_parser as_parser_phi_multipak_acs = {
    .name = "phi-multipak-acs",
    .title = "PHI MultiPak atomic concentrations",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the summary of atomic concentrations of PHI MultiPak",
             .description = "A series for each photoelectron line: fractions over the abscissa of a depth profile, "
                            "whose unit the file does not have, else over the number of the spectrum, whose name is "
                            "the column `measurement`. Sensitivity factors are metadata; mean and standard deviation "
                            "are left out. Tables of weight fractions are secondary.",
             .examples = examples,
             .see_also = see_also },
};
