/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit-spread: how much positions, areas and widths depend on the choice of the model. */
#include <math.h>
#include <string.h>

#include "fit_job.h"
#include "op.h"

typedef struct {
    as_texts models, derive;
    as_ranges region;
    const char *baseline;
    int weights, errors, ka2;
} spread_settings;

static const as_param params[] = {
    AS_TEXTS(spread_settings, models, "model", NULL,
             "a model of fit; the first is the one whose values are given"),
    AS_TEXTS(spread_settings, derive, "derive", "",
             "NAME = expression of TERM.QUANTITY, as of fit: D.height/G.height"),
    AS_RANGES(spread_settings, region, "region", "", NULL, "parts of x that count; none: all"),
    AS_COLUMN(spread_settings, baseline, "baseline", "", "column taken off y before, by name or role"),
    AS_CHOICE(spread_settings, weights, "weights", "auto", as_fit_weights, "weights of the rows"),
    AS_CHOICE(spread_settings, errors, "errors", "auto", as_fit_errors, "kind of the uncertainties"),
    AS_CHOICE(spread_settings, ka2, "ka2", "auto", as_fit_ka2, "K alpha 2 beside every peak, by Bragg's law"),
    AS_PARAMS_END
};
static const as_give gives[] = {
    { .kind = AS_NEED_RESULT, .name = "position", .help = "of the first model; u with the spread of all" },
    { .kind = AS_NEED_RESULT, .name = "area", .help = "likewise" },
    { .kind = AS_NEED_RESULT, .name = "height", .help = "likewise" },
    { .kind = AS_NEED_RESULT, .name = "fwhm", .help = "likewise" },
    { .kind = AS_NEED_RESULT, .name = "derived", .help = "likewise, of each --derive" },
    { .kind = AS_NEED_RESULT, .name = "aicc", .unit = "1", .help = "of each model" },
    { .kind = AS_NEED_RESULT, .name = "reduced_chi2", .unit = "1", .help = "of each model" },
    { 0 }
};

/* A copy of the series with one model fitted; a fit that fails is an error, since without it there is no spread. */
static as_status fit_one(as_run *run, const as_table *t, const char *model, as_table **out)
{
    const spread_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    const as_op *fit = as_op_find("fit");
    const as_word words[] = { { .text = "--model" }, { .text = model } };
    as_fit_settings *own = AS_NEW(as_scratch(ctx), as_fit_settings);
    if (!fit || !own) return AS_ERR;
    AS_TRY(as_settings_read(ctx, as_scratch(ctx), fit->params, 2, words, NULL, own));
    own->derive = set->derive;
    own->region = set->region;
    own->baseline = set->baseline;
    own->weights = set->weights;
    own->errors = set->errors;
    own->ka2 = set->ka2;
    return as_op_on_copy(ctx, fit, own, t, out);
}

/* One of the quantities of a component: those of the background and of parameters are no comparison. */
static bool is_of_peak(const as_result *r)
{
    static const char *const name[] = { "position", "area", "height", "fwhm", "derived" };
    for (size_t k = 0; k < sizeof name / sizeof *name; k++)
        if (strcmp(r->quantity, name[k]) == 0) return isfinite(r->value);
    return false;
}

/* The first model's value, its u and the standard deviation between the models in quadrature. */
static as_status give(as_run *run, as_table *to, const as_result *first, size_t n, as_table *const *fitted)
{
    as_ctx *ctx = run->ctx;
    double mean = 0, square = 0;
    for (size_t k = 0; k < n; k++) {
        const as_result *r = as_get_result(fitted[k], first->item, first->quantity);
        if (!r || !isfinite(r->value)) {
            as_warn(ctx, to, NULL, "%s %s left out: model %zu has no such component", first->item,
                    first->quantity, k + 1);
            return AS_OK;
        }
        mean += r->value / (double)n;
    }
    for (size_t k = 0; k < n; k++)
        square += pow(as_get_result(fitted[k], first->item, first->quantity)->value - mean, 2);
    const double spread = sqrt(square / (double)(n - 1));
    as_result r = *first;
    r.u = hypot(first->u, spread);
    r.method = as_format(as_scratch(ctx), "of the first of %zu models, their spread in u", n);
    if (!r.method) return AS_ERR;
    AS_TRY(as_add_result(ctx, to, &r));
    r.item = as_format(as_scratch(ctx), "%s spread", first->item);
    if (!r.item) return AS_ERR;
    r.value = spread;
    r.u = NAN;
    r.method = "standard deviation between the models";
    return as_add_result(ctx, to, &r);
}

static as_status series(as_run *run, as_table *owned)
{
    static const char *const how_good[] = { "aicc", "reduced_chi2" };
    const spread_settings *set = run->settings;
    const size_t n = set->models.n;
    as_ctx *ctx = run->ctx;
    if (n < 2) return as_fail(ctx, AS_E_USAGE, NULL, "one model has no spread: --model is to be given twice or more");
    as_table **fitted = AS_NEW_N(as_scratch(ctx), as_table *, n);
    if (!fitted) return AS_ERR;
    for (size_t k = 0; k < n; k++) {
        AS_TRY(fit_one(run, owned, set->models.v[k], &fitted[k]));
        for (size_t i = 0; i < sizeof how_good / sizeof *how_good; i++) {
            const as_result *found = as_get_result(fitted[k], "fit", how_good[i]);
            as_result r = found ? *found : (as_result){ 0 };
            r.item = as_format(as_scratch(ctx), "model %zu", k + 1);
            r.method = set->models.v[k];
            if (!r.item) return AS_ERR;
            if (found) AS_TRY(as_add_result(ctx, owned, &r));
        }
    }
    for (size_t i = 0; i < fitted[0]->n_results; i++)
        if (is_of_peak(&fitted[0]->result[i])) AS_TRY(give(run, owned, &fitted[0]->result[i], n, fitted));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "what the choice between three shapes adds",
      "assay fit-spread --model \"pvoigt(111) + linear\" --model \"voigt(111) + linear\""
      " --model \"pearson7(111) + linear\" tests/corpus/fit/one-peak.xy | assay results" },
    { "a ratio of heights of overlapping bands",
      "assay simulate-raman --band D:1345:180:60000 --band G:1590:80:30000 --range 800:2000 --step 2"
      " | assay fit-spread --model \"lorentzian(D) center=1345 + lorentzian(G) center=1590 + constant\""
      " --model \"lorentzian(D) center=1345 + bwf(G) center=1590 + constant\" --derive \"ID_IG = D.height/G.height\""
      " | assay results --quantity derived" },
    { 0 }
};
static const char *const references[] = {
    "Leclerc & Pireaux 1995, The use of least squares for XPS peak parameters estimation, J. Electron "
    "Spectrosc. Relat. Phenom. 71, 141, doi:10.1016/0368-2048(94)02268-3",
    NULL
};
static const char *const see_also[] = { "fit", "baseline-spread", "results", NULL };

const as_op as_op_fit_spread = {
    .name = "fit-spread",
    .group = "peaks",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(spread_settings),
    .params = params,
    .needs = as_fit_needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "tell how much positions, areas and widths depend on the choice of the model",
             .description =
                 "Fits every `--model`, each a model of `fit` with the same labels: other shapes, another "
                 "background. Of every component the position, area, height and width of the first model are "
                 "given, and what `--derive` makes of them, their u with the standard deviation between the models in "
                 "quadrature, and that alone as 'LABEL spread'. It is no counting error: it says what another "
                 "choice, equally good, would have given. Which ones are equally good is the user's to "
                 "judge: aicc and reduced_chi2 of each stand beside. y and the other columns stay.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
