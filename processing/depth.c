/* SPDX-License-Identifier: GPL-3.0-or-later */
/* depth: etching time times rate, or layers times thickness, as the depth of each series. */
#include <math.h>

#include "op.h"

typedef struct {
    const char *along;
    double rate, rate_u, each, each_u;
} depth_settings;

static const as_param params[] = {
    AS_DOUBLE(depth_settings, rate, "rate", "0", 0, 1e9, "nm/s", "of the etching; 0: none"),
    AS_DOUBLE(depth_settings, rate_u, "rate-u", "0", 0, 1e9, "nm/s",
              "standard uncertainty of the rate"),
    AS_DOUBLE(depth_settings, each, "each", "0", 0, 1e9, "nm",
              "thickness taken off by one peel or cycle, instead of a rate"),
    AS_DOUBLE(depth_settings, each_u, "each-u", "0", 0, 1e9, "nm", "standard uncertainty of that"),
    AS_STRING(depth_settings, along, "along", "etch_time",
              "metadata to be multiplied: etch_time, time, peel"),
    AS_PARAMS_END
};
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = {
    { .kind = AS_NEED_META, .name = "depth", .unit = "nm", .help = "below the original surface" },
    { 0 }
};

static as_status series(as_run *run, as_table *owned)
{
    const depth_settings *set = run->settings;
    const bool by_rate = set->rate > 0;
    if (by_rate == (set->each > 0))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "expected one of --rate and --each above 0");
    const as_meta *m = as_need_meta(run->ctx, owned, set->along);
    if (!m) return AS_ERR;
    const as_unit want = by_rate ? as_unit_of("s") : AS_UNITLESS;
    const double n = as_unit_convert(m->number, &m->unit, &want);
    if (!isfinite(n))
        return as_fail(run->ctx, AS_E_UNIT, NULL, "%s is '%s', expected a number in %s for --%s",
                       set->along, m->text ? m->text : "", by_rate ? "s" : "1",
                       by_rate ? "rate" : "each");
    if (n < 0)
        return as_fail(run->ctx, AS_E_NUMERIC, NULL, "%s is %g: before the etching began",
                       set->along, n);
    const double per = by_rate ? set->rate : set->each, u = by_rate ? set->rate_u : set->each_u;
    const as_unit nm = as_unit_of("nm");
    AS_TRY(as_set_number(run->ctx, owned, "depth", n * per, u > 0 ? n * u : NAN, nm, NULL));
    AS_TRY(as_set_number(run->ctx, owned, by_rate ? "etch_rate" : "peel_thickness", per,
                         u > 0 ? u : NAN, by_rate ? as_unit_of("nm/s") : nm, NULL));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "1 nm/s, known to 5 %",
      "assay unfold --y absorbance --name etch_time tests/corpus/depth/film.csv"
      " | assay depth --rate 1nm/s --rate-u 0.05nm/s"
      " | assay info" },
    { 0 }
};
static const char *const see_also[] = { "coordinate", "band-profile", "thickness", NULL };

const as_op as_op_depth = {
    .name = "depth",
    .group = "depth",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(depth_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary =
                 "depth of each series from the etching time and rate, or from the number of peels",
             .description = "The depth becomes metadata of each series, the rate beside it. The "
                            "uncertainty of the rate is one "
                            "error that all depths share: `thickness` adds it once, at the end, "
                            "and does not average it away.\n\n"
                            "A constant rate is an assumption: it differs between materials, and "
                            "ion beams mix and roughen what "
                            "they etch.",
             .examples = examples,
             .see_also = see_also },
};
