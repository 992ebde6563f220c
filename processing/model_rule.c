/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters that are expressions of others: fwhm=@(sqrt(a.fwhm^2 + b.fwhm^2)). Values and slopes by
 * the exact derivatives of expression.h; the chain rule gives the columns of the fit.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model_parts.h"

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The term whose label and '.' stand at s, the longest. */
static const as_model_term *label_here(const as_model *m, const char *s, size_t left)
{
    const as_model_term *best = NULL;
    for (size_t i = 0; i < m->n_terms; i++) {
        const size_t n = strlen(m->term[i].label);
        if (n + 1 < left && strncmp(s, m->term[i].label, n) == 0 && s[n] == '.' &&
            name_char(s[n + 1]) && (!best || n > strlen(best->label)))
            best = &m->term[i];
    }
    return best;
}

as_status as_model_names(as_ctx *ctx, as_arena *a, const as_model *m, const char *text, size_t n,
                         as_model_names_out *out)
{
    const size_t room = 12 * n + 16;
    char before = ' ';
    *out = (as_model_names_out){ .plain = AS_NEW_N(a, char, room) };
    if (!out->plain) return AS_ERR;
    if (strstr(text, "fitted_"))
        return as_fail(ctx, AS_E_USAGE, NULL, "'%s': no name begins with fitted_", text);
    for (size_t i = 0; i < n;) {
        const as_model_term *t = name_char(before) ? NULL : label_here(m, text + i, n - i);
        if (!t) {
            out->plain[out->length++] = before = text[i++];
            continue;
        }
        const size_t from = i + strlen(t->label) + 1;
        for (i = from; i < n && name_char(text[i]);) i++;
        if (out->n == AS_EXPRESSION_PARAMS)
            return as_fail(ctx, AS_E_USAGE, NULL, "more than %d quantities in '%s'",
                           AS_EXPRESSION_PARAMS, text);
        out->term[out->n] = t;
        if (!(out->name[out->n] = as_strndup(a, text + from, i - from))) return AS_ERR;
        out->length += (size_t)snprintf(out->plain + out->length, room - out->length, "fitted_%zu",
                                        out->n++);
        before = '0';
    }
    return AS_OK;
}

as_status as_model_names_match(as_ctx *ctx, const as_model_names_out *names,
                               const as_expression *e, const char *text, size_t *of)
{
    for (size_t k = 0; k < e->n_params; k++) {
        of[k] = AS_EXPRESSION_PARAMS;
        for (size_t i = 0; i < names->n; i++) {
            char name[32];
            snprintf(name, sizeof name, "fitted_%zu", i);
            if (strcmp(name, e->param[k]) == 0) of[k] = i;
        }
        if (of[k] == AS_EXPRESSION_PARAMS)
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' in '%s' is no TERM.QUANTITY of the model",
                           e->param[k], text);
    }
    return AS_OK;
}

as_status as_model_rule_parse(as_ctx *ctx, as_arena *a, const as_model *m, const char *text,
                              size_t n, as_model_rule **rule)
{
    as_model_names_out names;
    size_t of[AS_EXPRESSION_PARAMS];
    as_model_rule *r = AS_NEW(a, as_model_rule);
    const char *whole = as_strndup(a, text, n);
    if (!r || !whole) return AS_ERR;
    AS_TRY(as_model_names(ctx, a, m, whole, n, &names));
    AS_TRY(as_expression_parse(ctx, a, names.plain, names.length, NULL, 0, NULL, &r->expression));
    AS_TRY(as_model_names_match(ctx, &names, &r->expression, whole, of));
    for (size_t k = 0; k < r->expression.n_params; k++) {
        const as_model_term *t = names.term[of[k]];
        r->of[k] = as_model_find(m, t->label, names.name[of[k]]);
        r->name[k] = names.name[of[k]];
        if (r->of[k] < 0)
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' has no parameter '%s'", t->label,
                           names.name[of[k]]);
    }
    r->work = AS_NEW_N(a, double, as_expression_work(&r->expression) + 1);
    if (!r->work) return AS_ERR;
    *rule = r;
    return AS_OK;
}

as_status as_model_rules_check(as_ctx *ctx, const as_model *m)
{
    for (size_t k = 0; k < m->n_params; k++) {
        const as_model_param *q = &m->param[k];
        if (q->tie >= 0 && m->param[q->tie].rule)
            return as_fail(ctx, AS_E_USAGE, NULL,
                           "'%s' is tied to '%s', an expression: write one for it too", q->name,
                           m->param[q->tie].name);
        for (size_t i = 0; q->rule && i < q->rule->expression.n_params; i++) {
            const as_model_param *of = &m->param[q->rule->of[i]];
            if (strcmp(of->name, q->rule->name[i]) != 0)
                return as_fail(ctx, AS_E_USAGE, NULL,
                               "the expression of '%s' asks for %s of a term that has %s", q->name,
                               q->rule->name[i], of->name);
            if (of->rule)
                return as_fail(ctx, AS_E_USAGE, NULL,
                               "the expression of '%s' depends on '%s', another expression",
                               q->name, of->name);
        }
    }
    return AS_OK;
}

void as_model_rule_values(const as_model *m, double *value)
{
    for (size_t k = 0; k < m->n_params; k++) {
        const as_model_param *q = &m->param[k];
        as_model_rule *r = q->rule;
        double p[AS_EXPRESSION_PARAMS], *J[AS_EXPRESSION_PARAMS], v = NAN;
        if (!r) continue;
        for (size_t i = 0; i < r->expression.n_params; i++) {
            p[i] = value[r->of[i]];
            J[i] = &r->slope[i];
        }
        as_expression_eval(&r->expression, 1, NULL, p, r->work, &v, J);
        value[k] = v >= q->lo && v <= q->hi ? v : NAN; /* outside its domain there is no model */
    }
}

void as_model_add_gradient(const as_model *m, size_t param, double by, double *gradient)
{
    const as_model_param *q = &m->param[param];
    if (!q->rule) {
        if (q->column != AS_NO_COLUMN) gradient[q->column] += q->factor * by;
        return;
    }
    for (size_t i = 0; i < q->rule->expression.n_params; i++) {
        const as_model_param *of = &m->param[q->rule->of[i]];
        if (of->column != AS_NO_COLUMN)
            gradient[of->column] += by * q->rule->slope[i] * of->factor;
    }
}

bool as_model_in_rule(const as_model *m, size_t param)
{
    for (size_t k = 0; k < m->n_params; k++) {
        const as_model_rule *r = m->param[k].rule;
        for (size_t i = 0; r && i < r->expression.n_params; i++)
            if (r->of[i] == (int)param || m->param[r->of[i]].tie == (int)param) return true;
    }
    return false;
}
