/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of a table, and the covariances among those that share a fit. */
#include <math.h>
#include <string.h>

#include "table_private.h"

as_status as_add_result(as_ctx *ctx, as_table *t, const as_result *r)
{
    (void)ctx;
    as_result *wider = as_grow(t->arena, t->result, t->n_results, sizeof *wider);
    if (!wider) return AS_ERR;
    t->result = wider;
    as_result *to = &t->result[t->n_results];
    *to = *r;
    if (isinf(to->u)) to->u = NAN; /* beyond what doubles hold: not known */
    to->item = as_strdup(t->arena, r->item ? r->item : "");
    to->quantity = as_strdup(t->arena, r->quantity);
    to->flag = as_strdup(t->arena, r->flag ? r->flag : "ok");
    to->method = as_copy_text(t->arena, r->method);
    if (!to->item || !to->quantity || !to->flag || (r->method && !to->method)) return AS_ERR;
    AS_TRY(as_copy_unit(t, &r->unit, &to->unit));
    t->n_results++;
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

double as_get_covariance(const as_table *t, size_t i, size_t j)
{
    if (i == j) return t->result[i].u * t->result[i].u;
    for (size_t k = t->covariance ? t->covariance->n : 0; k-- > 0;) {
        const struct entry *e = &t->covariance->entry[k];
        if ((e->i == i && e->j == j) || (e->i == j && e->j == i)) return e->value;
    }
    return 0;
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
