/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of a workbook, .xlsx or .xls, for the generic formats and for parsers of instruments
 * that export workbooks.
 */
#ifndef AS_PARSERS_WORKBOOK_H
#define AS_PARSERS_WORKBOOK_H

#include "grid.h"

typedef struct as_sheet {
    const char *name;
    as_grid cells; /* row[i].line is the row's number in the sheet, from 1; empty rows are left out,
                      but one empty row stands for each gap */
} as_sheet;

bool as_is_xlsx(const as_probe *p); /* by the members of the container */
bool as_is_xls(const as_probe *p);

/* All sheets that hold cells, in the order of the workbook, in scratch. A formula gives the value
 * stored with it; a text that is a number as a whole is one; errors of formulas are missing; a number
 * that its format shows as a date or a time is the text of that in ISO 8601 (cell_date.h). */
as_status as_workbook_read(as_ctx *ctx, const as_input *in, as_sheet **out,
                           size_t *n) AS_NODISCARD;

/* By name, without regard to case; NULL: none. */
const as_sheet *as_sheet_named(const as_sheet *sheets, size_t n, const char *name);
/* The cell at row and column counted from 1, as a spreadsheet names them: text "" or NaN when it
 * is empty or the other kind. */
const char *as_sheet_text(const as_sheet *s, size_t row, size_t column);
double as_sheet_number(const as_sheet *s, size_t row, size_t column);

/* "B7" -> column 2, row 7; false: no name of a cell. */
bool as_cell_name(const char *text, size_t *row, size_t *column);

#endif
