/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PerkinElmer: .sp spectra and .fsm images are `PEPE`, a description, and blocks of an identifier (u16),
 * a length (i32) and that many bytes, little endian; PEDS is text, one value a line.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"
#include "number.h"

enum { BLOCKS = 44, BLOCK_HEAD = 6 };
enum { DATA_SET = 120, X_ENDS = 35698, Y_ENDS = 35699, STEP = 35700, POINTS = 35701, X_UNIT = 35703,
       Y_UNIT = 35704, VALUES = 35708, PATH = 35709, HISTORY = 35711, NAME = 35713 };
enum { HISTORY_RECORD = 121, USER = 35698, COMMENT = 35699, DATE = 35700 };
enum { IMAGE = 5100, PIXEL = 5105 };
enum { TEXT = 0x7523, F64 = 0x751b, TWO_F64 = 0x751d, U32 = 0x752b, F64_ARRAY = 0x7516 };

typedef struct block {
    unsigned id;
    uint32_t size;
    uint64_t at; /* of its content */
} block;

/* The block at *at, which moves behind it; AS_DONE where `end` leaves no room for one. */
static as_more next_block(as_parse *job, uint64_t *at, uint64_t end, block *out)
{
    uint16_t id;
    int32_t size;
    const as_where where = as_at_byte(job->in, *at);
    if (*at + BLOCK_HEAD > end) return AS_DONE;
    if (as_u16le(job->ctx, job->in, *at, &id) != AS_OK ||
        as_i32le(job->ctx, job->in, *at + 2, &size) != AS_OK)
        return AS_FAILED;
    const as_code code = end == job->in->size && size >= 0 ? AS_E_TRUNCATED : AS_E_SYNTAX;
    if ((size < 0 || (uint64_t)size > end - *at - BLOCK_HEAD) &&
        as_fail(job->ctx, code, &where, "block %u of %d bytes, but %llu are left", id, size,
                (unsigned long long)(end - *at - BLOCK_HEAD)) != AS_OK)
        return AS_FAILED;
    *out = (block){ .id = id, .size = (uint32_t)size, .at = *at + BLOCK_HEAD };
    *at += BLOCK_HEAD + out->size;
    return AS_ITEM;
}

/* --- typed members ----------------------------------------------------------------------------- */
static as_status member_type(as_parse *job, const block *b, unsigned expected, size_t size)
{
    uint16_t type = 0;
    const as_where where = as_at_byte(job->in, b->at);
    if (b->size >= 2) AS_TRY(as_u16le(job->ctx, job->in, b->at, &type));
    if (type != expected || b->size < 2 + size)
        return as_fail(job->ctx, AS_E_SYNTAX, &where,
                       "member %u has type %04x and %u bytes, expected type %04x", b->id, type,
                       b->size, expected);
    return AS_OK;
}

static as_status member_numbers(as_parse *job, const block *b, unsigned type, size_t n, double *out)
{
    AS_TRY(member_type(job, b, type, 8 * n));
    return as_numbers_at(job->ctx, job->in, b->at + 2, n, 0, AS_F64LE, out, "member");
}

static as_status member_text(as_parse *job, const block *b, const char **out)
{
    uint16_t n;
    AS_TRY(member_type(job, b, TEXT, 2));
    AS_TRY(as_u16le(job->ctx, job->in, b->at + 2, &n));
    return as_text_at(job->ctx, job->in, b->at + 4, n < b->size - 4u ? n : b->size - 4u, out);
}

/* --- .sp ------------------------------------------------------------------------------------------ */
typedef struct spectrum {
    double ends[2], range[2], step;
    uint32_t points;
    const char *x_unit, *y_unit, *name, *path, *user, *comment, *date;
    uint64_t values;
    uint32_t n_values;
} spectrum;

/* The same identifiers mean other things here. */
static as_status read_history(as_parse *job, const block *history, spectrum *s)
{
    block record, b;
    uint64_t at = history->at;
    if (next_block(job, &at, history->at + history->size, &record) != AS_ITEM ||
        record.id != HISTORY_RECORD) {
        as_forget_error(job->ctx); /* other versions are passed over */
        return AS_OK;
    }
    at = record.at;
    as_more more;
    while ((more = next_block(job, &at, record.at + record.size, &b)) == AS_ITEM) {
        const char **to = b.id == USER ? &s->user : b.id == COMMENT ? &s->comment
                                                  : b.id == DATE    ? &s->date : NULL;
        if (to) AS_TRY(member_text(job, &b, to));
    }
    return more == AS_DONE ? AS_OK : AS_ERR;
}

static as_status read_array(as_parse *job, const block *b, spectrum *s)
{
    uint32_t bytes;
    const as_where where = as_at_byte(job->in, b->at);
    AS_TRY(member_type(job, b, F64_ARRAY, 4));
    AS_TRY(as_u32le(job->ctx, job->in, b->at + 2, &bytes));
    if (bytes % 8 != 0 || bytes > b->size - 6)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "%u bytes of values in a block of %u", bytes,
                       b->size);
    s->values = b->at + 6;
    s->n_values = bytes / 8;
    return AS_OK;
}

static as_status read_member(as_parse *job, const block *b, spectrum *s)
{
    switch (b->id) {
    case X_ENDS: return member_numbers(job, b, TWO_F64, 2, s->ends);
    case Y_ENDS: return member_numbers(job, b, TWO_F64, 2, s->range);
    case STEP: return member_numbers(job, b, F64, 1, &s->step);
    case POINTS:
        AS_TRY(member_type(job, b, U32, 4));
        return as_u32le(job->ctx, job->in, b->at + 2, &s->points);
    case X_UNIT: return member_text(job, b, &s->x_unit);
    case Y_UNIT: return member_text(job, b, &s->y_unit);
    case NAME: return member_text(job, b, &s->name);
    case PATH: return member_text(job, b, &s->path);
    case VALUES: return read_array(job, b, s);
    case HISTORY: return read_history(job, b, s);
    default: return AS_OK;
    }
}

static as_status check_spectrum(as_parse *job, const block *set, const spectrum *s)
{
    const as_where where = as_at_byte(job->in, set->at);
    const double last = s->ends[0] + (s->points - 1.0) * s->step;
    if (!s->values)
        return as_fail(job->ctx, AS_E_MISSING, &where, "a data set without values");
    if (s->points == 0 || s->points != s->n_values)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "%u points, but %u values", s->points,
                       s->n_values);
    if (!(fabs(last - s->ends[1]) <= 0.5 * fabs(s->step)))
        return as_fail(job->ctx, AS_E_SYNTAX, &where,
                       "%u points from %g in steps of %g do not end at %g", s->points, s->ends[0],
                       s->step, s->ends[1]);
    return AS_OK;
}

static as_status emit_spectrum(as_parse *job, const spectrum *s, const as_where *at)
{
    const as_ir_axis x = as_ir_x(s->x_unit), y = as_ir_y(s->y_unit);
    as_ctx *ctx = job->ctx;
    double low = INFINITY, high = -INFINITY;
    as_table *t = as_new_ir(ctx, s->points, s->ends[0], s->ends[1], &x, &y);
    if (!t) return AS_ERR;
    AS_TRY(as_numbers_at(ctx, job->in, s->values, s->points, 0, AS_F64LE, t->column[1]->v.f, "values"));
    for (size_t i = 0; i < t->rows; i++) {
        low = fmin(low, t->column[1]->v.f[i]);
        high = fmax(high, t->column[1]->v.f[i]);
    }
    const double slack = 1e-6 * fmax(fabs(low), fabs(high));
    if (s->range[0] < s->range[1] &&
        !(fabs(low - s->range[0]) <= slack && fabs(high - s->range[1]) <= slack))
        as_warn(ctx, t, at, "y from %g to %g, but the file says %g to %g", low, high, s->range[0],
                s->range[1]);
    if (!t->technique) t->technique = strcmp(x.column, "wavelength") == 0 ? "uvvis" : "ftir";
    if (*s->name && !(t->label = as_strdup(t->arena, s->name))) return AS_ERR;
    AS_TRY(as_set_text(ctx, t, "sample", s->name, at));
    AS_TRY(as_set_text(ctx, t, "operator", s->user, at));
    AS_TRY(as_set_text(ctx, t, "comment", s->comment, at));
    AS_TRY(as_set_text(ctx, t, "vendor.path", s->path, at));
    if (*s->date) AS_TRY(as_set_measured(ctx, t, s->date, false, at));
    return as_emit(job->out, ctx, t);
}

static as_status read_set(as_parse *job, const block *set)
{
    spectrum s = { .x_unit = "", .y_unit = "", .name = "", .path = "", .user = "", .comment = "",
                   .date = "", .ends = { NAN, NAN }, .range = { NAN, NAN }, .step = NAN };
    uint64_t at = set->at;
    block b;
    as_more more;
    const as_where where = as_at_byte(job->in, set->at);
    while ((more = next_block(job, &at, set->at + set->size, &b)) == AS_ITEM)
        AS_TRY(read_member(job, &b, &s));
    if (more == AS_FAILED) return AS_ERR;
    AS_TRY(check_spectrum(job, set, &s));
    return emit_spectrum(job, &s, &where);
}

static as_status parse_sp(as_parse *job)
{
    uint64_t at = BLOCKS;
    block b;
    as_more more;
    size_t n = 0;
    const as_where where = as_at_byte(job->in, BLOCKS);
    while ((more = next_block(job, &at, job->in->size, &b)) == AS_ITEM) {
        if (b.id != DATA_SET) continue;
        AS_TRY(read_set(job, &b));
        n++;
    }
    if (more == AS_FAILED) return AS_ERR;
    return n ? AS_OK : as_fail(job->ctx, AS_E_MISSING, &where, "no data set (block %d) in it", DATA_SET);
}

/* --- .fsm ------------------------------------------------------------------------------------------ */
typedef struct image { /* x is the faster */
    double step[3], z_first, z_last, first[2];
    uint32_t width, height, points;
    const char *text[4]; /* names of x and y, units of z and the values */
} image;

/* A name, ten numbers (steps of x, y, z; ends of z; two unknown; x, y, z of the first), three counts,
 * four texts. */
static as_status read_image(as_parse *job, const block *b, image *g)
{
    as_ctx *ctx = job->ctx;
    const as_input *in = job->in;
    double v[10], n[3];
    uint16_t name, length;
    const as_where where = as_at_byte(in, b->at);
    AS_TRY(as_u16le(ctx, in, b->at, &name));
    uint64_t at = b->at + 2 + name;
    AS_TRY(as_numbers_at(ctx, in, at, 10, 0, AS_F64LE, v, "geometry of the image"));
    AS_TRY(as_numbers_at(ctx, in, at + 80, 3, 0, AS_I32LE, n, "size of the image"));
    at += 92;
    for (size_t i = 0; i < 4; i++) {
        AS_TRY(as_u16le(ctx, in, at, &length));
        AS_TRY(as_text_at(ctx, in, at + 2, length, &g->text[i]));
        at += 2u + length;
    }
    if (!(n[0] > 0 && n[1] > 0 && n[2] > 0 && n[0] < 1e6 && n[1] < 1e6 && n[2] < 1e8) ||
        fabs(v[3] + (n[2] - 1) * v[2] - v[4]) > 1.5 * fabs(v[2]))
        return as_fail(ctx, AS_E_SYNTAX, &where,
                       "%g x %g pixels of %g points from %g to %g do not agree", n[0], n[1], n[2],
                       v[3], v[4]);
    memcpy(g->step, v, sizeof g->step);
    memcpy(g->first, v + 7, sizeof g->first);
    g->z_first = v[3];
    g->z_last = v[3] + (n[2] - 1) * v[2];
    g->width = (uint32_t)n[0];
    g->height = (uint32_t)n[1];
    g->points = (uint32_t)n[2];
    return AS_OK;
}

static as_status read_pixel(as_parse *job, const block *b, const image *g, uint32_t i)
{
    as_ctx *ctx = job->ctx;
    const as_ir_axis x = as_ir_x(g->text[2]), y = as_ir_y(g->text[3]);
    const as_where where = as_at_byte(job->in, b->at);
    if (b->size != 4 * (uint64_t)g->points)
        return as_fail(ctx, AS_E_SYNTAX, &where, "pixel %u has %u bytes, expected %u values", i,
                       b->size, g->points);
    as_table *t = as_new_ir(ctx, g->points, g->z_first, g->z_last, &x, &y);
    if (!t) return AS_ERR;
    AS_TRY(as_numbers_at(ctx, job->in, b->at, g->points, 0, AS_F32LE, t->column[1]->v.f, "pixel"));
    const char *unit = as_find_text(g->text[0], "micrometers") ? "um" : "1";
    AS_TRY(as_set_value(ctx, t, "index", i, "1", NULL));
    AS_TRY(as_set_value(ctx, t, "x", g->first[0] + i % g->width * g->step[0], unit, &where));
    AS_TRY(as_set_value(ctx, t, "y", g->first[1] + i / g->width * g->step[1], unit, &where));
    t->technique = "ftir";
    return as_emit(job->out, ctx, t);
}

static as_status parse_fsm(as_parse *job)
{
    uint64_t at = BLOCKS;
    uint32_t n = 0;
    image g = { .points = 0 };
    block b;
    as_more more;
    const as_where where = as_at_byte(job->in, BLOCKS);
    while ((more = next_block(job, &at, job->in->size, &b)) == AS_ITEM) {
        if (b.id == IMAGE) AS_TRY(read_image(job, &b, &g));
        if (b.id == PIXEL && g.points > 0) AS_TRY(read_pixel(job, &b, &g, n++));
    }
    if (more == AS_FAILED) return AS_ERR;
    if (g.points == 0)
        return as_fail(job->ctx, AS_E_MISSING, &where, "no geometry (block %d) in it", IMAGE);
    if (n != g.width * g.height)
        return as_fail(job->ctx, AS_E_TRUNCATED, &where, "%u spectra, expected %u x %u", n, g.width,
                       g.height);
    return AS_OK;
}

/* --- PEDS -------------------------------------------------------------------------------------------- */
enum { GR_LINES = 10 }; /* units, factor, offset, first x, step, points, ?, largest, smallest */

static as_status read_lines(as_parse *job, as_lines *it, as_table *t)
{
    as_line line;
    double v[2];
    size_t n = 0;
    as_more more;
    while ((more = as_next_line(job->ctx, it, &line)) == AS_ITEM) {
        if (line.length == 0 || strspn(line.text, " \t\x1a") == line.length) continue;
        if (as_line_numbers(it, &line, 2, v) != 2)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected x and y", line.text);
        if (n == t->rows)
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "more than the %zu points of #GR", n);
        t->column[0]->v.f[n] = v[0];
        t->column[1]->v.f[n++] = v[1];
    }
    if (more == AS_FAILED) return AS_ERR;
    return n == t->rows ? AS_OK
                        : as_fail(job->ctx, AS_E_TRUNCATED, &line.where,
                                  "the file ends after %zu points, expected %zu as #GR says", n,
                                  t->rows);
}

static void check_peds(as_parse *job, as_table *t, const double *v, const as_where *at)
{
    double low = INFINITY, high = -INFINITY, off = 0;
    for (size_t i = 0; i < t->rows; i++) {
        low = fmin(low, t->column[1]->v.f[i]);
        high = fmax(high, t->column[1]->v.f[i]);
        off = fmax(off, fabs(t->column[0]->v.f[i] - (v[4] + (double)i * v[5])));
    }
    if (fabs(high - v[8]) > 1e-3 * fabs(high) || fabs(low - v[9]) > 1e-3 * fabs(high))
        as_warn(job->ctx, t, at, "y from %g to %g, but #GR says %g to %g", low, high, v[9], v[8]);
    if (off > 0.5 * fabs(v[5]))
        as_warn(job->ctx, t, at, "x is not %g + i * %g, as #GR says", v[4], v[5]);
}

/* The lines of #GR: two units and eight numbers. */
static as_status read_gr(as_parse *job, as_lines *it, const char *units[2], double v[GR_LINES])
{
    as_line line;
    for (size_t i = 0; i < GR_LINES; i++) {
        AS_TRY(as_need_line(job->ctx, it, &line, "ten lines behind #GR"));
        if (i < 2) {
            units[i] = as_trim(as_scratch(job->ctx), line.text, line.length);
            if (!units[i]) return AS_ERR;
        } else if (!as_read_number(line.text, line.length, '.', &v[i])) {
            return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "'%.40s', expected a number", line.text);
        }
    }
    if (!(v[6] >= 1 && v[6] <= (double)job->in->size) || v[6] != floor(v[6]))
        return as_fail(job->ctx, AS_E_SYNTAX, &line.where, "%g points are not in a file of %zu bytes",
                       v[6], job->in->size);
    return AS_OK;
}

/* "22/05/27" and "11:57:32.00": the year first. */
static as_status set_peds_date(as_parse *job, as_table *t, const char *day, const char *clock, const as_where *at)
{
    int field[3] = { 0 };
    for (size_t i = 0; day[i]; i++) {
        if (i == 8 || (i % 3 == 2 ? day[i] != '/' : day[i] < '0' || day[i] > '9')) return AS_OK;
        if (i % 3 != 2) field[i / 3] = 10 * field[i / 3] + day[i] - '0';
    }
    if (strlen(day) != 8 || strspn(clock, "0123456789:.") != strlen(clock)) return AS_OK;
    const char *date = as_format(as_scratch(job->ctx), "%04d/%02d/%02d %s", field[0] + (field[0] < 70 ? 2000 : 1900),
                                 field[1], field[2], clock);
    return date ? as_set_measured(job->ctx, t, date, false, at) : AS_ERR;
}

typedef struct peds_head {
    unsigned named; /* lines with a meaning that is known */
    bool dated;     /* "07/12/10" of 1.60 may have the year at the end */
    const char *day;
} peds_head;

static as_status keep_line(as_parse *job, as_table *t, const as_line *line, peds_head *h)
{
    static const char *const names[] = { [8] = "operator", [9] = "sample", [12] = "instrument",
                                         [13] = "serial_number", [14] = "software" };
    const unsigned n = line->where.line;
    const char *key = as_format(as_scratch(job->ctx), "line_%u", n);
    const char *text = as_trim(as_scratch(job->ctx), line->text, line->length);
    if (!key || !text) return AS_ERR;
    if (as_starts(text, "#")) h->named = 0;
    if (!*text || n == 1) return AS_OK;
    if (n < AS_COUNT(names) && n <= h->named && names[n])
        return as_set_meta(job->ctx, t, names[n], text, NULL, &line->where);
    if (n == 4) h->day = text;
    if (n == 5 && h->dated && h->named > 0 && h->day) AS_TRY(set_peds_date(job, t, h->day, text, &line->where));
    return as_set_vendor(job->ctx, t, key, text, &line->where);
}

static as_status parse_peds(as_parse *job)
{
    as_lines it = { .in = job->in };
    as_line line;
    const char *units[2];
    double v[GR_LINES];
    as_table *head = as_table_new(job->ctx, 0);
    if (!head) return AS_ERR;
    AS_TRY(as_need_line(job->ctx, &it, &line, "PE ... PEDS"));
    const bool infrared = as_starts(line.text, "PE IR"), uv = as_starts(line.text, "PE UV");
    const bool newer = as_find_text(line.text, "4.00");
    peds_head h = { .named = newer ? 14 : 9, .dated = newer };
    do {
        AS_TRY(as_need_line(job->ctx, &it, &line, "#GR"));
        AS_TRY(keep_line(job, head, &line, &h));
    } while (!as_starts(line.text, "#GR"));
    const as_where where = line.where;
    AS_TRY(read_gr(job, &it, units, v));
    do AS_TRY(as_need_line(job->ctx, &it, &line, "#DATA")); while (!as_starts(line.text, "#DATA"));
    const as_ir_axis x = as_ir_x(units[0]), y = as_ir_y(units[1]);
    as_table *t = as_new_ir(job->ctx, (size_t)v[6], 0, 1, &x, &y);
    if (!t) return AS_ERR;
    AS_TRY(read_lines(job, &it, t));
    check_peds(job, t, v, &where);
    AS_TRY(as_copy_meta(job->ctx, t, head));
    t->technique = infrared ? "ftir" : uv ? "uvvis" : "generic";
    return as_emit(job->out, job->ctx, t);
}

/* --- descriptors --------------------------------------------------------------------------------------- */
static bool is_pepe(const as_probe *p)
{
    return p->size > BLOCKS + BLOCK_HEAD && memcmp(p->head, "PEPE", 4) == 0;
}

static bool is_image(const as_probe *p)
{
    return memcmp(p->head + BLOCKS, "\xec\x13", 2) == 0 || as_find_text((const char *)p->head + 4, "4D");
}

static int probe_sp(const as_probe *p)
{
    return is_pepe(p) && !is_image(p) ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static int probe_fsm(const as_probe *p)
{
    return is_pepe(p) && is_image(p) ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

static int probe_peds(const as_probe *p)
{
    const char *head = (const char *)p->head, *end = strpbrk(head, "\r\n");
    const char *peds = as_find_text(head, "PEDS");
    return p->is_text && as_starts(head, "PE ") && peds && end && peds < end ? AS_PROBE_MAGIC
                                                                             : AS_PROBE_NO;
}

static const char *const sp_suffixes[] = { "sp", NULL };
static const char *const fsm_suffixes[] = { "fsm", NULL };
static const char *const peds_suffixes[] = { "asc", "txt", NULL };
static const char *const techniques[] = { "ftir", "uvvis", "generic", NULL };
static const char *const ftir[] = { "ftir", NULL };
static const as_example sp_examples[] = {
    { "a spectrum", "assay read tests/corpus/ftir/pe.sp | tail -n 3" }, { 0 }
};
static const as_example fsm_examples[] = {
    { "the pixels of an image", "assay read --list tests/corpus/ftir/pe.fsm" }, { 0 }
};
static const as_example peds_examples[] = {
    { "a spectrum", "assay read tests/corpus/ftir/peds.asc | tail -n 3" }, { 0 }
};
static const char *const sp_also[] = { "perkinelmer-fsm", "perkinelmer-peds", NULL };
static const char *const fsm_also[] = { "perkinelmer-sp", NULL };

const as_parser as_parser_perkinelmer_sp = {
    .name = "perkinelmer-sp",
    .title = "PerkinElmer spectrum",
    .suffixes = sp_suffixes,
    .techniques = techniques,
    .basis = "one observed file and open readers",
    .probe = probe_sp,
    .parse = parse_sp,
    .doc = { .summary = "read PerkinElmer spectra (.sp)",
             .description = "Binary blocks with typed members. Ends, step and number of points "
                            "must agree with each other and with the values; the range of y is "
                            "compared.\n\nKnown gap: of the history only user, comment and date.",
             .examples = sp_examples,
             .see_also = sp_also },
};

const as_parser as_parser_perkinelmer_fsm = {
    .name = "perkinelmer-fsm",
    .title = "PerkinElmer Spotlight image",
    .suffixes = fsm_suffixes,
    .techniques = ftir,
    .basis = "one observed file and open readers",
    .probe = probe_fsm,
    .parse = parse_fsm,
    .doc = { .summary = "read PerkinElmer images (.fsm)",
             .description = "Each pixel is a series with its position. The number of spectra must be "
                            "width times height.\n\nKnown gap: the visible image and the "
                            "settings of the instrument are not read.",
             .examples = fsm_examples,
             .see_also = fsm_also },
};

const as_parser as_parser_perkinelmer_peds = {
    .name = "perkinelmer-peds",
    .title = "PerkinElmer ASCII (PEDS)",
    .suffixes = peds_suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe_peds,
    .parse = parse_peds,
    .doc = { .summary = "read PerkinElmer ASCII spectra (PEDS)",
             .description = "Text, one value a line: a head whose lines have no names (operator and sample are "
                            "known, of version 4.00 also date, instrument, number and program; the others "
                            "are kept as `vendor.line_N`), `#GR` with units and limits, `#DATA` with x and y. "
                            "The number of points must be that of `#GR`; limits are compared.",
             .examples = peds_examples,
             .see_also = sp_also },
};
