/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labelled data records of JCAMP-DX: ##LABEL= value, which goes on until the next ##; $$ begins a
 * comment; labels do not mind case, blanks, '-', '/' and '_'.
 */
#include <math.h>
#include <string.h>

#include "jcamp.h"
#include "number.h"

static const char *const tables[] = { "XYDATA",      "XYPOINTS",  "PEAKTABLE", "PEAKASSIGNMENTS",
                                      "ASSIGNMENTS", "DATATABLE", "RADATA" };

const char *as_jcamp_label(as_ctx *ctx, const char *text, size_t n)
{
    char *out = as_strndup(as_scratch(ctx), text, n), *to = out;
    if (!out) return NULL;
    for (const char *c = out; *c; c++)
        if (!strchr(" \t-/_", *c)) *to++ = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    *to = '\0';
    return out;
}

/* Where the record begins in the line: behind "##"; NULL: it is none. */
static const char *record_of(const as_line *line)
{
    const char *p = line->text + strspn(line->text, " \t");
    return p[0] == '#' && p[1] == '#' ? p + 2 : NULL;
}

/* Bytes of the text before its comment. */
static size_t without_comment(const char *text, size_t n)
{
    const char *c = text;
    while ((c = memchr(c, '$', n - (size_t)(c - text))) != NULL) {
        if (c[1] == '$') return (size_t)(c - text);
        c++;
    }
    return n;
}

static as_more to_record(as_ctx *ctx, as_lines *it, as_line *line)
{
    as_more more;
    while ((more = as_next_line(ctx, it, line)) == AS_ITEM)
        if (record_of(line)) return AS_ITEM;
    return more;
}

/* The lines from `it` to the next record behind `first`, which has n bytes. */
static const char *whole_value(as_ctx *ctx, as_lines *it, const char *first, size_t n)
{
    as_lines end = *it;
    as_line line;
    as_more more;
    size_t size = n;
    while ((more = as_next_line(ctx, &end, &line)) == AS_ITEM && !record_of(&line))
        size += line.length + 1;
    if (more == AS_FAILED) return NULL;
    char *out = as_alloc(as_scratch(ctx), size + 1, 1);
    if (!out) return NULL;
    memcpy(out, first, n);
    for (end = *it; as_next_line(ctx, &end, &line) == AS_ITEM && !record_of(&line); *it = end) {
        const size_t length = without_comment(line.text, line.length);
        if (length == 0) continue;
        if (n) out[n++] = '\n';
        memcpy(out + n, line.text, length);
        n += length;
    }
    return as_trim(as_scratch(ctx), out, n);
}

as_more as_next_ldr(as_ctx *ctx, as_lines *it, as_ldr *out)
{
    as_line line;
    const as_more more = to_record(ctx, it, &line);
    if (more != AS_ITEM) return more;
    as_arena *scratch = as_scratch(ctx);
    const char *text = record_of(&line), *end = line.text + line.length;
    const char *equal = memchr(text, '=', (size_t)(end - text));
    const char *value = equal ? equal + 1 : end;
    const size_t n = without_comment(value, (size_t)(end - value));
    size_t label = equal ? (size_t)(equal - text) : without_comment(text, (size_t)(end - text));
    *out = (as_ldr){ .where = line.where, .name = as_trim(scratch, text, label),
                     .label = as_jcamp_label(ctx, text, label) };
    if (!out->name || !out->label) return AS_FAILED;
    if (value + n < end) {
        out->note = as_trim(scratch, value + n + 2, (size_t)(end - value) - n - 2);
        if (!out->note) return AS_FAILED;
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        out->table |= strcmp(out->label, tables[i]) == 0;
    out->data = *it;
    out->value = out->table ? as_trim(scratch, value, n) : whole_value(ctx, it, value, n);
    return out->value ? AS_ITEM : AS_FAILED;
}

const as_ldr *as_find_ldr(const as_jcamp_block *b, const char *label)
{
    for (size_t i = b->at; i-- > 0;)
        if (strcmp(b->ldr[i].label, label) == 0 && b->ldr[i].value[0]) return &b->ldr[i];
    for (size_t i = b->at; i < b->n; i++)
        if (strcmp(b->ldr[i].label, label) == 0 && b->ldr[i].value[0]) return &b->ldr[i];
    return NULL;
}

const char *as_ldr_text(const as_jcamp_block *b, const char *label)
{
    const as_ldr *found = as_find_ldr(b, label);
    return found ? found->value : "";
}

double as_ldr_number(const as_jcamp_block *b, const char *label)
{
    const char *text = as_ldr_text(b, label);
    double value;
    return as_scan_number(text, strlen(text), '.', &value) ? value : (double)NAN;
}
