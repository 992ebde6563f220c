/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds blocks of numbers in rows of cells, their headings and what is said around them. */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "grid_private.h"
#include "headings.h"
#include "number.h"

as_status as_grid_add(as_ctx *ctx, as_grid *g, const as_grid_row *row)
{
    if (g->n == g->room) {
        const size_t room = g->room ? 2 * g->room : 256;
        as_grid_row *wider = AS_NEW_N(as_scratch(ctx), as_grid_row, room);
        if (!wider) return AS_ERR;
        if (g->n) memcpy(wider, g->row, g->n * sizeof *wider);
        g->row = wider;
        g->room = room;
    }
    g->row[g->n++] = *row;
    return AS_OK;
}

static as_where where_of(const as_parse *job, const as_grid_row *r)
{
    return (as_where){ .file = job->in->name, .line = r->line };
}

/* --- runs: where rows of numbers follow each other -------------------------------------- */
/* The first number of a row, `k` rows below: x, as far as order goes. */
static double leading(const as_grid_row *r, size_t k)
{
    if (r->more) return r->v[k];
    const as_tally t = as_row_tally(r);
    return t.numbers ? r->v[t.first_number] : NAN;
}

/* x of the last two rows of numbers; from 1 row on `last` is set. */
typedef struct order { size_t rows; double before, last; } order;

static void follow(order *o, const as_grid_row *r)
{
    o->before = r->more ? leading(r, r->more - 1) : o->last;
    o->last = leading(r, r->more);
    o->rows += r->more + 1;
}

/* x of `next` goes on in the direction that the rows before it have. */
static bool goes_on(const order *o, const as_grid_row *next)
{
    return o->rows < 2 || (o->last - o->before) * (leading(next, 0) - o->last) > 0;
}

typedef struct run { /* rows [from, to), some blank or comments */
    size_t from, to, width;
    order x;
} run;

static as_status check_row(const as_parse *job, const as_grid *g, const as_grid_options *how,
                           run *r, size_t i)
{
    const as_grid_row *row = &g->row[i];
    const as_tally t = as_row_tally(row);
    const size_t expected = g->row[r->from].n;
    if (how->even && row->n != expected && (t.end > expected || row->n < expected)) {
        const as_where where = where_of(job, row);
        const bool cut = row->n < expected && i + 1 == g->n && row->more == 0;
        return as_fail(job->ctx, cut ? AS_E_TRUNCATED : AS_E_SYNTAX, &where,
                       "%zu values found, expected %zu as in line %u", row->n, expected,
                       (unsigned)g->row[r->from].line);
    }
    if (t.end > r->width) r->width = t.end;
    return AS_OK;
}

/* A number alone that says how many rows follow it, all wider. */
static bool is_count(const as_grid *g, size_t i)
{
    const as_grid_row *r = &g->row[i];
    double rows = 0;
    if (r->n != 1 || r->more || i + 1 >= g->n || g->row[i + 1].n < 2) return false;
    for (size_t k = i + 1; k < g->n && as_row_is_data(&g->row[k]) && g->row[k].n > 1; k++)
        rows += (double)g->row[k].more + 1;
    return r->v[0] == rows && rows > 1;
}

/* "10.00-1.0000E+01": two numbers that a fixed width has joined, of a row that belongs to the block
 * whose x they continue. Such a row must not be taken for a remark. */
static bool is_joined(const as_grid_row *r, const run *block, bool before)
{
    const char *text = as_row_text(r, 0);
    double x, y;
    if (!text || r->comment || block->x.rows < 2) return false;
    const size_t n = strlen(text), used = as_scan_number(text, n, '.', &x);
    if (used == 0 || (text[used] != '-' && text[used] != '+') || !memchr(text, '.', used))
        return false;
    if (as_scan_number(text + used, n - used, '.', &y) != n - used) return false;
    const double step = block->x.last - block->x.before;
    return before ? (leading(r + 1, 0) - x) * step > 0 : (x - block->x.last) * step > 0;
}

static as_status check_joined(const as_parse *job, const as_grid *g, const run *r)
{
    const as_grid_row *suspect = NULL;
    if (r->from > 0 && is_joined(&g->row[r->from - 1], r, true)) suspect = &g->row[r->from - 1];
    else if (r->to < g->n && is_joined(&g->row[r->to], r, false)) suspect = &g->row[r->to];
    if (!suspect) return AS_OK;
    const as_where where = where_of(job, suspect);
    return as_fail(job->ctx, AS_E_SYNTAX, &where, "'%s' is two numbers without a blank between them",
                   as_row_text(suspect, 0));
}

/* "max. power: -1.794": a result that a program writes among numbers that go on behind it. */
static bool is_result(const as_parse *job, const as_grid *g, const run *r, size_t i)
{
    const as_grid_row *row = &g->row[i];
    const char *text = as_row_text(row, 0);
    const as_where where = where_of(job, row);
    const char *mark = text ? strrchr(text, ':') : NULL;
    if (text && !mark) mark = strrchr(text, '=');
    double value;
    if (i + 1 >= g->n || r->x.rows < 4 || as_row_tally(row).end != 1 || !mark) return false;
    mark += 1 + strspn(mark + 1, " \t");
    if (as_scan_number(mark, strlen(mark), '.', &value) == 0) return false;
    const as_grid_row *next = &g->row[i + 1];
    if (!as_row_is_data(next) || next->n != g->row[r->from].n || !goes_on(&r->x, next)) return false;
    as_warn(job->ctx, NULL, &where, "'%s' stands among the numbers: no row", text);
    return true;
}

/* The next run at or behind `from`; false: none. */
static as_status next_run(const as_parse *job, const as_grid *g, const as_grid_options *how,
                          size_t from, run *out, bool *found)
{
    while (from < g->n && (!as_row_is_data(&g->row[from]) || is_count(g, from))) from++;
    *found = from < g->n;
    if (!*found) return AS_OK;
    *out = (run){ .from = from, .to = from };
    size_t last = from;
    for (size_t i = from; i < g->n; i++) {
        const as_grid_row *row = &g->row[i];
        if (row->comment || as_row_is_blank(row)) continue;
        if (!as_row_is_data(row) && is_result(job, g, out, i)) continue;
        if (!as_row_is_data(row)) break;
        const bool beside = i == last || i == last + 1;
        if (!beside && !goes_on(&out->x, row)) break;
        if (!beside && how->even && row->n != g->row[from].n) break;
        AS_TRY(check_row(job, g, how, out, i));
        follow(&out->x, row);
        last = i;
        out->to = i + 1;
    }
    return check_joined(job, g, out);
}

/* Text that interrupts a block whose x goes on is no new block: the file is broken there. */
static as_status check_gap(const as_parse *job, const as_grid *g, const run *was, const run *next)
{
    size_t texts = 0, at = 0, widest = 0;
    for (size_t i = was->to; i < next->from; i++) {
        if (g->row[i].comment || as_row_is_blank(&g->row[i])) continue;
        texts++;
        at = i;
        const as_tally t = as_row_tally(&g->row[i]);
        if (t.texts + t.numbers > widest) widest = t.texts + t.numbers;
    }
    if (texts != 1 || widest >= 2 || next->width != was->width || was->x.rows < 2)
        return AS_OK;
    if (!goes_on(&was->x, &g->row[next->from])) return AS_OK;
    const as_where where = where_of(job, &g->row[at]);
    return as_fail(job->ctx, AS_E_SYNTAX, &where, "'%s' found, expected %zu numbers",
                   as_row_text(&g->row[at], 0) ? as_row_text(&g->row[at], 0) : "text", was->width);
}

/* --- what stands around ------------------------------------------------------------------- */
static const struct { const char *key, *meta; } known_keys[] = {
    { "sample", "sample" }, { "samplename", "sample" }, { "sampleid", "sample" },
    { "operator", "operator" }, { "user", "operator" }, { "comment", "comment" },
    { "comments", "comment" }, { "instrument", "instrument" },
    { "createdasnewdataset", "sample" }, /* of PerkinElmer */
    { "datameasuredwithspectrometerserialnumber", "serial_number" },
    { "datameasuredwithspectrometername", "instrument" },
};

/* What a head says twice under one key is kept twice; what the head of an earlier table said is replaced. */
static as_status keep_vendor(as_ctx *ctx, as_table *t, const char *key, const char *value, uint32_t since,
                             const as_where *where)
{
    const char *full = as_format(as_scratch(ctx), "vendor.%s", key);
    const as_meta *was = full ? as_get_meta(t, full) : NULL;
    if (!full) return AS_ERR;
    return was && was->from.line >= since ? as_set_vendor(ctx, t, key, value, where)
                                          : as_set_meta(ctx, t, full, value, NULL, where);
}

static as_status keep_pair(as_parse *job, as_table *t, const char *key, const char *value, uint32_t since,
                           const as_where *where)
{
    const char *simple = as_plain_key(job->ctx, key);
    if (!simple) return AS_ERR;
    if (!key[0] || !value[0]) return AS_OK;
    for (size_t i = 0; i < sizeof known_keys / sizeof *known_keys; i++)
        if (strcmp(known_keys[i].key, simple) == 0)
            return as_set_meta(job->ctx, t, known_keys[i].meta, value, NULL, where);
    bool done;
    AS_TRY(as_grid_fact(job->ctx, t, key, value, where, &done));
    if (done) return AS_OK;
    return keep_vendor(job->ctx, t, key, value, since, where);
}

as_status as_grid_keep(as_parse *job, as_table *t, const char *key, const char *value, const as_where *where)
{
    return keep_pair(job, t, key, value, 0, where);
}

/* "key: value" or "key = value"; else text to be kept as a comment. */
static as_status keep_text(as_parse *job, as_table *t, const char *text, uint32_t since, const as_where *where,
                           const char **rest)
{
    const size_t cut = strcspn(text, ":=");
    if (text[cut] && cut > 0 && cut < 60 && text[cut + 1]) {
        const size_t mark = strspn(text, "- \t"); /* of an item of a list */
        const char *key = as_trim(as_scratch(job->ctx), text + mark, mark < cut ? cut - mark : 0);
        const char *value = as_trim(as_scratch(job->ctx), text + cut + 1, strlen(text + cut + 1));
        return key && value ? keep_pair(job, t, key, value, since, where) : AS_ERR;
    }
    *rest = *rest ? as_format(as_scratch(job->ctx), "%s | %s", *rest, text) : text;
    return *rest ? AS_OK : AS_ERR;
}

static const char *row_text(as_ctx *ctx, const as_grid_row *r)
{
    const char *text = "";
    for (size_t c = 0; c < r->n && text; c++) {
        const char *part = as_row_text(r, c);
        if (!part && !isnan(r->v[c])) part = as_format(as_scratch(ctx), "%.10g", r->v[c]);
        if (part) text = as_format(as_scratch(ctx), "%s%s%s", text, text[0] ? " " : "", part);
    }
    return text;
}

static const char *number_text(as_arena *a, double value)
{
    char text[AS_NUMBER_MAX];
    as_write_number(value, text);
    return as_strdup(a, text);
}

/* A key and a list: the colons are those of clocks. */
static bool is_listed(const as_grid_row *r, bool packed)
{
    const char *key = as_row_text(r, 0);
    if (packed || r->comment || !key || strpbrk(key, ":=") || as_row_tally(r).texts < 4) return false;
    for (size_t c = 1; c < r->n; c++)
        if (as_row_text(r, c) && !as_is_clock_text(as_row_text(r, c))) return false;
    return true;
}

static as_status keep_row(as_parse *job, as_table *t, const as_grid_row *r, uint32_t since, bool packed,
                          const char **rest)
{
    const as_where where = where_of(job, r);
    const as_tally n = as_row_tally(r);
    if (n.numbers + n.texts == 0) return AS_OK;
    const char *key = as_row_text(r, 0);
    const char *second = as_row_text(r, 1); /* "Settling time= 0" where blanks part it */
    const bool long_key = second && strchr(":=", second[strlen(second) - 1]);
    if (n.end >= 2 && n.texts + n.numbers <= 3 && key && n.first_text == 0 && !r->comment && !long_key) {
        const char *value = as_row_text(r, 1);
        const size_t k = strlen(key);
        if (!value && r->n > 1 && !isnan(r->v[1]))
            value = number_text(as_scratch(job->ctx), r->v[1]);
        if (value && as_row_text(r, 2)) value = as_format(as_scratch(job->ctx), "%s %s", value, as_row_text(r, 2));
        key = as_strndup(as_scratch(job->ctx), key, k > 1 && strchr(":=", key[k - 1]) ? k - 1 : k);
        if (!key) return AS_ERR;
        if (value) return keep_pair(job, t, key, value, since, &where);
    }
    if (is_listed(r, packed)) { /* "Time", "11/10/2022 7:08", "11/10/2022 7:09" */
        const as_grid_row behind = { .n = r->n - 1, .v = r->v + 1, .text = r->text + 1 };
        const char *value = row_text(job->ctx, &behind);
        return value ? keep_pair(job, t, key, value, since, &where) : AS_ERR;
    }
    const char *text = row_text(job->ctx, r);
    return text ? keep_text(job, t, text, since, &where, rest) : AS_ERR;
}

static as_status keep_rows(as_parse *job, const as_grid *g, size_t from, size_t to,
                           const as_block *b, as_table *t)
{
    const char *rest = NULL;
    for (size_t i = from; i < to; i++) {
        const as_grid_row *r = &g->row[i];
        if (b && (r == b->names || r == b->units || r == b->groups || r == b->drawn)) continue;
        if (as_row_is_data(r)) continue;
        AS_TRY(keep_row(job, t, r, g->row[from].line, g->packed, &rest));
    }
    if (!rest || as_get_meta(t, "comment")) return AS_OK;
    return as_set_meta(job->ctx, t, "comment", rest, NULL, NULL);
}

/* --- blocks side by side --------------------------------------------------------------------- */
static bool column_has_number(const as_grid *g, const run *r, size_t c)
{
    for (size_t i = r->from; i < r->to; i++)
        if (c < g->row[i].n && !g->row[i].comment && (g->row[i].more || !isnan(g->row[i].v[c])))
            return true;
    return false;
}

static bool column_has_text(const as_grid *g, const run *r, size_t c)
{
    for (size_t i = r->from; i < r->to; i++)
        if (!g->row[i].comment && as_row_text(&g->row[i], c)) return true;
    return false;
}

/* Columns behind a gap are a block of their own when they have an x of their own: a heading like
 * that of the first column or of a known x; without headings, two columns or more. */
static bool begins_block(as_ctx *ctx, const as_grid *g, size_t above, const as_block *left,
                         const as_block *right)
{
    as_block whole = *right;
    as_heading mine, first;
    if (left->n < 2) return false; /* an x alone: its y stands behind the gap */
    as_find_headings(ctx, g, above, &whole);
    const char *own = whole.names ? as_row_text(whole.names, right->column[0]) : NULL;
    if (!own) return right->n >= 2 && !left->names;
    if (as_heading_of(ctx, own, NULL, &mine) != AS_OK) return false;
    const char *theirs = left->names ? as_row_text(left->names, left->column[0]) : NULL;
    if (theirs && as_heading_of(ctx, theirs, NULL, &first) == AS_OK &&
        strcmp(first.name, mine.name) == 0)
        return true;
    return as_is_x_name(mine.name);
}

/* Whether columns behind a gap go with the block: numbers alone, in half of its rows or more. */
static bool joins(const as_grid *g, const run *r, const as_block *left, const as_block *right)
{
    if (left->n == 0) return true;
    for (size_t i = 0; i < right->n; i++) {
        size_t numbers = 0, rows = 0;
        for (size_t k = r->from; k < r->to; k++) {
            const as_grid_row *row = &g->row[k];
            if (row->comment || as_row_is_blank(row)) continue;
            rows += row->more + 1;
            if (as_row_text(row, right->column[i])) return false;
            if (row->more) numbers += right->column[i] < row->n ? row->more + 1 : 0;
            else numbers += right->column[i] < row->n && !isnan(row->v[right->column[i]]);
        }
        if (2 * numbers < rows) return false;
    }
    return true;
}

static as_status emit_block(as_parse *job, const as_grid *g, const as_grid_options *how,
                            size_t above, const run *r, const as_table *file, as_block *b,
                            size_t *count_out)
{
    b->names = b->units = b->groups = b->drawn = NULL;
    as_find_headings(job->ctx, g, above, b);
    as_table *meta = as_table_new(job->ctx, 0);
    if (!meta) return AS_ERR;
    if (file) AS_TRY(as_copy_meta(job->ctx, meta, file));
    AS_TRY(keep_rows(job, g, above, r->from, b, meta));
    return as_block_tables(job, b, how, meta, count_out);
}

/* Columns beside a block that begin lower, with headings of their own: a table apart, to be read
 * when the others are. */
typedef struct aside { size_t above, end, left, right; } aside;
typedef struct asides { size_t n; aside item[16]; } asides;

static bool is_table_apart(const as_grid *g, const run *r, size_t left, size_t right)
{
    size_t rows = 0;
    bool headed = false;
    for (size_t i = r->from; i < r->to && right - left >= 2; i++) {
        const as_grid_row *row = &g->row[i];
        if (row->more) return false;
        if (left < row->n && !isnan(row->v[left])) rows++;
        for (size_t c = left; c < right; c++) {
            if (as_row_text(row, c) && rows > 0) return false;
            headed = headed || as_row_text(row, c);
        }
    }
    return headed && rows >= 2;
}

static as_status put_aside(as_parse *job, const as_grid *g, size_t above, const run *r, size_t left,
                           size_t right, asides *rest)
{
    const as_where where = where_of(job, &g->row[r->from]);
    if (rest && rest->n < sizeof rest->item / sizeof *rest->item &&
        is_table_apart(g, r, left, right))
        rest->item[rest->n++] = (aside){ above, r->to, left, right };
    else
        as_warn(job->ctx, NULL, &where, "columns %zu to %zu left out: no table of numbers",
                left + 1, right);
    return AS_OK;
}

static as_status side_by_side(as_parse *job, const as_grid *g, const as_grid_options *how,
                              size_t above, const run *r, const as_table *file, asides *rest,
                              size_t *count_out)
{
    size_t *columns = AS_NEW_N(as_scratch(job->ctx), size_t, r->width);
    if (!columns) return AS_ERR;
    as_block block = { .grid = g, .first = r->from, .end = r->to, .column = columns };
    for (size_t left = 0, right; left < r->width; left = right) {
        right = left + 1;
        if (!column_has_number(g, r, left) &&
            !(g->row[r->from].labelled && column_has_text(g, r, left)))
            continue;
        while (right < r->width && (column_has_number(g, r, right) || column_has_text(g, r, right)))
            right++;
        as_block next = block;
        next.column = columns + block.n;
        next.n = right - left;
        next.names = next.units = next.groups = next.drawn = NULL;
        for (size_t i = 0; i < next.n; i++) columns[(size_t)(next.column - columns) + i] = left + i;
        as_find_headings(job->ctx, g, above, &block);
        if (begins_block(job->ctx, g, above, &block, &next)) {
            AS_TRY(emit_block(job, g, how, above, r, file, &block, count_out));
            columns += block.n;
            block = next;
        } else if (joins(g, r, &block, &next)) {
            block.n += next.n;
        } else {
            AS_TRY(put_aside(job, g, above, r, left, right, rest));
        }
        block.names = block.units = block.groups = block.drawn = NULL;
    }
    return block.n > 0 ? emit_block(job, g, how, above, r, file, &block, count_out) : AS_OK;
}

/* --- all ------------------------------------------------------------------------------------------ */
static as_status check_share(const as_parse *job, const as_grid *g)
{
    size_t data = 0, text = 0;
    for (size_t i = 0; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        const as_tally t = as_row_tally(r);
        if (as_row_is_data(r)) data += r->more + 1;
        else if (!r->comment && t.texts == 1 && t.numbers == 0 && !strpbrk(as_row_text(r, t.first_text), ":="))
            text++;
    }
    const as_where where = { .file = job->in->name };
    if (data == 0) return as_fail(job->ctx, AS_E_FORMAT, &where, "no rows of numbers in it");
    if (text > data)
        return as_fail(job->ctx, AS_E_FORMAT, &where,
                       "%zu lines of text and only %zu of numbers: no table", text, data);
    return AS_OK;
}

/* Settings below the only table of a file, in `out`; NULL: there are none. Cary's reports are read apart. */
static as_status settings_below(as_parse *job, const as_grid *g, size_t from, as_table **out)
{
    const char *rest = NULL;
    *out = NULL;
    for (size_t i = from; i < g->n; i++) {
        const char *text = g->row[i].n ? as_row_text(&g->row[i], 0) : NULL;
        if (as_row_is_data(&g->row[i]) || (text && as_starts(text, "Collection Time:"))) return AS_OK;
    }
    if (!(*out = as_table_new(job->ctx, 0))) return AS_ERR;
    for (size_t i = from; i < g->n; i++)
        AS_TRY(keep_row(job, *out, &g->row[i], g->row[from].line, g->packed, &rest));
    return AS_OK;
}

/* What stands above the first block, as metadata for all; without its headings. */
static as_status keep_above(as_parse *job, const as_grid *g, const run *r, as_table **out)
{
    size_t *column = AS_NEW_N(as_scratch(job->ctx), size_t, r->width);
    *out = as_table_new(job->ctx, 0);
    if (!column || !*out) return AS_ERR;
    for (size_t c = 0; c < r->width; c++) column[c] = c;
    as_block whole = { .grid = g, .first = r->from, .end = r->to, .n = r->width, .column = column };
    as_find_headings(job->ctx, g, 0, &whole);
    return keep_rows(job, g, 0, r->from, &whole, *out);
}

static as_status read_blocks(as_parse *job, const as_grid *g, const as_grid_options *how,
                             asides *rest, size_t *count_out)
{
    as_table *file = NULL, *below = NULL;
    run was = { 0 }, r;
    bool found;
    size_t above = 0;
    for (;;) {
        AS_TRY(next_run(job, g, how, above, &r, &found));
        if (!found) break;
        if (above > 0) AS_TRY(check_gap(job, g, &was, &r));
        else AS_TRY(settings_below(job, g, r.to, &below));
        AS_TRY(side_by_side(job, g, how, above, &r, file ? file : below, rest, count_out));
        if (!file) AS_TRY(keep_above(job, g, &r, &file));
        was = r;
        above = r.to;
    }
    return AS_OK;
}

/* Those columns as a grid of their own. */
static as_status read_aside(as_parse *job, const as_grid *g, const as_grid_options *how,
                            const aside *a, size_t *count_out)
{
    as_grid own = { 0 };
    for (size_t i = a->above; i < a->end; i++) {
        as_grid_row row = g->row[i];
        const size_t n = row.n < a->right ? row.n : a->right;
        row.n = n > a->left ? n - a->left : 0;
        row.v = row.n ? row.v + a->left : NULL;
        row.text = row.n && row.text ? row.text + a->left : NULL;
        row.labelled = false;
        AS_TRY(as_grid_add(job->ctx, &own, &row));
    }
    as_grid_mark_labels(&own);
    return read_blocks(job, &own, how, NULL, count_out);
}

as_status as_grid_tables(as_parse *job, as_grid *g, const as_grid_options *how,
                         size_t *count_out)
{
    as_grid turned = { 0 }, parted = { .packed = g->packed };
    asides rest = { 0 };
    size_t rows, columns;
    bool margin;
    AS_TRY(as_grid_part_uncertain(job->ctx, g));
    AS_TRY(as_grid_part_percent(job->ctx, g));
    AS_TRY(as_grid_drop_numbers(job, g));
    bool wide;
    AS_TRY(as_grid_wide(job, g, how, count_out, &wide));
    if (wide) return AS_OK;
    AS_TRY(as_grid_settle_rows(job, g));
    AS_TRY(as_grid_part_margin(job, g, &parted, &margin));
    if (margin) g = &parted;
    if (as_grid_lies(g, &rows, &columns)) {
        AS_TRY(as_grid_turn(job->ctx, g, rows, columns, &turned));
        g = &turned;
    }
    as_grid_mark_labels(g);
    AS_TRY(as_grid_name_matrix(job, g));
    AS_TRY(check_share(job, g));
    AS_TRY(read_blocks(job, g, how, &rest, count_out));
    for (size_t i = 0; i < rest.n; i++)
        AS_TRY(read_aside(job, g, how, &rest.item[i], count_out));
    return AS_OK;
}
