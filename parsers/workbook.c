/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the cells of .xlsx (SpreadsheetML in a zip, ECMA-376 part 1, 18.2 to 18.4) and of .xls. */
#include <math.h>
#include <string.h>

#include "biff.h"
#include "convention.h"
#include "number.h"
#include "workbook.h"
#include "xml.h"

enum { MOST_ROWS = 1048576, MOST_COLUMNS = 16384, MOST_CELLS = 50000000 };

static bool has_member(const as_probe *p, const char *name)
{
    for (size_t i = 0; i < p->n_members; i++)
        if (as_same(p->member[i].name, name)) return true;
    return false;
}

bool as_is_xlsx(const as_probe *p)
{
    return has_member(p, "xl/workbook.xml");
}

bool as_is_xls(const as_probe *p)
{
    return has_member(p, "Workbook") || has_member(p, "Book");
}

bool as_cell_name(const char *text, size_t *row, size_t *column)
{
    size_t c = 0, r = 0;
    for (; (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z'); text++) {
        c = 26 * c + (size_t)((*text | 32) - 'a' + 1);
        if (c > MOST_COLUMNS) return false;
    }
    for (; *text >= '0' && *text <= '9'; text++) {
        r = 10 * r + (size_t)(*text - '0');
        if (r > MOST_ROWS) return false;
    }
    *row = r;
    *column = c;
    return *text == '\0' && r > 0 && c > 0;
}

/* --- rows ------------------------------------------------------------------------------- */
typedef struct builder { /* one row at a time */
    as_sheet *sheet;
    double *v;         /* MOST_COLUMNS of each, used for the row at hand */
    const char **text;
    size_t n, last_row, cells;
} builder;

static as_status builder_start(as_ctx *ctx, builder *b, as_sheet *sheet)
{
    if (!b->v) {
        b->v = AS_NEW_N(as_scratch(ctx), double, MOST_COLUMNS);
        b->text = AS_NEW_N(as_scratch(ctx), const char *, MOST_COLUMNS);
    }
    b->sheet = sheet;
    b->n = b->last_row = 0;
    return b->v && b->text ? AS_OK : AS_ERR;
}

/* Column from 0. A text that is wholly a number is one, unless it looks like a label: "0012". */
static void builder_put(builder *b, size_t column, double number, const char *text)
{
    for (; b->n <= column; b->n++) {
        b->v[b->n] = NAN;
        b->text[b->n] = NULL;
    }
    const size_t n = text ? strlen(text) : 0;
    b->v[column] = number;
    if (!text || as_is_missing(text, n)) return;
    const bool label = text[0] == '0' && text[1] >= '0' && text[1] <= '9';
    if (!label && as_read_number(text, n, '.', &b->v[column])) return;
    b->v[column] = NAN;
    b->text[column] = text;
}

static as_status builder_end_row(as_ctx *ctx, const as_input *in, builder *b, size_t row)
{
    const as_where where = { .file = in->name, .line = (uint32_t)row };
    as_grid_row made = { .n = b->n, .line = (uint32_t)row };
    size_t filled = 0;
    for (size_t i = 0; i < b->n; i++) filled += b->text[i] || !isnan(b->v[i]);
    const size_t n = b->n;
    b->n = 0;
    if (filled == 0) return AS_OK;
    b->cells += n;
    if (b->cells > MOST_CELLS)
        return as_fail(ctx, AS_E_LIMIT, &where, "more than %d cells in the workbook", MOST_CELLS);
    if (b->last_row > 0 && row > b->last_row + 1) {
        const as_grid_row gap = { .n = 0, .line = (uint32_t)row - 1 };
        AS_TRY(as_grid_add(ctx, &b->sheet->cells, &gap));
    }
    double *v = AS_NEW_N(as_scratch(ctx), double, n);
    const char **text = AS_NEW_N(as_scratch(ctx), const char *, n);
    if (!v || !text) return AS_ERR;
    memcpy(v, b->v, n * sizeof *v);
    memcpy(text, b->text, n * sizeof *text);
    made.v = v;
    made.text = text;
    b->last_row = row;
    return as_grid_add(ctx, &b->sheet->cells, &made);
}

/* --- xlsx --------------------------------------------------------------------------------- */
typedef struct book {
    as_ctx *ctx;
    const as_input *in;
    const as_xml *xml;
    const char **shared;
    size_t n_shared;
    bool uncalculated; /* that was said already */
    bool since_1904;
    as_cell_kind *style; /* by the index that cells have */
    size_t n_styles;
    builder build;
} book;

static as_status parse_member(book *b, const char *name, const as_input **in,
                              const as_element **root)
{
    AS_TRY(as_open_member(b->ctx, b->in, name, in));
    return b->xml->parse(b->ctx, *in, root);
}

/* NULL in *root: the workbook has no such member. */
static as_status find_root(book *b, const char *name, const as_element **root)
{
    const as_input *in;
    if (parse_member(b, name, &in, root) == AS_OK) return AS_OK;
    if (as_pending(b->ctx) != AS_E_MISSING) return AS_ERR;
    as_forget_error(b->ctx);
    *root = NULL;
    return AS_OK;
}

/* A shared or inline string: its own text, or that of its runs; phonetic hints are left out. */
static const char *string_item(book *b, const as_element *si)
{
    const as_element *t = b->xml->child(si, "t");
    const char *text = t ? b->xml->text(b->ctx, t) : "";
    for (const as_element *r = b->xml->child(si, "r"); r && text; r = b->xml->next(r, "r")) {
        const as_element *part = b->xml->child(r, "t");
        const char *more = part ? b->xml->text(b->ctx, part) : "";
        text = more ? as_format(as_scratch(b->ctx), "%s%s", text, more) : NULL;
    }
    return text ? as_trim(as_scratch(b->ctx), text, strlen(text)) : NULL;
}

static as_status read_strings(book *b)
{
    const as_element *root;
    AS_TRY(find_root(b, "xl/sharedStrings.xml", &root));
    if (!root) return AS_OK;
    size_t n = 0;
    for (const as_element *si = b->xml->child(root, "si"); si; si = b->xml->next(si, "si")) n++;
    b->shared = AS_NEW_N(as_scratch(b->ctx), const char *, n);
    if (!b->shared) return AS_ERR;
    for (const as_element *si = b->xml->child(root, "si"); si; si = b->xml->next(si, "si")) {
        const char *text = string_item(b, si);
        if (!text) return AS_ERR;
        b->shared[b->n_shared++] = text;
    }
    return AS_OK;
}

/* What numbers are, by the styles of cells. */
static as_status read_styles(book *b)
{
    const as_element *root;
    AS_TRY(find_root(b, "xl/styles.xml", &root));
    if (!root) return AS_OK;
    const as_element *own = b->xml->child(root, "numFmts"), *styles = b->xml->child(root, "cellXfs");
    size_t n = 0;
    for (const as_element *x = styles ? b->xml->child(styles, "xf") : NULL; x; x = b->xml->next(x, "xf"))
        n++;
    b->style = AS_NEW_N(as_scratch(b->ctx), as_cell_kind, n + 1);
    if (!b->style) return AS_ERR;
    for (const as_element *x = n ? b->xml->child(styles, "xf") : NULL; x; x = b->xml->next(x, "xf")) {
        const char *id = b->xml->attribute(x, "numFmtId");
        double number = 0;
        if (id && !as_read_number(id, strlen(id), '.', &number)) number = 0;
        as_cell_kind kind = number > 0 && number < 1000 ? as_kind_of_format((unsigned)number)
                                                        : AS_CELL_NUMBER;
        for (const as_element *f = id && own ? b->xml->child(own, "numFmt") : NULL; f;
             f = b->xml->next(f, "numFmt")) {
            const char *of = b->xml->attribute(f, "numFmtId"), *code = b->xml->attribute(f, "formatCode");
            if (of && code && strcmp(of, id) == 0) kind = as_kind_of_code(code);
        }
        b->style[b->n_styles++] = kind;
    }
    return AS_OK;
}

/* The text of a number that is a date by the style of its cell; "" where it is a number. */
static as_status date_in_cell(book *b, const as_element *c, double number, const char **out)
{
    const char *s = b->xml->attribute(c, "s");
    double index;
    *out = "";
    if (!s || !as_read_number(s, strlen(s), '.', &index)) return AS_OK;
    if (!(index >= 0 && index < (double)b->n_styles)) return AS_OK;
    AS_TRY(as_cell_date(b->ctx, b->style[(size_t)index], number, b->since_1904, out));
    if (!*out) *out = "";
    return AS_OK;
}

static as_status put_cell(book *b, const as_input *in, const as_element *c, size_t column)
{
    const char *type = b->xml->attribute(c, "t");
    const as_element *v = b->xml->child(c, "v"), *is = b->xml->child(c, "is");
    const char *text = v ? b->xml->text(b->ctx, v) : "";
    const as_where where = as_xml_at(b->xml, in, c);
    double number = NAN;
    if (!text) return AS_ERR;
    if (!type) type = "n";
    const bool formula = !text[0] && b->xml->child(c, "f");
    if (formula) { /* written by a program that does not calculate */
        if (!b->uncalculated)
            as_warn(b->ctx, NULL, &where, "formulas without their values: save the workbook once in "
                    "a spreadsheet program");
        b->uncalculated = true;
        text = "=";
    } else if (strcmp(type, "inlineStr") == 0) {
        text = is ? string_item(b, is) : "";
        if (!text) return AS_ERR;
    } else if (strcmp(type, "s") == 0 && text[0]) {
        if (!as_read_number(text, strlen(text), '.', &number) || number < 0 ||
            number >= (double)b->n_shared)
            return as_fail(b->ctx, AS_E_SYNTAX, &where, "string %s of %zu shared strings", text,
                           b->n_shared);
        text = b->shared[(size_t)number];
        number = NAN;
    } else if (strcmp(type, "e") == 0) {
        text = "";
    } else if (strcmp(type, "n") == 0 && text[0]) {
        if (!as_read_number(text, strlen(text), '.', &number))
            return as_fail(b->ctx, AS_E_SYNTAX, &where, "'%s' found in a cell, expected a number",
                           text);
        AS_TRY(date_in_cell(b, c, number, &text));
    }
    builder_put(&b->build, column, number, text[0] ? text : NULL);
    return AS_OK;
}

static as_status read_row(book *b, const as_input *in, const as_element *row, size_t *number)
{
    size_t column = 0;
    double stated;
    const char *r = b->xml->attribute(row, "r");
    const as_where where = as_xml_at(b->xml, in, row);
    *number = r && as_read_number(r, strlen(r), '.', &stated) && stated >= 1 && stated <= MOST_ROWS
                  ? (size_t)stated
                  : *number + 1;
    for (const as_element *c = b->xml->child(row, "c"); c; c = b->xml->next(c, "c")) {
        size_t at_row, at_column;
        const char *name = b->xml->attribute(c, "r");
        if (name && as_cell_name(name, &at_row, &at_column)) column = at_column - 1;
        if (column >= MOST_COLUMNS)
            return as_fail(b->ctx, AS_E_SYNTAX, &where, "more than %d columns", MOST_COLUMNS);
        AS_TRY(put_cell(b, in, c, column));
        column++;
    }
    return builder_end_row(b->ctx, b->in, &b->build, *number);
}

static as_status read_sheet(book *b, const char *member, as_sheet *sheet)
{
    const as_input *in;
    const as_element *root;
    size_t number = 0;
    AS_TRY(parse_member(b, member, &in, &root));
    AS_TRY(builder_start(b->ctx, &b->build, sheet));
    const as_element *data = b->xml->child(root, "sheetData");
    for (const as_element *row = data ? b->xml->child(data, "row") : NULL; row;
         row = b->xml->next(row, "row"))
        AS_TRY(read_row(b, in, row, &number));
    return AS_OK;
}

/* The member that a relation leads to: targets are relative to xl/, or absolute. NULL: it is no
 * sheet of cells. */
static const char *sheet_member(book *b, const as_element *relations, const char *id)
{
    for (const as_element *r = b->xml->child(relations, "Relationship"); r;
         r = b->xml->next(r, "Relationship")) {
        const char *own = b->xml->attribute(r, "Id"), *target = b->xml->attribute(r, "Target");
        const char *type = b->xml->attribute(r, "Type");
        if (!own || !target || !id || strcmp(own, id) != 0) continue;
        if (!type || !as_find_text(type, "/worksheet")) return NULL;
        return target[0] == '/' ? target + 1 : as_format(as_scratch(b->ctx), "xl/%s", target);
    }
    return NULL;
}

static as_status read_xlsx(as_ctx *ctx, const as_input *in, as_sheet **out, size_t *n)
{
    book b = { .ctx = ctx, .in = in, .xml = as_xml_open(ctx) };
    const as_input *at;
    const as_element *workbook, *relations, *sheets;
    if (!b.xml) return AS_ERR;
    AS_TRY(parse_member(&b, "xl/_rels/workbook.xml.rels", &at, &relations));
    AS_TRY(parse_member(&b, "xl/workbook.xml", &at, &workbook));
    AS_TRY(as_xml_need(b.xml, ctx, at, workbook, "sheets", &sheets));
    AS_TRY(read_strings(&b));
    AS_TRY(read_styles(&b));
    const as_element *about = b.xml->child(workbook, "workbookPr");
    const char *epoch = about ? b.xml->attribute(about, "date1904") : NULL;
    b.since_1904 = epoch && (strcmp(epoch, "1") == 0 || as_same(epoch, "true"));
    size_t count = 0;
    for (const as_element *s = b.xml->child(sheets, "sheet"); s; s = b.xml->next(s, "sheet"))
        count++;
    *out = AS_NEW_N(as_scratch(ctx), as_sheet, count + 1);
    *n = 0;
    if (!*out) return AS_ERR;
    for (const as_element *s = b.xml->child(sheets, "sheet"); s; s = b.xml->next(s, "sheet")) {
        const char *member = sheet_member(&b, relations, b.xml->attribute(s, "id"));
        const char *name = b.xml->attribute(s, "name");
        if (!member) continue;
        as_sheet *sheet = &(*out)[*n];
        sheet->name = as_strdup(as_scratch(ctx), name ? name : "");
        if (!sheet->name) return AS_ERR;
        AS_TRY(read_sheet(&b, member, sheet));
        *n += sheet->cells.n > 0;
    }
    return AS_OK;
}

/* --- xls ---------------------------------------------------------------------------------------- */
static as_status fill_sheet(as_ctx *ctx, const as_input *in, const as_biff_sheet *from, builder *b,
                            as_sheet *sheet)
{
    sheet->name = from->name;
    AS_TRY(builder_start(ctx, b, sheet));
    for (size_t i = 0; i < from->n; i++) {
        const as_biff_cell *c = &from->cell[i];
        const char *text = c->text ? as_trim(as_scratch(ctx), c->text, strlen(c->text)) : NULL;
        if (c->text && !text) return AS_ERR;
        if (!text) AS_TRY(as_cell_date(ctx, c->kind, c->number, from->since_1904, &text));
        builder_put(b, c->column, c->number, text);
        if (i + 1 == from->n || from->cell[i + 1].row != c->row)
            AS_TRY(builder_end_row(ctx, in, b, (size_t)c->row + 1));
    }
    return AS_OK;
}

static as_status read_xls(as_ctx *ctx, const as_input *in, as_sheet **out, size_t *n)
{
    const as_input *stream;
    as_biff_sheet *from;
    size_t count;
    builder b = { 0 };
    if (as_open_member(ctx, in, "Workbook", &stream) != AS_OK) {
        if (as_pending(ctx) != AS_E_MISSING) return AS_ERR;
        as_forget_error(ctx);
        AS_TRY(as_open_member(ctx, in, "Book", &stream));
    }
    AS_TRY(as_biff_read(ctx, stream, &from, &count));
    *out = AS_NEW_N(as_scratch(ctx), as_sheet, count + 1);
    *n = 0;
    if (!*out) return AS_ERR;
    for (size_t i = 0; i < count; i++) {
        AS_TRY(fill_sheet(ctx, in, &from[i], &b, &(*out)[*n]));
        *n += (*out)[*n].cells.n > 0;
    }
    return AS_OK;
}

as_status as_workbook_read(as_ctx *ctx, const as_input *in, as_sheet **out, size_t *n)
{
    const as_entry *entry;
    const size_t members = as_members(in, &entry);
    const as_probe p = { .member = entry, .n_members = members };
    const as_where where = { .file = in->name };
    if (as_is_xlsx(&p)) return read_xlsx(ctx, in, out, n);
    if (as_is_xls(&p)) return read_xls(ctx, in, out, n);
    return as_fail(ctx, AS_E_FORMAT, &where, "no workbook (.xlsx, .xls)");
}

/* --- access ---------------------------------------------------------------------------------------- */
const as_sheet *as_sheet_named(const as_sheet *sheets, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (as_same(sheets[i].name, name)) return &sheets[i];
    return NULL;
}

static const as_grid_row *find_row(const as_sheet *s, size_t number)
{
    size_t lo = 0, hi = s->cells.n;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (s->cells.row[mid].line < number) lo = mid + 1;
        else hi = mid;
    }
    return lo < s->cells.n && s->cells.row[lo].line == number ? &s->cells.row[lo] : NULL;
}

const char *as_sheet_text(const as_sheet *s, size_t row, size_t column)
{
    const as_grid_row *r = find_row(s, row);
    const char *text = r && r->text && column > 0 && column <= r->n ? r->text[column - 1] : NULL;
    return text ? text : "";
}

double as_sheet_number(const as_sheet *s, size_t row, size_t column)
{
    const as_grid_row *r = find_row(s, row);
    return r && column > 0 && column <= r->n ? r->v[column - 1] : NAN;
}
