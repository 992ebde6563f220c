/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands among and beside rows of numbers without being of them: remarks that begin with a number, notes in
 * a column that is empty else, settings left of the table. */
#include <math.h>
#include <string.h>

#include "grid_private.h"

/* The next row that is filled, from `i` in steps of 1 or -1; NULL: none. */
static as_grid_row *beside(const as_grid *g, size_t i, int step)
{
    while (step < 0 ? i-- > 0 : ++i < g->n)
        if (!g->row[i].comment && !as_row_is_blank(&g->row[i])) return &g->row[i];
    return NULL;
}

/* --- remarks --------------------------------------------------------------------------- */
static bool is_alike(const as_grid_row *a, const as_grid_row *b)
{
    return b && as_row_is_data(b) && a->n == b->n;
}

/* "3000 x 806": words and numbers, and no row beside it has as many. */
static bool is_remark(const as_grid *g, size_t i)
{
    const as_grid_row *r = &g->row[i];
    if (r->comment || r->more || r->labelled || !as_row_is_data(r) || as_row_tally(r).texts == 0) return false;
    return !is_alike(r, beside(g, i, 1)) && !is_alike(r, beside(g, i, -1));
}

static as_status make_text(as_ctx *ctx, as_grid_row *r)
{
    const char **text = AS_NEW(as_scratch(ctx), const char *), *all = "";
    double *v = AS_NEW(as_scratch(ctx), double);
    for (size_t c = 0; c < r->n && all; c++) {
        const char *part = as_row_text(r, c), *gap = all[0] ? " " : "";
        if (part) all = as_format(as_scratch(ctx), "%s%s%s", all, gap, part);
        else if (!isnan(r->v[c])) all = as_format(as_scratch(ctx), "%s%s%.10g", all, gap, r->v[c]);
    }
    if (!text || !v || !all) return AS_ERR;
    *text = all;
    *v = NAN;
    *r = (as_grid_row){ .n = 1, .v = v, .text = text, .line = r->line };
    return AS_OK;
}

/* --- notes ----------------------------------------------------------------------------- */
/* Numbers behind an empty cell. */
static bool is_noteless(const as_grid_row *r)
{
    const as_tally t = as_row_tally(r);
    return !r->comment && !r->more && !r->labelled && t.texts == 0 && t.numbers >= 2 && t.first_number > 0;
}

/* A text in the first cell, numbers only where `like` has some too. */
static bool is_noted(const as_grid_row *r, const as_grid_row *like)
{
    const as_tally t = as_row_tally(r);
    if (r->comment || r->more || r->labelled || r->n != like->n) return false;
    if (t.texts != 1 || t.first_text != 0 || t.numbers == 0) return false;
    for (size_t c = 1; c < r->n; c++)
        if (!isnan(r->v[c]) && isnan(like->v[c])) return false;
    return true;
}

/* A note among rows without one, or at their head below a name for the notes. */
static bool is_note_at(const as_grid *g, size_t i)
{
    const as_grid_row *before = beside(g, i, -1), *after = beside(g, i, 1);
    if (before && is_noteless(before)) return is_noted(&g->row[i], before);
    if (!before || !after || !is_noteless(after) || as_row_tally(before).numbers > 0) return false;
    return as_row_tally(before).texts >= 2 && as_row_text(before, 0) && is_noted(&g->row[i], after);
}

static void mark_notes(as_grid *g, size_t i)
{
    size_t from = i, to = i + 1;
    while (from > 0 && is_noteless(&g->row[from - 1]) && g->row[from - 1].n == g->row[i].n) from--;
    for (; to < g->n && g->row[to].n == g->row[i].n; to++)
        if (!is_noteless(&g->row[to]) && !is_noted(&g->row[to], &g->row[to - 1]) && !is_note_at(g, to)) break;
    for (size_t k = from; k < to; k++) g->row[k].labelled = true;
}

/* The number of a curve, alone in a wide row above text; x alone would be no point either. */
static bool is_lone_number(const as_grid *g, size_t i)
{
    const as_grid_row *r = &g->row[i], *after = beside(g, i, 1);
    const as_tally t = as_row_tally(r);
    return !r->comment && !r->more && !r->labelled && r->n > 2 && t.numbers == 1 && t.texts == 0 &&
           t.first_number == 0 && after && !as_row_is_data(after);
}

as_status as_grid_settle_rows(const as_parse *job, as_grid *g)
{
    for (size_t i = 0; i < g->n; i++) {
        const bool lone = !g->packed && is_lone_number(g, i);
        if (lone || (g->packed && is_remark(g, i))) AS_TRY(make_text(job->ctx, &g->row[i]));
        else if (!g->packed && is_note_at(g, i)) mark_notes(g, i);
        g->row[i].comment = g->row[i].comment || lone; /* "1" alone would be a unit */
    }
    return AS_OK;
}

/* --- settings left of a table ------------------------------------------------------------ */
static bool is_empty_at(const as_grid_row *r, size_t c)
{
    return c < r->n && isnan(r->v[c]) && !as_row_text(r, c);
}

/* Settings or nothing in the cells before `k`, the last of them empty; numbers alone behind. */
static bool has_margin(const as_grid_row *r, size_t k, bool *setting)
{
    if (r->more || r->n < k + 2 || !is_empty_at(r, k - 1) || isnan(r->v[k]) || isnan(r->v[k + 1])) return false;
    for (size_t c = k; c < r->n; c++)
        if (as_row_text(r, c)) return false;
    *setting = as_row_text(r, 0) != NULL;
    for (size_t c = 0; c < k && !*setting; c++)
        if (!is_empty_at(r, c)) return false;
    return true;
}

/* The column that the table begins in; 0: there is none with settings beside it. */
static size_t margin_of(const as_grid *g)
{
    const as_grid_row *first = g->n ? &g->row[0] : NULL;
    size_t k = 2, rows = 0, settings = 0;
    if (!first || first->more || !as_row_text(first, 0)) return 0;
    while (k < first->n && (isnan(first->v[k]) || !is_empty_at(first, k - 1))) k++;
    for (size_t i = 0; i < g->n; i++) {
        bool setting;
        if (as_row_is_blank(&g->row[i])) continue;
        if (!has_margin(&g->row[i], k, &setting)) return 0;
        rows++;
        settings += setting;
    }
    return settings >= 3 && rows > settings ? k : 0;
}

/* The column that pairs "key", "text" begin in, the last two of rows of numbers, some rows of which have none; 0:
 * there are no such. A column of texts with numbers beside it alone is part of the table. */
static size_t pairs_of(const as_grid *g)
{
    size_t width = 0, pairs = 0, texts = 0, without = 0;
    for (size_t i = 0; i < g->n; i++)
        if (g->row[i].n > width) width = g->row[i].n;
    for (size_t i = 0; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        if (r->comment || as_row_is_blank(r)) continue;
        if (width < 4 || r->more) return 0;
        const char *key = as_row_text(r, width - 2), *value = as_row_text(r, width - 1);
        const bool number = width - 1 < r->n && !isnan(r->v[width - 1]);
        if (!key && (value || number || !isnan(as_row_number(r, width - 2)))) return 0;
        if (key && !value && !number) return 0;
        if (!as_row_is_data(r)) continue;
        pairs += key != NULL;
        texts += value != NULL;
        without += !key;
    }
    return pairs >= 3 && texts > 0 && texts < pairs && without > 0 ? width - 2 : 0;
}

static as_status add_cut(as_ctx *ctx, as_grid *out, as_grid_row row, size_t from, size_t n)
{
    if (row.n <= from) return AS_OK;
    row.n = row.n - from < n ? row.n - from : n;
    row.v += from;
    row.text = row.text ? row.text + from : NULL;
    return as_grid_add(ctx, out, &row);
}

/* Pairs at the right go before the lines above the numbers that they stand beside. */
static as_status part_pairs(const as_parse *job, const as_grid *g, size_t k, as_grid *out)
{
    for (size_t from = 0, to; from < g->n; from = to) {
        for (to = from; to < g->n && !as_row_is_data(&g->row[to]); to++) {}
        while (to < g->n && (as_row_is_data(&g->row[to]) || as_row_is_blank(&g->row[to]))) to++;
        for (size_t i = from; i < to; i++)
            if (as_row_text(&g->row[i], k)) AS_TRY(add_cut(job->ctx, out, g->row[i], k, 2));
        for (size_t i = from; i < to; i++) AS_TRY(add_cut(job->ctx, out, g->row[i], 0, k));
    }
    return AS_OK;
}

as_status as_grid_part_margin(const as_parse *job, const as_grid *g, as_grid *out, bool *found)
{
    const size_t k = margin_of(g), pairs = k ? 0 : pairs_of(g);
    *found = k > 0 || pairs > 0;
    if (pairs) return part_pairs(job, g, pairs, out);
    for (int table = 0; *found && table < 2; table++)
        for (size_t i = 0; i < g->n; i++) {
            const as_grid_row row = g->row[i];
            if (as_row_is_blank(&row) || (!table && !as_row_text(&row, 0))) continue;
            AS_TRY(add_cut(job->ctx, out, row, table ? k : 0, table ? row.n : k));
        }
    return AS_OK;
}
