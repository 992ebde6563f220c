/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A coarse picture of the data alone. */
#include <math.h>
#include <string.h>

#include "audit_data.h"

as_inked as_inked_new(const as_canvas *c)
{
    as_inked k = { .cell_mm = fmax(0.25, fmax(c->mm.w, c->mm.h) / 2000) };
    k.columns = (size_t)ceil(c->mm.w / k.cell_mm) + 1;
    k.rows = (size_t)ceil(c->mm.h / k.cell_mm) + 1;
    k.cell = AS_NEW_N(as_scratch(c->ctx), uint8_t, k.columns * k.rows);
    return k;
}

static void dab(as_inked *k, double x, double y, as_box clip)
{
    if (!(x >= clip.x && x <= clip.x + clip.w && y >= clip.y && y <= clip.y + clip.h)) return;
    const double c = floor(x / k->cell_mm), r = floor(y / k->cell_mm);
    if (c >= 0 && r >= 0 && c < (double)k->columns && r < (double)k->rows)
        k->cell[(size_t)r * k->columns + (size_t)c] = 1;
}

/* Steps of less than a cell; the parts far outside of the page are of no interest. */
static void stroke(as_inked *k, as_point a, as_point b, as_box clip)
{
    const double far = fmax(fabs(b.x - a.x), fabs(b.y - a.y)) / k->cell_mm;
    if (!isfinite(far)) return;
    const int n = far > 20000 ? 20000 : (int)far + 1;
    for (int i = 0; i <= n; i++) {
        const double f = (double)i / n;
        dab(k, a.x + f * (b.x - a.x), a.y + f * (b.y - a.y), clip);
    }
}

static bool upright(as_point a, as_point b)
{
    return fabs(a.x - b.x) < 1e-9 || fabs(a.y - b.y) < 1e-9;
}

/* A line that runs level and upright only, or between two points, frames, marks or measures. */
static bool is_furniture(const as_mark *m)
{
    if (m->n < 3) return true;
    for (size_t i = 1; i < m->n; i++)
        if (isfinite(m->p[i].x) && isfinite(m->p[i - 1].x) && !upright(m->p[i - 1], m->p[i])) return false;
    return m->n < 64; /* a curve may be level */
}

static void hide(as_inked *k, const as_mark *m)
{
    const as_point *p = m->p;
    if (m->n != 4 || !upright(p[0], p[1]) || !upright(p[1], p[2]) || !upright(p[2], p[3])) return;
    const double x0 = fmin(p[0].x, p[2].x), x1 = fmax(p[0].x, p[2].x);
    const double y0 = fmin(p[0].y, p[2].y), y1 = fmax(p[0].y, p[2].y);
    const size_t first = (size_t)fmax(0, ceil(x0 / k->cell_mm));
    for (size_t r = (size_t)fmax(0, ceil(y0 / k->cell_mm)); r < k->rows; r++)
        for (size_t c = first; c < k->columns; c++)
            if ((double)(r + 1) * k->cell_mm <= y1 && (double)(c + 1) * k->cell_mm <= x1)
                k->cell[r * k->columns + c] = 0;
}

void as_inked_mark(as_inked *k, const as_mark *m, as_box clip, uint32_t paper)
{
    if (!k->cell) return;
    if (m->kind == AS_MARK_FILL && m->rgba == paper) hide(k, m);
    if (m->kind == AS_MARK_LINE && (m->pen.rgba & 255) && !is_furniture(m))
        for (size_t i = 1; i < m->n; i++) stroke(k, m->p[i - 1], m->p[i], clip);
    if (m->kind != AS_MARK_MARKERS) return;
    const as_point r = { m->size / 2, m->size / 2 };
    for (size_t i = 0; i < m->n; i++) {
        const as_point p = m->p[i], low = { p.x - r.x, p.y - r.y }, high = { p.x + r.x, p.y + r.y };
        stroke(k, low, high, clip);
        stroke(k, (as_point){ low.x, high.y }, (as_point){ high.x, low.y }, clip);
    }
}

bool as_inked_in(const as_inked *k, as_box b)
{
    if (!k->cell) return false;
    const double per = 1 / k->cell_mm;
    const size_t x0 = (size_t)fmax(0, floor(b.x * per) + 1), x1 = (size_t)fmax(0, floor((b.x + b.w) * per));
    const size_t y0 = (size_t)fmax(0, floor(b.y * per) + 1), y1 = (size_t)fmax(0, floor((b.y + b.h) * per));
    for (size_t r = y0; r < y1 && r < k->rows; r++)
        for (size_t c = x0; c < x1 && c < k->columns; c++)
            if (k->cell[r * k->columns + c]) return true;
    return false;
}
