/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A publisher's workbook of source data in the place of a recipe's own inputs: `assay run --data
 * BOOK.xlsx --data-map MAP.yaml`. The map says which cells of which sheet are which input.
 */
#ifndef AS_CMD_SOURCE_DATA_H
#define AS_CMD_SOURCE_DATA_H

#include <stdbool.h>

#include "recipe.h"

typedef struct as_source_data as_source_data;

/* `book` and `map` go together: AS_E_USAGE for one without the other; *out is NULL without both.
 * The map is checked as a recipe is, with line and column. */
as_status as_source_data_read(as_session *s, const char *book, const char *map,
                              as_source_data **out) AS_NODISCARD;

/* Whether the map has an entry for the recipe of this name. */
bool as_source_data_knows(const as_source_data *d, const char *slug);

/* Every input of `r`, before as_recipe_check, gets its cells. An input that the map neither places
 * nor keeps is AS_E_USAGE: nothing of the recipe's own data stays unasked. `about.data` says where
 * the data come from now. */
as_status as_source_data_apply(as_session *s, const as_source_data *d, as_recipe *r) AS_NODISCARD;

#endif
