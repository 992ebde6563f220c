/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cat: series of several files and streams as one stream. */
#include "op.h"

static const as_param params[] = { AS_PARAMS_END };
static const as_demand needs[] = { { 0 } };
static const as_give gives[] = { { 0 } };

static as_status series(as_run *run, as_table *owned)
{
    return as_emit(run->out, run->ctx, owned);
}

static const as_example examples[] = {
    { "two measurements as one stream of two series",
      "assay cat tests/corpus/xrd/small.xy tests/corpus/xrd/small.xy" },
    { 0 }
};
static const char *const see_also[] = { "read", "select", NULL };

const as_op as_op_cat = {
    .name = "cat",
    .group = "select",
    .effect = AS_ANNOTATES,
    .params = params,
    .needs = needs,
    .gives = gives,
    .series = series,
    .doc = { .summary = "join the series of files and streams into one stream",
             .description = "Two streams one behind the other are no stream: this numbers the "
                            "series anew and writes one "
                            "header. All series must have the columns of the first.",
             .examples = examples,
             .see_also = see_also },
};
