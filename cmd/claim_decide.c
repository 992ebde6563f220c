/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict of a claim: comparisons at 1.645 u, and Kleene's logic of three values. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "claim_eval.h"

static const char *const verdict_names[] = { "supported", "not supported", "undecided" };

const char *as_verdict_name(as_verdict v)
{
    return verdict_names[v];
}

bool as_verdict_of(const char *name, as_verdict *out)
{
    for (size_t i = 0; i < 3; i++)
        if (strcmp(verdict_names[i], name) == 0) {
            *out = (as_verdict)i;
            return true;
        }
    return false;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static as_answer answer(as_verdict v, const char *because)
{
    return (as_answer){ .verdict = v, .because = or_empty(because) };
}

/* How far d may be on the side of zero. */
static double towards_zero(as_evaluator *ev, const as_value *d, const char **who)
{
    return as_value_arm(&ev->sources, d, d->v > 0 ? -1 : 1, who);
}

/* Is d > 0, or d >= 0 where not `strict`? Without uncertainty the sign decides. */
static as_answer decide(as_evaluator *ev, const as_value *d, bool strict)
{
    const char *who = NULL;
    if (d->problem) return answer(AS_UNDECIDED, d->problem);
    if (d->side == AS_B_UNKNOWN)
        return answer(AS_UNDECIDED, "only bounds are known, and they pull in both directions");
    const double u = towards_zero(ev, d, &who);
    if (isnan(u))
        return answer(AS_UNDECIDED,
                      as_format(ev->a, "%s has no uncertainty", who ? who : "a value"));
    if (d->v == 0 && u == 0 && d->side == AS_B_EXACT)
        return answer(strict ? AS_NOT_SUPPORTED : AS_SUPPORTED, "");
    if (d->v >= AS_Z95 * u && d->side != AS_B_BELOW) return answer(AS_SUPPORTED, "");
    if (d->v <= -AS_Z95 * u && d->side != AS_B_ABOVE) return answer(AS_NOT_SUPPORTED, "");
    if (d->side != AS_B_EXACT) return answer(AS_UNDECIDED, "the bound leaves both open");
    return answer(AS_UNDECIDED, "");
}

/* "quasi."111".area is (5.2 ± 0.1) deg", or the text alone when it is a written number. */
static const char *shown(as_evaluator *ev, const as_expr *e, const as_value *x)
{
    const char *text = as_expr_text(ev, e);
    if (e->kind == AS_X_NUMBER) return text;
    if (e->set && ev->table[x->table]->name)
        text = as_format(ev->a, "%s of %s", text, ev->table[x->table]->name);
    return or_empty(as_format(ev->a, "%s = %s", or_empty(text),
                              or_empty(as_value_text(ev->a, &ev->sources, x))));
}

/* The numbers of a comparison, and how many u its difference is. */
static as_answer explained(as_evaluator *ev, as_answer a, const char *left, const char *right,
                           const as_value *d, const char *what)
{
    const double u = towards_zero(ev, d, NULL);
    const bool known = u > 0 && isfinite(u) && !d->problem;
    const char *far = known ? as_format(ev->a, ", %.3g u %s", fabs(d->v) / u, what) : "";
    const char *assumed = known && as_value_assumes(&ev->sources, d) ? ", taken as independent" : "";
    const char *why = *a.because ? as_format(ev->a, ": %s", a.because) : "";
    a.because =
        or_empty(as_format(ev->a, "%s against %s%s%s%s", left, right, or_empty(far), assumed, or_empty(why)));
    return a;
}

/* All members must hold; the answer of a set is explained by the member that decides it. */
static void fold(as_answer *all, as_answer one, bool first)
{
    static const int rank[] = { [AS_SUPPORTED] = 0, [AS_UNDECIDED] = 1, [AS_NOT_SUPPORTED] = 2 };
    if (first || rank[one.verdict] > rank[all->verdict]) *all = one;
}

static as_status compare(as_evaluator *ev, const as_expr *e, as_answer *out)
{
    as_values a = { 0 }, b = { 0 };
    size_t n;
    AS_TRY(as_expr_values(ev, e->arg[0], &a));
    AS_TRY(as_expr_values(ev, e->arg[1], &b));
    AS_TRY(as_values_pair(ev, e, &a, &b, &n));
    const bool less = e->kind == AS_X_LESS || e->kind == AS_X_AT_MOST;
    const bool strict = e->kind == AS_X_LESS || e->kind == AS_X_GREATER;
    for (size_t i = 0; i < n; i++) {
        const as_value *x = &a.v[e->arg[0]->set ? i : 0], *y = &b.v[e->arg[1]->set ? i : 0];
        as_value d;
        AS_TRY(as_values_subtract(ev, e, less ? y : x, less ? x : y, -1, &d));
        fold(out,
             explained(ev, decide(ev, &d, strict), shown(ev, e->arg[0], x), shown(ev, e->arg[1], y),
                       &d, "apart"),
             i == 0);
    }
    return AS_OK;
}

/* |a - b| <= tolerance: the distance of |a - b| from the tolerance against its own u. */
static as_status within(as_evaluator *ev, const as_expr *e, as_answer *out)
{
    as_values a = { 0 }, b = { 0 }, t = { 0 };
    size_t n;
    AS_TRY(as_expr_values(ev, e->arg[0], &a));
    AS_TRY(as_expr_values(ev, e->arg[1], &b));
    AS_TRY(as_expr_difference(ev, e->arg[2], &t));
    AS_TRY(as_values_pair(ev, e, &a, &b, &n));
    if (e->arg[2]->set) {
        const as_where at = as_expr_where(ev, e->arg[2]);
        return as_fail(ev->ctx, AS_E_USAGE, &at, "the tolerance must be one value");
    }
    for (size_t i = 0; i < n; i++) {
        const as_value *x = &a.v[e->arg[0]->set ? i : 0], *y = &b.v[e->arg[1]->set ? i : 0];
        as_value apart, d;
        const double sign = x->v < y->v ? -1 : 1;
        AS_TRY(as_values_subtract(ev, e, sign > 0 ? x : y, sign > 0 ? y : x, -1, &apart));
        if (apart.side == AS_B_BELOW)
            apart.side = AS_B_UNKNOWN; /* it may lie beyond on the other side */
        AS_TRY(as_values_subtract(ev, e, &t.v[0], &apart, -1, &d));
        fold(out,
             explained(ev, decide(ev, &d, false), shown(ev, e->arg[0], x), shown(ev, e->arg[1], y),
                       &d, "from the tolerance"),
             i == 0);
    }
    return AS_OK;
}

static as_status monotone(as_evaluator *ev, const as_expr *e, as_answer *out)
{
    as_values a = { 0 };
    AS_TRY(as_expr_values(ev, e->arg[0], &a));
    *out = answer(AS_UNDECIDED,
                  as_format(ev->a, "%s has one member only", as_expr_text(ev, e->arg[0])));
    for (size_t i = 1; i < a.n; i++) {
        as_value d;
        const as_value *low = &a.v[i - 1], *high = &a.v[i];
        const bool up = e->kind == AS_X_INCREASING;
        AS_TRY(as_values_subtract(ev, e, up ? high : low, up ? low : high, -1, &d));
        fold(out,
             explained(ev, decide(ev, &d, true), shown(ev, e->arg[0], low),
                       shown(ev, e->arg[0], high), &d, "apart"),
             i == 1);
    }
    return AS_OK;
}

/* The verdict an operation gave for the item of a plain quantity; NULL: none. */
static const as_result *given_verdict(const as_evaluator *ev, const as_expr *e, const as_value *x)
{
    const as_expr *q = e->kind == AS_X_OVER ? e->arg[0] : e;
    return q->kind == AS_X_QUANTITY ? as_get_result(ev->table[x->table], x->item, "verdict") : NULL;
}

static as_answer detected_one(as_evaluator *ev, const as_expr *e, const as_value *x)
{
    const as_result *given = given_verdict(ev, e, x);
    const char *text = shown(ev, e, x), *who = NULL;
    if (given) {
        const as_verdict v = strcmp(given->flag, "present") == 0        ? AS_SUPPORTED
                             : strcmp(given->flag, "not_detected") == 0 ? AS_NOT_SUPPORTED
                                                                        : AS_UNDECIDED;
        return answer(v, as_format(ev->a, "%s, verdict %s", text, given->flag));
    }
    if (x->problem) return answer(AS_UNDECIDED, x->problem);
    const double u = as_value_arm(&ev->sources, x, -1, &who);
    if (isnan(u))
        return answer(AS_UNDECIDED, as_format(ev->a, "%s has no uncertainty", who ? who : text));
    if (x->side == AS_B_BELOW || x->side == AS_B_UNKNOWN)
        return answer(AS_UNDECIDED, as_format(ev->a, "%s, a bound only", text));
    const bool above = x->v - AS_Z95 * u > 0;
    if (as_value_assumes(&ev->sources, x)) text = or_empty(as_format(ev->a, "%s, taken as independent", text));
    if (!above && x->side == AS_B_ABOVE)
        return answer(AS_UNDECIDED, as_format(ev->a, "%s, a bound only", text));
    return answer(above ? AS_SUPPORTED : AS_NOT_SUPPORTED, as_format(ev->a, "%s", text));
}

static as_status detected(as_evaluator *ev, const as_expr *e, as_answer *out)
{
    as_values a = { 0 };
    AS_TRY(as_expr_values(ev, e->arg[0], &a));
    for (size_t i = 0; i < a.n; i++) {
        if (a.v[i].scale == AS_S_POINT) {
            const as_where at = as_expr_where(ev, e->arg[0]);
            return as_fail(ev->ctx, AS_E_UNIT, &at, "a temperature in %s is not detected or absent",
                           a.v[i].unit.symbol);
        }
        fold(out, detected_one(ev, e->arg[0], &a.v[i]), i == 0);
    }
    return AS_OK;
}

/* Supported: even the 95 % upper limit lies below f, with an estimate below zero counted as
 * zero; and so does the limit that the operation itself gave. Not supported: the 95 % lower
 * limit lies above f. */
static as_status absent_one(as_evaluator *ev, const as_expr *e, const as_value *q,
                            const as_value *f, as_answer *out)
{
    as_value d, floor = *q, above_zero;
    if (floor.v < 0) floor.v = 0;
    AS_TRY(as_values_subtract(ev, e, f, q, -1, &d));
    AS_TRY(as_values_subtract(ev, e, f, &floor, -1, &above_zero));
    *out = decide(ev, &d, true);
    if (out->verdict == AS_SUPPORTED) *out = decide(ev, &above_zero, true);
    const as_result *limit = as_given_limit(ev, e->arg[0], q);
    if (out->verdict == AS_SUPPORTED && limit) {
        const double at = limit->unit.factor * limit->value;
        if (!isfinite(limit->value))
            *out = answer(AS_UNDECIDED, "no upper limit is known for it");
        else if (!(at < f->v))
            *out = answer(AS_UNDECIDED, as_format(ev->a, "its upper limit is %.4g %s", limit->value,
                                                  limit->unit.symbol));
    }
    const char *margin = shown(ev, e->arg[1], f);
    *out = explained(ev, *out, shown(ev, e->arg[0], q), margin, &d, "apart");
    return AS_OK;
}

static as_status absent(as_evaluator *ev, const as_expr *e, as_answer *out)
{
    as_values q = { 0 }, f = { 0 };
    size_t n;
    AS_TRY(as_expr_values(ev, e->arg[0], &q));
    AS_TRY(as_expr_values(ev, e->arg[1], &f));
    AS_TRY(as_values_pair(ev, e, &q, &f, &n));
    for (size_t i = 0; i < n; i++) {
        as_answer one;
        AS_TRY(absent_one(ev, e, &q.v[e->arg[0]->set ? i : 0], &f.v[e->arg[1]->set ? i : 0], &one));
        fold(out, one, i == 0);
    }
    return AS_OK;
}

/* --- logic ------------------------------------------------------------------------------------ */

static const char *both(as_evaluator *ev, const as_answer *a, const as_answer *b)
{
    return or_empty(as_format(ev->a, "%s; %s", a->because, b->because));
}

/* `and`: not supported when one is not, supported when both are; `or` is its mirror. The
 * explanation is that of the sides that decide. */
static as_answer joined(as_evaluator *ev, bool and, const as_answer *a, const as_answer *b)
{
    const as_verdict decisive = and? AS_NOT_SUPPORTED : AS_SUPPORTED;
    const as_verdict needs_both = and? AS_SUPPORTED : AS_NOT_SUPPORTED;
    as_verdict v = AS_UNDECIDED;
    if (a->verdict == decisive || b->verdict == decisive)
        v = decisive;
    else if (a->verdict == needs_both && b->verdict == needs_both)
        v = needs_both;
    if (a->verdict == v && b->verdict == v) return answer(v, both(ev, a, b));
    return answer(v, a->verdict == v ? a->because : b->because);
}

static as_status truth(as_evaluator *ev, const as_expr *e, as_answer *out)
{
    as_answer a, b;
    switch (e->kind) {
    case AS_X_AND:
    case AS_X_OR:
        AS_TRY(truth(ev, e->arg[0], &a));
        AS_TRY(truth(ev, e->arg[1], &b));
        *out = joined(ev, e->kind == AS_X_AND, &a, &b);
        return AS_OK;
    case AS_X_NOT:
        AS_TRY(truth(ev, e->arg[0], out));
        if (out->verdict != AS_UNDECIDED)
            out->verdict = out->verdict == AS_SUPPORTED ? AS_NOT_SUPPORTED : AS_SUPPORTED;
        return AS_OK;
    case AS_X_DETECTED: return detected(ev, e, out);
    case AS_X_ABSENT: return absent(ev, e, out);
    case AS_X_WITHIN: return within(ev, e, out);
    case AS_X_INCREASING:
    case AS_X_DECREASING: return monotone(ev, e, out);
    default: return compare(ev, e, out);
    }
}

static as_status start(as_evaluator *ev, as_ctx *ctx, as_arena *a, size_t n,
                       const as_table *const *tables)
{
    *ev = (as_evaluator){ .ctx = ctx, .a = a, .n = n, .table = tables, .sources = { .a = a } };
    ev->known = AS_NEW_N(a, uint32_t *, n);
    return ev->known ? AS_OK : AS_ERR;
}

as_status as_claim_decide(as_ctx *ctx, as_arena *a, const as_expr *e, size_t n,
                          const as_table *const *tables, as_answer *out)
{
    as_evaluator ev;
    AS_TRY(start(&ev, ctx, a, n, tables));
    *out = answer(AS_UNDECIDED, "");
    return truth(&ev, e, out);
}

static void report_value(as_evaluator *ev, const as_expr *e, const as_value *x, as_reported *out)
{
    const char *who = NULL;
    const double offset = x->scale == AS_S_POINT ? x->unit.offset : 0;
    *out = (as_reported){ .name = e->set ? ev->table[x->table]->name : NULL,
                          .unit = x->unit,
                          .problem = x->problem };
    const double u = as_value_u(&ev->sources, x, &who);
    out->value = x->problem ? NAN : (x->v - offset) / x->unit.factor;
    out->u = x->problem ? NAN : u / x->unit.factor;
    out->bound = x->side == AS_B_ABOVE ? AS_ABOVE : x->side == AS_B_BELOW ? AS_BELOW : AS_EQUAL;
    out->assumes = out->u > 0 && as_value_assumes(&ev->sources, x);
    if (!x->problem && isnan(u))
        out->problem = as_format(ev->a, "%s has no uncertainty", who ? who : "a value");
    if (!x->problem && x->side == AS_B_UNKNOWN) {
        out->value = out->u = NAN;
        out->problem = "only bounds are known, and they pull in both directions";
    }
}

as_status as_claim_report(as_ctx *ctx, as_arena *a, const as_expr *e, size_t n,
                          const as_table *const *tables, size_t *n_out, as_reported **out)
{
    as_evaluator ev;
    as_values x = { 0 };
    AS_TRY(start(&ev, ctx, a, n, tables));
    if (!e->truth) AS_TRY(as_expr_values(&ev, e, &x));
    *n_out = e->truth ? 1 : x.n;
    as_reported *to = *out = AS_NEW_N(a, as_reported, *n_out);
    if (!to) return AS_ERR;
    if (e->truth) {
        to->is_truth = true;
        to->value = to->u = NAN;
        return truth(&ev, e, &to->answer);
    }
    for (size_t i = 0; i < x.n; i++) report_value(&ev, e, &x.v[i], &to[i]);
    return AS_OK;
}
