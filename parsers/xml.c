/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What parsers of XML formats share beyond the facade: paths, texts and lists of numbers. */
#include <stdint.h>
#include <string.h>

#include "number.h"
#include "xml.h"

#ifndef ASSAY_MODULES
extern const as_xml as_module_xml;
#endif

const as_xml *as_xml_open(as_ctx *ctx)
{
    return AS_MODULE(ctx, "xml", as_xml, as_module_xml);
}

const as_element *as_xml_find(const as_xml *xml, const as_element *from, const char *path)
{
    char part[128];
    while (from && *path) {
        const size_t n = strcspn(path, "/");
        if (n >= sizeof part) return NULL;
        memcpy(part, path, n);
        part[n] = '\0';
        from = xml->child(from, part);
        path += n + (path[n] == '/');
    }
    return from;
}

as_where as_xml_at(const as_xml *xml, const as_input *in, const as_element *e)
{
    return (as_where){ .file = in->name, .line = xml->line(e) };
}

as_status as_xml_need(const as_xml *xml, as_ctx *ctx, const as_input *in, const as_element *from,
                      const char *path, const as_element **out)
{
    *out = as_xml_find(xml, from, path);
    if (*out) return AS_OK;
    const as_where where = as_xml_at(xml, in, from);
    return as_fail(ctx, AS_E_MISSING, &where, "<%s> has no <%s>", xml->name(from), path);
}

const char *as_xml_text(const as_xml *xml, as_ctx *ctx, const as_element *from, const char *path)
{
    const as_element *e = as_xml_find(xml, from, path);
    const char *text = e ? xml->text(ctx, e) : NULL;
    return text ? as_trim(as_scratch(ctx), text, strlen(text)) : NULL;
}

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
}

enum { BLOCK = 128 };

/* How many words begin behind a place of the block. Other control characters count as gaps too: where
 * they stand as_text_numbers refuses the text. */
static size_t begun_in(const unsigned char *p)
{
    unsigned char n = 0;
    for (size_t i = 0; i < BLOCK; i++) /* compilers make vectors of it */
        n = (unsigned char)(n + (((p[i] <= ' ') | (p[i] == ',')) & (p[i + 1] > ' ') & (p[i + 1] != ',')));
    return n;
}

size_t as_count_span(as_span span)
{
    const char *p = span.text, *const end = p + span.n;
    size_t n = p < end && !is_gap(*p);
    for (; end - p > BLOCK; p += BLOCK) n += begun_in((const unsigned char *)p);
    for (; p + 1 < end; p++) n += is_gap(p[0]) && !is_gap(p[1]);
    return n;
}

size_t as_count_numbers(const char *text)
{
    return as_count_span((as_span){ text, strlen(text) });
}

static const char *skip(const char *p, const char *end)
{
    while (p < end && is_gap(*p)) p++;
    return p;
}

as_status as_span_numbers(as_ctx *ctx, const as_where *where, as_span span, size_t room,
                          double *out, size_t *n)
{
    const char *const end = span.text + span.n;
    *n = 0;
    for (const char *p = skip(span.text, end); p < end; p = skip(p, end)) {
        size_t many = 0;
        if (*n < room) p += as_scan_list(p, (size_t)(end - p), room - *n, out + *n, &many);
        *n += many;
        if (many > 0) continue;
        double value;
        const size_t used = as_scan_number(p, (size_t)(end - p), '.', &value);
        if (used == 0 || (p + used < end && !is_gap(p[used])))
            return as_fail(ctx, AS_E_SYNTAX, where, "'%.*s' found as value %zu, expected a number",
                           (int)strcspn(p, " \t\r\n,<"), p, *n + 1);
        if (*n < room) out[*n] = value;
        ++*n;
        p += used;
    }
    return AS_OK;
}

as_status as_text_numbers(as_ctx *ctx, const as_where *where, const char *text, size_t room,
                          double *out, size_t *n)
{
    return as_span_numbers(ctx, where, (as_span){ text, strlen(text) }, room, out, n);
}
