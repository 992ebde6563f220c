/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of names and numbers that options name: sensitivity factors, assignments. No measurement, so no format of its
 * own: a table of data needs an x and a y, a list does not. */
#ifndef AS_PARSERS_NAME_LIST_H
#define AS_PARSERS_NAME_LIST_H

#include "input.h"
#include "table.h"

/* Text whose first line names the columns and whose others all have as many cells, parted by tabs, semicolons or
 * commas: a column of numbers where all its cells are (empty ones are NaN), else one of texts. One column of numbers
 * beside texts is a list, more are where the first column is of texts and the rows are few (more rows are read as
 * plain text, with units). Lines that begin with # and empty ones are passed over. *out is NULL, without an error,
 * where it is no such list; the table belongs to `ctx`. */
as_status as_name_list(as_ctx *ctx, const as_input *in, as_table **out) AS_NODISCARD;

#endif
