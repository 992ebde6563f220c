/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Horiba LabSpec 6 .xml: the tree of LSX elements, each with a format and a scrambled tag; the
 * intensities of many spectra stand in LSX_Matrix, row by row.
 */
#include <string.h>

#include "labspec.h"
#include "xml_vendor.h"

static int probe(const as_probe *p)
{
    const char *head = (const char *)p->head;
    return p->is_text && strstr(head, "<LSX_Data") && strstr(head, "<LSX_Tree") ? AS_PROBE_MAGIC
                                                                                : AS_PROBE_NO;
}

/* "0x6D707974" */
static bool read_tag(const char *text, uint32_t *out)
{
    uint64_t v = 0;
    if (!text || text[0] != '0' || (text[1] | 32) != 'x' || !text[2]) return false;
    for (text += 2; *text; text++) {
        const char c = *text;
        const int digit = c >= '0' && c <= '9' ? c - '0'
                        : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0 || v >> 28) return false;
        v = v << 4 | (unsigned)digit;
    }
    *out = (uint32_t)v;
    return true;
}

static as_status read_list(as_parse *job, const as_xml *xml, const as_element *e, as_lsx *node)
{
    as_span text;
    AS_TRY(xml->span(job->ctx, e, &text));
    const size_t n = as_count_span(text);
    double *list = AS_NEW_N(as_scratch(job->ctx), double, n + 1);
    if (!list) return AS_ERR;
    AS_TRY(as_span_numbers(job->ctx, &node->where, text, n, list, &node->n));
    node->list = list;
    return AS_OK;
}

static as_status read_element(as_parse *job, const as_xml *xml, const as_element *e,
                              as_lsx *parent, as_lsx **out)
{
    uint32_t tag;
    const char *format = xml->attribute(e, "Format");
    const as_where where = as_xml_at(xml, job->in, e);
    if (!read_tag(xml->attribute(e, "ID"), &tag) || !format)
        return as_fail(job->ctx, AS_E_SYNTAX, &where, "an LSX element without Format and ID");
    as_lsx *node = as_lsx_add(job->ctx, parent, tag);
    if (!node) return AS_ERR;
    node->where = where;
    *out = node;
    if (strcmp(format, "9") == 0) return AS_OK;
    if (strcmp(format, "6") == 0) return read_list(job, xml, e, node);
    const char *text = xml->text(job->ctx, e);
    if (!text) return AS_ERR;
    node->text = as_trim(as_scratch(job->ctx), text, strlen(text));
    return node->text ? AS_OK : AS_ERR;
}

/* Elements in document order; `tree` is the node of `top`. */
static as_status read_tree(as_parse *job, const as_xml *xml, const as_element *top, as_lsx *tree)
{
    as_lsx *at = tree;
    const as_element *at_element = top;
    for (const as_element *e = as_xml_after(xml, top, top, true); e;
         e = as_xml_after(xml, top, e, true)) {
        while (at_element != xml->parent(e)) { /* leave what is done */
            if (at == tree) break;
            at = at->parent;
            at_element = xml->parent(at_element);
        }
        AS_TRY(read_element(job, xml, e, at, &at));
        at_element = e;
    }
    return AS_OK;
}

static as_status read_matrix(as_parse *job, const as_xml *xml, const as_element *matrix,
                             double **out, size_t *n)
{
    size_t room = 0, row;
    as_span text;
    for (const as_element *r = xml->child(matrix, "LSX_Row"); r; r = xml->next(r, "LSX_Row")) {
        AS_TRY(xml->span(job->ctx, r, &text));
        room += as_count_span(text);
    }
    *out = AS_NEW_N(as_scratch(job->ctx), double, room + 1);
    if (!*out) return AS_ERR;
    for (const as_element *r = xml->child(matrix, "LSX_Row"); r; r = xml->next(r, "LSX_Row")) {
        const as_where where = as_xml_at(xml, job->in, r);
        AS_TRY(xml->span(job->ctx, r, &text));
        AS_TRY(as_span_numbers(job->ctx, &where, text, room - *n, *out + *n, &row));
        *n += row;
    }
    return AS_OK;
}

/* One spectrum has no matrix but a list, or rows, beside the tree. */
static as_status parse(as_parse *job)
{
    const as_xml *xml = as_xml_open(job->ctx);
    const as_element *root, *top;
    double *values = NULL;
    size_t n = 0;
    if (!xml) return AS_ERR;
    AS_TRY(xml->parse(job->ctx, job->in, &root));
    AS_TRY(as_xml_need(xml, job->ctx, job->in, root, "LSX_Tree", &top));
    as_lsx *tree = as_lsx_add(job->ctx, NULL, 0);
    if (!tree) return AS_ERR;
    tree->where = as_xml_at(xml, job->in, top);
    AS_TRY(read_tree(job, xml, top, tree));
    const as_element *matrix = xml->child(root, "LSX_Matrix");
    if (matrix) AS_TRY(read_matrix(job, xml, matrix, &values, &n));
    return as_lsx_emit(job, tree, n, values);
}

static const char *const suffixes[] = { "xml", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { "labspec-l6s", "labspec-txt", NULL };

const as_parser as_parser_labspec_xml = {
    .name = "labspec-xml",
    .title = "Horiba LabSpec 6 XML",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra and maps of Horiba LabSpec exported as XML",
             .description =
                 "A tree of `LSX` elements whose hexadecimal ID tells type, unit, values, name and value; "
                 "axis 0 is the intensity, 1 the spectral axis, others are coordinates. Each "
                 "spectrum becomes one series, its coordinates as metadata; x as stored, "
                 "mostly descending.",
             .see_also = see_also },
};
