/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calc: columns from formulas of columns. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "expression.h"
#include "op.h"

typedef struct {
    as_texts let;
    const char *unit;
} calc_settings;

static const as_param params[] = {
    AS_TEXTS(calc_settings, let, "let", NULL,
             "COLUMN=FORMULA of column names, x, y, numbers in the metadata, + - * / ^ ( ) and "
             "functions"),
    AS_STRING(calc_settings, unit, "unit", "",
              "unit of the result; none: that of the column it replaces, else 1"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

typedef struct {
    as_expression e;
    size_t n;
    const double **variable; /* one for each name */
    double p[AS_EXPRESSION_PARAMS], *work;
    as_column *y;
    size_t n_names;
} formula;

/* Numeric columns by name, then x and y by role; all others are metadata, or nothing. */
static as_status prepare(as_run *run, as_table *t, const char *text, formula *f)
{
    as_arena *scratch = as_scratch(run->ctx);
    const char **names = AS_NEW_N(scratch, const char *, t->n_columns + 2);
    f->variable = AS_NEW_N(scratch, const double *, t->n_columns + 2);
    if (!names || !f->variable) return AS_ERR;
    f->n = t->rows;
    for (size_t k = 0; k < t->n_columns; k++) {
        if (t->column[k]->type != AS_F64) continue;
        names[f->n_names] = t->column[k]->name;
        f->variable[f->n_names++] = t->column[k]->v.f;
    }
    f->y = as_find_role(t, AS_ROLE_Y);
    const as_column *x = as_find_role(t, AS_ROLE_X);
    const as_column *const roles[] = { x, f->y };
    for (int k = 0; k < 2; k++) {
        if (!roles[k] || roles[k]->type != AS_F64 || as_find_name(t, k ? "y" : "x")) continue;
        names[f->n_names] = k ? "y" : "x";
        f->variable[f->n_names++] = roles[k]->v.f;
    }
    AS_TRY(as_expression_parse(run->ctx, scratch, text, strlen(text), NULL, f->n_names, names, &f->e));
    for (size_t k = 0; k < f->e.n_params; k++) {
        const as_meta *m = as_get_meta(t, f->e.param[k]);
        if (!m || !isfinite(m->number)) {
            const char *near = as_near_miss(f->e.param[k], f->n_names, names);
            return as_fail(run->ctx, AS_E_MISSING, NULL,
                           "'%s' is neither a column nor a number of the metadata%s%s%s",
                           f->e.param[k], near ? "; did you mean " : "", near ? near : "",
                           near ? "?" : "");
        }
        f->p[k] = m->number;
    }
    f->work = AS_NEW_N(scratch, double, as_expression_work(&f->e) + 1);
    return f->work ? AS_OK : AS_ERR;
}

/* The formula with y moved by `by[i]`: what sigma of y does to the result. */
static as_status moved(as_run *run, const formula *f, const double *by, double sign, double *out)
{
    double *y = AS_NEW_N(as_scratch(run->ctx), double, f->n + 1);
    const double **v = AS_NEW_N(as_scratch(run->ctx), const double *, f->n_names + 1);
    if (!y || !v) return AS_ERR;
    for (size_t i = 0; i < f->n; i++) y[i] = f->y->v.f[i] + sign * by[i];
    for (size_t k = 0; k < f->n_names; k++) v[k] = f->variable[k] == f->y->v.f ? y : f->variable[k];
    as_expression_eval(&f->e, f->n, v, f->p, f->work, out, NULL);
    return AS_OK;
}

/* sigma |df/dy|, by central differences over steps small against y and large against rounding. */
static as_status propagate(as_run *run, as_table *t, const formula *f, as_column *sigma)
{
    double *m = AS_NEW_N(as_scratch(run->ctx), double, 3 * f->n + 1);
    if (!m) return AS_ERR;
    (void)t;
    double *by = m, *up = m + f->n, *down = m + 2 * f->n;
    for (size_t i = 0; i < f->n; i++)
        by[i] = 1e-5 * fmax(fabs(f->y->v.f[i]), sigma->v.f[i] > 0 ? sigma->v.f[i] : 1e-300);
    AS_TRY(moved(run, f, by, 1, up));
    AS_TRY(moved(run, f, by, -1, down));
    for (size_t i = 0; i < f->n; i++) sigma->v.f[i] *= fabs(up[i] - down[i]) / (2 * by[i]);
    return AS_OK;
}

static as_status assign(as_run *run, as_table *t, const char *let)
{
    const calc_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const char *equal = strchr(let, '=');
    formula f = { 0 };
    if (!equal || equal == let)
        return as_fail(ctx, AS_E_USAGE, NULL, "'%s', expected COLUMN=FORMULA", let);
    const char *name = as_strndup(as_scratch(ctx), let, (size_t)(equal - let));
    if (!name) return AS_ERR;
    AS_TRY(prepare(run, t, equal + 1, &f));
    double *out = AS_NEW_N(as_scratch(ctx), double, f.n + 1);
    if (!out) return AS_ERR;
    as_expression_eval(&f.e, f.n, f.variable, f.p, f.work, out, NULL);
    as_column *c = as_find(t, name), *sigma = as_find_role(t, AS_ROLE_SIGMA);
    as_unit unit = c ? c->unit : AS_UNITLESS;
    if (c && c->type != AS_F64)
        return as_fail(ctx, AS_E_MISSING, NULL, "column '%s' is text, expected numbers", c->name);
    if (set->unit && set->unit[0]) AS_TRY(as_unit_parse(ctx, t->arena, set->unit, &unit));
    if (c && c == f.y) {
        if (sigma && sigma->type == AS_F64) AS_TRY(propagate(run, t, &f, sigma));
        if (sigma) sigma->unit = unit;
        AS_TRY(as_mark_processed(ctx, t, "calculated"));
    }
    if (!c) c = as_add_column(ctx, t, name, AS_ROLE_OTHER, unit);
    if (!c) return AS_ERR;
    memcpy(c->v.f, out, f.n * sizeof *out);
    c->unit = unit;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const calc_settings *set = run->settings;
    for (size_t k = 0; k < set->let.n; k++) AS_TRY(assign(run, owned, set->let.v[k]));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "counts per second in a column of their own",
      "assay calc rate='intensity/exposure' --unit count/s < tests/corpus/raman/fluorescence.ecsv"
      " | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "convert-y", "subtract", "select", NULL };

const as_op as_op_calc = {
    .name = "calc",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(calc_settings),
    .params = params,
    .operands = "let",
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "compute columns by formulas",
             .description =
                 "`COLUMN=FORMULA` makes a column or replaces one; several are done in order. The "
                 "formula works on the numbers as they stand, in the units of their columns; the "
                 "result keeps the unit of the column it replaces, or has that of `--unit`. Where y "
                 "is replaced, sigma follows to first order as far as y itself is in the formula.\n\n"
                 "Functions: exp ln log log10 sqrt sin cos tan asin acos atan sinh cosh tanh erf erfc "
                 "abs; pi. A name with a dot or a blank cannot stand in a formula.",
             .examples = examples,
             .see_also = see_also },
};
