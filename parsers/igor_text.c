/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Igor text (.itx): "IGOR", then blocks of waves: WAVES with flags and names, BEGIN, rows, END, and
 * commands led by X, of which SetScale says what x is. One wave of a block is a curve over that scale;
 * several are columns; /N=(rows,columns) is a matrix whose columns become a series each.
 */
#include <math.h>
#include <string.h>

#include "electron.h"
#include "headings.h"
#include "number.h"
#include "text_end.h"

enum { MOST = 64 };

typedef struct scale {
    double start, step, end; /* step or end: NaN */
    const char *unit;
} scale;

typedef struct {
    as_lines it;
    as_table *head;             /* comments so far */
    const char *name[MOST];
    size_t n, columns;          /* waves; numbers in a row */
    scale of[2];                /* rows, columns */
    const char *data_unit;
    as_rows *rows;              /* NULL: no block yet */
    as_where where;
    double stated;              /* rows by /N; NaN: not stated */
    bool scaled;                /* a wave before had a scale */
    size_t count;
} reading;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    if (!p->is_text || strncmp(head, "IGOR", 4) != 0 || (head[4] != '\r' && head[4] != '\n'))
        return AS_PROBE_NO;
    return as_find_text(head, "\nWAVES") && as_find_text(head, "\nBEGIN") ? AS_PROBE_VERIFIED : AS_PROBE_LIKELY;
}

/* --- commands --------------------------------------------------------------------------------- */
/* The next argument of a command, without quotes; *at stands behind its comma. */
static const char *argument(as_ctx *ctx, const char **at)
{
    const char *from = *at + strspn(*at, " \t"), *end;
    if (*from == '"' || *from == '\'') {
        end = strchr(from + 1, *from);
        const size_t n = end ? (size_t)(end - from) - 1 : strlen(from + 1);
        *at = end ? end + 1 : from + strlen(from);
        *at += strspn(*at, " \t");
        *at += **at == ',';
        return as_trim(as_scratch(ctx), from + 1, n);
    }
    const size_t n = strcspn(from, ",;");
    *at = from + n + (from[n] == ',');
    return as_trim(as_scratch(ctx), from, n);
}

/* SetScale/P x, start, step, "unit", wave; SetScale/I x, start, end, "unit", wave; d: of the values. */
static as_status set_scale(as_ctx *ctx, reading *r, const char *text)
{
    const char *at = text + strlen("SetScale");
    bool step = false;
    double v[2] = { NAN, NAN };
    for (; *at == '/'; at += 2) step = step || at[1] == 'P' || at[1] == 'p';
    at += strspn(at, " \t");
    const char dim = *at ? *at++ : '\0';
    at += strspn(at, " \t");
    at += *at == ',';
    for (size_t i = 0; i < 2; i++) {
        const char *number = argument(ctx, &at);
        if (!number) return AS_ERR;
        if (!as_read_number(number, strlen(number), '.', &v[i])) v[i] = NAN;
    }
    const char *unit = argument(ctx, &at);
    if (!unit) return AS_ERR;
    const bool values = dim == 'd' || (dim == 'y' && r->columns == r->n); /* y of a curve: its values */
    if (values) r->data_unit = unit;
    else if (dim == 'x' || dim == 'y')
        r->of[dim == 'y'] = (scale){ v[0], step ? v[1] : (double)NAN, step ? (double)NAN : v[1], unit };
    return AS_OK;
}

/* "X SetScale ...; SetScale ...", "X //Key = value" */
static as_status read_command(as_parse *job, reading *r, const as_line *line)
{
    as_ctx *ctx = job->ctx;
    const char *at = line->text + 1 + strspn(line->text + 1, " \t");
    if (at[0] == '/' && at[1] == '/') {
        const char *mark = strpbrk(at + 2, "=:");
        if (!mark) return AS_OK;
        const char *key = as_trim(as_scratch(ctx), at + 2, (size_t)(mark - at) - 2);
        const char *value = as_trim(as_scratch(ctx), mark + 1, strlen(mark + 1));
        if (!key || !value) return AS_ERR;
        return *key && *value ? as_set_setting(ctx, r->head, key, value, &line->where) : AS_OK;
    }
    while (*at) {
        at += strspn(at, " \t;");
        if (as_starts(at, "SetScale")) AS_TRY(set_scale(ctx, r, at));
        at += strcspn(at, ";");
    }
    return AS_OK;
}

/* --- a block ------------------------------------------------------------------------------------ */
/* Point i along a scale of n points; without one its number. */
static double position(const scale *s, size_t i, size_t n)
{
    if (isnan(s->start)) return (double)i;
    if (!isnan(s->step)) return as_step_position(s->start, s->step, i);
    return n > 1 ? s->start + (s->end - s->start) * (double)i / (double)(n - 1) : s->start;
}

static as_status finish(as_parse *job, reading *r, as_table *t, const char *name)
{
    AS_TRY(as_copy_meta(job->ctx, t, r->head));
    if (*name) AS_TRY(as_set_meta(job->ctx, t, "part", name, NULL, &r->where));
    if (*name && !(t->label = as_strdup(t->arena, name))) return AS_ERR;
    const as_column *x = as_find_role(t, AS_ROLE_X);
    t->technique = strstr(x->name, "_energy") ? "xps" : "generic";
    r->count++;
    return as_emit(job->out, job->ctx, t);
}

/* The axis of a curve by the unit of its scale, which says what it is ("eV (Binding Energy)") or not. */
static as_status add_axis(as_ctx *ctx, as_table *t, const char *text, as_column **out)
{
    static const char *const known[][2] = { { "eV", "energy" }, { "s", "time" }, { "cm-1", "wavenumber" },
                                            { "deg", "angle" } };
    as_unit unit;
    if (!text || !*text) text = "x";
    AS_TRY(as_unit_parse(ctx, t->arena, text, &unit));
    for (size_t i = 0; i < AS_COUNT(known) && !unit.opaque; i++) {
        const as_unit own = as_unit_of(known[i][0]);
        if (!as_unit_same_dimension(&unit, &own)) continue;
        *out = as_add_column(ctx, t, known[i][1], AS_ROLE_X, unit);
        return *out ? AS_OK : AS_ERR;
    }
    return as_add_energy(ctx, t, text, NULL, out);
}

/* A curve over the scale: a wave, or a column of a matrix. */
static as_status emit_curve(as_parse *job, reading *r, const as_table *all, size_t k)
{
    as_ctx *ctx = job->ctx;
    const scale *s = &r->of[0];
    as_column *x;
    as_table *t = as_table_new(ctx, all->rows);
    if (!t) return AS_ERR;
    if (isnan(s->start)) x = as_add_column(ctx, t, "position", AS_ROLE_X, AS_UNITLESS);
    else AS_TRY(add_axis(ctx, t, s->unit, &x));
    const char *unit = as_count_unit(r->data_unit, r->data_unit, NULL);
    as_column *y = x ? as_add_column(ctx, t, "intensity", AS_ROLE_Y, as_unit_of(unit)) : NULL;
    if (!y) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        x->v.f[i] = position(s, i, t->rows);
        y->v.f[i] = all->column[k]->v.f[i];
    }
    if (r->columns > 1) {
        AS_TRY(as_set_number(ctx, t, "index", (double)k + 1, NAN, AS_UNITLESS, NULL));
        const char *along = r->of[1].unit && *r->of[1].unit ? r->of[1].unit : "y";
        const char *key = as_format(as_scratch(ctx), "vendor.%s", along);
        if (!isnan(r->of[1].start))
            AS_TRY(key ? as_set_number(ctx, t, key, position(&r->of[1], k, r->columns), NAN,
                                       AS_UNITLESS, NULL)
                       : AS_ERR);
    }
    return finish(job, r, t, r->name[0]);
}

/* Several waves: columns named by their names. */
static as_status emit_columns(as_parse *job, reading *r, as_table *all)
{
    as_heading h[MOST];
    as_unit unit;
    for (size_t i = 0; i < r->n; i++) AS_TRY(as_heading_of(job->ctx, r->name[i], NULL, &h[i]));
    const as_axes a = as_choose_axes(r->n, h);
    for (size_t i = 0; i < r->n; i++) {
        AS_TRY(as_unit_parse(job->ctx, all->arena, h[i].unit.symbol, &unit));
        const char *name = *h[i].name ? h[i].name : "column";
        AS_TRY(as_name_column(job->ctx, all, i, name,
                              i == a.x ? AS_ROLE_X : i == a.y ? AS_ROLE_Y : AS_ROLE_OTHER, unit));
    }
    return finish(job, r, all, r->name[a.y]);
}

static as_status emit_block(as_parse *job, reading *r)
{
    if (!r->rows) return AS_OK;
    as_table *all = as_rows_table(job->ctx, r->rows);
    if (!all) return AS_ERR;
    r->rows = NULL;
    if (!isnan(r->stated) && r->stated != (double)all->rows)
        return as_fail(job->ctx, AS_E_SYNTAX, &r->where, "%zu rows, expected %g by /N", all->rows, r->stated);
    if (r->scaled && r->n == 1 && isnan(r->of[0].start))
        as_warn(job->ctx, NULL, &r->where, "a wave without SetScale behind others with one: the file may be cut");
    r->scaled = r->scaled || !isnan(r->of[0].start);
    if (all->rows == 0) return as_fail(job->ctx, AS_E_MISSING, &r->where, "a wave without values");
    if (r->n > 1) return emit_columns(job, r, all);
    for (size_t i = 0; i < all->n_columns; i++)
        AS_TRY(as_name_column(job->ctx, all, i, as_format(as_scratch(job->ctx), "c%zu", i), AS_ROLE_OTHER,
                              AS_UNITLESS));
    for (size_t k = 0; k < r->columns; k++) AS_TRY(emit_curve(job, r, all, k));
    return AS_OK;
}

/* WAVES/D/N=(100,2) 'name', other */
static as_status read_names(as_parse *job, reading *r, const as_line *line)
{
    const char *at = line->text + strlen("WAVES");
    double dims[2] = { NAN, NAN };
    AS_TRY(emit_block(job, r));
    while (*at == '/') {
        if (at[1] == 'T') return as_fail(job->ctx, AS_E_FORMAT, &line->where, "a wave of texts, expected numbers");
        if (at[1] == 'N' && at[2] == '=') {
            at += 3 + (at[3] == '(');
            for (size_t i = 0; i < 2; i++) {
                const size_t used = as_scan_number(at, strlen(at), '.', &dims[i]);
                if (!used) dims[i] = NAN;
                at += used + (at[used] == ',');
            }
        }
        at += strcspn(at + (*at == '/'), "/ \t") + (*at == '/');
    }
    r->n = 0;
    r->where = line->where;
    r->data_unit = NULL;
    for (size_t i = 0; i < 2; i++) r->of[i] = (scale){ NAN, NAN, NAN, NULL };
    while (*(at += strspn(at, " \t,")) && r->n < MOST) {
        const size_t quoted = *at == '\'', n = quoted ? strcspn(at + 1, "'") : strcspn(at, " \t,");
        r->name[r->n] = as_strndup(as_scratch(job->ctx), at + quoted, n);
        if (!r->name[r->n++]) return AS_ERR;
        at += n + quoted + (quoted && at[n + 1] == '\'');
    }
    r->stated = dims[0];
    r->columns = r->n == 1 && dims[1] >= 1 ? (size_t)fmin(dims[1], 1e6) : r->n;
    return r->n ? AS_OK : as_fail(job->ctx, AS_E_SYNTAX, &line->where, "WAVES without a name");
}

static as_status read_rows(as_parse *job, reading *r)
{
    as_line line;
    const size_t stated = r->columns;
    for (;;) {
        AS_TRY(as_need_line(job->ctx, &r->it, &line, "a row or END"));
        if (as_same(line.text, "END")) break;
        if (line.length == 0) continue;
        const size_t n = as_line_numbers(&r->it, &line, 0, NULL);
        if (!r->rows && r->n == 1 && stated == 1 && n > 1) r->columns = n; /* a row may hold many values */
        if (n != r->columns)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "%zu numbers, expected %zu", n, r->columns);
        if (!r->rows) r->rows = as_rows_new(job->ctx, stated == 1 ? 1 : n);
        double *v = r->rows ? AS_NEW_N(as_scratch(job->ctx), double, n) : NULL;
        if (!v) return AS_ERR;
        as_line_numbers(&r->it, &line, n, v);
        for (size_t i = 0; i < n; i += stated == 1 ? 1 : n) {
            double *row = as_rows_add(job->ctx, r->rows);
            if (!row) return AS_ERR;
            memcpy(row, v + i, (stated == 1 ? 1 : n) * sizeof *v);
        }
    }
    r->columns = stated;
    if (!r->rows) return as_fail(job->ctx, AS_E_MISSING, &line.where, "a wave without values");
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading r = { .it = { .in = job->in }, .head = as_table_new(job->ctx, 0) };
    as_line line;
    as_more more;
    if (!r.head) return AS_ERR;
    AS_TRY(as_need_line(job->ctx, &r.it, &line, "IGOR"));
    while ((more = as_next_line(job->ctx, &r.it, &line)) == AS_ITEM) {
        if (as_starts(line.text, "WAVES")) AS_TRY(read_names(job, &r, &line));
        else if (as_same(line.text, "BEGIN") && r.n) AS_TRY(read_rows(job, &r));
        else if (line.text[0] == 'X' && (line.text[1] == ' ' || line.text[1] == '\t'))
            AS_TRY(read_command(job, &r, &line));
    }
    if (more == AS_FAILED) return AS_ERR;
    as_warn_if_cut(job, NULL, false);
    AS_TRY(emit_block(job, &r));
    return r.count ? AS_OK : as_fail(job->ctx, AS_E_TRUNCATED, &line.where, "the file ends before its waves");
}

static const char *const suffixes[] = { "itx", NULL };
static const char *const techniques[] = { "xps", "generic", NULL };
static const as_example examples[] = { { "two regions", "assay read --list tests/corpus/xps/regions.itx" },
                                       { 0 } };
static const char *const see_also[] = { "igor", NULL };

const as_parser as_parser_igor_text = {
    .name = "igor-itx",
    .title = "Igor text",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "vendor document",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read Igor text, as electron spectrometers export it",
             .description = "Blocks of waves. A single wave is a curve over the scale that `X SetScale` "
                            "gives it, named by its unit (`eV (Binding Energy)`); without one over the "
                            "number of the point. Several waves of a block are columns. The columns of "
                            "a matrix are a series each. Comments `X //key = value` become metadata.",
             .examples = examples,
             .see_also = see_also },
};
