/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay info: what is in files or in a stream, for a person or as JSON. */
#include <math.h>
#include <string.h>

#include "claim.h"
#include "json.h"
#include "number.h"
#include "pipeline.h"
#include "sink.h"
#include "verb.h"

typedef struct {
    bool json, meta, results;
} info_settings;

static const as_param params[] = { AS_BOOL(info_settings, meta, "meta", "yes", "the metadata too"),
                                   AS_BOOL(info_settings, results, "results", "yes",
                                           "the results too, with standard uncertainties"),
                                   AS_BOOL(info_settings, json, "json", "no", "one JSON document"),
                                   AS_PARAMS_END };

typedef struct show {
    as_sink sink;
    const info_settings *set;
    as_ctx *ctx;
    FILE *to;
    size_t n;
} show;

static void limits(const as_column *c, size_t rows, double *lo, double *hi, size_t *missing)
{
    *lo = INFINITY;
    *hi = -INFINITY;
    *missing = 0;
    for (size_t i = 0; i < rows; i++) {
        const double v = c->v.f[i];
        *missing += isnan(v) != 0;
        *lo = fmin(*lo, isnan(v) ? INFINITY : v);
        *hi = fmax(*hi, isnan(v) ? -INFINITY : v);
    }
}

static void number(FILE *to, double value)
{
    char text[AS_NUMBER_MAX];
    as_write_number(value, text);
    fputs(text, to);
}

static void text_column(FILE *to, const as_column *c, size_t rows)
{
    fprintf(to, "  %-22s %-8s ", c->name, as_role_name(c->role));
    if (c->type == AS_TEXT) {
        fputs("text\n", to);
        return;
    }
    double lo, hi;
    size_t missing;
    limits(c, rows, &lo, &hi, &missing);
    if (lo <= hi) fprintf(to, "%.8g ... %.8g", lo, hi);
    fprintf(to, " %s", c->unit.symbol);
    if (missing) fprintf(to, ", %zu missing", missing);
    fputc('\n', to);
}

static void text_meta(FILE *to, const as_meta *m)
{
    fprintf(to, "  %-30s ", m->key);
    for (const char *c = m->text; c && *c; c++) { /* further lines below the first */
        fputc(*c, to);
        if (*c == '\n') fprintf(to, "%33s", "");
    }
    if (isfinite(m->u)) {
        fputs(" ± ", to);
        number(to, m->u);
    }
    if (isfinite(m->number) && strcmp(m->unit.symbol, "1") != 0) fprintf(to, " %s", m->unit.symbol);
    fputc('\n', to);
}

/* "111 position (5.806 ± 0.003) deg"; a limit with its sign, and the flag where it is not ok. */
static void text_result(const show *k, const as_result *r)
{
    const double u = isnan(r->u) ? 0 : r->u; /* counts and the like have none */
    const char *value = as_quantity_text(as_scratch(k->ctx), r->value, u, r->unit.symbol, r->bound);
    const char *flag = r->flag && strcmp(r->flag, "ok") != 0 ? r->flag : "";
    fprintf(k->to, "  %-14s %-24s %s%s%s\n", r->item, r->quantity, value ? value : "", *flag ? "  " : "",
            flag);
}

static void show_text(const show *k, const as_table *t)
{
    fprintf(k->to, "%sseries %u: %s%s%s, %s, %zu rows\n", k->n ? "\n" : "", t->number,
            t->name ? t->name : "", t->label ? " = " : "", t->label ? t->label : "",
            t->technique ? t->technique : "technique not stated", t->rows);
    for (size_t i = 0; i < t->n_columns; i++) text_column(k->to, t->column[i], t->rows);
    for (size_t i = 0; k->set->meta && i < t->n_meta; i++) text_meta(k->to, &t->meta[i]);
    for (size_t i = 0; k->set->results && i < t->n_results; i++) text_result(k, &t->result[i]);
    if (!k->set->results && t->n_results) fprintf(k->to, "  %zu results\n", t->n_results);
    for (size_t i = 0; i < t->n_steps; i++)
        fprintf(k->to, "  step %s %s\n", t->step[i].op, t->step[i].settings);
    for (size_t i = 0; i < t->n_warnings; i++) fprintf(k->to, "  warning: %s\n", t->warning[i]);
}

static void json_column(FILE *to, const as_column *c, size_t rows)
{
    fputs("{\"name\": ", to);
    as_json_text(to, c->name);
    fprintf(to, ", \"role\": \"%s\", \"unit\": ", as_role_name(c->role));
    as_json_text(to, c->type == AS_TEXT ? NULL : c->unit.symbol);
    if (c->type == AS_F64) {
        double lo, hi;
        size_t missing;
        limits(c, rows, &lo, &hi, &missing);
        fputs(", \"min\": ", to);
        as_json_number(to, lo);
        fputs(", \"max\": ", to);
        as_json_number(to, hi);
        fprintf(to, ", \"missing\": %zu", missing);
    }
    fputc('}', to);
}

static void json_meta(FILE *to, const as_meta *m)
{
    as_json_text(to, m->key);
    fputs(": ", to);
    if (!isfinite(m->number)) {
        as_json_text(to, m->text);
        return;
    }
    fputs("{\"value\": ", to);
    as_json_number(to, m->number);
    fputs(", \"unit\": ", to);
    as_json_text(to, m->unit.symbol);
    if (isfinite(m->u)) {
        fputs(", \"u\": ", to);
        as_json_number(to, m->u);
    }
    fputc('}', to);
}

static void show_json(const show *k, const as_table *t)
{
    fprintf(k->to, "%s{\"series\": %u, \"name\": ", k->n ? ",\n" : "[\n", t->number);
    as_json_text(k->to, t->name);
    fputs(", \"label\": ", k->to);
    as_json_text(k->to, t->label);
    fputs(", \"technique\": ", k->to);
    as_json_text(k->to, t->technique);
    fprintf(k->to, ", \"rows\": %zu, \"results\": %zu, \"columns\": [", t->rows, t->n_results);
    for (size_t i = 0; i < t->n_columns; i++) {
        if (i) fputs(", ", k->to);
        json_column(k->to, t->column[i], t->rows);
    }
    fputs("], \"meta\": {", k->to);
    for (size_t i = 0; k->set->meta && i < t->n_meta; i++) {
        if (i) fputs(", ", k->to);
        json_meta(k->to, &t->meta[i]);
    }
    fputs("}, \"warnings\": [", k->to);
    for (size_t i = 0; i < t->n_warnings; i++) {
        if (i) fputs(", ", k->to);
        as_json_text(k->to, t->warning[i]);
    }
    fputs("]}", k->to);
}

static as_status put_show(as_sink *self, as_ctx *ctx, as_table *t)
{
    show *k = (show *)(void *)self;
    k->ctx = ctx;
    if (k->set->json)
        show_json(k, t);
    else
        show_text(k, t);
    k->n++;
    as_table_free(t);
    return AS_OK;
}

static as_status run(as_session *s, const void *settings, size_t n, const as_word *operands,
                     int *answer)
{
    show k = { .sink = { put_show }, .set = settings };
    AS_TRY(as_output_open(s));
    k.to = s->out;
    AS_TRY(as_feed_each(s, n, operands, &k.sink, answer));
    if (k.set->json) fputs(k.n ? "\n]\n" : "[]\n", k.to);
    return as_output_commit(s);
}

static const as_example examples[] = {
    { "columns, limits, metadata and history", "assay info tests/corpus/xrd/small.xy" }, { 0 }
};
static const char *const see_also[] = { "read", "identify", "check", NULL };

const as_verb as_verb_info = {
    .name = "info",
    .group = "files",
    .operands = "[FILE...]",
    .settings_size = sizeof(info_settings),
    .params = params,
    .run = run,
    .doc = { .summary = "show what is in files or in a stream",
             .description = "Per series: columns with role, limits and unit, metadata, "
                            "results, history and "
                            "warnings. The data are not printed.\n\nA file that cannot be read is reported, "
                            "the others are shown, and the exit status is then 3 (5 where the system refused).",
             .examples = examples,
             .see_also = see_also },
};
