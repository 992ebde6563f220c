/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for spreadsheets: RFC 4180 but for LF as line end, one header line, units in the names of columns. */
#include <math.h>
#include <string.h>

#include "number.h"
#include "recipe_run.h"

static void text(FILE *to, const char *s)
{
    if (!s) return;
    if (!strpbrk(s, ",\"\r\n") && *s != ' ') {
        fputs(s, to);
        return;
    }
    fputc('"', to);
    for (; *s; s++) {
        if (*s == '"') fputc('"', to);
        fputc(*s, to);
    }
    fputc('"', to);
}

/* A missing number is an empty cell. */
static void number(FILE *to, double v)
{
    char digits[AS_NUMBER_MAX];
    if (isnan(v)) return;
    as_write_number(v, digits);
    fputs(digits, to);
}

static void write_results(FILE *to, size_t n, const as_table *const *tables)
{
    static const char *const bounds[] = { "=", "<", ">" };
    fputs("series,name,item,quantity,value,u,unit,bound,flag,method\n", to);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < tables[i]->n_results; k++) {
            const as_result *r = &tables[i]->result[k];
            fprintf(to, "%u,", tables[i]->number);
            text(to, tables[i]->name), fputc(',', to);
            text(to, r->item), fputc(',', to);
            text(to, r->quantity), fputc(',', to);
            number(to, r->value), fputc(',', to);
            number(to, r->u), fputc(',', to);
            text(to, r->unit.symbol), fputc(',', to);
            fprintf(to, "%s,", bounds[r->bound]);
            text(to, r->flag), fputc(',', to);
            text(to, r->method), fputs("\n", to);
        }
}

static void write_head(as_ctx *ctx, FILE *to, const as_table *t)
{
    fputs("series,name", to);
    for (size_t c = 0; c < t->n_columns; c++) {
        const as_column *column = t->column[c];
        const bool bare = column->type == AS_TEXT || strcmp(column->unit.symbol, "1") == 0;
        fputc(',', to);
        text(to, bare ? column->name
                      : as_format(as_scratch(ctx), "%s (%s)", column->name, column->unit.symbol));
    }
    fputs("\n", to);
}

static void write_rows(FILE *to, const as_table *t, const as_table *head)
{
    for (size_t r = 0; r < t->rows; r++) {
        fprintf(to, "%u,", t->number);
        text(to, t->name);
        for (size_t c = 0; c < head->n_columns; c++) {
            const as_column *column = as_find_name(t, head->column[c]->name);
            fputc(',', to);
            if (column && column->type == AS_TEXT) text(to, column->v.s[r]);
            if (column && column->type == AS_F64) number(to, column->v.f[r]);
        }
        fputs("\n", to);
    }
}

static as_status check_columns(as_ctx *ctx, const as_table *t, const as_table *head)
{
    for (size_t c = 0; c < t->n_columns; c++) {
        const as_column *own = t->column[c], *first = as_find_name(head, own->name);
        if (!first)
            return as_fail(ctx, AS_E_MISSING, NULL,
                           "series %s has the column '%s', which the first series %s has not",
                           t->name, own->name, head->name);
        if (strcmp(first->unit.symbol, own->unit.symbol) != 0)
            return as_fail(ctx, AS_E_UNIT, NULL,
                           "the column '%s' is in %s in series %s and in %s in series %s",
                           own->name, first->unit.symbol, head->name, own->unit.symbol, t->name);
    }
    return AS_OK;
}

as_status as_csv_write(as_ctx *ctx, FILE *to, size_t n, const as_table *const *tables)
{
    if (n == 0 || tables[0]->kind == AS_KIND_RESULTS) {
        write_results(to, n, tables);
        return AS_OK;
    }
    for (size_t i = 1; i < n; i++) AS_TRY(check_columns(ctx, tables[i], tables[0]));
    write_head(ctx, to, tables[0]);
    for (size_t i = 0; i < n; i++) write_rows(to, tables[i], tables[0]);
    return AS_OK;
}
