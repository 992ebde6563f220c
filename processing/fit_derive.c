/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions of fitted parameters with first-order propagated uncertainty: u^2 = g' C g, with g the
 * exact gradient over the free parameters and C their covariance (GUM, JCGM 100:2008, 5.2). */
#include <math.h>
#include <string.h>

#include "fit_extra.h"

enum { NAMES = AS_EXPRESSION_PARAMS };

static const struct {
    const char *name;
    as_derived what;
    int x, y; /* powers */
} peak_quantities[] = { { "position", AS_OF_POSITION, 1, 0 },
                        { "height", AS_OF_HEIGHT, 0, 1 },
                        { "area", AS_OF_AREA, 1, 1 },
                        { "fwhm", AS_OF_FWHM, 1, 0 } };

typedef struct quantity {
    double value;
    double *gradient;
    int x, y;   /* powers of the units */
    bool known; /* whether they are */
} quantity;

typedef struct derivation {
    as_ctx *ctx;
    const as_model *m;
    const char *text; /* the whole, for messages */
    quantity q[NAMES];
} derivation;

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void powers_of(const char *unit, quantity *q)
{
    static const struct {
        const char *unit;
        int x, y;
    } all[] = { { "1", 0, 0 },   { "x", 1, 0 },    { "y", 0, 1 },
                { "x*y", 1, 1 }, { "y/x", -1, 1 }, { "1/x", -1, 0 } };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (strcmp(unit, all[k].unit) == 0) {
            q->x = all[k].x;
            q->y = all[k].y;
            q->known = true;
        }
}

static as_status look_up(derivation *d, const as_model_term *t, const char *name, quantity *q)
{
    *q = (quantity){ .gradient = AS_NEW_N(as_scratch(d->ctx), double, d->m->n_columns + 1) };
    if (!q->gradient) return AS_ERR;
    for (size_t k = 0; t->shape && t->shape->kind == AS_SHAPE_PEAK && k < 4; k++) {
        if (strcmp(name, peak_quantities[k].name) != 0) continue;
        q->value = as_model_quantity(d->m, (size_t)(t - d->m->term), peak_quantities[k].what,
                                     q->gradient);
        q->x = peak_quantities[k].x;
        q->y = peak_quantities[k].y;
        q->known = true;
        return AS_OK;
    }
    const int k = as_model_find(d->m, t->label, name);
    if (k < 0)
        return as_fail(d->ctx, AS_E_USAGE, NULL, "'%s' has no '%s' in --derive '%s'", t->label,
                       name, d->text);
    q->value = d->m->param[k].value;
    as_model_param_gradient(d->m, (size_t)k, q->gradient);
    powers_of(d->m->param[k].unit, q);
    return AS_OK;
}

/* The value with the units of x and y made smaller by these factors; slope NULL or n_params. */
static double evaluate(const derivation *d, const as_expression *e, const size_t *of, double x,
                       double y, double *work, double *slope)
{
    double p[NAMES], f = NAN, *J[NAMES];
    for (size_t k = 0; k < e->n_params; k++) {
        const quantity *q = &d->q[of[k]];
        p[k] = q->value * pow(x, q->x) * pow(y, q->y);
        J[k] = slope ? slope + k : NULL;
    }
    as_expression_eval(e, 1, NULL, p, work, &f, slope ? J : NULL);
    return f;
}

/* The unit by how the value changes with those of x and y. false: no power of them. */
static bool unit_by_scale(const derivation *d, const as_expression *e, const size_t *of,
                          double *work, const char **symbol)
{
    static const struct {
        int x, y;
        const char *symbol;
    } all[] = { { 0, 0, "1" }, { 1, 0, "x" }, { 0, 1, "y" }, { 1, 1, "x*y" }, { -1, 1, "y/x" } };
    const double f = evaluate(d, e, of, 1, 1, work, NULL);
    for (size_t k = 0; k < e->n_params; k++)
        if (!d->q[of[k]].known) return false;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        bool same = true;
        for (int i = 0; i < 4; i++) {
            const double x = i & 1 ? 1.75 : 0.3, y = i & 2 ? 2.3 : 0.6;
            const double want = f * pow(x, all[k].x) * pow(y, all[k].y);
            same &= fabs(evaluate(d, e, of, x, y, work, NULL) - want) <= 1e-9 * fabs(want);
        }
        *symbol = all[k].symbol;
        if (same) return true;
    }
    return false;
}

/* NAME [UNIT] = : NULL in *unit where none is stated. */
static as_status split(as_ctx *ctx, as_arena *a, const char *text, const char **name,
                       const char **unit, const char **expression)
{
    const char *s = text;
    while (*s == ' ') s++;
    const char *from = s;
    while (name_char(*s)) s++;
    *name = as_strndup(a, from, (size_t)(s - from));
    while (*s == ' ') s++;
    *unit = NULL;
    const char *end = *s == '[' ? strchr(s, ']') : NULL;
    if (end) {
        *unit = as_strndup(a, s + 1, (size_t)(end - s - 1));
        for (s = end + 1; *s == ' ';) s++;
    }
    if (!*name || (end && !*unit)) return AS_ERR;
    if (**name == 0 || *s != '=')
        return as_fail(ctx, AS_E_USAGE, NULL, "expected NAME = EXPRESSION in --derive '%s'", text);
    for (s++; *s == ' ';) s++;
    *expression = s;
    return AS_OK;
}

as_status as_fit_derive(as_ctx *ctx, as_table *t, const as_model *m, const char *text,
                        as_fit_quantity *out)
{
    derivation d = { .ctx = ctx, .m = m, .text = text };
    as_arena *s = as_scratch(ctx);
    as_expression e;
    as_model_names_out names;
    const char *unit = NULL, *body = "", *symbol = "1";
    size_t of[NAMES] = { 0 };
    double slope[NAMES] = { 0 };
    *out = (as_fit_quantity){ .quantity = "derived" };
    AS_TRY(split(ctx, t->arena, text, &out->item, &unit, &body));
    AS_TRY(as_model_names(ctx, s, m, body, strlen(body), &names));
    for (size_t i = 0; i < names.n; i++)
        AS_TRY(look_up(&d, names.term[i], names.name[i], &d.q[i]));
    AS_TRY(as_expression_parse(ctx, s, names.plain, names.length, NULL, 0, NULL, &e));
    AS_TRY(as_model_names_match(ctx, &names, &e, text, of));
    double *work = AS_NEW_N(s, double, as_expression_work(&e) + 1);
    out->gradient = AS_NEW_N(s, double, m->n_columns + 1);
    out->method = as_format(t->arena, "first-order propagation of %s", body);
    if (!work || !out->gradient || !out->method) return AS_ERR;
    out->value = evaluate(&d, &e, of, 1, 1, work, slope);
    for (size_t k = 0; k < e.n_params; k++)
        for (size_t c = 0; c < m->n_columns; c++)
            out->gradient[c] += slope[k] * d.q[of[k]].gradient[c];
    if (unit) return as_unit_parse(ctx, t->arena, unit, &out->unit);
    if (isfinite(out->value) && !unit_by_scale(&d, &e, of, work, &symbol))
        return as_fail(ctx, AS_E_USAGE, NULL,
                       "the unit of --derive '%s' is not clear; state it: %s[UNIT] = ...", text,
                       out->item);
    return as_fit_unit(ctx, t, symbol, &out->unit);
}

as_status as_fit_fractions(as_ctx *ctx, as_table *t, const as_model *m, as_fit_quantity *out,
                           size_t *n)
{
    const size_t c = m->n_columns;
    double total = 0, *sum = AS_NEW_N(as_scratch(ctx), double, c + 1);
    *n = 0;
    if (!sum) return AS_ERR;
    for (size_t i = 0; i < m->n_terms; i++) {
        if (!m->term[i].shape || m->term[i].shape->kind != AS_SHAPE_PEAK) continue;
        as_fit_quantity *q = &out[*n];
        *q = (as_fit_quantity){ .item = m->term[i].label,
                                .quantity = "area_fraction",
                                .method = "area over the sum of the areas of all peaks",
                                .unit = AS_UNITLESS,
                                .gradient = AS_NEW_N(as_scratch(ctx), double, c + 1) };
        if (!q->gradient) return AS_ERR;
        q->value = as_model_quantity(m, i, AS_OF_AREA, q->gradient);
        if (!isfinite(q->value)) {
            as_warn(ctx, t, NULL, "'%s' has no finite area and counts in no fraction",
                    m->term[i].label);
            continue;
        }
        total += q->value;
        for (size_t k = 0; k < c; k++) sum[k] += q->gradient[k];
        ++*n;
    }
    for (size_t i = 0; i < *n; i++) {
        out[i].value /= total;
        for (size_t k = 0; k < c; k++)
            out[i].gradient[k] = (out[i].gradient[k] - out[i].value * sum[k]) / total;
    }
    return AS_OK;
}
