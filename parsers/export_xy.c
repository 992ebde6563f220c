/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xy and xye: columns of numbers under a remark, for gnuplot, fityk, FullProf, GSAS-II and TOPAS.
 */
#include <math.h>
#include <string.h>

#include "exporter.h"

static const as_param params[] = { AS_PARAMS_END };

typedef struct xy_settings {
    char unused;
} xy_settings;

/* "# pristine: two_theta (deg), intensity (count)"; line ends in a name become blanks. */
static void put_remark(as_text_out *o, const as_table *t, size_t n, const as_column *const *c)
{
    static const char mark[] = " (simulated)"; /* so that assay_xy.c knows */
    const char *name = t->label ? t->label : t->name ? t->name : "";
    as_out_bytes(o, "# ", 2);
    const bool marked = strlen(name) >= sizeof mark - 1 && strcmp(name + strlen(name) - (sizeof mark - 1), mark) == 0;
    for (; *name; name++) as_out_bytes(o, *name == '\n' || *name == '\r' ? " " : name, 1);
    if (as_get_meta(t, "simulated") && !marked) as_out_text(o, mark);
    for (size_t i = 0; i < n; i++) {
        as_out_text(o, i ? ", " : ": ");
        as_out_text(o, c[i]->name);
        if (strcmp(c[i]->unit.symbol, "1") == 0) continue;
        as_out_text(o, " (");
        as_out_text(o, c[i]->unit.symbol);
        as_out_text(o, ")");
    }
    as_out_bytes(o, "\n", 1);
}

/* Two blank lines between series: gnuplot's `index` counts them. */
static as_status put_series(as_export_job *job, const as_table *t, size_t n,
                            const as_column *const *c)
{
    if (job->done > 0) as_out_text(job->out, "\n\n");
    put_remark(job->out, t, n, c);
    for (size_t row = 0; row < t->rows; row++)
        for (size_t i = 0; i < n; i++) {
            as_out_number(job->out, c[i]->v.f[row]);
            as_out_bytes(job->out, i + 1 < n ? " " : "\n", 1);
        }
    return AS_OK;
}

static as_status each_xy(as_export_job *job, const as_table *t)
{
    const as_column *c[] = { as_need(job->ctx, t, AS_ROLE_X), as_need(job->ctx, t, AS_ROLE_Y) };
    return c[0] && c[1] ? put_series(job, t, 2, c) : AS_ERR;
}

static as_status each_xye(as_export_job *job, const as_table *t)
{
    const as_column *c[] = { as_need(job->ctx, t, AS_ROLE_X), as_need(job->ctx, t, AS_ROLE_Y),
                             as_need(job->ctx, t, AS_ROLE_SIGMA) };
    return c[0] && c[1] && c[2] ? put_series(job, t, 3, c) : AS_ERR;
}

static const as_example xy_examples[] = {
    { "two columns", "assay read tests/corpus/xrd/small.xy | assay convert --to xy | head -3" },
    { 0 }
};
static const as_example xye_examples[] = {
    { "x, y and sigma of y for a refinement",
      "assay read tests/corpus/xrd/sample.udf | assay convert --to xye | head -3" },
    { 0 }
};
static const char *const see_also[] = { "convert", NULL };

const as_exporter as_exporter_xy = {
    .name = "xy",
    .suffix = "xy",
    .keeps = AS_KEEPS_UNITS,
    .settings_size = sizeof(xy_settings),
    .params = params,
    .each = each_xy,
    .doc = { .summary = "x and y in two columns",
             .description = "A remark with the series' name and the columns, then one line per "
                            "row. Series are "
                            "split by two blank lines, which gnuplot counts as `index`. A missing "
                            "value is nan.",
             .examples = xy_examples,
             .see_also = see_also },
};

const as_exporter as_exporter_xye = {
    .name = "xye",
    .suffix = "xye",
    .keeps = AS_KEEPS_UNITS | AS_KEEPS_SIGMA,
    .settings_size = sizeof(xy_settings),
    .params = params,
    .each = each_xye,
    .doc = { .summary = "x, y and the standard deviation of y in three columns",
             .description = "As xy, with the column of role sigma; data without one are refused, "
                            "as a weight that "
                            "nobody measured would be made up.",
             .examples = xye_examples,
             .see_also = see_also },
};
