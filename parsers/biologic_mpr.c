/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw data .mpr of BioLogic EC-Lab and BT-Lab, little-endian: a magic of 52 bytes, then modules
 * "VMP Set", "VMP data", "VMP LOG", "VMP loop", each behind a head: "MODULE", a name of 10 and one of
 * 25 bytes, [from EC-Lab 11.50 on 0xffffffff,] the length, the version [, a second version], the date
 * as mm/dd/yy. The data: number of points, number of columns, the numbers of the columns, zeros, then
 * the points, packed. Columns of single bits share one byte, where the first of them stands. */
#include <string.h>

#include "biologic.h"
#include "echem.h"
#include "spectrum.h"

#define MAGIC "BIO-LOGIC MODULAR FILE\x1a                         \0\0\0\0"
enum { MAGIC_SIZE = 52, SHORT_HEAD = 57, LONG_HEAD = 65, MOST_IDS = 256 };

typedef struct {
    const char *name; /* "VMP data" */
    uint64_t at;      /* of what it holds */
    uint32_t size, version, second; /* the second version is 0 with a short head */
    bool is_long;     /* its head */
    char date[9];
} module;

typedef struct {
    as_parse *job;
    module set, data, log, loop; /* name NULL: there is none */
    size_t n;                    /* columns of the file */
    uint16_t id[MOST_IDS];
    size_t offset[MOST_IDS];     /* in a point */
    uint32_t points;
    size_t width;                /* bytes of a point */
    uint64_t first;              /* byte of the first point */
} reading;

static int probe(const as_probe *p)
{
    if (p->size < MAGIC_SIZE || memcmp(p->head, MAGIC, MAGIC_SIZE) != 0) return AS_PROBE_NO;
    return memcmp(p->head + MAGIC_SIZE, "MODULE", strlen("MODULE")) == 0 ? AS_PROBE_VERIFIED
                                                                          : AS_PROBE_MAGIC;
}

/* --- modules ------------------------------------------------------------------------- */
static as_status read_head(as_parse *job, uint64_t at, module *m)
{
    uint32_t mark;
    as_ctx *ctx = job->ctx;
    const as_where where = as_at_byte(job->in, at);
    AS_TRY(as_need_bytes(ctx, job->in, at, SHORT_HEAD, 1, "the head of a module"));
    if (memcmp(job->in->data + at, "MODULE", 6) != 0)
        return as_fail(ctx, AS_E_SYNTAX, &where, "no 'MODULE' where the module before ends");
    AS_TRY(as_text_at(ctx, job->in, at + 6, 10, &m->name));
    AS_TRY(as_u32le(ctx, job->in, at + 41, &mark));
    m->is_long = mark == UINT32_MAX;
    const uint64_t next = at + 41 + (m->is_long ? 4 : 0);
    AS_TRY(as_u32le(ctx, job->in, next, &m->size));
    AS_TRY(as_u32le(ctx, job->in, next + 4, &m->version));
    if (m->is_long) AS_TRY(as_u32le(ctx, job->in, next + 8, &m->second));
    m->at = at + (m->is_long ? LONG_HEAD : SHORT_HEAD);
    AS_TRY(as_need_bytes(ctx, job->in, m->at - 8, 8, 1, "the date of a module"));
    memcpy(m->date, job->in->data + m->at - 8, 8);
    return as_need_bytes(ctx, job->in, m->at, m->size, 1, "a module");
}

static as_status keep_module(reading *r, const module *m)
{
    const struct { const char *name; module *to; } wanted[] = {
        { "VMP Set", &r->set }, { "VMP data", &r->data }, { "VMP LOG", &r->log },
        { "VMP loop", &r->loop },
    };
    for (size_t i = 0; i < AS_COUNT(wanted); i++) {
        if (strcmp(m->name, wanted[i].name) != 0) continue;
        const as_where where = as_at_byte(r->job->in, m->at);
        if (wanted[i].to->name)
            return as_fail(r->job->ctx, AS_E_SYNTAX, &where, "a second module '%s'", m->name);
        *wanted[i].to = *m;
    }
    return AS_OK;
}

static as_status read_modules(reading *r)
{
    const as_where end = as_at_byte(r->job->in, r->job->in->size);
    if (r->job->in->size < MAGIC_SIZE || memcmp(r->job->in->data, MAGIC, MAGIC_SIZE) != 0)
        return as_fail(r->job->ctx, AS_E_SYNTAX, NULL, "no BioLogic file: its magic is another");
    for (uint64_t at = MAGIC_SIZE; at < r->job->in->size;) {
        module m = { 0 };
        AS_TRY(read_head(r->job, at, &m));
        AS_TRY(keep_module(r, &m));
        at = m.at + m.size;
    }
    if (r->data.name && r->set.name) return AS_OK;
    return as_fail(r->job->ctx, AS_E_TRUNCATED, &end, "the file ends before its module '%s'",
                   r->set.name ? "VMP data" : "VMP Set");
}

/* --- columns ------------------------------------------------------------------------- */
typedef struct {
    size_t ids, id_size; /* where the numbers of the columns begin, and their bytes */
    size_t points;       /* where the points begin */
} layout;

static const char export_hint[] = "hint: EC-Lab exports the file as text, .mpt, which is read";

static as_status find_layout(const reading *r, layout *out)
{
    static const struct { bool is_long; uint32_t version; layout l; } known[] = {
        { false, 0, { 5, 1, 100 } },
        { false, 2, { 5, 2, 405 } },
        { false, 3, { 5, 2, 406 } },
        { true, 10, { 6, 2, 1007 } },
        { true, 11, { 6, 2, 1007 } },
    };
    const module *m = &r->data;
    const uint32_t version = m->is_long ? m->second : m->version;
    const as_where where = as_at_byte(r->job->in, m->at);
    for (size_t i = 0; i < AS_COUNT(known); i++)
        if (known[i].is_long == m->is_long && known[i].version == version &&
            (!m->is_long || m->version == 0)) {
            *out = known[i].l;
            return AS_OK;
        }
    (void)!as_fail(r->job->ctx, AS_E_FORMAT, &where, "version %u of BioLogic data, which is not known",
                   (unsigned)version);
    return as_while(r->job->ctx, "%s", export_hint);
}

/* Between the numbers of the columns and the points stand zeros; the last byte may be 1. */
static as_status check_zeros(const reading *r, const layout *l)
{
    const unsigned char *data = r->job->in->data + r->data.at;
    for (size_t i = l->ids + r->n * l->id_size; i < l->points; i++) {
        if (data[i] == 0 || (data[i] == 1 && i == l->points - 1)) continue;
        const as_where where = as_at_byte(r->job->in, r->data.at + i);
        return as_fail(r->job->ctx, AS_E_SYNTAX, &where,
                       "byte 0x%02x behind %zu columns, expected 0", data[i], r->n);
    }
    return AS_OK;
}

static as_status place_columns(reading *r, const layout *l)
{
    bool flags = false;
    size_t flag_at = 0;
    for (size_t i = 0; i < r->n; i++) {
        const as_where where = as_at_byte(r->job->in, r->data.at + l->ids + i * l->id_size);
        const biologic_column *c = biologic_column_of(r->id[i]);
        if (!c) {
            (void)!as_fail(r->job->ctx, AS_E_FORMAT, &where,
                           "column number %u, whose meaning and size are not known", r->id[i]);
            return as_while(r->job->ctx, "%s", export_hint);
        }
        for (size_t k = 0; k < i; k++)
            if (r->id[k] == r->id[i])
                return as_fail(r->job->ctx, AS_E_SYNTAX, &where, "column number %u twice", r->id[i]);
        if (c->mask && !flags) flag_at = r->width;
        r->offset[i] = c->mask ? flag_at : r->width;
        if (!c->mask || !flags) r->width += as_number_size(c->type);
        flags = flags || c->mask;
    }
    return AS_OK;
}

static as_status read_columns(reading *r)
{
    layout l;
    uint16_t wide = 0;
    uint8_t byte;
    as_ctx *ctx = r->job->ctx;
    const as_where where = as_at_byte(r->job->in, r->data.at);
    AS_TRY(find_layout(r, &l));
    if (r->data.size < l.points)
        return as_fail(ctx, AS_E_TRUNCATED, &where, "%u bytes of data, expected at least %zu",
                       (unsigned)r->data.size, l.points);
    AS_TRY(as_u32le(ctx, r->job->in, r->data.at, &r->points));
    AS_TRY(as_u8(ctx, r->job->in, r->data.at + 4, &byte));
    if (l.ids == 6) AS_TRY(as_u16le(ctx, r->job->in, r->data.at + 4, &wide));
    r->n = l.ids == 6 ? wide : byte;
    if (r->n == 0 || r->n > MOST_IDS || l.ids + r->n * l.id_size > l.points)
        return as_fail(ctx, AS_E_SYNTAX, &where, "%zu columns", r->n);
    for (size_t i = 0; i < r->n; i++) {
        const uint64_t at = r->data.at + l.ids + i * l.id_size;
        if (l.id_size == 2) AS_TRY(as_u16le(ctx, r->job->in, at, &r->id[i]));
        else r->id[i] = r->job->in->data[at];
    }
    AS_TRY(check_zeros(r, &l));
    AS_TRY(place_columns(r, &l));
    r->first = r->data.at + l.points;
    if (r->data.size - l.points == (uint64_t)r->points * r->width) return AS_OK;
    return as_fail(ctx, AS_E_SYNTAX, &where, "%u bytes of data, expected %u points of %zu bytes",
                   (unsigned)(r->data.size - l.points), (unsigned)r->points, r->width);
}

/* --- points -------------------------------------------------------------------------- */
static as_status fill_column(const reading *r, size_t i, double factor, double *out)
{
    const biologic_column *c = biologic_column_of(r->id[i]);
    AS_TRY(as_numbers_at(r->job->ctx, r->job->in, r->first + r->offset[i], r->points, r->width, c->type,
                         out, "points"));
    for (size_t k = 0; c->mask && k < r->points; k++)
        out[k] = ((unsigned)out[k] & c->mask) / (c->mask & (~c->mask + 1));
    for (size_t k = 0; factor != 1 && k < r->points; k++) out[k] *= factor;
    return AS_OK;
}

/* Time goes on: with sizes of columns that are not those of the file it would not. */
static as_status check_time(const reading *r, const as_table *t)
{
    const as_column *time = as_find_name(t, "time");
    for (size_t i = 0; time && i < t->rows; i++) {
        const double now = time->v.f[i], before = i ? time->v.f[i - 1] : 0;
        if (now >= before && now < 1e10) continue;
        const as_where where = as_at_byte(r->job->in, r->first + i * r->width);
        (void)!as_fail(r->job->ctx, AS_E_SYNTAX, &where, "time %g s in point %zu behind %g s", now, i + 1,
                       before);
        return as_while(r->job->ctx, "%s", export_hint);
    }
    return AS_OK;
}

static as_table *read_points(const reading *r, const char *technique, const as_table *head)
{
    as_run run = { 0 };
    bool minus = false;
    as_ctx *ctx = r->job->ctx;
    const char *names[MOST_IDS];
    const as_where where = as_at_byte(r->job->in, r->data.at);
    for (size_t i = 0; i < r->n; i++) names[i] = biologic_column_of(r->id[i])->heading;
    if (as_run_heads(ctx, &run, r->n, names, NULL, &as_echem_names) != AS_OK) return NULL;
    as_table *t = as_table_new(ctx, r->points);
    for (size_t i = 0; t && i < r->n; i++) {
        double factor;
        as_column *c = as_run_column(ctx, &run, i, t, &factor);
        if (!c || fill_column(r, i, factor, c->v.f) != AS_OK) return NULL;
        minus = minus || (factor < 0 && strcmp(c->name, "z_imag") == 0);
    }
    if (!t || check_time(r, t) != AS_OK) return NULL;
    const as_echem_kind kind = as_echem_kind_of(technique);
    return as_echem_finish(ctx, t, head, kind, minus, &where) == AS_OK ? t : NULL;
}

static as_status parse(as_parse *job)
{
    reading r = { .job = job };
    as_table *head = as_table_new(job->ctx, 0);
    const char *technique;
    if (!head) return AS_ERR;
    AS_TRY(read_modules(&r));
    AS_TRY(biologic_settings(job, head, r.set.at, r.set.size, &technique));
    const as_where where = as_at_byte(job->in, r.data.at);
    AS_TRY(read_columns(&r));
    if (r.points == 0)
        return as_fail(job->ctx, AS_E_MISSING, &where, "no points; the technique is '%s'", technique);
    AS_TRY(biologic_started(job, head, r.set.date, r.log.at, r.log.name ? r.log.size : 0));
    if (r.loop.name) AS_TRY(biologic_loops(job, head, r.loop.at, r.loop.size));
    as_table *t = read_points(&r, technique, head);
    return t ? as_emit(job->out, job->ctx, t) : AS_ERR;
}

static const char *const suffixes[] = { "mpr", NULL };
static const char *const techniques[] = { "echem", NULL };
static const as_example examples[] = {
    { "a charge of a cell", "assay read tests/corpus/echem/gcpl.mpr" }, { 0 }
};
static const char *const see_also[] = { "biologic-mpt", NULL };

const as_parser as_parser_biologic_mpr = {
    .name = "biologic-mpr",
    .title = "BioLogic EC-Lab and BT-Lab raw data, versions 0, 2, 3, 10 and 11",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "published layouts of independent readers; not tried on a file of an instrument",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read raw data of BioLogic EC-Lab",
             .description =
                 "Modules of settings, data, log and loops. The columns have numbers, of which those are "
                 "read whose size two readers agree on and whose name the list in BioLogic's manual of "
                 "its OLE-COM interface has; a file with another column is refused, and wants to be "
                 "exported as text. Names, units and axes are those of the text. Settings whose place "
                 "only one reader knows stand under vendor. The bytes must be those that the columns "
                 "need, and time must go on.",
             .examples = examples,
             .see_also = see_also },
};
