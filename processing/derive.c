/* SPDX-License-Identifier: GPL-3.0-or-later */
/* derive: expressions of the results that earlier steps left: a ratio of bands, a difference of positions. */
#include <math.h>
#include <string.h>

#include "expression.h"
#include "op.h"

typedef struct {
    as_texts let;
} derive_settings;

static const as_param params[] = {
    AS_TEXTS(derive_settings, let, "let", NULL,
             "NAME=EXPRESSION or NAME[UNIT]=EXPRESSION of ITEM.QUANTITY, items of other signs than letters, digits "
             "and _ in double quotes"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

enum { MOST = AS_EXPRESSION_PARAMS };

typedef struct formula {
    const char *name, *unit, *body; /* unit NULL: not stated */
    char *plain;                    /* the body with q_0, q_1 ... for the results */
    size_t n;
    const char *item[MOST], *quantity[MOST];
} formula;

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool word_char(char c)
{
    return letter(c) || (c >= '0' && c <= '9');
}

/* NAME[UNIT]=BODY */
static as_status split(as_ctx *ctx, const char *text, formula *f)
{
    as_arena *a = as_scratch(ctx);
    size_t n = 0;
    while (word_char(text[n])) n++;
    const char *s = text + n, *end;
    f->name = as_strndup(a, text, n);
    f->unit = NULL;
    while (*s == ' ') s++;
    if (*s == '[' && (end = strchr(s, ']'))) {
        f->unit = as_strndup(a, s + 1, (size_t)(end - s - 1));
        for (s = end + 1; *s == ' ';) s++;
        if (!f->unit) return AS_ERR;
    }
    if (!f->name) return AS_ERR;
    if (n == 0 || *s != '=') return as_fail(ctx, AS_E_USAGE, NULL, "expected NAME=EXPRESSION, found '%s'", text);
    for (s++; *s == ' ';) s++;
    f->body = s;
    return AS_OK;
}

/* How many bytes of s are an item, "D" or D, with the point behind it; 0: none. */
static size_t item_at(const char *s, size_t *from, size_t *n)
{
    *from = *s == '"';
    *n = 0;
    if (*s == '"') {
        const char *end = strchr(s + 1, '"');
        *n = end ? (size_t)(end - s) - 1 : 0;
    } else {
        size_t digits = 0;
        for (; word_char(s[*n]); ++*n) digits += s[*n] >= '0' && s[*n] <= '9';
        if (digits == *n) *n = 0; /* 2.5 */
    }
    const size_t used = *n + 2 * *from;
    return *n && s[used] == '.' && letter(s[used + 1]) ? used + 1 : 0;
}

static as_status names(as_ctx *ctx, formula *f)
{
    as_arena *a = as_scratch(ctx);
    const char *s = f->body;
    size_t at = 0, from, n;
    f->n = 0;
    f->plain = as_alloc(a, 8 * strlen(s) + 8, 1);
    if (!f->plain) return AS_ERR;
    while (*s) {
        const size_t used = item_at(s, &from, &n);
        if (!used) {
            size_t word = 1;
            while (word_char(*s) && word_char(s[word])) word++;
            if (strncmp(s, "q_", 2) == 0)
                return as_fail(ctx, AS_E_USAGE, NULL, "'%.*s' in '%s' is no ITEM.QUANTITY", (int)word, s, f->body);
            memcpy(f->plain + at, s, word);
            at += word;
            s += word;
            continue;
        }
        size_t m = used;
        while (word_char(s[m])) m++;
        if (f->n == MOST) return as_fail(ctx, AS_E_LIMIT, NULL, "more than %d results in '%s'", MOST, f->body);
        f->item[f->n] = as_strndup(a, s + from, n);
        f->quantity[f->n] = as_strndup(a, s + used, m - used);
        if (!f->item[f->n] || !f->quantity[f->n]) return AS_ERR;
        const char *name = as_format(a, "q_%zu", f->n++);
        if (!name) return AS_ERR;
        memcpy(f->plain + at, name, strlen(name));
        at += strlen(name);
        s += m;
    }
    f->plain[at] = '\0';
    return AS_OK;
}

/* --- values --------------------------------------------------------------------------------------- */

typedef struct inputs { /* the results of one formula, in SI */
    size_t at[MOST];
    double value[MOST], slope[MOST];
    bool usable;
} inputs;

static as_status look_up(as_ctx *ctx, const as_table *t, const formula *f, inputs *in)
{
    in->usable = true;
    for (size_t k = 0; k < f->n; k++) {
        const as_result *r = as_get_result(t, f->item[k], f->quantity[k]);
        if (!r) {
            (void)!as_fail(ctx, AS_E_MISSING, NULL, "no result '%s.%s' for '%s'", f->item[k], f->quantity[k], f->name);
            return as_while(ctx, "hint: assay results FILE shows those that there are");
        }
        in->at[k] = (size_t)(r - t->result);
        in->value[k] = r->unit.factor * r->value + r->unit.offset;
        in->usable = in->usable && isfinite(r->value) && r->bound == AS_EQUAL && strcmp(r->flag, "failed") != 0;
    }
    return AS_OK;
}

/* Parameter k of the expression, its number among the results. */
static size_t number_of(const as_expression *e, size_t k)
{
    size_t n = 0;
    for (const char *c = e->param[k] + 2; *c; c++) n = 10 * n + (size_t)(*c - '0');
    return n;
}

enum { NONE = AS_N_DIMS, OPAQUE }; /* beside the dimensions: none, and arbitrary units */

/* The value with every result scaled by s to the power of its dimension `dim`. */
static double value_of(const as_table *t, const as_expression *e, inputs *in, int dim, double s, double *work,
                       bool slopes)
{
    double p[MOST], f = NAN, *J[MOST];
    for (size_t k = 0; k < e->n_params; k++) {
        const size_t i = number_of(e, k);
        const as_unit *u = &t->result[in->at[i]].unit;
        p[k] = in->value[i] * (dim < NONE ? pow(s, u->dim[dim] / 2.0) : dim == OPAQUE && u->opaque ? s : 1);
        J[k] = &in->slope[i];
    }
    as_expression_eval(e, 1, NULL, p, work, &f, slopes ? J : NULL);
    return f;
}

/* The unit by how the value grows with those of the results: 1, that of a result, or what is stated. */
static as_status unit_of(as_ctx *ctx, as_table *t, const formula *f, const as_expression *e, const inputs *given,
                         double *work, as_unit *out)
{
    static const double scale = 1.75;
    inputs near = *given, *in = &near; /* where a difference happens to be 0, one beside it is not */
    for (size_t k = 0; k < f->n; k++) near.value[k] *= 1 + 0.03 * (double)(k + 1);
    const double v = value_of(t, e, in, NONE, 1, work, false);
    int8_t dim[AS_N_DIMS] = { 0 };
    bool clear = isfinite(v) && v != 0, pure = true;
    for (int d = 0; d < AS_N_DIMS; d++) {
        const double power = 2 * log(value_of(t, e, in, d, scale, work, false) / v) / log(scale);
        clear = clear && fabs(power - rint(power)) < 1e-6 && fabs(power) < 100;
        dim[d] = clear ? (int8_t)rint(power) : 0;
        pure = pure && dim[d] == 0;
    }
    *out = AS_UNITLESS;
    if (f->unit) AS_TRY(as_unit_parse(ctx, t->arena, f->unit, out));
    if (f->unit && (!clear || memcmp(out->dim, dim, sizeof dim) == 0)) return AS_OK;
    if (f->unit) return as_fail(ctx, AS_E_UNIT, NULL, "'%s' has another dimension than %s", f->name, f->unit);
    const bool arbitrary = fabs(value_of(t, e, in, OPAQUE, scale, work, false) / v - 1) > 1e-6;
    if (clear && pure && !arbitrary) return AS_OK;
    for (size_t k = 0; clear && k < f->n; k++) {
        *out = t->result[in->at[k]].unit;
        if (memcmp(out->dim, dim, sizeof dim) == 0 && out->offset == 0 && out->opaque == arbitrary) return AS_OK;
    }
    *out = AS_UNITLESS;
    if (!in->usable || !isfinite(v)) return AS_OK;
    return as_fail(ctx, AS_E_UNIT, NULL, "the unit of '%s' is not clear; state it: %s[UNIT]=...", f->name, f->name);
}

/* u^2 = g' C g; *assumed: a covariance that nobody knows was taken as 0. */
static double uncertainty(const as_table *t, size_t n, const inputs *in, bool *assumed)
{
    double variance = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++) {
            double c;
            const as_result *a = &t->result[in->at[i]], *b = &t->result[in->at[k]];
            const bool known = as_knows_covariance(t, in->at[i], in->at[k], &c);
            *assumed = *assumed || (!known && in->slope[i] != 0 && in->slope[k] != 0 && a->u > 0 && b->u > 0);
            if (in->slope[i] == 0 || in->slope[k] == 0) continue;
            variance += (i == k ? 1 : 2) * c * a->unit.factor * b->unit.factor * in->slope[i] * in->slope[k];
        }
    return sqrt(fmax(variance, 0) + 0 * variance); /* nan stays nan */
}

/* The covariances of the new result, the last one, with those whose covariances with all that it is made of are
 * known. */
static as_status relate(as_ctx *ctx, as_table *t, size_t n, const inputs *in, double factor)
{
    const size_t last = t->n_results - 1;
    for (size_t i = 0; i < last; i++) {
        double sum = 0, c;
        bool known = t->result[i].u > 0;
        for (size_t k = 0; known && k < n; k++) {
            if (in->slope[k] == 0) continue;
            known = as_knows_covariance(t, i, in->at[k], &c);
            sum += in->slope[k] * c * t->result[in->at[k]].unit.factor;
        }
        const double cov[4] = { 0, sum / factor, sum / factor, 0 };
        const size_t which[2] = { i, last };
        if (known && isfinite(sum)) AS_TRY(as_set_covariance(ctx, t, 2, which, cov));
    }
    return AS_OK;
}

static as_status derive(as_run *run, as_table *t, const char *text)
{
    as_ctx *ctx = run->ctx;
    formula f;
    inputs in = { .usable = true };
    as_expression e;
    as_result r = { .quantity = "derived", .value = NAN, .u = NAN, .flag = "failed" };
    AS_TRY(split(ctx, text, &f));
    AS_TRY(names(ctx, &f));
    if (f.n == 0) return as_fail(ctx, AS_E_USAGE, NULL, "no ITEM.QUANTITY in '%s'", text);
    AS_TRY(look_up(ctx, t, &f, &in));
    AS_TRY(as_expression_parse(ctx, as_scratch(ctx), f.plain, strlen(f.plain), NULL, 0, NULL, &e));
    for (size_t k = 0; k < e.n_params; k++)
        if (strncmp(e.param[k], "q_", 2) != 0)
            return as_fail(ctx, AS_E_USAGE, NULL, "'%s' in '%s' is no ITEM.QUANTITY", e.param[k], f.body);
    double *work = AS_NEW_N(as_scratch(ctx), double, as_expression_work(&e) + 1);
    if (!work) return AS_ERR;
    AS_TRY(unit_of(ctx, t, &f, &e, &in, work, &r.unit));
    const double v = value_of(t, &e, &in, NONE, 1, work, true);
    bool assumed = false;
    r.item = f.name;
    r.u = uncertainty(t, f.n, &in, &assumed) / r.unit.factor;
    r.method = as_format(as_scratch(ctx), "first-order propagation of %s%s", f.body,
                         assumed && r.u > 0 ? ", taken as independent" : "");
    if (!r.method) return AS_ERR;
    if (!in.usable || !isfinite(v)) {
        as_warn(ctx, t, NULL, "'%s' has no value: a result that it needs failed or is a limit", f.name);
        r.u = NAN;
        return as_add_result(ctx, t, &r);
    }
    r.value = (v - r.unit.offset) / r.unit.factor;
    r.flag = "ok";
    AS_TRY(as_add_result(ctx, t, &r));
    return relate(ctx, t, f.n, &in, r.unit.factor);
}

static as_status series(as_run *run, as_table *owned)
{
    const derive_settings *set = run->settings;
    for (size_t i = 0; i < set->let.n; i++) AS_TRY(derive(run, owned, set->let.v[i]));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the ratio of two bands, each above a line through its sides",
      "assay peak-area --item a --window 1.2:2.8 tests/corpus/fit/doublet.xy"
      " | assay peak-area --item b --window 2.8:4 | assay derive ratio=b.area/a.area | assay results --item ratio" },
    { "the distance of two lines of one fit, whose covariance is used",
      "assay fit --model \"gaussian(a) center=2 + gaussian(b) center=3.2 + constant\" tests/corpus/fit/doublet.xy"
      " | assay derive distance=b.position-a.position | assay results --item distance" },
    { 0 }
};
static const char *const see_also[] = { "fit", "integrate", "peak-area", "plot-map", "results", NULL };

const as_op as_op_derive = {
    .name = "derive",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(derive_settings),
    .operands = "let",
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "compute results from results: ratios of bands, differences of positions",
             .description =
                 "`NAME=EXPRESSION` makes the result `derived` of the item NAME from results of the same series, "
                 "written ITEM.QUANTITY (`D.area/G.area`, `\"PC free\".area`). Its uncertainty is propagated to first "
                 "order with the covariance of the results where a fit gave it; where nobody knows it they are taken "
                 "as independent, and the method says so. A pure number and what has the unit of one of the results "
                 "need no unit; any other is stated: `rate[nm/s]=`. What needs a result that failed or is a limit has "
                 "no value. `plot-map --result NAME.derived` draws it over a map.\n\n"
                 "Functions are those of `calc`.",
             .examples = examples,
             .see_also = see_also },
};
