/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-spread: how much an area depends on the choice of baseline. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "smooth.h"
#include "sorted.h"

typedef struct {
    as_range region;
    as_width width;
    as_texts methods;
    const char *item;
} spread_settings;

static const as_param params[] = {
    AS_RANGE(spread_settings, region, "region", NULL, NULL, "stretch of x, in its unit, whose area counts"),
    AS_WIDTH(spread_settings, width, "width", "200pt",
             "period of the waves that the usual six baselines follow at half height"),
    AS_TEXTS(spread_settings, methods, "method", "",
             "a baseline with its options, such as \"snip --window 2deg\"; none: six of different kind"),
    AS_STRING(spread_settings, item, "item", "spread", "name of the summary among the results"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "area", .help = "by each method; the summary's u is their spread" },
    { 0 }
};
/* Six of different kind; windows that cut peaks off are narrower than the waves left. */
static const struct { const char *name, *option; double share; } usual[] = {
    { "arpls", "width", 1 },        { "airpls", "width", 1 },         { "snip --smooth 2", "window", 0.4 },
    { "imodpoly --order 6", NULL, 0 }, { "rolling-ball", "window", 0.4 }, { "pspline-brpls", "width", 1 },
};
enum { USUAL = sizeof usual / sizeof *usual };

static as_status usual_methods(as_run *run, as_table *owned, const char **out)
{
    const spread_settings *set = run->settings;
    double points;
    AS_TRY(as_width_points(run->ctx, &set->width, owned, &points));
    for (size_t k = 0; k < USUAL; k++) {
        out[k] = usual[k].option ? as_format(as_scratch(run->ctx), "%s --%s %gpt", usual[k].name,
                                             usual[k].option, rint(usual[k].share * points))
                                 : usual[k].name;
        if (!out[k]) return AS_ERR;
    }
    return AS_OK;
}

/* "snip --window 2deg": the operation and its settings. */
static as_status read_method(as_run *run, const char *text, const as_op **op, const void **settings)
{
    as_arena *scratch = as_scratch(run->ctx);
    char *copy = as_strdup(scratch, text);
    size_t n = 0, room = copy ? strlen(copy) / 2 + 2 : 0;
    as_word *words = AS_NEW_N(scratch, as_word, room + 1);
    if (!copy || !words) return AS_ERR;
    for (char *at = copy; *at;) {
        while (*at == ' ') *at++ = '\0';
        if (*at) words[n++] = (as_word){ .text = at };
        while (*at && *at != ' ') at++;
    }
    if (n == 0) return as_fail(run->ctx, AS_E_USAGE, NULL, "an empty --method");
    const char *name = strncmp(words[0].text, "baseline-", 9) == 0
                           ? words[0].text
                           : as_format(scratch, "baseline-%s", words[0].text);
    *op = name ? as_op_find(name) : NULL;
    if (!*op || strcmp((*op)->group, "baseline") != 0 || !(*op)->series || (*op)->finish ||
        *op == run->op)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "'%s' is no baseline", words[0].text);
    void *set = as_alloc(scratch, 1, (*op)->settings_size);
    if (!set) return AS_ERR;
    *settings = set;
    return as_settings_read(run->ctx, scratch, (*op)->params, n - 1, words + 1, NULL, set);
}

/* Over the rows in use, joined by straight lines where others are between. */
static double area_above(const as_table *t, const double *use, const as_range *region)
{
    const double *x = as_find_role(t, AS_ROLE_X)->v.f, *y = as_find_role(t, AS_ROLE_Y)->v.f;
    const double *z = as_find_role(t, AS_ROLE_BASELINE)->v.f;
    double area = 0;
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < t->rows; i++) {
        if (!(use[i] > 0) || !isfinite(y[i] - z[i]) || x[i] < region->lo || x[i] > region->hi) continue;
        if (last != SIZE_MAX)
            area += 0.5 * (y[i] - z[i] + y[last] - z[last]) * fabs(x[i] - x[last]);
        last = i;
    }
    return area;
}

static as_status one_method(as_run *run, as_table *owned, const double *use, const char *text, as_unit unit,
                            double *area)
{
    const spread_settings *set = run->settings;
    const as_op *op = NULL;
    const void *settings = NULL;
    as_table *got = NULL;
    AS_TRY(read_method(run, text, &op, &settings));
    const as_status status = as_op_on_copy(run->ctx, op, settings, owned, &got);
    if (status != AS_OK && as_pending(run->ctx) != AS_E_NUMERIC) return status;
    *area = status == AS_OK && got ? area_above(got, use, &set->region) : NAN;
    if (status != AS_OK) {
        as_warn(run->ctx, owned, NULL, "%s: %s", text, as_pending_message(run->ctx));
        as_forget_error(run->ctx);
    }
    const as_result r = { .item = text, .quantity = "area", .value = *area, .u = NAN, .unit = unit,
                          .flag = isfinite(*area) ? "ok" : "failed", .method = op->name };
    return as_add_result(run->ctx, owned, &r);
}

static as_status series(as_run *run, as_table *owned)
{
    const spread_settings *set = run->settings;
    const char *six[USUAL];
    const char *const *methods = set->methods.n ? set->methods.v : six;
    const size_t n = set->methods.n ? set->methods.n : USUAL;
    as_curve c;
    as_unit unit;
    size_t good = 0;
    AS_TRY(as_curve_of(run->ctx, owned, 5, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    if (!set->methods.n) AS_TRY(usual_methods(run, owned, six));
    AS_TRY(as_unit_times(run->ctx, owned, &c.y_column->unit, &c.x_column->unit, 1, &unit));
    double *area = AS_NEW_N(as_scratch(run->ctx), double, n), mean = 0, square = 0;
    if (!area) return AS_ERR;
    for (size_t k = 0; k < n; k++) {
        double a = NAN;
        AS_TRY(one_method(run, owned, c.use, methods[k], unit, &a));
        if (isfinite(a)) area[good++] = a;
    }
    for (size_t k = 0; k < good; k++) mean += area[k] / (double)good;
    for (size_t k = 0; k < good; k++) square += (area[k] - mean) * (area[k] - mean);
    const as_result r = { .item = set->item, .quantity = "area", .value = as_median(good, area),
                          .u = good > 1 ? sqrt(square / (double)(good - 1)) : NAN, .unit = unit,
                          .flag = good > 1 ? "ok" : "failed",
                          .method = "median of methods, u is their spread" };
    AS_TRY(as_add_result(run->ctx, owned, &r));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "the area around 848 cm-1 under six baselines",
      "assay baseline-spread --region 790:900 --width 250cm-1 < tests/corpus/raman/fluorescence.ecsv"
      " | assay results | grep -v '^#' | cut -d' ' -f3,5" },
    { "under two of one's own choice",
      "assay baseline-spread --region 790:900 --method 'arpls --width 300cm-1'"
      " --method 'polynomial --order 4' < tests/corpus/raman/fluorescence.ecsv | tail -n 1" },
    { 0 }
};
static const char *const references[] = {
    "Leclerc & Pireaux 1995, The use of least squares for XPS peak parameters estimation, J. Electron "
    "Spectrosc. Relat. Phenom. 71, 141, doi:10.1016/0368-2048(94)02268-3",
    NULL
};
static const char *const see_also[] = { "baseline-arpls", "baseline-snip", "peak-area", NULL };

const as_op as_op_baseline_spread = {
    .name = "baseline-spread",
    .group = "baseline",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(spread_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "tell how much an area depends on the choice of baseline",
             .description =
                 "The area of `--region` above each of several baselines, and their median with the "
                 "standard deviation between them as u. That is no counting error: it says what "
                 "another choice, equally good, would have given. y and any baseline column stay.\n\n"
                 "A period shorter than twice the whole group of bands (D and G of carbon together) lets some "
                 "of the baselines into it: their areas fall off the others', which the results by method show.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
