/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coordinate: what changes from series to series (etching time, peel, position), where the file
 * does not say it. */
#include <math.h>
#include <string.h>

#include "op.h"
#include "vocabulary.h"

typedef struct {
    const char *name, *unit;
    double start, step;
    as_list values;
} coordinate_settings;

static const as_param params[] = { AS_STRING(coordinate_settings, name, "name", NULL,
                                             "of the metadata: etch_time, peel, depth, position"),
                                   AS_DOUBLE(coordinate_settings, start, "start", "0", -1e12, 1e12,
                                             NULL, "value of the first series"),
                                   AS_DOUBLE(coordinate_settings, step, "step", "1", -1e12, 1e12,
                                             NULL, "from one series to the next"),
                                   AS_LIST(coordinate_settings, values, "values", "", NULL,
                                           "of all series instead, where steps are uneven"),
                                   AS_STRING(coordinate_settings, unit, "unit", "",
                                             "of these numbers; none: that of the vocabulary"),
                                   AS_PARAMS_END };
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

static as_status unit_of(as_run *run, as_table *t, as_unit *out)
{
    const coordinate_settings *set = run->settings;
    const as_word_entry *known = as_vocabulary(AS_WORD_META, set->name);
    const char *usual = known && *known->unit ? known->unit : "1";
    AS_TRY(as_unit_parse(run->ctx, t->arena, set->unit ? set->unit : usual, out));
    const as_unit want = as_unit_of(usual);
    if (out->opaque)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "--unit: '%s' is no unit known here", set->unit);
    if (known && *known->unit && !as_unit_same_dimension(out, &want))
        return as_fail(run->ctx, AS_E_UNIT, NULL, "%s in %s, expected a unit like %s", set->name,
                       out->symbol, usual);
    return AS_OK;
}

static as_status series(as_run *run, as_table *owned)
{
    const coordinate_settings *set = run->settings;
    const size_t k = owned->number;
    as_unit unit;
    AS_TRY(unit_of(run, owned, &unit));
    if (set->values.n && k >= set->values.n)
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "--values has %zu numbers, there are more series", set->values.n);
    if (!set->values.n && set->step == 0)
        return as_fail(run->ctx, AS_E_USAGE, NULL, "--step 0 gives all series the same %s",
                       set->name);
    const double value = set->values.n ? set->values.v[k] : set->start + set->step * (double)k;
    AS_TRY(as_set_number(run->ctx, owned, set->name, value, NAN, unit, NULL));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = { { "spectra of a table, numbered every 4 s of etching",
                                         "assay unfold --y absorbance tests/corpus/depth/film.csv"
                                         " | assay coordinate --name etch_time --step 4"
                                         " | assay depth --rate 1nm/s | assay info" },
                                       { 0 } };
static const char *const see_also[] = { "depth", "set", "band-profile", NULL };

const as_op as_op_coordinate = {
    .name = "coordinate",
    .group = "depth",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(coordinate_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "number the series: etching time, peel, position",
             .description = "Series k (from 0) gets `start + k step`, or its place of `--values`, "
                            "as metadata, under which "
                            "`depth`, `band-profile`, `trend` and the figures find it. Many "
                            "exports have one column per spectrum "
                            "and no word of when it was taken.\n\n"
                            "25 spectra with 2 s between them span 48 s, not 50: whether the first "
                            "is of the untouched surface "
                            "(`--start 0`) or after the first etch (`--start 2`) is for the user "
                            "to say, and is recorded.",
             .examples = examples,
             .see_also = see_also },
};
