/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Cary WinUV writes below its spectra, for each sample a report: its name, "Collection Time: ...", settings
 * with their values from column 35 on, a log of the method.
 */
#include <string.h>

#include "diffraction.h"
#include "grid_private.h"

static const char *text_of(const as_grid *g, size_t row)
{
    const char *text = row < g->n && g->row[row].n ? as_row_text(&g->row[row], 0) : NULL;
    return text ? text : "";
}

/* The row behind the name of the sample, or of the only report; g->n: there is none. */
static size_t find_report(const as_grid *g, size_t from, const char *title)
{
    size_t found = g->n, reports = 0;
    for (size_t i = from; i < g->n; i++) {
        if (!as_starts(text_of(g, i), "Collection Time:")) continue;
        reports++;
        if (title && i > from && strcmp(text_of(g, i - 1), title) == 0) return i;
        found = i;
    }
    return reports == 1 ? found : g->n;
}

/* "Instrument          Cary 50", "Operator Name  : x": what ends the key; 0: neither. */
static size_t key_length(const char *text)
{
    const char *colon = strchr(text, ':'), *gap = strstr(text, "  ");
    if (colon && (!gap || colon[1] == ' ' || colon[1] == '\0') && (!gap || strspn(gap, " ") == (size_t)(colon - gap)))
        return (size_t)(colon - text);
    return gap ? (size_t)(gap - text) : 0;
}

static as_status keep_line(as_ctx *ctx, as_table *t, const char *text, const as_where *where)
{
    static const as_known known[] = {
        { "Operator Name", "operator", NULL },         { "Instrument", "instrument", NULL },
        { "Scan Software Version", "software", NULL }, { "Comments", "comment", NULL },
    };
    const size_t n = key_length(text);
    if (as_starts(text, "Scan Version ")) return as_set_meta(ctx, t, "software", text, NULL, where);
    if (!n) return AS_OK;
    const char *key = as_trim(as_scratch(ctx), text, n);
    const char *value = text + n + strspn(text + n, " :");
    if (!key) return AS_ERR;
    if (strcmp(key, "Collection Time") == 0) return as_set_measured(ctx, t, value, false, where);
    return as_set_known(ctx, t, known, AS_COUNT(known), key, value, where);
}

as_status as_grid_cary(as_ctx *ctx, const as_block *b, const char *title, const char *file, as_table *t)
{
    const as_grid *g = b->grid;
    for (size_t i = find_report(g, b->end, title); i < g->n; i++) {
        const as_where where = { .file = file, .line = g->row[i].line };
        const char *text = text_of(g, i);
        if (as_starts(text, "Method Log") || as_starts(text_of(g, i + 1), "Collection Time:")) break;
        AS_TRY(keep_line(ctx, t, text, &where));
    }
    return AS_OK;
}
