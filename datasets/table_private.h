/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What table.c and result.c share: copies into a table's arena, and the form of covariances. */
#ifndef AS_DATASETS_TABLE_PRIVATE_H
#define AS_DATASETS_TABLE_PRIVATE_H

#include "table.h"

typedef struct as_covariance { /* one entry per pair of results that share a fit */
    size_t n;                  /* entries */
    struct entry {
        uint32_t i, j;
        double value;
    } * entry;
} as_covariance;

/* NULL for NULL, and without memory. */
char *as_copy_text(as_arena *a, const char *text) AS_NODISCARD;
/* The symbol is copied; a unit never set becomes the pure number. */
as_status as_copy_unit(as_table *t, const as_unit *from, as_unit *to) AS_NODISCARD;
/* All results of `from` and their covariances, into a table that has none yet. */
as_status as_copy_results(as_table *t, const as_table *from) AS_NODISCARD;

#endif
