/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around the data of a NeXus file, see nexus.h. */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "nexus.h"
#include "number.h"

enum { MOST_RESULTS = 1 << 16, MOST_COVARIANCE = 4096 };

/* One text or one number as metadata; a data set of more is left alone. */
static as_status set_value(const as_nexus *r, as_table *t, const char *key, const char *path,
                           as_h5kind kind)
{
    as_ctx *ctx = r->job->ctx;
    as_h5shape shape;
    const char *text;
    double number, u = NAN;
    as_unit unit = AS_UNITLESS;
    AS_TRY(r->h->shape(r->f, path, &shape));
    if (shape.n != 1) return AS_OK;
    if (kind == AS_H5_TEXTS) {
        AS_TRY(r->h->read_texts(r->f, path, 1, &text));
        if (!*text && !r->ours) return AS_OK;
        return strcmp(key, "measured") == 0 ? as_set_measured(ctx, t, text, false, NULL)
                                            : as_set_meta(ctx, t, key, text, NULL, NULL);
    }
    const char *symbol = as_nexus_word(r, path, "units"),
               *error = as_nexus_word(r, path, "uncertainty");
    text = as_nexus_word(r, path, "text");
    if (!symbol || !error || !text) return AS_ERR;
    AS_TRY(r->h->read_numbers(r->f, path, 1, &number));
    if (*symbol) AS_TRY(as_unit_parse(ctx, as_scratch(ctx), symbol, &unit));
    if (*error && !as_read_number(error, strlen(error), '.', &u)) u = NAN;
    if (*text && isnan(u)) return as_set_meta(ctx, t, key, text, unit.symbol, NULL);
    return as_set_number(ctx, t, key, number, u, unit, NULL);
}

/* --- files of others -------------------------------------------------------------------- */

typedef struct known_place {
    const char *group; /* the class of a group of the entry; of its groups where `deep` */
    const char *name, *key;
    bool deep;
} known_place;

static const known_place places[] = {
    { "NXsample", "name", "sample", false },
    { "NXsample", "temperature", "temperature", false },
    { "NXuser", "name", "operator", false },
    { "NXinstrument", "name", "instrument", false },
    { "NXinstrument", "wavelength", "wavelength", true },
    { "NXinstrument", "incident_wavelength", "wavelength", true },
    { "NXmonochromator", "wavelength", "wavelength", false },
    { "NXbeam", "incident_wavelength", "wavelength", false },
};

static as_status look_into(const as_nexus *r, as_table *t, const char *group, const char *kind,
                           bool deep)
{
    const as_h5item *item;
    size_t n;
    AS_TRY(r->h->list(r->f, group, &n, &item));
    for (size_t i = 0; i < n; i++) {
        const char *path = as_nexus_path(r, group, item[i].name);
        if (!path) return AS_ERR;
        if (item[i].kind == AS_H5_GROUP && !deep && strcmp(kind, "NXinstrument") == 0)
            AS_TRY(look_into(r, t, path, kind, true));
        for (size_t k = 0; k < AS_COUNT(places); k++)
            if (places[k].deep == deep && strcmp(places[k].group, kind) == 0 &&
                strcmp(places[k].name, item[i].name) == 0 && !as_get_meta(t, places[k].key) &&
                (item[i].kind == AS_H5_TEXTS || item[i].kind == AS_H5_NUMBERS))
                AS_TRY(set_value(r, t, places[k].key, path, item[i].kind));
    }
    return AS_OK;
}

static as_status describe_others(const as_nexus *r, as_table *t, const char *entry)
{
    const as_h5item *item;
    size_t n;
    AS_TRY(r->h->list(r->f, entry, &n, &item));
    for (size_t i = 0; i < n; i++) {
        const char *path = as_nexus_path(r, entry, item[i].name);
        if (!path) return AS_ERR;
        if (item[i].kind == AS_H5_GROUP) {
            const char *kind = as_nexus_word(r, path, "NX_class");
            if (!kind) return AS_ERR;
            AS_TRY(look_into(r, t, path, kind, false));
            continue;
        }
        if (item[i].kind == AS_H5_OTHER || strcmp(item[i].name, "title") == 0) continue;
        const char *key = strcmp(item[i].name, "start_time") == 0
                              ? "measured"
                              : as_format(as_scratch(r->job->ctx), "vendor.%s", item[i].name);
        if (!key) return AS_ERR;
        AS_TRY(set_value(r, t, key, path, item[i].kind));
    }
    return AS_OK;
}

/* --- our own ------------------------------------------------------------------------------- */

static as_status own_metadata(const as_nexus *r, as_table *t, const char *entry)
{
    const as_h5item *item;
    size_t n;
    const char *group = as_nexus_path(r, entry, "metadata");
    if (!group) return AS_ERR;
    AS_TRY(r->h->list(r->f, group, &n, &item));
    for (size_t i = 0; i < n; i++) {
        const char *path = as_nexus_path(r, group, item[i].name);
        const char *key = path ? as_nexus_word(r, path, "key") : NULL;
        if (!key) return AS_ERR;
        AS_TRY(set_value(r, t, *key ? key : item[i].name, path, item[i].kind));
    }
    return AS_OK;
}

/* A column of the results' collection; NULL in *out: it has none of n texts. */
static as_status result_texts(const as_nexus *r, const char *group, const char *name, size_t n,
                              const char ***out)
{
    const char *path = as_nexus_path(r, group, name);
    *out = AS_NEW_N(as_scratch(r->job->ctx), const char *, n);
    if (!path || !*out) return AS_ERR;
    return r->h->read_texts(r->f, path, n, *out);
}

static as_status own_covariance(const as_nexus *r, as_table *t, const char *path, size_t n)
{
    as_arena *scratch = as_scratch(r->job->ctx);
    if (n > MOST_COVARIANCE) return AS_OK;
    double *cov = AS_NEW_N(scratch, double, n *n);
    size_t *which = AS_NEW_N(scratch, size_t, n);
    if (!cov || !which) return AS_ERR;
    AS_TRY(r->h->read_numbers(r->f, path, n * n, cov));
    size_t known = 0; /* those whose variance is stated */
    for (size_t i = 0; i < n; i++)
        if (isfinite(cov[i * n + i]) && cov[i * n + i] > 0) which[known++] = i;
    for (size_t i = 0; i < known; i++) /* read ahead of where it writes */
        for (size_t k = 0; k < known; k++) cov[i * known + k] = cov[which[i] * n + which[k]];
    return known ? as_set_covariance(r->job->ctx, t, known, which, cov) : AS_OK;
}

static as_status own_results(const as_nexus *r, as_table *t, const char *entry)
{
    as_arena *scratch = as_scratch(r->job->ctx);
    const char *group = as_nexus_path(r, entry, "results");
    const char *value = group ? as_nexus_path(r, group, "value") : NULL;
    const char *errors = group ? as_nexus_path(r, group, "value_errors") : NULL;
    const char **item, **quantity, **unit, **bound, **flag, **method, *covariance = NULL;
    const as_h5item *all;
    as_h5shape shape;
    size_t n;
    if (!value || !errors) return AS_ERR;
    AS_TRY(r->h->list(r->f, group, &n, &all));
    if (n == 0) return AS_OK;
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, "covariance") == 0)
            covariance = as_nexus_path(r, group, "covariance");
    AS_TRY(r->h->shape(r->f, value, &shape));
    n = (size_t)shape.n;
    double *v = n <= MOST_RESULTS ? AS_NEW_N(scratch, double, n) : NULL,
           *u = AS_NEW_N(scratch, double, n);
    if (!v || !u) return AS_ERR;
    AS_TRY(r->h->read_numbers(r->f, value, n, v));
    AS_TRY(r->h->read_numbers(r->f, errors, n, u));
    AS_TRY(result_texts(r, group, "item", n, &item));
    AS_TRY(result_texts(r, group, "quantity", n, &quantity));
    AS_TRY(result_texts(r, group, "unit", n, &unit));
    AS_TRY(result_texts(r, group, "bound", n, &bound));
    AS_TRY(result_texts(r, group, "flag", n, &flag));
    AS_TRY(result_texts(r, group, "method", n, &method));
    for (size_t i = 0; i < n; i++) {
        as_result one = { .item = item[i],
                          .quantity = quantity[i],
                          .value = v[i],
                          .u = u[i],
                          .unit = AS_UNITLESS,
                          .flag = flag[i],
                          .bound = *bound[i] == '<'   ? AS_BELOW
                                   : *bound[i] == '>' ? AS_ABOVE
                                                      : AS_EQUAL,
                          .method = *method[i] ? method[i] : NULL };
        if (*unit[i]) AS_TRY(as_unit_parse(r->job->ctx, scratch, unit[i], &one.unit));
        AS_TRY(as_add_result(r->job->ctx, t, &one));
    }
    return covariance ? own_covariance(r, t, covariance, n) : AS_OK;
}

/* process_1, process_2 ... as far as they go. */
static as_status own_history(const as_nexus *r, as_table *t, const char *entry)
{
    for (size_t i = 1;; i++) {
        const char *name = as_format(as_scratch(r->job->ctx), "process_%zu", i);
        const char *group = name ? as_nexus_path(r, entry, name) : NULL;
        as_step step = { 0 };
        if (!group) return AS_ERR;
        AS_TRY(as_nexus_text(r, group, "operation", &step.op));
        AS_TRY(as_nexus_text(r, group, "version", &step.version));
        AS_TRY(as_nexus_text(r, group, "settings", &step.settings));
        AS_TRY(as_nexus_text(r, group, "sha256", &step.sha256));
        if (!step.op || !step.version) return AS_OK;
        AS_TRY(as_add_step(r->job->ctx, t, &step));
    }
}

as_status as_nexus_describe(const as_nexus *r, as_table *t, const char *entry)
{
    const char *title;
    AS_TRY(as_nexus_text(r, entry, "title", &title));
    if (title && *title && !(t->label = as_strdup(t->arena, title))) return AS_ERR;
    if (!r->ours) return describe_others(r, t, entry);
    AS_TRY(own_metadata(r, t, entry));
    AS_TRY(own_results(r, t, entry));
    return own_history(r, t, entry);
}
