/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mass spectrometer text of Balzers and Pfeiffer Quadstar, as coupled to thermobalances (Netzsch Aeolos): lines of
 * keys, a list of channels for each datablock, then a table of cycles at seconds since the start, parted by tabs.
 */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "number.h"
#include "text_end.h"
#include "thermal.h"

enum { MOST_CHANNELS = 256 };

typedef struct {
    const char *key, *mass, *signal; /* "'0/3'", "28.19", "Ion Current [A]" */
    size_t column;                   /* of the table */
} channel;

typedef struct {
    as_table *head;
    channel c[MOST_CHANNELS];
    const char *signal; /* of the datablock whose channels follow */
    size_t n, width, time;
    as_rows *rows; /* the time, then the channels in the order of the list */
    double stated; /* cycles; NaN: not said */
    char decimal;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "ASCII SAMPLE CYCLES")) return AS_PROBE_NO;
    return as_find_text(head, "Datablock") ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

/* "CONVERTED CYCLES :<tab><tab><tab>10467": the key without its colon, the first cell behind it. */
static as_status read_key(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    as_field *f;
    size_t n, value = 1;
    AS_TRY(as_fields(ctx, line, '\t', &f, &n));
    if (n == 0) return AS_OK;
    while (value < n && !f[value].length) value++;
    const char *key = as_trim(as_scratch(ctx), f[0].text, strcspn(f[0].text, ":"));
    if (!key) return AS_ERR;
    if (!*key || value == n) return AS_OK;
    const char *text = f[value].text;
    if (as_same(key, "DATE")) {
        const bool clock = value + 2 < n && as_starts(f[value + 1].text, "TIME");
        if (clock) text = as_format(as_scratch(ctx), "%s %s", text, f[value + 2].text);
        return text ? as_set_measured(ctx, r->head, text, false, &line->where) : AS_ERR;
    }
    if (as_same(key, "CONVERTED CYCLES")) as_read_number(text, strlen(text), '.', &r->stated);
    if (as_starts(key, "Datablock")) {
        r->signal = value + 1 < n ? as_format(as_scratch(ctx), "%s %s", text, f[value + 1].text) : text;
        return r->signal ? AS_OK : AS_ERR;
    }
    if (as_same(key, "ASCII SAMPLE CYCLES")) key = "file";
    return as_set_vendor(ctx, r->head, key, text, &line->where);
}

/* "<tab>'0/3'<tab>28.19<tab>min: ..." */
static as_status read_channel(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, '\t', &f, &n));
    if (n < 3 || !r->signal)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "a channel without %s", n < 3 ? "its mass" : "Datablock");
    if (r->n == MOST_CHANNELS)
        return as_fail(job->ctx, AS_E_LIMIT, &line->where, "more than %d channels", MOST_CHANNELS);
    r->c[r->n++] = (channel){ .key = f[1].text, .mass = f[2].text, .signal = r->signal, .column = SIZE_MAX };
    return AS_OK;
}

static as_status read_names(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    AS_TRY(as_fields(job->ctx, line, '\t', &f, &r->width));
    while (r->width > 0 && !f[r->width - 1].length) r->width--;
    r->time = SIZE_MAX;
    for (size_t i = 0; i < r->width; i++) {
        if (as_starts(f[i].text, "RelTime")) r->time = i;
        for (size_t k = 0; k < r->n; k++)
            if (strcmp(f[i].text, r->c[k].key) == 0) r->c[k].column = i;
    }
    if (r->time == SIZE_MAX)
        return as_fail(job->ctx, AS_E_MISSING, &line->where, "no column RelTime[s]");
    for (size_t k = 0; k < r->n; k++)
        if (r->c[k].column == SIZE_MAX)
            return as_fail(job->ctx, AS_E_MISSING, &line->where, "no column of channel %s", r->c[k].key);
    r->rows = as_rows_new(job->ctx, r->n + 1);
    return r->rows ? AS_OK : AS_ERR;
}

static as_status read_row(as_parse *job, reading *r, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, '\t', &f, &n));
    if (n < r->width)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line->where, "%zu fields, expected %zu", n, r->width);
    double *row = as_rows_add(job->ctx, r->rows);
    if (!row) return AS_ERR;
    for (size_t k = 0; k <= r->n; k++) {
        const as_field *cell = &f[k == 0 ? r->time : r->c[k - 1].column];
        const as_where at = as_in_line(line, cell->at, cell->length);
        if (!as_read_number(cell->text, cell->length, r->decimal, &row[k]))
            return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%.40s', expected a number", cell->text);
    }
    return AS_OK;
}

/* Channels of a later datablock with another quantity stand apart. */
static as_status emit_channel(as_parse *job, const reading *r, const as_table *all, size_t k)
{
    as_ctx *ctx = job->ctx;
    as_heading h;
    as_table *t = as_table_new(ctx, all->rows);
    if (!t) return AS_ERR;
    AS_TRY(as_heading_of(ctx, r->c[k].signal, NULL, &h));
    as_column *x = as_add_column(ctx, t, "time", AS_ROLE_X, as_unit_of("s"));
    as_column *y = as_add_column(ctx, t, h.name, AS_ROLE_Y, AS_UNITLESS);
    if (!x || !y) return AS_ERR;
    memcpy(x->v.f, all->column[0]->v.f, all->rows * sizeof *x->v.f);
    memcpy(y->v.f, all->column[k + 1]->v.f, all->rows * sizeof *y->v.f);
    AS_TRY(as_unit_parse(ctx, t->arena, h.unit.symbol, &y->unit));
    t->technique = "thermal";
    t->secondary = strcmp(r->c[k].signal, r->c[0].signal) != 0;
    AS_TRY(as_copy_meta(ctx, t, r->head));
    AS_TRY(as_set_meta(ctx, t, "region", r->c[k].mass, NULL, NULL));
    t->label = as_strdup(t->arena, r->c[k].mass);
    if (k == 0) as_warn_if_cut(job, t, false);
    return t->label ? as_emit(job->out, ctx, t) : AS_ERR;
}

static as_status read_all(as_parse *job, reading *r)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line = { 0 };
    as_more more;
    as_convention c;
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM) {
        if (line.length == 0) continue;
        if (r->rows) AS_TRY(read_row(job, r, &line));
        else if (as_starts(line.text, "\tCycle\t") || as_starts(line.text, "Cycle\t")) {
            AS_TRY(read_names(job, r, &line));
            AS_TRY(as_convention_of(job->ctx, job->in, it.number + 1, 0, &c));
            r->decimal = c.decimal;
        } else if (as_starts(line.text, "\t'")) AS_TRY(read_channel(job, r, &line));
        else AS_TRY(read_key(job, r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    const size_t n = r->rows ? as_rows_count(r->rows) : 0;
    if (n == 0 || r->n == 0)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before its %s",
                       r->rows ? "cycles" : "columns (Cycle)");
    if (isfinite(r->stated) && (double)n != r->stated)
        return as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "%zu cycles, expected %.0f as CONVERTED CYCLES says", n,
                       r->stated);
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    r->stated = NAN;
    r->head = as_table_new(job->ctx, 0);
    if (!r->head) return AS_ERR;
    AS_TRY(read_all(job, r));
    const as_table *all = as_rows_table(job->ctx, r->rows);
    if (!all) return AS_ERR;
    for (size_t k = 0; k < r->n; k++) AS_TRY(emit_channel(job, r, all, k));
    return AS_OK;
}

static const char *const suffixes[] = { "asc", "txt", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "three masses beside a thermobalance",
                                         "assay read tests/corpus/thermal/quadstar.asc" },
                                       { 0 } };
static const char *const see_also[] = { "quadera", "netzsch-txt", NULL };

const as_parser as_parser_quadstar = {
    .name = "quadstar",
    .title = "Balzers/Pfeiffer Quadstar mass spectrometer text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read ion currents of cycles exported by Quadstar",
             .description =
                 "Text parted by tabs: `ASCII SAMPLE CYCLES`, date, `CONVERTED CYCLES`, the channels of each "
                 "`Datablock` with their masses, then a row for each cycle. One series for each channel, its "
                 "mass in `region`, against `RelTime[s]`; the rows are counted against the cycles that the "
                 "file says. Channels of another quantity than the first are parts of their own.",
             .examples = examples,
             .see_also = see_also },
};
