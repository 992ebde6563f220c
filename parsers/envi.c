/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ENVI standard images: a text header (.hdr) of `key = value` lines, values in braces over several
 * lines, and the numbers in a file beside it, plane by plane, line by line or pixel by pixel.
 */
#include <math.h>
#include <string.h>

#include "infrared.h"
#include "number.h"

enum { MOST_SIDE = 1 << 20 };

typedef struct envi {
    as_parse *job;
    const as_input *data;
    const char *text; /* the header */
    double samples, lines, bands, offset, type, swapped;
    as_number_type number;
    const char *interleave, *unit;
} envi;

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    const size_t first = strcspn(head, "\r\n");
    if (!p->is_text || strncmp(head, "ENVI", 4) != 0 || strspn(head + 4, " \t") != first - 4)
        return AS_PROBE_NO;
    return as_find_text(head, "samples") && as_find_text(head, "bands") ? AS_PROBE_VERIFIED
                                                                        : AS_PROBE_MAGIC;
}

/* The value of `key`, without its braces; "": none. */
static const char *value_of(const envi *e, const char *key)
{
    const size_t n = strlen(key);
    for (const char *at = e->text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        const char *line = at + strspn(at, " \t");
        const char *equal = as_starts(line, key) ? line + n + strspn(line + n, " \t") : "";
        if (*equal != '=') continue;
        equal += 1 + strspn(equal + 1, " \t");
        return *equal == '{' ? as_trim(as_scratch(e->job->ctx), equal + 1, strcspn(equal + 1, "}"))
                             : as_trim(as_scratch(e->job->ctx), equal, strcspn(equal, "\r\n"));
    }
    return "";
}

static as_status number_of(const envi *e, const char *key, double otherwise, double *out)
{
    const char *text = value_of(e, key);
    const as_where where = { .file = e->job->in->name };
    if (!text) return AS_ERR;
    *out = otherwise;
    if (!*text && !isnan(otherwise)) return AS_OK;
    if (as_read_number(text, strlen(text), '.', out) && *out >= 0 && *out == floor(*out)) return AS_OK;
    return as_fail(e->job->ctx, *text ? AS_E_SYNTAX : AS_E_MISSING, &where,
                   "'%s = %.24s', expected a whole number", key, text);
}

/* ENVI's numbers of types, little endian and big endian. */
static bool number_type(double type, bool big, as_number_type *out)
{
    static const struct { int type; as_number_type little, big; } types[] = {
        { 1, AS_U8, AS_U8 },         { 2, AS_I16LE, AS_I16BE },  { 3, AS_I32LE, AS_I32BE },
        { 4, AS_F32LE, AS_F32BE },   { 5, AS_F64LE, AS_F64BE },  { 12, AS_U16LE, AS_U16BE },
        { 13, AS_U32LE, AS_U32BE },  { 14, AS_I64LE, AS_I64BE }, { 15, AS_U64LE, AS_U64BE },
    };
    for (size_t i = 0; i < AS_COUNT(types); i++)
        if (type == types[i].type) {
            *out = big ? types[i].big : types[i].little;
            return true;
        }
    return false;
}

static as_status read_header(envi *e)
{
    const as_where where = { .file = e->job->in->name };
    e->text = (const char *)e->job->in->data;
    AS_TRY(number_of(e, "samples", NAN, &e->samples));
    AS_TRY(number_of(e, "lines", NAN, &e->lines));
    AS_TRY(number_of(e, "bands", NAN, &e->bands));
    AS_TRY(number_of(e, "header offset", 0, &e->offset));
    AS_TRY(number_of(e, "data type", NAN, &e->type));
    AS_TRY(number_of(e, "byte order", 0, &e->swapped));
    e->interleave = value_of(e, "interleave");
    e->unit = value_of(e, "wavelength units");
    if (!e->interleave || !e->unit) return AS_ERR;
    if (e->samples < 1 || e->lines < 1 || e->bands < 1 || e->samples > MOST_SIDE ||
        e->lines > MOST_SIDE || e->bands > MOST_SIDE)
        return as_fail(e->job->ctx, AS_E_SYNTAX, &where, "%g samples, %g lines and %g bands are no image",
                       e->samples, e->lines, e->bands);
    if (!number_type(e->type, e->swapped != 0, &e->number))
        return as_fail(e->job->ctx, AS_E_FORMAT, &where, "data type %g is not supported", e->type);
    return AS_OK;
}

static as_status open_data(envi *e)
{
    static const char *const suffixes[] = { ".dat", "", ".img", ".raw", ".bsq", ".bil", ".bip" };
    as_ctx *ctx = e->job->ctx;
    const as_where where = { .file = e->job->in->name };
    const char *stem = as_stem(as_scratch(ctx), e->job->in->name);
    if (!stem) return AS_ERR;
    for (size_t i = 0; i < AS_COUNT(suffixes); i++) {
        const char *name = as_format(as_scratch(ctx), "%s%s", stem, suffixes[i]);
        if (!name) return AS_ERR;
        if (as_open_beside(ctx, e->job->in, name, &e->data) == AS_OK) return AS_OK;
        if (as_pending(ctx) != AS_E_MISSING) return AS_ERR;
        as_forget_error(ctx);
    }
    return as_fail(ctx, AS_E_MISSING, &where, "the image itself, %s.dat or .img, is not beside its header",
                   stem);
}

/* The list of the wavelengths, one for each band; NULL in *out: the header has none. */
static as_status read_axis(const envi *e, double **out)
{
    const char *text = value_of(e, "wavelength");
    const as_where where = { .file = e->job->in->name };
    const size_t n = (size_t)e->bands;
    size_t found = 0;
    *out = NULL;
    if (!text || !*text) return text ? AS_OK : AS_ERR;
    double *x = AS_NEW_N(as_scratch(e->job->ctx), double, n), value;
    if (!x) return AS_ERR;
    while (*(text += strspn(text, ", \t\r\n"))) {
        const size_t used = as_scan_number(text, strlen(text), '.', &value);
        if (used == 0)
            return as_fail(e->job->ctx, AS_E_SYNTAX, &where, "'%.24s' among the wavelengths", text);
        if (found < n) x[found] = value;
        found++;
        text += used;
    }
    if (found != n)
        return as_fail(e->job->ctx, AS_E_SYNTAX, &where, "%zu wavelengths, expected %zu as bands says",
                       found, n);
    *out = x;
    return AS_OK;
}

static as_ir_axis x_axis(const envi *e, const double *x)
{
    if (!x) return as_ir_x("POINTS");
    if (as_same(e->unit, "Unknown") || !*e->unit) return as_ir_x("");
    return as_ir_x(e->unit);
}

static as_status read_pixel(const envi *e, const double *x, uint64_t column, uint64_t row)
{
    as_ctx *ctx = e->job->ctx;
    const uint64_t width = (uint64_t)e->samples, bands = (uint64_t)e->bands;
    const size_t size = as_number_size(e->number);
    const as_ir_axis xs = x_axis(e, x), ys = as_ir_y("ARBITRARY UNITS");
    const bool bip = as_same(e->interleave, "bip"), bil = as_same(e->interleave, "bil");
    const uint64_t first = bip ? (row * width + column) * bands
                               : bil ? row * bands * width + column : row * width + column;
    const uint64_t stride = bip ? 1 : bil ? width : width * (uint64_t)e->lines;
    as_table *t = as_new_ir(ctx, bands, 0, e->bands - 1, &xs, &ys);
    if (!t) return AS_ERR;
    if (x) memcpy(t->column[0]->v.f, x, bands * sizeof *x);
    AS_TRY(as_numbers_at(ctx, e->data, (uint64_t)e->offset + first * size, bands, stride * size,
                         e->number, t->column[1]->v.f, "pixel"));
    AS_TRY(as_set_value(ctx, t, "index", (double)(row * width + column), "1", NULL));
    AS_TRY(as_set_value(ctx, t, "x", (double)column, "1", NULL));
    AS_TRY(as_set_value(ctx, t, "y", (double)row, "1", NULL));
    return as_emit(e->job->out, ctx, t);
}

static as_status parse(as_parse *job)
{
    envi e = { .job = job };
    double *x;
    AS_TRY(read_header(&e));
    AS_TRY(read_axis(&e, &x));
    AS_TRY(open_data(&e));
    const uint64_t n = (uint64_t)(e.samples * e.lines * e.bands), at = (uint64_t)e.offset;
    AS_TRY(as_need_bytes(job->ctx, e.data, at, n, as_number_size(e.number), "image"));
    for (uint64_t row = 0; row < (uint64_t)e.lines; row++)
        for (uint64_t column = 0; column < (uint64_t)e.samples; column++)
            AS_TRY(read_pixel(&e, x, column, row));
    return AS_OK;
}

static const char *const suffixes[] = { "hdr", NULL };
static const char *const techniques[] = { "generic", "ftir", NULL };
static const as_example examples[] = {
    { "the pixels of an image", "assay read --list tests/corpus/ftir/image.hdr" }, { 0 }
};
static const char *const references[] = { "ENVI header files, NV5 Geospatial documentation", NULL };
static const char *const see_also[] = { "agilent-fpa", NULL };

const as_parser as_parser_envi = {
    .name = "envi",
    .title = "ENVI image with its header",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "vendor document",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read ENVI hyperspectral images",
             .description =
                 "The header is given; the numbers are in the file of the same name beside it (`.dat`, "
                 "none, `.img`, `.raw`, `.bsq`, `.bil`, `.bip`). Each pixel is a series with its "
                 "column and row as `x` and `y`. What x is and its unit are taken from "
                 "`wavelength units`, never guessed: without it the column is called `x`.\n\n"
                 "Known gaps: complex numbers, compressed files and map projections.",
             .references = references,
             .examples = examples,
             .see_also = see_also },
};
