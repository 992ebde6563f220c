/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML documents for parsers of instrument files: elements by local name, whatever their
 * namespace, with their lines. libxml2 sits behind this facade (datasets/module.h).
 *
 *     const as_xml *xml = as_xml_open(job->ctx);
 *     const as_element *root, *scan;
 *     if (!xml) return AS_ERR;
 *     AS_TRY(xml->parse(job->ctx, job->in, &root));
 *     AS_TRY(as_xml_need(xml, job->ctx, job->in, root, "xrdMeasurement/scan", &scan));
 *     for (; scan; scan = xml->next(scan, "scan")) ...
 *
 * Nothing is fetched, no external entity or DTD is read, a document that declares entities of
 * its own is refused, nesting and sizes are bounded by libxml2's own limits.
 */
#ifndef AS_PARSERS_XML_H
#define AS_PARSERS_XML_H

#include "input.h"
#include "module.h"

typedef struct as_element as_element; /* of a document that lives in scratch */

typedef struct as_span { /* n bytes; what stands behind them is not part of it */
    const char *text;
    size_t n;
} as_span;

typedef struct as_xml {
    /* The root element. AS_E_SYNTAX with line and column for what is not well-formed,
     * AS_E_TRUNCATED where it ends early. */
    as_status (*parse)(as_ctx *ctx, const as_input *in, const as_element **root);
    const char *(*name)(const as_element *e); /* local name */
    /* The first child or the next sibling called `name` (NULL: any); NULL: none. */
    const as_element *(*child)(const as_element *e, const char *name);
    const as_element *(*next)(const as_element *e, const char *name);
    const as_element *(*parent)(const as_element *e);
    /* The attribute's value; NULL: it has none. Not copied: it lives as long as the document. */
    const char *(*attribute)(const as_element *e, const char *name);
    /* Number i, from 0, of the attributes: false behind the last. */
    bool (*nth_attribute)(const as_element *e, size_t i, const char **name, const char **value);
    /* All the text directly in the element, "" when there is none; long texts, and those in several
     * pieces, are copied to scratch each time. NULL without memory. */
    const char *(*text)(as_ctx *ctx, const as_element *e);
    /* The same without a NUL behind it: a long text is shown where it stands in the input. */
    as_status (*span)(as_ctx *ctx, const as_element *e, as_span *out);
    uint32_t (*line)(const as_element *e);
} as_xml;

const as_xml *as_xml_open(as_ctx *ctx) AS_NODISCARD; /* NULL: AS_E_IO recorded */

/* By a path of local names, "a/b/c": the first a that is there, in it the first b ... NULL: none. */
const as_element *as_xml_find(const as_xml *xml, const as_element *from, const char *path);
/* The same, AS_E_MISSING naming the path and the line of `from` when it is not there. */
as_status as_xml_need(const as_xml *xml, as_ctx *ctx, const as_input *in, const as_element *from,
                      const char *path, const as_element **out) AS_NODISCARD;
/* The trimmed text behind a path, in scratch; NULL when the element is absent (no error) or
 * without memory (as_pending tells). */
const char *as_xml_text(const as_xml *xml, as_ctx *ctx, const as_element *from, const char *path);
as_where as_xml_at(const as_xml *xml, const as_input *in, const as_element *e);

/* The numbers in a text separated by blanks (or commas): how many. */
size_t as_count_numbers(const char *text);
size_t as_count_span(as_span span);
/* Fills at most `room` of them; `n` gets how many there are. AS_E_SYNTAX at `where` for what is
 * no number. */
as_status as_text_numbers(as_ctx *ctx, const as_where *where, const char *text, size_t room,
                          double *out, size_t *n) AS_NODISCARD;
as_status as_span_numbers(as_ctx *ctx, const as_where *where, as_span span, size_t room,
                          double *out, size_t *n) AS_NODISCARD;

#endif
