/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Horiba LabSpec 6 .l6s (and .l6m): the tree of labspec.h in binary. A record of 24 bytes has
 * format, address, tag, a zero, and either the value itself or an address and a count; then
 * the contents follow behind the records of the same branch, in their order, branches
 * first records, then contents.
 */
#include <string.h>

#include "encoding.h"
#include "labspec.h"
#include "number.h"

enum { ROOT = 0x4c, RECORD = 24, APART = 0x1000, MOST_DEEP = 24, MOST_CHILDREN = 1 << 20,
       MOST_TEXTS = 512 };
enum { NOTHING = 0, INTEGER = 4, DOUBLE = 5, FLOATS = 6, BYTES = 7, WIDE = 8, BRANCH = 9 };

/* A branch whose count stands in its record but whose contents do not follow. */
enum { NOT_STORED = 0x786D6574 };

static int probe(const as_probe *p)
{
    if (p->size < ROOT + RECORD || memcmp(p->head, "LabSpec6", 8) != 0) return AS_PROBE_NO;
    return as_head_u32(p, ROOT) == (APART | BRANCH) ? AS_PROBE_VERIFIED : AS_PROBE_MAGIC;
}

typedef struct {
    as_lsx *node;
    uint64_t next;  /* record to be read now */
    uint32_t left;  /* records not read yet */
} level;

typedef struct {
    uint64_t at; /* where the next content stands */
    level stack[MOST_DEEP];
    size_t depth, n_texts;
    struct {
        uint32_t address;
        const char *text;
    } text[MOST_TEXTS];
} walk;

/* A text of n units of `width` bytes. */
static as_status get_text(as_parse *job, uint64_t at, uint64_t n, unsigned width, const char **out)
{
    unsigned char *text;
    size_t size;
    if (width == 1) return as_text_at(job->ctx, job->in, at, n, out);
    AS_TRY(as_need_bytes(job->ctx, job->in, at, n, width, "a text"));
    AS_TRY(as_decode(job->ctx, as_scratch(job->ctx), (as_encoding){ .name = "UTF-16LE" },
                     job->in->data + at, (size_t)(n * width), &text, &size));
    const void *nul = memchr(text, 0, size);
    *out = as_trim(as_scratch(job->ctx), (const char *)text,
                   nul ? (size_t)((const unsigned char *)nul - text) : size);
    return *out ? AS_OK : AS_ERR;
}

static as_status get_list(as_parse *job, uint64_t at, uint32_t n, as_lsx *node)
{
    AS_TRY(as_need_bytes(job->ctx, job->in, at, n, 4, "the values"));
    double *list = AS_NEW_N(as_scratch(job->ctx), double, (size_t)n + 1);
    if (!list) return AS_ERR;
    node->n = n;
    node->list = list;
    return as_numbers_at(job->ctx, job->in, at, n, 0, AS_F32LE, list, "the values");
}

/* A value inside its record. */
static as_status read_inline(as_parse *job, uint32_t format, uint64_t at, as_lsx *node)
{
    int32_t i;
    double d;
    char number[AS_NUMBER_MAX];
    switch (format) {
    case INTEGER:
        AS_TRY(as_i32le(job->ctx, job->in, at, &i));
        node->text = as_format(as_scratch(job->ctx), "%d", (int)i);
        return node->text ? AS_OK : AS_ERR;
    case DOUBLE:
        AS_TRY(as_f64le(job->ctx, job->in, at, &d));
        as_write_number(d, number);
        node->text = as_strdup(as_scratch(job->ctx), number);
        return node->text ? AS_OK : AS_ERR;
    case FLOATS: return get_list(job, at, 1, node);
    case BYTES: return get_text(job, at, 8, 1, &node->text);
    case WIDE: return get_text(job, at, 4, 2, &node->text);
    case NOTHING:
    case BRANCH: return AS_OK;
    default:
        return as_fail(job->ctx, AS_E_FORMAT, &node->where, "a value of format %u, expected 4 to 9",
                       format);
    }
}

/* Contents behind the records; a branch becomes the level to go on with. */
static as_status read_apart(as_parse *job, uint32_t format, uint32_t n, as_lsx *node, walk *w)
{
    const uint64_t at = w->at;
    switch (format) {
    case INTEGER: w->at += 4 * (uint64_t)n; break;
    case DOUBLE: w->at += 8 * (uint64_t)n; break;
    case FLOATS:
        w->at += 4 * (uint64_t)n;
        return get_list(job, at, n, node);
    case BYTES:
        w->at += n;
        return get_text(job, at, n, 1, &node->text);
    case WIDE:
        w->at += 2 * (uint64_t)n;
        return get_text(job, at, n, 2, &node->text);
    case BRANCH:
        if (node->tag == NOT_STORED) return AS_OK;
        if (w->depth == MOST_DEEP || n > MOST_CHILDREN)
            return as_fail(job->ctx, AS_E_SYNTAX, &node->where, "a branch of %u at depth %zu", n,
                           w->depth);
        w->at += RECORD * (uint64_t)n;
        w->stack[w->depth++] = (level){ node, at, n };
        break;
    default:
        return as_fail(job->ctx, AS_E_FORMAT, &node->where, "values of format %u, expected 4 to 9",
                       format);
    }
    return as_need_bytes(job->ctx, job->in, at, w->at - at, 1, "contents");
}

/* A text with the address of an earlier one is stored once only. */
static const char *known_text(const walk *w, uint32_t address)
{
    for (size_t i = 0; i < w->n_texts; i++)
        if (w->text[i].address == address) return w->text[i].text;
    return NULL;
}

static void remember_text(walk *w, uint32_t address, const char *text)
{
    if (w->n_texts == MOST_TEXTS) return;
    w->text[w->n_texts].address = address;
    w->text[w->n_texts++].text = text;
}

static as_status read_record(as_parse *job, uint64_t at, as_lsx *parent, walk *w)
{
    uint32_t format, tag, address, n;
    AS_TRY(as_u32le(job->ctx, job->in, at, &format));
    AS_TRY(as_u32le(job->ctx, job->in, at + 16, &address));
    AS_TRY(as_u32le(job->ctx, job->in, at + 8, &tag));
    AS_TRY(as_u32le(job->ctx, job->in, at + 20, &n));
    as_lsx *node = as_lsx_add(job->ctx, parent, tag);
    if (!node) return AS_ERR;
    node->where = as_at_byte(job->in, at);
    const bool text_apart = format == (APART | BYTES) || format == (APART | WIDE);
    if (text_apart) node->text = known_text(w, address);
    if (node->text) return AS_OK;
    if (!(format & APART)) return read_inline(job, format, at + 16, node);
    AS_TRY(read_apart(job, format & ~(uint32_t)APART, n, node, w));
    if (text_apart) remember_text(w, address, node->text);
    return AS_OK;
}

static as_status read_tree(as_parse *job, as_lsx *above)
{
    walk w = { .at = ROOT + RECORD };
    const as_where where = as_at_byte(job->in, ROOT);
    AS_TRY(read_record(job, ROOT, above, &w));
    if (w.depth == 0)
        return as_fail(job->ctx, AS_E_FORMAT, &where, "no tree of values at byte %d", ROOT);
    while (w.depth) {
        level *top = &w.stack[w.depth - 1];
        if (top->left == 0) {
            w.depth--;
            continue;
        }
        const uint64_t at = top->next;
        top->next += RECORD;
        top->left--;
        AS_TRY(read_record(job, at, top->node, &w));
    }
    return AS_OK;
}

/* Whether the spectra are there, which stand before the settings. */
static bool has_spectra(const as_lsx *root)
{
    const as_lsx *axes = as_lsx_child(as_lsx_child(root, AS_LSX_SPECTRA), AS_LSX_AXES);
    const as_lsx *last = axes ? axes->last : NULL;
    return last && axes->child != last && as_lsx_child(last, AS_LSX_VALUES) &&
           as_lsx_child(last, AS_LSX_VALUES)->list && as_lsx_child(root, AS_LSX_SPECTRA)->next;
}

static as_status parse(as_parse *job)
{
    as_lsx *above = as_lsx_add(job->ctx, NULL, 0);
    if (!above) return AS_ERR;
    if (read_tree(job, above) != AS_OK) {
        const as_where where = as_at_byte(job->in, job->in->size);
        const as_code code = as_pending(job->ctx);
        if (code == AS_E_NOMEM || code == AS_E_LIMIT || !has_spectra(above->child)) return AS_ERR;
        as_forget_error(job->ctx);
        as_warn(job->ctx, NULL, &where, "the settings behind the spectra cannot be read: cut?");
    }
    return as_lsx_emit(job, above->child, 0, NULL);
}

static const char *const suffixes[] = { "l6s", "l6m", NULL };
static const char *const techniques[] = { "raman", NULL };
static const char *const see_also[] = { "labspec-xml", "labspec-txt", NULL };

const as_parser as_parser_labspec_l6s = {
    .name = "labspec-l6s",
    .title = "Horiba LabSpec 6 .l6s",
    .suffixes = suffixes,
    .techniques = techniques,
    .basis = "observed files with their text exports",
    .probe = probe,
    .parse = parse,
    .doc = { .summary = "read spectra of Horiba LabSpec 6",
             .description =
                 "Binary, little endian: `LabSpec6`, then a tree of records of 24 bytes (format, "
                 "address, tag, value or count), whose contents follow the records of the same branch. "
                 "Tags are those of the XML export. x as stored.",
             .see_also = see_also },
};
