/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panels in a grid. A letter stands in the corner of its panel, where axis labels leave room. */
#include <math.h>

#include "display.h"
#include "font.h"
#include "panels.h"

static size_t columns_of(const as_panels *p, size_t n, const as_canvas *const *panel)
{
    double wide = 0;
    size_t fit = 0;
    if (p->columns) return p->columns < n ? p->columns : n;
    for (; fit < n; fit++) {
        wide += as_canvas_size(panel[fit]).w + (fit ? p->gap_mm : 0);
        if (wide > p->width_mm + 0.05) break;
    }
    return fit ? fit : 1;
}

/* a ... z, aa ... */
static const char *letter(as_arena *a, size_t i)
{
    if (i < 26) return as_format(a, "**%c**", (char)('a' + i));
    return as_format(a, "**%c%c**", (char)('a' + i / 26 - 1), (char)('a' + i % 26));
}

static as_status place(as_ctx *ctx, const as_panels *p, const as_canvas *panel, size_t i, as_point at,
                       as_canvas *page)
{
    AS_TRY(as_canvas_place(page, panel, at));
    if (p->letter_pt <= 0) return AS_OK;
    const char *text = p->letter ? p->letter[i] : letter(as_scratch(ctx), i);
    if (!text) return AS_ERR;
    return as_canvas_text(page, (as_point){ at.x + 0.3, at.y + 0.3 }, (as_anchor){ 0, 1 }, p->letter_pt, 0,
                          p->ink, text);
}

as_status as_panels_draw(as_ctx *ctx, const as_panels *p, size_t n, const as_canvas *const *panel,
                         as_arena *keep, as_canvas **page)
{
    if (n == 0) return as_fail(ctx, AS_E_USAGE, NULL, "no panels to put on a page");
    const size_t columns = columns_of(p, n, panel), rows = (n + columns - 1) / columns;
    double *x = AS_NEW_N(as_scratch(ctx), double, columns + 1), *y = AS_NEW_N(as_scratch(ctx), double, rows + 1);
    if (!x || !y) return AS_ERR;
    for (size_t i = 0; i < n; i++) { /* widths and heights first, in the slots after */
        const as_size s = as_canvas_size(panel[i]);
        x[i % columns + 1] = fmax(x[i % columns + 1], s.w);
        y[i / columns + 1] = fmax(y[i / columns + 1], s.h);
    }
    for (size_t c = 1; c <= columns; c++) x[c] += x[c - 1] + (c < columns ? p->gap_mm : 0);
    for (size_t r = 1; r <= rows; r++) y[r] += y[r - 1] + (r < rows ? p->gap_mm : 0);
    *page = as_canvas_new(ctx, keep, (as_size){ x[columns], y[rows] }, p->paper);
    if (!*page) return AS_ERR;
    for (size_t i = 0; i < n; i++)
        AS_TRY(place(ctx, p, panel[i], i, (as_point){ x[i % columns], y[i / columns] }, *page));
    return AS_OK;
}
