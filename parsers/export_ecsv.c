/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ecsv-meta: one ECSV document whose header holds what all series say, for astropy. */
#include "exporter.h"
#include "stream.h"

static const as_param params[] = { AS_PARAMS_END };

typedef struct ecsv_settings {
    char unused;
} ecsv_settings;

static as_status all(as_export_job *job, size_t n, const as_table *const *t)
{
    return as_write_listed(job->ctx, job->to, n, t);
}

static const as_example examples[] = {
    { "all metadata where astropy sees them (Table.read(..., format='ascii.ecsv').meta['series'])",
      "assay read tests/corpus/xrd/small.xy | assay convert --to ecsv-meta | head -12" },
    { 0 }
};
static const char *const see_also[] = { "convert", NULL };

const as_exporter as_exporter_ecsv_meta = {
    .name = "ecsv-meta",
    .suffix = "ecsv",
    .keeps = AS_KEEPS_ALL,
    .settings_size = sizeof(ecsv_settings),
    .params = params,
    .all = all,
    .doc = { .summary = "ECSV with the metadata of every series in its header, for astropy",
             .description =
                 "As a stream, but what a stream says in the line before each series stands in the "
                 "header under `series`, where readers that skip remarks find it. The header is as "
                 "long "
                 "as there are series, so this is a form for archives and notebooks, not for "
                 "pipes. "
                 "assay reads it back without loss, but for series that have no rows.",
             .examples = examples,
             .see_also = see_also },
};
