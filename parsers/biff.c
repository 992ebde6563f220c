/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BIFF: a stream of records, each u16 kind, u16 length, bytes. Globals first, with the names and
 * places of the sheets and the table of shared strings; then a substream for each sheet, in which
 * charts may lie as substreams of their own.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "biff.h"

enum { FORMATS = 4096 }; /* numbers of formats that are told apart */
enum { MOST_COLUMNS = 256 }; /* of BIFF8: who reads the cells relies on it */

enum { /* kinds of records */
    FORMULA = 0x06, END = 0x0a, DATEMODE = 0x22, FILEPASS = 0x2f, CONTINUE = 0x3c, BOUNDSHEET = 0x85,
    MULRK = 0xbd, RSTRING = 0xd6, XF = 0xe0, SST = 0xfc, LABELSST = 0xfd, NUMBER = 0x203, LABEL = 0x204,
    BOOLERR = 0x205, STRING = 0x207, RK = 0x27e, FORMAT = 0x41e, BOF = 0x809
};

typedef struct record {
    uint16_t kind, length;
    uint64_t at; /* of its bytes */
} record;

typedef struct book {
    as_ctx *ctx;
    const as_input *in;
    bool wide; /* BIFF8: texts with a flag byte, 16 bit possible */
    const char **shared;
    size_t n_shared;
    as_biff_sheet *sheet;
    uint32_t *place;
    size_t n_sheets;
    bool since_1904;
    as_cell_kind *format;  /* by the number of the format, FORMATS of them */
    uint16_t *style;       /* by the index of a cell: its format */
    size_t n_styles;
} book;

static as_status broken(const book *b, uint64_t at, const char *what)
{
    const as_where where = as_at_byte(b->in, at);
    return as_fail(b->ctx, AS_E_SYNTAX, &where, "%s", what);
}

static as_status next_record(const book *b, uint64_t *at, record *r)
{
    AS_TRY(as_u16le(b->ctx, b->in, *at, &r->kind));
    AS_TRY(as_u16le(b->ctx, b->in, *at + 2, &r->length));
    r->at = *at + 4;
    *at = r->at + r->length;
    return as_need_bytes(b->ctx, b->in, r->at, r->length, 1, "a record");
}

/* --- texts ------------------------------------------------------------------------------ */
static size_t put_code(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xc0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xe0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3f));
        to[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3f));
    to[2] = (char)(0x80 | (code >> 6 & 0x3f));
    to[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* UTF-16 code units, or their low bytes, to UTF-8. */
static const char *from_units(as_ctx *ctx, const uint16_t *unit, size_t n)
{
    char *text = as_alloc(as_scratch(ctx), 3 * n + 1, 1);
    size_t to = 0;
    for (size_t i = 0; text && i < n; i++) {
        uint32_t code = unit[i];
        if (code >= 0xd800 && code < 0xdc00 && i + 1 < n && unit[i + 1] >= 0xdc00 &&
            unit[i + 1] < 0xe000)
            code = 0x10000 + ((code - 0xd800) << 10) + (unit[++i] - 0xdc00u);
        else if (code >= 0xd800 && code < 0xe000)
            code = 0xfffd;
        if (code) to += put_code(text + to, code);
    }
    return text;
}

/* n characters at `at` of one record; `flags` bit 0: two bytes each. */
static as_status text_at(const book *b, uint64_t at, size_t n, unsigned flags, const char **out)
{
    const bool two = flags & 1;
    if (!b->wide) return as_text_at(b->ctx, b->in, at, n, out);
    AS_TRY(as_need_bytes(b->ctx, b->in, at, n, two ? 2 : 1, "a text"));
    uint16_t *unit = AS_NEW_N(as_scratch(b->ctx), uint16_t, n);
    if (!unit) return AS_ERR;
    const unsigned char *p = b->in->data + at;
    for (size_t i = 0; i < n; i++)
        unit[i] = two ? (uint16_t)(p[2 * i] | p[2 * i + 1] << 8) : p[i];
    *out = from_units(b->ctx, unit, n);
    return *out ? AS_OK : AS_ERR;
}

/* u16 length, in BIFF8 a flag byte, the characters. */
static as_status counted_text(const book *b, const record *r, uint64_t at, const char **out)
{
    uint16_t n;
    uint8_t flags = 0;
    AS_TRY(as_u16le(b->ctx, b->in, at, &n));
    at += 2;
    if (b->wide) AS_TRY(as_u8(b->ctx, b->in, at++, &flags));
    if (at + n * (flags & 1 ? 2u : 1u) > r->at + r->length)
        return broken(b, at, "a text is longer than its record");
    return text_at(b, at, n, flags, out);
}

/* --- the table of shared strings: it runs on through CONTINUE records ---------------------- */
typedef struct flow {
    const book *b;
    record r;      /* at hand */
    uint64_t at;   /* in it */
    uint64_t next; /* behind it */
} flow;

static as_status flow_on(flow *f)
{
    if (f->at < f->r.at + f->r.length) return AS_OK;
    AS_TRY(next_record(f->b, &f->next, &f->r));
    f->at = f->r.at;
    if (f->r.kind != CONTINUE) return broken(f->b, f->r.at, "the shared strings end early");
    return f->r.length ? AS_OK : broken(f->b, f->r.at, "an empty continuation");
}

static as_status flow_bytes(flow *f, size_t n, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        AS_TRY(flow_on(f));
        *out |= (uint32_t)f->b->in->data[f->at++] << 8 * i;
    }
    return AS_OK;
}

static as_status flow_skip(flow *f, uint64_t n)
{
    while (n > 0) {
        AS_TRY(flow_on(f));
        const uint64_t left = f->r.at + f->r.length - f->at, step = n < left ? n : left;
        f->at += step;
        n -= step;
    }
    return AS_OK;
}

/* Characters: where a record begins amid them, a new flag byte says how wide they are from there. */
static as_status flow_text(flow *f, size_t n, uint32_t flags, const char **out)
{
    uint16_t *unit = AS_NEW_N(as_scratch(f->b->ctx), uint16_t, n);
    if (!unit) return AS_ERR;
    for (size_t i = 0; i < n; i++) {
        uint32_t code;
        if (f->at >= f->r.at + f->r.length) AS_TRY(flow_bytes(f, 1, &flags));
        AS_TRY(flow_bytes(f, flags & 1 ? 2 : 1, &code));
        unit[i] = (uint16_t)code;
    }
    *out = from_units(f->b->ctx, unit, n);
    return *out ? AS_OK : AS_ERR;
}

static as_status read_shared(book *b, const record *r, uint64_t *next)
{
    flow f = { .b = b, .r = *r, .at = r->at, .next = *next };
    uint32_t total, unique;
    AS_TRY(flow_bytes(&f, 4, &total));
    AS_TRY(flow_bytes(&f, 4, &unique));
    AS_TRY(as_need_bytes(b->ctx, b->in, f.at, unique, 3, "the shared strings"));
    b->shared = AS_NEW_N(as_scratch(b->ctx), const char *, unique);
    if (!b->shared) return AS_ERR;
    for (b->n_shared = 0; b->n_shared < unique; b->n_shared++) {
        uint32_t n, flags, runs = 0, extra = 0;
        AS_TRY(flow_bytes(&f, 2, &n));
        AS_TRY(flow_bytes(&f, 1, &flags));
        if (flags & 8) AS_TRY(flow_bytes(&f, 2, &runs));
        if (flags & 4) AS_TRY(flow_bytes(&f, 4, &extra));
        AS_TRY(flow_text(&f, n, flags, &b->shared[b->n_shared]));
        AS_TRY(flow_skip(&f, 4 * (uint64_t)runs + extra));
    }
    *next = f.next;
    return AS_OK;
}

/* --- cells ------------------------------------------------------------------------------------ */
static as_status add(const book *b, as_biff_sheet *s, size_t row, size_t column, double number,
                     const char *text, as_cell_kind kind)
{
    const as_where where = { .file = b->in->name };
    if (column >= MOST_COLUMNS)
        return as_fail(b->ctx, AS_E_SYNTAX, &where, "a cell in column %zu, BIFF8 has %d",
                       column + 1, MOST_COLUMNS);
    as_biff_cell *wider = as_grow(as_scratch(b->ctx), s->cell, s->n, sizeof *wider);
    if (!wider) return AS_ERR;
    s->cell = wider;
    s->cell[s->n++] = (as_biff_cell){ (uint16_t)row, (uint16_t)column, number, text, kind };
    return AS_OK;
}

/* What the numbers of a cell are whose style stands at `at`. */
static as_status kind_at(const book *b, uint64_t at, as_cell_kind *out)
{
    uint16_t style;
    AS_TRY(as_u16le(b->ctx, b->in, at, &style));
    *out = style < b->n_styles ? b->format[b->style[style]] : AS_CELL_NUMBER;
    return AS_OK;
}

/* The packed number of RK and MULRK: 30 bits of an integer or of a double, perhaps times 100. */
static double unpack(uint32_t rk)
{
    double value;
    if (rk & 2) {
        value = (double)((int32_t)(rk & ~3u) / 4);
    } else {
        const uint64_t bits = (uint64_t)(rk & ~3u) << 32;
        memcpy(&value, &bits, sizeof value);
    }
    return rk & 1 ? value / 100 : value;
}

static as_status packed_cells(const book *b, as_biff_sheet *s, const record *r, size_t row,
                              size_t column)
{
    const size_t n = r->kind == RK ? 1 : r->length >= 6 ? (r->length - 6u) / 6u : 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t rk;
        as_cell_kind kind;
        AS_TRY(kind_at(b, r->at + 4 + 6 * i, &kind));
        AS_TRY(as_u32le(b->ctx, b->in, r->at + 6 + 6 * i, &rk));
        AS_TRY(add(b, s, row, column + i, unpack(rk), NULL, kind));
    }
    return AS_OK;
}

/* A number, or a text in the record STRING that follows, or true, false, an error, nothing. */
static as_status formula_cell(const book *b, as_biff_sheet *s, const record *r, size_t row,
                              size_t column, uint64_t *next)
{
    double value;
    as_cell_kind kind;
    AS_TRY(kind_at(b, r->at + 4, &kind));
    AS_TRY(as_f64le(b->ctx, b->in, r->at + 6, &value));
    const unsigned char *p = b->in->data + r->at + 6;
    if (p[6] != 0xff || p[7] != 0xff) return add(b, s, row, column, value, NULL, kind);
    if (p[0] == 1) return add(b, s, row, column, p[2] != 0, NULL, AS_CELL_NUMBER);
    if (p[0] != 0) return AS_OK;
    for (int between = 0; between < 4; between++) { /* a shared formula or a table may come first */
        record text;
        const char *found;
        uint64_t at = *next;
        AS_TRY(next_record(b, &at, &text));
        if (text.kind == END) return AS_OK;
        *next = at;
        if (text.kind != STRING) continue;
        AS_TRY(counted_text(b, &text, text.at, &found));
        return add(b, s, row, column, (double)NAN, found, AS_CELL_NUMBER);
    }
    return AS_OK;
}

static as_status shared_cell(const book *b, as_biff_sheet *s, const record *r, size_t row,
                             size_t column)
{
    uint32_t index;
    AS_TRY(as_u32le(b->ctx, b->in, r->at + 6, &index));
    if (index >= b->n_shared) return broken(b, r->at + 6, "a shared string that is not there");
    return add(b, s, row, column, (double)NAN, b->shared[index], AS_CELL_NUMBER);
}

static as_status read_cell(const book *b, as_biff_sheet *s, const record *r, uint64_t *next)
{
    uint16_t row, column;
    double number;
    const char *text;
    as_cell_kind kind;
    AS_TRY(as_u16le(b->ctx, b->in, r->at, &row));
    AS_TRY(as_u16le(b->ctx, b->in, r->at + 2, &column));
    switch (r->kind) {
    case NUMBER:
        AS_TRY(kind_at(b, r->at + 4, &kind));
        AS_TRY(as_f64le(b->ctx, b->in, r->at + 6, &number));
        return add(b, s, row, column, number, NULL, kind);
    case RK:
    case MULRK: return packed_cells(b, s, r, row, column);
    case LABELSST: return shared_cell(b, s, r, row, column);
    case LABEL:
    case RSTRING:
        AS_TRY(counted_text(b, r, r->at + 6, &text));
        return add(b, s, row, column, (double)NAN, text, AS_CELL_NUMBER);
    case FORMULA: return formula_cell(b, s, r, row, column, next);
    default: return AS_OK;
    }
}

static bool is_cell(uint16_t kind)
{
    return kind == NUMBER || kind == RK || kind == MULRK || kind == LABELSST || kind == LABEL ||
           kind == RSTRING || kind == FORMULA;
}

static int by_place(const void *a, const void *b)
{
    const as_biff_cell *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* From its BOF to its END; false in *cells for charts and macros. */
static as_status read_sheet(const book *b, as_biff_sheet *s, uint64_t at, bool *cells)
{
    record r;
    uint16_t type;
    AS_TRY(next_record(b, &at, &r));
    if (r.kind != BOF) return broken(b, r.at, "no sheet begins here");
    AS_TRY(as_u16le(b->ctx, b->in, r.at + 2, &type));
    *cells = type == 0x10;
    for (size_t depth = 1; *cells && depth > 0;) {
        AS_TRY(next_record(b, &at, &r));
        if (r.kind == BOF) depth++;
        else if (r.kind == END) depth--;
        else if (depth == 1 && is_cell(r.kind)) AS_TRY(read_cell(b, s, &r, &at));
    }
    if (s->n) qsort(s->cell, s->n, sizeof *s->cell, by_place);
    return AS_OK;
}

/* --- globals ------------------------------------------------------------------------------------ */
static as_status add_sheet(book *b, const record *r)
{
    uint8_t n, flags = 0;
    as_biff_sheet *wider = as_grow(as_scratch(b->ctx), b->sheet, b->n_sheets, sizeof *wider);
    uint32_t *places = as_grow(as_scratch(b->ctx), b->place, b->n_sheets, sizeof *places);
    if (!wider || !places) return AS_ERR;
    b->sheet = wider;
    b->place = places;
    as_biff_sheet *s = &b->sheet[b->n_sheets];
    AS_TRY(as_u32le(b->ctx, b->in, r->at, &b->place[b->n_sheets]));
    AS_TRY(as_u8(b->ctx, b->in, r->at + 6, &n));
    if (b->wide) AS_TRY(as_u8(b->ctx, b->in, r->at + 7, &flags));
    AS_TRY(text_at(b, r->at + (b->wide ? 8 : 7), n, flags, &s->name));
    b->n_sheets++;
    return AS_OK;
}

/* u16 number, the code with a length of two bytes (BIFF5: of one). */
static as_status add_format(book *b, const record *r)
{
    uint16_t number;
    uint8_t n;
    const char *code;
    AS_TRY(as_u16le(b->ctx, b->in, r->at, &number));
    if (b->wide) AS_TRY(counted_text(b, r, r->at + 2, &code));
    else {
        AS_TRY(as_u8(b->ctx, b->in, r->at + 2, &n));
        AS_TRY(text_at(b, r->at + 3, n, 0, &code));
    }
    if (number < FORMATS) b->format[number] = as_kind_of_code(code);
    return AS_OK;
}

static as_status add_style(book *b, const record *r)
{
    uint16_t format;
    uint16_t *wider = as_grow(as_scratch(b->ctx), b->style, b->n_styles, sizeof *wider);
    if (!wider) return AS_ERR;
    b->style = wider;
    AS_TRY(as_u16le(b->ctx, b->in, r->at + 2, &format));
    b->style[b->n_styles++] = format < FORMATS ? format : 0;
    return AS_OK;
}

static as_status read_global(book *b, const record *r, uint64_t *next)
{
    uint16_t flag;
    switch (r->kind) {
    case BOUNDSHEET: return add_sheet(b, r);
    case SST: return read_shared(b, r, next);
    case FORMAT: return add_format(b, r);
    case XF: return add_style(b, r);
    case DATEMODE:
        AS_TRY(as_u16le(b->ctx, b->in, r->at, &flag));
        b->since_1904 = flag == 1;
        return AS_OK;
    default: return AS_OK;
    }
}

static as_status read_globals(book *b)
{
    uint64_t at = 0;
    record r;
    uint16_t version;
    const as_where where = { .file = b->in->name };
    AS_TRY(next_record(b, &at, &r));
    if (r.kind != BOF) return broken(b, 0, "no BIFF5 or BIFF8 stream");
    AS_TRY(as_u16le(b->ctx, b->in, r.at, &version));
    if (version != 0x500 && version != 0x600)
        return as_fail(b->ctx, AS_E_FORMAT, &where, "BIFF version %#x is not supported", version);
    b->wide = version == 0x600;
    b->format = AS_NEW_N(as_scratch(b->ctx), as_cell_kind, FORMATS);
    if (!b->format) return AS_ERR;
    for (unsigned i = 0; i < FORMATS; i++) b->format[i] = as_kind_of_format(i);
    do {
        AS_TRY(next_record(b, &at, &r));
        if (r.kind == FILEPASS)
            return as_fail(b->ctx, AS_E_FORMAT, &where, "the workbook is encrypted");
        AS_TRY(read_global(b, &r, &at));
    } while (r.kind != END);
    return AS_OK;
}

as_status as_biff_read(as_ctx *ctx, const as_input *stream, as_biff_sheet **out, size_t *n)
{
    book b = { .ctx = ctx, .in = stream };
    *n = 0;
    AS_TRY(read_globals(&b));
    *out = b.sheet;
    for (size_t i = 0; i < b.n_sheets; i++) {
        bool cells;
        as_biff_sheet s = b.sheet[i];
        if (read_sheet(&b, &s, b.place[i], &cells) != AS_OK)
            return as_while(ctx, "reading sheet '%s'", s.name);
        s.since_1904 = b.since_1904;
        if (cells) b.sheet[(*n)++] = s;
    }
    return AS_OK;
}
