/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every exporter of the suite, from exporters.def, and the sink that feeds one. */
#include <string.h>

#include "exporter.h"

#define AS_EXPORTER_IN(file, name) extern const as_exporter as_exporter_##name;
#include "exporters.def"
#undef AS_EXPORTER_IN

const as_exporter *const as_exporters[] = {
#define AS_EXPORTER_IN(file, name) &as_exporter_##name,
#include "exporters.def"
    NULL
};

const as_exporter *as_exporter_find(const char *name)
{
    for (size_t i = 0; as_exporters[i]; i++)
        if (strcmp(as_exporters[i]->name, name) == 0) return as_exporters[i];
    return NULL;
}

struct as_export {
    as_sink sink;
    as_export_job job;
    as_text_out out;
    bool all;
    size_t n; /* tables that wait for `all` */
    as_table **table;
    unsigned needed; /* as_keeps, by the data */
};

static void free_tables(void *export)
{
    as_export *e = export;
    for (size_t i = 0; i < e->n; i++) as_table_free(e->table[i]);
    e->n = 0;
}

static unsigned needs(const as_table *t)
{
    unsigned what = 0;
    size_t plain = 0;
    for (size_t i = 0; i < t->n_columns; i++) {
        const as_column *c = t->column[i];
        plain += c->role == AS_ROLE_X || c->role == AS_ROLE_Y || c->role == AS_ROLE_SIGMA;
        if (c->unit.symbol && strcmp(c->unit.symbol, "1") != 0) what |= AS_KEEPS_UNITS;
    }
    if (plain < t->n_columns) what |= AS_KEEPS_COLUMNS;
    const as_column *y = as_find_role(t, AS_ROLE_Y);
    const as_unit count = as_unit_of("count");
    if (as_find_role(t, AS_ROLE_SIGMA) && !(y && as_unit_same_dimension(&y->unit, &count)))
        what |= AS_KEEPS_SIGMA;
    if (t->n_meta > 0) what |= AS_KEEPS_META;
    if (t->n_results > 0) what |= AS_KEEPS_RESULTS;
    if (t->n_steps > 0) what |= AS_KEEPS_HISTORY;
    return what;
}

static as_status wait_for_all(as_export *e, as_table *t)
{
    as_table **wider = as_grow(e->job.keep, e->table, e->n, sizeof *wider);
    if (!wider) return AS_ERR;
    e->table = wider;
    e->table[e->n++] = t;
    return AS_OK;
}

static as_status put(as_sink *self, as_ctx *ctx, as_table *t)
{
    as_export *e = (as_export *)(void *)self; /* the sink is its first member */
    (void)ctx;
    e->needed |= needs(t);
    if (e->all && wait_for_all(e, t) == AS_OK) return AS_OK;
    const as_status status = e->all ? AS_ERR : e->job.exporter->each(&e->job, t);
    e->job.done++;
    as_table_free(t);
    return status;
}

as_status as_export_open(as_ctx *ctx, as_arena *keep, const as_exporter *exporter,
                         const void *settings, FILE *to, as_export **out)
{
    as_export *e = AS_NEW(keep, as_export);
    if (!e) return AS_ERR;
    e->sink.put = put;
    e->job = (as_export_job){ .ctx = ctx,
                              .exporter = exporter,
                              .settings = settings,
                              .keep = keep,
                              .out = &e->out,
                              .to = to,
                              .kept = exporter->keeps };
    e->all = !exporter->each || (exporter->wants_all && exporter->wants_all(settings));
    if (exporter->state_size && !(e->job.state = as_alloc(keep, 1, exporter->state_size)))
        return AS_ERR;
    AS_TRY(as_out_open(ctx, keep, to, &e->out));
    *out = e;
    return as_defer(keep, free_tables, e);
}

as_sink *as_export_sink(as_export *e)
{
    return &e->sink;
}

void as_export_warn(as_ctx *ctx, const as_exporter *exporter, unsigned lost)
{
    static const struct {
        unsigned bit;
        const char *what;
    } all[] = { { AS_KEEPS_META, "metadata" },
                { AS_KEEPS_RESULTS, "results" },
                { AS_KEEPS_HISTORY, "history" },
                { AS_KEEPS_UNITS, "units" },
                { AS_KEEPS_SIGMA, "standard deviations" },
                { AS_KEEPS_COLUMNS, "other columns" } };
    char text[128];
    size_t at = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (lost & all[i].bit)
            at +=
                (size_t)snprintf(text + at, sizeof text - at, "%s%s", at ? ", " : "", all[i].what);
    if (at > 0)
        as_warn(ctx, NULL, NULL, "%s has no place for: %s", exporter->name, text);
}

as_status as_export_close(as_export *e, unsigned *lost)
{
    if (e->all) AS_TRY(e->job.exporter->all(&e->job, e->n, (const as_table *const *)e->table));
    AS_TRY(as_out_flush(&e->out));
    free_tables(e);
    *lost |= e->needed & ~e->job.kept;
    return AS_OK;
}
