/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of names and numbers: "line,factor" above "C 1s,0.278". */
#include <math.h>
#include <string.h>

#include "name_list.h"
#include "number.h"

enum { ROWS_MOST = 100000, COLUMNS_MOST = 64, FEW = 4 }; /* FEW rows behind names are a table of plain text too */

typedef struct list {
    size_t columns, rows; /* rows without the names */
    as_field **row;       /* row[0]: the names */
} list;

static char separator_of(const char *text)
{
    return strchr(text, '\t') ? '\t' : strchr(text, ';') ? ';' : ',';
}

/* All lines as fields; *good is false where they are not alike. */
static as_status collect(as_ctx *ctx, const as_input *in, list *l, bool *good)
{
    as_lines lines = { .in = in };
    as_line line;
    as_more more = AS_DONE;
    size_t lines_n = 0, n;
    char separator = 0;
    *good = true;
    while (*good && (more = as_next_line(ctx, &lines, &line)) == AS_ITEM) {
        if (line.text[0] == '#' || !line.text[strspn(line.text, " \t")]) continue;
        if (!separator) separator = separator_of(line.text);
        as_field **wider = as_grow(as_scratch(ctx), l->row, lines_n, sizeof *wider);
        if (!wider) return AS_ERR;
        l->row = wider;
        AS_TRY(as_fields(ctx, &line, separator, &l->row[lines_n], &n));
        if (lines_n == 0) l->columns = n;
        *good = n == l->columns && n >= 2 && n <= COLUMNS_MOST && ++lines_n <= ROWS_MOST;
    }
    if (*good && more == AS_FAILED) as_forget_error(ctx); /* no text at all */
    *good = *good && more != AS_FAILED && lines_n >= 2;
    l->rows = *good ? lines_n - 1 : 0;
    return AS_OK;
}

static bool is_number(const as_field *f, double *out)
{
    *out = NAN;
    return f->length == 0 || (!f->quoted && as_read_number(f->text, f->length, '.', out));
}

static bool all_numbers(const list *l, size_t c)
{
    size_t found = 0;
    for (size_t i = 1; i <= l->rows; i++) {
        double v;
        if (!is_number(&l->row[i][c], &v)) return false;
        found += l->row[i][c].length > 0;
    }
    return found > 0;
}

/* "factor", "Factor", "C 1s": small letters, and _ for what is none. */
static const char *name_of(as_arena *a, const as_field *f)
{
    char *name = as_strndup(a, f->text, f->length);
    for (char *c = name; c && *c; c++) {
        const bool letter = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
        else if (!letter) *c = '_';
    }
    return name;
}

static as_status fill(as_ctx *ctx, const list *l, size_t c, bool numbers, as_table *t)
{
    const char *name = name_of(t->arena, &l->row[0][c]);
    if (!name) return AS_ERR;
    as_column *column = numbers ? as_add_column(ctx, t, name, AS_ROLE_OTHER, AS_UNITLESS)
                                : as_add_text(ctx, t, name, AS_ROLE_OTHER);
    if (!column) return AS_ERR;
    for (size_t i = 0; i < l->rows; i++) {
        const as_field *f = &l->row[i + 1][c];
        if (numbers) (void)is_number(f, &column->v.f[i]);
        else if (!(column->v.s[i] = as_strndup(t->arena, f->text, f->length))) return AS_ERR;
    }
    return AS_OK;
}

as_status as_name_list(as_ctx *ctx, const as_input *in, as_table **out)
{
    list l = { 0 };
    bool good, numbers[COLUMNS_MOST] = { false };
    size_t n_numbers = 0;
    *out = NULL;
    AS_TRY(collect(ctx, in, &l, &good));
    for (size_t c = 0; good && c < l.columns; c++) {
        numbers[c] = all_numbers(&l, c);
        n_numbers += numbers[c];
        good = l.row[0][c].length > 0;
        for (size_t k = 0; k < c; k++) good = good && strcmp(l.row[0][k].text, l.row[0][c].text) != 0;
    }
    const bool labelled = good && !numbers[0] && l.rows < FEW && n_numbers < l.columns;
    if (!good || n_numbers == 0 || (n_numbers > 1 && !labelled)) return AS_OK;
    as_table *t = as_table_new(ctx, l.rows);
    if (!t) return AS_ERR;
    for (size_t c = 0; c < l.columns; c++) AS_TRY(fill(ctx, &l, c, numbers[c], t));
    *out = t;
    return AS_OK;
}
