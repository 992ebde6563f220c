/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells that hold a value and its uncertainty, "189+-13", "12.3 ± 0.4", parted into two columns. */
#include <math.h>
#include <string.h>

#include "grid_private.h"
#include "number.h"

static const char *const marks[] = { "\xc2\xb1", "+-", "+/-" };

/* A number, one of the marks, a number; the decimal sign is a point. */
static bool is_uncertain(const char *text, double *value, double *u)
{
    for (size_t i = 0; text && i < sizeof marks / sizeof *marks; i++) {
        const char *at = strstr(text, marks[i]);
        if (!at || at == text) continue;
        const char *end = at, *from = at + strlen(marks[i]);
        while (end > text && end[-1] == ' ') end--;
        from += strspn(from, " ");
        return as_read_number(text, (size_t)(end - text), '.', value) &&
               as_read_number(from, strlen(from), '.', u) && *u >= 0;
    }
    return false;
}

/* Whether the row has such cells, beside numbers and gaps only. */
static bool has_uncertain(const as_grid_row *r)
{
    double value, u;
    size_t found = 0;
    for (size_t c = 0; c < r->n && !r->more; c++) {
        const char *text = as_row_text(r, c);
        if (!text) continue;
        if (!is_uncertain(text, &value, &u)) return false;
        found++;
    }
    return found > 0 && !r->comment;
}

/* Columns that hold them in all rows that have any; how many rows there are. */
static size_t find_columns(const as_grid *g, bool *uncertain, size_t width)
{
    size_t rows = 0;
    double value, u;
    for (size_t c = 0; c < width; c++) uncertain[c] = true;
    for (size_t i = 0; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        if (!has_uncertain(r)) continue;
        rows++;
        for (size_t c = 0; c < width; c++)
            uncertain[c] = uncertain[c] && is_uncertain(as_row_text(r, c), &value, &u);
    }
    return rows;
}

/* Behind a name stands "error" where that can belong to one column only, else "NAME error"; behind a unit the
 * same unit. */
static const char *second_text(as_ctx *ctx, const char *text, size_t columns, bool unit)
{
    if (!text || unit) return text;
    return columns == 1 ? "error" : as_format(as_scratch(ctx), "%s error", text);
}

static as_status widen(as_ctx *ctx, as_grid_row *r, const bool *uncertain, size_t columns)
{
    const size_t n = r->n + columns;
    double *v = AS_NEW_N(as_scratch(ctx), double, n);
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, n);
    if (!v || !text) return AS_ERR;
    const char *first = as_row_text(r, 0);
    const bool unit = first && (first[0] == '[' || first[0] == '(');
    const bool head = as_row_tally(r).numbers == 0;
    for (size_t c = 0, to = 0; c < r->n; c++) {
        const char *cell = as_row_text(r, c);
        v[to] = r->v[c];
        text[to] = cell;
        if (uncertain[c]) {
            v[to + 1] = NAN;
            if (is_uncertain(cell, &v[to], &v[to + 1])) text[to] = NULL;
            else if (head && cell && !(text[to + 1] = second_text(ctx, cell, columns, unit))) return AS_ERR;
            to++;
        }
        to++;
    }
    r->n = n;
    r->v = v;
    r->text = text;
    return AS_OK;
}

as_status as_grid_part_uncertain(as_ctx *ctx, as_grid *g)
{
    enum { FEW = 3 };
    size_t width = 0, columns = 0;
    for (size_t i = 0; i < g->n && width == 0; i++)
        if (has_uncertain(&g->row[i])) width = g->row[i].n;
    if (width == 0) return AS_OK;
    bool *uncertain = AS_NEW_N(as_scratch(ctx), bool, width);
    if (!uncertain) return AS_ERR;
    for (size_t i = 0; i < g->n; i++) /* rows of other widths or of many: not such a table */
        if ((has_uncertain(&g->row[i]) && g->row[i].n != width) || g->row[i].more) return AS_OK;
    const size_t rows = find_columns(g, uncertain, width);
    for (size_t c = 0; c < width; c++) columns += uncertain[c];
    if (rows < FEW || columns == 0) return AS_OK;
    for (size_t i = 0; i < g->n; i++)
        if (g->row[i].n == width) AS_TRY(widen(ctx, &g->row[i], uncertain, columns));
    return AS_OK;
}
