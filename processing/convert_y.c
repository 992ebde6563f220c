/* SPDX-License-Identifier: GPL-3.0-or-later */
/* convert-y: absorbance and transmittance, reflectance and Kubelka-Munk, counts and counts per
 * second, or another unit, with the standard deviations that belong to it. */
#include <math.h>
#include <string.h>

#include "curve.h"
#include "input.h"
#include "op.h"
#include "vocabulary.h"

typedef struct {
    const char *unit;
    int to, from;
} convert_settings;

enum { KEEP, ABSORBANCE, TRANSMITTANCE, REFLECTANCE, KUBELKA_MUNK, COUNTS, RATE };
static const as_choice targets[] = {
    { "same", KEEP, "the same quantity, in the unit of --unit" },
    { "absorbance", ABSORBANCE, "-log10 of the transmittance" },
    { "transmittance", TRANSMITTANCE, "10^-absorbance" },
    { "kubelka_munk", KUBELKA_MUNK, "(1 - R)^2 / (2 R) of the reflectance R" },
    { "counts", COUNTS, "counts per second times the counting time" },
    { "rate", RATE, "counts over the counting time" },
    { 0 }
};
static const as_choice sources[] = {
    { "auto", KEEP, "by name and unit of y, and the metadata y_meaning" },
    { "absorbance", ABSORBANCE, "y is absorbance" },
    { "transmittance", TRANSMITTANCE, "y is transmittance" },
    { "reflectance", REFLECTANCE, "y is reflectance" },
    { 0 }
};
static const as_param params[] = {
    AS_CHOICE(convert_settings, to, "to", "same", targets, "what y becomes"),
    AS_CHOICE(convert_settings, from, "from", "auto", sources, "what y is"),
    AS_STRING(convert_settings, unit, "unit", "", "unit of the new y; none: the usual one"),
    AS_PARAMS_END
};
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "one of the quantities above" },
    { .kind = AS_NEED_META, .name = "step_time", .unit = "s", .optional = true,
      .help = "or counting_time, exposure and accumulations, dwell_time and scans: for counts" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "converted" },
    { 0 }
};

/* The quantity that is called so, whole: "Absorbance", "percent transmittance", but no "absorbance_ratio". */
static int kind_called(const char *name)
{
    static const struct { const char *name; int kind; } kinds[] = {
        { "absorbance", ABSORBANCE },   { "transmittance", TRANSMITTANCE }, { "reflectance", REFLECTANCE },
        { "kubelka_munk", KUBELKA_MUNK }, { "kubelka-munk", KUBELKA_MUNK },
    };
    static const char percent[] = "percent ";
    const size_t before = strncmp(name, percent, sizeof percent - 1) == 0 ? sizeof percent - 1 : 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (as_same(name + before, kinds[i].name)) return kinds[i].kind;
    return KEEP;
}

/* What the data themselves say that y is. */
static int kind_of(const as_table *t, const as_column *y)
{
    const as_unit count = as_unit_of("count"), rate = as_unit_of("count/s");
    const as_meta *meaning = as_get_meta(t, "y_meaning");
    const char *name = meaning && meaning->text ? meaning->text : y->name;
    if (as_unit_same_dimension(&y->unit, &count)) return COUNTS;
    if (as_unit_same_dimension(&y->unit, &rate)) return RATE;
    const int meant = kind_called(name);
    return meant != KEEP ? meant : kind_called(y->name);
}

static const char *const kind_names[] = { "", "absorbance", "transmittance", "reflectance",
                                          "kubelka_munk", "intensity", "intensity" };

/* A constant time of each point in seconds, NaN when the metadata do not prove one. */
static double seconds(const as_table *t)
{
    static const struct { const char *time, *times; } pairs[] = {
        { "step_time", NULL }, { "exposure", "accumulations" }, { "dwell_time", "scans" }
    };
    const as_unit s = as_unit_of("s");
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        const as_meta *m = as_get_meta(t, pairs[k].time);
        const as_meta *n = pairs[k].times ? as_get_meta(t, pairs[k].times) : NULL;
        const double each = m ? as_unit_convert(m->number, &m->unit, &s) : NAN;
        if (each > 0) return each * (n && n->number > 0 ? n->number : 1);
    }
    return NAN;
}

static as_status by_time(as_ctx *ctx, as_table *t, as_column *y, as_column *sigma, int to)
{
    const as_column *times = as_find_name(t, "counting_time");
    const as_unit s = as_unit_of("s"), in = as_unit_of(to == RATE ? "count" : "count/s");
    const double constant = seconds(t);
    if (times && times->type != AS_F64) times = NULL;
    if (!times && !(constant > 0))
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "no counting time: neither a column counting_time nor step_time, exposure "
                       "or dwell_time in the metadata; `set` supplies it");
    for (size_t i = 0; i < t->rows; i++) {
        const double time = times ? as_unit_convert(times->v.f[i], &times->unit, &s) : constant;
        const double scale = as_unit_scale(1, &y->unit, &in) * (to == RATE ? 1 / time : time);
        y->v.f[i] *= scale;
        if (sigma) sigma->v.f[i] *= scale;
    }
    y->unit = as_unit_of(to == RATE ? "count/s" : "count");
    if (sigma) sigma->unit = y->unit;
    return AS_OK;
}

/* Value and slope of the new quantity; v has no unit. */
static double optical(int from, int to, double v, double *slope)
{
    if (from == TRANSMITTANCE && to == ABSORBANCE) {
        *slope = -1 / (v * log(10));
        return v > 0 ? -log10(v) : NAN;
    }
    if (from == ABSORBANCE && to == TRANSMITTANCE) {
        const double t = pow(10, -v);
        *slope = -t * log(10);
        return t;
    }
    *slope = (v * v - 1) / (2 * v * v); /* Kubelka & Munk 1931 */
    return v > 0 ? (1 - v) * (1 - v) / (2 * v) : NAN;
}

static bool converts(int from, int to)
{
    return (from == TRANSMITTANCE && to == ABSORBANCE) ||
           (from == ABSORBANCE && to == TRANSMITTANCE) ||
           (from == REFLECTANCE && to == KUBELKA_MUNK);
}

static as_status by_light(as_ctx *ctx, as_table *t, as_column *y, as_column *sigma, int from, int to)
{
    size_t lost = 0;
    for (size_t i = 0; i < t->rows; i++) {
        double slope;
        const bool had = isfinite(y->v.f[i]);
        const double v = as_unit_convert(y->v.f[i], &y->unit, &AS_UNITLESS);
        y->v.f[i] = optical(from, to, v, &slope);
        lost += had && !isfinite(y->v.f[i]);
        if (sigma) sigma->v.f[i] = fabs(slope) * as_unit_scale(sigma->v.f[i], &sigma->unit, &AS_UNITLESS);
    }
    if (lost)
        as_warn(ctx, t, NULL, "%zu values of %s are 0 or less and have no %s; they are nan now", lost,
                kind_names[from], kind_names[to]);
    y->unit = AS_UNITLESS;
    if (sigma) sigma->unit = AS_UNITLESS;
    return AS_OK;
}

static as_status rename_y(as_ctx *ctx, as_table *t, as_column *y, int to)
{
    const as_word_entry *word = as_vocabulary(AS_WORD_COLUMN, kind_names[to]);
    y->name = as_strdup(t->arena, kind_names[to]);
    if (!y->name) return AS_ERR;
    y->label = word ? word->label : y->name;
    if (!as_get_meta(t, "y_meaning")) return AS_OK;
    return as_set_meta(ctx, t, "y_meaning", kind_names[to], NULL, NULL);
}

static as_status convert(as_ctx *ctx, as_table *t, const convert_settings *set, as_column *y,
                         as_column *sigma)
{
    const int says = kind_of(t, y), from = set->from != KEEP ? set->from : says, to = set->to;
    const bool counted = to == COUNTS || to == RATE;
    if (from == KEEP)
        return as_fail(ctx, AS_E_MISSING, NULL,
                       "y is called '%s' in %s, which does not say what it is; --from does", y->name,
                       y->unit.symbol);
    if (from == to || says == to)
        return as_fail(ctx, AS_E_USAGE, NULL, "y is %s already; it would be converted twice",
                       counted ? y->unit.symbol : kind_names[to]);
    if (counted && (from == COUNTS || from == RATE)) return by_time(ctx, t, y, sigma, to);
    if (!converts(from, to) || !as_unit_same_dimension(&y->unit, &AS_UNITLESS))
        return as_fail(ctx, AS_E_USAGE, NULL, "%s in %s does not convert to %s", y->name,
                       y->unit.symbol, counted ? "counts or a rate" : kind_names[to]);
    AS_TRY(by_light(ctx, t, y, sigma, from, to));
    return rename_y(ctx, t, y, to);
}

static as_status into_unit(as_ctx *ctx, as_table *t, const char *text, as_column *y, as_column *sigma)
{
    as_unit unit;
    AS_TRY(as_unit_parse(ctx, t->arena, text, &unit));
    if (!as_unit_same_dimension(&y->unit, &unit))
        return as_fail(ctx, AS_E_UNIT, NULL, "%s in %s does not convert to %s", y->name,
                       y->unit.symbol, unit.symbol);
    for (size_t i = 0; i < t->rows; i++) {
        y->v.f[i] = as_unit_convert(y->v.f[i], &y->unit, &unit);
        if (sigma) sigma->v.f[i] = as_unit_scale(sigma->v.f[i], &y->unit, &unit);
    }
    y->unit = unit;
    if (sigma) sigma->unit = unit;
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const convert_settings *set = run->settings;
    as_column *y = as_need(run->ctx, owned, AS_ROLE_Y), *sigma = as_find_role(owned, AS_ROLE_SIGMA);
    const bool has_unit = set->unit && set->unit[0];
    if (!y) return AS_ERR;
    if (y->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "y (%s) is text, expected numbers", y->name);
    if (as_find_role(owned, AS_ROLE_BASELINE) || as_find_role(owned, AS_ROLE_MODEL))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "there are columns of baseline or model in the unit of y already; convert "
                       "before drawing them");
    if (set->to != KEEP) AS_TRY(convert(run->ctx, owned, set, y, sigma));
    if (has_unit)
        AS_TRY(into_unit(run->ctx, owned, set->unit, y, sigma));
    else if (set->to == KEEP)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "convert-y needs --to or --unit");
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "counts per second, sigma with them",
      "assay convert-y --to rate < tests/corpus/raman/fluorescence.ecsv | tail -n 3" },
    { 0 }
};
static const char *const references[] = {
    "Kubelka & Munk 1931, Ein Beitrag zur Optik der Farbanstriche, Z. tech. Phys. 12, 593", NULL
};
static const char *const see_also[] = { "convert-x", "normalize", NULL };

const as_op as_op_convert_y = {
    .name = "convert-y",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(convert_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "convert y to another quantity or unit",
             .description =
                 "Absorbance and transmittance (as a fraction or in %), reflectance to Kubelka-Munk, "
                 "counts to counts per second and back. sigma follows to first order. The counting "
                 "time comes from the column `counting_time` or the metadata: `step_time`, "
                 "`exposure` times `accumulations`, or `dwell_time` times `scans`.\n\n"
                 "What y is follows from its name, its unit and the metadata `y_meaning`; where these "
                 "are silent, `--from` has to say it. A conversion to what y is already is refused.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
