/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells that hold a number and a percent sign, "12.5%", as spreadsheets format them, made numbers. */
#include <math.h>
#include <string.h>

#include "grid_private.h"
#include "number.h"

/* The decimal sign is the one there is; "1,234%" may be either. */
static bool is_percentage(const char *text, double *value)
{
    size_t n = text ? strlen(text) : 0;
    if (n < 2 || text[n - 1] != '%') return false;
    while (n > 1 && (text[n - 1] == '%' || text[n - 1] == ' ')) n--;
    const char *comma = memchr(text, ',', n), *point = memchr(text, '.', n);
    if (comma && (point || text + n - comma == 4)) return false;
    return as_read_number(text, n, comma ? ',' : '.', value);
}

/* Percentages are all texts of the column below `first`, and no row there has a plain number. */
static bool is_column(const as_grid *g, size_t first, size_t c)
{
    size_t found = 0;
    double value;
    for (size_t i = first; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        if (r->comment || c >= r->n) continue;
        if (r->more || !isnan(r->v[c])) return false;
        if (!as_row_text(r, c)) continue;
        if (!is_percentage(as_row_text(r, c), &value)) return false;
        found++;
    }
    return found >= 2;
}

/* The heading above says so too, unless it does already. */
static as_status mark_heading(as_ctx *ctx, as_grid *g, size_t first, size_t c)
{
    for (size_t i = first; i-- > 0;) {
        as_grid_row *r = &g->row[i];
        const char *text = as_row_text(r, c);
        if (!text) continue;
        if (strchr(text, '%') || strpbrk(text, "([")) return AS_OK;
        const char **own = AS_NEW_N(as_scratch(ctx), const char *, r->n);
        if (!own) return AS_ERR;
        memcpy(own, r->text, r->n * sizeof *own);
        own[c] = as_format(as_scratch(ctx), "%s (%%)", text);
        r->text = own;
        return own[c] ? AS_OK : AS_ERR;
    }
    return AS_OK;
}

static as_status settle_column(as_ctx *ctx, as_grid *g, size_t first, size_t c)
{
    AS_TRY(mark_heading(ctx, g, first, c));
    for (size_t i = first; i < g->n; i++) {
        as_grid_row *r = &g->row[i];
        double value;
        if (r->comment || c >= r->n || !is_percentage(as_row_text(r, c), &value)) continue;
        double *v = AS_NEW_N(as_scratch(ctx), double, r->n);
        const char **text = AS_NEW_N(as_scratch(ctx), const char *, r->n);
        if (!v || !text) return AS_ERR;
        memcpy(v, r->v, r->n * sizeof *v);
        memcpy(text, r->text, r->n * sizeof *text);
        v[c] = value;
        text[c] = NULL;
        r->v = v;
        r->text = text;
    }
    return AS_OK;
}

as_status as_grid_part_percent(as_ctx *ctx, as_grid *g)
{
    enum { MOST = 256 };
    bool seen[MOST] = { false }; /* each column is judged once, from its first percentage on */
    double value;
    for (size_t i = 0; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        for (size_t c = 0; !r->comment && !r->more && r->text && c < r->n && c < MOST; c++) {
            if (seen[c] || !is_percentage(as_row_text(r, c), &value) || as_row_tally(r).numbers == 0) continue;
            seen[c] = true;
            if (is_column(g, i, c)) AS_TRY(settle_column(ctx, g, i, c));
        }
    }
    return AS_OK;
}
