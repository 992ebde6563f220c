/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normalize: y over one number that is found in the curve, in a stretch of it, or among the
 * results of an earlier step. Columns of y's unit (baseline, model, components, sigma) go along.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "smooth.h"

typedef struct {
    int method;
    as_range region;
    const char *item, *quantity;
    double to;
    bool net;
} normalize_settings;

enum { MAXIMUM, MINMAX, AREA, VECTOR, SNV, REFERENCE };
static const as_choice methods[] = {
    { "max", MAXIMUM, "the largest y" },
    { "minmax", MINMAX, "the smallest y becomes 0, the largest 1" },
    { "area", AREA, "the integral over x" },
    { "vector", VECTOR, "the root of the sum of squares" },
    { "snv", SNV, "standard normal variate: mean 0, standard deviation 1" },
    { "reference", REFERENCE, "a result of an earlier step, named by --item and --quantity" },
    { 0 }
};

static const as_param params[] = {
    AS_CHOICE(normalize_settings, method, "method", "max", methods, "what becomes 1"),
    AS_RANGE(normalize_settings, region, "region", ":", NULL,
             "stretch of x, in its unit, in which it is looked for"),
    AS_STRING(normalize_settings, item, "item", "", "result to refer to, such as 222"),
    AS_STRING(normalize_settings, quantity, "quantity", "area", "quantity of that result"),
    AS_BOOL(normalize_settings, net, "net", "no", "look above the baseline column, not above 0"),
    AS_DOUBLE(normalize_settings, to, "to", "1", 1e-300, 1e300, NULL,
              "what it becomes instead of 1, such as 100"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_BASELINE, .optional = true, .help = "for --net" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .unit = "1", .help = "normalized" },
    { .kind = AS_NEED_META, .name = "divisor", .unit = "1", .help = "what y was divided by" },
    { .kind = AS_NEED_META, .name = "processed", .unit = "", .help = "normalized" },
    { 0 }
};

typedef struct { double divisor, offset; as_unit unit; } scale; /* y -> (y - offset) / divisor */

/* Rows of the region that count, with their values; how many. */
static size_t gather(const normalize_settings *set, const as_curve *c, const double *base,
                     double *x, double *v)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->use[i] > 0) || c->x[i] < set->region.lo || c->x[i] > set->region.hi) continue;
        const double net = c->y[i] - (base ? base[i] : 0);
        if (!isfinite(net)) continue;
        x[n] = c->x[i];
        v[n++] = net;
    }
    return n;
}

static void measure(int method, size_t n, const double *x, const double *v, scale *s)
{
    double lo = INFINITY, hi = -INFINITY, sum = 0, square = 0, area = 0;
    for (size_t i = 0; i < n; i++) {
        lo = fmin(lo, v[i]);
        hi = fmax(hi, v[i]);
        sum += v[i];
        square += v[i] * v[i];
        if (i > 0) area += 0.5 * (v[i] + v[i - 1]) * fabs(x[i] - x[i - 1]);
    }
    const double mean = sum / (double)n;
    s->offset = method == MINMAX ? lo : method == SNV ? mean : 0;
    double spread = 0;
    for (size_t i = 0; i < n; i++) spread += (v[i] - mean) * (v[i] - mean);
    switch (method) {
    case MAXIMUM: s->divisor = hi; break;
    case MINMAX: s->divisor = hi - lo; break;
    case AREA: s->divisor = area; break;
    case VECTOR: s->divisor = sqrt(square); break;
    default: s->divisor = sqrt(spread / (double)(n - 1)); break;
    }
}

static as_status find_scale(as_run *run, as_table *owned, const as_curve *c, scale *s)
{
    const normalize_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    if (set->method == REFERENCE) {
        const as_result *r = set->item ? as_get_result(owned, set->item, set->quantity) : NULL;
        if (!r)
            return as_fail(ctx, AS_E_MISSING, NULL,
                           "there is no result '%s %s' to refer to, expected from an earlier step",
                           set->item ? set->item : "", set->quantity);
        *s = (scale){ r->value, 0, r->unit };
        return AS_OK;
    }
    double *x = AS_NEW_N(as_scratch(ctx), double, 2 * c->n + 1);
    if (!x) return AS_ERR;
    const as_column *base = NULL;
    if (set->net && !as_need(ctx, owned, AS_ROLE_BASELINE)) return AS_ERR;
    if (set->net) base = as_baseline_below(owned);
    const size_t n = gather(set, c, base ? base->v.f : NULL, x, x + c->n);
    if (n < 2) return as_fail(ctx, AS_E_NUMERIC, NULL, "%zu usable rows in the region, expected 2", n);
    s->unit = c->y_column->unit;
    if (set->method == AREA)
        AS_TRY(as_unit_times(ctx, owned, &c->y_column->unit, &c->x_column->unit, 1, &s->unit));
    measure(set->method, n, x, x + c->n, s);
    return AS_OK;
}

/* Everything in y's unit goes along; standard deviations and parts keep their own zero. */
static void apply(as_table *t, const as_curve *c, const scale *s, double to, as_unit unit)
{
    const as_unit old = c->y_column->unit;
    for (size_t k = 0; k < t->n_columns; k++) {
        as_column *col = t->column[k];
        const bool level = col == c->y_column || col->role == AS_ROLE_BASELINE ||
                           col->role == AS_ROLE_MODEL;
        const bool part = col->role == AS_ROLE_SIGMA || col->role == AS_ROLE_COMPONENT;
        if (col->type != AS_F64 || !(level || part)) continue;
        if (strcmp(col->unit.symbol, old.symbol) != 0) continue;
        for (size_t i = 0; i < t->rows; i++)
            col->v.f[i] = (col->v.f[i] - (level ? s->offset : 0)) / s->divisor * to;
        col->unit = unit;
    }
}

static as_status series(as_run *run, as_table *owned)
{
    const normalize_settings *set = run->settings;
    as_curve c;
    scale s;
    AS_TRY(as_curve_of(run->ctx, owned, 1, &c));
    AS_TRY(find_scale(run, owned, &c, &s));
    if (!(s.divisor > 0) || !isfinite(s.divisor))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "y would be divided by %g, expected more than 0",
                       s.divisor);
    as_unit unit = AS_UNITLESS;
    if (!as_unit_same_dimension(&s.unit, &c.y_column->unit)) {
        char text[256];
        (void)snprintf(text, sizeof text, "1/%s", c.x_column->unit.symbol);
        if (set->method == AREA) AS_TRY(as_unit_parse(run->ctx, owned->arena, text, &unit));
    }
    apply(owned, &c, &s, set->to, unit);
    AS_TRY(as_set_number(run->ctx, owned, "divisor", s.divisor / set->to, NAN, s.unit, NULL));
    AS_TRY(as_mark_processed(run->ctx, owned, "normalized"));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the tallest band becomes 100",
      "assay baseline-arpls --width 300cm-1 --subtract < tests/corpus/raman/fluorescence.ecsv"
      " | assay normalize --to 100 | tail -n 3" },
    { "spectra of one height, one above the other",
      "assay normalize tests/corpus/raman/shifting.ecsv | assay plot-stack -o normalize.svg" },
    { 0 }
};
static const char *const references[] = {
    "Barnes, Dhanoa & Lister 1989, Standard normal variate transformation and de-trending of "
    "near-infrared diffuse reflectance spectra, Appl. Spectrosc. 43, 772, "
    "doi:10.1366/0003702894202201",
    NULL
};
static const char *const see_also[] = { "ratio", "baseline-arpls", NULL };

const as_op as_op_normalize = {
    .name = "normalize",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(normalize_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "divide y by its maximum, area, norm or a reference",
             .description =
                 "The divisor is kept in the metadata, so that the step can be undone. sigma is "
                 "divided too and remains that of the points: the divisor's own uncertainty, common "
                 "to all of them, is not in it.\n\n"
                 "`--region` limits where the divisor is looked for, which makes a reference band: "
                 "`--method area --region 730:760`.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
