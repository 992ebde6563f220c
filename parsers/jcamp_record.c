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

/* The end of the line at `text`, which has n bytes: a line feed, a carriage return or both. */
static const char *line_end(const char *text, size_t n)
{
    const char *lf = memchr(text, '\n', n);
    const char *cr = memchr(text, '\r', lf ? (size_t)(lf - text) : n);
    return cr ? cr : lf ? lf : text + n;
}

as_more as_jcamp_line(as_lines *it, as_line *out)
{
    const as_input *in = it->in;
    const char *text = (const char *)in->data + it->at; /* AS_PAD zeros stand behind the last */
    *out = (as_line){ .text = text, .where = { .file = in->name, .line = it->number + 1 } };
    if (it->at >= in->size) return AS_DONE;
    const char *end = line_end(text, in->size - it->at);
    out->length = (size_t)(end - text);
    it->at += out->length;
    if (it->at < in->size) it->at += end[0] == '\r' && end[1] == '\n' ? 2 : 1;
    it->number++;
    return AS_ITEM;
}

/* Where the record begins in the line: behind "##"; NULL: it is none. */
static const char *record_of(const as_line *line)
{
    const char *p = line->text, *end = p + line->length;
    while (p < end && (*p == ' ' || *p == '\t')) p++;
    return end - p >= 2 && p[0] == '#' && p[1] == '#' ? p + 2 : NULL;
}

/* Bytes of the text before its comment. */
static size_t without_comment(const char *text, size_t n)
{
    const char *c = text;
    while ((c = memchr(c, '$', n - (size_t)(c - text))) != NULL) {
        if (c + 1 < text + n && c[1] == '$') return (size_t)(c - text);
        c++;
    }
    return n;
}

static as_more to_record(as_lines *it, as_line *line)
{
    while (as_jcamp_line(it, line) == AS_ITEM)
        if (record_of(line)) return AS_ITEM;
    return AS_DONE;
}

enum { BLOCK = 128 };

/* A line feed, or a carriage return without one. */
static inline unsigned char ends_line(unsigned char c, unsigned char next)
{
    return (unsigned char)((c == '\n') | ((c == '\r') & (next != '\n')));
}

static uint32_t line_ends_in(const unsigned char *p)
{
    unsigned char n = 0;
    for (size_t i = 0; i < BLOCK; i++) n = (unsigned char)(n + ends_line(p[i], p[i + 1])); /* vectors */
    return n;
}

/* Line ends in n bytes; the one behind them may be read. */
static uint32_t count_lines(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text, *const end = p + n;
    uint32_t lines = 0;
    for (; end - p >= BLOCK; p += BLOCK) lines += line_ends_in(p);
    for (; p < end; p++) lines += ends_line(p[0], p[1]);
    return lines;
}

/* To the line of the next record, over the lines of a table: they are counted, not looked at. */
static void pass_table(as_lines *it)
{
    const char *const text = (const char *)it->in->data, *at = text + it->at;
    const char *const end = text + it->in->size, *begin = NULL;
    for (const char *mark = at; !begin && (mark = memchr(mark, '#', (size_t)(end - mark))); mark++) {
        const char *blank = mark;
        while (blank > at && (blank[-1] == ' ' || blank[-1] == '\t')) blank--;
        if (mark[1] == '#' && (blank == at || blank[-1] == '\n' || blank[-1] == '\r')) begin = blank;
    }
    if (!begin) begin = end;
    it->number += count_lines(at, (size_t)(begin - at));
    it->number += begin == end && end[-1] != '\n' && end[-1] != '\r';
    it->at = (size_t)(begin - text);
}

/* The lines from `it` to the next record behind `first`, which has n bytes. */
static const char *whole_value(as_ctx *ctx, as_lines *it, const char *first, size_t n)
{
    as_lines end = *it;
    as_line line;
    size_t size = n;
    while (as_jcamp_line(&end, &line) == AS_ITEM && !record_of(&line)) size += line.length + 1;
    char *out = as_alloc(as_scratch(ctx), size + 1, 1);
    if (!out) return NULL;
    memcpy(out, first, n);
    for (end = *it; as_jcamp_line(&end, &line) == AS_ITEM && !record_of(&line); *it = end) {
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
    const as_more more = to_record(it, &line);
    if (more != AS_ITEM) return more;
    as_arena *scratch = as_scratch(ctx);
    if (!(line.where.line_text = as_strndup(scratch, line.text, line.length))) return AS_FAILED;
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
    if (out->table) pass_table(it);
    out->end = it->at;
    out->value = out->table ? as_trim(scratch, value, n) : whole_value(ctx, it, value, n);
    return out->value ? AS_ITEM : AS_FAILED;
}

/* --- decimal commas --------------------------------------------------------------------- */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "100,5", and nothing behind it. */
static bool is_comma_number(const char *at)
{
    at += strspn(at, " \t+-");
    const size_t before = strspn(at, "0123456789");
    if (!before || at[before] != ',' || !is_digit(at[before + 1])) return false;
    at += before + 1;
    at += strspn(at, "0123456789eE+-");
    at += strspn(at, " \t");
    return *at == '\r' || *at == '\n' || *at == '\0' || *at == '$';
}

/* Records of one number each, in whose writing it shows. */
static bool is_number_record(as_ctx *ctx, const char *at)
{
    static const char *const numbers[] = { "FIRSTX", "LASTX", "DELTAX", "XFACTOR", "YFACTOR", "FIRSTY",
                                           "LASTY", "MAXX", "MINX", "MAXY", "MINY", "RESOLUTION" };
    const size_t n = strcspn(at, "=\r\n");
    if (at[n] != '=' || n > 24 || !is_comma_number(at + n + 1)) return false;
    const char *label = as_jcamp_label(ctx, at, n);
    for (size_t i = 0; label && i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(label, numbers[i]) == 0) return true;
    return false;
}

static bool is_inner_comma(const char *at)
{
    return *at == ',' && is_digit(at[-1]) && is_digit(at[1]);
}

/* Whether the commas in a table are decimal signs: "27,93 28,22" is two numbers or four. A decimal point in it,
 * or NPOINTS, proves that they stand between numbers. */
static bool has_decimal_commas(const char *text, size_t n, bool pairs, double points)
{
    size_t words = 0, commas = 0;
    bool inside = false;
    for (size_t i = 0; i < n; i++) {
        const bool blank = strchr(" \t\r\n;", text[i]) != NULL;
        words += !blank && !inside;
        inside = !blank;
        commas += is_inner_comma(text + i);
        if (text[i] == '.' && is_digit(text[i - 1]) && is_digit(text[i + 1])) return false;
    }
    return commas > 0 && !(pairs && (double)(words + commas) == 2 * points);
}

static void set_points(unsigned char *data, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (is_inner_comma((const char *)data + i)) data[i] = '.';
}

/* The line at `at`, behind ##, and the table below it where it begins one: points for decimal commas in `data`. */
static void mend(as_ctx *ctx, const as_input *in, const char *at, double *points, unsigned char *data)
{
    const char *const text = (const char *)in->data;
    const char *end = at + strcspn(at, "\r\n"), *next = end;
    while ((next = strstr(next, "##")) != NULL && next[-1] != '\n' && next[-1] != '\r') next += 2;
    const char *equal = memchr(at, '=', (size_t)(end - at));
    const char *label = equal ? as_jcamp_label(ctx, at, (size_t)(equal - at)) : NULL;
    if (!label) return;
    if (strcmp(label, "NPOINTS") == 0) {
        if (!as_scan_number(equal + 1, (size_t)(end - equal - 1), '.', points)) *points = NAN;
    } else if (is_number_record(ctx, at)) {
        set_points(data, (size_t)(equal - text), (size_t)(end - text));
        return;
    }
    if (!next) next = text + in->size;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(label, tables[i]) == 0 &&
            has_decimal_commas(end, (size_t)(next - end), !memchr(at, '+', (size_t)(end - at)), *points))
            set_points(data, (size_t)(end - text), (size_t)(next - text));
}

static bool has_commas(as_ctx *ctx, const as_input *in)
{
    for (const char *at = (const char *)in->data; (at = strstr(at, "##")) != NULL;)
        if (is_number_record(ctx, at += 2)) return true;
    return false;
}

as_status as_jcamp_points(as_ctx *ctx, const as_input *in, const as_input **out, bool *mended)
{
    double points = NAN;
    *out = in;
    *mended = has_commas(ctx, in);
    if (!*mended) return AS_OK;
    as_input *copy = AS_NEW(as_scratch(ctx), as_input);
    unsigned char *data = as_alloc(as_scratch(ctx), in->size + AS_PAD, 1);
    if (!copy || !data) return AS_ERR;
    memcpy(data, in->data, in->size);
    for (const char *at = (const char *)in->data; (at = strstr(at, "##")) != NULL;)
        mend(ctx, in, at += 2, &points, data);
    *copy = *in;
    copy->data = data;
    *out = copy;
    return AS_OK;
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

bool as_jcamp_is_peaks(const as_ldr *data)
{
    return strcmp(data->label, "PEAKTABLE") == 0 || strcmp(data->label, "PEAKASSIGNMENTS") == 0 ||
           strcmp(data->label, "ASSIGNMENTS") == 0;
}

bool as_jcamp_is_empty(const as_ldr *data)
{
    as_lines it = data->data;
    as_line line;
    while (it.at < data->end && as_jcamp_line(&it, &line) == AS_ITEM) {
        const size_t n = without_comment(line.text, line.length);
        for (size_t i = 0; i < n; i++)
            if (line.text[i] != ' ' && line.text[i] != '\t') return false;
    }
    return true;
}

bool as_jcamp_no_letters(const as_ldr *data)
{
    const unsigned char *at = data->data.in->data + data->data.at;
    const unsigned char *const end = data->data.in->data + data->end;
    for (uint64_t v[8]; end - at >= (ptrdiff_t)sizeof v; at += sizeof v) {
        memcpy(v, at, sizeof v);
        const uint64_t any = (v[0] | v[1] | v[2] | v[3]) | (v[4] | v[5] | v[6] | v[7]);
        if (any & UINT64_C(0xc0c0c0c0c0c0c0c0)) return false; /* '@' and all behind it */
    }
    for (; at < end; at++)
        if (*at >= '@') return false;
    return true;
}
