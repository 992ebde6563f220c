/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strip-ka2: take K alpha 2 off a pattern, for looking at it. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "diffraction_line.h"

typedef struct {
    as_line_settings line;
} strip_settings;

static const as_param params[] = { AS_LINE_PARAMS(strip_settings, line), AS_PARAMS_END };

static const as_demand needs[] = {
    { .kind = AS_NEED_COLUMN, .name = "two_theta", .unit = "deg", .help = "rising, as x" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "with its baseline, or subtracted" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_BASELINE, .optional = true,
      .help = "what is above it is stripped; needed unless y is subtracted" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "as K alpha 1 alone would give it" },
    { 0 }
};

/* Rachinger 1948: I1(x) = I(x) - r I1(x - d), d being what separates the lines at x. `net` in, the
 * K alpha 1 part out; x rises. Before the first row the lines are taken to overlap wholly. */
static void rachinger(size_t n, const double *x, const as_doublet *line, const double *net,
                      double *out)
{
    const as_doublet back = { .alpha1 = line->alpha2, .alpha2 = line->alpha1, .ratio = 1 };
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const double from = as_alpha2_position(x[i], &back); /* whose K alpha 2 stands at x[i] */
        if (from < x[0]) {
            out[i] = net[i] / (1 + line->ratio);
            continue;
        }
        while (k + 1 < i && x[k + 1] <= from) k++;
        const double share = k + 1 < i ? (from - x[k]) / (x[k + 1] - x[k]) : 0;
        if (k + 1 < i) {
            out[i] = net[i] - line->ratio * ((1 - share) * out[k] + share * out[k + 1]);
            continue;
        }
        /* the lines are less than a step apart: I1 between the rows k and i, i itself unknown */
        const double part = i > k ? (from - x[k]) / (x[i] - x[k]) : 1;
        out[i] = (net[i] - line->ratio * (1 - part) * out[k]) / (1 + line->ratio * part);
    }
}

static as_status check_doublet(as_ctx *ctx, const as_table *t)
{
    const as_meta *kind = as_get_meta(t, "wavelength_kind"), *ratio = as_get_meta(t, "alpha2_ratio");
    if (as_is_processed(t, "alpha2_stripped") || (ratio && ratio->number == 0) ||
        (kind && (strcmp(kind->text, "ka1") == 0 || strcmp(kind->text, "monochromatic") == 0)))
        return as_fail(ctx, AS_E_USAGE, NULL, "these data hold no K alpha 2 (%s): nothing to strip",
                       kind ? kind->text : "alpha2_ratio 0");
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const strip_settings *set = run->settings;
    as_ctx *ctx = run->ctx;
    as_line_settings asked = set->line;
    as_doublet line;
    as_curve c;
    asked.doublet = AS_DOUBLET_ON;
    if (!as_need_column(ctx, owned, "two_theta")) return AS_ERR;
    AS_TRY(check_doublet(ctx, owned));
    AS_TRY(as_line_of(ctx, owned, &asked, &line));
    AS_TRY(as_curve_of(ctx, owned, 2, &c));
    const as_column *base = as_baseline_below(owned);
    if (!base && !as_is_processed(owned, "subtracted"))
        return as_fail(ctx, AS_E_MISSING, NULL, "no baseline: K alpha 2 is a part of the peaks, not of the "
                       "background; expected baseline-snip or another baseline before this");
    if (as_curve_direction(ctx, &c) != 1)
        return as_fail(ctx, AS_E_NUMERIC, NULL, "two_theta must rise from row to row");
    double *y = as_curve_bridged(ctx, &c), *out = AS_NEW_N(as_scratch(ctx), double, c.n);
    if (!y || !out) return AS_ERR;
    for (size_t i = 0; base && i < c.n; i++) y[i] -= base->v.f[i];
    rachinger(c.n, c.x, &line, y, out);
    for (size_t i = 0; i < c.n; i++)
        if (c.use[i] > 0) c.y[i] = out[i] + (base ? base->v.f[i] : 0);
    AS_TRY(as_mark_processed(ctx, owned, "alpha2_stripped"));
    as_drop_sigma(owned);
    AS_TRY(as_set_number(ctx, owned, "alpha2_ratio", 0, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_set_meta(ctx, owned, "wavelength_kind", "ka1", NULL, NULL));
    return as_emit(run->out, ctx, owned);
}

static const as_example examples[] = {
    { "the pattern that K alpha 1 alone would give",
      "assay baseline-snip --window 1.5deg datasets/chang2022/xrd/activated.xrdml | assay strip-ka2"
      " | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "Rachinger 1948, A correction for the alpha1 alpha2 doublet, J. Sci. Instrum. 25, 254, "
    "doi:10.1088/0950-7671/25/7/125",
    NULL
};
static const char *const see_also[] = { "reflection", "fit", "baseline-snip", NULL };

const as_op as_op_strip_ka2 = {
    .name = "strip-ka2",
    .group = "diffraction",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(strip_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "strip K alpha 2 from a pattern, for display",
             .description =
                 "Rachinger's recursion on what lies above the baseline, with the ratio and the "
                 "wavelengths of the data. The noise grows and depends on its neighbours, so sigma goes "
                 "and `processed` says *alpha2_stripped*: positions and areas are better fitted as "
                 "doublets (`reflection`, `fit`). Data without K alpha 2 are refused.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
