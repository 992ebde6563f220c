/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transmission: y over the transmission function of the analyser, once. */
#include <math.h>

#include "curve.h"
#include "op.h"

typedef struct {
    const char *column;
} transmission_settings;

static const as_param params[] = { AS_COLUMN(transmission_settings, column, "column",
                                             "transmission_function", "the function, relative"),
                                   AS_PARAMS_END };
static const as_demand needs[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "the spectrum as measured" },
    { .kind = AS_NEED_COLUMN,
      .name = "transmission_function",
      .optional = true,
      .help = "or that of --column" },
    { 0 }
};
static const as_give gives[] = {
    { .kind = AS_NEED_ROLE, .role = AS_ROLE_Y, .help = "over the function, with sigma" }, { 0 }
};

static as_status series(as_run *run, as_table *owned)
{
    const transmission_settings *set = run->settings;
    as_curve c;
    AS_TRY(as_curve_of(run->ctx, owned, 1, &c));
    const as_column *f = as_need_column(run->ctx, owned, set->column);
    if (!f) return AS_ERR;
    if (f->type != AS_F64)
        return as_fail(run->ctx, AS_E_MISSING, NULL, "%s holds words, expected numbers", f->name);
    if (as_is_processed(owned, "transmission"))
        return as_fail(run->ctx, AS_E_USAGE, NULL, "y was divided by the transmission already");
    if (as_find_role(owned, AS_ROLE_BASELINE) || as_find_role(owned, AS_ROLE_MODEL))
        return as_fail(run->ctx, AS_E_USAGE, NULL,
                       "a background or model was drawn for y as it is; this comes before");
    for (size_t i = 0; i < owned->rows; i++) {
        if (!(f->v.f[i] > 0))
            return as_fail(run->ctx, AS_E_NUMERIC, NULL,
                           "the transmission is %g in row %zu, expected above 0", f->v.f[i], i + 1);
        c.y[i] /= f->v.f[i];
        if (c.sigma) c.sigma[i] /= f->v.f[i];
    }
    AS_TRY(as_mark_processed(run->ctx, owned, "transmission"));
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "a region over the transmission that its file states",
      "assay transmission tests/corpus/xps/film.ecsv | tail -n 3" },
    { 0 }
};
static const char *const see_also[] = { "quantify", "convert-y", NULL };

const as_op as_op_transmission = {
    .name = "transmission",
    .group = "transform",
    .effect = AS_ANNOTATES,
    .settings_size = sizeof(transmission_settings),
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "divide a photoelectron spectrum by the transmission of the analyser",
             .description = "y and sigma over the column, row by row. What is divided is no number "
                            "of counts any more: sigma is "
                            "that of the counts, scaled. It is recorded; a second time is refused, "
                            "here and in `quantify`, and so "
                            "is a spectrum whose background or model was drawn before.",
             .examples = examples,
             .see_also = see_also },
};
