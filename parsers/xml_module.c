/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facade of xml.h over libxml2's tree. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <string.h>

#include "xml.h"

extern const as_xml as_module_xml;

static const xmlNode *node_of(const as_element *e)
{
    return (const xmlNode *)(const void *)e;
}

static const as_element *element_of(const xmlNode *n)
{
    return (const as_element *)(const void *)n;
}

static void free_document(void *doc)
{
    xmlFreeDoc(doc);
}

typedef struct first_error { /* the one that causes the others */
    int code, line, column;
    char message[256];
    const as_input *in;
} first_error;

static void keep_first(void *parser, xmlErrorPtr e)
{
    first_error *first = ((xmlParserCtxt *)parser)->_private;
    if (first->code || e->level < XML_ERR_ERROR) return;
    first->code = e->code;
    first->line = e->line;
    first->column = e->int2;
    (void)snprintf(first->message, sizeof first->message, "%s", e->message ? e->message : "");
    first->message[strcspn(first->message, "\n")] = '\0';
}

static as_status broken(as_ctx *ctx, const as_input *in, const first_error *e)
{
    as_where where = { .file = in->name };
    where.line = e->line > 0 ? (uint32_t)e->line : 0;
    where.column = e->column > 0 ? (uint32_t)e->column : 0;
    const bool cut = e->code == XML_ERR_DOCUMENT_END || e->code == XML_ERR_TAG_NOT_FINISHED ||
                     (e->code == XML_ERR_DOCUMENT_EMPTY && in->size == 0);
    if (e->code == XML_ERR_NO_MEMORY || e->code == 0) return as_fail(ctx, AS_E_NOMEM, &where, "out of memory");
    return as_fail(ctx, cut ? AS_E_TRUNCATED : AS_E_SYNTAX, &where, "no well-formed XML: %s",
                   e->message);
}

enum { LARGE = 8000000, DEEPEST = 256 };

/* libxml2 refuses documents beyond 10 MB, as maps and long series are, unless told that they may be
 * huge; that also lifts its limits on entities and nesting. So only without a DOCTYPE, which alone
 * can declare entities, and with nesting checked behind (the parser itself does not recurse). */
static bool may_be_huge(const as_input *in)
{
    static const char doctype[] = "<!DOCTYPE";
    const unsigned char *at = in->data, *end = in->data + in->size;
    if (in->size < LARGE) return false;
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) { /* data is followed by zeros */
        if (strncmp((const char *)at, doctype, sizeof doctype - 1) == 0) return false;
        at++;
    }
    return true;
}

static bool is_too_deep(const xmlNode *root)
{
    const xmlNode *n = root;
    for (int depth = 0; n;) {
        if (n->children && n->type == XML_ELEMENT_NODE) {
            n = n->children;
            if (++depth > DEEPEST) return true;
            continue;
        }
        while (n && n != root && !n->next) {
            n = n->parent;
            depth--;
        }
        n = n && n != root ? n->next : NULL;
    }
    return false;
}

/* As xmlCtxtReadMemory, but a text is read where it lies: no copy is made of it. NULL: it is not
 * well-formed, or without memory, and then no error was seen. */
static xmlDoc *read_document(xmlParserCtxt *parser, const as_input *in, int options)
{
    const char *data = (const char *)in->data;
    if (!in->is_text || strlen(data) != in->size)
        return xmlCtxtReadMemory(parser, data, (int)in->size, NULL, in->is_text ? "UTF-8" : NULL, options);
    (void)xmlCtxtUseOptions(parser, options | XML_PARSE_IGNORE_ENC); /* it is UTF-8, whatever it says */
    xmlParserInput *stream = xmlNewStringInputStream(parser, in->data);
    if (!stream) return NULL;
    (void)inputPush(parser, stream);
    (void)xmlParseDocument(parser);
    xmlDoc *doc = parser->myDoc;
    parser->myDoc = NULL;
    if (parser->wellFormed) return doc;
    xmlFreeDoc(doc);
    return NULL;
}

enum { LONG = 4096 };

/* A long text that stands in the input as it is, first in its element, is not copied: its node says
 * from where to where. Its name keeps libxml2 from adding to it what may follow. */
static void keep_in_place(void *context, const xmlChar *at, int n)
{
    xmlParserCtxt *parser = context;
    const as_input *in = ((const first_error *)parser->_private)->in;
    const bool inside = at >= in->data && at < in->data + in->size;
    xmlNode *text = NULL;
    if (n >= LONG && inside && parser->node && !parser->node->last) text = xmlNewText(NULL);
    if (!text) {
        xmlSAX2Characters(context, at, n);
        return;
    }
    text->name = xmlStringTextNoenc;
    text->_private = (void *)(uintptr_t)at;
    text->psvi = (void *)(uintptr_t)(at + n);
    (void)xmlAddChild(parser->node, text);
}

static as_status parse(as_ctx *ctx, const as_input *in, const as_element **root)
{
    const as_where where = { .file = in->name };
    if (in->size > INT32_MAX)
        return as_fail(ctx, AS_E_LIMIT, &where, "an XML document of more than 2 GiB");
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (!parser) return as_fail(ctx, AS_E_NOMEM, NULL, "out of memory");
    first_error first = { .in = in };
    parser->_private = &first;
    parser->sax->serror = keep_first;
    parser->sax->characters = keep_in_place;
    const bool huge = may_be_huge(in);
    const int options = (huge ? XML_PARSE_HUGE : 0) | XML_PARSE_NONET | XML_PARSE_NOERROR |
                        XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES;
    xmlDoc *doc = read_document(parser, in, options);
    const as_status status = doc ? AS_OK : broken(ctx, in, &first);
    xmlFreeParserCtxt(parser);
    if (status != AS_OK) return AS_ERR;
    AS_TRY(as_defer(as_scratch(ctx), free_document, doc));
    if (doc->intSubset && doc->intSubset->entities)
        return as_fail(ctx, AS_E_FORMAT, &where, "it declares entities of its own; not supported");
    if (huge && is_too_deep(xmlDocGetRootElement(doc)))
        return as_fail(ctx, AS_E_SYNTAX, &where, "elements nested more than %d deep", DEEPEST);
    *root = element_of(xmlDocGetRootElement(doc));
    return *root ? AS_OK : as_fail(ctx, AS_E_SYNTAX, &where, "an XML document without an element");
}

static const char *name(const as_element *e)
{
    return (const char *)node_of(e)->name;
}

static const as_element *from(const xmlNode *n, const char *wanted)
{
    for (; n; n = n->next)
        if (n->type == XML_ELEMENT_NODE &&
            (!wanted || strcmp((const char *)n->name, wanted) == 0))
            return element_of(n);
    return NULL;
}

static const as_element *child(const as_element *e, const char *wanted)
{
    return from(node_of(e)->children, wanted);
}

static const as_element *next(const as_element *e, const char *wanted)
{
    return from(node_of(e)->next, wanted);
}

static const as_element *parent(const as_element *e)
{
    const xmlNode *n = node_of(e)->parent;
    return n && n->type == XML_ELEMENT_NODE ? element_of(n) : NULL;
}

static const char *value_of(const xmlAttr *a)
{
    return a->children && a->children->content ? (const char *)a->children->content : "";
}

static const char *attribute(const as_element *e, const char *wanted)
{
    for (const xmlAttr *a = node_of(e)->properties; a; a = a->next)
        if (strcmp((const char *)a->name, wanted) == 0) return value_of(a);
    return NULL;
}

static bool nth_attribute(const as_element *e, size_t i, const char **attribute_name,
                          const char **value)
{
    const xmlAttr *a = node_of(e)->properties;
    for (; a && i > 0; i--) a = a->next;
    if (!a) return false;
    *attribute_name = (const char *)a->name;
    *value = value_of(a);
    return true;
}

/* The text of a node, where it is one; NULL: it is none. */
static const char *piece(const xmlNode *n, size_t *length)
{
    const bool kept = n->type == XML_TEXT_NODE && n->_private; /* by keep_in_place */
    if (kept) {
        *length = (size_t)((const char *)n->psvi - (const char *)n->_private);
        return n->_private;
    }
    if ((n->type != XML_TEXT_NODE && n->type != XML_CDATA_SECTION_NODE) || !n->content) return NULL;
    *length = strlen((const char *)n->content);
    return (const char *)n->content;
}

static char *joined(as_ctx *ctx, const xmlNode *first, size_t length)
{
    char *all = as_alloc(as_scratch(ctx), length + 1, 1);
    size_t at = 0, n;
    for (; all && first; first = first->next) {
        const char *text = piece(first, &n);
        if (!text) continue;
        memcpy(all + at, text, n);
        at += n;
    }
    return all;
}

/* Number of pieces, their length together, the only one's text. */
static size_t pieces_of(const as_element *e, as_span *out)
{
    size_t pieces = 0, n;
    *out = (as_span){ "", 0 };
    for (const xmlNode *c = node_of(e)->children; c; c = c->next) {
        const char *text = piece(c, &n);
        if (!text) continue;
        pieces++;
        out->text = text;
        out->n += n;
    }
    return pieces;
}

static as_status span(as_ctx *ctx, const as_element *e, as_span *out)
{
    if (pieces_of(e, out) > 1) out->text = joined(ctx, node_of(e)->children, out->n);
    return out->text ? AS_OK : AS_ERR;
}

static const char *text(as_ctx *ctx, const as_element *e)
{
    as_span all;
    if (pieces_of(e, &all) <= 1 && all.text[all.n] == '\0') return all.text;
    return joined(ctx, node_of(e)->children, all.n);
}

static uint32_t line(const as_element *e)
{
    const long number = xmlGetLineNo((const xmlNode *)node_of(e));
    return number > 0 ? (uint32_t)number : 0;
}

AS_MODULE_EXPORT const as_xml as_module_xml = { parse,     name,          child, next, parent,
                                                attribute, nth_attribute, text, span, line };
