/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mass spectrometer text of Quadera, the companion of many a TGA run: start and end, a line of the
 * channels' names every three columns, then for each channel clock time, seconds since the start
 * and ion current or partial pressure. Each channel has its own times: one series each.
 */
#include <math.h>
#include <string.h>

#include "convention.h"
#include "number.h"
#include "text_end.h"
#include "thermal.h"

enum { MOST_CHANNELS = 128, WIDTH = 3 };

typedef struct {
    as_table *head;
    size_t n;
    const char *name[MOST_CHANNELS], *signal[MOST_CHANNELS];
    as_rows *rows[MOST_CHANNELS];
    char decimal;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || !as_starts(head, "Sourcefile\t")) return AS_PROBE_NO;
    return strstr(head, "Time Relative [s]") ? AS_PROBE_VERIFIED : AS_PROBE_NO;
}

static as_status read_names(as_parse *job, reading *r, const as_line *names, const as_line *columns)
{
    as_field *f, *g;
    size_t n, m;
    AS_TRY(as_fields(job->ctx, names, '\t', &f, &n));
    AS_TRY(as_fields(job->ctx, columns, '\t', &g, &m));
    while (m > 0 && !g[m - 1].length) m--;
    r->n = m / WIDTH;
    if (r->n == 0 || r->n > MOST_CHANNELS || m % WIDTH)
        return as_fail(job->ctx, AS_E_SYNTAX, &columns->where, "%zu columns, expected three for each channel",
                       m);
    size_t found = 0; /* names stand somewhere over their three columns, in order */
    for (size_t i = 0; i < n; i++)
        if (f[i].length && found < r->n) r->name[found++] = f[i].text;
    if (found != r->n)
        return as_fail(job->ctx, AS_E_SYNTAX, &names->where, "%zu names of channels, expected %zu", found,
                       r->n);
    for (size_t i = 0; i < r->n; i++) {
        r->signal[i] = g[WIDTH * i + 2].text;
        r->rows[i] = as_rows_new(job->ctx, 2);
        if (!r->rows[i]) return AS_ERR;
    }
    return AS_OK;
}

static as_status read_row(as_parse *job, reading *r, const as_lines *it, const as_line *line)
{
    as_field *f;
    size_t n;
    AS_TRY(as_fields(job->ctx, line, '\t', &f, &n));
    while (n > 0 && !f[n - 1].length) n--;
    if (n > WIDTH * r->n)
        return as_fail(job->ctx, AS_E_SYNTAX, &line->where, "%zu fields, expected %zu", n, WIDTH * r->n);
    if (n % WIDTH)
        as_warn(job->ctx, NULL, &line->where, "the row ends within channel '%s', whose point is left out",
                r->name[n / WIDTH]);
    (void)it;
    for (size_t i = 0; i < n / WIDTH; i++) {
        double v[2];
        if (!f[WIDTH * i + 1].length) continue;
        for (size_t k = 0; k < 2; k++) {
            const as_field *cell = &f[WIDTH * i + 1 + k];
            const as_where at = as_in_line(line, cell->at, cell->length);
            if (!as_read_number(cell->text, cell->length, r->decimal, &v[k]))
                return as_fail(job->ctx, AS_E_SYNTAX, &at, "'%.40s', expected a number", cell->text);
        }
        double *row = as_rows_add(job->ctx, r->rows[i]);
        if (!row) return AS_ERR;
        memcpy(row, v, sizeof v);
    }
    return AS_OK;
}

static as_status emit_channel(as_parse *job, reading *r, size_t i)
{
    as_ctx *ctx = job->ctx;
    as_heading h;
    as_unit unit;
    AS_TRY(as_heading_of(ctx, r->signal[i], NULL, &h));
    as_table *t = as_rows_table(ctx, r->rows[i]);
    if (!t) return AS_ERR;
    AS_TRY(as_unit_parse(ctx, t->arena, h.unit.symbol, &unit));
    AS_TRY(as_name_column(ctx, t, 0, "time", AS_ROLE_X, as_unit_of("s")));
    AS_TRY(as_name_column(ctx, t, 1, h.name, AS_ROLE_Y, unit));
    AS_TRY(as_copy_meta(ctx, t, r->head));
    AS_TRY(as_set_meta(ctx, t, "region", r->name[i], NULL, NULL));
    t->label = as_strdup(t->arena, r->name[i]);
    if (i == 0) as_warn_if_cut(job, t, false);
    return t->label ? as_emit(job->out, ctx, t) : AS_ERR;
}

static as_status read_keys(as_parse *job, reading *r, as_lines *it, as_line *names, as_line *columns)
{
    as_line line = { 0 };
    as_more more;
    *names = (as_line){ .text = "" };
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        as_pair pair;
        if (as_starts(line.text, "Time\t")) {
            *columns = line;
            return AS_OK;
        }
        if (line.length == 0) continue;
        if (line.text[0] == '\t') {
            *names = line;
            continue;
        }
        AS_TRY(as_split(job->ctx, &line, '\t', &pair));
        if (strcmp(pair.key, "Start Time") == 0)
            AS_TRY(as_set_measured(job->ctx, r->head, pair.value, false, &line.where));
        else AS_TRY(as_set_vendor(job->ctx, r->head, pair.key, pair.value, &line.where));
    }
    return more == AS_FAILED ? AS_ERR
                             : as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                                       "the file ends before its columns (Time)");
}

static as_status parse(as_parse *job)
{
    as_lines it = { .in = job->in, .separator = '\t' };
    as_line line, names, columns;
    as_more more;
    as_convention c;
    size_t emitted = 0;
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    if (!r) return AS_ERR;
    r->head = as_table_new(job->ctx, 0);
    if (!r->head) return AS_ERR;
    AS_TRY(read_keys(job, r, &it, &names, &columns));
    AS_TRY(as_convention_of(job->ctx, job->in, it.number + 1, 0, &c));
    r->decimal = c.decimal;
    AS_TRY(read_names(job, r, &names, &columns));
    while ((more = as_next_line(job->ctx, &it, &line)) == AS_ITEM)
        if (line.length) AS_TRY(read_row(job, r, &it, &line));
    if (more == AS_FAILED) return AS_ERR;
    for (size_t i = 0; i < r->n; i++)
        if (as_rows_count(r->rows[i])) {
            AS_TRY(emit_channel(job, r, i));
            emitted++;
        }
    return emitted ? AS_OK
                   : as_fail(job->ctx, AS_E_TRUNCATED, &columns.where, "no rows of data, expected some");
}

static const char *const suffixes[] = { "asc", "txt", NULL };
static const char *const techniques[] = { "thermal", NULL };
static const as_example examples[] = { { "two masses", "assay read tests/corpus/thermal/quadera.asc" },
                                       { 0 } };
static const char *const see_also[] = { "mettler-stare", NULL };

const as_parser as_parser_quadera = {
    .name = "quadera",
    .title = "Quadera mass spectrometer text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read ion currents or partial pressures exported by Quadera",
             .description =
                 "Text parted by tabs: `Sourcefile`, start and end, a line of channels, three columns "
                 "for each: clock time, seconds since the start, ion current or partial pressure. "
                 "One series for each channel, named in `region`.",
             .examples = examples,
             .see_also = see_also },
};
