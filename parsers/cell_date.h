/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in the cells of workbooks that are dates, as their number format says. Only for parsers/. */
#ifndef AS_PARSERS_CELL_DATE_H
#define AS_PARSERS_CELL_DATE_H

#include "arena.h"

/* Days since the end of 1899 (or since 1904-01-01), or a fraction of a day. */
typedef enum { AS_CELL_NUMBER, AS_CELL_DATE, AS_CELL_TIME } as_cell_kind;

/* By a code of ECMA-376 part 1, 18.8.31, "yyyy\-mm\-dd hh:mm", "[h]:mm:ss": what its first section shows.
 * A code of digits is a number, whatever letters stand in quotes or brackets. */
as_cell_kind as_kind_of_code(const char *code);
/* By the number of a format that is built in (18.8.30); those of East Asian dates included. */
as_cell_kind as_kind_of_format(unsigned number);

/* ISO 8601 in scratch: "2020-03-04", "2020-03-04T10:01:00"; of a time "36:05:10.5". NULL in *out: the
 * number is no date between 1950 and 2100, or negative, so that it must be a number after all. */
as_status as_cell_date(as_ctx *ctx, as_cell_kind kind, double days, bool since_1904,
                       const char **out) AS_NODISCARD;

#endif
