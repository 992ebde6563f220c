/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariances of results: stored in a series, and between series that one fit or one origin ties together. */
#include <math.h>
#include <string.h>

#include "claim_value.h"

enum { SHARED_MOST = 48 };

typedef struct pairs { /* results that two tables have in common, by their numbers in each */
    size_t n, of_a[SHARED_MOST], of_b[SHARED_MOST];
} pairs;

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The very number that r is, among the results of t; t->n_results: it is not there. */
static size_t find_same(const as_table *t, const as_result *r)
{
    size_t i = t->n_results;
    for (size_t k = 0; k < t->n_results && i == t->n_results; k++) {
        const as_result *s = &t->result[k];
        if (s->value == r->value && s->u == r->u && r->u > 0 && strcmp(s->quantity, r->quantity) == 0 &&
            strcmp(s->item, r->item) == 0 && same_text(s->unit.symbol, r->unit.symbol))
            i = k;
    }
    return i;
}

/* Does the history of one table begin with all of the other's, and do both come from the same file? */
static bool same_origin(const as_table *a, const as_table *b)
{
    const as_meta *x = as_get_meta(a, "source.sha256"), *y = as_get_meta(b, "source.sha256");
    const size_t n = a->n_steps < b->n_steps ? a->n_steps : b->n_steps;
    if (!x || !y || !same_text(x->text, y->text)) return false;
    for (size_t i = 0; i < n; i++)
        if (!same_text(a->step[i].op, b->step[i].op) || !same_text(a->step[i].settings, b->step[i].settings))
            return false;
    return true;
}

/* The last step of both that looked at several series and is the same one: a fit to all of them. */
static bool same_joint_step(const as_table *a, const as_table *b)
{
    for (size_t i = a->n_steps; i-- > 0;) {
        const as_step *s = &a->step[i];
        if (!s->inputs) continue;
        for (size_t k = b->n_steps; k-- > 0;) {
            const as_step *o = &b->step[k];
            if (!o->inputs) continue;
            return same_text(s->op, o->op) && same_text(s->settings, o->settings) && same_text(s->inputs, o->inputs);
        }
        return false;
    }
    return false;
}

static void find_shared(const as_table *a, const as_table *b, pairs *p)
{
    p->n = 0;
    for (size_t i = 0; i < a->n_results && p->n < SHARED_MOST; i++) {
        const size_t k = find_same(b, &a->result[i]);
        if (k == b->n_results) continue;
        p->of_a[p->n] = i;
        p->of_b[p->n++] = k;
    }
}

/* Covariances of result i with the shared ones; false where none of them is known. */
static bool with_shared(const as_table *t, size_t i, const pairs *p, const size_t *of, double *c)
{
    bool any = false;
    for (size_t k = 0; k < p->n; k++) any |= as_knows_covariance(t, i, of[k], &c[k]);
    return any;
}

/* Two series of one fit are independent but for what they share: c_a' C^-1 c_b, C the covariance of the shared
 * results, by Cholesky; a result that follows from those before it adds nothing. */
static bool by_shared(const as_table *a, size_t ia, const as_table *b, size_t ib, double *out)
{
    pairs p;
    double ca[SHARED_MOST], cb[SHARED_MOST], l[SHARED_MOST][SHARED_MOST];
    find_shared(a, b, &p);
    if (!with_shared(a, ia, &p, p.of_a, ca) || !with_shared(b, ib, &p, p.of_b, cb)) return false;
    *out = 0;
    for (size_t k = 0; k < p.n; k++) {
        double own = 0;
        for (size_t m = 0; m <= k; m++) {
            double c = 0;
            (void)as_knows_covariance(a, p.of_a[k], p.of_a[m], &c);
            if (m == k) own = c;
            for (size_t q = 0; q < m; q++) c -= l[k][q] * l[m][q];
            l[k][m] = m < k ? (l[m][m] > 0 ? c / l[m][m] : 0) : c > 1e-9 * own ? sqrt(c) : 0;
        }
        for (size_t q = 0; q < k; q++) {
            ca[k] -= l[k][q] * ca[q];
            cb[k] -= l[k][q] * cb[q];
        }
        ca[k] = l[k][k] > 0 ? ca[k] / l[k][k] : 0;
        cb[k] = l[k][k] > 0 ? cb[k] / l[k][k] : 0;
        *out += ca[k] * cb[k];
    }
    return true;
}

bool as_source_covariance(const as_source *a, const as_source *b, double *out)
{
    double c = 0;
    bool known = true;
    if (a->table && b->table && a != b) {
        const as_table *x = a->table, *y = b->table;
        known = false;
        if (x == y) {
            known = as_knows_covariance(x, a->result, b->result, &c);
        } else if (same_origin(x, y)) {
            const size_t copy = find_same(y, &x->result[a->result]), other = find_same(x, &y->result[b->result]);
            if (copy < y->n_results) known = as_knows_covariance(y, copy, b->result, &c);
            if (!known && other < x->n_results) known = as_knows_covariance(x, a->result, other, &c);
        }
        if (!known && x != y && same_joint_step(x, y)) known = by_shared(x, a->result, y, b->result, &c);
    } else if (a == b) {
        c = a->u * a->u;
    }
    *out = known ? c * a->factor * b->factor : 0;
    return known;
}
