/* SPDX-License-Identifier: GPL-3.0-or-later */
/* baseline-rubberband: the lower convex hull of the points (x, y). */
#include <math.h>

#include "curve.h"
#include "op.h"

typedef struct {
    int segments;
    double bend;
    bool subtract;
} hull_settings;

static const as_param params[] = {
    AS_INT(hull_settings, segments, "segments", "1", 1, 10000,
           "equal stretches of x with a hull of their own, for baselines that arch"),
    AS_DOUBLE(hull_settings, bend, "bend", "0", -1e300, 1e300, NULL,
              "height of a parabola, highest at the ends, added before and taken off after, in the "
              "unit of y"),
    AS_BOOL(hull_settings, subtract, "subtract", "no", "also take it off y, for figures"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing, in one direction" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curve; nan is bridged" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .optional = true, .help = "rows to bridge" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_BASELINE, .name = "baseline", .help = "the hull" },
    { 0 }
};

/* Andrew's monotone chain over the used rows from .. to, x rising times `sign`; corners[] gets
 * their rows, at least the two ends. */
static size_t lower_hull(const double *x, const double *y, const double *use, double sign,
                         size_t from, size_t to, size_t *corners)
{
    size_t m = 0;
    for (size_t i = from; i <= to; i++) {
        if (!(use[i] > 0)) continue;
        while (m > 1) {
            const size_t a = corners[m - 2], b = corners[m - 1];
            const double turn = sign * ((x[b] - x[a]) * (y[i] - y[a]) - (y[b] - y[a]) * (x[i] - x[a]));
            if (turn > 0) break;
            m--;
        }
        corners[m++] = i;
    }
    return m;
}

/* Straight lines through the corners, going on beyond the first and last. */
static void lines(size_t n, const double *x, const double *y, size_t m, const size_t *corners,
                  double *z)
{
    for (size_t i = 0, k = 0; i < n; i++) {
        while (k + 2 < m && i > corners[k + 1]) k++;
        const size_t a = corners[k], b = m > 1 ? corners[k + 1] : a;
        z[i] = a == b ? y[a] : y[a] + (y[b] - y[a]) * (x[i] - x[a]) / (x[b] - x[a]);
    }
}

static as_status series(as_run *run, as_table *owned)
{
    const hull_settings *set = run->settings;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 2, &c));
    AS_TRY(as_curve_rising(run->ctx, &c));
    const int sign = as_curve_direction(run->ctx, &c);
    if (!sign) return AS_ERR;
    double *y = as_curve_y(run->ctx, &c), *z = AS_NEW_N(as_scratch(run->ctx), double, c.n);
    size_t *corners = AS_NEW_N(as_scratch(run->ctx), size_t, c.n + (size_t)set->segments + 1);
    if (!y || !z || !corners) return AS_ERR;
    const double first = c.x[0], span = c.x[c.n - 1] - first;
    for (size_t i = 0; i < c.n; i++) {
        const double u = 2 * (c.x[i] - first) / span - 1;
        y[i] += set->bend * u * u;
    }
    size_t m = 0, from = 0;
    for (int k = 1; k <= set->segments; k++) {
        size_t to = from;
        const double end = first + span * k / set->segments;
        while (to + 1 < c.n && (k == set->segments || sign * (c.x[to + 1] - end) <= 0)) to++;
        m += lower_hull(c.x, y, c.use, sign, from, to, corners + m);
        from = to + 1;
        if (from >= c.n) break;
    }
    lines(c.n, c.x, y, m, corners, z);
    for (size_t i = 0; i < c.n; i++) {
        const double u = 2 * (c.x[i] - first) / span - 1;
        z[i] -= set->bend * u * u;
    }
    return as_baseline_emit(run, owned, &c, z, set->subtract);
}

static const as_example examples[] = {
    { "a band stretched under the spectrum",
      "assay baseline-rubberband --bend 1000 tests/corpus/raman/fluorescence.ecsv | "
      "assay plot-lines -o baseline-rubberband.svg" },
    { 0 }
};
static const char *const references[] = {
    "Andrew 1979, Another efficient algorithm for convex hulls in two dimensions, Inf. Process. "
    "Lett. 9, 216, doi:10.1016/0020-0190(79)90072-3",
    NULL
};
static const char *const see_also[] = { "baseline-points", "baseline-linear", NULL };

const as_op as_op_baseline_rubberband = {
    .name = "baseline-rubberband",
    .group = "baseline",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(hull_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "add the lower convex hull as baseline (rubber band)",
             .description =
                 "The hull is that of the points in x and y, not in row numbers. A baseline that "
                 "arches upwards between the ends is cut short by it: `--segments` gives each "
                 "stretch its own hull, and `--bend` turns the arch into a trough for "
                 "the search. The hull touches the noise from below.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
