/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of making, read back: iTXt of PNG (ISO/IEC 15948, 11.3.4.5), <metadata> of SVG, Keywords
 * of PDF (ISO 32000-1, 7.3.4 and 14.3.3), history of streams.
 */
#include <string.h>

#include "hash.h"
#include "pipeline.h"
#include "provenance.h"
#include "record.h"
#include "stream.h"

const char *as_record_kind_name(as_record_kind kind)
{
    static const char *const names[] = { "no record", "png", "svg", "pdf", "stream" };
    return names[kind];
}

const char *as_json_get(const json_t *object, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : otherwise;
}

static void drop(void *j)
{
    json_decref(j);
}

as_status as_json_keep(as_session *s, json_t *j)
{
    if (!j) return as_fail(s->ctx, AS_E_NOMEM, NULL, "no memory for a document");
    return as_defer(s->arena, drop, j);
}

static bool begins(const as_file *f, const char *magic, size_t n)
{
    return f->size >= n && memcmp(f->data, magic, n) == 0;
}

/* --- PNG ------------------------------------------------------------------------------------- */

/* keyword, 0, compression flag and method, language, 0, translated keyword, 0, text */
static const unsigned char *itxt_text(const unsigned char *c, size_t n, size_t *length)
{
    static const char key[] = "assay";
    if (n < sizeof key + 4 || memcmp(c, key, sizeof key) != 0 || c[sizeof key]) return NULL;
    size_t at = sizeof key + 2;
    for (int zeros = 0; at < n && zeros < 2; at++) zeros += c[at] == 0;
    *length = n - at;
    return at <= n ? c + at : NULL;
}

static const char *find_png(as_arena *a, const as_file *f)
{
    for (size_t at = 8; at + 12 <= f->size;) {
        const unsigned char *c = f->data + at;
        const size_t n = (size_t)c[0] << 24 | (size_t)c[1] << 16 | (size_t)c[2] << 8 | c[3];
        size_t length;
        if (n > f->size - at - 12) return NULL;
        const unsigned char *text =
            memcmp(c + 4, "iTXt", 4) == 0 ? itxt_text(c + 8, n, &length) : NULL;
        if (text) return as_strndup(a, (const char *)text, length);
        at += n + 12;
    }
    return NULL;
}

/* --- SVG ------------------------------------------------------------------------------------- */

static char *unescape_xml(as_arena *a, const char *text, size_t n)
{
    static const struct {
        const char *from;
        char to;
    } known[] = {
        { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' },
    };
    char *out = as_strndup(a, text, n);
    size_t to = 0;
    for (size_t i = 0; out && i < n;) {
        size_t k = 0;
        const size_t kinds = sizeof known / sizeof *known;
        while (k < kinds && strncmp(text + i, known[k].from, strlen(known[k].from)) != 0) k++;
        out[to++] = k < kinds ? known[k].to : text[i];
        i += k < kinds ? strlen(known[k].from) : 1;
    }
    if (out) out[to] = '\0';
    return out;
}

static const char *find_svg(as_arena *a, const as_file *f)
{
    const char *text = (const char *)f->data; /* zeros follow it */
    const char *open = strstr(text, "<metadata>"),
               *close = open ? strstr(open, "</metadata>") : NULL;
    if (!close) return NULL;
    open += strlen("<metadata>");
    return unescape_xml(a, open, (size_t)(close - open));
}

/* --- PDF ------------------------------------------------------------------------------------- */

static int hex_digit(unsigned char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* <FEFF...>: bytes by two digits. (text): escapes undone. Returns the bytes before decoding. */
static char *pdf_string(as_arena *a, const unsigned char *c, const unsigned char *end, size_t *n)
{
    char *out = as_strndup(a, (const char *)c, (size_t)(end - c));
    *n = 0;
    if (!out) return NULL;
    if (*c == '<') {
        for (c++; end - c >= 2 && *c != '>'; c += 2) {
            const int high = hex_digit(c[0]), low = hex_digit(c[1]);
            if (high < 0 || low < 0) return NULL;
            out[(*n)++] = (char)(high << 4 | low);
        }
        return out;
    }
    int depth = 1;
    for (c++; c < end; c++) {
        if (*c == '\\' && end - c > 3 && c[1] >= '0' && c[1] <= '7') {
            out[(*n)++] = (char)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));
            c += 3;
            continue;
        }
        if (*c == '\\' && end - c > 1) {
            c++;
            out[(*n)++] = (char)(*c == 'n' ? '\n' : *c == 'r' ? '\r' : *c == 't' ? '\t' : *c);
            continue;
        }
        depth += *c == '(' ? 1 : *c == ')' ? -1 : 0;
        if (depth == 0) return out;
        out[(*n)++] = (char)*c;
    }
    return NULL;
}

/* UTF-16BE with its mark as UTF-8; all else is taken as UTF-8 already. */
static char *pdf_utf8(as_arena *a, const char *bytes, size_t n)
{
    const unsigned char *c = (const unsigned char *)bytes;
    if (n < 2 || c[0] != 0xfe || c[1] != 0xff) return as_strndup(a, bytes, n);
    char *out = as_alloc(a, 2 * n, 1);
    size_t to = 0;
    for (size_t i = 2; out && i + 1 < n; i += 2) {
        uint32_t u = (uint32_t)c[i] << 8 | c[i + 1];
        if (u >= 0xd800 && u < 0xdc00 && i + 3 < n) {
            u = 0x10000 + ((u & 0x3ff) << 10) + (((uint32_t)c[i + 2] << 8 | c[i + 3]) & 0x3ff);
            i += 2;
        }
        if (u < 0x80) {
            out[to++] = (char)u;
            continue;
        }
        if (u >= 0x10000) out[to++] = (char)(0xf0 | u >> 18);
        if (u >= 0x800)
            out[to++] =
                (char)((u >= 0x10000 ? 0x80 : 0xe0) | (u >> 12 & (u >= 0x10000 ? 0x3f : 0x0f)));
        out[to++] = (char)(u >= 0x800 ? 0x80 | (u >> 6 & 0x3f) : 0xc0 | u >> 6);
        out[to++] = (char)(0x80 | (u & 0x3f));
    }
    return out;
}

static const char *find_pdf(as_arena *a, const as_file *f)
{
    static const char key[] = "/Keywords ";
    const unsigned char *end = f->data + f->size;
    for (const unsigned char *c = f->data; (size_t)(end - c) > sizeof key; c++) {
        c = memchr(c, '/', (size_t)(end - c) - sizeof key);
        if (!c) return NULL;
        if (memcmp(c, key, sizeof key - 1) != 0) continue;
        const unsigned char *from = c + sizeof key - 1;
        size_t n;
        if (*from != '(' && *from != '<') continue;
        const char *bytes = pdf_string(a, from, end, &n);
        return bytes ? pdf_utf8(a, bytes, n) : NULL;
    }
    return NULL;
}

/* --- streams --------------------------------------------------------------------------------- */

static as_status find_stream(as_session *s, const as_file *f, const char **text)
{
    const as_input *in;
    as_gather *all;
    AS_TRY(as_gather_new(s, &all));
    AS_TRY(as_input_of_bytes(s->ctx, f->path ? f->path : f->name, f->data, f->size, &in));
    AS_TRY(as_feed_stream_input(s, in, &all->sink));
    *text = as_stream_provenance(s->arena, all->n, (const as_table *const *)all->t);
    return *text ? AS_OK : AS_ERR;
}

/* --- all ------------------------------------------------------------------------------------- */

/* Series that repeat an earlier one ("as": index) get what it has. */
static bool expand(json_t *record)
{
    size_t i;
    json_t *one, *value;
    const char *key;
    json_t *series = json_object_get(record, "series");
    json_array_foreach(json_object_get(record, "panels"), i, one) if (!expand(one)) return false;
    json_array_foreach(series, i, one)
    {
        const json_t *as = json_object_get(one, "as");
        if (!as) continue;
        const json_int_t at = json_integer_value(as);
        json_t *from = at >= 0 && (size_t)at < i ? json_array_get(series, (size_t)at) : NULL;
        if (!json_is_integer(as) || !from) return false;
        json_object_foreach(from, key, value) if (!json_object_get(one, key))(void)
            json_object_set(one, key, value);
        (void)json_object_del(one, "as");
    }
    return true;
}

enum { DEPTH_MAX = 16 }; /* of records inside records */
static bool expand_inputs(json_t *inputs, int depth);

/* In a stream the inputs of a step are JSON inside a text; in a figure they are JSON, or
 * {"of": i, "step": k}, those of an earlier one of the series. */
static bool open_step(const json_t *series, size_t i, json_t *step, int depth)
{
    json_error_t why;
    json_t *inputs = json_object_get(step, "inputs");
    const json_t *of = json_object_get(inputs, "of");
    const char *text = json_string_value(inputs);
    if (of) {
        const size_t from = (size_t)json_integer_value(of);
        const size_t at = (size_t)json_integer_value(json_object_get(inputs, "step"));
        const json_t *steps = json_object_get(json_array_get(series, from), "steps");
        json_t *own = json_object_get(json_array_get(steps, at), "inputs");
        return from < i && own && json_object_set(step, "inputs", own) == 0;
    }
    if (text && json_object_set_new(step, "inputs", json_loads(text, 0, &why)) != 0) return false;
    return expand_inputs(json_object_get(step, "inputs"), depth);
}

static bool open_steps(const json_t *series, size_t i, int depth)
{
    size_t k;
    json_t *step, *steps = json_object_get(json_array_get(series, i), "steps");
    json_array_foreach(steps, k, step) if (!open_step(series, i, step, depth)) return false;
    return true;
}

/* Lists of cmd/origins.h: what an entry has of an earlier one ("of": its source, "as": its steps) is put in. */
static bool expand_origins(json_t *list, int depth)
{
    static const char *const source[] = { "source", "sha256", "format", "simulated" };
    size_t i;
    json_t *one, *value;
    json_array_foreach(list, i, one)
    {
        const json_t *of = json_object_get(one, "of"), *as = json_object_get(one, "as");
        const size_t from = (size_t)json_integer_value(of), like = (size_t)json_integer_value(as);
        if ((of && from >= i) || (as && like >= i)) return false;
        for (size_t k = 0; of && k < sizeof source / sizeof *source; k++)
            if ((value = json_object_get(json_array_get(list, from), source[k])))
                (void)json_object_set(one, source[k], value);
        if (as) (void)json_object_set(one, "steps", json_object_get(json_array_get(list, like), "steps"));
        else if (!open_steps(list, i, depth + 1)) return false;
        (void)json_object_del(one, "of");
        (void)json_object_del(one, "as");
    }
    return true;
}

static bool expand_inputs(json_t *inputs, int depth)
{
    const char *name;
    json_t *list;
    if (!inputs) return true;
    if (depth > DEPTH_MAX || !expand_origins(json_object_get(inputs, "series"), depth)) return false;
    json_object_foreach(json_object_get(inputs, "tables"), name, list)
        if (!expand_origins(list, depth)) return false;
    return true;
}

static bool open_inputs(json_t *record)
{
    size_t i;
    json_t *one, *series = json_object_get(record, "series");
    json_array_foreach(json_object_get(record, "panels"), i, one) if (!open_inputs(one)) return false;
    json_array_foreach(series, i, one) if (!open_steps(series, i, 0)) return false;
    return expand_inputs(json_object_get(record, "inputs"), 0);
}

static as_status check(as_session *s, const as_file *f, as_record *r)
{
    const as_where at = { .file = f->path ? f->path : f->name };
    json_error_t why;
    r->json = json_loads(r->text, 0, &why);
    if (!r->json)
        return as_fail(s->ctx, AS_E_SYNTAX, &at, "the record of its making is no JSON: %s",
                       why.text);
    AS_TRY(as_json_keep(s, r->json));
    if (!json_is_string(json_object_get(r->json, "assay")) ||
        (!json_is_array(json_object_get(r->json, "series")) &&
         !json_is_array(json_object_get(r->json, "panels"))) ||
        !expand(r->json) || !open_inputs(r->json))
        return as_fail(s->ctx, AS_E_SYNTAX, &at, "the record of its making is not one of assay's");
    return AS_OK;
}

as_status as_record_read(as_session *s, const as_file *f, as_record *out)
{
    *out = (as_record){ .kind = AS_RECORD_NONE };
    as_sha256_of(f->data, f->size, out->sha256);
    if (begins(f, "\x89PNG\r\n\x1a\n", 8)) {
        out->kind = AS_RECORD_PNG;
        out->text = find_png(s->arena, f);
    } else if (begins(f, "%PDF-", 5)) {
        out->kind = AS_RECORD_PDF;
        out->text = find_pdf(s->arena, f);
    } else if (as_is_stream(f->data, f->size)) {
        out->kind = AS_RECORD_STREAM;
        AS_TRY(find_stream(s, f, &out->text));
    } else if (begins(f, "<?xml", 5) || begins(f, "<svg", 4)) {
        out->kind = AS_RECORD_SVG;
        out->text = find_svg(s->arena, f);
    }
    if (!out->text) out->kind = AS_RECORD_NONE;
    return out->kind ? check(s, f, out) : AS_OK;
}
