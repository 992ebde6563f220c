/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a table, and the covariances among those that share a fit. */
#include <math.h>
#include <string.h>

#include "table_private.h"

/* What the result before says too is stored once. */
static const char *text_of(as_table *t, const char *before, const char *text)
{
    return before && text && strcmp(before, text) == 0 ? before : as_copy_text(t->arena, text);
}

/* Behind the others, for which there is room. */
static as_status put_result(as_table *t, const as_result *r)
{
    static const as_result none = { 0 };
    as_result *to = &t->result[t->n_results];
    const as_result *before = t->n_results ? to - 1 : &none;
    *to = *r;
    if (isinf(to->u)) to->u = NAN; /* beyond what doubles hold: not known */
    to->item = text_of(t, before->item, r->item ? r->item : "");
    to->quantity = as_strdup(t->arena, r->quantity);
    to->flag = text_of(t, before->flag, r->flag ? r->flag : "ok");
    to->method = text_of(t, before->method, r->method);
    if (!to->item || !to->quantity || !to->flag || (r->method && !to->method)) return AS_ERR;
    AS_TRY(as_copy_unit(t, &r->unit, &to->unit));
    t->n_results++;
    return AS_OK;
}

as_status as_add_result(as_ctx *ctx, as_table *t, const as_result *r)
{
    (void)ctx;
    as_result *wider = as_grow(t->arena, t->result, t->n_results, sizeof *wider);
    if (!wider) return AS_ERR;
    t->result = wider;
    return put_result(t, r);
}

/* The room that as_grow has given to n. */
static size_t room_of(size_t n)
{
    size_t room = 8;
    while (room < n) room *= 2;
    return room;
}

as_status as_copy_results(as_table *t, const as_table *from)
{
    if (from->n_results) {
        t->result = as_alloc(t->arena, room_of(from->n_results), sizeof *t->result);
        if (!t->result) return AS_ERR;
    }
    for (size_t i = 0; i < from->n_results; i++) AS_TRY(put_result(t, &from->result[i]));
    if (!from->covariance) return AS_OK;
    const size_t n = from->covariance->n;
    t->covariance = AS_NEW(t->arena, as_covariance);
    if (!t->covariance) return AS_ERR;
    struct entry *to = as_alloc(t->arena, room_of(n), sizeof *to);
    if (!to) return AS_ERR;
    if (n) memcpy(to, from->covariance->entry, n * sizeof *to);
    *t->covariance = (as_covariance){ .n = n, .entry = to };
    return AS_OK;
}

as_status as_add_quantity(as_ctx *ctx, as_table *t, const char *item, const char *quantity,
                          double value, double u, const char *unit, const char *flag,
                          const char *method)
{
    const as_result r = { .item = item, .quantity = quantity, .value = value, .u = u,
                          .unit = as_unit_of(unit), .flag = flag, .method = method };
    return as_add_result(ctx, t, &r);
}

const as_result *as_get_result(const as_table *t, const char *item, const char *quantity)
{
    for (size_t i = t->n_results; i-- > 0;) /* the newest wins */
        if (strcmp(t->result[i].quantity, quantity) == 0 &&
            (!item || strcmp(t->result[i].item, item) == 0))
            return &t->result[i];
    return NULL;
}

/* Whether `text` is a, mark and b in a row. */
static bool is_joined(const char *text, const char *a, const char *mark, const char *b)
{
    const size_t n = strlen(a), m = strlen(mark);
    return strncmp(text, a, n) == 0 && strncmp(text + n, mark, m) == 0 && strcmp(text + n + m, b) == 0;
}

bool as_is_end(const as_result *end, const as_result *r, bool upper)
{
    if (strcmp(end->item, r->item) == 0) return is_joined(end->quantity, r->quantity, "_", upper ? "high" : "low");
    return strcmp(end->quantity, upper ? "upper" : "lower") == 0 && is_joined(end->item, r->item, ".", r->quantity);
}

as_status as_set_covariance(as_ctx *ctx, as_table *t, size_t n, const size_t *which,
                            const double *cov)
{
    if (!t->covariance && !(t->covariance = AS_NEW(t->arena, as_covariance))) return AS_ERR;
    as_covariance *c = t->covariance;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            if (which[a] >= t->n_results || which[b] >= t->n_results)
                return as_fail(ctx, AS_E_BUG, NULL, "covariance of a result that is not there");
            struct entry *wider = as_grow(t->arena, c->entry, c->n, sizeof *wider);
            if (!wider) return AS_ERR;
            c->entry = wider;
            c->entry[c->n++] =
                (struct entry){ (uint32_t)which[a], (uint32_t)which[b], cov[a * n + b] };
        }
    return AS_OK;
}

bool as_knows_covariance(const as_table *t, size_t i, size_t j, double *out)
{
    *out = i == j ? t->result[i].u * t->result[i].u : 0;
    if (i == j) return true;
    for (size_t k = t->covariance ? t->covariance->n : 0; k-- > 0;) {
        const struct entry *e = &t->covariance->entry[k];
        if ((e->i != i || e->j != j) && (e->i != j || e->j != i)) continue;
        *out = e->value;
        return true;
    }
    return false;
}

double as_get_covariance(const as_table *t, size_t i, size_t j)
{
    double value;
    (void)as_knows_covariance(t, i, j, &value);
    return value;
}

bool as_has_covariance(const as_table *t)
{
    return t->covariance && t->covariance->n > 0;
}

bool as_covariance_entry(const as_table *t, size_t k, size_t *i, size_t *j, double *cov)
{
    if (!t->covariance || k >= t->covariance->n) return false;
    const struct entry *e = &t->covariance->entry[k];
    *i = e->i;
    *j = e->j;
    *cov = e->value;
    return true;
}
