/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-loess: local lines from which peaks lose their weight (lowess.h). */
#include <math.h>

#include "curve.h"
#include "lowess.h"
#include "op.h"

typedef struct {
    as_width window;
    int order, rounds;
    double scale;
    bool subtract;
} loess_settings;

static const as_param params[] = {
    AS_WIDTH(loess_settings, window, "window", "200pt", "length of the window, several peaks wide"),
    AS_INT(loess_settings, order, "order", "1", 1, 2, "1: lines, 2: parabolas"),
    AS_INT(loess_settings, rounds, "rounds", "20", 0, 1000, "fits with new weights"),
    AS_DOUBLE(loess_settings, scale, "scale", "3", 0.1, 100, NULL,
              "robust standard deviations (the median residual over 0.6745) above the curve at which a row "
              "has lost all weight"),
    AS_BOOL(loess_settings, subtract, "subtract", "no", "also take it off y, for figures"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing, in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan is bridged" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to bridge" },
    { 0 }
};

static as_status series(as_run *run, as_table *owned)
{
    const loess_settings *set = run->settings;
    as_curve c;
    double points;
    AS_TRY(as_baseline_curve(run->ctx, owned, 4, &c));
    if (!as_curve_direction(run->ctx, &c)) return AS_ERR;
    AS_TRY(as_width_points(run->ctx, &set->window, owned, &points));
    const double *y = as_curve_bridged(run->ctx, &c);
    double *z = AS_NEW_N(as_scratch(run->ctx), double, 4 * c.n);
    if (!y || !z) return AS_ERR;
    const as_lowess_how how = { .span = (size_t)rint(fmin(fmax(points, set->order + 2), (double)c.n)),
                                .order = set->order, .rounds = set->rounds, .baseline = true,
                                .scale = set->scale / 0.6745 };
    as_lowess(c.n, c.x, y, c.use, &how, z + c.n, z);
    return as_baseline_emit(run, owned, &c, z, set->subtract);
}

static const as_example examples[] = {
    { "lines in windows of several bands",
      "assay baseline-loess --window 400cm-1 tests/corpus/raman/fluorescence.ecsv | "
      "assay plot-lines -o baseline-loess.svg" },
    { 0 }
};
static const char *const references[] = {
    "Ruckstuhl et al. 2001, Baseline subtraction using robust local regression estimation, J. Quant. "
    "Spectrosc. Radiat. Transf. 68, 179, doi:10.1016/S0022-4073(00)00021-2",
    NULL
};
static const char *const see_also[] = { "smooth-lowess", "baseline-arpls", NULL };

const as_op as_op_baseline_loess = {
    .name = "baseline-loess",
    .group = "baseline",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(loess_settings),
    .params = params,
    .needs = needs,
    .gives = as_baseline_gives,
    .series = series,
    .doc = { .summary = "add a baseline by robust local regression",
             .description =
                 "Lines or parabolas are fitted in a moving window with tricube weights; rows above "
                 "the curve lose weight as they stand out, rows below keep theirs.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
