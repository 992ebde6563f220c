/* SPDX-License-Identifier: GPL-3.0-or-later */
/* despike, despike-frames: mark cosmic rays. They add to the mask and leave y alone: what a spike
 * hides was not measured. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "noise_level.h"
#include "op.h"
#include "sorted.h"

typedef struct {
    double threshold;
    int width, margin;
} despike_settings;

static const as_param params_despike[] = {
    AS_DOUBLE(despike_settings, threshold, "threshold", "8", 1, 1e6, NULL,
              "modified z-score of the difference of neighbours at which a spike begins and ends"),
    AS_INT(despike_settings, width, "width", "3", 1, 1000, "points that a spike is wide at most"),
    AS_INT(despike_settings, margin, "margin", "0", 0, 100, "further points to each side"),
    AS_PARAMS_END
};
static const as_param params_frames[] = {
    AS_DOUBLE(despike_settings, threshold, "threshold", "6", 1, 1e6, NULL,
              "height above the median of the frames, over the noise, that makes a spike"),
    AS_INT(despike_settings, margin, "margin", "0", 0, 100, "further points to each side"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_X, .help = "any spacing" },
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "as measured, before smoothing or baselines" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_MASK, .name = "mask", .unit = "1", .help = "1: a spike" },
    { .kind = AS_NEED_RESULT, .name = "spikes", .unit = "1", .help = "how many" },
    { 0 }
};

/* Marks row i and its margin; rows marked before stay. */
static void mark(const as_curve *c, size_t i, size_t margin, double *mask)
{
    const size_t to = i + margin < c->n ? i + margin : c->n - 1;
    for (size_t j = i > margin ? i - margin : 0; j <= to; j++) mask[j] = 1;
}

static as_column *mask_of(as_ctx *ctx, as_table *t)
{
    as_column *m = as_find_role(t, AS_ROLE_MASK);
    return m && m->type == AS_F64 ? m : as_add_column(ctx, t, "mask", AS_ROLE_MASK, AS_UNITLESS);
}

static as_status count_spikes(as_run *run, as_table *t, size_t spikes)
{
    const as_result r = { .item = "curve", .quantity = "spikes", .value = (double)spikes, .u = NAN,
                          .unit = AS_UNITLESS, .flag = "ok", .method = run->op->name };
    return as_add_result(run->ctx, t, &r);
}

/* Of n rows y with differences d (less their median): the last row of the spike that begins with the
 * jump from row k to k + 1. It comes back by a jump down to less than half of its height; where it
 * then still stands more than a jump above row k, a further way down is looked for. 0: none. */
static size_t spike_end(size_t n, const double *y, const double *d, size_t k, size_t width, double jump)
{
    const double height = y[k + 1] - y[k];
    size_t end = 0;
    for (size_t i = k + 1; i + 1 < n && i <= k + width; i++) {
        if (!(d[i] < -jump && y[i + 1] - y[k] < 0.5 * height)) continue;
        end = i;
        if (!(y[i + 1] - y[k] > jump)) break;
    }
    return end;
}

/* Whitaker & Hayes 2018: z = 0.6745 (d - median) / MAD of the differences d_i = y_i+1 - y_i. A
 * spike is a jump up into row i + 1 and a jump down out of one of the next `width` rows; a jump
 * that does not come back is a step or the side of a band, and stays. */
static as_status series(as_run *run, as_table *owned)
{
    const despike_settings *set = run->settings;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 4, &c));
    double *d = AS_NEW_N(as_scratch(run->ctx), double, 2 * c.n);
    size_t *row = AS_NEW_N(as_scratch(run->ctx), size_t, c.n), n = 0, spikes = 0;
    as_column *mask = mask_of(run->ctx, owned);
    if (!d || !row || !mask) return AS_ERR;
    for (size_t i = 0; i < c.n; i++)
        if (c.use[i] > 0) row[n++] = i;
    for (size_t k = 0; k + 1 < n; k++) d[k] = c.y[row[k + 1]] - c.y[row[k]];
    double *work = d + c.n, sigma = as_mad_sigma(n - 1, d, work);
    memcpy(work, d, (n - 1) * sizeof *d);
    const double middle = as_median(n - 1, work);
    if (!(sigma > 0)) { /* more than half of the differences are equal */
        for (size_t k = 0; k + 1 < n; k++) work[k] = fabs(d[k] - middle);
        double sum = 0;
        for (size_t k = 0; k + 1 < n; k++) sum += work[k];
        sigma = 1.2533 * sum / (double)(n - 1);
    }
    const double jump = set->threshold * sigma;
    for (size_t k = 0; k + 1 < n; k++) d[k] -= middle;
    for (size_t k = 0; k < n; k++) work[k] = c.y[row[k]];
    for (size_t k = 0; k + 1 < n && sigma > 0; k++) {
        const bool at_end = k + 2 == n; /* the last row has no way back to show */
        const size_t end = d[k] > jump ? at_end ? k + 1 : spike_end(n, work, d, k, (size_t)set->width, jump) : 0;
        for (size_t j = k + 1; j <= end; j++) mark(&c, row[j], (size_t)set->margin, mask->v.f);
        spikes += end > 0;
        k = end ? end : k;
    }
    if (n > 2 && sigma > 0 && d[0] < -jump && d[1] > -jump) {
        mark(&c, row[0], (size_t)set->margin, mask->v.f); /* nor has the first */
        spikes++;
    }
    AS_TRY(count_spikes(run, owned, spikes));
    return as_emit(run->out, run->ctx, owned);
}

static as_status gather(as_run *run, as_table *owned)
{
    return as_hold_series(run, run->state, owned);
}

/* Frames of the same sample: at each row the median is the spectrum; what tops it by several
 * times the noise, sigma of the row or that which second differences show, is a spike. */
static as_status finish(as_run *run)
{
    const despike_settings *set = run->settings;
    as_held *s = run->state;
    as_arena *scratch = as_scratch(run->ctx);
    if (s->n < 3)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%zu frames, expected 3 or more; `despike` "
                       "works on a single one", s->n);
    as_curve *c = AS_NEW_N(scratch, as_curve, s->n);
    double *v = AS_NEW_N(scratch, double, s->n), *noise = AS_NEW_N(scratch, double, s->n);
    if (!c || !v || !noise) return AS_ERR;
    for (size_t k = 0; k < s->n; k++) {
        AS_TRY(as_curve_of(run->ctx, s->t[k], 3, &c[k]));
        if (c[k].n != c[0].n)
            return as_fail(run->ctx, AS_E_MISSING, NULL, "frames of %zu and %zu rows", c[0].n, c[k].n);
        double *y = as_curve_bridged(run->ctx, &c[k]), *work = AS_NEW_N(scratch, double, 2 * c[k].n);
        if (!y || !work) return AS_ERR;
        noise[k] = as_noise_level(c[k].n, y, work);
    }
    size_t *spikes = AS_NEW_N(scratch, size_t, s->n);
    as_column **mask = AS_NEW_N(scratch, as_column *, s->n);
    if (!spikes || !mask) return AS_ERR;
    for (size_t k = 0; k < s->n; k++)
        if (!(mask[k] = mask_of(run->ctx, s->t[k]))) return AS_ERR;
    for (size_t i = 0; i < c[0].n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < s->n; k++)
            if (c[k].use[i] > 0) v[n++] = c[k].y[i];
        const double middle = n > 2 ? as_median(n, v) : NAN;
        for (size_t k = 0; k < s->n; k++) {
            /* counted data are noisier where the median is high; sigma of the spike itself is not it */
            const double sigma = c[k].sigma && c[k].y[i] > middle && c[k].y[i] > 0
                                     ? c[k].sigma[i] * sqrt(fmax(middle, 0) / c[k].y[i])
                                     : noise[k];
            if (!(c[k].use[i] > 0) || !(c[k].y[i] - middle > set->threshold * fmax(sigma, noise[k])))
                continue;
            mark(&c[k], i, (size_t)set->margin, mask[k]->v.f);
            spikes[k]++;
        }
    }
    for (size_t k = 0; k < s->n; k++) {
        AS_TRY(count_spikes(run, s->t[k], spikes[k]));
        AS_TRY(as_emit(run->out, run->ctx, s->t[k]));
    }
    return AS_OK;
}

static const char *const references[] = {
    "Whitaker & Hayes 2018, A simple algorithm for despiking Raman spectra, Chemom. Intell. Lab. "
    "Syst. 179, 82, doi:10.1016/j.chemolab.2018.06.009",
    NULL
};
static const char *const see_also[] = { "despike-frames", "despike", "average", NULL };

const as_op as_op_despike = {
    .name = "despike",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(despike_settings),
    .params = params_despike,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "mask cosmic rays in a single spectrum",
             .description =
                 "A spike is a jump up and a jump down again within `--width` points, each beyond "
                 "`--threshold` times the robust spread of all differences of neighbours. A step does "
                 "not come back and the sides of a band are longer than that, so both stay; a true "
                 "band of one or two points does not, so use this on data that resolve their bands.\n\n"
                 "Rows are masked, not replaced: baselines bridge them and fits leave them out.",
             .references = references,
             .examples = (const as_example[]){
                 { "how many spikes there are",
                   "assay despike < tests/corpus/raman/fluorescence.ecsv | assay results"
                   " | grep -v '^#'" },
                 { 0 } },
             .see_also = see_also },
};
const as_op as_op_despike_frames = {
    .name = "despike-frames",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(despike_settings),
    .state_size = sizeof(as_held),
    .params = params_frames,
    .needs = needs,
    .gives = gives,
    .series = gather,
    .finish = finish,
    .doc = { .summary = "mask cosmic rays by comparing frames of the same sample",
             .description =
                 "The median over the frames is the spectrum; rows of a frame above it by "
                 "`--threshold` times the noise are masked. At least three frames on the same rows; "
                 "the whole stream is held until it ends.",
             .references = references,
             .examples = (const as_example[]){
                 { "three frames",
                   "F=tests/corpus/raman/fluorescence.ecsv; assay cat $F $F $F | assay despike-frames"
                   " | tail -n 1" },
                 { 0 } },
             .see_also = see_also },
};
