/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps written as one wide table: X, Y and the axis of all spectra in the first row, a spectrum with its place in
 * each row below.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "grid_private.h"

enum { PLACES = 2, LEAST = 4 }; /* columns of places; points of a spectrum */

static double cell(const as_grid_row *r, size_t c, size_t k)
{
    return c < r->n ? r->v[r->more ? c * r->stride + k : c] : (double)NAN;
}

/* "X (um)" is x: its unit in *unit. */
static as_status is_place(as_ctx *ctx, const char *text, const char *name, as_unit *unit, bool *yes)
{
    as_heading h;
    *yes = false;
    if (!text) return AS_OK;
    AS_TRY(as_heading_of(ctx, text, NULL, &h));
    *unit = h.stated ? h.unit : AS_UNITLESS;
    *yes = h.name && strcmp(h.name, name) == 0;
    return AS_OK;
}

/* Numbers behind the names of the two places, going one way. */
static bool is_axis(const as_grid_row *r)
{
    if (r->n < PLACES + LEAST || r->more || r->comment) return false;
    const double way = r->v[PLACES + 1] - r->v[PLACES];
    for (size_t c = PLACES; c < r->n; c++)
        if (isnan(r->v[c]) || (c > PLACES && !((r->v[c] - r->v[c - 1]) * way > 0))) return false;
    return true;
}

/* Below row `head` nothing but rows of as many numbers. */
static bool are_spectra(const as_grid *g, size_t head)
{
    size_t rows = 0;
    for (size_t i = head + 1; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        if (r->comment || as_row_is_blank(r)) continue;
        if (r->n != g->row[head].n) return false;
        for (size_t c = 0; c < r->n; c++)
            for (size_t k = 0; k <= r->more; k++)
                if (isnan(cell(r, c, k))) return false;
        rows += r->more + 1;
    }
    return rows > 0;
}

static as_status emit_row(as_parse *job, const as_grid_row *axis, const as_grid_row *r, size_t k,
                          const as_unit unit[PLACES], const as_heading h[2], const as_grid_options *how)
{
    static const char *const places[PLACES] = { "x", "y" };
    as_table *t = as_table_new(job->ctx, axis->n - PLACES);
    as_column *x = t ? as_add_column(job->ctx, t, h[0].name, AS_ROLE_X, h[0].unit) : NULL;
    as_column *y = x ? as_add_column(job->ctx, t, h[1].name, AS_ROLE_Y, h[1].unit) : NULL;
    if (!y) return AS_ERR;
    for (size_t i = 0; i < t->rows; i++) {
        x->v.f[i] = axis->v[PLACES + i];
        y->v.f[i] = cell(r, PLACES + i, k);
    }
    const as_where where = { .file = job->in->name, .line = r->line + (uint32_t)k };
    for (size_t i = 0; i < PLACES; i++)
        AS_TRY(as_set_number(job->ctx, t, places[i], cell(r, i, k), NAN, unit[i], &where));
    const char *technique = how->technique ? how->technique : as_technique_of(2, h);
    if (technique && !(t->technique = as_strdup(t->arena, technique))) return AS_ERR;
    if (how->part) AS_TRY(as_set_meta(job->ctx, t, "part", how->part, NULL, NULL));
    return as_emit(job->out, job->ctx, t);
}

static as_status emit_rows(as_parse *job, const as_grid *g, size_t head, const as_unit unit[PLACES],
                           const as_grid_options *how, size_t *count)
{
    as_heading h[2] = { { .name = "x", .unit = AS_UNITLESS }, { .name = "intensity", .unit = AS_UNITLESS } };
    if (how->columns && how->columns[0]) AS_TRY(as_given_headings(job, how->columns, 2, h));
    for (size_t i = head + 1; i < g->n; i++) {
        const as_grid_row *r = &g->row[i];
        for (size_t k = 0; r->n && !r->comment && !as_row_is_blank(r) && k <= r->more; k++) {
            const as_frame frame = as_enter(job->ctx);
            const as_status status = emit_row(job, &g->row[head], r, k, unit, h, how);
            as_leave(job->ctx, frame);
            AS_TRY(status);
            ++*count;
        }
    }
    return AS_OK;
}

as_status as_grid_wide(as_parse *job, const as_grid *g, const as_grid_options *how, size_t *count, bool *done)
{
    as_unit unit[PLACES];
    bool x = false, y = false;
    size_t head = 0;
    *done = false;
    while (head < g->n && (g->row[head].comment || as_row_is_blank(&g->row[head]))) head++;
    if (head == g->n || !is_axis(&g->row[head])) return AS_OK;
    AS_TRY(is_place(job->ctx, as_row_text(&g->row[head], 0), "x", &unit[0], &x));
    AS_TRY(is_place(job->ctx, as_row_text(&g->row[head], 1), "y", &unit[1], &y));
    if (!x || !y || !are_spectra(g, head)) return AS_OK;
    *done = true;
    return emit_rows(job, g, head, unit, how, count);
}
