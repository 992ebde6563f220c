/* SPDX-License-Identifier: GPL-3.0-or-later */
/* smooth-savgol: Savitzky & Golay's smoothing and derivatives, ends included (savgol.h). */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "op.h"
#include "savgol.h"
#include "smooth.h"

typedef struct {
    as_width window;
    int order, derivative;
} savgol_settings;

static const as_param params[] = {
    AS_WIDTH(savgol_settings, window, "window", "11pt",
             "length of the window, rounded to an odd number of points"),
    AS_INT(savgol_settings, order, "order", "2", 0, AS_SAVGOL_ORDER_MAX,
           "degree of the polynomial in the window"),
    AS_INT(savgol_settings, derivative, "derivative", "0", 0, AS_SAVGOL_ORDER_MAX,
           "0 smooths, 1 and up give that derivative over x"),
    AS_PARAMS_END
};

static as_status series(as_run *run, as_table *owned)
{
    const savgol_settings *set = run->settings;
    as_curve c;
    double points;
    AS_TRY(as_curve_of(run->ctx, owned, 1, &c));
    AS_TRY(set->derivative > 0 ? as_curve_even(run->ctx, &c, "a derivative in a moving window")
                               : as_curve_steady(run->ctx, &c, "a Savitzky-Golay filter"));
    AS_TRY(as_width_points(run->ctx, &set->window, owned, &points));
    const size_t half = (size_t)rint(fmax(points - 1, 0) / 2), window = 2 * half + 1;
    if (set->order < set->derivative)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "--derivative %d of polynomials of --order %d is 0",
                       set->derivative, set->order);
    if ((size_t)set->order >= window)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "a window of %zu points is too short for --order %d", window, set->order);
    if (window > c.n)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "a window of %zu points, the curve has %zu",
                       window, c.n);
    AS_TRY(as_curve_rising(run->ctx, &c));
    const double *y = as_curve_bridged(run->ctx, &c);
    double *work = AS_NEW_N(as_scratch(run->ctx), double, window);
    double *out = AS_NEW_N(as_scratch(run->ctx), double, c.n);
    if (!y || !work || !out) return AS_ERR;
    as_savgol(c.n, half, set->order, set->derivative, y, work, out);
    const double per_step = pow(as_curve_step(&c), -set->derivative);
    for (size_t i = 0; i < c.n; i++) out[i] *= per_step;
    return as_smooth_emit(run, owned, &c, out, set->derivative);
}

static const as_example examples[] = {
    { "a smoother spectrum of the same bands",
      "assay smooth-savgol --window 9pt tests/corpus/raman/fluorescence.ecsv | assay plot-lines -o smooth-savgol.svg" },
    { "the second derivative of a spectrum",
      "assay smooth-savgol --window 9pt --order 3 --derivative 2"
      " < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "Savitzky & Golay 1964, Smoothing and differentiation of data by simplified least squares "
    "procedures, Anal. Chem. 36, 1627, doi:10.1021/ac60214a047",
    "Gorry 1990, General least-squares smoothing and differentiation by the convolution "
    "(Savitzky-Golay) method, Anal. Chem. 62, 570, doi:10.1021/ac00205a007",
    NULL
};
static const char *const see_also[] = { "smooth-whittaker", "derivative", NULL };

const as_op as_op_smooth_savgol = {
    .name = "smooth-savgol",
    .group = "smooth",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(savgol_settings),
    .params = params,
    .needs = as_smooth_needs,
    .gives = as_smooth_gives,
    .series = series,
    .doc = { .summary = "smooth or differentiate by polynomials in a moving window (Savitzky-Golay)",
             .description =
                 "Each row gets the value, or the derivative, of the polynomial fitted to the window "
                 "around it; the rows at the ends take it from the first and the last whole window. "
                 "The window counts rows: smoothing wants steps of x that drift slowly at most, "
                 "derivatives want even ones.\n\n" AS_SMOOTH_TEXT,
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
