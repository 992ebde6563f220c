/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NeXus: HDF5 in groups with an attribute NX_class. NXroot holds an NXentry for each measurement,
 * that an NXdata: `signal` names y, `axes` its coordinates, the last of them x; in older files y
 * has an attribute signal=1 and names its axes itself, or they have an attribute axis. NXdata of
 * more dimensions are spectra, one for each place in the other dimensions.
 */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "headings.h"
#include "nexus.h"
#include "number.h"
#include "vocabulary.h"

enum { MOST_RANK = 4, DEEPEST = 6 };

static int probe(const as_probe *p)
{
    return p->size > 8 && memcmp(p->head, "\x89HDF\r\n\x1a\n", 8) == 0 ? AS_PROBE_MAGIC
                                                                       : AS_PROBE_NO;
}

/* --- names and words ------------------------------------------------------------------- */

const char *as_nexus_path(const as_nexus *r, const char *group, const char *name)
{
    return as_format(as_scratch(r->job->ctx), "%s/%s", strcmp(group, "/") == 0 ? "" : group, name);
}

const char *as_nexus_word(const as_nexus *r, const char *path, const char *attribute)
{
    size_t n;
    const char *const *word;
    if (r->h->words(r->f, path, attribute, &n, &word) != AS_OK) return NULL;
    return n ? word[0] : "";
}

as_status as_nexus_text(const as_nexus *r, const char *group, const char *name, const char **out)
{
    const as_h5item *item;
    as_h5shape shape;
    size_t n;
    *out = NULL;
    AS_TRY(r->h->list(r->f, group, &n, &item));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(item[i].name, name) != 0 || item[i].kind != AS_H5_TEXTS) continue;
        const char *path = as_nexus_path(r, group, name);
        if (!path) return AS_ERR;
        AS_TRY(r->h->shape(r->f, path, &shape));
        return shape.n == 1 ? r->h->read_texts(r->f, path, 1, out) : AS_OK;
    }
    return AS_OK;
}

static as_status is_class(const as_nexus *r, const char *path, const char *kind, bool *out)
{
    const char *word = as_nexus_word(r, path, "NX_class");
    *out = word && strcmp(word, kind) == 0;
    return word ? AS_OK : AS_ERR;
}

/* --- one NXdata ---------------------------------------------------------------------------- */

typedef struct field {
    const char *name, *path;
    as_h5shape shape;
    bool used; /* it has its place already */
} field;

typedef struct plot {
    const char *entry, *path;
    bool secondary;
    size_t n, rows, series;
    field *f;
    const field *y, *x;            /* x NULL: the number of the row */
    const field *along[MOST_RANK]; /* coordinates of the dimensions before the last; NULL: none */
    bool edges;                    /* x are the edges of bins */
    as_where where;
} plot;

static as_status list_fields(const as_nexus *r, plot *p)
{
    const as_h5item *item;
    size_t n;
    AS_TRY(r->h->list(r->f, p->path, &n, &item));
    p->f = AS_NEW_N(as_scratch(r->job->ctx), field, n + 1);
    if (!p->f) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        if (item[i].kind != AS_H5_NUMBERS && item[i].kind != AS_H5_TEXTS) continue;
        field *f = &p->f[p->n++];
        f->name = item[i].name;
        f->path = as_nexus_path(r, p->path, f->name);
        if (!f->path) return AS_ERR;
        AS_TRY(r->h->shape(r->f, f->path, &f->shape));
    }
    return AS_OK;
}

static field *find_field(const plot *p, const char *name, size_t n)
{
    for (size_t i = 0; i < p->n; i++)
        if (strlen(p->f[i].name) == n && memcmp(p->f[i].name, name, n) == 0) return &p->f[i];
    return NULL;
}

/* The field whose attribute is this number; of older files. */
static as_status find_marked(const as_nexus *r, const plot *p, const char *attribute, double number,
                             field **out)
{
    double value;
    *out = NULL;
    for (size_t i = 0; i < p->n && !*out; i++) {
        const char *word = as_nexus_word(r, p->f[i].path, attribute);
        if (!word) return AS_ERR;
        if (as_read_number(word, strlen(word), '.', &value) && value == number) *out = &p->f[i];
    }
    return AS_OK;
}

static as_status find_signal(const as_nexus *r, plot *p)
{
    const char *word = as_nexus_word(r, p->path, "signal");
    field *y = NULL;
    if (!word) return AS_ERR;
    if (*word) y = find_field(p, word, strlen(word));
    if (!y) AS_TRY(find_marked(r, p, "signal", 1, &y));
    if (!y)
        return as_fail(r->job->ctx, AS_E_MISSING, &p->where, "no signal in '%s'%s%s", p->path,
                       *word ? ", which names " : "", word);
    const as_h5shape *s = &y->shape;
    if (s->kind != AS_H5_NUMBERS || s->rank == 0 || s->rank > MOST_RANK)
        return as_fail(r->job->ctx, AS_E_FORMAT, &p->where,
                       "the signal '%s' has %zu dimensions, expected numbers in 1 to %d", y->path,
                       s->rank, MOST_RANK);
    p->rows = (size_t)s->size[s->rank - 1];
    p->series = p->rows ? (size_t)(s->n / p->rows) : 0;
    if (p->series == 0)
        return as_fail(r->job->ctx, AS_E_MISSING, &p->where, "the signal '%s' has no values",
                       y->path);
    y->used = true;
    p->y = y;
    return AS_OK;
}

/* "x", "[x]", "y:x" or "y,x" cut into names. */
static as_status split_axes(const as_nexus *r, const char *text, size_t *n, const char **name)
{
    for (*n = 0; *text && *n < MOST_RANK;) {
        text += strspn(text, "[:, ");
        const size_t length = strcspn(text, "]:, ");
        if (length == 0) break;
        name[*n] = as_strndup(as_scratch(r->job->ctx), text, length);
        if (!name[(*n)++]) return AS_ERR;
        text += length + strspn(text + length, "] ");
    }
    return AS_OK;
}

/* A coordinate has one dimension, of as many values as the signal there, or one more: edges. */
static as_status set_axis(const as_nexus *r, plot *p, size_t i, field *f)
{
    const as_h5shape *s = &p->y->shape;
    const bool last = i + 1 == s->rank;
    if (!f || f == p->y || f->shape.kind != AS_H5_NUMBERS) return AS_OK;
    const uint64_t n = f->shape.n;
    if (f->shape.rank > 1 || (n != s->size[i] && !(last && n == s->size[i] + 1)))
        return as_fail(r->job->ctx, AS_E_FORMAT, &p->where,
                       "axis '%s' has %llu values in %zu dimensions, expected %llu in one", f->path,
                       (unsigned long long)n, f->shape.rank, (unsigned long long)s->size[i]);
    f->used = true;
    if (!last)
        p->along[i] = f;
    else
        p->x = f;
    p->edges = last && n == s->size[i] + 1;
    return AS_OK;
}

static as_status find_axes(const as_nexus *r, plot *p)
{
    const char *cut[MOST_RANK], *const *word;
    const size_t rank = p->y->shape.rank;
    size_t n;
    field *f;
    AS_TRY(r->h->words(r->f, p->path, "axes", &n, &word));
    if (n == 0) AS_TRY(r->h->words(r->f, p->y->path, "axes", &n, &word));
    if (n == 1) {
        AS_TRY(split_axes(r, word[0], &n, cut));
        word = cut;
    }
    for (size_t i = 0; i < n && i < rank; i++)
        AS_TRY(set_axis(r, p, i, find_field(p, word[i], strlen(word[i]))));
    for (size_t i = 0; n == 0 && i < rank; i++) {
        AS_TRY(find_marked(r, p, "axis", (double)i + 1, &f));
        AS_TRY(set_axis(r, p, i, f));
    }
    return AS_OK;
}

/* --- columns --------------------------------------------------------------------------------- */

/* The word of the vocabulary, where it is not that already, with the unit. */
static as_status heading_of(const as_nexus *r, const field *f, bool is_y, as_heading *out)
{
    as_ctx *ctx = r->job->ctx;
    const char *unit = as_nexus_word(r, f->path, "units"), *name = f->name;
    const char *more = as_nexus_word(r, f->path, "long_name");
    if (!unit || !more) return AS_ERR;
    if (strcmp(name, "polar_angle") == 0) name = "two_theta";
    const as_word_entry *known = as_vocabulary(AS_WORD_COLUMN, name);
    AS_TRY(as_heading_of(ctx, name, *unit ? unit : NULL, out));
    if (r->ours && !*unit) out->unit = AS_UNITLESS;
    if (!out->known && !known && *more) {
        as_heading better;
        AS_TRY(as_heading_of(ctx, more, *unit ? unit : NULL, &better));
        if (better.known && !better.turned) *out = better;
    }
    const as_unit count = as_unit_of("count"), rate = as_unit_of("count/s");
    const bool counted =
        as_unit_same_dimension(&out->unit, &count) || as_unit_same_dimension(&out->unit, &rate);
    if (is_y && !out->known && !known && counted) out->name = "intensity";
    if (known || r->ours) out->name = name;
    return AS_OK;
}

static as_status add_column(const as_nexus *r, as_table *t, const char *name, as_role role,
                            as_unit unit, as_column **out)
{
    const char *free_name = name;
    for (size_t i = 2; free_name && as_find_name(t, free_name); i++)
        free_name = as_format(as_scratch(r->job->ctx), "%s_%zu", name, i);
    *out = free_name ? as_add_column(r->job->ctx, t, free_name, role, unit) : NULL;
    return *out ? AS_OK : AS_ERR;
}

/* The values of the field that belong to one series. */
static as_status read_part(const as_nexus *r, const plot *p, const field *f, size_t series,
                           double *out)
{
    const as_frame frame = as_enter(r->job->ctx);
    const size_t n = (size_t)f->shape.n;
    double *all = AS_NEW_N(as_scratch(r->job->ctx), double, n);
    as_status status = all ? r->h->read_numbers(r->f, f->path, n, all) : AS_ERR;
    const size_t from = n == p->rows ? 0 : series * p->rows;
    if (status == AS_OK) memcpy(out, all + from, p->rows * sizeof *out);
    as_leave(r->job->ctx, frame);
    return status;
}

static as_status add_x(const as_nexus *r, const plot *p, as_table *t)
{
    as_heading h;
    as_column *x;
    if (!p->x) {
        AS_TRY(add_column(r, t, "index", AS_ROLE_X, AS_UNITLESS, &x));
        for (size_t i = 0; i < p->rows; i++) x->v.f[i] = (double)i;
        return AS_OK;
    }
    AS_TRY(heading_of(r, p->x, false, &h));
    AS_TRY(add_column(r, t, h.name, AS_ROLE_X, h.unit, &x));
    if (!p->edges) return read_part(r, p, p->x, 0, x->v.f);
    double *edge = AS_NEW_N(as_scratch(r->job->ctx), double, p->rows + 1);
    if (!edge) return AS_ERR;
    AS_TRY(r->h->read_numbers(r->f, p->x->path, p->rows + 1, edge));
    for (size_t i = 0; i < p->rows; i++) x->v.f[i] = 0.5 * (edge[i] + edge[i + 1]);
    as_warn(r->job->ctx, t, &p->where, "'%s' has the edges of bins; x is their middle", p->x->name);
    return AS_OK;
}

/* y, times scaling_factor plus offset where the group has them. */
static as_status add_y(const as_nexus *r, plot *p, as_table *t, size_t series, as_column **y)
{
    double scale = 1, offset = 0;
    as_heading h;
    AS_TRY(heading_of(r, p->y, true, &h));
    AS_TRY(add_column(r, t, h.name, AS_ROLE_Y, h.unit, y));
    AS_TRY(read_part(r, p, p->y, series, (*y)->v.f));
    field *factor = find_field(p, "scaling_factor", 14), *shift = find_field(p, "offset", 6);
    if (factor && factor->shape.n == 1 && factor->shape.kind == AS_H5_NUMBERS) {
        AS_TRY(r->h->read_numbers(r->f, factor->path, 1, &scale));
        factor->used = true;
    }
    if (shift && shift->shape.n == 1 && shift->shape.kind == AS_H5_NUMBERS) {
        AS_TRY(r->h->read_numbers(r->f, shift->path, 1, &offset));
        shift->used = true;
    }
    for (size_t i = 0; (scale != 1 || offset != 0) && i < p->rows; i++)
        (*y)->v.f[i] = (*y)->v.f[i] * scale + offset;
    return AS_OK;
}

static bool same_shape(const as_h5shape *a, const as_h5shape *b)
{
    return a->rank == b->rank && memcmp(a->size, b->size, a->rank * sizeof *a->size) == 0;
}

/* NAME_errors, `errors` in older files, or what y's attribute `uncertainties` names. */
static as_status add_sigma(const as_nexus *r, plot *p, as_table *t, size_t series,
                           const as_column *y)
{
    const char *own = as_format(as_scratch(r->job->ctx), "%s_errors", p->y->name);
    const char *said = as_nexus_word(r, p->y->path, "uncertainties");
    as_column *sigma;
    if (!own || !said) return AS_ERR;
    field *f = find_field(p, own, strlen(own));
    if (!f && *said) f = find_field(p, said, strlen(said));
    if (!f) f = find_field(p, "errors", 6);
    if (!f || f->used || f->shape.kind != AS_H5_NUMBERS) return AS_OK;
    if (!same_shape(&f->shape, &p->y->shape))
        return as_fail(r->job->ctx, AS_E_FORMAT, &p->where, "'%s' has not the shape of the signal",
                       f->path);
    f->used = true;
    AS_TRY(add_column(r, t, "sigma", AS_ROLE_SIGMA, y->unit, &sigma));
    return read_part(r, p, f, series, sigma->v.f);
}

static as_status add_texts(const as_nexus *r, const plot *p, as_table *t, const field *f,
                           as_role role)
{
    const char **text = AS_NEW_N(as_scratch(r->job->ctx), const char *, p->rows);
    as_column *c = text ? as_add_text(r->job->ctx, t, f->name, role) : NULL;
    if (!c) return AS_ERR;
    AS_TRY(r->h->read_texts(r->f, f->path, p->rows, text));
    for (size_t i = 0; i < p->rows; i++)
        if (text[i][0] && !(c->v.s[i] = as_strdup(t->arena, text[i]))) return AS_ERR;
    return AS_OK;
}

/* "x_errors" of a column x is sigma_x. */
static as_status add_other(const as_nexus *r, const plot *p, as_table *t, const field *f,
                           size_t series)
{
    const char *word = as_nexus_word(r, f->path, "role");
    as_role role = AS_ROLE_OTHER;
    as_heading h;
    as_column *c;
    if (!word) return AS_ERR;
    if (!as_role_of(word, &role) || role == AS_ROLE_X || role == AS_ROLE_Y) role = AS_ROLE_OTHER;
    if (f->shape.kind == AS_H5_TEXTS)
        return f->shape.n == p->rows && !as_find_name(t, f->name) ? add_texts(r, p, t, f, role)
                                                                  : AS_OK;
    AS_TRY(heading_of(r, f, false, &h));
    const size_t n = strlen(f->name), end = strlen("_errors");
    if (n > end && strcmp(f->name + n - end, "_errors") == 0) {
        h.name = as_format(as_scratch(r->job->ctx), "sigma_%.*s", (int)(n - end), f->name);
        role = AS_ROLE_SIGMA;
    }
    if (!h.name) return AS_ERR;
    AS_TRY(add_column(r, t, h.name, role, h.unit, &c));
    const char *label = r->ours ? as_nexus_word(r, f->path, "long_name") : "";
    if (!label || (*label && !(c->label = as_strdup(t->arena, label)))) return AS_ERR;
    return read_part(r, p, f, series, c->v.f);
}

/* Where in the dimensions before the last this series is. */
static as_status add_place(const as_nexus *r, const plot *p, as_table *t, size_t series)
{
    size_t rest = series;
    for (size_t i = p->y->shape.rank - 1; i-- > 0;) {
        const size_t n = (size_t)p->y->shape.size[i], k = rest % n;
        rest /= n;
        const field *f = p->along[i];
        if (!f) {
            const char *key = as_format(as_scratch(r->job->ctx), "vendor.index_%zu", i + 1);
            if (!key) return AS_ERR;
            AS_TRY(as_set_number(r->job->ctx, t, key, (double)k, NAN, AS_UNITLESS, NULL));
            continue;
        }
        as_heading h;
        double *v = AS_NEW_N(as_scratch(r->job->ctx), double, n);
        if (!v) return AS_ERR;
        AS_TRY(r->h->read_numbers(r->f, f->path, n, v));
        AS_TRY(heading_of(r, f, false, &h));
        const char *key = as_vocabulary(AS_WORD_META, h.name)
                              ? h.name
                              : as_format(as_scratch(r->job->ctx), "vendor.%s", f->name);
        if (!key) return AS_ERR;
        AS_TRY(as_set_number(r->job->ctx, t, key, v[k], NAN, h.unit, NULL));
    }
    return AS_OK;
}

static as_status set_technique(const as_nexus *r, const plot *p, as_table *t)
{
    static const char *const known[][2] = { { "NXmonopd", "xrd" },
                                            { "NXxrd", "xrd" },
                                            { "NXxps", "xps" },
                                            { "NXmpes", "xps" },
                                            { "NXraman", "raman" } };
    const char *text = NULL;
    AS_TRY(as_nexus_text(r, p->entry, r->ours ? "technique" : "definition", &text));
    for (size_t i = 0; text && !r->ours && i < AS_COUNT(known); i++)
        if (as_starts(text, known[i][0])) return t->technique = known[i][1], AS_OK;
    if (text && r->ours && as_vocabulary(AS_WORD_TECHNIQUE, text))
        t->technique = as_strdup(t->arena, text);
    if (t->technique || r->ours) return AS_OK;
    as_heading h[2] = { { .name = t->column[0]->name, .known = true, .unit = t->column[0]->unit },
                        { .name = t->column[1]->name, .known = true, .unit = t->column[1]->unit } };
    t->technique = as_technique_of(2, h);
    return AS_OK;
}

static as_status read_series(as_nexus *r, plot *p, size_t series)
{
    as_column *y;
    as_table *t = as_table_new(r->job->ctx, p->rows);
    if (!t) return AS_ERR;
    for (size_t i = 0; i < p->n; i++) p->f[i].used = &p->f[i] == p->y || &p->f[i] == p->x;
    AS_TRY(add_x(r, p, t));
    AS_TRY(add_y(r, p, t, series, &y));
    AS_TRY(add_sigma(r, p, t, series, y));
    for (size_t i = 0; i < p->n; i++) {
        const field *f = &p->f[i];
        const bool whole = same_shape(&f->shape, &p->y->shape);
        if (!f->used && (whole || (f->shape.rank == 1 && f->shape.n == p->rows)))
            AS_TRY(add_other(r, p, t, f, series));
    }
    t->secondary = p->secondary;
    AS_TRY(set_technique(r, p, t));
    AS_TRY(as_nexus_describe(r, t, p->entry));
    AS_TRY(add_place(r, p, t, series));
    r->n++;
    return as_emit(r->job->out, r->job->ctx, t);
}

static as_status read_data(as_nexus *r, const char *entry, const char *path, bool secondary)
{
    plot p = {
        .entry = entry, .path = path, .secondary = secondary, .where = { .file = r->job->in->name }
    };
    AS_TRY(list_fields(r, &p));
    AS_TRY(find_signal(r, &p));
    AS_TRY(find_axes(r, &p));
    for (size_t i = 0; i < p.series; i++) {
        const as_frame frame = as_enter(r->job->ctx);
        const as_status status = read_series(r, &p, i);
        as_leave(r->job->ctx, frame);
        AS_TRY(status);
    }
    return AS_OK;
}

/* --- entries ---------------------------------------------------------------------------------- */

/* The NXdata to which the chain of `default` leads; NULL in *out: to none. */
static as_status follow_default(const as_nexus *r, const char *path, const char **out)
{
    *out = NULL;
    for (size_t depth = 0; depth < DEEPEST; depth++) {
        const as_h5item *item;
        size_t n, i = 0;
        bool is_data;
        const char *name = as_nexus_word(r, path, "default");
        if (!name) return AS_ERR;
        AS_TRY(r->h->list(r->f, path, &n, &item));
        while (i < n && (item[i].kind != AS_H5_GROUP || strcmp(item[i].name, name) != 0)) i++;
        if (i == n) return AS_OK;
        if (!(path = as_nexus_path(r, path, name))) return AS_ERR;
        AS_TRY(is_class(r, path, "NXdata", &is_data));
        if (is_data) return *out = path, AS_OK;
    }
    return AS_OK;
}

/* The NXdata of an entry; beside the default one the others are secondary. */
static as_status read_entry(as_nexus *r, const char *entry)
{
    const as_h5item *item;
    const char *chosen;
    size_t n;
    AS_TRY(follow_default(r, entry, &chosen));
    if (chosen) AS_TRY(read_data(r, entry, chosen, false));
    AS_TRY(r->h->list(r->f, entry, &n, &item));
    for (size_t i = 0; i < n; i++) {
        bool is_data;
        const char *path =
            item[i].kind == AS_H5_GROUP ? as_nexus_path(r, entry, item[i].name) : NULL;
        if (!path) continue;
        AS_TRY(is_class(r, path, "NXdata", &is_data));
        if (is_data && !(chosen && strcmp(chosen, path) == 0))
            AS_TRY(read_data(r, entry, path, chosen != NULL));
    }
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    as_nexus r = { .job = job, .h = as_hdf5_open(job->ctx) };
    const as_where where = { .file = job->in->name };
    const as_h5item *item;
    size_t n, entries = 0;
    if (!r.h) return AS_ERR;
    AS_TRY(r.h->open(job->ctx, as_scratch(job->ctx), job->in->name, job->in->data, job->in->size,
                     &r.f));
    const char *creator = as_nexus_word(&r, "/", "creator");
    if (!creator) return AS_ERR;
    r.ours = strncmp(creator, "assay ", 6) == 0;
    AS_TRY(r.h->list(r.f, "/", &n, &item));
    for (size_t i = 0; i < n; i++) {
        bool is_entry;
        const char *path =
            item[i].kind == AS_H5_GROUP ? as_nexus_path(&r, "/", item[i].name) : NULL;
        if (!path) continue;
        AS_TRY(is_class(&r, path, "NXentry", &is_entry));
        entries += is_entry;
        if (is_entry && read_entry(&r, path) != AS_OK)
            return as_while(job->ctx, "reading entry '%s'", path);
    }
    if (entries == 0) AS_TRY(read_entry(&r, "/"));
    if (r.n) return AS_OK;
    return as_fail(job->ctx, AS_E_FORMAT, &where,
                   "HDF5 with no NXdata in %zu entries: not a NeXus file of "
                   "curves",
                   entries);
}

static const char *const suffixes[] = { "nxs", "nx", "h5", "hdf5", "hdf", NULL };
static const char *const techniques[] = { "xrd",      "xps",   "raman", "ftir",    "thermal",
                                          "sorption", "echem", "uvvis", "generic", NULL };
static const char *const references[] = { "Koennecke et al., J. Appl. Cryst. 48 (2015) 301",
                                          "manual.nexusformat.org: NXdata, NXentry", NULL };
static const as_example examples[] = { { "there and back",
                                         "assay convert --to nexus tests/corpus/xrd/small.xy -o "
                                         "powder.nxs && assay read powder.nxs | tail -3" },
                                       { 0 } };
static const char *const see_also[] = { "nexus", "ecsv-meta", NULL };

const as_parser as_parser_nexus = {
    .name = "nexus-hdf5",
    .title = "NeXus (HDF5)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "specification",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read the NXdata of NeXus files",
             .description =
                 "Each NXentry gives its default NXdata, or all it has; those beside the default "
                 "are "
                 "secondary (`--part`). y is what `signal` names or has signal=1, x the last of "
                 "`axes`; further "
                 "dimensions make a series for each of their places, with their coordinates as "
                 "metadata. NAME_errors are standard deviations, other fields of the same length "
                 "columns; "
                 "scaling_factor and offset are applied. An axis of one value more than the signal "
                 "has the "
                 "edges of bins: x is their middle, with a warning.\n\n"
                 "Title, sample, instrument, time and wavelength are taken from where NeXus has "
                 "them; "
                 "other texts and numbers of the entry go under vendor. Files of `convert --to "
                 "nexus` come back "
                 "with metadata, results, covariance and history.\n\n"
                 "Nothing outside the file is opened: data in other files, and filters that need "
                 "plug-ins, are refused. HDF4 and XML forms of NeXus are not read.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
