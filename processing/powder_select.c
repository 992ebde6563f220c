/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows and which reflections a fit takes: see powder_select.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "powder_select.h"

typedef struct point { double x; size_t row; } point;
typedef struct interval { double lo, hi; } interval;

static int by_x(const void *left, const void *right)
{
    const point *a = left, *b = right;
    if (a->x != b->x) return a->x < b->x ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static int by_lo(const void *left, const void *right)
{
    const interval *a = left, *b = right;
    return (a->lo > b->lo) - (a->lo < b->lo);
}

/* Usable rows in rising order of x. */
static point *usable(as_ctx *ctx, const as_powder_request *q, size_t n, const double *x,
                     const double *y, const double *sigma, const double *mask, size_t *count)
{
    point *p = AS_NEW_N(as_scratch(ctx), point, n + 1);
    *count = 0;
    for (size_t i = 0; p && i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]) || x[i] < q->lo || x[i] > q->hi) continue;
        if ((sigma && !(sigma[i] > 0 && isfinite(sigma[i]))) || (mask && mask[i] > 0)) continue;
        p[(*count)++] = (point){ x[i], i };
    }
    if (p) qsort(p, *count, sizeof *p, by_x);
    return p;
}

static bool equivalent(const as_symmetry *s, const int a[3], const as_reflection *b)
{
    int first[3];
    as_multiplicity(s, a, first);
    return first[0] == b->h && first[1] == b->k && first[2] == b->l;
}

/* Reflections of equal spacing as one family each; a named one gives its name. */
static as_status families_of(as_ctx *ctx, const as_powder_request *q, size_t n,
                             const as_reflection *r, as_powder_family *out, double *d, size_t *count)
{
    bool *found = AS_NEW_N(as_scratch(ctx), bool, q->n_named + 1);
    if (!found) return AS_ERR;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        const bool same = *count && fabs(r[i].d - d[*count - 1]) < 1e-7 * r[i].d;
        as_powder_family *f = &out[same ? *count - 1 : (*count)++];
        char text[AS_HKL_TEXT];
        const int hkl[3] = { r[i].h, r[i].k, r[i].l };
        size_t name = 0;
        while (name < q->n_named && !equivalent(&q->cell->symmetry, q->named[name], &r[i])) name++;
        const bool named = name < q->n_named;
        if (named) found[name] = true;
        if (!same) {
            *f = (as_powder_family){ .named = named || !q->n_named };
            d[*count - 1] = r[i].d;
            memcpy(f->hkl, named ? q->named[name] : hkl, sizeof hkl);
        } else {
            const bool swap = named && !f->named;
            as_hkl_text(swap ? f->hkl : hkl, text);
            if (swap) memcpy(f->hkl, q->named[name], sizeof hkl);
            f->named = f->named || named;
            const size_t used = strlen(f->others);
            snprintf(f->others + used, sizeof f->others - used, "%s%s", used ? " " : "", text);
        }
        f->multiplicity += r[i].multiplicity;
    }
    for (size_t k = 0; k < q->n_named; k++)
        if (!found[k]) {
            char text[AS_HKL_TEXT];
            as_hkl_text(q->named[k], text);
            if (as_absent(&q->cell->symmetry, q->named[k]))
                return as_fail(ctx, AS_E_USAGE, NULL, "%s is systematically absent in this cell", text);
            return as_fail(ctx, AS_E_NUMERIC, NULL, "%s lies outside the data", text);
        }
    return AS_OK;
}

/* Merged windows about the named families; a group's ends keep away from strangers just outside. */
static size_t windows_of(const as_powder_request *q, size_t n, const as_powder_family *f,
                         const double *at, interval *out)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (f[i].named) out[m++] = (interval){ at[i] - q->window, at[i] + q->window };
    qsort(out, m, sizeof *out, by_lo);
    size_t kept = 0;
    for (size_t i = 0; i < m; i++) {
        if (kept && out[i].lo <= out[kept - 1].hi)
            out[kept - 1].hi = fmax(out[kept - 1].hi, out[i].hi);
        else
            out[kept++] = out[i];
    }
    for (size_t k = 0; k < kept; k++)
        for (size_t i = 0; i < n; i++) {
            const double room = 0.35 * q->window;
            if (f[i].named) continue;
            if (at[i] >= out[k].hi && at[i] - room < out[k].hi) out[k].hi = at[i] - room;
            if (at[i] <= out[k].lo && at[i] + room > out[k].lo) out[k].lo = at[i] + room;
        }
    return kept;
}

static as_status fill_rows(as_arena *arena, const as_powder_request *q, size_t n_points,
                           const point *p, size_t n_windows, const interval *window,
                           const double *y, const double *sigma, as_powder_fit *fit, size_t **row)
{
    double *fx = AS_NEW_N(arena, double, n_points + 1), *fy = AS_NEW_N(arena, double, n_points + 1);
    double *fs = sigma ? AS_NEW_N(arena, double, n_points + 1) : NULL;
    *row = AS_NEW_N(arena, size_t, n_points + 1);
    fit->group = AS_NEW_N(arena, as_powder_group, n_windows + 1);
    if (!fx || !fy || !*row || !fit->group || (sigma && !fs)) return AS_ERR;
    fit->n = 0;
    fit->n_groups = 0;
    for (size_t k = 0, i = 0; k < n_windows; k++) {
        const size_t from = fit->n;
        for (; i < n_points && p[i].x <= window[k].hi; i++) {
            if (p[i].x < window[k].lo) continue;
            fx[fit->n] = p[i].x;
            fy[fit->n] = y[p[i].row];
            if (fs) fs[fit->n] = sigma[p[i].row];
            (*row)[fit->n++] = p[i].row;
        }
        if (fit->n == from) continue;
        const double width = fx[fit->n - 1] - fx[from];
        const int degree = q->degree + (int)fmax(floor(width / (2 * q->window)) - 1, 0);
        fit->group[fit->n_groups++] = (as_powder_group){
            from, fit->n, degree < AS_POWDER_DEGREE ? degree : AS_POWDER_DEGREE, NAN
        };
    }
    fit->x = fx;
    fit->y = fy;
    fit->sigma = fs;
    return AS_OK;
}

/* Rows within a third of the window: a named reflection needs some. */
static size_t rows_about(const as_powder_fit *fit, double at, double reach)
{
    size_t n = 0;
    for (size_t i = 0; i < fit->n; i++) n += fabs(fit->x[i] - at) < reach;
    return n;
}

static bool covered(const as_powder_fit *fit, double at)
{
    for (size_t g = 0; g < fit->n_groups; g++)
        if (fit->x[fit->group[g].from] <= at && at <= fit->x[fit->group[g].to - 1]) return true;
    return false;
}

as_status as_powder_select(as_ctx *ctx, as_arena *arena, const as_powder_request *q, size_t n,
                           const double *x, const double *y, const double *sigma,
                           const double *mask, as_powder_fit *fit, as_powder_family **family,
                           size_t **row)
{
    as_arena *scratch = as_scratch(ctx);
    size_t n_points, n_r, n_f;
    const point *p = usable(ctx, q, n, x, y, sigma, mask, &n_points);
    if (!p) return AS_ERR;
    if (!n_points) return as_fail(ctx, AS_E_NUMERIC, NULL, "no usable rows in the range");
    const double lambda = fit->doublet.alpha1, lo = p[0].x, hi = p[n_points - 1].x;
    as_reflection *r;
    AS_TRY(as_reflections(ctx, scratch, q->cell, as_d_spacing(fmin(hi, 179.9), lambda),
                          lo > 0 ? as_d_spacing(lo, lambda) : 1e6, &r, &n_r));
    *family = AS_NEW_N(arena, as_powder_family, n_r + 1);
    double *d = AS_NEW_N(scratch, double, n_r + 1), *at = AS_NEW_N(scratch, double, n_r + 1);
    interval *window = AS_NEW_N(scratch, interval, n_r + 1);
    fit->peak = AS_NEW_N(arena, as_powder_peak, n_r + 1);
    if (!*family || !d || !at || !window || !fit->peak) return AS_ERR;
    AS_TRY(families_of(ctx, q, n_r, r, *family, d, &n_f));
    for (size_t i = 0; i < n_f; i++) at[i] = as_two_theta(d[i], lambda);
    const size_t n_w = windows_of(q, n_f, *family, at, window);
    AS_TRY(fill_rows(arena, q, n_points, p, n_w, window, y, sigma, fit, row));
    fit->n_peaks = 0;
    for (size_t i = 0; i < n_f; i++) {
        as_powder_family *f = &(*family)[i];
        if (f->named && rows_about(fit, at[i], q->window / 3) < 8) {
            char text[AS_HKL_TEXT];
            as_hkl_text(f->hkl, text);
            if (q->n_named)
                return as_fail(ctx, AS_E_NUMERIC, NULL, "%s at %.2f deg has fewer than 8 rows about it",
                               text, at[i]);
            f->named = false;
        }
        if (!f->named && !covered(fit, at[i])) continue;
        (*family)[fit->n_peaks] = *f;
        fit->peak[fit->n_peaks++] = (as_powder_peak){ .d = d[i], .calculated = at[i],
                                                       .tested = f->named };
    }
    if (!fit->n_peaks)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "the data cover no reflection of the cell");
    return AS_OK;
}
