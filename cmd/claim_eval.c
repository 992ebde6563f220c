/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of a claim: results looked up, combined with their slopes and units. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim_eval.h"
#include "number.h"

as_where as_expr_where(as_evaluator *ev, const as_expr *e)
{
    return as_text_where(ev->a, e->text, e->from, e->to - e->from);
}

const char *as_expr_text(as_evaluator *ev, const as_expr *e)
{
    size_t n = e->to - e->from;
    while (n > 1 && strchr(" \t\r\n", e->text->s[e->from + n - 1])) n--; /* up to the next word */
    char *text = as_strndup(ev->a, e->text->s + e->from, n);
    for (char *c = text; c && *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
    return text ? text : "";
}

static as_status number(as_evaluator *ev, const as_expr *e, bool difference, as_values *out)
{
    as_value *v = out->v = AS_NEW(ev->a, as_value);
    if (!v) return AS_ERR;
    out->n = 1;
    const double offset = difference ? 0 : e->unit.offset;
    *v = (as_value){ .v = e->unit.factor * e->value + offset, .unit = e->unit };
    if (e->unit.offset != 0) v->scale = difference ? AS_S_DIFFERENCE : AS_S_POINT;
    if (!(e->u > 0)) return AS_OK;
    as_slope *slope = AS_NEW(ev->a, as_slope);
    if (!slope) return AS_ERR;
    const as_source s = {
        .u = e->u, .down = e->u, .up = e->u, .factor = e->unit.factor, .name = as_expr_text(ev, e)
    };
    AS_TRY(as_source_add(&ev->sources, &s, &slope->source));
    slope->d = 1;
    v->slope = slope;
    v->n = 1;
    return AS_OK;
}

/* --- sets in the order of something -------------------------------------------------------- */

typedef struct keyed {
    double key;
    size_t index;
} keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static double key_of(const as_table *t, const char *item, const char *key)
{
    const as_meta *m = as_get_meta(t, key);
    double number;
    if (m && isfinite(m->number)) return m->unit.factor * m->number + m->unit.offset;
    if (m && m->text && as_read_number(m->text, strlen(m->text), '.', &number)) return number;
    const as_result *r = as_get_result(t, item, key);
    return r ? r->unit.factor * r->value + r->unit.offset : NAN;
}

static as_status ordered(as_evaluator *ev, const as_expr *e, as_values *set)
{
    keyed *order = AS_NEW_N(ev->a, keyed, set->n);
    as_value *sorted = AS_NEW_N(ev->a, as_value, set->n);
    if (!order || !sorted) return AS_ERR;
    for (size_t i = 0; i < set->n; i++) {
        const as_table *t = ev->table[set->v[i].table];
        order[i] = (keyed){ key_of(t, set->v[i].item, e->key), i };
        if (isfinite(order[i].key)) continue;
        const as_where at = as_expr_where(ev, e);
        return as_fail(ev->ctx, AS_E_MISSING, &at, "series '%s' has no number '%s' to order by",
                       t->name ? t->name : "?", e->key);
    }
    qsort(order, set->n, sizeof *order, by_key);
    for (size_t i = 0; i < set->n; i++) sorted[i] = set->v[order[i].index];
    set->v = sorted;
    return AS_OK;
}

/* --- units ----------------------------------------------------------------------------------- */

static bool is_pure(const as_unit *u)
{
    return as_unit_same_dimension(u, &AS_UNITLESS);
}

static as_status unit_error(as_evaluator *ev, const as_expr *e, const char *what, const as_value *a,
                            const as_value *b)
{
    const as_where at = as_expr_where(ev, e);
    return as_fail(ev->ctx, AS_E_UNIT, &at, "cannot %s '%s' and '%s'", what, a->unit.symbol,
                   b->unit.symbol);
}

static as_status no_point(as_evaluator *ev, const as_expr *e, const as_value *a)
{
    if (a->scale != AS_S_POINT) return AS_OK;
    const as_where at = as_expr_where(ev, e);
    return as_fail(ev->ctx, AS_E_UNIT, &at,
                   "a temperature in %s has a zero of its own: only differences and "
                   "comparisons make sense; give the number in K",
                   a->unit.symbol);
}

/* a*b (power 1) or a/b (power -1). */
static as_status product_unit(as_evaluator *ev, const as_expr *e, const as_value *a,
                              const as_value *b, int power, as_unit *out)
{
    if (power < 0 && as_unit_same_dimension(&a->unit, &b->unit)) {
        *out = AS_UNITLESS;
        return AS_OK;
    }
    if (is_pure(&b->unit)) {
        *out = is_pure(&a->unit) ? AS_UNITLESS : a->unit;
        out->offset = 0;
        return AS_OK;
    }
    if (power > 0 && is_pure(&a->unit)) {
        *out = b->unit;
        out->offset = 0;
        return AS_OK;
    }
    if (a->unit.opaque || b->unit.opaque)
        return unit_error(ev, e, power > 0 ? "multiply" : "divide", a, b);
    const char *left = is_pure(&a->unit) ? "1" : a->unit.symbol;
    const char *text = as_format(ev->a,
                                 power > 0           ? "(%s)*(%s)"
                                 : strcmp(left, "1") ? "(%s)/(%s)"
                                                     : "%s/(%s)",
                                 left, b->unit.symbol);
    if (!text) return AS_ERR;
    AS_TRY(as_unit_parse(ev->ctx, ev->a, text, out));
    return out->opaque ? unit_error(ev, e, power > 0 ? "multiply" : "divide", a, b) : AS_OK;
}

/* --- arithmetic ------------------------------------------------------------------------------ */

static as_scale sum_scale(as_scale a, as_scale b, bool minus)
{
    if (minus && b == AS_S_POINT) return AS_S_DIFFERENCE;
    if (a == AS_S_POINT || b == AS_S_POINT) return AS_S_POINT;
    return a == AS_S_DIFFERENCE || b == AS_S_DIFFERENCE ? AS_S_DIFFERENCE : AS_S_ANY;
}

as_status as_values_subtract(as_evaluator *ev, const as_expr *e, const as_value *a,
                             const as_value *b, double sign, as_value *out)
{
    const char *verb = sign < 0 ? (e->kind == AS_X_SUBTRACT ? "subtract" : "compare") : "add";
    if (!as_unit_same_dimension(&a->unit, &b->unit)) return unit_error(ev, e, verb, a, b);
    const bool points = a->scale == AS_S_POINT && b->scale == AS_S_POINT;
    const bool mixed = (a->scale == AS_S_DIFFERENCE && b->scale == AS_S_POINT) ||
                       (a->scale == AS_S_POINT && b->scale == AS_S_DIFFERENCE);
    if ((points && sign > 0) ||
        (mixed && e->kind != AS_X_ADD && (e->kind != AS_X_SUBTRACT || b->scale == AS_S_POINT))) {
        const as_where at = as_expr_where(ev, e);
        return as_fail(ev->ctx, AS_E_UNIT, &at,
                       "cannot %s a temperature and a %s; write the difference in K", verb,
                       points ? "temperature" : "difference of temperatures");
    }
    AS_TRY(as_value_combine(&ev->sources, a, 1, b, sign, a->v + sign * b->v, out));
    out->scale = sum_scale(a->scale, b->scale, sign < 0);
    out->unit = a->unit;
    if (out->scale == AS_S_POINT && b->scale == AS_S_POINT) out->unit = b->unit;
    if (out->scale == AS_S_DIFFERENCE && out->unit.offset != 0) out->unit = as_unit_of("K");
    if (out->scale != AS_S_POINT) out->unit.offset = 0;
    return AS_OK;
}

static as_status multiply(as_evaluator *ev, const as_expr *e, const as_value *a, const as_value *b,
                          as_value *out)
{
    as_unit unit;
    AS_TRY(no_point(ev, e->arg[0], a));
    AS_TRY(no_point(ev, e->arg[1], b));
    AS_TRY(product_unit(ev, e, a, b, 1, &unit));
    AS_TRY(as_value_combine(&ev->sources, a, b->v, b, a->v, a->v * b->v, out));
    out->unit = unit;
    const bool fixed = (a->side == AS_B_EXACT || as_value_keeps_sign(b)) &&
                       (b->side == AS_B_EXACT || as_value_keeps_sign(a));
    if (!fixed && out->side != AS_B_EXACT) out->side = AS_B_UNKNOWN;
    return AS_OK;
}

/* First order fails where the denominator may be zero: then there is no answer. */
static as_status divide(as_evaluator *ev, const as_expr *e, const as_value *a, const as_value *b,
                        as_value *out)
{
    as_unit unit;
    AS_TRY(no_point(ev, e->arg[0], a));
    AS_TRY(no_point(ev, e->arg[1], b));
    AS_TRY(product_unit(ev, e, a, b, -1, &unit));
    const double v = a->v / b->v, u = as_value_u(&ev->sources, b, NULL);
    AS_TRY(as_value_combine(&ev->sources, a, 1 / b->v, b, -v / b->v, v, out));
    out->unit = unit;
    if (!as_value_keeps_sign(b) || (b->side != AS_B_EXACT && !as_value_keeps_sign(a)))
        out->side = AS_B_UNKNOWN;
    if (!a->problem && !b->problem && (b->v == 0 || fabs(b->v) < AS_Z95 * u))
        out->problem =
            as_format(ev->a, "%s cannot be told from zero, so nothing can be divided by it",
                      as_expr_text(ev, e->arg[1]));
    return AS_OK;
}

static as_status binary(as_evaluator *ev, const as_expr *e, const as_value *a, const as_value *b,
                        as_value *out)
{
    switch (e->kind) {
    case AS_X_ADD: return as_values_subtract(ev, e, a, b, 1, out);
    case AS_X_MULTIPLY: return multiply(ev, e, a, b, out);
    case AS_X_DIVIDE:
    case AS_X_RATIO: return divide(ev, e, a, b, out);
    default: return as_values_subtract(ev, e, a, b, -1, out);
    }
}

as_status as_values_pair(as_evaluator *ev, const as_expr *e, const as_values *a, const as_values *b,
                         size_t *n)
{
    const bool sets = e->arg[0]->set && e->arg[1]->set;
    bool same = a->n == b->n;
    for (size_t i = 0; sets && same && i < a->n; i++) same = a->v[i].table == b->v[i].table;
    *n = e->arg[0]->set ? a->n : b->n;
    if (!sets || same) return AS_OK;
    const as_where at = as_expr_where(ev, e);
    return as_fail(ev->ctx, AS_E_USAGE, &at,
                   "the two sets do not pair up: %zu members on the left, %zu on the "
                   "right, or of other series",
                   a->n, b->n);
}

static as_status elementwise(as_evaluator *ev, const as_expr *e, as_values *out)
{
    as_values a = { 0 }, b = { 0 };
    AS_TRY(as_expr_values(ev, e->arg[0], &a));
    AS_TRY(as_expr_values(ev, e->arg[1], &b));
    AS_TRY(as_values_pair(ev, e, &a, &b, &out->n));
    out->v = AS_NEW_N(ev->a, as_value, out->n);
    if (!out->v) return AS_ERR;
    for (size_t i = 0; i < out->n; i++) {
        const as_value *left = &a.v[e->arg[0]->set ? i : 0], *right = &b.v[e->arg[1]->set ? i : 0];
        AS_TRY(binary(ev, e, left, right, &out->v[i]));
        const as_value *member = e->arg[0]->set ? left : right;
        out->v[i].table = member->table;
        out->v[i].item = member->item;
    }
    return AS_OK;
}

/* --- functions of one number ----------------------------------------------------------------- */

/* Half of each power of the dimension, in SI base units. */
static as_status root_unit(as_evaluator *ev, const as_expr *e, const as_value *x, as_unit *out)
{
    static const char *const base[AS_N_DIMS] = { "m", "kg", "s", "A", "K", "mol", "rad", "count" };
    const char *text = "";
    bool whole = !x->unit.opaque;
    for (int d = 0; d < AS_N_DIMS && text && whole; d++) {
        const int halves = x->unit.dim[d] / 2;
        whole = x->unit.dim[d] % 2 == 0;
        if (halves == 0) continue;
        text = as_format(ev->a, "%s%s%s^%d%s", text, *text ? "*" : "", base[d], halves / 2,
                         halves % 2 ? ".5" : "");
        if (halves < 0 && halves / 2 == 0) whole = false;
    }
    if (!text) return AS_ERR;
    const as_where at = as_expr_where(ev, e);
    if (!whole) return as_fail(ev->ctx, AS_E_UNIT, &at, "no square root of '%s'", x->unit.symbol);
    *out = AS_UNITLESS;
    return *text ? as_unit_parse(ev->ctx, ev->a, text, out) : AS_OK;
}

static as_status chain(as_evaluator *ev, const as_value *x, double v, double slope, as_unit unit,
                       as_value *out)
{
    static const as_value nothing = { 0 };
    AS_TRY(as_value_combine(&ev->sources, x, slope, &nothing, 0, v, out));
    out->unit = unit;
    out->table = x->table;
    out->item = x->item;
    return AS_OK;
}

static as_status logarithm(as_evaluator *ev, const as_expr *e, const as_value *x, as_value *out)
{
    if (!is_pure(&x->unit)) {
        const as_where at = as_expr_where(ev, e);
        return as_fail(ev->ctx, AS_E_UNIT, &at,
                       "ln of a number with unit '%s': divide by one first", x->unit.symbol);
    }
    AS_TRY(chain(ev, x, log(x->v), 1 / x->v, AS_UNITLESS, out));
    if (!x->problem && !(x->v > 0)) out->problem = as_format(ev->a, "ln of %g", x->v);
    return AS_OK;
}

static as_status root(as_evaluator *ev, const as_expr *e, const as_value *x, as_value *out)
{
    as_unit unit;
    AS_TRY(root_unit(ev, e, x, &unit));
    const double v = sqrt(x->v);
    AS_TRY(chain(ev, x, v, x->v == 0 && x->n == 0 ? 0 : 0.5 / v, unit, out));
    if (!x->problem && !(x->v >= 0)) out->problem = as_format(ev->a, "square root of %g", x->v);
    return AS_OK;
}

/* The 95 % upper limit an operation gave for this item, of its area or equivalent thickness; NULL: none. */
const as_result *as_given_limit(const as_evaluator *ev, const as_expr *e, const as_value *x)
{
    const as_expr *q = e->kind == AS_X_OVER ? e->arg[0] : e;
    const char *quantity = q->kind == AS_X_QUANTITY ? q->path.quantity : "";
    if (strcmp(quantity, "area") != 0 && strcmp(quantity, "equivalent_thickness") != 0) return NULL;
    const as_result *r = as_get_result(ev->table[x->table], x->item, "upper_limit");
    return r && as_unit_same_dimension(&r->unit, &x->unit) ? r : NULL;
}

static as_status upper_limit(as_evaluator *ev, const as_expr *e, const as_value *x, as_value *out)
{
    const char *who = NULL;
    const double u = as_value_arm(&ev->sources, x, 1, &who);
    const as_result *given = as_given_limit(ev, e->arg[0], x);
    *out = *x;
    out->n = 0;
    out->v = given ? given->unit.factor * given->value : x->v + AS_Z95 * u;
    if (given) out->unit = given->unit;
    if (given && !isfinite(given->value))
        out->problem =
            as_format(ev->a, "no upper limit is known for %s", as_expr_text(ev, e->arg[0]));
    else if (!given && !x->problem && isnan(u))
        out->problem = as_format(ev->a, "%s has no uncertainty", who ? who : "it");
    else if (!given && x->side != AS_B_EXACT && x->side != AS_B_BELOW)
        out->problem =
            as_format(ev->a, "%s is bounded from below only", as_expr_text(ev, e->arg[0]));
    out->side = AS_B_EXACT;
    return AS_OK;
}

static as_status unary(as_evaluator *ev, const as_expr *e, const as_value *x, as_value *out)
{
    if (e->kind == AS_X_UPPER_LIMIT) return upper_limit(ev, e, x, out);
    AS_TRY(no_point(ev, e->arg[0], x));
    if (e->kind == AS_X_NEGATE) return chain(ev, x, -x->v, -1, x->unit, out);
    if (e->kind == AS_X_LN) return logarithm(ev, e, x, out);
    if (e->kind == AS_X_SQRT) return root(ev, e, x, out);
    AS_TRY(chain(ev, x, fabs(x->v), x->v < 0 ? -1 : 1, x->unit, out));
    out->scale = x->scale;
    if (!as_value_keeps_sign(x)) out->side = AS_B_UNKNOWN;
    return AS_OK;
}

static as_status each(as_evaluator *ev, const as_expr *e, as_values *out)
{
    as_values x = { 0 };
    AS_TRY(as_expr_values(ev, e->arg[0], &x));
    out->n = x.n;
    out->v = AS_NEW_N(ev->a, as_value, x.n);
    if (!out->v) return AS_ERR;
    for (size_t i = 0; i < x.n; i++) AS_TRY(unary(ev, e, &x.v[i], &out->v[i]));
    return AS_OK;
}

/* --- min, max, mean -------------------------------------------------------------------------- */

static as_status gather(as_evaluator *ev, const as_expr *e, as_values *all)
{
    if (e->n == 1) return as_expr_values(ev, e->arg[0], all);
    all->v = AS_NEW_N(ev->a, as_value, e->n);
    if (!all->v) return AS_ERR;
    for (; all->n < e->n; all->n++) {
        as_values one = { 0 };
        AS_TRY(as_expr_values(ev, e->arg[all->n], &one));
        all->v[all->n] = one.v[0];
    }
    return AS_OK;
}

static as_status reduce(as_evaluator *ev, const as_expr *e, as_values *out)
{
    as_values all = { 0 };
    AS_TRY(gather(ev, e, &all));
    for (size_t i = 1; i < all.n; i++)
        if (!as_unit_same_dimension(&all.v[0].unit, &all.v[i].unit))
            return unit_error(ev, e, "combine", &all.v[0], &all.v[i]);
    as_value *v = out->v = AS_NEW(ev->a, as_value);
    if (!v) return AS_ERR;
    out->n = 1;
    if (e->kind != AS_X_MEAN) {
        as_value_least(all.n, all.v, e->kind == AS_X_MIN ? 1 : -1, v);
        return AS_OK;
    }
    AS_TRY(as_value_sum(&ev->sources, all.n, all.v, 1.0 / (double)all.n, v));
    v->unit = all.v[0].unit;
    v->scale = all.v[0].scale;
    return AS_OK;
}

static as_status in_unit(as_evaluator *ev, const as_expr *e, as_values *out)
{
    AS_TRY(as_expr_values(ev, e->arg[0], out));
    for (size_t i = 0; i < out->n; i++) {
        if (!as_unit_same_dimension(&out->v[i].unit, &e->unit)) {
            const as_value to = { .unit = e->unit };
            return unit_error(ev, e, "convert between", &out->v[i], &to);
        }
        out->v[i].unit = e->unit;
    }
    return AS_OK;
}

as_status as_expr_values(as_evaluator *ev, const as_expr *e, as_values *out)
{
    switch (e->kind) {
    case AS_X_NUMBER: return number(ev, e, false, out);
    case AS_X_QUANTITY: return as_lookup_quantity(ev, e, out);
    case AS_X_OVER: AS_TRY(as_expr_values(ev, e->arg[0], out)); return ordered(ev, e, out);
    case AS_X_IN: return in_unit(ev, e, out);
    case AS_X_NEGATE:
    case AS_X_ABS:
    case AS_X_LN:
    case AS_X_SQRT:
    case AS_X_UPPER_LIMIT: return each(ev, e, out);
    case AS_X_MIN:
    case AS_X_MAX:
    case AS_X_MEAN: return reduce(ev, e, out);
    default: return elementwise(ev, e, out);
    }
}

as_status as_expr_difference(as_evaluator *ev, const as_expr *e, as_values *out)
{
    return e->kind == AS_X_NUMBER ? number(ev, e, true, out) : as_expr_values(ev, e, out);
}
