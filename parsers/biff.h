/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of a workbook stream in BIFF5 or BIFF8, the inside of an .xls file ([MS-XLS]). Numbers,
 * texts and the stored values of formulas; of formats only whether a number is a date.
 */
#ifndef AS_PARSERS_BIFF_H
#define AS_PARSERS_BIFF_H

#include "cell_date.h"
#include "input.h"

typedef struct as_biff_cell {
    uint16_t row, column; /* from 0 */
    double number;        /* NaN: a text, or nothing */
    const char *text;     /* UTF-8; NULL: a number */
    as_cell_kind kind;    /* of a number */
} as_biff_cell;

typedef struct as_biff_sheet {
    const char *name;
    size_t n;
    as_biff_cell *cell; /* by row, then column */
    bool since_1904;    /* its dates count from there */
} as_biff_sheet;

/* The sheets of cells in `stream` (the member Workbook or Book), in scratch. AS_E_FORMAT when it
 * is encrypted or older than BIFF5; AS_E_SYNTAX and AS_E_TRUNCATED at the byte of the stream. */
as_status as_biff_read(as_ctx *ctx, const as_input *stream, as_biff_sheet **out,
                       size_t *n) AS_NODISCARD;

#endif
