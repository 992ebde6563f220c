/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curve of a table: usable rows, bridged gaps, the baseline column (curve.h). */
#include <math.h>
#include <string.h>

#include "curve.h"

const as_demand as_baseline_needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "evenly spaced" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan is bridged" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to bridge" },
    { 0 }
};
const as_give as_baseline_gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_BASELINE, .name = "baseline", .help = "the estimate" },
    { 0 }
};

double as_relative_change(size_t n, const double *now, const double *old)
{
    double change = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        change += (now[i] - old[i]) * (now[i] - old[i]);
        size += old[i] * old[i];
    }
    return size > 0 ? sqrt(change / size) : change > 0 ? INFINITY : 0;
}

const char *as_series_stem(as_arena *a, const as_table *t)
{
    const char *name = t->name ? t->name : "", *dot = strrchr(name, '.');
    if (!dot || !dot[1] || dot[1 + strspn(dot + 1, "0123456789")]) return name;
    return as_format(a, "%.*s", (int)(dot - name), name);
}

as_status as_hold_series(as_run *run, as_held *held, as_table *owned)
{
    as_table **more = as_grow(run->keep, held->t, held->n, sizeof *more);
    if (!more) return AS_ERR;
    held->t = more;
    held->t[held->n++] = owned;
    return AS_OK;
}

size_t as_padded(size_t n)
{
    return (n + 7) / 8 * 8;
}

static as_column *numeric(as_ctx *ctx, as_table *t, as_role role)
{
    as_column *c = as_need(ctx, t, role);
    if (c && c->type != AS_F64) {
        (void)!as_fail(ctx, AS_E_MISSING, NULL, "column '%s' is text, expected numbers", c->name);
        return NULL;
    }
    return c;
}

as_status as_curve_of(as_ctx *ctx, as_table *t, size_t least, as_curve *out)
{
    *out = (as_curve){ .n = t->rows };
    out->x_column = numeric(ctx, t, AS_ROLE_X);
    if (!out->x_column) return AS_ERR;
    out->y_column = numeric(ctx, t, AS_ROLE_Y);
    if (!out->y_column) return AS_ERR;
    out->use = AS_NEW_N(as_scratch(ctx), double, as_padded(t->rows) + 8);
    if (!out->use) return AS_ERR;
    out->x = out->x_column->v.f;
    out->y = out->y_column->v.f;
    const as_column *sigma = as_find_role(t, AS_ROLE_SIGMA), *mask = as_find_role(t, AS_ROLE_MASK);
    if (sigma && sigma->type == AS_F64) out->sigma = sigma->v.f;
    if (mask && mask->type != AS_F64) mask = NULL;
    for (size_t i = 0; i < out->n; i++) {
        const bool in = isfinite(out->x[i]) && isfinite(out->y[i]) && !(mask && mask->v.f[i] > 0);
        out->use[i] = in;
        out->used += in;
    }
    if (out->used < least)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu usable rows of %zu, expected at least %zu",
                       out->used, out->n, least);
    return AS_OK;
}

size_t as_curve_row(const as_curve *c, size_t i)
{
    return c->turned ? c->n - 1 - i : i;
}

as_status as_curve_rising(as_ctx *ctx, as_curve *c)
{
    if (c->n < 2 || !(c->x[c->n - 1] < c->x[0])) return AS_OK;
    const size_t room = as_padded(c->n) + 8;
    double **const part[] = { &c->x, &c->y, &c->use, &c->sigma };
    double *copy = AS_NEW_N(as_scratch(ctx), double, 4 * room);
    if (!copy) return AS_ERR;
    for (size_t k = 0; k < 4 && *part[k]; k++, copy += room) {
        for (size_t i = 0; i < c->n; i++) copy[i] = (*part[k])[c->n - 1 - i];
        *part[k] = copy;
    }
    c->turned = true;
    return AS_OK;
}

double *as_curve_y(as_ctx *ctx, const as_curve *c)
{
    double *y = AS_NEW_N(as_scratch(ctx), double, as_padded(c->n) + 8);
    if (!y) return NULL;
    for (size_t i = 0; i < c->n; i++) y[i] = c->use[i] > 0 ? c->y[i] - c->level : 0;
    return y;
}

double *as_curve_bridged(as_ctx *ctx, const as_curve *c)
{
    double *y = as_curve_y(ctx, c);
    if (!y) return NULL;
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->use[i] > 0)) continue;
        if (last == SIZE_MAX)
            for (size_t j = 0; j < i; j++) y[j] = y[i];
        else
            for (size_t j = last + 1; j < i; j++)
                y[j] = y[last] + (y[i] - y[last]) * (double)(j - last) / (double)(i - last);
        last = i;
    }
    if (last != SIZE_MAX)
        for (size_t j = last + 1; j < c->n; j++) y[j] = y[last];
    return y;
}

int as_curve_direction(as_ctx *ctx, const as_curve *c)
{
    const int direction = c->n > 1 && c->x[c->n - 1] < c->x[0] ? -1 : 1;
    for (size_t i = 0; i + 1 < c->n; i++) {
        if ((c->x[i + 1] - c->x[i]) * direction > 0) continue;
        const size_t from = c->turned ? i + 1 : i, to = c->turned ? i : i + 1;
        (void)!as_fail(ctx, AS_E_NUMERIC, NULL,
                       "%s goes from %g to %g in rows %zu and %zu, expected one direction all along",
                       c->x_column->name, c->x[from], c->x[to], as_curve_row(c, from) + 1,
                       as_curve_row(c, to) + 1);
        return 0;
    }
    return direction;
}

double as_curve_step(const as_curve *c)
{
    return c->n > 1 ? (c->x[c->n - 1] - c->x[0]) / (double)(c->n - 1) : NAN;
}

as_status as_curve_even(as_ctx *ctx, const as_curve *c, const char *what)
{
    const double step = as_curve_step(c);
    for (size_t i = 0; i + 1 < c->n; i++)
        if (!(fabs(c->x[i + 1] - c->x[i] - step) <= 0.01 * fabs(step)) || !(fabs(step) > 0))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "%s needs even steps of %s, found %g in row %zu where the mean is %g; "
                           "`resample` makes them even",
                           what, c->x_column->name, c->x[i + 1] - c->x[i], i + 1, step);
    return AS_OK;
}

as_status as_curve_steady(as_ctx *ctx, const as_curve *c, const char *what)
{
    for (size_t i = 0; i + 2 < c->n; i++) {
        const double ratio = (c->x[i + 2] - c->x[i + 1]) / (c->x[i + 1] - c->x[i]);
        if (!(ratio >= 0.5 && ratio <= 2))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "%s needs steady steps of %s, found %g and then %g in row %zu; `resample` "
                           "makes them even",
                           what, c->x_column->name, c->x[i + 1] - c->x[i], c->x[i + 2] - c->x[i + 1],
                           i + 2);
    }
    return AS_OK;
}

/* A column is taken out of the table. */
static void drop_column(as_table *t, const as_column *column)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->column[i] != column) t->column[kept++] = t->column[i];
    t->n_columns = kept;
}

as_column *as_curve_column(as_ctx *ctx, as_table *t, const char *name, as_role role, as_unit unit)
{
    as_column *old = as_find_name(t, name);
    if (old) drop_column(t, old);
    return as_add_column(ctx, t, name, role, unit);
}

as_status as_need_finite(as_ctx *ctx, const as_curve *c, const double *z)
{
    for (size_t i = 0; i < c->n; i++)
        if (!isfinite(z[i]))
            return as_fail(ctx, AS_E_NUMERIC, NULL,
                           "row %zu has no finite result: numbers too large or too small to compute with",
                           as_curve_row(c, i) + 1);
    return AS_OK;
}

as_status as_not_settled(as_ctx *ctx, const char *what, double change, int n, const char *rounds)
{
    if (!isfinite(change))
        return as_fail(ctx, AS_E_NUMERIC, NULL, "numbers too large or too small to compute with");
    return as_fail(ctx, AS_E_NUMERIC, NULL, "%s by %.3g (relative) after %d %s", what, change, n, rounds);
}

as_status as_baseline_curve(as_ctx *ctx, as_table *t, size_t least, as_curve *out)
{
    double lo = INFINITY, hi = -INFINITY;
    AS_TRY(as_curve_of(ctx, t, least, out));
    for (size_t i = 0; i < out->n; i++) {
        if (!(out->use[i] > 0)) continue;
        lo = fmin(lo, out->y[i]);
        hi = fmax(hi, out->y[i]);
    }
    if (fmin(fabs(lo), fabs(hi)) > 1e3 * (hi - lo)) out->level = lo - (hi - lo);
    return as_curve_rising(ctx, out);
}

as_status as_baseline_emit(as_run *run, as_table *owned, const as_curve *c, const double *z,
                           bool subtract)
{
    as_column *base =
        as_curve_column(run->ctx, owned, "baseline", AS_ROLE_BASELINE, c->y_column->unit);
    if (!base) return AS_ERR;
    double *y = c->y_column->v.f;
    for (size_t i = 0; i < c->n; i++) base->v.f[as_curve_row(c, i)] = z[i] + c->level;
    if (subtract) {
        for (size_t i = 0; i < c->n; i++) y[as_curve_row(c, i)] = c->y[i] - c->level - z[i];
        AS_TRY(as_mark_processed(run->ctx, owned, "subtracted"));
    }
    return as_emit(run->out, run->ctx, owned);
}

bool as_is_processed(const as_table *t, const char *word)
{
    const as_meta *m = as_get_meta(t, "processed");
    if (!m || !m->text || !m->text[0]) return false;
    if (!word) return true;
    const size_t n = strlen(word);
    for (const char *at = m->text; (at = strstr(at, word)); at += n)
        if ((at == m->text || at[-1] == ' ') && (at[n] == '\0' || at[n] == ',')) return true;
    return false;
}

const as_column *as_baseline_below(const as_table *t)
{
    const as_column *base = as_find_role(t, AS_ROLE_BASELINE);
    if (!base || !as_is_processed(t, "subtracted")) return base;
    for (size_t i = t->n_steps; i-- > 0;)
        if (strncmp(t->step[i].op, "baseline-", 9) == 0)
            return strstr(t->step[i].settings, "--no-subtract") ? base : NULL;
    return NULL;
}

as_status as_baseline_once(as_ctx *ctx, const as_table *t, const as_column *off)
{
    if (!off || off->role != AS_ROLE_BASELINE || as_baseline_below(t)) return AS_OK;
    return as_fail(ctx, AS_E_USAGE, NULL, "--baseline %s: it was subtracted from y before; leave out one of the two",
                   off->name);
}

as_status as_mark_processed(as_ctx *ctx, as_table *t, const char *word)
{
    if (as_is_processed(t, word)) return AS_OK;
    const as_meta *m = as_get_meta(t, "processed");
    const char *text =
        m && m->text && m->text[0] ? as_format(as_scratch(ctx), "%s, %s", m->text, word) : word;
    if (!text) return AS_ERR;
    return as_set_meta(ctx, t, "processed", text, NULL, NULL);
}

void as_drop_sigma(as_table *t)
{
    const as_column *sigma;
    while ((sigma = as_find_role(t, AS_ROLE_SIGMA))) drop_column(t, sigma);
}
