/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NeXus: HDF5 with the names of manual.nexusformat.org. One NXentry for each series: its columns
 * in an NXdata, its metadata and results in NXcollections, one NXprocess for each step of its
 * history. No application definition is declared: none of those for these techniques (NXmonopd,
 * NXxps, NXraman) has all that it requires (monitors, times, beams) in what instruments export.
 */
#include <math.h>
#include <string.h>

#include "exporter.h"
#include "hdf_file.h"
#include "number.h"
#include "vocabulary.h"

typedef struct nexus_settings {
    char unused;
} nexus_settings;

static const as_param params[] = { AS_PARAMS_END };

const as_hdf5 *as_hdf5_open(as_ctx *ctx)
{
#ifdef ASSAY_HDF5
#ifndef ASSAY_MODULES
    extern const as_hdf5 as_module_hdf5;
#endif
    return AS_MODULE(ctx, "hdf5", as_hdf5, as_module_hdf5);
#else
    (void)!as_fail(ctx, AS_E_IO, NULL, "this assay was built without HDF5");
    return NULL;
#endif
}

typedef struct writing {
    as_export_job *job;
    const as_hdf5 *h;
    as_h5file *f;
    const as_table *t;
    const char *entry, *data; /* paths */
} writing;

/* --- names ----------------------------------------------------------------------------------- */

/* Letters, digits, _ and . are what NeXus allows in names; a name begins with a letter or _. */
static char *nexus_name(as_arena *a, const char *name)
{
    const bool first =
        (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || *name == '_';
    char *out = as_format(a, "%s%s", first ? "" : "_", name);
    for (char *c = out; c && *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
              *c == '_' || *c == '.'))
            *c = '_';
    return out;
}

static const char *path_of(const writing *w, const char *group, const char *name)
{
    const char *plain = nexus_name(w->job->keep, name);
    return plain ? as_format(w->job->keep, "%s/%s", group, plain) : NULL;
}

static as_status add_group(const writing *w, const char *path, const char *kind)
{
    if (!path) return AS_ERR;
    AS_TRY(w->h->group(w->f, path));
    return w->h->attribute(w->f, path, "NX_class", kind);
}

static as_status add_text(const writing *w, const char *group, const char *name, const char *text)
{
    const char *path = path_of(w, group, name);
    if (!path) return AS_ERR;
    return text ? w->h->texts(w->f, path, 0, &text) : AS_OK;
}

/* --- the data -------------------------------------------------------------------------------- */

/* "x_errors" is NXdata's name for the standard deviations of x. */
static const char *column_name(const writing *w, const as_column *c)
{
    const as_column *y = as_find_role(w->t, AS_ROLE_Y);
    if (c->role != AS_ROLE_SIGMA || !y) return c->name;
    if (strncmp(c->name, "sigma_", 6) == 0 && as_find_name(w->t, c->name + 6))
        return as_format(w->job->keep, "%s_errors", c->name + 6);
    return as_format(w->job->keep, "%s_errors", y->name);
}

static as_status add_column(const writing *w, const as_column *c)
{
    const char *name = column_name(w, c), *path = name ? path_of(w, w->data, name) : NULL;
    if (!path) return AS_ERR;
    AS_TRY(c->type == AS_TEXT ? w->h->texts(w->f, path, w->t->rows, c->v.s)
                              : w->h->numbers(w->f, path, w->t->rows, 0, c->v.f));
    if (c->type == AS_F64 && c->unit.symbol && strcmp(c->unit.symbol, "1") != 0)
        AS_TRY(w->h->attribute(w->f, path, "units", c->unit.symbol));
    const bool own = c->label && !as_vocabulary(AS_WORD_COLUMN, c->name);
    if (own && strcmp(c->label, c->name) != 0)
        AS_TRY(w->h->attribute(w->f, path, "long_name", c->label));
    return w->h->attribute(w->f, path, "role", as_role_name(c->role));
}

/* Numbers beside y that are drawn with it: background, model, its parts. */
static as_status add_auxiliary(const writing *w)
{
    size_t n = 0;
    const char **names = AS_NEW_N(w->job->keep, const char *, w->t->n_columns + 1);
    if (!names) return AS_ERR;
    for (size_t i = 0; i < w->t->n_columns; i++) {
        const as_column *c = w->t->column[i];
        if (c->role != AS_ROLE_BASELINE && c->role != AS_ROLE_MODEL && c->role != AS_ROLE_COMPONENT)
            continue;
        names[n] = nexus_name(w->job->keep, c->name);
        if (!names[n++]) return AS_ERR;
    }
    return n ? w->h->attribute_list(w->f, w->data, "auxiliary_signals", n, names) : AS_OK;
}

static as_status add_data(writing *w)
{
    const as_column *x = as_find_role(w->t, AS_ROLE_X), *y = as_find_role(w->t, AS_ROLE_Y);
    w->data = as_format(w->job->keep, "%s/data", w->entry);
    AS_TRY(add_group(w, w->data, "NXdata"));
    const char *x_name = x ? nexus_name(w->job->keep, x->name) : NULL;
    const char *y_name = y ? nexus_name(w->job->keep, y->name) : NULL;
    if (x_name) {
        const char *indices = as_format(w->job->keep, "%s_indices", x_name);
        if (!indices) return AS_ERR;
        AS_TRY(w->h->attribute_list(w->f, w->data, "axes", 1, &x_name));
        AS_TRY(w->h->attribute_integer(w->f, w->data, indices, 0));
    }
    if (y_name) AS_TRY(w->h->attribute(w->f, w->data, "signal", y_name));
    AS_TRY(add_auxiliary(w));
    for (size_t i = 0; i < w->t->n_columns; i++) AS_TRY(add_column(w, w->t->column[i]));
    return AS_OK;
}

/* --- what is known of them ------------------------------------------------------------------- */

/* `name` is that of the data set; a key that is no name of NeXus, and the text of a number that is not
 * the shortest one, stand in attributes. */
static as_status add_meta(const writing *w, const char *group, const char *name, const as_meta *m)
{
    const char *path = path_of(w, group, name);
    char shortest[AS_NUMBER_MAX];
    if (!path) return AS_ERR;
    const bool number = isfinite(m->number);
    AS_TRY(number ? w->h->numbers(w->f, path, 0, 0, &m->number)
                  : add_text(w, group, name, m->text ? m->text : ""));
    if (strcmp(strrchr(path, '/') + 1, m->key) != 0)
        AS_TRY(w->h->attribute(w->f, path, "key", m->key));
    if (!number) return AS_OK;
    as_write_number(m->number, shortest);
    if (m->text && strcmp(m->text, shortest) != 0)
        AS_TRY(w->h->attribute(w->f, path, "text", m->text));
    if (m->unit.symbol && strcmp(m->unit.symbol, "1") != 0)
        AS_TRY(w->h->attribute(w->f, path, "units", m->unit.symbol));
    return isfinite(m->u) ? w->h->attribute_number(w->f, path, "uncertainty", m->u) : AS_OK;
}

/* Two keys may become one name; the later one gets a number. */
static as_status add_metadata(const writing *w)
{
    const char *group = as_format(w->job->keep, "%s/metadata", w->entry);
    if (w->t->n_meta == 0) return AS_OK;
    AS_TRY(add_group(w, group, "NXcollection"));
    for (size_t i = 0; i < w->t->n_meta; i++) {
        const as_meta *m = &w->t->meta[i];
        const char *name = nexus_name(w->job->keep, m->key), *plain = name;
        for (size_t k = 0; name && k < i; k++) {
            const char *other = nexus_name(w->job->keep, w->t->meta[k].key);
            if (other && strcmp(other, plain) == 0) name = as_format(w->job->keep, "%s_%zu", plain, i);
        }
        if (!name) return AS_ERR;
        AS_TRY(add_meta(w, group, name, m));
    }
    const as_meta *sample = as_get_meta(w->t, "sample");
    if (!sample) return AS_OK;
    const char *path = as_format(w->job->keep, "%s/sample", w->entry);
    AS_TRY(add_group(w, path, "NXsample"));
    return add_text(w, path, "name", sample->text);
}

typedef const char *text_getter(const as_result *r);
static const char *get_item(const as_result *r)
{
    return r->item;
}
static const char *get_quantity(const as_result *r)
{
    return r->quantity;
}
static const char *get_unit(const as_result *r)
{
    return r->unit.symbol;
}
static const char *get_flag(const as_result *r)
{
    return r->flag;
}
static const char *get_method(const as_result *r)
{
    return r->method;
}
static const char *get_bound(const as_result *r)
{
    return r->bound == AS_BELOW ? "<" : r->bound == AS_ABOVE ? ">" : "=";
}

static as_status add_result_numbers(const writing *w, const char *group)
{
    const size_t n = w->t->n_results;
    double *v = AS_NEW_N(w->job->keep, double, n), *u = AS_NEW_N(w->job->keep, double, n);
    const char *value = path_of(w, group, "value"), *errors = path_of(w, group, "value_errors");
    if (!v || !u || !value || !errors) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        v[i] = w->t->result[i].value;
        u[i] = w->t->result[i].u;
    }
    AS_TRY(w->h->numbers(w->f, value, n, 0, v));
    AS_TRY(w->h->numbers(w->f, errors, n, 0, u));
    if (!as_has_covariance(w->t)) return AS_OK;
    double *cov = n <= 4096 ? AS_NEW_N(w->job->keep, double, n *n) : NULL;
    const char *path = path_of(w, group, "covariance");
    if (!cov || !path) return AS_ERR;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) cov[i * n + k] = as_get_covariance(w->t, i, k);
    return w->h->numbers(w->f, path, n, n, cov);
}

static as_status add_results(const writing *w)
{
    static const struct {
        const char *name;
        text_getter *get;
    } columns[] = {
        { "item", get_item },   { "quantity", get_quantity }, { "unit", get_unit },
        { "bound", get_bound }, { "flag", get_flag },         { "method", get_method },
    };
    const char *group = as_format(w->job->keep, "%s/results", w->entry);
    const size_t n = w->t->n_results;
    if (n == 0) return AS_OK;
    const char **texts = AS_NEW_N(w->job->keep, const char *, n);
    if (!texts) return AS_ERR;
    AS_TRY(add_group(w, group, "NXcollection"));
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        const char *path = path_of(w, group, columns[c].name);
        if (!path) return AS_ERR;
        for (size_t i = 0; i < n; i++) texts[i] = columns[c].get(&w->t->result[i]);
        AS_TRY(w->h->texts(w->f, path, n, texts));
    }
    return add_result_numbers(w, group);
}

static as_status add_history(const writing *w)
{
    for (size_t i = 0; i < w->t->n_steps; i++) {
        const as_step *s = &w->t->step[i];
        const char *group = as_format(w->job->keep, "%s/process_%zu", w->entry, i + 1);
        AS_TRY(add_group(w, group, "NXprocess"));
        AS_TRY(add_text(w, group, "program", "assay"));
        AS_TRY(add_text(w, group, "version", s->version));
        AS_TRY(w->h->integer(w->f, path_of(w, group, "sequence_index"), (int64_t)i + 1));
        AS_TRY(add_text(w, group, "operation", s->op));
        AS_TRY(add_text(w, group, "settings", s->settings));
        AS_TRY(add_text(w, group, "sha256", s->sha256));
    }
    if (w->t->n_warnings == 0) return AS_OK;
    const char *path = path_of(w, w->entry, "warnings");
    return path ? w->h->texts(w->f, path, w->t->n_warnings, w->t->warning) : AS_ERR;
}

static as_status add_entry(writing *w)
{
    AS_TRY(add_group(w, w->entry, "NXentry"));
    AS_TRY(w->h->attribute(w->f, w->entry, "default", "data"));
    AS_TRY(add_text(w, w->entry, "title", w->t->label ? w->t->label : w->t->name));
    AS_TRY(add_text(w, w->entry, "technique", w->t->technique));
    AS_TRY(add_data(w));
    AS_TRY(add_metadata(w));
    AS_TRY(add_results(w));
    return add_history(w);
}

/* --- the file -------------------------------------------------------------------------------- */

/* A name that no entry before has. */
static const char *entry_name(as_export_job *job, size_t i, size_t n, const as_table *const *t)
{
    const char *name = nexus_name(job->keep, t[i]->name ? t[i]->name : "entry");
    for (size_t k = 0; name && k < n; k++) {
        const char *other =
            k == i ? NULL : nexus_name(job->keep, t[k]->name ? t[k]->name : "entry");
        if (other && strcmp(other, name) == 0) return as_format(job->keep, "%s_%zu", name, i);
    }
    return name;
}

static as_status all(as_export_job *job, size_t n, const as_table *const *t)
{
    writing w = { .job = job, .h = as_hdf5_open(job->ctx) };
    const unsigned char *data;
    size_t size;
    if (!w.h) return AS_ERR;
    AS_TRY(w.h->create(job->ctx, job->keep, &w.f));
    AS_TRY(w.h->attribute(w.f, "/", "NX_class", "NXroot"));
    AS_TRY(w.h->attribute(w.f, "/", "creator", "assay " ASSAY_VERSION));
    for (size_t i = 0; i < n; i++) {
        const char *name = entry_name(job, i, n, t);
        w.t = t[i];
        w.entry = name ? as_format(job->keep, "/%s", name) : NULL;
        if (!w.entry) return AS_ERR;
        if (i == 0) AS_TRY(w.h->attribute(w.f, "/", "default", name));
        AS_TRY(add_entry(&w));
    }
    AS_TRY(w.h->bytes(w.f, &data, &size));
    if (fwrite(data, 1, size, job->to) == size) return AS_OK;
    return as_fail(job->ctx, AS_E_IO, NULL, "the file cannot be written");
}

static const as_example examples[] = {
    { "a diffractogram for programs that read NeXus",
      "assay convert --to nexus tests/corpus/xrd/small.xy -o small.nxs" },
    { 0 }
};
static const char *const references[] = { "Koennecke et al., J. Appl. Cryst. 48 (2015) 301",
                                          "manual.nexusformat.org: NXdata, NXprocess", NULL };
static const char *const see_also[] = { "nexus-hdf5", "ecsv-meta", "pack", NULL };

const as_exporter as_exporter_nexus = {
    .name = "nexus",
    .suffix = "nxs",
    .keeps = AS_KEEPS_ALL,
    .settings_size = sizeof(nexus_settings),
    .params = params,
    .all = all,
    .doc = { .summary = "NeXus (HDF5), an NXentry for each series",
             .description = "Columns stand in an NXdata with `signal`, `axes` and "
                            "`auxiliary_signals`; standard deviations are "
                            "called NAME_errors. Metadata and results, their covariance included, "
                            "are NXcollections; every step "
                            "of the history is an NXprocess. `assay read` reads all of it back. Equal "
                            "input gives equal bytes: "
                            "nothing in the file is a time.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
