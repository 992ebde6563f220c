/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normalize-msc: multiplicative scatter correction against the mean of all series. */
#include <math.h>

#include "curve.h"
#include "op.h"

typedef struct {
    as_tables reference;
    as_range region;
} msc_settings;

static const as_param params[] = {
    AS_TABLES(msc_settings, reference, "reference", "",
              "file whose first series is the reference; none: the mean of all series"),
    AS_RANGE(msc_settings, region, "region", ":", NULL, "stretch of x, in its unit, that is compared"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "the same in all series" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the curves" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "(y - offset) / divisor" },
    { .kind = AS_NEED_META, .name = "divisor", .unit = "1", .help = "slope against the reference" },
    { 0 }
};

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

static as_status reference_of(as_run *run, const as_held *held, as_curve *c, double *mean)
{
    const msc_settings *set = run->settings;
    for (size_t i = 0; i < c[0].n; i++) {
        double sum = 0, used = 0;
        for (size_t k = 0; k < held->n && !set->reference.n; k++) {
            if (!(c[k].use[i] > 0)) continue;
            sum += c[k].y[i];
            used++;
        }
        mean[i] = used > 0 ? sum / used : NAN;
    }
    if (!set->reference.n) return AS_OK;
    const as_column *y = as_need(run->ctx, set->reference.t[0], AS_ROLE_Y);
    if (!y) return AS_ERR;
    if (set->reference.t[0]->rows != c[0].n || y->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s has %zu rows, the series have %zu",
                       set->reference.from, set->reference.t[0]->rows, c[0].n);
    for (size_t i = 0; i < c[0].n; i++) mean[i] = y->v.f[i];
    return AS_OK;
}

/* y = offset + slope * reference by least squares over the region. */
static as_status correct(as_run *run, as_table *t, as_curve *c, const double *mean)
{
    const msc_settings *set = run->settings;
    double n = 0, sx = 0, sy = 0, xx = 0, xy = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < c->n; i++) {
            if (!(c->use[i] > 0) || !isfinite(mean[i]) || c->x[i] < set->region.lo || c->x[i] > set->region.hi)
                continue;
            if (pass == 0) {
                n++;
                sx += mean[i];
                sy += c->y[i];
            } else {
                xx += (mean[i] - sx / n) * (mean[i] - sx / n);
                xy += (mean[i] - sx / n) * (c->y[i] - sy / n);
            }
        }
    const double slope = xy / xx, offset = sy / n - slope * sx / n;
    if (isnan(slope) || !isfinite(offset))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "series %s has no slope against the reference",
                       t->name ? t->name : "?");
    if (!(slope > 0))
        return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                       "series %s does not rise with the reference (slope %g)", t->name ? t->name : "?", slope);
    for (size_t i = 0; i < c->n; i++) {
        c->y[i] = (c->y[i] - offset) / slope;
        if (c->sigma) c->sigma[i] /= slope;
    }
    AS_TRY(as_set_number(run->ctx, t, "divisor", slope, NAN, AS_UNITLESS, NULL));
    AS_TRY(as_mark_processed(run->ctx, t, "normalized"));
    return as_emit(run->out, run->ctx, t);
}

static as_status finish(as_run *run)
{
    as_held *held = run->state;
    as_curve *c = AS_NEW_N(as_scratch(run->ctx), as_curve, held->n + 1);
    if (!c) return AS_ERR;
    if (held->n == 0) return AS_OK;
    for (size_t k = 0; k < held->n; k++) {
        AS_TRY(as_curve_of(run->ctx, held->t[k], 3, &c[k]));
        if (c[k].n != c[0].n)
            return as_fail(run->ctx, AS_E_MISSING, NULL, "series of %zu and %zu rows, expected the same x; "
                           "`resample` makes it so", c[0].n, c[k].n);
    }
    double *mean = AS_NEW_N(as_scratch(run->ctx), double, c[0].n);
    if (!mean) return AS_ERR;
    AS_TRY(reference_of(run, held, c, mean));
    for (size_t k = 0; k < held->n; k++) AS_TRY(correct(run, held->t[k], &c[k], mean));
    return AS_OK;
}

static const as_example examples[] = {
    { "a spectrum and its double become the same",
      "assay calc y='2*y+50' < tests/corpus/raman/fluorescence.ecsv"
      " | assay normalize-msc --reference tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "Geladi, MacDougall & Martens 1985, Linearization and scatter-correction for near-infrared reflectance "
    "spectra of meat, Appl. Spectrosc. 39, 491, doi:10.1366/0003702854248656",
    NULL
};
static const char *const see_also[] = { "normalize", "average", NULL };

const as_op as_op_normalize_msc = {
    .name = "normalize-msc",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(msc_settings),
    .state_size = sizeof(as_held),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "bring series to one scale and offset (multiplicative scatter correction)",
             .description =
                 "Each series is fitted as offset plus slope times the reference, over `--region`; then the "
                 "offset is taken off and the slope divided out. The whole stream is held until it ends.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
