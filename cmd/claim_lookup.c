/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results that a quantity or a set of a claim names. */
#include <math.h>
#include <string.h>

#include "claim_eval.h"

static bool all_digits(const char *s)
{
    if (!*s) return false;
    while (*s >= '0' && *s <= '9') s++;
    return !*s;
}

static bool series_fits(const as_path *p, const as_table *t)
{
    const char *name = t->name ? t->name : "";
    if (!p->series) return true;
    if (strcmp(name, p->series) == 0) return true;
    if (!p->index || strcmp(p->index, "*") != 0) return false;
    const size_t n = strlen(p->series);
    return strncmp(name, p->series, n) == 0 && name[n] == '.' && all_digits(name + n + 1);
}

static as_status missing(as_evaluator *ev, const as_expr *e, const char *kind, const char *given,
                         size_t n, const char *const *names)
{
    const as_where at = as_expr_where(ev, e);
    const char *near = strlen(given) < 3 ? NULL : as_near_miss(given, n, names);
    if (near)
        return as_fail(ev->ctx, AS_E_MISSING, &at, "no %s '%s'; did you mean '%s'?", kind, given,
                       near);
    if (n == 0)
        return as_fail(ev->ctx, AS_E_MISSING, &at, "no %s '%s': there are no results here", kind,
                       given);
    const char *list = "";
    for (size_t i = 0; i < n && i < 12 && list; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++) again |= strcmp(names[k], names[i]) == 0;
        if (!again) list = as_format(ev->a, "%s%s%s", list, *list ? ", " : "", names[i]);
    }
    return as_fail(ev->ctx, AS_E_MISSING, &at, "no %s '%s' here (there %s: %s)", kind, given,
                   n == 1 ? "is" : "are", list ? list : "");
}

/* Nothing was found: say at which part of the path. */
static as_status not_found(as_evaluator *ev, const as_expr *e)
{
    const as_path *p = &e->path;
    size_t most = 1;
    for (size_t i = 0; i < ev->n; i++) most += 1 + ev->table[i]->n_results;
    const char **names = AS_NEW_N(ev->a, const char *, most);
    if (!names) return AS_ERR;
    size_t n = 0, fitting = 0;
    for (size_t i = 0; i < ev->n; i++) {
        names[n++] = ev->table[i]->name ? ev->table[i]->name : "";
        fitting += series_fits(p, ev->table[i]);
    }
    if (!fitting) {
        const as_path many = { .series = p->series, .index = "*" };
        for (size_t i = 0; p->series && i < ev->n; i++)
            if (series_fits(&many, ev->table[i])) {
                const as_where at = as_expr_where(ev, e);
                return as_fail(ev->ctx, AS_E_MISSING, &at,
                               "'%s' has several series: write %s.0 for the first, "
                               "%s.* for all",
                               p->series, p->series, p->series);
            }
        return missing(ev, e, "series", p->series ? p->series : "*", n, names);
    }
    bool item = false;
    n = 0;
    for (size_t i = 0; i < ev->n; i++)
        for (size_t k = 0; series_fits(p, ev->table[i]) && k < ev->table[i]->n_results; k++) {
            names[n++] = ev->table[i]->result[k].item;
            item |= !p->item || strcmp(p->item, names[n - 1]) == 0;
        }
    if (!item) return missing(ev, e, "item", p->item ? p->item : "*", n, names);
    n = 0;
    for (size_t i = 0; i < ev->n; i++)
        for (size_t k = 0; series_fits(p, ev->table[i]) && k < ev->table[i]->n_results; k++)
            if (!p->item || strcmp(p->item, ev->table[i]->result[k].item) == 0)
                names[n++] = ev->table[i]->result[k].quantity;
    return missing(ev, e, "quantity", p->quantity, n, names);
}

static const char *result_name(as_evaluator *ev, const as_table *t, const as_result *r)
{
    const char *name =
        as_format(ev->a, "%s.\"%s\".%s", t->name ? t->name : "?", r->item, r->quantity);
    return name ? name : r->quantity;
}

/* How long the arm of the 95 % interval beside a result is, in standard uncertainties; u where there is none,
 * or where it ends at the bound of a parameter. */
static double arm_of(const as_table *t, const as_result *r, bool upper)
{
    size_t i = 0;
    while (i < t->n_results && !as_is_end(&t->result[i], r, upper)) i++;
    if (i == t->n_results || strcmp(t->result[i].flag, "at_bound") == 0) return r->u;
    const double at = as_unit_convert(t->result[i].value, &t->result[i].unit, &r->unit);
    const double arm = (upper ? at - r->value : r->value - at) / AS_Z975;
    return arm > 0 && isfinite(arm) ? arm : r->u;
}

/* The number of this result among the sources; each result is a source once. */
static as_status source_of(as_evaluator *ev, size_t table, size_t result, const char *name,
                           uint32_t *out)
{
    const as_table *t = ev->table[table];
    uint32_t **known = &ev->known[table];
    if (!*known && !(*known = AS_NEW_N(ev->a, uint32_t, t->n_results))) return AS_ERR;
    if ((*known)[result] == 0) {
        const as_result *r = &t->result[result];
        const bool limit = r->bound != AS_EQUAL && !(r->u >= 0); /* a limit has its margin inside */
        const as_source s = { .table = t,
                              .result = result,
                              .u = limit ? 0 : r->u,
                              .down = limit ? 0 : arm_of(t, r, false),
                              .up = limit ? 0 : arm_of(t, r, true),
                              .factor = r->unit.factor,
                              .name = name };
        AS_TRY(as_source_add(&ev->sources, &s, out));
        (*known)[result] = *out + 1;
    }
    *out = (*known)[result] - 1;
    return AS_OK;
}

static as_status value_of(as_evaluator *ev, size_t table, size_t result, as_value *out)
{
    const as_table *t = ev->table[table];
    const as_result *r = &t->result[result];
    const char *name = result_name(ev, t, r);
    as_slope *slope = AS_NEW(ev->a, as_slope);
    if (!slope) return AS_ERR;
    slope->d = 1;
    AS_TRY(source_of(ev, table, result, name, &slope->source));
    *out = (as_value){ .v = r->unit.factor * r->value + r->unit.offset,
                       .n = 1,
                       .slope = slope,
                       .unit = r->unit,
                       .table = table,
                       .item = r->item };
    if (r->unit.offset != 0) out->scale = AS_S_POINT;
    out->side = r->bound == AS_ABOVE ? AS_B_ABOVE : r->bound == AS_BELOW ? AS_B_BELOW : AS_B_EXACT;
    if (strcmp(r->flag, "failed") == 0)
        out->problem = as_format(ev->a, "%s failed", name);
    else if (!isfinite(r->value))
        out->problem = as_format(ev->a, "%s has no value (flag %s)", name, r->flag);
    return AS_OK;
}

static as_status add_value(as_evaluator *ev, as_values *set, size_t table, size_t result)
{
    as_value *wider = as_grow(ev->a, set->v, set->n, sizeof *wider);
    if (!wider) return AS_ERR;
    set->v = wider;
    return value_of(ev, table, result, &set->v[set->n++]);
}

/* The results of one table that the path names; of equal ones the newest. */
static as_status add_results(as_evaluator *ev, const as_path *p, size_t table, as_values *set)
{
    const as_table *t = ev->table[table];
    for (size_t i = 0; i < t->n_results; i++) {
        const as_result *r = &t->result[i];
        if (strcmp(r->quantity, p->quantity) != 0) continue;
        if (p->item && strcmp(r->item, p->item) != 0) continue;
        if (as_get_result(t, r->item, r->quantity) == r) AS_TRY(add_value(ev, set, table, i));
    }
    return AS_OK;
}

as_status as_lookup_quantity(as_evaluator *ev, const as_expr *e, as_values *out)
{
    for (size_t i = 0; i < ev->n; i++)
        if (series_fits(&e->path, ev->table[i])) AS_TRY(add_results(ev, &e->path, i, out));
    if (out->n == 0) return not_found(ev, e);
    if (out->n == 1 || e->set) return AS_OK;
    const as_where at = as_expr_where(ev, e);
    return as_fail(ev->ctx, AS_E_USAGE, &at,
                   "%zu series are called '%s' here, so this is not one value", out->n,
                   e->path.series);
}
