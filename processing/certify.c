/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certification of the fit engine on StRD files: see certify.h. The model is read from the file,
 * by the parser of formulas that users have.
 */
#include <math.h>
#include <string.h>

#include "certify.h"
#include "expression.h"
#include "lanes.h"
#include "linear_fit.h"
#include "number.h"

enum { MOST = 16, PREDICTORS = 8 };

typedef struct strd {
    const char *name;
    const char *formula; /* right-hand side */
    bool log_response;
    size_t n_params, n, n_predictors;
    double start[2][MOST], certified[MOST], sd[MOST];
    bool constant;      /* linear: there is a B0 */
    double *y, *x[PREDICTORS];
} strd;

typedef struct line {
    const char *text;
    size_t n;
} line;

static bool next_line(const char **at, const char *end, line *out)
{
    if (*at >= end) return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (!stop) stop = end;
    out->text = *at;
    out->n = (size_t)(stop - *at);
    if (out->n && out->text[out->n - 1] == '\r') out->n--;
    *at = stop + 1;
    return true;
}

static bool starts(line l, const char *with)
{
    return l.n >= strlen(with) && memcmp(l.text, with, strlen(with)) == 0;
}

static line trimmed(line l)
{
    while (l.n && (l.text[0] == ' ' || l.text[0] == '\t')) l.text++, l.n--;
    while (l.n && (l.text[l.n - 1] == ' ' || l.text[l.n - 1] == '\t')) l.n--;
    return l;
}

/* The numbers of a line, from `from` on. */
static size_t numbers(line l, double *out, size_t most)
{
    size_t count = 0, i = 0;
    while (i < l.n && count < most) {
        size_t used = 0;
        if (i == 0 || l.text[i - 1] == ' ' || l.text[i - 1] == '\t' || l.text[i - 1] == '=')
            used = as_scan_number(l.text + i, l.n - i, '.', &out[count]);
        count += used > 0;
        i += used ? used : 1;
    }
    return count;
}

/* Behind the "+ e" that ends a model; NULL: none. */
static const char *error_term(const char *text)
{
    for (const char *plus = strchr(text, '+'); plus; plus = strchr(plus + 1, '+')) {
        const char *e = plus + 1 + strspn(plus + 1, " \t");
        if (*e == 'e' && strchr(" \t\r\n", e[1])) return e + 1;
    }
    return NULL;
}

/* "y = ... + e" over several lines into one formula. */
static as_status take_formula(as_arena *a, const char *text, size_t n, strd *d)
{
    char *copy = as_strndup(a, text, n);
    if (!copy) return AS_ERR;
    char *equals = strchr(copy, '=');
    if (!equals) return AS_OK;
    d->log_response = strstr(copy, "log[y]") && strstr(copy, "log[y]") < equals;
    char *last = strrchr(copy, '+');
    if (last && strspn(last + 1, " \r\n\te") == strlen(last + 1)) *last = 0;
    d->formula = equals + 1;
    return AS_OK;
}

static bool parameter_line(line l, strd *d)
{
    l = trimmed(l);
    if (l.n < 3 || (l.text[0] != 'b' && l.text[0] != 'B') || l.text[1] < '0' || l.text[1] > '9')
        return false;
    double v[5];
    size_t skip = 1;
    while (skip < l.n && l.text[skip] >= '0' && l.text[skip] <= '9') skip++;
    const bool zero = l.text[1] == '0';
    const line rest = { l.text + skip, l.n - skip };
    const size_t count = numbers(rest, v, 5);
    if (d->n_params == MOST || (count != 4 && count != 2)) return false;
    const size_t k = d->n_params++;
    d->constant |= zero;
    d->start[0][k] = v[0];
    d->start[1][k] = v[1];
    d->certified[k] = v[count - 2];
    d->sd[k] = v[count - 1];
    return true;
}

static as_status data_lines(as_ctx *ctx, const char *at, const char *end, strd *d)
{
    const size_t room = (size_t)(end - at) / 4 + 1;
    as_arena *s = as_scratch(ctx);
    d->y = AS_NEW_N(s, double, as_lanes(room));
    for (size_t k = 0; k < d->n_predictors; k++) d->x[k] = AS_NEW_N(s, double, as_lanes(room));
    for (size_t k = 0; k < d->n_predictors; k++)
        if (!d->y || !d->x[k]) return AS_ERR;
    line l;
    while (next_line(&at, end, &l)) {
        double v[PREDICTORS + 1];
        if (numbers(l, v, PREDICTORS + 1) != d->n_predictors + 1) continue;
        d->y[d->n] = v[0];
        for (size_t k = 0; k < d->n_predictors; k++) d->x[k][d->n] = v[k + 1];
        d->n++;
    }
    return AS_OK;
}

static as_status read_strd(as_ctx *ctx, as_arena *a, const char *text, size_t n, strd *d)
{
    const char *at = text, *end = text + n, *model = NULL;
    line l;
    memset(d, 0, sizeof *d);
    while (next_line(&at, end, &l)) {
        if (starts(l, "Dataset Name:")) {
            line name = trimmed((line){ l.text + 13, l.n - 13 });
            size_t k = 0;
            while (k < name.n && name.text[k] != ' ') k++;
            d->name = as_strndup(a, name.text, k);
        } else if (starts(l, "Model:"))
            model = l.text;
        else if (model && !d->formula && memchr(l.text, '=', l.n) && l.text > model) {
            const char *stop = error_term(l.text);
            if (stop) AS_TRY(take_formula(a, l.text, (size_t)(stop - l.text), d));
        } else if (starts(l, "Data:") && d->n_params) {
            for (size_t k = 5; k < l.n; k++) d->n_predictors += l.text[k] == 'x';
            break;
        } else
            parameter_line(l, d);
    }
    if (!d->name || !d->n_params || !d->n_predictors || d->n_predictors > PREDICTORS)
        return as_fail(ctx, AS_E_SYNTAX, NULL, "no StRD file of a regression");
    return data_lines(ctx, at, end, d);
}

static double digits(const double *found, const double *want, size_t m, double most)
{
    double least = most;
    for (size_t k = 0; k < m; k++) {
        const double e = fabs(found[k] - want[k]) / (want[k] == 0 ? 1 : fabs(want[k]));
        least = fmin(least, e > 0 ? -log10(e) : most);
        if (isnan(e)) return 0;
    }
    return fmax(least, 0);
}

typedef struct user_model {
    as_expression e;
    const double *x[PREDICTORS];
    size_t n;
    double *work;
} user_model;

static void evaluate(void *user, const double *p, double *f, double *J, size_t stride)
{
    user_model *u = user;
    double *column[AS_EXPRESSION_PARAMS];
    for (size_t k = 0; k < u->e.n_params; k++) column[k] = J ? J + k * stride : NULL;
    as_expression_eval(&u->e, u->n, u->x, p, u->work, f, J ? column : NULL);
}

static as_status certify_nonlinear(as_ctx *ctx, strd *d, as_certificate *out)
{
    static const char *const names[] = { "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8" };
    static const char *const x[] = { "x" };
    user_model u = { .n = d->n };
    AS_TRY(as_expression_parse(ctx, as_scratch(ctx), d->formula, strlen(d->formula), NULL,
                               d->n_predictors, d->n_predictors == 1 ? x : names, &u.e));
    if (u.e.n_params != d->n_params)
        return as_fail(ctx, AS_E_SYNTAX, NULL, "%s: the formula has %zu parameters of %zu", d->name,
                       u.e.n_params, d->n_params);
    if (!(u.work = AS_NEW_N(as_scratch(ctx), double, as_expression_work(&u.e)))) return AS_ERR;
    for (size_t k = 0; k < d->n_predictors; k++) u.x[k] = d->x[k];
    for (size_t i = 0; d->log_response && i < d->n; i++) d->y[i] = log(d->y[i]);
    double want[MOST], sd[MOST];
    size_t slot[MOST]; /* of b1, b2 ... in the order of the formula */
    for (size_t k = 0; k < d->n_params; k++) {
        double number;
        as_scan_number(u.e.param[k] + 1, strlen(u.e.param[k] + 1), '.', &number);
        slot[k] = number >= 1 && number <= (double)d->n_params ? (size_t)number - 1 : 0;
        want[k] = d->certified[slot[k]];
        sd[k] = d->sd[slot[k]];
    }
    for (int s = 0; s < 2; s++) {
        double p[MOST];
        as_ls_result fit;
        for (size_t k = 0; k < d->n_params; k++) p[k] = d->start[s][slot[k]];
        const as_ls_problem q = { .n = d->n, .m = d->n_params, .y = d->y, .model = evaluate,
                                  .user = &u };
        const as_status status = as_least_squares(ctx, as_scratch(ctx), &q, p, &fit);
        if (status != AS_OK && as_pending(ctx) != AS_E_NUMERIC) return AS_ERR;
        as_forget_error(ctx);
        out[s] = (as_certificate){ .name = d->name, .start = s + 1, .state = fit.state,
                                   .iterations = fit.iterations };
        if (status == AS_OK) {
            out[s].digits_p = digits(fit.p, want, d->n_params, 11);
            out[s].digits_u = digits(fit.u, sd, d->n_params, 11);
        }
        out[s].good = status != AS_OK || (out[s].digits_p >= 6 && out[s].digits_u >= 6);
    }
    return AS_OK;
}

static as_status certify_linear(as_ctx *ctx, strd *d, as_certificate *out)
{
    const double *x[MOST];
    as_arena *s = as_scratch(ctx);
    for (size_t k = 0; k < d->n_params; k++) {
        const size_t power = k + !d->constant;
        double *column = AS_NEW_N(s, double, d->n);
        if (!column) return AS_ERR;
        for (size_t i = 0; i < d->n; i++) {
            column[i] = 1;
            if (d->n_predictors > 1 && power > 0)
                column[i] = d->x[power - 1][i];
            else
                for (size_t j = 0; j < power; j++) column[i] *= d->x[0][i];
        }
        x[k] = column;
    }
    as_linear_fit fit;
    AS_TRY(as_fit_linear(ctx, s, d->n, d->n_params, x, d->y, NULL, false, &fit));
    *out = (as_certificate){ .name = d->name };
    out->digits_p = digits(fit.p, d->certified, d->n_params, 15);
    out->digits_u = digits(fit.u, d->sd, d->n_params, 15);
    /* an exact fit (Wampler1, Wampler2) is certified to have no deviation */
    bool exact = true;
    for (size_t k = 0; k < d->n_params; k++) exact &= d->sd[k] == 0;
    for (size_t k = 0; exact && k < d->n_params; k++)
        if (fit.u[k] < 1e-6) out->digits_u = 6;
    out->good = out->digits_p >= 6 && out->digits_u >= 6;
    return AS_OK;
}

as_status as_certify(as_ctx *ctx, as_arena *a, const char *text, size_t n, as_certificate out[2],
                     int *count)
{
    strd d;
    char *copy = as_strndup(as_scratch(ctx), text, n);
    if (!copy) return AS_ERR;
    AS_TRY(read_strd(ctx, a, copy, n, &d));
    const char *nonlinear = strstr(copy, "Nonlinear");
    *count = nonlinear ? 2 : 1;
    if (nonlinear && !d.formula)
        return as_fail(ctx, AS_E_SYNTAX, NULL, "%s: no model found", d.name);
    return nonlinear ? certify_nonlinear(ctx, &d, out) : certify_linear(ctx, &d, out);
}
