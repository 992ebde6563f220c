/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Renishaw WiRE 2 and 3: "#WXD", then a Metakit container (JL 1a) whose fields are zlib streams,
 * little endian. A list: u64 n, then n times u16 5 and a double, then c0 ff ee 01. A field of
 * properties: u32 bytes of a name, the name in UTF-16, u16 its type (3 i32, 5 double, 8 text, 13 an
 * object: 16 bytes of class and its own fields), the value; DataList2, the ordinates, is such an
 * object, a list. The directory of the container is not read: streams are found by their first
 * bytes and believed by their checksum.
 */
#define _GNU_SOURCE /* memmem */
#include <math.h>
#include <string.h>

#include "diffraction.h"
#include "headings.h"
#include "parser.h"

enum {
    MOST_STREAMS = 256,
    MOST_BYTES = 1 << 27,
    MARK = 4,
    VT_R8 = 5,
    VT_TEXT = 8,
    VT_OBJECT = 13,
    CLASS = 16
};
static const unsigned char mark[MARK] = { 0xc0, 0xff, 0xee, 0x01 };

static int probe(const as_probe *p)
{
    const bool container =
        p->size > 256 && memcmp(p->head, "#WXD", 4) == 0 && memmem(p->head, 256, "JL\x1a", 3);
    return container ? AS_PROBE_MAGIC : AS_PROBE_NO;
}

typedef struct reading {
    as_parse *job;
    as_where where;
    size_t n;
    const as_input *stream[MOST_STREAMS];
} reading;

/* --- streams ----------------------------------------------------------------------------- */

static void adler(const unsigned char *data, size_t n, unsigned char out[4])
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < n; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    const unsigned char sum[] = { (unsigned char)(b >> 8), (unsigned char)b,
                                  (unsigned char)(a >> 8), (unsigned char)a };
    memcpy(out, sum, sizeof sum);
}

/* The zlib stream at data[0 .. size), opened as what it is inside, a gzip file; *used: its bytes.
 */
static as_status inflate(reading *r, const unsigned char *data, size_t size, const as_input **out,
                         size_t *used)
{
    static const unsigned char header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff };
    as_ctx *ctx = r->job->ctx;
    unsigned char sum[4], *gzip = as_alloc(as_scratch(ctx), size + sizeof header, 1);
    *out = NULL;
    *used = 1;
    if (!gzip) return AS_ERR;
    memcpy(gzip, header, sizeof header);
    memcpy(gzip + sizeof header, data + 2, size - 2);
    if (as_input_of_bytes(ctx, r->job->in->name, gzip, size + sizeof header - 2, out) != AS_OK) {
        as_forget_error(ctx); /* these two bytes begin something else */
        *out = NULL;
        return AS_OK;
    }
    adler((*out)->raw, (*out)->raw_size, sum);
    const unsigned char *end = memmem(data, size, sum, sizeof sum);
    if (end)
        *used = (size_t)(end - data) + sizeof sum;
    else
        *out = NULL;
    return AS_OK;
}

/* Each try copies what is left of the file: how much that may be is limited. */
static as_status find_streams(reading *r)
{
    const as_input *in = r->job->in;
    const unsigned char *at = in->raw, *const end = in->raw + in->raw_size;
    size_t most = MOST_BYTES, used;
    while (r->n < MOST_STREAMS && (at = memmem(at, (size_t)(end - at), "\x78\x9c", 2)) != NULL) {
        const as_input *found;
        const size_t left = (size_t)(end - at);
        if (left < 16) break;
        if (left > most)
            return as_fail(r->job->ctx, AS_E_LIMIT, &r->where, "too large a .wxd file");
        AS_TRY(inflate(r, at, left, &found, &used));
        most -= left;
        at += used;
        if (!found) continue;
        if (found->raw_size > most)
            return as_fail(r->job->ctx, AS_E_LIMIT, &r->where, "its fields are too large");
        most -= found->raw_size;
        r->stream[r->n++] = found;
    }
    return AS_OK;
}

/* --- lists and properties ------------------------------------------------------------------ */

/* Values of the list at `at`; 0: there is none. */
static size_t list_at(const as_input *in, size_t at)
{
    const unsigned char *p = in->raw + at;
    uint64_t n = 0;
    if (at > in->raw_size || in->raw_size - at < 8 + MARK) return 0;
    for (size_t i = 8; i-- > 0;) n = n << 8 | p[i];
    if (n > (in->raw_size - at - 8 - MARK) / 10) return 0;
    for (size_t i = 0; i < n; i++)
        if (p[8 + 10 * i] != VT_R8 || p[9 + 10 * i] != 0) return 0;
    return memcmp(p + 8 + 10 * n, mark, MARK) == 0 ? (size_t)n : 0;
}

static void read_list(const as_input *in, size_t at, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char *p = in->raw + at + 10 + 10 * i;
        uint64_t bits = 0;
        for (size_t k = 8; k-- > 0;) bits = bits << 8 | p[k];
        memcpy(&out[i], &bits, sizeof bits);
    }
}

/* Behind the name of the property and its type in the stream; 0: it is not there. */
static size_t property_at(const as_input *in, const char *name, unsigned char type)
{
    unsigned char wide[128] = { 0 };
    const size_t bytes = 2 * strlen(name) + 2;
    for (size_t i = 0; name[i]; i++) wide[2 * i] = (unsigned char)name[i];
    const unsigned char *at = memmem(in->raw, in->raw_size, wide, bytes);
    if (!at || (size_t)(at - in->raw) < 4 || at[-4] != bytes) return 0;
    const size_t behind = (size_t)(at - in->raw) + bytes;
    if (in->raw_size - behind < 2 || in->raw[behind] != type || in->raw[behind + 1] != 0) return 0;
    return behind + 2;
}

/* The text of a property, of plain characters only; NULL in *out: it is not there. */
static as_status property(reading *r, const char *name, const char **out)
{
    *out = NULL;
    for (size_t i = 0; i < r->n && !*out; i++) {
        const as_input *in = r->stream[i];
        const size_t at = property_at(in, name, VT_TEXT);
        if (at == 0 || in->raw_size - at < 4) continue;
        const size_t bytes = in->raw[at] | (size_t)in->raw[at + 1] << 8;
        if (in->raw[at + 2] || in->raw[at + 3] || bytes > in->raw_size - at - 4) continue;
        char *text = as_alloc(as_scratch(r->job->ctx), bytes / 2 + 1, 1);
        if (!text) return AS_ERR;
        for (size_t k = 0; k < bytes / 2; k++) {
            const unsigned char *c = in->raw + at + 4 + 2 * k;
            text[k] = c[1] == 0 && c[0] < 0x7f ? (char)c[0] : '?';
        }
        *out = text;
    }
    return AS_OK;
}

/* --- the spectrum ----------------------------------------------------------------------------- */

typedef struct curve {
    const as_input *x, *y;
    size_t y_at, n;
} curve;

/* y is the object DataList2, x the one field that is a list of as many values and nothing else. */
static as_status find_curve(reading *r, curve *c)
{
    size_t lists = 0, objects = 0;
    for (size_t i = 0; i < r->n; i++) {
        const size_t object = property_at(r->stream[i], "DataList2", VT_OBJECT);
        const size_t n = object ? list_at(r->stream[i], object + CLASS) : 0;
        if (n == 0) continue;
        *c = (curve){ .y = r->stream[i], .y_at = object + CLASS, .n = n };
        objects++;
    }
    for (size_t i = 0; i < r->n; i++) {
        const as_input *in = r->stream[i];
        if (objects != 1 || list_at(in, 0) != c->n || in->raw_size != 8 + 10 * c->n + MARK)
            continue;
        c->x = in;
        lists++;
    }
    if (lists == 1) return AS_OK;
    return as_fail(
        r->job->ctx, r->n ? AS_E_FORMAT : AS_E_TRUNCATED, &r->where,
        "%zu lists of ordinates and %zu of abscissae for it in %zu streams, expected one each",
        objects, lists, r->n);
}

static as_status add_axis(reading *r, as_table *t, const char *property_name, as_role role,
                          const as_input *in, size_t at)
{
    const char *label;
    as_heading h;
    AS_TRY(property(r, property_name, &label));
    if (!label)
        return as_fail(r->job->ctx, AS_E_MISSING, &r->where,
                       "no %s: nothing says what the values are", property_name);
    AS_TRY(as_heading_of(r->job->ctx, label, NULL, &h));
    as_column *c = as_add_column(r->job->ctx, t, h.name, role, h.unit);
    if (!c) return AS_ERR;
    read_list(in, at, t->rows, c->v.f);
    return AS_OK;
}

static as_status parse(as_parse *job)
{
    reading *r = AS_NEW(as_scratch(job->ctx), reading);
    curve c = { 0 };
    const char *user, *version;
    if (!r) return AS_ERR;
    r->job = job;
    r->where.file = job->in->name;
    AS_TRY(find_streams(r));
    AS_TRY(find_curve(r, &c));
    as_table *t = as_table_new(job->ctx, c.n);
    if (!t) return AS_ERR;
    AS_TRY(add_axis(r, t, "dataListLabels1", AS_ROLE_X, c.x, 0));
    AS_TRY(add_axis(r, t, "dataListLabels2", AS_ROLE_Y, c.y, c.y_at));
    AS_TRY(property(r, "Operator", &user));
    AS_TRY(property(r, "WiRE2 Version", &version));
    if (user) AS_TRY(as_set_meta(job->ctx, t, "operator", user, NULL, NULL));
    if (version) AS_TRY(as_set_meta(job->ctx, t, "software", version, NULL, NULL));
    return as_emit(job->out, job->ctx, t);
}

static const char *const suffixes[] = { "wxd", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { "renishaw-wdf", NULL };

const as_parser as_parser_renishaw_wxd = {
    .name = "renishaw-wxd",
    .title = "Renishaw WiRE 2 and 3 (.wxd)",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read single spectra of WiRE before .wdf",
             .description =
                 "A container of compressed fields, which are found by their first bytes and "
                 "believed by "
                 "their checksum. x and y are lists of doubles; their labels say what they are.\n\n"
                 "Known gaps: one file was seen, a single spectrum; files of more than one list of "
                 "ordinates are refused, settings beside operator and version are not read.",
             .see_also = see_also },
};
