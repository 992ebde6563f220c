/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between grid.c, which finds blocks, and grid_block.c, which makes tables of them. */
#ifndef AS_PARSERS_GRID_PRIVATE_H
#define AS_PARSERS_GRID_PRIVATE_H

#include "grid.h"

typedef struct as_block {
    const as_grid *grid;
    size_t first, end;    /* rows [first, end) */
    size_t n;             /* columns */
    const size_t *column; /* which of the grid's, in order */
    const as_grid_row *names, *units, *groups; /* NULL: none */
} as_block;

/* One table, or one for each group of repeated names. `meta`: no rows, what stands around. */
as_status as_block_tables(as_parse *job, const as_block *b, const as_grid_options *how,
                          const as_table *meta, size_t *count) AS_NODISCARD;

#endif
