/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-snip: whatever stands above the middle of its surroundings is clipped, over windows
 * from half the given width down to one row (snip.h). */
#include <math.h>

#include "curve.h"
#include "op.h"
#include "snip.h"

typedef struct {
    as_width window;
    int order, transform, direction, smooth, windows;
    bool subtract;
} snip_settings;

enum { NONE, LLS };
enum { DECREASING, INCREASING };
enum { ALL, LADDER };

static const as_choice orders[] = {
    { "2", 2, "clips against straight lines" }, { "4", 4, "keeps parabolas and cubics" },
    { "6", 6, "keeps up to the fifth power" }, { "8", 8, "keeps up to the seventh power" }, { 0 }
};
static const as_choice transforms[] = {
    { "none", NONE, "y as it is" },
    { "lls", LLS, "log log sqrt, for counts over several decades" }, { 0 }
};
static const as_choice directions[] = {
    { "decreasing", DECREASING, "wide windows first: a smoother baseline" },
    { "increasing", INCREASING, "narrow windows first, as first published" }, { 0 }
};
static const as_choice ladders[] = {
    { "all", ALL, "every window" },
    { "ladder", LADDER, "windows a sixth apart, for long data and wide windows" }, { 0 }
};

static const as_param params[] = {
    AS_WIDTH(snip_settings, window, "window", "80pt",
             "width at its foot of the widest peak to be clipped"),
    AS_CHOICE(snip_settings, order, "order", "2", orders, "order of the clipping filter"),
    AS_CHOICE(snip_settings, transform, "transform", "none", transforms,
              "what y is turned into before clipping"),
    AS_CHOICE(snip_settings, direction, "direction", "decreasing", directions,
              "order of the windows"),
    AS_CHOICE(snip_settings, windows, "windows", "all", ladders, "which windows"),
    AS_INT(snip_settings, smooth, "smooth", "0", 0, 1000,
           "rows to each side whose mean stands for a row, against noise"),
    AS_BOOL(snip_settings, subtract, "subtract", "no", "also take it off y, for figures"),
    AS_PARAMS_END
};

static as_status series(as_run *run, as_table *owned)
{
    const snip_settings *set = run->settings;
    as_curve c;
    double points, floor = 0;
    AS_TRY(as_curve_of(run->ctx, owned, 3, &c));
    AS_TRY(as_curve_rising(run->ctx, &c));
    AS_TRY(as_width_points(run->ctx, &set->window, owned, &points));
    double *z = as_curve_bridged(run->ctx, &c);
    double *work = AS_NEW_N(as_scratch(run->ctx), double, 2 * c.n + 1);
    if (!z || !work) return AS_ERR;

    const as_snip_how how = { .half = (size_t)fmax(1, rint(fmin(points / 2, (double)c.n))),
                              .order = set->order,
                              .increasing = set->direction == INCREASING,
                              .ladder = set->windows == LADDER,
                              .smooth = (size_t)set->smooth };
    for (size_t i = 0; i < c.n; i++) floor = fmin(floor, z[i]); /* the logarithms need y >= 0 */
    for (size_t i = 0; i < c.n && set->transform == LLS; i++) z[i] = as_snip_lls(z[i] - floor);
    as_snip(c.n, &how, z, work);
    for (size_t i = 0; i < c.n && set->transform == LLS; i++) z[i] = as_snip_lls_back(z[i]) + floor;
    return as_baseline_emit(run, owned, &c, z, set->subtract);
}

static const as_example examples[] = {
    { "a diffractogram without its background",
      "assay baseline-snip --window 1.5deg --subtract tests/corpus/xrd/small.xy | tail -n 3" },
    { "a spectrum with the baseline drawn under it",
      "assay baseline-snip --window 200cm-1 --smooth 2 tests/corpus/raman/fluorescence.ecsv | "
      "assay plot-lines -o baseline-snip.svg" },
    { 0 }
};
static const char *const references[] = {
    "Ryan et al. 1988, SNIP, a statistics-sensitive background treatment for the quantitative "
    "analysis of PIXE spectra, Nucl. Instrum. Methods B 34, 396, doi:10.1016/0168-583X(88)90063-8",
    "Morhac et al. 1997, Background elimination methods for multidimensional coincidence "
    "gamma-ray spectra, Nucl. Instrum. Methods A 401, 113, doi:10.1016/S0168-9002(97)01023-1",
    "Morhac & Matousek 2008, Peak clipping algorithms for background estimation in spectroscopic "
    "data, Appl. Spectrosc. 62, 91, doi:10.1366/000370208783412762",
    NULL
};
static const char *const see_also[] = { "baseline-arpls", "baseline-rolling-ball", NULL };

const as_op as_op_baseline_snip = {
    .name = "baseline-snip",
    .group = "baseline",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(snip_settings),
    .params = params,
    .needs = as_baseline_needs,
    .gives = as_baseline_gives,
    .series = series,
    .doc = { .summary = "add a baseline by clipping peaks (SNIP)",
             .description =
                 "Each value is replaced by the mean of the two values p rows before and behind "
                 "it where that is smaller, for p from half of *window* down to 1. Near the ends "
                 "the windows shrink.\n\n"
                 "The result follows the lower edge of the noise; `--smooth` lifts it to the middle. "
                 "`--windows ladder` leaves most windows out, which costs little in the result and "
                 "makes long data with wide windows many times faster.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
